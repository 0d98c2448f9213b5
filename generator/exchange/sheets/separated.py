"""Separated text as office programs and chat services save it: its encoding, its separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice
from pathlib import PurePath

from generator.exchange.sheets.grid import Book, Cell, Kind, Room, Sheet
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.text.language import mark
from generator.text.names import CONTROL

UNKNOWN_ENCODING = mark("看不出文件的编码：用表格软件打开，另存为 .xlsx 后再试")
NO_TEXT = mark("这不是表格文件：请用 .xlsx、.xls 或 .csv 文件")
BAD_QUOTES = mark("第 {line} 行的引号不成对，读不出各列：用表格软件打开，另存为 .xlsx 后再试")

SEPARATORS = ",;\t"
#: Lines by which the separator is told.
LOOKED = 50
#: What Excel writes in the first line to name the separator.
_NAMED = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
#: How text is written that looks like a number: ``="0012"``.
_FORCED = re.compile(r'="([^"]*)"')


def read_separated(name: str, data: bytes) -> Book:
    """Return the only sheet of a text, called like its file; raises UnreadableSheetError."""
    text = decoded(data)
    named = _NAMED.match(text)
    separator = named[1] if named else separator_of(text)
    first = 1
    if named:
        text, first = text[named.end() :], 2
    sheet = Sheet(PurePath(name).stem)
    room = Room()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, line in enumerate(reader, start=first):
            for column, value in enumerate(line, start=1):
                sheet.put(number, column, cell_of(value))
            room.take(sum(map(bool, line)))
    except csv.Error:
        raise UnreadableSheetError(BAD_QUOTES, line=reader.line_num + first - 1) from None
    return Book((sheet,))


def decoded(data: bytes) -> str:
    """Return the text: UTF-8, UTF-16, or else GB 18030; raises UnreadableSheetError."""
    for encoding in encodings_of(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(text.translate(_SPACES)):
            raise UnreadableSheetError(NO_TEXT)
        return text
    raise UnreadableSheetError(UNKNOWN_ENCODING)


_SPACES = dict.fromkeys(map(ord, "\t\n\r\x0b\x0c\x85"))


def encodings_of(data: bytes) -> tuple[str, ...]:
    """Return how a text may be encoded, the surest first."""
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    # Without a mark: a sheet has separators and line feeds, and each has a zero beside it.
    head = data[:4096]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd or even:
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8", "gb18030")


def separator_of(text: str) -> str:
    """Return the separator that gives the most lines the same number of columns, at least two."""
    return max(SEPARATORS, key=lambda separator: evenness(text, separator))


def evenness(text: str, separator: str) -> tuple[int, int]:
    """Return how many of the first lines have as many columns as most have, and how many these."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        widths = [len(line) for line in islice(lines, LOOKED)]
    except csv.Error:
        return (0, 0)
    several = [width for width in widths if width > 1]
    if not several:
        return (0, 0)
    usual = max(set(several), key=lambda width: (several.count(width), width))
    return (several.count(usual), usual)


def cell_of(text: str) -> Cell:
    """Return a cell as a spreadsheet would show it: without what makes it text."""
    forced = _FORCED.fullmatch(text.strip())
    if forced:
        text = forced[1]
    elif text.startswith("'"):
        text = text[1:]
    cell = Cell(Kind.TEXT, text)
    if not cell.text:
        return Cell(Kind.BLANK)
    return Cell(Kind.FAULT, text) if cell.text in FAULTS else cell


#: How spreadsheets show what they could not compute.
FAULTS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
