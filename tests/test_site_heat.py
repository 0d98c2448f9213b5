"""The heat map and its table of numbers: every figure, sums and means, states, many branches."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pytest

from generator.scoring.scorecard import Basis, Status
from generator.site.build.families import FAMILIES
from generator.site.build.producing import volumes_of
from generator.site.build.volume import Pages
from generator.site.criteria.shading import Shading
from generator.site.data import standings
from generator.site.data.counting import lost_of, tally
from generator.site.data.survey import Mark
from generator.text.privacy import NO_TEXT, masked
from tests.site_tables import TableReader, table
from tests.test_site_pages import Page
from tests.test_site_scale import FIRST_VIEW, SHELL, larger, targets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.results.model import BranchResult
    from generator.scoring.scorecard import Line
    from generator.site.data.years import SiteData

FIGURES = (Basis.VERIFIED, Basis.COMPUTED, Basis.CLAIMED)
LETTERS = {Basis.VERIFIED: "v", Basis.COMPUTED: "c", Basis.CLAIMED: "d"}
WORDS = {Basis.VERIFIED: "核定", Basis.COMPUTED: "系统计算", Basis.CLAIMED: "自评"}
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def made(site: SiteData) -> Pages:
    return Pages(site)


def body(made: Pages, address: str) -> str:
    return str(made.standing[address]().body)


def lines(branch: BranchResult) -> list[Line]:
    """Return the lines of criteria, as the scorecard has them."""
    return [line for line in branch.criteria if line.criterion is not None]


def lost(line: Line) -> Decimal | None:
    if line.basis not in FIGURES or line.points is None or line.max is None:
        return None
    return line.max - line.points


def carded(branches: Iterable[BranchResult]) -> list[BranchResult]:
    return [branch for branch in branches if branch.total is not None]


def mean(values: Iterable[Decimal | None]) -> str:
    """Return a mean as pages write it; a dash where there is nothing to take it of."""
    known = [value for value in values if value is not None]
    if not known:
        return "—"
    return f"{(sum(known) / Decimal(len(known))).quantize(CENT, ROUND_HALF_UP)}"


def test_every_cell_of_the_map_is_what_was_lost(site: SiteData, made: Pages) -> None:
    read = table(body(made, "heat.html"), "ap-heat")
    rows = {row[0].links[0]: row for row in read.rows}
    branches = carded(site.results.branches)
    assert len(rows) == len(branches)
    seen: Counter[str] = Counter()
    for branch in branches:
        cells = rows[f"{site.results.year}/branches/{branch.id}.html"][1:-1]
        for line, cell in zip(lines(branch), cells, strict=True):
            points = lost(line)
            if points is not None:
                assert cell.text == f"{points:.2f}"
                assert LETTERS[line.basis] in cell.look
                assert ("z" in cell.look) == (points == 0)
                seen["lost" if points else "none lost"] += 1
            else:
                pending = line.basis is Basis.PENDING
                assert cell.text == ("未评" if pending else "不适用")
                assert ("p" if pending else "n") in cell.look
                assert not {"z", "v", "c", "d"} & set(cell.look)
                seen[line.basis] += 1
    assert len(seen) == 4, "the sample has every kind of cell"


def test_sums_and_means_of_the_map(site: SiteData, made: Pages) -> None:
    read = table(body(made, "heat.html"), "ap-heat")
    branches = {f"{site.results.year}/branches/{b.id}.html": b for b in site.results.branches}
    sums = []
    for row in read.rows:
        values = [lost(line) for line in lines(branches[row[0].links[0]])]
        total = sum((value for value in values if value is not None), Decimal(0))
        assert row[-1].text.strip() == f"{total:.2f}"
        assert row[-1].values == [("", f"{total:.2f}")]
        sums.append(total)
    assert sums == sorted(sums, reverse=True)
    assert len(set(sums)) > 3
    foot = read.parts["tfoot"][0]
    columns = zip(*(lines(b) for b in carded(site.results.branches)), strict=True)
    for cell, column in zip(foot[1:-1], columns, strict=True):
        assert cell.text.strip() == mean(map(lost, column))
        assert [value for _, value in cell.values] == [cell.text.strip()] * (cell.text != "—")
    assert foot[-1].text.strip() == mean(sums)


def test_what_nobody_has_yet_is_no_zero() -> None:
    """Pending is not zero, and what does not apply is no loss, whatever it counts."""
    waiting = Mark(Basis.PENDING, None, Decimal(5))
    outside = Mark(Basis.NOT_APPLICABLE, Decimal(0), Decimal(5))
    found = tally([waiting, waiting, outside, None], 2)
    assert (found.points, found.lost, found.figures, found.full) == (None, None, 0, 0)
    assert (sum(found.counts), found.pending, found.outside) == (3, 2, 1)
    assert lost_of([waiting, outside, None]) is None
    some = tally([waiting, outside, Mark(Basis.CLAIMED, Decimal(2), Decimal(5))], 2)
    assert (some.points, some.lost, some.figures) == (Decimal("2.00"), Decimal("3.00"), 1)


def test_a_mean_is_rounded_once_half_up() -> None:
    marks = [Mark(Basis.COMPUTED, Decimal(n), Decimal(9)) for n in ("1.01", "1.02")]
    assert tally(marks, 2).points == Decimal("1.02")
    assert tally([marks[0]] * 2 + [marks[1]], 2).points == Decimal("1.01")


def test_squares_stand_for_points_by_their_area(made: Pages) -> None:
    read = table(body(made, "heat.html"), "ap-heat")
    cells = [cell for row in read.rows for cell in row[1:-1] if lossy(cell.look)]
    sides = {int(cell.look[1][1:]) for cell in cells}
    assert {6, 26} <= sides
    free = [cell for cell in cells if 6 < int(cell.look[1][1:]) < 26]
    scale = [(int(c.look[1][1:]) ** 2 / float(c.text), c.look) for c in free]
    middle = sorted(scale)[len(scale) // 2][0]
    for cell in free:
        assert abs(int(cell.look[1][1:]) - (middle * float(cell.text)) ** 0.5) < 1.5, cell.text
    order = sorted(cells, key=lambda cell: float(cell.text))
    shades = [cell.look[0] for cell in order]
    assert shades == sorted(shades)
    assert set(shades) == {"h1", "h2", "h3", "h4", "h5"}


def lossy(look: list[str]) -> bool:
    return bool(look) and look[0] in {"h1", "h2", "h3", "h4", "h5"}


@pytest.mark.parametrize(
    ("found", "full"),
    [
        ((), "1"),
        (("0",), "1"),
        (("0.3",), "0.4"),
        (("3.9",), "4"),
        (("9", "0"), "10"),
        (("12",), "20"),
    ],
)
def test_the_largest_square_is_a_round_figure(found: tuple[str, ...], full: str) -> None:
    shading = Shading.of([Decimal(value) for value in found])
    assert shading.full == Decimal(full)
    assert shading.side(shading.full) == shading.side(shading.full * 9) == 26
    assert shading.side(shading.full / 4) == 13
    assert shading.side(shading.full / 1000) == 6
    assert [shading.level(step) for step in shading.steps] == [2, 3, 4, 5]
    assert shading.level(shading.steps[0] / 2) == 1
    assert len(shading.key) == 5


def test_few_losses_beyond_do_not_shrink_all_others() -> None:
    assert Shading.of([Decimal(2)] * 99 + [Decimal(90)]).full == 2


def test_the_table_of_numbers_holds_points_losses_and_bases(site: SiteData, made: Pages) -> None:
    read = table(body(made, "points.html"), "ap-points")
    branches = carded(site.results.branches)
    assert [row[0].links[0] for row in read.rows] == [
        f"{site.results.year}/branches/{branch.id}.html" for branch in branches
    ]
    for branch, row in zip(branches, read.rows, strict=True):
        for line, cell in zip(lines(branch), row[1:-4], strict=True):
            points = lost(line)
            words = cell.text.split()
            if points is None:
                assert words[0] == ("未评" if line.basis is Basis.PENDING else "不适用")
                if line.basis is Basis.NOT_APPLICABLE and line.points is not None:
                    assert words[-1] == f"{line.points:.2f}"
                continue
            assert LETTERS[line.basis] in cell.look
            assert words[:2] == [WORDS[line.basis], f"{line.points:.2f}"]
            assert words[2:] == ([f"\u2212{points:.2f}"] if points else [])
        figures = [f"{value:.2f}" for value in (branch.fixed, branch.bonus, branch.total)]
        assert [cell.text for cell in row[-4:-1]] == figures


def test_the_table_holds_every_figure_of_the_map(made: Pages) -> None:
    heat = table(body(made, "heat.html"), "ap-heat")
    numbers = table(body(made, "points.html"), "ap-points")
    by_branch = {row[0].links[0]: row for row in numbers.rows}
    for row in heat.rows:
        other = by_branch[row[0].links[0]]
        assert other[-1].text == row[-1].text.strip()
        for cell, figure in zip(row[1:-1], other[1:-4], strict=True):
            words = f"\u2212{cell.text}" if lossy(cell.look) else cell.text
            assert words in figure.text or "z" in cell.look
    feet = numbers.parts["tfoot"]
    assert [c.text for c in feet[1][1:-2]] == [c.text.strip() for c in heat.parts["tfoot"][0][1:-1]]
    assert feet[1][-1].text == heat.parts["tfoot"][0][-1].text.strip()


def test_means_of_points_leave_out_what_is_unknown(site: SiteData, made: Pages) -> None:
    foot = table(body(made, "points.html"), "ap-points").parts["tfoot"][0]
    columns = zip(*(lines(b) for b in carded(site.results.branches)), strict=True)
    for cell, column in zip(foot[1:-1], columns, strict=True):
        assert cell.text == mean(line.points for line in column if line.basis in FIGURES)


def test_headings_name_criteria_and_lead_to_their_pages(site: SiteData, made: Pages) -> None:
    for address, name in (("heat.html", "ap-heat"), ("points.html", "ap-points")):
        read = table(body(made, address), name)
        heads = [cell for cell in read.parts["thead"][1] if cell.links]
        criteria = [c for section in site.rubric.sections for c in section.criteria]
        assert [cell.links for cell in heads] == [[f"criteria/{c.id}.html"] for c in criteria]
        assert all(c.title in cell.text for c, cell in zip(criteria, heads, strict=True))
        assert all(cell.attributes["scope"] == "col" for cell in heads)
        assert read.caption
        widths = [
            int(cell.attributes["colspan"]) for cell in read.parts["thead"][0] if cell.tag == "th"
        ]
        assert widths == [len(section.criteria) for section in site.rubric.sections]


def test_who_has_no_scorecard_is_counted_in_words(site: SiteData, made: Pages) -> None:
    count = len(site.results.branches) - len(carded(site.results.branches))
    assert count
    for address in ("heat.html", "points.html", "criteria.html"):
        assert f"未报送 {count} 个，没有评分卡" in body(made, address)


def test_past_years_have_maps_of_their_own(site: SiteData) -> None:
    past = volumes_of(site)[1]
    year = past.site.results.year
    read = table(body(past, f"{year}/heat.html"), "ap-heat")
    links = {row[0].links[0] for row in read.rows}
    assert links == {f"../{year}/branches/{b.id}.html" for b in carded(past.site.results.branches)}


@pytest.mark.parametrize("count", [0, 1])
def test_without_branches_and_with_one(site: SiteData, count: int) -> None:
    few = Pages(larger(site, count))
    for address, name in (("heat.html", "ap-heat"), ("points.html", "ap-points")):
        text = body(few, address)
        tables = [t for t in TableReader(text).tables if name in t.look]
        assert len(tables) == count
        assert all(not t.parts["tfoot"] for t in tables), "the mean of one is that one's figure"
        assert ("还没有评分卡" in text) == (count == 0)
        assert "ap-compare" not in text
    assert ("只有一个党支部，没有平均数" in body(few, "heat.html")) == (count == 1)


@pytest.fixture
def many(site: SiteData, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Return the pages of a year where four rows fill a page, with names that could collide."""
    monkeypatch.setattr(standings, "ROWS", 4)
    names = ["none", "consortia", "2", None]
    changed = (
        replace(
            branch, consortium=names[number // 6], consortium_title=masked(names[number // 6] or "")
        )
        for number, branch in enumerate(larger(site, 23).results.branches)
        for name in (names[number // 6],)
    )
    results = replace(site.results, branches=tuple(changed))
    return Pages(replace(site, evaluation=replace(site.evaluation, results=results)))


@pytest.mark.parametrize("name", ["heat", "points"])
def test_many_branches_are_shown_by_consortium(many: Pages, name: str) -> None:
    """Every branch once, on a page of at most as many rows as fit, two steps from the overview."""
    css = {"heat": "ap-heat", "points": "ap-points"}[name]
    overview = body(many, f"{name}.html")
    rows = table(overview, css).rows
    assert len(rows) == 4
    shown: list[str] = []
    for row in rows:
        address = row[0].links[0]
        folder = address.removesuffix(".html")
        for page in (address, f"{folder}/2.html"):
            text = body(many, page)
            found = [Page(str(r[0].text)).text for r in table(text, css).rows]
            assert 0 < len(found) <= 4
            shown += [r[0].links[0].rsplit("/", 1)[-1] for r in table(text, css).rows]
        assert f"{folder}/2.html" in targets(address, Page(body(many, address)))
        assert f"{folder}/3.html" not in many.standing
    assert sorted(shown) == sorted(f"{b.id}.html" for b in many.site.results.branches)


def test_means_of_consortia(many: Pages) -> None:
    rows = {row[0].links[0]: row for row in table(body(many, "heat.html"), "ap-heat").rows}
    for name in ("none", "consortia", "2", None):
        row = rows[f"heat/{name}.html" if name else "heat-none.html"]
        members = [b for b in many.site.results.branches if b.consortium == name]
        columns = list(zip(*map(lines, members), strict=True))
        for cell, column in zip(row[1:-1], columns, strict=True):
            expected = mean(map(lost, column))
            if expected == "—":
                assert cell.text in {"未评", "不适用"}
            else:
                assert cell.text == expected
                figures = sum(lost(line) is not None for line in column)
                assert cell.attributes["data-n"] == f"{figures}"
        sums = [sum(filter(None, map(lost, lines(b))), Decimal(0)) for b in members]
        assert row[-1].text.strip() == mean(sums)


def test_no_two_pages_have_one_address(many: Pages) -> None:
    counts = Counter(address for family in FAMILIES for address, _ in family(many))
    assert [address for address, count in counts.items() if count > 1] == []
    assert {"heat/none.html", "heat-none.html", "heat/2.html", "heat/none/2.html"} <= counts.keys()


def test_vetoed_branches_are_marked(site: SiteData, made: Pages) -> None:
    vetoed = [b for b in carded(site.results.branches) if b.status == Status.VETOED]
    assert vetoed
    rows = table(body(made, "heat.html"), "ap-heat").rows
    marked = [row[0].links[0] for row in rows if "一票否决" in row[0].text]
    assert marked == [f"{site.results.year}/branches/{b.id}.html" for b in vetoed]


def test_pages_of_many_branches_are_light(site: SiteData) -> None:
    """Also where all branches are in no consortium, so that one list takes them all."""
    big = larger(site, 2 * standings.ROWS + 1)
    alone = tuple(
        replace(b, consortium=None, consortium_title=NO_TEXT) for b in big.results.branches
    )
    results = replace(big.results, branches=alone)
    pages = Pages(replace(big, evaluation=replace(big.evaluation, results=results)))
    for address in ("heat-none.html", "points-none.html", "heat-none/3.html"):
        text = body(pages, address)
        assert len(text.encode()) < FIRST_VIEW - SHELL, address
    assert len(table(body(pages, "heat-none.html"), "ap-heat").rows) == standings.ROWS
    assert len(table(body(pages, "heat-none/3.html"), "ap-heat").rows) == 1
