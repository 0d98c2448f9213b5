"""Nothing planted in a record is in any output for those who may not see its field."""

from __future__ import annotations

import io
import posixpath
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from generator.engine.year import Means
from generator.results.audience import INTERNAL, PUBLIC, FieldClass, Publish, class_of, read_publish
from generator.site.build.producing import volumes_of
from generator.site.data.filed import filed_years
from generator.site.data.years import assembled, evaluations
from generator.site.exports.feed import feed_of
from generator.site.exports.jsonld import branch_data, standing_data
from generator.site.exports.outputs import outputs_of
from generator.site.exports.results_text import ResultsText
from generator.site.form.bundles import bundles_of
from generator.site.guarding.scan import columns
from generator.site.guarding.texts import internal_texts
from tests.memory import MemoryTree
from tests.planting import MARKER, Planted, planted
from tests.site_bodies import site_files, site_pages
from tests.test_site_pages import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.data.years import SiteData

#: What is moved here beside what is usual, each class to the other side.
MOVED = Publish(
    moved=read_publish({"statements": "internal", "due": "internal", "appeal-matters": "public"})
)
LINK = re.compile(r'href="([^"#?:]+\.html)')
SITES = {"public": PUBLIC, "internal": INTERNAL, "moved": MOVED}


@cache
def repository() -> Planted:
    return planted()


@pytest.fixture(scope="module")
def sites() -> dict[str, SiteData]:
    """One evaluation, three sites."""
    tree, means = MemoryTree(repository().files), Means()
    found = evaluations(tree, means)
    filed = filed_years(tree, means, found)
    return {
        name: assembled(TEMPLATES.parent, TEMPLATES, found, publish=publish, filed=filed)
        for name, publish in SITES.items()
    }


def everything(site: SiteData) -> Iterator[tuple[str, str]]:
    """Yield all that a site publishes with its address: pages, heads, search, files, bundles."""
    for page in site_pages(site):
        words = (page.title, page.description, str(page.body), str(page.toc), str(page.search))
        yield page.address, "\n".join(words)
    for pages in volumes_of(site):
        for make in pages.standing.values():
            yield "head", standing_data(pages, make(), "")
        for branch in site.results.branches:
            yield "head", branch_data(pages, branch, pages.scorecard(branch), "")
    for file in (*site_files(site), *outputs_of(site)):
        data = b"".join(file.pieces())
        if file.address.endswith(".parquet"):
            yield file.address, "\n".join(columns(io.BytesIO(data)))
        else:
            yield file.address, data.decode("utf-8", "replace")
    yield "results.json", b"".join(ResultsText(site.published).pieces()).decode("utf-8")
    yield "feed.xml", feed_of(site, "网站", "").decode("utf-8")
    bundles = bundles_of(site, None)
    assert bundles is not None
    own = {b.id: bundles.own(b) for b in site.published.branches}
    for file, shared, _ in own.values():
        yield file.address, b"".join(file.pieces()).decode("utf-8") + shared.decode("utf-8")
    shared_file = bundles.shared({name: made[1] for name, made in own.items()})
    yield shared_file.address, b"".join(shared_file.pieces()).decode("utf-8")


def shown(site: SiteData) -> dict[str, set[str]]:
    """Return the fields of all markers that a site has anywhere, each with the addresses."""
    fields = repository().fields
    found: dict[str, set[str]] = {}
    for address, text in everything(site):
        for marker in MARKER.findall(text):
            found.setdefault(fields[marker[2:6]], set()).add(address)
        assert "Zq-code" not in text, "codes of members are nobody's"
    return found


def test_every_text_of_every_kind_of_record_is_planted() -> None:
    fields = repository().fields
    assert len(fields) >= 200
    forms = {name.partition(".")[0] for name in fields.values()}
    assert forms == {
        "branch", "self-assessment", "activity", "document", "consortia", "roster", "appraisal",
        "review", "vetoes", "appeals", "supervision", "debrief", "decision", "received", "accepted",
        "audit", "after", "due",
    }  # fmt: skip


@pytest.mark.parametrize("name", SITES)
def test_nothing_planted_is_shown_to_those_who_may_not_see_it(
    sites: dict[str, SiteData], name: str
) -> None:
    publish, found = SITES[name], shown(sites[name])
    kept = {field: where for field, where in found.items() if not publish.shows_field(field)}
    assert kept == {}
    seen = {class_of(field) for field in found}
    assert {FieldClass.EVIDENCE, FieldClass.REVIEWS, FieldClass.APPEALS} <= seen
    assert (FieldClass.STATEMENTS in seen) is (name != "moved")
    assert (FieldClass.DUE in seen) is (name != "moved")
    assert (FieldClass.MATTERS in seen) is (name != "public")
    assert (FieldClass.VETO_REASONS in seen) is (name == "internal")


def test_nothing_leads_to_a_page_that_a_site_does_not_have(sites: dict[str, SiteData]) -> None:
    hand = {path.with_suffix(".html").name for path in (TEMPLATES / "pages").glob("*.md")}
    for name, site in sites.items():
        pages = {page.address: str(page.body) for page in site_pages(site)}
        assert ("lacking.html" in pages, "asked.html" in pages) == (name != "moved",) * 2
        for address, body in pages.items():
            folder = posixpath.dirname(address)
            links = {posixpath.normpath(posixpath.join(folder, own)) for own in LINK.findall(body)}
            assert links <= pages.keys() | hand, address


def test_what_the_guard_looks_for_is_what_the_list_keeps_back() -> None:
    files, fields = repository().files, repository().fields
    there = {m[2:6] for data in files.values() for m in MARKER.findall(data.decode("utf-8"))}
    assert len(there) >= 200
    for publish in SITES.values():
        texts = internal_texts(MemoryTree(files), publish)
        looked = {m[2:6] for own in texts for m in MARKER.findall(own.text)}
        assert looked == {n for n in there if not publish.shows_field(fields[n])}
