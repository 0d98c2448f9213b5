"""Results as JSON (docs/format.md §7): canonical bytes, the digest, written piece by piece."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

# Any: a JSON document, written here and indexed by those who compare two of them.
from typing import TYPE_CHECKING, Any

from generator.results.corrections import CORRECTIONS, correction_json
from generator.results.packed import AS_CLAIMED, shown_json
from generator.text.numbers import figure, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.results.model import BranchResult, Results, Veto
    from generator.scoring.due import DueLine

SCHEMA = "appraisal-results/1"
BRANCHES = "branches"
#: Keys of a projection: the digest of the whole, and the classes of fields that are not shown.
FULL_DIGEST, WITHHELD = "full_digest", "withheld"


def to_json(results: Results) -> dict[str, Any]:
    """Return results as JSON (docs/format.md §7), with the digest."""
    branches = [branch_json(branch) for branch in results.branches]
    document = {BRANCHES: branches, **common_json(results)}
    return {**document, **_origin(results), "digest": digest_of(document)}


def common_json(results: Results) -> dict[str, Any]:
    """Return what is not of one branch, source and digest apart; of a projection, of what."""
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
        **({"as_of": results.as_of} if results.as_of else {}),
        **({"publicity": dict(results.publicity)} if results.publicity else {}),
        **_corrections(results),
        **_accepted(results),
        **_whole(results),
    }


def _whole(results: Results) -> dict[str, Any]:
    """Return what a projection says of the whole: its digest, and what it does not show."""
    if not results.full_digest:
        return {}
    return {FULL_DIGEST: results.full_digest, WITHHELD: list(results.withheld)}


def _accepted(results: Results) -> dict[str, Any]:
    """Return the findings that are accepted, where there are any."""
    found = [
        {
            "branch": item.branch,
            "code": item.code,
            "path": item.path,
            "message": f"{item.message}",
            "reason": item.reason,
            "by": item.by,
            "date": item.date,
        }
        for item in results.accepted
    ]
    return {"accepted": found} if found else {}


def _corrections(results: Results) -> dict[str, Any]:
    """Return the corrections, where there are any."""
    found = [correction_json(correction) for correction in results.corrections]
    return {CORRECTIONS: found} if found else {}


def _origin(results: Results) -> dict[str, Any]:
    source = results.source
    origin = {"commit": source.commit, "dirty": source.dirty, "date": source.date}
    made_by = {"program": source.program, "rules": source.rules}
    return {"source": origin | {key: value for key, value in made_by.items() if value is not None}}


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the digest over all but ``source`` and ``digest`` itself, as ``sha256:<hex>``."""
    rest = {key: value for key, value in document.items() if key not in {"source", "digest"}}
    return "sha256:" + hashlib.sha256(canonical(rest)).hexdigest()


def canonical(value: object) -> bytes:
    """Return canonical JSON: sorted keys, no spaces, UTF-8."""
    return write_json(value, sort_keys=True).encode("utf-8")


def dump(document: Mapping[str, Any]) -> str:
    """Return a JSON document for people and files: indented, real characters, ending in LF."""
    return write_json(document, indent=1, sort_keys=True) + "\n"


class RunningDigest:
    """The digest of results whose branches are looked at one by one; ``rest`` is all else.

    What sorts before "branches" is digested first, and what sorts behind at the end.
    """

    def __init__(self, rest: Mapping[str, Any]) -> None:
        head, _, self._tail = canonical({**rest, BRANCHES: []}).partition(b'"branches":[]')
        self._hash = hashlib.sha256(head + b'"branches":[')
        self._separator = b""

    def add(self, entry: Mapping[str, Any]) -> None:
        """Take in the next branch."""
        self._hash.update(self._separator + canonical(entry))
        self._separator = b","

    def end(self) -> str:
        """Take in everything else and return the digest."""
        self._hash.update(b"]" + self._tail)
        return f"sha256:{self._hash.hexdigest()}"


def dump_parts(results: Results, ids: Sequence[str] = ()) -> Iterator[str]:
    """Yield ``dump(to_json(results))`` piece by piece, one branch in memory at a time.

    ``ids`` keeps the branches named; the digest is that of all.
    """
    rest = common_json(results)
    digest = RunningDigest(rest)
    separator = ""
    before = {key: value for key, value in rest.items() if key < BRANCHES}
    yield f'{dump(before)[:-3]},\n "branches": [' if before else '{\n "branches": ['
    for branch in results.branches:
        entry = branch_json(branch)
        digest.add(entry)
        if not ids or branch.id in ids:
            text = dump(entry).rstrip("\n").replace("\n", "\n  ")
            yield f"{separator}\n  {text}"
            separator = ","
    tail = {key: value for key, value in rest.items() if key not in before}
    tail |= {**_origin(results), "digest": digest.end()}
    end = "\n ]" if separator else "]"
    yield f"{end},{dump(tail)[1:]}"


def veto_json(veto: Veto) -> dict[str, Any]:
    """Return one veto fact as JSON."""
    return {
        "veto": veto.veto,
        "title": veto.title,
        "clause": veto.clause,
        "state": veto.state,
        "reason": str(veto.reason),
        "reference": veto.reference,
        "date": veto.date,
    }


def accepted_json(branch: BranchResult) -> dict[str, int]:
    """Return how many criteria have the points that were claimed; nothing where none has."""
    return {AS_CLAIMED: branch.accepted} if branch.accepted else {}


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
        "assessed": {"done": branch.done, "of": branch.of, **accepted_json(branch)},
        "submitted": branch.submitted or None,
        "sections": {name: figure(value) for name, value in branch.sections.items()},
        "vetoes": [veto_json(veto) for veto in branch.vetoes],
        **({"formerly": list(branch.formerly)} if branch.formerly else {}),
        **({"appeals": [asdict(appeal) for appeal in branch.appeals]} if branch.appeals else {}),
        **shown_json(branch.packed),
        **({"due": [due_json(line) for line in branch.due]} if branch.due else {}),
    }


def due_json(line: DueLine) -> dict[str, Any]:
    """Return an entry of the due list with what answers it as JSON."""
    return {
        "id": line.id,
        "kind": line.kind,
        "kind_title": line.kind_title,
        "title": line.title,
        "asked": line.asked,
        "held": line.held or None,
        "state": line.state,
        "answer": line.answer or None,
        "received": line.received or None,
        "others": list(line.others),
    }
