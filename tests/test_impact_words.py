"""What a change does, for whoever decides: figures and records, no remarks; hashes at the end."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from generator.proposals.difference import same_line, why
from generator.reports.impact.words import finding_rows
from generator.reports.markdown import LIMIT, Document, literal, size
from generator.scoring.scorecard import Basis, Line
from generator.text.findings import Place, Report
from generator.text.messages import Message, say
from generator.text.privacy import NO_TEXT

WORDS = ("集中活动 {n} 次", "另有 {n} 份没有计入", "佐证不足，差 {n} 份", "待党委核定", "自评有误")


def line(rng: random.Random) -> Line:
    """Return a line of a scorecard with a random remark."""
    records = tuple(f"branches/a/2025/documents/d{n}" for n in range(rng.randrange(4)))
    return Line(
        criterion="c",
        section="s",
        part=None,
        title="小项",
        clause=NO_TEXT,
        max=Decimal(5),
        points=Decimal(rng.randrange(6)),
        basis=rng.choice([Basis.COMPUTED, Basis.CLAIMED]),
        reason=remark(rng),
        evidence=records,
    )


def remark(rng: random.Random) -> Message:
    """Return words about a line."""
    return say(rng.choice(WORDS), n=rng.randrange(50))


@pytest.mark.parametrize("seed", range(50))
def test_a_remark_alone_changes_nothing_and_a_figure_or_record_does(seed: int) -> None:
    rng = random.Random(seed)
    one = line(rng)
    assert same_line(one, replace(one, reason=remark(rng)))
    assert one.points is not None
    assert not same_line(one, replace(one, points=one.points + 1))
    assert not same_line(one, replace(one, claimed=Decimal(1)))
    assert not same_line(one, replace(one, evidence=(*one.evidence, "branches/a/2025/documents/x")))


@pytest.mark.parametrize("seed", range(50))
def test_two_remarks_never_stand_beside_each_other(seed: int) -> None:
    rng = random.Random(seed)
    one, two = line(rng), line(rng)
    words, before, after = str(why(one, two)), str(one.reason), str(two.reason)
    if before != after:
        assert before not in words
        assert words == after or "→" in words


@pytest.mark.parametrize("seed", range(50))
def test_notices_of_a_code_are_one_line(seed: int) -> None:
    rng = random.Random(seed)
    report = Report()
    for number in range(rng.randrange(1, 60)):
        code = rng.choice(["C007", "E012", "E006", "E016"])
        report.add(code, Place("a.yml", number + 1), "第 {n} 处", n=number)
    rows = finding_rows(report.findings)
    loud = [f for f in report.findings if f.severity != "notice"]
    quiet = [f for f in report.findings if f.severity == "notice"]
    assert [row[2] for row in rows[: len(loud)]] == [str(f.message) for f in loud]
    assert len(rows) == len(loud) + len({f.code for f in quiet})
    for code in {f.code for f in quiet}:
        several = [f for f in quiet if f.code == code]
        (row,) = [row for row in rows if row[0].endswith(code)]
        assert row[1] == f"a.yml:{several[0].line}:1"
        end = f"共 {len(several)} 处" if len(several) > 1 else str(several[0].message)
        assert row[2].endswith(end)


@pytest.mark.parametrize("count", range(0, 6_000, 120))
def test_what_is_folded_stands_at_the_end_and_within_the_limit(count: int) -> None:
    document = Document()
    document.table("t", ["a"], [[literal("x" * 30)] for _ in range(count)])
    document.say("words")
    rows = [[literal(f"branches/a/{number}"), f"{number:012x}"] for number in range(count)]
    document.fold("f", ["file", "digest"], rows, "again")
    text = document.render()
    assert size(text) <= LIMIT
    assert text.count("<details>") == text.count("</details>") == 1
    assert text.endswith("again\n\n</details>\n")
    before, _, folded = text.partition("<details>")
    assert "branches/" not in before
    assert ("branches/" in folded) is (0 < count < 1_000) or count >= 1_000
