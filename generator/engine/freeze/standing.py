"""What stands between a year and its end: it is evaluated as ``finalize`` would, as if final."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.engine.evaluate import evaluate
from generator.engine.repository import groups_of, open_repository
from generator.engine.snapshot import snapshot_of
from generator.engine.year import Means
from generator.files.paths import results_path
from generator.formats.committee_files import FINAL

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from pathlib import Path

    from generator.engine.snapshot import Snapshot
    from generator.engine.year import Evaluation, Progress
    from generator.text.findings import Finding


@dataclass(frozen=True, slots=True)
class Standing:
    """A year before its end: what was found as if it were final, and what else holds it up.

    ``stage`` is its own, ``dirty`` whether data files differ from the commit, ``frozen`` whether it
    has ended already. ``sizes`` is branch → bytes of what it filed for the year.
    """

    year: int
    evaluation: Evaluation
    stage: str
    dirty: bool
    frozen: bool
    sizes: Mapping[str, int]

    @property
    def errors(self) -> list[Finding]:
        """What keeps ``finalize`` from freezing the year, beside stage and commit."""
        return [f for f in self.evaluation.findings if f.severity == "error"]

    @property
    def ready(self) -> bool:
        """Whether ``finalize`` would freeze the year now, or has done so."""
        settled = not self.errors and self.evaluation.results is not None
        return self.frozen or (settled and self.stage == FINAL and not self.dirty)


def standing(root: Path, year: int, progress: Progress | None = None) -> Standing:
    """Return how a year stands; of uncommitted data the files that lie there are read.

    Raises GitError, MissingRubricError and UnknownYearError.
    """
    with snapshot_of(root) as present:
        source = present.source
    with snapshot_of(root, None if source.dirty else source.commit) as snapshot:
        repository = open_repository(snapshot.tree)
        sizes = {
            name: sum(entry.size for entry in groups_of(snapshot.tree, name).get(f"{year}", ()))
            for name in repository.branch_ids
        }
        return Standing(
            year,
            evaluated(snapshot, year, progress, stage=FINAL),
            repository.committee_year(year).stage,
            source.dirty,
            repository.is_file(results_path(year)),
            sizes,
        )


def evaluated(
    snapshot: Snapshot,
    year: int,
    progress: Progress | None = None,
    *,
    as_of: datetime.date | None = None,
    stage: str = "",
) -> Evaluation:
    """Evaluate a year anew, by its own rubric; ``stage`` stands for its own where it is told."""
    means = Means(snapshot.source, snapshot.receipts, progress, as_of=as_of, stage=stage)
    return evaluate(snapshot.tree, year, means, anew=True)
