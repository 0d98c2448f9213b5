"""The details of a scorecard, packed: lines, bonus lines and records, kept as one small block.

Ten thousand scorecards fit into memory only where what a page shows is kept packed until the page
is made. A pack is compressed JSON; the same details always give the same bytes. Inside a pack
figures are text and messages are ids with values; in the form of docs/format.md §7 figures are
numbers and messages are words in the language in use. One shape serves both.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache

# Any: JSON in one of two forms; reading raises for another type.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.scoring.ballots import Ballots
from generator.scoring.scorecard import Basis, BonusLine, Line
from generator.text.messages import mapped, read_value, shown_value, value_json
from generator.text.numbers import as_text, figure, from_text, points_or_none
from generator.text.privacy import as_written, masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

    from generator.text.messages import Value, Words
    from generator.text.privacy import Printable

LEVEL = 1
PARTS = ("lines", "bonus_lines", "records")
#: The key of a line whose verified points are those claimed, taken over as they stand.
AS_CLAIMED = "accepted_as_claimed"
LINE_FIGURES = ("points", "max", "claimed", "computed", "verified")


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it is listed: name, media type, size in bytes, git blob id."""

    name: Printable
    type: str
    size: int
    blob: str
    usable: bool


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """A record of evidence as it is shown on its page; ``types`` are ids, of several alone."""

    path: Printable
    file: Printable
    kind: str
    kind_title: Words
    title: Printable
    date: str
    counted: bool
    details: tuple[tuple[Words, Value], ...]
    files: tuple[File, ...]
    url: Printable | None = None
    line: int = 1
    note: Words = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """What a scorecard's page shows below its figures."""

    lines: tuple[Line, ...] = ()
    bonus_lines: tuple[BonusLine, ...] = ()
    records: tuple[EvidenceRecord, ...] = ()


class Form(NamedTuple):
    """How figures, words and text of the data are written."""

    figure: Callable[[Decimal | None], Any]
    words: Callable[[Value], Any]
    text: Callable[[str], Printable]


class Reading(NamedTuple):
    """How figures and words are read back."""

    figure: Callable[[Any], Decimal | None]
    words: Callable[[Any], Any]


def text(value: object) -> str:
    """Return a JSON string; raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def texts(values: object) -> tuple[str, ...]:
    """Return a JSON list of strings; raises TypeError for anything else."""
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(text(value) for value in values)


def gated(words: Value) -> Any:
    """Return words as a pack holds them, with personal data masked in what they quote."""
    return value_json(mapped(words, masked))


SHOWN = Form(figure, str, as_written)
SHOWN_READING = Reading(points_or_none, text)
#: What is packed passes the gate: pages and files show it as it is.
PACKED = Form(as_text, gated, masked)
PACKED_READING = Reading(from_text, read_value)


def pack(
    lines: Iterable[Line], bonus_lines: Iterable[BonusLine], records: Iterable[EvidenceRecord]
) -> bytes:
    """Return details as bytes."""
    document = details_json(Details(tuple(lines), tuple(bonus_lines), tuple(records)), PACKED)
    return packed_again(document)


def packed_again(document: Mapping[str, Any]) -> bytes:
    """Return packed details of what ``opened`` gives."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(written.encode("utf-8"), LEVEL)


class Unpacked:
    """Packed details, each part read when it is first asked for."""

    def __init__(self, data: bytes) -> None:
        self._document = opened(data)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Lines of criteria, their parts and scaling."""
        return tuple([_line(entry, PACKED_READING) for entry in self._document["lines"]])

    @cached_property
    def bonus_lines(self) -> tuple[BonusLine, ...]:
        """Bonus claims."""
        return tuple([_bonus(entry, PACKED_READING) for entry in self._document["bonus_lines"]])

    @cached_property
    def records(self) -> tuple[EvidenceRecord, ...]:
        """Records of evidence."""
        return tuple([_record(entry, PACKED_READING) for entry in self._document["records"]])


def opened(data: bytes) -> dict[str, Any]:
    """Return packed details as JSON values; nothing packed has none."""
    if not data:
        return {part: [] for part in PARTS}
    document: dict[str, Any] = json.loads(zlib.decompress(data))
    return document


@lru_cache(maxsize=32)
def unpack(data: bytes) -> Unpacked:
    """Return packed details; the last few stay at hand for their pages."""
    return Unpacked(data)


def shown_json(data: bytes, parts: Iterable[str] = PARTS) -> dict[str, list[dict[str, Any]]]:
    """Return packed details as ``details_json(unpack(data))`` does, but make no object of them.

    ``parts`` are those that are asked for: tables take no record.
    """
    document = opened(data)
    return {part: [SHOW[part](entry) for entry in document[part]] for part in parts}


def _shown_line(line: dict[str, Any]) -> dict[str, Any]:
    for name in LINE_FIGURES:
        line[name] = figure(from_text(line[name]))
    line["title"] = shown_value(line["title"])
    line["reason"] = shown_value(line["reason"])
    line["facts"] = [shown_value(fact) for fact in line["facts"]]
    return line


def _shown_bonus(line: dict[str, Any]) -> dict[str, Any]:
    line["points"] = figure(from_text(line["points"]))
    line["reason"] = shown_value(line["reason"])
    return line


def _shown_record(record: dict[str, Any]) -> dict[str, Any]:
    record["kind_title"] = shown_value(record["kind_title"])
    record["note"] = shown_value(record["note"])
    record["details"] = [[shown_value(k), shown_value(v)] for k, v in record["details"]]
    return record


SHOW = {"lines": _shown_line, "bonus_lines": _shown_bonus, "records": _shown_record}


class Figures(NamedTuple):
    """The figures of a criterion: on which basis, how many points out of how many, its ballots."""

    criterion: str
    basis: Basis
    points: Decimal | None
    max: Decimal | None
    ballots: Ballots | None


def figures(data: bytes) -> list[Figures]:
    """Return the figures of criteria alone: words are not read, which halves the time."""
    return [
        Figures(
            line["criterion"],
            basis_of(line),
            from_text(line["points"]),
            from_text(line["max"]),
            ballots_of(line.get("ballots")),
        )
        for line in opened(data)["lines"]
        if line["part"] is None and line["criterion"] is not None
    ]


def details_json(details: Details | Unpacked, form: Form = SHOWN) -> dict[str, Any]:
    """Return details as JSON values in one of the forms."""
    return {
        "lines": [line_json(line, form) for line in details.lines],
        "bonus_lines": [bonus_json(line, form) for line in details.bonus_lines],
        "records": [record_json(record, form) for record in details.records],
    }


def read_details(document: Mapping[str, Any], reading: Reading = SHOWN_READING) -> Details:
    """Return details from JSON values; raises KeyError, TypeError, ValueError, ArithmeticError."""
    return Details(
        tuple(_line(entry, reading) for entry in document["lines"]),
        tuple(_bonus(entry, reading) for entry in document["bonus_lines"]),
        tuple(_record(entry, reading) for entry in document["records"]),
    )


def line_json(line: Line, form: Form = SHOWN) -> dict[str, Any]:
    """Return one line as JSON values."""
    return {
        "section": line.section,
        "criterion": line.criterion,
        "part": line.part,
        "title": form.words(line.title),
        "clause": line.clause,
        "points": form.figure(line.points),
        "max": form.figure(line.max),
        "basis": line.basis.written,
        "claimed": form.figure(line.claimed),
        "computed": form.figure(line.computed),
        "verified": form.figure(line.verified),
        "reason": form.words(line.reason),
        "evidence": list(map(form.text, line.evidence)),
        "statement": form.text(line.statement),
        "decided_by": form.text(line.decided_by),
        "decided_on": line.decided_on,
        "facts": [form.words(fact) for fact in line.facts],
        "question": line.question or None,
        "sources": list(map(form.text, line.sources)),
        "excluded": line.excluded,
        **({AS_CLAIMED: True} if line.basis is Basis.ACCEPTED else {}),
        **({"ballots": ballots_json(line.ballots)} if line.ballots is not None else {}),
    }


def ballots_json(ballots: Ballots) -> dict[str, int]:
    """Return how many ballots there were, and how many did not come back."""
    return {**ballots._asdict(), "absent": ballots.absent}


def basis_of(entry: Mapping[str, Any]) -> Basis:
    """Return what a line rests on, from JSON values; raises KeyError, ValueError."""
    basis, accepted = Basis(entry["basis"]), entry.get(AS_CLAIMED, False)
    known = accepted is False or (accepted is True and basis is Basis.VERIFIED)
    if basis is Basis.ACCEPTED or not known:
        raise ValueError(accepted)
    return Basis.ACCEPTED if accepted else basis


def ballots_of(entry: object) -> Ballots | None:
    """Return ballots from JSON values; raises KeyError, TypeError."""
    if entry is None:
        return None
    if not isinstance(entry, dict) or not all(isinstance(n, int) for n in entry.values()):
        raise TypeError(entry)
    return Ballots(*(entry[name] for name in Ballots._fields))


def bonus_json(line: BonusLine, form: Form = SHOWN) -> dict[str, Any]:
    """Return one bonus line as JSON values."""
    return {
        "claim": line.claim,
        "rule": line.rule,
        "title": form.text(line.title),
        "clause": line.clause,
        "matter": form.text(line.matter),
        "level": line.level,
        "points": form.figure(line.points),
        "status": line.status,
        "reason": form.words(line.reason),
        "evidence": list(map(form.text, line.evidence)),
        "sources": list(map(form.text, line.sources)),
        **({"level_title": line.level_title} if line.level_title else {}),
    }


def record_json(record: EvidenceRecord, form: Form = SHOWN) -> dict[str, Any]:
    """Return one record of evidence as JSON values."""
    return {
        "path": form.text(record.path),
        "file": form.text(record.file),
        "kind": record.kind,
        "kind_title": form.words(record.kind_title),
        "title": form.text(record.title),
        "date": record.date,
        "counted": record.counted,
        "details": [[form.words(title), form.words(value)] for title, value in record.details],
        "files": [
            {
                "name": form.text(f.name),
                "type": f.type,
                "size": f.size,
                "blob": f.blob,
                "usable": f.usable,
            }
            for f in record.files
        ],
        "url": form.text(record.url) if record.url else record.url,
        "line": record.line,
        "note": form.words(record.note),
    } | ({"types": list(record.types)} if record.types else {})


def file_json(file: File, form: Form = SHOWN) -> dict[str, Any]:
    """Return one attachment as JSON values."""
    return {
        "name": form.text(file.name),
        "type": file.type,
        "size": file.size,
        "blob": file.blob,
        "usable": file.usable,
    }


def _line(entry: Mapping[str, Any], reading: Reading) -> Line:
    values = dict(entry)
    for name in LINE_FIGURES:
        values[name] = reading.figure(values[name])
    for name in ("evidence", "sources"):
        values[name] = texts(values[name])
    for name in ("title", "reason"):
        values[name] = reading.words(values[name])
    values["facts"] = tuple(reading.words(fact) for fact in values["facts"])
    values["basis"] = basis_of(values)
    values.pop(AS_CLAIMED, None)
    values["question"] = values["question"] or ""
    values["ballots"] = ballots_of(values.get("ballots"))
    return Line(**values)


def _bonus(entry: Mapping[str, Any], reading: Reading) -> BonusLine:
    values = dict(entry)
    values["points"] = reading.figure(values["points"])
    values["reason"] = reading.words(values["reason"])
    for name in ("evidence", "sources"):
        values[name] = texts(values[name])
    values["level_title"] = text(values.get("level_title", ""))
    return BonusLine(**values)


def _record(entry: Mapping[str, Any], reading: Reading) -> EvidenceRecord:
    values = dict(entry)
    for name in ("kind_title", "note"):
        values[name] = reading.words(values[name])
    values["details"] = tuple((reading.words(k), reading.words(v)) for k, v in values["details"])
    values["files"] = tuple(File(**file) for file in values["files"])
    values["types"] = texts(values.get("types", []))
    return EvidenceRecord(**values)
