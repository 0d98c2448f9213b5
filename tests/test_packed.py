"""Packed details: read part by part for pages, and for files without an object or a message."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.results import packed
from generator.results.document import dump_parts
from generator.results.packed import (
    PARTS,
    Details,
    EvidenceRecord,
    File,
    details_json,
    pack,
    shown_json,
    unpack,
)
from generator.scoring.scorecard import Basis, BonusLine, Line
from generator.site.exports.tables import lines_csv
from generator.text.language import speaking
from generator.text.messages import Message, listed, read_value, say, shown_value, value_json
from generator.text.privacy import masked
from tests.effort import steps_of
from tests.memory import MemoryTree, base_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.results.model import Results
    from generator.text.messages import Value

YEAR = 2025
#: Texts of the catalogue, with and without places and a choice of words.
TEXTS = ("没有", "是", "理由：{a}", "{a}与{b}", "{n:branch|branches}：{a}", "{lead}{more}")
DATA = tuple(masked(t) for t in ("", "甲", "a b", "{x}", "党支部", "“引号”", "1", "\u202e"))


def value(rng: random.Random, depth: int = 3) -> Value:
    """Return a value as messages hold it: text, count, number, message, list."""
    kind = rng.randrange(5 if depth else 3)
    if kind == 0:
        return rng.choice(DATA)
    if kind == 1:
        return rng.choice((0, 1, 7, -3, 1200))
    if kind == 2:
        return Decimal(rng.choice(("1.50", "0", "12", "-0.25", "100.000000")))
    if kind == 3:
        items = [value(rng, depth - 1) for _ in range(rng.randint(0, 3))]
        return listed(items, rng.choice(("、", "；", " ")))
    return message(rng, depth)


def message(rng: random.Random, depth: int = 3) -> Message:
    text = rng.choice(TEXTS)
    names = [name for name in ("a", "b", "n", "lead", "more") if f"{{{name}" in text]
    values = {n: rng.choice((1, 2)) if n == "n" else value(rng, depth - 1) for n in names}
    return say(text, **values)


def number(rng: random.Random) -> Decimal | None:
    return rng.choice((None, Decimal(0), Decimal("1.50"), Decimal(12), Decimal("-0.000001")))


def line(rng: random.Random) -> Line:
    return Line(
        section=rng.choice(("a", "b")),
        criterion=rng.choice((None, "c")),
        part=rng.choice((None, "p")),
        title=rng.choice((rng.choice(DATA), message(rng))),
        clause=rng.choice(DATA),
        points=number(rng),
        max=number(rng),
        basis=rng.choice(list(Basis)),
        claimed=number(rng),
        computed=number(rng),
        verified=number(rng),
        reason=message(rng),
        evidence=tuple(rng.sample(DATA, rng.randint(0, 2))),
        statement=rng.choice(DATA),
        facts=tuple(message(rng) for _ in range(rng.randint(0, 2))),
        question=rng.choice(("", "q")),
    )


def bonus(rng: random.Random) -> BonusLine:
    line = BonusLine(
        "c", "r", DATA[1], DATA[1], DATA[5], "", number(rng), "claimed", message(rng), (), ()
    )
    return replace(line, level_title=rng.choice(DATA))


def record(rng: random.Random) -> EvidenceRecord:
    return EvidenceRecord(
        path=DATA[6], file=DATA[6], kind="k", kind_title=message(rng), title=DATA[6], date="",
        counted=True,
        details=tuple((message(rng), value(rng)) for _ in range(rng.randint(0, 3))),
        files=tuple(File(DATA[6], "", 1, "b", usable=True) for _ in range(rng.randint(0, 2))),
        note=rng.choice(("", message(rng))),
    )  # fmt: skip


def details(rng: random.Random, most: int = 4) -> Details:
    lines = tuple(line(rng) for _ in range(rng.randint(0, most)))
    claims = tuple(bonus(rng) for _ in range(rng.randint(0, most)))
    return Details(lines, claims, tuple(record(rng) for _ in range(rng.randint(0, most))))


@pytest.mark.parametrize("seed", range(72))
def test_what_is_packed_comes_back_and_is_shown_alike(seed: int) -> None:
    """In Chinese, and every sixth in English, whose catalogue takes long to read."""
    lang = "zh" if seed % 6 else "en"
    rng = random.Random(seed)
    own = details(rng)
    data = pack(own.lines, own.bonus_lines, own.records)
    found = unpack(data)
    assert (found.lines, found.bonus_lines, found.records) == (
        own.lines, own.bonus_lines, own.records,
    )  # fmt: skip
    with speaking(lang):
        expected = details_json(own)
        assert shown_json(data) == expected
        for part in PARTS:
            assert shown_json(data, (part,)) == {part: expected[part]}
        worded = value(rng)
        assert shown_value(value_json(worded)) == str(read_value(value_json(worded)))


def test_nothing_packed_has_no_line() -> None:
    assert shown_json(b"") == {part: [] for part in PARTS}
    assert (unpack(b"").lines, unpack(b"").bonus_lines, unpack(b"").records) == ((), (), ())


@pytest.fixture(scope="module")
def results() -> Results:
    found = evaluate(MemoryTree(base_files()), YEAR).results
    assert found is not None
    return found


def test_files_for_programs_make_no_object(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [details_json(unpack(branch.packed)) for branch in results.branches]
    assert any(part["lines"] for part in expected)
    before = "".join(dump_parts(results)), b"".join(lines_csv(results))
    for name in ("_line", "_bonus", "_record", "read_value"):
        monkeypatch.setattr(packed, name, None)
    unpack.cache_clear()
    assert ("".join(dump_parts(results)), b"".join(lines_csv(results))) == before


def test_each_part_is_read_once_and_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    own = details(random.Random(1), most=9)
    read: list[str] = []
    for name in ("_line", "_bonus", "_record"):
        real: Callable[..., object] = getattr(packed, name)

        def counted(*a: object, name: str = name, real: Callable[..., object] = real) -> object:
            read.append(name)
            return real(*a)

        monkeypatch.setattr(packed, name, counted)
    found = packed.Unpacked(pack(own.lines, own.bonus_lines, own.records))
    assert read == []
    for _ in range(2):
        assert found.records == own.records
        assert read == ["_record"] * len(own.records)


def test_twice_as_many_lines_take_twice_the_steps() -> None:
    lines = [line(random.Random(seed)) for seed in range(20)]
    packs = [pack(many, (), ()) for many in (lines, lines * 2)]
    one, two = (steps_of(partial(shown_json, data)) for data in packs)
    assert two < 2.2 * one
