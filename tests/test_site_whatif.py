"""The pages of what if and of open questions: every figure, in words where nothing changes."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.site.build.volume import Pages
from generator.site.data.years import load_site
from generator.site.reference.questions import asked
from generator.site.work import whatif as alternatives
from tests import test_whatif
from tests.markup import Reader
from tests.sites import PROGRAM, final_year
from tests.test_whatif import QUESTION, ask, put

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engine.whatif.outcomes import WhatIf
    from generator.site.data.years import SiteData
    from tests.markup import Attributes
    from tests.test_whatif import Data

TEMPLATES = PROGRAM / "site_templates"
MINUS = "\u2212"
#: Fixtures of another module: a copy of the sample to change.
committed, sample = test_whatif.committed, test_whatif.sample


class Tables(Reader):
    """Collects the cells of all tables of a class, row by row, and all headings."""

    def __init__(self, body: str, name: str) -> None:
        self.name, self.inside, self.cell = name, False, False
        self.tables: list[list[list[str]]] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "table":
            self.inside = dict(attrs).get("class") == self.name
            if self.inside:
                self.tables.append([])
        elif self.inside and tag == "tr":
            self.tables[-1].append([])
        elif self.inside and tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self.cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.cell = False
        if tag == "table":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and self.cell:
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="module")
def body(site: SiteData) -> str:
    return str(alternatives.page(Pages(site)).body)


def whatif_of(site: SiteData) -> WhatIf:
    assert site.evaluation.whatif is not None
    return site.evaluation.whatif


def shown(total: Any) -> str:
    return "—" if total is None else f"{total:.2f}".replace("-", MINUS)


def test_every_figure_of_every_answer_is_on_the_page(site: SiteData, body: str) -> None:
    whatif = whatif_of(site)
    outcomes = [whatif.outcome(answer) for answer in whatif.answers]
    tables = iter(Tables(body, "ap-whatif-table").tables)
    counts = iter(Tables(body, "ap-whatif-counts").tables)
    seen = 0
    for outcome in filter(None, outcomes):
        listed = [c for c in outcome.changes if alternatives.moves(c)]
        if outcome.graded:
            rows = [[cell.strip() for cell in row] for row in next(counts)[1:]]
            assert [(int(row[1]), int(row[2])) for row in rows] == [
                (now, then) for _, _, now, then in outcome.grades
            ]
        if not listed:
            continue
        found = {row[0]: row for row in next(tables)[1:]}
        assert set(found) == {change.now.name for change in listed}
        for change in listed:
            row = found[change.now.name]
            total = shown(change.now.total)
            if change.points_change:
                total = f"{total} → {shown(change.total)}"
            assert row[1] == total
            for title in (change.now.grade_title, change.grade_title):
                assert (title or "未定") in row[-1]
            for rank in filter(None, (change.now.rank, change.rank)):
                assert f"{rank}" in row[-2].split(" → ")
            seen += 1
    assert seen
    assert next(tables, None) is None
    assert next(counts, None) is None


def test_the_overview_counts_what_the_tables_list(site: SiteData, body: str) -> None:
    whatif = whatif_of(site)
    rows = [row[-4:] for row in Tables(body, "ap-whatif-list").tables[0][1:]]
    assert [row[0] for row in rows] == [answer.label for answer in whatif.answers]
    wanted = [(o.points, o.ranks, o.graded) for o in map(whatif.outcome, whatif.answers) if o]
    assert [tuple(map(int, row[1:])) for row in rows] == wanted


def test_where_nothing_changes_words_say_so(body: str) -> None:
    assert "没有一个支部的总分、名次、等次或可能的区间会变。" in body


def test_an_answer_that_cannot_be_says_why(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    put(root, ask(rubric, [{"sections.governance.points": 10}, {"grades.excellent.title": "<b>"}]))
    page = str(alternatives.page(Pages(load_site(root, "zh", TEMPLATES, keep=False))).body)
    assert "算不出来" in page
    assert "B001" in page
    assert f'id="{QUESTION}-1"' in page
    assert "grades.excellent.title: &lt;b&gt;" in page
    assert "<b>:" not in page


def test_without_other_answers_and_in_a_final_year_words_say_so(
    sample: tuple[Path, Data],
) -> None:
    root, rubric = sample
    rubric["questions"] = []
    text = json.dumps(rubric, default=str)
    for name in re.findall(r'"question": "[^"]*",? ?', text):
        text = text.replace(name, "")
    put(root, yaml.safe_load(text.replace(", }", "}")))
    page = str(alternatives.page(Pages(load_site(root, "zh", TEMPLATES, keep=False))).body)
    assert "没有待定事项写明其他答案" in page
    shutil.rmtree(root / "committee" / "2026")
    path = root / "committee" / "2025" / "appraisal.yml"
    path.write_text(path.read_text("utf-8").replace("stage: publicity", "stage: final"), "utf-8")
    page = str(alternatives.page(Pages(load_site(root, "zh", TEMPLATES, keep=False))).body)
    assert "已经定稿" in page


def test_long_lists_are_cut_and_say_so(site: SiteData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alternatives, "ROWS", 2)
    page = str(alternatives.page(Pages(site)).body)
    assert all(len(table) - 1 <= 2 for table in Tables(page, "ap-whatif-table").tables)
    assert "另有 2\u00a0个支部未列出" in page


def test_past_years_have_no_page_of_their_own(site: SiteData) -> None:
    past = final_year(site)
    assert list(alternatives.pages(Pages(past, site))) == []
    assert [address for address, _ in alternatives.pages(Pages(site))] == ["whatif.html"]


def test_questions_name_all_that_rests_on_them(site: SiteData) -> None:
    found = {view.question.id: view for view in asked(Pages(site))}
    assert list(found) == [q.id for q in site.rubric.questions]
    wanted = {(c.question, c.id) for _, c in site.rubric.criteria.values() if c.question}
    wanted |= {(r.question, r.id) for r in site.rubric.bonus_rules.values() if r.question}
    wanted |= {(v.question, v.id) for v in site.rubric.vetoes if v.question}
    there = {(name, r.anchor) for name, view in found.items() for r in view.resting}
    assert wanted
    assert wanted <= there
    others = [o for view in found.values() for o in view.others]
    assert [o.label for o in others] == [a.label for a in whatif_of(site).answers]
    assert all(o.address.startswith("whatif.html#") for o in others)
    ids = set(re.findall(r'id="([^"]+)"', str(alternatives.page(Pages(site)).body)))
    assert {o.address.partition("#")[2] for o in others} <= ids
