"""The names that a rubric gives, and its places: what methods and measures word reasons with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.rubric.measures import ACTIVITY, Measure, Where, words_of
from generator.text.messages import Message, Words, followed, listed, say
from generator.text.numbers import round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from generator.formats.shapes import Shape


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names that a rubric gives: titles of kinds, types and ballots, fields, ballot weights."""

    branch_kinds: Mapping[str, str]
    activity_types: Mapping[str, str]
    kind_titles: Mapping[str, Words]
    fields: Mapping[str, Mapping[str, Shape[object]]]
    weights: Mapping[str, Decimal]
    ballot_titles: Mapping[str, Words]
    places: int

    def unit(self, kind: str) -> Message:
        """Return the counting word of a kind of record."""
        return say("次") if kind == ACTIVITY else say("份")

    def label(self, measure: Measure) -> Words:
        """Name what a measure counts, for a sentence."""
        if measure.title:
            return measure.title
        return self.label_of(measure.count, measure.where)

    def label_of(self, kind: str, where_: Where) -> Words:
        """Name the records of ``kind`` that meet ``where_``."""
        words = words_of(where_, self.activity_types)
        if len(words) == 1 and isinstance(words[0], str):
            return words[0]
        title = self.kind_titles.get(kind, kind)
        return followed(listed(words), title) if words else title

    def having(self, fields: Mapping[str, Mapping[str, Shape[object]]]) -> Vocabulary:
        """Return the same names with other fields of each kind."""
        return replace(self, fields=fields)

    def round(self, value: Fraction) -> Decimal:
        """Round half-up to the rubric's places."""
        return round_half_up(value, self.places)
