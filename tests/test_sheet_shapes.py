"""Thirty sheets as offices have them: each is read right, or refused with sheet and cell.

``tests/sheets/make.py`` made them; what is expected is written by hand.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.exchange import attendance as attendance_sheet
from generator.exchange import ballots as ballots_sheet
from generator.exchange import branches as branches_sheet
from generator.exchange import due as due_sheet
from generator.exchange.names import Names
from generator.exchange.sheets import read_book
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.exchange.table import find_table
from generator.exchange.values import Titles
from generator.files.tree import MemoryTree
from generator.formats.branch_files import BRANCH
from generator.formats.committee_files import DEBRIEF, DUE
from generator.loading.reader import Reader
from generator.text.findings import Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.exchange.plan import Plan
    from generator.exchange.table import Column, Table

SHEETS = Path(__file__).parent / "sheets"


def table(name: str, columns: Sequence[Column]) -> Table:
    return find_table(read_book(name, (SHEETS / name).read_bytes()), columns)


def cells(plan: Plan) -> list[str]:
    """Return the cells that are not sure, without the name of their sheet."""
    return sorted(trouble.where.partition("!")[2] for trouble in plan.troubles)


#: Sheet → people by how they attended (in the order of their codes), cells that are not sure.
ROLLS = {
    "attendance-plain.xlsx": ("PPPLLAAP", []),
    "attendance-blocks.xlsx": ("PPPLPPP", ["F5"]),
    "attendance-ticks.xls": ("PPLLAP", []),
    "attendance-filtered.xlsx": ("LPPLPPLP", []),
    "attendance-same-names.xlsx": ("PLP", []),
    "attendance-unsure.xlsx": ("PA", ["A8", "B2", "B3", "B4", "B6", "B7"]),
    "attendance-padded.xls": ("LPPPP", []),
    "attendance-utf16.csv": ("PPP", []),
    "dingtalk-clock.xlsx": ("PPLA", ["H8"]),
    "dingtalk-signed.csv": ("PPPP", ["C6"]),
    "wecom-clock.xlsx": ("PPL", ["F7"]),
    "wecom-meeting.csv": ("PPP", []),
}


@pytest.mark.parametrize("name", ROLLS)
def test_sign_in_sheets(name: str) -> None:
    roll = attendance_sheet.read_roll(table(name, attendance_sheet.COLUMNS), Names({}))
    said = "".join(status[0].upper() for _, status in sorted(roll.statuses.items()))
    assert (said, cells(roll.plan)) == ROLLS[name]


FIRST = """\
# 示例
name: 示例甲党支部
kind: regular
societies: [示例甲学会]
established: 2012-09-14
members: 20      # 年初
submitters: [example-a]
"""
FILES = MappingProxyType({"a": FIRST.encode(), "old": FIRST.replace("甲", "丁").encode()})
KINDS = Titles({"regular": "党支部", "functional": "功能型"})
CONSORTIA = Titles({"east": "东片", "west": "西片"})


def known_branches() -> branches_sheet.Known:
    tree = MemoryTree({f"branches/{id_}/branch.yml": data for id_, data in FILES.items()})
    reader = Reader(tree, Report())
    read = {id_: reader.load(f"branches/{id_}/branch.yml", BRANCH)[0] for id_ in FILES}
    return branches_sheet.Known(KINDS, CONSORTIA, read, FILES, {"b003"})


#: id → what its file says in the end: kind, members, day, societies, committee, consortium, logins.
A = ("regular", 23, "2012-09-14", "示例甲学会", True, "east", "example-a")
B = ("regular", 9, "2015-03-02", "示例乙学会 示例丙学会", False, None, "b-1 b-2")
D = ("functional", 31, "2020-07-01", "示例丁学会", None, "west", "example-d")
D_MERGED = ("functional", 31, "2020-07-01", "示例甲学会", None, None, "example-d")
LISTS: Mapping[str, tuple[Mapping[str, tuple[object, ...]], list[str]]] = {
    "branches-plain.xlsx": ({"a": A, "b004": B, "old": D}, []),
    "branches-mixed.xls": ({"old": D, "b007": B, "a": A}, []),
    "branches-merged.xlsx": (
        {
            "a": (*A[:5], None, A[6]),
            "b004": (*B[:3], "示例甲学会", False, None, B[6]),
            "old": D_MERGED,
        },
        [],
    ),
    "branches-gbk.csv": ({"a": A, "b004": B, "old": D}, []),
    "branches-unsure.xlsx": ({}, ["C4", "D3", "G3", "G6", "H2", "H5", "I6"]),
    "branches-1904.xlsx": ({"a": A, "b004": B}, []),
    "branches-inserted.xlsx": ({"a": A, "b004": B, "old": D}, []),
    "branches-office.xlsx": ({"a": A, "b004": B}, []),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_branches(name: str) -> None:
    plan = branches_sheet.plan_branches(table(name, branches_sheet.COLUMNS), known_branches())
    found = {}
    for path, data in plan.files.items():
        own = yaml.safe_load(data)
        found[path.split("/")[1]] = (
            own["kind"], own["members"], f"{own['established']}", " ".join(own["societies"]),
            own.get("has_committee"), own.get("consortium"), " ".join(own["submitters"]),
        )  # fmt: skip
        if path == "branches/a/branch.yml":
            assert data.startswith(b"# ")
    assert (found, cells(plan)) == LISTS[name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("branches-lacking.xlsx", "名册!A1 这一行是标题，缺少这些列：党员数"),
        ("branches-twice.xlsx", "“名称”这一列出现了不止一次：名册!B1、名册!J1"),
    ],
)
def test_lists_whose_headings_do_not_tell(name: str, words: str) -> None:
    with pytest.raises(UnreadableSheetError, match=words):
        table(name, branches_sheet.COLUMNS)


NAMES = {"a": "示例甲党支部", "b": "示例乙党支部", "old": "示例丁党支部", "c": "示例丙党支部"}
BRANCHES = Titles(NAMES)
DUE_FILE = """\
# 应报事项
- {id: report-q1, kind: report, title: 第一季度简报, due: 2025-03-10}
- {id: d004, kind: report, title: 第二季度简报, due: 2025-06-30}
"""
Q1 = "report 第一季度简报 2025-03-31 None None a:2025-04-10"
Q2 = "report 第二季度简报 2025-06-30 None None a:2025-07-05"
MAY = "training 五月培训 None 2025-05-18 a,b "
DUES: Mapping[str, tuple[Mapping[str, str], list[str]]] = {
    "due-plain.xlsx": ({"report-q1": Q1, "d004": Q2, "d005": MAY}, []),
    "due-sorted.xls": (
        {
            "report-q1": "report 第一季度简报 2025-03-31 None None ",
            "d004": "report 第二季度简报 2025-06-30 None None ",
            "d005": MAY,
        },
        [],
    ),
    "due-unsure.csv": (
        {
            "report-q1": "report 第一季度简报 2025-03-10 None None ",
            "d004": "report 第二季度简报 2025-06-30 None None ",
            "d005": "report 十月材料 2025-10-31 None a ",
        },
        ["B4", "C2", "C5", "D3"],
    ),
}


@pytest.mark.parametrize("name", DUES)
def test_due_lists(name: str) -> None:
    kinds = Titles({"report": "报送事项", "training": "培训"})
    reader = Reader(MemoryTree({"due.yml": DUE_FILE.encode()}), Report())
    entries = reader.load("due.yml", DUE)[0] or ()
    known = due_sheet.Known(kinds, BRANCHES, entries, "due.yml", DUE_FILE.encode())
    plan = due_sheet.plan_due(table(name, due_sheet.COLUMNS), known)
    data = plan.files["due.yml"]
    found = {}
    for own in yaml.safe_load(data):
        branches = ",".join(own["branches"]) if "branches" in own else None
        more = ",".join(f"{key}:{day}" for key, day in own.get("extended", {}).items())
        days = f"{own.get('due')} {own.get('date')}"
        found[own["id"]] = f"{own['kind']} {own['title']} {days} {branches} {more}"
    assert (found, cells(plan)) == DUES[name]
    assert data.startswith("# 应报事项\n".encode())


DEBRIEF_FILE = """\
held: 2026-01-10
branches:
  a: {mode: onsite, ballots: {excellent: 24, good: 3, poor: 0}, void: 1}   # 已核对
"""
#: Branch → mode, ballots, void, issued, points; cells that are not sure; rows that nobody filled.
COUNTS: Mapping[str, tuple[Mapping[str, tuple[object, ...]], list[str], int]] = {
    "ballots-counted.xlsx": (
        {"a": ("onsite", "24 3 0", 1, 30, None), "b": ("onsite", "20 0 0", None, 30, None)},
        [],
        1,
    ),
    "ballots-counted.xls": (
        {"a": ("onsite", "24 3 0", 1, 30, None), "b": ("onsite", "20 0 0", None, 30, None)},
        [],
        1,
    ),
    "ballots-uncomputed.xlsx": ({"a": ("onsite", "24 3 0", 1, 30, None)}, ["E5", "F5"], 1),
    "ballots-unsure.xlsx": (
        {
            "a": ("onsite", "24 3 0", 1, None, None),
            "b": ("written", "", None, None, 4.5),
            "c": ("onsite", "20 5 1", 0, None, None),
        },
        ["E5", "F2"],
        0,
    ),
    "ballots-text.csv": ({"a": ("onsite", "20 5 0", 1, None, None)}, [], 0),
}


@pytest.mark.parametrize("name", COUNTS)
def test_count_sheets(name: str) -> None:
    levels = {"excellent": "优秀", "good": "良好", "poor": "较差"}
    data = DEBRIEF_FILE.encode()
    reader = Reader(MemoryTree({"debrief.yml": data}), Report())
    debrief = reader.load("debrief.yml", DEBRIEF)[0]
    assert debrief is not None
    known = ballots_sheet.Known(levels, BRANCHES, debrief.branches, "debrief.yml", data)
    plan = ballots_sheet.plan_ballots(table(name, ballots_sheet.columns_of(levels)), known)
    found = {}
    for id_, own in yaml.safe_load(plan.files["debrief.yml"])["branches"].items():
        votes = " ".join(f"{count}" for count in own.get("ballots", {}).values())
        found[id_] = (own["mode"], votes, own.get("void"), own.get("issued"), own.get("points"))
    assert (found, cells(plan), plan.empty) == COUNTS[name]


def test_every_sheet_is_in_a_table_of_this_file() -> None:
    kinds = {".xlsx", ".xls", ".csv"}
    there = {path.name for path in SHEETS.iterdir() if path.suffix in kinds}
    told = {*ROLLS, *LISTS, *DUES, *COUNTS, "branches-lacking.xlsx", "branches-twice.xlsx"}
    assert there == told | {"before-2007.xls"}
    assert len(told) == 30
