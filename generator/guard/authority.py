"""Who may change what, as the base revision has it: no change can grant itself anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.committee import YEAR, load_year
from generator.committee_model import ROSTER, Roster
from generator.findings import Report
from generator.git import Objects, run_git
from generator.git_tree import KINDS, GitTree, list_folder, list_tree
from generator.loading import Reader
from generator.model import BRANCH, Branch
from generator.shapes import IDENTIFIER, MAX_ID
from generator.tree import EntryKind

if TYPE_CHECKING:
    from pathlib import Path


def owner(path: str) -> tuple[str, str] | None:
    """Return (branch, year) whose own files a path belongs to, None for all others."""
    parts = path.split("/")
    if len(parts) < 4 or parts[0] != "branches" or not YEAR.fullmatch(parts[2]):
        return None
    if not IDENTIFIER.fullmatch(parts[1]) or len(parts[1]) > MAX_ID:
        return None
    return parts[1], parts[2]


class Authority:
    """Who may change what, as the base revision has it."""

    def __init__(self, root: Path, base: str, author: str, objects: Objects) -> None:
        self.root = root
        self.base = base
        self.author = author.casefold()
        self.objects = objects
        self._submits: dict[str, bool] = {}
        self._stages: dict[str, str] = {}
        roster = self._load("committee/roster.yml")
        self.is_member = self.author in roster

    def _tree(self, *paths: str) -> GitTree:
        items = list_tree(self.root, self.base, paths)
        return GitTree(self.root, self.base, items=items, objects=self.objects)

    def _load(self, path: str) -> set[str]:
        """Return the accounts that a roster or a branch.yml names, none where it has faults."""
        tree = self._tree(path)
        item = tree.items.get(path)
        if item is None or KINDS.get(item.mode) is not EntryKind.FILE:
            return set()
        shape = ROSTER if path.startswith("committee/") else BRANCH
        value, _ = Reader(tree, Report()).load(path, shape, size=item.size)
        logins = value.members if isinstance(value, Roster) else ()
        logins = value.submitters if isinstance(value, Branch) else logins
        return {login.casefold() for login in logins}

    def submits(self, branch: str) -> bool:
        """Whether the author may file for a branch."""
        if branch not in self._submits:
            self._submits[branch] = self.author in self._load(f"branches/{branch}/branch.yml")
        return self._submits[branch]

    def is_known(self) -> bool:
        """Whether any branch or the roster names the author."""
        if self.is_member or any(self._submits.values()):
            return True
        found = run_git(
            self.root, "grep", "-l", "-z", "-i", "-F", "-e", self.author, self.base, "--",
            ":(glob)branches/*/branch.yml", accept=(0, 1),
        )  # fmt: skip
        names = [name.decode("utf-8", "replace").split("/") for name in found.split(b"\0") if name]
        return any(self.submits(parts[1]) for parts in names)

    def stage(self, year: str) -> str:
        """Return the year's stage, ``final`` where it is frozen, ``none`` where never opened."""
        if year not in self._stages:
            folder = f"committee/{year}"
            names = list_folder(self.root, self.base, folder)
            tree = self._tree(f"{folder}/appraisal.yml")
            committee = load_year(
                Reader(tree, Report()), int(year), {e.path: e for e in tree.entries()}, None
            )
            opened = committee.stage if "appraisal.yml" in names else "none"
            self._stages[year] = "final" if "results.json" in names else opened
        return self._stages[year]

    def verified_years(self) -> list[str]:
        """Return the years not yet frozen for which the committee has verified something."""
        years = [y for y in list_folder(self.root, self.base, "committee") if YEAR.fullmatch(y)]
        return [
            year
            for year in years
            if list_folder(self.root, self.base, f"committee/{year}/reviews")
            and "results.json" not in list_folder(self.root, self.base, f"committee/{year}")
        ]
