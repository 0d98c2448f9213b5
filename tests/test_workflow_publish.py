"""Publishing is all or nothing: every step run, and every reason to refuse."""

from __future__ import annotations

import hashlib
import io
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.runner_log import commands
from tests.workflow_project import OTHER, Project, reuse_packages, script

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project on a remote, made once."""
    return Project(tmp_path_factory.mktemp("forge"))


@pytest.fixture
def project(shared: Project) -> Project:
    """Return the project on a remote, as if nothing was ever published."""
    shared.clear()
    return shared


def deployment(number: int, sha: str, *statuses: str) -> dict[str, Any]:
    return {"id": number, "sha": sha, "environment": "github-pages", "statuses": list(statuses)}


def test_publish_deploys_what_was_built_twice_and_attested(project: Project) -> None:
    project.load()["deployments"] = [
        deployment(2, "f" * 40, "failure", "in_progress"),
        deployment(1, project.first, "inactive", "success", "in_progress"),
    ]
    project.save()
    project.push_main(project.repo.commit("later"))
    runner = project.runner()
    jobs = project.run("publish", runner)
    assert {name: job.result for name, job in jobs.items()} == dict.fromkeys(jobs, "success"), jobs[
        "build"
    ].log
    assert f"last published: {project.first}" in jobs["build"].log
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
        reuse_packages(workspace)
        words = (
            "import os, pathlib, sys\n"
            "site = pathlib.Path(sys.argv[sys.argv.index('--site-dir') + 1])\n"
            "site.mkdir()\n"
            "(site / 'index.html').write_text(os.environ['TZ'])\n"
        )
        script(workspace / ".venv" / "bin" / "appraise", words)

    log = refuse(project, "Compare both, byte for byte", prepare)
    assert "America/St_Johns" in log
