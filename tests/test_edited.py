"""A file that is there: what is renewed changes, all else keeps its bytes."""

from __future__ import annotations

import datetime
import difflib
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.formats.branch_files import SELF_ASSESSMENT, Activity
from generator.formats.committee_files import DUE
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, parse
from generator.formats.received import RECEIVED
from generator.formats.records import RecordShape
from generator.formats.shapes import ListShape, MapShape
from generator.formats.spelling.trees import Definition, tree_of
from generator.formats.writing import Entries, UneditableError, edited, written
from generator.text.findings import Report
from tests.drawn import FILES, values

ASSESSMENT = """\
# 示例支部的自评
# 第二行

submitted: 2025-12-10   # 截止日
claims:
  # 纪律
  discipline:
    points: 4.50  # 扣半分
    statement: '全年无违纪。'
    evidence: [documents/pledge, 2023/documents/charter]

  exchange: {not_applicable: 本支部没有加入联合体}
bonus:
# 市级
- {id: report, rule: media, level: municipal, matter: 市报, date: 2025-07-01, evidence: []}
- id: award
  rule: award   # 看通知
  level: municipal
  matter: |
    两行
    文字
  date: 2025-07-01
  evidence: [documents/award]
# 末尾
"""


def change(values: object, before: str = ASSESSMENT) -> tuple[list[str], list[str]]:
    """Return the lines that an edit takes out of a self-assessment and those that it puts in."""
    after = edited(before.encode(), SELF_ASSESSMENT, values).decode().splitlines()
    told = [*difflib.ndiff(before.splitlines(), after)]
    return [line[2:] for line in told if line[0] == "-"], [
        line[2:] for line in told if line[0] == "+"
    ]


def test_one_key_changes_one_line() -> None:
    """A day: its comment stays, as do all other lines."""
    day = datetime.date(2025, 12, 11)
    gone, new = change({"submitted": day})
    assert gone == ["submitted: 2025-12-10   # 截止日"]
    assert new == ["submitted: 2025-12-11   # 截止日"]


def test_one_claim_changes_and_the_others_keep_their_bytes() -> None:
    """A claim renewed whole: what it says already stays as it stands."""
    claim = {
        "points": Decimal(5),
        "statement": "全年无违纪。",
        "evidence": ["documents/pledge", "2023/documents/charter"],
    }
    gone, new = change({"claims": Entries({"discipline": claim})})
    assert (gone, new) == (["    points: 4.50  # 扣半分"], ["    points: 5  # 扣半分"])


def test_some_keys_of_an_entry_change() -> None:
    """Entries within entries: one key of one bonus claim, a new one, one that goes."""
    some = Entries({"award": Entries({"level": "central"}), "report": None})
    gone, new = change({"bonus": some})
    assert gone == [ASSESSMENT.splitlines()[14], "  level: municipal"]
    assert new == ["  level: central"]


def test_what_is_new_stands_at_its_place() -> None:
    """New entries come last, new keys where the definition has them."""
    entry = {"rule": "media", "level": "municipal", "matter": "区报", "evidence": []}
    claims = Entries({"plan": {"not_applicable": "无"}, "exchange": Entries({"points": None})})
    before = ASSESSMENT.replace("  date: 2025-07-01\n", "")
    some = {"award": Entries({"date": datetime.date(2025, 8, 1)}), "third": entry}
    gone, new = change({"claims": claims, "bonus": Entries(some)}, before)
    assert gone == []
    assert new == [
        "  plan:", "    not_applicable: 无", "  date: 2025-08-01", "- id: third", "  rule: media",
        "  level: municipal", "  matter: 区报", "  evidence: []",
    ]  # fmt: skip


def test_what_says_the_same_keeps_its_bytes() -> None:
    """Nothing different, in any style: not a byte of the file changes."""
    day = datetime.date(2025, 12, 10)
    for before in (ASSESSMENT, "\ufeff" + ASSESSMENT.replace("\n", "\r\n")):
        claim = Entries({"points": Decimal("4.5")})
        values = {"submitted": day, "claims": Entries({"discipline": claim})}
        data = before.encode()
        assert edited(data, SELF_ASSESSMENT, values) == data


def test_entries_of_a_list_are_called_by_a_key() -> None:
    """A day of receipt: one entry by its path, in a file with two."""
    first = "# 收到\n- {path: documents/a, on: 2025-01-02, reason: 纸质}\n"
    before = f"{first}- path: documents/b\n  on: 2025-01-03 # 晚\n  reason: 纸质\n"
    new = Entries({"documents/b": Entries({"on": datetime.date(2025, 1, 4)})}, by="path")
    after = edited(before.encode(), RECEIVED, new).decode()
    assert after == before.replace("01-03", "01-04")
    entry = {"on": datetime.date(2025, 1, 5), "reason": "纸质"}
    more = edited(b"", RECEIVED, Entries({"documents/c": entry}, by="path"))
    assert more == b"- path: documents/c\n  on: 2025-01-05\n  reason: \xe7\xba\xb8\xe8\xb4\xa8\n"


@pytest.mark.parametrize("before", ["claims: []\n", "claims:\n", "claims: {}\n", "", "{}\n"])
def test_entries_begin_where_nothing_is(before: str) -> None:
    """An empty list in place of keys says nothing, and may be written over."""
    claims = Entries({"a": {"not_applicable": "无"}})
    after = edited(before.encode(), SELF_ASSESSMENT, {"claims": claims})
    assert after == "claims:\n  a:\n    not_applicable: 无\n".encode()


def test_what_is_of_another_kind_is_not_written_over() -> None:
    """A list where keys are due, keys where a list is due: somebody has to look."""
    entries = Entries({"a": {"not_applicable": "无"}})
    for before in (b"claims: [x]\n", b"claims: x\n", b"- x\n"):
        with pytest.raises(UneditableError):
            edited(before, SELF_ASSESSMENT, {"claims": entries})
    news: tuple[object, ...] = ([], entries)
    for new in news:
        with pytest.raises(UneditableError):
            edited(b"a: {on: 2025-01-02}\n", RECEIVED, new)


@pytest.mark.parametrize("data", [b"a: [", b"a: 1\na: 2\n", b"\xff", b"text", b"a: \x01"])
def test_what_cannot_be_read_is_not_written_over(data: bytes) -> None:
    """A file with a fault of YAML stays as it is."""
    with pytest.raises(UneditableError):
        edited(data, SELF_ASSESSMENT, {"submitted": None})


def keys_in(data: bytes) -> dict[str, range]:
    """Return the lines of each key of a file from its own to the next one's, from 0."""
    node = parse(data, Report(), "", COMMITTEE_LIMITS)
    assert isinstance(node, Mapping)
    starts = [line - 1 for (line, _), _ in node.entries.values()]
    ends = [*starts, data.count(b"\n")][1:]
    wheres = map(range, starts, ends)
    return dict(zip(node.entries, wheres, strict=True))


def stay(before: list[str], after: list[str]) -> bool:
    """Whether lines stay in their order."""
    rest = iter(after)
    return all(line in rest for line in before)


MAPPINGS = [name for name, shape in FILES.items() if isinstance(shape, RecordShape)]


@pytest.mark.parametrize("name", MAPPINGS)
def test_an_edit_of_one_key_changes_no_other_line(name: str) -> None:
    """Whatever is drawn for a file and for one of its keys, with comments between the keys."""
    shape = FILES[name]
    assert isinstance(shape, RecordShape)
    one = st.sampled_from(sorted(shape.keys)).flatmap(
        lambda key: st.tuples(st.just(key), st.none() | values(shape.keys[key][1].shape))
    )

    @settings(max_examples=settings().max_examples // 4)
    @given(values(shape), one)
    def holds(drawn: dict[str, object], change: tuple[str, object]) -> None:
        key, value = change
        plain = written(shape, drawn)
        before = b"# one\n\n" + re.sub(rb"^(?=[a-z])", b"# two\n", plain, flags=re.MULTILINE)
        after = edited(before, shape, {key: value})
        lines = before.decode().splitlines()
        renewed = {*keys_in(before).get(key, ())}
        kept = [line for n, line in enumerate(lines) if n not in renewed or line == "# two"]
        assert stay([line for line in kept if line != "{}"], after.decode().splitlines())
        assert says(after, name) == says(written(shape, {**drawn, key: value}), name)

    holds()


LISTS = [name for name, shape in FILES.items() if isinstance(shape, ListShape)]
MAPS = [("self-assessment", "claims"), ("review", "criteria"), ("debrief", "branches")]


def commented(data: bytes, pattern: bytes) -> bytes:
    """Return a file with a comment of its own before each line that a pattern begins."""
    numbers = iter(range(10_000))
    told = re.compile(pattern, re.MULTILINE)
    return told.sub(lambda found: b"# %d\n%b" % (next(numbers), found[0]), data)


@pytest.mark.parametrize("name", LISTS)
def test_an_edit_of_one_entry_of_a_list_changes_no_other_line(name: str) -> None:
    """One that goes, one that is another now, and one that is new: the others stay whole."""
    shape = FILES[name]
    assert isinstance(shape, ListShape)
    entry = values(shape.item)

    @settings(max_examples=settings().max_examples // 5)
    @given(st.lists(entry, min_size=1, max_size=4), entry, st.integers(0, 3), st.booleans())
    def holds(drawn: list[object], other: object, number: int, more: bool) -> None:
        at = number % len(drawn)
        rest = [*drawn[:at], *drawn[at + 1 :]]
        new = [*rest[:at], other, *rest[at:]] if more else rest
        before = b"# head\n" + commented(written(shape, drawn), rb"^(?=- )")
        after = edited(before, shape, new)
        blocks = [written(shape, [own]).decode().splitlines() for own in rest]
        assert stay(["# head", *(line for block in blocks for line in block)], lines(after))
        assert says(after, name) == says(written(shape, new), name)
        assert [line for line in lines(after) if line in lines(before) and "# " in line[:2]] == [
            line for line in lines(before) if "# " in line[:2]
        ]

    holds()


@pytest.mark.parametrize(("name", "key"), MAPS)
def test_an_edit_of_one_entry_of_a_mapping_changes_no_other_line(name: str, key: str) -> None:
    """A claim, a review or a ballot: the others keep their lines, and so do comments."""
    shape = FILES[name]
    assert isinstance(shape, RecordShape)
    below = shape.keys[key][1].shape
    assert isinstance(below, MapShape)
    one = st.tuples(st.sampled_from(["a", "b", "no", "new"]), st.none() | values(below.value))
    some = st.dictionaries(st.sampled_from(["a", "b", "no"]), values(below.value), min_size=1)

    @settings(max_examples=settings().max_examples // 5)
    @given(some, one)
    def holds(drawn: dict[str, object], change: tuple[str, object]) -> None:
        own, value = change
        before = commented(written(shape, {key: drawn}), rb"^ *(?=[a-z\"]+:)")
        after = edited(before, shape, {key: Entries({own: value})})
        rest = {name: inner for name, inner in drawn.items() if name != own}
        if rest:
            assert stay(lines(written(shape, {key: rest}))[1:], lines(after))
        new = {**rest, own: value} if value is not None else rest
        assert says(after, name) == says(written(shape, {key: new}), name)

    holds()


def lines(data: bytes) -> list[str]:
    """Return the lines of a file."""
    return data.decode().split("\n")


def says(data: bytes, name: str) -> object:
    """Return what a file says."""
    node = parse(data, Report(), "", COMMITTEE_LIMITS)
    assert node is not None, data
    own = Definition(FILES[name])
    return own.said(tree_of(node), own.shape)


def test_a_new_key_follows_the_nearest_one_before_it_and_a_document_may_end() -> None:
    """``---`` and ``...`` stay where they are."""
    before = b"---\ntitle: a\ndate: 2025-01-02\nphotos: [a.jpg]\n...\n# end\n"
    after = edited(before, Activity, {"place": "b", "type": ["study"]})
    assert after == (
        b"---\ntitle: a\ntype: study\ndate: 2025-01-02\nplace: b\nphotos: [a.jpg]\n...\n# end\n"
    )
    last = edited(b"---\ntitle: a\n...\n", Activity, {"plan": "p.pdf"})
    assert last == b"---\ntitle: a\nplan: p.pdf\n...\n"


def test_a_text_between_braces_is_quoted_where_braces_ask_for_it() -> None:
    """What stands for itself on a line of its own may end an entry between braces."""
    before = b"- {id: a, kind: plan, title: x, due: 2025-01-02} # why\n"
    some = Entries({"a": Entries({"title": "甲, 乙"})})
    after = edited(before, DUE, some)
    assert after == before.replace(b"x,", '"甲, 乙",'.encode())


def test_where_lines_cannot_stay_values_and_head_do() -> None:
    """Braces around the whole file, a key that is asked about, indentation of one's own."""
    marked = edited(b"--- # one\n# two\n{title: a}\n", Activity, {"plan": "p.pdf"})
    assert marked == b"# one\n# two\ntitle: a\nplan: p.pdf\n"
    for rest in (
        "{title: a, place: b}\n",
        "? title\n: a\n? place\n: b\n",
        "  title: a\n  place: b\n",
    ):
        after = edited(f"# head\n\n{rest}".encode(), Activity, {"plan": "p.pdf", "place": None})
        node = parse(after, Report(), "")
        assert isinstance(node, Mapping)
        assert list(node.entries) == ["title", "plan"]
        assert after.startswith(b"# head\n\n")
