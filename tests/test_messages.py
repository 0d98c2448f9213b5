"""Messages are data: one stored object is read in both languages and holds no words of its own."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.encoding import decode, encode
from generator.engine.evaluate import evaluate
from generator.engine.repository import open_repository
from generator.engine.year import Run
from generator.files.tree import MemoryTree, WorkingTree
from generator.results.packed import figures
from generator.text.findings import Finding, Place, Report
from generator.text.language import set_language
from generator.text.messages import (
    Message,
    followed,
    listed,
    read_value,
    read_words,
    say,
    some,
    source_words,
    value_json,
)
from tests.message_values import again, foreign
from tests.naive.repositories import YEAR, make_repository
from tests.support import BASE
from tests.tiers import tiered
from tools.house import GENERATOR, PACKAGES, imported_names, modules

if TYPE_CHECKING:
    from pathlib import Path

    from generator.text.messages import Value

#: What a package before reports may take of the languages: ids are marked, one file is written in
#: the language of the document.
ALLOWED = {"generator.text.language.mark", "generator.text.language.speaking"}


@pytest.mark.parametrize("seed", tiered(range(12), often=8, fast=4))
def test_values_of_lines_hold_no_words_of_the_program(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed, flawed=seed % 2 == 1)
    results = evaluate(WorkingTree(tmp_path), YEAR).results
    assert results is not None
    values: list[Value] = []
    for branch in results.branches:
        values += [veto.reason for veto in branch.vetoes]
        for line in branch.lines:
            values += [line.reason, line.title, *line.facts]
        values += [line.reason for line in branch.bonus_lines]
        for record in branch.records:
            values += [record.kind_title, record.note]
            values += [value for pair in record.details for value in pair]
    assert any(isinstance(value, Message) for value in values)
    assert foreign(values, tmp_path) == []


def test_a_word_of_the_program_among_values_is_found(tmp_path: Path) -> None:
    (tmp_path / "示例.yml").write_text("title: 主题党日\n", "utf-8")
    values: list[Value] = [say("{a}", a=listed([say("“{b}”", b="主题党日"), say("未定")]))]
    assert foreign(values, tmp_path) == []
    assert foreign([*values, say("{a}", a="未定等次")], tmp_path) == ["未定等次"]


@pytest.mark.parametrize("seed", tiered(range(6), often=4, fast=2))
def test_a_kept_branch_is_the_same_in_any_language(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed, flawed=True)
    kept = []
    for lang in ("zh", "en"):
        set_language(lang)
        run = Run(open_repository(WorkingTree(tmp_path)), YEAR)
        run.read(run.repository.branch_ids)
        kept.append([encode(reduced) for reduced in run.reduced.values()])
        assert [encode(decode(text)) for text in kept[-1]] == kept[-1]
    assert kept[0] == kept[1]


def test_no_package_before_the_reports_makes_words() -> None:
    names = [package.name for package in PACKAGES]
    before = names[names.index("text") + 1 : names.index("reports")]
    used = {
        f"{name} imports {used}"
        for name, path in modules(GENERATOR).items()
        if name.partition(".")[0] in before
        for used in imported_names(path)
        if used.startswith("generator.text.language") and used not in ALLOWED
    }
    assert used == set()


def test_words_follow_the_reader_and_fingerprints_do_not() -> None:
    report = Report(branch="demo-a")
    report.add("S001", Place("x.yml", 2), "缺少{words}", words=say("“{name}”", name="points"))
    (finding,) = report.findings
    before = finding.fingerprint
    assert str(finding.message) == "缺少“points”"
    set_language("en")
    assert str(finding.message).startswith("Missing")
    assert finding.fingerprint == before
    assert source_words(finding.message) == "缺少“points”"


def test_a_text_stays_as_it_is_in_any_language() -> None:
    report = Report()
    report.add("C005", Place("results.json"), say("内容与校验码 digest 不符"))
    frozen = Finding("C005", report.findings[0].severity, "x", 1, 1, "", "已冻结的话", "")
    set_language("en")
    assert str(frozen.message) == "已冻结的话"
    assert source_words("已冻结的话") == "已冻结的话"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "文",
        7,
        Decimal("4.50"),
        say("是"),
        say("{a}{b}", a=1, b=listed(["x", Decimal("0.1"), say("否")])),
        listed([]),
        listed([listed(["a"]), "b"], "；"),
    ],
)
def test_values_are_read_back_as_they_were(value: Value) -> None:
    assert again(value) == value
    assert str(again(value)) == str(value)


@pytest.mark.parametrize("value", [True, 1.5, None, b"x", ["a"], {"a": 1}, object()])
def test_what_no_message_may_hold_is_a_fault(value: object) -> None:
    with pytest.raises(TypeError):
        say("{a}", a=value)
    with pytest.raises(TypeError):
        listed([value])


@pytest.mark.parametrize("document", [None, True, 1.5, {}, [], [1, {}], ["a", "b"], ["a", {}, 1]])
def test_what_is_no_stored_value_is_refused(document: Any) -> None:
    with pytest.raises((TypeError, ValueError, ArithmeticError)):
        read_value(document)


def test_a_list_is_no_words() -> None:
    with pytest.raises(TypeError):
        read_words(value_json(listed(["a", "b"])))


def test_dates_figures_and_lists_are_written_plainly() -> None:
    told = say(
        "{day} {n} {all}", day=datetime.date(2025, 3, 1), n=Decimal("4.50"), all=listed("ab")
    )
    assert str(told) == "2025-03-01 4.5 a、b"
    assert str(followed("a", "b")) == "ab"
    assert str(some(["a", "b", "c"], 2)) == "a、b…"
    assert str(some(["a", "b"], 2)) == str(some(["a", "b"], None)) == "a、b"
    assert not listed([])
    assert told.value("n") == Decimal("4.50")
    assert told.value("none") is None


def test_english_chooses_the_word_that_fits_the_number() -> None:
    set_language("en")
    one, two = (str(say("测评 {n} 票", n=n)) for n in (1, 2))
    assert (one, two) == ("1 ballot", "2 ballots")


def test_a_clean_repository_has_nothing_to_say() -> None:
    files = {
        path.relative_to(BASE).as_posix(): path.read_bytes()
        for path in BASE.rglob("*")
        if path.is_file()
    }
    assert evaluate(MemoryTree(files)).findings == []


def test_figures_are_read_without_words(tmp_path: Path) -> None:
    make_repository(tmp_path, 3, flawed=True)
    results = evaluate(WorkingTree(tmp_path), YEAR).results
    assert results is not None
    for branch in results.branches:
        own = [line for line in branch.criteria if line.criterion is not None]
        told = [(x.criterion, x.basis, x.points, x.max, x.ballots) for x in own]
        assert [tuple(line) for line in figures(branch.packed)] == told
    assert any(branch.criteria for branch in results.branches)
    assert figures(b"") == []
