"""What a secretary writes: the ids of a rubric with their titles, a guide that names no year."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

# Any: what stands in YAML.
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.files.attachments import TYPES
from generator.files.limits import MAX_BRANCH_YEAR, MAX_FILE, MEGABYTE
from generator.rubric.levels import Level
from generator.site.build.volume import Pages
from generator.site.build.written import PLACE, filled
from generator.site.html.sorts import sort_of
from generator.site.reference.ids import ids_of
from generator.text.titles import BALLOTS, LEVELS, ballot_title, level_title
from tests.markup import Element, tree
from tests.sites import PROGRAM

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.data.years import SiteData

PAGES, RUBRIC = PROGRAM / "site_templates", PROGRAM / "rubric.yml"
GUIDES = sorted((PAGES / "pages").glob("guide*.md"))
YEAR = re.compile(r"(?<![\w#])20\d\d(?!\w)")


def named(node: Any) -> set[str]:
    """Return all words that a criterion of rubric.yml asks for, but what it asks of a record.

    ``facts`` are beside it.
    """
    if isinstance(node, dict):
        return set().union(*(named(node[name]) for name in node.keys() - {"id", "facts", "having"}))
    return set().union(*map(named, node)) if isinstance(node, list) else {str(node)}


@pytest.fixture(scope="module")
def body(site: SiteData) -> Element:
    return tree(str(Pages(site).standing["ids.html"]().body))


def test_every_id_of_the_rubric_stands_beside_its_title(site: SiteData, body: Element) -> None:
    rubric = site.rubric
    rows = {tuple(row[:2]) for t in body.all("table") for row in t.table}
    assert {(c.title, c.id) for _, c in rubric.criteria.values()} <= rows
    assert {(title, name) for name, title in rubric.activity_types.items()} <= rows
    sections = yaml.safe_load(RUBRIC.read_text("utf-8"))["sections"]
    asked = {c["id"]: named(c) for section in sections for c in section["criteria"]}
    chapters = {e.one("h3").text: e for e in body.all("section", "ap-rule")}
    for name, kind in rubric.document_kinds.items():
        element = chapters[f"{kind.title} {name}"]
        chapter = element.text
        for field in kind.fields:
            assert f"{field}：" in chapter
        assert chapter.count("，必填") == len(kind.required)
        serving = {link.attributes["href"].partition("#")[2] for link in element.all("a")}
        assert serving == {id_ for id_, words in asked.items() if name in words}, name
    assert rubric.bonus is not None
    for rule in rubric.bonus.rules:
        chapter = chapters[f"{rule.title} {rule.id} · {rule.clause}"].text
        for name, level in rule.levels.items():
            assert f"{LEVELS[name]} {name}，加 {level.points:f} 分" in chapter.replace(
                "\u00a0", " "
            )


@pytest.mark.parametrize("level", ["galactic", "市级", "x-9"])
def test_a_level_without_a_title_is_its_own(site: SiteData, level: str) -> None:
    bonus = site.rubric.bonus
    assert bonus is not None
    rules = tuple(replace(rule, levels={level: Level(Decimal(9))}) for rule in bonus.rules)
    found = ids_of(replace(site.rubric, bonus=replace(bonus, rules=rules))).rules
    assert {(entry.title, entry.id) for rule in found for entry in rule.levels} == {(level, level)}
    assert level_title(level) == ballot_title(level) == level


def test_levels_and_ballots_of_the_sample_have_titles(site: SiteData) -> None:
    bonus = site.rubric.bonus
    assert bonus is not None
    assert {level for rule in bonus.rules for level in rule.levels} <= set(LEVELS)
    assert set(site.rubric.ballot) <= set(BALLOTS)
    assert str(level_title("municipal")) == "市级"
    assert str(ballot_title("good")) == "良好"


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_a_guide_leaves_year_and_limits_to_the_program(path: Path) -> None:
    text = path.read_text("utf-8")
    assert {"year", "types", "file_limit", "year_limit"} == set(PLACE.findall(text))
    told = filled(text, 2031)
    assert not PLACE.search(told)
    assert "2031-03-12-theme-day" in told
    assert f"{MAX_FILE // MEGABYTE} MB" in told
    assert f"{MAX_BRANCH_YEAR // MEGABYTE} MB" in told
    assert "、".join(TYPES) in told
    assert "{members: 23, present: 19, leave: 3, absent: 1}" in told


def test_no_page_or_template_names_a_year() -> None:
    paths = [p for p in PAGES.rglob("*") if p.suffix in {".md", ".jinja", ".html", ".xml"}]
    assert len(paths) > len(GUIDES)
    named = [(p.name, found) for p in paths for found in YEAR.findall(p.read_text("utf-8"))]
    assert named == []


def test_every_type_of_attachment_has_a_word() -> None:
    words = {suffix: sort_of(media) for suffix, media in TYPES.items()}
    assert words["pdf"] == "PDF"
    assert words["jpg"] == words["webp"] == "照片"
    assert words["csv"] == words["xlsx"] == "表格"
    assert not any("/" in word for word in words.values())
    assert sort_of("application/x-unheard-of") == sort_of("") == "其他"
