"""Types of the fields of a kind of document: what may stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.formats.branch_files import url
from generator.formats.nodes import Mapping, Node, Scalar
from generator.formats.shapes import (
    INVALID,
    ChoiceShape,
    Context,
    Invalid,
    ListShape,
    Schema,
    Shape,
    boolean,
    count,
    day,
    number,
    text,
)
from generator.rubric.measures import FieldValue
from generator.text.language import mark
from generator.text.messages import Value, listed, say
from generator.text.unknown import Known, report_unknown

if TYPE_CHECKING:
    from generator.text.findings import Place

FIELD_TYPES: dict[str, Shape[FieldValue]] = {
    "text": text,
    "date": day,
    "count": count,
    "number": number,
    "boolean": boolean,
    "url": url,
}


NO_TYPE = mark("没有“{value}”这一字段类型；可用：{known}{nearest}")
FIELD_TITLES = {
    "text": mark("文字"),
    "date": mark("日期"),
    "count": mark("整数"),
    "number": mark("数字"),
    "boolean": mark("是否"),
    "url": mark("网址"),
}


class FieldTypeShape(Shape[Shape[FieldValue]]):
    """``text``, ``date``, ``count``, ``number``, ``boolean``, ``url`` or ``{choice: [a, b]}``."""

    names = ChoiceShape({name: name for name in FIELD_TYPES})
    choices = ListShape(text)

    def read(self, node: Node, place: Place, context: Context) -> Shape[FieldValue] | Invalid:
        """Return the Shape that reads such a field."""
        if isinstance(node, Mapping) and list(node.entries) == ["choice"]:
            value_node = node.entries["choice"][1]
            at = place.child("choice", value_node.line, value_node.column)
            words = self.choices.read(value_node, at, context)
            return INVALID if words is INVALID else ChoiceShape({word: word for word in words})
        if isinstance(node, Scalar) and node.text not in FIELD_TYPES:
            titles = {name: say(title) for name, title in FIELD_TITLES.items()}
            known = Known([*FIELD_TYPES, "{choice: […]}"], titles)
            report_unknown(context.report, "B004", place, node.text, known, NO_TYPE)
            return INVALID
        name = self.names.read(node, place, context)
        return name if name is INVALID else FIELD_TYPES[name]

    def schema(self) -> Schema:
        """Return either form."""
        choice = {
            "type": "object",
            "properties": {"choice": self.choices.schema()},
            "required": ["choice"],
            "additionalProperties": False,
        }
        return {"anyOf": [{"enum": list(FIELD_TYPES)}, choice]}

    def expected(self) -> Value:
        """List the types."""
        return listed([*FIELD_TYPES, "{choice: […]}"])
