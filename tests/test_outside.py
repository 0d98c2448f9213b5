"""Records and evidence outside of the folders of branches: named, and no project's own file is."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.engine.narrow.run import evaluate_some
from generator.files.git_tree import GitTree
from generator.files.misplaced import Fault
from generator.files.misplaced.outside import find_in_committee, find_in_root, is_evidence
from generator.files.tree import MemoryTree as PlainTree
from generator.files.tree import Tree, WorkingTree
from tests.effort import at_most
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree, base_files
from tests.test_misplaced import RENAMED, filed, found_in
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.text.findings import Finding

IDS = ("demo-a", "demo-b")
REVIEW = b"criteria: {}\n"
CHINESE = ("现场", "签到表", "学习计划", "会议记录", "总结", "微信图片_20250520101112", "党员大会")
CAMERA = ("IMG_2034", "DSC01234", "mmexport1716200000000", "WechatIMG12345", "20250520_101112")
PROJECT = (
    "README.md", "README.zh-CN.md", "LICENSE", "LICENSE.txt", "CHANGELOG.md", "CONTRIBUTING.md",
    "Makefile", "mkdocs.yml", "mkdocs.en.yml", "docker-compose.yml", "requirements.txt",
    "requirements-dev.txt", "pyproject.toml", "package.json", "pnpm-lock.yaml", "renovate.json",
    "codecov.yml", "netlify.toml", "_config.yml", ".gitignore", ".pre-commit-config.yaml", "CNAME",
    "robots.txt", "CITATION.cff", "environment.yml", "action.yml", "index.html", "logo.png",
    "logo-dark.jpg", "favicon.ico", "screenshot.png", "社会二维码.jpg", "使用说明.docx",
    "考核办法.pdf", "更新日志.md", "rubric.yml", "uv.lock", "tox.ini", "data.csv", "notes.md",
    "results.json", "site.tar.gz", "~$签到表.xlsx", ".activity.yml.swp", "rubric.yaml",
)  # fmt: skip


def strays(files: dict[str, bytes], added: dict[str, bytes]) -> list[Finding]:
    """Return the findings of a repository on what was added to it."""
    return [finding for finding in found_in(files | added) if finding.path in added]


@pytest.mark.parametrize("seed", tiered(range(60), 12, 3))
def test_a_record_in_the_root_is_named_once(seed: int) -> None:
    """Whatever its file is called, alone or in the folders that it was packed in."""
    draw = random.Random(seed)
    record = filed(draw)
    ending = [form for form in RENAMED if form.startswith("{}.") or ".y" in form]
    name = draw.choice([record.name, draw.choice(ending).format(record.name[:-4])])
    group = f"{record.group}/{record.folder}/"
    above = draw.choice(["", f"2025/{group}", group, f"{record.group}/"])
    if record.group == "activities" and above == f"{record.group}/":
        above = f"{record.folder}/"
    added = {f"{above}{name if own == record.name else own}": data
             for own, data in record.files.items()}  # fmt: skip
    findings = strays(base_files(), added)
    assert [(f.code, f.severity, f.path) for f in findings] == [("E019", "error", above + name)]


@pytest.mark.parametrize("seed", tiered(range(60), 12, 3))
def test_evidence_in_the_root_is_named(seed: int) -> None:
    draw = random.Random(seed)
    ending = draw.choice(["jpg", "JPG", "jpeg", "png", "heic", "pdf", "docx", "xlsx"])
    stem = draw.choice([draw.choice(CHINESE), draw.choice(CAMERA), "2025-05-20", "attendance"])
    name = f"{stem}{draw.choice(['', ' (1)', '-2'])}.{ending}"
    (finding,) = strays(base_files(), {name: b"x"})
    assert (finding.code, finding.path) == ("E019", name)
    assert name in f"{finding.message}"


def test_text_in_the_root_is_evidence_by_its_chinese_name() -> None:
    assert all(is_evidence(f"{stem}.{end}") for stem in CHINESE for end in ("md", "txt"))


@pytest.mark.parametrize("seed", range(50))
def test_files_of_a_project_are_no_evidence(seed: int) -> None:
    """All those of the list, in any order, beside folders that projects have."""
    draw = random.Random(seed)
    names = [*PROJECT, *(f"{draw.choice(['docs', 'src', 'data', 'photos'])}/{n}" for n in CHINESE)]
    assert find_in_root(draw.sample(names, 30), IDS) == ()


def test_what_else_a_root_may_wrongly_hold() -> None:
    """The committee's files, a branch's own, a review, a record named by its day."""
    for name in ("decision.yml", "roster.yaml", "branch.yml", "demo-a.yml", "2025-05-20-study.yml"):
        assert [case.path for case in find_in_root([name], IDS)] == [name]


def no_year(draw: random.Random, group: str, name: str) -> str:
    """The folder of the year is missing, or is called otherwise."""
    return f"committee/{draw.choice(['', '2025年/', 'year/'])}{group}/{name}"


def other_group(draw: random.Random, group: str, name: str) -> str:
    """The folder has nearly the right name."""
    near = {"reviews": ["review", "Reviews", "评审"], "vetoes": ["veto", "vetos", "否决"]}
    return f"committee/2025/{draw.choice(near[group])}/{name}"


def other_ending(draw: random.Random, group: str, name: str) -> str:
    """The file has another ending, or is a copy."""
    ending = draw.choice([".yaml", ".YML", ".yml.txt", ".txt", "", " (1).yaml", " - 副本.yaml"])
    return f"committee/2025/{group}/{name[:-4]}{ending}"


def deeper(draw: random.Random, group: str, name: str) -> str:
    """There is a folder more."""
    more = draw.choice([group, "demo-a", "done", "2025"])
    return draw.choice(
        [f"committee/2025/{group}/{more}/{name}", f"committee/2025/{more}/{group}/{name}"]
    )


def higher(draw: random.Random, group: str, name: str) -> str:
    """There is a folder less."""
    del group
    return f"committee/{draw.choice(['', '2025/'])}{name}"


DAMAGES: tuple[Callable[[random.Random, str, str], str], ...] = (
    no_year, other_group, other_ending, deeper, higher,
)  # fmt: skip


@pytest.mark.parametrize("seed", tiered(range(75), 15, 5))
def test_a_review_in_the_wrong_place_is_named(seed: int) -> None:
    """One error, no warning beside it; where a place is named, moving the file there helps."""
    draw = random.Random(seed)
    group = draw.choice(["reviews", "vetoes"])
    path = DAMAGES[seed % len(DAMAGES)](draw, group, "demo-b.yml")
    data = REVIEW if group == "reviews" else b"[]\n"
    files = {p: d for p, d in base_files().items() if not p.endswith(f"{group}/demo-b.yml")}
    findings = strays(files, {path: data})
    assert [(f.code, f.severity) for f in findings] == [("E019", "error")], (path, findings)
    (case,) = find_in_committee([path], IDS)
    if case.target:
        assert case.target == f"committee/2025/{group}/demo-b.yml"
        assert not strays(files, {case.target: data})


@pytest.mark.parametrize("seed", range(50))
def test_the_committees_own_files_are_known_by_their_names(seed: int) -> None:
    draw = random.Random(seed)
    name = draw.choice(["debrief", "decision", "consortia", "roster"])
    other = draw.choice([f"{name}.yaml", f"{name}.yml.txt", f"{name} (1).yml", f"{name[:-1]}.yml"])
    year = "" if name in {"consortia", "roster"} else "2025/"
    folder = draw.choice(["", "2025/", "2025/files/"])
    path = f"committee/{folder}{other}"
    (case,) = find_in_committee([path], IDS)
    if year in folder:
        assert case.target == f"committee/{year}{name}.yml"
    (second,) = find_in_committee([path], IDS, {f"committee/{year}{name}.yml"})
    assert second.fault is (Fault.SECOND if case.target else Fault.PLACE)


@pytest.mark.parametrize("seed", tiered(range(50), 10, 3))
def test_a_branchs_record_below_the_committee_is_named(seed: int) -> None:
    draw = random.Random(seed)
    record = filed(draw)
    above = draw.choice(["", "2025/", "2025/reviews/x/", "2025/demo-a/", "demo-a/2025/"])
    name = draw.choice([record.name, "self-assessment.yml", "自评.yml", "branch.yml"])
    path = f"committee/{above}{draw.choice(['', record.group + '/'])}{name}"
    (finding,) = strays(base_files(), {path: b"x: 1\n"})
    assert (finding.code, finding.severity) == ("E019", "error")


def test_what_nobody_can_tell_below_the_committee_stays_unknown() -> None:
    for name in (
        "committee/2025/minutes.yml",
        "committee/2025/reviews/notes.md",
        "committee/a.pdf",
    ):
        assert [f.code for f in strays(base_files(), {name: b"x"})] == ["E002"]


def test_all_trees_list_the_same_beside_the_data(tmp_path: Path) -> None:
    """Disk, commit and memory; a check of one branch says it as a check of all does."""
    repo = GitRepo(tmp_path)
    files = {"activity.yml": b"title: x\n", "2025/a.md": b"x", "docs/b.md": b"x", "现场.jpg": b"x"}
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    repo.commit("x")
    committed = GitTree.at(tmp_path, "HEAD")
    disk = WorkingTree(tmp_path)
    trees: list[Tree] = [disk, committed, PlainTree(files), MemoryTree(files)]
    there = {path for path in files if not path.startswith("docs/")}
    assert all(there <= {*tree.beside()} and "docs/b.md" not in tree.beside() for tree in trees)
    for revision in (None, "HEAD"):
        some = evaluate_some(tmp_path, ["demo-a"], revision)
        assert some is not None
        assert [f.path for f in some.findings if f.code == "E019"] == ["activity.yml"]
    whole = evaluate(committed, ids=["demo-a"])
    assert [f.path for f in whole.findings if f.code == "E019"] == ["activity.yml"]
    committed.close()


def test_the_search_outside_is_linear() -> None:
    """Twice the files take about twice the calls."""
    for count in (500, 1000):
        root = [f"现场{n}.jpg" for n in range(count)]
        kept = [f"committee/2025/review/b{n}.yml" for n in range(count)]
        with at_most(calls=150 * count):
            assert len(find_in_root(root, IDS)) == 1
            assert len(find_in_committee(kept, IDS)) == count
