"""The names that a rubric gives, and its places: what methods and measures word reasons with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.rubric.measures import ACTIVITY, Measure, Where, words_of
from generator.text.language import gettext
from generator.text.numbers import round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from generator.formats.shapes import Shape


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names that a rubric gives: titles of kinds and types, fields of each kind, ballot weights."""

    branch_kinds: Mapping[str, str]
    activity_types: Mapping[str, str]
    kind_titles: Mapping[str, str]
    fields: Mapping[str, Mapping[str, Shape]]
    weights: Mapping[str, Decimal]
    places: int

    def unit(self, kind: str) -> str:
        """Return the counting word of a kind of record."""
        return gettext("次") if kind == ACTIVITY else gettext("份")

    def label(self, measure: Measure) -> str:
        """Name what a measure counts, for a sentence."""
        if measure.title:
            return measure.title
        return self.label_of(measure.count, measure.where)

    def label_of(self, kind: str, where_: Where) -> str:
        """Name the records of ``kind`` that meet ``where_``."""
        words = words_of(where_, self.activity_types)
        if words and words in self.activity_types.values():
            return words
        return words + self.kind_titles.get(kind, kind)

    def round(self, value: Fraction) -> Decimal:
        """Round half-up to the rubric's places."""
        return round_half_up(value, self.places)
