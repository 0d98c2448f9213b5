"""Attendance of an activity: counts, or a roll of codes in a CSV file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from generator.formats.branch_files import Activity, AttendanceFile, Branch, Counts
from generator.text.codes import Severity
from generator.text.findings import MORE, MOST, Place
from generator.text.language import mark
from generator.text.messages import Message, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.files.told import Counted
    from generator.loading.evidence import Attachment
    from generator.loading.reader import Reader

MEMBER = re.compile(r"[A-Za-z0-9]{2,12}")
STATUSES = ("present", "leave", "absent")
HEADER = ("member", "status")

#: Attendance that comes to nobody is none; whether nobody came, a person decides.
NO_ROW, NOBODY_DUE = mark("考勤表里一个人也没有"), mark("应到 0 人，等于没有考勤")
NO_ATTENDANCE = mark("写上应到和到会的人；没有考勤的，删去 attendance 这一项")
NOBODY_CAME = mark("集中活动到会 0 人，请核对")
CHECK_PRESENT = mark("把实际到会的人记为 present；确实没有人到会的，不算一次集中活动")


HEADLESS = mark("第一行应为 member,status")
NAMELESS = mark("member 应为支部编的代号：2 至 12 个字母或数字")
STATELESS = mark("status 应为 present、leave 或 absent")
TWICE = mark("代号“{member}”出现两次")
#: What to do about a fault of a roll.
TO_DO = {
    HEADLESS: mark("把第一行写成 member,status，以下每人一行，例如 M01,present"),
    NAMELESS: mark("每行写一个代号，例如 M01，不写姓名；只写 member 和 status 两列"),
    STATELESS: mark("到会写 present，请假写 leave，缺席写 absent"),
    TWICE: mark("每人只写一行：删去重复的一行，或改正代号"),
}


class RollFault(NamedTuple):
    """What is wrong in a roll: line, message, the code that the message names.

    ``rest`` is the number of faults from this line on that are not listed.
    """

    line: int
    message: str
    member: str = ""
    rest: int = 0

    @property
    def words(self) -> Message:
        """What is wrong, in words."""
        return say(MORE, n=self.rest) if self.rest else say(self.message, member=self.member)


def attendance_of(
    reader: Reader,
    value: Activity,
    own: Mapping[str, Attachment],
    branch: Branch | None,
) -> dict[str, int | None] | None:
    """Return the counts of an activity, members first; None where there are none that hold.

    ``own`` are the files beside its record, by name. Faults go to the reader's report (E006).
    """
    attendance = value.attendance
    if attendance is None:
        return None
    roll = None
    if isinstance(attendance, AttendanceFile):
        roll = own.get(attendance.file)
        if roll is None or not roll.usable:
            return None
        counts = _roll(reader, roll)
    else:
        counts = _counted(reader, attendance)
    if counts is None:
        return None
    place = Place(roll.path) if roll else value.at("attendance")
    if counts["members"] == 0:
        reader.report.add("E006", place, NO_ROW if roll else NOBODY_DUE, hint=NO_ATTENDANCE)
        return None
    if not _fits(reader, value, counts["members"], branch, place):
        return None
    if counts["present"] == 0 and value.collective:
        reader.report.add("E006", place, NOBODY_CAME, hint=CHECK_PRESENT, severity=Severity.WARNING)
    return {**counts}


def with_attendance(value: Activity, told: Counted | None) -> Activity:
    """Return an activity whose attendance is not shown in full as one that has attendance."""
    if told is None or value.attendance is not None:
        return value
    unshown = Counts(place=value.place, node=value.node, members=0, present=0)
    return replace(value, attendance=unshown)


def counts_of(
    reader: Reader,
    value: Activity,
    own: Mapping[str, Attachment],
    branch: Branch | None,
    told: Counted | None,
) -> dict[str, int | None] | None:
    """Return the counts of an activity like ``attendance_of``, None for one that is not shown.

    Where they are told (``told``), no file is read for them.
    """
    if told is None:
        return attendance_of(reader, value, own, branch)
    if isinstance(value.attendance, AttendanceFile):
        roll = own.get(value.attendance.file)
        if roll is None or not roll.usable:
            return None
    members = told.counts.get("members")
    fits = members is None or _fits(reader, value, members, branch)
    return {**told.counts} or None if fits else None


def _fits(
    reader: Reader,
    value: Activity,
    members: int,
    branch: Branch | None,
    place: Place | None = None,
) -> bool:
    """Whether no more members are due than the branch has, where that is known."""
    limit = branch.members if branch else None
    if limit is None or members <= limit:
        return True
    reader.report.add(
        "E006",
        place or value.at("attendance"),
        "应到 {members} 人，超过支部党员 {limit} 人",
        hint="核对应到人数；党员人数变了的，改 branch.yml 的 members",
        members=members,
        limit=limit,
    )
    return False


def _counted(reader: Reader, counts: Counts) -> dict[str, int] | None:
    if counts.present + counts.leave + counts.absent != counts.members:
        reader.report.add(
            "E006",
            counts.at("members"),
            "到会 {present} + 请假 {leave} + 缺席 {absent} = {sum}，应到却是 {members}",
            present=counts.present,
            leave=counts.leave,
            absent=counts.absent,
            sum=counts.present + counts.leave + counts.absent,
            members=counts.members,
        )
        return None
    names = ("members", *STATUSES)
    return {name: getattr(counts, name) for name in names}


def _roll(reader: Reader, attachment: Attachment) -> dict[str, int] | None:
    counts, faults = read_roll(reader.tree.read(attachment.path))
    for fault in faults:
        place = Place(attachment.path, fault.line)
        reader.report.add("E006", place, fault.words, hint=TO_DO.get(fault.message))
    return None if faults else counts


def read_roll(data: bytes) -> tuple[dict[str, int], list[RollFault]]:
    """Return the counts of a roll, members first, and what is wrong with it, counted at last."""
    rows = lines_of(data.decode("utf-8-sig", "replace"))
    top, header = next(rows, (1, []))
    if sorted(filter(None, header)) != sorted(HEADER):
        return {}, [RollFault(top, HEADLESS)]
    member_at, status_at = map(header.index, HEADER)
    counts = dict.fromkeys(STATUSES, 0)
    seen: set[str] = set()
    faults: list[RollFault] = []
    for number, cells in rows:
        # Programs pad columns; whatever else stands in them is a fault.
        whole = len(cells) > max(member_at, status_at) and sum(map(bool, cells)) <= sum(
            bool(cells[at]) for at in (member_at, status_at)
        )
        member, status = (cells[member_at], cells[status_at]) if whole else ("", "")
        message = fault_of(member, status, seen)
        if message and len(faults) < MOST:
            faults.append(RollFault(number, message, member))
        elif message:
            rest = faults.pop() if faults[-1].rest else RollFault(number, MORE)
            faults.append(rest._replace(rest=rest.rest + 1))
        else:
            seen.add(member)
            counts[status] += 1
    return {"members": sum(counts.values()), **counts}, faults


def lines_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold something: number, and cells without white space around them."""
    for number, row in enumerate(rows_of(text), start=1):
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield number, cells


def rows_of(text: str) -> Iterator[list[str]]:
    """Yield the lines as lists of cells; a line that csv refuses comes last, as one cell."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        yield [text]


def fault_of(member: str, status: str, seen: set[str]) -> str:
    """Return the message for one line of a roll, empty where nothing is wrong with it."""
    if not MEMBER.fullmatch(member):
        return NAMELESS
    if status not in STATUSES:
        return STATELESS
    return TWICE if member in seen else ""
