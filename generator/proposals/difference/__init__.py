"""Two evaluations subtracted: what differs in each branch, why, and on which evidence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.engine.evaluate import Evaluation, concerns
from generator.files.paths import BRANCH_FILE, BranchPath, CommitteePath
from generator.proposals.difference.broken import broken_records
from generator.proposals.difference.conditions import mended
from generator.text.messages import SEMICOLON, Listed, Message, listed, say
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.files.history import Change
    from generator.proposals.difference.broken import BrokenRecord
    from generator.results.corrections import Correction
    from generator.results.model import BranchResult
    from generator.scoring.scorecard import BonusLine, Line
    from generator.text.findings import Finding
    from generator.text.messages import Value, Words

STALE = "C002"


class OtherBranchMovedError(Exception):
    """A branch that the change does not touch has other points: a fault of the program."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """One criterion or bonus claim before and after; None where it did not or does not exist."""

    before: Line | BonusLine | None
    after: Line | BonusLine | None
    why: Value

    @property
    def line(self) -> Line | BonusLine:
        """The line as it is called: after the change, or else before."""
        line = self.after or self.before
        assert line is not None  # noqa: S101 - one side always exists
        return line


@dataclass(frozen=True, slots=True)
class StaleReview:
    """A decision of the committee whose evidence changes, and whose decision it was."""

    title: Words
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class BranchImpact:
    """What the change does to one branch."""

    id: str
    before: BranchResult | None
    after: BranchResult | None
    lines: tuple[LineChange, ...] = ()
    bonus: tuple[LineChange, ...] = ()
    stale: tuple[StaleReview, ...] = ()
    files: tuple[Change, ...] = ()
    without_evidence: tuple[Words, ...] = ()
    without_effect: tuple[str, ...] = ()
    broken: tuple[BrokenRecord, ...] = ()

    @property
    def result(self) -> BranchResult:
        """The branch after the change, or else before."""
        result = self.after or self.before
        assert result is not None  # noqa: S101 - one side always exists
        return result

    @property
    def moved(self) -> bool:
        """Whether a figure, a grade or a rank differs."""
        return bool(self.lines or self.bonus) or standing(self.before) != standing(self.after)


@dataclass(frozen=True, slots=True)
class YearImpact:
    """What the change does in one year; ``ranked`` says whether ranks were computed.

    ``computed`` is False where the year could not be computed as it would be. ``corrections`` are
    those that the change brings to a final year.
    """

    year: int
    ranked: bool
    branches: tuple[BranchImpact, ...]
    others: tuple[BranchImpact, ...]
    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    still: tuple[Finding, ...]
    computed: bool = True
    corrections: tuple[Correction, ...] = ()

    @property
    def effect(self) -> bool:
        """Whether anything is different."""
        moved = any(b.moved or b.stale or b.files for b in self.branches)
        return bool(moved or self.others or self.new or self.fixed or self.corrections)


def all_ids(*evaluations: Evaluation) -> frozenset[str]:
    """Return the ids of all branches that have results."""
    return frozenset(branch for evaluation in evaluations for branch in evaluation.ids)


def subtract(
    year: int,
    before: Evaluation,
    after: Evaluation,
    ids: frozenset[str],
    found: list[Change],
    *,
    ranked: bool,
) -> YearImpact:
    """Return the difference of two evaluations; ``ids`` are the branches that may differ.

    Raises OtherBranchMovedError where another branch differs in more than its rank. In a year
    that one side does not have, the others have nothing that could differ.
    """
    old, new = by_id(before), by_id(after)
    items = [
        branch_impact(branch, old.get(branch), new.get(branch), (before, after), found, year)
        for branch in sorted({*old, *new} & ids)
    ]
    moved = others_moved(old, new, ids) if old and new else ()
    known = {mark_of(f): f for f in before.findings}
    now = {mark_of(f): f for f in after.findings}
    return YearImpact(
        year=year,
        ranked=ranked,
        branches=tuple(item for item in items if item.moved or item.stale or item.files),
        others=moved if ranked else (),
        new=tuple(f for key, f in now.items() if key not in known),
        fixed=tuple(f for key, f in known.items() if key not in now),
        still=tuple(
            f for key, f in now.items() if key in known and (f.branch in ids or concerns(f, ids))
        ),
        computed=after.results is not None or not after.findings,
    )


def mark_of(finding: Finding) -> tuple[str, bool]:
    """Identify a finding on both sides: one that is accepted is another than before."""
    return finding.fingerprint, finding.accepted is not None


def others_moved(
    old: Mapping[str, BranchResult], new: Mapping[str, BranchResult], ids: frozenset[str]
) -> tuple[BranchImpact, ...]:
    """Return the branches beside ``ids`` that stand elsewhere; raises OtherBranchMovedError."""
    found = []
    for branch in sorted({*old, *new} - ids):
        one, two = old.get(branch), new.get(branch)
        if one is None or two is None or figures(one) != figures(two):
            raise OtherBranchMovedError(branch)
        if standing(one) != standing(two):
            found.append(BranchImpact(branch, one, two))
    return tuple(found)


def by_id(evaluation: Evaluation) -> dict[str, BranchResult]:
    """Return the results of an evaluation by branch."""
    return {b.id: b for b in evaluation.results.branches} if evaluation.results else {}


def figures(branch: BranchResult) -> tuple[object, ...]:
    """Return all figures of a branch that no other branch may change."""
    points = tuple((line.criterion, line.part, line.points, line.basis) for line in branch.lines)
    bonus = tuple((line.claim, line.points, line.status) for line in branch.bonus_lines)
    return (branch.status, branch.fixed, branch.bonus, branch.total, branch.low, branch.high,
            points, bonus)  # fmt: skip


def standing(branch: BranchResult | None) -> tuple[object, ...]:
    """Return where a branch stands: totals, grade, rank and range."""
    if branch is None:
        return ()
    totals = (branch.status, branch.fixed, branch.bonus, branch.total, branch.low, branch.high)
    return (*totals, branch.grade, branch.rank, branch.rank_range)


def branch_impact(
    branch: str,
    before: BranchResult | None,
    after: BranchResult | None,
    evaluations: tuple[Evaluation, Evaluation],
    found: list[Change],
    year: int,
) -> BranchImpact:
    """Return what differs in one branch, and what its changed evidence has to do with it."""
    lines = line_changes(before, after)
    bonus = bonus_changes(before, after)
    files = tuple(c for c in found if belongs(c.path, branch, year))
    records = {record_of(c.path) for c in files if c.path.count("/") == 5}
    broken = broken_records(records, before, after, evaluations[1])
    faulty = {record.path for record in broken}
    used = {e for c in (*lines, *bonus) for s in (c.before, c.after) if s for e in s.evidence}
    return BranchImpact(
        id=branch,
        before=before,
        after=after,
        lines=lines,
        bonus=bonus,
        stale=stale_reviews(branch, after, *evaluations),
        files=files,
        without_evidence=tuple(
            change.line.title
            for change in (*lines, *bonus)
            if points_of(change.before) != points_of(change.after)
            and not any(
                e in records for s in (change.before, change.after) if s for e in s.evidence
            )
        ),
        without_effect=tuple(sorted(record for record in records - faulty if record not in used)),
        broken=broken,
    )


def record_of(path: str) -> str:
    """Return the folder of the record that a file lies in."""
    return path.rpartition("/")[0]


def belongs(path: str, branch: str, year: int) -> bool:
    """Whether a file is a branch's own for the year, or what the committee keeps of it."""
    own = BranchPath.of(path)
    if own is not None:
        return own.branch == branch and own.below[:1] in ((BRANCH_FILE,), (str(year),))
    kept = CommitteePath.of(path)
    return kept is not None and (kept.year, kept.branch) == (year, branch)


def points_of(line: Line | BonusLine | None) -> object:
    """Return the points of a line, or None."""
    return line.points if line is not None else None


def line_changes(before: BranchResult | None, after: BranchResult | None) -> tuple[LineChange, ...]:
    """Return the criteria that differ, in the order of the rubric."""
    old = {(li.section, li.criterion, li.part): li for li in (before.lines if before else ())}
    new = {(li.section, li.criterion, li.part): li for li in (after.lines if after else ())}
    found = []
    for key in [*new, *(k for k in old if k not in new)]:
        one, two = old.get(key), new.get(key)
        if key[2] is not None or same_line(one, two):
            continue
        parts = [k for k in {**new, **old} if k[:2] == key[:2] and k[2] is not None]
        pairs = [(old.get(k), new.get(k)) for k in parts]
        others = [pair for pair in pairs if points_of(pair[0]) != points_of(pair[1])]
        reasons: list[Words] = [part_words(*pair) for pair in others]
        reasons = reasons or [why(*pair) for pair in pairs if not same_line(*pair)]
        words = listed(filter(None, reasons), SEMICOLON) or why(one, two)
        found.append(LineChange(one, two, words))
    return tuple(found)


def same_line(one: Line | None, two: Line | None) -> bool:
    """Whether a criterion is the same on both sides, in figures, basis and counted records."""
    if one is None or two is None:
        return one is two
    return shown(one) == shown(two)


def shown(line: Line) -> tuple[object, ...]:
    """Return what decides about a line: figures, basis and records, not the remarks on them."""
    figures_ = (line.points, line.max, line.claimed, line.computed, line.verified)
    return (*figures_, line.basis, line.evidence)


def bonus_changes(
    before: BranchResult | None, after: BranchResult | None
) -> tuple[LineChange, ...]:
    """Return the bonus claims that differ."""
    old = {line.claim: line for line in (before.bonus_lines if before else ())}
    new = {line.claim: line for line in (after.bonus_lines if after else ())}
    found = []
    for claim in [*new, *(c for c in old if c not in new)]:
        one, two = old.get(claim), new.get(claim)
        if shown_bonus(one) != shown_bonus(two):
            found.append(LineChange(one, two, why(one, two)))
    return tuple(found)


def shown_bonus(line: BonusLine | None) -> tuple[object, ...]:
    """Return what a reader sees of a bonus claim."""
    if line is None:
        return ()
    return (line.points, line.status, line.level, line.matter, line.evidence)


def why(before: Line | BonusLine | None, after: Line | BonusLine | None) -> Words:
    """Word why a line differs: the numbers that moved, or else how it stands, and conditions."""
    if before is None or after is None:
        line = after or before
        return line.reason if line else ""
    if before.reason == after.reason:
        return after.reason
    words = moved(before.reason, after.reason) or after.reason
    conditions = mended(before, after)
    return words if conditions is None else say("{words}；{more}", words=words, more=conditions)


def part_words(before: Line | None, after: Line | None) -> Message:
    """Word why a part gives other points: its title, what moved, its points on both sides."""
    line = after or before
    return say(
        "{title}（{before}→{after} 分）：{words}",
        title=line.title if line else "",
        before=shown_figure(before),
        after=shown_figure(after),
        words=why(before, after),
    )


def shown_figure(line: Line | None) -> str:
    """Write the points of a line, or a dash."""
    return "—" if line is None or line.points is None else plain(line.points)


def moved(before: Value, after: Value) -> Message | None:
    """Return the first message that differs, where it does in numbers alone («集中活动 5→6»)."""
    if isinstance(before, Listed) and isinstance(after, Listed):
        rows = zip(before.items, after.items, strict=False)
        return next((moved(one, two) for one, two in rows if one != two), None)
    if not isinstance(before, Message) or not isinstance(after, Message):
        return None
    old = dict(before.values)
    pairs = [(name, old[name], value) for name, value in after.values if name in old]
    for _, one, two in pairs:
        if one != two and isinstance(one, Message | Listed) and isinstance(two, Message | Listed):
            return moved(one, two)
    if before.id != after.id:
        return None
    arrows: dict[str, Value] = {}
    for name, one, two in pairs:
        if one == two:
            arrows[name] = two
        elif isinstance(one, int | Decimal) and isinstance(two, int | Decimal):
            arrows[name] = f"{plain(one)}→{plain(two)}"
        else:
            return None
    return say(after.id, **arrows)


def stale_reviews(
    branch: str, after: BranchResult | None, before: Evaluation, now: Evaluation
) -> tuple[StaleReview, ...]:
    """Return the decisions on a branch that no longer fit what was seen, and did before."""
    names = stale_criteria(branch, now) - stale_criteria(branch, before)
    lines = after.criteria if after else ()
    return tuple(
        StaleReview(line.title, line.decided_by, line.decided_on)
        for line in lines
        if line.criterion in names
    )


def stale_criteria(branch: str, evaluation: Evaluation) -> set[str]:
    """Return the criteria of a branch whose review is stale."""
    return {
        finding.pointer.split("/")[2]
        for finding in evaluation.findings
        if finding.code == STALE and finding.branch == branch and finding.pointer.count("/") > 1
    }
