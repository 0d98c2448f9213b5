"""YAML that misleads, breaks or kills other readers, each in a file of a small repository.

A row is what takes the place of one text, the findings that are due, and the line they stand at.
"""

from __future__ import annotations

import pytest

from generator.engine.evaluate import evaluate
from tests.effort import at_most
from tests.guarding import assert_printable
from tests.memory import MemoryTree, base_files

FILES = base_files()
CLAIMS = "branches/demo-a/2025/self-assessment.yml"
ACTIVITY = "branches/demo-a/2025/activities/2025-03-12-theme-day/activity.yml"
TEXT = FILES[CLAIMS].decode("utf-8")


def told(path: str, data: bytes | str) -> list[tuple[str, int]]:
    """Return (code, line) of the errors and warnings at a path, Y before all others."""
    content = data.encode("utf-8") if isinstance(data, str) else data
    findings = evaluate(MemoryTree({**FILES, path: content}), 2025).findings
    assert_printable(findings)
    found = {(f.code, f.line) for f in findings if f.path == path and f.severity != "notice"}
    return sorted(found, key=lambda pair: (pair[0][0] != "Y", pair))


def instead(path: str, old: str, new: str) -> list[tuple[str, int]]:
    """Return what is told where one text of a file is another."""
    text = FILES[path].decode("utf-8")
    assert old in text
    return told(path, text.replace(old, new, 1))


def stated(statement: str) -> str:
    """Return the self-assessment with another first statement, as written."""
    return TEXT.replace("statement: 按要求完成。", f"statement: {statement}", 1)


BOMB = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 12)
)
WHOLE: dict[str, tuple[bytes | str, tuple[str, int]]] = {
    "twice": (TEXT.replace("points: 4.5", "points: 4\n    points: 5"), ("Y002", 5)),
    "twice quoted": (TEXT + '"submitted": 2025-12-11\n', ("Y002", 10)),
    "twice escaped": (TEXT + '"\\x73ubmitted": 2025-12-11\n', ("Y002", 10)),
    "merge": (TEXT + '"<<": {a: 1}\n', ("Y004", 10)),
    "merge plain": (TEXT + "<<: {a: 1}\n", ("Y004", 10)),
    "anchor": (TEXT.replace("claims:", "claims: &a"), ("Y004", 2)),
    "anchor alias": (TEXT + "x: *a\n", ("Y004", 10)),
    "bomb": (BOMB, ("Y004", 1)),
    "dashes": ("- " * 25_000, ("Y005", 1)),
    "dashes nested": ("".join(" " * n + "a:\n" for n in range(800)), ("Y005", 21)),
    "dashes keys": ("? " * 25_000, ("Y001", 1)),
    "brackets": ("[" * 50_000, ("Y005", 1)),
    "brackets braces": ("{" * 50_000, ("Y005", 1)),
    "too much": ("{a: " * 500, ("Y005", 1)),
    "too much nodes": (f"claims: [{'a,' * 25_000}a]", ("Y005", 1)),
    "too much size": ("# " + "x" * (1 << 20), ("Y005", 1)),
    "object": (TEXT + "x: !!python/object/apply:os.system [id]\n", ("Y004", 10)),
    "directive": ("%YAML 1.1\n---\n" + TEXT, ("Y004", 1)),
    "directive tag": ("%TAG ! tag:x,2000:\n---\n" + TEXT, ("Y004", 1)),
    "directive unknown": ("%FOO bar\n---\n" + TEXT, ("Y004", 1)),
    "directive version": ("%YAML 9.9\n---\n" + TEXT, ("Y004", 1)),
    "GBK": (TEXT.encode("gbk"), ("Y003", 5)),
    "UTF-16": (TEXT.encode("utf-16"), ("Y003", 1)),
    "UTF-16 no mark": ("a: 1\n".encode("utf-16-le"), ("Y006", 1)),
    "UTF-16 32 bits": (TEXT.encode("utf-32"), ("Y003", 1)),
    "UTF-16 overlong": (b"a: \xc0\xae\n", ("Y003", 1)),
    "UTF-16 surrogates": (b"a: \xed\xa0\x80\n", ("Y003", 1)),
    "mark inside": (TEXT.replace("statement: ", "statement: \ufeff"), ("Y006", 5)),
    "mark inside twice": (b"\xef\xbb\xbf" * 2 + TEXT.encode(), ("Y006", 1)),
    "CR": (TEXT.replace("points: 4.5\n", "points: 4.5\r"), ("Y006", 4)),
    "CR all": (TEXT.replace("\n", "\r"), ("Y006", 1)),
    "tab": (TEXT.replace("    points", "\tpoints", 1), ("Y001", 4)),
    "only empty": ("", ("Y007", 1)),
    "only comments": ("# x\n", ("Y007", 1)),
    "only null": ("null\n", ("Y007", 1)),
    "only marker": ("---\n", ("Y007", 1)),
    "only list": ("- a\n", ("S003", 1)),
    "only scalar": ("x\n", ("S003", 1)),
    "only documents": (TEXT + "---\na: 1\n", ("Y007", 10)),
    "misspelt": (TEXT.replace("points: 4.5", "socre: 4.5"), ("S001", 4)),
    "conflict": (f"<<<<<<< HEAD\n{TEXT}=======\nx\n>>>>>>> topic\n", ("Y001", 1)),
    "conflict below": (TEXT + "=======\n", ("Y001", 10)),
    "colon": (TEXT.replace("points: 4.5", "points：4.5"), ("Y001", 4)),
    "colon alone": ("submitted：2025-12-10\n", ("S003", 1)),
    "key a list": (TEXT + "[a]: x\n", ("Y001", 10)),
    "key a mapping": (TEXT + "{a: b}: x\n", ("Y001", 10)),
    "key too long": (TEXT + "a" * 2_000 + ": 1\n", ("Y001", 10)),
    **{
        f"break U+{ord(char):04X}": (stated(f"x{char}b: 2"), ("Y006", 5))
        for char in "\x85\u2028\u2029\x0c\x0b\x7f\x9b\u200b\u202e\u2066\xad\u2060\ufff9\U000e0041"
    },
    **{
        f"escape {escape}": (stated(f'"a{escape}"'), ("Y006", 5))
        for escape in ("\\e[31m", "\\0", "\\x07", "\\u202e", "\\N", "\\L", "\\r", "\\b")
    },
    **{
        f"half {escape}": (stated(f'"a{escape}"'), ("Y001", 5))
        for escape in ("\\ud800", "\\U00110000", "\\q")
    },
}  # fmt: skip


@pytest.mark.parametrize("row", WHOLE)
def test_files_that_are_refused(row: str) -> None:
    data, expected = WHOLE[row]
    with at_most(calls=400_000):
        found = told(CLAIMS, data)
    assert found[0] == expected


def test_the_nearest_field_is_proposed() -> None:
    files = {**FILES, CLAIMS: TEXT.replace("points: 4.5", "pionts: 4.5").encode("utf-8")}
    words = [str(f.message) for f in evaluate(MemoryTree(files), 2025).findings if f.code == "S002"]
    assert len(words) == 1
    assert "您是否要写“points”" in words[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),  # a byte-order mark
        TEXT.replace("\n", "\r\n"),
        "---\n" + TEXT,
        TEXT + "...\n",
        TEXT.replace("points: 4.5", 'points: "4.5"'),
        TEXT.replace("points: 4.5", "points:\t4.5"),
        TEXT.rstrip("\n"),
    ],
)
def test_files_that_are_accepted(data: bytes | str) -> None:
    assert told(CLAIMS, data) == []


NUMBERS = [
    "010", "0x1F", "0b11", "0o10", "1_000", "1e400", ".inf", ".nan", "-.inf", "1" * 5_000, "５",
    "٣", "+5", "-0", "5.", "true", ".5", "5,0", "1e2", "4.500001", "0005", "NaN", "Infinity",
    "9999999999", "１.5", "5．5", "①", "五", "NO", "Null", "[4]", "{a: 4}", "4 5", "4/5",
    "0.1.2", "−5", "50%",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers(number: str) -> None:
    assert instead(CLAIMS, "points: 4.5", f"points: {number}") == [("S003", 4)]


@pytest.mark.parametrize("tagged", [
    '!!int "abc"', '!!int ""', '!!bool "5"', '!!timestamp "x"', "!!binary x", "!!set {a}",
    "!!omap []", "!local x", "! x", "!<tag:x> y", "!!float 4.5",
])  # fmt: skip
def test_tags(tagged: str) -> None:
    assert instead(CLAIMS, "points: 4.5", f"points: {tagged}")[0] == ("Y004", 4)


@pytest.mark.parametrize("nothing", ["", "~", "null", '""', "''"])
def test_nothing(nothing: str) -> None:
    assert instead(CLAIMS, "points: 4.5", f"points: {nothing}") == [("S001", 4)]


@pytest.mark.parametrize("date", [
    "2025-02-30", "2025-W01-1", "20250101", "2025-1-1", "0000-01-01", "２０２５-01-01",
    "2025/03/12", "2025-03-12T10:00:00", "2025年3月12日", "2025-13-01", "٢٠٢٥-03-12", "2025-03",
    "-2025-03-12", "12:30",
])  # fmt: skip
def test_dates(date: str) -> None:
    assert instead(ACTIVITY, "date: 2025-03-12", f"date: {date}") == [("S003", 3)]


@pytest.mark.parametrize("word", ["yes", "on", "True", "TRUE", "1", "y", "'yes'", "是"])
def test_words_that_are_no_booleans(word: str) -> None:
    assert instead(ACTIVITY, "collective: true", f"collective: {word}") == [("S003", 5)]


@pytest.mark.parametrize(
    "title", ["NO", "on", "yes", "010", "1e3", "12:30", ".inf", "2025-03-12", "x]", "学习#红岩"]
)
def test_text_stays_text(title: str) -> None:
    assert instead(ACTIVITY, "title: 主题党日", f"title: {title}") == []


@pytest.mark.parametrize(
    "value", ["@x", "`x", "%x", "|x", "- x", "[x", "{x", "'x", '"x', "x: y", "*x", "&x y", "!x y"]
)
def test_values_that_need_quotes(value: str) -> None:
    assert instead(ACTIVITY, "title: 主题党日", f"title: {value}")[0][0] in {"Y001", "Y004"}


def test_text_that_is_cut_by_a_comment() -> None:
    assert instead(ACTIVITY, "title: 主题党日", "title: 学习 #红岩") == [("Y008", 1)]
    assert instead(ACTIVITY, "title: 主题党日", 'title: "学习 #红岩"') == []
