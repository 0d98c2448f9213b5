"""Which generated pages hand-written ones lead to: MkDocs learns of these alone."""

from __future__ import annotations

import posixpath
import re

# Any: the menu of MkDocs, lists and mappings of texts.
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from generator.results.audience import FieldClass
from generator.site.addresses import (
    ALIKE,
    ASKED,
    LACKING,
    LEDGER,
    LISTS,
    LOT,
    QUEUE,
    badge_address,
    branch_address,
    record_address,
)
from generator.site.build.producing import addresses_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from generator.results.audience import Publish
    from generator.results.model import BranchResult
    from generator.site.build.volume import Pages

#: A link of Markdown to a page: its words and its address.
LINK = re.compile(r"\[([^\[\]]*)\]\(\s*([^\s()#]+\.html)(?:#[^\s()]*)?\s*\)")
#: Pages that a site has where it shows a class.
CLASSED = {
    ASKED: FieldClass.DUE,
    LACKING: FieldClass.DUE,
    QUEUE: FieldClass.QUEUE,
    ALIKE: FieldClass.LIKENESS,
    LEDGER: FieldClass.LISTS,
    LISTS: FieldClass.LISTS,
    LOT: FieldClass.LOTS,
}
#: What may be an address of a generated page or file in the text of a page.
TARGET = re.compile(r"[^\s()\[\]<>\"'#?|`]+\.(?:html|json|csv|parquet|yml|xml|svg|png)")


class Targets:
    """Addresses of generated pages and files, found without making one."""

    def __init__(self, volumes: Sequence[Pages]) -> None:
        self.standing = {address for pages in volumes for address in addresses_of(pages)}
        self.branches: dict[str, list[BranchResult]] = {}
        self.cards: set[str] = set()
        for pages in volumes:
            for branch in pages.site.results.branches:
                self.branches.setdefault(branch.id, []).append(branch)
                self.cards.add(branch_address(pages.shown.year, branch))
                self.cards.add(badge_address(pages.shown.year, branch))

    def of(self, page: str, text: str) -> Iterator[str]:
        """Yield the addresses that the text of a page may lead to."""
        for found in TARGET.findall(text):
            address = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(found)))
            if address in self:
                yield address

    def __contains__(self, address: str) -> bool:
        """Whether a page or a file will be at an address."""
        if address in self.standing or address in self.cards:
            return True
        _, _, below = address.partition("/branches/")
        return any(
            record_address(record) == address
            for branch in self.branches.get(below.partition("/")[0], ())
            for record in branch.records
        )


def unled(page: str, text: str, holds: Callable[[str], bool], publish: Publish) -> str:
    """Return the text of a page without links to pages that this site does not show to anybody.

    Their words stay. ``holds`` tells which addresses there are. What else leads nowhere, MkDocs
    tells.
    """
    withheld = {name for name, kind in CLASSED.items() if not publish.shows(kind)}

    def left(found: re.Match[str]) -> str:
        address = posixpath.normpath(posixpath.join(posixpath.dirname(page), found[2]))
        gone = posixpath.basename(address) in withheld and not holds(address)
        return found[1] if gone else found[0]

    return LINK.sub(left, text) if withheld else text


def menu_of(nav: Any, standing: Container[str]) -> Any:
    """Return a menu of MkDocs without generated pages that the years of this site do not have."""
    if isinstance(nav, dict):
        entries = {title: menu_of(below, standing) for title, below in nav.items()}
        return {title: below for title, below in entries.items() if below}
    if isinstance(nav, list):
        return [entry for entry in (menu_of(below, standing) for below in nav) if entry]
    written = not isinstance(nav, str) or not nav.endswith(".html")
    return nav if written or nav in standing else None
