"""What a finding proposes mends the file: the finding goes, and no other comes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.text.messages import source_words
from generator.text.remedies import remedy_of
from tests.memory import MemoryTree, files_below
from tests.support import cases
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

    from generator.text.findings import Finding

CASES = {case.path.stem: case for case in cases()}
#: How hints begin that a program can apply.
HINTS = (
    "写 ", "写作 ", "如果指的是", "这一行写作：", "把这几行里的", "把行首的", "把这一行里的",
    "接到上一行的", "同级的行", "要读入的，", "删去“", "删去以“%”", "删去这个看不见的字符；",
)  # fmt: skip
PROPOSING = [
    name for name, case in CASES.items() if any(f"改法：{hint}" in case.expected for hint in HINTS)
]


def applied(text: str, finding: Finding) -> str:
    """Return a file's text with what the finding proposes, at the finding's own place."""
    remedy = remedy_of(finding.hint)
    assert remedy is not None
    lines = text.split("\n")
    if remedy.lines:
        for number in remedy.lines:
            assert remedy.old in lines[number - 1]
            lines[number - 1] = lines[number - 1].replace(remedy.old, remedy.new)
        return "\n".join(lines)
    line, at = lines[finding.line - 1], finding.column - 1
    at += not line.startswith(remedy.old, at) and line[at] in "\"'"
    assert line.startswith(remedy.old, at), (line, at, remedy)
    lines[finding.line - 1] = line[:at] + remedy.new + line[at + len(remedy.old) :]
    return "\n".join(lines)


def told(finding: Finding) -> tuple[str, str, str]:
    """Return what a finding says, without its position."""
    return finding.code, finding.path, source_words(finding.message)


def mended(files: dict[str, bytes], finding: Finding) -> dict[str, bytes]:
    """Return the files with what the finding proposes."""
    text = applied(files[finding.path].decode().removeprefix("\ufeff"), finding)
    return {**files, finding.path: text.encode()}


def goes(files: dict[str, bytes], finding: Finding, before: list[Finding]) -> None:
    """Assert that a finding goes by its remedy, and that no new error comes."""
    after = evaluate(MemoryTree(mended(files, finding))).findings
    often = Counter(map(told, after))[told(finding)]
    assert often < Counter(map(told, before))[told(finding)], [str(f.message) for f in after]
    new = {told(f) for f in after if f.severity == "error"} - set(map(told, before))
    assert new == set()


@pytest.mark.parametrize("name", tiered(PROPOSING, often=70))
def test_the_remedy_makes_the_finding_go(name: str, tmp_path: Path) -> None:
    CASES[name].build(tmp_path)
    before = evaluate(WorkingTree(tmp_path)).findings
    files = files_below(tmp_path)
    remedied = [finding for finding in before if remedy_of(finding.hint) is not None]
    assert remedied
    for finding in remedied:
        goes(files, finding, before)


def test_many_examples_say_what_to_write() -> None:
    assert len(PROPOSING) >= 100
    assert len({CASES[name].code for name in PROPOSING}) >= 12
