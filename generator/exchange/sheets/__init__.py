"""Bytes of a workbook or of separated text → grids of typed cells with addresses.

What a file is, its content tells, never its name alone. Nothing is executed, and no bytes take
more time or room than their bounds allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.exchange.sheets.problems import UnreadableSheetError
from generator.files.attachments import Problem, inspect, kind_of
from generator.files.attachments.content import NO_CELLS
from generator.files.attachments.office import office_kind
from generator.files.limits import MAX_FILE, MEGABYTE
from generator.text.language import mark

if TYPE_CHECKING:
    from generator.exchange.sheets.grid import Book

EMPTY = mark("文件是空的")
TOO_LARGE = mark("文件超过 {limit} MB：删去不用的工作表和图片，另存后再试")
WEB_PAGE = mark("这其实是网页，不是工作簿：用表格软件打开，另存为 .xlsx 后再试")
OLD_XML = mark("这其实是 XML 文件，不是工作簿：用表格软件打开，另存为 .xlsx 后再试")
SAVE_AS = mark("读不了这种文件：用表格软件打开，另存为 .xlsx 后再试")
LOCKED = mark("工作簿加了密码：去掉密码，另存后再试")
ACTIVE = mark("工作簿带有宏、外部链接或嵌入的对象，不读：只把数值复制到新的工作簿，另存后再试")
EXPANDS = mark("工作簿展开后过大，不读：只把有内容的行列复制到新的工作簿，另存后再试")
DAMAGED = mark("工作簿已损坏：用表格软件打开，另存后再试")
#: What is wrong with the archive of a workbook → what to tell.
DEFECTS = {
    Problem.ENCRYPTED: LOCKED,
    Problem.ACTIVE: ACTIVE,
    Problem.EXPANDS: EXPANDS,
    Problem.TOO_LARGE: EXPANDS,
    Problem.TYPE: SAVE_AS,
}
#: Endings of workbooks that only their own program reads for sure.
FOREIGN = (".et", ".ett", ".ods", ".numbers", ".xlsb")
_MARKUP = {"html": WEB_PAGE, "xml": OLD_XML, "svg": WEB_PAGE}


def read_book(name: str, data: bytes) -> Book:
    """Return the sheets of a file; raises UnreadableSheetError.

    ``name`` is that of the file, of which separated text takes the name of its only sheet.
    """
    if len(data) > MAX_FILE:
        raise UnreadableSheetError(TOO_LARGE, limit=MAX_FILE // MEGABYTE)
    if not data.strip(b"\0\t\n\r "):
        raise UnreadableSheetError(EMPTY)
    if name.lower().endswith(FOREIGN):
        raise UnreadableSheetError(SAVE_AS)
    kind = kind_of(data)
    if kind == "zip":
        return _archive(data)
    if kind == "ole":
        return _container(data)
    if kind in _MARKUP or data[:HEAD].lstrip(b"\xef\xbb\xbf\t\n\r ").startswith(b"<"):
        raise UnreadableSheetError(_MARKUP.get(kind, WEB_PAGE))
    if kind not in {"text", "binary"}:
        raise UnreadableSheetError(SAVE_AS)
    from generator.exchange.sheets.separated import read_separated  # noqa: PLC0415 - one of three readers is needed

    return read_separated(name, data)


HEAD = 1024


def _archive(data: bytes) -> Book:
    for defect in inspect("book.xlsx", data):
        if defect.detail == NO_CELLS:
            raise UnreadableSheetError(EMPTY)
        raise UnreadableSheetError(DEFECTS.get(defect.problem, DAMAGED))
    from generator.exchange.sheets.xlsx import read_xlsx  # noqa: PLC0415 - one of three readers is needed

    return read_xlsx(data)


def _container(data: bytes) -> Book:
    kind = office_kind(data)
    if kind == "ole" and "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableSheetError(LOCKED)
    from generator.exchange.sheets.xls import read_xls  # noqa: PLC0415 - one of three readers is needed

    return read_xls(data)
