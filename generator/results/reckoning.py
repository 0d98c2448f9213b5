"""The second arithmetic, asked: tools/verify_results.py, with nothing of this program in it."""

from __future__ import annotations

import contextlib
import io
import runpy
from pathlib import Path

# Any: the names that a script defines when it is run.
from typing import Any

from generator.text.messages import Words, say

#: It lies beside the package and is never taken from the data that it judges.
TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_results.py"


def disagreement(results: bytes, rubric: bytes | None) -> list[Words]:
    """Return what the second arithmetic says against a results file; nothing where it agrees.

    ``rubric`` is the frozen rubric beside it, or None.
    """
    if rubric is None:
        return [say("旁边没有定稿时的 rubric.yml")]
    tool = _tool()
    if tool is None:
        return [say("找不到核对程序 {path}，不能另行核算", path="tools/verify_results.py")]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        try:
            agrees = tool["verify"](results, rubric, "zh") == 0
        except tool["UnreadableError"] as error:
            return [say("核对程序不能读：{why}", why=error.words["zh"])]
    return [] if agrees else [say("核对程序：{line}", line=line) for line in _lines(told)]


def _lines(told: io.StringIO) -> list[str]:
    """Return what was told below the heading, a line each."""
    return [line.strip() for line in told.getvalue().splitlines()[1:] if line.strip()]


def _tool() -> dict[str, Any] | None:
    return runpy.run_path(str(TOOL), run_name="verify_results") if TOOL.is_file() else None
