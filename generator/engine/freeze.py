"""Freezing a year's results, and proving later that a commit gives them (docs/format.md §7)."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.engine.evaluate import Evaluation, evaluate
from generator.engine.snapshot import Snapshot, snapshot_of
from generator.engine.year import Means
from generator.files.git import GitError, resolve_commit
from generator.files.paths import RUBRIC_PATH, results_path, rubric_path
from generator.results.document import to_json
from generator.results.frozen import SEAL, frozen_bytes, load_document, problems, sealed
from generator.text.findings import Place, Report
from generator.text.language import mark, speaking
from generator.text.messages import Message, Words, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.engine.year import Progress
    from generator.text.findings import Finding

#: Results are frozen in the language of the document, not in the user's.
LANGUAGE = "zh"

#: Keys that hold words: a difference in them alone is no difference in figures.
WORDING = frozenset(
    {
        "name", "kind_title", "consortium_title", "grade_title", "grade_reason", "title", "titles",
        "reason", "statement", "facts", "details", "note", "opinion", "type", "digest",
    }
)  # fmt: skip
KEY_WORDS = {
    "points": mark("得分"),
    "max": mark("分值"),
    "basis": mark("依据"),
    "claimed": mark("自评"),
    "computed": mark("系统计算"),
    "verified": mark("核定"),
    "fixed": mark("固定分"),
    "bonus": mark("加分"),
    "total": mark("总分"),
    "low": mark("下限"),
    "high": mark("上限"),
    "rank": mark("名次"),
    "rank_range": mark("名次范围"),
    "grade": mark("等次"),
    "status": mark("状态"),
    "reason": mark("理由"),
    "evidence": mark("佐证"),
}
#: A step of a path that names no key: entries are the same in another order.
ORDER = mark("顺序")
KEY_WORDS[ORDER] = ORDER
ABSENT = object()


class NotFinalError(Exception):
    """The year is not in stage final: ``stage`` says in which."""

    def __init__(self, stage: str) -> None:
        """Keep the stage."""
        super().__init__(stage)
        self.stage = stage


class UncommittedError(Exception):
    """Data files differ from the commit, so that nobody else could compute the figures."""


class AlreadyFrozenError(Exception):
    """The year has frozen results that differ from what the data gives now."""


class UnreproducibleError(Exception):
    """A results file rests on uncommitted files: nothing can be computed from its commit."""


@dataclass(frozen=True, slots=True)
class Finalized:
    """The outcome of ``finalize``: the evaluation, and whether it wrote files."""

    evaluation: Evaluation
    written: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a results file and the recomputation differ; values are JSON."""

    where: tuple[str, ...]
    told: object
    found: object

    @property
    def wording(self) -> bool:
        """Whether only words differ, and no figure."""
        return any(step in WORDING for step in self.where)

    def words(self) -> Message:
        """Return the difference in words: where, what the file says, what the commit gives."""
        steps = [say(KEY_WORDS[step]) if step in KEY_WORDS else step for step in self.where]
        return say(
            "{where}：文件里是 {told}，重算是 {found}",
            where=listed(steps, " › "),
            told=shown(self.told),
            found=shown(self.found),
        )


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` found; ``commit`` is None where present files were read in its place."""

    commit: str | None
    problems: tuple[Words, ...]
    differences: tuple[Difference, ...]

    @property
    def figures(self) -> tuple[Difference, ...]:
        """Differences in figures."""
        return tuple(item for item in self.differences if not item.wording)

    @property
    def sound(self) -> bool:
        """Whether the file is whole and every figure is what the data gives."""
        return not self.problems and not self.figures


def finalize(root: Path, year: int, progress: Progress | None = None) -> Finalized:
    """Freeze a year: write its results.json and its rubric.yml, or nothing where an error stands.

    Raises NotFinalError, UncommittedError, AlreadyFrozenError, GitError, MissingRubricError and
    UnknownYearError.
    """
    with snapshot_of(root) as present:
        if present.source.dirty:
            raise UncommittedError
        revision = "HEAD" if present.source.commit else None
    with snapshot_of(root, revision) as snapshot:
        evaluation = _evaluate(snapshot, year, progress)
        results = evaluation.results
        if results is None or evaluation.errors:
            return Finalized(evaluation, written=False)
        if results.stage != "final":
            raise NotFinalError(results.stage)
        with speaking(LANGUAGE):
            data = frozen_bytes(sealed(results))
        rubric = snapshot.tree.read(_rubric_of(snapshot, year))
    target, beside = root / results_path(year), root / rubric_path(year)
    if target.exists():
        told, found = (load_document(item) for item in (target.read_bytes(), data))
        if told | {"source": None} != found | {"source": None}:
            raise AlreadyFrozenError
        return Finalized(evaluation, written=False)
    write_whole(beside, rubric)
    write_whole(target, data)
    return Finalized(evaluation, written=True)


def verify(root: Path, year: int, data: bytes, progress: Progress | None = None) -> Verification:
    """Compute a year anew from the commit that a results file names, and compare.

    Where history does not have the commit, the present files and the frozen rubric are read.
    Raises FrozenError, UnreproducibleError, GitError, MissingRubricError and UnknownYearError.
    """
    document = load_document(data)
    source = document["source"]
    commit = known_commit(root, source.get("commit"))
    if source.get("dirty"):
        raise UnreproducibleError
    found: tuple[Words, ...] = ()
    if SEAL in source:
        beside = root / rubric_path(year)
        found = tuple(problems(data, beside.read_bytes() if beside.is_file() else None, year))
    with snapshot_of(root, commit) as snapshot:
        evaluation = _evaluate(snapshot, year, progress)
    with speaking(LANGUAGE):
        anew: dict[str, Any] = to_json(evaluation.results) if evaluation.results else {}
    told = {key: value for key, value in document.items() if key != "source"}
    anew.pop("source", None)
    return Verification(commit, found, tuple(differences(told, anew)))


def unreproduced(root: Path, year: int, revision: str | None = None) -> list[Finding]:
    """Return C005 where the figures of a whole frozen file are not what its commit gives.

    Raises GitError, MissingRubricError and UnknownYearError.
    """
    with snapshot_of(root, revision) as snapshot:
        data = snapshot.tree.read(results_path(year))
    report = Report(year=year)
    figures = verify(root, year, data).figures
    if figures:
        report.add(
            "C005",
            Place(results_path(year)),
            "{n} 处与重算不同，第一处：{words}",
            n=len(figures),
            words=figures[0].words(),
        )
    return report.findings


def _evaluate(snapshot: Snapshot, year: int, progress: Progress | None) -> Evaluation:
    means = Means(snapshot.source, snapshot.receipts, progress)
    return evaluate(snapshot.tree, year, means, anew=True)


def _rubric_of(snapshot: Snapshot, year: int) -> str:
    own = rubric_path(year)
    return own if any(entry.path == own for entry in snapshot.tree.common()) else RUBRIC_PATH


def known_commit(root: Path, commit: object) -> str | None:
    """Return a commit's id if the local history has it, else None."""
    if not isinstance(commit, str):
        return None
    try:
        return resolve_commit(root, commit)
    except GitError:
        return None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o644)  # noqa: PTH101 - a name, as mkstemp gives it
        os.replace(name, path)  # noqa: PTH105 - likewise
    except BaseException:
        os.unlink(name)  # noqa: PTH108 - likewise
        raise


def differences(told: object, found: object, where: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield every place where two results differ, branches and lines called by their ids."""
    if isinstance(told, dict) and isinstance(found, dict):
        for key in [*told, *(key for key in found if key not in told)]:
            one, two = told.get(key, ABSENT), found.get(key, ABSENT)
            yield from differences(one, two, (*where, str(key)))
    elif isinstance(told, list) and isinstance(found, list):
        ours, theirs = named(told), named(found)
        for key in [*ours, *(key for key in theirs if key not in ours)]:
            one, two = ours.get(key, ABSENT), theirs.get(key, ABSENT)
            yield from differences(one, two, (*where, key))
        if list(ours) != list(theirs) and set(ours) == set(theirs):
            yield Difference((*where, ORDER), list(ours), list(theirs))
    elif told != found or isinstance(told, bool) != isinstance(found, bool):
        yield Difference(where, told, found)


def named(items: list[Any]) -> dict[str, Any]:
    """Return the entries of a list by what they are called, or else by their place in it."""
    names: dict[str, Any] = {}
    for index, item in enumerate(items):
        name = str(index + 1)
        if isinstance(item, dict):
            keys = ("id", "criterion", "part", "claim", "path", "team", "veto")
            steps = [str(item[key]) for key in keys if item.get(key) is not None]
            name = "/".join(steps) or name
        names[name if name not in names else f"{name}#{index + 1}"] = item
    return names


def shown(value: object) -> Words:
    """Return a JSON value as it is shown in a message."""
    if value is ABSENT:
        return say("没有")
    text = "null" if value is None else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
