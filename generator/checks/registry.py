"""What a check may look at, and the lists that checks register themselves in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from generator.files.tree import ALL_SENT, Unsent
from generator.formats.committee_files import FINAL, PUBLICITY
from generator.scoring.scorecard import Status
from generator.text.codes import CODES, Severity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from generator.checks.activity import Activity, Candidate
    from generator.checks.summary import BranchSummary
    from generator.files.tree import Entry, Receipts, Tree
    from generator.formats.committee_files import Consortium, Review
    from generator.formats.received import VetoEntry
    from generator.loading.branch import Setting
    from generator.loading.committee import CommitteeYear, Verdicts
    from generator.loading.evidence import BranchYear
    from generator.rubric.document import Rubric
    from generator.scoring.scorecard import Scorecard
    from generator.text.findings import Report


@dataclass(slots=True)
class BranchContext:
    """One branch of one year, with all that its own checks need."""

    report: Report
    data: BranchYear
    setting: Setting
    committee: CommitteeYear
    verdicts: Verdicts
    card: Scorecard
    consortia: Mapping[str, Consortium]
    earlier: tuple[datetime.date, ...]
    groups: Mapping[str, list[Entry]]

    @property
    def years_on_file(self) -> frozenset[int]:
        """Years for which the branch has a folder."""
        return frozenset(int(y) for y in self.groups if y.isdigit() and len(y) == 4)

    @property
    def rubric(self) -> Rubric:
        """The rubric of the year."""
        return self.setting.rubric

    @property
    def review(self) -> Review | None:
        """The committee's review of the branch."""
        return self.verdicts.review

    @property
    def vetoes(self) -> tuple[VetoEntry, ...]:
        """Veto facts on file."""
        return self.verdicts.vetoes

    def open_severity(self, code: str) -> Severity:
        """Return the severity of what is still open."""
        return open_severity(self.committee, code)

    def unsettled(self, code: str) -> Severity:
        """Return the severity of points that nobody verified.

        A branch that is vetoed or filed nothing blocks no year.
        """
        if self.card.status in {Status.VETOED, Status.NOT_SUBMITTED}:
            return Severity.NOTICE
        return open_severity(self.committee, code)

    @property
    def closing(self) -> bool:
        """Whether the year comes to its end, so that what is only claimed has to be settled."""
        return self.committee.stage in {PUBLICITY, FINAL}


#: What should be settled before results are posted: a warning while they are.
BEFORE_PUBLICITY = frozenset({"C004", "C007", "C009", "C011"})


def open_severity(committee: CommitteeYear, code: str) -> Severity:
    """Return the severity of open matters in the year's stage (docs/format.md §5, rule 11)."""
    if committee.stage == FINAL:
        return Severity.ERROR
    posted = committee.stage == PUBLICITY and code in BEFORE_PUBLICITY
    return Severity.WARNING if posted else Severity.NOTICE


class Scoring(Protocol):
    """Scores a branch once more, where a check of the year has to look below its figures."""

    def score(self, branch_id: str, report: Report) -> BranchContext:
        """Read and score one branch; findings on its files go to ``report``."""

    def over(self, tree: Tree) -> Scoring:
        """Return the same by the files of another tree."""


@dataclass(slots=True)
class YearContext:
    """One year as a whole, after every branch was read; ``entries`` are the committee's files.

    ``members`` are the committee's accounts as they are compared.
    ``until`` is the day up to which inactivity is counted; ``inactive`` came of it. ``day`` is the
    date of the data, ``receipts`` the history; ``scoring`` looks below the figures of a branch.
    """

    report: Report
    tree: Tree
    entries: Mapping[str, Entry]
    committee: CommitteeYear
    rubric: Rubric
    consortia: Mapping[str, Consortium]
    branch_ids: frozenset[str]
    summaries: list[BranchSummary]
    computed_grades: Mapping[str, str | None]
    vetoed: frozenset[str]
    focus: frozenset[str] | None = None
    activities: tuple[Activity, ...] = ()
    inactive: tuple[Candidate, ...] = ()
    until: datetime.date | None = None
    day: datetime.date | None = None
    receipts: Receipts | None = None
    unsent: Unsent = ALL_SENT
    members: frozenset[str] = frozenset()
    scoring: Scoring | None = None

    def concerns(self, *branches: str) -> bool:
        """Whether a comparison of these branches is wanted: one of them is in the focus."""
        return self.focus is None or not self.focus.isdisjoint(branches)


T = TypeVar("T")

BRANCH_CHECKS: list[Callable[[BranchContext], None]] = []
CROSS_CHECKS: list[Callable[[YearContext], None]] = []
COMMITTEE_CHECKS: list[Callable[[YearContext], None]] = []
RUBRIC_CHECKS: list[Callable[[Rubric, Report], None]] = []


def check(registry: list[T], *codes: str) -> Callable[[T], T]:
    """Register a check; raises KeyError for a code that is not in the registry of codes."""
    for code in codes:
        CODES[code]

    def register(function: T) -> T:
        registry.append(function)
        return function

    return register


def run_branch(context: BranchContext) -> None:
    """Run every check of one branch."""
    for function in BRANCH_CHECKS:
        function(context)


def run_cross(context: YearContext) -> None:
    """Run the checks that compare branches."""
    for function in CROSS_CHECKS:
        function(context)


def run_year(context: YearContext) -> None:
    """Run the checks of the committee's files."""
    for function in COMMITTEE_CHECKS:
        function(context)


def run_rubric(rubric: Rubric, report: Report) -> None:
    """Run the checks of the rubric."""
    for function in RUBRIC_CHECKS:
        function(rubric, report)
