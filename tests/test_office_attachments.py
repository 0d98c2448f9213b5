"""Workbooks and documents as programs write them, and what is built to hold up a reader."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
from functools import partial
from re import _constants, _parser  # type: ignore[attr-defined] # the only way to a pattern's tree
from typing import TYPE_CHECKING, Any

import pytest

from generator.files import attachments
from generator.files.attachments import Defect, Problem, inspect
from generator.files.attachments.active import acts, effort
from generator.files.attachments.markup import attributes, plain, texts
from generator.files.attachments.office import MAX_STEPS
from tests.effort import calls_of, power_of
from tests.test_attachments import SHEET, archive, docx, relation, rows, xlsx
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator

    Parts = dict[str, str | bytes]

ACTIVE = (Defect(Problem.ACTIVE, "active"),)
BROKEN = (Defect(Problem.DAMAGED, "archive"),)
CHART = "word/charts/chart{}.xml"
CHART_RELATIONS = "word/charts/_rels/chart{}.xml.rels"
EMBEDDED = "word/embeddings/Microsoft_Excel_Worksheet{}.xlsx"


def chart(number: int, workbook: bytes, kind: str = "package") -> Parts:
    """Return the parts of a chart in a document: itself, its workbook, what joins the two."""
    target = f"../embeddings/Microsoft_Excel_Worksheet{number}.xlsx"
    return {
        CHART.format(number): "<c:chartSpace><c:externalData r:id='r1'/></c:chartSpace>",
        CHART_RELATIONS.format(number): relation(kind, target),
        EMBEDDED.format(number): workbook,
    }


@pytest.mark.parametrize("number", range(50))
def test_a_document_with_charts_is_sound(number: int) -> None:
    parts: Parts = {"word/_rels/document.xml.rels": relation("chart", "charts/chart1.xml")}
    for each in range(number % 4 + 1):
        parts |= chart(number + each, xlsx({SHEET: rows(number * 9 + 1)}))
    assert inspect("a.docx", docx(parts)) == ()


@pytest.mark.parametrize(
    "parts",
    [
        chart(1, xlsx({"xl/vbaProject.bin": b"x"})),
        chart(1, xlsx({"xl/externalLinks/externalLink1.xml": "<x/>"})),
        chart(1, xlsx({"xl/embeddings/a.xlsx": xlsx()})),
        chart(1, xlsx({SHEET: "<f>cmd|'/c calc'!A0</f>"})),
        chart(1, xlsx()[:-9]),
        chart(1, b"MZ"),
        chart(1, docx()),
        chart(1, xlsx(), "oleObject"),
        {**chart(1, xlsx()), "word/_rels/document.xml.rels": relation("package", "a.xlsx")},
        {"word/embeddings/oleObject1.bin": b"x"},
        {"word/embeddings/Sheet1.xlsm": xlsx()},
    ],
)
def test_what_a_chart_is_no_excuse_for(parts: Parts) -> None:
    assert inspect("a.docx", docx(parts)) == ACTIVE


def test_workbooks_inside_share_the_bounds_of_the_file() -> None:
    large = xlsx({SHEET: rows(60_000)})
    assert inspect("a.docx", docx(chart(1, large))) == ()
    twice = docx(chart(1, large) | chart(2, xlsx({SHEET: rows(60_001)})))
    assert inspect("a.docx", twice) == (Defect(Problem.EXPANDS, "size"),)


LEADERS = [
    "../{}",
    "/{}",
    "C:\\{}",
    "c:/{}",
    "..\\{}",
    "\\{}",
    "//host/{}",
    "xl/../../{}",
    "a/..\\..\\{}",
]
PLACES = ["x", "evil.exe", "xl/x.xml", "etc/passwd", "启动/x.lnk", "."]


@pytest.mark.parametrize("name", [one.format(place) for one in LEADERS for place in PLACES])
def test_parts_that_lead_out_of_the_archive(name: str) -> None:
    assert inspect("a.xlsx", xlsx({name: "x"})) == BROKEN
    assert inspect("a.docx", docx({name: "x"})) == BROKEN


@pytest.mark.parametrize("name", ["xl/a..b.xml", "xl/...", "xl/a:b", "xl\\a.xml", "xl/..a", "x"])
def test_parts_that_stay_inside(name: str) -> None:
    assert inspect("a.xlsx", xlsx({name: "x"})) == ()


@pytest.mark.parametrize("number", tiered(range(50), often=3, fast=1))
def test_sheets_padded_to_their_end(number: int) -> None:
    """Rows, or rows of cells, that hold a format and nothing else."""
    dice = random.Random(number)
    cell = '<c r="A1" s="3"/>' * dice.randrange(3)
    end = "/>" if not cell else f">{cell}</row>"
    padding = "".join(
        f'<row r="{row}" spans="1:{dice.randrange(99)}" s="1" ht="{dice.random()}"{end}'
        for row in range(1_000, 1_048_576, 9)
    )
    parts: Parts = {SHEET: rows(number + 1) + padding}
    assert padding.count("<row") > 100_000
    assert inspect("a.xlsx", xlsx(parts)) == ()


IN_SHEETS = """
<f_|<f>|<x:f_|<definedName_|<f t='|<f t="|<|&|=|'|"|<![CDATA[|<!--|<?|DDE (|DDE_|&#12|&amp;
|<f><!--|<f>&|'"
""".replace("\n", "")
IN_DOCUMENTS = """
<w:instrText_|<w:instrText>|w:instr=|w:instr='|w:instr="|instr|<w:fldChar_|<instr:|a:instr_|=instr
|<w:fldSimple w:instr='x'_|<![CDATA[instr|<!--instr|DDE|&#|<w:fldChar fldCharType='begin'/>
""".replace("\n", "")
IN_RELATIONS = """
<type=|type='|type="|type=|type_|<a type='x'_|=|='|&#|target=|<Relationship Target='|<Relationship_
|<|<a type='/attachedTemplate' target='https://x'
""".replace("\n", "")
#: What is repeated (``_``: a space), by the part that it stands in.
REPEATED = [
    (part, text.replace("_", " "))
    for part, listed in [
        (SHEET, IN_SHEETS),
        ("word/a.xml", IN_DOCUMENTS),
        ("word/_rels/a.xml.rels", IN_RELATIONS),
    ]
    for text in listed.split("|")
]
#: What is needed before such a part is looked at more closely.
BEGINNING = {SHEET: b"<f>|'\"</f>", "word/a.xml": b"<w:instrText/>", "word/_rels/a.xml.rels": b""}


@pytest.mark.parametrize(("part", "text"), REPEATED)
def test_twice_the_input_takes_twice_the_steps(part: str, text: str) -> None:
    def of(times: int) -> bytes:
        return BEGINNING[part] + text.encode() * times

    few, many = (calls_of(partial(acts, part, of(times))) for times in (2_000, 8_000))
    assert power_of(many) <= power_of(few) + 2
    assert many <= 20 * effort(part, of(8_000)) + 1_000


def test_steps_of_all_parts_together_are_bounded() -> None:
    dense = b"<f>'|'</f>" + b"<" * 700_000
    assert inspect("a.xlsx", xlsx({f"xl/{n}.xml": dense for n in range(2)})) == ()
    found = inspect("a.xlsx", xlsx({f"xl/{n}.xml": dense for n in range(MAX_STEPS // 700_000 + 1)}))
    assert found == (Defect(Problem.EXPANDS, "markup"),)


#: Patterns with a repetition without end that stands before other things, and why they may.
HARMLESS = {
    "_QUOTED": "possessive: only the last quote of each kind stays open",
    "_TAG": "possessive, and matched once a tag",
    "_MARKUP": "matched once, at the beginning of 1 kB",
}


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for module in pkgutil.iter_modules(attachments.__path__, f"{attachments.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield name, value


def endless(tree: Any, *, last: bool = True) -> bool:
    """Whether a pattern repeats something without end, and not as the last thing it does."""
    return any(
        _endless(kind, value, last=last and at == len(tree) - 1)
        for at, (kind, value) in enumerate(tree)
    )


def _endless(kind: Any, value: Any, *, last: bool) -> bool:
    if kind in {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}:
        _, most, inner = value
        single = len(inner) == 1 and inner[0][0] in {_constants.IN, _constants.LITERAL}
        open_end = most == _constants.MAXREPEAT and not (last and single)
        return open_end or endless(inner, last=False)
    if kind is _constants.BRANCH:
        return any(endless(one, last=last) for one in value[1])
    return kind is _constants.SUBPATTERN and endless(value[-1], last=last)


def test_no_pattern_goes_back() -> None:
    found = {name for name, pattern in patterns() if endless(_parser.parse(pattern.pattern))}
    assert found == set(HARMLESS)


@pytest.mark.parametrize(
    "pattern",
    [r"a+b", r"(?:a|b*)c", r"<f(?:\s[^>]*)?>", r"(a*)+", r"x(?:ab)*", r"\s*x", r"(?:a+)", r"a*?b"],
)
def test_patterns_that_go_back_are_told(pattern: str) -> None:
    assert endless(_parser.parse(pattern)) == (pattern != r"(?:a+)")


def hidden(number: int) -> str:
    """Return a formula that calls another program, spelt in one of many ways."""
    dice = random.Random(number)
    bar = dice.choice(["|", "&#124;", "&#x7c;", "&#0124;", "&#x7C;"])
    call = dice.choice([f"cmd{bar}'/c calc'!A0", f"'a\"b'{bar}'x'!A0", f"A1+cmd{bar}x!A{number}"])
    call = dice.choice([call, f"<![CDATA[{call}]]>", f"<!-- > -->{call}", f"A1&lt;{call}"])
    prefix = dice.choice(["", "x:", "ns-1:", f"{'p' * 200}:"])
    attribute = dice.choice(["", " t='a>b'", '\n t="array" ref="A1"', " "])
    return f"<{prefix}f{attribute}>{call}</{prefix}f>"


@pytest.mark.parametrize("number", range(80))
def test_formulas_that_act_however_they_are_spelt(number: int) -> None:
    assert inspect("a.xlsx", xlsx({SHEET: rows(number) + hidden(number)})) == ACTIVE


def test_markup() -> None:
    found = [(name, words) for name, _, words in texts(b"<a x='1'>t</a><b:c/><!-- <i>j -->k<e/>")]
    assert found == [(b"", b""), (b"a", b"t"), (b"/a", b""), (b"c", b""), (b"c", b"k"), (b"e", b"")]
    assert list(attributes(b"t a = '1=2' b:c=\"x>y\" d=e f='g'>h='i'")) == [
        (b"a", b"1=2"), (b"c", b"x>y"), (b"f", b"g"),
    ]  # fmt: skip
    assert plain(b"&lt;&#124;&#x7c;&amp;amp;&nbsp;") == b"<||&amp;&nbsp;"


def test_a_zip_with_a_chart_is_no_document() -> None:
    found = inspect("a.docx", archive(chart(1, xlsx())))
    assert found == (Defect(Problem.TYPE, "zip"),)
