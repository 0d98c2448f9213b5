"""Checks of former ids: nobody has one now, and no two branches claim the same."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.checks.registry import CROSS_CHECKS, YearContext, check
from generator.text.language import mark
from generator.text.messages import listed

if TYPE_CHECKING:
    from generator.text.findings import Place

IN_USE = mark("曾用编号“{name}”现在还是一个支部的编号")
MOVE = mark("先把 branches/{name} 整个文件夹移过来；那是另一个支部的，删去这个编号")
TWICE = mark("曾用编号“{name}”，{others} 也写了")
ONE = mark("一个编号只归一个支部：不是由它改名而来的支部，删去这个编号")


@check(CROSS_CHECKS, "C013")
def former_ids(context: YearContext) -> None:
    """A former id is that of no branch now, and of one branch alone."""
    claims: dict[str, dict[str, Place]] = defaultdict(dict)
    for summary in context.summaries:
        for name, place in summary.formerly:
            claims[name].setdefault(summary.id, place)
    for name, places in sorted(claims.items()):
        for branch, place in sorted(places.items()):
            others = sorted(places.keys() - {branch})
            if not context.concerns(branch, *others):
                continue
            with context.report.about(branch, context.committee.year):
                if name in context.branch_ids:
                    context.report.add("C013", place, IN_USE, hint=MOVE, name=name)
                if others:
                    words = listed(others)
                    context.report.add("C013", place, TWICE, hint=ONE, name=name, others=words)
