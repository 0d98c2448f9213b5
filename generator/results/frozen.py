"""Frozen results: how a final year is written, and read back as the one source of its pages.

A frozen file is the canonical dump of results with a ``seal`` over all of it (docs/format.md §7):
the digest covers what was found, the seal also says from which commit.
"""

from __future__ import annotations

import hashlib

# Any: JSON of a file; every value is read by a function that raises for another type.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.results.corrections import read_corrections
from generator.results.document import (
    FULL_DIGEST,
    SCHEMA,
    WITHHELD,
    canonical,
    digest_of,
    dump,
    to_json,
)
from generator.results.model import (
    AcceptedFinding,
    Appeal,
    BranchResult,
    Results,
    Source,
    SupervisionOpinion,
    Veto,
)
from generator.results.packed import pack, read_details, text, texts
from generator.scoring.due import DueLine
from generator.scoring.scorecard import Basis, maxima, portions
from generator.text.messages import Words, say
from generator.text.names import visible
from generator.text.numbers import points, points_or_none, read_json
from generator.text.privacy import as_written, masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.text.privacy import Printable

SEAL = "seal"
#: The rules of files that name none.
OLDEST = 1
#: What a file says of a finding that is accepted.
ACCEPTED = ("branch", "code", "path", "message", "reason", "by", "date")


class FrozenError(Exception):
    """A results file cannot be read as one: says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


def seal_of(document: Mapping[str, Any]) -> str:
    """Return the seal over all but itself, as ``sha256:<hex>``."""
    source = {key: value for key, value in document["source"].items() if key != SEAL}
    return "sha256:" + hashlib.sha256(canonical({**document, "source": source})).hexdigest()


def sealed(results: Results) -> dict[str, Any]:
    """Return the document of a final year, sealed."""
    document = to_json(results)
    document["source"][SEAL] = seal_of(document)
    return document


def frozen_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the bytes of a frozen file."""
    return dump(document).encode("utf-8")


def load_document(data: bytes) -> dict[str, Any]:
    """Return a results file as JSON; raises FrozenError for anything else."""
    try:
        document = read_json(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise FrozenError(say("不是完整的 JSON 文件")) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise FrozenError(say("不是 {schema} 格式的结果", schema=SCHEMA))
    if not isinstance(document.get("source"), dict):
        raise FrozenError(say("没有写明数据来源"))
    return document


def problems(data: bytes, rubric: bytes | None, year: int) -> list[Words]:
    """Return why a frozen file is not what ``appraise finalize`` wrote; nothing where it is.

    ``rubric`` is the frozen rubric beside it, or None.
    """
    sha256, found = _judged(data, year)
    if sha256 is None:
        return [*found]
    if rubric is None:
        return [*found, say("旁边没有定稿时的 rubric.yml")]
    if hashlib.sha256(rubric).hexdigest() != sha256:
        return [*found, say("旁边的 rubric.yml 不是定稿时的那一份")]
    return [*found]


def unsound(data: bytes, year: int) -> list[Words]:
    """Return why a frozen file by itself is not what ``appraise finalize`` wrote."""
    return [*_judged(data, year).found]


class _Judged(NamedTuple):
    """What is wrong with a frozen file, and the digest of its rubric; None if it is unreadable."""

    sha256: str | None
    found: tuple[Words, ...]


#: What was judged, by the digest of the file and the year: a final year stays, and all read it.
_known: dict[tuple[bytes, int], _Judged] = {}
MOST_KNOWN = 16


def _judged(data: bytes, year: int) -> _Judged:
    """Return what is wrong with a file; each is looked at once."""
    key = hashlib.sha256(data).digest(), year
    if key not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = _judge(data, year)
    return _known[key]


def _judge(data: bytes, year: int) -> _Judged:
    try:
        document = load_document(data)
        read_results(document)
        rules_of(document)
    except FrozenError as error:
        return _Judged(None, (error.words,))
    found: list[Words] = []
    if frozen_bytes(document) != data:
        found.append(say("写法与定稿命令写出的不同"))
    if document.get("digest") != digest_of(document):
        found.append(say("内容与校验码 digest 不符"))
    if document["source"].get(SEAL) != seal_of(document):
        found.append(say("内容与封印 seal 不符"))
    if document["source"]["dirty"]:
        found.append(say("是从未提交的文件算出的"))
    if document["year"] != year:
        found.append(say("里面写的是 {other} 年", other=document["year"]))
    return _Judged(document["rubric"]["sha256"], tuple(found))


def read_results(document: Mapping[str, Any]) -> Results:
    """Return results as they were before they were written; raises FrozenError."""
    try:
        return _results(document)
    except KeyError as error:
        raise FrozenError(say("缺少“{key}”", key=visible(f"{error.args[0]}"))) from None
    except (TypeError, ValueError, AttributeError, IndexError, ArithmeticError):
        raise FrozenError(say("有内容的类型不对")) from None


def _results(document: Mapping[str, Any]) -> Results:
    return Results(
        year=_whole(document["year"]),
        stage=text(document["stage"]),
        period=(text(document["period"]["from"]), text(document["period"]["to"])),
        deadline=text(document["deadline"]),
        rubric_id=text(document["rubric"]["id"]),
        rubric_sha256=text(document["rubric"]["sha256"]),
        source=_source(document["source"]),
        branches=tuple(_branch(entry) for entry in document["branches"]),
        open_questions=texts(document["open_questions"]),
        supervision=tuple(
            SupervisionOpinion(
                text(s["team"]),
                printed(s["title"]),
                texts(s["order"]),
                printed(s["opinion"]),
                prints(s["titles"]),
            )
            for s in document["supervision"]
        ),
        decision={text(k): printed(v) for k, v in document["decision"].items()},
        as_of=text(document.get("as_of", "")),
        publicity={text(k): as_written(text(v)) for k, v in document.get("publicity", {}).items()},
        corrections=read_corrections(document),
        accepted=tuple(
            AcceptedFinding(**{key: printed(entry[key]) for key in ACCEPTED})
            for entry in document.get("accepted", ())
        ),
        full_digest=text(document.get(FULL_DIGEST, "")),
        withheld=texts(document.get(WITHHELD, [])),
    )


def _source(entry: Mapping[str, Any]) -> Source:
    return Source(
        entry["commit"],
        entry["dirty"],
        entry.get("date"),
        _optional(entry.get("program")),
        _count(entry.get("rules")),
    )


def rules_of(document: Mapping[str, Any]) -> int:
    """Return by which rules a results file was computed; the first had no number.

    Raises FrozenError for anything that is no such number.
    """
    rules = document["source"].get("rules", OLDEST)
    if not isinstance(rules, int) or isinstance(rules, bool) or rules < OLDEST:
        raise FrozenError(say("数据来源里的 rules 不是规则的编号"))
    return rules


def _branch(entry: Mapping[str, Any]) -> BranchResult:
    low_high = entry["rank_range"]
    details = read_details(entry)
    return BranchResult(
        id=text(entry["id"]),
        name=printed(entry["name"]),
        kind=_optional(entry["kind"]),
        kind_title=printed(entry["kind_title"]),
        consortium=_optional(entry["consortium"]),
        consortium_title=printed(entry["consortium_title"]),
        status=text(entry["status"]),
        grade=_optional(entry["grade"]),
        grade_title=printed(entry["grade_title"]),
        computed_grade=_optional(entry["computed_grade"]),
        grade_reason=printed(entry["grade_reason"]),
        fixed=points_or_none(entry["fixed"]),
        bonus=points_or_none(entry["bonus"]),
        total=points_or_none(entry["total"]),
        low=points_or_none(entry["low"]),
        high=points_or_none(entry["high"]),
        societies=prints(entry["societies"]),
        members=_count(entry["members"]),
        has_committee=bool(entry["has_committee"]),
        rank=_count(entry["rank"]),
        rank_range=None if low_high is None else (_whole(low_high[0]), _whole(low_high[1])),
        done=_whole(entry["assessed"]["done"]),
        of=_whole(entry["assessed"]["of"]),
        submitted=text(entry["submitted"] or ""),
        vetoes=_vetoes(entry["vetoes"]),
        sections={text(k): points(v) for k, v in entry["sections"].items()},
        maxima=maxima(details.lines),
        portions=portions(details.lines),
        pending=any(line.counted and line.basis is Basis.PENDING for line in details.lines),
        packed=pack(details.lines, details.bonus_lines, details.records),
        formerly=texts(entry.get("formerly", [])),
        appeals=_appeals(entry.get("appeals", ())),
        due=tuple(_due(line) for line in entry.get("due", ())),
    )


def _vetoes(entries: Iterable[Mapping[str, object]]) -> tuple[Veto, ...]:
    return tuple(Veto(**{k: printed(v) for k, v in veto.items()}) for veto in entries)


def _appeals(entries: Iterable[Mapping[str, object]]) -> tuple[Appeal, ...]:
    return tuple(Appeal(**{k: printed(v) for k, v in own.items()}) for own in entries)


def _due(entry: Mapping[str, Any]) -> DueLine:
    return DueLine(
        id=text(entry["id"]),
        kind=text(entry["kind"]),
        kind_title=printed(entry["kind_title"]),
        title=printed(entry["title"]),
        asked=text(entry["asked"]),
        held=text(entry["held"] or ""),
        state=text(entry["state"]),
        answer=printed(entry["answer"] or ""),
        received=text(entry["received"] or ""),
        others=prints(entry["others"]),
    )


def printed(value: object) -> Printable:
    """Return a text that was frozen, its personal data masked; raises TypeError."""
    return masked(text(value))


def prints(values: object) -> tuple[Printable, ...]:
    """Return texts that were frozen, their personal data masked; raises TypeError."""
    return tuple(map(masked, texts(values)))


def _optional(value: object) -> str | None:
    return None if value is None else text(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _count(value: object) -> int | None:
    return None if value is None else _whole(value)
