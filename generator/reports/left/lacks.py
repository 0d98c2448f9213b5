"""What one branch still lacks, and what of it waits for the committee instead.

This judges nothing: items are lines and findings of the branch, sorted by who can act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.results.advice import PUBLICITY, Advice, When, advice_of
from generator.results.steps import WAIT
from generator.rubric.methods.parts import Parts
from generator.scoring.scorecard import Basis, Status
from generator.text.codes import CODES, Severity
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Criterion, Rubric
    from generator.scoring.scorecard import Line
    from generator.text.findings import Finding
    from generator.text.messages import Words

    Lines = Sequence[Line]

#: Who can do something about a criterion: the branch hands in what is missing, or mends what is
#: there, or cannot any more, or waits for the committee.
BLANK, LOST, OVER, WAITING = "blank", "lost", "over", "waiting"
#: Findings of a branch that are listed; its scorecard lists all.
FINDINGS = 10
#: Families of findings because of which a record or a claim does not count.
EVIDENCE = frozenset("YSE")
#: What no upload can mend: the self-assessment came after the deadline.
PAST = "E011"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is open: its title, why, and what to do; ``anchor`` is on the scorecard.

    ``points`` is what depends on it: those lost, or else the maximum; ``day`` is the last one on
    which it can be handed in, empty where none is told.
    """

    title: Words
    reason: Words
    how: Words
    anchor: str
    points: Decimal | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """What one branch lacks.

    ``blank`` are criteria without a claim or without evidence that counts, ``lost`` those that
    lose points by what is on file, ``over`` those of them that nobody can mend any more,
    ``waiting`` those that only the committee can decide.
    """

    branch: BranchResult
    state: str
    blank: tuple[Item, ...]
    lost: tuple[Item, ...]
    over: tuple[Item, ...]
    waiting: tuple[Item, ...]
    findings: tuple[Item, ...]
    more: int

    @property
    def count(self) -> int:
        """How many things the branch can still do something about."""
        return len(self.blank) + len(self.lost) + len(self.findings) + self.more

    @property
    def mendable(self) -> tuple[Item, ...]:
        """What the branch can do something about in its criteria, the most points first."""
        return tuple(sorted((*self.blank, *self.lost), key=lambda item: -(item.points or 0)))

    @property
    def complete(self) -> bool:
        """Whether the branch lacks nothing."""
        return not self.state and not self.count


def lack_of(
    results: Results, rubric: Rubric, branch: BranchResult, findings: Iterable[Finding]
) -> Lack:
    """Return what a branch lacks: its lines by who can act, and findings about its files."""
    groups: dict[str, list[Item]] = {BLANK: [], LOST: [], OVER: [], WAITING: []}
    when = When.of(results)
    for line, parts in with_parts(branch.lines):
        _, criterion = rubric.criteria.get(line.criterion or "", (None, None))
        advice = advice_of(line, parts, criterion, when)
        who = None if criterion is None else group_of(line, parts, criterion, advice)
        if who is not None:
            points, most = line.points, line.max
            lost = most - points if who in {LOST, OVER} and most and points is not None else most
            why, how = (advice.why, advice.how) if advice else (line.reason, "")
            day = advice.day if advice else ""
            groups[who].append(Item(line.title, why, how, line.criterion or "", lost, day))
    groups[WAITING] += waiting_beside(branch)
    found = [] if when.stage == PUBLICITY else [f for f in findings if concerns_evidence(f)]
    return Lack(
        branch,
        state_of(branch),
        tuple(groups[BLANK]),
        tuple(groups[LOST]),
        tuple(groups[OVER]),
        tuple(groups[WAITING]),
        tuple(item_of(finding) for finding in found[:FINDINGS]),
        max(len(found) - FINDINGS, 0),
    )


def with_parts(lines: Lines) -> Iterator[tuple[Line, Lines]]:
    """Yield the lines of criteria, each with those of its parts."""
    parts: dict[str | None, list[Line]] = {}
    for line in lines:
        if line.part is not None:
            parts.setdefault(line.criterion, []).append(line)
    for line in lines:
        if line.part is None and line.criterion is not None:
            yield line, parts.get(line.criterion, ())


def waiting_beside(branch: BranchResult) -> Iterator[Item]:
    """Yield what waits for the committee beside criteria: bonus claims."""
    for claim in branch.bonus_lines:
        if claim.status == "claimed":
            words = f"{claim.matter}{gettext('：')}{claim.reason}"
            yield Item(claim.title, words, gettext(WAIT), "bonus")


def group_of(line: Line, parts: Lines, criterion: Criterion, advice: Advice | None) -> str | None:
    """Return who can do something about a line: one of the groups, None where it is settled."""
    own = advice is not None and advice.own
    if line.basis in {Basis.CLAIMED, Basis.PENDING}:
        return BLANK if own else WAITING
    if line.basis is Basis.COMPUTED and mendable(line, parts, criterion):
        return LOST if own else OVER
    return None


def mendable(line: Line, parts: Lines, criterion: Criterion) -> bool:
    """Whether what a branch hands in can give points that a line has not; ballots it cannot."""
    method = criterion.method
    if not isinstance(method, Parts):
        return method.reads_records and not full(line)
    readers = {part.id for part in method.parts if part.method.reads_records}
    return any(part.part in readers and not full(part) for part in parts)


def full(line: Line) -> bool:
    """Whether a line has all of its points."""
    return line.points is not None and line.points == line.max


def state_of(branch: BranchResult) -> str:
    """Say that a branch filed nothing, or nothing that can be read; empty where it did."""
    if branch.status == Status.UNREADABLE:
        return gettext("已报送的文件都不能读取，请按下面的提示改正后重新报送。")
    if branch.status == Status.NOT_SUBMITTED:
        return gettext("还没有报送任何材料。")
    return "" if branch.total is not None else gettext("没有可以计分的材料。")


def concerns_evidence(finding: Finding) -> bool:
    """Whether a finding says that something handed in does not count."""
    return (
        finding.severity in {Severity.ERROR, Severity.WARNING}
        and finding.code[0] in EVIDENCE
        and finding.code != PAST
    )


def item_of(finding: Finding) -> Item:
    """Return a finding as an item."""
    title = f"{finding.code} {gettext(CODES[finding.code].title)}"
    place = f"{finding.path}:{finding.line}"
    words = tr("{message}（{place}）", message=finding.message, place=place)
    return Item(title, words, finding.hint, "notes")
