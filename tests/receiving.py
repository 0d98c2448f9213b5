"""Days of receipt without a history: what a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from generator.files.tree import Annals, Past


class Days:
    """Receipts of which a test says the day of each file; nothing was ever renamed."""

    def on(self, path: str) -> datetime.date:
        """Return the day of a file."""
        raise NotImplementedError(path)

    def day(self, path: str, blob: str, names: Sequence[str]) -> datetime.date:
        """Return the day of a file of a branch."""
        assert len(blob) == 40
        assert path.split("/")[1] == names[0]
        return self.on(path)

    def now(self, path: str, day: datetime.date | None, names: Sequence[str]) -> frozenset[str]:
        """Return the path itself."""
        del day, names
        return frozenset((path,))

    def past(self, paths: Sequence[str]) -> list[Past]:
        """Return nothing."""
        del paths
        return []

    def annals(self) -> AbstractContextManager[Annals] | None:
        """Nothing is known of commits."""
        return None

    def prepare(self) -> None:
        """Nothing has to be read."""
