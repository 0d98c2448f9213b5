"""The same file twice: found alike whatever a tree knows of its files, and in few steps."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from generator.checks.summary import BranchSummary, FileUse
from generator.engine.repository import Repository, open_repository
from generator.engine.year import Run
from generator.files import limits
from generator.files.tree import Entry, EntryKind, WorkingTree, blob_id
from generator.loading import sizes
from generator.text.findings import Report
from generator.text.messages import Message
from tests.memory import MemoryTree, base_files
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

    from generator.text.findings import Finding

YEAR = 2025
COMMON = {path: data for path, data in base_files().items() if not path.startswith("branches/")}


class Listed(MemoryTree):
    """A tree that knows the blob ids of some files from its listing, and counts what it hashes."""

    knows_blobs = True

    def __init__(self, files: dict[str, bytes], known: set[str]) -> None:
        super().__init__(files)
        self.known = known
        self.hashed: list[str] = []
        self.unreadable: set[str] = set()

    def folder(self, name: str) -> list[Entry]:
        """Return all below one folder in branches/, those known with their blob id."""
        return [
            Entry(e.path, e.kind, e.size, blob_id(self.files[e.path]) if self.knows(e) else "")
            for e in super().folder(name)
        ]

    def knows(self, entry: Entry) -> bool:
        return entry.kind is EntryKind.FILE and entry.path in self.known

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        self.hashed.append(path)
        if path in self.unreadable:
            raise PermissionError(path)
        return super().blob_id(path)


def filed(branch: str, year: int, number: int, contents: list[bytes]) -> dict[str, bytes]:
    """Return one document with its files."""
    folder = f"branches/{branch}/{year}/documents/d{number}"
    names = [f"{n}.md" for n in range(len(contents))]
    text = f"kind: plan\ntitle: 计划{number}\ndate: {year}-02-01\nfiles: [{', '.join(names)}]\n"
    files = {f"{folder}/{name}": data for name, data in zip(names, contents, strict=True)}
    return {f"{folder}/document.yml": text.encode(), **files}


def drawn(rng: random.Random) -> dict[str, bytes]:
    """Return a repository in which contents are met again, in branches and years."""
    pool = [f"正文 {rng.random()} {'x' * rng.randint(0, 3)}\n".encode() for _ in range(12)]
    files = dict(COMMON)
    for branch in range(rng.randint(2, 6)):
        for year in (YEAR - 2, YEAR - 1, YEAR):
            for number in range(rng.randint(0, 2)):
                contents = rng.sample(pool, rng.randint(0, 2))
                files |= filed(f"b{branch}", year, number, contents)
    return files


@lru_cache
def common() -> Repository:
    """Return what is common to all branches, read once: a rubric takes long."""
    return open_repository(MemoryTree(COMMON))


def findings(tree: MemoryTree) -> list[Finding]:
    entries = {entry.path: entry for entry in tree.common()}
    repository = replace(
        common(), tree=tree, report=Report(), entries=entries, names=tree.folders()
    )
    return Run(repository, YEAR, details=False).evaluate(frozenset()).findings


@pytest.mark.parametrize("seed", tiered(range(60), often=12))
def test_what_a_tree_knows_changes_nothing(seed: int) -> None:
    """Nothing known, all known, one branch edited, single files edited, some unreadable."""
    rng = random.Random(seed)
    files = drawn(rng)
    expected = findings(MemoryTree(files))
    edited = {path for path in files if not path.startswith("branches/b0/")}
    some = {path for path in files if rng.random() < 0.7}
    for known in (set(files), edited, some, set()):
        assert findings(Listed(files, known)) == expected


def test_the_drawn_repositories_hold_the_same_files() -> None:
    told = [findings(MemoryTree(drawn(random.Random(seed)))) for seed in range(12)]
    codes = [[f.message for f in found if f.code == "E005"] for found in told]
    assert sum(map(bool, codes)) > 6
    ids = {m.id for found in codes for m in found if isinstance(m, Message)}
    assert len(ids) == 2


def repository(count: int) -> dict[str, bytes]:
    """Return branches of which no two share a file, each with two years."""
    files = dict(COMMON)
    for branch in range(count):
        for year in (YEAR - 1, YEAR):
            files |= filed(f"b{branch}", year, 0, [f"{branch} {year} {n}\n".encode() for n in "ab"])
    return files


@pytest.mark.parametrize("count", [3, 6, 12])
def test_an_edited_branch_hashes_its_own_files_and_no_other_is_unpacked(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = repository(count)
    unpacked: list[str] = []
    real = vars(BranchSummary)["uses"]

    def uses(summary: BranchSummary) -> list[FileUse]:
        unpacked.append(summary.id)
        found: list[FileUse] = real.fget(summary)
        return found

    monkeypatch.setattr(BranchSummary, "uses", property(uses))
    tree = Listed(files, {path for path in files if not path.startswith("branches/b1/")})
    findings(tree)
    old = [path for path in tree.hashed if f"/{YEAR - 1}/" in path]
    assert sorted(old) == sorted(p for p in files if p.startswith(f"branches/b1/{YEAR - 1}/")
                                 and p.endswith(".md"))  # fmt: skip
    assert all(path.startswith("branches/b1/") for path in tree.hashed)
    assert unpacked == []
    findings(MemoryTree(files))
    assert len(set(unpacked)) == count


def test_what_cannot_be_read_is_looked_at_only_where_its_size_is_met() -> None:
    files = repository(3) | filed("b1", YEAR - 1, 1, [b"of a size of its own\n"])
    odd = f"branches/b1/{YEAR - 1}/documents/d1/0.md"
    tree = Listed(files, set(files) - {odd})
    tree.unreadable = {odd}
    assert findings(tree) == findings(MemoryTree(files))
    assert tree.hashed == [odd]


def test_a_file_that_is_too_large_is_not_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    large = f"branches/b1/{YEAR - 1}/documents/d1/0.md"
    files = repository(3) | filed("b1", YEAR - 1, 1, [b"x" * 5000])
    monkeypatch.setattr(sizes, "USUAL", limits.Allowed(file=4000))
    assert limits.MAX_FILE > 4000
    tree = Listed(files, set(files) - {large})
    findings(tree)
    assert tree.hashed == []


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_file_on_disk_has_the_id_of_its_content(size: int, tmp_path: Path) -> None:
    data = random.Random(size).randbytes(size)
    (tmp_path / "file").write_bytes(data)
    assert WorkingTree(tmp_path).blob_id("file") == blob_id(data)


@pytest.mark.parametrize("seed", range(50))
def test_an_earlier_and_a_later_year_are_told_apart(seed: int) -> None:
    """Of two years under way the older one is not told that the newer is a past one."""
    rng = random.Random(seed)
    first, second = sorted(rng.sample(range(2019, 2030), 2))
    content = b"%d\n" % seed
    files = dict(COMMON)
    for year in (first, second):
        files |= filed("a", year, rng.randint(1, 9), [content])
        files[f"committee/{year}/appraisal.yml"] = COMMON[f"committee/{YEAR}/appraisal.yml"]
    words = {}
    for year in (first, second):
        repository = open_repository(MemoryTree(files))
        found = Run(repository, year).evaluate(frozenset()).findings
        (words[year],) = [str(f.message) for f in found if f.code == "E005"]
    assert f"与以后年度的 branches/a/{second}/" in words[first]
    assert f"与往年的 branches/a/{first}/" in words[second]
