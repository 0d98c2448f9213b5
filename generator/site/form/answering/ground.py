"""What lies there: the published files of a branch and year, and what they are held against."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from generator.engine.evaluate import NOTHING, evaluate
from generator.files.tree import Tree
from generator.formats.nodes import Mapping as Pairs
from generator.formats.nodes import Scalar, is_absent, parse
from generator.formats.nodes import Sequence as Items
from generator.proposals.bundles.files import NAME
from generator.proposals.filing.desk import Desk
from generator.proposals.filing.trial import Trial
from generator.proposals.overlay import Overlay
from generator.results.audience import WITHHELD
from generator.results.describe import placed
from generator.scoring.ranking import place
from generator.site.form.answering.arguments import RefusedError
from generator.text.findings import Report, escape_pointer
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.engine.year import Evaluation, Means, Run
    from generator.formats.nodes import Node
    from generator.results.model import BranchResult
    from generator.text.messages import Words

NO_SUCH = mark("本支部没有“{path}”这个文件，请刷新网页再试")
UNREADABLE = mark("给出的这一份读不懂，不是“{path}”：请从代码托管平台或报送包里取它")
OTHER = mark("给出的这一份与网站上的“{path}”不同：请取现在的那一份；刚改过的，等网站更新以后再试")


class Published(Tree, Protocol):
    """A tree that may hold less than main does, and says what.

    ``means`` has the days of receipt; ``data`` is a text that changes when main's files do;
    ``pending`` says what main alone can compare.
    """

    @property
    def means(self) -> Means:
        """What an evaluation is handed."""

    @property
    def data(self) -> str:
        """What identifies the state of main."""

    @property
    def pending(self) -> Sequence[Words]:
        """What can be told only once it was handed in."""

    def is_exact(self, path: str) -> bool:
        """Whether ``read`` gives the very bytes that main has."""

    def withheld(self, path: str) -> Sequence[str]:
        """Return pointers to what of a file was masked or left out."""


class Whole(Overlay):
    """A tree of which nothing is withheld, as a published one."""

    def __init__(self, tree: Tree, means: Means = NOTHING, data: str = "") -> None:
        super().__init__(tree, {})
        self.means = means
        self.data = data

    @property
    def pending(self) -> Sequence[Words]:
        """Everything is compared here."""
        return ()

    def is_exact(self, path: str) -> bool:
        """All files are as they are."""
        del path
        return True

    def withheld(self, path: str) -> Sequence[str]:
        """Nothing is left out."""
        del path
        return ()


class RankedTrial(Trial):
    """A trial that ranks the branch among all others, which are evaluated once."""

    @cached_property
    def others(self) -> list[BranchResult]:
        """The results of the other branches."""
        results = evaluate(self.tree, self.year, self.means, details=False).results
        return [own for own in results.branches if own.id != self.branch] if results else []

    def ranked(self, run: Run, found: Evaluation) -> Evaluation:
        """Return what was found with the branch ranked among all."""
        results, rubric, decision = found.results, run.repository.rubric, run.committee.decision
        if results is None or rubric is None:
            return found
        placings = place([*results.branches, *self.others], rubric, decision)
        branches = tuple(
            replace(placed(own, placings[own.id], rubric, decision), appeals=own.appeals)
            for own in results.branches
        )
        return replace(found, results=replace(results, branches=branches))


class Ground:
    """A branch and year as it lies there, read once; ``own`` are files that the branch handed over.

    Raises UnreadableRubricError and MissingRubricError.
    """

    def __init__(self, published: Published, trial: Trial, own: Mapping[str, bytes]) -> None:
        self.published = published
        self.trial = trial
        self.branch = trial.branch
        self.year = trial.year
        self.own = own
        self.tree = Overlay(published, own)
        self.desk = Desk(self.tree, self.year, self.branch, published.means)

    @property
    def name(self) -> str:
        """Name of the branch."""
        own = self.desk.records.get(self.branch)
        return (own.name if own else None) or self.branch

    @property
    def day(self) -> str:
        """The day of the data, empty where nothing tells it."""
        return f"{self.desk.run.date.day or ''}"

    def there(self, path: str) -> bool:
        """Whether the branch has a file at a path."""
        entry = self.desk.entries.get(path)
        return entry is not None and entry.is_file

    def held(self, path: str) -> bytes | None:
        """Return what is known of a file, which need not be its own bytes; None for nothing."""
        try:
            return self.tree.read(path) if self.there(path) else None
        except FileNotFoundError:
            return None

    def published_bytes(self, path: str) -> bytes | None:
        """Return what is published of a file of the branch; None for nothing."""
        try:
            return self.published.read(path) if self.there(path) else None
        except FileNotFoundError:
            return None

    def exact(self, path: str) -> bool:
        """Whether ``held`` gives the bytes that main has; also of what is not there.

        Where a name in the path itself is masked, nobody knows where the file lies.
        """
        if NAME in self.published.withheld(path):
            return False
        return path in self.own or path not in self.desk.entries or self.published.is_exact(path)

    def withheld(self, path: str) -> Sequence[str]:
        """Return pointers to what is not shown of a file."""
        return () if path in self.own else self.published.withheld(path)

    @cached_property
    def before(self) -> Evaluation:
        """The branch as it is."""
        return self.trial.evaluate(self.own) if self.own else self.trial.before

    def after(self, files: Mapping[str, bytes]) -> Evaluation:
        """Return the branch with some files laid over what is there."""
        return self.trial.evaluate({**self.own, **files}) if files else self.before

    def result(self, evaluation: Evaluation) -> BranchResult | None:
        """Return the result of the branch; None where the rubric cannot be read."""
        branches = evaluation.results.branches if evaluation.results else ()
        return next((own for own in branches if own.id == self.branch), None)


def refuse_other(ground: Ground, path: str, data: bytes) -> None:
    """Raise RefusedError where bytes are not those of the file that is published at a path."""
    published = ground.published_bytes(path)
    if published is None:
        raise RefusedError(say(NO_SUCH, path=visible(path)))
    if ground.published.is_exact(path):
        if data != published:
            raise RefusedError(say(OTHER, path=visible(path)))
        return
    node = parse(data, Report(), path)
    if node is None or not isinstance(node, Pairs):
        raise RefusedError(say(UNREADABLE, path=visible(path)))
    held = ground.published.withheld(path)
    if not is_same(node, parse(published, Report(), path), held):
        raise RefusedError(say(OTHER, path=visible(path)))


def is_same(given: Node | None, published: Node | None, held: Sequence[str]) -> bool:
    """Whether two files say the same wherever nothing is withheld."""
    one, two = dict(leaves(given)), dict(leaves(published))
    hides_keys = any(WITHHELD in pointer for pointer in held)
    for pointer in one.keys() | two.keys():
        if any(f"{pointer}/".startswith(f"{own}/") for own in held) or WITHHELD in pointer:
            continue
        if one.get(pointer) != two.get(pointer) and not (hides_keys and pointer not in two):
            return False
    return True


def leaves(node: Node | None, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield pointer and text of every value that says something."""
    if isinstance(node, Pairs):
        for key, (_, value) in node.entries.items():
            yield from leaves(value, f"{pointer}/{escape_pointer(key)}")
    elif isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from leaves(item, f"{pointer}/{index}")
    elif isinstance(node, Scalar) and not is_absent(node):
        yield pointer, node.text.strip()
