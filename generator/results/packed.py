"""The details of a scorecard, packed: lines, bonus lines and records, kept as one small block.

Ten thousand scorecards fit into memory only where what a page shows is kept packed until the page
is made. A pack is compressed JSON; the same details always give the same bytes.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from generator.scoring.scorecard import Basis, BonusLine, Line
from generator.text.numbers import figure, points_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEVEL = 1


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it is listed: name, media type, size in bytes, git blob id."""

    name: str
    type: str
    size: int
    blob: str
    usable: bool


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """A record of evidence as it is shown on its page."""

    path: str
    file: str
    kind: str
    kind_title: str
    title: str
    date: str
    counted: bool
    details: tuple[tuple[str, str], ...]
    files: tuple[File, ...]
    url: str | None = None
    line: int = 1
    note: str = ""

    @property
    def slug(self) -> str:
        """Path below the branch's year folder."""
        return "/".join(self.path.split("/")[3:])


@dataclass(frozen=True, slots=True)
class Details:
    """What a scorecard's page shows below its figures."""

    lines: tuple[Line, ...] = ()
    bonus_lines: tuple[BonusLine, ...] = ()
    records: tuple[EvidenceRecord, ...] = ()


def pack(
    lines: Iterable[Line], bonus_lines: Iterable[BonusLine], records: Iterable[EvidenceRecord]
) -> bytes:
    """Return details as bytes."""
    return pack_json(
        {
            "lines": [line_json(line) for line in lines],
            "bonus_lines": [bonus_json(line) for line in bonus_lines],
            "records": [record_json(record) for record in records],
        }
    )


def pack_json(document: Mapping[str, Any]) -> bytes:
    """Return the JSON of details as compressed bytes."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"), LEVEL)


@lru_cache(maxsize=1)
def unpack_json(data: bytes) -> dict[str, Any]:
    """Return packed details as JSON, to be read; empty lists where nothing was packed.

    The last one is cached: a page and a line of results.json need it in turn.
    """
    if not data:
        return {"lines": [], "bonus_lines": [], "records": []}
    document: dict[str, Any] = json.loads(zlib.decompress(data))
    return document


@lru_cache(maxsize=4)
def unpack(data: bytes) -> Details:
    """Return packed details; the last few are cached while their pages are made."""
    return read_details(unpack_json(data))


def read_details(document: Mapping[str, Any]) -> Details:
    """Return details from their JSON; raises KeyError, TypeError or ValueError."""
    return Details(
        tuple(_line(entry) for entry in document["lines"]),
        tuple(_bonus(entry) for entry in document["bonus_lines"]),
        tuple(_record(entry) for entry in document["records"]),
    )


def line_json(line: Line) -> dict[str, Any]:
    """Return one line as JSON (docs/format.md §7)."""
    return {
        "section": line.section,
        "criterion": line.criterion,
        "part": line.part,
        "title": line.title,
        "clause": line.clause,
        "points": figure(line.points),
        "max": figure(line.max),
        "basis": line.basis.value,
        "claimed": figure(line.claimed),
        "computed": figure(line.computed),
        "verified": figure(line.verified),
        "reason": line.reason,
        "evidence": list(line.evidence),
        "statement": line.statement,
        "decided_by": line.decided_by,
        "decided_on": line.decided_on,
        "facts": list(line.facts),
        "question": line.question or None,
        "sources": list(line.sources),
        "excluded": line.excluded,
    }


def bonus_json(line: BonusLine) -> dict[str, Any]:
    """Return one bonus line as JSON (docs/format.md §7)."""
    return {
        "claim": line.claim,
        "rule": line.rule,
        "title": line.title,
        "clause": line.clause,
        "matter": line.matter,
        "level": line.level,
        "points": figure(line.points),
        "status": line.status,
        "reason": line.reason,
        "evidence": list(line.evidence),
        "sources": list(line.sources),
    }


def record_json(record: EvidenceRecord) -> dict[str, Any]:
    """Return one record of evidence as its page shows it."""
    return {
        "path": record.path,
        "file": record.file,
        "kind": record.kind,
        "kind_title": record.kind_title,
        "title": record.title,
        "date": record.date,
        "counted": record.counted,
        "details": [list(pair) for pair in record.details],
        "files": [
            {"name": f.name, "type": f.type, "size": f.size, "blob": f.blob, "usable": f.usable}
            for f in record.files
        ],
        "url": record.url,
        "line": record.line,
        "note": record.note,
    }


def _line(entry: Mapping[str, Any]) -> Line:
    values = dict(entry)
    for name in ("points", "max", "claimed", "computed", "verified"):
        values[name] = points_or_none(values[name])
    for name in ("evidence", "facts", "sources"):
        values[name] = texts(values[name])
    values["basis"] = Basis(values["basis"])
    values["question"] = values["question"] or ""
    return Line(**values)


def _bonus(entry: Mapping[str, Any]) -> BonusLine:
    values = dict(entry)
    values["points"] = points_or_none(values["points"])
    for name in ("evidence", "sources"):
        values[name] = texts(values[name])
    return BonusLine(**values)


def _record(entry: Mapping[str, Any]) -> EvidenceRecord:
    values = dict(entry)
    values["details"] = tuple((text(k), text(v)) for k, v in values["details"])
    values["files"] = tuple(File(**file) for file in values["files"])
    return EvidenceRecord(**values)


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
