"""Count sheets of ballots → debrief.yml: a row a branch; a row that nobody filled is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.plan import (
    Item,
    Plan,
    RowReader,
    differences,
    told_twice,
)
from generator.exchange.sheets.grid import Cell, Kind
from generator.exchange.table import Column
from generator.exchange.values import Titles, chosen_of, count_of, number_of, text_of
from generator.formats.committee_files import DEBRIEF, MODES, DebriefEntry
from generator.formats.records import RecordShape
from generator.formats.writing import Entries
from generator.text.language import mark
from generator.text.messages import Words, say, source_words
from generator.text.titles import spaceless
from generator.text.unknown import entitled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.exchange.table import Row, Table

NO_BRANCH = mark("编号和名称至少写一个")
OTHER_BRANCH = mark("编号是 {id}，名称却是 {other} 的")
NO_MODE = mark("没有写方式（现场述职、书面述职或未述职）")
NO_BALLOTS = mark("方式是{mode}，却有各档票数，请核对")
NOT_ZERO = mark("这里空着，不能当作 0 票：没有人投的，写 0")
NO_SUM = mark("各档票数之和是 {sum}，这里却写 {said}")
TOO_MANY = mark("发出 {issued} 票，各档和废票却有 {back} 票")
NO_RETURN = mark("收回 {said} 票，各档和废票却有 {back} 票")

#: Columns that every count sheet may have; one for each level of ballots comes with the rubric.
COLUMNS = (
    Column("id", "编号", frozenset({"支部编号", "党支部编号"})),
    Column("name", "名称", frozenset({"支部", "党支部", "支部名称", "党支部名称"})),
    Column("mode", "方式", frozenset({"述职方式"})),
    Column(
        "issued", "发出票数", frozenset({"发出", "发出测评票", "发票数", "发放票数", "应收票数"})
    ),
    Column("returned", "收回票数", frozenset({"收回", "收回测评票", "回收票数", "实收票数"})),
    Column("valid", "有效票", frozenset({"有效票数", "有效票合计"})),
    Column("sum", "合计", frozenset({"票数合计", "合计票数", "小计", "总票数"})),
    Column("void", "废票", frozenset({"废票数", "无效票", "无效票数"})),
    Column("points", "书面述职得分", frozenset({"书面得分", "书面述职分数"})),
    Column("reason", "理由", frozenset({"说明"})),
)
LEVEL = "level:"
#: What may stand behind the title of a level.
MORE = frozenset({"票", "票数"})
KEYS = RecordShape(DebriefEntry).keys
TITLES: dict[str, Words] = {key: say(own.title) for key, (_, own) in KEYS.items()}
MODE_TITLES = Titles({mode: say(title) for mode, title in MODES.items()})
#: What else the ways to report are called in a sheet.
SHORT_MODES = dict.fromkeys(frozenset({"现场"}), "onsite") | dict.fromkeys(
    frozenset({"书面"}), "written"
)
#: What says by itself that somebody looked at a row.
ABSENT = frozenset({"未述职", "none"})


@dataclass(frozen=True, slots=True)
class Known:
    """What is there: titles of levels and of branches, entries, bytes of the file."""

    levels: Mapping[str, Words]
    branches: Titles
    entries: Mapping[str, DebriefEntry]
    path: str
    data: bytes


class Line(NamedTuple):
    """A row that was read: the branch that it is of, and its values by key."""

    id: str
    values: dict[str, object]
    reader: RowReader


def columns_of(levels: Mapping[str, Words]) -> tuple[Column, ...]:
    """Return the columns of a count sheet, one for each level among them."""
    own = (
        Column(
            f"{LEVEL}{level}",
            source_words(title),
            frozenset({level, *(f"{source_words(title)}{more}" for more in MORE)}),
            required=True,
        )
        for level, title in levels.items()
    )
    return (*COLUMNS[:5], *own, *COLUMNS[5:])


def plan_ballots(table: Table, known: Known) -> Plan:
    """Return what a count sheet would change."""
    plan = Plan()
    filled = [row for row in table.rows if is_filled(row)]
    plan.empty = len(table.rows) - len(filled)
    lines = [read_line(RowReader(row, plan), known) for row in filled]
    told_twice((line.id, line.reader, best_key(line.reader)) for line in lines if line.id)
    names = {"ballots": known.levels, "mode": MODE_TITLES}
    changed: dict[str, object] = {}
    for line in lines:
        if not line.reader.clean:
            continue
        entry = known.entries.get(line.id)
        before = {key: getattr(entry, KEYS[key][0]) if entry else None for key in TITLES}
        found = differences(before, line.values, TITLES, names)
        if not found:
            plan.same += 1
            continue
        own = {key: value for key, value in line.values.items() if value != before[key]}
        changed[line.id] = Entries(own)
        name = entitled(line.id, known.branches)
        plan.items.append(Item(name, new=entry is None, differences=found))
    if changed:
        plan.edit(known.path, known.data, DEBRIEF, {"branches": Entries(changed)})
    return plan


def is_filled(row: Row) -> bool:
    """Whether somebody wrote something in a row: what is printed beforehand is nothing."""
    typed = [key for key in row.columns if key.startswith(LEVEL)]
    typed += ["returned", "void", "points", "reason"]
    return any(map(row.has, typed)) or spaceless(row.cell("mode").text) in ABSENT


def best_key(reader: RowReader) -> str:
    """Return the column that says which branch a row is of."""
    return "id" if reader.row.has("id") else "name"


def read_line(reader: RowReader, known: Known) -> Line:
    """Read one row; what cannot be read is told."""
    id_ = branch_of(reader, known)
    ballots = {level: reader.take(f"{LEVEL}{level}", count_of) for level in known.levels}
    void = reader.take("void", count_of)
    read = {
        "mode": reader.take("mode", mode_of),
        "void": void,
        "issued": reader.take("issued", count_of),
        "points": reader.take("points", number_of),
        "reason": reader.take("reason", text_of),
    }
    values: dict[str, object] = {key: value for key, value in read.items() if value is not None}
    if reader.clean and any(value is not None for value in ballots.values()):
        values["ballots"] = counted(reader, ballots, void or 0)
    there = known.entries.get(id_)
    mode = values.get("mode") or (there.mode if there else None)
    if "ballots" in values and mode not in {None, "onsite"}:
        reader.fail("mode", NO_BALLOTS, mode=MODE_TITLES[f"{mode}"])
    if mode is None:
        if "ballots" in values:
            values["mode"] = "onsite"
        elif "points" in values:
            values["mode"] = "written"
        elif reader.clean:
            reader.fail("mode", NO_MODE)
    return Line(id_, values, reader)


def branch_of(reader: RowReader, known: Known) -> str:
    """Return the branch of a row by its id, its name, or both; nothing where that is told."""

    def read(cell: Cell) -> str:
        return chosen_of(text_of(cell), known.branches)

    id_, named = reader.take("id", read), reader.take("name", read)
    if id_ and named and id_ != named:
        reader.fail("name", OTHER_BRANCH, id=id_, other=named)
    elif not (id_ or named) and reader.clean:
        reader.fail("name", NO_BRANCH)
    return id_ or named or ""


def mode_of(cell: Cell) -> str:
    """Return the way to report in a cell."""
    text = text_of(cell)
    short = SHORT_MODES.get(spaceless(text))
    return short or chosen_of(text, MODE_TITLES)


def counted(reader: RowReader, ballots: Mapping[str, int | None], void: int) -> dict[str, int]:
    """Return the ballots of each level; tell where the figures of the row contradict each other."""
    total = sum(count or 0 for count in ballots.values())
    back = total + void
    said = {key: whole(reader, key) for key in ("valid", "sum", "returned", "issued")}
    sure = said["valid"] == total or said["sum"] in {total, back} or said["returned"] == back
    for level, count in ballots.items():
        if count is None and not sure:
            reader.fail(f"{LEVEL}{level}", NOT_ZERO)
    if said["valid"] not in {None, total}:
        reader.fail("valid", NO_SUM, sum=total, said=said["valid"])
    if said["sum"] not in {None, total, back}:
        reader.fail("sum", NO_SUM, sum=total, said=said["sum"])
    if said["returned"] not in {None, back}:
        reader.fail("returned", NO_RETURN, said=said["returned"], back=back)
    if said["issued"] is not None and said["issued"] < back:
        reader.fail("issued", TOO_MANY, issued=said["issued"], back=back)
    return {level: count or 0 for level, count in ballots.items()}


def whole(reader: RowReader, key: str) -> int | None:
    """Return a figure that is there to compare; None where there is none, or none is computed."""
    if reader.row.cell(key).kind is Kind.UNCOMPUTED:
        return None
    return reader.take(key, count_of)
