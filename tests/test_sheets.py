"""Files of the office as grids of cells: what each cell holds, and what is refused, in words."""

from __future__ import annotations

import datetime
import io
import struct
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest

from generator.exchange.sheets import read_book
from generator.exchange.sheets.biff import DamagedRecordsError, Texts, read_sheets, unpacked
from generator.exchange.sheets.grid import BLANK, Cell, Kind, Sheet, column_of, exact, letters
from generator.exchange.sheets.ole import Container
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.exchange.sheets.styles import Shows, shows
from tests.sheetbook import MAIN, number_cell, packed, rows, workbook
from tests.tiers import tiered

SHEETS = Path(__file__).parent / "sheets"


def sheet_of(data: bytes, name: str = "表.xlsx") -> Sheet:
    (sheet,) = read_book(name, data).sheets
    return sheet


def refusal(data: bytes, name: str = "表.xlsx") -> str:
    with pytest.raises(UnreadableSheetError) as raised:
        read_book(name, data)
    return str(raised.value)


def first_cell(cell: str, properties: str = "") -> Cell:
    """Return what a workbook holds whose first cell is written so."""
    beside = number_cell("B1", 1)
    return sheet_of(workbook(f'<row r="1">{cell}{beside}</row>', properties=properties)).cell(1, 1)


DAY = datetime.date(2025, 3, 12)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1"><v>21</v></c>', Cell(Kind.NUMBER, Decimal(21))),
        ('<c r="A1"><v>2.1000000000000001E1</v></c>', Cell(Kind.NUMBER, Decimal(21))),
        ('<c r="A1"><v>0.30000000000000004</v></c>', Cell(Kind.NUMBER, Decimal("0.3"))),
        ('<c r="A1" s="2"><v>1</v></c>', Cell(Kind.NUMBER, Decimal(1), percent=True)),
        ('<c r="A1" s="1"><v>45728</v></c>', Cell(Kind.DAY, DAY)),
        ('<c r="A1" s="5"><v>45728.5</v></c>', Cell(Kind.DAY, DAY)),
        ('<c r="A1" s="1"><v>60</v></c>', Cell(Kind.FAULT, "60")),
        ('<c r="A1" s="1"><v>59</v></c>', Cell(Kind.DAY, datetime.date(1900, 2, 28))),
        ('<c r="A1" s="1"><v>1E9</v></c>', Cell(Kind.FAULT, "1E9")),
        ('<c r="A1" s="3"><v>45717</v></c>', Cell(Kind.MONTH, datetime.date(2025, 3, 1))),
        ('<c r="A1" s="3"><v>45728</v></c>', Cell(Kind.DAY, DAY)),
        ('<c r="A1" s="4"><v>0.375</v></c>', Cell(Kind.TIME, Decimal("0.375"))),
        ('<c r="A1" t="d"><v>2025-03-12T00:00:00</v></c>', Cell(Kind.DAY, DAY)),
        ('<c r="A1" t="b"><v>1</v></c>', Cell(Kind.YES_NO, value=True)),
        ('<c r="A1" t="e"><v>#REF!</v></c>', Cell(Kind.FAULT, "#REF!")),
        ('<c r="A1"><f>1+2</f><v>3</v></c>', Cell(Kind.NUMBER, Decimal(3))),
        ('<c r="A1"><f>1+2</f></c>', Cell(Kind.UNCOMPUTED)),
        ('<c r="A1"><f>1+2</f><v></v></c>', Cell(Kind.UNCOMPUTED)),
        ('<c r="A1" t="str"><f>B2</f></c>', Cell(Kind.UNCOMPUTED)),
        ('<c r="A1" t="str"><f>B2</f><v></v></c>', BLANK),
        ('<c r="A1" t="str"><f>B2</f><v>到</v></c>', Cell(Kind.TEXT, "到")),
        ('<c r="A1" s="1"/>', BLANK),
        ('<c r="A1" t="inlineStr"><is><t> \u3000\xa0</t></is></c>', BLANK),
        ("<c><v>7</v></c>", Cell(Kind.NUMBER, Decimal(7))),
    ],
)  # fmt: skip
def test_a_cell_is_what_its_type_and_format_say(cell: str, expected: Cell) -> None:
    """Days by their format alone; an error or a formula without a value is never an empty cell."""
    assert first_cell(cell) == expected


def test_workbooks_that_count_from_1904_have_their_own_days() -> None:
    cell = '<c r="A1" s="1"><v>44266</v></c>'
    assert first_cell(cell, properties='<workbookPr date1904="1"/>') == Cell(Kind.DAY, DAY)


def test_texts_are_read_through_their_runs_without_what_is_to_be_pronounced() -> None:
    strings = (
        "<si><r><rPr><b/></rPr><t>张</t></r><r><t>三</t></r>"
        "<rPh sb='0' eb='1'><t>zhāng</t></rPh><phoneticPr fontId='1'/></si>"
        "<si><t>甲_x000D_\n乙\u200b</t></si>"
    )
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    sheet = sheet_of(workbook(row, strings=strings))
    assert (sheet.cell(1, 1).text, sheet.cell(1, 2).text) == ("张三", "甲乙")
    assert Cell(Kind.TEXT, " Li\nLei ").text == "Li Lei"


def test_merged_cells_show_what_they_hold_and_hidden_ones_are_kept() -> None:
    data = rows([["学会", "名称"], ["甲学会", "一支部"], [None, "二支部"]])
    data = data.replace('<row r="3">', '<row r="3" hidden="1">')
    columns = '<cols><col min="2" max="3" hidden="1"/></cols>'
    merged = '<mergeCells count="1"><mergeCell ref="A2:A1048576"/></mergeCells>'
    sheet = sheet_of(workbook(data, before=columns, after=merged))
    assert sheet.cell(3, 1).text == "甲学会"
    assert list(sheet.own(3)) == [2]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {2, 3})
    assert sheet.numbers() == [1, 2, 3]
    assert sheet.address(3, 28) == "评审!AB3"


def test_what_programs_write_amiss_beside_the_cells_is_passed_over() -> None:
    """An empty fill, an unknown operator: readers of whole workbooks stop at them."""
    styles = f'<styleSheet xmlns="{MAIN}"><fills><fill/></fills></styleSheet>'.encode()
    odd = '<dataValidations><dataValidation operator="x" sqref="?"/></dataValidations><drawing/>'
    data = workbook(rows([["名称", 21]]), after=odd, extra={"xl/styles.xml": styles})
    assert sheet_of(data).cell(1, 2) == Cell(Kind.NUMBER, Decimal(21))


@pytest.mark.parametrize("column", [1, 26, 27, 702, 703, 16_384])
def test_letters_of_columns_lead_back(column: int) -> None:
    assert column_of(letters(column)) == column


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("General", Shows.NUMBER),
        ("0.00E+00", Shows.NUMBER),
        ('#,##0"人"', Shows.NUMBER),
        ('"day"0', Shows.NUMBER),
        ("0.0%", Shows.PERCENT),
        ('m"月"d"日"', Shows.DAY),
        ("[$-F800]dddd, mmmm dd, yyyy", Shows.DAY),
        ('[DBNum1]yyyy"年"m"月"d"日"', Shows.DAY),
        ("yyyy/m", Shows.MONTH),
        ("[h]:mm", Shows.TIME),
        ("[Red]0;[Blue]d", Shows.NUMBER),
    ],
)
def test_a_format_says_whether_a_number_is_a_day(code: str, what: Shows) -> None:
    assert shows(code) is what


TABLE = "姓名,状态\n示例甲,到\n"


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("gb18030"),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode("gb18030"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("示例甲", '"示例\n甲"').encode(),
        TABLE.replace("示例甲", '="示例甲"').encode(),
        TABLE.replace("示例甲", "'示例甲").encode(),
    ],
)
def test_text_is_read_in_every_encoding_and_with_every_separator(data: bytes) -> None:
    sheet = sheet_of(data, "签到.csv")
    found = [[sheet.cell(row, column).text for column in (1, 2)] for row in (1, 2)]
    assert found == [["姓名", "状态"], ["示例甲", "到"]]
    assert sheet.address(2, 1) == "签到!A2"


def test_a_first_line_may_name_the_separator() -> None:
    sheet = sheet_of(b"sep=;\r\na;b,c\r\n", "a.csv")
    assert [sheet.cell(2, column).text for column in (1, 2)] == ["a", "b,c"]


def test_errors_in_text_are_errors_and_quotes_without_an_end_are_told() -> None:
    assert sheet_of(b"a,b\n#REF!,1\n", "a.csv").cell(2, 1).kind is Kind.FAULT
    assert "第 2 行的引号不成对" in refusal(b'a,b\n"1,2\n', "a.csv")


def test_a_workbook_of_before_2007_is_read_by_its_content() -> None:
    data = (SHEETS / "before-2007.xls").read_bytes()
    assert sheet_of(data, "表.xlsx").cell(1, 1).text == "名称"


def test_a_workbook_of_before_2007_tells_errors_and_what_is_hidden() -> None:
    sheet = sheet_of((SHEETS / "before-2007.xls").read_bytes(), "表.xls")
    assert sheet.cell(2, 3) == Cell(Kind.DAY, DAY)
    assert sheet.cell(3, 3) == Cell(Kind.NUMBER, Decimal(45728))
    assert sheet.cell(2, 5) == Cell(Kind.YES_NO, value=True)
    assert sheet.cell(2, 6).kind is Kind.FAULT
    assert sheet.cell(3, 6) == Cell(Kind.NUMBER, Decimal(3))
    assert sheet.cell(5, 2).text == "合并"
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {4})


def test_a_workbook_of_before_2007_may_count_from_1904() -> None:
    data = (SHEETS / "before-2007.xls").read_bytes()
    since, other = b"\x22\0\x02\0\0\0", b"\x22\0\x02\0\x01\0"
    assert data.count(since) == 1
    sheet = sheet_of(data.replace(since, other))
    assert sheet.since_1904
    assert sheet.cell(2, 3) == Cell(Kind.DAY, datetime.date(2029, 3, 13))


@pytest.mark.parametrize("wide", [False, True])
def test_texts_of_before_2007_go_on_over_the_edges_of_records(*, wide: bool) -> None:
    """Cut anywhere among their characters, with runs and hints behind, a text is the same."""
    texts = ["甲乙丙丁", "戊己"] if wide else ["abcd", "ef"]
    coded = [text.encode("utf-16-le" if wide else "latin-1") for text in texts]
    first = struct.pack("<HBHI", len(texts[0]), 12 + wide, 1, 3)
    second = struct.pack("<HB", len(texts[1]), wide) + coded[1]
    for cut in range(len(texts[0]) + 1):
        at = cut * (1 + wide)
        pieces = [struct.pack("<II", 2, 2) + first + coded[0][:at]]
        again = bytes([wide]) if cut < len(texts[0]) else b""
        pieces += [again + coded[0][at:] + b"runs", b"ext" + second]
        assert Texts(pieces).read() == texts


def test_numbers_of_before_2007_that_are_written_short() -> None:
    half = struct.unpack("<Q", struct.pack("<d", 1.5))[0] >> 32
    short = (21 << 2 | 2, (1 << 32) - (5 << 2) + 2, 2150 << 2 | 3, half, half | 1)
    assert [unpacked(number) for number in short] == ["21", "-5", "21.5", "1.5", "0.015"]


def openpyxl_book() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.append(["名称", 21])
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ENTITY = b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet><row><c><v>1</v></c></row>&a;</worksheet>'
RELATION = (
    b'<Relationships><Relationship Id="x" Type="http://x/externalLink" Target="a.xml"/>'
    b"</Relationships>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PLAIN = rows([["名称", 21]])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"", "文件是空的"),
        ("a.csv", b"\r\n \n", "文件是空的"),
        ("a.xlsx", workbook(""), "文件是空的"),
        ("a.csv", b"a" * 10_000_001, "超过 10 MB"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table>", "这其实是网页"),
        ("a.xls", b"\xef\xbb\xbf\r\n<table><tr><td>1", "这其实是网页"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "这其实是 XML"),
        ("a.et", workbook(PLAIN), "读不了这种文件"),
        ("a.xlsx", b"%PDF-1.7", "读不了这种文件"),
        ("a.xlsx", packed({"[Content_Types].xml": b"", "word/document.xml": b""}), "读不了这种"),
        ("a.csv", b"a,b\x01\x02\x03c\n" * 9, "不是表格文件"),
        ("a.csv", b"\xff\xff\xff\xff,\x80\n", "看不出文件的编码"),
        ("a.xlsx", workbook(PLAIN)[:-40], "工作簿已损坏"),
        ("a.xlsx", workbook(PLAIN, extra={"xl/vbaProject.bin": b"x"}), "带有宏"),
        ("a.xlsx", workbook(PLAIN, extra={"xl/_rels/a.rels": RELATION}), "外部链接"),
        ("a.xlsx", workbook(PLAIN, extra={"xl/media/a": b" " * 5_000_000}), "展开后过大"),
        ("a.xlsx", workbook(PLAIN, after="<a>" * 5), "工作簿已损坏"),
        ("a.xlsx", workbook('<row r="0"><c r="A1"><v>1</v></c></row>'), "工作簿已损坏"),
        ("a.xlsx", workbook('<row r="1"><c r="XFE1"><v>1</v></c></row>'), "工作簿已损坏"),
        ("a.xlsx", workbook('<row r="1"><c r="A1"><v>1x</v></c></row>'), "工作簿已损坏"),
        ("a.xlsx", workbook('<row r="1"><c r="A1"><v>INF</v></c></row>'), "工作簿已损坏"),
        ("a.xlsx", workbook(PLAIN + '<row><c t="s"><v>9</v></c></row>'), "工作簿已损坏"),
        ("a.xls", OLE + b"\0" * 600, "已损坏，或不是表格"),
        ("a.xls", OLE + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(name: str, data: bytes, words: str) -> None:
    assert words in refusal(data, name)


def test_entities_are_never_declared() -> None:
    data = workbook("", extra={"xl/worksheets/sheet1.xml": ENTITY})
    assert "不该有的 XML 声明" in refusal(data)


@pytest.mark.parametrize("last", tiered([60_000, 1_048_576], 1))
def test_what_pads_a_sheet_is_nothing_and_no_room_is_made_for_it(last: int) -> None:
    padded = "".join(f'<row r="{number}"/>' for number in range(2, last + 1))
    wide = '<c r="XFD1" s="1"/>'
    data = workbook(f'<row r="1"><c r="A1"><v>1</v></c>{wide}</row>{padded}')
    assert sheet_of(data).numbers() == [1]
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert sheet_of(workbook(PLAIN + far)).numbers() == [1, 1_048_576]


def test_areas_that_would_fill_the_sheet_are_refused() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert "超过 500000 个" in refusal(workbook(PLAIN + far, after=merged))


def test_a_part_is_read_once_and_a_column_is_hidden_once() -> None:
    """However many sheets name the part, and however often columns are told."""
    names = "".join(f'<sheet name="{at}" r:id="s1"/>' for at in range(2_000))
    outline = f'<workbook xmlns="{MAIN}" xmlns:r="r"><sheets>{names}</sheets></workbook>'
    column = '<col min="1" max="16384" hidden="1"/>'
    columns = f"<cols>{column * 2_000}</cols>"
    data = workbook(PLAIN, before=columns, extra={"xl/workbook.xml": outline.encode()})
    sheet = sheet_of(data)
    assert (sheet.name, len(sheet.hidden_columns)) == ("0", 16_384)


def test_all_sheets_of_a_file_share_the_room_for_cells() -> None:
    far = '<row r="300"><c r="ALL300"><v>1</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A1:ALL300"/></mergeCells>'
    one = f'<worksheet xmlns="{MAIN}"><sheetData>{PLAIN}{far}</sheetData>{merged}</worksheet>'
    kinds = "http://x/worksheet"
    links = "".join(
        f'<Relationship Id="s{at}" Type="{kinds}" Target="worksheets/sheet{at}.xml"/>'
        for at in (1, 2)
    )
    names = '<sheet name="1" r:id="s1"/><sheet name="2" r:id="s2"/>'
    extra = {
        "xl/worksheets/sheet2.xml": one.encode(),
        "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>".encode(),
        "xl/workbook.xml": f'<workbook xmlns:r="r"><sheets>{names}</sheets></workbook>'.encode(),
    }
    assert len(sheet_of(workbook(PLAIN + far, after=merged)).rows) == 300
    assert "超过 500000 个" in refusal(workbook(PLAIN + far, after=merged, extra=extra))


def test_sheets_of_before_2007_that_lie_in_each_other_are_refused() -> None:
    data = (SHEETS / "before-2007.xls").read_bytes()
    at = data.index(b"\x85\0")
    record = data[at : at + 4 + data[at + 2]]
    begin = int.from_bytes(record[4:8], "little")
    stream = Container(data).workbook()
    twice = stream[: stream.index(record)] + record + stream[stream.index(record) :]
    place = (begin + len(record)).to_bytes(4, "little")
    moved = twice.replace(record, record[:4] + place + record[8:])
    with pytest.raises(DamagedRecordsError):
        read_sheets(moved)
    assert len(read_sheets(stream)) == 1


@pytest.mark.parametrize("name", ["before-2007.xls", "openpyxl.xlsx", "a.csv"])
def test_no_damage_is_more_than_a_refusal(name: str) -> None:
    """Bytes that are changed anywhere: cells, or words; never a fault of the program."""
    kinds = {"a.csv": TABLE.encode("gb18030"), "openpyxl.xlsx": saved(openpyxl_book())}
    data = kinds.get(name) or (SHEETS / name).read_bytes()
    random = Random(name)
    read = refused = 0
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(random.choice((1, 1, 2, 8))):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        cut = damaged[: random.randrange(len(damaged))] if random.random() < 0.2 else damaged
        try:
            read += bool(read_book(name, bytes(cut)).sheets)
        except UnreadableSheetError:
            refused += 1
    assert refused
    assert read + refused == 300


def test_a_container_that_leads_in_circles_ends() -> None:
    data = bytearray((SHEETS / "before-2007.xls").read_bytes())
    table = int.from_bytes(data[76:80], "little")
    at = 512 + table * 512
    for entry in range(0, 512, 4):
        data[at + entry : at + entry + 4] = (1).to_bytes(4, "little")
    assert "损坏" in refusal(bytes(data), "a.xls")


def container(stream: bytes, name: str = "Workbook") -> bytes:
    """Return a container of one stream so short that it lies in sectors of 64 bytes."""
    last, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    count = -(-len(stream) // 64)

    def entry(title: str, kind: int, start: int, size: int) -> bytes:
        words = title.encode("utf-16-le")
        head = words.ljust(64, b"\0") + struct.pack("<HBB", len(words) + 2, kind, 1)
        beside = struct.pack("<III", free, free, free) + bytes(36)
        return head + beside + struct.pack("<III", start, size, 0)

    header = OLE + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 2, 1, last, 0, 0)
    header += b"\xff" * (512 - len(header))
    chains = [table, last, last, *(at + 1 for at in range(3, 2 + -(-len(stream) // 512))), last]
    small = [*range(1, count), last]
    names = entry("Root Entry", 5, 3, count * 64) + entry(name, 2, 0, len(stream))
    pieces = [struct.pack(f"<{len(chains)}I", *chains), names, struct.pack(f"<{count}I", *small)]
    fillers = (b"\xff", b"\0", b"\xff")
    sectors = [piece.ljust(512, fill) for piece, fill in zip(pieces, fillers, strict=True)]
    return header + b"".join(sectors) + stream.ljust(-(-len(stream) // 512) * 512, b"\0")


@pytest.mark.parametrize("size", [1, 64, 65, 700, 2000])
def test_a_short_workbook_of_before_2007_lies_in_small_sectors(size: int) -> None:
    stream = Random(size).randbytes(size)
    assert Container(container(stream)).workbook() == stream


@pytest.mark.parametrize(
    ("name", "stream", "words"),
    [
        ("Workbook", struct.pack("<HHHH", 0x0809, 4, 0x0500, 5), "Excel 95 或更早"),
        ("Workbook", struct.pack("<HHHHHH", 0x0809, 4, 0x0600, 5, 0x002F, 0), "加了密码"),
        ("Workbook", struct.pack("<HHHH", 0x0809, 4, 0x0600, 5), "文件是空的"),
        ("WordDocument", b"words", "已损坏，或不是表格"),
    ],
)
def test_other_workbooks_of_before_2007_are_told(name: str, stream: bytes, words: str) -> None:
    assert words in refusal(container(stream, name), "a.xls")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("3.2999999999999998", "3.3"),
        ("8.928000000000001", "8.928"),
        ("0.1", "0.1"),
        ("1E+2", "1E+2"),
    ],
)
def test_a_number_is_as_many_digits_as_its_cell_shows(stored: str, shown: str) -> None:
    """What a program stores of 3.3 has seventeen digits, and none of them may reach a file."""
    assert f"{exact(stored)}" == shown
