"""What a change can reach: the branches and years whose results or findings it may move.

A branch's scorecard depends on its own folder, on what the committee keeps of it, on the year's
common files and on the rubric; nothing of another branch is in it. Comparisons between branches
(the same file, a joint activity) reach those that share a file with it or that it names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.committee import YEAR
from generator.evidence import RECORD_FILES, SELF_ASSESSMENT_FILE
from generator.git import run_git
from generator.git_tree import list_folder, list_tree
from generator.repository import is_branch_id
from generator.tree import RUBRIC_PATH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.git_tree import Item

PER_BRANCH = ("reviews", "vetoes")
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


def branch_ids(root: Path, treeish: str) -> frozenset[str]:
    """Return the ids of all branches of a commit or tree."""
    return frozenset(name for name in list_folder(root, treeish, "branches") if is_branch_id(name))


def committee_paths(root: Path, treeish: str, ids: Collection[str]) -> list[str]:
    """Return the committee's common files, and of each year what it keeps of these branches."""
    paths = []
    for name in list_folder(root, treeish, "committee"):
        folder = f"committee/{name}"
        if not YEAR.fullmatch(name):
            paths.append(folder)
            continue
        for item in list_folder(root, treeish, folder):
            if item in PER_BRANCH:
                paths += [f"{folder}/{item}/{branch}.yml" for branch in ids]
            else:
                paths.append(f"{folder}/{item}")
    return paths


def list_narrow(root: Path, treeish: str, ids: Collection[str]) -> list[Item]:
    """Return the files of a tree that the results of these branches depend on."""
    own = [f"branches/{branch}" for branch in sorted(ids)]
    return list_tree(root, treeish, [RUBRIC_PATH, *own, *committee_paths(root, treeish, ids)])


class BlobIndex:
    """Where in a tree attachments of given contents lie; the whole tree is listed once."""

    def __init__(self, root: Path, treeish: str) -> None:
        self.root = root
        self.treeish = treeish
        self._lines: list[bytes] | None = None

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
