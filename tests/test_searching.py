"""What search finds beside branches: short entries, fixed in number, that lead to their places."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.site.build.volume import Pages
from generator.site.html.search import entries
from generator.site.reference.finding import entries_of
from generator.text.codes import CODES
from tests.test_site_directory import changed
from tests.test_site_pages import Page

if TYPE_CHECKING:
    from generator.site.data.years import SiteData
    from generator.site.html.page import SearchEntry

PAGES = (("findings.html", "校验规则"), ("questions.html", "待定事项"), ("ids.html", "编号"))


@pytest.fixture(scope="module")
def found(site: SiteData) -> list[tuple[str, SearchEntry]]:
    return list(entries_of(Pages(site), PAGES))


def test_each_has_a_place_of_its_own_and_its_page_comes_before(
    found: list[tuple[str, SearchEntry]],
) -> None:
    """An anchor whose page has no entry yet would be taken for the page, and be lost."""
    assert max(Counter(address for address, _ in found).values()) == 1
    seen: set[str] = set()
    for address, entry in found:
        page, _, anchor = address.partition("#")
        assert not anchor or page in seen, address
        assert entry.title
        seen.add(address)


def test_all_that_people_look_for_is_there(
    site: SiteData, found: list[tuple[str, SearchEntry]]
) -> None:
    named = re.compile("（(?:活动|材料|加分项)）$")
    titles = Counter(named.sub("", entry.title) for _, entry in found)
    rubric = site.rubric
    wanted = [item.title for _, item in rubric.criteria.values()]
    wanted += [question.issue for question in rubric.questions]
    wanted += rubric.activity_types.values()
    wanted += [kind.title or name for name, kind in rubric.document_kinds.items()]
    wanted += [rule.title for rule in (rubric.bonus.rules if rubric.bonus else ())]
    wanted += {b.consortium_title for b in site.results.branches if b.consortium_title}
    assert Counter(wanted) - titles == Counter()
    assert {entry.title.split()[0] for a, entry in found if "findings" in a} >= set(CODES)
    for item in (item for _, item in rubric.criteria.values()):
        words = next(entry.text for a, entry in found if a.endswith(f"criteria/{item.id}.html"))
        assert {item.clause, item.id} <= set(words.split("、"))


def test_anchors_are_on_their_pages(site: SiteData, found: list[tuple[str, SearchEntry]]) -> None:
    made = Pages(site)
    ids = {a: set(Page(str(made.standing[a]().body)).ids) for a, _ in PAGES}
    for address, _ in found:
        page, _, anchor = address.partition("#")
        assert page in made.standing
        assert not anchor or anchor in ids[page], address


def test_their_number_does_not_grow_with_branches(
    site: SiteData, found: list[tuple[str, SearchEntry]]
) -> None:
    branches = tuple(replace(b, id=f"{b.id}-{n}") for n in range(20) for b in site.results.branches)
    many = changed(site, replace(site.results, branches=branches))
    assert len(list(entries_of(many, PAGES))) == len(found) < 250


def test_addresses_keep_their_anchors(found: list[tuple[str, SearchEntry]]) -> None:
    for (address, _), entry in zip(found, entries(found), strict=True):
        assert entry["location"] == address
        assert entry.keys() == {"location", "title", "text"}
