"""Every step of ci and score, run by bash in a clean clone with real pull-request refs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.fake_gh import BOT
from tests.runner_log import commands
from tests.workflow_project import (
    OTHER,
    OWN,
    ROOT,
    SHELL,
    WORKFLOWS,
    all_ran,
    empty_environment,
    reuse_packages,
    script,
)
from tests.workflow_runner import load_workflow
from tools.reports import LIMIT, OK, compose

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow_project import Project
    from tests.workflow_runner import Runner

AUTHOR = "example-a"
PAGES = ("hosting.md", "hosting.zh-CN.md")
SCORE = {"event_name": "schedule", "schedule": "7/15 * * * *"}


def raw(project: Project, name: bytes) -> str:
    """Commit a tree with an entry that ordinary programs do not write."""
    entry = ("100644", name, project.repo.blob(b"x"))
    return project.repo.graft(f"{OWN}/sub", "040000", project.repo.raw_tree([entry]))


# --- ci ------------------------------------------------------------------------------------------


def pull_event(project: Project, number: int, commit: str, author: str) -> dict[str, Any]:
    """Return the event of a pull request whose words are all hostile."""
    return {
        "pull_request": project.pull(
            number, commit, author, title=SHELL, head={"sha": commit, "ref": SHELL}, body=SHELL
        )
    }


def ci_runner(project: Project, commit: str, *, installed: bool = True) -> Runner:
    """Return a runner on a pull request; what lint finds here `make lint` itself says, not twice.

    ``installed`` is off where `make install` is to do its work in the job `data`, and a few tests
    are to run in the job `suite`.
    """
    runner = project.runner("refs/pull/1/merge", **pull_event(project, 1, commit, AUTHOR))
    runner.environment["ARGS"] = "--version" if installed else "-q -n0 tests/test_names.py"

    def prepare(workspace: Path) -> None:
        if workspace.parent.name == "data" and not installed:
            empty_environment(workspace)
            return
        project.prepare(workspace)
        for tool in ("ruff", "mypy"):
            script(workspace / ".venv" / "bin" / tool, "import sys\nprint('ran', *sys.argv)\n")

    runner.prepare = prepare
    return runner


def test_ci_has_nothing_to_say_to_a_good_change(project: Project) -> None:
    jobs = project.run("ci", ci_runner(project, project.good()))
    all_ran("ci", jobs)
    assert {command.name for command in commands(jobs["data"].log)} <= {"warning", "notice"}
    assert jobs["data"].summary.startswith("**没有新的错误") or "不影响" in jobs["data"].summary
    linted = re.findall(r"(?m)^ran .*/(.*)$", jobs["suite"].step("Lint").log)
    assert linted == ["ruff check .", "ruff format --check .", "mypy"]
    assert "pytest" in jobs["suite"].step("Test").log


def test_ci_installs_and_says_beside_the_lines_what_is_wrong(project: Project) -> None:
    record = next((project.repo.root / "branches/demo-a/2025/activities").iterdir()).name
    path = f"branches/demo-a/2025/activities/{record}/activity.yml"
    text = (project.repo.root / path).read_text("utf-8") + "socre: ::error::x\n"
    files: dict[str, str | None] = {path: text, OTHER: None}
    # What tools would run or obey, were it read from there.
    program = "import pathlib\npathlib.Path('../owned').touch()\n"
    for name in ("conftest.py", "sitecustomize.py", "setup.py", "test_x.py"):
        files[f"{OWN}/tools/{name}"] = program
    files[f"{OWN}/tools/.python-version"] = "0.0\n"
    files[f"{OWN}/tools/pip.conf"] = "[global]\nindex-url = https://example.org/x\n"
    files[f"{OWN}/tools/requirements.txt"] = "x @ https://example.org/x\n"
    files[f"{OWN}/tools/Makefile"] = "install:\n\ttouch ../owned\n"
    commit = project.repo.change(files)
    jobs = project.run("ci", ci_runner(project, commit, installed=False))
    assert " passed" in jobs["suite"].step("Test").log
    data = jobs["data"]
    assert [step.result for step in data.steps] == ["success", "success", *["failure"] * 3]
    told = commands(data.log)
    assert {command.name for command in told} <= {"error", "warning", "notice"}
    places = {(c.properties["title"].split()[0], c.properties["file"]) for c in told}
    assert {("S002", path), ("G001", OTHER), ("G005", f"{OWN}/tools/pip.conf")} <= places
    assert "不能合并：权限有" in data.summary
    assert "socre" not in data.summary
    assert project.obeyed() == []


# --- score ---------------------------------------------------------------------------------------


def test_score_posts_one_comment_on_every_open_pull_request(project: Project) -> None:
    one = project.good()
    project.pull(1, one, AUTHOR, title=SHELL, head={"sha": one, "ref": SHELL})
    two = project.repo.change({OTHER: "submitted: 2025-12-01\nclaims: {}\n"})
    project.pull(2, two, AUTHOR)
    project.pull(3, raw(project, b".."), AUTHOR)
    project.pull(4, project.good("closed\n"), AUTHOR, state="closed")
    project.pull(5, project.good("elsewhere\n"), AUTHOR, base={"sha": "", "ref": "topic"})
    project.pull(6, one, SHELL)

    jobs = project.run("score", project.runner(**SCORE))
    all_ran("score", jobs)
    state = project.load()
    found = {number: len(comments) for number, comments in state["comments"].items()}
    assert found == {"1": 1, "2": 1, "3": 1, "6": 1}
    bodies = {number: project.comments(number)[0]["body"] for number in (1, 2, 3, 6)}
    assert f"verdict=ok head={one} base={project.first}" in bodies[1]
    assert f"`{one[:12]}`" in bodies[1]
    assert f"verdict=errors head={two}" in bodies[2]
    assert "`error G001`" in bodies[2]
    assert "git 拒收" in bodies[3]
    assert "verdict=errors" in bodies[6]
    assert "touch" not in "".join(bodies.values())
    assert all(len(body.encode("utf-16-le")) // 2 <= LIMIT for body in bodies.values())
    assert [command for job in jobs.values() for command in commands(job.log)] == []
    assert project.obeyed() == []


def test_score_tells_when_the_forge_had_what_is_merged_late(project: Project) -> None:
    """The first run on that content counts, not one on another, nor what the files say."""
    model = project.repo.git("show", "main:branches/demo-b/branch.yml")
    profile = model.replace("示例b", "示例c").replace("example-b", "example-c")
    own = "branches/demo-c/2025/self-assessment.yml"
    project.push_main(project.repo.change({"branches/demo-c/branch.yml": profile}))
    draft = project.repo.change({own: "submitted: 2025-12-01\nclaims: {}\n"})
    sent = project.repo.change({own: "submitted: 2025-12-02\nclaims: {}\n"}, start=draft)
    project.pull(1, sent, "example-c")
    project.pull(2, project.good(), AUTHOR)
    run = {"event": "pull_request", "actor": {"login": "example-c"}}
    project.load()["runs"] = [
        {**run, "head_sha": draft, "created_at": "2025-12-10T01:00:00Z"},
        {**run, "head_sha": sent, "created_at": "2025-12-19T15:58:00Z"},
        {**run, "head_sha": sent, "created_at": "2025-12-21T01:00:00Z"},
        {**run, "head_sha": sent, "created_at": "soon"},
        {**run, "head_sha": "$(touch owned)", "created_at": "2025-12-01T01:00:00Z"},
        {**run, "head_sha": sent, "created_at": "2025-12-02T01:00:00Z", "event": "push"},
    ]
    project.save()
    jobs = project.run("score", project.runner(**SCORE))
    all_ran("score", jobs)
    (comment,) = project.comments(1)
    assert "`committee/2025/received/demo-c.yml`" in comment["body"]
    line = "- {path: self-assessment.yml, on: 2025-12-19, reason: 平台 2025-12-19 23时58分 收到"
    assert line in comment["body"]
    assert comment["body"].count("- {path:") == 1
    (other,) = project.comments(2)
    assert "received" not in other["body"]
    assert project.obeyed() == []


def test_score_edits_while_the_verdict_stays_and_posts_anew_when_it_flips(project: Project) -> None:
    old = compose("f" * 40, project.first, AUTHOR, OK, "旧").body
    for number in (1, 2):
        project.state["comments"][str(number)] = [{"id": number, "user": BOT, "body": old}]
    project.save()
    stays, flips = project.good(), project.repo.change({OTHER: None})
    project.pull(1, stays, AUTHOR)
    project.pull(2, flips, AUTHOR)
    project.run("score")
    (edited,) = project.comments(1)
    assert f"verdict=ok head={stays}" in edited["body"]
    kept, posted = project.comments(2)
    assert kept["body"] == old
    assert f"verdict=errors head={flips}" in posted["body"]


def test_score_goes_on_without_what_it_cannot_compute_and_without_what_moved(
    project: Project,
) -> None:
    """Pushed again between the jobs, so nothing is said of the older commit.

    All programs are started as on the forge, none is forked.
    """
    tree = project.repo.git("rev-parse", "main^{tree}")
    project.pull(1, project.repo.git("commit-tree", tree, "-m", "no common commit"), AUTHOR)
    project.pull(2, project.good("另一份\n"), AUTHOR)
    project.pull(3, project.good(), AUTHOR)
    runner = project.runner(**SCORE)
    runner.prepare = reuse_packages
    newer = project.good("推送了新的\n")

    def push_again(job: str) -> None:
        if job == "post":
            project.pull(2, newer, AUTHOR)

    runner.between = push_again
    jobs = project.run("score", runner)
    assert {name: job.result for name, job in jobs.items()} == {
        "compute": "success",
        "post": "success",
    }
    assert "#2: its newest commit is not computed yet" in jobs["post"].log
    assert [len(project.comments(number)) for number in (1, 2, 3)] == [1, 0, 1]
    assert "没有共同的历史" in project.comments(1)[0]["body"]


def test_score_has_nothing_to_do_without_pull_requests(project: Project) -> None:
    jobs = project.run("score")
    assert {name: job.result for name, job in jobs.items()} == dict.fromkeys(jobs, "success")
    assert project.load()["comments"] == {}


@pytest.mark.parametrize("name", ["score", "publish"])
@pytest.mark.parametrize(
    ("ref", "repository"),
    [
        ("refs/heads/main", {"fork": True}),
        ("refs/heads/main", {}),
        ("refs/heads/main", None),
        ("refs/heads/topic", {"fork": False}),
    ],
)
def test_nothing_runs_in_a_fork_or_from_another_branch(
    project: Project, name: str, ref: str, repository: dict[str, bool] | None
) -> None:
    jobs = project.run(name, project.runner(ref, repository=repository))
    assert {job.result for job in jobs.values()} == {"skipped"}


# --- elsewhere -----------------------------------------------------------------------------------


def blocks(name: str) -> list[list[str]]:
    """Return the blocks of commands of a page, without their comments."""
    text = re.sub(r"(?s)```.*?```", "", (ROOT / "docs" / name).read_text("utf-8"))
    found = re.findall(r"(?m)(?:^    .*\n)+", text)
    return [[line.partition(" #")[0].strip() for line in block.splitlines()] for block in found]


def test_the_commands_on_the_page_about_hosting_work_on_a_laptop(
    project: Project, tmp_path: Path
) -> None:
    (lines,), again = map(blocks, PAGES)
    assert len(lines) == 7
    assert again == [lines]
    lines.remove("make engine")  # what npm fetches is packed by .ci/run, and tried in test_engine
    project.pull(12, project.good(), AUTHOR)
    clone = tmp_path / "clone"
    project.repo.git("clone", "--quiet", project.remote.as_uri(), str(clone))
    project.prepare(clone)
    runner = project.runner()
    result, log = runner.bash(0, "\n".join(lines), {}, clone)
    assert result == "success", log
    assert (clone / "public" / "index.html").is_file()


def test_the_pages_about_hosting_name_what_is_there() -> None:
    pages = [(ROOT / "docs" / name).read_text("utf-8") for name in PAGES]
    pipelines = [re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) for page in pages]
    assert pipelines[0] == pipelines[1] != []
    for page in pages:
        for path in WORKFLOWS.iterdir():
            assert path.name in page
        for job in load_workflow(WORKFLOWS / "ci.yml")["jobs"].values():
            assert f"`{job['name']}`" in page
        for job in yaml.safe_load(pipelines[0][0]).values():
            assert all(re.match(r"make install$|\.venv/bin/", line) for line in job["script"])
