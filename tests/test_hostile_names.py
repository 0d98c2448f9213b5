"""What may lie in a tree: names and modes that people try, and other instances.

Each entry is judged twice: as a change, by ``appraise guard``, and as data, by ``appraise check``.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from generator.checks.names import check_names
from generator.engine.evaluate import evaluate
from generator.engine.repository import MissingRubricError
from generator.files.git import UnmergeableError
from generator.files.git_objects import Objects, Trees
from generator.files.git_tree import GitTree
from generator.files.history import propose
from generator.files.misplaced.leftovers import is_leftover
from generator.files.tree import Entry, EntryKind, WorkingTree
from generator.proposals.guard import entries, guard, raw
from generator.text.findings import Report
from tests.effort import at_most
from tests.guarding import (
    AUTHOR,
    OWN,
    RECORD,
    assert_printable,
    errors,
    guarded,
    is_seen,
    verdict,
)
from tests.memory import MemoryTree, base_files
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

    from generator.text.findings import Finding
    from tests.gitrepo import GitRepo
    from tests.guarding import Told

PLAN = "branches/demo-a/2025/documents/plan/document.yml"
ACTIVITY = "branches/demo-a/2025/activities/2025-03-12-theme-day/activity.yml"
CLAIMS = "branches/demo-a/2025/self-assessment.yml"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return the guarded repository; main never moves."""
    return guarded(tmp_path_factory.mktemp("names"))


def named(*paths: str) -> set[tuple[str, str]]:
    """Return (severity, code) of what ``check`` says of these names alone."""
    report = Report()
    check_names({path: Entry(path, EntryKind.FILE, 1) for path in paths}, report)
    assert_printable(report.sorted())
    return {(f.severity.value, f.code) for f in report.findings}


# --- modes ---------------------------------------------------------------------------------

LINKS = {
    "link": b"/etc/passwd",
    "link to git": b"../../../.git/config",
    "loop": b".",
    "loop itself": b"photo.jpg",
    "loop other branch": b"../../../../demo-b/2025/documents/plan/plan.md",
    "link own file": b"plan.md",
    "link long": b"x/" * 5_000,
    "link text": b"\x1b[31m::error::x\n",
    "link empty": b"",
}


@pytest.fixture(scope="module")
def linked(repo: GitRepo) -> str:
    """Return a proposal whose record holds all these links."""
    listed = [("120000", f"{n}.jpg".encode(), target) for n, target in enumerate(LINKS.values())]
    tree = repo.raw_tree([(mode, name, repo.blob(target)) for mode, name, target in listed])
    return repo.graft(f"{RECORD}/sub", "040000", tree)


def test_links(repo: GitRepo, linked: str) -> None:
    paths = {f"{RECORD}/sub/{n}.jpg" for n in range(len(LINKS))}
    assert verdict(repo, linked) == {("error", "G004", path) for path in paths}
    with closing(GitTree.at(repo.root, linked)) as tree:
        findings = evaluate(tree, 2025).findings
    told = {f.path for f in findings if (f.severity.value, f.code) == ("error", "G004")}
    assert told == paths
    shown = "".join(f"{f.message}{f.hint}" for f in findings)
    assert not any(word in shown for word in ("root:", "[core]", "/etc/", "::error"))


@pytest.mark.parametrize("path", [OWN, CLAIMS, RECORD, "branches/demo-a/2025"])
def test_links_in_place_of_files_and_folders(repo: GitRepo, path: str) -> None:
    head = repo.graft(path, "120000", repo.blob(b"/etc/passwd"))
    found = verdict(repo, head)
    assert ("error", "G004", path) in found
    assert found <= errors(path, "G002", "G004")


def test_a_loop_stops_nobody_else(tmp_path: Path) -> None:
    for path, data in base_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    before = evaluate(WorkingTree(tmp_path))
    for name, target in (("loop", "."), ("up", "../.."), ("self", "self"), ("root", "/")):
        (tmp_path / "branches/demo-a/2025/documents/plan" / name).symlink_to(target)
    after = evaluate(WorkingTree(tmp_path))
    assert {f.path.rpartition("/")[2] for f in after.findings if f.code == "G004"} == {
        "loop", "up", "self", "root",
    }  # fmt: skip
    assert after.results is not None
    assert before.results is not None
    other = [b for b in after.results.branches if b.id == "demo-b"]
    assert other == [b for b in before.results.branches if b.id == "demo-b"]


@pytest.mark.parametrize("path", [f"{RECORD}/sub", "branches/demo-a/2025/documents/new", OWN])
def test_a_submodule(repo: GitRepo, path: str) -> None:
    for commit in (repo.git("rev-parse", "main"), "1" * 40):
        assert verdict(repo, repo.graft(path, "160000", commit)) == errors(path, "G004")


def test_a_submodule_in_place_of_a_branch(repo: GitRepo) -> None:
    head = repo.graft("branches/demo-b", "160000", repo.git("rev-parse", "main"))
    found = verdict(repo, head)
    assert ("error", "G004", "branches/demo-b") in found
    assert ("error", "G002", "branches/demo-b") in found
    assert ("error", "G002", "branches/demo-b/branch.yml") in found


def test_an_executable(repo: GitRepo) -> None:
    head = repo.graft(OWN, "100755", repo.blob(b"#!/bin/sh\n"))
    assert verdict(repo, head) == {("warning", "G004", OWN)}
    result = appraise("guard", "main", head, "--author", AUTHOR, root=repo.root)
    assert result.exit_code == 0
    report = Report()
    check_names({OWN: Entry(OWN, EntryKind.EXECUTABLE, 1)}, report)
    assert [(f.severity.value, f.code, f.path) for f in report.findings] == [
        ("warning", "G004", OWN)
    ]


def test_a_file_becomes_a_folder_and_back(repo: GitRepo) -> None:
    into = repo.change({OWN: None, f"{OWN}/x.md": "x\n"})
    assert verdict(repo, into) == set()
    link = repo.graft(f"{OWN}/x.md", "120000", repo.blob(b"/etc/passwd"), start=into)
    assert verdict(repo, link, base=into) == errors(f"{OWN}/x.md", "G004")
    assert verdict(repo, link) == errors(f"{OWN}/x.md", "G004")


# --- names ---------------------------------------------------------------------------------

GBK = "活动.jpg".encode("gbk").decode("utf-8", "surrogateescape")
BAD_NAMES: dict[str, tuple[str, str]] = {
    "form NFD": ("cafe\u0301.jpg", "G005"),
    "form Hangul jamo": ("\u1112\u1161\u11ab.md", "G005"),
    "form compatibility ideograph": ("\uf900.md", "G005"),
    "letters Cyrillic": ("\u0430ctivity.yml", "G005"),
    "letters Greek": ("\u03bfwn.md", "G005"),
    "letters Armenian": ("\u0585.md", "G005"),
    "letters mathematical": ("\U0001d41a.md", "G005"),
    "letters radical": ("\u2f42.md", "G005"),
    "letters dotless": ("\u0131.md", "G005"),
    "letters letterlike": ("\u212a.md", "G005"),
    **{
        f"device {name}": (name, "G005")
        for name in (
            "CON", "CON.txt", "con.tar.gz", "nul", "NUL .md", "aux.jpg", "Prn.md", "COM1",
            "com9.md", "COM0", "LPT1.", "LPT\u00b9", "com\u00b3.md", "CONIN$", "conout$.md",
            "CLOCK$", "\uff23\uff2f\uff2e.txt", "AUX.", "aux ", "x.", "x..", "x ", " x", "x.md.",
            "x\u3000", "x.md:stream", "x.md::$DATA", "a:b", "a<b", "a>b", 'a"b', "a|b", "a?b",
            "a*b", "a\\b",
        )
    },
    "unseen LF": ("a\nb.jpg", "G005"),
    "unseen CR": ("a\rb.jpg", "G005"),
    "unseen ESC": ("a\x1b[2Jb.jpg", "G005"),
    "unseen OSC 52": ("a\x1b]52;c;eA==\x07b.jpg", "G005"),
    "unseen BEL": ("a\x07b.jpg", "G005"),
    "unseen BS": ("a\bb.jpg", "G005"),
    "unseen TAB": ("a\tb.jpg", "G005"),
    "unseen DEL": ("a\x7fb.jpg", "G005"),
    "unseen C1": ("a\x9b31mb.jpg", "G005"),
    "unseen NEL": ("a\x85b.jpg", "G005"),
    "unseen line separator": ("a\u2028b.jpg", "G005"),
    "unseen only LF": ("\n", "G005"),
    "unseen bidi": ("a\u202egpj.exe", "G005"),
    "unseen isolate": ("a\u2066b.jpg", "G005"),
    "unseen zero width": ("a\u200bb.jpg", "G005"),
    "unseen joiner": ("a\u2060b.jpg", "G005"),
    "unseen BOM": ("\ufeffa.jpg", "G005"),
    "unseen soft hyphen": ("a\xadb.jpg", "G005"),
    "unseen tag": ("a\U000e0041b.jpg", "G005"),
    "unseen variation": ("a\ufe0fb.jpg", "G005"),
    "unseen no-break space": ("a\xa0b.jpg", "G005"),
    "unseen private": ("a\ue000b.jpg", "G005"),
    "unseen unassigned": ("a\U0003ffffb.jpg", "G005"),
    "command error": ("::error::x.jpg", "G005"),
    "command mask": ("##[add-mask]x.jpg", "G005"),
    "command set-output": ("::set-output name=x::y.jpg", "G005"),
    "command after LF": ("a\n::stop-commands::x", "G005"),
    "command ideographic space": ("\u3000::warning::x", "G005"),
    "command emoji": ("\U0001f600.jpg", "G005"),
    "command option": ("--output=x.md", "G005"),
    "command dash": ("-rf.md", "G005"),
    "command percent": ("%2e%2e%2fx.md", "G005"),
    "command newline, percent": ("a%0A::error::x", "G005"),
    "command backtick": ("`id`.md", "G005"),
    "command markup": ("<img src=x onerror=alert(1)>.jpg", "G005"),
    "bytes GBK": (GBK, "G005"),
    "bytes Latin-1": ("caf\udce9.jpg", "G005"),
    "bytes overlong": ("a\udcc0\udcaeb", "G005"),
    "bytes surrogate": ("\udced\udca0\udc80", "G005"),
    "bytes cut": ("支\udce6\udc94", "G005"),
    "long 255 bytes": ("a" * 255, "G006"),
    "long Chinese": ("长" * 85, "G006"),
    "long deep": ("/".join(["d"] * 62), "G006"),
    "long path": ("/".join(["d" * 60] * 3), "G006"),
    **{
        f"git {name}": (name, "G005")
        for name in (
            ".gitattributes", ".gitmodules", ".gitignore", ".GitModules", ".mailmap", ".gitkeep",
            ".github/workflows/x.yml", ".gitlab-ci.yml", ".gitee/x.yml", "git~1", "GIT~2",
            "GITMOD~1", "gi7eba~1", ".python-version", ".npmrc", ".env", ".DS_Store", "Thumbs.db",
            "desktop.ini", "autorun.inf", "sub/CODEOWNERS", "pip.conf", "requirements.txt",
            "Package.JSON", "Makefile", "Dockerfile", "conftest.py", "pyproject.toml", "setup.py",
            "mkdocs.yml", "\uff0egit", "\uff0e\uff0e", "\uff23ODEOWNERS", "_config.yml",
            "action.yml", "...", "..x",
        )
    },
}  # fmt: skip


Judged = dict[str, list["Finding"]]


def judged(repo: GitRepo, head: str, base: str = "main") -> Judged:
    """Return what the guard finds, by path as it is shown."""
    found = guard(repo.root, base, head, AUTHOR).findings
    assert_printable(found)
    by_path: Judged = {}
    for finding in found:
        by_path.setdefault(finding.path, []).append(finding)
    return by_path


def apart(row: int, name: str) -> str:
    """Return a path in a folder of the row's own, so that rows do not collide."""
    return f"branches/demo-a/2025/n{row}/{name}"


@pytest.fixture(scope="module")
def refused(repo: GitRepo) -> Judged:
    """Return what the guard says of all bad names at once."""
    rows = enumerate(BAD_NAMES.values())
    return judged(repo, repo.change({apart(row, name): "x\n" for row, (name, _) in rows}))


@pytest.mark.parametrize("label", BAD_NAMES)
def test_names_that_are_refused(refused: Judged, label: str) -> None:
    row = list(BAD_NAMES).index(label)
    name, code = BAD_NAMES[label]
    path = apart(row, name)
    found = [f for shown, fs in refused.items() for f in fs if f"/n{row}/" in f"{shown}/"]
    assert {(f.severity.value, f.code) for f in found} == {("error", code)}
    assert all(is_seen(f.path) for f in found)
    assert named(path) == ({("warning", "E002")} if is_leftover(path) else {("error", code)})


GOOD_NAMES = [
    "2025年3月活动.jpg", "会议 记录（一）.pdf", "示例·甲学会.docx", "签到表-终稿_v2.xlsx",
    "计划,总结；附件、表1.md", "“两学一做”《通知》【定稿】：第①版.docx",
    "关于党支部·联合体Ⅱ的说明！.md", "IMG_2025-03-12 (1).JPG", "完成率100%.pdf", "console.md",
    "company1.md", "auxiliary.md", "nullable.md", "com10.md", "git.md", "gift~2024.md", "a-b.md",
    "2025-3-12.md", "重庆—北京.md", "第一季度…总结.md", "𠮷野.txt", "㐀.md", "A＆B.md",
    "长" * 60 + ".md",
]  # fmt: skip


def test_names_in_use_are_fine(repo: GitRepo) -> None:
    files: dict[str, str | bytes | None] = {f"{RECORD}/{name}": "x\n" for name in GOOD_NAMES}
    assert verdict(repo, repo.change(files)) == set()
    assert named(*files) == set()


PAIRS = {
    "form": ("caf\u00e9.jpg", "cafe\u0301.jpg"),
    "alike width": ("\uff21\uff22.jpg", "AB.jpg"),
    "alike ligature": ("\ufb01.md", "fi.md"),
    "alike case": ("Neu.md", "neu.md"),
    "alike sharp s": ("stra\u00dfe.md", "STRASSE.md"),
    "alike Kelvin": ("\u212a.md", "k.md"),
    "alike long s": ("\u017f.md", "S.md"),
    "alike sigma": ("\u03c2.md", "\u03a3.md"),
    "alike digits": ("\uff11.md", "1.md"),
    "alike file and folder": ("neu/x.md", "Neu"),
    "alike folders": ("neu/x.md", "Neu/y.md"),
    "alike ideograph": ("\uf900.md", "\u8c48.md"),
}


def collided(found: Judged, row: int) -> bool:
    """Whether a collision is told of in the row's folder."""
    told = [f for path, fs in found.items() for f in fs if f"/n{row}/" in path]
    assert {(f.severity.value, f.code) for f in told} == {("error", "G005")}
    return any("只差大小写" in str(f.message) for f in told)


@pytest.fixture(scope="module")
def together(repo: GitRepo) -> Judged:
    """Return what the guard says where one change adds both names of every pair."""
    pairs = enumerate(PAIRS.values())
    return judged(repo, repo.change({apart(n, name): "x" for n, pair in pairs for name in pair}))


@pytest.fixture(scope="module")
def meanwhile(repo: GitRepo) -> Judged:
    """Return what the guard says where main has the one name, and the change adds the other."""
    main = repo.change({apart(n, one): "x" for n, (one, _) in enumerate(PAIRS.values())})
    head = repo.change({apart(n, other): "x" for n, (_, other) in enumerate(PAIRS.values())})
    return judged(repo, head, main)


@pytest.mark.parametrize("label", PAIRS)
def test_names_that_overwrite_each_other(together: Judged, meanwhile: Judged, label: str) -> None:
    row = list(PAIRS).index(label)
    assert collided(together, row)
    assert collided(meanwhile, row)
    assert ("error", "G005") in named(*(apart(row, name) for name in PAIRS[label]))


def test_records_that_differ_by_case(repo: GitRepo) -> None:
    path = "branches/demo-a/2025/Documents/plan/x.md"
    assert verdict(repo, repo.change({path: "x\n"})) == errors(
        "branches/demo-a/2025/Documents", "G005"
    )
    path = "branches/demo-a/2025/documents/Plan/x.md"
    assert verdict(repo, repo.change({path: "x\n"})) == errors(
        "branches/demo-a/2025/documents/Plan", "G005"
    )


def test_a_name_that_changes_its_case_alone(repo: GitRepo) -> None:
    assert verdict(repo, repo.change({OWN: None, f"{RECORD}/Plan.md": "x\n"})) == set()


def test_what_collided_before_is_not_the_authors(repo: GitRepo) -> None:
    main = repo.change({f"{RECORD}/A.md": "x\n", f"{RECORD}/a.md": "y\n"})
    assert verdict(repo, repo.change({OWN: "z\n"}, start=main), base=main) == set()


# --- trees that no ordinary program writes -------------------------------------------------


def sub(repo: GitRepo, data: bytes) -> str:
    """Return a proposal whose record holds a folder ``sub`` of these raw bytes."""
    tree = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=data)
    return repo.graft(f"{RECORD}/sub", "040000", tree)


def entry(mode: bytes, name: bytes, identifier: str) -> bytes:
    return mode + b" " + name + b"\0" + bytes.fromhex(identifier)


RAW = {
    "git ..": [(b"100644", b"..")],
    "git .": [(b"100644", b".")],
    "git .git": [(b"100644", b".git")],
    "git .GIT": [(b"100644", b".GIT")],
    "git .g\u200bit": [(b"100644", ".g\u200bit".encode())],
    "git .gi\ufefft": [(b"100644", ".gi\ufefft".encode())],
    "git git~1": [(b"100644", b"GIT~1")],
    "git .git with a dot": [(b"100644", b".git.")],
    "git .git with spaces": [(b"100644", b".git ")],
    "git .git stream": [(b"100644", b".git::$INDEX_ALLOCATION")],
    "git duplicate": [(b"100644", b"a"), (b"100644", b"a")],
    "git duplicate modes": [(b"100644", b"a"), (b"120000", b"a")],
    "git full path": [(b"100644", b"a/b")],
    "git escape": [(b"100644", b"../../../../demo-b/2025/x.yml")],
    "git absolute": [(b"100644", b"/etc/passwd")],
    "git order": [(b"100644", b"b"), (b"100644", b"a")],
    "git no name": [(b"100644", b"")],
    "git mode padded": [(b"0100644", b"a")],
    "git mode long": [(b"000000000100644", b"a")],
    "git mode unknown": [(b"100600", b"a")],
    "git mode zero": [(b"0", b"a")],
    "git mode setuid": [(b"104755", b"a")],
    "git mode no number": [(b"10064x", b"a")],
    "git mode missing": [(b"", b"a")],
    "git socket": [(b"140000", b"a")],
    "git empty": [],
}


@pytest.fixture(scope="module")
def malformed(repo: GitRepo) -> Told:
    """Return what the guard says of all these trees at once."""
    blob, listed = repo.blob(b"x"), []
    for row, names in enumerate(RAW.values()):
        data = b"".join(entry(mode, name, blob) for mode, name in names)
        tree = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=data)
        listed.append(("40000", b"%02d" % row, tree))
    return verdict(repo, repo.graft(f"{RECORD}/sub", "040000", repo.raw_tree(listed)))


@pytest.mark.parametrize("label", RAW)
def test_raw_trees(malformed: Told, label: str) -> None:
    row = list(RAW).index(label)
    assert ("error", "G005", f"{RECORD}/sub/{row:02}") in malformed


@pytest.mark.parametrize(
    "label", ["git ..", "git .git", "git duplicate", "git escape", "git order"]
)
def test_raw_trees_that_git_lists(repo: GitRepo, label: str) -> None:
    blob = repo.blob(b"x")
    data = b"".join(entry(mode, name, blob) for mode, name in RAW[label])
    assert ("error", "G005", f"{RECORD}/sub") in verdict(repo, sub(repo, data))


def test_trees_that_end_too_soon_or_are_something_else(repo: GitRepo) -> None:
    whole = entry(b"100644", b"a", repo.blob(b"x"))
    for data in (whole[:-1], whole + b"1", b"\xff\xfe"):
        assert verdict(repo, sub(repo, data)) == errors(f"{RECORD}/sub", "G005")
    commit, tree = repo.git("rev-parse", "main"), repo.git("rev-parse", "main^{tree}")
    told = errors(f"{RECORD}/sub/a", "G004")
    for identifier in (commit, tree):
        assert verdict(repo, sub(repo, entry(b"100644", b"a", identifier))) == told
    for identifier in (repo.blob(b"x"), repo.blob(whole)):
        folder = sub(repo, entry(b"40000", b"a", identifier))
        assert verdict(repo, folder) == errors(f"{RECORD}/sub/a", "G005")
    null = sub(repo, entry(b"100644", b"a", "0" * 40))
    assert verdict(repo, null) == errors(f"{RECORD}/sub", "G005")


@pytest.mark.parametrize(
    "names",
    [
        [b"branches/demo-a/2025/x.md"],
        [b".git"],
        [b"rubric.yml", b"rubric.yml"],
        [b""],
    ],
)
def test_the_top_of_the_tree(repo: GitRepo, names: list[bytes]) -> None:
    """A name with slashes at the top would look like a path of one's own."""
    top = repo.git("cat-file", "tree", "main^{tree}").encode("utf-8", "surrogateescape")
    listed = top + b"".join(entry(b"100644", name, repo.blob(b"x")) for name in names)
    tree = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=listed)
    head = repo.git("commit-tree", tree, "-p", "main", "-m", "top")
    assert ("error", "G005", ".") in verdict(repo, head)


def test_also_where_git_cannot_merge_them(repo: GitRepo) -> None:
    """Main has a folder there too: git has to look into both, and gives up."""
    moved = repo.change({f"{RECORD}/sub/other.md": "x\n"})
    repo.git("update-ref", "refs/heads/moved", moved)
    blob = repo.blob(b"x")
    nameless, odd = entry(b"100644", b"", blob), entry(b"10064x", b"a", blob)
    for data in (b"\xff\xfe", odd[:-1], odd, nameless):
        head = sub(repo, data)
        with closing(Objects(repo.root)) as objects, pytest.raises(UnmergeableError):
            propose(Trees(repo.root, objects), moved, head)
        assert verdict(repo, head, base=moved) == errors(f"{RECORD}/sub", "G005")
        judged = guard(repo.root, "moved", head, AUTHOR).proposal
        assert (judged.base, judged.head, judged.merged) == (moved, head, None)
    result = appraise("guard", moved, head, "--author", AUTHOR, root=repo.root)
    assert result.exit_code == 1
    assert result.stderr == "git 无法列出这一改动：不允许，1 个错误\n"


def test_a_merge_that_lacks_a_file_of_main_is_no_verdict(repo: GitRepo) -> None:
    """As in a broken clone: the proposal is neither allowed nor refused."""
    broken = repo.graft(OWN, "100644", "1" * 40)
    head = repo.change({OWN: "y\n"})
    result = appraise("guard", broken, head, "--author", AUTHOR, root=repo.root)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "git 读不到" in result.stderr


def test_a_tree_of_billions_of_files(repo: GitRepo) -> None:
    below, mode = repo.blob(b"x"), b"100644"
    for _ in range(11):
        names = (b"%d" % n for n in range(10))
        data = b"".join(entry(mode, name, below) for name in names)
        below, mode = repo.git("hash-object", "-w", "-t", "tree", "--stdin", data=data), b"40000"
    head = repo.graft(f"{RECORD}/bomb", "040000", below)
    with at_most(calls=1_000_000):
        codes = {code for _, code, _ in verdict(repo, head)}
    assert codes == {"G006"}


def test_a_tree_of_eighty_levels(repo: GitRepo) -> None:
    below, mode = repo.blob(b"x"), b"100644"
    for _ in range(80):
        data = entry(mode, b"d", below)
        below, mode = repo.git("hash-object", "-w", "-t", "tree", "--stdin", data=data), b"40000"
    head = repo.graft(f"{RECORD}/deep", "040000", below)
    assert {(s, c) for s, c, _ in verdict(repo, head)} == {("error", "G006")}


# --- sizes and counts ----------------------------------------------------------------------


def test_a_thousand_files_and_one(repo: GitRepo) -> None:
    files: dict[str, str | bytes | None] = {f"{RECORD}/{n}.md": "x" for n in range(1_000)}
    assert verdict(repo, repo.change(files)) == set()
    files[f"{RECORD}/more.md"] = "x"
    assert verdict(repo, repo.change(files)) == errors(f"{RECORD}/0.md", "G006")


def test_many_files_of_the_committee_are_no_fault(repo: GitRepo) -> None:
    files: dict[str, str | bytes | None] = {
        f"committee/2025/reviews/b-{n}.yml": "criteria: {}\n" for n in range(1_001)
    }
    head = repo.change(files)
    assert verdict(repo, head, "example-committee") == set()
    assert ("error", "G006") in {(s, c) for s, c, _ in verdict(repo, head)}


def test_a_file_of_more_than_ten_megabytes(repo: GitRepo) -> None:
    fits = repo.change({f"{RECORD}/big.md": b"x" * 10_000_000})
    assert verdict(repo, fits) == set()
    large = repo.change({f"{RECORD}/big.md": b"x" * 10_000_001})
    assert verdict(repo, large) == errors(f"{RECORD}/big.md", "G006")
    assert verdict(repo, repo.change({f"{RECORD}/big.md": None}, start=large), base=large) == set()


def test_a_year_of_more_than_two_hundred_megabytes(repo: GitRepo) -> None:
    """The same blob many times: the repository stays small, a checkout would not."""
    blob = repo.blob(b"x" * 9_000_000)
    data = b"".join(entry(b"100644", b"%02d.md" % n, blob) for n in range(23))
    assert verdict(repo, sub(repo, data)) == errors("branches/demo-a/2025", "G006")


def test_what_main_added_counts_as_well(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_FILES", 9)
    head = repo.change({f"{RECORD}/{n}.md": "x" for n in range(3)})
    assert verdict(repo, head) == set()
    moved = repo.change({f"{RECORD}/m{n}.md": "x" for n in range(3)})
    assert verdict(repo, head, base=moved) == errors("branches/demo-a/2025", "G006")


def test_a_year_of_a_branch_holds_two_thousand_files(repo: GitRepo) -> None:
    """What earlier changes brought counts along: one alone may not bring so many."""
    blob = repo.blob(b"x")

    def folder(count: int) -> str:
        return repo.raw_tree([("100644", b"%04d.md" % number, blob) for number in range(count)])

    there = len(repo.git("ls-tree", "-r", "main", "branches/demo-a/2025").splitlines())
    base = repo.graft(f"{RECORD}/one", "040000", folder(1_100))
    for more, expected in ((0, set()), (1, errors("branches/demo-a/2025", "G006"))):
        rest = folder(2_000 - 1_100 - there + more)
        head = repo.graft(f"{RECORD}/two", "040000", rest, start=base)
        assert verdict(repo, head, base=base) == expected


def test_more_entries_than_are_looked_at(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "MAX_ENTRIES", 20)
    head = repo.change({f"{RECORD}/{n}.md": "x" for n in range(30)})
    assert verdict(repo, head) == errors(RECORD, "G006")


# --- names that stand for something else, in place of every file ---------------------------

KINDS = (EntryKind.LINK, EntryKind.SUBMODULE, EntryKind.OTHER)
PLACES = sorted(
    {
        *base_files(),
        "branches",
        "committee",
        "branches/demo-a",
        "branches/demo-a/2025",
        "branches/demo-a/2025/documents",
        "branches/demo-a/2025/documents/plan",
        "committee/2025",
        "committee/roster.yml",
        "committee/2025/reviews",
        "committee/2025/reviews/demo-a.yml",
        "committee/2025/vetoes/demo-a.yml",
        "committee/2025/supervision/first.yml",
        "committee/2025/results.json",
        "committee/2025/rubric.yml",
        "committee/2024/results.json",
    }
    - {"rubric.yml"}
)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_is_never_read(place: str) -> None:
    below = {p: d for p, d in base_files().items() if not p.startswith(f"{place}/")}
    for kind in KINDS:
        found = evaluate(MemoryTree(below, {place: kind}), 2025 if "committee" in below else None)
        assert ("G004", place) in {(f.code, f.path) for f in found.findings}
        assert_printable(found.findings)
    emptied = evaluate(MemoryTree({**below, place: b""}))
    assert_printable(emptied.findings)


def test_a_rubric_that_is_a_link_is_none() -> None:
    with pytest.raises(MissingRubricError):
        evaluate(MemoryTree(base_files(), {"rubric.yml": EntryKind.LINK}))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_stops_nothing(tmp_path: Path) -> None:
    for path, data in base_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    for path in ("committee/consortia.yml", OWN, CLAIMS):
        (tmp_path / path).unlink()
        os.mkfifo(tmp_path / path)
    subprocess.run(["mkfifo", str(tmp_path / "committee/roster.yml")], check=True)
    found = evaluate(WorkingTree(tmp_path))
    assert sum(f.code == "G004" for f in found.findings) == 4


# --- the fourteen reference strings, and their like ----------------------------------------

REFERENCES = [
    "../../b02/x", "/etc/passwd", "a/../../x", "..\\x", "C:\\x", "a\\0b", "~/x",
    "file:///etc/passwd", "%2e%2e/x", ".git/config", "./a.jpg", "a//b", "a.jpg/",
    "../../b02/2025/documents/plan",
    # others
    "..", ".", "/", "\\\\host\\share", "c:x", "documents/plan/plan.md", "../plan/plan.md",
    "branches/demo-b/2025/documents/plan/plan.md", "plan.md\u202e", "plan.md/.", "./plan.md",
    "plan.md/../plan.md", "https://example.org/x.jpg", "data:text/html,x", "javascript:alert(1)",
    "x:y", "a/b",
]  # fmt: skip
CITED = [
    *REFERENCES[:14], "documents/../documents/plan", "documents//plan", "documents/plan/",
    "Documents/plan", "./documents/plan", "documents/plan/plan.md", "documents", "documents/",
    "2025/../documents/plan", "../2024/documents/plan", "demo-b/2025/documents/plan",
    "documents\\plan", "documents/plan\\0", "documents/Plan", "documents/%70lan",
    "２０２４/documents/plan", "documents/plan#x", "documents/plan ?",
]  # fmt: skip


def replaced(path: str, old: str, new: str) -> dict[str, bytes]:
    """Return the base files with one text changed."""
    files = base_files()
    text = files[path].decode("utf-8")
    assert old in text
    return {**files, path: text.replace(old, new).encode("utf-8")}


def faults(files: dict[str, bytes], path: str) -> list[Finding]:
    """Return the errors at a path; nothing outside the tree may be asked for."""
    findings = evaluate(MemoryTree(files), 2025).findings
    assert_printable(findings)
    return [f for f in findings if f.path == path and f.severity == "error"]


def quoted(text: str) -> str:
    """Return a single-quoted YAML scalar."""
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("reference", REFERENCES)
def test_references_to_files(reference: str) -> None:
    refused = {"S003", "Y006"}
    listed = faults(replaced(PLAN, "[plan.md]", f"[{quoted(reference)}]"), PLAN)
    assert {f.code for f in listed} & refused
    assert {f.code for f in listed} <= refused | {"E001"}
    for key in ("record", "plan", "attendance", "photos"):
        text = base_files()[ACTIVITY].decode("utf-8")
        lines = [line for line in text.split("\n") if not line.startswith(key)]
        value = quoted(reference)
        value = {"attendance": f"{{file: {value}}}", "photos": f"[{value}]"}.get(key, value)
        changed = "\n".join([*lines[:-1], f"{key}: {value}", ""])
        told = faults({**base_files(), ACTIVITY: changed.encode("utf-8")}, ACTIVITY)
        assert {f.code for f in told} & refused, key


@pytest.mark.parametrize("reference", CITED)
def test_references_to_records(reference: str) -> None:
    text = base_files()[CLAIMS].decode("utf-8")
    assert "evidence: [documents/plan]" in text
    told = faults(
        replaced(CLAIMS, "evidence: [documents/plan]", f"evidence: [{quoted(reference)}]"), CLAIMS
    )
    assert {f.code for f in told} & {"S003", "Y006"}


def test_a_reference_with_a_nul(repo: GitRepo) -> None:
    del repo
    told = faults(replaced(PLAN, "[plan.md]", '["a\\0b"]'), PLAN)
    assert "Y006" in {f.code for f in told}


def test_a_reference_is_matched_exactly() -> None:
    for near in ("Plan.md", "plan.MD", "plan", "plan.md.", "ｐlan.md", "plan.m"):
        told = faults(replaced(PLAN, "[plan.md]", f"[{quoted(near)}]"), PLAN)
        assert {f.code for f in told} & {"E001", "S003"}, near
    assert faults(base_files(), PLAN) == []
