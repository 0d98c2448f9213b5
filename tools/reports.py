"""What the computing job hands to the posting job: one file a proposal, found by its commit.

A file is named by commit and author, and holds no number of a pull request: which request it
belongs to is for the posting job to find out from the forge. Standard library only.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tools.forge import COMMIT, LOGIN

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "appraisal-comment/1"
#: GitHub takes 65,536 characters.
LIMIT = 65_536
OK, ERRORS = "ok", "errors"
#: The first line of a comment of ours. Nothing that data holds can open an HTML comment.
MARKER = re.compile(
    r"<!-- appraisal-impact/1 verdict=(?P<verdict>ok|errors)"
    r" head=(?P<head>[0-9a-f]{40,64}) base=(?P<base>[0-9a-f]{40,64}) -->"
)
FOOTER = (
    "以上是提交 `{head}` 合并到主线 `{base}` 之后的结果，由主线上的程序计算，"
    "没有运行这份改动里的任何内容。\n\n"
    "合并只表示材料已收到，不表示认可得分；得分以党委核定为准。对结果有异议，请用“申诉”表单提出。"
)


class ReportError(Exception):
    """A file that is not a report."""


@dataclass(frozen=True, slots=True)
class Report:
    """The comment on one proposal: commit ids of both sides, author, verdict and Markdown."""

    head: str
    base: str
    author: str
    verdict: str
    body: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.head}.{self.author}.json"

    def write(self, folder: Path) -> None:
        """Write the file into ``folder``."""
        text = json.dumps({"schema": SCHEMA, **asdict(self)}, ensure_ascii=False, indent=1)
        (folder / self.name).write_text(text + "\n", "utf-8")


def compose(head: str, base: str, author: str, verdict: str, words: str) -> Report:
    """Return the report whose comment shows ``words``, Markdown that is ready to print."""
    marker = f"<!-- appraisal-impact/1 verdict={verdict} head={head} base={base} -->"
    footer = FOOTER.format(head=head[:12], base=base[:12])
    return Report(head, base, author, verdict, f"{marker}\n{words.strip()}\n\n---\n{footer}\n")


def read(path: Path) -> Report:
    """Return the report of a file; raises ReportError where it is not one."""
    fields = json.loads(path.read_text("utf-8"))
    if not isinstance(fields, dict) or fields.pop("schema", None) != SCHEMA:
        raise ReportError(path.name)
    try:
        report = Report(**fields)
    except TypeError:
        raise ReportError(path.name) from None
    marked = MARKER.match(report.body)
    sound = (
        COMMIT.fullmatch(report.head)
        and COMMIT.fullmatch(report.base)
        and LOGIN.fullmatch(report.author)
        and report.name == path.name
        and marked
        and (report.verdict, report.head, report.base) == marked.group("verdict", "head", "base")
        and len(report.body.encode("utf-16-le")) // 2 <= LIMIT
    )
    if not sound:
        raise ReportError(path.name)
    return report


def read_all(folder: Path) -> dict[tuple[str, str], Report]:
    """Return the reports of a folder by (commit, author); raises ReportError."""
    reports = [read(path) for path in sorted(folder.glob("*.json"))]
    return {(report.head, report.author): report for report in reports}
