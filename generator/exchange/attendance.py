"""A sign-in sheet, or what a chat service exports, → attendance.csv with codes.

Each person has one row, or one of several blocks side by side; how they attended is said by words,
by a tick in a column, or by the time at which they signed in. No message holds a name, nor what
stands beside one: cells are told by their addresses alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.names import NO_NAME, SEVERAL_PEOPLE, Names, Person, mark_of, name_of
from generator.exchange.plan import Plan, RowReader
from generator.exchange.sheets.grid import Kind
from generator.exchange.sheets.problems import UnreadableCellError, UnreadableSheetError
from generator.exchange.table import Column, Row, Table
from generator.exchange.values import folded
from generator.loading.attendance import HEADER, STATUSES
from generator.text.language import mark
from generator.text.titles import spaceless

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from generator.exchange.sheets.grid import Cell

PRESENT, LEAVE, ABSENT = STATUSES
NO_STATUS = mark("{where} 这一行是标题，缺少写明到会、请假、缺席的列，例如“状态”")
BLANK = mark("没有写到会、请假还是缺席")
UNKNOWN = mark("看不出是到会、请假还是缺席：请写“到会”“请假”或“缺席”")
CONTRADICTS = mark("这一行有的格写到会，有的写请假或缺席，请核对")
TWICE = mark(
    "与 {where} 是同一个姓名：同一个人的只留一行；不同的人，请加一列“工号”，或在姓名后写明"
)
SHARED_MARK = mark("与 {where} 是同一个人，两处写的不一样，请核对")

COLUMNS = (
    Column(
        "name",
        "姓名",
        frozenset(
            {
                "名字", "党员姓名", "人员姓名", "员工姓名", "成员姓名", "参会人", "参会人员",
                "参加人员", "出席人员", "签到人", "签到人员", "打卡人", "打卡人员", "用户昵称",
                "用户姓名", "昵称", "成员", "人员", "党员", "学员姓名", "name",
            }
        ),
        required=True,
        repeated=True,
    ),
    Column(
        "status",
        "状态",
        frozenset(
            {
                "考勤", "考勤情况", "考勤结果", "考勤状态", "出勤", "出勤情况", "出勤状态",
                "签到", "签到情况", "签到状态", "签到结果", "到会情况", "参会情况", "参会状态",
                "参加情况", "出席情况", "出席状态", "打卡结果", "打卡状态", "是否到会",
                "是否参会", "是否参加", "是否出席", "是否签到", "签名", "签字", "本人签名",
                "本人签字", "会议签到", "status",
            }
        ),
        repeated=True,
    ),
    Column(
        "time",
        "签到时间",
        frozenset(
            {
                "到会时间", "打卡时间", "实际打卡时间", "首次入会时间", "入会时间", "签到日期",
                "扫码时间",
            }
        ),
        repeated=True,
    ),
    Column(
        PRESENT,
        "到会",
        frozenset({"到", "已到", "实到", "出席", "参会", "参加", "已签到", "到场"}),
        repeated=True,
    ),
    Column(
        LEAVE, "请假", frozenset({"事假", "病假", "公假", "因公请假", "因私请假"}), repeated=True
    ),
    Column(
        ABSENT,
        "缺席",
        frozenset({"未到", "缺勤", "旷会", "未签到", "无故缺席"}),
        repeated=True,
    ),
    Column(
        "mark",
        "工号",
        frozenset({"账号", "帐号", "用户id", "userid", "员工编号", "人员编号"}),
    ),
)  # fmt: skip


def columns_on(day: datetime.date) -> tuple[Column, ...]:
    """Return the columns of a sheet that may have one for each meeting, headed by its day."""
    year, month, number = day.year, day.month, day.day
    short = {
        f"{month}月{number}日",
        f"{month}月{number}号",
        f"{month}.{number}",
        f"{month}/{number}",
    }
    long = {f"{day}", f"{year}.{month}.{number}", f"{year}/{month}/{number}"}
    wide = {f"{month:02}月{number:02}日", f"{month:02}-{number:02}", f"{month:02}.{number:02}"}
    titles = short | long | wide | {f"{year}年{month}月{number}日"}
    return tuple(
        replace(own, others=own.others | titles) if own.key == "status" else own for own in COLUMNS
    )


#: Words of offices → how somebody attended.
WORDS = {
    **dict.fromkeys(
        frozenset(
            {
                "到", "已到", "到会", "已到会", "到场", "实到", "出席", "已出席", "参加",
                "已参加", "参会", "已参会", "签到", "已签到", "签到成功", "正常", "出勤", "是",
                "√", "✓", "✔", "☑", "present",
            }
        ),
        PRESENT,
    ),
    **dict.fromkeys(
        frozenset(
            {
                "请假", "已请假", "事假", "病假", "公假", "年假", "产假", "婚假", "丧假", "休假",
                "陪产假", "因公请假", "因私请假", "因事请假", "因病请假", "leave",
            }
        ),
        LEAVE,
    ),
    **dict.fromkeys(
        frozenset(
            {
                "缺席", "缺勤", "未到", "未到会", "未参加", "未参会", "未出席", "未签到", "旷",
                "旷会", "旷工", "旷课", "无故缺席", "absent",
            }
        ),
        ABSENT,
    ),
}  # fmt: skip
TICKS = frozenset({"√", "✓", "✔", "☑", "■", "●", "1", "是", "y", "v"})
#: What programs write where there is nothing.
NOTHING = frozenset({"", "-", "--", "—", "——", "/", "☐", "□"})
_TIME = re.compile(r"(?:[0-9]{4}[-./年].*)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?.*")
CODE = re.compile("([A-Za-z]*)([0-9]*)(.*)")


class Seen(NamedTuple):
    """Somebody in a sheet: who, how they attended (nothing: not sure), and where it is said."""

    person: Person
    status: str
    reader: RowReader


@dataclass(slots=True)
class Roll:
    """A roll: code → how its person attended, and what could not be read."""

    plan: Plan = field(default_factory=Plan)
    statuses: dict[str, str] = field(default_factory=dict)

    def count(self, status: str) -> int:
        """Return how many attended in one way."""
        return sum(own == status for own in self.statuses.values())

    def written(self) -> bytes:
        """Return the file: a line a code, in the order of codes, which says nothing of names."""
        lines = [",".join(HEADER)]
        lines += [f"{code},{self.statuses[code]}" for code in sorted(self.statuses, key=place_of)]
        return "".join(f"{line}\n" for line in lines).encode("ascii")


def place_of(code: str) -> tuple[str, int, str]:
    """Return where a code stands in a roll: M9 before M10."""
    found = CODE.fullmatch(code)
    letters, digits, rest = found.groups() if found else (code, "", "")
    return (letters, int(digits or 0), rest)


def read_roll(table: Table, names: Names) -> Roll:
    """Return the roll of a sheet, with a new code in ``names`` for everybody who had none.

    Raises UnreadableSheetError where no column says who came.
    """
    if table.columns.keys() <= {"name", "mark"}:
        raise UnreadableSheetError(NO_STATUS, where=table.place)
    roll = Roll()
    seen: dict[Person, Seen] = {}
    for row in blocks(table):
        found = read_row(RowReader(row, roll.plan))
        if found is not None:
            compare(seen, found)
    named = Counter(person.name for person in seen)
    for found in seen.values():
        alone = named[found.person.name] == 1
        if found.reader.clean and not (alone or found.person.mark):
            found.reader.fail("name", SEVERAL_PEOPLE)
        if found.reader.clean:
            try:
                code = names.code(found.person, alone=alone)
            except UnreadableCellError as error:
                found.reader.fail("name", error.words.id)
            else:
                roll.statuses[code] = found.status
    return roll


def blocks(table: Table) -> Iterator[Row]:
    """Yield a row for every person: a table may have several blocks of columns side by side."""
    places = sorted(table.columns["name"])
    ends = [*places[1:], None]
    first = {key: own for key, own in table.columns.items() if key != "name"}
    for row in table.rows:
        for at, (start, end) in enumerate(zip(places, ends, strict=True)):
            low = 0 if at == 0 else start
            columns = {"name": start}
            for key, own in first.items():
                inside = [place for place in own if low <= place and (end is None or place < end)]
                columns |= {f"{key}:{n}" if n else key: p for n, p in enumerate(inside)}
            block = Row(row.sheet, row.number, columns)
            if any(map(block.has, columns)):
                yield block


def read_row(reader: RowReader) -> Seen | None:
    """Read one person; None where nobody surely is there. What is not sure is told."""
    row = reader.row
    if not row.has("name") and all(is_nothing(row.cell(key)) for key in row.columns):
        return None
    if not row.has("name"):
        reader.fail("name", NO_NAME)
    name = reader.take("name", name_of)
    nothing = is_nothing(row.cell("mark"))
    marked = "" if nothing else reader.take("mark", mark_of) or ""
    votes = votes_of(reader, name or "")
    if name is None:
        return None
    if reader.clean and len(set(votes)) != 1:
        key = next((key for key in row.columns if key not in {"name", "mark"}), "name")
        reader.fail(key, CONTRADICTS if votes else BLANK)
    return Seen(Person(name, marked), votes[0] if reader.clean else "", reader)


def votes_of(reader: RowReader, name: str) -> list[str]:
    """Return how somebody attended, said by each cell that says something."""
    votes = []
    for key in reader.row.columns:
        kind = key.partition(":")[0]
        cell = reader.row.cell(key)
        if kind in {"name", "mark"} or is_nothing(cell):
            continue
        found = vote(kind, cell, name)
        if found is None:
            reader.fail(key, UNKNOWN)
        else:
            votes.append(found)
    return votes


def is_nothing(cell: Cell) -> bool:
    """Whether a cell holds nothing, or what programs write for it."""
    return cell.kind is Kind.BLANK or (cell.kind is Kind.TEXT and spaceless(cell.text) in NOTHING)


def vote(kind: str, cell: Cell, name: str) -> str | None:
    """Return what a cell of a column says; None where that is not sure."""
    if cell.kind in {Kind.FAULT, Kind.UNCOMPUTED}:
        return None
    said = spaceless(cell.text).lower()
    if kind == "time":
        timed = cell.kind in {Kind.DAY, Kind.TIME} or _TIME.fullmatch(folded(cell))
        return PRESENT if timed else WORDS.get(said)
    if kind in STATUSES:
        ticked = said in TICKS or cell.value is True or WORDS.get(said) == kind
        return kind if ticked else None
    if cell.kind is Kind.YES_NO:
        return PRESENT if cell.value is True else None
    if cell.kind is Kind.TIME or _TIME.fullmatch(said):
        return PRESENT
    # Who signs writes the name once more.
    return PRESENT if said == name.lower() else WORDS.get(said)


def compare(seen: dict[Person, Seen], found: Seen) -> None:
    """Keep somebody who is seen for the first time; tell of who is seen again."""
    other = seen.setdefault(found.person, found)
    same = other.status == found.status or "" in {other.status, found.status}
    if other is found or (found.person.mark and same):
        return
    words = SHARED_MARK if found.person.mark else TWICE
    found.reader.fail("name", words, where=other.reader.row.at("name"))
    if other.reader.clean:
        other.reader.fail("name", words, where=found.reader.row.at("name"))
