"""Which commit the data comes from, and the tree that holds it."""

from __future__ import annotations

from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

from generator.engine.cache import Cache, cache_path
from generator.engine.narrow.contents import ContentStore
from generator.engine.processes import reduce_all
from generator.engine.year import Means
from generator.files.checked_out import CheckedOut
from generator.files.git import HEAD, run_git
from generator.files.git_objects import Objects, Trees
from generator.files.git_tree import GitTree
from generator.files.paths import BRANCHES, DATA_PATHS
from generator.files.receipts import GitReceipts, OnDisk
from generator.files.remedies import history_at
from generator.files.tree import ALL_SENT, Tree, Unsent, WorkingTree
from generator.results.model import Source

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.engine.year import Progress


class Snapshot(NamedTuple):
    """Data as of one moment: the tree, the commit that it rests on, and when files came in.

    ``tree_ids`` are those of the branches that are as the commit has them; ``unsent`` is what
    lies on the disk and would not be in a commit.
    """

    tree: Tree
    source: Source
    receipts: GitReceipts | None
    tree_ids: Mapping[str, str]
    unsent: Unsent = ALL_SENT

    def __enter__(self) -> Self:
        """Return itself: the tree is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the tree."""
        self.tree.close()


def snapshot_of(root: Path, revision: str | None = None) -> Snapshot:
    """Return the working tree or a revision; raises GitError for no such revision."""
    if revision is None:
        return working(root)
    with ExitStack() as stack:
        tree = stack.enter_context(closing(GitTree.at(root, revision)))
        commit, trees = tree.treeish, tree.trees
        source, receipts = committed_in(trees, commit)
        stack.pop_all()  # what reads is the snapshot's to close
    return Snapshot(tree, source, receipts, tree.tree_ids)


def committed_in(
    trees: Trees, commit: str, folders: Iterable[str] = (BRANCHES,)
) -> tuple[Source, GitReceipts]:
    """Return what results of a commit rest on, and the days of receipt of some folders."""
    source = Source(commit, dirty=False, date=trees.date(commit))
    time, clone = trees.time(commit), trees.clone
    return source, GitReceipts(trees.root, commit, folders, seconds=time, clone=clone)


def working(root: Path) -> Snapshot:
    """Return the working tree; what git says is unchanged is listed by git, not looked at again.

    Only a folder without any ``.git`` has no history; raises GitError where git cannot read one.
    """
    if history_at(root) is None:
        return Snapshot(WorkingTree(root), Source(), None, {})
    with ExitStack() as stack:
        objects = stack.enter_context(closing(Objects(root)))
        (commit,), trees = objects.resolve(HEAD), Trees(root, objects)
        changed = changed_paths(root, trees.clone.prefix)
        known = partial(GitReceipts, root, commit, seconds=trees.time(commit), clone=trees.clone)
        source = Source(commit, bool(changed.tracked or changed.others), trees.date(commit))
        if changed.prefix:
            receipts = known(dirty=source.dirty)
            return Snapshot(WorkingTree(root), source, receipts, {}, changed.unsent)
        tree = CheckedOut(WorkingTree(root), GitTree(root, commit, trees=trees), changed.all)
        stack.pop_all()  # what reads is the snapshot's to close
    receipts = known(pending=OnDisk(tree, frozenset(changed.all)))
    return Snapshot(tree, source, receipts, tree.tree_ids, changed.unsent)


def means_of(
    root: Path,
    snapshot: Snapshot,
    progress: Progress | None = None,
    *,
    keep: bool = True,
    jobs: int | None = None,
    as_of: datetime.date | None = None,
) -> Means:
    """Return what a run over a snapshot works with; ``keep`` lets it use the cache.

    ``as_of`` is the date of the data where one was told.
    The cache is found from the commit: without one, nothing is kept.
    """
    path = cache_path(root) if keep and snapshot.tree_ids else None
    commit = snapshot.source.commit or ""
    cache = Cache(path, root, commit, snapshot.tree_ids) if path else None
    work = partial(reduce_all, jobs=jobs)
    contents = ContentStore.at(root, keep=path is not None)
    return Means(
        snapshot.source, snapshot.receipts, progress, cache, work, as_of, snapshot.unsent,
        contents=contents,
    )  # fmt: skip


class Changed(NamedTuple):
    """Paths of data that differ from the commit; ``prefix`` leads from git's root to ours."""

    prefix: str
    tracked: tuple[str, ...]
    others: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """All paths that the commit does not have like this."""
        return (*self.tracked, *self.others, *self.ignored)

    @property
    def unsent(self) -> Unsent:
        """What would not be in a commit."""
        return Unsent.of(self.others, self.ignored, self.prefix)


def changed_paths(root: Path, prefix: str = "", paths: Iterable[str] = DATA_PATHS) -> Changed:
    """Return what differs in the working tree, asked with one ``git status``; raises GitError.

    ``prefix`` leads from git's root to ours. ``paths`` narrow the question to what lies there.
    """
    out = run_git(
        root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all",
        "--ignored=matching", "--", *paths,
    )  # fmt: skip
    found: dict[str, list[str]] = {"tracked": [], "??": [], "!!": []}
    for line in out.split(b"\0"):
        text = line.decode("utf-8", "surrogateescape")
        if text:
            found.get(text[:2], found["tracked"]).append(text[3:])
    return Changed(prefix, tuple(found["tracked"]), tuple(found["??"]), tuple(found["!!"]))
