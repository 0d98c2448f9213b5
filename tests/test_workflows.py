"""The workflows keep to their policy, and what they could do wrong is found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.expressions import Expressions
from tests.workflow_policy import ACTIONS, EVENTS, JOBS, offences

ROOT = Path(__file__).resolve().parent.parent
GITHUB = ROOT / ".github"
TEXTS = {path.stem: path.read_text("utf-8") for path in (GITHUB / "workflows").iterdir()}


def zizmor(folder: Path) -> tuple[int, set[str]]:
    """Return zizmor's exit status and the audits that reported something."""
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "zizmor"),
            *("--persona=auditor", "--strict-collection", "--no-ignores", "--offline"),
            *("--no-progress", "--no-config", "--format=json", str(folder)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout) if done.stdout.strip() else []
    return done.returncode, {finding["ident"] for finding in found}


def test_zizmor_reports_nothing() -> None:
    assert zizmor(GITHUB) == (0, set())


def test_the_workflows_keep_to_the_policy() -> None:
    assert offences(TEXTS) == []


def test_the_long_suite_runs_all_that_the_other_leaves_out() -> None:
    """The workflow calls the target, and the target deselects nothing."""
    steps = yaml.safe_load(TEXTS["long"])["jobs"]["suite"]["steps"]
    *before, last = [step["run"] for step in steps if "run" in step]
    assert last == "make test-long"
    assert all("make" not in run for run in before)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (recipe,) = re.findall(r"(?m)^test-long:.*\n((?:\t.*\n)+)", makefile)
    assert "-m 'long or not long'" in recipe
    assert not re.search(r"--deselect|--ignore|-k ", recipe)


def test_nothing_else_lies_where_the_forge_looks() -> None:
    found = {path.relative_to(GITHUB).as_posix() for path in GITHUB.rglob("*") if path.is_file()}
    assert found == {
        "CODEOWNERS",
        "ISSUE_TEMPLATE/appeal.yml",
        "ISSUE_TEMPLATE/config.yml",
        "dependabot.yml",
        "pull_request_template.md",
        *(f"workflows/{name}.yml" for name in TEXTS),
    }
    assert not any((ROOT / place / "CODEOWNERS").exists() for place in ("", "docs"))


CHANGES = [
    (row, change)
    for row, changes in yaml.safe_load(
        (ROOT / "tests" / "cases" / "workflow-changes.yml").read_text("utf-8")
    ).items()
    for change in changes
]


@pytest.mark.parametrize(("row", "change"), CHANGES, ids=lambda value: str(value)[:80])
def test_what_is_changed_for_the_worse_is_found(
    row: str, change: dict[str, str], tmp_path: Path
) -> None:
    name, audit = change["workflow"], change.get("zizmor")
    assert change["old"] in TEXTS[name], row
    texts = {**TEXTS, name: TEXTS[name].replace(change["old"], change["new"], 1)}
    assert offences(texts) != []
    if audit is None:
        return
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / f"{name}.yml").write_text(texts[name], "utf-8")
    status, found = zizmor(tmp_path)
    assert status != 0
    assert audit in found or (audit == "unreadable" and not found)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_missing_or_a_further_workflow_is_found(name: str) -> None:
    assert offences({k: v for k, v in TEXTS.items() if k != name}) == [f"{name}: missing"]
    assert offences({**TEXTS, "more": TEXTS[name]}) == ["more: not expected"]


def test_every_action_of_the_table_is_used() -> None:
    used = {action for action in ACTIONS if any(f"{action}@" in text for text in TEXTS.values())}
    assert used == set(ACTIONS)


def test_no_cache_and_no_secret_is_named_anywhere() -> None:
    for text in TEXTS.values():
        lines = [line.partition(" #")[0] for line in text.splitlines() if line[:1] != "#"]
        # Our own option to compute anew is none; it stands whole between brackets.
        said = "\n".join(lines).replace("(--no-cache)", "")
        assert not re.search(r"(?i)\bcache|\bsecrets\b", said)


def test_every_grant_says_what_for() -> None:
    levels = [
        line
        for text in TEXTS.values()
        for line in text.splitlines()
        if re.match(r"\s+[a-z-]+: (read|write)\b", line)
    ]
    assert len(levels) == sum(len(permissions) for permissions, _, _ in JOBS.values())
    assert all(re.search(r"(read|write) # to \w+", line) for line in levels)


def test_a_job_writes_or_reads_what_strangers_wrote() -> None:
    """The job with a stranger's objects cannot write; the one that writes runs main's files."""
    for (name, key), (permissions, _, _) in JOBS.items():
        steps = yaml.safe_load(TEXTS[name])["jobs"][key]["steps"]
        reads = any("tools.pull_requests" in step.get("run", "") for step in steps)
        writes = "write" in permissions.values()
        assert not (reads and writes)
        if writes:
            assert not any(re.search(r"\./|reports/", step.get("run", "")) for step in steps)


def test_updates_wait() -> None:
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text("utf-8"))["updates"]
    assert {one["package-ecosystem"] for one in updates} == {"github-actions", "npm", "pip"}
    assert all(one["cooldown"]["default-days"] >= 7 for one in updates)
    assert (ROOT / "requirements").is_dir()


def owners(path: str) -> str:
    """Return who owns a path: the last line that fits, as the forge reads the file."""
    found = ""
    for line in (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern, *names = line.split()
        expression = re.escape(pattern.lstrip("/")).replace(r"\*", "[^/]*")
        if pattern == "*" or re.match(expression + ("" if pattern.endswith("/") else "$"), path):
            found = " ".join(names)
    return found


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("generator/cli/main.py", "engineers"),
        ("site_templates/theme/main.html", "engineers"),
        ("site_templates/pages/guide.md", "party-committee"),
        ("branches/demo-a/2025/self-assessment.yml", "party-office"),
        ("branches/demo-a/branch.yml", "party-committee"),
        ("branches/demo-a/2025/documents/x/branch.yml", "party-office"),
        ("committee/2025/reviews/demo-a.yml", "party-committee"),
        ("committee/roster.yml", "party-committee"),
        ("rubric.yml", "party-committee"),
        (".github/CODEOWNERS", "engineers @example-org/party-committee"),
        (".github/workflows/ci.yml", "engineers @example-org/party-committee"),
        ("requirements/site.txt", "engineers @example-org/party-committee"),
    ],
)
def test_who_must_approve_what(path: str, owner: str) -> None:
    assert owners(path) == f"@example-org/{owner}"


def test_the_appeal_form_is_one() -> None:
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "appeal.yml").read_text("utf-8"))
    assert set(form) == {"name", "description", "title", "labels", "body"}
    kinds = {"markdown", "input", "textarea", "dropdown", "checkboxes"}
    assert {field["type"] for field in form["body"]} <= kinds
    ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
    assert len(ids) == len(set(ids)) >= 6
    labels = [field["attributes"]["label"] for field in form["body"] if "id" in field]
    assert all(re.search("[\u4e00-\u9fff]", label) for label in labels)
    assert "身份证号" in form["body"][0]["attributes"]["value"]


def test_the_template_of_pull_requests_says_what_merging_means() -> None:
    text = (GITHUB / "pull_request_template.md").read_text("utf-8")
    assert "合并只表示材料已收到，不表示认可" in text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("toJSON(github.event.repository.fork) == 'false'", True),
        ("toJSON(github.event.nothing.fork) == 'false'", False),
        # Why the guard is written the way it is: with nothing there, this one holds.
        ("github.event.nothing.fork == false", True),
        ("!github.event.repository.fork && 'A' == 'a'", True),
        ("github.event.nothing || 'x''y'", "x'y"),
        ("(true != false) && !cancelled()", True),
        ("fromJSON('[1, true]')", [1, True]),
    ],
)
def test_expressions(expression: str, expected: Any) -> None:
    contexts = {"github": {"event": {"repository": {"fork": False}}}, "true": True, "false": False}
    assert Expressions(contexts, {"cancelled": False}).value(expression) == expected
