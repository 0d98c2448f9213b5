"""Pages of consortia and societies: who is on them, in which order, and what teams think of it."""

from __future__ import annotations

import posixpath
import re
import statistics
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from generator.results.model import SupervisionOpinion
from generator.scoring.scorecard import Status
from generator.site.addresses import branch_address, slug_of
from generator.site.build.producing import volumes_of
from generator.site.build.volume import Pages
from generator.site.data import standings
from generator.site.groups import direct, societies
from generator.site.groups.consortia import Directory
from generator.site.html.audit import Auditor
from generator.site.html.page import bare
from generator.text.privacy import NO_TEXT, masked
from tests.test_site_pages import HOSTILE, Page
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.results.model import BranchResult, Results
    from generator.site.data.years import SiteData

#: Bytes of a page that its body may have: the rest of 300 kB is the theme around it.
BODY = 280_000


@pytest.fixture(scope="module")
def volumes(site: SiteData) -> list[Pages]:
    return volumes_of(site)


def ranked(volumes: list[Pages]) -> list[Pages]:
    """Return the years in which somebody has a rank: all but the one that has just begun."""
    found = [m for m in volumes if any(b.rank for b in m.site.results.branches)]
    assert len(volumes) - 1 == len(found) == 2
    return found


def bodies(made: Pages, *starts: str) -> dict[str, str]:
    """Return the bodies of standing pages whose addresses begin like this below the year's."""
    wanted = tuple(f"{made.site.prefix}{start}" for start in starts)
    return {a: str(make().body) for a, make in made.standing.items() if a.startswith(wanted)}


def directory(made: Pages) -> dict[str, str]:
    return bodies(made, "consortia", "no-consortium", "societies")


def changed(site: SiteData, results: Results) -> Pages:
    """Return what makes the pages of a year under way with other results."""
    evaluation = replace(site.evaluation, results=results)
    return Pages(replace(site, evaluation=evaluation, others=(), trends={}))


def targets(address: str, body: str) -> set[str]:
    """Return the addresses that a page leads to."""
    folder = posixpath.dirname(address)
    links = (link.partition("#")[0] for link in Page(body).links)
    return {posixpath.normpath(posixpath.join(folder, link)) for link in links if link}


def table(body: str, name: str) -> list[list[str]]:
    """Return the cells of the rows of a table by its class, as text."""
    found = re.search(rf'<table class="ap-grid {name}">.*?</table>', body, re.DOTALL)
    assert found, name
    rows = re.findall(r"<tr>(.*?)</tr>", found[0].partition("<tbody>")[2], re.DOTALL)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
    return [[text_of(re.sub("<title>.*?</title>", "", cell)) for cell in row] for row in cells]


def text_of(body: str) -> str:
    """Return the text of a page, with plain spaces between figures and units."""
    return Page(body).text.replace("\u00a0", " ")


def words(value: Decimal) -> str:
    return f"{value:.2f}"


def totals(results: Results, consortium: str) -> list[Decimal]:
    """Return the totals of the ranked branches of a consortium."""
    return [
        b.total
        for b in results.branches
        if b.consortium == consortium and b.status == Status.SCORED and b.total is not None
    ]


def test_every_branch_is_found_under_its_consortium_and_each_of_its_societies(
    volumes: list[Pages],
) -> None:
    assert len(volumes) > 1
    for made in volumes:
        pages, prefix, year = directory(made), made.site.prefix, made.shown.year
        first = targets(f"{prefix}consortia.html", pages[f"{prefix}consortia.html"])
        names = targets(f"{prefix}societies.html", pages[f"{prefix}societies.html"])
        for branch in made.site.results.branches:
            own = f"consortia/{branch.consortium}" if branch.consortium else "no-consortium"
            address = f"{prefix}{own}.html"
            card = branch_address(year, branch)
            assert address in first
            assert card in targets(address, pages[address])
            assert branch.societies
            for name in branch.societies:
                address = f"{prefix}societies/{slug_of(name)}.html"
                assert address in names
                assert card in targets(address, pages[address])
                assert name in Page(pages[address]).text


def test_a_joint_branch_names_its_other_societies_on_each_of_their_pages(
    volumes: list[Pages],
) -> None:
    joint = [b for b in volumes[0].site.results.branches if len(b.societies) > 2]
    assert joint
    pages = bodies(volumes[0], "societies/")
    for branch in joint:
        addresses = {name: f"societies/{slug_of(name)}.html" for name in branch.societies}
        for name, address in addresses.items():
            others = {a for other, a in addresses.items() if other != name}
            assert others <= targets(address, pages[address])
            assert address not in targets(address, pages[address])


def test_rank_total_grade_and_status_are_those_of_the_results(volumes: list[Pages]) -> None:
    seen = set()
    for made in volumes:
        pages = bodies(made, "societies/")
        for branch in made.site.results.branches:
            address = f"{made.site.prefix}societies/{slug_of(branch.societies[0])}.html"
            rows = table(pages[address], "ap-members")
            row = next(row for row in rows if branch.name in row[1])
            seen.add(branch.status)
            rank, total = row[0], row[2]
            assert rank.startswith(f"{branch.rank}" if branch.rank else "—")
            assert total.startswith("—" if branch.total is None else words(branch.total))
            assert status_words(branch) in row[3]
    assert {Status.SCORED, Status.VETOED, Status.NOT_SUBMITTED} <= seen


def status_words(branch: BranchResult) -> str:
    if branch.status == Status.SCORED:
        return branch.grade_title or "未定"
    return {"vetoed": "一票否决", "not-submitted": "未报送"}.get(branch.status, "无法计分")


def test_the_computed_order_is_that_of_the_medians(volumes: list[Pages]) -> None:
    for made in ranked(volumes):
        results = made.site.results
        names = {b.consortium: b.consortium_title for b in results.branches if b.consortium}
        middles = {name: statistics.median(totals(results, name)) for name in names}
        order = sorted(names, key=lambda name: -middles[name])
        rows = table(bodies(made, "consortia.html").popitem()[1], "ap-consortia")
        assert len(order) == len(rows) > 2
        for place, (name, row) in enumerate(zip(order, rows, strict=True), start=1):
            values = totals(results, name)
            assert row[0] == f"{place}"
            assert row[1].startswith(names[name])
            count = sum(b.consortium == name for b in results.branches)
            assert f"{count} 个党支部，参加排名 {len(values)} 个" in row[1]
            middle = words(made.site.rubric.vocabulary.round(Fraction(middles[name])))
            assert row[2] == middle + row[3]
            assert row[3] == f"{words(min(values))}–{words(max(values))}"


def test_equal_medians_share_a_place(site: SiteData) -> None:
    ranked = [b for b in site.results.branches if b.status == Status.SCORED][:4]
    names = ("east", "north", "west", "west")
    points = (90, 90, 95, 85)
    branches = tuple(
        replace(b, consortium=name, consortium_title=masked(name), total=Decimal(total))
        for b, name, total in zip(ranked, names, points, strict=True)
    )
    made = changed(site, replace(site.results, branches=branches, supervision=()))
    found = {e.id: (e.position, e.tied) for e in Directory(made).entries}
    assert found == {"east": (1, True), "north": (1, True), "west": (1, True)}
    lower = replace(branches[1], total=Decimal(80))
    results = replace(made.site.results, branches=(branches[0], lower, *branches[2:]))
    found = {e.id: (e.position, e.tied) for e in Directory(changed(site, results)).entries}
    assert found == {"east": (1, True), "north": (3, False), "west": (1, True)}


def test_what_teams_think_is_shown_word_by_word_beside_the_computed_order(
    volumes: list[Pages],
) -> None:
    for made in ranked(volumes):
        pages = bodies(made, "consortia")
        teams = made.site.results.supervision
        assert len(teams) > 1
        for body in pages.values():
            text = Page(body).text
            for team in teams:
                assert team.title in text
                assert " → ".join(team.titles) in text
                assert team.opinion in text
        rows = table(pages[f"{made.site.prefix}consortia.html"], "ap-seats")
        computed = {row[0]: int(row[1]) for row in rows}
        for number, team in enumerate(teams):
            for place, title in enumerate(team.titles, start=1):
                row = next(row for row in rows if row[0] == title)
                assert row[2 + number] == f"{place}{said(computed[title] - place)}"
        for name, title in zip(teams[0].order, teams[0].titles, strict=True):
            own = table(pages[f"{made.site.prefix}consortia/{name}.html"], "ap-seats")
            assert [row[0] for row in own] == [team.title for team in teams]
            assert {int(row[2]) for row in own} == {computed[title]}
            for row in own:
                assert row[3] == said(computed[title] - int(row[1]))


def said(higher: int) -> str:
    if not higher:
        return "与计算次序相同"
    return f"比计算次序{'高' if higher > 0 else '低'} {abs(higher)} 位"


def test_a_team_that_leaves_some_out_is_compared_on_those_that_it_names(site: SiteData) -> None:
    made = changed(site, site.results)
    order = [e.id for e in Directory(made).entries if e.position]
    assert len(order) == 3
    titles = tuple(map(masked, ("丙", "空", "甲")))
    team = SupervisionOpinion("x", titles[0], (order[2], "gone", order[0]), NO_TEXT, titles)
    results = replace(site.results, supervision=(team,))
    made = changed(site, results)
    found = {e.id: (e.seats[0].position, e.seats[0].words) for e in Directory(made).entries}
    assert found == {
        order[0]: (3, "比计算次序低 1 位"),
        order[1]: (None, "没有列入"),
        order[2]: (1, "比计算次序高 1 位"),
        "gone": (2, "没有参加排名的党支部"),
    }
    body = bodies(made, "consortia.html")["consortia.html"]
    assert "没有列出全部联合体" in body
    assert (
        "没有列出全部联合体"
        not in bodies(changed(site, site.results), "consortia.html").popitem()[1]
    )
    assert not [t for t in targets("consortia.html", body) if "gone" in t]


def states(site: SiteData) -> Iterable[tuple[str, Results]]:
    results = site.results
    yield "no team", replace(results, supervision=())
    yield "no branch", replace(results, branches=(), supervision=())
    yield "one branch", replace(results, branches=results.branches[:1])
    alone = tuple(replace(b, consortium=None, consortium_title=NO_TEXT) for b in results.branches)
    yield "no consortium", replace(results, branches=alone, supervision=())
    unranked = tuple(b for b in results.branches if b.status != Status.SCORED)
    yield "none ranked", replace(results, branches=unranked)


def test_states_have_words(site: SiteData) -> None:
    found = {
        name: {a: body.replace("\u00a0", " ") for a, body in directory(changed(site, r)).items()}
        for name, r in states(site)
    }
    assert "还没有督导团" in found["no team"]["consortia.html"]
    assert "还没有督导团" in found["no team"]["consortia/east.html"]
    assert "还没有党支部加入联合体" in found["no branch"]["consortia.html"]
    assert "还没有学会" in found["no branch"]["societies.html"]
    assert "只有一个党支部参加排名" in found["one branch"]["consortia/east.html"]
    assert "还没有党支部加入联合体" in found["no consortium"]["consortia.html"]
    assert "no-consortium.html" in targets("", found["no consortium"]["consortia.html"])
    assert "没有党支部参加排名" in found["none ranked"]["consortia/west.html"]
    for pages in found.values():
        for address, body in pages.items():
            reader = Page(body)
            assert reader.headings[0] == 1, address
            steps = zip(reader.headings, reader.headings[1:], strict=False)
            assert all(after <= before + 1 for before, after in steps), address
            assert len(reader.ids) == len(set(reader.ids)), address


NAMES = (
    HOSTILE,
    "../../index",
    "a/b.html#x?y",
    "javascript:alert(1)",
    '" onmouseover="x',
    "学会" * 200,
    "CON",
    "e\u0301",
    "\u00e9",
)


def test_hostile_names_of_societies_are_text_at_harmless_addresses(site: SiteData) -> None:
    branches = tuple(
        replace(branch, societies=(masked(name),))
        for branch, name in zip(site.results.branches, NAMES, strict=False)
    )
    assert len(branches) == len(NAMES)
    made = changed(site, replace(site.results, branches=branches))
    pages = bodies(made, "societies")
    assert len(pages) == len(NAMES) + 1
    for name in NAMES:
        address = f"societies/{slug_of(name)}.html"
        assert re.fullmatch(r"societies/[0-9a-f]{16}\.html", address)
        for body in (pages[address], pages["societies.html"]):
            assert name in Page(body).text
            assert not Page(body).tags & {"script", "img"}
        assert address in targets("societies.html", pages["societies.html"])
    auditor = Auditor()
    for address, make in made.standing.items():
        if address.startswith("societies"):
            page = make()
            auditor.body(page.address, bare(str(page.body)))


def test_lists_that_fill_more_than_one_page_name_everybody_once(
    site: SiteData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "ROWS", 2)
    pages = directory(changed(site, site.results))
    for start, own in (("societies", "societies"), ("consortia", "consortia")):
        index = [f"{start}.html", *sorted(a for a in pages if a.startswith(f"{start}-index/"))]
        assert len(index) > 1
        listed = [t for a in index for t in targets(a, pages[a]) if t.startswith(f"{own}/")]
        members = {a for a in pages if re.fullmatch(rf"{own}/[^/]+\.html", a)}
        assert sorted(listed) == sorted(members)
        for address in index:
            assert set(index) - {address} <= targets(address, pages[address])
    east = [a for a in pages if a.startswith("consortia/east")]
    assert len(east) > 1
    cards = [t for a in east for t in targets(a, pages[a]) if "/branches/" in t]
    wanted = {branch_address(2025, b) for b in site.results.branches if b.consortium == "east"}
    assert sorted(cards) == sorted(wanted)


@pytest.mark.slow
@pytest.mark.parametrize("count", tiered([1_000, 10_000], often=0, fast=1))
def test_many_branches_keep_every_page_small(count: int, site: SiteData) -> None:
    scored = [b for b in site.results.branches if b.status == Status.SCORED]
    branches = tuple(
        replace(
            scored[n % len(scored)],
            id=f"demo-{n:05d}",
            name=masked(f"重庆市示例学会第{n}党支部"),
            societies=(masked(f"重庆市示例学会第{n}"),),
            consortium=f"lianheti-{n % 400:03d}",
            consortium_title=masked(f"第{n % 400}示例联合体"),
            rank=n + 1,
            rank_range=(1, count),
        )
        for n in range(count)
    )
    order = tuple(f"lianheti-{n:03d}" for n in range(400))
    titles = tuple(masked(f"第{n}示例联合体") for n in range(400))
    teams = tuple(
        SupervisionOpinion(f"t{n}", masked(f"第{n}督导团"), order, NO_TEXT, titles)
        for n in range(8)
    )
    made = changed(site, replace(site.results, branches=branches, supervision=teams))
    wanted = ["consortia.html", "consortia-index/4.html", "consortia/lianheti-007.html"]
    wanted += ["societies.html", f"societies-index/{count // 200}.html"]
    for address in wanted:
        size = len(str(made.standing[address]().body).encode())
        assert 5_000 < size < BODY, (address, size)
    assert f"societies-index/{count // 200 + 1}.html" not in made.standing
    assert "consortia-index/5.html" not in made.standing
    assert "完整排序" in str(made.standing["consortia/lianheti-007.html"]().body)
    assert sum(a.startswith("societies/") for a in made.standing) == count


def test_a_society_of_many_branches_is_named_with_its_first_and_their_number(
    site: SiteData,
) -> None:
    branches = tuple(replace(b, societies=(masked("甲会"),)) for b in site.results.branches)
    pages = bodies(changed(site, replace(site.results, branches=branches)), "societies")
    more = len(branches) - societies.NAMED
    assert f"另有 {more} 个" in text_of(pages["societies.html"])
    own = pages[f"societies/{slug_of('甲会')}.html"]
    assert len(table(own, "ap-members")) == len(branches)


@pytest.mark.parametrize("most", [20, 1])
def test_branches_outside_consortia_report_directly(
    site: SiteData, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the list of consortia and in the step of the teams: each, or the first of many."""
    monkeypatch.setattr(direct, "NAMED", most)
    results = site.results
    loose = tuple(
        replace(b, consortium=None, consortium_title=NO_TEXT) if number % 3 == 0 else b
        for number, b in enumerate(results.branches)
    )
    inside = tuple(b for b in results.branches if b.consortium)
    for own in (results.branches, loose, inside):
        made = changed(site, replace(results, branches=own))
        outside = [b for b in own if b.consortium is None]
        for address, body in bodies(made, "consortia.html", "process.html").items():
            part = re.search(r"<p>直接报送：.*?</p>", body)
            assert (part is None) == (not outside), address
            if part is not None:
                cards = {branch_address(2025, b) for b in outside[:most]}
                assert targets(address, part[0]) == {"no-consortium.html", *cards}
                assert f"{len(outside)} 个党支部" in text_of(part[0])
                assert ("…" in part[0]) == (len(outside) > most)
