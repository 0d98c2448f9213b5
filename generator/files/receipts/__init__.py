"""When files reached main: the first commit on its first-parent line that holds them.

Author dates, and the dates of commits inside a merged change, say what their writer wants;
the commit on main is made by those who accept. Its committer's time is the receipt, and follows
what is renamed (docs/format.md §9).
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import Clone, MissingHistoryError, clone_at
from generator.files.git_objects import Objects, Trees
from generator.files.git_tree import list_paths
from generator.files.paths import BRANCHES, branch_folder, branch_of
from generator.files.receipts.annals import GitAnnals
from generator.files.receipts.course import Change, Course
from generator.files.receipts.history import (
    UNKNOWN,
    YAML_FILE,
    Event,
    History,
    encoded,
)
from generator.files.receipts.likeness import Committed, State, likeness_of
from generator.files.receipts.past import past_of
from generator.text.days import day_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.files.history import Change as PathChange
    from generator.files.receipts.course import Teller
    from generator.files.receipts.likeness import Likeness
    from generator.files.tree import Past, Tree


class Proposed(NamedTuple):
    """A tree that no commit holds yet: when it comes, and at which paths it differs."""

    seconds: int
    treeish: str
    changes: Sequence[PathChange]


class OnDisk(NamedTuple):
    """A working tree: it comes with its commit, and may differ at these paths; None: anywhere."""

    tree: Tree
    paths: frozenset[str] | None

    def read(self, path: str, blob: str) -> bytes:
        """Return the content of a file."""
        del blob
        return self.tree.read(path)

    def blob(self, path: str) -> str:
        """Return the blob id of a file, ``""`` where there is none."""
        found = (entry for entry in self.tree.folder(branch_of(path)) if entry.path == path)
        entry = next((entry for entry in found if entry.is_file), None)
        return "" if entry is None else entry.blob or self.tree.blob_id(path)


class GitReceipts:
    """Days of receipt in the history of one commit; read when the first one is asked for.

    ``folders`` narrows the history. ``pending`` is what the commit does not hold: a proposal, or
    what was edited in the working tree; ``dirty`` says that something was, and nobody knows what.
    ``seconds`` is the commit's time, and ``clone`` what git says of the repository, where they are
    known.
    """

    def __init__(
        self,
        root: Path,
        commit: str,
        folders: Iterable[str] = (BRANCHES,),
        pending: Proposed | OnDisk | None = None,
        *,
        dirty: bool = False,
        seconds: int | None = None,
        clone: Clone | None = None,
    ) -> None:
        self.root = root
        self.commit = commit
        self.folders = frozenset(folders)
        self.pending = pending
        self.dirty = dirty
        self._history: History | None = None
        self._course: tuple[tuple[str, ...], Course] | None = None
        self._time = seconds
        self._clone = clone

    @property
    def clone(self) -> Clone:
        """What git says of the repository; raises GitError."""
        if self._clone is None:
            self._clone = clone_at(self.root)
        return self._clone

    @contextmanager
    def _trees(self) -> Iterator[Trees]:
        """Return what reads objects, with a process of its own: some were forked."""
        with closing(Objects(self.root)) as objects:
            yield Trees(self.root, objects, self.clone)

    def load(self) -> History:
        """Return the history; it is read once."""
        if self._history is None:
            cut = self.clone.cut_commits
            self._history = History(self.root, self.commit, sorted(self.folders), cut)
        return self._history

    def prepare(self) -> None:
        """Read the history before several processes begin."""
        self.load()

    def beside(self, pending: Proposed | OnDisk) -> GitReceipts:
        """Return the same days for what lies beside the commit; the history is read once."""
        other = GitReceipts(
            self.root, self.commit, self.folders, pending, seconds=self._time, clone=self._clone
        )
        other._history = self._history
        return other

    def day(self, path: str, blob: str, names: Sequence[str]) -> datetime.date:
        """Return the day on which a YAML file of a branch was received.

        ``names`` are what the branch is and was called. Raises MissingHistoryError where a shallow
        clone has cut off the commit that tells.
        """
        time = self.course(names).time(path, blob)
        if time == UNKNOWN:
            raise MissingHistoryError(path)
        return day_of(self.latest if time is None else time)

    def now(self, path: str, day: datetime.date | None, names: Sequence[str]) -> frozenset[str]:
        """Return where the file lies now that lay at a path on a day (``Course.now``)."""
        return self.course(names).now(path, day)

    def past(self, paths: Sequence[str]) -> list[Past]:
        """Return what some files held after each commit that changed one (``past_of``)."""
        with self._trees() as trees:
            return past_of(trees, self.commit, paths)

    @contextmanager
    def annals(self) -> Iterator[GitAnnals]:
        """Return what commits on main did, to be closed at the end."""
        with self._trees() as trees:
            yield GitAnnals(trees, self.commit, edited_in(self.pending, anywhere=self.dirty))

    @property
    def latest(self) -> int:
        """The time of what no commit holds yet, in seconds since 1970."""
        if isinstance(self.pending, Proposed):
            return self.pending.seconds
        if self._time is None:
            with self._trees() as trees:
                self._time = trees.time(self.commit)
        return self._time

    def course(self, names: Sequence[str]) -> Course:
        """Return the files of one branch through history; the one asked for last is kept."""
        own = tuple(names)
        if self._course is None or self._course[0] != own:
            missing = {branch_folder(name) for name in own} - self.folders
            if missing and BRANCHES not in self.folders:
                self.folders |= missing
                self._history = None
            with self._trees() as trees:
                self._course = (own, Course(self._changes(own, trees)))
        return self._course[1]

    def _changes(self, names: tuple[str, ...], trees: Trees) -> Iterator[Change]:
        teller = Tellers(trees)
        for step, events in self.load().events(names):
            yield Change(step.seconds, events, teller.between(f"{step.commit}^", step.commit))
        if isinstance(self.pending, Proposed):
            told = (Event(encoded(c.path), some(c.old_id), some(c.new_id))
                    for c in self.pending.changes if branch_of(c.path) in names)  # fmt: skip
            events = [event for event in told if YAML_FILE.search(event.path)]
            between = teller.between(self.commit, self.pending.treeish)
            yield Change(self.latest, events, between)
        elif self.pending is not None:
            events = edits(trees, self.commit, self.pending, names)
            if events:
                between = teller.between(self.commit, self.pending)
                yield Change(self.latest, events, between)


class Tellers:
    """Makes what tells files apart in two states; a state is opened when a file is asked for."""

    def __init__(self, trees: Trees) -> None:
        self.trees = trees

    def between(self, old: str, new: str | State) -> Teller:
        """Return what tells files of an older and of a newer state."""
        states: dict[bool, State] = {}

        def tell(path: bytes, blob: str, *, before: bool) -> Likeness | None:
            if before not in states:
                states[before] = self._open(old if before else new)
            return likeness_of(states[before], path.decode("utf-8", "surrogateescape"), blob)

        return tell

    def _open(self, side: str | State) -> State:
        if not isinstance(side, str):
            return side
        return Committed(self.trees.objects, side, self.trees.clone.prefix)


def edits(trees: Trees, commit: str, disk: OnDisk, names: tuple[str, ...]) -> list[Event]:
    """Return what differs between a commit and the disk in the folders of one branch."""
    if disk.paths is not None and not any(branch_of(path) in names for path in disk.paths):
        return []
    listed = list_paths(trees, trees.top(commit), map(branch_folder, names))
    old = {item.path: item.object_id for item in listed}
    new = {
        entry.path: entry.blob or disk.tree.blob_id(entry.path)
        for name in names
        for entry in disk.tree.folder(name)
        if entry.is_file and YAML_FILE.search(encoded(entry.path))
    }
    paths = [path for path in sorted({*old, *new}) if old.get(path) != new.get(path)]
    found = [Event(encoded(path), old.get(path, ""), new.get(path, "")) for path in paths]
    return [event for event in found if YAML_FILE.search(event.path)]


def edited_in(
    pending: Proposed | OnDisk | None, *, anywhere: bool = False
) -> Callable[[str], bool]:
    """Return what tells whether anything below a branch's folder may differ from the commit."""
    if pending is None:
        return lambda _: anywhere
    if isinstance(pending, Proposed):
        paths: Iterable[str] = (change.path for change in pending.changes)
    elif pending.paths is None:
        return lambda _: True
    else:
        paths = pending.paths
    touched = {branch_folder(branch_of(path)) for path in paths}
    return touched.__contains__


def some(blob: str) -> str:
    """Return a blob id, ``""`` for that of nothing."""
    return blob if blob.strip("0") else ""
