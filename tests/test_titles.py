"""Which id a title stands for: one function for forms, sheets and commands."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.titles import (
    AmbiguousChoiceError,
    UnknownChoiceError,
    chosen,
    level_title,
    spaceless,
)

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
