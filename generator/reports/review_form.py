"""A review file prefilled with claims, computed facts and fingerprints, ready to be filled in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.formats.nodes import Scalar
from generator.scoring.fingerprint import fingerprint
from generator.text.language import gettext, tr
from generator.text.numbers import plain

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from generator.formats.committee_files import CriterionReview, Review
    from generator.loading.evidence import BranchYear
    from generator.scoring.scorecard import Line, Scorecard


def review_form(
    data: BranchYear, card: Scorecard, review: Review | None, today: datetime.date
) -> str:
    """Return the text of ``committee/<year>/reviews/<id>.yml``; decisions already made are kept."""
    lines = [
        "# "
        + tr(
            "{id} {year} 年度核定：逐项填写 points 和 reason，再去掉行首的“# ”",
            id=data.id,
            year=data.year,
        ),
        "criteria:",
    ]
    for line in card.lines:
        if line.part is None and line.criterion is not None:
            item = review.criteria.get(line.criterion) if review else None
            lines += criterion_form(data, line, item, today)
    lines += bonus_form(card, today)
    return "\n".join(lines) + "\n"


def criterion_form(
    data: BranchYear, line: Line, item: CriterionReview | None, today: datetime.date
) -> list[str]:
    """Return the form of one criterion: what is known as comments, what is to be decided below."""
    reason = " ".join(str(line.reason).split())
    lines = [
        f"  # {line.title} {line.clause}",
        "  # "
        + tr(
            "分值 {max}　自评 {claimed}　系统计算 {computed}",
            max=figure(line.max),
            claimed=figure(line.claimed),
            computed=figure(line.computed),
        ),
        f"  # {reason}",
    ]
    lines += [f"  # {gettext('参考：')}{fact}" for fact in line.facts]
    now = fingerprint(data, line)
    if item is not None:
        return [*lines, *decided_form(line, item, now)]
    proposal = line.computed if line.computed is not None else line.claimed
    return [
        *lines,
        f"  # {line.criterion}:",
        f"  #   points: {figure(proposal, '')}".rstrip(),
        "  #   reason:",
        "  #   by:",
        f"  #   date: {today.isoformat()}",
        f"  #   reviewed: {now}",
    ]


def decided_form(line: Line, item: CriterionReview, now: str) -> list[str]:
    """Return a decision already made, as it stands, and what is new where it is stale."""
    lines = [f"  {line.criterion}:"]
    for key, (_, node) in item.node.entries.items():
        if isinstance(node, Scalar):
            lines.append(f"    {key}: {node.text if node.plain else quoted(node.text)}")
    if item.reviewed is not None and item.reviewed.removeprefix("sha256:") != now:
        lines.append(f"    # {gettext('材料已变，核对后改为：')}reviewed: {now}")
    return lines


def quoted(text: str) -> str:
    """Quote a text for YAML."""
    return json.dumps(text, ensure_ascii=False)


def bonus_form(card: Scorecard, today: datetime.date) -> list[str]:
    """Return the form of the bonus claims."""
    lines = ["bonus:"] if card.bonus_lines else []
    for line in card.bonus_lines:
        matter = " ".join(line.matter.split())
        lines += [
            f"  # {line.title} {line.clause}{gettext('：')}{matter}",
            f"  # {line.claim}:",
            "  #   accepted: true",
            f"  #   level: {line.level}",
            "  #   reason:",
            f"  #   date: {today.isoformat()}",
        ]
    return lines


def figure(value: Decimal | None, missing: str = "—") -> str:
    """Write a figure without trailing zeros."""
    return missing if value is None else plain(value)
