"""Which generated pages hand-written ones lead to: MkDocs learns of these alone."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from generator.site.addresses import badge_address, branch_address, record_address
from generator.site.build.producing import addresses_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.results.model import BranchResult
    from generator.site.build.volume import Pages

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
