"""Figures are decimals from the file to the page: exact in JSON and back, and never floats."""

from __future__ import annotations

import ast
import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.numbers import (
    as_text,
    figure,
    from_text,
    plain,
    points,
    points_or_none,
    read_json,
    round_half_up,
    write_json,
)
from tools.house import GENERATOR, modules, parsed

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = st.decimals(-(10**9), 10**9, places=6)


def floats(path: Path) -> list[int]:
    """Return the lines of a module that make or ask for a float."""
    source = path.read_text("utf-8")
    return [
        node.lineno
        for node in (ast.walk(parsed(source)) if "float" in source else ())
        if isinstance(node, ast.Name)
        and node.id == "float"
        and not path.as_posix().endswith("text/numbers.py")
    ]


def test_no_module_makes_a_float_of_a_figure(tmp_path: Path) -> None:
    found = {name: floats(path) for name, path in modules(GENERATOR).items()}
    assert {name for name, lines in found.items() if lines} == set()
    planted = tmp_path / "x.py"
    planted.write_text("a = 1\nb = float(a)\n", "utf-8")
    assert floats(planted) == [2]


@given(FIGURES)
def test_a_figure_is_the_same_after_json(value: Decimal) -> None:
    text = write_json({"points": figure(value)})
    assert read_json(text) == {"points": value}
    assert points(read_json(text)["points"]) == value
    assert text == f'{{"points":{plain(value)}}}'
    assert "E" not in text
    assert from_text(as_text(value)) == value


PLAIN = st.none() | st.booleans() | st.text() | st.integers(-(10**9), 10**9)


@given(st.recursive(PLAIN, lambda own: st.lists(own) | st.dictionaries(st.text(), own)))
def test_what_is_no_figure_is_written_as_the_standard_library_does(value: object) -> None:
    ours = write_json(value, sort_keys=True)
    assert ours == json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert read_json(ours) == value
    assert write_json(value, indent=1) == json.dumps(value, ensure_ascii=False, indent=1)
    lines = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    assert write_json(value, indent=2, sort_keys=True) == lines


def test_figures_and_tuples_on_lines_are_written_as_on_one() -> None:
    value = {"b": [Pair(1, 2), (Decimal("4.5"), [])], "a": Decimal("0.1"), "c": ({}, ())}
    told = """{
 "a": 0.1,
 "b": [
  [
   1,
   2
  ],
  [
   4.5,
   []
  ]
 ],
 "c": [
  {},
  []
 ]
}"""
    assert write_json(value, indent=1, sort_keys=True) == told


@pytest.mark.parametrize("value", [Decimal("4.50"), Decimal(4), Decimal("1E+2"), Decimal("-0.1")])
def test_no_trailing_zero_and_no_exponent_is_written(value: Decimal) -> None:
    assert write_json(figure(value)) in {"4.5", "4", "100", "-0.1"}


class Pair(NamedTuple):
    """A tuple whose places have names."""

    rank: int
    of: int


def test_a_tuple_is_a_list_whatever_its_places_are_called() -> None:
    assert write_json({"ranks": [Pair(1, 2), (3, 4)]}) == '{"ranks":[[1,2],[3,4]]}'


@pytest.mark.parametrize("text", ["1e29", "9.5e29", "-1e29", "1e-29", "-9.5e-29"])
def test_thirty_digits_before_or_behind_the_point_can_be_read(text: str) -> None:
    assert read_json(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "Infinity", "-Infinity", "1e400", "1e-400", "1.5e99", "9" * 5000, "{", ""),
        *("1e30", "-1e30", "9e-30", "-9e-30"),
    ],
)
def test_a_number_beyond_all_figures_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each reader has words of its own
        read_json(text)


@pytest.mark.parametrize("value", [True, "4", 4.5, None, [4]])
def test_only_numbers_are_points(value: object) -> None:
    with pytest.raises(TypeError):
        points(value)
    assert points_or_none(None) is None
    assert figure(None) is None
    assert as_text(None) is None
    assert from_text(None) is None


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (-1, 0, "-1"),
        ("-1/2", 0, "-1"),
        ("-1/100", 2, "-0.01"),
        ("-1/201", 2, "0.00"),
        (0, 1, "0.0"),
    ],
)
def test_the_least_below_nothing_stays_below_it(value: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Fraction(value), places)) == rounded


@given(st.fractions(), st.integers(0, 6))
def test_rounding_goes_half_away_from_zero(value: Fraction, places: int) -> None:
    rounded = Fraction(round_half_up(value, places))
    step = Fraction(1, 10**places)
    assert abs(rounded - value) <= step / 2
    assert rounded % step == 0
    if abs(rounded - value) == step / 2:
        assert abs(rounded) > abs(value)
