"""A package made of what lies on the disk: the same files give the same bytes, on any machine."""

from __future__ import annotations

import datetime
import hashlib
import os
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from generator import __version__
from generator.files.git import SubfolderError, commit_date, resolve_commit, run_git
from generator.files.git_objects import Objects, Trees
from generator.files.history import names_in, prefix_of
from generator.files.misplaced.leftovers import is_leftover
from generator.files.paths import year_folder
from generator.files.remedies import GIT_FOLDER
from generator.files.tree import EntryKind, WorkingTree
from generator.proposals.packages.bringing import How, Judging
from generator.proposals.packages.draft import aside
from generator.proposals.packages.fitting import FILES, FOLDER, blob_like, in_tree, is_file
from generator.proposals.packages.mainline import Mainline, mainline
from generator.proposals.packages.manifest import File, Manifest, Removed, check_total
from generator.proposals.packages.opened import Package
from generator.proposals.packages.overlay import on_disk
from generator.proposals.packages.packing import Contents, archived
from generator.text.days import ZONE
from generator.text.findings import Place, Report
from generator.text.names import KIND_HINTS, KIND_WORDS, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.proposals.packages.fitting import Held
    from generator.text.findings import Finding


class Made(NamedTuple):
    """A package: what it says, its bytes, what speaks against it, what was left out of it."""

    manifest: Manifest
    data: bytes
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]


class Differing(NamedTuple):
    """Paths of a folder that differ from a commit, and what lies there and is no material."""

    paths: tuple[str, ...]
    left_out: tuple[str, ...]


def make(root: Path, branch: str, year: int, since: str | None) -> Made | None:
    """Return a package of a branch's year on the disk; None where nothing differs.

    It holds what differs from ``since``, else from main; everything in a folder without history.
    Raises GitError, and PackageError where it is too large for any package.
    """
    main, folder = mainline(root), year_folder(branch, year)
    if main is None:
        return Making(root, branch, year, None, lambda _: None).made(all_in(root, folder))
    if prefix_of(root):
        raise SubfolderError(str(root))
    if since is not None:
        main = Mainline(since, resolve_commit(root, since))
    with closing(Objects(root)) as objects:
        trees = Trees(root, objects)
        making = Making(root, branch, year, main, in_tree(trees, trees.of(main.commit)))
        return making.made(differing(root, folder, main.commit))


def all_in(root: Path, folder: str) -> Differing:
    """Return everything in a folder."""
    paths = [entry.path for entry in WorkingTree(root).below([folder])]
    return parted(paths, ())


def differing(root: Path, folder: str, commit: str) -> Differing:
    """Return what in a folder differs from a commit; what git ignores is left out."""
    asked = ("--literal-pathspecs", "ls-files", "--others", "-z")
    others = names_in(run_git(root, *asked, "--", folder))
    new = names_in(run_git(root, *asked, "--exclude-standard", "--", folder))
    told = run_git(
        root, "--literal-pathspecs", "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff",
        "--ignore-submodules=none", commit, "--", folder,
    )  # fmt: skip
    return parted(new | names_in(told), others - new)


def parted(paths: Iterable[str], ignored: Iterable[str]) -> Differing:
    """Return paths without what systems and editors leave behind."""
    found = sorted(paths)
    litter = [path for path in found if is_leftover(path)]
    kept = tuple(path for path in found if not is_leftover(path))
    return Differing(kept, tuple(sorted({*ignored, *litter})))


class Making:
    """One branch's year, held against the commit that a package starts from."""

    def __init__(
        self, root: Path, branch: str, year: int, main: Mainline | None, held: Held
    ) -> None:
        self.root = root
        self.branch = branch
        self.year = year
        self.main = main
        self.held = held
        self.blob_of = blob_like(main.commit if main else "")

    def made(self, found: Differing) -> Made | None:
        """Read what differs, and judge it as whoever imports it will; raises PackageError."""
        report = Report()
        contents = read_all(self.root, found.paths, report)
        blobs = {path: self.blob_of(data) for path, data in contents.items()}
        contents = {p: data for p, data in contents.items() if self.held(p) != blobs[p]}
        manifest = self.manifest(contents, self.removed(found.paths))
        if not manifest.paths and not report.findings:
            return None
        check_total(sum(map(len, contents.values())))
        findings = [*report.findings, *self.judged(manifest, contents, blobs)]
        return Made(manifest, archived(manifest, contents), tuple(findings), found.left_out)

    def removed(self, paths: Iterable[str]) -> list[Removed]:
        """Return the files that are gone, with what they were."""
        disk = on_disk(self.root)
        gone = [path for path in paths if disk(path) in {None, FOLDER}]
        return [Removed(path, blob) for path in gone if is_file(blob := self.held(path))]

    def manifest(self, contents: Mapping[str, bytes], removed: Iterable[Removed]) -> Manifest:
        """Return what the package says of itself."""
        files = [
            File(path, hashlib.sha256(data).hexdigest(), len(data), self.held(path))
            for path, data in contents.items()
        ]
        made = base = None
        if self.main is not None:
            base = self.main.commit
            made = moment(commit_date(self.root, base))
        gone = tuple(removed)
        return Manifest(self.branch, self.year, made, __version__, base, tuple(files), gone)

    def judged(
        self, manifest: Manifest, contents: Mapping[str, bytes], blobs: Mapping[str, str]
    ) -> tuple[Finding, ...]:
        """Return what the guard's rules say of names, sizes and counts."""
        package = Package(manifest, Contents(contents))
        own = {path: blobs[path] for path in contents}
        judging = Judging(self.root, package, How(), own, self.held)
        judged = judging.judged(self.main)
        if self.main is not None and not judged.unfit:
            with aside(self.root):
                judged, _ = judging.sized(judged, self.main)
        return judged.findings


def read_all(root: Path, paths: Iterable[str], report: Report) -> dict[str, bytes]:
    """Return path → content of the files that are there; G004 on what is no file."""
    tree = WorkingTree(root)
    found = {}
    for path in paths:
        kind = kind_of(tree, path)
        if kind in FILES:
            found[path] = tree.read(path)
        elif kind is not None:
            words, hint = KIND_WORDS[kind.value], KIND_HINTS[kind.value]
            report.add("G004", Place(visible(path)), words, hint=hint)
    return found


def kind_of(tree: WorkingTree, path: str) -> EntryKind | None:
    """Return what lies at a path that git names; None for nothing, and for an ordinary folder."""
    place = tree.root / path
    if place.is_dir() and not place.is_symlink():
        return EntryKind.SUBMODULE if os.path.lexists(place / GIT_FOLDER) else None
    found = tree.below([path])
    return found[0].kind if found else None


def moment(date: str) -> str:
    """Return a moment in Chongqing's time."""
    return datetime.datetime.fromisoformat(date).astimezone(ZONE).isoformat()
