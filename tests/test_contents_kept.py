"""Keys of contents between runs: nothing is read twice, and whatever is kept changes nothing."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from benchmarks.attachments import JPEG
from generator.engine.evaluate import evaluate
from generator.engine.narrow import contents
from generator.engine.narrow.contents import (
    STATES,
    ContentStore,
    Row,
    joined,
    packed,
    unpacked,
)
from generator.engine.narrow.run import evaluate_since, evaluate_some
from generator.engine.snapshot import means_of, snapshot_of
from generator.files.attachments.inside.same import FORM, content_key, known
from generator.files.git_objects import Objects
from tests.gitrepo import GitRepo
from tests.sheetbook import packed as packed_parts
from tests.support import appraise, write
from tests.test_same_content import PDF, TEXT

if TYPE_CHECKING:
    from pathlib import Path

    from generator.text.findings import Finding

YEAR = 2025
PLAN_A, PLAN_B = (f"branches/demo-{name}/{YEAR}/documents/plan/plan.md" for name in "ab")
WORDS = "# 计划\n\n一、学习（每月 1 次）\n二、活动\n"
AGAIN = WORDS.replace("\n", "\r\n").replace("（", "(").replace("）", ")")
TOLD = "是同样的文字"
KEYS = [
    "3b92816e0d0b07dbc863b02173d8838e",
    "55887fb20f7b55b8875876ea1b76a246",
    "239ada9ad0da27d6f80981cd9f4e218e",
    "a446261f97cf2a5ba4f8007fb36e678b",
    "1f85d58eea6f40742ef5e5f7c96095c6",
]


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Return a repository of two branches whose plans are the same words, and older files."""
    repo = GitRepo(tmp_path / "root")
    for year in (YEAR - 1, YEAR - 2):
        for number in range(3):
            text = f"{year} {number}\n".encode()
            write(repo.root / f"branches/demo-b/{year}/documents/plan/{number}.md", text)
    write(repo.root / PLAN_A, WORDS.encode())
    write(repo.root / PLAN_B, AGAIN.encode())
    repo.commit("plans")
    return repo


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be remembered of other tests, and few files be worth a row."""
    forget(monkeypatch)
    monkeypatch.setattr(contents, "FEW", 0)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be another process."""
    monkeypatch.setattr(known, "_KNOWN", {})


def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the objects that are read from here on."""
    read: list[str] = []
    real = Objects.typed

    def typed(objects: Objects, identifier: str) -> tuple[str, bytes]:
        kind, data = real(objects, identifier)
        if kind == "blob":
            read.append(identifier)
        return kind, data

    monkeypatch.setattr(Objects, "typed", typed)
    return read


def blobs(repo: GitRepo, branch: str) -> set[str]:
    """Return the ids of a branch's attachments in the last commit."""
    listing = repo.git("ls-tree", "-r", "HEAD", f"branches/{branch}").splitlines()
    return {line.split()[2] for line in listing if not line.endswith(".yml")}


def some(repo: GitRepo, branch: str = "demo-a") -> list[Finding]:
    found = evaluate_some(repo.root, [branch], "HEAD", YEAR)
    assert found is not None
    return found.findings


def test_a_narrow_run_tells_what_another_branch_holds_in_another_form(repo: GitRepo) -> None:
    with snapshot_of(repo.root, "HEAD") as snapshot:
        whole = evaluate(snapshot.tree, YEAR, means_of(repo.root, snapshot, keep=False))
    told = [f for f in whole.findings if f.code == "E005"]
    assert [TOLD in f"{f.message}" for f in told] == [True, True]
    assert [f for f in some(repo) if f.code == "E005"] == told[:1]
    checked = appraise("check", "demo-b", root=repo.root)
    assert checked.stdout.count("error E005") == 1


@pytest.mark.parametrize("committed", [True, False])
def test_a_change_that_brings_the_words_of_another_branch_is_told(
    repo: GitRepo, *, committed: bool
) -> None:
    write(repo.root / PLAN_A, b"# other words\n")
    base = repo.commit("other")
    write(repo.root / PLAN_A, WORDS.encode())
    head = repo.commit("the same") if committed else None
    found = evaluate_since(repo.root, base, head, YEAR)
    assert found is not None
    assert sorted(f.path for f in found.findings if f.code == "E005") == [
        path.replace("plan.md", "document.yml") for path in (PLAN_A, PLAN_B)
    ]
    if head:
        told = appraise("impact", base, head, "--no-ranks", root=repo.root)
        assert TOLD in told.stdout


def test_a_change_of_the_form_alone_is_told_too(repo: GitRepo) -> None:
    """What was the very file is the same words in another one."""
    write(repo.root / PLAN_A, AGAIN.encode())
    base = repo.commit("the very file")
    write(repo.root / PLAN_A, WORDS.encode())
    found = evaluate_since(repo.root, base, None, YEAR)
    assert found is not None
    assert [TOLD in f"{f.message}" for f in found.findings if f.code == "E005"] == [True, True]


def test_each_attachment_is_read_once(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reading(monkeypatch)
    first = some(repo)
    others = blobs(repo, "demo-b")
    assert others <= set(read)
    read.clear()
    forget(monkeypatch)
    assert some(repo) == first
    told = {line.split()[2] for line in repo.git("ls-tree", "-r", "HEAD", f"branches/demo-b/{YEAR}")
            .splitlines()}  # fmt: skip
    assert not (others - told) & set(read)
    write(repo.root / "branches/demo-b/2024/documents/plan/9.md", WORDS.encode() + b"\n\n")
    repo.commit("one more")
    read.clear()
    forget(monkeypatch)
    assert [TOLD in f"{f.message}" for f in some(repo) if f.code == "E005"] == [True, True]
    new = blobs(repo, "demo-b") - others
    assert new & set(read) == new
    assert not (others - told) & set(read)


def test_a_run_of_all_keeps_what_it_read(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {
        line.split()[2]
        for year in (YEAR - 1, YEAR - 2)
        for line in repo.git("ls-tree", "-r", "HEAD", f"branches/demo-b/{year}").splitlines()
    }
    read = reading(monkeypatch)
    for expected in (old, set()):
        with snapshot_of(repo.root, "HEAD") as snapshot:
            means = means_of(repo.root, snapshot)
            evaluate(snapshot.tree, YEAR, means)
        assert set(read) & old == expected
        read.clear()
        forget(monkeypatch)
        (repo.root / ".git" / "appraisal-cache.sqlite").unlink()
    with snapshot_of(repo.root, "HEAD") as snapshot:
        evaluate(snapshot.tree, YEAR, means_of(repo.root, snapshot, keep=False))
    assert old <= set(read)


def store_of(repo: GitRepo) -> Path:
    return repo.root / ".git" / contents.FILE


def test_flipped_bytes_of_what_is_kept_change_nothing(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(0)
    expected = some(repo)
    whole = store_of(repo).read_bytes()
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(3):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        store_of(repo).write_bytes(data)
        forget(monkeypatch)
        assert some(repo) == expected


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contents SET value = 'x'",
        "UPDATE contents SET tree = 5",
        "UPDATE contents SET value = x'14'",
        "DELETE FROM contents WHERE branch = 'demo-b'",
        "DROP TABLE contents",
        "PRAGMA user_version = 9",
    ],
)
def test_rows_that_nobody_wrote_are_made_anew(
    repo: GitRepo, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = some(repo)
    with closing(sqlite3.connect(store_of(repo))) as store, store:
        store.execute(change)
    forget(monkeypatch)
    assert some(repo) == expected


def test_keys_of_another_form_are_not_believed(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = some(repo)
    with monkeypatch.context() as later:
        later.setattr(contents, "FORM", FORM + 1)
        later.setattr(contents, "key_of", lambda blob, _: content_key(blob.encode()))
        forget(monkeypatch)
        store = ContentStore.at(repo.root)
        store.load()
        assert store.rows == {}
    forget(monkeypatch)
    assert some(repo) == expected


def test_a_folder_that_cannot_be_written_is_no_matter(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = some(repo)
    store_of(repo).unlink()
    store_of(repo).mkdir()
    forget(monkeypatch)
    assert some(repo) == expected


def test_what_is_not_to_be_kept_is_not(repo: GitRepo) -> None:
    assert evaluate_some(repo.root, ["demo-a"], "HEAD", YEAR, keep=False) is not None
    assert not store_of(repo).exists()


@pytest.mark.parametrize("size", [20, 32])
def test_rows_are_read_back_as_they_were(size: int) -> None:
    rng = random.Random(size)
    keys = {rng.randbytes(size).hex(): rng.randbytes(16) for _ in range(40)}
    assert unpacked(packed(keys)) == keys
    assert unpacked(packed({})) == {}


def test_a_row_does_not_grow_without_end() -> None:
    row = Row("", {})
    for state in range(20):
        new = {f"{state:020}{n:020}": bytes(16) for n in range(10)}
        row = joined(row, Row(f"{state}", new))
        assert new.keys() <= row.keys.keys()
        assert len(row.keys) <= STATES * len(new)
    assert joined(row, Row("", {})) is row


def test_keys_are_those_of_their_form() -> None:
    """Keys are kept between runs: where these change, ``FORM`` must be raised."""
    archive = packed_parts({"word/document.xml": b"<w:t>x</w:t>", "docProps/core.xml": b"y"})
    found = [content_key(data).hex() for data in (JPEG, archive, PDF, TEXT.encode(), b"\0")]
    assert (FORM, found) == (1, KEYS)
