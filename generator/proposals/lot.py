"""An audit by lot: which records are drawn, as main had them before the seed was known.

Whoever has the repository and the seed draws the same (docs/format.md, Audit by lot).
"""

from __future__ import annotations

import datetime
import hashlib
import math
from contextlib import closing
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import MissingHistoryError, run_git
from generator.files.git_tree import GitTree
from generator.files.history import is_shallow
from generator.files.paths import (
    ACTIVITIES,
    BRANCHES,
    RECORD_FILES,
    SELF_ASSESSMENT_FILE,
    BranchPath,
    RecordPath,
    branch_folder,
    branch_of,
    branch_path,
    is_branch_id,
)
from generator.files.receipts import GitReceipts
from generator.formats.branch_files import ACTIVITY, BRANCH, DOCUMENT, SELF_ASSESSMENT
from generator.formats.received import AUDIT
from generator.formats.writing import Entries, edited
from generator.loading.reader import Reader
from generator.proposals.packages.mainline import mainline
from generator.text.days import ZONE
from generator.text.findings import Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from decimal import Decimal
    from pathlib import Path

    from generator.files.tree import Entry, Receipts, Tree
    from generator.formats.received import Audit
    from generator.formats.shape import Shape
    from generator.results.model import Results


BEGINNING = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


class NoHistoryError(Exception):
    """Without history nobody knows what main was before a day."""


class TooEarlyError(Exception):
    """Main has no commit before the day on which the seed became known."""


class Terms(NamedTuple):
    """What a draw goes by: the seed, the day on which it became known, the share of records."""

    seed: str
    known: datetime.date
    share: Decimal


class Drawn(NamedTuple):
    """A record that was drawn: its path then, its number in the order, where it lies now."""

    path: str
    number: str
    now: tuple[str, ...]


class Lot(NamedTuple):
    """A draw: by which terms, from how many records of which commit, what was drawn."""

    year: int
    terms: Terms
    commit: str
    records: int
    drawn: tuple[Drawn, ...]


def number_of(seed: str, path: str) -> str:
    """Return what orders a record: the SHA-256 of the seed, a line feed and its path."""
    return hashlib.sha256(f"{seed}\n{path}".encode("utf-8", "surrogateescape")).hexdigest()


def drawn_from(records: Iterable[str], seed: str, share: Decimal) -> list[str]:
    """Return the records that are drawn, in the order of the draw.

    These are the first of them, as many as the share makes, rounded up; and of each branch the
    first one.
    """
    ordered = sorted(records, key=lambda path: number_of(seed, path))
    count = math.ceil(Fraction(share) * len(ordered))
    first: dict[str, int] = {}
    for index, path in enumerate(ordered):
        first.setdefault(branch_of(path), index)
    own = set(first.values())
    return [path for index, path in enumerate(ordered) if index < count or index in own]


def draw(root: Path, year: int, terms: Terms) -> Lot:
    """Draw the lot of a year; raises NoHistoryError, TooEarlyError and GitError."""
    main = mainline(root)
    if main is None:
        raise NoHistoryError
    commit = commit_before(root, main.commit, terms.known)
    with closing(GitTree(root, commit)) as tree:
        tree.prepare()
        records = records_of(tree, year)
    chosen = drawn_from(records, terms.seed, terms.share)
    now = Followed(root, main.commit, terms.known).all(chosen)
    drawn = (Drawn(path, number_of(terms.seed, path), now[path]) for path in chosen)
    return Lot(year, terms, commit, len(records), tuple(drawn))


def commit_before(root: Path, tip: str, day: datetime.date) -> str:
    """Return the last first-parent commit before a day begins in Chongqing."""
    begins = datetime.datetime.combine(day, datetime.time(), ZONE)
    seconds = (begins - BEGINNING) // SECOND
    if seconds <= 0:
        raise TooEarlyError
    # As a number: git reads no day outside of 1970 to 2099.
    asked = ("rev-list", "--first-parent", "--max-count=1", f"--min-age={seconds - 1}", tip)
    found = run_git(root, *asked).decode("ascii").split()
    if found:
        return found[0]
    if is_shallow(root):
        raise MissingHistoryError(tip)
    raise TooEarlyError


def records_of(tree: Tree, year: int) -> list[str]:
    """Return the folders of all records of a year, of the branches that have lines."""
    found: list[str] = []
    for name in filter(is_branch_id, tree.folders()):
        files = [entry for entry in tree.folder(name) if entry.is_file]
        own = [e for e in files if is_record_of(e.path, year)]
        if own and has_lines(tree, files, year):
            found += [entry.path.rpartition("/")[0] for entry in own]
    return found


def is_record_of(path: str, year: int) -> bool:
    """Whether a path is that of the YAML file of a record of a year."""
    own = RecordPath.of(path)
    return own is not None and own.year == f"{year}" and own.is_record


def has_lines(tree: Tree, files: Iterable[Entry], year: int) -> bool:
    """Whether one of the files that can be a record, or the self-assessment, can be read."""
    reader = Reader(tree, Report())
    for entry in files:
        shape = shape_of(entry.path, year)
        if shape is not None and reader.load(entry.path, shape, size=entry.size)[1]:
            return True
    return False


def shape_of(path: str, year: int) -> Shape[object] | None:
    """Return the shape of a file of a year from which lines can come, None of any other."""
    own = BranchPath.of(path)
    if own is not None and own.below == (f"{year}", SELF_ASSESSMENT_FILE):
        return SELF_ASSESSMENT
    record = RecordPath.of(path) if is_record_of(path, year) else None
    if record is None:
        return None
    return ACTIVITY if record.group == ACTIVITIES else DOCUMENT


class Followed:
    """Where records lie now on main that lay at their paths before a day."""

    def __init__(self, root: Path, commit: str, day: datetime.date) -> None:
        self.root = root
        self.commit = commit
        self.day = day - datetime.timedelta(days=1)

    def all(self, paths: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return path → where it lies now, nothing of a record that is gone."""
        branches = sorted({branch_of(path) for path in paths})
        with closing(GitTree(self.root, self.commit)) as tree:
            names = names_since(tree, branches)
        folders = {branch_folder(name) for own in names.values() for name in own}
        receipts = GitReceipts(self.root, self.commit, folders or (BRANCHES,))
        found = {}
        for path in sorted(paths, key=branch_of):
            own = RecordPath.of(path)
            file = f"{path}/{RECORD_FILES[own.group]}" if own else path
            now = receipts.now(file, self.day, names[branch_of(path)])
            found[path] = tuple(sorted(name.rpartition("/")[0] for name in now))
        return found


def names_since(tree: Tree, branches: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return branch as it was called → what it is called now, and was.

    All of branches/ is read where one of them is there no more.
    """
    there = set(tree.folders())
    names: dict[str, tuple[str, ...]] = {branch: (branch,) for branch in branches}
    if there.issuperset(branches):
        return names
    reader = Reader(tree, Report())
    for own in sorted(filter(is_branch_id, there)):
        files = {entry.path for entry in tree.folder(own) if entry.is_file}
        value = reader.load(branch_path(own), BRANCH)[0] if branch_path(own) in files else None
        former = value.formerly if value is not None else ()
        names |= {name: (own, *former) for name in former if name in names and name not in there}
    return names


def moved(
    audit: Audit | None, results: Results | None, receipts: Receipts | None
) -> dict[str, str]:
    """Return where records lie now that were drawn elsewhere: as drawn → a record of the results.

    A branch may be called otherwise since; without history no other name is known.
    """
    if audit is None or results is None:
        return {}
    branches = {name: own for own in results.branches for name in (*own.formerly, own.id)}
    day = (audit.known or datetime.date.max) - datetime.timedelta(days=1)
    found: dict[str, str] = {}
    for entry in (one for one in audit.drawn if one.valid):
        branch, place = branches.get(branch_of(entry.path)), RecordPath.of(entry.path)
        if branch is None or place is None:
            continue
        there = {record.path for record in branch.records}
        now = {"/".join((BRANCHES, branch.id, *entry.path.split("/")[2:]))}
        if receipts is not None and there.isdisjoint(now):
            file = f"{entry.path}/{RECORD_FILES[place.group]}"
            files = receipts.now(file, day, (branch.id, *branch.formerly))
            now = {name.rpartition("/")[0] for name in files}
        if there & now:
            found[entry.path] = min(there & now)
    return found


def missing(lot: Lot, audit: Audit | None) -> list[str]:
    """Return the paths that were drawn and that the file does not have, by then or by now."""
    there = {entry.path for entry in audit.drawn} if audit is not None else set()
    return [one.path for one in lot.drawn if there.isdisjoint((one.path, *one.now))]


def beside(lot: Lot, audit: Audit) -> list[str]:
    """Return the paths in the file that were not drawn."""
    known = {path for one in lot.drawn for path in (one.path, *one.now)}
    return [entry.path for entry in audit.drawn if entry.path not in known]


def with_drawn(before: bytes, lot: Lot, audit: Audit) -> bytes:
    """Return the file with what was drawn; entries that are there stay as they are.

    Raises UneditableError and UnwritableError.
    """
    new: Mapping[str, object] = {path: {"path": path} for path in missing(lot, audit)}
    values: dict[str, object] = {"drawn": Entries(new, by="path")} if new else {}
    if audit.seed is None:
        values["seed"] = lot.terms.seed
    return edited(before, AUDIT, values) if values else before
