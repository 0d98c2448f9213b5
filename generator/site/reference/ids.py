"""The page of ids: what a record or a claim is to name, by title and id, all from the rubric."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.rubric.field_types import FIELD_TYPES
from generator.rubric.measures import ACTIVITY
from generator.rubric.methods.ballot import Ballot
from generator.rubric.methods.base import Judgement
from generator.site.addresses import IDS
from generator.site.html.page import TocEntry
from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from generator.formats.shapes import Shape
    from generator.rubric.document import Criterion, DocumentKind, Rubric
    from generator.rubric.measures import FieldValue
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

YES_OR_NO = mark("是写 true，否写 false")
#: Who gives a criterion its points: whether a branch is to claim any.
CLAIMED, COUNTED, VOTED = mark("写自评"), mark("系统计算，不写自评分"), mark("述职测评")
HEADINGS = (
    ("criteria", mark("小项")),
    ("types", mark("活动类型")),
    ("kinds", mark("材料种类")),
    ("rules", mark("加分项与级别")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A title with its id."""

    title: str
    id: str


@dataclass(frozen=True, slots=True)
class CriterionEntry:
    """A criterion: title and id, points, and whether a branch claims them."""

    title: str
    id: str
    section: str
    points: Decimal
    how: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind of document: how its value is written, and whether it must be there."""

    name: str
    expected: str
    required: bool


@dataclass(frozen=True, slots=True)
class KindEntry:
    """A kind of document: its fields, and the criteria that it serves."""

    title: str
    id: str
    fields: tuple[Field, ...]
    serves: tuple[Entry, ...]
    scored: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a bonus rule and its points."""

    title: str
    id: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A bonus rule and its levels."""

    title: str
    id: str
    clause: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Ids:
    """All that files may name of a rubric."""

    criteria: tuple[CriterionEntry, ...]
    types: tuple[Entry, ...]
    kinds: tuple[KindEntry, ...]
    rules: tuple[RuleEntry, ...]


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the page of ids of a year."""
    yield f"{made.site.prefix}{IDS}", partial(page, made)


def page(made: YearPages) -> GeneratedPage:
    """Return the page of ids."""
    found = ids_of(made.site.rubric)
    return made.page(
        f"{made.site.prefix}{IDS}",
        "ids.html.jinja",
        gettext("填写用的编号"),
        toc=tuple(TocEntry(gettext(title), a) for a, title in HEADINGS if getattr(found, a)),
        nav=IDS,
        ids=found,
    )


def ids_of(rubric: Rubric) -> Ids:
    """Return all ids of a rubric that files may name."""
    rules = rubric.bonus.rules if rubric.bonus else ()
    return Ids(
        tuple(
            CriterionEntry(c.title, c.id, s.title, c.points, gettext(how_of(c)))
            for s in rubric.sections
            for c in s.criteria
        ),
        tuple(Entry(title, name) for name, title in rubric.activity_types.items()),
        tuple(kind_of(name, kind, rubric) for name, kind in rubric.document_kinds.items()),
        tuple(
            RuleEntry(
                rule.title,
                rule.id,
                rule.clause,
                tuple(
                    Level(str(title), name, rule.levels[name].points)
                    for name, title in rule.level_titles.items()
                ),
            )
            for rule in rules
        ),
    )


def how_of(criterion: Criterion) -> str:
    """Return who gives a criterion its points."""
    if isinstance(criterion.method, Judgement):
        return CLAIMED
    return VOTED if isinstance(criterion.method, Ballot) else COUNTED


def kind_of(name: str, kind: DocumentKind, rubric: Rubric) -> KindEntry:
    """Return a kind of document with its fields and what it serves."""
    return KindEntry(
        kind.title or name,
        name,
        tuple(
            Field(field, written(shape), field in kind.required)
            for field, shape in kind.fields.items()
        ),
        tuple(Entry(c.title, c.id) for _, c in rubric.criteria.values() if name in kinds_of(c)),
        kind.scored,
    )


def written(shape: Shape[FieldValue]) -> str:
    """Say how a field's value is written."""
    if shape is FIELD_TYPES["boolean"]:
        return gettext(YES_OR_NO)
    return str(shape.expected())


def kinds_of(criterion: Criterion) -> set[str]:
    """Return the kinds of document that a criterion takes as evidence, or counts."""
    asked = criterion.evidence.kinds if criterion.evidence else ()
    return {*asked, *criterion.method.kinds} - {ACTIVITY}
