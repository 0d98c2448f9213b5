"""Scorecards: what comes before any figure, the pictures and their tables, ways to more, paper."""

from __future__ import annotations

import datetime
import posixpath
import re
import shutil
import statistics
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.reports.left.lacks import lack_of
from generator.results.advice import When, advice_of
from generator.results.audience import INTERNAL
from generator.rubric.methods.counted import Proportion, Threshold
from generator.scoring.scorecard import Basis
from generator.site.addresses import branch_address
from generator.site.branches.calendar import longest_gap, months_of
from generator.site.branches.comparison import comparison_of
from generator.site.build.producing import volumes_of
from generator.site.build.reuse import Store
from generator.site.build.volume import Pages
from generator.site.data.scant import SCANT, place_of
from generator.site.data.years import load_site
from generator.site.html.templating import fixed
from generator.text.numbers import plain
from generator.text.privacy import masked
from generator.text.titles import LEVELS
from tests.markup import Element, tree
from tests.site_bodies import site_pages
from tests.sites import final_year, in_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.results.model import BranchResult, Results
    from generator.scoring.scorecard import Line
    from generator.site.data.years import SiteData

PROGRAM = Path(__file__).resolve().parents[1]
TEMPLATES = PROGRAM / "site_templates"
STYLES = TEMPLATES / "pages" / "assets" / "scorecard.css"
ZERO = Decimal(0)


@pytest.fixture(scope="module")
def bodies(site: SiteData) -> dict[str, str]:
    return {page.address: str(page.body) for page in site_pages(site)}


@pytest.fixture(scope="module")
def cards(site: SiteData, bodies: dict[str, str]) -> dict[str, Element]:
    """The scorecards of the newest year, by branch id; those without lines are not among them."""
    year = site.results.year
    return {b.id: tree(bodies[branch_address(year, b)]) for b in site.results.branches if b.lines}


def branches(site: SiteData) -> Iterator[BranchResult]:
    """Yield the branches of the newest year that have lines."""
    yield from (branch for branch in site.results.branches if branch.lines)


def with_results(site: SiteData, change: Callable[[Results], Results]) -> SiteData:
    """Return the site with other results."""
    return replace(site, evaluation=replace(site.evaluation, results=change(site.results)))


def drawn(site: SiteData, branch_id: str) -> Element:
    """Return the scorecard of a branch."""
    pages = Pages(site)
    return tree(str(pages.scorecard(site.results.branch(branch_id)).body))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of two of the sample's branches, with the year that is under way alone."""
    for part in ("branches/demo-a", "branches/demo-b", "committee/2025"):
        shutil.copytree(PROGRAM / part, tmp_path / part)
    for path in (PROGRAM / "rubric.yml", *(PROGRAM / "committee").glob("*.yml")):
        shutil.copy(path, tmp_path / path.relative_to(PROGRAM))
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def points(value: Decimal) -> str:
    return fixed(value, 2)


def percent(text: str) -> Decimal:
    assert text.endswith("%")
    return Decimal(text[:-1])


# From the home page to the evidence.


def links(page: Element, address: str) -> list[tuple[str, str]]:
    """Return address and anchor of what a page leads to."""
    found = []
    for link in page.all("a"):
        path, _, anchor = link.attributes["href"].partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(address), path))
        found.append((target if path else address, anchor))
    return found


def test_three_taps_lead_from_home_to_the_evidence_of_a_lost_point(
    site: SiteData, bodies: dict[str, str]
) -> None:
    """Home, a scorecard, a criterion that opens, the page of the record: for every such point."""
    home = links(tree(bodies["index.html"]), "index.html")
    told = 0
    for branch in branches(site):
        address = branch_address(site.results.year, branch)
        assert (address, "") in home, branch.id
        card = tree(bodies[address])
        records = {record.path for record in branch.records}
        for line in branch.criteria:
            lost = line.points is not None and line.max is not None and line.points < line.max
            if not lost or line.criterion is None:
                continue
            criterion = card.one("details", id=line.criterion)
            parts = [p for p in branch.lines if p.part and p.criterion == line.criterion]
            definition = site.rubric.criteria[line.criterion][1]
            advice = advice_of(line, parts, definition, When.of(site.results))
            assert advice is not None
            summary = criterion.one("summary")
            assert summary.one("span", "ap-reason").text == f"为什么：{advice.why}".strip()
            assert summary.one("span", "ap-how").text == f"怎么办：{advice.how}".strip()
            whole = str(line.reason).strip()
            assert whole in criterion.text or whole == str(advice.why)
            paths = {path for path in line.evidence if path in records}
            found = [(t, a) for t, a in links(criterion, address) if "/branches/" in t]
            assert len({target for target, _ in found}) == len(paths)
            for target, _ in found:
                evidence = tree(bodies[target])
                assert (address, line.criterion) in links(evidence, target)
                told += 1
    assert told > 50


# Before any figure.


def test_a_veto_stands_before_any_figure(site: SiteData, bodies: dict[str, str]) -> None:
    vetoed = [branch for branch in branches(site) if branch.status == "vetoed"]
    assert vetoed
    for branch in vetoed:
        body = bodies[branch_address(site.results.year, branch)]
        assert body.index("ap-banner-veto") < body.index("ap-tiles")
        card = tree(body)
        veto = next(v for v in branch.vetoes if v.state == "verified")
        banner = card.one("div", "ap-banner-veto").text
        assert banner.index("不参加排名") < banner.index(veto.title) < banner.index(veto.clause)
        assert veto.reason == "（不公开）"
        assert "查实 ·" not in banner, "nor when"
        tiles = [tile.text for tile in card.one("dl", "ap-tiles").all("div")]
        assert tiles[0].startswith("总分（仅供参考）")
        assert "不排名" in tiles[1]
        assert veto.clause in tiles[2]
        assert not card.all("figure", "ap-strip")
        assert "ap-steps" not in body


def test_a_stale_review_stands_before_any_figure_and_leads_to_its_criterion(root: Path) -> None:
    edit(
        root / "committee/2025/reviews/demo-b.yml",
        "  political-study:\n",
        f"  political-study:\n    reviewed: sha256:{'0' * 64}\n",
    )
    public = load_site(root, "zh", TEMPLATES)
    card = Pages(public).scorecard(public.results.branch("demo-b"))
    assert "ap-banner-stale" not in str(card.body), "findings are not public"
    site = load_site(root, "zh", TEMPLATES, publish=INTERNAL)
    body = str(Pages(site).scorecard(site.results.branch("demo-b")).body)
    assert body.index("ap-banner-stale") < body.index("ap-tiles")
    banner = tree(body).one("div", "ap-banner-stale")
    assert [a.attributes["href"] for a in banner.all("a")] == ["#political-study"]
    assert "1 项核定已过时" in banner.text.replace("\u00a0", " ")


# What is missing for more.


def test_ways_to_more_add_up_to_the_range(site: SiteData) -> None:
    pages = Pages(site)
    seen: Counter[str] = Counter()
    for branch in branches(site):
        found = pages.card(branch).prospects
        assert found is not None
        assert branch.high is not None
        assert branch.low is not None
        assert branch.total is not None
        assert found.up == branch.high - branch.total
        assert found.down == branch.total - branch.low
        assert sum((way.points for way in found.ways), ZERO) == found.up
        seen.update(way.anchor for way in found.ways)
        if any(line.basis is Basis.SCALED for line in branch.criteria):
            continue
        by_basis = {Basis.PENDING: ZERO, Basis.CLAIMED: ZERO}
        for line in branch.criteria:
            if line.basis in by_basis:
                by_basis[line.basis] += (line.max or ZERO) - (line.points or ZERO)
        gains = [value for value in by_basis.values() if value]
        assert [way.points for way in found.ways if way.anchor == "waiting"] == gains
    assert seen["waiting"]
    assert seen["bonus"]


def test_ways_to_more_add_up_where_a_section_is_scaled(root: Path) -> None:
    edit(
        root / "committee/2025/reviews/demo-b.yml",
        "  team-structure:\n    points: 7\n",
        "  team-structure:\n    not_applicable: excluded\n",
    )
    site = load_site(root, "zh", TEMPLATES)
    branch = site.results.branch("demo-b")
    assert any(line.basis is Basis.SCALED for line in branch.criteria)
    found = Pages(site).card(branch).prospects
    assert found is not None
    assert found.up == (branch.high or ZERO) - (branch.total or ZERO) > 0
    assert sum((way.points for way in found.ways), ZERO) == found.up
    apart = [view.line.criterion for view in Pages(site).card(branch).apart]
    assert apart == ["team-structure", None]


def test_while_filing_is_open_what_the_branch_can_mend_can_be_won_back(site: SiteData) -> None:
    """The same criteria as on the page of what branches lack; nothing that is over or voted."""
    opened = with_results(site, lambda results: replace(results, stage="open"))
    pages = Pages(opened)
    over = 0
    for branch in branches(opened):
        found = pages.card(branch).prospects
        assert found is not None
        items = lack_of(opened.results, opened.rubric, branch, ()).lost
        short = sum((item.points or ZERO for item in items), ZERO)
        ways = [way for way in found.ways if way.anchor == "lost"]
        assert [way.points for way in ways] == ([short] if short else [])
        assert [{line.criterion for line in way.criteria} for way in ways] == (
            [{item.anchor for item in items}] if short else []
        )
        assert all(opened.results.deadline in way.words for way in ways)
        assert sum((way.points for way in found.ways), ZERO) == found.up
        over += sum(view.lost for view in pages.card(branch).lost) > short > 0
    assert over


# Pictures and their tables.


def test_the_strip_draws_the_total_its_range_and_the_grades(
    site: SiteData, cards: dict[str, Element]
) -> None:
    scale = site.scale
    for branch in branches(site):
        strips = cards[branch.id].all("figure", "ap-strip")
        assert len(strips) == (branch.rank is not None)
        for strip in strips:
            picture = strip.one("svg", role="img")
            assert picture.one("title").text
            assert points(branch.total or ZERO) in picture.one("desc").text
            table = {row[0]: row[1] for row in strip.one("table").table[1:]}
            dot = picture.one("circle", "ap-own-dot").attributes
            assert table["本支部"] == points(branch.total or ZERO) == dot["data-value"]
            line = picture.one("line", "ap-own-range").attributes
            assert table["可能的最低总分"] == points(branch.low or ZERO) == line["data-low"]
            assert table["可能的最高总分"] == points(branch.high or ZERO) == line["data-high"]
            places = (
                ("cx", dot, branch.total),
                ("x1", line, branch.low),
                ("x2", line, branch.high),
            )
            for name, shape, value in places:
                share = ((value or ZERO) - scale.start) / (scale.end - scale.start)
                assert abs(percent(shape[name]) - share * 100) < Decimal("0.01")
            lines = [e.attributes["data-value"] for e in picture.all("line", "ap-grade-line")]
            grades = site.rubric.grades[:-1]
            inside = [g for g in grades if scale.start < g.min < scale.end]
            assert lines == [points(grade.min) for grade in inside]
            assert [table[f"{grade.title}线"] for grade in inside] == lines


def test_one_ranked_branch_has_no_strip_and_no_median_and_is_told(site: SiteData) -> None:
    first = next(branch for branch in branches(site) if branch.rank == 1)
    rest = tuple(b for b in site.results.branches if b.rank is None)
    alone = with_results(site, lambda r: replace(r, branches=(replace(first), *rest)))
    card = drawn(alone, first.id)
    assert not card.all("figure", "ap-strip")
    assert "只有本支部参加排名" in card.text
    assert "没有中位数可比" in card.one("table", "ap-sections").one("caption").text
    assert not card.all("line", "ap-peer")


def section_values(branch: BranchResult, section: str) -> Decimal | None:
    """Return a branch's points of a section from its lines; None where nothing is assessed."""
    lines = [line for line in branch.criteria if line.section == section]
    if all(line.basis is Basis.PENDING for line in lines):
        return None
    return sum((line.points or ZERO for line in lines), ZERO)


def test_sections_stand_beside_the_median_of_their_kind(
    site: SiteData, cards: dict[str, Element]
) -> None:
    """Medians are computed anew here, from the lines of all ranked branches of the kind."""
    compared = 0
    for branch in branches(site):
        peers = [b for b in branches(site) if b.rank is not None and b.kind == branch.kind]
        card = cards[branch.id]
        table = card.one("table", "ap-sections")
        words = table.one("caption").text.replace("\u00a0", " ")
        assert f"（{branch.kind_title}，{len(peers)} 个），即排在正中间的得分" in words
        whole = max(section.points for section in site.rubric.sections)
        for section, row in zip(site.rubric.sections, table.all("tr")[1:], strict=True):
            values = [v for b in peers if (v := section_values(b, section.id)) is not None]
            middle = site.rubric.vocabulary.round(Fraction(statistics.median(values)))
            own = section_values(branch, section.id)
            cells = [cell.text for cell in row.all() if cell.name in {"th", "td"}]
            shown = "未评" if own is None else points(own)
            assert cells[1] == f"{shown} / {plain(section.points)}"
            difference = None if own is None else own - middle
            sign = "+" if difference is not None and difference > 0 else ""
            assert cells[-1] == ("—" if difference is None else sign + points(difference))
            assert row.one("td", "ap-gap").attributes["data-label"] == "比中位数"
            x = percent(row.one("line", "ap-peer").attributes["x1"])
            assert abs(x - middle / whole * 100) < Decimal("0.01")
            compared += 1
    assert compared > 50


def test_bars_of_sections_are_in_the_table_and_add_up(
    site: SiteData, cards: dict[str, Element]
) -> None:
    inks: Counter[str] = Counter()
    for branch in branches(site):
        card = cards[branch.id]
        table = card.one("table", "ap-stacked").table
        bars = [bar for bar in card.all("svg", "ap-pieces") if "ap-footing" not in bar.classes]
        for section, bar, row in zip(site.rubric.sections, bars, table[1:], strict=True):
            assert bar.one("title").text == section.title == row[0]
            assert bar.one("desc").text
            assert [cell for cell in row[1:7] if cell != "—"] == bar.values
            assert sum(map(Decimal, bar.values)) == section.points
            widths = [percent(rect.attributes["width"]) for rect in bar.all("rect")]
            starts = [percent(rect.attributes["x"]) for rect in bar.all("rect")]
            ends = [start + width for start, width in zip(starts, widths, strict=True)]
            assert all(abs(end - start) < 1 for end, start in zip(ends, starts[1:], strict=False))
            inks.update(rect.classes[0] for rect in bar.all("rect"))
    names = ("verified", "computed", "claimed", "pending", "lost", "beside")
    assert set(inks) == {f"ap-ink-{name}" for name in names}


def test_what_does_not_apply_is_no_loss_of_a_section(
    site: SiteData, cards: dict[str, Element]
) -> None:
    beside = 0
    for branch in branches(site):
        table = cards[branch.id].one("table", "ap-stacked").table
        lost, apart = (table[0].index(title) for title in ("失分", "不适用与折算"))
        for section, row in zip(site.rubric.sections, table[1:], strict=True):
            losses = sum(
                (
                    (line.max or ZERO) - (line.points or ZERO)
                    for line in branch.criteria
                    if line.section == section.id
                    if line.basis in {Basis.VERIFIED, Basis.COMPUTED, Basis.CLAIMED}
                ),
                ZERO,
            )
            assert row[lost] == (points(losses) if losses else "—")
            beside += row[apart] != "—"
    assert beside


def test_the_basis_tile_draws_all_points(site: SiteData, cards: dict[str, Element]) -> None:
    for branch in branches(site):
        tile = cards[branch.id].one("dl", "ap-tiles").all("div")[3]
        values = [plain(value) for value in branch.maxima.values() if value]
        assert tile.one("svg").values == values
        whole = plain(sum(branch.maxima.values(), ZERO))
        assert f"{plain(branch.maxima['verified'])} / {whole}" in tile.text
        assert all(value in tile.text for value in values)


# Criteria.


def anchor(line: Line) -> str:
    """Return the anchor of a line on a scorecard: its criterion, or its section's scaling."""
    return line.criterion or f"{line.section}-scaled"


def test_losses_come_first_the_greatest_first_and_all_criteria_are_there(
    site: SiteData, cards: dict[str, Element]
) -> None:
    for branch in branches(site):
        card = cards[branch.id]
        headings = [h.attributes.get("id") for h in card.all("h2")]
        order = [name for name in headings if name in {"lost", "waiting", "reached"}]
        assert order == ["lost", "waiting", "reached"]
        lost = card.one("section", "ap-losses")
        leads = [e.one("span", "ap-figure").text for e in lost.all("details", "ap-criterion")]
        values = [-Decimal(lead.replace("\u2212", "-")) for lead in leads]
        assert values == sorted(values, reverse=True)
        expected = sorted(
            (
                line.max - line.points
                for line in branch.criteria
                if line.max is not None and line.points is not None
                if line.basis in {Basis.VERIFIED, Basis.COMPUTED} and line.points < line.max
            ),
            reverse=True,
        )
        assert values == expected
        if values:
            count = lost.one("span", "ap-count").text
            assert count.startswith(f"{len(values)} 项，共 {points(sum(values, ZERO))} 分")
        found = [e.attributes["id"] for e in card.all("details", "ap-criterion")]
        assert sorted(found) == sorted(anchor(line) for line in branch.criteria)


def test_what_waits_shows_what_counts_now_under_its_own_word(
    site: SiteData, cards: dict[str, Element]
) -> None:
    """Not the maximum, which stands beside it: a figure and the word for it go together."""
    claimed = below = 0
    for branch in branches(site):
        for line in branch.criteria:
            lead = cards[branch.id].one("details", id=anchor(line)).one("span", "ap-lead")
            if line.basis is Basis.CLAIMED and line.claimed is not None:
                assert lead.one("span", "ap-figure").text == points(line.claimed)
                assert lead.one("span", "ap-sub").text == "自评"
                claimed += 1
                below += line.claimed != line.max
            elif line.basis is Basis.PENDING:
                assert lead.text == "未评"
    assert claimed > below > 0


def test_a_criterion_shows_three_figures_and_the_adopted_one_marked(
    site: SiteData, cards: dict[str, Element]
) -> None:
    names = ("claimed", "computed", "verified")
    adopted: Counter[str] = Counter()
    for branch in branches(site):
        for line in branch.criteria:
            entry = cards[branch.id].one("details", id=anchor(line))
            cells = entry.one("summary").all("span", "ap-cell")
            for name, cell in zip(names, cells, strict=False):
                value = getattr(line, name)
                assert value is None or points(value) in cell.text
                if line.basis.value == name:
                    assert cell.one("strong").text == points(value)
                    assert cell.all("span", f"ap-mark-{name}")
                    adopted[name] += 1
            terms = {e.text: e for e in entry.one("div", "ap-inside").all("dt")}
            assert "要求" in terms
            assert line.decided_on in entry.text
            assert line.decided_by in entry.text
            assert all(source in entry.text for source in line.sources)
            assert all(str(fact) in entry.text for fact in line.facts)
    assert min(adopted[name] for name in names) > 5


def test_bonus_claims_have_their_basis_evidence_and_sum(
    site: SiteData, cards: dict[str, Element]
) -> None:
    states: Counter[str] = Counter()
    for branch in branches(site):
        tables = cards[branch.id].all("table", "ap-bonus-table")
        assert len(tables) == bool(branch.bonus_lines)
        for table in tables:
            rows = table.one("tbody").all("tr")
            for line, row in zip(branch.bonus_lines, rows, strict=True):
                assert line.matter in row.text
                assert f"级别 {LEVELS[line.level]}" in row.text.replace("\u00a0", " ")
                assert str(line.reason) in row.text
                basis = "claimed" if line.status == "claimed" else "verified"
                assert row.all("span", f"ap-mark-{basis}")
                assert len(row.all("a")) == len(line.evidence)
                states[line.status] += 1
            assert table.one("tfoot").all("td")[-1].text.lstrip("+") == points(branch.bonus or ZERO)
    assert states["accepted"]
    assert states["claimed"]


def test_what_is_lacking_is_one_tap_away_while_a_year_is_under_way(
    site: SiteData, bodies: dict[str, str]
) -> None:
    reviewed = Pages(in_stage(site, "review"))
    for branch in site.results.branches:
        if branch.status == "vetoed":
            continue
        address = branch_address(site.results.year, branch)
        prospects = Pages(site).peers(branch).lacking
        assert prospects.endswith(f"#{branch.id}")
        page = bodies[prospects.partition("#")[0]]
        assert tree(page).one("h3", id=branch.id)
        body = bodies[address]
        if branch.status == "not-submitted":
            assert "lacking.html" not in body  # while results are posted nothing is taken in
            body = str(reviewed.scorecard(branch).body)
        assert "还能补哪些材料" not in bodies[address]
        told = "没有待定的分数" in body
        assert told or tuple(prospects.split("#")) in links(tree(body), address)
    past = final_year(site)
    assert not any(
        "lacking" in bodies[branch_address(past.results.year, b)] for b in past.results.branches
    )


# The calendar.


def test_the_calendar_holds_every_activity_at_its_true_date(
    site: SiteData, cards: dict[str, Element]
) -> None:
    start, end = (datetime.date.fromisoformat(day) for day in site.results.period)
    days = (end - start).days + 1
    for branch in branches(site):
        records = [record for record in branch.records if record.kind == "activity"]
        tables = cards[branch.id].all("table", "ap-calendar")
        if not records and not tables:
            continue
        lanes = {row.one("th").text: row for row in tables[0].all("tr")[1:]}
        listed = sorted(cells[0] for cells in listing(cards[branch.id])[1:])
        assert listed == sorted(record.date for record in records)
        everything = lanes.pop("全部活动").all("circle")
        assert sorted(c.attributes["data-value"] for c in everything) == listed
        for circle in everything:
            day = datetime.date.fromisoformat(circle.attributes["data-value"])
            noon = Decimal((day - start).days * 2 + 1) * 50 / days
            assert abs(percent(circle.attributes["cx"]) - noon) < Decimal("0.01")
        kinds: dict[str, list[str]] = {}
        for record in records:
            kinds.setdefault({str(k): str(v) for k, v in record.details}["类型"], []).append(
                record.date
            )
        for kind, dates in kinds.items():
            drawn_days = [c.attributes["data-value"] for c in lanes[kind].all("circle")]
            assert sorted(drawn_days) == sorted(dates)


def listing(card: Element) -> list[list[str]]:
    """Return the list of activities beside the calendar."""
    tables = [t for t in card.all("table") if t.all("caption")[0].text == "考核期内报送的活动"]
    return tables[0].table if tables else [[]]


def test_counts_of_the_calendar_stand_against_the_standard(
    site: SiteData, cards: dict[str, Element]
) -> None:
    """What the rubric counts of activities, and how many each kind of branch should have."""
    targets = {
        part.title: part.method.target
        for _, criterion in site.rubric.criteria.values()
        for part in criterion.parts
        if isinstance(part.method, (Proportion, Threshold))
        and part.method.measure.count == "activity"
    }
    assert targets
    short = 0
    for branch in branches(site):
        rows = cards[branch.id].one("table", "ap-calendar").all("tr")[1:]
        lanes = {row.one("th").text: row.all("td")[-1].text for row in rows}
        for line in branch.lines:
            if line.part is None or line.title not in targets:
                continue
            target = targets[line.title]
            target = target[branch.kind or ""] if isinstance(target, dict) else target
            lane = next(words for title, words in lanes.items() if title in str(line.title))
            assert lane.startswith(f"{len(line.evidence)} / {plain(target)}")
            missing = target - len(line.evidence)
            words = f"差 {plain(missing)} 次" if missing > 0 else "已达标"
            assert words in lane.replace("\u00a0", " ")
            short += missing > 0
    assert short


def test_an_activity_that_does_not_count_is_dashed_and_says_why(root: Path) -> None:
    folder = root / "branches/demo-a/2025/activities"
    first = min(folder.iterdir())
    shutil.copytree(first, folder / f"{first.name}-again")
    site = load_site(root, "zh", TEMPLATES)
    branch = site.results.branch("demo-a")
    note = next(record.note for record in branch.records if not record.counted)
    card = drawn(site, "demo-a")
    lane = card.one("table", "ap-calendar").all("tr")[1]
    dashed = lane.one("circle", "ap-day-open").attributes["data-value"]
    assert dashed == first.name[:10]
    assert [row[3] for row in listing(card)[1:] if "未计入" in row[3]] == [f"未计入：{note}"]
    legend = next(e for e in card.all("ul", "ap-legend") if e.all("span", "ap-dot-open"))
    assert str(note) in legend.text
    counted = sum(r.kind == "activity" and r.counted for r in branch.records)
    assert lane.all("td")[-1].text.replace("\u00a0", " ") == f"{counted} 次"


def test_the_longest_gap_is_named(site: SiteData, cards: dict[str, Element]) -> None:
    start, end = (datetime.date.fromisoformat(day) for day in site.results.period)
    named = 0
    for branch in branches(site):
        dates = {
            datetime.date.fromisoformat(r.date)
            for r in branch.records
            if r.kind == "activity" and r.counted
        }
        marks = [start, *sorted(dates), end]
        longest = max((b - a).days for a, b in pairwise(marks))
        shown = re.findall(r"最长一段没有活动：(\d+)\s天", cards[branch.id].text)
        assert shown == ([str(longest)] if dates else [])
        lines = [
            e for e in cards[branch.id].all("line", "ap-gap-line") if "data-value" in e.attributes
        ]
        assert [e.attributes["data-value"] for e in lines] == shown
        named += len(shown)
    assert named


def test_while_a_year_is_under_way_its_end_is_no_gap() -> None:
    start, end = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)
    assert longest_gap([], start, end, ended=True) is None
    assert [len(months_of(start, end)), months_of(start, end)[0].number] == [12, 1]


def test_a_period_need_not_be_a_year_of_the_calendar() -> None:
    months = months_of(datetime.date(2024, 11, 16), datetime.date(2025, 10, 31))
    assert [month.number for month in months] == [11, 12, *range(1, 11)]
    assert sum(percent(month.width) for month in months) == pytest.approx(Decimal(100), abs=1)
    assert percent(months[0].width) * 2 == pytest.approx(percent(months[11].width), abs=1)


# Last year, and all years.


def test_last_year_stands_beside_this_year(site: SiteData, cards: dict[str, Element]) -> None:
    last = final_year(site)
    compared = 0
    for branch in branches(site):
        before = next((b for b in last.results.branches if b.id == branch.id), None)
        tables = cards[branch.id].all("table", "ap-two-years")
        assert len(tables) == (before is not None and before.total is not None)
        for table in tables:
            assert before is not None
            assert table.one("caption").text.startswith("两年的大项与满分相同")
            for section, row in zip(site.rubric.sections, table.all("tr")[1:], strict=False):
                own = section_values(branch, section.id)
                past = before.sections[section.id]
                cells = [cell.text for cell in row.all() if cell.name in {"th", "td"}]
                assert cells[:2] == [section.title, points(past)]
                assert cells[2] == ("未评" if own is None else points(own))
                sign = "+" if own is not None and own > past else ""
                assert cells[3] == ("—" if own is None else sign + points(own - past))
                assert row.values == [cell for cell in cells[1:3] if cell != "未评"]
                dots = row.all("circle")
                shares = [
                    past / section.points,
                    *([own / section.points] if own is not None else []),
                ]
                for dot, share in zip(dots, shares, strict=True):
                    assert abs(percent(dot.attributes["cx"]) - share * 100) < Decimal("0.01")
            compared += 1
    assert compared > 5


def test_other_maxima_are_said_not_to_compare(site: SiteData) -> None:
    pages = Pages(site)
    branch = next(b for b in branches(site) if len(site.trend(b.id)) > 1 and b.rank == 1)
    card = pages.card(branch)
    first, second, *others = final_year(site).rubric.sections
    changed = replace(first, points=first.points + 7)
    gone = replace(second, id="gone", title=masked("从前的大项"))
    other = replace(final_year(site).rubric, sections=(changed, gone, *others))
    year = site.results.year
    found = comparison_of(
        card.profile.rows, branch, site.trend(branch.id), {year: site.rubric, year - 1: other}, year
    )
    assert found is not None
    assert found.words.startswith("两年满分不同")
    assert f"{changed.title} {plain(changed.points)} → {plain(changed.points - 7)}" in found.words
    assert f"{gone.title} {plain(gone.points)} → 无" in found.words
    assert [row.title for row in found.rows if row.now is None] == ["从前的大项"]


def test_the_years_are_drawn_as_they_are_listed(site: SiteData, cards: dict[str, Element]) -> None:
    several = left_out = 0
    for branch in branches(site):
        trend = site.trend(branch.id)
        if len(trend) < 2:
            continue
        table = cards[branch.id].one("table", "ap-trend").table[1:]
        said = [
            f"{p.year}{'' if p.final or p.year == site.results.year else '暂定'}" for p in trend
        ]
        assert [row[0] for row in table] == said
        totals = [p.result.total for p in trend]
        assert [row[1] for row in table] == ["—" if t is None else points(t) for t in totals]
        pictures = cards[branch.id].all("figure", "ap-trend-picture")
        begun = [place_of(p.result) == SCANT for p in trend]
        known = [t for t, scant in zip(totals, begun, strict=True) if t is not None and not scant]
        left_out += any(begun)
        assert len(pictures) == (len(known) > 1)
        for picture in pictures:
            assert picture.values == [points(total) for total in known]
            heights = [percent(c.attributes["cy"]) for c in picture.all("circle")]
            pairs = sorted(zip(known, heights, strict=True))
            assert [h for _, h in pairs] == sorted(heights, reverse=True)
            assert all(0 <= height <= 100 for height in heights)
            several += 1
    assert several > 5
    assert left_out == 3


# States.


def test_a_final_year_has_no_ranges_no_basis_tile_and_nothing_to_gain(
    site: SiteData, bodies: dict[str, str]
) -> None:
    past = final_year(site)
    seen = 0
    for branch in past.results.branches:
        card = tree(bodies[branch_address(past.results.year, branch)])
        if not branch.lines:
            assert not card.all("table", "ap-expected")
            continue
        assert len(card.one("dl", "ap-tiles").all("div")) == 3
        assert not card.all("line", "ap-own-range")
        assert not card.all("h2", id="more")
        tiles = card.one("dl", "ap-tiles").text
        assert not re.search("区间|可能|暂定", tiles)
        legend = card.all("ul", "ap-legend")[0].text
        assert not re.search("自评|未评", legend)
        assert "待核定" not in card.text
        seen += 1
    assert seen > 5


def test_claims_that_nobody_verified_are_told_in_a_final_year(site: SiteData) -> None:
    ended = with_results(site, lambda results: replace(results, stage="final"))
    pages = Pages(ended)
    claimed = 0
    for branch in branches(ended):
        card = tree(str(pages.scorecard(branch).body))
        bars = card.one("table", "ap-sections")
        legend = card.all("ul", "ap-legend")[0].text
        for ink, title in (("claimed", "自评"), ("pending", "未评")):
            assert (title in legend) == bool(bars.all("rect", f"ap-ink-{ink}")), branch.id
        headings = [heading.text.split()[0] for heading in card.all("h2")]
        assert "待评" not in headings
        waits = any(line.basis in {Basis.CLAIMED, Basis.PENDING} for line in branch.criteria)
        assert ("未经核定" in headings) == waits
        claimed += waits
    assert claimed
    parts = tree(str(pages.standing["index.html"]().body)).one("ul", "ap-makeup").text
    assert re.search(r"自评 [1-9][0-9.]* 分（[1-9][0-9]*\s项）未评 [1-9]", parts)


def test_an_unfiled_branch_is_told_what_is_expected_and_by_when(
    site: SiteData, bodies: dict[str, str]
) -> None:
    unfiled = [b for b in site.results.branches if b.status == "not-submitted"]
    assert unfiled
    reviewed = Pages(in_stage(site, "review"))
    for branch in unfiled:
        posted = bodies[branch_address(site.results.year, branch)]
        assert not tree(posted).all("table", "ap-expected")
        card = tree(str(reviewed.scorecard(branch).body))
        assert site.results.deadline in card.one("dl", "ap-tiles").text
        table = card.one("table", "ap-expected")
        for section, criterion in site.rubric.criteria.values():
            assert section.title in table.text
            assert criterion.requires in table.text
            assert any(a.attributes["href"].endswith(f"#{criterion.id}") for a in table.all("a"))
        assert any(a.attributes["href"].endswith("guide.html") for a in card.all("a"))
        assert "这不是零分" in card.text


def test_an_ungraded_branch_is_told_between_which_grades(
    site: SiteData, cards: dict[str, Element]
) -> None:
    open_grades = [b for b in branches(site) if b.grade is None]
    assert open_grades
    for branch in open_grades:
        tile = cards[branch.id].one("dl", "ap-tiles").all("div")[2].text
        crossed = [
            grade.min
            for grade in site.rubric.grades[:-1]
            if (branch.low or ZERO) < grade.min < (branch.high or ZERO)
        ]
        assert crossed
        assert f"区间跨过 {'、'.join(map(plain, reversed(crossed)))}" in tile.replace("\u00a0", " ")


def test_evidence_says_what_it_is_used_for_and_where_it_lies(
    site: SiteData, bodies: dict[str, str]
) -> None:
    branch = next(b for b in branches(site) if b.rank == 1)
    for record in branch.records:
        _, owner, year, group, folder = record.path.split("/")
        page = tree(bodies[f"{year}/branches/{owner}/{group}/{folder}.html"])
        uses = [line for line in branch.criteria if record.path in line.evidence]
        claims = [line for line in branch.bonus_lines if record.path in line.evidence]
        listed = page.all("ul", "ap-list")
        assert sum(len(e.all("li")) for e in listed) == len(uses) + len(claims)
        assert f"{record.file}:{record.line}" in page.text
        assert all(file.name in page.text for file in record.files)


# Paper.


def test_a_scorecard_ends_with_lines_to_sign(cards: dict[str, Element]) -> None:
    for card in cards.values():
        rows = card.one("section", "ap-sign").table
        assert rows[0] == ["签字方", "签字", "日期"]
        assert [row[0] for row in rows[1:]] == ["支部书记", "督导团", "党委"]
        assert all(row[1:] == ["", ""] for row in rows[1:])
        assert all(table.all("thead") for table in card.all("table"))


def test_paper_opens_everything_and_breaks_no_row() -> None:
    text = STYLES.read_text("utf-8")
    _, _, paper = text.partition("@media print")
    assert "@page { size: A4" in text
    for rule in (
        r"\.ap-criterion, \.ap-group, \.ap-data\)::details-content \{[^}]*block-size: auto",
        r"\.ap-criterion > summary,[^}]*\{ break-inside: avoid",
        r"\.ap-sign \{ display: block",
        r"\.ap-unfold \{ display: none",
    ):
        assert re.search(rule, paper), rule
    _, _, everywhere = STYLES.with_name("site.css").read_text("utf-8").partition("@media print")
    assert re.search(r"\btr,[^}]*\{ break-inside: avoid", everywhere)
    # Widths of paper are not those of a telephone.
    assert not re.search(r"@media \(max-width", text)


# What is kept between builds.


def test_the_key_of_kept_pages_holds_the_median_of_the_kind(site: SiteData, tmp_path: Path) -> None:
    """Another branch's change matters to its own kind, where it moves the median."""
    store = Store(tmp_path / "pages", TEMPLATES)
    pages = volumes_of(site)[0]
    ranked = [b for b in branches(site) if b.rank is not None]
    first = ranked[0]
    kind = [b for b in ranked if b.kind == first.kind]
    other = next(b for b in ranked if b.kind != first.kind)
    section = site.rubric.sections[0].id

    def moved(results: Results) -> Results:
        """Return results in which all but one of the kind have no point in a section."""
        low = {b.id for b in kind[1:]}
        changed = tuple(
            replace(b, sections={**b.sections, section: ZERO}) if b.id in low else b
            for b in results.branches
        )
        return replace(results, branches=changed)

    after = volumes_of(with_results(site, moved))[0]
    assert pages.peers(first).medians != after.peers(first).medians
    assert store.key(pages, first, first) != store.key(after, first, first)
    assert pages.peers(other) == after.peers(other)
    assert store.key(pages, other, other) == store.key(after, other, other)
    shown = str(pages.scorecard(first).body), str(after.scorecard(first).body)
    assert shown[0] != shown[1]
    assert str(pages.scorecard(other).body) == str(after.scorecard(other).body)
