"""The words of an impact that every form of it shares: verdict, standings, rows, remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.tree import NO_BLOB
from generator.reports.explain import BASIS_WORDS, BONUS_WORDS
from generator.reports.findings import safe
from generator.reports.scores import number, status_words
from generator.scoring.scorecard import BonusLine
from generator.text.codes import CODES
from generator.text.language import gettext, mark, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from generator.files.history import Change
    from generator.proposals.difference import BranchImpact, LineChange, YearImpact
    from generator.proposals.impact import Impact
    from generator.results.model import BranchResult
    from generator.text.findings import Finding

DASH = "—"
SHORT = 12
LINE_HEAD = (
    mark("小项"), mark("分值"), mark("得分"), mark("自评"),
    mark("计算"), mark("核定"), mark("依据"), mark("原因"),
)  # fmt: skip
STATUS = {"A": mark("增加"), "M": mark("改动"), "D": mark("删除"), "T": mark("改变类型")}


def reproduce(impact: Impact) -> str:
    """Return the command that computes the same again."""
    author = f" --author {visible(impact.author)}" if impact.author else ""
    return f"appraise impact {impact.proposal.base} {impact.proposal.head}{author}"


def verdict(impact: Impact) -> str:
    """Sum up the change in one line."""
    if against := obstacle(impact):
        return against
    if not impact.effect:
        return gettext("这一改动不影响任何分数、名次、核定和校验结果")
    stale = sum(len(branch.stale) for year in impact.years for branch in year.branches)
    if stale:
        return tr("没有新的错误；{n} 项核定将过期，需要复核", n=stale)
    return gettext("没有新的错误；是否合并由党委决定")


def obstacle(impact: Impact) -> str:
    """Say what speaks against merging; nothing where nothing does."""
    if impact.proposal.conflicts:
        return tr("不能合并：{n} 个文件与主线冲突", n=len(impact.proposal.conflicts))
    if impact.stopped:
        return tr("不能合并：权限有 {n} 个错误，改动没有计算", n=impact.errors)
    if impact.uncomputed:
        return gettext("算不出结果：考核办法或年度的文件读不懂，请先运行 appraise check 并改正")
    if impact.errors:
        return tr("不宜合并：带来 {n} 个错误", n=impact.errors)
    return ""


def counts(year: YearImpact) -> str:
    """Count the findings of a year."""
    return tr(
        "校验：新增 {new}，消除 {fixed}，仍在 {still}",
        new=len(year.new),
        fixed=len(year.fixed),
        still=len(year.still),
    )


def arrow(before: str, after: str) -> str:
    """Show a figure before and after, once where it stayed."""
    return before if before == after else f"{before} → {after}"


def total_words(branch: BranchResult | None) -> str:
    """Word a total, or else the status."""
    if branch is None:
        return DASH
    words = number(branch.total)
    status = status_words(branch)
    return f"{words} {status}".strip() if status else words


def rank_words(branch: BranchResult | None, *, ranked: bool) -> str:
    """Word a rank with its range; 未计算 where it was not computed."""
    if not ranked:
        return gettext("未计算")
    if branch is None or branch.rank is None or branch.rank_range is None:
        return DASH
    low, high = branch.rank_range
    return tr("第 {rank}（{low}–{high}）", rank=branch.rank, low=low, high=high)


def grade_of(branch: BranchResult | None) -> str:
    """Word a grade."""
    return (branch.grade_title or gettext("未定等次")) if branch else DASH


def basis_of(change: LineChange) -> tuple[str, str]:
    """Return the basis of a line on both sides, in words."""
    words = []
    for line in (change.before, change.after):
        if line is None:
            words.append(DASH)
        elif isinstance(line, BonusLine):
            words.append(gettext(BONUS_WORDS[line.status]))
        else:
            words.append(gettext(BASIS_WORDS[line.basis]))
    return words[0], words[1]


def shown_points(change: LineChange, name: str) -> str:
    """Return one figure of a line on both sides."""
    figures: list[Decimal | None] = [
        getattr(line, name, None) if line is not None else None
        for line in (change.before, change.after)
    ]
    return arrow(number(figures[0]), number(figures[1]))


def standing_rows(year: YearImpact) -> list[list[str]]:
    """Return name, total, grade and rank of each branch that the change touches."""
    return [
        [
            branch.result.name,
            arrow(total_words(branch.before), total_words(branch.after)),
            arrow(grade_of(branch.before), grade_of(branch.after)),
            arrow(
                rank_words(branch.before, ranked=year.ranked),
                rank_words(branch.after, ranked=year.ranked),
            ),
        ]
        for branch in year.branches
    ]


def line_rows(branch: BranchImpact) -> list[list[str]]:
    """Return the criteria and bonus claims that differ: figures, basis and why."""
    rows = []
    for change in (*branch.lines, *branch.bonus):
        line = change.line
        label = str(line.title)
        if line.clause:
            label = tr("{title}（{clause}）", title=label, clause=line.clause)
        rows.append(
            [
                f"{label} {line.claim}" if isinstance(line, BonusLine) else label,
                number(getattr(line, "max", None)),
                shown_points(change, "points"),
                shown_points(change, "claimed"),
                shown_points(change, "computed"),
                shown_points(change, "verified"),
                arrow(*basis_of(change)),
                str(change.why),
            ]
        )
    return rows


def line_head() -> list[str]:
    """Return the heads of the table of criteria."""
    return [gettext(word) for word in LINE_HEAD]


def file_row(change: Change) -> list[str]:
    """Return how a file changed, and its path."""
    return [gettext(STATUS[change.status]), visible(change.path, 200)]


def digest_rows(impact: Impact) -> list[list[str]]:
    """Return the path of each file of the branches, and its digest before and after."""
    files = {c.path: c for year in impact.years for b in year.branches for c in b.files}
    return [
        [
            visible(change.path, 200),
            arrow(*(DASH if i == NO_BLOB else i[:SHORT] for i in (change.old_id, change.new_id))),
        ]
        for change in files.values()
    ]


def finding_row(finding: Finding) -> list[str]:
    """Return severity and code, place and message of a finding."""
    place = f"{finding.path}:{finding.line}:{finding.column}"
    words = f"{finding.message}"
    if finding.accepted:
        words = tr("{words}（{reason}）", words=words, reason=f"{finding.hint}")
    return [f"{finding.severity} {finding.code}", place, words]


def finding_rows(findings: Sequence[Finding]) -> list[list[str]]:
    """Return a row a finding, but one for all notices of a code: an early filing has many."""
    rows = [finding_row(finding) for finding in findings if finding.severity != "notice"]
    notices: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity == "notice":
            notices.setdefault(finding.code, []).append(finding)
    for code, several in notices.items():
        row = finding_row(several[0])
        if len(several) > 1:
            row[2] = tr("{title}：共 {n} 处", title=gettext(CODES[code].title), n=len(several))
        rows.append(row)
    return rows


def stale_notes(branch: BranchImpact) -> list[str]:
    """Return which reviews become stale, and whose they were."""
    return [
        tr(
            "核定过期：{title}（{by} {on}）",
            title=safe(str(s.title)),
            by=safe(s.by) or gettext("经办未写"),
            on=s.on,
        )
        for s in branch.stale
    ]


def evidence_notes(branch: BranchImpact) -> list[str]:
    """Return records at fault, points that changed without evidence, evidence without effect."""
    found = []
    sep = gettext("、")
    for record in branch.broken:
        names = sep.join(safe(str(criterion.title)) for criterion in record.criteria)
        words = tr("记录有误，没有计入：{path}", path=safe(record.path))
        if names:
            words += tr("；改好后可计入：{names}", names=names)
        found.append(words)
    if branch.without_evidence:
        names = sep.join(safe(str(title)) for title in branch.without_evidence)
        found.append(tr("分数变了而佐证没有变：{names}", names=names))
    if branch.without_effect:
        names = sep.join(safe(path) for path in branch.without_effect)
        found.append(tr("佐证变了而分数没有变：{names}", names=names))
    return found


def rubric_words(year: YearImpact) -> str:
    """Introduce the effect of a changed rubric."""
    if not year.effect:
        return tr("rubric.yml 的改动（{year} 年数据不变）：没有影响", year=year.year)
    return tr("rubric.yml 的改动（{year} 年数据不变）：", year=year.year)


def frozen_words(impact: Impact) -> list[str]:
    """Say that frozen years are touched."""
    return [
        tr("{year} 年已定稿：用 appraise verify {year} 核对", year=year) for year in impact.frozen
    ]


def correction_words(year: YearImpact) -> list[str]:
    """Say which corrections of a final year come, each with its day and reason."""
    return [
        safe(tr("{date} 更正：{reason}", date=c.date, reason=c.reason)) for c in year.corrections
    ]


def guard_words(impact: Impact) -> str:
    """Say what the guard found."""
    if impact.guard is None:
        return ""
    author = safe(impact.author or "")
    if impact.guard.errors:
        return tr("权限：{author} 不可作这一改动", author=author)
    return tr("权限：{author} 可以作这一改动", author=author)


def other_rows(year: YearImpact) -> list[list[str]]:
    """Return name, rank and grade of the branches that only moved in the ranking."""
    return [
        [
            branch.result.name,
            arrow(rank_words(branch.before, ranked=True), rank_words(branch.after, ranked=True)),
            arrow(grade_of(branch.before), grade_of(branch.after)),
        ]
        for branch in year.others
    ]
