"""The phrase about an unknown name: the known ones, and the nearest of them."""

from __future__ import annotations

import difflib
from itertools import islice
from typing import TYPE_CHECKING

from generator.text.language import mark
from generator.text.messages import Words, say, some
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.text.findings import Place, Report

#: Least likeness of a word that is proposed, between 0 and 1.
LIKENESS = 0.5
#: Likeness of longer words takes too long to tell.
LONGEST = 100
#: How many ids of branches a message lists: there may be a thousand.
NAMED = 20
#: So many unknown names (of one code in a report) get a proposal and all that is known;
#: the others get a few of the known names.
FIRST, FEW = 10, 3

UNKNOWN = mark("没有“{value}”；可用：{known}{nearest}")
#: Of a file that no record names.
NO_RECORD = mark("没有记录提到“{value}”{nearest}")


def nearest_text(text: str, known: Iterable[str]) -> Words:
    """Return a proposal of the known word nearest to ``text``, or nothing."""
    if len(text) > LONGEST:
        return ""
    words = [word for word in known if len(word) <= LONGEST]
    match = difflib.get_close_matches(text, words, n=1, cutoff=LIKENESS)
    return say("；您是否要写“{word}”？", word=match[0]) if match else ""


def report_unknown(
    report: Report,
    code: str,
    place: Place,
    value: str,
    known: Iterable[str],
    message: str = UNKNOWN,
    most: int | None = None,
) -> None:
    """Report a name that is not among the ``known`` ones; at most ``most`` of these are listed.

    The first names of a code are told all; so that many names beside many known ones are no more
    work than they are text, the others are told the first few known ones and no proposal.

    ``message`` has the places ``value``, ``known`` and ``nearest``, of which it may leave out some.
    """
    report.unknown[code] += 1
    first = report.unknown[code] <= FIRST
    if not first:
        known, most = islice(known, FEW + 1), FEW
    names = [name for name in known if name]
    report.add(
        code,
        place,
        message,
        value=visible(value, SHORT),
        known=some(names, most),
        nearest=nearest_text(value, names) if first else "",
    )
