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
from generator.files.attachments.inside.same import known
from generator.files.tree import Entry, EntryKind, WorkingTree, blob_id
from generator.loading import sizes
from generator.proposals.filing.trial import Trial
from generator.text.findings import Report
from generator.text.messages import Message
from tests.memory import MemoryTree, base_files
from tests.test_same_content import BOOK, BOOKS, JPEG, PAPERS, PDF, PHOTOS, PNG, WRAPPED
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

    from generator.text.findings import Finding

YEAR = 2025
ACTIVITY = "branches/demo-a/2025/activities/2025-03-12-theme-day/activity.yml"
COMMON = {path: data for path, data in base_files().items() if not path.startswith("branches/")}


class Listed(MemoryTree):
    """A tree that knows the blob ids of some files from its listing, and counts what it hashes."""

    knows_blobs = True

    def __init__(self, files: dict[str, bytes], known: set[str]) -> None:
        super().__init__(files)
        self.known = known
        self.hashed: list[str] = []
        self.opened: list[str] = []
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

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises PermissionError where it cannot be read."""
        self.opened.append(path)
        if path in self.unreadable:
            raise PermissionError(path)
        return super().read(path)


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
    for told in (set(files), edited, some, set()):
        assert findings(Listed(files, told)) == expected


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


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be remembered of other tests."""
    monkeypatch.setattr(known, "_KNOWN", {})


@pytest.mark.usefixtures("unknown")
@pytest.mark.parametrize("count", [3, 6, 12])
def test_no_file_is_read_twice_and_no_branch_is_unpacked_without_need(
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
    earlier = sorted(p for p in files if f"/{YEAR - 1}/" in p and p.endswith(".md"))
    tree = Listed(files, {path for path in files if not path.startswith("branches/b1/")})
    findings(tree)
    assert sorted(path for path in tree.opened if path in earlier) == earlier
    again = Listed(files, set(files))
    findings(again)
    assert not set(again.opened) & set(earlier)
    assert unpacked == []
    findings(Listed(files | filed("b0", YEAR - 1, 1, [b"0 2025 a\n"]), set()))
    assert set(unpacked) == {"b0"}


@pytest.mark.usefixtures("unknown")
def test_what_cannot_be_read_is_looked_at_only_where_its_size_is_met() -> None:
    files = repository(3) | filed("b1", YEAR - 1, 1, [b"of a size of its own\n"])
    odd = f"branches/b1/{YEAR - 1}/documents/d1/0.md"
    tree = Listed(files, set(files) - {odd})
    tree.unreadable = {odd}
    assert findings(tree) == findings(MemoryTree(files))
    assert tree.hashed == []
    met = Listed(
        files | filed("b2", YEAR, 1, [b"another, as long !!!!\n"[:21]]), set(files) - {odd}
    )
    met.unreadable = {odd}
    with pytest.raises(PermissionError):
        findings(met)


@pytest.mark.usefixtures("unknown")
def test_what_cannot_be_read_is_told_by_its_id_where_that_is_known() -> None:
    files = (
        repository(3) | filed("b1", YEAR - 1, 1, [b"again\n"]) | filed("b2", YEAR, 1, [b"again\n"])
    )
    tree = Listed(files, set(files))
    tree.unreadable = {f"branches/b1/{YEAR - 1}/documents/d1/0.md"}
    assert findings(tree) == findings(MemoryTree(files))
    assert sum(f.code == "E005" for f in findings(tree)) == 1


def test_a_file_that_is_too_large_is_not_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    large = f"branches/b1/{YEAR - 1}/documents/d1/0.md"
    files = repository(3) | filed("b1", YEAR - 1, 1, [b"x" * 5000])
    monkeypatch.setattr(sizes, "USUAL", limits.Allowed(file=4000))
    assert limits.MAX_FILE > 4000
    tree = Listed(files, set(files) - {large})
    findings(tree)
    assert tree.hashed == []
    assert large not in tree.opened
    for known_to in (set(files) - {large}, set(files)):
        found = findings(Listed(files | filed("b2", YEAR, 1, [b"x" * 5000]), known_to))
        assert sum(f.code == "E005" for f in found) == 1


def copies(files: dict[str, bytes]) -> list[str]:
    """Return what E005 says of one repository, told alike by every kind of tree."""
    every = dict(COMMON) | files
    told = [f for f in findings(MemoryTree(every)) if f.code == "E005"]
    for tree in (Listed(every, set(every)), Listed(every, {p for p in every if "/b0/" in p})):
        assert [f for f in findings(tree) if f.code == "E005"] == told
    return [str(f.message).replace("branches/", "") for f in told]


PLAN = "# 计划\n\n一、学习（每月 1 次）\n"
SAME = [PLAN, PLAN.replace("\n", "\r\n"), PLAN.replace("（", "(").replace("）", ")")]


def test_what_holds_the_same_is_told_apart_from_the_same_file() -> None:
    first, second, third = (text.encode() for text in SAME)
    files = filed("b0", YEAR, 0, [first]) | filed("b1", YEAR, 0, [second])
    told = copies(files)
    assert told == [
        f"“0.md”与 b1/{YEAR}/documents/d0/0.md 是同样的文字：只是空格、换行或全角半角不同",
        f"“0.md”与 b0/{YEAR}/documents/d0/0.md 是同样的文字：只是空格、换行或全角半角不同",
    ]
    told = copies(files | filed("b2", YEAR, 0, [first]) | filed("b2", YEAR - 1, 0, [third]))
    assert [words for words in told if "内容相同" in words] == [
        f"“0.md”与 b2/{YEAR}/documents/d0/0.md 内容相同",
        f"“0.md”与 b0/{YEAR}/documents/d0/0.md 内容相同",
    ]
    assert sum(f"与往年的 b2/{YEAR - 1}/documents/d0/0.md 是同样的文字" in w for w in told) == 3
    assert sum("是同样的文字" in w for w in told) == 6


def test_the_same_file_is_named_first_however_many_hold_the_same() -> None:
    files: dict[str, bytes] = {}
    for number in range(40):
        text = PLAN.replace(" ", " " * (number + 2)).encode()
        files |= filed(f"c{number:02}", YEAR, 0, [text]) | filed(
            f"c{number:02}", YEAR - 1, 0, [text]
        )
    files |= filed("z0", YEAR, 0, [PLAN.encode()]) | filed("z1", YEAR, 0, [PLAN.encode()])
    told = copies(files)
    named = [words for words in told if "内容相同" in words]
    assert sum("与 z" in words for words in named) == 2
    assert sum("往年" in words for words in named) == 40
    assert all(words.count("documents/d0/0.md") <= 3 for words in told)


@lru_cache
def wrapped() -> dict[str, list[bytes]]:
    """Return files of each kind, each as it is and in another wrapping."""
    return {
        "jpg": [JPEG, PHOTOS["EXIF"], PHOTOS["behind"]],
        "png": [PNG, WRAPPED["PNG with texts"][1]],
        "xlsx": [BOOK, BOOKS["properties"]],
        "pdf": [PDF, PAPERS["bytes behind"]],
        "csv": [text.encode() for text in SAME],
    }


@pytest.mark.parametrize("end", ["jpg", "png", "xlsx", "pdf", "csv"])
@pytest.mark.parametrize("where", ["one branch", "two branches", "two years"])
def test_every_kind_is_found_in_another_wrapping(end: str, where: str) -> None:
    first, *others = wrapped()[end]
    branch, year = ("b1" if where == "two branches" else "b0"), YEAR - (where == "two years")
    for other in others:
        files = dict(COMMON)
        for own, in_year, number, data in (("b0", YEAR, 0, first), (branch, year, 1, other)):
            for path, text in filed(own, in_year, number, [data]).items():
                if path.endswith(".yml"):
                    files[path] = text.replace(b"0.md", b"0." + end.encode())
                else:
                    files[path.replace("0.md", f"0.{end}")] = text
        found = [f for f in findings(MemoryTree(files)) if f.code == "E005"]
        assert len(found) == (1 if where == "two years" else 2)
        assert all("内容相同" not in f"{f.message}" for f in found)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_file_on_disk_has_the_id_of_its_content(size: int, tmp_path: Path) -> None:
    data = random.Random(size).randbytes(size)
    (tmp_path / "file").write_bytes(data)
    assert WorkingTree(tmp_path).blob_id("file") == blob_id(data)


@pytest.mark.parametrize("seed", tiered(range(50), often=20, fast=10))
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


@pytest.mark.usefixtures("unknown")
def test_a_draft_is_compared_with_what_other_branches_hold_in_another_form() -> None:
    """By what is known of them: a form does not read the files of every branch."""
    first, second, _ = (text.encode() for text in SAME)
    files = repository(2) | filed("b1", YEAR, 3, [second])
    draft = filed("b0", YEAR, 3, [first])
    tree = Listed(files, set(files))
    findings(tree)
    told = [f for f in Trial(tree, "b0", YEAR).evaluate(draft).findings if f.code == "E005"]
    assert {f.branch for f in told} == {"b0", "b1"}
    assert all("是同样的文字" in f"{f.message}" for f in told)


def test_each_branch_of_a_joint_activity_may_have_its_own_wrapping() -> None:
    """A photo that one of them sent to the other has lost its EXIF on the way."""
    photos = {"b0": JPEG, "b1": PHOTOS["EXIF"]}
    both, alone = dict(COMMON), dict(COMMON)
    for branch, data in photos.items():
        partner = "b1" if branch == "b0" else "b0"
        both |= held(branch, data, f"joint_with: [{partner}]\n")
        alone |= held(branch, data, "")
    assert [f for f in findings(MemoryTree(both)) if f.code == "E005"] == []
    assert sum(f.code == "E005" for f in findings(MemoryTree(alone))) == 2


def held(branch: str, photo: bytes, more: str) -> dict[str, bytes]:
    """Return an activity of a branch with a photo."""
    text = base_files()[ACTIVITY].decode() + f"photos: [a.jpg]\n{more}"
    folder = ACTIVITY.rpartition("/")[0].replace("demo-a", branch)
    files = {"activity.yml": text.encode(), "a.jpg": photo, "record.md": f"{branch}\n".encode()}
    return {f"{folder}/{name}": data for name, data in files.items()}
