"""What a package would do here, and doing it: judged first, then written whole or not at all."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from generator.files.git import SubfolderError, run_git
from generator.files.git_objects import Objects, Trees
from generator.files.history import names_in, prefix_of
from generator.files.paths import committee_folder, year_folder
from generator.files.remedies import history_at
from generator.files.tree import WorkingTree
from generator.files.writing.folder import Beside, alone, put, recover
from generator.formats.writing import UneditableError
from generator.proposals.guard.authority import Authority
from generator.proposals.guard.entries import check_collisions, check_sizes
from generator.proposals.impact import assess
from generator.proposals.packages.contents import changes_of, check_contents, received_change
from generator.proposals.packages.draft import Writing, aside, draft, name_commit
from generator.proposals.packages.fitting import (
    Standing,
    State,
    blob_like,
    in_tree,
    is_file,
    is_no_folder,
    misfits,
    standings,
)
from generator.proposals.packages.mainline import LOCAL, Mainline, commit_of, mainline
from generator.proposals.packages.overlay import assess_folder, on_disk
from generator.proposals.packages.receiving import path_of_days, short_digest, with_day
from generator.text.findings import Finding, Report
from generator.text.language import mark
from generator.text.messages import Words, say
from generator.text.names import folders_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from generator.files.history import Change
    from generator.proposals.impact import Impact
    from generator.proposals.packages.fitting import Held
    from generator.proposals.packages.manifest import Manifest
    from generator.proposals.packages.opened import Package

#: What is begun lies here, in git's own folder, or else in the root.
STAGING = "appraise-import"
EDITED = mark("工作区里的这个文件有还没有提交的改动")
OCCUPIED = mark("这个分支已经存在，内容却不同：请先合并或删去它")
STRANGER = mark("工作区里已经有一个同名的文件，还没有提交")


@dataclass(frozen=True, slots=True)
class How:
    """How packages are taken: ``commit`` on a branch of their own, the day they were ``received``.

    ``seconds`` since 1970 are the time of the commit.
    """

    commit: bool = False
    received: datetime.date | None = None
    as_committee: bool = False
    keep_errors: bool = False
    seconds: int = 0
    progress: Callable[[int, int], None] | None = None


class NoHistoryError(Exception):
    """A commit is asked for in a folder without any history."""


class NotAsCommitteeError(Exception):
    """A package of the committee, which nobody asked for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What speaks against a package, what it does, and what is left to write.

    ``already`` says where it is already; ``dirty`` is path → why the working tree cannot take it;
    ``branch`` is the name of its commit.
    """

    main: Mainline | None
    findings: tuple[Finding, ...] = ()
    misfits: tuple[Standing, ...] = ()
    dirty: tuple[tuple[str, Words], ...] = ()
    already: Words | None = None
    impact: Impact | None = None
    files: tuple[Writing, ...] = ()
    removed: tuple[str, ...] = ()
    days: Writing | None = None
    branch: str = ""

    @property
    def errors(self) -> int:
        """Number of errors that the package brings."""
        own = sum(finding.severity == "error" for finding in self.findings)
        return own + (self.impact.errors if self.impact is not None else 0)

    @property
    def closed(self) -> bool:
        """Whether it holds what it may not, so that it fits nowhere."""
        return any(finding.severity == "error" for finding in self.findings)

    @property
    def unfit(self) -> bool:
        """Whether it may not be written, whatever errors are taken along."""
        return self.closed or bool(self.misfits or self.dirty)


def branch_name(manifest: Manifest) -> str:
    """Return the name of the branch that holds a package's commit."""
    owner = manifest.branch or "committee"
    return f"filing/{owner}-{manifest.year}-{short_digest(manifest)}"


def judge(root: Path, package: Package, how: How) -> Judged:
    """Hold a package against a repository; nothing is written.

    Raises GitError, MissingRubricError, UneditableError, NoHistoryError, NotAsCommitteeError and
    PackageError.
    """
    if package.manifest.branch is None and not how.as_committee:
        raise NotAsCommitteeError
    if history_at(root) is not None and prefix_of(root):
        raise SubfolderError(str(root))
    main = mainline(root)
    if main is None and how.commit:
        raise NoHistoryError
    blob_of = blob_like(main.commit if main else "")
    blobs = {file.path: blob_of(package.read(file.path)) for file in package.manifest.files}
    if main is None:
        return Judging(root, package, how, blobs, on_disk(root)).on_folder()
    with closing(Objects(root)) as objects:
        trees = Trees(root, objects)
        held = in_tree(trees, trees.of(main.commit))
        return Judging(root, package, how, blobs, held).on_main(main, trees)


class Judging:
    """One package held against one state of the data."""

    def __init__(
        self, root: Path, package: Package, how: How, blobs: dict[str, str], held: Held
    ) -> None:
        self.root = root
        self.package = package
        self.manifest = package.manifest
        self.how = how
        self.blobs = blobs
        self.held = held
        self.changes = changes_of(self.manifest, blobs)
        self.report = Report()
        check_contents(self.manifest, self.changes, self.report)
        self.standings = standings(self.manifest, blobs, held)

    def judged(self, main: Mainline | None) -> Judged:
        """Return what can be said without computing anything."""
        open_ = {each.path for each in self.standings if each.state is State.FITS}
        findings = tuple(self.report.sorted())
        closed = any(finding.severity == "error" for finding in findings)
        return Judged(
            main,
            findings,
            () if closed else tuple(misfits(self.standings)),
            already=self.already(main),
            files=tuple(
                Writing(path, blob, partial(self.package.read, path))
                for path, blob in sorted(self.blobs.items())
                if path in open_
            ),
            removed=tuple(sorted(g.path for g in self.manifest.removed if g.path in open_)),
            branch=branch_name(self.manifest) if self.how.commit else "",
        )

    def already(self, main: Mainline | None) -> Words | None:
        """Return where the package is already, None where something is left to do."""
        if self.is_in(self.held):
            return say("主线 {name} 上", name=main.name) if main else say("文件夹里")
        if main is not None and not self.how.commit and self.is_in(on_disk(self.root)):
            return say("工作区里（还没有提交）")
        return None

    def is_in(self, held: Held) -> bool:
        """Whether a state of the data holds all that the package brings."""
        found = standings(self.manifest, self.blobs, held)
        return all(each.state is State.THERE for each in found)

    def on_folder(self) -> Judged:
        """Judge against a folder without history; raises MissingRubricError, UneditableError."""
        found = self.judged(None)
        if found.unfit or found.already:
            return found
        found = replace(found, days=self.days(lambda path, _: WorkingTree(self.root).read(path)))
        files, changes = self.with_days(found)
        year = self.manifest.year
        return replace(found, impact=assess_folder(self.root, year, files, found.removed, changes))

    def on_main(self, main: Mainline, trees: Trees) -> Judged:
        """Judge against main; raises GitError, MissingRubricError, UneditableError."""
        found = self.judged(main)
        if found.unfit or found.already:
            return found
        if self.how.commit and (tip := commit_of(self.root, LOCAL + found.branch)):
            if self.is_in(in_tree(trees, trees.of(tip))):
                return replace(found, already=say("分支 {name} 上", name=found.branch))
            return replace(found, dirty=((found.branch, say(OCCUPIED)),))
        found = replace(found, days=self.days(lambda _, blob: trees.objects.read(blob)))
        if not self.how.commit:
            found = self.on_tree(found, main)
            if found.dirty:
                return found
        with aside(self.root):
            return self.computed(found, main)

    def days(self, read: Callable[[str, str], bytes]) -> Writing | None:
        """Return the file of days of receipt as it is to be, None where it stays.

        ``read`` gives the bytes at a path, or of a blob. Raises UneditableError.
        """
        path = path_of_days(self.manifest)
        if path is None or self.how.received is None:
            return None
        blob = self.held(path)
        if blob is not None and not is_file(blob):
            raise UneditableError
        before = None if blob is None else read(path, blob)
        data = with_day(self.manifest, self.blobs, before, self.how.received)
        if data is None or data == before:
            return None
        example = next(iter(self.blobs.values()), "")
        return Writing(path, blob_like(example)(data), partial(bytes, data))

    def with_days(self, found: Judged) -> tuple[list[Writing], list[Change]]:
        """Return all that is written, and as changes."""
        if found.days is None:
            return [*found.files], self.changes
        change = received_change(found.days.path, found.days.blob, self.held(found.days.path))
        return [*found.files, found.days], [*self.changes, change]

    def on_tree(self, found: Judged, main: Mainline) -> Judged:
        """Return where the working tree cannot take what was judged."""
        new: dict[str, str | None] = {**self.blobs}
        new |= dict.fromkeys(gone.path for gone in self.manifest.removed)
        days = [found.days.path] if found.days else []
        told = run_git(
            self.root, "--literal-pathspecs", "diff", "--name-only", "-z", "--no-renames",
            "--no-ext-diff", "--relative", main.commit, "--", *new, *days,
        )  # fmt: skip
        edited, disk = names_in(told), on_disk(self.root)
        dirty: list[tuple[str, Words]] = []
        for path in sorted([*(path for path in new if disk(path) != new[path]), *days]):
            if path in edited:
                dirty.append((path, say(EDITED)))
            elif self.held(path) is None and disk(path) is not None:
                dirty.append((path, say(STRANGER)))
        above = folders_of(self.blobs)
        dirty += [(path, say(STRANGER)) for path in sorted(above) if is_no_folder(disk(path))]
        return replace(found, dirty=tuple(dirty))

    def sized(self, found: Judged, main: Mainline) -> tuple[Judged, str]:
        """Judge sizes and names in the tree that would be; return its commit as well."""
        _, changes = self.with_days(found)
        head = commit_with(self.root, self.manifest, main, found, self.how.seconds)
        with closing(Objects(self.root)) as objects:
            trees = Trees(self.root, objects)
            after = trees.of(head)
            authority = Authority(self.root, main.commit, "", trees)
            check_sizes(trees, after, changes, authority, self.report)
            check_collisions(trees, after, changes, self.report)
        return replace(found, findings=tuple(self.report.sorted())), head

    def computed(self, found: Judged, main: Mainline) -> Judged:
        """Judge the tree that would be, and compute what the package does."""
        sized, head = self.sized(found, main)
        if sized.unfit:
            return sized
        impact = assess(self.root, main.commit, head, progress=self.how.progress)
        return replace(sized, impact=impact)


def commit_with(root: Path, manifest: Manifest, main: Mainline, found: Judged, seconds: int) -> str:
    """Return a commit upon main that brings what was judged; raises GitError, PackageError."""
    files = [*found.files, *([found.days] if found.days else [])]
    head = say(
        "报送 {branch} {year} 年：{n} 个文件",
        branch=manifest.branch or say("党委"),
        year=manifest.year,
        n=len(manifest.paths),
    )
    trailer = say("报送包 sha256:{digest}", digest=manifest.digest)
    message = f"{head.source}\n\n{trailer.source}"
    return draft(root, main.commit, files, found.removed, message, seconds)


def commit(root: Path, manifest: Manifest, found: Judged, seconds: int) -> bool:
    """Put a judged package on a branch of its own; return whether its name was still free.

    Raises GitError, PackageError.
    """
    assert found.main is not None  # noqa: S101 - judged against main
    made = commit_with(root, manifest, found.main, found, seconds)
    return name_commit(root, LOCAL + found.branch, made)


def write(root: Path, manifest: Manifest, found: Judged) -> None:
    """Put a judged package into the working tree, all or nothing; raises UnwrittenError.

    Whoever judges and writes holds ``undivided(root)`` meanwhile.
    """
    folder = (
        year_folder(manifest.branch, manifest.year)
        if manifest.branch
        else committee_folder(manifest.year)
    )
    beside = Beside(found.days.path, found.days.read()) if found.days else None
    files = ((file.path, file.read()) for file in found.files)
    put(root, folder, files, found.removed, staging_of(root), beside)


@contextmanager
def undivided(root: Path) -> Iterator[bool]:
    """Hold a working tree while a package is judged and written; others wait.

    Gives whether a run that was killed between two steps has been completed. Raises
    UnwrittenError.
    """
    with alone(root):
        yield recover(root, staging_of(root))


def staging_of(root: Path) -> Path:
    """Return where a package is staged: in git's folder, where that is on the same file system."""
    own = root / f".{STAGING}"
    if history_at(root) is None:
        return own
    told = run_git(root, "rev-parse", "--absolute-git-dir").decode("utf-8", "surrogateescape")
    folder = Path(told.rstrip("\n"))
    return folder / STAGING if folder.stat().st_dev == root.stat().st_dev else own
