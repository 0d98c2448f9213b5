"""One year, read, checked, scored and ranked: of all branches, or of some."""

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
    run_year,
)
from generator.checks.cross import summarise
from generator.checks.inactivity import candidates
from generator.checks.names import check_names
from generator.codes import CODES
from generator.findings import Finding, Report
from generator.loading import Reader
from generator.ranking import place
from generator.reduction import branch_result, supervision_opinions
from generator.results import Results, Source, Veto, order
from generator.scorecard import Scorecard, Status
from generator.scoring import Scorer, status_of
from generator.tree import RUBRIC_PATH, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from generator.checks import BranchSummary
    from generator.evidence import BranchYear
    from generator.ranking import Placing
    from generator.receipts import Receipts
    from generator.repository import Repository
    from generator.rubric import Rubric

    Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Evaluation:
    """What a run comes to: results (None where the rubric cannot be read) and findings."""

    results: Results | None
    findings: list[Finding]
    rubric: Rubric | None
    files: int
    branches: int
    cards: dict[str, Scorecard] = field(default_factory=dict)
    frozen: bool = False

    @property
    def year(self) -> int:
        """The year of the results; raises ValueError where there are none."""
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


class Run:
    """Evaluates one year of one repository, of all its branches or of some."""

    def __init__(
        self,
        repository: Repository,
        year: int,
        source: Source | None = None,
        *,
        receipts: Receipts | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.repository = repository
        self.year = year
        self.source = source or Source()
        self.receipts = receipts
        self.progress = progress
        self.report = repository.report
        self.committee = repository.committee_year(year)
        self.cards: dict[str, Scorecard] = {}
        self.summaries: list[BranchSummary] = []
        self.branches: dict[str, BranchYear] = {}
        self.candidates: dict[str, tuple[Veto, ...]] = {}

    def evaluate(self, ids: frozenset[str]) -> Evaluation:
        """Return results and findings of the year; with ``ids`` findings of these alone."""
        self.read(self.repository.branch_ids)
        return self.conclude(ids)

    def read(self, branch_ids: Sequence[str]) -> None:
        """Read, score and check these branches."""
        setting = self.setting()
        if setting is None:
            return
        for number, branch_id in enumerate(branch_ids, start=1):
            data, card = self.branch(setting, branch_id)
            self.cards[branch_id] = card
            self.summaries.append(summarise(data))
            self.branches[branch_id] = data
            if self.progress:
                self.progress(number, len(branch_ids))

    def peek(self, branch_ids: Iterable[str]) -> None:
        """Read further branches for comparisons alone: neither scored nor checked."""
        setting = self.setting()
        if setting is None:
            return
        for branch_id in branch_ids:
            scratch = Reader(self.repository.tree, Report())
            reader = BranchReader(scratch, setting, branch_id)
            groups = self.repository.folders.get(branch_id, {})
            branch = reader.branch(self.repository.entries)
            self.summaries.append(summarise(reader.year(branch, groups.get(str(self.year), []))))

    def setting(self) -> Setting | None:
        """Return what reading a branch needs to know; None without a rubric."""
        rubric = self.repository.rubric
        if rubric is None:
            return None
        received = self.receipts.day if self.receipts else None
        ids = self.repository.all_ids
        return Setting(rubric, self.committee.appraisal, ids, self.year, received)

    def conclude(
        self,
        ids: frozenset[str] = frozenset(),
        *,
        focus: frozenset[str] | None = None,
        paths: frozenset[str] = frozenset(),
    ) -> Evaluation:
        """Rank what was read, compare branches and return results and findings.

        ``focus`` narrows findings to these branches, to comparisons of which one side is in it,
        and to the files at ``paths``.
        """
        repository = self.repository
        check_names(repository.entries, self.report)
        rubric = repository.rubric
        if rubric is None:
            return self._finish(None, ids, frozenset())
        placings = place(self.cards.values(), rubric, self.committee.decision)
        context = YearContext(
            report=self.report,
            tree=repository.tree,
            entries=repository.entries,
            committee=self.committee,
            rubric=rubric,
            consortia=repository.consortia,
            branch_ids=repository.all_ids,
            summaries=self.summaries,
            computed_grades={k: p.computed_grade for k, p in placings.items()},
            vetoed=frozenset(k for k, c in self.cards.items() if c.status is Status.VETOED),
            focus=focus,
        )
        before = self.report.count
        run_cross(context)
        kept = frozenset(self.report.findings[before:]) if focus is not None else frozenset()
        run_year(context)
        if focus is not None:
            ids = focus
            kept |= {f for f in self.report.findings if f.path in paths}
        return self._finish(self._results(placings, rubric), ids, kept, narrow=focus is not None)

    def _results(self, placings: Mapping[str, Placing], rubric: Rubric) -> Results:
        ordered = order(list(self.cards.values()), {k: p.rank for k, p in placings.items()})
        consortia = self.repository.consortia
        return Results(
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
                    self.branches[card.id],
                    rubric,
                    self.committee,
                    consortia,
                    self.candidates[card.id],
                )
                for card in ordered
            ),
            open_questions=tuple(q.id for q in rubric.open_questions),
            supervision=supervision_opinions(self.committee, consortia),
            decision=self._decision(),
        )

    def branch(self, setting: Setting, branch_id: str) -> tuple[BranchYear, Scorecard]:
        """Read, score and check one branch."""
        with self.report.about(branch_id, self.year):
            return self._branch(setting, branch_id)

    def _branch(self, setting: Setting, branch_id: str) -> tuple[BranchYear, Scorecard]:
        repository = self.repository
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
        self,
        results: Results | None,
        ids: frozenset[str],
        kept: frozenset[Finding],
        *,
        narrow: bool = False,
    ) -> Evaluation:
        findings = self.report.sorted()
        if ids or narrow:
            findings = [f for f in findings if f.branch in ids or concerns(f, ids) or f in kept]
        count = len(ids) if ids or narrow else len(self.repository.branch_ids)
        files = len(self.repository.entries)
        return Evaluation(results, findings, self.repository.rubric, files, count, self.cards)


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
