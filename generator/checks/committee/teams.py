"""Checks of what supervision teams file: each consortium stands once in an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check
from generator.loading.evidence import list_places
from generator.text.language import mark
from generator.text.messages import say, some
from generator.text.unknown import NAMED, Known, report_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.text.messages import Value

TWICE = mark("“{title}”排了两次，先在第 {first} 位，又在第 {again} 位")
ONCE = mark("只留它应在的一处，删去另一处")
LEFT_OUT = mark("次序里没有列出 {n} 个联合体：{names}")


@check(COMMITTEE_CHECKS, "S004", "C020")
def orders(context: YearContext) -> None:
    """A supervision team orders consortia that exist, each once, and leaves none out."""
    titles = {name: item.title for name, item in context.consortia.items()}
    for team in context.committee.supervision.values():
        first: dict[str, int] = {}
        for name, place in list_places(team, "order"):
            number = int(place.pointer.rpartition("/")[2]) + 1
            if name not in titles:
                known = Known(titles, titles, guess=False)
                report_unknown(context.report, "S004", place, name, known, most=NAMED)
            elif name in first:
                context.report.add(
                    "C020",
                    place,
                    TWICE,
                    hint=ONCE,
                    title=titles[name],
                    first=first[name],
                    again=number,
                )
            first.setdefault(name, number)
        left = [name for name in titles if name not in first]
        if left and team.valid:
            names = named((name, titles[name]) for name in left)
            context.report.add("C020", team.at("order"), LEFT_OUT, n=len(left), names=names)


def named(consortia: Iterable[tuple[str, str]]) -> Value:
    """Return consortia by title and id; of many the first."""
    return some([say("{title}（{id}）", title=title, id=name) for name, title in consortia], NAMED)
