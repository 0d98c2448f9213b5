"""``appraise clean``: copies of attachments without what their metadata says of people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.common import ERRORS, common, prepare, unwritten
from generator.cli.line.saying import argument, command, option
from generator.reports.findings import as_text, safe
from generator.text.language import gettext, mark, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.files.attachments.clean import Cleaned, UnsoundError

#: Where copies go where nobody says.
FOLDER = Path("clean")
LONGEST = 200
NOT_CLEANED = mark("{path}：没有写。{words}")
IS_LINK = mark("这是链接，请写它所指的文件")
IS_TAKEN = mark("{path} 已经有了，内容不同，不会覆盖")
ITSELF = mark("那里就是原来的文件：换一个文件夹，或用 --in-place 改写它")
#: Why the author is left in a PDF, and what to do.
LEFT = {
    "encrypted": mark("PDF 加了密，里面的作者等信息改不了"),
    "signed": mark("PDF 带电子签名，改动一个字节签名就失效，作者等信息没有去掉"),
    "packed": mark("PDF 里的作者等信息压缩在一起，没有办法单独去掉"),
    "": mark("PDF 里还写着作者"),
}
ANEW = mark(
    "{why}：用原来的文档另存为 PDF，保存前在“选项”里取消“文档属性”；"
    "或者打印成 PDF，再对新的文件做一次"
)
DONE = mark("{path} → {target}：去掉了文件自带的信息，画面和内容不变")
SAME = mark("{path} → {target}：没有要去掉的")
DONE_HERE = mark("{path}：去掉了文件自带的信息，画面和内容不变")
SAME_HERE = mark("{path}：没有要去掉的")


class NotCleanedError(Exception):
    """A file was not cleaned: says why."""


@command("给照片、表格、文档做一份不带定位、作者等信息的，画面和内容不变")
@argument(
    "files",
    nargs=-1,
    required=True,
    metavar="文件…",
    type=click.Path(path_type=Path),
)
@option(
    "--output",
    metavar="文件夹",
    type=click.Path(file_okay=False, path_type=Path),
    help="写到这个文件夹，名称不变；不写时是当前文件夹里的 clean",
)
@option("--in-place", is_flag=True, help="改写原来的文件")
@common
def clean(
    files: tuple[Path, ...],
    output: Path | None,
    *,
    in_place: bool,
    root: Path | None,
    lang: str | None,
) -> None:
    """Write copies without metadata; exit 1 where a file was not cleaned."""
    prepare(root or Path(), lang)
    if in_place and output is not None:
        raise click.UsageError(gettext("--in-place 和 --output 只能写一个"))
    folder = None if in_place else output or FOLDER
    refuse_missing(files)
    refuse_same_names(files, folder)
    failed = False
    for path in files:
        try:
            click.echo(clean_one(path, folder))
        except NotCleanedError as error:
            failed = True
            click.echo(f"{error}", err=True)
    if failed:
        sys.exit(ERRORS)


def refuse_missing(files: Sequence[Path]) -> None:
    """Refuse what is no file."""
    missing = next((path for path in files if not path.is_file()), None)
    if missing is not None:
        raise click.UsageError(tr("“{path}”不是文件，或者不存在", path=shown(missing)))


def refuse_same_names(files: Sequence[Path], folder: Path | None) -> None:
    """Refuse files of which one copy would be written over the other."""
    names = [path.name for path in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if folder is not None and twice is not None:
        words = tr("有两个文件都叫“{name}”：分两次做，或先改名", name=shown(Path(twice)))
        raise click.UsageError(words)


def clean_one(path: Path, folder: Path | None) -> str:
    """Write the copy of a file into a folder, or in its own place; return what was done.

    Raises NotCleanedError.
    """
    from generator.files.writing import UnwrittenError, write_whole

    data, copy = copied(path)
    if copy.left:
        raise not_cleaned(path, tr(ANEW, why=gettext(LEFT[copy.why])))
    target = path if folder is None else folder / path.name
    refuse_target(path, target, copy.data, given=folder is not None)
    same = copy.data == data
    if not (same and folder is None):
        try:
            write_whole(target, copy.data)
        except UnwrittenError as error:
            raise unwritten(error) from None
    words = (SAME if same else DONE) if folder is not None else (SAME_HERE if same else DONE_HERE)
    return tr(words, path=shown(path), target=shown(target))


def copied(path: Path) -> tuple[bytes, Cleaned]:
    """Return a file and its copy; raises NotCleanedError."""
    from generator.files.attachments.clean import MAX_CLEANED, UnsoundError, cleaned
    from generator.text.system import reason

    try:
        size = path.stat().st_size
        if size > MAX_CLEANED:
            words = tr("文件有 {size} 字节，太大（最多 {most}）", size=size, most=MAX_CLEANED)
            raise not_cleaned(path, words)
        data = path.read_bytes()
    except OSError as error:
        raise not_cleaned(path, f"{reason(error)}") from None
    try:
        return data, cleaned(path.name, data)
    except UnsoundError as error:
        raise NotCleanedError(faults_told(path, error)) from None


def faults_told(path: Path, error: UnsoundError) -> str:
    """Return what is wrong with a file, in the words of ``check``, and that it was left alone."""
    from generator.loading.defects import report_defect
    from generator.text.findings import Content, Report

    report = Report()
    for defect in error.defects:
        report_defect(report, Content(shown(path), ""), defect)
    return as_text(report.findings) + tr(
        NOT_CLEANED, path=shown(path), words=gettext("文件有上面的问题")
    )


def refuse_target(path: Path, target: Path, data: bytes, *, given: bool) -> None:
    """Refuse to write over what is there, or behind a link; raises NotCleanedError."""
    if target.is_symlink():
        raise not_cleaned(target, gettext(IS_LINK))
    if not given or not target.exists():
        return
    if target.samefile(path):
        raise not_cleaned(path, gettext(ITSELF))
    if not target.is_file() or target.read_bytes() != data:
        raise not_cleaned(path, tr(IS_TAKEN, path=shown(target)))


def not_cleaned(path: Path, words: str) -> NotCleanedError:
    """Return that a file was not cleaned, and why."""
    return NotCleanedError(tr(NOT_CLEANED, path=shown(path), words=words))


def shown(path: Path) -> str:
    """Return a path as it is shown."""
    return safe(visible(f"{path}", LONGEST))
