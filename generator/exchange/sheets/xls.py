"""Workbooks of before 2007: the container, what is in it, why it may not be read."""

from __future__ import annotations

from generator.exchange.sheets.biff import (
    DamagedRecordsError,
    LockedRecordsError,
    OldRecordsError,
    read_sheets,
)
from generator.exchange.sheets.grid import Book
from generator.exchange.sheets.ole import Container, DamagedContainerError
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.text.language import mark

DAMAGED = mark("工作簿已损坏，或不是表格：用表格软件打开，另存为 .xlsx 后再试")
TOO_OLD = mark("工作簿是 Excel 95 或更早的格式：用表格软件打开，另存为 .xlsx 后再试")
LOCKED = mark("工作簿加了密码：去掉密码，另存后再试")
MACROS = mark("工作簿带有宏，不读：只把数值复制到新的工作簿，另存后再试")
EMPTY = mark("文件是空的")


def read_xls(data: bytes) -> Book:
    """Return the sheets of a workbook; raises UnreadableSheetError."""
    try:
        container = Container(data)
        stream = container.workbook()
        if container.has_macros:
            raise UnreadableSheetError(MACROS)
        sheets = read_sheets(stream)
    except (DamagedContainerError, DamagedRecordsError):
        raise UnreadableSheetError(DAMAGED) from None
    except OldRecordsError:
        raise UnreadableSheetError(TOO_OLD) from None
    except LockedRecordsError:
        raise UnreadableSheetError(LOCKED) from None
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableSheetError(EMPTY)
    return Book(tuple(sheets))
