"""Values drawn from the shapes of files, as a person may have them: hostile text, odd figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from generator.formats.after import AFTER
from generator.formats.branch_files import (
    ACTIVITY,
    BRANCH,
    DOCUMENT,
    SELF_ASSESSMENT,
    AttendanceShape,
    RawShape,
    TypesShape,
)
from generator.formats.committee_files import (
    APPRAISAL,
    CONSORTIA,
    DEBRIEF,
    DECISION,
    DUE,
    REVIEW,
    ROSTER,
    SUPERVISION,
    ReasonShape,
)
from generator.formats.nodes import FORBIDDEN
from generator.formats.received import ACCEPTED, APPEALS, AUDIT, RECEIVED, VETOES
from generator.formats.records import Record, RecordShape
from generator.formats.shapes import (
    ID,
    IDENTIFIER,
    BooleanShape,
    ChoiceShape,
    CountShape,
    DateShape,
    ListShape,
    MapShape,
    NumberShape,
    TextShape,
    WordShape,
)
from generator.formats.slips.meant import as_boolean

if TYPE_CHECKING:
    import re

    from hypothesis.strategies import SearchStrategy

    from generator.formats.shape import Shape

#: Every kind of file that people keep.
FILES: dict[str, Shape[Any]] = {
    "branch": BRANCH, "self-assessment": SELF_ASSESSMENT, "activity": ACTIVITY,
    "document": DOCUMENT, "consortia": CONSORTIA, "roster": ROSTER, "appraisal": APPRAISAL,
    "review": REVIEW, "supervision": SUPERVISION, "debrief": DEBRIEF, "decision": DECISION,
    "due": DUE, "received": RECEIVED, "vetoes": VETOES, "appeals": APPEALS, "accepted": ACCEPTED,
    "audit": AUDIT, "after": AFTER,
}  # fmt: skip

#: Text that YAML, or a program that reads it, takes for something else.
HOSTILE = (
    "yes", "No", "on", "y", "null", "~", "Null", "true", "1e3", "1e400", "010", "0x1F", "0o17",
    "1_000", "-3", "+5", "4.50", ".5", "5.", ".inf", "-.INF", ".nan", "2025-01-01", "2025-1-1",
    "2025-01-01 10:00:00", "2025-01-01T10:00:00Z", "10:30", "190:20:30", "<<", "=", "[a", "[党]",
    "{a: b}", '"引号"', "'单", "*别名", "&锚", "@人", "`x`", "!重要", "!!str x", "%YAML 1.1", "|",
    ">", "|2", "- 项", "-", "-x", "?", "? x", "?x", ":", ": x", ":x", "a: b", "a:b", "a:",
    "时间：九点",
    "学习 #红岩", "#红岩", "C#", "a\t# b", "---", "--- x", "...", "... x", "---x", "----", "a, b",
    "a]", "a}", ",a", "两行\n文字", "空行\n\n后", "末尾\\", "\\n", "a\tb", "回车\r\n换行",
    "全角　空格",
    "<script>alert(1)</script>", "::error::x", "<<<<<<< HEAD", "=======", "甲、乙；丙", "🎉 活动",
    "支" * 3000, "\ufffe", "\uffff", "e\u0301", "\U0010ffff", "a\u00a0b", "''", '""', "x'y", 'x"y',
)  # fmt: skip
CHARACTERS = st.characters(exclude_categories=["Cs"])


def writable(text: str) -> bool:
    """Whether a file can hold a text, and the text says something."""
    return text == text.strip() != "" and not FORBIDDEN.search(text)


TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(CHARACTERS, min_size=1, max_size=12).map(str.strip).filter(writable),
    st.text(": #-\n\"'\\[]{}?&*!|>%@`,~=.0123456789eEyno支", min_size=1, max_size=8)
    .map(str.strip)
    .filter(writable),
)  # fmt: skip
DAYS = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))


def figures(*, negative: bool) -> SearchStrategy[Decimal]:
    """Return numbers as they may be written, with trailing zeros and exponents."""
    least = -999_999_999 if negative else 0
    odd = (Decimal("4.50"), Decimal("1E+2"), Decimal(0), Decimal("0.000001"))
    return st.decimals(least, 999_999_999, places=6) | st.sampled_from(odd)


def values(shape: Shape[Any]) -> SearchStrategy[Any]:
    """Return plain values of a shape, by the keys of the file."""
    found: SearchStrategy[Any]
    if isinstance(shape, RecordShape):
        found = record(shape.cls)
    elif isinstance(shape, AttendanceShape):
        found = record(shape.counts.cls) | record(shape.file.cls)
    elif isinstance(shape, TypesShape):
        found = st.lists(TEXTS, min_size=1, max_size=3, unique=True)
    elif isinstance(shape, RawShape):
        single = st.one_of(TEXTS, DAYS, st.booleans(), figures(negative=True))
        names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
        found = st.dictionaries(names, single, max_size=3)
    elif isinstance(shape, ListShape):
        found = st.lists(values(shape.item), max_size=3)
    elif isinstance(shape, MapShape):
        found = st.dictionaries(matching(shape.key), values(shape.value), max_size=3)
    elif isinstance(shape, TextShape | WordShape):
        found = texts(shape)
    else:
        found = typed(shape)
    return found


def texts(shape: TextShape | WordShape) -> SearchStrategy[str]:
    """Return texts of a shape."""
    if isinstance(shape, ReasonShape):
        return TEXTS.filter(lambda text: not as_boolean(text))
    return matching(shape.pattern) if isinstance(shape, WordShape) else TEXTS


def typed(shape: Shape[Any]) -> SearchStrategy[Any]:
    """Return values that are no text, or one of a few words."""
    if isinstance(shape, ChoiceShape):
        return st.sampled_from(sorted(shape.choices))
    if isinstance(shape, NumberShape):
        return figures(negative=shape.negative)
    if isinstance(shape, CountShape):
        return st.integers(0, 999_999_999)
    if isinstance(shape, BooleanShape):
        return st.booleans()
    assert isinstance(shape, DateShape)
    return DAYS


def matching(pattern: re.Pattern[str]) -> SearchStrategy[str]:
    """Return texts of a pattern that a file can hold."""
    if pattern.pattern in {ID, IDENTIFIER.pattern}:
        short = st.from_regex(r"[a-z0-9]{1,6}(?:-[a-z0-9]{1,6}){0,2}", fullmatch=True)
        return st.sampled_from(("no", "on", "y", "1e3", "2025", "0o7", "null")) | short
    return st.from_regex(pattern, fullmatch=True).filter(writable)


def record(cls: type[Record]) -> SearchStrategy[dict[str, Any]]:
    """Return the keys of a record: those that are due, and any of the others."""
    shape = RecordShape(cls)
    due = {k: values(d.shape) for k, (_, d) in shape.keys.items() if d.required}
    others = {k: values(d.shape) for k, (_, d) in shape.keys.items() if not d.required}
    return st.fixed_dictionaries(due, optional=others)
