"""What a change can reach: the branches and years whose results or findings it may move.

A branch's scorecard depends on its own folder, on what the committee keeps of it, on the year's
common files and on the rubric; nothing of another branch is in it. Comparisons between branches
(the same file, a joint activity) reach those that share a file with it or that it names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.engine.repository import is_branch_id
from generator.files.git import run_git
from generator.files.git_tree import Item
from generator.files.tree import BRANCHES, COMMITTEE, RUBRIC_PATH
from generator.formats.shapes import IDENTIFIER, MAX_ID
from generator.loading.committee import YEAR
from generator.loading.evidence import RECORD_FILES, SELF_ASSESSMENT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from generator.files.git_objects import Trees

PER_BRANCH = ("reviews", "vetoes")
SUPERVISION = "supervision"
SUBMODULE = "160000"
#: Ids among names joined by NUL, which no name holds.
IDS = re.compile(rf"(?:\A|(?<=\0)){IDENTIFIER.pattern}(?=\0|\Z)")
OWN_FILES = frozenset({"branch.yml", SELF_ASSESSMENT_FILE, *RECORD_FILES.values()})


@dataclass(frozen=True, slots=True)
class Scope:
    """Branches and years that changed paths can reach; ``shared``: all branches."""

    ids: frozenset[str]
    years: frozenset[int]
    shared: bool
    rubric: bool

    @classmethod
    def of(cls, paths: Iterable[str]) -> Scope:
        """Return what these paths reach."""
        ids, years = set(), set()
        shared = rubric = False
        for path in paths:
            parts = path.split("/")
            if path == RUBRIC_PATH:
                rubric = True
            elif parts[0] == "branches" and len(parts) > 2 and is_branch_id(parts[1]):
                ids.add(parts[1])
                years |= {int(parts[2])} if YEAR.fullmatch(parts[2]) else set()
            elif parts[0] == "committee":
                years |= {int(part) for part in parts[1:2] if YEAR.fullmatch(part)}
                name = parts[-1].removesuffix(".yml")
                if len(parts) == 4 and parts[2] in PER_BRANCH and is_branch_id(name):
                    ids.add(name)
                else:
                    shared = True
        return cls(frozenset(ids), frozenset(years), shared, rubric)

    def widened(self) -> Scope:
        """Return the scope that reaches all branches: any may name one that came or went."""
        return replace(self, shared=True)


def ids_among(names: Iterable[str]) -> frozenset[str]:
    """Return those of the names of folders that are ids of branches."""
    return frozenset(name for name in IDS.findall("\0".join(names)) if len(name) <= MAX_ID)


def committee_paths(names: Callable[[str], Iterable[str]], ids: Collection[str]) -> list[str]:
    """Return the committee's files that the results of these branches depend on.

    ``names`` lists a folder. What the supervision teams hold of the consortia gives no points.
    """
    paths = []
    for name in names(COMMITTEE):
        folder = f"{COMMITTEE}/{name}"
        if not YEAR.fullmatch(name):
            paths.append(folder)
            continue
        for item in names(folder):
            if item in PER_BRANCH:
                paths += [f"{folder}/{item}/{branch}.yml" for branch in sorted(ids)]
            elif item != SUPERVISION:
                paths.append(f"{folder}/{item}")
    return paths


def list_narrow(trees: Trees, tree: str | None, ids: Collection[str]) -> list[Item]:
    """Return the files of a tree that the results of these branches depend on."""
    if tree is None:
        return []
    own = [f"{BRANCHES}/{branch}" for branch in sorted(ids)]
    common = committee_paths(lambda folder: trees.names(tree, folder), ids)
    return list_paths(trees, tree, (RUBRIC_PATH, *own, *common))


def list_paths(trees: Trees, tree: str | None, paths: Iterable[str]) -> list[Item]:
    """Return all files at and below some paths of a tree, with their sizes."""
    found = [file for path in paths for file in trees.files(tree, path)] if tree else []
    told = trees.objects.describe({file.id for file in found if file.mode != SUBMODULE})
    return [
        Item(file.mode, file.id, told[file.id][1] if file.id in told else 0, file.path)
        for file in found
    ]


class BlobIndex:
    """Where in a tree attachments of given contents lie; the whole tree is listed once."""

    def __init__(self, root: Path, treeish: str) -> None:
        self.root = root
        self.treeish = treeish
        self._lines: list[bytes] | None = None

    def branches(self, blobs: Collection[str]) -> frozenset[str]:
        """Return the branches that hold one of these blobs beside a record."""
        return frozenset(path.split("/")[1] for path in self.paths(blobs))

    def paths(self, blobs: Collection[str]) -> list[str]:
        """Return the paths below branches/ that hold one of these blobs, record files left out."""
        if not blobs:
            return []
        if self._lines is None:
            listing = run_git(self.root, "ls-tree", "-r", "-z", self.treeish, "--", "branches")
            self._lines = listing.split(b"\0")
        wanted = {blob.encode("ascii") for blob in blobs}
        # "<6 digits> blob <id>\t<path>": the id begins at column 12.
        size = len(next(iter(wanted)))
        found = [line for line in self._lines if line[12 : 12 + size] in wanted]
        paths = [line.partition(b"\t")[2].decode("utf-8", "surrogateescape") for line in found]
        return [path for path in paths if path.rpartition("/")[2] not in OWN_FILES]
