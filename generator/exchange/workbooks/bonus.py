"""The sheet of bonus claims in the committee's workbook: a row a claim, and cells to decide in.

What comes back is read by ``exchange/reviews/bonus``.
"""

from __future__ import annotations

# Any: openpyxl ships no types.
from typing import TYPE_CHECKING, Any

from generator.exchange.reviews.bonus import accepted_of, claim_of
from generator.exchange.reviews.rows import stamp_of
from generator.exchange.workbooks.filling import FIRST, evidence, offer
from generator.reports.book import HEAD, Column, Kind, Table
from generator.scoring.fingerprint import bonus_fingerprint
from generator.text.language import gettext, mark, tr
from generator.text.messages import Words, listed, say
from generator.text.titles import level_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.exchange.workbooks.filling import Asked, Reviewed
    from generator.formats.branch_files import BonusClaim
    from generator.rubric.document import BonusRule
    from generator.scoring.scorecard import BonusLine

YES, NO = mark("是"), mark("否")


def bonus_table(rows: list[list[object]], asked: Asked) -> Table:
    """Return the sheet of bonus claims."""
    told = tr("{year} 年度加分核定：填浅黄色的格，其余的格是锁定的", year=asked.year)
    return Table(gettext("加分"), told, columns(), rows, stay=4)


def columns() -> tuple[Column, ...]:
    """Return the columns: what is known, what is to be filled in, and the stamp."""
    return (
        Column(gettext("年度"), 6, Kind.COUNT),
        Column(gettext("编号"), 10),
        Column(gettext("党支部"), 22),
        Column(gettext("申报编号"), 14),
        Column(gettext("加分项编号"), 18),
        Column(gettext("加分项"), 16),
        Column(gettext("条款"), 14),
        Column(gettext("事项"), 34),
        Column(gettext("日期"), 13, Kind.DAY),
        Column(gettext("申报级别"), 10),
        Column(gettext("各级加分"), 16),
        Column(gettext("材料"), 26, told=gettext("材料的名称和网址，或在仓库里的位置")),
        Column(gettext("现状"), 20, told=gettext("导出时的认定；同一事项在一个加分项里只计一次")),
        Column(gettext("认可"), 8, told=gettext("填“是”或“否”")),
        Column(gettext("认定级别"), 10, told=gettext("与申报不同时填；空着的按申报的级别")),
        Column(gettext("核定理由"), 30),
        Column(gettext("经办"), 12, told=gettext("部门或小组，不写姓名")),
        Column(gettext("印记"), 12, told=gettext("导入时据此判断导出以后有没有变，不要改")),
    )


def bonus_rows(branch: Reviewed, asked: Asked) -> Iterator[list[object]]:
    """Yield the rows of a branch, a bonus claim each; what the rubric cannot say is left out."""
    rules = asked.rubric.bonus_rules
    for line in branch.context.card.bonus_lines:
        claim, rule = claim_of(branch.context, line.claim), rules.get(line.rule)
        if claim is not None and rule is not None and rule.valid:
            yield row_of(branch, line, (claim, rule), asked)


def row_of(
    branch: Reviewed, line: BonusLine, own: tuple[BonusClaim, BonusRule], asked: Asked
) -> list[object]:
    """Return the row of a bonus claim."""
    context, (claim, rule) = branch.context, own
    decision = accepted_of(context.review.bonus.get(line.claim) if context.review else None)
    answer = {None: None, True: gettext(YES), False: gettext(NO)}[decision.accepted]
    seen = bonus_fingerprint(context.data, claim, line.evidence)
    return [
        asked.year,
        context.data.id,
        branch.name,
        line.claim,
        line.rule,
        line.title,
        line.clause,
        line.matter,
        claim.date,
        level_words(claim.level, rule),
        worth(rule),
        evidence(context, line.evidence, asked),
        line.reason,
        answer,
        level_words(decision.level, rule),
        decision.reason,
        decision.by,
        stamp_of(decision, context.data.id, line.claim, seen),
    ]


def level_words(level: str | None, rule: BonusRule) -> Words:
    """Return a level by its title where no other level of the rule has it, else by its id."""
    titles = [f"{title}" for title in rule.level_titles.values()]
    own = rule.levels.get(level or "")
    title = level_title(level or "", own.title if own else "")
    return title if titles.count(f"{title}") == 1 else level or ""


def worth(rule: BonusRule) -> str:
    """Return what each level of a rule gives."""
    pairs = zip(rule.level_titles.values(), rule.levels.values(), strict=True)
    told = [say("{title} {points}", title=title, points=own.points) for title, own in pairs]
    return f"{listed(told)}"


def offer_answers(sheet: Any, rows: Sequence[Sequence[object]], asked: Asked) -> None:
    """Offer yes and no in each row, and the levels of its rule."""
    numbers = range(HEAD + 1, HEAD + len(rows) + 1)
    offer(sheet, [gettext(YES), gettext(NO)], numbers, FIRST)
    for name, rule in asked.rubric.bonus_rules.items():
        own = [n for n, row in zip(numbers, rows, strict=True) if row[4] == name]
        if own:
            levels = [level_words(level, rule) for level in rule.levels]
            offer(sheet, levels, own, FIRST + 1)
