"""The ranking: the picture of totals against its table, what rows can be narrowed to, states."""

from __future__ import annotations

import dataclasses
import random
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from generator.scoring.scorecard import Status
from generator.site.build.volume import Pages
from generator.site.exports.feed import feed_of
from generator.site.exports.social import Card
from generator.site.html.templating import MINUS, NBSP, fixed, glue, unbroken
from generator.site.ranking.choices import NONE, choices_of
from generator.site.ranking.distribution import HEIGHT, TOP, WIDTHS, distribution_of
from generator.site.ranking.pages import home
from tests.tiers import tiered

if TYPE_CHECKING:
    from generator.results.model import BranchResult
    from generator.site.data.years import SiteData
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1]
TEMPLATES = PROGRAM / "site_templates"


def only(site: SiteData, branches: tuple[BranchResult, ...], **changes: object) -> SiteData:
    """Return a site of these branches alone, its results changed."""
    results = dataclasses.replace(site.results, branches=branches, **changes)  # type: ignore[arg-type]
    evaluation = dataclasses.replace(site.evaluation, results=results)
    return dataclasses.replace(site, evaluation=evaluation, others=())


def ranked(site: SiteData) -> tuple[BranchResult, ...]:
    return tuple(b for b in site.results.branches if b.status == Status.SCORED)


def page_of(site: SiteData) -> str:
    return str(home(Pages(site)).body)


def pictures(body: str) -> list[str]:
    return re.findall(r'<svg class="ap-dots.*?</svg>', body, re.DOTALL)


def test_every_drawing_holds_each_branch_once(site: SiteData) -> None:
    drawn = pictures(page_of(site))
    assert len(drawn) == len(WIDTHS)
    for picture in drawn:
        assert picture.count("<circle") == len(ranked(site))
        certain = [int(n) for n in re.findall(r'data-certain="(\d+)"', picture)]
        undecided = [int(n) for n in re.findall(r'data-open="(\d+)"', picture)]
        assert picture.count('class="ap-dot-open"') == sum(undecided)
        assert sum(certain) == sum(b.grade is not None for b in ranked(site))


def test_the_table_holds_the_figures_of_the_picture(site: SiteData) -> None:
    body = page_of(site)
    drawn = re.findall(
        r'data-from="([\d.]+)" data-to="([\d.]+)" data-certain="(\d+)" data-open="(\d+)"',
        pictures(body)[0],
    )
    table = body.split("各分数段的党支部", 1)[1].split("</table>", 1)[0]
    cell = '</th><td class="ap-num">(\\d+)</td>' + '<td class="ap-num">(\\d+)</td>' * 2
    rows = re.findall(r'<th scope="row">([\d.]+)–([\d.]+)' + cell, table)
    assert [(low, high, sure, left) for low, high, _, sure, left in rows] == drawn
    assert all(int(whole) == int(sure) + int(left) for _, _, whole, sure, left in rows)
    for low, high, whole, _, _ in rows:
        inside = [b for b in ranked(site) if Decimal(low) <= (b.total or 0) < Decimal(high)]
        assert len(inside) == int(whole)


def test_grades_are_counted_where_they_are_certain(site: SiteData) -> None:
    found = distribution_of(ranked(site), site.rubric, site.scale)
    assert found is not None
    bands = {band.title: band.count for band in found.bands}
    for grade in site.rubric.grades:
        expected = sum(b.grade == grade.id for b in ranked(site))
        assert bands[grade.title] == expected
    assert found.open == sum(b.grade is None for b in ranked(site))
    totals = sorted(b.total for b in ranked(site) if b.total is not None)
    half = len(totals) // 2
    middle = totals[half] if len(totals) % 2 else (totals[half - 1] + totals[half]) / 2
    assert found.median == middle


@pytest.mark.parametrize("seed", tiered(range(50), often=20, fast=10))
def test_the_median_is_rounded_alike_everywhere(site: SiteData, seed: int) -> None:
    """On the page, in the feed and in the picture: a half of the last decimal goes up."""
    rng = random.Random(seed)
    unit = Decimal(1).scaleb(-site.rubric.places)
    branches = tuple(
        dataclasses.replace(b, total=rng.randrange(5000, 10000) * unit)
        for b in ranked(site)[: rng.choice([2, 3, 4, 7])]
    )
    made = only(site, branches)
    totals = sorted(b.total for b in branches if b.total is not None)
    half = len(totals) // 2
    middle = totals[half] if len(totals) % 2 else (totals[half - 1] + totals[half]) / 2
    words = fixed(middle, site.rubric.places)
    assert f"<b>{words}</b>" in page_of(made)
    assert f"总分中位数 {words}，" in feed_of(made, "", "").decode("utf-8")
    drawn: list[str] = []
    card = Card(made)
    card.text = lambda _x, _y, figure, *_: drawn.append(figure)  # type: ignore[method-assign] # listens
    card.picture()
    assert words in drawn


def test_many_branches_make_columns_that_stay_inside(site: SiteData) -> None:
    branches = ranked(site) * 400
    found = distribution_of(branches, site.rubric, site.scale)
    assert found is not None
    for drawing in found.drawings:
        assert not drawing.dotted
        assert sum(b.count for b in drawing.bins) == len(branches)
        assert max(b.height for b in drawing.bins) == HEIGHT
        assert drawing.base == TOP + HEIGHT


def test_one_branch_has_no_distribution_and_the_page_says_so(site: SiteData) -> None:
    alone = only(site, ranked(site)[:1])
    body = page_of(alone)
    assert not pictures(body)
    assert "只有一个党支部参加排名" in body


def test_no_branch_at_all(site: SiteData) -> None:
    body = page_of(only(site, ()))
    assert "还没有党支部参加排名" in body
    assert "<table" not in body
    assert "<b>0</b> %" not in body
    assert "全部小项都已评定" not in body


def test_a_final_year_has_neither_ranges_nor_basis_nor_hollow_dots(site: SiteData) -> None:
    final = page_of(only(site, site.results.branches, stage="final"))
    now = page_of(site)
    for trace in (
        'class="ap-span"',
        'class="ap-rank"><b>1</b><span',
        "ap-dot-open",
        "ap-basis",
    ):
        assert trace in now
        assert trace not in final
    for branch in ranked(site):
        assert f">{branch.total:.2f}</td>" in final


def test_rows_say_what_they_can_be_narrowed_by(site: SiteData) -> None:
    body = page_of(site)
    choices = choices_of(ranked(site))
    for name, offered in (
        ("consortium", choices.consortia),
        ("kind", choices.kinds),
        ("grade", choices.grades),
    ):
        values = re.findall(rf'<tr[^>]* data-{name}="([^"]*)"', body)
        assert len(values) == len(ranked(site))
        assert set(values) == {choice.value for choice in offered}
        assert NONE not in [choice.value for choice in offered][:-1]


def test_a_list_over_several_pages_offers_no_filter(site: SiteData) -> None:
    body = page_of(only(site, site.results.branches * 20))
    assert "ap-filters" not in body
    assert "data-consortium" not in body
    assert "按联合体查找" in body


@pytest.mark.parametrize(
    ("text", "glued"),
    [
        ("最高 9.50 分，最低 3 分", f"最高 9.50{NBSP}分，最低 3{NBSP}分"),
        ("a 1 b", "a 1 b"),
        ("第 1 至第 2 名", f"第{NBSP}1{NBSP}至第{NBSP}2{NBSP}名"),
    ],
)
def test_no_line_breaks_between_a_figure_and_its_unit(text: str, glued: str) -> None:
    assert glue(text) == glued


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("缺 2025-09-26 的记录", ["2025-09-26"]),
        ("合计 8 + 3 + 4.17 = 15.17", ["8 + 3 + 4.17 = 15.17"]),
        ("示例〔2025〕7号，4 × 2/3", ["7号", "4 × 2/3"]),
        ("5 × (22×1 + 5×0.8 + 1×0.6)/28 = 4.75", []),
        ("<i>1/2</i>得 3 分", ["1/2"]),
    ],
)
def test_a_date_and_a_short_sum_stay_on_one_line(text: str, kept: list[str]) -> None:
    markup = unbroken(text)
    assert re.findall('<span class="ap-one-line">([^<]*)</span>', markup) == kept
    assert "<i>" not in markup
    assert re.sub("</?span[^>]*>", "", markup).replace("&lt;", "<").replace("&gt;", ">") == glue(
        text
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("84.525", "84.53"),
        ("84.535", "84.54"),
        ("-1.005", f"{MINUS}1.01"),
        ("93", "93.00"),
        ("0", "0.00"),
    ],
)
def test_figures_are_rounded_half_up_as_everywhere(value: str, words: str) -> None:
    assert fixed(Decimal(value), 2) == words
