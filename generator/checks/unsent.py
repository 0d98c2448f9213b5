"""What is looked at on the disk is what git would send: files that a record names, and records."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from generator.checks.registry import (
    BRANCH_CHECKS,
    COMMITTEE_CHECKS,
    BranchContext,
    YearContext,
    check,
)
from generator.files.paths import BRANCH_FILE, SELF_ASSESSMENT_FILE, branch_folder
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.messages import listed, some
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.files.tree import Unsent
    from generator.text.findings import Report

IGNORED = mark("git 的忽略规则挡住了 {names}：提交里不会有，报上去就缺了")
NOT_ADDED = mark("还没有交给 git：{names}")
REMEDY = mark("先运行 git add -f {paths}，再提交")
#: Names and paths that one finding shows.
MOST = 5


@check(BRANCH_CHECKS, "E022")
def unsent_files(context: BranchContext) -> None:
    """Git has the branch's own files, its records and all that they name."""
    unsent, own = context.setting.unsent, branch_folder(context.data.id)
    year = f"{own}/{context.data.year}"
    for path in (f"{own}/{BRANCH_FILE}", f"{year}/{SELF_ASSESSMENT_FILE}"):
        report_unsent(context.report, unsent, path, [path])
    for evidence in context.data.evidence.values():
        named = [f"{evidence.path}/{name}" for name in sorted(evidence.named)]
        report_unsent(context.report, unsent, evidence.file, [evidence.file, *named])


@check(COMMITTEE_CHECKS, "E022")
def unsent_committee_files(context: YearContext) -> None:
    """Git has the committee's files and the rubric."""
    for path in sorted(context.entries):
        report_unsent(context.report, context.unsent, path, [path])


def report_unsent(report: Report, unsent: Unsent, at: str, paths: Sequence[str]) -> None:
    """Report those of some files that git would not send, at the file that names them."""
    missing = [path for path in paths if unsent.holds(path)]
    if not missing:
        return
    folder = at.rpartition("/")[0]
    told = missing if len(missing) <= MOST else [folder]
    report.add(
        "E022",
        Place(visible(at)),
        IGNORED if any(unsent.is_ignored(path) for path in missing) else NOT_ADDED,
        hint=REMEDY,
        names=some([visible(path.rpartition("/")[2], SHORT) for path in missing], MOST),
        paths=listed([quote(visible(path)) for path in told], " "),
    )
