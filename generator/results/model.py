"""Results: everything that renderers may see, and its canonical form (docs/format.md §7)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.results.packed import EvidenceRecord, unpack, unpack_json
from generator.text.numbers import figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from generator.scoring.scorecard import BonusLine, Line

SCHEMA = "appraisal-results/1"
BRANCHES = "branches"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the data comes from: commit id and its date, and whether files differ from it."""

    commit: str | None = None
    dirty: bool = False
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Veto:
    """A veto on a branch: a candidate that was detected, or a fact on file and its state."""

    veto: str
    title: str
    clause: str
    state: str
    reason: str
    reference: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class BranchResult:
    """One branch's result with all that its pages show; points are decimals or None.

    ``maxima`` is the maximum points that rest on each basis; ``packed`` holds what is shown below
    the figures (``details.pack``), nothing where only figures were asked for.
    """

    id: str
    name: str
    kind: str | None
    kind_title: str
    consortium: str | None
    consortium_title: str
    societies: tuple[str, ...]
    members: int | None
    has_committee: bool
    status: str
    fixed: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    done: int
    of: int
    submitted: str
    vetoes: tuple[Veto, ...]
    sections: Mapping[str, Decimal]
    maxima: Mapping[str, Decimal]
    pending: bool
    packed: bytes = field(repr=False)
    rank: int | None = None
    rank_range: tuple[int, int] | None = None
    grade: str | None = None
    grade_title: str = ""
    computed_grade: str | None = None
    grade_reason: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Lines of criteria, their parts and scaling, in the order of the rubric."""
        return unpack(self.packed).lines

    @property
    def bonus_lines(self) -> tuple[BonusLine, ...]:
        """Bonus claims, in the order of the file."""
        return unpack(self.packed).bonus_lines

    @property
    def records(self) -> tuple[EvidenceRecord, ...]:
        """Records of evidence as their pages show them."""
        return unpack(self.packed).records

    @property
    def criteria(self) -> tuple[Line, ...]:
        """Lines of criteria and scaling, without parts."""
        return tuple(line for line in self.lines if line.part is None)


@dataclass(frozen=True, slots=True)
class SupervisionOpinion:
    """What one supervision team thinks of the order of the consortia: no points."""

    team: str
    title: str
    order: tuple[str, ...]
    opinion: str
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The result of one year: branches by rank, then by id, the unranked last."""

    year: int
    stage: str
    period: tuple[str, str]
    deadline: str
    rubric_id: str
    rubric_sha256: str
    source: Source
    branches: tuple[BranchResult, ...]
    open_questions: tuple[str, ...]
    supervision: tuple[SupervisionOpinion, ...] = ()
    decision: Mapping[str, str] = field(default_factory=dict)

    def branch(self, branch_id: str) -> BranchResult:
        """Return one branch's result; raises KeyError."""
        for branch in self.branches:
            if branch.id == branch_id:
                return branch
        raise KeyError(branch_id)


def to_json(results: Results) -> dict[str, Any]:
    """Return results as JSON (docs/format.md §7), with the digest."""
    branches = [branch_json(branch) for branch in results.branches]
    document = {BRANCHES: branches, **_common(results)}
    return {**document, **_origin(results), "digest": digest_of(document)}


def _common(results: Results) -> dict[str, Any]:
    """Return what is not of one branch, source and digest apart."""
    return {
        "schema": SCHEMA,
        "year": results.year,
        "stage": results.stage,
        "period": {"from": results.period[0], "to": results.period[1]},
        "deadline": results.deadline,
        "rubric": {"id": results.rubric_id, "sha256": results.rubric_sha256},
        "open_questions": list(results.open_questions),
        "supervision": [
            {
                "team": s.team,
                "title": s.title,
                "order": list(s.order),
                "titles": list(s.titles),
                "opinion": s.opinion,
            }
            for s in results.supervision
        ],
        "decision": dict(results.decision),
    }


def _origin(results: Results) -> dict[str, Any]:
    source = results.source
    return {"source": {"commit": source.commit, "dirty": source.dirty, "date": source.date}}


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the digest over all but ``source`` and ``digest`` itself, as ``sha256:<hex>``."""
    rest = {key: value for key, value in document.items() if key not in {"source", "digest"}}
    return "sha256:" + hashlib.sha256(canonical(rest)).hexdigest()


def canonical(value: object) -> bytes:
    """Return canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def dump(document: Mapping[str, Any]) -> str:
    """Return a JSON document for people and files: indented, real characters, ending in LF."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class RunningDigest:
    """The digest of results whose branches are looked at one by one.

    "branches" sorts before every other key, which is why they can be digested as they come.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b'{"branches":[')
        self._separator = b""

    def add(self, entry: Mapping[str, Any]) -> None:
        """Take in the next branch."""
        self._hash.update(self._separator + canonical(entry))
        self._separator = b","

    def end(self, rest: Mapping[str, Any]) -> str:
        """Take in everything else and return the digest."""
        self._hash.update(b"]," + canonical(rest)[1:])
        return f"sha256:{self._hash.hexdigest()}"


def dump_parts(results: Results, ids: Sequence[str] = ()) -> Iterator[str]:
    """Yield ``dump(to_json(results))`` piece by piece, one branch in memory at a time.

    ``ids`` keeps the branches named; the digest is that of all.
    """
    rest = _common(results)
    digest = RunningDigest()
    separator = ""
    yield '{\n "branches": ['
    for branch in results.branches:
        entry = branch_json(branch)
        digest.add(entry)
        if not ids or branch.id in ids:
            text = dump(entry).rstrip("\n").replace("\n", "\n  ")
            yield f"{separator}\n  {text}"
            separator = ","
    tail = {**rest, **_origin(results), "digest": digest.end(rest)}
    end = "\n ]" if separator else "]"
    yield f"{end},{dump(tail)[1:]}"


def veto_json(veto: Veto) -> dict[str, Any]:
    """Return one veto fact as JSON."""
    return {
        "veto": veto.veto,
        "title": veto.title,
        "clause": veto.clause,
        "state": veto.state,
        "reason": veto.reason,
        "reference": veto.reference,
        "date": veto.date,
    }


def branch_json(branch: BranchResult) -> dict[str, Any]:
    """Return one branch as JSON (docs/format.md §7), with all that its pages show."""
    return {
        "id": branch.id,
        "name": branch.name,
        "kind": branch.kind,
        "kind_title": branch.kind_title,
        "consortium": branch.consortium,
        "consortium_title": branch.consortium_title,
        "societies": list(branch.societies),
        "members": branch.members,
        "has_committee": branch.has_committee,
        "status": branch.status,
        "rank": branch.rank,
        "rank_range": list(branch.rank_range) if branch.rank_range else None,
        "grade": branch.grade,
        "grade_title": branch.grade_title,
        "computed_grade": branch.computed_grade,
        "grade_reason": branch.grade_reason,
        "fixed": figure(branch.fixed),
        "bonus": figure(branch.bonus),
        "total": figure(branch.total),
        "low": figure(branch.low),
        "high": figure(branch.high),
        "assessed": {"done": branch.done, "of": branch.of},
        "submitted": branch.submitted or None,
        "sections": {name: figure(value) for name, value in branch.sections.items()},
        "vetoes": [veto_json(veto) for veto in branch.vetoes],
        **unpack_json(branch.packed),
    }
