"""One year of a tree, evaluated: from its files, or from its frozen results once it is final."""

from __future__ import annotations

# Any: results as JSON holds them.
from typing import TYPE_CHECKING, Any

from generator.checks.committee.after import named, tell_unknown
from generator.engine.concerned import concerns
from generator.engine.repository import (
    Repository,
    UnknownYearError,
    default_year,
    open_repository,
)
from generator.engine.year import Evaluation, Means, Run
from generator.files.paths import RUBRIC_PATH, results_path, rubric_path
from generator.loading.committee import load_after, load_audit, load_rubric
from generator.loading.reader import Reader
from generator.results.corrections import CORRECTIONS, read_corrections
from generator.results.frozen import FrozenError, load_document, problems, read_results
from generator.text.findings import Place, Report
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.checks import BranchContext
    from generator.files.tree import Receipts, Tree
    from generator.formats.after import AfterYear

__all__ = ["Evaluation", "concerns", "evaluate", "frozen_evaluation", "read_branch"]

#: A tree alone: no history, nothing kept from earlier runs.
NOTHING = Means()


def evaluate(
    tree: Tree,
    year: int | None = None,
    means: Means = NOTHING,
    *,
    ids: Sequence[str] = (),
    anew: bool = False,
    details: bool = True,
) -> Evaluation:
    """Evaluate one year of a tree; with ``ids`` findings are kept for these branches alone.

    A frozen year is read from its results, and with ``anew`` computed from the files with its own
    rubric all the same. ``details`` asks for what pages show below the figures. Raises
    MissingRubricError and UnknownYearError: the caller was pointed at the wrong place.
    """
    own = rubric_path(year) if anew and year is not None else RUBRIC_PATH
    repository = open_repository(tree, rubric_from=own)
    chosen = default_year(repository) if year is None else year
    if chosen is None:
        repository.check_common_names()
        findings = repository.report.sorted()
        return Evaluation(None, findings, repository.rubric, len(repository.entries), 0)
    if not repository.knows(chosen):
        raise UnknownYearError(chosen)
    if not anew and chosen in repository.frozen_years:
        return frozen_evaluation(repository, chosen, ids)
    run = Run(repository, chosen, means, details)
    if not ids and not anew:
        for other in repository.frozen_years:
            check_frozen(repository, other)
            check_after(repository, other)
    return run.evaluate(frozenset(ids))


def frozen_evaluation(repository: Repository, year: int, ids: Sequence[str] = ()) -> Evaluation:
    """Return a final year as its frozen results have it; of all checks only C005 concerns it."""
    report = Report()
    reader = Reader(repository.tree, report)
    rubric = None
    if rubric_path(year) in repository.entries:
        rubric = load_rubric(reader, rubric_path(year))
    repository.report = report
    check_frozen(repository, year)
    try:
        results = read_results(load_document(repository.tree.read(results_path(year))))
    except FrozenError:
        results = None
    after = check_after(repository, year)
    count = len(ids) if ids else len(results.branches) if results else 0
    files = len(repository.entries)
    evaluation = Evaluation(results, report.sorted(), rubric, files, count, frozen=True)
    evaluation.audit = load_audit(Reader(repository.tree, Report()), year, repository.entries)
    evaluation.after = repository.after(year, after)
    return evaluation


def check_frozen(repository: Repository, year: int) -> None:
    """Report C005 where a frozen file is not what ``appraise finalize`` wrote, or else C014."""
    tree, entries = repository.tree, repository.entries
    beside = entries.get(rubric_path(year))
    rubric = tree.read(beside.path) if beside is not None and beside.is_file else None
    data = tree.read(results_path(year))
    with repository.report.about(None, year):
        found = problems(data, rubric, year)
        for words in found:
            repository.report.add("C005", Place(results_path(year)), words)
        if not found and CORRECTIONS.encode() in data:
            tell_corrections(repository.report, load_document(data), year)


def check_after(repository: Repository, year: int) -> AfterYear | None:
    """Return what the committee wrote after a final year; what is wrong in it is reported.

    It may name branches that are gone since: the year's own results know them.
    """
    report = repository.report
    with report.about(None, year):
        after = load_after(Reader(repository.tree, report), year, repository.entries)
    if after is None or named(after) <= repository.all_ids:
        return after
    try:
        results = read_results(load_document(repository.tree.read(results_path(year))))
    except FrozenError:
        return after
    there = {name for branch in results.branches for name in (branch.id, *branch.formerly)}
    tell_unknown(after, report, year, repository.all_ids | there)
    return after


def tell_corrections(report: Report, document: Mapping[str, Any], year: int) -> None:
    """Report C014 where final results were corrected; they can be read."""
    corrections = read_corrections(document)
    if corrections:
        last = corrections[-1]
        report.add(
            "C014",
            Place(results_path(year)),
            "{year} 年的结果定稿后更正过 {n} 次，最近一次在 {date}：{reason}",
            year=year,
            n=len(corrections),
            date=last.date,
            reason=visible(last.reason, SHORT),
        )


def read_branch(
    tree: Tree, branch_id: str, year: int | None = None, receipts: Receipts | None = None
) -> BranchContext:
    """Return what one branch filed, its scorecard and what the committee keeps of it.

    Raises MissingRubricError, UnknownYearError, and KeyError for an unknown branch.
    """
    repository = open_repository(tree)
    chosen = default_year(repository) if year is None else year
    if repository.rubric is None or chosen is None:
        raise UnknownYearError(chosen)
    reducer = Run(repository, chosen, Means(receipts=receipts), details=False).reducer()
    if reducer is None or branch_id not in repository.branch_ids:
        raise KeyError(branch_id)
    return reducer.score(branch_id, Report())
