"""What lies on the disk and would not be in a commit: files not added, or ignored by git."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Unsent(NamedTuple):
    """Paths of files that git does not have; ``folders`` are ignored whole, ending in a slash."""

    added: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    folders: tuple[str, ...] = ()

    @classmethod
    def of(cls, others: Iterable[str], ignored: Collection[str], prefix: str = "") -> Unsent:
        """Return files not added yet and those ignored, paths shortened by ``prefix``."""
        size = len(prefix)
        return cls(
            frozenset(path[size:] for path in others),
            frozenset(path[size:] for path in ignored if not path.endswith("/")),
            tuple(path[size:] for path in ignored if path.endswith("/")),
        )

    def is_ignored(self, path: str) -> bool:
        """Whether a rule keeps git from taking the file."""
        return path in self.ignored or path.startswith(self.folders)

    def holds(self, path: str) -> bool:
        """Whether a commit of all that git knows would lack the file."""
        return path in self.added or self.is_ignored(path)


#: Where a commit is read, or nothing is known of one.
ALL_SENT = Unsent()
