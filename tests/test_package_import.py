"""``appraise import``: what fits is written whole, into the working tree or as one commit."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.gitrepo import GitRepo, blob_id
from tests.packing import HOME, PLAN, put, told, zipped
from tests.support import BASE, appraise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from click.testing import Result

RECORD = f"{HOME}/documents/summary/document.yml"
SUMMARY = f"{HOME}/documents/summary/总结.md"
OLD = (BASE / PLAN).read_bytes()
DAYS = "committee/2025/received/demo-a.yml"
#: A new record, and a file that is there changed.
FILES = {
    RECORD: "kind: plan\ntitle: 总结\ndate: 2025-12-01\nfiles: [总结.md]\n".encode(),
    SUMMARY: "# 全年总结\n".encode(),
    PLAN: "# 示例甲 改过的计划\n".encode(),
}
FROM = {PLAN: blob_id(OLD)}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Return the base repository, with nobody's name known to git."""
    return GitRepo(tmp_path / "root")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return the base repository, made once."""
    return GitRepo(tmp_path_factory.mktemp("kept") / "root")


@pytest.fixture
def still(kept: GitRepo) -> Iterator[GitRepo]:
    """Return a repository to which nothing may be done."""
    before = everything(kept.root)
    yield kept
    assert everything(kept.root) == before


def packed(
    repo: GitRepo,
    files: Mapping[str, bytes] = FILES,
    replaced: Mapping[str, str] = FROM,
    name: str = "p.zip",
    **otherwise: Any,
) -> str:
    """Write a package beside a repository; return its path."""
    path = repo.root.parent / name
    path.write_bytes(zipped(files, replaced=replaced, **otherwise))
    return str(path)


def everything(root: Path) -> dict[str, bytes]:
    """Return every file of a repository, git's own among them, but for what it only notes."""
    passing = ("index", "COMMIT_EDITMSG")
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in passing
    }


def branch_of(repo: GitRepo) -> str:
    """Return the one branch beside main."""
    (name,) = set(repo.git("branch", "--format=%(refname:short)").split()) - {"main"}
    return name


def shown(repo: GitRepo, name: str) -> bytes:
    return repo.git("show", name).encode("utf-8", "surrogateescape") + b"\n"


def on_disk(repo: GitRepo, files: Mapping[str, bytes] = FILES) -> bool:
    return all((repo.root / path).read_bytes() == data for path, data in files.items())


def digest_of(result: Result) -> str:
    """Return the digest that a receipt names."""
    return result.stdout.rpartition("校验码：")[2][:64]


def refused(result: Result, status: int, *words: str) -> None:
    assert result.exit_code == status, result.output
    for each in words:
        assert each in result.output, result.output


def test_a_package_is_written_into_the_working_tree(repo: GitRepo) -> None:
    before = everything(repo.root)
    done = appraise("import", packed(repo), root=repo.root)
    assert done.exit_code == 0, done.output
    assert everything(repo.root) == before | FILES
    assert "增加 " + RECORD in done.stdout
    assert "重算" not in done.stdout
    assert repo.git("status", "--porcelain", "-uall").count("\n") == 2


def test_a_commit_touches_neither_working_tree_nor_index(repo: GitRepo) -> None:
    (repo.root / PLAN).write_bytes(b"mine\n")
    repo.git("add", "--all")
    before = repo.git("status", "--porcelain")
    done = appraise("import", packed(repo), "--commit", root=repo.root)
    assert done.exit_code == 0, done.output
    assert repo.git("status", "--porcelain") == before
    assert (repo.root / PLAN).read_bytes() == b"mine\n"
    name = branch_of(repo)
    digest = digest_of(done)
    assert name == f"filing/demo-a-2025-{digest[:8]}"
    assert repo.git("rev-parse", f"{name}^") == repo.git("rev-parse", "main")
    changed = repo.git("-c", "core.quotePath=false", "diff", "--name-only", "main", name)
    assert set(changed.split("\n")) == set(FILES)
    assert all(shown(repo, f"{name}:{path}") == data for path, data in FILES.items())
    assert repo.git("ls-tree", name, PLAN).startswith("100644")
    assert f"appraise impact {repo.git('rev-parse', 'main')} {repo.git('rev-parse', name)}" in (
        done.stdout
    )


def test_the_receipt_says_branch_files_digest_and_day(repo: GitRepo) -> None:
    path = packed(repo)
    done = appraise("import", path, "--received", "2025-12-11", root=repo.root)
    receipt = done.stdout[done.stdout.index("回执") :]
    counts = "文件：共 3 个，新增 2 个，改动 1 个，删去 0 个"
    assert receipt.startswith(f"回执\n支部：示例a党支部（demo-a）\n年度：2025\n{counts}\n")
    assert all(f"  {name}\n" in receipt for name in FILES)
    assert receipt.endswith("\n日期：2025-12-11\n")


def test_a_package_that_is_in_is_one_line(repo: GitRepo) -> None:
    path = packed(repo)
    for option, words in (("--commit", "分支 filing/demo-a-2025-"), ("", "工作区里")):
        options = [option] if option else []
        assert appraise("import", path, *options, root=repo.root).exit_code == 0
        before = everything(repo.root)
        again = appraise("import", path, *options, root=repo.root)
        assert (again.exit_code, again.stderr, again.stdout.count("\n")) == (0, "", 1)
        assert words in again.stdout
        assert everything(repo.root) == before
    repo.commit()
    for options in ([], ["--commit"], ["--received", "2025-12-11"]):
        before = everything(repo.root)
        again = appraise("import", path, *options, root=repo.root)
        assert (again.exit_code, again.stdout.count("\n")) == (0, 1)
        assert "主线 main 上" in again.stdout
        assert everything(repo.root) == before


#: What fits beside what does not.
OTHER = f"{HOME}/activities/2025-12-01-x/x.md"
STATES: dict[str, tuple[dict[str, bytes], dict[str, str], dict[str, str], str]] = {
    "changed": ({PLAN: b"x\n"}, {PLAN: blob_id(b"other")}, {}, "后来改过"),
    "taken": ({PLAN: b"x\n"}, {}, {}, "已有这个文件"),
    "gone": ({SUMMARY: b"x\n"}, {SUMMARY: blob_id(b"other")}, {}, "没有这个文件"),
    "a folder": ({f"{HOME}/documents": b"x\n"}, {}, {}, "文件夹或链接"),
    "a file above it": ({f"{PLAN}/x.md": b"x\n"}, {}, {}, "文件夹或链接"),
    "removed and changed": ({SUMMARY: b"x\n"}, {}, {PLAN: blob_id(b"other")}, "后来改过"),
}


@pytest.mark.parametrize("what", STATES)
def test_what_does_not_fit_is_named_with_its_state(what: str, still: GitRepo) -> None:
    files, replaced, removed, words = STATES[what]
    option = ([], ["--commit"], ["--keep-errors"])[len(what) % 3]
    path = packed(still, {**files, OTHER: b"x\n"}, replaced, removed=removed)
    done = appraise("import", path, *option, root=still.root)
    refused(done, 1, words, "没有导入")
    assert OTHER not in done.stdout


def test_what_is_new_on_main_already_fits(repo: GitRepo) -> None:
    (repo.root / PLAN).write_bytes(FILES[PLAN])
    repo.commit()
    done = appraise("import", packed(repo), "--commit", root=repo.root)
    assert done.exit_code == 0, done.output
    changed = repo.git("diff", "-z", "--name-only", "main", branch_of(repo))
    assert set(changed.strip("\0").split("\0")) == {RECORD, SUMMARY}


def test_a_file_is_removed(repo: GitRepo) -> None:
    gone = f"{HOME}/documents/plan/document.yml"
    removed = {gone: blob_id((repo.root / gone).read_bytes()), PLAN: FROM[PLAN]}
    path = packed(repo, {RECORD: FILES[RECORD], SUMMARY: FILES[SUMMARY]}, {}, removed=removed)
    done = appraise("import", path, "--keep-errors", root=repo.root)
    assert done.exit_code == 0, done.output
    assert not (repo.root / f"{HOME}/documents/plan").exists()
    assert (repo.root / SUMMARY).exists()
    assert appraise("import", path, root=repo.root).stdout.count("\n") == 1


BROKEN = {RECORD: b"kind: nothing\ntitle: x\ndate: 2025-12-01\n"}


@pytest.mark.parametrize("options", [[], ["--commit"]], ids=str)
def test_errors_keep_a_package_out_but_where_they_are_kept(
    options: list[str], repo: GitRepo
) -> None:
    path = packed(repo, BROKEN, {})
    before = everything(repo.root)
    done = appraise("import", path, *options, root=repo.root)
    refused(done, 1, "不宜合并：带来 1 个错误", "S004", "它带来 1 个错误")
    assert "回执" not in done.stdout
    assert everything(repo.root) == before
    kept = appraise("import", path, *options, "--keep-errors", root=repo.root)
    assert (kept.exit_code, "S004" in kept.stdout, "回执" in kept.stdout) == (0, True, True)
    assert everything(repo.root) != before


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (OTHER.replace("demo-a", "demo-b"), "G001"),
        (f"{HOME}/documents/PLAN/x.md", "G005"),
        (f"{HOME}/documents/x/CON.md", "G005"),
    ],
)
def test_what_it_may_not_contain_is_a_finding(path: str, code: str, still: GitRepo) -> None:
    done = appraise("import", packed(still, {path: b"x\n"}, {}), "--commit", root=still.root)
    refused(done, 1, code, "没有导入")


def test_sizes_are_held_to_the_rules_of_the_guard(repo: GitRepo) -> None:
    appraisal = repo.root / "committee/2025/appraisal.yml"
    appraisal.write_text(appraisal.read_text("utf-8") + "limits: {file: 1, branch: 2}\n", "utf-8")
    repo.commit()
    before = everything(repo.root)
    noise = hashlib.shake_256(b"").digest(1_100_000)
    for files, words in (
        ({SUMMARY: noise}, "文件 1.1 MB，上限 1 MB"),
        ({f"{HOME}/documents/x/{n}.md": noise[n : 700_000 + n] for n in range(3)}, "上限 2 MB"),
    ):
        done = appraise("import", packed(repo, files, {}), "--keep-errors", root=repo.root)
        refused(done, 1, "G006", words, "没有导入")
    assert everything(repo.root) == before


def test_a_newer_program_is_asked_for(repo: GitRepo) -> None:
    before = everything(repo.root)
    done = appraise("import", packed(repo, program="99.0.0"), root=repo.root)
    refused(done, 2, "99.0.0", "请先升级程序")
    assert everything(repo.root) == before


def test_the_committee_is_asked_for_by_name(repo: GitRepo) -> None:
    review = {"committee/2025/reviews/demo-a.yml": (
        "criteria:\n  study: {points: 4, reason: 资料齐全, date: 2026-01-05}\n"
    ).encode()}  # fmt: skip
    path = packed(repo, review, {}, branch=None)
    refused(appraise("import", path, root=repo.root), 2, "--as-committee")
    done = appraise("import", path, "--as-committee", root=repo.root)
    assert done.exit_code == 0, done.output
    assert on_disk(repo, review)
    assert "单位：党委" in done.stdout
    done = appraise("import", path, "--as-committee", "--commit", root=repo.root)
    assert branch_of(repo).startswith("filing/committee-2025-")
    assert done.exit_code == 0
    frozen = packed(repo, {"committee/2025/results.json": b"{}"}, {}, "r.zip", branch=None)
    refused(appraise("import", frozen, "--as-committee", root=repo.root), 1, "G002", "定稿命令")


def test_the_day_is_written_down_for_new_records_alone(repo: GitRepo) -> None:
    plan = f"{HOME}/documents/plan/document.yml"
    old = (repo.root / plan).read_bytes()
    files = {**FILES, plan: old.replace("年度计划".encode(), "全年计划".encode())}
    path = packed(repo, files, {**FROM, plan: blob_id(old)})
    done = appraise("import", path, "--received", "2025-12-11", "--commit", root=repo.root)
    assert done.exit_code == 0, done.output
    written = shown(repo, f"{branch_of(repo)}:{DAYS}")
    (entry,) = yaml.safe_load(written)
    assert entry["path"] == "documents/summary"
    assert b"on: 2025-12-11\n" in written
    assert digest_of(done)[:8] in entry["reason"]


def test_days_that_the_committee_wrote_down_stay(repo: GitRepo) -> None:
    before = (
        "# 手写登记\n- {path: documents/summary, on: 2025-12-01, reason: 纸质材料, by: office}\n"
        "- {path: documents/plan, on: 2025-01-15, reason: 邮件}\n"
    )
    (repo.root / DAYS).parent.mkdir()
    (repo.root / DAYS).write_text(before, "utf-8")
    repo.commit()
    other = f"{HOME}/documents/second/document.yml"
    files = {**FILES, other: FILES[RECORD].replace(b"2025-12-01", b"2025-12-02")
             .replace("总结.md".encode(), b"a.md"),
             f"{HOME}/documents/second/a.md": b"# other\n"}  # fmt: skip
    done = appraise("import", packed(repo, files), "--received", "2025-12-11", root=repo.root)
    assert done.exit_code == 0, done.output
    after = (repo.root / DAYS).read_text("utf-8")
    assert after.startswith(before)
    assert [entry["path"] for entry in yaml.safe_load(after)] == [
        "documents/summary", "documents/plan", "documents/second",
    ]  # fmt: skip


def test_a_moved_record_keeps_its_day(repo: GitRepo) -> None:
    old, new = f"{HOME}/documents/plan", f"{HOME}/documents/yearly"
    files = {f"{new}/{name}": (repo.root / old / name).read_bytes()
             for name in ("document.yml", "plan.md")}  # fmt: skip
    removed = {f"{old}/{path.rpartition('/')[2]}": blob_id(data) for path, data in files.items()}
    path = packed(repo, files, {}, removed=removed)
    done = appraise("import", path, "--received", "2025-12-11", "--keep-errors", root=repo.root)
    assert done.exit_code == 0, done.output
    assert not (repo.root / DAYS).exists()
    assert "收到日期没有登记" in done.stderr


def test_a_day_that_has_not_come_is_refused(repo: GitRepo) -> None:
    done = appraise("import", packed(repo), "--received", "9999-01-01", root=repo.root)
    refused(done, 2, "还没有到")


def test_a_register_that_cannot_be_read_is_left_alone(repo: GitRepo) -> None:
    (repo.root / DAYS).parent.mkdir()
    (repo.root / DAYS).write_bytes(b"- {path: [\n")
    repo.commit()
    before = everything(repo.root)
    done = appraise("import", packed(repo), "--received", "2025-12-11", root=repo.root)
    refused(done, 2, "读不懂")
    assert everything(repo.root) == before


def test_changes_that_are_not_committed_are_named(repo: GitRepo) -> None:
    (repo.root / PLAN).write_bytes(b"mine\n")
    (repo.root / RECORD).parent.mkdir()
    (repo.root / RECORD).write_bytes(b"mine\n")
    before = everything(repo.root)
    done = appraise("import", packed(repo), root=repo.root)
    refused(done, 1, f"{PLAN}：工作区里的这个文件", f"{RECORD}：工作区里已经有", "2 处不能写入")
    assert everything(repo.root) == before


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_lies_in_the_way_of_a_folder_is_named(kind: str, repo: GitRepo) -> None:
    place = (repo.root / RECORD).parent
    if kind == "file":
        place.write_bytes(b"mine\n")
    else:
        (repo.root / HOME / "mine").mkdir()
        for path in (RECORD, SUMMARY):
            (repo.root / HOME / "mine" / Path(path).name).write_bytes(FILES[path])
        place.symlink_to("../mine")
    before = everything(repo.root)
    done = appraise("import", packed(repo), root=repo.root)
    refused(done, 1, f"{HOME}/documents/summary：工作区里已经有", "1 处不能写入")
    assert everything(repo.root) == before


def test_a_register_that_is_no_file_is_left_alone(repo: GitRepo) -> None:
    (repo.root / DAYS).parent.mkdir()
    (repo.root / DAYS).symlink_to("../appraisal.yml")
    repo.commit()
    for options in ([], ["--commit"]):
        done = appraise("import", packed(repo), "--received=2025-12-11", *options, root=repo.root)
        refused(done, 2, "读不懂")
    shutil.rmtree(repo.root / ".git")
    refused(appraise("import", packed(repo), "--received=2025-12-11", root=repo.root), 2, "读不懂")


def test_other_changes_of_the_working_tree_stay(repo: GitRepo) -> None:
    mine = {f"{HOME}/self-assessment.yml": b"mine\n", f"{HOME}/new.md": b"mine\n"}
    for path, data in mine.items():
        (repo.root / path).write_bytes(data)
    (repo.root / HOME / "link").symlink_to("documents")
    done = appraise("import", packed(repo), root=repo.root)
    assert done.exit_code == 0, done.output
    assert on_disk(repo, {**FILES, **mine})
    assert (repo.root / HOME / "link").readlink() == Path("documents")


def test_what_was_written_in_part_is_completed(repo: GitRepo) -> None:
    (repo.root / PLAN).write_bytes(FILES[PLAN])
    assert appraise("import", packed(repo), root=repo.root).exit_code == 0
    assert on_disk(repo)


def test_no_link_on_the_way_is_followed(repo: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(repo.root / "branches/demo-a")
    (repo.root / "branches/demo-a").symlink_to(tmp_path / "elsewhere")
    done = appraise("import", packed(repo, {RECORD: FILES[RECORD]}, {}), "--keep-errors",
                    root=repo.root)  # fmt: skip
    assert done.exit_code != 0
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_several_packages_are_taken_each_by_itself(repo: GitRepo) -> None:
    good = packed(repo)
    bad = packed(repo, BROKEN, {}, name="bad.zip")
    broken = repo.root.parent / "broken.zip"
    broken.write_bytes(b"PK")
    done = appraise("import", str(broken), bad, good, "--commit", root=repo.root)
    assert done.exit_code == 2
    assert [line for line in done.stdout.splitlines() if line.startswith("——")] == [
        f"—— 报送包 {path} ——" for path in (bad, good)
    ]
    assert done.stdout.count("回执") == 1
    assert branch_of(repo)
    assert appraise("import", bad, good, "--commit", root=repo.root).exit_code == 1


def of_branch(repo: GitRepo, branch: str) -> str:
    home = f"branches/{branch}/2025/documents/more"
    files = {
        f"{home}/document.yml": f"kind: plan\ntitle: {branch}\ndate: 2025-03-01\nfiles: [a.md]\n"
        .encode(),
        f"{home}/a.md": f"# {branch}\n".encode(),
    }  # fmt: skip
    return packed(repo, files, {}, f"{branch}.zip", branch=branch)


@pytest.fixture
def three(repo: GitRepo) -> GitRepo:
    """Return a repository of three branches."""
    shutil.copytree(repo.root / "branches/demo-b", repo.root / "branches/demo-c")
    repo.commit("a third")
    return repo


@pytest.mark.parametrize("commit", [True, False], ids=["commit", "tree"])
def test_three_at_once_lose_nothing(three: GitRepo, *, commit: bool) -> None:
    names = ("demo-a", "demo-b", "demo-c")
    paths = [of_branch(three, name) for name in names]
    options = ["--keep-errors", "--received", "2025-12-11", *(["--commit"] if commit else [])]

    children = []
    for path in [*paths, paths[0]]:
        child = os.fork()
        if not child:
            os._exit(appraise("import", path, *options, root=three.root).exit_code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    if commit:
        found = [b for b in three.git("branch", "--format=%(refname:short)").split() if b != "main"]
        assert sorted(b.rpartition("-2025-")[0] for b in found) == [f"filing/{n}" for n in names]
        for branch in found:
            three.git("merge", "--no-edit", branch)
    for name in names:
        assert (three.root / f"branches/{name}/2025/documents/more/a.md").is_file()
        assert (three.root / f"committee/2025/received/{name}.yml").is_file()
    assert three.git("fsck", "--no-dangling") == ""


def test_three_after_each_other_merge_without_conflict(three: GitRepo) -> None:
    paths = [of_branch(three, name) for name in ("demo-a", "demo-b", "demo-c")]
    assert appraise("import", *paths, "--commit", "--keep-errors", root=three.root).exit_code == 0
    branches = three.git("branch", "--format=%(refname:short)", "--list", "filing/*").split()
    assert len(branches) == 3
    for branch in branches:
        three.git("merge", "--no-edit", branch)


def test_a_folder_is_imported_like_an_archive(repo: GitRepo) -> None:
    folder = put(repo.root.parent / "p", told(FILES, FROM), FILES)
    archive = appraise("import", packed(repo), "--commit", root=repo.root)
    again = appraise("import", str(folder), "--commit", root=repo.root)
    assert (archive.exit_code, again.exit_code, again.stdout.count("\n")) == (0, 0, 1)


def test_main_is_what_it_is_called(repo: GitRepo) -> None:
    repo.git("branch", "--move", "main", "trunk")
    repo.git("checkout", "--quiet", "--detach")
    done = appraise("import", packed(repo), "--commit", root=repo.root)
    assert done.exit_code == 0, done.output
    names = repo.git("branch", "--list", "filing/*", "--format=%(refname:short)").split()
    assert repo.git("rev-parse", f"{names[0]}^") == repo.git("rev-parse", "trunk")


def test_main_is_the_first_branch_of_origin(repo: GitRepo) -> None:
    repo.git("branch", "trunk")
    (repo.root / PLAN).write_bytes(b"other\n")
    repo.commit("main moves")
    refused(appraise("import", packed(repo), "--commit", root=repo.root), 1, "后来改过")
    repo.git("update-ref", "refs/remotes/origin/trunk", "trunk")
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert appraise("import", packed(repo), "--commit", root=repo.root).exit_code == 0
    repo.git("branch", "--delete", "--force", "trunk")
    again = appraise("import", packed(repo), "--commit", root=repo.root)
    assert "filing/demo-a" in again.stdout


def test_main_counts_and_not_the_branch_that_is_checked_out(repo: GitRepo) -> None:
    repo.git("checkout", "--quiet", "-b", "aside")
    (repo.root / PLAN).write_bytes(b"aside\n")
    repo.commit("aside")
    assert appraise("import", packed(repo), "--commit", root=repo.root).exit_code == 0
    refused(appraise("import", packed(repo), root=repo.root), 1, f"{PLAN}：工作区里的这个文件")


def test_without_history_it_is_written_into_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(BASE, root)
    repo = GitRepo(tmp_path / "unused", base=False)
    repo.root = root
    path = packed(repo)
    before = everything(root)
    refused(appraise("import", path, "--commit", root=root), 2, "git")
    refused(appraise("import", packed(repo, BROKEN, {}, "b.zip"), root=root), 1, "S004")
    taken = packed(repo, {PLAN: b"x\n"}, {}, "t.zip")
    refused(appraise("import", taken, root=root), 1, "已有这个文件")
    assert everything(root) == before
    done = appraise("import", path, "--received", "2025-12-11", root=root)
    assert done.exit_code == 0, done.output
    assert on_disk(repo)
    assert (root / DAYS).is_file()
    assert "示例a党支部" in done.stdout
    assert appraise("import", path, root=root).stdout.count("\n") == 1
    assert set(everything(root)) - set(before) == {RECORD, SUMMARY, DAYS}


def test_without_a_commit_git_says_what_to_do(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "root", base=False)
    shutil.copytree(BASE, repo.root, dirs_exist_ok=True)
    refused(appraise("import", packed(repo), root=repo.root), 2, "请先 git add -A 再 git commit")


def test_a_branch_of_that_name_with_another_content_is_not_touched(repo: GitRepo) -> None:
    path = packed(repo)
    appraise("import", path, "--commit", root=repo.root)
    name = branch_of(repo)
    repo.git("update-ref", f"refs/heads/{name}", "main")
    done = appraise("import", path, "--commit", root=repo.root)
    refused(done, 1, "这个分支已经存在，内容却不同")
    assert repo.git("rev-parse", name) == repo.git("rev-parse", "main")


def test_whoever_git_does_not_know_commits_under_the_name_of_the_program(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        for part in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{role}_{part}", raising=False)
    monkeypatch.delenv("EMAIL", raising=False)
    assert appraise("import", packed(repo), "--commit", root=repo.root).exit_code == 0
    assert repo.git("log", "-1", "--format=%an %ae", branch_of(repo)) == (
        "appraise appraise@localhost"
    )
    (repo.root / PLAN).write_bytes(b"more\n")
    repo.commit()
    repo.git("config", "user.name", "示例")
    repo.git("config", "user.email", "office@example.org")
    other = packed(repo, {PLAN: b"again\n"}, {PLAN: blob_id(b"more\n")}, "q.zip")
    assert appraise("import", other, "--commit", root=repo.root).exit_code == 0
    assert "office@example.org" in repo.git("log", "--all", "--format=%ce")
