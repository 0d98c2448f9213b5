"""The key of names: a name keeps its code, people of one name are told apart or told of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.exchange.names import Names, Person, name_of, read_names
from generator.exchange.sheets.grid import Cell, Kind
from generator.exchange.sheets.problems import UnreadableCellError, UnreadableSheetError

ONE = Person("张三")
FIRST, SECOND = Person("张三", "1001"), Person("张三", "1002")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张三", "张三"), ("张　三", "张三"), (" 张 三\xa0", "张三"), ("欧阳示例", "欧阳示例"),
        ("阿依·示例", "阿依·示例"), ("张三（女）", "张三(女)"), ("张三2", "张三2"),
        ("Li Lei", "LiLei"),
    ],
)  # fmt: skip
def test_a_name_is_compared_without_width_and_white_space(written: str, name: str) -> None:
    assert name_of(Cell(Kind.TEXT, written)) == name


@pytest.mark.parametrize(
    "text", ["1", "张", "13800000000", "张三、李四", "示例8号人员", "共 3 人", "a@b.cc", "三" * 31]
)
def test_what_is_no_name_is_told_without_a_word_of_it(text: str) -> None:
    with pytest.raises(UnreadableCellError) as raised:
        name_of(Cell(Kind.TEXT, text))
    assert text not in str(raised.value)


def test_a_name_keeps_its_code_and_codes_given_by_hand_are_not_given_again() -> None:
    names = Names({}, used={"M07", "m99", "X12", "present"})
    assert [names.code(Person(name)) for name in ("张三", "李四", "张三")] == ["M08", "M09", "M08"]
    assert names.added == 2


def test_people_of_one_name_are_told_apart_by_a_mark() -> None:
    names = Names({})
    assert [names.code(own, alone=False) for own in (FIRST, SECOND, FIRST)] == ["M01", "M02", "M01"]
    with pytest.raises(UnreadableCellError, match="分不清是哪一个"):
        names.code(ONE)


def test_a_name_that_is_alone_keeps_its_code_whatever_its_mark() -> None:
    """Each service has marks of its own; one that a person wrote into the key tells apart."""
    names = Names({})
    marks = (FIRST, Person("张三", "user7"), ONE)
    assert [names.code(own) for own in marks] == ["M01", "M01", "M01"]
    assert names.codes == {ONE: "M01"}
    told = Names({FIRST: "M01"})
    assert [told.code(own, alone=False) for own in (SECOND, FIRST)] == ["M02", "M01"]


@pytest.mark.parametrize(
    ("known", "person", "alone"),
    [
        ({ONE: "M01"}, FIRST, False),
        ({FIRST: "M01"}, SECOND, True),
        ({FIRST: "M01", SECOND: "M02"}, ONE, True),
        ({ONE: "M01"}, Person("张三(女)"), True),
        ({Person("张三(女)"): "M01"}, ONE, True),
    ],
)
def test_who_is_not_surely_somebody_is_told(
    known: dict[Person, str], person: Person, alone: bool
) -> None:
    names = Names(dict(known))
    with pytest.raises(UnreadableCellError):
        names.code(person, alone=alone)
    assert names.codes == known


def test_brackets_tell_two_people_apart() -> None:
    names = Names({Person("张三(女)"): "M01"})
    assert names.code(Person("张三(男)")) == "M02"


people = st.builds(
    Person, st.text("张三李四王五", min_size=2, max_size=4), st.sampled_from(["", "1", "2"])
)


@given(st.lists(people, unique=True, max_size=6))
def test_the_key_reads_back_what_it_wrote(every: list[Person]) -> None:
    names = Names({own: f"M{at:02}" for at, own in enumerate(every, start=1)})
    assert read_names(names.written()).codes == names.codes


@pytest.mark.parametrize(
    "lines",
    [
        "姓名,区分\n张三,\n",
        "姓名,区分,代号\n张三,,M01\n张三,,M02\n",
        "姓名,区分,代号\n张三,,M01\n李四,,M01\n",
        "姓名,区分,代号\n张三,,\n",
        "姓名,区分,代号\n,,M01\n",
        "姓名,区分,代号\n张三,,代号一\n",
        "姓名,区分,代号\n合计,,\n",
        "",
    ],
)
def test_a_key_that_is_not_whole_is_refused_without_a_name(lines: str) -> None:
    with pytest.raises(UnreadableSheetError) as raised:
        read_names(lines.encode())
    assert "三" not in str(raised.value)


def test_a_key_may_be_saved_by_a_spreadsheet_program() -> None:
    data = "姓名,区分,代号\r\n张三,1001,M01\r\n".encode("gb18030")
    assert read_names(data).codes == {FIRST: "M01"}
