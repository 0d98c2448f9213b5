"""What is shown of a record before it is written: its files, what it brings, what is wrong."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from generator.proposals.difference import subtract
from generator.reports.findings import as_text, safe
from generator.reports.impact.table import line_words
from generator.reports.impact.words import arrow, line_rows, total_words
from generator.text.language import gettext, tr
from generator.text.names import visible
from generator.text.privacy import masked

if TYPE_CHECKING:
    from generator.proposals.filing.forms import Draft
    from generator.proposals.filing.trial import Brought


def shown_files(draft: Draft) -> str:
    """Return the paths of all files, and the text of the record, or what differs in it."""
    lines = [safe(visible(draft.path, 200))]
    lines += [f"    {safe(masked(line))}" for line in shown_lines(draft)]
    for path, data in draft.attachments.items():
        size = tr("{size} 字节", size=len(data))
        lines.append(f"{safe(visible(path, 200))}  {size}")
    return "\n".join(lines) + "\n"


def shown_lines(draft: Draft) -> list[str]:
    """Return the lines of the record, or those that differ where its file is renewed."""
    new = draft.data.decode("utf-8").splitlines()
    if draft.before is None:
        return new
    old = draft.before.decode("utf-8", "replace").splitlines()
    rows = unified_diff(old, new, n=1, lineterm="")
    return [row for row in rows if not row.startswith(("---", "+++", "@@"))]


def shown_effect(brought: Brought, branch: str, year: int) -> str:
    """Return what the record brings to the branch: points, criteria, findings that are new."""
    found = subtract(year, brought.before, brought.after, frozenset({branch}), [], ranked=False)
    lines = [tr("带来的变化（{year} 年）：", year=year)]
    for own in found.branches:
        total = arrow(total_words(own.before), total_words(own.after))
        lines.append("  " + safe(tr("总分 {total}", total=total)))
        lines += [f"  {line_words(row)}" for row in line_rows(own)]
    if not found.branches:
        lines.append("  " + gettext("分数没有变化"))
    return "\n".join(lines) + "\n" + as_text(found.new)
