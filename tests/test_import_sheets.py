"""``appraise import KIND`` on a repository: shown first, written by --yes, names never."""

from __future__ import annotations

import datetime
import io
import shutil
import stat
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner, Result

from generator.cli.filing.roll.keyfile import held
from generator.cli.filing.sheets import OFFERED
from generator.loading.attendance import read_roll
from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Lines of a sheet.
Lines = list[list[object]]

ACTIVITY = "branches/demo-a/2025/activities/2025-03-12-theme-day"
PEOPLE = ("张三", "李四", "王五", "赵六")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small repository; the user's data folder lies beside it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("sys.platform", "linux")
    return Path(shutil.copytree(BASE, tmp_path / "repository"))


def run(root: Path, kind: str, *words: str | Path) -> Result:
    """Run ``appraise import KIND``; a fault of the program is raised."""
    arguments = [str(word) for word in words]
    return CliRunner().invoke(
        OFFERED[kind], [*arguments, "--root", str(root)], catch_exceptions=False
    )


def sheet(root: Path, lines: Sequence[Sequence[object]], name: str = "表.xlsx") -> Path:
    """Write a workbook beside the repository."""
    book = openpyxl.Workbook()
    book.active.title = "表"
    for line in lines:
        book.active.append(list(line))
    stream = io.BytesIO()
    book.save(stream)
    path = root.parent / name
    path.write_bytes(stream.getvalue())
    return path


def snapshot(root: Path) -> dict[str, bytes]:
    """Return every file of the repository."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def key_of(root: Path) -> Path:
    (found,) = (root.parent / "data").rglob("*.csv")
    return found


SIGNED: Lines = [["姓名", "签到"], ["张三", "到"], ["李四", "请假"], ["王五", "缺席"]]


def test_attendance_is_shown_first_and_written_by_yes(root: Path) -> None:
    before, file = snapshot(root), sheet(root, SIGNED)
    shown = run(root, "attendance", file, "--activity", ACTIVITY)
    assert shown.exit_code == 0
    assert "应到 3 人：到会 1，请假 1，缺席 1" in shown.output
    assert "加上 --yes 写入" in shown.output
    assert snapshot(root) == before
    assert not (root.parent / "data").exists()
    done = run(root, "attendance", file, "--activity", root / ACTIVITY / "activity.yml", "--yes")
    assert done.exit_code == 0
    after = snapshot(root)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {f"{ACTIVITY}/attendance.csv", f"{ACTIVITY}/activity.yml"}
    assert after[f"{ACTIVITY}/attendance.csv"] == (
        b"member,status\nM01,present\nM02,leave\nM03,absent\n"
    )
    assert read_roll(after[f"{ACTIVITY}/attendance.csv"]) == (
        {"members": 3, "present": 1, "leave": 1, "absent": 1},
        [],
    )
    assert "file: attendance.csv" in after[f"{ACTIVITY}/activity.yml"].decode()
    again = run(root, "attendance", file, "--activity", ACTIVITY, "--yes")
    assert "没有要写的改动" in again.output
    assert snapshot(root) == after


def test_no_name_is_written_into_the_repository_or_told(root: Path) -> None:
    """Not of who is read, nor of who is not: cells are told by their addresses."""
    lines: Lines = [["钱七签到表"], ["姓名", "状态", "张三的电话"], ["张三", "到", "1"]]
    lines += [["李四", "王五替"], ["赵六", None], ["张三", "李四"], ["王五 ", "=赵六"]]
    file = sheet(root, [*lines, ["钱七8号", "到"]])
    for words in ([], ["--activity", ACTIVITY], ["--activity", ACTIVITY, "--yes"]):
        told = run(root, "attendance", file, *words)
        assert told.exit_code == 1
        whole = told.output + "".join(map(str, snapshot(root)))
        whole += b"".join(snapshot(root).values()).decode("utf-8", "replace")
        assert [name for name in (*PEOPLE, "钱七", "某某") if name in whole] == []
    keys = b"".join(path.read_bytes() for path in (root.parent / "data").rglob("*.csv"))
    assert "张三" not in keys.decode("utf-8-sig")
    assert told.output.count("同一个姓名") == 2


def test_the_key_keeps_codes_for_ever_and_is_the_owner_s_alone(root: Path) -> None:
    run(root, "attendance", sheet(root, SIGNED), "--activity", ACTIVITY, "--yes")
    key = key_of(root)
    assert key.read_text("utf-8-sig").splitlines() == [
        *("姓名,区分,代号", "张三,,M01", "李四,,M02", "王五,,M03")
    ]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    turned = sheet(root, [["姓名", "签到"], ["赵六", "到"], ["王 五", "到"], ["张三", "事假"]])
    run(root, "attendance", turned, "--activity", ACTIVITY, "--yes")
    assert (root / ACTIVITY / "attendance.csv").read_text() == (
        "member,status\nM01,leave\nM03,present\nM04,present\n"
    )


def test_two_imports_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """Else both would give the same new code to two people."""
    order = []

    def other() -> None:
        with held(tmp_path / "key.csv"):
            order.append("second")

    waiting = Thread(target=other)
    with held(tmp_path / "key.csv"):
        waiting.start()
        waiting.join(timeout=0.1)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_codes_that_were_given_by_hand_are_left_to_their_people(root: Path) -> None:
    (root / ACTIVITY / "roll.csv").write_text("member,status\nM11,present\n")
    run(root, "attendance", sheet(root, SIGNED), "--activity", ACTIVITY, "--yes")
    assert "M12,present\n" in (root / ACTIVITY / "attendance.csv").read_text()


def test_without_an_activity_the_roll_is_the_output(root: Path) -> None:
    before = snapshot(root)
    told = run(root, "attendance", sheet(root, SIGNED), "--branch", "demo-b")
    assert told.stdout == "member,status\nM01,present\nM02,leave\nM03,absent\n"
    assert "应到 3 人" in told.stderr
    assert key_of(root).name == "demo-b.csv"
    assert run(root, "attendance", root.parent / "表.xlsx").stdout == told.stdout
    assert snapshot(root) == before


@pytest.mark.parametrize("inside", ["key.csv", "branches/demo-a/key.csv", "link/key.csv"])
def test_a_key_inside_the_repository_is_refused(root: Path, inside: str) -> None:
    (root.parent / "link").symlink_to(root / "branches")
    place = root.parent / inside if inside.startswith("link") else root / inside
    before, file = snapshot(root), sheet(root, SIGNED)
    told = run(root, "attendance", file, "--activity", ACTIVITY, "--yes", "--key", place)
    assert told.exit_code == 2
    assert "请放到仓库以外的地方" in told.output
    assert snapshot(root) == before


def test_a_key_may_lie_anywhere_else(root: Path) -> None:
    key = root.parent / "mine" / "key.csv"
    told = run(root, "attendance", sheet(root, SIGNED), "--branch", "demo-a", "--key", key)
    assert told.exit_code == 0
    assert "张三,,M01" in key.read_text("utf-8-sig")
    key.write_text("乱的", "utf-8")
    told = run(root, "attendance", sheet(root, SIGNED), "--branch", "demo-a", "--key", key)
    assert told.exit_code == 2
    assert key.read_text("utf-8") == "乱的"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--activity", "branches/demo-a/2025/documents/plan"], "不是活动的文件夹"),
        (["--activity", "/"], "不是活动的文件夹"),
        (["--activity", "branches/demo-a/2025/activities/none"], "不是活动的文件夹"),
        (["--branch", "demo-z"], "没有支部“demo-z”"),
        (["--activity", ACTIVITY, "--branch", "demo-b"], "这个活动是支部“demo-a”的"),
        (["--sheet", "别的"], "没有工作表“别的”；有：表"),
    ],
)
def test_what_is_asked_for_must_be_there(root: Path, words: list[str], told: str) -> None:
    found = run(root, "attendance", sheet(root, SIGNED), *words)
    assert (found.exit_code, told in found.output) == (2, True)


@pytest.mark.parametrize("head", ["3月12日", "2025.3.12", datetime.date(2025, 3, 12), "3/12"])
def test_of_a_sheet_with_a_column_a_meeting_that_of_its_day_is_read(
    root: Path, head: object
) -> None:
    lines: Lines = [
        ["序号", "姓名", "1月22日", head],
        [1, "张三", "请假", "√"],
        [2, "李四", "√", None],
    ]
    told = run(root, "attendance", sheet(root, lines), "--activity", ACTIVITY)
    assert "应到 1 人：到会 1，请假 0，缺席 0" in told.output
    assert "表!D3：没有写到会、请假还是缺席" in told.output
    assert "没有读的列：表!A1、表!C1" in told.output


def test_a_list_of_names_alone_says_nothing_of_who_came(root: Path) -> None:
    found = run(root, "attendance", sheet(root, [["序号", "姓名"], [1, "张三"]]))
    assert found.exit_code == 2
    assert "缺少写明到会、请假、缺席的列" in found.output


BRANCHES: Lines = [
    ["党员数", "名称", "类型", "学会", "成立日期", "报送账号", "联合体", "书记"],
    [12, "示例a党支部", "党支部", "示例a学会", "2025.1.2", "example-a", "东部示例联合体", "某某"],
    [9, "示例新党支部", "功能型党支部", "示例新学会", "2025年6月1日", "new-a", None, "某某"],
    ["几人", "示例b党支部", "党支部", "示例b学会", "2025.1.2", "example-b", None, "某某"],
]


def test_a_list_of_branches_is_shown_first_and_a_row_that_is_not_sure_is_left_out(
    root: Path,
) -> None:
    before, file = snapshot(root), sheet(root, BRANCHES)
    shown = run(root, "branches", file)
    assert shown.exit_code == 1
    assert snapshot(root) == before
    for words in (
        "没有读的列：表!H1“书记”",
        "修改 demo-a（示例a党支部）：党员人数 10 → 12",
        "新增 b001：名称 示例新党支部；类型 功能型党支部",
        "表!A4：“几人”不能确定是几",
        "以上只是预览",
    ):
        assert words in shown.output
    done = run(root, "branches", file, "--yes")
    after = snapshot(root)
    assert done.exit_code == 1
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {"branches/demo-a/branch.yml", "branches/b001/branch.yml"}
    old, new = (own["branches/demo-a/branch.yml"].decode() for own in (before, after))
    assert new == old.replace("members: 10", "members: 12")
    assert after["branches/b001/branch.yml"].decode() == (
        "name: 示例新党支部\nkind: functional\nsocieties:\n  - 示例新学会\n"
        "established: 2025-06-01\nmembers: 9\nsubmitters:\n  - new-a\n"
    )
    assert "没有要写的改动" in run(root, "branches", sheet(root, BRANCHES[:3]), "--yes").output


def test_the_number_of_a_branch_is_never_given_twice(root: Path) -> None:
    """Not while only the committee's files, or a former id, know of it; not to fill a gap."""
    (root / "committee/2025/reviews").mkdir(exist_ok=True)
    (root / "committee/2025/reviews/b007.yml").write_text("criteria: {}\n")
    path = root / "branches/demo-b/branch.yml"
    path.write_text(path.read_text() + "formerly: [b009]\n")
    run(root, "branches", sheet(root, [BRANCHES[0], BRANCHES[2]]), "--yes")
    assert (root / "branches/b010/branch.yml").is_file()
    rows: Lines = [["编号", *BRANCHES[0]], ["b009", *BRANCHES[2]], ["B 1", *BRANCHES[2]]]
    rows += [["demo-a", *BRANCHES[3][:1], "示例b党支部", *BRANCHES[3][2:]]]
    rows += [[1, *BRANCHES[2]]]
    told = run(root, "branches", sheet(root, rows)).output
    assert "表!A2：“b009”是 demo-b 的曾用编号" in told
    assert "表!A3：“B 1”不能作编号" in told
    assert "表!C4：这个名称是 demo-b 的" in told
    assert "表!A5：“1”只有数字，像是序号" in told


def test_due_lists_and_count_sheets_are_of_the_year(root: Path) -> None:
    before = snapshot(root)
    due = sheet(
        root, [["名称", "材料种类", "期限", "支部"], ["年度计划", "计划", "2025.3.1", "demo-a"]]
    )
    assert run(root, "due", due, "--yes").exit_code == 0
    assert (root / "committee/2025/due.yml").read_text("utf-8") == (
        "- id: d001\n  kind: plan\n  title: 年度计划\n  due: 2025-03-01\n"
        "  branches:\n    - demo-a\n"
    )
    assert "没有变化：1 条" in run(root, "due", due, "--yes").output
    counts = sheet(
        root, [["支部", "good", "一般"], ["示例a党支部", 9, 1], ["示例b党支部", None, None]]
    )
    told = run(root, "ballots", counts, "--yes", "--year", "2025")
    assert "没有填的行，不动：1 行" in told.output
    after = (root / "committee/2025/debrief.yml").read_bytes()
    rest = before["committee/2025/debrief.yml"].splitlines()[-1]
    assert after.splitlines()[-1] == rest
    assert b"good: 9" in after
    assert run(root, "due", due, "--year", "2031").exit_code == 2


def test_titles_may_be_those_of_the_language_in_use(root: Path) -> None:
    file = sheet(root, [["Name", "Status"], ["张三", "present"]])
    told = run(root, "attendance", file, "--branch", "demo-a", "--lang", "en")
    assert (told.exit_code, told.stdout) == (0, "member,status\nM01,present\n")
    assert "1 expected: 1 present, 0 on leave, 0 absent" in told.stderr


def test_links_are_not_written_through(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "committee/2025").rename(outside / "2025")
    (root / "committee/2025").symlink_to(outside / "2025")
    due = sheet(root, [["名称", "材料种类", "期限"], ["年度计划", "计划", "2025.3.1"]])
    assert run(root, "due", due, "--yes", "--year", "2025").exit_code == 2
    assert not (outside / "2025/due.yml").exists()


def test_a_file_that_is_no_sheet_is_told_and_ends_with_two(root: Path) -> None:
    path = root.parent / "a.xls"
    path.write_bytes(b"<html><table>")
    told = run(root, "branches", path)
    assert (told.exit_code, "读不了“a.xls”：这其实是网页" in told.output) == (2, True)
