"""Pages of criteria: completion over all branches, distribution, and every branch on each."""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from generator.scoring.scorecard import Basis
from generator.site.build.volume import Pages
from generator.site.criteria.histogram import bins_of
from generator.site.data import standings
from generator.site.data.survey import Mark
from tests.site_tables import TableCell, TableReader, table
from tests.test_site_heat import FIGURES, body, carded, lines, lost, made, mean
from tests.test_site_pages import Page
from tests.test_site_scale import FIRST_VIEW, SHELL, larger, targets

if TYPE_CHECKING:
    import pytest

    from generator.site.data.years import SiteData

__all__ = ["made"]

BASES = (Basis.VERIFIED, Basis.COMPUTED, Basis.CLAIMED, Basis.PENDING, Basis.NOT_APPLICABLE)


def number(cell: TableCell) -> str:
    """Return the figure of a cell without the label that a phone shows."""
    return cell.text.split()[1]


def test_completion_is_counted_and_drawn_alike(site: SiteData, made: Pages) -> None:
    rows = table(body(made, "criteria.html"), "ap-completion").rows
    branches = carded(site.results.branches)
    columns = list(zip(*map(lines, branches), strict=True))
    assert len(rows) == len(columns)
    for row, column in zip(rows, columns, strict=True):
        assert row[0].links == [f"criteria/{column[0].criterion}.html"]
        counts = Counter(line.basis for line in column)
        assert [number(cell) for cell in row[2:7]] == [f"{counts[basis]}" for basis in BASES]
        drawn = [(basis.value, f"{counts[basis]}") for basis in BASES if counts[basis]]
        assert row[1].values == drawn
        assert sum(counts.values()) == len(branches)
        figures = [line for line in column if line.basis in FIGURES]
        assert number(row[7]) == mean(line.points for line in figures)
        assert number(row[8]) == mean(map(lost, column))
        full = sum(lost(line) == 0 for line in figures)
        assert row[9].text.split()[1:] == (
            [f"{full}", "/", f"{len(figures)}"] if figures else ["—"]
        )


def test_every_branch_is_on_every_criterion(site: SiteData, made: Pages) -> None:
    """With points, basis and loss, leading to the line of its scorecard."""
    branches = {branch.id: branch for branch in site.results.branches}
    criteria = [c for section in site.rubric.sections for c in section.criteria]
    for criterion in criteria:
        rows = table(body(made, f"criteria/{criterion.id}.html"), "ap-on-criterion").rows
        seen = []
        for row in rows:
            address, _, anchor = row[0].links[0].partition("#")
            branch = branches[posixpath.basename(address).removesuffix(".html")]
            seen.append(branch.id)
            line = next(
                (x for x in branch.lines if x.criterion == criterion.id and not x.part), None
            )
            text = [cell.text for cell in row[1:]]
            if line is None:
                assert (anchor, text) == ("", ["—", "—", "", "未报送"])
                continue
            assert anchor == criterion.id
            points = lost(line)
            if points is not None:
                assert f"{points:.2f}" in text[0]
                assert text[1] == f"{line.points:.2f} / {criterion.points.normalize():f}"
            elif line.basis is Basis.PENDING:
                assert [words.strip() for words in text] == ["—", "—", "", "未评"]
            else:
                assert text[0] == "—"
                assert text[3].strip() == "不适用"
        assert sorted(seen) == sorted(branches)


def test_what_lost_most_comes_first(site: SiteData, made: Pages) -> None:
    for section in site.rubric.sections:
        for criterion in section.criteria:
            rows = table(body(made, f"criteria/{criterion.id}.html"), "ap-on-criterion").rows
            losses = [row[1].text.strip().lstrip("\u2212") for row in rows]
            known = [float(text) for text in losses if text != "—"]
            assert known == sorted(known, reverse=True)
            words = [row[-1].text.strip() for row in rows[len(known) :]]
            order = ["未评", "不适用", "未报送"]
            assert words == sorted(words, key=order.index)


def test_a_criterion_is_told_in_words(site: SiteData, made: Pages) -> None:
    questions = {q.id: q for q in site.rubric.questions}
    asked = 0
    for section in site.rubric.sections:
        for criterion in section.criteria:
            text = body(made, f"criteria/{criterion.id}.html")
            read = Page(text)
            for words in (criterion.title, criterion.clause, criterion.requires):
                assert words in read.text
            assert f"../rubric.html#{criterion.id}" in read.links
            if criterion.question:
                assert f"../questions.html#{criterion.question}" in read.links
                assert questions[criterion.question].issue in read.text
                asked += 1
    assert asked


def test_the_distribution_is_drawn_as_it_is_counted(site: SiteData, made: Pages) -> None:
    for section in site.rubric.sections:
        for criterion in section.criteria:
            text = body(made, f"criteria/{criterion.id}.html")
            column = [x for b in carded(site.results.branches) for x in lines(b)]
            found = [x for x in column if x.criterion == criterion.id and x.basis in FIGURES]
            tables = [t for t in TableReader(text).tables if "ap-spread" in t.look]
            assert len(tables) == bool(found)
            if not found:
                assert "还没有党支部在这一小项上有得分" in text
                continue
            rows = tables[0].rows
            for row in rows:
                counts = [int(cell.text) for cell in row[3:]]
                assert int(row[2].text) == sum(counts)
                drawn = [(b.value, f"{n}") for b, n in zip(FIGURES, counts, strict=True) if n]
                assert row[1].values == drawn
            assert sum(int(row[2].text) for row in rows) == len(found)
            assert int(rows[-1][2].text) == sum(x.points == x.max for x in found)
            assert int(rows[0][2].text) == sum(x.points == 0 for x in found)


marks = st.integers(0, 1600).map(lambda n: Mark(Basis.COMPUTED, Decimal(n) / 100, Decimal(16)))


@given(st.lists(marks), st.sampled_from(["0.5", "1", "3", "4.5", "7", "8", "16", "120"]))
def test_every_figure_is_in_one_class(found: list[Mark], most: str) -> None:
    maximum = Decimal(most)
    known = [m._replace(points=min(m.points or Decimal(0), maximum)) for m in found]
    bins = bins_of([*known, Mark(Basis.PENDING, None, maximum), None], maximum)
    assert sum(b.count for b in bins) == len(known)
    assert 2 < len(bins) <= 10
    for points in {m.points for m in known if m.points is not None}:
        at = next(b for b in bins_of([Mark(Basis.CLAIMED, points, maximum)], maximum) if b.count)
        if "–" in at.words:
            low, high = map(Decimal, at.words.split("–"))
            assert low <= points < high
        else:
            assert points in {0, maximum} or "不足" in at.words


def test_nothing_can_be_reached_where_the_maximum_is_zero() -> None:
    assert bins_of([Mark(Basis.COMPUTED, Decimal(0), Decimal(0))], Decimal(0)) == ()


def test_without_branches(site: SiteData) -> None:
    few = Pages(larger(site, 0))
    rows = table(body(few, "criteria.html"), "ap-completion").rows
    assert rows
    assert all(number(cell) == "0" for row in rows for cell in row[2:7])
    assert all(number(row[7]) == number(row[8]) == "—" for row in rows)
    assert "还没有党支部" in body(few, f"{rows[0][0].links[0]}")


def test_many_branches_fill_several_pages(site: SiteData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings, "ROWS", 4)
    pages = Pages(larger(site, 10))
    criterion = site.rubric.sections[0].criteria[0]
    addresses = [
        f"criteria/{criterion.id}.html",
        *(f"criteria/{criterion.id}/{n}.html" for n in (2, 3)),
    ]
    shown: list[str] = []
    for address in addresses:
        text = body(pages, address)
        shown += [row[0].links[0] for row in table(text, "ap-on-criterion").rows]
        assert set(addresses) - {address} <= targets(address, Page(text))
        assert ("ap-spread" in text) == (address == addresses[0])
    names = {link.rpartition("/")[2] for link in shown}
    assert names == {f"{b.id}.html#{criterion.id}" for b in pages.site.results.branches}
    assert len(shown) == 10
    assert f"criteria/{criterion.id}/4.html" not in pages.standing


def test_pages_of_many_branches_are_light(site: SiteData) -> None:
    pages = Pages(larger(site, standings.ROWS + 1))
    criterion = site.rubric.sections[0].criteria[0]
    text = body(pages, f"criteria/{criterion.id}.html")
    assert len(table(text, "ap-on-criterion").rows) == standings.ROWS
    assert len(text.encode()) < FIRST_VIEW - SHELL
    assert len(body(pages, "criteria.html").encode()) < FIRST_VIEW - SHELL


def test_one_branch_more_moves_no_other_figure(site: SiteData) -> None:
    """A branch that waits for everything changes counts, and no mean."""
    two = larger(site, 2)
    first = two.results.branches[0]
    one = replace(
        two, evaluation=replace(two.evaluation, results=replace(two.results, branches=(first,)))
    )
    rows = table(body(Pages(one), "criteria.html"), "ap-completion").rows
    for line, row in zip(lines(first), rows, strict=True):
        if line.basis in FIGURES:
            assert number(row[7]) == f"{line.points:.2f}"
