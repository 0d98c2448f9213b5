"""One year: branches reduced one after the other, then ranked and compared."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from generator.checks import YearContext, run_cross, run_year
from generator.checks.activity import candidates
from generator.engine.branch import Reduced, Reducer, one_by_one
from generator.engine.concerned import asked_for
from generator.engine.whatif.answers import answers_of
from generator.engine.whatif.outcomes import WhatIf
from generator.files.limits import USUAL, Allowed
from generator.files.paths import appraisal_path
from generator.files.tree import ALL_SENT, Unsent
from generator.formats.branch_files import account
from generator.loading.accepted import AcceptedList
from generator.loading.branch import Setting
from generator.loading.committee import load_received, load_verdicts, names_of
from generator.loading.dates import DataDate
from generator.loading.due import DueList
from generator.loading.reader import Reader
from generator.loading.sizes import allowed_of
from generator.results.after import NOTHING, After
from generator.results.describe import (
    accepted_findings,
    deadline_of,
    decision_told,
    period_of,
    placed,
    publicity_of,
    supervision_opinions,
    suspected,
)
from generator.results.model import Results, Source
from generator.scoring.ranking import place
from generator.scoring.scorecard import Status
from generator.text.codes import CODES
from generator.text.findings import Finding, Report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from generator.checks import BranchSummary
    from generator.checks.activity import Candidate
    from generator.engine.branch import Contents, Keeper
    from generator.engine.repository import Repository
    from generator.engine.whatif.answers import Answer
    from generator.files.tree import Receipts
    from generator.formats.received import Audit
    from generator.results.model import BranchResult
    from generator.rubric.document import Rubric
    from generator.scoring.ranking import Placing

    Progress = Callable[[int, int], None]
    #: Yields branches reduced, in any order.
    Work = Callable[[Reducer, Sequence[str]], Iterator[Reduced]]


@dataclass(slots=True)
class Evaluation:
    """The outcome of a run: results (None if the rubric cannot be read) and findings.

    ``whatif`` and ``summaries`` are there if asked for. ``kept`` is branch → what names the files
    about it alone, where pages are made; ``asked`` is entry of the due list → its file and line.
    """

    results: Results | None
    findings: list[Finding]
    rubric: Rubric | None
    files: int
    branches: int
    frozen: bool = False
    whatif: WhatIf | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    allowed: Allowed = USUAL
    summaries: Sequence[BranchSummary] = ()
    audit: Audit | None = None
    moved: Mapping[str, str] = field(default_factory=dict)
    after: After = NOTHING

    @property
    def ids(self) -> list[str]:
        """Ids of the branches that have results."""
        return [branch.id for branch in self.results.branches] if self.results else []

    @property
    def year(self) -> int:
        """The year of the results; raises ValueError without results."""
        if self.results is None:
            raise ValueError(self.files)
        return self.results.year

    @property
    def errors(self) -> int:
        """Number of errors."""
        return sum(f.severity == "error" for f in self.findings)

    @property
    def rules(self) -> int:
        """Number of kinds of finding that were looked for."""
        return len(CODES)


@dataclass(frozen=True, slots=True)
class Means:
    """What a run is handed from outside: history, other processes, what earlier runs kept.

    ``as_of`` is the date of the data where the caller was told one; else that of the committee
    counts, else the day of the commit in ``source``. ``unsent`` is what lies on the disk and would
    not be in a commit. ``stage`` is the one to judge the year by, empty for its own. ``summaries``
    asks for what comparisons need of each branch.
    """

    source: Source = field(default_factory=Source)
    receipts: Receipts | None = None
    progress: Progress | None = None
    keeper: Keeper | None = None
    work: Work = one_by_one
    as_of: datetime.date | None = None
    unsent: Unsent = ALL_SENT
    stage: str = ""
    contents: Contents | None = None
    summaries: bool = False


@dataclass
class Run:
    """Evaluates a year of a repository; ``answered``: other answers to open questions too."""

    repository: Repository
    year: int
    means: Means = field(default_factory=Means)
    details: bool = True
    answered: bool = True
    reduced: dict[str, Reduced] = field(default_factory=dict)
    neighbours: list[BranchSummary] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the year's own rubric and the committee's files that concern all branches."""
        self.repository = self.repository.of_year(self.year)
        self.report = self.repository.report
        self.committee = self.repository.committee_year(self.year)
        self.committee.judged_in = self.means.stage

    def evaluate(self, ids: frozenset[str]) -> Evaluation:
        """Return results and findings of the year; with ``ids`` findings of these alone."""
        self.read(self.repository.branch_ids)
        return self.conclude(ids)

    def read(self, branch_ids: Sequence[str]) -> None:
        """Read, score and check these branches, each reduced before the next is read."""
        reducer = self.reducer()
        if reducer is None:
            return
        keeper, progress = self.means.keeper, self.means.progress
        keys = keeper.keys(self.repository, self.committee, self.due) if keeper else {}
        known = keeper.load(self.year, keys, details=self.details) if keeper else {}
        missing = [branch_id for branch_id in branch_ids if branch_id not in known]
        contents = self.means.contents
        if contents:
            contents.load(missing)
        made = self.means.work(reducer, missing)
        for number, reduced in enumerate(made, start=len(branch_ids) - len(missing) + 1):
            known[reduced.result.id] = reduced
            if progress:
                progress(number, len(branch_ids))
        if keeper:
            new = (known[branch_id] for branch_id in missing)
            keeper.save(self.year, keys, new, details=self.details)
        if contents:
            contents.save(known[branch_id].summary for branch_id in missing)
        self.reduced.update((branch_id, known[branch_id]) for branch_id in branch_ids)

    @cached_property
    def date(self) -> DataDate:
        """The date of the data."""
        means = self.means
        return DataDate.of(means.as_of, self.committee.appraisal, means.source.date)

    @cached_property
    def due(self) -> DueList:
        """What was asked of the branches, on the date of the data."""
        return DueList(self.committee.due, self.date.day)

    @cached_property
    def accepted(self) -> AcceptedList:
        """What the committee accepts of what is found."""
        return AcceptedList.of(self.committee.accepted)

    def take(self, reduced: Mapping[str, Reduced]) -> None:
        """Take over branches that were reduced elsewhere, and keep them for later runs."""
        self.reduced.update(reduced)
        keeper = self.means.keeper
        if keeper:
            keys = keeper.keys(self.repository, self.committee, self.due)
            keeper.save(self.year, keys, reduced.values(), details=self.details)

    def peek(self, branch_ids: Iterable[str]) -> None:
        """Read further branches for comparisons alone."""
        reducer, contents = self.reducer(), self.means.contents
        if reducer is None:
            return
        ids = list(branch_ids)
        if contents:
            contents.load(ids)
        found = [reducer.peek(branch_id) for branch_id in ids]
        if contents:
            contents.save(found)
        self.neighbours += found

    def reducer(self) -> Reducer | None:
        """Return what reads a branch; None without a rubric."""
        repository = self.repository
        if repository.rubric is None:
            return None
        setting = Setting(
            repository.rubric,
            self.committee.appraisal,
            repository.all_ids,
            self.year,
            self.means.receipts,
            frozenset(
                year for year in repository.opened if repository.is_file(appraisal_path(year))
            ),
            self.means.unsent,
            self.accepted,
        )
        return Reducer(
            repository.tree,
            setting,
            self.committee,
            repository.consortia,
            due=self.due,
            details=self.details,
            answers=self.answers,
        )

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """Other answers to open questions that branches are scored under; a final year has none."""
        rubric = self.repository.rubric
        wanted = self.answered and self.details and self.committee.stage != "final"
        return answers_of(rubric) if rubric is not None and wanted else ()

    def conclude(
        self,
        ids: frozenset[str] = frozenset(),
        *,
        focus: frozenset[str] | None = None,
        paths: frozenset[str] = frozenset(),
    ) -> Evaluation:
        """Rank what was read, compare branches and return results and findings.

        ``focus`` narrows findings to these branches, their comparisons and the files at ``paths``.
        """
        repository = self.repository
        repository.check_common_names()
        self._read_strangers()
        rubric = repository.rubric
        if rubric is None:
            return self._finish(None, ids, frozenset())
        placings = place(
            (reduced.result for reduced in self.reduced.values()), rubric, self.committee.decision
        )
        context = self._context(placings, rubric, focus)
        before = self.report.count
        run_cross(context)
        kept = frozenset(self.report.findings[before:]) if focus is not None else frozenset()
        run_year(context)
        if focus is not None:
            ids = focus
            kept |= {f for f in self.report.findings if f.path in paths}
        narrow = focus is not None
        results = self._results(placings, rubric, context.inactive)
        evaluation = self._finish(results, ids, kept, narrow=narrow)
        if not narrow:
            evaluation.whatif = self._whatif(evaluation.results)
        if self.means.summaries:
            evaluation.summaries = [reduced.summary for reduced in self.reduced.values()]
        return evaluation

    def _context(
        self, placings: Mapping[str, Placing], rubric: Rubric, focus: frozenset[str] | None
    ) -> YearContext:
        repository, until = self.repository, self.date.until
        roster = repository.roster
        activities = tuple(reduced.activity for reduced in self.reduced.values())
        return YearContext(
            report=self.report,
            tree=repository.tree,
            entries=repository.entries,
            committee=self.committee,
            rubric=rubric,
            consortia=repository.consortia,
            branch_ids=repository.all_ids,
            summaries=[*(r.summary for r in self.reduced.values()), *self.neighbours],
            computed_grades={k: p.computed_grade for k, p in placings.items()},
            vetoed=frozenset(
                k for k, r in self.reduced.items() if r.result.status == Status.VETOED
            ),
            focus=focus,
            activities=activities,
            inactive=candidates(rubric, activities, until),
            until=until,
            day=self.date.day,
            receipts=self.means.receipts,
            unsent=self.means.unsent,
            members=frozenset(map(account, roster.members if roster else ())),
            scoring=self.reducer(),
        )

    def _whatif(self, results: Results | None) -> WhatIf | None:
        if results is None or not self.answers:
            return None
        packed = {name: reduced.others for name, reduced in self.reduced.items()}
        return WhatIf(self.answers, results, packed, self.committee.decision)

    def _read_strangers(self) -> None:
        """Read what the committee keeps of branches that do not exist, for its findings."""
        rubric = self.repository.rubric
        names = names_of(rubric, self.repository.consortia)
        reader = Reader(self.repository.tree, self.report, names)
        known = self.repository.all_ids
        for name in sorted(self.committee.branches - known):
            load_verdicts(reader, self.committee, name, rubric.places if rubric else None)
            load_received(reader, self.committee, name)

    def _results(
        self,
        placings: Mapping[str, Placing],
        rubric: Rubric,
        inactive: tuple[Candidate, ...],
    ) -> Results:
        found = suspected(inactive)
        consortia = self.repository.consortia
        decision = self.committee.decision
        branches = [
            placed(
                reduced.result,
                placings[name],
                rubric,
                decision,
                found.get(name, ()),
                self.committee.appeals.get(name, ()),
            )
            for name, reduced in self.reduced.items()
        ]
        return Results(
            year=self.year,
            stage=self.committee.stage,
            period=period_of(self.committee.appraisal),
            deadline=deadline_of(self.committee.appraisal),
            rubric_id=(rubric.rubric.id if rubric.rubric else None) or "",
            rubric_sha256=rubric.sha256,
            source=self.means.source,
            branches=tuple(sorted(branches, key=by_rank)),
            open_questions=tuple(q.id for q in rubric.open_questions),
            supervision=supervision_opinions(self.committee, consortia),
            decision=decision_told(decision),
            as_of=self.date.noted,
            publicity=publicity_of(self.committee.appraisal),
        )

    def _finish(
        self,
        results: Results | None,
        ids: frozenset[str],
        kept: frozenset[Finding],
        *,
        narrow: bool = False,
    ) -> Evaluation:
        found = chain(self.report.findings, *(r.findings for r in self.reduced.values()))
        report = Report([self.accepted.applied(finding) for finding in found])
        kept = frozenset(map(self.accepted.applied, kept))
        if results is not None and self.committee.accepted:
            results = replace(results, accepted=accepted_findings(report.findings))

        wanted = (lambda f: f in kept or asked_for(f, ids)) if ids or narrow else None
        findings = report.sorted(wanted)
        count = len(ids) if ids or narrow else len(self.repository.branch_ids)
        files = len(self.repository.entries) + sum(r.files for r in self.reduced.values())
        asked = {e.id: f"{e.place.path}:{e.place.line}" for e in reversed(self.committee.due)}
        rubric = self.repository.rubric
        evaluation = Evaluation(results, findings, rubric, files, count, asked=asked)
        evaluation.allowed = allowed_of(self.committee.appraisal)
        evaluation.audit = self.committee.audit
        evaluation.after = self.repository.after(self.year, self.committee.after)
        return evaluation


def by_rank(branch: BranchResult) -> tuple[bool, int, str]:
    """Order branches by rank, then id, the unranked last."""
    return (branch.rank is None, branch.rank or 0, branch.id)
