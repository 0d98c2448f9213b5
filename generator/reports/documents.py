"""A year as the two documents for programs, from files in memory: for hosts without a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.engine.evaluate import evaluate
from generator.engine.repository import UnknownYearError
from generator.files.tree import MemoryTree
from generator.reports.findings import as_json, quiet
from generator.results.document import dump_parts

if TYPE_CHECKING:
    from collections.abc import Mapping


class Documents(NamedTuple):
    """JSON as ``score`` and ``check`` print it; no results where the rubric cannot be read."""

    results: str
    findings: str


def documents(files: Mapping[str, bytes], year: int | None = None) -> Documents:
    """Return results and findings of files by their paths, of the year under way or another.

    No history is at hand: days of receipt are pending. Raises MissingRubricError and
    UnknownYearError.
    """
    evaluation = evaluate(MemoryTree(files), year)
    results = evaluation.results
    if results is None and not evaluation.errors:
        raise UnknownYearError(year)
    written = "" if results is None else "".join(map(quiet, dump_parts(results)))
    return Documents(written, as_json(evaluation))
