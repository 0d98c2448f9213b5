"""Freezing a year's results, and proving later that a commit gives them (docs/format.md §7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

# Any: results as JSON holds them, compared entry by entry.
from typing import TYPE_CHECKING, Any

from generator import RULES
from generator.engine.evaluate import Evaluation, evaluate
from generator.engine.snapshot import Snapshot, snapshot_of
from generator.engine.year import Means
from generator.files.git import UnknownRevisionError, resolve_commit
from generator.files.paths import RUBRIC_PATH, results_path, rubric_path
from generator.files.remedies import history_at
from generator.files.writing import write_together
from generator.results.differing import Difference, differences
from generator.results.document import to_json
from generator.results.frozen import (
    SEAL,
    frozen_bytes,
    load_document,
    problems,
    rules_of,
    sealed,
)
from generator.results.public import holds_verified_alone, public
from generator.results.reckoning import disagreement
from generator.text.days import read_day
from generator.text.findings import Place, Report, Severity
from generator.text.language import speaking
from generator.text.messages import Message, Words, say

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from generator.engine.year import Progress
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
    """The year has frozen results that differ from what the data gives now.

    ``rules`` are those that they were computed by.
    """

    def __init__(self, rules: int) -> None:
        """Keep the number."""
        super().__init__(rules)
        self.rules = rules


class UnreproducibleError(Exception):
    """Nothing can be computed anew: the file rests on no commit, and has no seal either."""


@dataclass(frozen=True, slots=True)
class Finalized:
    """The outcome of ``finalize``: the evaluation, and whether it wrote files."""

    evaluation: Evaluation
    written: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` found; ``commit`` is None where present files were read in its place.

    ``rules`` are those that the file was computed by. Without ``history`` nothing was recomputed.
    """

    commit: str | None
    problems: tuple[Words, ...]
    differences: tuple[Difference, ...]
    rules: int = RULES
    history: bool = True

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
    with snapshot_of(root) as present:
        if present.source.dirty:
            raise UncommittedError
        revision = "HEAD" if present.source.commit else None
    target, beside = root / results_path(year), root / rubric_path(year)
    told = load_document(target.read_bytes()) if target.exists() else None
    with snapshot_of(root, revision) as snapshot:
        evaluation = _evaluate(snapshot, year, progress)
        results = evaluation.results
        if results is None or evaluation.errors:
            if told is not None and rules_of(told) < RULES:
                raise AlreadyFrozenError(rules_of(told))
            return Finalized(evaluation, written=False)
        if results.stage != "final":
            raise NotFinalError(results.stage)
        with speaking(LANGUAGE):
            data = frozen_bytes(sealed(results))
        rubric = snapshot.tree.read(_rubric_of(snapshot, year))
    if told is not None:
        refuse_other(told, load_document(data))
        return Finalized(evaluation, written=False)
    write_together({beside: rubric, target: data})
    return Finalized(evaluation, written=True)


def refuse_other(told: dict[str, Any], found: dict[str, Any]) -> None:
    """Raise AlreadyFrozenError where what is frozen differs from what the data gives."""
    one, two = ({k: v for k, v in document.items() if k != "source"} for document in (told, found))
    if any(difference.where != DIGEST for difference in differences(one, two)):
        raise AlreadyFrozenError(rules_of(told))


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
        evaluation = _evaluate(snapshot, year, progress, read_day(document.get("as_of")))
    with speaking(LANGUAGE):
        results = evaluation.results
        if results is not None and SEAL not in source and holds_verified_alone(document):
            results = public(results)
        anew: dict[str, Any] = to_json(results) if results else {}
    told = {key: value for key, value in document.items() if key != "source"}
    anew.pop("source", None)
    held = RULES if evaluation.results is None else rules
    done = Verification(commit, tuple(found), tuple(differences(told, anew)), held)
    if not done.of_older_rules:
        return done
    return replace(done, problems=tuple(unexplained(data, rubric)))


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
    elif found.figures:
        report.add(
            "C005",
            place,
            "{n} 处与重算不同，第一处：{words}",
            n=len(found.figures),
            words=found.figures[0].words(),
        )
    return report.findings


def _evaluate(
    snapshot: Snapshot,
    year: int,
    progress: Progress | None,
    as_of: datetime.date | None = None,
) -> Evaluation:
    means = Means(snapshot.source, snapshot.receipts, progress, as_of=as_of)
    return evaluate(snapshot.tree, year, means, anew=True)


def _rubric_of(snapshot: Snapshot, year: int) -> str:
    own = rubric_path(year)
    return own if any(entry.path == own for entry in snapshot.tree.common()) else RUBRIC_PATH


def known_commit(root: Path, commit: object) -> str | None:
    """Return a commit's id if the local history has it, else None; raises GitError."""
    if not isinstance(commit, str):
        return None
    try:
        return resolve_commit(root, commit)
    except UnknownRevisionError:
        return None
