"""A year in which branches file, as its data can be read once more: for the form's bundles."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.engine.repository import open_repository
from generator.engine.year import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.engine.year import Evaluation, Means
    from generator.files.tree import Tree

#: Stages in which branches can file.
FILING = frozenset({"open", "review"})


@dataclass
class Filed:
    """The run of a year, and branch → what names all that its result rests on, where known.

    The tree was closed when the year was evaluated: each process opens it for itself.
    """

    run: Run
    keys: Mapping[str, str]
    _opened: int = field(default=0, repr=False)

    def opened(self) -> Run:
        """Return the run, its files readable in this process."""
        if self._opened != os.getpid():
            self._opened = os.getpid()
            self.run.repository.tree.forked()
        return self.run

    def close(self) -> None:
        """Close what this process opened."""
        if self._opened == os.getpid():
            self._opened = 0
            self.run.repository.tree.close()


def filed_years(tree: Tree, means: Means, found: Iterable[Evaluation]) -> dict[int, Filed]:
    """Return the years in which branches still file, of those that were evaluated."""
    years = {}
    for item in found:
        if item.results is None or item.rubric is None or item.frozen:
            continue
        if item.results.stage in FILING:
            run = Run(open_repository(tree), item.year, means)
            keeper = means.keeper
            keys = keeper.keys(run.repository, run.committee, run.due) if keeper else {}
            years[item.year] = Filed(run, keys)
    return years
