"""Publishing is all or nothing: every step run, and every reason to refuse."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.gitrepo import GitRepo
from tests.runner_log import commands
from tests.workflow_project import OTHER, ROOT, script
from tools import shares

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workflow_project import Project


#: What becomes of the jobs where one machine serves.
PUBLISHED = {
    "plan": "success",
    "share": "skipped",
    "build": "success",
    "attest": "success",
    "deploy": "success",
}
JOIN = "Join the shares, so that the builds find them computed"
SHARES = Path(shares.__file__).relative_to(ROOT).as_posix()


def deployment(number: int, sha: str, *statuses: str) -> dict[str, Any]:
    return {"id": number, "sha": sha, "environment": "github-pages", "statuses": list(statuses)}


#: Stands in for ``appraise``: writes down how it was called, and a site of two pages. What is
#: shared out is built in earnest.
SMALL = """
import json, os, pathlib, sys
site = pathlib.Path(sys.argv[sys.argv.index("--site-dir") + 1])
site.mkdir()
for name in ("index.html", "404.html"):
    (site / name).write_text(name)
    (site / name).chmod(0o600)
temp = pathlib.Path(os.environ["RUNNER_TEMP"])
(temp / f"{len(list(temp.glob('*.json'))) + 1}.json").write_text(json.dumps(sys.argv[1:]))
"""


def test_publish_deploys_what_was_built_twice_and_attested(project: Project) -> None:
    project.load()["deployments"] = [
        deployment(2, "f" * 40, "failure", "in_progress"),
        deployment(1, project.first, "inactive", "success", "in_progress"),
    ]
    project.save()
    project.push_main(project.repo.commit("later"))
    runner = project.runner()

    def with_small_builds(workspace: Path) -> None:
        project.prepare(workspace)
        if (workspace / "Makefile").exists():
            script(workspace / ".venv" / "bin" / "appraise", SMALL)

    runner.prepare = with_small_builds
    jobs = project.run("publish", runner)
    assert {name: job.result for name, job in jobs.items()} == PUBLISHED, jobs["build"].log
    assert [s.name for s in jobs["build"].steps if s.result == "skipped"] == [
        "Fetch the shares",
        JOIN,
    ]
    assert f"last published: {project.first}" in jobs["build"].log
    workspace = jobs["build"].workspace
    assert workspace is not None
    temp = workspace.parent / "temp"
    assert [json.loads((temp / name).read_text("utf-8")) for name in ("1.json", "2.json")] == [
        ["build", "--quiet", "--site-dir", str(temp / "first"), f"--after={project.first}"],
        ["build", "--quiet", "--no-cache", "--site-dir", str(temp / "second")],
    ]
    (site,) = runner.deployed
    assert runner.attested == [site]
    assert f"sha256:{hashlib.sha256(site).hexdigest()}" in jobs["build"].summary
    with tarfile.open(fileobj=io.BytesIO(site)) as archive:
        members = archive.getmembers()
    assert {"./index.html", "./404.html"} <= {member.name for member in members}
    assert all(member.isfile() or member.isdir() for member in members)
    assert all(member.mode & 0o444 == 0o444 for member in members)
    assert {(member.uid, member.gid, member.mtime) for member in members} == {(0, 0, 0)}
    assert {command.name for command in commands(jobs["build"].log)} <= {"warning", "notice"}


def refuse(project: Project, step: str, prepare: Callable[[Path], None] | None = None) -> str:
    """Publish, expect that it ends at a step and that nothing is shown; return the log."""
    runner = project.runner()
    if prepare is not None:
        runner.prepare = prepare
    jobs = project.run("publish", runner)
    assert {name: job.result for name, job in jobs.items()} == {
        "plan": "success",
        "share": "skipped",
        "build": "failure",
        "attest": "skipped",
        "deploy": "skipped",
    }
    assert jobs["build"].step(step).result == "failure"
    assert (runner.attested, runner.deployed, runner.artifacts) == ([], [], {})
    return jobs["build"].log


def test_publish_refuses_any_error_in_any_year(project: Project) -> None:
    project.push_main(project.repo.change({OTHER: "submitted: 2025-12-01\nclaims: [}\n"}))
    log = refuse(project, "Validate every year")
    assert [c.properties["file"] for c in commands(log) if c.name == "error"] == [OTHER]


def test_publish_refuses_what_is_wrong_only_together(project: Project) -> None:
    """Two pull requests, each valid alone, file the same attachment."""
    text = "示例：同一份材料\n" * 40
    for branch in ("demo-a", "demo-b"):
        folder = f"branches/{branch}/2025/documents/same-{branch}"
        record = f"kind: plan\ntitle: {branch}\ndate: 2025-02-01\nfiles: [a.md]\n"
        commit = project.repo.change({f"{folder}/document.yml": record, f"{folder}/a.md": text})
        assert project.repo.git("merge-tree", "--write-tree", project.first, commit)
        project.push_main(project.repo.merge(commit))
    log = refuse(project, "Validate every year")
    assert {c.properties["title"].split()[0] for c in commands(log) if c.name == "error"} == {
        "E005"
    }


def test_publish_refuses_a_history_without_what_was_published(project: Project) -> None:
    published = project.good("已公布\n")
    project.load()["deployments"] = [deployment(1, published, "success")]
    project.save()
    log = refuse(project, "Build, unless history has lost what was published")
    assert published[:12] in log


def test_publish_refuses_where_the_forge_does_not_say_what_was_published(project: Project) -> None:
    project.load()["deployments"] = [deployment(1, "main; touch ../owned", "success")]
    project.save()
    refuse(project, "Find the commit that was published last")
    assert project.obeyed() == []


def test_publish_refuses_two_builds_that_differ(project: Project) -> None:
    def prepare(workspace: Path) -> None:
        project.prepare(workspace)
        words = (
            "import os, pathlib, sys\n"
            "site = pathlib.Path(sys.argv[sys.argv.index('--site-dir') + 1])\n"
            "site.mkdir()\n"
            "(site / 'index.html').write_text(os.environ['TZ'])\n"
        )
        script(workspace / ".venv" / "bin" / "appraise", words)

    log = refuse(project, "Compare both, byte for byte", prepare)
    assert "America/St_Johns" in log


# --- shares -----------------------------------------------------------------------------------


def share_out(project: Project, per_machine: int) -> None:
    """Push main with another size of a machine."""
    text = (ROOT / SHARES).read_text("utf-8")
    size = f"PER_MACHINE = {shares.PER_MACHINE}\n"
    assert text.count(size) == 1
    changed = text.replace(size, f"PER_MACHINE = {per_machine}\n")
    project.push_main(project.repo.change({SHARES: changed}))


def test_publish_shares_out_what_is_too_many_for_one_machine(
    project: Project, tmp_path: Path
) -> None:
    """A machine for each branch: the site is that of one run without any of it."""
    share_out(project, 1)
    runner = project.runner()
    jobs = project.run("publish", runner)
    assert {name: job.result for name, job in jobs.items()} == {**PUBLISHED, "share": "success"}
    assert "shares: " + '["1/2","2/2"]' in jobs["plan"].log
    assert sorted(runner.artifacts) == ["github-pages", "part-0", "part-1"]
    assert all(step.result == "success" for job in jobs.values() for step in job.steps)
    workspace = jobs["build"].workspace
    assert workspace is not None
    subprocess.run(
        [
            str(workspace / ".venv/bin/appraise"),
            *("build", "--quiet", "--no-cache", "--site-dir", str(tmp_path / "site")),
        ],
        cwd=workspace,
        env=runner.environment,
        check=True,
    )
    (site,) = runner.deployed
    with tarfile.open(fileobj=io.BytesIO(site)) as archive:
        archive.extractall(tmp_path / "deployed", filter="data")
    assert contents(tmp_path / "deployed") == contents(tmp_path / "site")


def contents(folder: Path) -> dict[str, bytes]:
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    assert "index.html" in files
    return {name: path.read_bytes() for name, path in files.items()}


@pytest.mark.parametrize(
    ("program", "share", "build"),
    [
        # A share that says nothing of its branches, and claims to be done.
        pytest.param("", "success", "failure", id="empty"),
        pytest.param(
            "raise SystemExit(3)\n", "failure", "skipped", id="fails", marks=pytest.mark.long
        ),
    ],
)
def test_publish_refuses_where_a_share_is_missing(
    project: Project, program: str, share: str, build: str
) -> None:
    def prepare(workspace: Path) -> None:
        project.prepare(workspace)
        if workspace.parent.name == "share-1":
            script(workspace / ".venv" / "bin" / "appraise", program)

    share_out(project, 1)
    runner = project.runner()
    runner.prepare = prepare
    jobs = project.run("publish", runner)
    assert {name: job.result for name, job in jobs.items()} == {
        "plan": "success",
        "share": share,
        "build": build,
        "attest": "skipped",
        "deploy": "skipped",
    }
    assert (runner.attested, runner.deployed) == ([], [])
    if build == "failure":
        assert jobs["build"].steps[-1].result == "skipped"
        assert jobs["build"].step(JOIN).result == "failure"


def test_publish_does_nothing_in_a_fork(project: Project) -> None:
    runner = project.runner()
    runner.github["event"]["repository"]["fork"] = True
    jobs = project.run("publish", runner)
    assert {job.result for job in jobs.values()} == {"skipped"}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, []),
        (shares.PER_MACHINE, []),
        (shares.PER_MACHINE + 1, ["1/2", "2/2"]),
        (2 * shares.PER_MACHINE, ["1/2", "2/2"]),
        (2 * shares.PER_MACHINE + 1, ["1/3", "2/3", "3/3"]),
    ],
)
def test_shares_by_the_number_of_branches(count: int, expected: list[str]) -> None:
    assert shares.shares(count) == expected


def test_a_matrix_is_never_larger_than_the_forge_takes() -> None:
    assert len(shares.shares(shares.MOST * shares.PER_MACHINE + 1)) == shares.MOST


def test_shares_count_what_the_commit_holds(tmp_path: Path) -> None:
    """Folders of HEAD alone; none are shared out once the newest year is final."""
    repo = GitRepo(tmp_path / "root", base=False)
    empty = repo.raw_tree([("100644", b"branch.yml", repo.blob(b""))])
    folders = [("040000", f"b{n:05}".encode(), empty) for n in range(shares.PER_MACHINE + 1)]
    branches = repo.raw_tree([("100644", b"README.md", repo.blob(b"")), *folders])

    def of(committee: dict[str, str]) -> str:
        repo.git("checkout", "--quiet", "--orphan", "next")
        repo.git("rm", "-rq", "--cached", "--ignore-unmatch", ".")
        repo.git("read-tree", "--prefix=branches/", branches)
        for path, text in committee.items():
            repo.git(
                "update-index", "--add", "--cacheinfo", f"100644,{repo.blob(text.encode())},{path}"
            )
        tree = repo.git("write-tree")
        repo.git("update-ref", "--no-deref", "HEAD", repo.git("commit-tree", tree, "-m", "data"))
        return subprocess.run(
            [sys.executable, "-m", "tools.shares"],
            cwd=repo.root,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout

    final = {"committee/2024/results.json": "{}"}
    assert of({**final, "committee/2025/appraisal.yml": ""}) == '["1/2","2/2"]'
    assert of(final) == "[]"
    assert of({}) == "[]"


def test_the_pages_on_hosting_name_the_size() -> None:
    for page, size in (
        ("hosting.md", f"{shares.PER_MACHINE:,}"),
        ("hosting.zh-CN.md", str(shares.PER_MACHINE)),
    ):
        text = (ROOT / "docs" / page).read_text("utf-8")
        assert f"{size} " in text
        assert f"`{SHARES}`" in text
