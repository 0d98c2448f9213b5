"""Findings as text, JSON, GitHub annotations and SARIF (docs/format.md §6)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from generator import __version__
from generator.text.codes import CODES
from generator.text.language import gettext
from generator.text.names import BIDI, UNDECODED, visible
from generator.text.remedies import remedy_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.engine.evaluate import Evaluation
    from generator.text.findings import Acceptance, Finding

SCHEMA = "appraisal-findings/1"
LIMIT = 2000
COMMAND = re.compile(r":(?=:)|#(?=#\[)")
#: What JSON may hold as it is, though nobody sees it or a reader of lines ends one there.
UNSEEN = re.compile(f"[\x7f-\x9f]|{BIDI.pattern}|{UNDECODED.pattern}|#(?=#\\[)")
SARIF_LEVELS = {"error": "error", "warning": "warning", "notice": "note", "accepted": "note"}
#: What a build log knows; it has no word for what is accepted.
LOG_LEVELS = {"accepted": "notice"}


def safe(text: str) -> str:
    """Return text that a terminal or a CI log shows and never obeys."""
    return COMMAND.sub("\\g<0>\u200a", visible(text, LIMIT))


def quiet(text: str) -> str:
    """Return JSON that means the same, and that a CI log never obeys."""
    return UNSEEN.sub(
        lambda match: "\\u0023" if match[0] == "#" else json.dumps(match[0])[1:-1], text
    )


def as_text(findings: Sequence[Finding]) -> str:
    """Return one line a finding, and indented below it what to do."""
    lines = []
    for finding in findings:
        place = f"{safe(finding.path)}:{finding.line}:{finding.column}"
        lines.append(f"{place}: {finding.severity} {finding.code} {safe(str(finding.message))}")
        lead = "" if finding.accepted else gettext("改法：")
        lines.append(f"    {lead}{safe(str(finding.hint))}")
    return "".join(line + "\n" for line in lines)


def as_json(evaluation: Evaluation) -> str:
    """Return the findings of a run as JSON (docs/format.md §6)."""
    return findings_json(evaluation.findings, evaluation.files, evaluation.branches)


def findings_json(findings: Sequence[Finding], files: int, branches: int = 0) -> str:
    """Return findings as JSON, with the numbers of files, branches and rules checked."""
    document = {
        "schema": SCHEMA,
        "findings": [finding_json(finding) for finding in findings],
        "checked": {"files": files, "branches": branches, "rules": len(CODES)},
    }
    return quiet(json.dumps(document, ensure_ascii=False, indent=1)) + "\n"


def finding_json(finding: Finding) -> dict[str, object]:
    """Return one finding as JSON (docs/format.md §6)."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": visible(finding.path, LIMIT),
        "line": finding.line,
        "column": finding.column,
        "pointer": finding.pointer,
        "message": str(finding.message),
        "hint": str(finding.hint),
        "branch": finding.branch,
        "year": finding.year,
        "fingerprint": finding.fingerprint,
        "remedy": remedy_json(finding),
        **({"accepted": finding.accepted._asdict()} if finding.accepted else {}),
    }


def remedy_json(finding: Finding) -> dict[str, object] | None:
    """Return what a program can put in place of what, None where a person must decide."""
    remedy = remedy_of(finding.hint)
    return remedy and {"old": remedy.old, "new": remedy.new, "lines": list(remedy.lines)}


def annotation(text: str) -> str:
    """Escape the data of a workflow command."""
    return safe(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def annotation_property(text: str) -> str:
    """Escape a property of a workflow command."""
    return annotation(text).replace(":", "%3A").replace(",", "%2C")


def as_github(findings: Sequence[Finding]) -> str:
    """Return one workflow command a finding."""
    lines = []
    for finding in findings:
        title = f"{finding.code} {gettext(CODES[finding.code].title)}"
        properties = (
            f"file={annotation_property(finding.path)},line={finding.line},"
            f"col={finding.column},title={annotation_property(title)}"
        )
        lead = "" if finding.accepted else gettext("改法：")
        text = annotation(f"{finding.message}\n{lead}{finding.hint}".replace("\n", " "))
        level = LOG_LEVELS.get(finding.severity, finding.severity)
        lines.append(f"::{level} {properties}::{text}\n")
    return "".join(lines)


def as_sarif(findings: Sequence[Finding]) -> str:
    """Return SARIF 2.1.0 for code-scanning viewers."""
    used = sorted({finding.code for finding in findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": gettext(CODES[code].title)},
            "help": {"text": gettext(CODES[code].hint)},
            "defaultConfiguration": {"level": SARIF_LEVELS[CODES[code].severity]},
        }
        for code in used
    ]
    driver = {"name": "appraise", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [sarif_result(finding, used) for finding in findings],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return quiet(json.dumps(document, ensure_ascii=False, indent=1)) + "\n"


def sarif_result(finding: Finding, used: list[str]) -> dict[str, object]:
    """Return one SARIF result."""
    region = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.code,
        "ruleIndex": used.index(finding.code),
        "level": SARIF_LEVELS[finding.severity],
        "message": {"text": f"{finding.message}\n{finding.hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(finding.path)},
                    "region": region,
                }
            }
        ],
        "partialFingerprints": {"appraisal/v1": finding.fingerprint},
        **({"suppressions": [suppression(finding.accepted)]} if finding.accepted else {}),
    }


def suppression(accepted: Acceptance) -> dict[str, object]:
    """Return why a result is accepted, as SARIF has it."""
    return {
        "kind": "external",
        "status": "accepted",
        "justification": accepted.reason,
        "properties": {"by": accepted.by, "date": accepted.date},
    }


def uri(path: str) -> str:
    """Return a path as a relative URI reference."""
    return quote(visible(path, LIMIT))
