"""What tests of the guard share: a repository with open and closed years, and its verdicts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.proposals.guard import guard
from generator.reports.findings import as_github, as_sarif, as_text, findings_json
from generator.text.names import BIDI
from tests.gitrepo import GitRepo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.text.findings import Finding

RECORD = "branches/demo-a/2025/documents/plan"
OWN = f"{RECORD}/plan.md"
OTHER = "branches/demo-b/2025/documents/plan/plan.md"
APPRAISAL = "committee/2025/appraisal.yml"
ROSTER = "committee/roster.yml"
AUTHOR = "example-a"
MEMBER = "example-committee"

Told = set[tuple[str, str, str]]


def guarded(root: Path) -> GitRepo:
    """Write a repository whose year 2025 is open, 2024 final, 2023 frozen, 2026 not opened."""
    repo = GitRepo(root)
    text = (root / APPRAISAL).read_text("utf-8")
    final = "period: {from: 2024-01-01, to: 2024-12-31}\nstage: final\n"
    files = {
        ROSTER: f"members: [{MEMBER}]\n",
        APPRAISAL: text.replace("stage: review", "stage: open"),
        "committee/2024/appraisal.yml": final,
        "committee/2023/appraisal.yml": final.replace("2024", "2023"),
        "committee/2023/results.json": "{}\n",
        "branches/demo-a/2023/self-assessment.yml": "submitted: 2023-12-01\nclaims: {}\n",
        "branches/demo-c/branch.yml": (
            "name: 示例c党支部\nkind: regular\nsocieties: [示例c学会]\nestablished: 2025-01-02\n"
            "members: 10\nsubmitters: [Example-C, example-a]\n"
        ),
    }
    repo.git("update-ref", "refs/heads/main", repo.change(files))
    repo.git("reset", "--quiet", "--hard")
    return repo


def verdict(repo: GitRepo, head: str, author: str = AUTHOR, base: str = "main") -> Told:
    """Return (severity, code, path) of what the guard finds; none of it may be printed raw."""
    findings = guard(repo.root, base, head, author).findings
    assert_printable(findings)
    return {(f.severity.value, f.code, f.path) for f in findings}


def errors(path: str, *codes: str) -> Told:
    """Return errors expected at one path."""
    return {("error", code, path) for code in codes}


def assert_printable(findings: Sequence[Finding]) -> None:
    """Hold every report to lines of visible text that no terminal and no build log obeys."""
    for text in (as_text(findings), as_github(findings)):
        lines = text.encode("utf-8").decode("utf-8").split("\n")
        assert len(lines) == 1 + len(findings) * (2 if text == as_text(findings) else 1)
        assert all(is_seen(line) for line in lines), text
    for line in as_text(findings).split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
    for line in as_github(findings).split("\n"):
        assert line.count("::") in {0, 2}, line
    document = json.loads(findings_json(findings, files=1))
    assert all(is_seen(f[key]) for f in document["findings"] for key in ("path", "message", "hint"))
    json.loads(as_sarif(findings))


def is_seen(text: str) -> bool:
    """Whether all of a text is visible and stays in its place."""
    return not BIDI.search(text) and all(c.isprintable() or c in "\u3000\u200a" for c in text)
