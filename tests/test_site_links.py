"""Every link and anchor of whole sites as they lie on the disk, the theme's own among them."""

from __future__ import annotations

import html
import json
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.kinds import EXPECTED, addresses, kinds_of

if TYPE_CHECKING:
    from tests.browser import Site, Sites

LINK = re.compile(r'\s(?:href|src)="([^"]*)"')
ID = re.compile(r'\s(?:id|name)="([^"]*)"')
#: Addresses that leave the site, and those that no host serves.
ELSEWHERE = ("https://", "data:")
NAMES = ("sample", "none", "one", "many")


@dataclass(slots=True)
class Place:
    """A page: what it leads to, and the anchors in it."""

    links: set[str]
    anchors: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, text: str) -> Place:
        """Read a page."""
        links = {html.unescape(link) for link in LINK.findall(text)}
        return cls(links, {html.unescape(name) for name in ID.findall(text)})


@pytest.fixture(scope="module")
def places(sites: Sites) -> dict[str, dict[str, Place]]:
    """Read all pages of all sites."""
    return {
        name: {
            address: Place.of(getattr(sites, name).text(address))
            for address in addresses(getattr(sites, name).folder)
        }
        for name in NAMES
    }


def target(address: str, link: str) -> tuple[str, str]:
    """Return where a link of a page leads: an address below the site, and an anchor."""
    path, _, anchor = link.partition("#")
    path = unquote(path.partition("?")[0])
    if not path:
        return address, unquote(anchor)
    base = "" if path.startswith("/") else posixpath.dirname(address)
    found = posixpath.normpath(posixpath.join(base, path.lstrip("/") or "."))
    return ("index.html" if found == "." else found), unquote(anchor)


@pytest.mark.parametrize("name", NAMES)
def test_every_link_and_anchor_leads_somewhere(
    sites: Sites, places: dict[str, dict[str, Place]], name: str
) -> None:
    site: Site = getattr(sites, name)
    files = {p.relative_to(site.folder).as_posix() for p in site.folder.rglob("*") if p.is_file()}
    pages = places[name]
    broken, seen = [], 0
    for address, page in pages.items():
        for link in page.links:
            if link.startswith(ELSEWHERE):
                continue
            seen += 1
            path, anchor = target(address, link)
            there = path in files and (not anchor or anchor in pages[path].anchors)
            if not there:
                broken.append(f"{address} → {link}")
    assert seen > len(pages)
    assert not broken, "\n".join(sorted(broken)[:40])


@pytest.mark.parametrize("name", NAMES)
def test_every_page_can_be_reached_from_the_first(
    places: dict[str, dict[str, Place]], name: str
) -> None:
    """By links alone, without search; what a host shows for a wrong address is reached by none."""
    pages = places[name]
    reached, waiting = {"404.html", "index.html"}, ["index.html"]
    while waiting:
        address = waiting.pop()
        links = (link for link in pages[address].links if not link.startswith(ELSEWHERE))
        new = {target(address, link)[0] for link in links} & pages.keys() - reached
        reached |= new
        waiting += new
    assert sorted(pages.keys() - reached) == []


def test_search_and_sitemap_lead_to_pages(
    sites: Sites, places: dict[str, dict[str, Place]]
) -> None:
    site = sites.sample
    index = json.loads((site.folder / "search" / "search_index.json").read_text("utf-8"))
    found = {entry["location"] for entry in index["docs"]}
    found |= set(re.findall(r"<loc>/([^<]*)</loc>", site.text("sitemap.xml")))
    assert len(found) > len(site.branches)
    pages = places["sample"]
    for location in found:
        path, anchor = target("index.html", location)
        assert path in pages, location
        assert not anchor or anchor in pages[path].anchors, location


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_of_one_kind(places: dict[str, dict[str, Place]], name: str) -> None:
    kinds = {address: kinds_of(address) for address in places[name]}
    assert [address for address, found in kinds.items() if len(found) != 1] == []


def test_every_kind_is_there(places: dict[str, dict[str, Place]]) -> None:
    """What is looked at in all other tests of whole sites."""
    assert {kind.name for address in places["sample"] for kind in kinds_of(address)} >= EXPECTED
