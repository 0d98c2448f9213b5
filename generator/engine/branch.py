"""One branch, read, scored and checked, then reduced to what is kept of it."""

from __future__ import annotations

import contextlib
import datetime
import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from generator.checks import BranchContext, run_branch
from generator.checks.activity import Activity, activity_of
from generator.checks.names import check_names
from generator.checks.summary import BranchSummary, summarise
from generator.engine.repository import groups_of
from generator.engine.whatif.outcomes import Comparer
from generator.files.misplaced.leftovers import is_leftover
from generator.files.paths import ACTIVITIES, RecordPath
from generator.loading.branch import BranchReader, Setting
from generator.loading.committee import CommitteeYear, load_received, load_verdicts
from generator.loading.committee import names_of as titles_of
from generator.loading.due import NOTHING_ASKED, DueList
from generator.loading.reader import Reader
from generator.results.describe import branch_result
from generator.scoring.due import due_lines
from generator.scoring.scorer import Scorer, status_of
from generator.text.findings import Finding, Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from generator.engine.repository import Repository
    from generator.engine.whatif.answers import Answer
    from generator.files.tree import Entry, Tree
    from generator.formats.committee_files import Consortium
    from generator.results.model import BranchResult
    from generator.rubric.asked import Asked

#: New objects after which cycles among them are looked for: branches leave none, and pages few.
SELDOM = 20_000


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is kept of a branch: its result (not placed yet), findings, what comparisons need.

    ``files`` counts the files of its folder. ``activity`` is judged in the year's step. ``others``
    is its outcome under other answers to open questions, packed by ``whatif``.
    """

    result: BranchResult
    summary: BranchSummary
    findings: tuple[Finding, ...]
    year: int
    files: int
    activity: Activity
    others: str = ""


class Keeper(Protocol):
    """What earlier runs made of branches, kept for later ones."""

    @property
    def broken(self) -> bool:
        """Whether what was kept could not be read, and is made anew."""

    def keys(
        self, repository: Repository, committee: CommitteeYear, due: DueList
    ) -> Mapping[str, str]:
        """Return branch → key over all that its result rests on, of those that may be kept."""

    def load(self, year: int, keys: Mapping[str, str], *, details: bool) -> dict[str, Reduced]:
        """Return branch → reduced branch of those that were kept under their key."""

    def save(
        self, year: int, keys: Mapping[str, str], reduced: Iterable[Reduced], *, details: bool
    ) -> None:
        """Keep branches that have a key."""


class Contents(Protocol):
    """Keys of what attachments hold, kept for later runs."""

    def load(self, branches: Collection[str] | None = None) -> None:
        """Make known what is kept of some branches, or of all."""

    def save(self, summaries: Iterable[BranchSummary]) -> None:
        """Keep the keys of branches that were read."""


class Reducer:
    """Reads, scores and checks branches of one year, one after the other."""

    def __init__(
        self,
        tree: Tree,
        setting: Setting,
        committee: CommitteeYear,
        consortia: Mapping[str, Consortium],
        *,
        due: DueList = NOTHING_ASKED,
        details: bool = True,
        answers: tuple[Answer, ...] = (),
    ) -> None:
        self.comparer = Comparer(setting, answers)
        self.tree = tree
        self.setting = setting
        self.committee = committee
        self.consortia = consortia
        self.due = due
        self.details = details
        self.names = titles_of(setting.rubric, consortia)

    def over(self, tree: Tree) -> Reducer:
        """Return what reads, by the same rules, the files of another tree."""
        return Reducer(
            tree, self.setting, self.committee, self.consortia, due=self.due, details=False
        )

    def prepare(self) -> None:
        """Read what all branches share, before several processes begin."""
        self.tree.prepare()
        if self.setting.receipts is not None:
            self.setting.receipts.prepare()

    def reduce(self, branch_id: str) -> Reduced:
        """Read, score and check one branch, and keep what its pages and comparisons need."""
        report = Report(branch=branch_id, year=self.setting.year)
        context = self.score(branch_id, report)
        data = context.data
        run_branch(context)
        entries = {e.path: e for group in context.groups.values() for e in group}
        check_names(entries, report)
        result = branch_result(
            context.card,
            data,
            context.verdicts,
            self.setting.rubric,
            self.consortia,
            details=self.details,
        )
        others = self.comparer.pack(context, report.findings)
        summary = summarise(data, context.groups, self.tree, self.setting.allowed.file)
        findings = tuple(report.sorted())
        activity = activity_of(
            data, self.setting, context.vetoes, context.earlier, context.years_on_file
        )
        return Reduced(result, summary, findings, self.setting.year, len(entries), activity, others)

    def score(self, branch_id: str, report: Report) -> BranchContext:
        """Read and score one branch; findings on its files go to ``report``."""
        setting = self.setting
        files = Reader(self.tree, report, self.names)
        received = load_received(files, self.committee, branch_id)
        reader = BranchReader(files, setting, branch_id, received)
        groups = groups_of(self.tree, branch_id)
        branch = reader.branch(groups.get("", ()))
        filed = groups.get(str(setting.year), [])
        data = reader.year(branch, [entry for entry in filed if not is_leftover(entry.path)])
        data.asked = self.asked(data.names)
        reader.standing(data, groups)
        verdicts = load_verdicts(reader.reader, self.committee, branch_id, setting.rubric.places)
        scorer = Scorer(setting.rubric, data, verdicts)
        card = scorer.score(status_of(data, verdicts.vetoes))
        card.due = due_lines(setting.rubric, scorer.facts)
        return BranchContext(
            report=report,
            data=data,
            setting=setting,
            committee=self.committee,
            verdicts=verdicts,
            card=card,
            consortia=self.consortia,
            earlier=earlier_activities(groups, setting.year),
            groups=groups,
        )

    def asked(self, names: Collection[str]) -> tuple[Asked, ...]:
        """Return what was asked of a branch by its names, of the kinds that there are."""
        kinds = self.setting.rubric.document_kinds
        return tuple(own for own in self.due.of(names) if own.kind in kinds)

    def peek(self, branch_id: str) -> BranchSummary:
        """Read a branch for comparisons alone: neither scored nor checked."""
        reader = BranchReader(Reader(self.tree, Report()), self.setting, branch_id)
        groups = groups_of(self.tree, branch_id)
        branch = reader.branch(groups.get("", ()))
        data = reader.year(branch, groups.get(str(self.setting.year), []))
        return summarise(data, groups, self.tree, self.setting.allowed.file)


def one_by_one(reducer: Reducer, branch_ids: Sequence[str]) -> Iterator[Reduced]:
    """Yield branches reduced in their order, here, looking seldom for cycles of objects."""
    with seldom():
        yield from map(reducer.reduce, branch_ids)


@contextlib.contextmanager
def seldom() -> Iterator[None]:
    """Look for cycles of objects seldom: there are few, and many objects to look through."""
    threshold = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)


def earlier_activities(groups: Mapping[str, list[Entry]], year: int) -> tuple[datetime.date, ...]:
    """Return the dates of activities filed for earlier years, from their folders' names."""
    days = []
    for name, entries in groups.items():
        if not name.isdigit() or int(name) >= year:
            continue
        for entry in entries:
            own = RecordPath.of(entry.path)
            if own is not None and own.group == ACTIVITIES and own.is_record:
                try:
                    days.append(datetime.date.fromisoformat(own.folder[:10]))
                except ValueError:
                    continue
    return tuple(sorted(days))
