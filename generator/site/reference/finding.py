"""What search finds beside branches: short entries, as many as rubric, codes and consortia are.

Each has the name that people look for as its title; its text says what it is, its clause and id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.addresses import (
    FINDING_CODES,
    IDS,
    QUESTIONS,
    WHATIF,
    criterion_address,
)
from generator.site.html.page import SearchEntry
from generator.site.html.templating import joined
from generator.site.reference.ids import ids_of
from generator.site.reference.questions import BONUS, CRITERION
from generator.text.codes import CODES
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.site.data.year import YearPages

    Found = Iterator[tuple[str, SearchEntry]]

TYPE, KIND, CONSORTIUM = mark("活动"), mark("材料"), mark("联合体")


def entries_of(made: YearPages, pages: Iterable[tuple[str, str]]) -> Found:
    """Yield what search finds of a year, by address; ``pages`` are whole pages and their titles.

    The page of an anchor comes before it: Material looks for whole pages first.
    """
    yield from ((address, SearchEntry(title, "")) for address, title in pages)
    prefix = made.site.prefix
    yield f"{prefix}{WHATIF}", SearchEntry(gettext("换一种答案会怎样"), "")
    yield from criteria(made)
    yield from ids(made)
    for question in made.site.rubric.questions:
        entry = SearchEntry(question.issue, joined((question.clause, question.id)))
        yield f"{prefix}{QUESTIONS}#{question.id}", entry
    yield from consortia(made)
    for code in CODES.values():
        entry = SearchEntry(f"{code.code} {gettext(code.title)}", gettext(code.hint))
        yield f"{FINDING_CODES}#{code.code}", entry


def criteria(made: YearPages) -> Found:
    """Yield the criteria, each with its clause, id, the titles of its parts and what it asks."""
    for section in made.site.rubric.sections:
        for item in section.criteria:
            parts = (part.title for part in item.parts)
            words = (gettext(CRITERION), item.clause, item.id, section.title, *parts, item.requires)
            address = criterion_address(made.site.prefix, item.id)
            yield address, SearchEntry(item.title, joined(words))


def ids(made: YearPages) -> Found:
    """Yield types of activity, kinds of document and bonus rules, each with its id."""
    found = ids_of(made.site.rubric)
    page = f"{made.site.prefix}{IDS}"
    for item in found.types:
        yield f"{page}#type-{item.id}", SearchEntry(named(item.title, TYPE), item.id)
    for kind in found.kinds:
        yield f"{page}#kind-{kind.id}", SearchEntry(named(kind.title, KIND), kind.id)
    for rule in found.rules:
        words = joined((rule.clause, rule.id))
        yield f"{page}#rule-{rule.id}", SearchEntry(named(rule.title, BONUS), words)


def named(title: str, what: str) -> str:
    """Return a title with what it is: a kind of document may be called as its criterion is."""
    return tr("{title}（{what}）", title=title, what=gettext(what))


def consortia(made: YearPages) -> Found:
    """Yield the consortia, each with its id."""
    for listing in made.standings.consortia:
        name = listing.branches[0].consortium
        yield listing.address, SearchEntry(listing.title, joined((gettext(CONSORTIUM), name)))
