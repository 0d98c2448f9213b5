"""Checks of the names that a method uses: kinds, fields and values that the rubric must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.formats.branch_files import ACTIVITY as ACTIVITY_FILE
from generator.formats.shapes import ChoiceShape
from generator.rubric.measures import ACTIVITY
from generator.rubric.methods.base import Problem
from generator.text.language import mark
from generator.text.messages import say
from generator.text.unknown import Known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rubric.measures import Measure, Where
    from generator.rubric.vocabulary import Vocabulary


NO_KIND = mark("没有“{value}”这一种类；可用：{known}{nearest}")
NO_FIELD = mark("没有“{value}”这个字段；可用：{known}{nearest}")


def check_measure(measure: Measure, prefix: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what a measure names that the rubric does not know."""
    yield from check_kind(measure.count, f"{prefix}/count", vocabulary)
    yield from check_where(measure.count, measure.where, f"{prefix}/where", vocabulary)


def check_kind(kind: str, at: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield B004 for a kind of record that does not exist."""
    if kind not in vocabulary.fields:
        known = Known(vocabulary.fields, vocabulary.kind_titles)
        yield Problem("B004", at, NO_KIND, {"value": kind}, known)


def check_where(kind: str, where_: Where, at: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield B004 for what does not exist, B005 for comparisons without sense."""
    fields = vocabulary.fields.get(kind)
    if fields is None:
        return
    for condition in where_.conditions:
        here = f"{at}/{condition.field}"
        shape = fields.get(condition.field)
        if shape is None:
            yield from check_fields(kind, (condition.field,), f"{here}/@", vocabulary)
            continue
        other = condition.not_after
        if isinstance(other, str) and other not in fields:
            yield from check_fields(kind, (other,), f"{here}/not_after", vocabulary)
        if condition.at_least is not None and shape.schema().get("type") not in {
            "number",
            "integer",
        }:
            yield Problem("B005", here, "“{field}”不是数字，不能比大小", {"field": condition.field})
        for index, value in enumerate(condition.values or ()):
            if isinstance(shape, ChoiceShape) and value not in shape.choices:
                choices = Known(shape.choices, shape.titles)
                yield Problem("B004", f"{here}/{index}", NO_KIND, {"value": value}, choices)


def check_fields(
    kind: str, names: tuple[str, ...], at: str, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield B004 for fields that a kind of record does not have."""
    fields = vocabulary.fields.get(kind, {})
    titles = {name: say(d.title) for name, (_, d) in ACTIVITY_FILE.keys.items()}
    known = Known(fields, titles if kind == ACTIVITY else {})
    for index, name in enumerate(names):
        if name not in fields:
            yield Problem("B004", f"{at}/{index}", NO_FIELD, {"value": name}, known)
