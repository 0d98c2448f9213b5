"""Levels with titles: the same points in either form, the rubric's own words wherever one is shown.

docs/format.md §3.
"""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from generator.engine.evaluate import read_branch
from generator.engine.whatif.answers import answers_of
from generator.proposals.difference import bonus_changes, line_changes
from generator.proposals.guard.rules import rules_of
from generator.reports.review.form import Sheet, bonus_item
from generator.reports.schemas import all_schemas
from generator.results.audience import INTERNAL
from generator.results.document import to_json
from generator.scoring.scorecard import BonusLine
from generator.site.exports.tables import LINES, line_rows
from generator.text.language import set_language
from generator.text.remedies import remedy_of
from tests.memory import MemoryTree
from tests.site_bodies import site_pages
from tests.two_years import site_of
from tests.verify_support import fresh, judge, sealed
from tests.years import (
    YEAR,
    Branch,
    award,
    branches_of,
    claim,
    document,
    encoded,
    evaluated,
    judged,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from generator.engine.evaluate import Evaluation
    from generator.text.findings import Finding

Data = dict[str, Any]
PLAIN: Data = {"municipal": 3, "central": 5, "own": 1}
TITLED: Data = {
    "municipal": {"title": "本市的", "points": 3},
    "central": 5,
    "own": {"title": "自定级", "points": 1},
}
WEIGHTS: Data = {"good": 1, "fair": 0.6, "odd": 0}
WEIGHED: Data = {
    "good": {"title": "满意", "points": 1},
    "fair": {"title": "大致满意", "weight": 0.6},
    "odd": 0,
}
QUESTION: Data = {
    "id": "q", "issue": "如何计", "choice": "按 0.6", "decided_by": None,
    "alternatives": [
        {"label": "都算", "change": {"ballot.good": 0.9, "ballot.fair": 1}},
        {"label": "换名", "change": {"ballot.fair": {"title": "尚可", "points": 0.5}}},
        {"label": "去掉", "change": {"ballot.fair": None}},
        {"label": "过大", "change": {"ballot.fair": 2}},
    ],
}  # fmt: skip


def rules(levels: Any, ballot: Any, **more: Any) -> Data:
    """Return a rubric with these levels of a bonus and of ballots."""
    return rubric(
        section("s", judged("c"), {"id": "b", "title": "b", "points": 5, "method": "ballot"}),
        bonus={"rules": [{"id": "award", "title": "表彰", "levels": levels}]},
        ballot=ballot,
        questions=[QUESTION],
        **more,
    )


SIMPLE, RICH = rules(PLAIN, WEIGHTS), rules(TITLED, WEIGHED)
FILED = Branch(
    claims={"c": claim(7)},
    records=[document("x")],
    bonus=[
        award("one", "municipal", "甲"),
        award("two", "central", "乙", evidence=["documents/x"]),
        award("three", "own", "丙"),
    ],
    decided={
        "one": {"accepted": True},
        "two": {"accepted": True, "level": "municipal"},
        "three": {"accepted": False},
    },
    debrief={"mode": "onsite", "ballots": {"good": 7, "fair": 4, "odd": 1}},
)


def year(own: Data, branch: Branch = FILED) -> Data:
    """Return the files of a year with one branch."""
    return year_of(own, {"a": branch})


def results(own: Data) -> Any:
    """Return the results of a year of one branch."""
    found = evaluated(year(own)).results
    assert found is not None
    return found


def told(evaluation: Evaluation, path: str = "rubric.yml") -> list[tuple[str, str, str]]:
    """Return severity, code and pointer of the findings of a file."""
    found = [f for f in evaluation.findings if f.path == path and f.code[0] in "BSYR"]
    return [(f"{f.severity}", f.code, f.pointer) for f in found]


def without_words(branch: Data) -> Data:
    """Return a branch's results without what is only said."""
    found = copy.deepcopy(branch)
    for line in [*found["lines"], *found["bonus_lines"]]:
        line.pop("reason")
        line.pop("level_title", None)
    return found


def test_either_form_gives_the_same_figures() -> None:
    """Results differ in words alone: titles and reasons that name ballots."""
    simple, rich = branches_of(year(SIMPLE))["a"], branches_of(year(RICH))["a"]
    assert without_words(simple) == without_words(rich)
    assert [line["points"] for line in rich["bonus_lines"]] == [3, 3, 0]
    assert rich["lines"][1]["points"] == 3.92
    assert told(evaluated(year(SIMPLE))) == told(evaluated(year(RICH)))


def test_results_hold_the_titles_that_the_rubric_gives_and_no_other() -> None:
    simple, rich = branches_of(year(SIMPLE))["a"], branches_of(year(RICH))["a"]
    assert all("level_title" not in line for line in simple["bonus_lines"])
    titles = [line.get("level_title") for line in rich["bonus_lines"]]
    assert titles == ["本市的", "本市的", "自定级"]
    assert "大致满意 4 票，每票按 0.6 计、odd 1 票" in rich["lines"][1]["reason"]
    assert "一般 4 票，每票按 0.6 计、odd 1 票" in simple["lines"][1]["reason"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ({"title": "市级"}, [("S001", "")]),
        ({"points": 3}, [("S001", "")]),
        ({}, [("S001", ""), ("S001", "")]),
        ({"title": " ", "points": 3}, [("S001", "/title")]),
        ({"title": None, "points": 3}, [("S001", "/title")]),
        ({"title": "市级", "points": None}, [("S001", "/points")]),
        ({"title": "市级", "points": "三"}, [("S003", "/points")]),
        ({"title": "市级", "points": -1}, [("S003", "/points")]),
        ({"title": "市级", "points": 1.234}, [("S003", "/points")]),
        ({"title": "市级", "points": {"points": 3}}, [("S003", "/points")]),
        ({"title": ["市级"], "points": 3}, [("S003", "/title")]),
        ({"title": {"title": "市级"}, "points": 3}, [("S003", "/title")]),
        ({"title": "市级", "points": 3, "weight": 1}, [("S002", "/weight")]),
        ({"title": "市级", "point": 3}, [("S002", "/point")]),
        ([3], [("S003", "")]),
        ([], [("S003", "")]),
        ("三", [("S003", "")]),
        ("｛title：市级，points：3｝", [("S003", "")]),
        (None, [("S001", "")]),
        (True, [("S003", "")]),
    ],
)
def test_each_hostile_shape_of_a_level_is_a_finding(
    level: Any, expected: list[tuple[str, str]]
) -> None:
    """Nobody else is accused: a claim of the level waits, and the rule is known."""
    own = rules({**PLAIN, "municipal": level}, WEIGHTS)
    evaluation = evaluated(year(own))
    at = "/bonus/rules/0/levels/municipal"
    assert told(evaluation) == [("error", code, f"{at}{below}") for code, below in expected]
    assert told(evaluation, "branches/a/2025/self-assessment.yml") == []
    assert evaluation.results is not None
    line = evaluation.results.branches[0].bonus_lines[0]
    assert (line.status, line.rule) == ("claimed", "award")


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ({"title": "好", "points": 1, "weight": 1}, [("S003", "/weight")]),
        ({"title": "好"}, [("S001", "")]),
        ({"title": "好", "points": 1.5}, [("B005", "/points")]),
        ({"title": "好", "weight": -0.5}, [("B005", "/weight")]),
        (1.5, [("B005", "")]),
        ([1], [("S003", "")]),
        ({"title": "好", "weight": "全"}, [("S003", "/weight")]),
    ],
)
def test_each_hostile_shape_of_a_ballot_is_a_finding(
    level: Any, expected: list[tuple[str, str]]
) -> None:
    own = rules(PLAIN, {**WEIGHTS, "good": level})
    own["questions"] = []
    evaluation = evaluated(year(own))
    assert told(evaluation) == [("error", c, f"/ballot/good{below}") for c, below in expected]
    assert told(evaluation, f"committee/{YEAR}/debrief.yml") == []


def test_the_schema_takes_both_forms_and_no_third() -> None:
    validator = Draft202012Validator(all_schemas()["rubric"])
    assert validator.is_valid(SIMPLE)
    assert validator.is_valid(RICH)
    shapes: list[Any] = [
        {"title": "市级"},
        {"points": 3},
        [3],
        "三",
        {"title": "市级", "points": "3"},
    ]
    for bad in shapes:
        assert not validator.is_valid(rules({"municipal": bad}, WEIGHTS)), bad
    for bad in ({"title": "好"}, {"title": "好", "points": 1, "weight": 1}):
        assert not validator.is_valid(rules(PLAIN, {"good": bad})), bad


def said(evaluation: Evaluation, code: str) -> Finding:
    """Return the only finding of a code."""
    (finding,) = [f for f in evaluation.findings if f.code == code]
    return finding


@pytest.mark.parametrize(
    ("title", "id_"), [("本市的", "municipal"), ("中央级", "central"), ("自定级", "own")]
)
def test_the_title_of_a_level_in_a_file_is_told_with_its_id(title: str, id_: str) -> None:
    """The rubric's title stands for the level, and the program's where the rubric has none."""
    finding = said(evaluated(year(RICH, Branch(bonus=[award("x", title, "甲")]))), "R002")
    remedy = remedy_of(finding.hint)
    assert remedy is not None
    assert (remedy.old, remedy.new) == (title, id_)
    assert f"写 {id_}（{title}）" in str(finding.hint)


def test_the_program_s_word_for_a_level_gives_way_to_the_rubric_s() -> None:
    finding = said(evaluated(year(RICH, Branch(bonus=[award("x", "市级", "甲")]))), "R002")
    assert remedy_of(finding.hint) is None
    assert "municipal（本市的）、central（中央级）、own（自定级）" in str(finding.message)


def test_the_title_of_a_ballot_in_a_file_is_told_with_its_id() -> None:
    entry = {"mode": "onsite", "ballots": {"大致满意": 2}}
    finding = said(evaluated(year(RICH, Branch(debrief=entry))), "S003")
    remedy = remedy_of(finding.hint)
    assert remedy is not None
    assert (remedy.old, remedy.new) == ("大致满意", "fair")


@pytest.mark.parametrize("own", [SIMPLE, RICH], ids=["numbers", "titles"])
def test_another_answer_sets_the_number_of_a_level_in_either_form(own: Data) -> None:
    """The title stays; a whole level in the answer stands for the whole level."""
    evaluation = evaluated(year(own))
    assert evaluation.rubric is not None
    every, renamed, less, too_much = answers_of(evaluation.rubric)
    titles = evaluation.rubric.ballot_titles
    for answer, weights in (
        (every, {"good": "0.9", "fair": "1", "odd": "0"}),
        (renamed, {"good": "1", "fair": "0.5", "odd": "0"}),
        (less, {"good": "1", "odd": "0"}),
    ):
        assert answer.rubric is not None, answer.problems
        given = {name: f"{level.points}" for name, level in answer.rubric.ballot.items()}
        assert given == weights
        assert answer.scores
        assert set(answer.changed) == {"b"}
    assert every.rubric is not None
    assert every.rubric.ballot_titles == titles
    assert renamed.rubric is not None
    assert renamed.rubric.ballot_titles == {**titles, "fair": "尚可"}
    assert too_much.rubric is None
    assert [f.code for f in too_much.problems] == ["B005"]


def changed(own: Data, at: tuple[str, ...], value: Any) -> Data:
    """Return a rubric with another value somewhere."""
    found = copy.deepcopy(own)
    node: Any = found
    for name in at[:-1]:
        node = node[int(name)] if isinstance(node, list) else node[name]
    node[at[-1]] = value
    return found


BONUS_AT = ("bonus", "rules", "0", "levels")


@pytest.mark.parametrize(
    ("at", "value", "same"),
    [
        (("ballot", "good"), {"title": "称职", "points": 1}, True),
        (("ballot", "good"), {"title": "称职", "weight": 1}, True),
        (("ballot", "good"), 1, True),
        (("ballot", "good"), {"title": "满意", "points": 0.9}, False),
        (("ballot", "good"), 0.9, False),
        (("ballot", "title"), 1, False),
        (("ballot", "question"), {"title": "x", "points": 1}, False),
        ((*BONUS_AT, "municipal"), {"title": "改了名", "points": 3}, True),
        ((*BONUS_AT, "municipal"), 3, True),
        ((*BONUS_AT, "central"), {"title": "中央", "points": 5}, True),
        ((*BONUS_AT, "municipal"), {"title": "本市的", "points": 4}, False),
        ((*BONUS_AT, "municipal"), 4, False),
        ((*BONUS_AT, "title"), {"title": "x", "points": 1}, False),
        ((*BONUS_AT, "clause"), 1, False),
    ],
)
def test_a_title_and_the_form_are_no_change_of_rules(
    at: tuple[str, ...], value: Any, same: bool
) -> None:
    """G010 compares points; a level whose id is a word of the rubric is a level all the same."""
    old, new = rules_of(encoded(RICH)), rules_of(encoded(changed(RICH, at, value)))
    assert (old == new) == same
    assert rules_of(encoded(SIMPLE)) == old


def test_impact_names_no_line_for_a_title_alone() -> None:
    simple, rich = results(SIMPLE).branches[0], results(RICH).branches[0]
    assert line_changes(simple, rich) == ()
    assert bonus_changes(simple, rich) == ()
    dearer = results(changed(RICH, (*BONUS_AT, "municipal"), {"title": "本市的", "points": 4}))
    moved = [change.after for change in bonus_changes(rich, dearer.branches[0])]
    assert [line.claim for line in moved if isinstance(line, BonusLine)] == ["one", "two"]


def test_a_review_is_not_stale_for_a_title_alone() -> None:
    """The fingerprint is of claim and evidence."""
    own = copy.deepcopy(FILED)
    own.reviews = {"c": {"points": 7, "reviewed": "0" * 64}}
    stale = said(evaluated(year(SIMPLE, own)), "C002")
    assert said(evaluated(year(RICH, own)), "C002") == stale


def published(own: Data) -> Any:
    """Return sealed results of a year."""
    return sealed(to_json(results(own)))


@pytest.mark.parametrize("own", [SIMPLE, RICH], ids=["numbers", "titles"])
def test_the_second_arithmetic_reads_both_forms(own: Data) -> None:
    """All agrees; points, titles and levels that do not are found."""
    document = published(own)
    assert judge(document, encoded(own))[0] == 0
    for key, value in (("points", 4), ("level_title", "市级"), ("level", "other")):
        lie = fresh(document)
        lie["branches"][0]["bonus_lines"][0][key] = value
        status, output = judge(sealed(lie), encoded(own))
        assert status == 1
        assert f"bonus_lines[one].{key}" in output


def test_the_second_arithmetic_takes_no_title_that_the_rubric_lacks() -> None:
    document = fresh(published(RICH))
    del document["branches"][0]["bonus_lines"][0]["level_title"]
    assert "bonus_lines[one].level_title" in judge(sealed(document), encoded(RICH))[1]


@cache
def pages(titled: bool, lang: str = "zh") -> dict[str, str]:
    """Return the pages of a year with levels."""
    set_language(lang)
    try:
        files = year(RICH if titled else SIMPLE)
        files[f"committee/{YEAR}/appraisal.yml"] |= {"stage": "open"}
        found = site_of({path: encoded(data) for path, data in files.items()}, INTERNAL)
        return {page.address: str(page.body) for page in site_pages(found)}
    finally:
        set_language("zh")


#: Page → words of the rubric with titles, words of the one without.
SHOWN = {
    f"{YEAR}/branches/a.html": (
        {"级别 本市的", "级别 自定级", "大致满意 4 票"},
        {"级别 市级", "级别 own", "一般 4 票"},
    ),
    "rubric.html": (
        {"本市的 +3", "中央级 +5", "自定级 +1", ">满意<", ">大致满意<", ">odd<"},
        {"市级 +3", "中央级 +5", "own +1", ">良好<", ">一般<", ">odd<"},
    ),
    "ids.html": ({"本市的 <code>municipal<", "自定级 <code>own<"}, {"市级 <code>municipal<"}),
    "count.html": ({">满意<", ">大致满意<", ">odd<"}, {">良好<", ">一般<", ">odd<"}),
}


@pytest.mark.parametrize("address", SHOWN)
def test_pages_show_the_rubric_s_title_then_the_program_s_then_the_id(address: str) -> None:
    rich, simple = SHOWN[address]
    for wanted, others, titled in ((rich, simple - rich, True), (simple, rich - simple, False)):
        body = pages(titled)[address].replace("\u00a0", " ")
        assert {words for words in wanted if words not in body} == set()
        assert {words for words in others if words in body} <= {"市级 <code>municipal<"}


def test_a_title_of_the_rubric_is_data_in_every_language() -> None:
    body = pages(titled=True, lang="en")[f"{YEAR}/branches/a.html"]
    assert "本市的" in body
    assert "市级" not in body.replace("本市的", "")


def test_tables_and_review_forms_have_the_title_beside_the_id() -> None:
    rich, simple = results(RICH).branches[0], results(SIMPLE).branches[0]
    names = [column.name for column in LINES]
    for branch, wanted in (
        (rich, ["本市的", "本市的", "自定级"]),
        (simple, ["市级", "市级", "own"]),
    ):
        rows = [dict(zip(names, row, strict=False)) for row in line_rows(branch)]
        assert [r["level_title"] for r in rows if r["line"] == "bonus"] == wanted
        assert {r["level_title"] for r in rows if r["line"] != "bonus"} == {None}


@pytest.mark.parametrize(("own", "title"), [(RICH, "级别 本市的"), (SIMPLE, "级别 市级")])
def test_the_review_form_says_what_the_level_is_called(own: Data, title: str) -> None:
    tree = MemoryTree({path: encoded(data) for path, data in year(own).items()})
    read = read_branch(tree, "a", YEAR)
    sheet = Sheet(read.data, read.card, None, date(YEAR, 12, 31))
    item = bonus_item(sheet, read.card.bonus_lines[0])
    assert title in item.about[0]
    assert "level: municipal" in item.proposal
