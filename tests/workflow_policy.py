"""What the workflows may do, held exactly: whoever changes a workflow changes this table too.

zizmor knows the general mistakes; here stands what only this project can know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from tests.expressions import EXPRESSION
from tests.plain_yaml import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Commits compared with the release tags of the actions' own repositories.
ACTIONS = {
    "actions/attest": ("59d89421af93a897026c735860bf21b6eb4f7b26", "v4.1.0"),
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "actions/deploy-pages": ("cd2ce8fcbc39b97be8ca5fce6e763baed58fa128", "v5.0.0"),
    "actions/download-artifact": ("3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
    "actions/upload-artifact": ("bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"),
}
EVENTS: dict[str, dict[str, Any]] = {
    "ci": {"pull_request": ""},
    "long": {"schedule": [{"cron": "23 18 * * 6"}], "workflow_dispatch": ""},
    "score": {"schedule": [{"cron": "7/15 * * * *"}], "workflow_dispatch": ""},
    "publish": {"push": {"branches": ["main"]}, "workflow_dispatch": ""},
}
CONCURRENCY = {
    "ci": {"group": "ci-${{ github.ref }}", "cancel-in-progress": "true"},
    "long": {"group": "long", "cancel-in-progress": "false"},
    "score": {"group": "score", "cancel-in-progress": "false"},
    "publish": {"group": "publish", "cancel-in-progress": "true"},
}
ON_MAIN = (
    "${{ toJSON(github.event.repository.fork) == 'false' && github.ref == 'refs/heads/main' }}"
)
READ = {"contents": "read"}
SHARED_OUT = "${{ needs.plan.outputs.shares != '[]' }}"
#: Job → permissions, needs, condition. A job after one that may be skipped says all of it: the
#: condition that a job has by itself asks that every job before it succeeded, near and far.
JOBS: dict[tuple[str, str], tuple[dict[str, str], list[str], str | None]] = {
    ("ci", "data"): (READ, [], None),
    ("ci", "suite"): (READ, [], None),
    ("long", "suite"): (READ, [], ON_MAIN),
    ("score", "compute"): ({**READ, "actions": "read", "pull-requests": "read"}, [], ON_MAIN),
    ("score", "post"): (
        {**READ, "pull-requests": "write"},
        ["compute"],
        "${{ !cancelled() && needs.compute.result != 'skipped' }}",
    ),
    ("publish", "plan"): (READ, [], ON_MAIN),
    ("publish", "share"): (READ, ["plan"], SHARED_OUT),
    ("publish", "build"): (
        {**READ, "deployments": "read"},
        ["plan", "share"],
        (
            "${{ !cancelled() && needs.plan.result == 'success' && "
            "(needs.share.result == 'success' || needs.share.result == 'skipped') }}"
        ),
    ),
    ("publish", "attest"): (
        {"attestations": "write", "id-token": "write"},
        ["build"],
        "${{ !cancelled() && needs.build.result == 'success' }}",
    ),
    ("publish", "deploy"): (
        {"id-token": "write", "pages": "write"},
        ["build", "attest"],
        (
            "${{ !cancelled() && needs.build.result == 'success' "
            "&& needs.attest.result == 'success' }}"
        ),
    ),
}
#: What jobs hand on, and over what one is repeated; no other job has either.
OUTPUTS = {("publish", "plan"): {"shares": "${{ steps.shares.outputs.shares }}"}}
STRATEGIES = {
    ("publish", "share"): {"matrix": {"share": "${{ fromJSON(needs.plan.outputs.shares) }}"}}
}
#: Every expression outside of conditions, and where it may stand.
EXPRESSIONS = {
    ("ci", "github.ref"),
    ("ci", "github.event.pull_request.base.sha"),
    ("ci", "github.event.pull_request.head.sha"),
    ("ci", "github.event.pull_request.user.login"),
    ("score", "github.token"),
    ("publish", "github.token"),
    ("publish", "vars.APPRAISAL_SITE_URL"),
    ("publish", "steps.shares.outputs.shares"),
    ("publish", "needs.plan.outputs.shares"),
    ("publish", "fromJSON(needs.plan.outputs.shares)"),
    ("publish", "matrix.share"),
    ("publish", "strategy.job-index"),
    ("publish", "steps.published.outputs.commit"),
    ("publish", "steps.deployment.outputs.page_url"),
}
TOP_KEYS = {"name", "on", "permissions", "concurrency", "defaults", "jobs"}
JOB_KEYS = {
    "name", "needs", "if", "runs-on", "timeout-minutes", "permissions", "environment", "env",
    "outputs", "strategy", "steps",
}  # fmt: skip
STEP_KEYS = {"name", "id", "if", "env", "run", "uses", "with"}
#: What computes strangers' proposals ends before its job does, so that the rest is handed over.
CUT_SHORT = re.compile(r"timeout --kill-after=10 720 \S+python -m tools\.pull_requests reports")
RUNNER = "ubuntu-24.04"
LONGEST = 30
CHECKOUT = [
    {"fetch-depth": "0", "persist-credentials": "false"},
    {"persist-credentials": "false"},
]
ARTIFACTS = {"reports", "github-pages", "part-${{ strategy.job-index }}"}
PARTS = {"pattern": "part-*", "path": "parts", "merge-multiple": "true"}
USES = re.compile(
    r"uses: (?P<action>[^@\s]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)"
)


def offences(texts: Mapping[str, str]) -> list[str]:
    """Return what the workflows (name → text) do that they may not, or leave undone."""
    found = [f"{name}: not expected" for name in set(texts) - set(EVENTS)]
    found += [f"{name}: missing" for name in set(EVENTS) - set(texts)]
    for name in sorted(set(texts) & set(EVENTS)):
        try:
            document = said(texts[name])
        except yaml.YAMLError:
            found.append(f"{name}: does not parse")
            continue
        found += [f"{name}: {words}" for words in of_workflow(name, document)]
        found += [f"{name}: {words}" for words in of_pins(texts[name])]
    return sorted(found)


def of_workflow(name: str, document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one workflow."""
    expected = {
        "on": EVENTS[name],
        "permissions": {},
        "concurrency": CONCURRENCY[name],
        "defaults": {"run": {"shell": "bash"}},
    }
    if set(document) != TOP_KEYS:
        yield f"keys {sorted(set(document) ^ TOP_KEYS)}"
    for key, value in expected.items():
        if document.get(key) != value:
            yield f"{key} is {document.get(key)}"
    jobs = document.get("jobs", {})
    known = {job for workflow, job in JOBS if workflow == name}
    if set(jobs) != known:
        yield f"jobs {sorted(set(jobs) ^ known)}"
    for key in sorted(set(jobs) & known):
        for words in of_job(name, key, jobs[key]):
            yield f"{key}: {words}"
    for text in values(document):
        for expression in EXPRESSION.findall(text):
            if (
                text not in {ON_MAIN, *conditions()}
                and (name, expression.strip()) not in EXPRESSIONS
            ):
                yield f"expression {expression.strip()}"


def conditions() -> set[str]:
    """Return the conditions that jobs and steps may have."""
    return {"${{ !cancelled() }}", *(row[2] for row in JOBS.values() if row[2])}


def of_job(name: str, key: str, job: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one job."""
    permissions, needs, condition = JOBS[name, key]
    expected = {
        "permissions": permissions,
        "if": condition,
        "outputs": OUTPUTS.get((name, key)),
        "strategy": STRATEGIES.get((name, key)),
        "runs-on": RUNNER,
    }
    given = job.get("needs", [])
    if set(job) - JOB_KEYS:
        yield f"keys {sorted(set(job) - JOB_KEYS)}"
    if ([given] if isinstance(given, str) else given) != needs:
        yield f"needs {given}"
    for about, value in expected.items():
        if job.get(about) != value:
            yield f"{about} is {job.get(about)}"
    minutes = str(job.get("timeout-minutes", ""))
    if not minutes.isdigit() or not 0 < int(minutes) <= LONGEST:
        yield f"timeout is {minutes}"
    for number, step in enumerate(job.get("steps", [])):
        for words in of_step(step):
            yield f"step {number}: {words}"


def of_step(step: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one step."""
    if set(step) - STEP_KEYS:
        yield f"keys {sorted(set(step) - STEP_KEYS)}"
    if "if" in step and step["if"] not in conditions():
        yield f"condition is {step['if']}"
    run = step.get("run", "")
    if "tools.pull_requests" in run and not CUT_SHORT.fullmatch(run):
        yield "what strangers' proposals take has no end"
    if "${{" in run:
        yield "an expression in a script"
    if "GH_TOKEN" in step.get("env", {}) and "tools." not in step.get("run", ""):
        yield "a token where none is needed"
    action = step.get("uses", "").partition("@")[0]
    if action == "actions/checkout" and step.get("with") not in CHECKOUT:
        yield f"checkout with {step.get('with')}"
    given = step.get("with", {})
    if action == "actions/download-artifact" and given == PARTS:
        return
    if action.endswith("-artifact") and given.get("name") not in ARTIFACTS:
        yield f"artifact {given.get('name')}"
    if action == "actions/download-artifact" and set(given) - {"name", "path"}:
        yield "an artifact of another run"


def of_pins(text: str) -> Iterator[str]:
    """Yield actions that are not on the list, or not at the commit of their version."""
    for line in text.splitlines():
        if not re.search(r"\buses\s*:", line.partition(" #")[0]):
            continue
        match = USES.search(line)
        if match is None or ACTIONS.get(match["action"]) != (match["commit"], match["version"]):
            yield f"action {line.strip()}"


def values(node: Any) -> Iterator[str]:
    """Yield every text of a document."""
    if isinstance(node, str):
        yield node
    else:
        for child in node.values() if isinstance(node, dict) else node:
            yield from values(child)
