"""``appraise new`` at a terminal: one question at a time, findings at once, nothing half done."""

from __future__ import annotations

import os
import pty
import shutil
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.filling import loaded
from tests.memory import files_below
from tests.sites import PROGRAM
from tests.support import BASE
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterable

CALL = "› ".encode()
BREAK = "\x03"
HOME = "branches/demo-a/2025"
FOLDER = f"{HOME}/activities/2025-05-06-member-meeting"


class Session(NamedTuple):
    """What a terminal showed, and how the program ended."""

    shown: str
    status: int


def is_waiting(process: int) -> bool:
    """Whether a process waits for something, as far as the system tells."""
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "S"


def typed(root: Path, words: str, answers: Iterable[str]) -> Session:
    """Run ``appraise new`` in a terminal and type an answer to each question."""
    waiting = iter(answers)
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(root)
        os.environ |= {"PYTHONPATH": f"{PROGRAM}", "TERM": "dumb", "COLUMNS": "100"}
        os.execv(sys.executable, [sys.executable, "-m", "generator", "new", *words.split()])  # noqa: S606 - a terminal of its own
    shown = b""
    while True:
        try:
            read = os.read(terminal, 1 << 16)
        except OSError:
            break
        if not read:
            break
        shown += read
        if shown.endswith(CALL):
            answer = next(waiting, BREAK)
            # What is hit before the program begins to read would be noticed too late.
            while answer == BREAK and not is_waiting(child):
                continue
            os.write(terminal, answer.encode() + (b"" if answer == BREAK else b"\n"))
            shown += b"\n"
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    assert next(waiting, None) is None, "questions that were not asked"
    return Session(shown.decode().replace("\r", ""), os.waitstatus_to_exitcode(status))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "data")
    (tmp_path / "方案.md").write_text("# 方案\n先集合，后参观。\n", "utf-8")
    (tmp_path / "空.md").write_bytes(b"")
    return tmp_path / "data"


#: What is typed for an activity, question by question; several where one is asked again.
ANSWERS = (
    ["支部", "2"],
    ["", "参观示例馆"],
    ["2026-05-06", "2025年5月6日"],
    ["展览馆"],
    ["是"],
    [""],
    ["../没有.md", "../空.md", "'../方案.md'"],
    [""],
    ["9 8", "9人、8人、1"],
    [""],
    [""],
)


def test_a_record_is_asked_for_shown_and_written(root: Path) -> None:
    before = files_below(root)
    done = typed(root, "activity demo-a", [*chain(*ANSWERS), ""])
    assert done.status == 0, done.shown
    for words in (
        "类型（必填）", "     2  支部党员大会  member-meeting", "例如：学会会议室",
        "在 2025-01-01 至 2025-12-31 之内",
        "没有“支部”；请写上面的序号、名称或编号", "这一项必须写",
        "error S006 活动日期 2026-05-06 不在考核期",
        "找不到文件“../没有.md”", "附件是空的（0 字节）", "error E006 到会 8 + 请假 0 + 缺席 0 = 8",
        "集中活动 1→2 次", "写入吗？", f"已写入 {FOLDER}/方案.md",
    ):  # fmt: skip
        assert words in done.shown, words
    written = {path: data for path, data in files_below(root).items() if path not in before}
    assert sorted(written) == [f"{FOLDER}/activity.yml", f"{FOLDER}/方案.md"]
    assert loaded(written[f"{FOLDER}/activity.yml"])["plan"] == "方案.md"


@pytest.mark.parametrize("last", tiered([0, len(ANSWERS), 2, 7], often=2))
def test_breaking_off_leaves_nothing(root: Path, last: int) -> None:
    before = files_below(root)
    done = typed(root, "activity demo-a", [*chain(*ANSWERS[:last]), BREAK])
    assert done.status == 130
    assert "Traceback" not in done.shown
    assert files_below(root) == before
    assert not (root / FOLDER).exists()


def test_no_is_no(root: Path) -> None:
    before = files_below(root)
    done = typed(root, "activity demo-a", [*chain(*ANSWERS), "也许", "否"])
    assert done.status == 1
    assert done.shown.rstrip().endswith("没有写入")
    assert files_below(root) == before


def test_the_branch_is_asked_for_and_what_is_there_is_offered(root: Path) -> None:
    done = typed(root, "claim", ["示例a党支部", "学习", "", "-", "新的说明", "", ""])
    assert done.status == 0, done.shown
    assert "现在是：按要求完成。；直接回车保留，写 - 去掉" in done.shown
    claims = loaded((root / HOME / "self-assessment.yml").read_bytes())["claims"]
    assert claims["study"] == {"points": 4, "statement": "新的说明"}


def test_a_reason_stands_in_place_of_points(root: Path) -> None:
    done = typed(root, "claim demo-a", ["discipline", "-", "本支部没有", ""])
    assert done.status == 0, done.shown
    claims = loaded((root / HOME / "self-assessment.yml").read_bytes())["claims"]
    assert claims["discipline"] == {"not_applicable": "本支部没有"}
