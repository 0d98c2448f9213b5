"""Which years a command takes: one that is named, or else those under way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from generator.files.paths import (
    APPRAISAL_FILE,
    COMMITTEE,
    RESULTS_FILE,
    YEAR,
    appraisal_path,
    results_path,
)
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.cli.common import Computing
    from generator.engine.year import Evaluation


def years_under_way(root: Path, revision: str | None) -> list[int]:
    """Return the years under way, the oldest first; raises GitError and MissingRubricError.

    Where the folder shows at most one, nothing is read: there is nothing to choose. Otherwise the
    disk tells, without a look at any branch, but where git checks out a part alone.
    """
    from generator.engine.repository import open_repository, under_way
    from generator.engine.snapshot import snapshot_of
    from generator.files.history import is_sparse
    from generator.files.tree import WorkingTree

    years = opened_on_disk(root) if revision is None else []
    if revision is None and len(years) < len(("one", "another")):
        return []
    if revision is None and not is_sparse(root):
        tree = WorkingTree(root)
        paths = [path(year) for year in years for path in (appraisal_path, results_path)]
        return under_way(tree, {entry.path: entry for entry in tree.below(paths)})
    with snapshot_of(root, revision) as snapshot:
        return under_way(snapshot.tree, open_repository(snapshot.tree).entries)


def opened_on_disk(root: Path) -> list[int]:
    """Return the years that are opened in the working tree and not frozen."""
    return [
        int(path.parent.name)
        for path in (root / COMMITTEE).glob(f"*/{APPRAISAL_FILE}")
        if YEAR.fullmatch(path.parent.name) and not (path.parent / RESULTS_FILE).is_file()
    ]


def of_all(
    root: Path, how: Computing, evaluate: Callable[[Computing], Evaluation]
) -> list[Evaluation]:
    """Evaluate the year that was asked for, or every year under way, the newest first."""
    return [evaluate(of) for of in of_each(root, how)]


def of_each(root: Path, how: Computing) -> list[Computing]:
    """Return how to compute the year that was asked for, or every year under way."""
    from generator.cli.common import answers

    with answers(how.revision or "HEAD", root=root):
        years = years_under_way(root, how.revision) if how.year is None else []
    return [replace(how, year=year) for year in reversed(years)] or [how]


def joined(found: list[Evaluation]) -> Evaluation:
    """Return one evaluation with the findings of several years, each once; the first's results."""
    first = found[0]
    if len(found) == 1:
        return first
    findings = {finding for each in found for finding in each.findings}
    return replace(
        first,
        findings=sorted(findings, key=lambda finding: finding.sort_key),
        files=max(each.files for each in found),
        branches=max(each.branches for each in found),
    )


def tell_not_taken(root: Path, how: Computing, evaluation: Evaluation) -> None:
    """Name the years under way beside the one that was evaluated, where none was asked for."""
    if how.year is None:
        taken = evaluation.results.year if evaluation.results else None
        tell_others(root, how.revision, taken)


def tell_others(root: Path, revision: str | None, taken: int | None) -> None:
    """Name the years under way that a command does not take."""
    from generator.cli.common import answers

    with answers(revision or "HEAD", root=root):
        others = [year for year in years_under_way(root, revision) if year != taken]
    if taken is not None and others:
        names = gettext("、").join(str(year) for year in others)
        words = tr(
            "这里算的是 {year} 年；进行中的还有 {names} 年，用 --year 指明", year=taken, names=names
        )
        click.echo(words, err=True)
