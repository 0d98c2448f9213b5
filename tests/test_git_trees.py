"""Trees, dates and names as one process of git reads them: what git's own listings say."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from generator.files import git, git_objects
from generator.files.git import GitError, UnknownRevisionError, asking_once, clone_at, commit_date
from generator.files.git_objects import Objects, Trees
from generator.files.git_tree import FEW, GitTree, Item, list_paths
from tests.gitrepo import GitRepo
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

#: Modes as they may be written, and what git lists them as.
MODES = {
    "100644": "100644", "100664": "100644", "100600": "100644", "0100644": "100644",
    "100755": "100755", "100700": "100755", "120000": "120000", "160000": "160000",
    "10": "160000",
}  # fmt: skip
#: The same for a folder, which a further zero does not make another one.
FOLDERS = ("40000", "040000", "40755")


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "repo", base=False)


def listed_by_git(repo: GitRepo, tree: str, *paths: str) -> list[Item]:
    """Return what git itself lists."""
    told = repo.git("--literal-pathspecs", "ls-tree", "-r", "-z", "--long", tree, "--", *paths)
    found = []
    for line in filter(None, told.split("\0")):
        meta, _, path = line.partition("\t")
        mode, _, identifier, size = meta.split()
        found.append(Item(mode, identifier, int(size) if size.isdigit() else 0, path))
    return found


def drawn_tree(repo: GitRepo, rng: random.Random, depth: int = 3) -> str:
    """Return a tree of files of every mode and of folders, in the order of their names."""
    entries = []
    for number in range(rng.randint(1, 6)):
        name = (f"{number}" + rng.choice(("", " a", "书", ".yml", "\x01"))).encode()
        if depth and rng.random() < 0.4:
            entries.append((rng.choice(FOLDERS), name, drawn_tree(repo, rng, depth - 1)))
        else:
            mode = rng.choice(list(MODES))
            size = rng.randint(0, 9)
            away = MODES[mode] == "160000"
            entries.append((mode, name, "1" * 40 if away else repo.blob(b"x" * size)))
    return repo.raw_tree(entries)


@pytest.mark.parametrize("seed", tiered(range(20), often=4))
def test_random_trees_are_listed_as_by_git(seed: int, repo: GitRepo) -> None:
    rng = random.Random(seed)
    inner = [(f"{n}".encode(), drawn_tree(repo, rng)) for n in range(3)]
    tree = repo.raw_tree([("40000", name, own) for name, own in inner])
    with closing(Objects(repo.root)) as objects:
        trees = Trees(repo.root, objects)
        top = trees.top(tree)
        assert top == tree
        for paths in (["0", "1", "2"], ["1"], ["2", "nothing"], ["1/0", "0/1"]):
            expected = listed_by_git(repo, tree, *paths)
            assert sorted(list_paths(trees, top, paths)) == sorted(expected), paths
        whole = [file.path for file in trees.walk(tree)]
    assert whole == [item.path for item in listed_by_git(repo, tree)]


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe", b"100644 a\0" + b"x" * 19, b"100644 \0" + b"x" * 20, b"10064x a\0" + b"x" * 20],
    ids=["noise", "cut off", "nameless", "no mode"],
)
def test_what_is_no_tree_is_an_error_and_not_empty(data: bytes, repo: GitRepo) -> None:
    broken = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=data)
    blob = repo.blob(b"not a folder")
    with closing(Objects(repo.root)) as objects:
        trees = Trees(repo.root, objects)
        for inside in (broken, blob, "2" * 40):
            tree = repo.raw_tree([("40000", b"committee", inside)])
            with pytest.raises(GitError):
                list_paths(trees, tree, ["committee"])
        for name in (blob, "2" * 40, "nothing"):
            with pytest.raises(GitError):
                trees.top(name)


def test_a_few_kilobytes_that_describe_billions_are_refused(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_objects, "MAX_WHOLE", 500)
    tree = repo.raw_tree([("100644", b"a", repo.blob(b""))])
    for _ in range(10):
        tree = repo.raw_tree([("40000", f"{n}".encode(), tree) for n in range(10)])
    with closing(Objects(repo.root)) as objects, pytest.raises(GitError):
        list(Trees(repo.root, objects).walk(tree))


def test_few_folders_and_many_are_listed_alike(repo: GitRepo) -> None:
    """After a few folders one listing tells of all."""
    folders = [f"demo-{number}" for number in range(FEW + 3)]
    for name in folders:
        place = repo.root / "branches" / name
        place.mkdir(parents=True)
        (place / "branch.yml").write_text(f"name: {name}\n", "utf-8")
    commit = repo.commit()
    expected = sorted(listed_by_git(repo, commit, "branches"))
    with closing(GitTree(repo.root, commit)) as tree:
        found = [item for name in folders for item in tree.folder_items(name).values()]
        again = [item for name in folders for item in tree.folder_items(name).values()]
    assert sorted(found) == sorted(again) == expected
    with closing(GitTree(repo.root, commit)) as tree:
        tree.prepare()
        found = [item for name in folders for item in tree.folder_items(name).values()]
    assert sorted(found) == expected


@pytest.mark.parametrize(
    "when",
    [
        "2025-06-01T12:00:00+08:00", "2025-06-01T00:30:00-03:30", "2024-02-29T23:59:59+00:00",
        "1999-12-31T20:00:00-12:00", "2038-01-19T03:14:08+14:00", "2025-06-01T12:00:00+05:45",
    ],
)  # fmt: skip
def test_dates_are_those_that_git_tells(when: str, repo: GitRepo) -> None:
    commit = repo.commit(when=when)
    with closing(Objects(repo.root)) as objects:
        trees = Trees(repo.root, objects)
        assert trees.date(commit) == when
        assert trees.time(commit) == int(repo.git("show", "-s", "--format=%ct", commit))
    # Newer gits write Z for +00:00.
    assert commit_date(repo.root, commit).replace("Z", "+00:00") == when


@pytest.mark.parametrize("line", ["x <x> 99999999999 +9959", "x <x> 5 +9999", "x <x> 12 +080"])
def test_of_odd_dates_git_itself_tells(line: str, repo: GitRepo) -> None:
    tree = repo.raw_tree([])
    data = f"tree {tree}\nauthor x <x> 0 +0000\ncommitter {line}\n\nx\n".encode()
    commit = repo.git("hash-object", "-w", "-t", "commit", "--literally", "--stdin", data=data)
    with closing(Objects(repo.root)) as objects:
        assert Trees(repo.root, objects).date(commit) == commit_date(repo.root, commit)


def test_names_of_revisions_are_those_that_git_knows(repo: GitRepo) -> None:
    first = repo.commit(when="2025-06-01T12:00:00+08:00")
    second = repo.commit(when="2025-06-03T12:00:00+08:00")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    with closing(Objects(repo.root)) as objects:
        assert objects.resolve("main", first, first[:9]) == [second, first, first]
        assert objects.resolve("HEAD~1", "2025-06-02", "@") == [first, first, second]
        assert objects.resolve("main~", "HEAD^", "main^1", "HEAD~0") == [
            first,
            first,
            first,
            second,
        ]
        for name in (
            tree,
            "nothing",
            "main~2",
            "HEAD^2",
            "HEAD~9999999999",
            "main:",
            "-x",
            "main..HEAD",
            "1999-01-01",
        ):
            with pytest.raises(UnknownRevisionError):
                objects.resolve("main", name)


def test_data_in_a_subfolder_is_read_from_there(repo: GitRepo) -> None:
    inner = repo.root / "a 书" / "b"
    (inner / "branches/demo-a").mkdir(parents=True)
    (inner / "branches/demo-a/branch.yml").write_text("name: x\n", "utf-8")
    (repo.root / "rubric.yml").write_text("not this one\n", "utf-8")
    (inner / "README.md").write_text("here\n", "utf-8")
    before, commit = repo.commit(), repo.commit()
    with closing(GitTree(inner, commit)) as tree:
        assert tree.folders() == ["demo-a"]
        assert [entry.path for entry in tree.folder("demo-a")] == ["branches/demo-a/branch.yml"]
        assert (tree.common(), tree.beside()) == ([], ["README.md"])
    repo.git("rm", "-r", "--quiet", "a 书")
    gone = repo.commit()
    assert before != gone
    inner.mkdir(parents=True)
    with closing(GitTree(inner, gone)) as tree:
        assert (tree.folders(), tree.common(), tree.beside()) == ([], [], [])


def test_what_git_says_of_a_clone_is_asked_once_while_a_command_runs(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit()
    repo.commit()
    line = tmp_path / "two\nlines"
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.root}", str(line))
    (line / "sub\n").mkdir()
    whole, cut = clone_at(repo.root), clone_at(line)
    assert (whole.prefix, whole.folder, whole.cut) == ("", repo.root / ".git", None)
    assert whole.cut_commits == frozenset()
    assert (cut.prefix, cut.folder) == ("", line / ".git")
    assert cut.cut_commits == {GitRepo.git(repo, "rev-parse", "main")}
    assert clone_at(line / "sub\n").prefix == "sub\n/"

    asked = []
    real = git.run_git

    def counted(root: Path, *arguments: str) -> bytes:
        asked.append(root)
        return real(root, *arguments)

    monkeypatch.setattr(git, "run_git", counted)
    with asking_once():
        assert [clone_at(repo.root), clone_at(repo.root)] == [whole, whole]
        with asking_once():
            assert clone_at(repo.root) == whole
    assert asked == [repo.root] * 2
    assert clone_at(repo.root) == whole
    assert asked == [repo.root] * 3
