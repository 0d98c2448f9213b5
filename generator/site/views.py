"""View models of the site as a whole: what templates are handed; no template computes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from generator.evaluation import Evaluation, evaluate
from generator.i18n import gettext, set_language
from generator.results import to_json
from generator.scorecard import Status
from generator.site.drawing import INKS, ZERO, Scale, Segment, bar, maxima, median, share
from generator.sources import source_of
from generator.tree import WorkingTree

if TYPE_CHECKING:
    from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
    from pathlib import Path
    from typing import Any

    from generator.findings import Finding
    from generator.results import BranchResult, EvidenceRecord, Results
    from generator.rubric import Rubric

STAGES = {"open": "报送中", "review": "评审中", "final": "已定稿"}
STEPS = (("open", "报送"), ("review", "评审"), ("final", "定稿"))


@dataclass(frozen=True)
class SiteData:
    """All that pages are made of: one evaluated year of a repository."""

    root: Path
    templates: Path
    lang: str
    evaluation: Evaluation

    @property
    def results(self) -> Results | None:
        """The results of the year, None where no year has data."""
        return self.evaluation.results

    @property
    def rubric(self) -> Rubric | None:
        """The rubric, None where it cannot be read."""
        return self.evaluation.rubric

    @cached_property
    def document(self) -> dict[str, Any]:
        """The results in the form of the contract; empty where there are none."""
        return to_json(self.results) if self.results else {}

    @cached_property
    def by_branch(self) -> dict[str, list[Finding]]:
        """Findings of each branch, in the order of the report."""
        found: dict[str, list[Finding]] = {}
        for finding in self.evaluation.findings:
            if finding.branch:
                found.setdefault(finding.branch, []).append(finding)
        return found

    @cached_property
    def by_record(self) -> dict[str, list[Finding]]:
        """Findings of each record of evidence, by the path of its folder."""
        found: dict[str, list[Finding]] = {}
        for finding in self.evaluation.findings:
            parts = finding.path.split("/")
            if len(parts) > 5:
                found.setdefault("/".join(parts[:5]), []).append(finding)
        return found

    @cached_property
    def scale(self) -> Scale | None:
        """One axis for the totals of all branches."""
        return Scale.of(self.results, self.rubric) if self.rubric else None

    @cached_property
    def ranks(self) -> dict[int, int]:
        """How many branches share each rank."""
        shared: dict[int, int] = {}
        for branch in self.results.branches if self.results else ():
            if branch.rank is not None:
                shared[branch.rank] = shared.get(branch.rank, 0) + 1
        return shared


def load_site(root: Path, lang: str, templates: Path) -> SiteData:
    """Evaluate the default year of the working tree for the site."""
    set_language(lang)
    evaluation = evaluate(WorkingTree(root), source=source_of(root))
    return SiteData(root, templates, lang, evaluation)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the year, and whether it is the present one."""

    title: str
    now: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures come from, for the foot of every page."""

    year: int | None
    stage: str
    final: bool
    steps: tuple[Step, ...]
    commit: str
    dirty: bool
    date: str
    rubric_digest: str
    digest: str
    command: str


def provenance(site: SiteData) -> Provenance:
    """Return where the figures of a site come from."""
    results, rubric = site.results, site.rubric
    stage = results.stage if results else "open"
    source = results.source if results else None
    commit = (source.commit if source else None) or ""
    words = ["appraise", "score", "--format", "json"]
    if results:
        words += ["--year", str(results.year)]
    if commit:
        words += ["--at", commit[:12]]
    return Provenance(
        results.year if results else None,
        gettext(STAGES.get(stage, STAGES["open"])),
        stage == "final",
        tuple(Step(gettext(title), key == stage) for key, title in STEPS),
        commit,
        bool(source and source.dirty),
        ((source.date if source else None) or "")[:10],
        rubric.sha256 if rubric else "",
        str(site.document.get("digest", "")),
        " ".join(words),
    )


def branch_address(year: int, branch: BranchResult) -> str:
    """Return the address of a scorecard."""
    return f"{year}/branches/{branch.id}.html"


def record_address(record: EvidenceRecord) -> str:
    """Return the address of the page of a record, in the year that it was filed for."""
    _, branch, year, group, folder = record.path.split("/")
    return f"{year}/branches/{branch}/{group}/{folder}.html"


@dataclass(frozen=True, slots=True)
class Range:
    """A total and its range on the axis."""

    low: Decimal
    high: Decimal
    dot: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """A branch in the ranking: its figures, and how they are drawn."""

    branch: BranchResult
    address: str
    meta: tuple[str, ...]
    amounts: dict[str, Decimal]
    bars: tuple[Segment, ...]
    verified: int | None
    range: Range | None
    tied: bool
    candidates: tuple[str, ...]


def row_of(site: SiteData, year: int, branch: BranchResult) -> Row:
    """Return the view of a branch in the ranking."""
    amounts = maxima(branch)
    whole = sum(amounts.values(), ZERO)
    return Row(
        branch,
        branch_address(year, branch),
        tuple(word for word in (branch.kind_title, branch.consortium_title) if word),
        amounts,
        bar(amounts.items(), whole),
        share(amounts["verified"], whole),
        range_of(site, branch),
        branch.rank is not None and site.ranks[branch.rank] > 1,
        candidates_of(site, branch),
    )


def range_of(site: SiteData, branch: BranchResult) -> Range | None:
    """Return a ranked total on the axis; the others have no place on it."""
    scale = site.scale
    if scale is None or branch.rank is None:
        return None
    if branch.low is None or branch.high is None or branch.total is None:
        return None
    return Range(scale.x(branch.low), scale.x(branch.high), scale.x(branch.total))


def candidates_of(site: SiteData, branch: BranchResult) -> tuple[str, ...]:
    """Return the grades between low and high, the best first, where none is certain yet."""
    bands = site.rubric.grades if site.rubric else ()
    if branch.grade is not None or branch.low is None or branch.high is None:
        return ()
    ids = [next((b.id for b in bands if v >= b.min), None) for v in (branch.high, branch.low)]
    names = [band.id for band in bands]
    if not bands or ids[0] is None or any(band.quota is not None for band in bands):
        return ()
    last = names.index(ids[1]) if ids[1] is not None else len(names) - 1
    return tuple(band.title for band in bands[names.index(ids[0]) : last + 1])


@dataclass(frozen=True, slots=True)
class Ranking:
    """The home page's figures: the ranked branches, and those outside the ranking."""

    count: int
    rows: tuple[Row, ...]
    vetoed: tuple[Row, ...]
    unfiled: tuple[Row, ...]
    unreadable: tuple[Row, ...]
    median: Decimal | None
    best: Decimal | None
    least: Decimal | None
    graded: int
    verified: int | None


def ranking_of(site: SiteData, results: Results) -> Ranking:
    """Return the view of the ranked outcome."""
    rows = [row_of(site, results.year, branch) for branch in results.branches]

    def of(status: Status) -> tuple[Row, ...]:
        return tuple(row for row in rows if row.branch.status == status)

    scored = of(Status.SCORED)
    totals = [row.branch.total for row in scored if row.branch.total is not None]
    sums = {ink: sum((row.amounts[ink] for row in scored), ZERO) for ink in INKS}
    return Ranking(
        len(rows),
        scored,
        of(Status.VETOED),
        of(Status.NOT_SUBMITTED),
        of(Status.UNREADABLE),
        median(totals),
        max(totals, default=None),
        min(totals, default=None),
        sum(row.branch.grade is not None for row in scored),
        share(sums["verified"], sum(sums.values(), ZERO)),
    )
