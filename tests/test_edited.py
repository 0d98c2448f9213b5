"""A file that is there: what is renewed changes, all else keeps its bytes."""

from __future__ import annotations

import datetime
import difflib
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.formats.branch_files import SELF_ASSESSMENT
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, parse
from generator.formats.received import RECEIVED
from generator.formats.records import RecordShape
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


def said(data: bytes, name: str) -> dict[str, object]:
    """Return what a file says by its keys; keys that say nothing left out."""
    node = parse(data, report := Report(), "", COMMITTEE_LIMITS)
    assert isinstance(node, Mapping), data
    assert not [own for own in report.findings if own.severity == "error"], data
    own = Definition(FILES[name])
    told = own.said(tree_of(node), own.shape)
    assert isinstance(told, frozenset)
    return {key: value for key, value in told if isinstance(key, str)}


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
        same = said(written(shape, {**drawn, key: value}), name)
        assert said(after, name) == same

    holds()
