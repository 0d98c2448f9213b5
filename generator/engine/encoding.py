"""A reduced branch as JSON and back: what the cache keeps and what shards hand over."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from decimal import Decimal

# Any: JSON that was read; whatever is not as expected raises, and the caller makes it anew.
from typing import TYPE_CHECKING, Any

from generator.checks.activity import Activity
from generator.checks.summary import BranchSummary
from generator.engine.branch import Reduced
from generator.engine.store import BrokenStoreError
from generator.results.model import BranchResult, Veto
from generator.scoring.due import DueLine
from generator.scoring.scorecard import Portion
from generator.text.codes import Severity
from generator.text.findings import Content, Finding
from generator.text.messages import read_words, value_json
from generator.text.numbers import as_text, from_text

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Attributes of a result that are written as they are.
PLAIN = (
    "id", "name", "kind", "kind_title", "consortium", "consortium_title", "members",
    "has_committee", "status", "done", "of", "submitted", "pending",
)  # fmt: skip
FIGURES = ("fixed", "bonus", "total", "low", "high")
VETO = ("veto", "title", "clause", "state", "reference", "date")


class EncodingError(BrokenStoreError):
    """A text is not a reduced branch."""


def encode(reduced: Reduced) -> str:
    """Return a reduced branch as one line of JSON."""
    result = reduced.result
    document = [
        [getattr(result, name) for name in PLAIN],
        [as_text(getattr(result, name)) for name in FIGURES],
        list(result.societies),
        list(result.formerly),
        [
            [getattr(veto, name) for name in VETO] + [value_json(veto.reason)]
            for veto in result.vetoes
        ],
        {key: str(value) for key, value in result.sections.items()},
        {key: str(value) for key, value in result.maxima.items()},
        {key: [str(own.points), own.criteria] for key, own in result.portions.items()},
        b64encode(result.packed).decode("ascii"),
        reduced.summary.to_json(),
        [_finding(finding) for finding in reduced.findings],
        reduced.year,
        reduced.files,
        reduced.activity.to_json(),
        reduced.others,
        result.due,
    ]
    return json.dumps(document, separators=(",", ":"))


def decode(text: str) -> Reduced:
    """Return a reduced branch; raises EncodingError."""
    try:
        return _decoded(json.loads(text))
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError) as error:
        raise EncodingError(str(error)) from error


def _decoded(document: list[Any]) -> Reduced:
    (
        plain, figures, societies, formerly, vetoes, sections, maxima, portions, packed, summary,
        findings, year, files, activity, others, due,
    ) = document  # fmt: skip
    values: dict[str, Any] = dict(zip(PLAIN, plain, strict=True))
    values |= {name: from_text(value) for name, value in zip(FIGURES, figures, strict=True)}
    result = BranchResult(
        **values,
        societies=tuple(societies),
        formerly=tuple(formerly),
        vetoes=tuple(_veto(*veto) for veto in vetoes),
        sections=_points(sections),
        maxima=_points(maxima),
        portions={key: Portion(Decimal(value), n) for key, (value, n) in portions.items()},
        packed=b64decode(packed),
        due=tuple(_due(*line) for line in due),
    )
    branch = result.id
    return Reduced(
        result,
        BranchSummary.of_json(branch, summary),
        tuple(_found(entry, branch, year) for entry in findings),
        year,
        files,
        Activity.of_json(branch, activity),
        others,
    )


def _finding(finding: Finding) -> list[Any]:
    return [
        finding.code, finding.severity.value, finding.path, finding.line, finding.column,
        finding.pointer, value_json(finding.message), value_json(finding.hint),
        finding.content.blob if finding.content else "",
    ]  # fmt: skip


def _found(entry: list[Any], branch: str, year: int) -> Finding:
    code, severity, path, line, column, pointer, message, hint, blob = entry
    return Finding(
        code, Severity(severity), path, line, column, pointer, read_words(message),
        read_words(hint), branch, year, Content(path, blob) if blob else None,
    )  # fmt: skip


def _veto(*entry: Any) -> Veto:
    *values, reason = entry
    return Veto(**dict(zip(VETO, values, strict=True)), reason=read_words(reason))


def _due(*line: Any) -> DueLine:
    return DueLine(*line[:-1])._replace(others=tuple(line[-1]))


def _points(values: Mapping[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in values.items()}
