"""Titles of ids: which id a title stands for, and the titles that rubrics do not give.

People choose by titles, files hold ids. A title stands for an id where exactly one of the list has
it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from generator.text.language import mark
from generator.text.messages import Words, say, source_words

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Level of a bonus → what a document of that level is called.
LEVELS = {
    "central": mark("中央级"),
    "national": mark("国家级"),
    "provincial": mark("省级"),
    "department": mark("部门级"),
    "municipal": mark("市级"),
    "district": mark("区县级"),
}
#: Level of a ballot → what stands on the ballot.
BALLOTS = {
    "excellent": mark("优秀"),
    "good": mark("良好"),
    "fair": mark("一般"),
    "poor": mark("较差"),
}


def level_title(level: str, own: str = "") -> Words:
    """Return what a level of a bonus is called: as the rubric says (``own``), else as we say.

    A level that nobody knows is its own title.
    """
    return own or (say(LEVELS[level]) if level in LEVELS else level)


def ballot_title(level: str, own: str = "") -> Words:
    """Return what stands on a ballot of a level: as the rubric says (``own``), else as we say.

    A level that nobody knows is its own title.
    """
    return own or (say(BALLOTS[level]) if level in BALLOTS else level)


class UnknownChoiceError(Exception):
    """What somebody chose is neither an id of the list nor the title of one; ``text`` is that."""

    def __init__(self, text: str) -> None:
        """Keep what was chosen."""
        super().__init__(text)
        self.text = text


class AmbiguousChoiceError(Exception):
    """What somebody chose is the title of several ids: ``ids``, in the order of the list."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        """Keep the ids among which one is to be chosen."""
        super().__init__(*ids)
        self.ids = ids


def chosen(text: str, titles: Mapping[str, Words]) -> str:
    """Return the id that ``text`` is, or is the title of: NFKC, without white space.

    ``titles`` is the whole list, id → title; an id of it wins over a title. Case tells apart.
    Raises UnknownChoiceError where nothing has this title, AmbiguousChoiceError where several have.
    """
    if text in titles:
        return text
    wanted = spaceless(text)
    names = [id_ for id_ in titles if wanted and spaceless(id_) == wanted]
    found = names or same_title(wanted, titles)
    if len(found) > 1:
        raise AmbiguousChoiceError(tuple(found))
    if not found:
        raise UnknownChoiceError(text)
    return found[0]


def same_title(title: str, titles: Mapping[str, Words]) -> list[str]:
    """Return the ids with a title, in the order of the list; none has an empty one.

    The program's own titles stand for them in the language in use as well: so they were shown.
    """
    wanted = spaceless(title)
    return [id_ for id_, own in titles.items() if wanted and wanted in names_of(own)]


def names_of(title: Words) -> set[str]:
    """Return how a title may be written, as titles are compared."""
    return {title_of(title), spaceless(f"{title}")}


def title_of(words: Words) -> str:
    """Return a title as titles are compared."""
    return spaceless(source_words(words))


def spaceless(text: str) -> str:
    """Return a text in NFKC without white space, which is all that titles may differ in."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return unicodedata.normalize("NFKC", folded)
