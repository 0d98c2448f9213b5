"""Which id a title stands for: one function for forms, sheets and commands."""

from __future__ import annotations

import copy
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.remedies import remedy_of
from generator.text.titles import (
    AmbiguousChoiceError,
    UnknownChoiceError,
    chosen,
    level_title,
    spaceless,
)
from tests.years import Branch, Data, claim, evaluated, judged, rubric, section, year_of

TYPES = MappingProxyType(
    {
        "theme-day": "主题党日",
        "member-meeting": "支部党员大会",
        "lecture": "党课（第一季度）",
        "study": "集中 学习",
        "other": "theme-day",
    },
)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("theme-day", "theme-day"),
        ("主题党日", "theme-day"),
        (" 主题 党日\u3000\n", "theme-day"),
        ("党课(第一季度)", "lecture"),
        ("党课（第一季度）", "lecture"),
        ("集中学习", "study"),
        ("ｓｔｕｄｙ", "study"),
        (" study ", "study"),
        ("ｔｈｅｍｅ－ｄａｙ", "theme-day"),
    ],
)
def test_a_title_stands_for_its_id_whatever_its_width_and_white_space(text: str, id_: str) -> None:
    """NFKC, no white space; an id wins over the same words as a title, written widely too."""
    assert chosen(text, TYPES) == id_


@pytest.mark.parametrize("text", ["", " ", "\u3000", "主题", "主题党日活动", "Theme-Day", "支部"])
def test_what_no_id_has_as_its_title_is_nobody_s(text: str) -> None:
    """No likeness, no part of a title, no other case, and an empty text is no title."""
    with pytest.raises(UnknownChoiceError) as raised:
        chosen(text, {**TYPES, "untitled": "", "blank": " "})
    assert raised.value.text == text


def test_a_title_that_two_ids_have_is_refused_with_both() -> None:
    """Both ids are told in the order of the list; each may still be written itself."""
    titles = {"east": "示例联合体", "west": "示例 联合体", "north": "北片", "示例": "北片"}
    with pytest.raises(AmbiguousChoiceError) as raised:
        chosen("示例联合体", titles)
    assert raised.value.ids == ("east", "west")
    assert chosen("west", titles) == "west"
    with pytest.raises(AmbiguousChoiceError) as raised:
        chosen("北片", titles)
    assert raised.value.ids == ("north", "示例")
    assert chosen("示例", {**titles, "other": "示例"}) == "示例", "an id wins"


def test_titles_of_the_program_are_chosen_by_their_source() -> None:
    """A title may be a message of the catalogue: files and people use its Chinese text."""
    assert chosen("市级", {"municipal": level_title("municipal"), "own": "自定"}) == "municipal"


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.text(max_size=4), max_size=6), st.data())
def test_what_is_chosen_is_of_the_list_and_everybody_s_own_title(
    titles: dict[str, str],
    data: st.DataObject,
) -> None:
    """A title that exactly one id has is that id's, unless it is an id itself."""
    text = data.draw(st.sampled_from([*titles, *titles.values()]) if titles else st.just("x"))
    ids = [id_ for id_ in titles if spaceless(id_) == spaceless(text)]
    having = [id_ for id_, title in titles.items() if spaceless(title) == spaceless(text)]
    if text in titles:
        assert chosen(text, titles) == text
        return
    found = (ids or having) if spaceless(text) else []
    if len(found) == 1:
        assert chosen(text, titles) == found[0]
    else:
        with pytest.raises(AmbiguousChoiceError if found else UnknownChoiceError):
            chosen(text, titles)


@given(st.text(max_size=6))
def test_folding_twice_folds_no_further(text: str) -> None:
    """What is folded is compared; nothing hangs on how often."""
    assert spaceless(spaceless(text)) == spaceless(text)


def lists() -> dict[str, tuple[str, ...]]:
    """Return list of a rubric → pointers of two of its titles."""
    return {
        "branch_kinds": ("/branch_kinds/regular", "/branch_kinds/functional"),
        "activity_types": ("/activity_types/theme-day", "/activity_types/meeting"),
        "document_kinds": ("/document_kinds/plan", "/document_kinds/form"),
        "sections": ("/sections/0/title", "/sections/1/title"),
        "criteria": ("/sections/0/criteria/0/title", "/sections/1/criteria/0/title"),
        "rules": ("/bonus/rules/0/title", "/bonus/rules/1/title"),
        "levels": ("/bonus/rules/0/levels/one", "/bonus/rules/0/levels/two"),
        "vetoes": ("/vetoes/0/title", "/vetoes/1/title"),
        "ballot": ("/ballot/good", "/ballot/odd"),
        "grades": ("/grades/0/title", "/grades/1/title"),
    }


RULES = rubric(
    section("s", judged("c")),
    section("t", judged("d")),
    bonus={
        "rules": [
            {"id": "x", "title": "x", "levels": {"one": 1, "two": 2}},
            {"id": "y", "title": "y", "levels": {"one": {"title": "一", "points": 1}}},
        ]
    },
    vetoes=[{"id": "v", "title": "v"}, {"id": "w", "title": "w"}],
    ballot={"good": 1, "odd": 0},
    grades=[{"id": "a", "title": "a", "min": 5}, {"id": "b", "title": "b", "min": 0}],
)


def named(rules: Data, pointer: str, title: str) -> None:
    """Give what stands at a pointer a title, in the form that its list has."""
    node: Any = rules
    *above, last = pointer.split("/")[1:]
    for key in above:
        node = node[int(key)] if isinstance(node, list) else node[key]
    own = node[last]
    if isinstance(own, dict):
        own["title"] = title
    else:
        node[last] = title if isinstance(own, str) else {"title": title, "points": own}


@pytest.mark.parametrize("name", lists())
def test_two_titles_of_one_list_that_are_alike_are_a_warning(name: str) -> None:
    """B003, at the second of them; no criterion is at fault for it."""
    first, second = lists()[name]
    rules = copy.deepcopy(RULES)
    named(rules, first, "同 名（一）")
    named(rules, second, "同名(一)")
    evaluation = evaluated(year_of(rules, {"a": Branch({"c": claim(5)})}))
    told = [(f"{f.severity}", f.code, f.pointer) for f in evaluation.findings if f.code[0] == "B"]
    assert told == [("warning", "B003", second)]
    assert evaluation.results is not None
    assert evaluation.results.branches[0].total == 5


def test_titles_of_two_lists_and_those_of_the_program_are_told_apart() -> None:
    """A title may come again elsewhere; a level may not be called as another is by the program."""
    rules = copy.deepcopy(RULES)
    for pointer in (pointers[0] for pointers in lists().values()):
        named(rules, pointer, "同名")
    assert not [f for f in evaluated(year_of(rules, {})).findings if f.code == "B003"]
    named(rules, "/ballot/odd", "良好")
    rules["ballot"]["good"] = 1
    (finding,) = [f for f in evaluated(year_of(rules, {})).findings if f.code == "B003"]
    assert finding.pointer == "/ballot/odd"


def test_consortia_of_one_title_are_a_warning_and_the_title_is_refused_with_both_ids() -> None:
    files = year_of(RULES, {"a": Branch()})
    files["committee/consortia.yml"] = [
        {"id": "east", "title": "示例联合体"}, {"id": "west", "title": "示例 联合体"},
    ]  # fmt: skip
    files["branches/a/branch.yml"]["consortium"] = "示例联合体"
    findings = evaluated(files).findings
    (alike,) = [f for f in findings if f.code == "B003"]
    assert (f"{alike.severity}", alike.path, alike.pointer) == (
        "warning", "committee/consortia.yml", "/1/title",
    )  # fmt: skip
    (refused,) = [f for f in findings if f.path == "branches/a/branch.yml"]
    assert "east、west 共同的名称" in str(refused.hint)
    assert remedy_of(refused.hint) is None
