"""Who may change what, as the base revision has it: no change can grant itself anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.files.git import run_git
from generator.files.git_tree import KINDS, GitTree, Item
from generator.files.paths import (
    APPRAISAL_FILE,
    COMMITTEE,
    RESULTS_FILE,
    REVIEWS_FOLDER,
    ROSTER_PATH,
    YEAR,
    BranchPath,
    branch_path,
    committee_folder,
    is_branch_id,
)
from generator.files.tree import EntryKind
from generator.formats.branch_files import BRANCH, account
from generator.formats.committee_files import APPRAISAL, ROSTER
from generator.loading.reader import Reader
from generator.loading.sizes import allowed_of
from generator.text.findings import Report

if TYPE_CHECKING:
    from pathlib import Path

    from generator.files.git_objects import Trees
    from generator.files.limits import Allowed
    from generator.formats.shapes import Shape, T

READABLE = frozenset({EntryKind.FILE, EntryKind.EXECUTABLE})
ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[bot\])?")


def owner(path: str) -> tuple[str, str] | None:
    """Return (branch, year) whose own files a path belongs to, None for all others."""
    own = BranchPath.of(path)
    if own is None or own.year is None or not is_branch_id(own.branch):
        return None
    return own.branch, own.group


class Authority:
    """Who may change what, as the base revision has it."""

    def __init__(self, root: Path, base: str, author: str, trees: Trees) -> None:
        self.root = root
        self.base = base
        self.author = account(author)
        self.trees = trees
        self.tree = trees.of(base)
        self._submits: dict[str, bool] = {}
        self._stages: dict[str, str] = {}
        roster = self._load(ROSTER_PATH, ROSTER)
        self.is_member = roster is not None and self._is_in(roster.members)
        self.is_office = roster is not None and self._is_in(roster.office)
        teams = roster.teams if roster else {}
        #: Supervision teams that the author belongs to.
        self.teams = frozenset(name for name, logins in teams.items() if self._is_in(logins))

    def _is_in(self, logins: tuple[str, ...]) -> bool:
        return self.author in {account(login) for login in logins}

    def _load(self, path: str, shape: Shape[T]) -> T | None:
        """Return a file of the base revision, None where it is missing or cannot be read."""
        found = self.trees.find(self.tree, path)
        if found is None or KINDS.get(found.mode) not in READABLE:
            return None
        item = Item(found.mode, found.id, 0, path)
        tree = GitTree(self.root, self.base, items=[item], trees=self.trees)
        return Reader(tree, Report()).load(path, shape)[0]

    def blob(self, path: str) -> str:
        """Return the blob of a file of the base revision, empty where there is none."""
        found = self.trees.find(self.tree, path)
        return found.id if found is not None and KINDS.get(found.mode) in READABLE else ""

    def submits(self, branch: str) -> bool:
        """Whether the author may file for a branch."""
        if branch not in self._submits:
            found = self._load(branch_path(branch), BRANCH) if is_branch_id(branch) else None
            self._submits[branch] = found is not None and self._is_in(found.submitters)
        return self._submits[branch]

    def stands_in(self, branch: str) -> bool:
        """Whether the author may file for a branch as the office: it has a branch.yml."""
        return self.is_office and self._load(branch_path(branch), BRANCH) is not None

    def is_known(self) -> bool:
        """Whether any branch or the roster names the author."""
        if self.is_member or self.is_office or self.teams or any(self._submits.values()):
            return True
        if not ACCOUNT.fullmatch(self.author):
            return False
        found = run_git(
            self.root, "grep", "--text", "-z", "-i", "-F", "-e", self.author, self.base, "--",
            ":(glob)branches/*/branch.yml", accept=(0, 1),
        )  # fmt: skip
        name = re.escape(self.author.encode("ascii"))
        whole = re.compile(
            rb":branches/([a-z0-9-]+)/branch\.yml\0.*(?<![a-z0-9-])%s(?![a-z0-9-])" % name,
            re.IGNORECASE,
        )
        return any(self.submits(branch.decode("ascii")) for branch in whole.findall(found))

    def stage(self, year: str) -> str:
        """Return the year's stage; ``final`` where it is frozen, ``none`` where never opened.

        ``unknown`` is a year whose appraisal.yml cannot be read.
        """
        if year not in self._stages:
            self._stages[year] = self._stage(committee_folder(year))
        return self._stages[year]

    def _stage(self, folder: str) -> str:
        names = self.trees.names(self.tree, folder)
        if RESULTS_FILE in names:
            return "final"
        if APPRAISAL_FILE not in names:
            return "none"
        appraisal = self._load(f"{folder}/{APPRAISAL_FILE}", APPRAISAL)
        return appraisal.stage if appraisal else "unknown"

    def allowed(self, year: str) -> Allowed:
        """Return how large files of a year may be."""
        path = f"{committee_folder(year)}/{APPRAISAL_FILE}"
        return allowed_of(self._load(path, APPRAISAL))

    def verified_years(self) -> list[str]:
        """Return the years not yet frozen for which the committee has verified something."""
        years = [y for y in self.trees.names(self.tree, COMMITTEE) if YEAR.fullmatch(y)]
        return [
            year
            for year in years
            if self.trees.names(self.tree, f"{committee_folder(year)}/{REVIEWS_FOLDER}")
            and RESULTS_FILE not in self.trees.names(self.tree, committee_folder(year))
        ]
