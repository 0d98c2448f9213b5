"""Which fields a bundle may hold: the one place that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.text.language import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What stands in the place of a text that is not shown.
HELD = mark("（不公开）")
#: Counts below this are told apart by nobody who knows the people.
LEAST = 5
#: Bytes from which on a digest tells nothing of what a file says.
DIGESTED = 4096
#: Fields that nobody outside sees, by the name of the file's format.
INTERNAL = frozenset({
    "branch.submitters", "review.criteria.*.reviewed", "vetoes.reason", "vetoes.reference",
    "vetoes.date",
})  # fmt: skip


class Shows(Protocol):
    """Whom bundles are made for."""

    def shows_field(self, name: str) -> bool:
        """Whether a field is shown, whatever it holds."""

    def shows_digest(self, size: int) -> bool:
        """Whether the digest of an attachment of so many bytes is shown."""

    def shows_counts(self, counts: Iterable[int]) -> bool:
        """Whether counts that belong together are all shown."""


class Everybody:
    """What everybody may see."""

    def shows_field(self, name: str) -> bool:
        """Whether a field is shown, whatever it holds."""
        return name not in INTERNAL

    def shows_digest(self, size: int) -> bool:
        """Whether the digest of an attachment of so many bytes is shown."""
        return size >= DIGESTED

    def shows_counts(self, counts: Iterable[int]) -> bool:
        """Whether counts that belong together are all shown."""
        return all(count >= LEAST for count in counts)


PUBLIC: Shows = Everybody()
