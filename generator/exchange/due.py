"""A list of what is asked of branches → due.yml: entries are added and changed, none goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.plan import (
    MISSING,
    RUNNING,
    Item,
    Plan,
    RowReader,
    differences,
    told_twice,
)
from generator.exchange.sheets.grid import Cell, Kind
from generator.exchange.sheets.problems import UnreadableCellError
from generator.exchange.table import Column
from generator.exchange.values import Titles, chosen_of, day_of, parts_of, text_of
from generator.formats.committee_files import DUE, DueEntry
from generator.formats.records import RecordShape
from generator.formats.shapes import ID
from generator.formats.writing import Entries
from generator.text.language import mark
from generator.text.messages import Words, listed, say
from generator.text.names import SHORT, visible
from generator.text.titles import spaceless
from generator.text.unknown import entitled

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from generator.exchange.table import Table

NO_ID = mark("“{text}”不能作编号：只用小写字母、数字和短横线，例如 d001")
SEVERAL = mark("叫这个名称的有几项：{ids}。请写编号")
NO_DATE = mark("期限和举办日期至少写一个")
NO_EXTENSION = mark("“{text}”看不出是哪个支部延到哪一天：请写作“demo-a 2025-04-10”，几个用顿号隔开")

COLUMNS = (
    Column("id", "编号", frozenset({"事项编号"})),
    Column("kind", "材料种类", frozenset({"种类", "类型", "材料类型"}), required=True),
    Column("title", "名称", frozenset({"事项", "应报事项", "事项名称", "材料名称", "标题"})),
    Column("due", "期限", frozenset({"截止日期", "截止时间", "报送期限", "最后期限"})),
    Column("date", "举办日期", frozenset({"举办时间", "日期"})),
    Column("branches", "支部", frozenset({"应报支部", "报送支部", "布置给", "党支部"})),
    Column("extended", "延期", frozenset({"延期至", "延期支部"})),
)
KEYS = RecordShape(DueEntry).keys
TITLES: dict[str, Words] = {key: say(own.title) for key, (_, own) in KEYS.items() if key != "id"}
#: How a sheet says that all branches are asked.
ALL = frozenset(
    {"all", "All", "全部", "全体", "所有", "各支部", "所有支部", "全部支部", "全体支部"}
)
NUMBER = re.compile("d([0-9]{3,})")
_ID = re.compile(ID)
#: A branch and its own day: both in one text, in this order, with something between.
_EXTENDED = re.compile(r"(.*?)[\s:：(（=→]*(?:延期?[至到]|至|到)?[\s]*([0-9]{4}[-./年].*?)[)）]?")


@dataclass(frozen=True, slots=True)
class Known:
    """What is there: titles of kinds of documents and of branches, entries, bytes of the file.

    ``branches`` has former ids too, each under itself.
    """

    kinds: Titles
    branches: Titles
    entries: Sequence[DueEntry]
    path: str
    data: bytes


class Line(NamedTuple):
    """A row that was read: which entry it is, nothing for a new one, and its values by key."""

    id: str
    values: dict[str, object]
    reader: RowReader


def plan_due(table: Table, known: Known) -> Plan:
    """Return what a list of what is asked would change."""
    plan = Plan()
    there = {entry.id: entry for entry in reversed(known.entries)}
    lines = [read_line(RowReader(row, plan), known, there) for row in table.rows]
    told_twice((line.id, line.reader, best_key(line)) for line in lines if line.id)
    used = {*there, *(line.id for line in lines)}
    number = max((int(own[1]) for name in used if (own := NUMBER.fullmatch(name))), default=0)
    names = {"kind": known.kinds, "branches": known.branches, "extended": known.branches}
    changed: dict[str, object] = {}
    for line in lines:
        if not line.reader.clean:
            continue
        number += not line.id
        id_ = line.id or f"d{number:03}"
        entry = there.get(id_)
        before = {key: getattr(entry, KEYS[key][0]) if entry else None for key in TITLES}
        found = differences(before, line.values, TITLES, names)
        if not found:
            plan.same += 1
            continue
        values = {own: line.values[own] for own in line.values if line.values[own] != before[own]}
        changed[id_] = Entries(values)
        name = entitled(id_, {id_: (entry.title if entry else None) or ""})
        plan.items.append(Item(name, new=entry is None, differences=found))
    if changed:
        plan.edit(known.path, known.data, DUE, Entries(changed))
    return plan


def best_key(line: Line) -> str:
    """Return the column that says which entry a row is."""
    return "id" if line.reader.row.has("id") else "title"


def read_line(reader: RowReader, known: Known, there: Mapping[str, DueEntry]) -> Line:
    """Read one row; what cannot be read is told."""
    row, since_1904 = reader.row, reader.row.sheet.since_1904

    def day(cell: Cell) -> datetime.date:
        return day_of(cell, since_1904=since_1904)

    read = {
        "kind": reader.take("kind", lambda cell: chosen_of(text_of(cell), known.kinds)),
        "title": reader.take("title", text_of),
        "due": reader.take("due", day),
        "date": reader.take("date", day),
        "extended": reader.take("extended", lambda cell: extended_of(cell, known.branches)),
        "branches": None,
    }
    values: dict[str, object] = {key: value for key, value in read.items() if value is not None}
    if row.cell("branches").text in ALL:
        values["branches"] = None
    elif row.has("branches"):
        asked = reader.take("branches", lambda cell: branches_of(cell, known.branches))
        values |= {"branches": asked} if asked is not None else {}
    id_ = reader.take("id", id_of) or ""
    if id_.isdigit() and id_ not in there:
        reader.fail("id", RUNNING, text=id_)
    if not row.has("id"):
        id_ = by_title(reader, values, there)
    if id_ not in there:
        check(reader)
    return Line(id_, values, reader)


def by_title(reader: RowReader, values: Mapping[str, object], there: Mapping[str, DueEntry]) -> str:
    """Return the id of the entry that has the title and kind of the row; nothing for a new one."""
    title = spaceless(f"{values.get('title', '')}")
    kind = values.get("kind")
    ids = [
        id_
        for id_, entry in there.items()
        if title and kind == entry.kind and spaceless(entry.title or "") == title
    ]
    if len(ids) > 1:
        reader.fail("title", SEVERAL, ids=listed(ids))
    return ids[0] if ids else ""


def check(reader: RowReader) -> None:
    """Tell what a new entry lacks."""
    if not reader.row.has("kind"):
        reader.fail("kind", MISSING)
    if not (reader.row.has("id") or reader.row.has("title")):
        reader.fail("title", MISSING)
    if not (reader.row.has("due") or reader.row.has("date")):
        reader.fail("due" if "due" in reader.row.columns else "date", NO_DATE)


def id_of(cell: Cell) -> str:
    """Return the id in a cell."""
    text = text_of(cell)
    if not _ID.fullmatch(text):
        raise UnreadableCellError(NO_ID, text=visible(text, SHORT))
    return text


def branches_of(cell: Cell, titles: Titles) -> tuple[str, ...]:
    """Return the ids of the branches in a cell."""
    return tuple(dict.fromkeys(chosen_of(text, titles) for text in parts_of(cell)))


def extended_of(cell: Cell, titles: Titles) -> dict[str, datetime.date]:
    """Return branch → its own last day, of ``demo-a 2025-04-10、demo-b：2025年4月12日``."""
    found = {}
    for text in parts_of(cell):
        pair = _EXTENDED.fullmatch(text)
        if pair is None or not pair[1].strip():
            raise UnreadableCellError(NO_EXTENSION, text=visible(text, SHORT))
        found[chosen_of(pair[1].strip(), titles)] = day_of(Cell(Kind.TEXT, pair[2]))
    return found
