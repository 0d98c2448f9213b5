"""The impact of a change as Markdown, for a comment or a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.reports.impact.words import (
    correction_words,
    counts,
    digest_rows,
    evidence_notes,
    file_row,
    finding_rows,
    frozen_words,
    guard_words,
    line_head,
    line_rows,
    other_rows,
    reproduce,
    rubric_words,
    stale_notes,
    standing_rows,
    verdict,
)
from generator.reports.markdown import Document, literal
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.proposals.difference import BranchImpact, YearImpact
    from generator.proposals.impact import Impact
    from generator.text.findings import Finding


def as_markdown(impact: Impact, limit: int | None = None) -> str:
    """Return the impact as Markdown that nothing in the data can break out of."""
    document = Document()
    document.say(f"**{verdict(impact)}**")
    conflicts = [[literal(path)] for path in impact.proposal.conflicts]
    document.table(gettext("冲突的文件"), [gettext("文件")], conflicts)
    if impact.guard:
        document.say(marked(guard_words(impact), impact.author or ""))
        document.table(gettext("权限"), finding_head(), literal_rows(impact.guard.findings))
    for year in impact.years:
        if year.effect:
            say_year(document, year)
    for year in impact.rubric:
        document.say(f"### {rubric_words(year)}")
        if year.effect:
            say_year(document, year)
    for words in frozen_words(impact):
        document.say(words)
    if impact.effect:
        head = [gettext("文件"), gettext("内容校验码")]
        rows = [[literal(path, 200), ids] for path, ids in digest_rows(impact)]
        again = tr("重算：{command}", command=literal(reproduce(impact), 300))
        document.fold(gettext("校验码和重算的命令"), head, rows, again)
    return document.render() if limit is None else document.render(limit)


def marked(words: str, name: str) -> str:
    """Return words in which a name from outside stands as a code span."""
    return words.replace(safe(name), literal(name)) if name else words


def finding_head() -> list[str]:
    """Return the heads of a table of findings."""
    return [gettext("级别"), gettext("位置"), gettext("说明")]


def literal_rows(findings: Sequence[Finding]) -> list[list[str]]:
    """Return findings as literal cells."""
    return [[literal(cell) for cell in row] for row in finding_rows(findings)]


def say_year(document: Document, year: YearImpact) -> None:
    """Add one year, in the order in which a decision is made."""
    document.say(f"### {tr('{year} 年', year=year.year)}")
    document.say(counts(year))
    document.say("\n".join(f"- {literal(words, 1000)}" for words in correction_words(year)))
    document.table(gettext("新增的校验问题"), finding_head(), literal_rows(year.new))
    document.table(gettext("消除的校验问题"), finding_head(), literal_rows(year.fixed))
    open_errors = [f for f in year.still if f.severity in {"error", "warning"}]
    document.table(gettext("仍在的错误和警告"), finding_head(), literal_rows(open_errors))
    head = [gettext("党支部"), gettext("总分"), gettext("等次"), gettext("名次")]
    rows = [
        [literal(name), total, literal(grade), rank]
        for name, total, grade, rank in standing_rows(year)
    ]
    document.table(gettext("总分、等次、名次"), head, rows)
    for branch in year.branches:
        say_branch(document, branch)
    head = [gettext("党支部"), gettext("名次"), gettext("等次")]
    rows = [[literal(name), rank, literal(grade)] for name, rank, grade in other_rows(year)]
    document.table(gettext("其他支部的名次"), head, rows)


def say_branch(document: Document, branch: BranchImpact) -> None:
    """Add one branch: what changed in its scorecard, reviews and evidence."""
    name = literal(branch.result.name)
    rows = [[literal(cells[0]), *cells[1:7], literal(cells[7])] for cells in line_rows(branch)]
    document.table(tr("{name} 得分变化", name=name), line_head(), rows)
    document.say("\n".join(f"- {literal(item, 1000)}" for item in stale_notes(branch)))
    head = [gettext("改动"), gettext("文件")]
    rows = [[words, literal(path, 200)] for words, path in map(file_row, branch.files)]
    document.table(tr("{name} 佐证变化", name=name), head, rows)
    document.say("\n".join(f"- {literal(item, 1000)}" for item in evidence_notes(branch)))
