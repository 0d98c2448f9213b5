"""The impact of a change for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.reports.impact.words import (
    DASH,
    correction_words,
    counts,
    digest_rows,
    evidence_notes,
    file_row,
    finding_rows,
    frozen_words,
    guard_words,
    line_rows,
    other_rows,
    reproduce,
    rubric_words,
    stale_notes,
    standing_rows,
    verdict,
)
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.proposals.difference import YearImpact
    from generator.proposals.impact import Impact


def as_table(impact: Impact, *, lasting: bool = True) -> str:
    """Return the impact for a terminal; ``lasting``: its commits can be asked about again."""
    lines = [verdict(impact)]
    lines += [f"  {safe(path)}" for path in impact.proposal.conflicts]
    if impact.guard:
        lines.append(guard_words(impact))
        lines += [f"  {' '.join(map(safe, row))}" for row in finding_rows(impact.guard.findings)]
    for year in impact.years:
        lines += year_lines(year) if year.effect else []
    for year in impact.rubric:
        lines += ["", rubric_words(year)]
        lines += year_lines(year) if year.effect else []
    lines += frozen_words(impact)
    digests = digest_rows(impact)
    lines += ["", gettext("文件内容的校验码：")] if digests else []
    lines += [f"  {safe(' '.join(row))}" for row in digests]
    if impact.effect and lasting:
        lines += ["", tr("重算：{command}", command=safe(reproduce(impact)))]
    return "\n".join(lines) + "\n"


def year_lines(year: YearImpact) -> list[str]:
    """Return one year for a terminal."""
    lines = ["", tr("{year} 年", year=year.year) + gettext("　") + counts(year)]
    lines += [f"  {words}" for words in correction_words(year)]
    for sign, findings in (("+", year.new), ("-", year.fixed)):
        lines += [f"  {sign} {' '.join(map(safe, row))}" for row in finding_rows(findings)]
    for branch, cells in zip(year.branches, standing_rows(year), strict=True):
        lines.append(tr("  {name}：总分 {total}，{grade}，名次 {rank}", **standing_words(cells)))
        lines += [f"    {line_words(cells)}" for cells in line_rows(branch)]
        lines += [f"    {safe(note)}" for note in stale_notes(branch)]
        lines += [f"    {safe(' '.join(file_row(change)))}" for change in branch.files]
        lines += [f"    {note}" for note in evidence_notes(branch)]
    if year.others:
        lines.append(tr("  其他支部名次变化 {n} 个：", n=len(year.others)))
        lines += [f"    {' '.join(map(safe, cells))}" for cells in other_rows(year)]
    return lines


def standing_words(cells: Sequence[str]) -> dict[str, str]:
    """Return a row of standings by name, safe to print."""
    names = ("name", "total", "grade", "rank")
    return {name: safe(cell) for name, cell in zip(names, cells, strict=True)}


def line_words(cells: Sequence[str]) -> str:
    """Return one criterion in a line: label, points out of the maximum, basis, why."""
    label, top, points, _, _, _, basis, why = cells
    limit = "" if top == DASH else f" / {top}"
    return safe(f"{label} {points}{limit} [{basis}] {why}")
