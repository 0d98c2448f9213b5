"""Answers become records: each as a person's own hand would have written it, values and place."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.files.tree import MemoryTree
from generator.formats.branch_files import ACTIVITY, BRANCH, DOCUMENT, SELF_ASSESSMENT
from generator.formats.shapes import TextShape
from generator.loading.reader import Reader
from generator.proposals.filing.answers import AnswerError, answer, attendance
from generator.proposals.filing.attached import Given, UnplacedError, faults, placed
from generator.proposals.filing.every import FORMS, start_of
from generator.proposals.filing.evidence import free
from generator.proposals.filing.likeness import LikeError
from generator.proposals.filing.questions import CHOOSING, Input, Question, choices_of
from generator.proposals.filing.trial import Trial
from generator.text.findings import Place, Report
from generator.text.language import set_language
from tests.filling import (
    answers_of,
    desk_of,
    drafted,
    form_of,
    loaded,
    options_of,
    records_in,
    sample,
)
from tests.memory import base_files, files_below
from tests.naive.repositories import make_repository
from tests.plain_yaml import said
from tests.sites import PROGRAM
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.proposals.filing.forms import Form, Values

SAMPLE = sample("demo-a")
OTHERS = ("demo-a", "demo-e")


def question(kind: Input, **titles: str) -> Question:
    """Return a question about anything, with choices."""
    shape, choices = TextShape(), choices_of(titles)
    return Question("key", "项", "", "", required=True, input=kind, shape=shape, choices=choices)


def without(files: Mapping[str, bytes], prefix: str) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if not path.startswith(prefix)}


# Records --------------------------------------------------------------------------------------


def remade(files: Mapping[str, bytes], root: Path, branch: str, year: int = 2025) -> int:
    """Make every record of a branch anew from options; return how many there were."""
    desk = desk_of(without(files, f"branches/{branch}/{year}/"), branch, year)
    found = records_in(root, branch, year)
    for what, path, own in found:
        name = path.rpartition("/")[2]
        before = own.pop(name)
        folder = path.split("/")[4]
        record = loaded(before)
        if record.get("due") not in {asked.id for asked in desk.asked(record.get("kind", ""))}:
            # An entry that was not asked of the branch cannot be chosen.
            record.pop("due", None)
        draft = drafted(FORMS[what](desk), [*options_of(record), f"folder={folder}"], own)
        assert draft.path == path
        wanted = said(before)
        assert said(draft.data) == {k: v for k, v in wanted.items() if k in record}, path
        assert draft.files == {path: draft.data} | {
            f"{path.removesuffix(name)}{other}": data for other, data in own.items()
        }
    return len(found)


@pytest.mark.parametrize("branch", OTHERS)
def test_every_record_of_the_sample_can_be_made_by_options(branch: str) -> None:
    assert remade(sample(branch), PROGRAM, branch) > 5


@pytest.mark.parametrize("seed", tiered(range(40), often=4, fast=3))
def test_random_records_under_other_rubrics_can_be_made_by_options(
    tmp_path: Path, seed: int
) -> None:
    year = make_repository(tmp_path, seed)
    files = files_below(tmp_path)
    for branch in sorted({path.split("/")[1] for path in files if path.startswith("branches/")}):
        remade(files, tmp_path, branch, year)


def test_every_claim_of_the_sample_can_be_made_by_options() -> None:
    path = "branches/demo-a/2025/self-assessment.yml"
    whole = loaded(SAMPLE[path])
    files = without(SAMPLE, path)
    first = [f"submitted={whole['submitted']}"]
    for criterion, claim in whole["claims"].items():
        options = [f"criterion={criterion}", *options_of(claim), *first]
        files[path] = drafted(form_of(files, "claim"), options).data
        first = []
    for claim in whole["bonus"]:
        files[path] = drafted(form_of(files, "bonus"), options_of(claim)).data
    assert loaded(files[path]) == whole


def test_every_criterion_can_be_claimed_or_left() -> None:
    form = form_of(without(SAMPLE, "branches/demo-a/2025/self"), "claim")
    rubric = form.desk.rubric
    assert len(rubric.criteria) > 15
    for name, (_, criterion) in rubric.criteria.items():
        left = [f"criterion={criterion.title}", "not_applicable=本支部没有", "submitted=2025.12.1"]
        made = loaded(drafted(form, left).data)
        assert made["claims"] == {name: {"not_applicable": "本支部没有"}}
        cited = {c.id for q in form.questions({"criterion": name}) if q.key == "evidence"
                 for c in q.choices}  # fmt: skip
        kinds = criterion.evidence.kinds if criterion.evidence else ()
        assert {c.kind for c in form.desk.cited if c.reference in cited} <= {*kinds} or not kinds


def test_every_kind_of_document_asks_for_its_fields() -> None:
    form = form_of(SAMPLE, "document")
    for name, kind in form.desk.rubric.document_kinds.items():
        asked = {q.key: q for q in form.questions({"kind": name}) if q.key.startswith("fields.")}
        assert list(asked) == [f"fields.{field}" for field in kind.fields]
        assert {q.key for q in asked.values() if q.required} == {
            f"fields.{field}" for field in kind.required
        }


def test_a_branch_is_made_of_what_it_is() -> None:
    form = form_of(SAMPLE, "branch", "b001")
    record = loaded(SAMPLE["branches/demo-a/branch.yml"])
    titled = record | {"kind": "党支部", "consortium": "东片示例联合体"}
    draft = drafted(form, options_of(titled))
    assert draft.path == "branches/b001/branch.yml"
    assert loaded(draft.data) == record
    assert form.desk.next_branch == "b001"
    for path, data in (
        ("branches/b041/branch.yml", b""),
        ("committee/2024/vetoes/b041.yml", b""),
        ("branches/demo-z/branch.yml", b"formerly: [b041]"),
    ):
        assert desk_of({**SAMPLE, path: data}, "").next_branch == "b042"


def test_a_renewed_claim_leaves_all_else_as_it_is() -> None:
    path = "branches/demo-a/2025/self-assessment.yml"
    before = SAMPLE[path].decode().replace("  team-liaison:", "  # 与会长\n  team-liaison:")
    form = form_of({**SAMPLE, path: before.encode()}, "claim")
    draft = drafted(form, ["criterion=team-structure", "points=6.5", "statement=缺一项",
                           "evidence=班子设置情况"])  # fmt: skip
    old = """    points: 7
    statement: 书记按条例设置，与学会负责人交叉任职。
"""
    assert old in before
    assert draft.data.decode() == before.replace(old, "    points: 6.5\n    statement: 缺一项\n")
    assert draft.before == before.encode()


# Names of folders -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "taken", "found"),
    [
        ("plan", [], "plan"),
        ("plan", ["plans", "plan-b"], "plan"),
        ("plan", ["plan"], "plan-2"),
        ("report", ["report-1", "report-2"], "report-3"),
        ("report", ["report", "report-9"], "report-10"),
        ("2025-03-12-theme-day", ["2025-03-12-theme-day"], "2025-03-12-theme-day-2"),
    ],
)
def test_a_taken_name_gets_the_next_number(name: str, taken: list[str], found: str) -> None:
    assert free(name, taken) == found


@pytest.mark.parametrize(
    ("options", "folder"),
    [
        ([], "2025-05-06-theme-day"),
        (["folder=visit"], "2025-05-06-visit"),
        (["folder=2025-05-06-visit"], "2025-05-06-visit"),
        (["date=2025-09-20"], "2025-09-20-theme-day-2"),
    ],
)
def test_an_activity_is_called_by_its_day_and_type(options: list[str], folder: str) -> None:
    said = {"title": "参观", "type": "theme-day", "place": "馆", "date": "2025-05-06"}
    named = {option.partition("=")[0] for option in options}
    rest = [f"{key}={value}" for key, value in said.items() if key not in named]
    assert drafted(form_of(SAMPLE, "activity"), [*rest, *options]).path.split("/")[4] == folder


# What stands in the way ----------------------------------------------------------------------


def test_only_errors_in_the_branch_s_own_files_stand_in_the_way() -> None:
    path = "branches/demo-a/2025/self-assessment.yml"
    files = without(SAMPLE, path)
    own = b"submitted: 2025-12-10\nclaims: {}\nbonus: []\n"
    award = loaded(SAMPLE[path])["bonus"][0]
    draft = drafted(form_of({**files, path: own}, "bonus"), options_of(award))
    brought = Trial(MemoryTree({**files, path: own}), "demo-a", 2025).brought(draft.files)
    review = "committee/2025/reviews/demo-a.yml"
    assert {f.path for f in brought.new if f.severity == "error"} == {review}
    assert brought.errors("demo-a") == []
    wrong = drafted(
        form_of({**files, path: own}, "bonus"), options_of({**award, "date": "2024-01-01"})
    )
    found = Trial(MemoryTree({**files, path: own}), "demo-a", 2025).brought(wrong.files)
    assert [finding.code for finding in found.errors("demo-a")] == ["S006"]


@pytest.mark.parametrize(
    ("what", "code", "path", "pointer", "key"),
    [
        ("document", "S003", "document.yml", "/date", "date"),
        ("document", "S003", "document.yml", "/fields/举办~1日", "fields.举办/日"),
        ("document", "E001", "document.yml", "/files/1", "files"),
        ("document", "S007", "document.yml", "", "folder"),
        ("document", "E009", "document.yml", "", ""),
        ("document", "E003", "乙.pdf", "", "files"),
        ("document", "E003", "丙.pdf", "", ""),
        ("document", "S003", "../plan/document.yml", "/date", ""),
        ("claim", "R001", "", "/claims/study/points", "points"),
        ("claim", "R001", "", "/claims/study-2/points", ""),
        ("claim", "R001", "", "/claims/other/points", ""),
        ("bonus", "R002", "", "/bonus/0/level", "level"),
        ("bonus", "R002", "", "/bonus/1/level", ""),
    ],
)
def test_a_finding_is_told_at_its_question(
    what: str, code: str, path: str, pointer: str, key: str
) -> None:
    form = form_of(without(base_files(), "branches/demo-a/2025/self"), what)
    values: Values = {"criterion": "study", "kind": "plan", "files": ("甲.pdf", "乙.pdf")}
    draft = form.draft(values, {"甲.pdf": b"", "乙.pdf": b""} if what == "document" else {})
    place = f"{draft.path.rpartition('/')[0]}/{path}" if path else draft.path
    report = Report()
    report.add(code, Place(place, pointer=pointer), "x")
    assert form.blamed(report.findings[0], draft, values) == key


def test_documents_of_earlier_years_are_told_apart() -> None:
    form = form_of(SAMPLE, "claim")
    titles = form.question("evidence", {"criterion": "team-structure"}).titles
    assert {name: f"{title}" for name, title in titles.items()} == {
        "documents/structure": "班子设置情况",
        "2024/documents/structure": "班子设置情况（2024 年）",
    }
    titles = form.question("evidence", {"criterion": "political-study"}).titles
    assert f"{titles['2024/documents/plan']}" == "2024年度工作计划"


# Questions ------------------------------------------------------------------------------------


def every_question(form: Form) -> list[Question]:
    """Return every question that a form can ask."""
    rubric = form.desk.rubric
    steering = {
        "document": [{"kind": kind} for kind in rubric.document_kinds],
        "claim": [{"criterion": name} for name in rubric.criteria],
        "bonus": [{"rule": name} for name in rubric.bonus_rules],
    }.get(form.what, [{}])
    return [question for values in steering for question in form.questions({**values})]


@pytest.mark.parametrize("files", [SAMPLE, base_files()], ids=["sample", "base"])
@pytest.mark.parametrize("what", sorted(FORMS))
def test_every_question_has_words_and_takes_its_own_example(
    what: str, files: Mapping[str, bytes]
) -> None:
    form = form_of(files, what)
    asked = every_question(form)
    assert len(asked) > 5
    for own in asked:
        assert all(map(str, (own.title, own.help))), own.key
        assert own.input not in CHOOSING or own.choices or not own.required or what == "bonus"
        if own.choices or own.input not in CHOOSING:
            assert str(own.example) != "", own.key
        if own.input not in CHOOSING:
            assert answer(own, f"{own.example}") is not None
        for choice in own.choices:
            assert answer(own, choice.id) in {choice.id, (choice.id,)}


@pytest.mark.parametrize("what", sorted(FORMS))
def test_questions_are_asked_in_the_language_of_whoever_answers(what: str) -> None:
    set_language("en")
    for own in form_of(base_files(), what).questions({}):
        words = [f"{own.title}", f"{own.help}"]
        words += [] if own.choices else [f"{own.example}"]
        assert not [text for text in words if re.search("[\u3000-\u9fff\uff00-\uffef]", text)]


# Answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("date", "2025.3.12", datetime.date(2025, 3, 12)),
        ("date", "２０２５年3月12日（周三）", datetime.date(2025, 3, 12)),
        ("collective", "√", True),
        ("collective", "没有", False),
        ("type", "主题党日", ("theme-day",)),
        ("type", "主题党日、党课", ("theme-day", "party-lecture")),
        ("type", "theme-day，主题 党日", ("theme-day",)),
        ("photos", "a.jpg、b.jpg", ("a.jpg", "b.jpg")),
        ("attendance", "21人、19人、1、1", {"members": 21, "present": 19, "leave": 1, "absent": 1}),
        ("attendance", "应到２３人，实到 19 人", {"members": 23, "present": 19, "leave": 0,
                                                "absent": 0}),
        ("attendance", "签到.csv", {"file": "签到.csv"}),
        ("place", "  会议室\n", "会议室"),
        ("place", "  ", None),
    ],
)  # fmt: skip
def test_what_people_type_is_read(key: str, text: str, value: object) -> None:
    form = form_of(SAMPLE, "activity")
    assert answer(form.question(key, {}), text) == value


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("date", "3月12日", "真实的日期"),
        ("date", "2025-02-30", "真实的日期"),
        ("collective", "也许", "true"),
        ("type", "主题日", "没有“主题日”"),
        ("attendance", "23/19/3/1/7", "看不出人数"),
        ("attendance", "应到23，到会19，另有3", "看不出人数"),
        ("attendance", "9" * 5000, "看不出人数"),
        ("place", "会议\u200b室", "\\u200b"),
        ("plan", "../plan.pdf", "不带路径"),
        ("joint_with", "demo-z", "没有“demo-z”"),
    ],
)
def test_what_is_not_certain_is_said(key: str, text: str, words: str) -> None:
    form = form_of(SAMPLE, "activity")
    with pytest.raises(AnswerError) as refused:
        answer(form.question(key, {}), text)
    assert words in f"{refused.value.message}"


def test_points_have_no_more_places_than_the_rubric() -> None:
    asked = form_of(SAMPLE, "claim").question("points", {})
    assert answer(asked, "４．５分") == Decimal("4.5")
    with pytest.raises(AnswerError, match="2"):
        answer(asked, "4.555")


def test_a_title_that_several_have_is_refused_with_their_ids() -> None:
    with pytest.raises(AnswerError) as refused:
        answer(question(Input.ONE, one="会议", two="会 议", three="党课"), "会议")
    assert "one、two" in f"{refused.value.message}"
    assert answer(question(Input.ONE, one="会议", two="会 议"), "two") == "two"


def test_titles_may_hold_what_parts_answers() -> None:
    own = question(Input.SOME, forum="论坛、报告会报备", plan="计划", talk="报告会")
    assert answer(own, "论坛、报告会报备，计划") == ("forum", "plan")
    assert answer(own, "计划、报告会、计划") == ("plan", "talk")
    with pytest.raises(AnswerError, match="论坛"):
        answer(own, "论坛、计划")


def test_counts_may_be_said_one_by_one() -> None:
    base = ["title=会", "type=党课", "date=2025-03-01", "place=室"]
    said = [*base, "attendance.members=21人", "attendance.present=２０", "attendance.absent=1"]
    values = answers_of(form_of(SAMPLE, "activity"), said)
    assert values["attendance"] == {"members": 21, "present": 20, "absent": 1}
    assert attendance("1 2") == {"members": 1, "present": 2, "leave": 0, "absent": 0}


# Starting from another record -----------------------------------------------------------------

OTHER_PLAN = "branches/demo-a/2024/documents/plan-b/document.yml"
SEVERAL = {**SAMPLE, OTHER_PLAN: b"kind: plan\ntitle: B\ndate: 2024-02-01\n"}


@pytest.mark.parametrize(
    ("what", "like", "values", "found"),
    [
        ("document", "2024", {"kind": "charter"},
         {"kind": "charter", "title": "学会章程（节选）", "fields.写入党建": True}),
        ("document", "2024/documents/forum-1", {}, {"kind": "forum", "title": "示例城市供水论坛"}),
        ("document", "2024/documents/charter", {"kind": "plan"}, None),
        ("activity", "2024", {"type": ("democratic-review",)},
         {"title": "民主评议党员", "type": ("democratic-review",), "place": "学会会议室"}),
        ("claim", "2024", {"criterion": "team-structure"}, {"points": Decimal(7)}),
        ("claim", "2024", {"criterion": "ideology-filing"}, {}),
        ("activity", "2024-12-06-democratic-review", {}, {"title": "民主评议党员"}),
        ("document", "documents/duty-list", {}, {"kind": "duty-list"}),
    ],
)  # fmt: skip
def test_what_may_be_so_again_is_taken_over(
    what: str, like: str, values: Values, found: Mapping[str, Any] | None
) -> None:
    form = form_of(SAMPLE, what)
    if found is None:
        assert not any(key.startswith("fields") for key in start_of(form, "2024", {"kind": "plan"}))
        with pytest.raises(LikeError):
            start_of(form, "2024/documents/none", values)
        return
    start = start_of(form, like, values)
    assert found.items() <= start.items()
    assert not {"date", "files", "plan", "record", "photos", "attendance", "due"} & start.keys()


def test_evidence_that_is_not_here_is_not_taken_over() -> None:
    form = form_of(SAMPLE, "claim")
    here = {cited.reference for cited in form.desk.cited}
    for criterion in form.desk.rubric.criteria:
        evidence = start_of(form, "2024", {"criterion": criterion}).get("evidence", ())
        assert isinstance(evidence, tuple)
        assert {*evidence} <= here


def test_one_of_several_is_to_be_named() -> None:
    form = form_of(SEVERAL, "document")
    with pytest.raises(LikeError) as refused:
        start_of(form, "2024", {"kind": "plan"})
    assert "2024/documents/plan、2024/documents/plan-b" in f"{refused.value.message}"
    assert start_of(form, "2024/documents/plan-b", {"kind": "plan"})["title"] == "B"


# Attachments ----------------------------------------------------------------------------------

ROLL = b"member,status\nM01,present\n"


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("方案.pdf", b"", {"plan": "方案.pdf"}),
        ("plan.pdf", b"", {"plan": "plan.pdf"}),
        ("记录.md", b"", {"record": "记录.md"}),
        ("现场.JPG", b"", {"photos": ("现场.JPG",)}),
        ("签到.csv", ROLL, {"attendance": {"file": "签到.csv"}}),
    ],
)
def test_a_file_answers_what_its_name_or_content_says(
    name: str, data: bytes, found: Mapping[str, Any]
) -> None:
    asked = form_of(SAMPLE, "activity").questions({})
    assert placed([Given(name, data)], asked, {}) == found


@pytest.mark.parametrize("name", ["材料.pdf", "方案和记录.docx", "签到.csv"])
def test_a_file_that_may_be_anything_is_not_placed(name: str) -> None:
    asked = form_of(SAMPLE, "activity").questions({})
    with pytest.raises(UnplacedError):
        placed([Given(name, b"a,b\n")], asked, {})
    assert placed([Given(name, b"", "record")], asked, {}) == {"record": name}


def test_a_document_has_one_place_for_files() -> None:
    asked = form_of(SAMPLE, "document").questions({"kind": "plan"})
    found = placed([Given("甲.pdf", b""), Given("乙.pdf", b"")], asked, {"files": ("乙.pdf",)})
    assert found == {"files": ("乙.pdf", "甲.pdf")}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("-plan.pdf", b"x", "G005"),
        ("CON.txt", b"x", "G005"),
        ("说明.exe", b"x", "E003"),
        ("说明.txt", b"", "E004"),
        ("照片.jpg", b"GIF89a", "E003"),
        ("package.json", b"{}", "G005"),
    ],
)
def test_an_unfit_file_has_the_words_of_its_finding(name: str, data: bytes, code: str) -> None:
    (found,) = faults(Given(name, data))
    assert found.code == code
    assert found.severity == "error"
    assert str(found.hint) != ""
    assert faults(Given("说明.txt", "全文".encode())) == []


# Anything at all -------------------------------------------------------------------------------

TYPED = st.one_of(
    st.text(max_size=30),
    st.text("0123456789０５年月日.-/人分是否、，,: #\n主题党日会议", max_size=20),
    st.sampled_from(
        ["- a", "{a: b}", "null", "~", "'x", "2025-03-12", "true", "123", "&a", "*", "|"]
    ),
)


GIVEN: dict[str, Values] = {"claim": {"criterion": "study"}, "document": {"kind": "forum"}}
SHAPES: dict[str, Any] = {
    "branch": BRANCH, "activity": ACTIVITY, "document": DOCUMENT, "claim": SELF_ASSESSMENT,
    "bonus": SELF_ASSESSMENT,
}  # fmt: skip
EVERY = [
    (form, own)
    for what in SHAPES
    for form in [form_of(base_files() if what == "claim" else SAMPLE, what)]
    for own in form.questions(GIVEN.get(what, {}))
    if own.key not in {"folder", "submitted", "id", "criterion"}
]


@given(st.sampled_from(EVERY), TYPED)
def test_what_is_taken_is_read_back_and_anything_else_is_refused(
    asked: tuple[Form, Question], text: str
) -> None:
    form, own = asked
    try:
        value = answer(own, text)
    except AnswerError as error:
        refused = f"{error.message}"
    else:
        refused = "" if value is not None else "nothing"
    if refused:
        return
    draft = form.draft({**GIVEN.get(form.what, {}), own.key: value})
    report = Report()
    Reader(MemoryTree({"x": draft.data}), report).load("x", SHAPES[form.what])
    errors = [finding for finding in report.findings if finding.severity == "error"]
    assert [f for f in errors if own.key in f.pointer and f.code != "S001"] == []
    assert [f for f in report.findings if f.code[0] == "Y"] == []
