"""The phrase about an unknown name: the known ones with their titles, and which of them is meant.

A title, or an id that is written a little otherwise, is taken as meant. A likeness is a question;
it is not asked where the answer carries points (levels, grades, ballots, rules of a bonus, kinds of
branches).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from generator.text.codes import CODES
from generator.text.language import mark
from generator.text.messages import Message, Words, say, some, source_words
from generator.text.names import SHORT, visible
from generator.text.remedies import if_meant, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.text.findings import Place, Report

#: Least likeness of a word that is proposed, between 0 and 1.
LIKENESS = 0.66
#: Likeness of longer words takes too long to tell.
LONGEST = 100
#: How many ids of branches a message lists: there may be a thousand.
NAMED = 20
#: So many unknown names (of one code in a report) get a proposal and all that is known;
#: the others get a few of the known names.
FIRST, FEW = 10, 3

UNKNOWN = mark("没有“{value}”；可用：{known}{nearest}")
UNKNOWN_BRANCH = mark("没有支部“{id}”{nearest}；现有：{known}")
#: Of a file that no record names.
NO_RECORD = mark("没有记录提到“{value}”{nearest}")
#: Of a title that several ids have: nobody knows which is meant.
SEVERAL = mark("“{value}”是 {ids} 共同的名称：写其中一个的编号")
#: What people put around a name.
QUOTES = re.compile("“”‘’「」『』《》〈〉【】［］\"'").pattern
_BETWEEN = str.maketrans("", "", "-_·" + QUOTES)


def folded(name: str) -> str:
    """Return a name without quotes, case, width, spaces and hyphens: what people vary."""
    plain = unicodedata.normalize("NFKC", name.translate(_BETWEEN)).casefold()
    return "".join(plain.translate(_BETWEEN).split())


def meant(text: str, known: Iterable[str], titles: Mapping[str, Words]) -> str:
    """Return the one known name that ``text`` is, or is the title of; else nothing."""
    wanted = folded(text) if len(text) <= LONGEST else ""
    if not wanted:
        return ""
    names = [name for name in known if len(name) <= LONGEST]
    for found in (
        [name for name in names if folded(name) == wanted],
        [name for name in names if wanted == titled(name, titles)],
    ):
        if len(found) == 1:
            return found[0]
    return ""


def several(text: str, known: Iterable[str], titles: Mapping[str, Words]) -> Message | None:
    """Return the hint to choose one of the ids that have ``text`` as their title; None: no such."""
    wanted = folded(text) if len(text) <= LONGEST else ""
    names = [name for name in known if wanted and titled(name, titles) == wanted]
    if len(names) < 2 or meant(text, known, {}):
        return None
    return say(SEVERAL, value=visible(text, SHORT), ids=some(names, NAMED))


def titled(name: str, titles: Mapping[str, Words]) -> str:
    """Return the title of a name, folded; empty where it has none."""
    return folded(source_words(titles.get(name, "")))


def nearest_name(text: str, known: Iterable[str], titles: Mapping[str, Words]) -> str:
    """Return the known name nearest to ``text``, or the only one whose title holds it."""
    if len(text) > LONGEST:
        return ""
    words = [word for word in known if len(word) <= LONGEST]
    match = difflib.get_close_matches(text, words, n=1, cutoff=LIKENESS)
    if match:
        return match[0]
    wanted = folded(text)
    holding = [name for name in words if may_hold(titled(name, titles), wanted)]
    return holding[0] if len(holding) == 1 else ""


def may_hold(title: str, wanted: str) -> bool:
    """Whether one of two texts is a part of the other, and neither is a single character."""
    short, long = sorted((title, wanted), key=len)
    return len(short) > 1 and short in long


def nearest_text(text: str, known: Iterable[str]) -> Words:
    """Return a proposal of the known word nearest to ``text``, or nothing."""
    name = nearest_name(text, known, {})
    return say("；您是否要写“{word}”？", word=name) if name else ""


@dataclass(frozen=True, slots=True)
class Known:
    """Names that may stand somewhere, and what they are called; ``guess``: likeness tells.

    ``rest`` is what to do where none of them is meant; without it the code's own hint says so.
    """

    names: Iterable[str]
    titles: Mapping[str, Words]
    guess: bool = True
    rest: str = ""


def report_unknown(
    report: Report,
    code: str,
    place: Place,
    value: str,
    known: Known | Iterable[str],
    message: str = UNKNOWN,
    most: int | None = None,
) -> str:
    """Report a name that is not among the ``known`` ones; at most ``most`` of these are listed.

    The first names of a code are told all; so that many names beside many known ones are no more
    work than they are text, the others are told the first few known ones and no proposal.

    ``message`` has the places ``value``, ``known`` and ``nearest``, of which it may leave out some.
    Return the name that is proposed, or nothing.
    """
    own = known if isinstance(known, Known) else Known(known, {})
    titles = own.titles
    report.unknown[code] += 1
    first = report.unknown[code] <= FIRST
    most = most if first else FEW
    names = [name for name in islice(own.names, None if first else FEW + 1) if name]
    rest = say(own.rest or CODES[code].hint)
    sure, near, hint = proposed(value, names, own, rest) if first else ("", "", rest)
    report.add(
        code,
        place,
        message,
        hint=hint,
        value=visible(value, SHORT),
        known=some([entitled(name, titles) for name in names], most) if names else say("无"),
        nearest=say("；您是否要写“{word}”？", word=near) if near else "",
    )
    return sure or near


def proposed(value: str, names: list[str], own: Known, rest: Message) -> tuple[str, str, Message]:
    """Return the name that is meant, or else the nearest one, and the hint what to write."""
    titles = own.titles
    sure = meant(value, names, titles)
    if sure:
        return sure, "", write(value, sure, titles.get(sure, ""))
    unclear = several(value, names, titles)
    if unclear is not None:
        return "", "", unclear
    near = nearest_name(value, names, titles) if own.guess else ""
    return "", near, if_meant(value, near, titles.get(near, ""), rest) if near else rest


def entitled(name: str, titles: Mapping[str, Words]) -> Words:
    """Return a name with its title, as lists of what may be written show it."""
    title = titles.get(name, "")
    return say("{name}（{title}）", name=name, title=title) if title and title != name else name
