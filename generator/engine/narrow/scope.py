"""What a change can reach: the branches and years whose results or findings it may move.

A branch's scorecard depends on its own folder, on the rubric, and on those of the committee's files
that reach it (``formats/kept``); nothing of another branch is in it. Comparisons between branches
(the same file, a joint activity) reach those that share a file with it or that it names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.files.git import run_git
from generator.files.git_tree import Item, list_paths
from generator.files.paths import (
    BRANCH_FILE,
    BRANCHES,
    COMMITTEE,
    RECORD_NAMES,
    RUBRIC_PATH,
    SELF_ASSESSMENT_FILE,
    YAML,
    YEAR,
    BranchPath,
    CommitteePath,
    branch_folder,
    branch_of,
    is_branch_id,
)
from generator.formats.kept import BRANCH_GROUPS, Whom
from generator.formats.shapes import IDENTIFIER, MAX_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from generator.files.git_objects import Trees

#: Ids among names joined by NUL, which no name holds.
IDS = re.compile(rf"(?:\A|(?<=\0)){IDENTIFIER.pattern}(?=\0|\Z)")
OWN_FILES = frozenset({BRANCH_FILE, SELF_ASSESSMENT_FILE, *RECORD_NAMES})


@dataclass(frozen=True, slots=True)
class Scope:
    """Branches and years that changed paths can reach; ``shared``: all branches.

    ``asked`` are the years whose due list is among them, ``accepted`` those whose accepted findings
    are: two states of either tell whom it reaches.
    """

    ids: frozenset[str]
    years: frozenset[int]
    shared: bool
    rubric: bool
    asked: frozenset[int] = frozenset()
    accepted: frozenset[int] = frozenset()

    @classmethod
    def of(cls, paths: Iterable[str]) -> Scope:
        """Return what these paths reach."""
        ids, years = set(), set()
        by_entries: dict[Whom, set[int]] = {Whom.ASKED: set(), Whom.HOLDERS: set()}
        shared = rubric = False
        for path in paths:
            if path == RUBRIC_PATH:
                rubric = True
            elif (own := BranchPath.of(path)) is not None:
                if own.below and is_branch_id(own.branch):
                    ids.add(own.branch)
                    years |= {int(name) for name in own.below[:1] if YEAR.fullmatch(name)}
            elif (kept := CommitteePath.of(path)) is not None:
                years |= set() if kept.year is None else {kept.year}
                if is_branch_id(kept.branch):
                    ids.add(kept.branch)
                elif kept.kind is not None and kept.kind.whom in by_entries:
                    by_entries[kept.kind.whom] |= set() if kept.year is None else {kept.year}
                elif kept.kind is None or kept.kind.whom is not Whom.NOBODY:
                    shared = True
        asked, accepted = map(frozenset, by_entries.values())
        return cls(frozenset(ids), frozenset(years), shared, rubric, asked, accepted)

    @property
    def data(self) -> bool:
        """Whether a file of the data is touched, even if it reaches no branch."""
        return bool(self.ids or self.years or self.shared)

    def reaching(self, ids: frozenset[str]) -> Scope:
        """Return the scope that reaches these branches as well."""
        return replace(self, ids=self.ids | ids)

    def widened(self) -> Scope:
        """Return the scope that reaches all branches: any may name one that came or went."""
        return replace(self, shared=True)


def ids_among(names: Iterable[str]) -> frozenset[str]:
    """Return those of the names of folders that are ids of branches."""
    return frozenset(name for name in IDS.findall("\0".join(names)) if len(name) <= MAX_ID)


def committee_paths(names: Callable[[str], Iterable[str]], ids: Collection[str]) -> list[str]:
    """Return the committee's files that the results of these branches depend on.

    ``names`` lists a folder. Files that reach nobody are among them for their own findings.
    """
    paths = []
    for name in names(COMMITTEE):
        folder = f"{COMMITTEE}/{name}"
        if not YEAR.fullmatch(name):
            paths.append(folder)
            continue
        for item in names(folder):
            if item in BRANCH_GROUPS:
                paths += [f"{folder}/{item}/{branch}{YAML}" for branch in sorted(ids)]
            else:
                paths.append(f"{folder}/{item}")
    return paths


def list_narrow(trees: Trees, tree: str | None, ids: Collection[str]) -> list[Item]:
    """Return the files of a tree that the results of these branches depend on."""
    if tree is None:
        return []
    own = [branch_folder(branch) for branch in sorted(ids)]
    common = committee_paths(lambda folder: trees.names(tree, folder), ids)
    return list_paths(trees, tree, (RUBRIC_PATH, *own, *common))


class BlobIndex:
    """Where in a tree attachments of given contents lie; the whole tree is listed once."""

    def __init__(self, root: Path, treeish: str) -> None:
        self.root = root
        self.treeish = treeish
        self._lines: list[bytes] | None = None

    def branches(self, blobs: Collection[str]) -> frozenset[str]:
        """Return the branches that hold one of these blobs beside a record."""
        return frozenset(filter(None, map(branch_of, self.paths(blobs))))

    def paths(self, blobs: Collection[str]) -> list[str]:
        """Return the paths below branches/ that hold one of these blobs, record files left out."""
        if not blobs:
            return []
        if self._lines is None:
            listing = run_git(self.root, "ls-tree", "-r", "-z", self.treeish, "--", BRANCHES)
            self._lines = listing.split(b"\0")
        wanted = {blob.encode("ascii") for blob in blobs}
        # "<6 digits> blob <id>\t<path>": the id begins at column 12.
        found = [
            line
            for size in {len(blob) for blob in wanted}
            for line in self._lines
            if line[12 : 12 + size] in wanted and line[12 + size : 13 + size] == b"\t"
        ]
        paths = [line.partition(b"\t")[2].decode("utf-8", "surrogateescape") for line in found]
        return [path for path in paths if path.rpartition("/")[2] not in OWN_FILES]
