"""``appraise import attendance``: which activity, which key of names, what is written."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from generator.cli.common import ERRORS, EnvironmentProblem, UnknownBranch, answers
from generator.cli.filing.roll.keyfile import held, key_path, load_names, save_names
from generator.cli.filing.telling import table_in, tell_table, tell_troubles, write
from generator.cli.line.completion import folders
from generator.exchange import attendance as sheet
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.files.limits import MEGABYTE
from generator.files.paths import ACTIVITIES, BRANCHES, RECORD_FILES, RecordPath
from generator.files.tree import WorkingTree
from generator.formats.branch_files import ACTIVITY, AttendanceFile
from generator.formats.writing import UneditableError, UnwritableError, edited
from generator.loading.attendance import STATUSES, lines_of
from generator.loading.reader import Reader
from generator.text.days import read_day
from generator.text.findings import Report
from generator.text.language import gettext, mark, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from pathlib import Path

    from generator.exchange.attendance import Roll
    from generator.exchange.names import Names
    from generator.exchange.table import Table

NAME = "attendance.csv"
NO_ACTIVITY = mark(
    "“{path}”不是活动的文件夹：应写作 branches/支部编号/年度/activities/文件夹，里面有 activity.yml"
)
UNREADABLE = mark("{path} 读不懂，不能改写：请先按 appraise check 的提示改正")
KEPT = mark("对照表（姓名与代号）：{path}。它在仓库之外，不要上传")
COUNTED = mark("应到 {members} 人：到会 {present}，请假 {leave}，缺席 {absent}")
FEWER = mark("注意：没有写的人不在应到人数里；改好这些格再导入一次")
NOT_YET = mark("以上只是预览，什么也没有写，代号也还没有编；加上 --yes 写入")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the sheet, the activity or else the branch, the key, whether to write."""

    file: Path
    sheet: str | None
    activity: Path | None
    branch: str | None
    key: Path | None
    yes: bool


def take(root: Path, asked: Asked) -> None:
    """Make a roll with codes: into the activity that was named, else to the output."""
    record = activity_at(root, asked.activity) if asked.activity else None
    branch = branch_of(root, asked, record)
    with answers("HEAD", root=root):
        path = key_path(root, branch, asked.key)
    day = read_day(record.folder[:10]) if record else None
    columns = sheet.columns_on(day) if day else sheet.COLUMNS
    table = table_in(asked.file, columns, asked.sheet)
    # Codes that are printed are given, so that the key must hold them.
    given = asked.yes or record is None
    with held(path) if given else nullcontext():
        names = load_names(path, codes_of(root, branch) if branch else ())
        roll = read(asked, table, names, err=record is None)
        files = files_of(root, record, roll) if record else {}
        if given and names.added:
            save_names(path, names)
        if given and files:
            write(root, files)
    if given:
        click.echo(tr(KEPT, path=visible(f"{path}")), err=record is None)
    if record is None:
        click.echo(roll.written(), nl=False)
    elif not files:
        click.echo(gettext("没有要写的改动"))
    elif not given:
        click.echo(gettext(NOT_YET))
    if roll.plan.troubles:
        sys.exit(ERRORS)


def branch_of(root: Path, asked: Asked, record: RecordPath | None) -> str:
    """Return the branch whose key is used; nothing where none is named."""
    if asked.branch is None:
        return record.branch if record else ""
    known = folders(root, BRANCHES)
    if asked.branch not in known:
        raise UnknownBranch(asked.branch, known)
    if record and record.branch != asked.branch:
        words = tr("这个活动是支部“{id}”的，不是“{other}”的", id=record.branch, other=asked.branch)
        raise EnvironmentProblem(words)
    return asked.branch


def activity_at(root: Path, path: Path) -> RecordPath:
    """Return the activity whose folder, or file in it, lies at a path from here or from the root.

    Raises EnvironmentProblem.
    """
    top, name = root.resolve(), RECORD_FILES[ACTIVITIES]
    for found in (path.resolve(), (root / path).resolve()):
        folder = found.parent if found.name == name else found
        if top in folder.parents:
            record = RecordPath.of(f"{folder.relative_to(top).as_posix()}/{name}")
            if record and _is_activity(record) and (folder / name).is_file():
                return record
    raise EnvironmentProblem(tr(NO_ACTIVITY, path=visible(f"{path}")))


def _is_activity(record: RecordPath) -> bool:
    return record.group == ACTIVITIES and record.is_record


def codes_of(root: Path, branch: str) -> set[str]:
    """Return the codes that stand in the rolls of a branch: some may have been given by hand."""
    tree = WorkingTree(root)
    found = set()
    for entry in tree.folder(branch):
        if entry.path.endswith(".csv") and entry.is_file and entry.size <= MEGABYTE:
            text = tree.read(entry.path).decode("utf-8-sig", "replace")
            found |= {cell for _, cells in lines_of(text) for cell in cells}
    return found


def read(asked: Asked, table: Table, names: Names, *, err: bool) -> Roll:
    """Read the sheet and say what was read, without a name; raises EnvironmentProblem."""
    tell_table(asked.file, table, titles=False, err=err)
    try:
        roll = sheet.read_roll(table, names)
    except UnreadableSheetError as error:
        words = tr("读不了“{name}”：{why}", name=visible(asked.file.name), why=error.words)
        raise EnvironmentProblem(words) from None
    counts = {status: roll.count(status) for status in STATUSES}
    click.echo(tr(COUNTED, members=len(roll.statuses), **counts), err=err)
    if names.added:
        click.echo(tr("新编代号：{n} 个", n=names.added), err=err)
    tell_troubles(roll.plan, err=err)
    if roll.plan.troubles and roll.statuses:
        click.echo(gettext(FEWER), err=err)
    return roll


def files_of(root: Path, record: RecordPath, roll: Roll) -> dict[str, bytes]:
    """Return the files of the activity that change: its roll, and its record that names it."""
    tree, path = WorkingTree(root), f"{record.record}/{record.file}"
    value = Reader(tree, Report()).load(path, ACTIVITY)[0]
    if value is None:
        raise EnvironmentProblem(tr(UNREADABLE, path=path))
    if not roll.statuses:
        return {}
    before = value.attendance
    name = before.file if isinstance(before, AttendanceFile) else NAME
    try:
        record_data = edited(tree.read(path), ACTIVITY, {"attendance": {"file": name}})
    except (UneditableError, UnwritableError):
        raise EnvironmentProblem(tr(UNREADABLE, path=path)) from None
    files = {f"{record.record}/{name}": roll.written(), path: record_data}
    there = {own: data for own in files if (data := found_at(tree, own)) is not None}
    changed = {own: data for own, data in files.items() if there.get(own) != data}
    for own in changed:
        words = "修改 {name}" if own in there else "新增 {name}"
        click.echo(gettext("  ") + tr(words, name=own))
    return changed


def found_at(tree: WorkingTree, path: str) -> bytes | None:
    """Return the bytes of a file; None where there is none."""
    try:
        return tree.read(path)
    except OSError:
        return None
