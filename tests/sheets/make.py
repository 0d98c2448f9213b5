"""Sheets in the shapes in which offices have them, with invented names.

``python -m tests.sheets.make`` writes them anew. Some are saved once more by LibreOffice, where
``soffice`` is there: the files that it made are kept, so that no test needs it.
"""

from __future__ import annotations

import datetime
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
DAY = datetime.date
PEOPLE = ("张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十")


#: Lines of a sheet.
Lines = list[list[object]]


def book(lines: Sequence[Sequence[object]], title: str = "Sheet1") -> Any:
    """Return a workbook with these lines in its sheet."""
    made = openpyxl.Workbook()
    made.active.title = title
    for line in lines:
        made.active.append(list(line))
    return made


def save(made: Any, name: str) -> None:
    """Write a workbook."""
    made.save(HERE / name)


def resave(made: Any, name: str) -> None:
    """Write a workbook as LibreOffice saves it, in the format of the name; or leave it as it is."""
    kind = name.rpartition(".")[2]
    if shutil.which("soffice") is None:
        sys.stdout.write(f"{name}: no soffice, left as it is\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in", f"{name.rpartition('.')[0]}.xlsx")
        source.parent.mkdir()
        made.save(source)
        command = ["soffice", "--headless", "--convert-to", kind, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        shutil.copy(Path(folder, name), HERE / name)


def write(name: str, text: str, encoding: str) -> None:
    """Write separated text."""
    (HERE / name).write_bytes(text.encode(encoding))


def attendance() -> None:
    """Sign-in sheets of offices."""
    names = list(PEOPLE)
    said = ["√", "到", "已到", "请假", "事假", "缺席", "未到", "出席"]
    plain = book(
        [["示例党支部主题党日签到表"], ["时间：2025年3月12日", None, "地点：示例会议室"], []]
    )
    sheet = plain.active
    sheet.append(["序号", "姓名", "签到", "备注"])
    for number, pair in enumerate(zip(names, said, strict=True), start=1):
        sheet.append([number, *pair, None])
    sheet.append([])
    sheet.append(["应到：8人    实到：4人"])
    sheet.append(["备注：请假的须事先说明"])
    sheet.append(["记录人：示例"])
    sheet.merge_cells("A1:D1")
    save(plain, "attendance-plain.xlsx")

    blocks = book([["签到表"], ["序号", "姓名", "签名", "序号", "姓名", "签名"]])
    for at in range(4):
        left, right = names[at], names[at + 4]
        signed = [right if at != 2 else None, "病假"][at == 1]
        blocks.active.append([at + 1, left, left, at + 5, right, signed])
    save(blocks, "attendance-blocks.xlsx")

    ticks = book([["姓名", "出勤情况", None, None, "备注"], [None, "到会", "请假", "缺席", None]])
    for at, name in enumerate(names[:6]):
        line: list[object] = [name, None, None, None, "公务" if at == 3 else None]
        line[[1, 1, 2, 2, 3, 1][at]] = ["√", "✓", "√", "事假", "√", "✔️"][at]
        ticks.active.append(line)
    for area in ("A1:A2", "B1:D1", "E1:E2"):
        ticks.active.merge_cells(area)
    resave(ticks, "attendance-ticks.xls")

    filtered = book([["姓名", "是否到会", "部门"]])
    for at, name in enumerate(names):
        filtered.active.append([name, "是" if at % 3 else "请假", "一组" if at % 2 else "二组"])
        filtered.active.row_dimensions[at + 2].hidden = at % 2 == 0
    filtered.active.auto_filter.ref = "A1:C9"
    resave(filtered, "attendance-filtered.xlsx")

    same = book([["工号", "姓名", "考勤状态"], ["1001", "张三", "到会"], ["1002", "张三", "请假"]])
    same.active.append([1003, "李 四", "到会"])
    same.active.append([1003, "李四", "到会"])
    save(same, "attendance-same-names.xlsx")

    unsure = book([["姓名", "状态"]], "三月")
    odd = ["迟到", None, "×", "到", "请假/到会", "=B5", "到", "旷"]
    for name, status in zip([*names[:6], "示例8号人员", "吴  十"], odd, strict=True):
        unsure.active.append([name, status])
    save(unsure, "attendance-unsure.xlsx")

    padded = book([[None] * 30] * 3, "签到")
    sheet = padded.active
    sheet.cell(4, 6, "姓 名")
    sheet.cell(4, 8, "到会情况")
    for at, name in enumerate(names[:5]):
        sheet.cell(6 + 2 * at, 6, f"{name[0]}\u3000{name[1]}")
        sheet.cell(6 + 2 * at, 8, "\xa0已到 " if at else "因病请假")
    sheet.cell(40, 26, " ")
    for row in range(1, 60):
        sheet.cell(row, 20).font = Font(bold=True)
    resave(padded, "attendance-padded.xls")

    lines = [f'"{name}\n（组员）";{status}' for name, status in zip(names[:3], said, strict=False)]
    write("attendance-utf16.csv", "\r\n".join(["姓名;签到", *lines]), "utf-16")


def services() -> None:
    """What chat services export."""
    top = ["姓名", "考勤组", "部门", "工号", "日期", "考勤时间", "打卡时间", "打卡结果", "打卡地址"]
    made = book(
        [["打卡时间表 统计日期：2025-03-12 至 2025-03-12"], ["报表生成时间：2025-03-13 09:00"]]
    )
    made.active.append(top)
    for at, name in enumerate(PEOPLE[:5]):
        done = ["正常", "正常", "请假", "旷工", "迟到"][at]
        clock = None if done in {"请假", "旷工"} else f"2025-03-12 08:5{at}"
        line = [name, "示例组", "示例部", f"A{at}", "25-03-12 星期三", "09:00", clock]
        made.active.append([*line, done, "示例大厦" if clock else None])
    made.active.merge_cells("A1:I1")
    save(made, "dingtalk-clock.xlsx")

    lines = ["姓名,部门,签到时间,签到地点"]
    lines += [f"{name},示例部,2025-03-12 08:4{at},示例大厦" for at, name in enumerate(PEOPLE[:4])]
    write("dingtalk-signed.csv", "\r\n".join([*lines, "孙八,示例部,,", ""]), "gb18030")

    made = book([["打卡明细 2025/03/12 - 2025/03/12"], ["基础信息", None, None, None, "打卡信息"]])
    made.active.append(["时间", "姓名", "账号", "部门", "实际打卡时间", "打卡状态", "备注"])
    for at, name in enumerate(PEOPLE[:4]):
        times = [f"08:4{at}", "正常"] if at < 2 else ["--", ["请假", "--"][at - 2]]
        made.active.append(["2025/03/12 星期三", name, f"user{at}", "示例部", *times, "--"])
    made.active.merge_cells("A2:D2")
    made.active.merge_cells("E2:F2")
    resave(made, "wecom-clock.xlsx")

    lines = ["会议主题\t示例会议", "会议时间\t2025-03-12 14:00-15:30", ""]
    lines += ["用户昵称\t首次入会时间\t最后离会时间\t累计参会时长"]
    lines += [
        f"{name}\t2025-03-12 14:0{at}:11\t2025-03-12 15:30:02\t01:2{at}:10"
        for at, name in enumerate(PEOPLE[:3])
    ]
    write("wecom-meeting.csv", "\r\n".join([*lines, ""]), "utf-8-sig")


TITLES = ("编号", "名称", "类型", "学会", "建立支委", "联合体", "成立日期", "党员数", "报送账号")
A: tuple[object, ...] = (
    None,
    "示例甲党支部",
    "党支部",
    "示例甲学会",
    "是",
    "东片",
    "2012.9.14",
    23,
    "example-a",
)
B = (
    None,
    "示例乙党支部",
    "党支部",
    "示例乙学会、示例丙学会",
    "否",
    None,
    DAY(2015, 3, 2),
    9,
    "b-1、b-2",
)
C = (
    None,
    "示例丁党支部",
    "功能型",
    "示例丁学会",
    None,
    "西片",
    "2020年7月1日",
    "３１人",
    "example-d",
)


def branches() -> None:
    """Lists of branches."""
    save(book([TITLES, A, B, C], "名册"), "branches-plain.xlsx")

    order = (8, 1, 7, 6, 2, 0, 3, 5, 4)
    rows = [TITLES, ("old", *C[1:]), ("b007", *B[1:]), A]
    mixed = book([["序号", *(row[at] for at in order)] for row in rows], "名册")
    resave(mixed, "branches-mixed.xls")

    merged = book([["示例党委所属支部基本情况"]], "2025")
    heads = ["名称", "所属学会", "基本情况", None, None, None, "联系", None]
    merged.active.append(heads)
    merged.active.append(
        [None, None, "类型", "党员数（人）", "成立时间", "建立支委", "报送账号", "电话"]
    )
    for row in (A, B, C):
        merged.active.append([row[1], "示例甲学会", row[2], row[7], row[6], row[4], row[8], "0"])
    for area in ("A1:H1", "A2:A3", "B2:B3", "C2:F2", "G2:H2", "B4:B6"):
        merged.active.merge_cells(area)
    resave(merged, "branches-merged.xlsx")

    write(
        "branches-gbk.csv",
        "\r\n".join(
            [",".join(TITLES), *(",".join(f"{value or ''}" for value in row) for row in (A, B, C))]
        ),
        "gb18030",
    )

    unsure = book([TITLES, A, B, C, A, B], "名册")
    sheet = unsure.active
    odd = {"H2": "约23", "D3": "示例乙学会\n示例丙学会", "G3": "3月2日", "C4": "其他"}
    odd |= {"H5": "=SUM(H2:H4)", "G6": "=1/0", "I6": "某某"}
    for place, value in odd.items():
        sheet[place] = value
    sheet["B5"], sheet["B6"] = "示例戊党支部", "示例己党支部"
    sheet["G6"].data_type, sheet["G6"].value = "e", "#REF!"
    save(unsure, "branches-unsure.xlsx")

    since = book([TITLES, A, B], "名册")
    since.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    since.active["G2"] = 39704
    save(since, "branches-1904.xlsx")

    lacking = [[value for at, value in enumerate(row) if at != 7] for row in (TITLES, A)]
    save(book(lacking, "名册"), "branches-lacking.xlsx")
    twice: Lines = [[*TITLES, "名称"], [*A, "示例"]]
    save(book(twice, "名册"), "branches-twice.xlsx")

    inserted = book(
        [TITLES, ["东片"], A, ["小计", None, None, None, None, None, None, 23], []], "名册"
    )
    for row in (TITLES, B, C, ("合计", None, None, None, None, None, None, 63)):
        inserted.active.append(list(row))
    inserted.active.append(["说明：党员数截至年底"])
    inserted.active.append(["1、含预备党员"])
    inserted.active.merge_cells("A2:I2")
    inserted.active.row_dimensions[7].hidden = True
    save(inserted, "branches-inserted.xlsx")

    office = book([TITLES, A, B], "名册")
    sheet = office.active
    sheet["B2"] = CellRichText(["示例", TextBlock(InlineFont(b=True), "甲"), "党支部"])
    sheet["D3"], sheet["G2"] = "示例乙学会、\n示例丙学会", "２０１２．９．１４"
    sheet["H2"].quotePrefix, sheet["H2"].value = True, "23"
    sheet["E3"], sheet["H3"], sheet["C3"] = False, "9 人\xa0", " 党 支 部"
    sheet["B3"], sheet["I3"] = "示例乙\n党支部", "b-1，b-2\n"
    save(office, "branches-office.xlsx")


def committee() -> None:
    """Due lists and count sheets."""
    due: list[object] = ["编号", "材料种类", "名称", "期限", "举办日期", "支部", "延期"]
    lines: Lines = [
        due,
        ["report-q1", "报送事项", "第一季度简报", DAY(2025, 3, 31), None, "全部", "a 2025-04-10"],
        [None, "培训", "五月培训", None, "2025.5.18", "示例甲党支部、b", None],
        [None, "报送事项", "第二季度简报", "2025年6月30日", None, None, "示例甲党支部：2025/7/5"],
    ]
    save(book(lines, "应报"), "due-plain.xlsx")
    reordered = [[row[at] for at in (3, 2, 1, 4, 5)] for row in (lines[0], *reversed(lines[1:]))]
    resave(book(reordered, "应报"), "due-sorted.xls")
    text = (
        "名称;材料种类;期限;支部\n六月材料;报送事项;6月30日;全部\n七月材料;报送事项;2025-7-31;示例癸党支部\n"
        "八月材料;其他;2025-8-31;\n九月材料;报送事项;;\n十月材料;报送事项;2025/10/31;a\n"
    )
    write("due-unsure.csv", text, "utf-8")

    counts = book(
        [["述职测评计票表"], ["编号", "支部", "发出票数", "测评票", None, None, "废票", "合计"]],
        "计票",
    )
    sheet = counts.active
    sheet.append([None, None, None, "优秀", "良好", "较差", None, None])
    rows = (("a", "示例甲党支部", 30, 24, 3, 0, 1), ("b", "示例乙党支部", 30, 20, None, None, None))
    for number, row in enumerate((*rows, ("old", None, 30, None, None, None, None)), start=4):
        sheet.append([*row, f"=SUM(D{number}:G{number})"])
    sheet.append(["合计", None, 90, 44, 3, 0, 1, "=SUM(D7:G7)"])
    for area in ("A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:G3", "H2:H3"):
        sheet.merge_cells(area)
    resave(counts, "ballots-counted.xlsx")
    resave(counts, "ballots-counted.xls")
    save(counts, "ballots-uncomputed.xlsx")
    unsure: Lines = [
        [
            "支部",
            "方式",
            "优秀票",
            "良好票",
            "较差票",
            "有效票",
            "废票",
            "收回",
            "书面述职得分",
            "理由",
        ],
        ["示例甲党支部", "现场", 20, 5, 1, 27, 0, 26, None, None],
        ["示例乙党支部", "书面述职", None, None, None, None, None, None, "4.5分", "内容完整"],
        ["示例丙党支部", "现场", 20, 5, 1, 26, 0, 26, None, None],
        ["示例丁党支部", "书面", 20, 5, "一", None, None, None, None, None],
    ]
    save(book(unsure, "计票"), "ballots-unsure.xlsx")
    write("ballots-text.csv", "党支部\t优秀\t良好\t较差\n示例甲党支部\t２０\t5票\t0\n", "utf-8-sig")


def before_2007() -> None:
    """A workbook with one cell of each kind."""
    made = book([["名称", "人数", "日期", "比例", "是否", "错误"]], "评审")
    sheet = made.active
    sheet.append(["示例一支部", 21, DAY(2025, 3, 12), 0.85, True, "=1/0"])
    sheet.append(["示例二支部", 19, 45728, "19人", False, "=1+2"])
    sheet["D2"].number_format = "0%"
    sheet["A4"], sheet["C5"] = "合并", "旁"
    sheet.merge_cells("A4:B5")
    sheet.row_dimensions[3].hidden = sheet.column_dimensions["D"].hidden = True
    resave(made, "before-2007.xls")


if __name__ == "__main__":
    before_2007()
    attendance()
    services()
    branches()
    committee()
