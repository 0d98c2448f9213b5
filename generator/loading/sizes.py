"""How large the files of a year may be, and what is said of those that are larger."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.files.limits import MEGABYTE, USUAL, Allowed
from generator.text.findings import Place, Report
from generator.text.language import mark

if TYPE_CHECKING:
    from generator.files.tree import Entry
    from generator.formats.committee_files import Appraisal
    from generator.loading.evidence import BranchYear

SMALLER = mark("压缩后再上传：每个附件不超过 {file} MB，每个支部每年不超过 {branch} MB")


def allowed_of(appraisal: Appraisal | None) -> Allowed:
    """Return what the committee allows for a year; the usual where it says nothing, or nonsense."""
    limits = appraisal.limits if appraisal else None
    if limits is None or not limits.valid:
        return USUAL
    return Allowed(
        USUAL.file if limits.file is None else int(limits.file * MEGABYTE),
        USUAL.branch if limits.branch is None else int(limits.branch * MEGABYTE),
    )


def weigh(result: BranchYear, allowed: Allowed, report: Report) -> None:
    """Report E013 where all files of a branch's year are too large together."""
    total = sum(entry.size for entry in result.files)
    if total > allowed.branch:
        report.add(
            "E013",
            result.home,
            "{year} 年的文件共 {size} MB，上限 {limit} MB",
            hint=SMALLER,
            year=result.year,
            size=total // MEGABYTE,
            limit=megabytes(allowed.branch),
            file=megabytes(allowed.file),
            branch=megabytes(allowed.branch),
        )


def is_too_large(entry: Entry, allowed: Allowed, report: Report) -> bool:
    """Whether an attachment is too large, which is E013."""
    if entry.size <= allowed.file:
        return False
    report.add(
        "E013",
        Place(entry.path),
        "附件 {size} MB，上限 {limit} MB",
        hint=SMALLER,
        size=f"{Decimal(entry.size) / MEGABYTE:.1f}",
        limit=megabytes(allowed.file),
        file=megabytes(allowed.file),
        branch=megabytes(allowed.branch),
    )
    return True


def megabytes(size: int) -> Decimal:
    """Return a number of bytes in megabytes, exactly."""
    return Decimal(size) / MEGABYTE
