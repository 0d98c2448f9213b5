"""One year, evaluated: every branch read, checked, scored, ranked; all findings of one run."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.branch_reader import BranchReader, Setting
from generator.checks import (
    BranchContext,
    YearContext,
    run_branch,
    run_cross,
    run_rubric,
    run_year,
)
from generator.checks.cross import summarise
from generator.checks.inactivity import candidates
from generator.checks.names import check_names
from generator.codes import CODES
from generator.committee import (
    CommitteeYear,
    load_consortia,
    load_rubric,
    load_year,
    years_of,
)
from generator.findings import Finding, Place, Report
from generator.loading import Reader
from generator.ranking import place
from generator.reduction import branch_result, supervision_opinions
from generator.results import Results, Source, Veto, order
from generator.scorecard import Scorecard, Status
from generator.scoring import Scorer, status_of
from generator.shapes import IDENTIFIER, MAX_ID
from generator.tree import RUBRIC_PATH, Entry, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.checks import BranchSummary
    from generator.committee_model import Consortium
    from generator.evidence import BranchYear
    from generator.rubric import Rubric

    Progress = Callable[[int, int], None]


class MissingRubricError(Exception):
    """The root holds no rubric.yml: this is not a repository of this program."""


class UnknownYearError(Exception):
    """The year asked for is not in the repository."""


@dataclass(slots=True)
class Repository:
    """A tree with its rubric, branches and years; ``report`` holds what was found so far."""

    tree: Tree
    report: Report
    entries: dict[str, Entry]
    rubric: Rubric | None
    consortia: dict[str, Consortium]
    folders: dict[str, dict[str, list[Entry]]]
    opened: list[int]
    filed: set[int]

    @property
    def branch_ids(self) -> list[str]:
        """Ids of all branch folders with a legal name, in order."""
        return [b for b in self.folders if IDENTIFIER.fullmatch(b) and len(b) <= MAX_ID]

    @property
    def years(self) -> list[int]:
        """Years of the committee, or else those that branches filed for."""
        return self.opened or sorted(self.filed)

    def committee_year(self, year: int) -> CommitteeYear:
        """Read the committee's files of a year; findings go to ``report``."""
        places = self.rubric.places if self.rubric else None
        return load_year(Reader(self.tree, self.report), year, self.entries, places)


@dataclass(slots=True)
class Evaluation:
    """What a run comes to: results (None where the rubric cannot be read) and findings."""

    results: Results | None
    findings: list[Finding]
    rubric: Rubric | None
    files: int
    branches: int
    cards: dict[str, Scorecard] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Number of errors."""
        return sum(f.severity == "error" for f in self.findings)

    @property
    def rules(self) -> int:
        """Number of kinds of finding that were looked for."""
        return len(CODES)


def open_repository(tree: Tree) -> Repository:
    """Read what is common to all years; raises MissingRubricError."""
    report = Report()
    entries = {entry.path: entry for entry in sorted(tree.entries(), key=lambda e: e.path)}
    if RUBRIC_PATH not in entries or not entries[RUBRIC_PATH].is_file:
        raise MissingRubricError
    reader = Reader(tree, report)
    rubric = load_rubric(reader)
    if rubric is not None:
        run_rubric(rubric, report)
    consortia = load_consortia(reader, entries)
    folders: dict[str, dict[str, list[Entry]]] = {}
    for entry in entries.values():
        parts = entry.path.split("/")
        if parts[0] == "branches" and len(parts) > 2:
            group = parts[2] if len(parts) > 3 else ""
            folders.setdefault(parts[1], {}).setdefault(group, []).append(entry)
    opened, filed = years_of(entries)
    return Repository(tree, report, entries, rubric, consortia, folders, opened, filed)


def default_year(repository: Repository) -> int | None:
    """Return the newest year that is not final, or else the newest; None without any."""
    scratch = Repository(
        repository.tree,
        Report(),
        repository.entries,
        repository.rubric,
        repository.consortia,
        repository.folders,
        repository.opened,
        repository.filed,
    )
    years = repository.years
    for year in reversed(years):
        frozen = f"committee/{year}/results.json" in repository.entries
        if not frozen and scratch.committee_year(year).stage != "final":
            return year
    return years[-1] if years else None


def evaluate(
    tree: Tree,
    year: int | None = None,
    *,
    source: Source | None = None,
    ids: Sequence[str] = (),
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate one year of a tree; with ``ids`` findings are kept for these branches alone.

    Raises MissingRubricError and UnknownYearError: the caller was pointed at the wrong place.
    """
    repository = open_repository(tree)
    chosen = default_year(repository) if year is None else year
    known = set(repository.opened) | repository.filed
    if chosen is None:
        check_names(repository.entries, repository.report)
        findings = repository.report.sorted()
        return Evaluation(None, findings, repository.rubric, len(repository.entries), 0)
    if chosen not in known:
        raise UnknownYearError(chosen)
    return Run(repository, chosen, source or Source(), progress).evaluate(frozenset(ids))


class Run:
    """Evaluates one year of one repository."""

    def __init__(
        self, repository: Repository, year: int, source: Source, progress: Progress | None
    ) -> None:
        self.repository = repository
        self.year = year
        self.source = source
        self.progress = progress
        self.report = repository.report
        self.committee = repository.committee_year(year)
        self.candidates: dict[str, tuple[Veto, ...]] = {}

    def evaluate(self, ids: frozenset[str]) -> Evaluation:
        """Return results and findings of the year."""
        repository = self.repository
        check_names(repository.entries, self.report)
        rubric = repository.rubric
        branch_ids = repository.branch_ids
        if rubric is None:
            return self._finish(None, {}, ids)
        setting = Setting(rubric, self.committee.appraisal, frozenset(branch_ids), self.year)
        cards: dict[str, Scorecard] = {}
        summaries: list[BranchSummary] = []
        branches: dict[str, BranchYear] = {}
        for number, branch_id in enumerate(branch_ids, start=1):
            data, card = self.branch(setting, branch_id)
            cards[branch_id] = card
            summaries.append(summarise(data))
            branches[branch_id] = data
            if self.progress:
                self.progress(number, len(branch_ids))
        placings = place(cards.values(), rubric, self.committee.decision)
        context = YearContext(
            report=self.report,
            tree=repository.tree,
            entries=repository.entries,
            committee=self.committee,
            rubric=rubric,
            consortia=repository.consortia,
            branch_ids=frozenset(branch_ids),
            summaries=summaries,
            computed_grades={k: p.computed_grade for k, p in placings.items()},
            vetoed=frozenset(k for k, c in cards.items() if c.status is Status.VETOED),
        )
        run_cross(context)
        run_year(context)
        ordered = order(list(cards.values()), {k: p.rank for k, p in placings.items()})
        results = Results(
            year=self.year,
            stage=self.committee.stage,
            period=self._period(),
            deadline=self._deadline(),
            rubric_id=rubric.rubric.id if rubric.rubric else "",
            rubric_sha256=rubric.sha256,
            source=self.source,
            branches=tuple(
                branch_result(
                    card,
                    placings[card.id],
                    branches[card.id],
                    rubric,
                    self.committee,
                    repository.consortia,
                    self.candidates[card.id],
                )
                for card in ordered
            ),
            open_questions=tuple(q.id for q in rubric.open_questions),
            supervision=supervision_opinions(self.committee, repository.consortia),
            decision=self._decision(),
        )
        return self._finish(results, cards, ids)

    def branch(self, setting: Setting, branch_id: str) -> tuple[BranchYear, Scorecard]:
        """Read, score and check one branch."""
        repository = self.repository
        self.report.branch, self.report.year = branch_id, self.year
        reader = BranchReader(Reader(repository.tree, self.report), setting, branch_id)
        groups = repository.folders[branch_id]
        branch = reader.branch(repository.entries)
        data = reader.year(branch, groups.get(str(self.year), []))
        reader.standing(data, groups)
        debrief = self.committee.debrief.branches.get(branch_id) if self.committee.debrief else None
        vetoes = self.committee.vetoes.get(branch_id, ())
        scorer = Scorer(
            setting.rubric,
            data,
            self.committee.reviews.get(branch_id),
            debrief if debrief is not None and debrief.valid else None,
        )
        card = scorer.score(status_of(data, vetoes))
        context = BranchContext(
            report=self.report,
            data=data,
            setting=setting,
            committee=self.committee,
            card=card,
            consortia=repository.consortia,
            earlier=earlier_activities(groups, self.year),
            years_on_file=frozenset(int(y) for y in groups if y.isdigit() and len(y) == 4),
        )
        run_branch(context)
        self.candidates[branch_id] = tuple(
            Veto(c.rule.id, c.rule.title, c.rule.clause, "candidate", c.reason)
            for c in candidates(context)
            if c.certain
        )
        self.report.branch, self.report.year = None, None
        return data, card

    def _period(self) -> tuple[str, str]:
        appraisal = self.committee.appraisal
        if appraisal is None or appraisal.period is None:
            return ("", "")
        return (f"{appraisal.period.start}", f"{appraisal.period.end}")

    def _deadline(self) -> str:
        appraisal = self.committee.appraisal
        if appraisal is None or appraisal.deadlines is None:
            return ""
        return f"{appraisal.deadlines.self_assessment or ''}"

    def _decision(self) -> dict[str, str]:
        decision = self.committee.decision
        if decision is None:
            return {}
        return {
            "meeting": decision.meeting or "",
            "decided": f"{decision.decided or ''}",
            "notice": decision.notice or "",
        }

    def _finish(
        self, results: Results | None, cards: dict[str, Scorecard], ids: frozenset[str]
    ) -> Evaluation:
        findings = self.report.sorted()
        if ids:
            findings = [f for f in findings if f.branch in ids or concerns(f, ids)]
        count = len(ids) if ids else len(self.repository.branch_ids)
        files = len(self.repository.entries)
        return Evaluation(results, findings, self.repository.rubric, files, count, cards)


def read_branch(
    tree: Tree, branch_id: str, year: int | None = None
) -> tuple[BranchYear, Scorecard, CommitteeYear]:
    """Return what one branch filed, its scorecard and the committee's files of the year.

    Raises MissingRubricError, UnknownYearError, and KeyError for an unknown branch.
    """
    repository = open_repository(tree)
    chosen = default_year(repository) if year is None else year
    if repository.rubric is None or chosen is None:
        raise UnknownYearError(chosen)
    if branch_id not in repository.branch_ids:
        raise KeyError(branch_id)
    run = Run(repository, chosen, Source(), None)
    ids = frozenset(repository.branch_ids)
    setting = Setting(repository.rubric, run.committee.appraisal, ids, chosen)
    data, card = run.branch(setting, branch_id)
    return data, card, run.committee


def concerns(finding: Finding, ids: frozenset[str]) -> bool:
    """Whether a finding lies in the files of one of these branches."""
    parts = finding.path.split("/")
    if parts[0] == "branches":
        return len(parts) > 1 and parts[1] in ids
    if parts[0] == "committee" and len(parts) == 4 and parts[2] in {"reviews", "vetoes"}:
        return parts[3].removesuffix(".yml") in ids
    return finding.path == RUBRIC_PATH and finding.severity == "error"


def earlier_activities(groups: dict[str, list[Entry]], year: int) -> tuple[datetime.date, ...]:
    """Return the dates of activities filed for earlier years, from their folders' names."""
    days = []
    for name, entries in groups.items():
        if not name.isdigit() or int(name) >= year:
            continue
        for entry in entries:
            parts = entry.path.split("/")
            if len(parts) == 6 and parts[3] == "activities" and parts[5] == "activity.yml":
                try:
                    days.append(datetime.date.fromisoformat(parts[4][:10]))
                except ValueError:
                    continue
    return tuple(sorted(days))


__all__ = ["Evaluation", "MissingRubricError", "Place", "Run", "UnknownYearError", "evaluate"]
