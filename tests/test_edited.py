"""A file that is there: what is renewed changes, all else keeps its bytes."""

from __future__ import annotations

import datetime
import difflib
from decimal import Decimal

import pytest

from generator.formats.branch_files import SELF_ASSESSMENT
from generator.formats.received import RECEIVED
from generator.formats.writing import Entries, UneditableError, edited

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
