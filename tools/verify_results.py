#!/usr/bin/env python3
"""Check published appraisal results with nothing but Python 3.9 or newer.

    python verify_results.py committee/2024/results.json [committee/2024/rubric.yml] [--lang en]

核对已公布的考核结果：只需要 Python，不需要本项目的程序，也不需要联网。

What it checks, by its own exact arithmetic (fractions, half-up rounding):

* the file: its bytes are the one form in which results are written, its ``digest`` and its
  ``source.seal`` fit its content, the rubric beside it is the one that the results name;
* every branch: each line against its basis and the rubric's maximum, parts, the scaling of sections
  with excluded criteria, bonus, ``fixed``, ``total``, ``low``, ``high``, ``assessed``, ``status``;
* all branches together: ranks, ties, ranges, order, grades with their quotas, open questions.

What it cannot check: whether the evidence behind a line is there and was counted rightly, what a
branch claimed and what the committee decided. It trusts the figures ``claimed`` and ``verified``
of a line, ``computed`` where there are no parts, and the statuses of bonus claims; ``appraise
verify YEAR`` computes them anew from the evidence in the repository. And whoever can write the
file can seal it anew: compare the seal with the one that was announced.

Exit status: 0 all agrees, 1 something differs, 2 wrong usage or a file that cannot be read.
"Rule 1" to "rule 6" are those of docs/format.md §5.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
import unicodedata
from bisect import bisect_right
from collections import deque
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SHOWN = 20
MAX_TEXT = 60
MAX_DEPTH = 40
MAX_PLACES = 6
DEFAULT_PLACES = Fraction(2)
SCHEMA = "appraisal-results/1"
ZERO = Fraction(0)
HALF = Fraction(1, 2)
CERTAIN = ("verified", "computed", "not-applicable")
SOURCES = ("claimed", "computed", "verified")
MADE_BY = frozenset({"program", "rules"})
TOTALS = ("fixed", "bonus", "total", "low", "high")
UNFILED = ("not-submitted", "unreadable")


class UnreadableError(Exception):
    """A file cannot be read: says why in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = {"zh": zh, "en": en}


# ---- YAML: the part of it that rubric files use; everything else is refused, nothing guessed ----

#: What a plain scalar may hold on one line, outside and inside of brackets.
PLAIN_TEXT = re.compile(r"(?:[^\n\0\t:#]|:(?![ \n\0])|(?<! )#)*")
FLOW_TEXT = re.compile(r"(?:[^\n\0\t:#,\[\]{}]|:(?![ \n\0,\[\]{}])|(?<! )#)*")
ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "\\": "\\", "/": "/", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip
SURROGATES = range(0xD800, 0xE000)


class Plain(str):
    """A scalar without quotes: only such a one can be null."""

    __slots__ = ()


def is_null(node: object) -> bool:
    """Whether a node is nothing, ``null`` or ``~``, unquoted: the same as absent."""
    return node is None or (isinstance(node, Plain) and node in ("", "null", "~"))


def at_line(line: int, zh: str, en: str) -> tuple[str, str]:
    """Say in both languages at which line of rubric.yml something stands."""
    return f"rubric.yml 第 {line} 行：{zh}", f"rubric.yml, line {line}: {en}"


class Yaml:
    """Reads one YAML document; scalars stay text. No anchors, aliases, tags, ``?`` keys or tabs."""

    def __init__(self, data: bytes) -> None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise UnreadableError(*at_line(line, "不是 UTF-8 编码", "not UTF-8")) from error
        self.text = text[text.startswith("\ufeff") :].replace("\r\n", "\n") + "\0"
        self.pos = 0
        control = re.search("[\0-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]", self.text[:-1])
        if control:
            self.pos = control.start()
            self.fail("控制字符", "control character")

    def fail(self, zh: str, en: str) -> NoReturn:
        """Refuse the file at the present line."""
        raise UnreadableError(*at_line(self.text.count("\n", 0, self.pos) + 1, zh, en))

    def document(self) -> Any:
        """Return the root of the only document."""
        self.skip()
        if self.text.startswith("---", self.pos) and self.column() == 0 and self.ends(self.pos + 3):
            self.pos += 3
            if not self.skip():
                self.fail("“---”后面有内容", "content behind '---'")
        start = self.pos
        for mark in re.finditer(r"^(?:---|\.\.\.)[ \n\0]", self.text[start:], re.MULTILINE):
            self.pos = start + mark.start()
            self.fail("文件里有多份文档", "more than one document")
        if self.text[start] == "\0":
            self.fail("文件是空的", "the file is empty")
        root = self.value(-1, 0, compact=True)
        if self.text[self.pos] != "\0":
            self.fail("缩进与上文不一致", "indentation does not fit what stands above")
        return root

    def ends(self, pos: int) -> bool:
        """Whether white space or the end of the file stands at ``pos``."""
        return self.text[pos] in " \n\0"

    def column(self) -> int:
        """Return the 0-based column of the present place."""
        return self.pos - self.text.rfind("\n", 0, self.pos) - 1

    def line_end(self) -> int:
        """Return where this line ends."""
        end = self.text.find("\n", self.pos)
        return len(self.text) - 1 if end < 0 else end

    def skip(self) -> bool:
        """Skip spaces, line ends and comments; return whether a line ended."""
        start = self.pos
        while True:
            char = self.text[self.pos]
            if char == "#" and (self.pos == 0 or self.text[self.pos - 1] in " \n"):
                self.pos = self.line_end()
            elif char in " \n":
                self.pos += 1
            else:
                return "\n" in self.text[start : self.pos]

    def value(self, indent: int, depth: int, *, compact: bool) -> Any:
        """Return what stands behind a key or (``compact``) a dash at column ``indent``."""
        if depth > MAX_DEPTH:
            self.fail("嵌套过深", "nested too deeply")
        fresh = self.skip() or indent < 0
        column, char = self.column(), self.text[self.pos]
        dash = char == "-" and self.ends(self.pos + 1)
        if char == "\0" or (column < indent + (not dash or compact)):
            return Plain("")
        if dash and (fresh or compact):
            return self.sequence(column, depth + 1)
        if char in "|>":
            return self.block(indent)
        if char in "[{":
            node = self.flow(depth + 1)
        elif (fresh or compact) and self.key(peek=True) is not None:
            return self.mapping(column, depth + 1)
        else:
            node = self.quoted() if char in "\"'" else self.plain(indent, flow=False)
        if not self.skip() and self.text[self.pos] != "\0":
            self.fail("这里不应再有内容", "nothing more is expected here")
        return node

    def mapping(self, column: int, depth: int) -> dict[str, Any]:
        """Return the block mapping whose keys stand at ``column``."""
        result: dict[str, Any] = {}
        while self.text[self.pos] != "\0" and self.column() == column:
            key = self.key()
            if key is None or key in result or key == "<<":
                self.fail("这里应是一个不重复的键", "a key is due here, once")
            result[key] = self.value(column, depth, compact=False)
            self.skip()
        self.closed(column)
        return result

    def sequence(self, column: int, depth: int) -> list[Any]:
        """Return the block sequence whose dashes stand at ``column``."""
        result = []
        while self.text[self.pos] == "-" and self.ends(self.pos + 1) and self.column() == column:
            self.pos += 1
            result.append(self.value(column, depth, compact=True))
            self.skip()
        self.closed(column)
        return result

    def closed(self, column: int) -> None:
        """Refuse a line that is indented more than the collection that it follows."""
        if self.text[self.pos] != "\0" and self.column() > column:
            self.fail("缩进与上文不一致", "indentation does not fit what stands above")

    def key(self, *, peek: bool = False) -> str | None:
        """Return the key that stands here, move behind its colon; None, unmoved, if none does."""
        start = self.pos
        quoted = self.text[start] in "\"'"
        key = self.quoted() if quoted else self.plain_line(flow=False, first=True)
        one_line = "\n" not in self.text[start : self.pos]
        while self.text[self.pos] == " ":
            self.pos += 1
        found = one_line and self.text[self.pos] == ":" and self.ends(self.pos + 1)
        self.pos = start if peek or not found else self.pos + 1
        return key if found else None

    def plain_line(self, *, flow: bool, first: bool = False) -> str:
        """Return a plain scalar as far as it reaches on this line, or fail where none can start."""
        if first and (
            self.text[self.pos] in ",[]{}#&*!|>'\"%@`\t"
            or (self.text[self.pos] in "-?:" and self.text[self.pos + 1] in " \n\0,[]{}")
            or (self.text[self.pos] in "?:" and flow)
        ):
            self.fail("这里的写法不能识别", "not a form that is read here")
        found = (FLOW_TEXT if flow else PLAIN_TEXT).match(self.text, self.pos)
        end = found.end() if found else self.pos
        if self.text[end] == "\t" or (self.text[end] == ":" and self.text[end + 1] in ",[]{}"):
            self.pos = end
            self.fail("这里的写法不能识别", "not a form that is read here")
        chunk = self.text[self.pos : end].rstrip(" ")
        self.pos += len(chunk)
        return chunk

    def plain(self, indent: int, *, flow: bool) -> Plain:
        """Return a plain scalar; its further lines are indented more than ``indent``."""
        parts = [self.plain_line(flow=flow, first=True)]
        while True:
            mark = self.pos
            breaks = self.gap(" ")
            stop = "\0#,[]{}?:" if flow else "\0#"
            if not breaks or self.text[self.pos] in stop:
                break
            if not flow and self.column() <= indent:
                break
            parts += ["\n" * (breaks - 1) or " ", self.plain_line(flow=flow)]
        self.pos = mark
        return Plain("".join(parts))

    def gap(self, blank: str) -> int:
        """Skip blanks and line ends; return the number of line ends."""
        breaks = 0
        while self.text[self.pos] in blank + "\n":
            breaks += self.text[self.pos] == "\n"
            self.pos += 1
        return breaks

    def quoted(self) -> str:
        """Return a quoted scalar; lines are folded as YAML says."""
        start, quote, parts = self.pos, self.text[self.pos], []
        self.pos += 1
        while True:
            char = self.text[self.pos]
            if char == "\0":
                self.pos = start
                self.fail("引号没有结束", "the quotation does not end")
            if char in " \t\n":
                mark = self.pos
                breaks = self.gap(" \t")
                fold = "\n" * (breaks - 1) or " "
                parts.append(fold if breaks else self.text[mark : self.pos])
            elif char == "\\" and quote == '"':
                parts.append(self.escape())
            elif char != quote:
                parts.append(char)
                self.pos += 1
            elif quote == "'" and self.text[self.pos + 1] == "'":
                parts.append("'")
                self.pos += 2
            else:
                self.pos += 1
                return "".join(parts)

    def escape(self) -> str:
        """Return what a backslash in double quotes stands for."""
        code = self.text[self.pos + 1]
        self.pos += 2
        if code == "\n":
            return "\n" * self.gap(" \t")
        if code in ESCAPES:
            return ESCAPES[code]
        width = {"x": 2, "u": 4, "U": 8}.get(code, 0)
        digits = self.text[self.pos : self.pos + width]
        if not width or len(digits) < width or not set(digits) <= set("0123456789abcdefABCDEF"):
            self.fail("不认识的反斜杠写法", "unknown escape")
        number = int(digits, 16)
        if number > sys.maxunicode or number in SURROGATES:
            self.fail("不认识的反斜杠写法", "unknown escape")
        self.pos += width
        return chr(number)

    def flow(self, depth: int) -> Any:
        """Return a flow list or mapping, over as many lines as it takes."""
        if depth > MAX_DEPTH:
            self.fail("嵌套过深", "nested too deeply")
        mapping = self.text[self.pos] == "{"
        items: list[Any] = []
        result: dict[str, Any] = {}
        self.pos += 1
        while not self.skip_to("}" if mapping else "]"):
            start = self.pos
            item = self.flow_node(depth)
            if mapping:
                self.gap(" ")
                key_line = "\n" not in self.text[start : self.pos]
                if self.text[self.pos] != ":" or not key_line or not isinstance(item, str):
                    self.fail("这里应是“键: 值”", "'key: value' is due here")
                if item in result or item == "<<":
                    self.fail("键重复", "duplicate key")
                self.pos += 1
                self.skip()
                empty = self.text[self.pos] in ",}"
                result[item] = Plain("") if empty else self.flow_node(depth)
            items.append(item)
            self.skip()
            if self.text[self.pos] == ",":
                self.pos += 1
            elif self.text[self.pos] != ("}" if mapping else "]"):
                self.fail("缺少逗号或括号", "a comma or bracket is missing")
        return result if mapping else items

    def skip_to(self, closing: str) -> bool:
        """Skip white space, and ``closing`` where it stands here; return whether it did."""
        self.skip()
        found = self.text[self.pos] == closing
        self.pos += found
        return found

    def flow_node(self, depth: int) -> Any:
        """Return one node inside brackets."""
        char = self.text[self.pos]
        if char in "[{":
            return self.flow(depth + 1)
        return self.quoted() if char in "\"'" else self.plain(-1, flow=True)

    def block(self, indent: int) -> str:
        """Return a literal or folded block scalar that is neither empty nor has an indicator."""
        end = self.text.find("\n", self.pos)
        header = self.text[self.pos : end].partition(" #")[0].strip(" ")
        if end < 0 or header[1:] not in ("", "-", "+"):
            self.fail("“|”“>”之后的写法不能识别", "not a block scalar that is read here")
        self.pos = start = end + 1
        lines: list[str] = []
        margin = 0
        while self.text[self.pos] != "\0":
            end = self.line_end()
            line = self.text[self.pos : end]
            lead = len(line) - len(line.lstrip(" "))
            if lead < len(line):
                if lead <= indent or lead < margin or (not margin and line[lead] == "\t"):
                    break
                margin = margin or lead
            lines.append(line)
            self.pos = min(end + 1, len(self.text) - 1)
        body = [line[margin:] for line in lines]
        if not margin or any(line.isspace() for line in body):
            self.fail("文字块的缩进不能识别", "indentation of a block that is not read here")
        while not body[-1]:
            body.pop()
        left = self.text.count("\n", start, self.pos) - len(body) + 1
        kept = {"": min(left, 1), "-": 0, "+": left}[header[1:]]
        return ("\n".join(body) if header[0] == "|" else folded(body)) + "\n" * kept


def folded(body: list[str]) -> str:
    """Return the text of a folded block scalar: line ends between full lines become spaces."""
    text, last, breaks = "", "", 0
    for line in body:
        if not line:
            breaks += 1
            continue
        joined = bool(last) and not (last[0] in " \t" or line[0] in " \t")
        text += ("\n" * breaks or " ") if joined else "\n" * (breaks + bool(last))
        text += line
        last, breaks = line, 0
    return text


# ---- rubric.yml: what of it the figures rest on --------------------------------------------------

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")


class Field:
    """A value of rubric.yml and the path to it; read by the type that is due."""

    def __init__(self, node: Any, path: str = "") -> None:
        self.node, self.path = node, path
        self.absent = is_null(node) or (isinstance(node, str) and not node.strip())

    def fail(self, zh: str, en: str) -> NoReturn:
        """Refuse the value."""
        words = f"rubric.yml {self.path}：{zh}", f"rubric.yml {self.path}: {en}"
        raise UnreadableError(*words)

    def values(self) -> dict[str, Field]:
        """Return the values of this mapping by key; none where it is absent."""
        node = {} if self.absent else self.node
        if not isinstance(node, dict):
            self.fail("应是一组键和值", "keys and values are due")
        lead = f"{self.path}." if self.path else ""
        return {key: Field(value, lead + key) for key, value in node.items()}

    def __getitem__(self, key: str) -> Field:
        """Return the value at a key of this mapping; an absent one where there is none."""
        return self.values().get(key) or Field(None, f"{self.path}.{key}")

    def items(self) -> list[Field]:
        """Return the entries of this list; none where it is absent."""
        node = [] if self.absent else self.node
        if not isinstance(node, list):
            self.fail("应是一个列表", "a list is due")
        return [Field(value, f"{self.path}[{n}]") for n, value in enumerate(node)]

    def text(self) -> str:
        """Return the text; empty where it is absent."""
        node = "" if self.absent else self.node
        if not isinstance(node, str):
            self.fail("应是一段文字", "text is due")
        return str(node.strip())

    def number(self, default: Fraction | None = None) -> Fraction:
        """Return the number, exactly as written; ``default``, if any, where it is absent."""
        if self.absent and default is not None:
            return default
        if not isinstance(self.node, str) or not NUMBER.fullmatch(self.node):
            self.fail("应是数字", "a number is due")
        return Fraction(self.node)

    def limit(self) -> Fraction | None:
        """Return the number; None where it is absent, which sets no limit."""
        return None if self.absent else self.number()


class Item:
    """A criterion or a part: what its line must repeat, how it is judged, its own parts."""

    def __init__(self, node: Field, clause: str) -> None:
        self.id, self.points = node["id"].text(), node["points"].number()
        self.title, self.clause = node["title"].text(), clause
        self.question = node["question"].text() or None
        method = node["method"].text()
        self.judged = method == "judgement"
        self.parts = [Item(part, clause) for part in node["parts"].items() if method == "parts"]


class Section:
    """A section and its criteria."""

    def __init__(self, node: Field) -> None:
        self.id, self.points = node["id"].text(), node["points"].number()
        self.clause = node["clause"].text()
        self.criteria = [Item(item, item["clause"].text()) for item in node["criteria"].items()]


def level_points(level: Field) -> Fraction:
    """Return the points of a level: a number, or that beside a title."""
    return (level["points"] if isinstance(level.node, dict) else level).number()


def level_title(level: Field) -> str | None:
    """Return the title of a level, None where the rubric gives it none."""
    return level["title"].text() or None if isinstance(level.node, dict) else None


class BonusRule:
    """A bonus, the points of its levels and their titles."""

    def __init__(self, node: Field) -> None:
        self.title, self.clause = node["title"].text(), node["clause"].text()
        levels = node["levels"].values()
        self.levels = {name: level_points(level) for name, level in levels.items()}
        self.titles = {name: level_title(level) for name, level in levels.items()}


class Band:
    """A grade: the least total, the share of ranked branches that may have it."""

    def __init__(self, node: Field) -> None:
        self.id, self.title = node["id"].text(), node["title"].text()
        self.least, self.quota = node["min"].number(), node["quota"].limit()


class Rubric:
    """What of rubric.yml the figures rest on; raises UnreadableError where a value is not there."""

    def __init__(self, data: bytes) -> None:
        root = Field(Yaml(data).document())
        self.id, self.total = root["rubric"]["id"].text(), root["rubric"]["total"].number()
        places = root["rounding"]["places"].number(DEFAULT_PLACES)
        if places not in range(MAX_PLACES + 1):
            root["rounding"]["places"].fail("小数位数过多", "more decimals than can be")
        self.step = 10 ** int(places)
        self.sections = [Section(node) for node in root["sections"].items()]
        self.criteria = [item for section in self.sections for item in section.criteria]
        self.cap = root["bonus"]["cap"].limit()
        self.bonus = {node["id"].text(): BonusRule(node) for node in root["bonus"]["rules"].items()}
        self.vetoes = {node["id"].text() for node in root["vetoes"].items()}
        self.bands = [Band(node) for node in root["grades"].items()]
        self.ties = [node.text() for node in root["ties"].items()]
        questions = root["questions"].items()
        self.open_questions = [q["id"].text() for q in questions if q["decided_by"].absent]

    def rounded(self, value: Fraction) -> Fraction:
        """Round half-up to the places of this rubric; ``value`` is not negative."""
        return Fraction((value * self.step + HALF) // 1, self.step)


# ---- Differences: what the file says, what is due, and by which rule -----------------------------

# fmt: off
RULES = {
    "form": ("字节不合规定的写法（UTF-8，键按序，缩进一格，末尾一个换行）",
             "the bytes are not the form due: UTF-8, sorted keys, indented by one, one line end"),
    "shape": ("缺少这一项，或类型不对", "it is missing or of the wrong type"),
    "digest": ("校验码须与内容相符", "the digest must fit the content"),
    "seal": ("封印须与全文相符", "the seal must fit the whole document"),
    "final": ("有封印的，须是定稿阶段、从已提交的文件算出的",
              "what is sealed is in stage final and computed from committed files"),
    "source": ("来源只有 commit、date、dirty、program、rules",
               "a source holds commit, date, dirty, program and rules alone"),
    "corrections": ("更正只写在定稿里，每一次都写明被更正的文件、理由、日期和变化",
                    "only final results have corrections, each with what it replaced and why"),
    "rubric": ("须是成绩所写明的那份考核办法", "it must be the rubric that the results name"),
    "sums": ("考核办法里的分值须加得起来", "the points of the rubric must add up"),
    "lines": ("各行须与考核办法的小项、细分一一对应，次序相同",
              "lines must be those of the rubric's criteria and parts, one each, in order"),
    "copied": ("须与考核办法相同", "it must be as in the rubric"),
    "range": ("须在 0 与分值之间，小数不超过规定位数",
              "it must lie between 0 and the maximum, with the rubric's decimals"),
    "basis": ("与自评、计算、核定的有无不符（规则 1）",
              "it does not fit what was claimed, computed and verified (rule 1)"),
    "accepted": ("按自评认定的是由自评计分的小项：核定，得分等于自评，其数另计",
                 "what is accepted as claimed is judged, verified at the claim, and counted apart"),
    "points": ("得分取所依据的数：核定分、计算分或自评分；未评的空着（规则 1）",
               "points are those verified, computed or claimed, as the basis says (rule 1)"),
    "not-applicable": ("不适用的小项得零分、得满分，或不计入（规则 1）",
                       "what is not applicable gets 0 or the maximum, or is left out (rule 1)"),
    "excluded": ("不计入的只有不适用而没有得分的小项（规则 1）",
                 "left out is only what is not applicable and has no points (rule 1)"),
    "parts": ("细分只有计算分；小项的计算分是其和，有一个未评就空着",
              "parts are computed alone; their criterion is their sum, none if one is pending"),
    "scaling": ("有小项不计入时，其余按大项分值折算，差额单列一行（规则 3）",
                "where criteria are left out the rest is scaled, the difference a line (rule 3)"),
    "sections": ("大项得分是各小项之和，折算后（规则 3）",
                 "a section is the sum of its criteria, scaled (rule 3)"),
    "bonus-line": ("认可的按级别加分，同一事项只计最高一次，待定的空着，其余为零（规则 4）",
                   "accepted claims give their level's points, once a matter (rule 4)"),
    "fixed": ("固定分是各大项之和（规则 4）", "fixed is the sum of the sections (rule 4)"),
    "bonus": ("加分是认可的各行之和，不超过上限（规则 4）",
              "the bonus is the sum of accepted claims, up to the cap (rule 4)"),
    "total": ("总分是固定分加加分（规则 4）", "total = fixed + bonus (rule 4)"),
    "low": ("最低总分只计核定、计算、不适用的各行（规则 4）",
            "low counts verified, computed and not-applicable lines alone (rule 4)"),
    "high": ("最高总分里，自评、未评的按满分，未定的加分按认可计（规则 4）",
             "high gives undecided lines their maximum and accepts undecided bonus (rule 4)"),
    "assessed": ("已评定的小项数", "the number of criteria that are assessed"),
    "status": ("有查实的否决项就是一票否决，没有就不是（规则 5）",
               "vetoed is who has a verified veto, and nobody else (rule 5)"),
    "unfiled": ("没有可计分的材料，就没有得分（规则 5）",
                "who filed nothing that can be read has no figures (rule 5)"),
    "rank": ("按总分和并列规则排名（规则 5）", "ranks go by total, then by the ties (rule 5)"),
    "rank_range": ("名次范围由各支部的最低、最高总分得出（规则 5）",
                   "the range follows from the low and high totals of all (rule 5)"),
    "order": ("支部按名次、编号排列，没有名次的在后，各列一次",
              "branches stand by rank, then id, the unranked last, each once"),
    "computed_grade": ("等次由名次、分数线和名额得出，有未评小项的未定（规则 6）",
                       "grades follow from rank, least total and quota; none if pending (rule 6)"),
    "grade": ("等次与算出的不同，须有评定文件和理由，且是办法里的等次（规则 6）",
              "a grade other than computed needs a decision, a reason, a known grade (rule 6)"),
    "open_questions": ("待定的是办法中无人决定的事项", "open is what nobody decided"),
}
# fmt: on


class Difference(NamedTuple):
    """One figure that does not agree."""

    where: str
    found: str
    due: str | None
    rule: str

    def words(self, lang: str) -> str:
        """Return the difference as a line of text."""
        zh, en = RULES[self.rule]
        if lang == "en":
            due = "" if self.due is None else f", due is {self.due}"
            return f"{self.where}: the file says {self.found}{due} ({en})"
        due = "" if self.due is None else f"，应为 {self.due}"
        return f"{self.where}：文件为 {self.found}{due}（{zh}）"


class Differences:
    """All that does not agree, in the order in which it was found."""

    def __init__(self) -> None:
        self.found: list[Difference] = []

    def expect(self, where: str, key: str, found: object, due: object, rule: str) -> None:
        """Note where ``found`` is not what is ``due``."""
        if found != due:
            path = f"{where}.{key}" if where else key
            self.found.append(Difference(path, show(found), show(due), rule))

    def fault(self, where: str, key: str, found: object, rule: str) -> None:
        """Note a value that cannot be, where more than one could."""
        path = f"{where}.{key}" if where else key
        self.found.append(Difference(path, show(found), None, rule))


def show(value: object) -> str:
    """Return a value for a message: short, on one line, without control characters."""
    if isinstance(value, Fraction):
        text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if value is None or value is ...:
        return "null"
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(show, value)) + "]"
    text = str(value)
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:MAX_TEXT])
    return f"“{shown}{'…' if len(text) > MAX_TEXT else ''}”"


# ---- results.json: its bytes, its keys and types, its digests ------------------------------------


# A type; a set of words; [shape]: a list of such; {key: shape}, or {str: shape} for any key;
# (shape, None): such or null. Further keys are free: the digest covers them.
FIGURE = (Fraction, None)
TEXT = (str, None)
BASES = frozenset({"verified", "computed", "claimed", "pending", "not-applicable", "scaled"})
LINE = {
    "section": str, "criterion": TEXT, "part": TEXT, "title": str, "clause": str, "basis": BASES,
    "points": FIGURE, "max": FIGURE, "claimed": FIGURE, "computed": FIGURE, "verified": FIGURE,
    "statement": str, "excluded": bool, "question": TEXT,
}  # fmt: skip
BONUS_LINE = {
    "claim": str, "rule": str, "title": str, "clause": str, "matter": str, "level": str,
    "points": FIGURE, "status": frozenset({"accepted", "rejected", "claimed", "same-matter"}),
}  # fmt: skip
BRANCH = {
    "id": str, "status": frozenset({"scored", "vetoed", *UNFILED}),
    "rank": FIGURE, "rank_range": ([Fraction], None), "grade": TEXT, "grade_title": str,
    "computed_grade": TEXT, "grade_reason": str, "sections": {str: Fraction},
    "fixed": FIGURE, "bonus": FIGURE, "total": FIGURE, "low": FIGURE, "high": FIGURE,
    "assessed": {"done": Fraction, "of": Fraction},
    "vetoes": [{"veto": str, "state": str}], "lines": [LINE], "bonus_lines": [BONUS_LINE],
}  # fmt: skip
RESULTS = {
    "schema": frozenset({SCHEMA}), "year": Fraction, "stage": str, "decision": dict,
    "rubric": {"id": str, "sha256": str}, "source": {"commit": TEXT, "dirty": bool, "date": TEXT},
    "branches": [BRANCH], "open_questions": [str], "digest": str,
}  # fmt: skip

#: What a correction holds; ``old`` and ``new`` are whatever stood at the place.
CORRECTIONS = [
    {
        "digest": str, "seal": str, "blob": str, "commit": TEXT, "reason": str, "date": str,
        "changes": [{"branch": TEXT, "key": str}],
    }
]  # fmt: skip


def exact(text: str) -> Fraction:
    """Return a number of the JSON, exactly as written."""
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return Fraction(text)


def load(data: bytes, out: Differences) -> tuple[Any, Any]:
    """Return the document as JSON and once more with exact numbers; note another form of bytes.

    Raises UnreadableError for what is not JSON, or is with numbers that no results have.
    """
    try:
        text = data.decode("utf-8")
        plain = json.loads(text)
        document = json.loads(text, parse_float=exact, parse_int=exact, parse_constant=exact)
        form = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        same = form.encode("utf-8") == data
    except (ValueError, RecursionError) as error:
        words = f"不是成绩文件（{error}）", f"not a results file ({error})"
        raise UnreadableError(*words) from error
    if not same:
        at = first_unequal(text, form)
        line = text.count("\n", 0, at) + 1
        out.fault("", f"results.json:{line}", text[at : at + MAX_TEXT], "form")
    return plain, document


def first_unequal(one: Any, other: Any) -> int:
    """Return the 0-based place at which two sequences, which are not equal, first differ."""
    return next(n for n, pair in enumerate(zip_longest(one, other)) if pair[0] != pair[1])


def misfits(value: Any, shape: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield path and value of everything that is missing or not of the shape that is due."""
    kind: Any = shape if isinstance(shape, type) else type(shape)
    if isinstance(shape, tuple):
        if value is not None:
            yield from misfits(value, shape[0], path)
    elif isinstance(shape, frozenset):
        if not isinstance(value, str) or value not in shape:
            yield path, value
    elif not isinstance(value, kind):
        yield path, value
    elif isinstance(shape, list):
        for number, entry in enumerate(value):
            yield from misfits(entry, shape[0], f"{path}[{name_of(entry, number)}]")
    elif isinstance(shape, dict):
        for name in value if str in shape else shape:
            due = shape[str] if str in shape else shape[name]
            yield from misfits(value.get(name, ...), due, f"{path}.{name}")


def misshapen(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield path and value of everything in results that is missing or of the wrong type."""
    yield from misfits(document, RESULTS, "results")
    if isinstance(document, dict):
        yield from misfits(document.get("withheld", []), [str], "results.withheld")


def name_of(entry: Any, number: int) -> str:
    """Name an entry of a list: by its id, or by its 0-based number."""
    keys = ("id", "claim", "criterion", "part")
    found = [entry.get(key) for key in keys] if isinstance(entry, dict) else []
    return "/".join(name for name in found if isinstance(name, str) and name) or str(number)


def sha256(value: object) -> str:
    """Return the digest of a value's canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_digests(document: dict[str, Any], out: Differences) -> str | None:
    """Compare digest and seal; return the seal, None where the file has none: it is not final."""
    figures = {k: v for k, v in document.items() if k not in ("source", "digest")}
    out.expect("", "digest", document["digest"], sha256(figures), "digest")
    unsealed = {k: v for k, v in document["source"].items() if k != "seal"}
    if "seal" not in document["source"]:
        names = sorted(set(unsealed) - MADE_BY)
        out.expect("", "source", names, ["commit", "date", "dirty"], "source")
        return None
    seal = document["source"]["seal"]
    out.expect("source", "seal", seal, sha256({**document, "source": unsealed}), "seal")
    if unsealed["dirty"]:
        out.fault("source", "dirty", unsealed["dirty"], "final")
    out.expect("", "stage", document["stage"], "final", "final")
    return str(seal)


def check_corrections(document: dict[str, Any], out: Differences) -> None:
    """Compare the form of what is said about corrections; the digest covers what it says.

    Whether the replaced files are what it says can only be told with the history of the data.
    """
    if "corrections" not in document:
        return
    found = document["corrections"]
    for path, value in misfits(found, CORRECTIONS, "corrections"):
        out.fault("", path, value, "corrections")
    if not found or ("seal" not in document["source"] and "full_digest" not in document):
        out.fault("", "corrections", found, "corrections")


# ---- One branch ----------------------------------------------------------------------------------


class Entry(NamedTuple):
    """The points of a criterion's line; ``certain`` if they can no longer change."""

    points: Fraction
    max: Fraction
    certain: bool
    excluded: bool


class Card:
    """A branch: computes its figures anew and compares them; they are those that are due."""

    def __init__(
        self,
        branch: dict[str, Any],
        rubric: Rubric,
        out: Differences,
        withheld: frozenset[str] = frozenset(),
    ) -> None:
        self.branch, self.rubric, self.out, self.withheld = branch, rubric, out, withheld
        self.id: str = branch["id"]
        self.status: str = branch["status"]
        self.sections: dict[str, Fraction] = {}
        self.figures: dict[str, Fraction | None] = dict.fromkeys(TOTALS)
        self.done = self.taken = 0
        self.pending = False
        self.check()

    def figure(self, name: str) -> Fraction:
        """Return one of fixed, bonus, total, low and high; 0 where the branch has none."""
        return self.figures[name] or ZERO

    def rank_key(self) -> list[Fraction]:
        """Return the figures that rank the branch: total, then the ties in turn (rule 5)."""
        ties = self.rubric.ties
        further = (self.figure(t) if t == "fixed" else self.sections.get(t, ZERO) for t in ties)
        return [self.figure("total"), *further]

    def check(self) -> None:
        """Compare all of the branch's own figures."""
        branch, out = self.branch, self.out
        vetoed = any(veto["state"] == "verified" for veto in branch["vetoes"])
        told = vetoed or "vetoes" not in self.withheld
        if told and vetoed != (self.status == "vetoed"):
            out.fault(self.id, "status", self.status, "status")
        for veto in branch["vetoes"]:
            if veto["veto"] not in self.rubric.vetoes:
                out.fault(self.id, "vetoes", veto["veto"], "copied")
        nothing = not branch["lines"] and not branch["bonus_lines"]
        if self.status in UNFILED and not nothing:
            out.fault(self.id, "lines", len(branch["lines"]), "unfiled")
        elif self.status == "scored" or not nothing:
            self.score()
        filed = self.figures["total"] is not None
        for key in TOTALS:
            out.expect(self.id, key, branch[key], self.figures[key], key if filed else "unfiled")
        found = branch["sections"]
        for key in {**self.sections, **found}:
            due = self.sections.get(key)
            out.expect(self.id, f"sections.{key}", found.get(key), due, "sections")
        for key, number in (("done", self.done), ("of", len(self.rubric.criteria))):
            out.expect(self.id, f"assessed.{key}", branch["assessed"][key], number, "assessed")
        taken = branch["assessed"].get("accepted_as_claimed")
        out.expect(self.id, "assessed.accepted_as_claimed", taken, self.taken or None, "accepted")

    def score(self) -> None:
        """Add up lines and bonus; where lines are not those of the rubric, take the file's word."""
        branch = self.branch
        found = [(line["section"], line["criterion"], line["part"]) for line in branch["lines"]]
        due = list(self.keys(frozenset(found)))
        if found != due:
            at = first_unequal(found, due)
            self.out.expect(self.id, f"lines[{at}]", found[at:][:1], due[at:][:1], "lines")
            self.figures, self.sections = {key: branch[key] for key in TOTALS}, branch["sections"]
            self.done = branch["assessed"]["done"]
            self.taken = branch["assessed"].get("accepted_as_claimed") or 0
            return
        lines = {found[n]: line for n, line in enumerate(branch["lines"])}
        low = high = ZERO
        for section in self.rubric.sections:
            entries = [self.criterion(section, item, lines) for item in section.criteria]
            points = self.scaled(section, entries, [e.points for e in entries])
            self.scaling(section, entries, points, lines.get((section.id, None, None)))
            self.sections[section.id] = points
            low += self.scaled(section, entries, [e.points if e.certain else ZERO for e in entries])
            high += self.scaled(
                section, entries, [e.points if e.certain else e.max for e in entries]
            )
        bonus, possible = self.bonus()
        fixed = sum(self.sections.values(), ZERO)
        self.figures = {"fixed": fixed, "bonus": bonus, "total": fixed + bonus}
        self.figures.update({"low": low + bonus, "high": high + possible})
        if "bonus" in self.withheld:
            self.figures["high"] = self.between(high + bonus, high + possible)

    def between(self, least: Fraction, most: Fraction) -> Fraction:
        """Return the high total of the file where it can be, without the matters of claims."""
        high: Fraction | None = self.branch["high"]
        return high if high is not None and least <= high <= most else most

    def keys(self, found: frozenset[Any]) -> Iterator[tuple[str, str | None, str | None]]:
        """Yield (section, criterion, part) of every line that is due, scaling where it is found."""
        for section in self.rubric.sections:
            for item in section.criteria:
                yield (section.id, item.id, None)
                yield from ((section.id, item.id, part.id) for part in item.parts)
            if (section.id, None, None) in found:
                yield (section.id, None, None)

    def criterion(self, section: Section, item: Item, lines: dict[Any, Any]) -> Entry:
        """Compare the lines of a criterion and its parts; return its points (rule 1)."""
        line = lines[section.id, item.id, None]
        at = f"{self.id}.lines[{item.id}]"
        if item.parts:
            parts = [self.part(item, p, lines[section.id, item.id, p.id]) for p in item.parts]
            due = None if None in parts else sum(filter(None, parts), ZERO)
            self.out.expect(at, "computed", line["computed"], due, "parts")
            line = {**line, "computed": due}
        self.copied(line, item, at)
        basis, points = line["basis"], line["points"]
        if not basis_fits(line, item):
            self.out.fault(at, "basis", basis, "basis")
        if "accepted_as_claimed" in line:
            self.accepted(line, item, at)
        if basis != "not-applicable":
            points = line[basis] if basis in SOURCES else None
            self.out.expect(at, "points", line["points"], points, "points")
        elif points not in (None, ZERO, item.points):
            self.out.fault(at, "points", points, "not-applicable")
        excluded = basis == "not-applicable" and points is None
        self.out.expect(at, "excluded", line["excluded"], excluded, "excluded")
        self.done += basis in CERTAIN
        self.pending |= basis == "pending"
        return Entry(points or ZERO, item.points, basis in CERTAIN, excluded)

    def accepted(self, line: dict[str, Any], item: Item, at: str) -> None:
        """Compare a claim that was taken over as it stands: verified, with the points claimed."""
        self.taken += 1
        flag, basis = line["accepted_as_claimed"], line["basis"]
        if flag is not True or basis != "verified" or not item.judged:
            self.out.fault(at, "accepted_as_claimed", flag, "accepted")
        self.out.expect(at, "verified", line["verified"], line["claimed"], "accepted")

    def part(self, item: Item, part: Item, line: dict[str, Any]) -> Fraction | None:
        """Compare the line of a part, which stays as computed; return its points (rule 9)."""
        at = f"{self.id}.lines[{item.id}/{part.id}]"
        points: Fraction | None = line["computed"]
        self.copied(line, part, at)
        dues = {"points": points, "basis": "pending" if points is None else "computed"}
        for key, due in {**dues, "claimed": None, "verified": None, "excluded": False}.items():
            self.out.expect(at, key, line[key], due, "parts")
        return points

    def copied(self, line: dict[str, Any], item: Item, at: str) -> None:
        """Compare what a line repeats of the rubric; its figures lie within the maximum."""
        dues = {"max": item.points, "title": item.title, "clause": item.clause}
        for key, due in {**dues, "question": item.question}.items():
            self.out.expect(at, key, line[key], due, "copied")
        for key in SOURCES:
            value = line[key]
            if value is not None and not (
                0 <= value <= item.points and value == self.rubric.rounded(value)
            ):
                self.out.fault(at, key, value, "range")

    def scaled(self, section: Section, entries: list[Entry], values: list[Fraction]) -> Fraction:
        """Return a section's points from those of its criteria, those left out aside (rule 3)."""
        total = sum(values, ZERO)
        left = sum((entry.max for entry in entries if not entry.excluded), ZERO)
        if not left or not any(entry.excluded for entry in entries):
            return total
        return self.rubric.rounded(total * section.points / left)

    def scaling(
        self, section: Section, entries: list[Entry], points: Fraction, line: dict[str, Any] | None
    ) -> None:
        """Compare the line that makes a scaled section add up; it stands where there is need."""
        difference = points - sum((entry.points for entry in entries), ZERO)
        at = f"{self.id}.lines[{section.id}]"
        if line is None:
            self.out.expect(at, "points", None, difference or None, "scaling")
            return
        dues = {"points": difference or None, "basis": "scaled", "clause": section.clause}
        for key, due in {**dues, **dict.fromkeys((*SOURCES, "max")), "excluded": False}.items():
            self.out.expect(at, key, line[key], due, "scaling")

    def bonus(self) -> tuple[Fraction, Fraction]:
        """Compare bonus lines; return the bonus, and what it were with all that is undecided."""
        lines = self.branch["bonus_lines"]
        values = [
            self.level_points(line, f"{self.id}.bonus_lines[{line['claim']}]") for line in lines
        ]
        hidden = "bonus" in self.withheld
        taken = self.told(values) if hidden else self.best(values, ("accepted", "same-matter"))
        for number, line in enumerate(lines):
            at = f"{self.id}.bonus_lines[{line['claim']}]"
            if line["claim"] in [earlier["claim"] for earlier in lines[:number]]:
                self.out.fault(at, "claim", line["claim"], "bonus-line")
            status = line["status"]
            if status in ("accepted", "same-matter"):
                status = "accepted" if number in taken else "same-matter"
            points = None if status == "claimed" else taken.get(number, ZERO)
            self.out.expect(at, "status", line["status"], status, "bonus-line")
            self.out.expect(at, "points", line["points"], points, "bonus-line")
        statuses = ("accepted", "same-matter", "claimed")
        possible = self.every(values, taken) if hidden else self.best(values, statuses)
        return self.capped(taken), self.capped(possible)

    def told(self, values: list[Fraction | None]) -> dict[int, Fraction]:
        """Return number of line → points where matters are withheld: those that the file says.

        What is said to be of the same matter stands beside one of its rule that gives no less.
        """
        lines = self.branch["bonus_lines"]
        held = {n: v for n, v in enumerate(values)
                if v is not None and lines[n]["status"] == "accepted"}  # fmt: skip
        for number, value in enumerate(values):
            if value is None or lines[number]["status"] != "same-matter":
                continue
            rule = lines[number]["rule"]
            if not any(lines[n]["rule"] == rule and v >= value for n, v in held.items()):
                held[number] = value
        return held

    def every(
        self, values: list[Fraction | None], taken: dict[int, Fraction]
    ) -> dict[int, Fraction]:
        """Return the points that count, and those of all that is undecided, as of other matters."""
        lines = self.branch["bonus_lines"]
        open_ = {n: v for n, v in enumerate(values)
                 if v is not None and lines[n]["status"] == "claimed"}  # fmt: skip
        return {**taken, **open_}

    def level_points(self, line: dict[str, Any], at: str) -> Fraction | None:
        """Return the points of a bonus line's level; None where the rubric has no such level."""
        rule = self.rubric.bonus.get(line["rule"])
        if rule is None:
            self.out.fault(at, "rule", line["rule"], "copied")
            return None
        self.out.expect(at, "title", line["title"], rule.title, "copied")
        self.out.expect(at, "clause", line["clause"], rule.clause, "copied")
        if line["level"] not in rule.levels and line["status"] != "claimed":
            self.out.fault(at, "level", line["level"], "copied")
        title = rule.titles.get(line["level"])
        self.out.expect(at, "level_title", line.get("level_title"), title, "copied")
        return rule.levels.get(line["level"])

    def best(self, values: list[Fraction | None], statuses: tuple[str, ...]) -> dict[int, Fraction]:
        """Return number of line → points: one a rule and matter, the first of the highest."""
        held: dict[tuple[str, str], tuple[int, Fraction]] = {}
        for number, line in enumerate(self.branch["bonus_lines"]):
            value = values[number]
            if value is None or line["status"] not in statuses:
                continue
            matter = (line["rule"], plain_matter(line["matter"]))
            if matter not in held or value > held[matter][1]:
                held[matter] = (number, value)
        return dict(held.values())

    def capped(self, taken: dict[int, Fraction]) -> Fraction:
        """Return the sum of bonus points, at most the cap."""
        total = sum(taken.values(), ZERO)
        return total if self.rubric.cap is None else min(total, self.rubric.cap)


def basis_fits(line: dict[str, Any], item: Item) -> bool:
    """Whether a basis can be, given what was claimed, computed and verified (rule 1)."""
    claimed, computed, verified = (line[key] is not None for key in SOURCES)
    basis = line["basis"]
    if basis == "scaled" or (item.judged and computed):
        return False
    if verified or basis == "verified":
        return verified and basis in ("verified", "not-applicable")
    if basis == "computed":
        return computed
    if basis == "claimed":
        return item.judged and claimed
    # Pending although computed: the branch says, and does not claim points, that it is not
    # applicable, and the committee has not decided.
    said = not claimed and bool(line["statement"])
    return basis == "not-applicable" or not computed or said


def plain_matter(matter: str) -> str:
    """Return a matter for comparison: NFKC, without white space and case (rule 4)."""
    folded_case = unicodedata.normalize("NFKC", matter).casefold()
    return "".join(unicodedata.normalize("NFKC", folded_case).split())


def withheld_of(document: dict[str, Any]) -> frozenset[str]:
    """Return the classes that a projection says it lacks; nothing of results that are whole."""
    whole = "full_digest" not in document or "seal" in document["source"]
    return frozenset() if whole else frozenset(document.get("withheld", ()))


# ---- All branches --------------------------------------------------------------------------------


def check_branches(document: dict[str, Any], rubric: Rubric, out: Differences) -> None:
    """Compute every branch, ranks, ranges and grades anew and compare them."""
    withheld = withheld_of(document)
    cards = [Card(branch, rubric, out, withheld) for branch in document["branches"]]
    decided = bool(document["decision"]) or "reviews" in withheld
    scored = [card for card in cards if card.status == "scored"]
    ranks, ranges = due_ranks(scored), due_ranges(scored)
    grades = due_grades(scored, ranks, rubric.bands)
    if rubric.bands:
        grades.update({card.id: rubric.bands[-1].id for card in cards if card.status == "vetoed"})
    titles = {band.id: band.title for band in rubric.bands}
    for card in cards:
        branch, name = card.branch, card.id
        out.expect(name, "rank", branch["rank"], ranks.get(name), "rank")
        out.expect(name, "rank_range", branch["rank_range"], ranges.get(name), "rank_range")
        due = grades.get(name)
        out.expect(name, "computed_grade", branch["computed_grade"], due, "computed_grade")
        check_grade(card, due, titles, out, decided=decided)
    names = [card.id for card in cards]
    last = len(names) + 1
    ordered = sorted(set(names), key=lambda name: (ranks.get(name, last), name))
    if names != ordered:
        at = first_unequal(names, ordered)
        out.expect("", f"branches[{at}]", names[at:][:1], ordered[at:][:1], "order")


def due_ranks(scored: list[Card]) -> dict[str, int]:
    """Return 1-based ranks: 1 + the number of those with better figures."""
    keys = sorted(card.rank_key() for card in scored)
    return {card.id: 1 + len(keys) - bisect_right(keys, card.rank_key()) for card in scored}


def due_ranges(scored: list[Card]) -> dict[str, list[int]]:
    """Return the best and the worst rank that each can still come to."""
    lows = sorted(card.figure("low") for card in scored)
    highs = sorted(card.figure("high") for card in scored)
    ranges = {}
    for card in scored:
        low, high = card.figure("low"), card.figure("high")
        surely_above = len(lows) - bisect_right(lows, high)
        perhaps_above = len(highs) - bisect_right(highs, low) - (high > low)
        ranges[card.id] = [1 + surely_above, 1 + perhaps_above]
    return ranges


def due_grades(
    scored: list[Card], ranks: dict[str, int], bands: list[Band]
) -> dict[str, str | None]:
    """Return grades by id: bands are filled from the top, equal ranks together (rule 6)."""
    ordered = sorted(scored, key=lambda card: ranks[card.id])
    queue = deque(list(group) for _, group in groupby(ordered, key=lambda card: ranks[card.id]))
    grades: dict[str, str | None] = {}
    for band in bands:
        last = band is bands[-1]
        room = len(scored) if band.quota is None or last else band.quota * len(scored) // 1
        while queue and len(queue[0]) <= room:
            if queue[0][0].figure("total") < band.least and not last:
                break
            group = queue.popleft()
            room -= len(group)
            grades.update({card.id: None if card.pending else band.id for card in group})
    return grades


def check_grade(
    card: Card, computed: str | None, titles: dict[str, str], out: Differences, *, decided: bool
) -> None:
    """Compare the final grade: as computed, or ``decided`` otherwise for a reason (rule 6)."""
    grade, reason = card.branch["grade"], card.branch["grade_reason"]
    free = decided and grade in titles and bool(reason) and card.status != "vetoed"
    if grade != computed and not free:
        out.expect(card.id, "grade", grade, computed, "grade")
    if reason and not decided:
        out.fault(card.id, "grade_reason", reason, "grade")
    title = titles.get(grade or "", "")
    out.expect(card.id, "grade_title", card.branch["grade_title"], title, "copied")


def check_rubric(document: dict[str, Any], rubric: Rubric, out: Differences) -> None:
    """Compare what the results repeat of the rubric; its points add up."""
    out.expect("rubric", "id", document["rubric"]["id"], rubric.id, "rubric")
    questions = document["open_questions"]
    out.expect("", "open_questions", questions, rubric.open_questions, "open_questions")
    sums: list[tuple[str, Fraction, list[Any]]] = [("total", rubric.total, [*rubric.sections])]
    sums += [(section.id, section.points, [*section.criteria]) for section in rubric.sections]
    sums += [(item.id, item.points, [*item.parts]) for item in rubric.criteria if item.parts]
    for key, whole, parts in sums:
        out.expect("rubric.yml", key, whole, sum((part.points for part in parts), ZERO), "sums")


# ---- Command line --------------------------------------------------------------------------------

WORDS = {
    "zh": {
        "agree": "全部一致：{branches} 个支部，{lines} 行得分；名次、等次都重算过。",
        "seal": "封印 {seal}\n请与公布的封印比对；计算所依据的提交：{commit}。",
        "unsealed": "注意：这份成绩没有封印，不是定稿。",
        "projection": "这是公布的一份，有些内容不在其中；全文的校验码 {digest}\n"
        "请与公布的校验码比对；计算所依据的提交：{commit}。",
        "unchecked": "其中没有{what}，这一点没有核对。",
        "differ": "成绩文件与重算的结果有 {count} 处不一致：",
        "more": "……另有 {count} 处",
        "skipped": "考核办法不是那一份，分数没有重算。",
        "unreadable": "无法核对 {file}：{why}",
    },
    "en": {
        "agree": "All agrees: {branches} branches, {lines} lines; ranks and grades recomputed.",
        "seal": "Seal {seal}\nCompare it with the one announced; computed from commit {commit}.",
        "unsealed": "Note: these results are not sealed, hence not final.",
        "projection": "This is what is published; some content is not in it. Digest of the whole "
        "{digest}\nCompare it with the one announced; computed from commit {commit}.",
        "unchecked": "It does not hold {what}; that was not checked.",
        "differ": "The results file and what was recomputed differ in {count} places:",
        "more": "... and {count} more",
        "skipped": "The rubric is another one, so that points were not recomputed.",
        "unreadable": "Cannot check {file}: {why}",
    },
}


#: What cannot be told where a class is withheld.
UNCHECKED = {
    "bonus": {
        "zh": "加分事项：哪些是同一事项",
        "en": "bonus matters: which claims are of one matter",
    },
    "reviews": {"zh": "评定：等次为什么与算出的不同", "en": "the decision: why a grade differs"},
    "vetoes": {"zh": "一票否决：谁有查实的", "en": "vetoes: who has a verified one"},
}


def say(lang: str, key: str, **values: object) -> None:
    """Write a sentence to the output."""
    sys.stdout.write(WORDS[lang][key].format(**values) + "\n")


def verify(results: bytes, rubric: bytes, lang: str) -> int:
    """Check results against their rubric, say what was found; return the exit status 0 or 1."""
    out = Differences()
    plain, document = load(results, out)
    seal, skipped = None, False
    for path, value in misshapen(document):
        out.fault("", path, value, "shape")
    if not any(difference.rule == "shape" for difference in out.found):
        seal = check_digests(plain, out)
        check_corrections(plain, out)
        named = hashlib.sha256(rubric).hexdigest()
        skipped = named != document["rubric"]["sha256"]
        out.expect("rubric", "sha256", document["rubric"]["sha256"], named, "rubric")
        if not skipped:
            known = Rubric(rubric)
            check_rubric(document, known, out)
            check_branches(document, known, out)
    if out.found:
        report(out.found, lang)
        if skipped:
            say(lang, "skipped")
        return 1
    lines = sum(len(branch["lines"]) for branch in document["branches"])
    say(lang, "agree", branches=len(document["branches"]), lines=lines)
    commit = show(plain["source"]["commit"])
    if seal is not None:
        say(lang, "seal", seal=seal, commit=commit)
    elif "full_digest" in plain:
        digest = plain["full_digest"]
        whole = isinstance(digest, str) and re.fullmatch("sha256:[0-9a-f]{64}", digest)
        say(lang, "projection", digest=digest if whole else show(digest), commit=commit)
        for name in sorted(withheld_of(document) & UNCHECKED.keys()):
            say(lang, "unchecked", what=UNCHECKED[name][lang])
    else:
        say(lang, "unsealed")
    return 0


def report(found: list[Difference], lang: str) -> None:
    """Write the first differences, one a line."""
    say(lang, "differ", count=len(found))
    for difference in found[:MAX_SHOWN]:
        sys.stdout.write(f"  {difference.words(lang)}\n")
    if len(found) > MAX_SHOWN:
        say(lang, "more", count=len(found) - MAX_SHOWN)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        description="核对已公布的考核结果 · Check published appraisal results."
    )
    parser.add_argument("results", type=Path, help="results.json")
    parser.add_argument(
        "rubric", type=Path, nargs="?", help="rubric.yml（默认与 results.json 同在 · beside it）"
    )
    parser.add_argument("--lang", choices=sorted(WORDS), default="zh")
    options = parser.parse_args(arguments)
    rubric = options.rubric or options.results.with_name("rubric.yml")
    lang: str = options.lang
    try:
        return verify(options.results.read_bytes(), rubric.read_bytes(), lang)
    except OSError as error:
        file, why = error.filename, f"{error.strerror}"
    except UnreadableError as error:
        file, why = options.results, error.words[lang]
    sys.stderr.write(WORDS[lang]["unreadable"].format(file=file, why=why) + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
