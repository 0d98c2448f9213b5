"""What stays as it is: records that lack what is due, so that their ids are known; any value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from generator.formats.nodes import Mapping, Node, Scalar
from generator.formats.records import Record, RecordShape
from generator.formats.shapes import IDENTIFIER, Context, Schema, Shape
from generator.text.messages import Value, say

if TYPE_CHECKING:
    from generator.formats.records import Values
    from generator.text.findings import Place


def stand_in(node: Mapping) -> Values:
    """Return an id and a title for a record that lacks them."""
    entry = node.entries.get("id")
    written = entry[1].text if entry and isinstance(entry[1], Scalar) else ""
    name = written if IDENTIFIER.fullmatch(written) else f"unnamed-{node.line}"
    return {"id": name, "title": name}


K = TypeVar("K", bound=Record)


class KeptShape(RecordShape[K]):
    """A record that stays although it lacks what is due: by its id, with nothing to count."""

    def mended(self, values: Values, node: Mapping) -> Values:
        """Stand in for id, title, number and text."""
        number_ = {"points": Decimal(0), "min": Decimal(0), "issue": ""}
        spare = {k: v for k, v in (stand_in(node) | number_).items() if k in self.due}
        return {**spare, **values}


class ScalarShape(Shape[Node]):
    """Any value of a change: text, a number, nested data or null, kept as written."""

    takes_null = True

    def read(self, node: Node, place: Place, context: Context) -> Node:
        """Return the node."""
        del place, context
        return node

    def schema(self) -> Schema:
        """Return the schema of anything."""
        return {}

    def expected(self) -> Value:
        """Say that anything may stand here."""
        return say("任意值")
