"""Freezing a year's results, and proving later that a commit gives them (docs/format.md §7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

# Any: results as JSON holds them, compared entry by entry.
from typing import TYPE_CHECKING, Any

from generator import RULES
from generator.engine.freeze.chain import Chain, follow, known_commit
from generator.engine.freeze.standing import evaluated
from generator.engine.snapshot import Snapshot, snapshot_of
from generator.files.paths import RUBRIC_PATH, results_path, rubric_path
from generator.files.remedies import history_at
from generator.files.writing import write_together
from generator.results.audience import Publish
from generator.results.corrections import (
    CORRECTIONS,
    Correction,
    changes_between,
    read_corrections,
)
from generator.results.differing import Difference, differences
from generator.results.document import FULL_DIGEST, WITHHELD, to_json
from generator.results.frozen import (
    SEAL,
    FrozenError,
    frozen_bytes,
    load_document,
    problems,
    read_results,
    rules_of,
    sealed,
    unsound,
)
from generator.results.projection import holds_verified_alone, projected, verified_alone
from generator.results.reckoning import disagreement
from generator.text.days import day_of_moment, read_day
from generator.text.findings import Place, Report, Severity
from generator.text.language import speaking
from generator.text.messages import Message, Words, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.engine.year import Evaluation, Progress
    from generator.results.model import Results
    from generator.text.findings import Finding

#: Results are frozen in the language of the document, not in the user's.
LANGUAGE = "zh"
#: What differs where anything does: it is no difference of its own.
DIGEST = ("digest",)


class NotFinalError(Exception):
    """The year is not in stage final: ``stage`` says in which."""

    def __init__(self, stage: str) -> None:
        """Keep the stage."""
        super().__init__(stage)
        self.stage = stage


class UncommittedError(Exception):
    """Data files differ from the commit, so that nobody else could compute the figures."""


class AlreadyFrozenError(Exception):
    """The year has final results, which only a correction changes.

    ``rules`` are those that they were computed by.
    """

    def __init__(self, rules: int) -> None:
        """Keep the number."""
        super().__init__(rules)
        self.rules = rules


class NotFrozenError(Exception):
    """The year has no final results that could be corrected."""


class WithoutHistoryError(Exception):
    """A correction names the file that it replaces, which history alone can keep."""


class NothingDifferentError(Exception):
    """The data gives what the final results hold already."""


class UnreproducibleError(Exception):
    """Nothing can be computed anew: the file rests on no commit, and has no seal either."""


@dataclass(frozen=True, slots=True)
class Finalized:
    """The outcome of ``finalize``: the evaluation, whether it wrote files, what it corrected."""

    evaluation: Evaluation
    written: bool
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` found; ``commit`` is None where present files were read in its place.

    ``rules`` are those that the file was computed by. Without ``history`` nothing was recomputed.
    ``chain`` is what came of following its corrections.
    """

    commit: str | None
    problems: tuple[Words, ...]
    differences: tuple[Difference, ...]
    rules: int = RULES
    history: bool = True
    chain: Chain = Chain()

    @property
    def figures(self) -> tuple[Difference, ...]:
        """Differences in figures."""
        return tuple(item for item in self.differences if not item.wording)

    @property
    def wording(self) -> tuple[Difference, ...]:
        """Differences in words alone."""
        return tuple(d for d in self.differences if d.wording and d.where != DIGEST)

    @property
    def of_older_rules(self) -> bool:
        """Whether the file is whole, and its figures are those of rules that held before."""
        return bool(self.figures) and not self.problems and self.rules < RULES

    @property
    def sound(self) -> bool:
        """Whether the file is whole and every figure is what the data gives, or gave once."""
        return not self.problems and (not self.figures or self.of_older_rules)

    def by_older_rules(self) -> Message:
        """Say by which rules the file was computed, and how much differs by the present ones."""
        return say(
            "由规则 {rules} 算出，按现行规则 {present} 有 {n} 处不同",
            rules=self.rules,
            present=RULES,
            n=len(self.figures),
        )


def finalize(root: Path, year: int, progress: Progress | None = None) -> Finalized:
    """Freeze a year: write its results.json and its rubric.yml, or nothing where an error stands.

    Both files are written or neither is, and what is frozen is never written over. Raises
    NotFinalError, UncommittedError, AlreadyFrozenError, FrozenError, UnwrittenError, GitError,
    MissingRubricError and UnknownYearError.
    """
    commit = _committed(root)
    target = root / results_path(year)
    if target.exists():
        raise AlreadyFrozenError(rules_of(load_document(target.read_bytes())))
    with snapshot_of(root, commit) as snapshot:
        evaluation, results = _final(snapshot, year, progress)
        if results is None:
            return Finalized(evaluation, written=False)
        _write(root, snapshot, results)
    return Finalized(evaluation, written=True)


def correct(
    root: Path,
    year: int,
    reason: str,
    progress: Progress | None = None,
    *,
    withhold: bool = False,
) -> Finalized:
    """Write a final year anew, with what it replaces, why, and every place that differs.

    With ``withhold`` it does not tell the words of before: they are why it is corrected.
    Raises what ``finalize`` does but for AlreadyFrozenError, and NotFrozenError,
    WithoutHistoryError and NothingDifferentError.
    """
    commit = _committed(root)
    path = results_path(year)
    if not (root / path).is_file():
        raise NotFrozenError
    if commit is None:
        raise WithoutHistoryError
    with snapshot_of(root, commit) as snapshot:
        old = snapshot.tree.read(path)
        if faults := unsound(old, year):
            raise FrozenError(faults[0])
        told, blob = load_document(old), snapshot.tree.blob_id(path)
        evaluation, results = _final(snapshot, year, progress)
        if results is None:
            return Finalized(evaluation, written=False)
        correction = _correction(told, blob, results, reason, withhold=withhold)
        corrections = (*read_corrections(told), correction)
        _write(root, snapshot, replace(results, corrections=corrections))
    return Finalized(evaluation, written=True, correction=correction)


def _correction(
    told: dict[str, Any], blob: str, results: Results, reason: str, *, withhold: bool
) -> Correction:
    """Return what new results correct; raises NothingDifferentError."""
    with speaking(LANGUAGE):
        found = load_document(frozen_bytes(to_json(results)))
        changes = changes_between(told, found, withhold=withhold)
    if not changes:
        raise NothingDifferentError
    source = told["source"]
    return Correction(
        told["digest"],
        source[SEAL],
        blob,
        source["commit"],
        reason,
        f"{day_of_moment(results.source.date)}",
        changes,
    )


def _committed(root: Path) -> str | None:
    """Return the present commit, None without history; raises UncommittedError, GitError."""
    with snapshot_of(root) as present:
        if present.source.dirty:
            raise UncommittedError
        return present.source.commit


def _final(
    snapshot: Snapshot, year: int, progress: Progress | None
) -> tuple[Evaluation, Results | None]:
    """Evaluate a year that is to be frozen; no results where an error stands."""
    evaluation = evaluated(snapshot, year, progress)
    results = evaluation.results
    if results is None or evaluation.errors:
        return evaluation, None
    if results.stage != "final":
        raise NotFinalError(results.stage)
    return evaluation, results


def _write(root: Path, snapshot: Snapshot, results: Results) -> None:
    """Write both files of a final year, or neither; raises UnwrittenError."""
    year = results.year
    with speaking(LANGUAGE):
        data = frozen_bytes(sealed(results))
    rubric = snapshot.tree.read(_rubric_of(snapshot, year))
    write_together({root / rubric_path(year): rubric, root / results_path(year): data})


def verify(root: Path, year: int, data: bytes, progress: Progress | None = None) -> Verification:
    """Compute a year anew from the commit that a results file names, and compare.

    Where history does not have the commit, the present files and the frozen rubric are read;
    where there is no history, digest and seal alone are checked.
    Raises FrozenError, UnreproducibleError, GitError, MissingRubricError and UnknownYearError.
    """
    document = load_document(data)
    source, rules = document["source"], rules_of(document)
    if source.get("dirty"):
        raise UnreproducibleError
    beside = root / rubric_path(year)
    rubric = beside.read_bytes() if beside.is_file() else None
    found = problems(data, rubric, year) if SEAL in source else []
    if history_at(root) is None:
        if SEAL not in source:
            raise UnreproducibleError
        return Verification(None, tuple(found), (), rules, history=False)
    commit = known_commit(root, source.get("commit"))
    with snapshot_of(root, commit) as snapshot:
        evaluation = evaluated(snapshot, year, progress, as_of=read_day(document.get("as_of")))
    with speaking(LANGUAGE):
        results = evaluation.results
        anew: dict[str, Any] = to_json(alike(results, document)) if results else {}
    told = {key: value for key, value in document.items() if key not in {"source", CORRECTIONS}}
    anew.pop("source", None)
    held = RULES if evaluation.results is None else rules
    # What a projection says of corrections is a part of them: the file that it shows is followed.
    chain = Chain() if FULL_DIGEST in document else follow(root, document)
    found += chain.problems
    differing = told_apart(differences(told, anew))
    done = Verification(commit, tuple(found), differing, held, chain=chain)
    if not done.of_older_rules:
        return done
    whole = whole_of(root, document) or data
    return replace(done, problems=(*chain.problems, *unexplained(whole, rubric)))


def alike(results: Results, document: dict[str, Any]) -> Results:
    """Return of results what a file shows of them: all, a projection, or no suspicion."""
    if FULL_DIGEST in document:
        return projected(results, Publish.withholding(document.get(WITHHELD, ())))
    if SEAL not in document["source"] and holds_verified_alone(document):
        return verified_alone(results)
    return results


def told_apart(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return differences; that of the whole behind a projection counts where no words differ.

    Words move it too, and then nobody can tell whether a figure that is not shown is another.
    """
    items = tuple(found)
    worded = any(item.wording and item.where != DIGEST for item in items)
    return tuple(item for item in items if not (worded and item.where == (FULL_DIGEST,)))


def whole_of(root: Path, document: dict[str, Any]) -> bytes | None:
    """Return the final year's own file where a document is what the site publishes of it."""
    path = root / results_path(document["year"])
    if FULL_DIGEST not in document or not path.is_file():
        return None
    data = path.read_bytes()
    if unsound(data, document["year"]):
        return None
    whole = load_document(data)
    with speaking(LANGUAGE):
        shown = to_json(alike(read_results(whole), document))
    told = {key: value for key, value in document.items() if key not in {"source", "digest"}}
    same = all(shown.get(key) == value for key, value in told.items() if key != FULL_DIGEST)
    return data if same and whole["digest"] == document[FULL_DIGEST] else None


def unexplained(data: bytes, rubric: bytes | None) -> list[Words]:
    """Return why a file that differs is not simply one of older rules; nothing where it is.

    Only what was sealed then, and what the second arithmetic finds to add up, is believed.
    """
    if SEAL not in load_document(data)["source"]:
        return [say("没有封印，不能认作旧规则算出的定稿")]
    return disagreement(data, rubric)


def unreproduced(root: Path, year: int, revision: str | None = None) -> list[Finding]:
    """Return C005 where the figures of a whole frozen file are not what its commit gives.

    Raises GitError, MissingRubricError and UnknownYearError.
    """
    with snapshot_of(root, revision) as snapshot:
        data = snapshot.tree.read(results_path(year))
    report = Report(year=year)
    found = verify(root, year, data)
    place = Place(results_path(year))
    if found.of_older_rules:
        report.add("C005", place, found.by_older_rules(), severity=Severity.NOTICE)
    elif found.chain.problems:
        report.add("C005", place, found.chain.problems[0])
    elif found.figures:
        report.add(
            "C005",
            place,
            "{n} 处与重算不同，第一处：{words}",
            n=len(found.figures),
            words=found.figures[0].words(),
        )
    return report.findings


def _rubric_of(snapshot: Snapshot, year: int) -> str:
    own = rubric_path(year)
    return own if any(entry.path == own for entry in snapshot.tree.common()) else RUBRIC_PATH
