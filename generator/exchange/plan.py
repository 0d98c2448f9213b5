"""What an import would change, row by row, before anything is written.

A cell that cannot be read is told by its address, and nothing of its row is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from generator.exchange.sheets.problems import UnreadableCellError
from generator.formats.writing import UneditableError, UnwritableError, edited
from generator.text.language import mark
from generator.text.messages import Message, Words, listed, say
from generator.text.names import SHORT, visible
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.exchange.sheets.grid import Cell
    from generator.exchange.table import Row
    from generator.formats.writing import Of

V = TypeVar("V")

MISSING = mark("这里不能空着")
UNREADABLE = mark("文件读不懂，不能改写：请先按 appraise check 的提示改正")
UNWRITABLE = mark("这些内容写不进文件：{why}")
RUNNING = mark("“{text}”只有数字，像是序号：是编号的，写作 b001 这样；是序号的，把标题改成“序号”")
TWICE = mark("与 {where} 是同一个，只能留一行")
NOTHING = mark("（无）")


_CELL = re.compile("!([A-Z]+)([0-9]+)$")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing of a row is taken: where the cell stands, and what is wrong with it."""

    where: str
    words: Message

    @property
    def sheet(self) -> str:
        """Name of the sheet in which it stands; nothing where it is none."""
        found = _CELL.search(self.where)
        return self.where[: found.start()] if found else ""

    @property
    def place(self) -> tuple[int, int, str]:
        """Where it stands in the sheet: rows from above, columns from the left."""
        found = _CELL.search(self.where)
        return (int(found[2]), len(found[1]), found[1]) if found else (0, 0, "")


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that changes: what it is called, before and after; None where there is none.

    ``names`` are the titles of ids in it, by which it is shown.
    """

    title: Words
    before: object
    after: object
    names: Mapping[str, Words] = field(default_factory=dict)

    @property
    def was(self) -> Words:
        """The value before, as a list of changes shows it."""
        return worded(self.before, self.names)

    @property
    def becomes(self) -> Words:
        """The value after, as a list of changes shows it."""
        return worded(self.after, self.names)


@dataclass(frozen=True, slots=True)
class Item:
    """A record that is new or changes, with what changes."""

    name: Words
    new: bool
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class Plan:
    """What an import would do: ``files`` path → bytes, of those alone that change."""

    files: dict[str, bytes] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    same: int = 0
    empty: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    def trouble(self, where: str, id_: str, /, **values: object) -> None:
        """Tell why nothing of a row is taken."""
        self.troubles.append(Trouble(where, say(id_, **values)))

    def edit(self, path: str, before: bytes, of: Of, values: object) -> None:
        """Take a file into the plan with some values renewed; where it cannot be, nothing is."""
        try:
            self.files[path] = edited(before, of, values)
        except UneditableError:
            self.trouble(path, UNREADABLE)
            self.items.clear()
        except UnwritableError as error:
            self.trouble(path, UNWRITABLE, why=error.reason)
            self.items.clear()


class RowReader:
    """Reads the cells of one row; ``clean`` is lost with the first that cannot be read."""

    def __init__(self, row: Row, plan: Plan) -> None:
        self.row = row
        self.clean = True
        self._plan = plan

    def take(self, key: str, read: Callable[[Cell], V]) -> V | None:
        """Return the value of a cell; None where it is blank or cannot be read, which is told."""
        if not self.row.has(key):
            return None
        try:
            return read(self.row.cell(key))
        except UnreadableCellError as error:
            self.fail(key, error.words.id, **dict(error.words.values))
            return None

    def fail(self, key: str, id_: str, /, **values: object) -> None:
        """Tell what is wrong with the cell of a column, or with the row without such a column."""
        where = self.row.at(key) if key in self.row.columns else self.row.place
        self._plan.trouble(where, id_, **values)
        self.clean = False


def told_twice(rows: Iterable[tuple[str, RowReader, str]]) -> None:
    """Tell of records that have more than one row, which are (id, row, column), at each of them."""
    first: dict[str, tuple[RowReader, str]] = {}
    for id_, reader, key in rows:
        if id_ not in first:
            first[id_] = (reader, key)
            continue
        other, own = first[id_]
        reader.fail(key, TWICE, where=other.row.at(own))
        if other.clean:
            other.fail(own, TWICE, where=reader.row.at(key))


def differences(
    before: Mapping[str, object],
    after: Mapping[str, object],
    titles: Mapping[str, Words],
    names: Mapping[str, Mapping[str, Words]],
) -> tuple[Difference, ...]:
    """Return what changes of some values, in the order of their titles.

    ``names`` is key → titles of the ids that a value may hold.
    """
    return tuple(
        Difference(title, before.get(key), after[key], names.get(key, {}))
        for key, title in titles.items()
        if key in after and after[key] != before.get(key)
    )


def worded(value: object, names: Mapping[str, Words]) -> Words:
    """Return a value as a list of changes shows it: ids by their titles."""
    if value is None or value in ((), [], {}):
        return say(NOTHING)
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, dict):
        pairs = [(worded(key, names), worded(own, names)) for key, own in value.items()]
        return say("{all}", all=listed([say("{one} {two}", one=a, two=b) for a, b in pairs]))
    if isinstance(value, list | tuple):
        return say("{all}", all=listed([worded(own, names) for own in value]))
    if isinstance(value, str):
        return names.get(value) or visible(value, SHORT)
    return plain(value) if isinstance(value, Decimal | int) else f"{value}"
