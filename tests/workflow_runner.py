"""A small runner of workflows: jobs by need, steps by bash, a few actions.

It does what GitHub's runner does with the part of the language that the workflows here use, and
raises on all else, so that a workflow cannot use more unnoticed. Actions are stood in for by what
they do to files. Success, where a job's condition asks for none, is that of every job before it,
near and far, as on GitHub: a job behind one that was skipped is skipped.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.expressions import EXPRESSION, Expressions
from tests.plain_yaml import said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")


def load_workflow(path: Path) -> dict[str, Any]:
    """Read a workflow; every scalar stays text, so that `on` is not a boolean."""
    document = said(path.read_text("utf-8"))
    assert isinstance(document, dict)
    return document


@dataclass
class Step:
    """What became of one step."""

    name: str
    result: str
    log: str = ""


@dataclass
class Job:
    """What became of one job; of a matrix: of all its runs, one after the other."""

    result: str
    steps: list[Step] = field(default_factory=list)
    summary: str = ""
    workspace: Path | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    success: bool = False

    @property
    def log(self) -> str:
        return "".join(step.log for step in self.steps)

    def step(self, name: str) -> Step:
        """Return a step by its name."""
        return next(step for step in self.steps if step.name == name)


class StepError(Exception):
    """A stand-in action failed."""


@dataclass
class Runner:
    """Runs a workflow on one event, with a bare repository as the remote.

    ``prepare`` is called with the workspace after each checkout, for what a machine with these
    workflows has and a clean clone lacks; ``between`` before each job, with its name. Where all
    history is asked for, what lies in the repository ``known`` is not sent again: it is part of it.
    """

    remote: Path
    folder: Path
    github: dict[str, Any]
    environment: dict[str, str]
    prepare: Callable[[Path], None]
    variables: dict[str, str] = field(default_factory=dict)
    between: Callable[[str], None] = lambda _name: None
    artifacts: dict[str, Path] = field(default_factory=dict)
    attested: list[bytes] = field(default_factory=list)
    deployed: list[bytes] = field(default_factory=list)
    known: Path | None = None

    def run(self, path: Path) -> dict[str, Job]:
        """Run all jobs in the order of their needs."""
        workflow = load_workflow(path)
        assert workflow["defaults"] == {"run": {"shell": "bash"}}
        done: dict[str, Job] = {}
        waiting = dict(workflow["jobs"])
        while waiting:
            name = next(n for n, job in waiting.items() if needs(job) <= set(done))
            self.between(name)
            done[name] = self.run_job(name, waiting.pop(name), done)
        return done

    def run_job(self, name: str, job: Mapping[str, Any], done: Mapping[str, Job]) -> Job:
        """Run one job, once for each value of its matrix, or skip it."""
        before = {n: {"result": done[n].result, "outputs": done[n].outputs} for n in needs(job)}
        success = all(done[need].success for need in before)
        contexts: dict[str, Any] = {
            "github": {**self.github, "token": json.dumps(job["permissions"])},
            "vars": self.variables,
            "needs": before,
            "steps": {},
        }
        status = {"success": success, "failure": not success, "cancelled": False, "always": True}
        if not Expressions(contexts, status).condition(job.get("if")):
            return Job("skipped")
        if "strategy" not in job:
            ran = self.run_once(self.folder / name, job, contexts)
        else:
            ran = Job("success")
            for more in Expressions(contexts, status).matrix(job["strategy"]):
                place = self.folder / f"{name}-{more['strategy']['job-index']}"
                one = self.run_once(place, job, {**contexts, **more, "steps": {}})
                ran.steps += one.steps
                if one.result != "success":
                    ran.result = one.result
                    break
        ran.success = success and ran.result == "success"
        return ran

    def run_once(self, place: Path, job: Mapping[str, Any], contexts: dict[str, Any]) -> Job:
        """Run the steps of a job in a folder of its own."""
        workspace = place / "workspace"
        workspace.mkdir(parents=True)
        (place / "temp").mkdir()
        running = Job("success", workspace=workspace)
        for number, step in enumerate(job["steps"]):
            self.run_step(number, step, job, running, contexts)
        summary = place / "summary"
        running.summary = summary.read_text("utf-8") if summary.exists() else ""
        expressions = Expressions(contexts, {})
        running.outputs = {k: expressions.interpolate(v) for k, v in job.get("outputs", {}).items()}
        return running

    def run_step(
        self,
        number: int,
        step: Mapping[str, Any],
        job: Mapping[str, Any],
        running: Job,
        contexts: dict[str, Any],
    ) -> None:
        """Run one step, or skip it, and note what became of it."""
        good = running.result == "success"
        status = {"success": good, "failure": not good, "cancelled": False, "always": True}
        expressions = Expressions(contexts, status)
        label = step.get("name", step.get("uses", ""))
        if not expressions.condition(step.get("if")):
            running.steps.append(Step(label, "skipped"))
            return
        assert running.workspace is not None
        place = running.workspace.parent
        if "uses" in step:
            known = {"id", "if", "name", "uses", "with"}
            assert set(step) <= known, f"not understood: {set(step) - known}"
            result, log = self.use(step, running.workspace, expressions), ""
        else:
            known = {"env", "id", "if", "name", "run"}
            assert set(step) <= known, f"not understood: {set(step) - known}"
            assert not EXPRESSION.search(step["run"])
            given = {**job.get("env", {}), **step.get("env", {})}
            env = {key: expressions.interpolate(value) for key, value in given.items()}
            result, log = self.bash(number, step["run"], env, running.workspace)
            outputs = place / f"output-{number}"
            contexts["steps"][step.get("id", "")] = {"outputs": key_values(outputs)}
        running.steps.append(Step(label, result, log))
        if result != "success":
            running.result = "failure"

    def bash(
        self, number: int, script: str, env: Mapping[str, str], workspace: Path
    ) -> tuple[str, str]:
        """Run a script as the runner does; return the result and the log."""
        place = workspace.parent
        file = place / f"step-{number}.sh"
        file.write_text(script, "utf-8")
        done = subprocess.run(
            [*BASH, str(file)],
            cwd=workspace,
            env={
                **self.environment,
                "CI": "true",
                "HOME": str(place),
                "GITHUB_ACTIONS": "true",
                "GITHUB_OUTPUT": str(place / f"output-{number}"),
                "GITHUB_REPOSITORY": self.github["repository"],
                "GITHUB_SHA": self.github["sha"],
                "GITHUB_STEP_SUMMARY": str(place / "summary"),
                "RUNNER_TEMP": str(place / "temp"),
                **env,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        log = done.stdout.decode("utf-8", "surrogateescape")
        return ("failure" if done.returncode else "success"), log

    def use(self, step: Mapping[str, Any], workspace: Path, expressions: Expressions) -> str:
        """Stand in for an action."""
        name = step["uses"].partition("@")[0]
        given = {k: expressions.interpolate(v) for k, v in step.get("with", {}).items()}
        actions: dict[str, Callable[..., None]] = {
            "actions/checkout": self.checkout,
            "actions/upload-artifact": self.upload,
            "actions/download-artifact": self.download,
            "actions/attest": self.attest,
            "actions/deploy-pages": self.deploy,
        }
        try:
            actions[name](
                workspace, **{key.replace("-", "_"): value for key, value in given.items()}
            )
        except StepError:
            return "failure"
        return "success"

    def checkout(
        self, workspace: Path, persist_credentials: str = "true", fetch_depth: str = "1"
    ) -> None:
        """Fetch what the event is about, and the branches where all history is asked for."""
        assert persist_credentials == "false"
        ref, local = self.github["ref"], "refs/remotes/event"
        refs = [f"+{ref}:{local}"]
        subprocess.run(["git", "init", "--quiet"], cwd=workspace, env=self.environment, check=True)
        if fetch_depth == "0":
            refs.append("+refs/heads/*:refs/remotes/origin/*")
            if self.known is not None:
                others = workspace / ".git" / "objects" / "info" / "alternates"
                others.write_text(f"{self.known}/objects\n", "utf-8")
        depth = [] if fetch_depth == "0" else [f"--depth={fetch_depth}"]
        for command in (
            ["remote", "add", "origin", self.remote.as_uri()],
            ["fetch", "--quiet", "--no-tags", *depth, "origin", *refs],
            ["checkout", "--quiet", "--force", "--detach", local],
        ):
            subprocess.run(["git", *command], cwd=workspace, env=self.environment, check=True)
        self.prepare(workspace)

    def upload(
        self, workspace: Path, name: str, path: str, if_no_files_found: str, retention_days: str
    ) -> None:
        """Keep a file or a folder; a hidden file is left out, as the action does."""
        assert if_no_files_found == "error"
        assert int(retention_days) <= 7
        source, target = workspace / path, self.folder / f"artifact-{name}"
        if not source.exists():
            raise StepError(path)
        target.mkdir()
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
        else:
            shutil.copy(source, target)
        if not any(target.iterdir()):
            raise StepError(path)
        self.artifacts[name] = target

    def download(
        self,
        workspace: Path,
        name: str = "",
        path: str = ".",
        pattern: str = "",
        merge_multiple: str = "false",
    ) -> None:
        """Put a kept artifact of this run into the workspace, or all that fit a pattern."""
        assert (merge_multiple == "true") is bool(pattern) is not bool(name)
        if name and name not in self.artifacts:
            raise StepError(name)
        for kept in [name] if name else fnmatch.filter(self.artifacts, pattern):
            shutil.copytree(self.artifacts[kept], workspace / path, dirs_exist_ok=True)

    def attest(self, workspace: Path, subject_path: str) -> None:
        """Note what a statement would be made on."""
        self.attested.append((workspace / subject_path).read_bytes())

    def deploy(self, _workspace: Path) -> None:
        """Note what would be shown."""
        self.deployed.append((self.artifacts["github-pages"] / "artifact.tar").read_bytes())


def needs(job: Mapping[str, Any]) -> set[str]:
    """Return the jobs that must be over before."""
    found = job.get("needs", [])
    return {found} if isinstance(found, str) else set(found)


def key_values(path: Path) -> dict[str, str]:
    """Return the outputs that a step wrote."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines)
