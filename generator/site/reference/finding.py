"""What search finds beside branches: short entries, as many as rubric, codes and consortia are.

Each has the name that people look for as its title; its text says what it is, its clause and id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.addresses import (
    FINDING_CODES,
    IDS,
    LACKING,
    QUESTIONS,
    WHATIF,
    criterion_address,
)
from generator.site.html.page import SearchEntry
from generator.site.html.templating import joined
from generator.site.reference.ids import ids_of
from generator.site.reference.questions import BONUS, CRITERION
from generator.text.codes import CODES
from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.site.data.year import YearPages

    Found = Iterator[tuple[str, SearchEntry]]

TYPE, KIND, CONSORTIUM = mark("活动类型"), mark("材料种类"), mark("联合体")


def entries_of(made: YearPages, pages: Iterable[tuple[str, str]]) -> Found:
    """Yield what search finds of a year, by address; ``pages`` are whole pages and their titles.

    The page of an anchor comes before it: Material looks for whole pages first.
    """
    yield from ((address, SearchEntry(title, "")) for address, title in pages)
    prefix = made.site.prefix
    if made.site.under_way:
        yield f"{prefix}{LACKING}", SearchEntry(gettext("还缺什么"), "")
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
            yield address, SearchEntry(item.title, joined(word for word in words if word))


def ids(made: YearPages) -> Found:
    """Yield types of activity, kinds of document and bonus rules, each with its id."""
    found = ids_of(made.site.rubric)
    page = f"{made.site.prefix}{IDS}"
    for type_ in found.types:
        yield f"{page}#type-{type_.id}", SearchEntry(type_.title, joined((gettext(TYPE), type_.id)))
    for kind in found.kinds:
        yield f"{page}#kind-{kind.id}", SearchEntry(kind.title, joined((gettext(KIND), kind.id)))
    for rule in found.rules:
        words = joined(word for word in (gettext(BONUS), rule.clause, rule.id) if word)
        yield f"{page}#rule-{rule.id}", SearchEntry(rule.title, words)


def consortia(made: YearPages) -> Found:
    """Yield the consortia, each with its id."""
    for listing in made.standings.consortia:
        name = listing.branches[0].consortium
        words = joined(word for word in (gettext(CONSORTIUM), name) if word)
        yield listing.address, SearchEntry(listing.title, words)
