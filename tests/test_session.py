"""The session of the form: a year by its calls alone, the words of the program, edits that keep."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import MemoryTree
from generator.proposals.filing.trial import Trial
from generator.proposals.packages.bringing import How, judge, write
from generator.proposals.packages.opened import opened as opened_package
from generator.reports.documents import documents
from generator.reports.left.missing import Missing, body
from generator.text.language import speaking
from tests.conversing import TODAY, YEAR, draft, open_sample, opened, year_as_drafts
from tests.filling import drafted, form_of
from tests.memory import files_below
from tests.naive.repositories import make_repository
from tests.plain_yaml import said
from tests.support import write as write_file
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conversing import Page

HOME = f"branches/demo-a/{YEAR}"
MEETING = "activities/2025-03-15-member-meeting"
ASSESSMENT = f"branches/demo-f/{YEAR}/self-assessment.yml"
MADE = "2025-12-10T09:30:00+08:00"


@pytest.fixture(scope="module")
def f_files() -> dict[str, bytes]:
    """The sample with the records of demo-f alone, in which several things are missing."""
    return open_sample("demo-f")


@pytest.fixture(scope="module")
def f_page(f_files: dict[str, bytes]) -> Page:
    """A session over it: nothing but attached files is kept between calls."""
    return opened(f_files, "demo-f")


@pytest.fixture(scope="module")
def f_trial(f_files: dict[str, bytes]) -> Trial:
    """What the commands lay files over."""
    return Trial(MemoryTree(f_files), "demo-f", YEAR)


def figures_of(files: dict[str, bytes]) -> Any:
    """Return demo-a's scorecard without the places in files."""
    document = json.loads(documents(files, YEAR).results)
    (found,) = [own for own in document["branches"] if own["id"] == "demo-a"]
    return without_sources(found)


def without_sources(value: Any) -> Any:
    """Return JSON without what tells lines, and bytes: copies are without metadata."""
    if isinstance(value, dict):
        kept = {k: own for k, own in value.items() if k not in {"sources", "line", "blob", "size"}}
        return {key: without_sources(own) for key, own in kept.items()}
    return [without_sources(own) for own in value] if isinstance(value, list) else value


def packaged(page: Page, drafts: list[dict[str, Any]]) -> dict[str, bytes]:
    """Return the files of the package that drafts make."""
    page.ask("package", drafts=drafts, made=MADE)
    assert page.bytes is not None
    with zipfile.ZipFile(io.BytesIO(page.bytes)) as archive:
        names = [name for name in archive.namelist() if name != "package.json"]
        return {name: archive.read(name) for name in names}


def test_a_year_by_the_calls_alone_packaged_and_imported_is_the_same_year(tmp_path: Path) -> None:
    whole = open_sample("demo-a")
    bare = {path: data for path, data in whole.items() if not path.startswith(f"{HOME}/")}
    page = opened(bare)
    made = year_as_drafts()
    for own, files in made:
        page.attach(own, files)
    drafts = [own for own, _ in made]

    checked = page.ask("check", drafts=drafts, current=None)
    assert [own for own in checked["others"] if own["severity"] == "error"] == []
    told = page.ask("package", drafts=drafts, made=MADE)
    archive = page.bytes
    assert archive is not None
    assert told["size"] == len(archive)

    for path, data in bare.items():
        write_file(tmp_path / path, data)
    package = tmp_path / "报送.zip"
    package.write_bytes(archive)
    with opened_package(package) as found:
        judged = judge(tmp_path, found, How())
        assert judged.errors == 0
        assert not judged.unfit
        assert found.manifest.digest == told["digest"]
        write(tmp_path, found.manifest, judged)
    package.unlink()
    after = files_below(tmp_path)
    assert after.keys() == whole.keys()
    assert figures_of(after) == figures_of(whole)
    evaluation = evaluate(MemoryTree(after), YEAR, ids=["demo-a"])
    assert [f for f in evaluation.findings if f.severity == "error"] == []


def test_what_is_missing_is_the_list_of_the_program_what_brings_most_first(
    f_files: dict[str, bytes], f_page: Page
) -> None:
    told = f_page.ask("overview", drafts=[])
    evaluation = evaluate(MemoryTree(f_files), YEAR, ids=["demo-f"])
    assert evaluation.results is not None
    assert evaluation.rubric is not None
    missing = Missing.of(
        evaluation.results, evaluation.rubric, evaluation.findings, TODAY, ["demo-f"]
    )
    (lack,) = missing.lacks
    titles = {f"{item.title}" for item in lack.mendable}
    titles |= {f"{item.title}".partition(" ")[2] for item in lack.findings}
    assert {own["title"] for own in told["missing"]} == titles
    lines = "\n".join(body(missing, lack))
    assert all(own["lines"][0].rstrip("。") in lines for own in told["missing"])
    gains = [float(own["gain"] or 0) for own in told["missing"]]
    assert gains == sorted(gains, reverse=True)
    assert told["missing"][0]["id"] == MEETING
    assert told["left"] == "还有 10 天"
    states = {own["id"]: own["state"] for own in told["records"]}
    assert states[MEETING] == "缺考勤、详细记录"
    assert states["activities/2025-01-10-theme-day"] == "计入"


def test_a_branch_that_has_filed_nothing_sees_what_there_is_to_do(
    f_files: dict[str, bytes],
) -> None:
    home = f"branches/demo-f/{YEAR}/"
    files = {path: data for path, data in f_files.items() if not path.startswith(home)}
    page = opened(files, "demo-f")
    overview = page.ask("overview", drafts=[])
    assert overview["state"]
    assert overview["records"] == []
    asked = [own for own in overview["missing"] if own["gain"] is None]
    assert len({own["values"]["due"] for own in asked}) == len(asked) > 5
    gains = [float(own["gain"]) for own in overview["missing"][len(asked) :]]
    assert gains == sorted(gains, reverse=True)
    assert sum(gains) > 80
    for own in overview["missing"]:
        shown = page.ask("form", form=own["form"], id=own["id"], values=own["values"])
        assert shown["values"].items() >= own["values"].items()


def test_mending_what_is_missing_brings_what_was_told(f_page: Page) -> None:
    before = f_page.ask("overview", drafts=[])
    files = {"记录.md": "会议记录：讨论全年安排。".encode()}
    drafts = []
    for number, mend in enumerate([before["missing"][0], *before["missing"][0]["also"]]):
        values = {"attendance": {"members": "15", "present": "13", "leave": "2"}}
        own = draft(f"m{number}", mend["form"], {**values, "record": "记录.md"}, files, mend["id"])
        f_page.attach(own, {name: data + f"{number}".encode() for name, data in files.items()})
        drafts.append(own)
    checked = f_page.ask("check", drafts=drafts, current="m0")
    assert checked["findings"] == []
    total = next(own for own in checked["effect"] if own["lead"])
    gain = float(before["missing"][0]["gain"])
    assert round(float(total["after"]) - float(total["before"]), 2) == gain
    assert [own["title"] for own in checked["missing"]] == [
        own["title"] for own in before["missing"][1:]
    ]


FAULTY = [
    ("activity", {"title": "学习", "type": "study", "date": "2026-11-11", "place": "会议室"}),
    ("activity", {"title": "学习", "type": "study", "date": "2025-11-11", "place": "会议室",
                  "attendance": {"members": "15", "present": "19"}}),
    ("document", {"kind": "training", "title": "培训", "date": "2025-03-01",
                  "fields.已参加": "是"}),
    ("document", {"kind": "award", "title": "表彰", "date": "2025-03-01", "url": "https://a.org/1"}),
    ("claim", {"criterion": "team-responsibility", "points": "99", "statement": "好"}),
    ("bonus", {"rule": "bonus-commendation", "level": "municipal", "matter": "先进",
               "date": "2024-01-01", "evidence": ["documents/summary"]}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "values"), FAULTY)
def test_findings_and_bytes_are_those_of_the_command(
    f_files: dict[str, bytes], f_page: Page, f_trial: Trial, what: str, values: dict[str, Any]
) -> None:
    """Word for word: what ``appraise new`` says of the same answers, and what it would write."""
    options = []
    for key, value in values.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, own in parts:
            name = f"{key}.{part}" if part else key
            options += [f"{name}={one}" for one in (own if isinstance(own, list) else [own])]
    if "attendance" in values:
        options += ["attendance.leave=0", "attendance.absent=0"]
    made = drafted(form_of(f_files, what, "demo-f"), options)
    brought = f_trial.brought(made.files)
    expected = {(f.code, f"{f.message}", f"{f.hint}") for f in brought.new}
    notices = {(f.code, f"{f.message}", f"{f.hint}") for f in brought.new if f.code == "C007"}

    own = draft("d", what, values)
    checked = f_page.ask("check", drafts=[own], current="d")
    told = [*checked["findings"], *checked["others"]]
    found = {(one["code"], one["text"], one["hint"]) for one in told}
    assert expected - notices <= found <= expected
    errors = [f for f in brought.new if f.severity == "error"]
    if errors:
        refused = f_page.answer("package", drafts=[own], made=MADE)
        assert refused["refused"]
        assert f"{errors[0].message}" in refused["fault"]
    else:
        assert packaged(f_page, [own]) == made.files


@pytest.mark.parametrize(
    ("key", "typed", "suggestion"),
    [
        ("date", "2026-11-11", "2025-11-11"),
        ("type", "主题党曰", "主题党日"),
        ("date", "2024-02-29", ""),
    ],
)
def test_what_was_probably_meant_can_be_tapped(
    f_page: Page, key: str, typed: str, suggestion: str
) -> None:
    values = {"title": "学习", "type": "study", "date": "2025-11-11", "place": "会议室", key: typed}
    checked = f_page.ask("check", drafts=[draft("d", "activity", values)], current="d")
    (found,) = [own for own in checked["findings"] if own["key"] == key]
    assert found["suggestion"] == suggestion
    if suggestion:
        mended = draft("d", "activity", {**values, key: suggestion})
        assert f_page.ask("check", drafts=[mended], current="d")["findings"] == []


def test_an_edit_keeps_what_nobody_touched(f_files: dict[str, bytes]) -> None:
    path = f"branches/demo-f/{YEAR}/{MEETING}/activity.yml"
    before = f_files[path].replace(b"place:", b"# where it was\nplace:")
    page = opened({**f_files, path: before}, "demo-f")
    shown = page.ask("form", form="activity", id=MEETING)
    assert shown["values"]["place"] == "线上会议"
    untouched = draft("d", "activity", shown["values"], id_=MEETING)
    refused = page.answer("package", drafts=[untouched], made=MADE)
    assert refused["refused"]
    edited = draft("d", "activity", {**shown["values"], "place": "会议室"}, id_=MEETING)
    after = packaged(page, [edited])
    assert after == {path: before.replace("线上会议".encode(), "会议室".encode())}


def test_the_day_of_an_activity_that_is_there_stays(f_page: Page) -> None:
    """Its folder is called by it, and the files in it are not here to go along."""
    moved = draft("d", "activity", {"date": "2025-03-16"}, id_=MEETING)
    found = f_page.ask("check", drafts=[moved], current="d")["findings"]
    assert [own["key"] for own in found] == ["date"]
    assert "2025-03-15" in found[0]["text"]
    assert f_page.answer("package", drafts=[moved], made=MADE)["refused"]
    same = draft("d", "activity", {"date": "2025年3月15日", "place": "会议室"}, id_=MEETING)
    assert len(packaged(f_page, [same])) == 1


@pytest.mark.parametrize("form", ["activity", "document", "bonus"])
def test_the_example_of_a_day_is_one_of_the_year(form: str, f_files: dict[str, bytes]) -> None:
    later = {path.replace(f"{YEAR}", f"{YEAR + 1}"): data for path, data in f_files.items()}
    rubric = later["rubric.yml"].replace(b"%d" % YEAR, b"%d" % (YEAR + 1))
    page = opened({**later, "rubric.yml": rubric}, "demo-f", YEAR + 1)
    values = {"kind": "plan"} if form == "document" else {}
    shown = page.ask("form", form=form, id=None, like=None, draft=draft("d", form, values))
    days = {own["key"]: own["example"] for own in shown["questions"] if own["input"] == "day"}
    assert days["date"].startswith(f"{YEAR + 1}-")
    assert {day[:4] for day in days.values()} == {f"{YEAR + 1}"}


def test_what_was_asked_for_begins_with_its_kind_and_entry(f_files: dict[str, bytes]) -> None:
    home = f"branches/demo-f/{YEAR}/documents/training-4/"
    files = {path: data for path, data in f_files.items() if not path.startswith(home)}
    missing = opened(files, "demo-f").ask("overview", drafts=[])["missing"]
    begun = [own["values"] for own in missing if own["form"] == "document" and own["values"]]
    due = said(f_files[f"{home}document.yml"])["due"]
    assert {"kind": "training", "due": due} in begun


def test_while_the_year_is_under_review_that_is_said(
    f_files: dict[str, bytes], f_page: Page
) -> None:
    path = f"committee/{YEAR}/appraisal.yml"
    files = {**f_files, path: f_files[path].replace(b"stage: open", b"stage: review")}
    page = opened(files, "demo-f")
    overview = page.ask("overview", drafts=[])
    assert overview["state"] == overview["notice"] in page.ask("summary")["promises"]
    assert f_page.ask("overview", drafts=[])["notice"] == ""
    assert any("2025-12-20" in words for words in f_page.ask("summary")["promises"])


def test_claims_of_several_drafts_become_one_file(f_files: dict[str, bytes], f_page: Page) -> None:
    bonus = {"rule": "bonus-innovation", "level": "municipal", "matter": "示例品牌",
             "date": "2025-06-01", "evidence": ["documents/summary"]}  # fmt: skip
    drafts = [
        draft("a", "claim", {"points": "3.5"}, id_="team-responsibility"),
        draft("b", "self", {"claims.team-structure.not_applicable": "没有设书记"}, id_="self"),
        draft("c", "bonus", bonus),
        draft("d", "bonus", {**bonus, "matter": "另一个"}),
    ]
    whole = said(packaged(f_page, drafts)[ASSESSMENT])
    old = said(f_files[ASSESSMENT])
    assert whole["claims"]["team-responsibility"]["points"] == "3.5"
    assert whole["claims"]["team-structure"]["not_applicable"] == "没有设书记"
    rest = {"team-responsibility", "team-structure"}
    assert {k: v for k, v in whole["claims"].items() if k not in rest} == {
        k: v for k, v in old["claims"].items() if k not in rest
    }
    assert [own["id"] for own in whole["bonus"]][-2:] == ["bonus-1", "bonus-2"]
    assert [own["matter"] for own in whole["bonus"]][-2:] == ["示例品牌", "另一个"]


def test_a_claim_may_cite_a_record_of_another_draft(f_page: Page) -> None:
    values = {"kind": "summary", "title": "总结", "date": "2025-12-01", "folder": "summary-2"}
    record = draft("r", "document", {**values, "url": "https://example.org/1"})
    claim = draft("c", "claim", {"evidence": ["总结"]}, id_="team-responsibility")
    files = packaged(f_page, [claim, record])
    cited = said(files[ASSESSMENT])["claims"]["team-responsibility"]["evidence"]
    assert cited == ["documents/summary-2"]


def test_personal_data_is_written_as_typed_so_that_it_is_found(f_page: Page) -> None:
    """Dots in its place would hide it from everybody who looks for it."""
    number = "11010519491231002X"
    own = draft("d", "claim", {"statement": f"负责人 {number}"}, id_="team-responsibility")
    checked = f_page.ask("check", drafts=[own], current="d")
    (found,) = [one for one in checked["findings"] if one["code"] == "E010"]
    assert found["key"] == "statement"
    assert number not in json.dumps(f_page.ask("summary", drafts=[own]), ensure_ascii=False)
    assert f_page.answer("package", drafts=[own], made=MADE)["refused"]


def test_attendance_of_a_sheet_is_counts_and_no_name(f_page: Page) -> None:
    rows = "姓名,状态\n张三,到会\n李四,请假\n王五,到会\n赵六,也许\n"
    found = f_page.ask("sheet", rows.encode(), draft="d", name="签到.csv")
    assert found["values"] == {"members": "3", "present": "2", "leave": "1", "absent": "0"}
    assert len(found["findings"]) == 1
    told = json.dumps(found, ensure_ascii=False)
    assert not any(name in told for name in ("张三", "李四", "王五", "赵六", "也许"))


def test_another_rubric_changes_questions_findings_and_points(f_files: dict[str, bytes]) -> None:
    changed = {
        "  study: 专题学习\n": "  walk: 健步走\n",
        "training:\n    title: 上级培训、会议\n": "training:\n    title: 进修\n",
        "fields: {已参加: boolean}": "fields: {学时: count, 已参加: boolean}",
        "required: [已参加]": "required: [学时]",
        "points: 5\n        evidence: {required: false, kinds: [statement, ": (
            "points: 4\n        evidence: {required: false, kinds: ["
        ),
    }
    rubric = f_files["rubric.yml"]
    for old, new in changed.items():
        assert old.encode() in rubric
        rubric = rubric.replace(old.encode(), new.encode())
    page = opened({**f_files, "rubric.yml": rubric}, "demo-f")
    asked = {q["key"]: q for q in page.ask("form", form="activity", id=None)["questions"]}
    assert {"id": "walk", "title": "健步走", "note": ""} in asked["type"]["choices"]
    kind = page.ask("form", form="document", id=None, values={"kind": "进修"})
    assert kind["values"]["kind"] == "training"
    assert {q["key"]: q["required"] for q in kind["questions"]}["fields.学时"] is True
    whole = page.ask("form", form="self", id="self-assessment")
    assert len(whole["sections"]) == 19
    assert whole["sections"][0]["note"] == "分值 4"
    values = {"type": "study", "title": "学习", "date": "2025-11-11", "place": "会议室"}
    checked = page.ask("check", drafts=[draft("d", "activity", values)], current="d")
    assert [own["key"] for own in checked["findings"]] == ["type"]


def test_a_record_begins_like_another(f_files: dict[str, bytes], f_page: Page) -> None:
    likes = f_page.ask("form", form="activity", id=None)["likes"]
    assert "/2024/" in likes[0]["id"]
    started = f_page.ask("form", form="activity", id=None, like=likes[0]["id"])["values"]
    assert started["title"] == said(f_files[f"{likes[0]['id']}/activity.yml"])["title"]
    assert started.keys().isdisjoint({"date", "plan", "record", "photos", "attendance"})


def test_claims_begin_like_those_of_the_year_before(f_files: dict[str, bytes]) -> None:
    """Evidence that is not here this year is left out."""
    files = {path: data for path, data in f_files.items() if path != ASSESSMENT}
    older = said(f_files[ASSESSMENT.replace(f"/{YEAR}/", f"/{YEAR - 1}/")])["claims"]
    page = opened(files, "demo-f")
    whole = page.ask("form", form="self", id=None)
    assert [own["id"] for own in whole["likes"]] == [f"{YEAR - 1}"]
    assert whole["values"] == {"submitted": f"{TODAY}"}
    begun = page.ask("form", form="self", id=None, like=f"{YEAR - 1}")["values"]
    one = page.ask("form", form="claim", id="team-structure", like=f"{YEAR - 1}")["values"]
    for criterion, claim in older.items():
        assert begun[f"claims.{criterion}.points"] == claim["points"]
    assert one["statement"] == older["team-structure"]["statement"]
    assert page.answer("form", form="self", id=None, like="1999")["refused"]


@pytest.fixture
def in_english() -> Iterator[None]:
    """Have the words of the program in English for a while."""
    with speaking("en"):
        yield


@pytest.mark.usefixtures("in_english")
def test_the_form_speaks_english_too(f_page: Page) -> None:
    """What is left in Chinese is data: names of the sample, its rubric, what people wrote."""
    shown = f_page.ask("form", form="activity", id=MEETING)
    words = [q[key] for q in shown["questions"] for key in ("title", "help", "example")]
    words += [part["title"] for q in shown["questions"] for part in q["parts"]]
    words += [
        shown["title"],
        *(own["title"] for own in f_page.ask("overview", drafts=[])["adding"]),
    ]
    refused = f_page.answer("form", form="activity", id="activities/none")["fault"]
    missing = f_page.ask("check", drafts=[draft("d", "bonus", {})], current="d")["findings"]
    words += [refused, *(own["text"] for own in missing)]
    assert [word for word in words if re.search("[\u4e00-\u9fff]", word)] == []


@pytest.mark.parametrize("seed", tiered(range(40), often=2, fast=1))
def test_random_rubrics_and_records_have_their_forms(tmp_path: Path, seed: int) -> None:
    """Every record opens, and handed back as it was changes nothing; what is missing opens too."""
    year = make_repository(tmp_path, seed, flawed=bool(seed % 2))
    files = files_below(tmp_path)
    path = f"committee/{year}/appraisal.yml"
    files[path] = re.sub(rb"stage: [a-z]+", b"stage: open", files[path])
    for branch in sorted({p.split("/")[1] for p in files if p.startswith("branches/b")})[:2]:
        page = opened(files, branch, year)
        overview = page.ask("overview", drafts=[])
        found = evaluate(MemoryTree(files), year, ids=[branch]).findings
        for record in overview["records"]:
            shown = page.answer("form", form=record["form"], id=record["id"])
            if "fault" in shown:
                assert shown["refused"]
                assert "读不懂" in shown["fault"]
                continue
            same = draft("d", record["form"], shown["value"]["values"], id_=record["id"])
            checked = page.ask("check", drafts=[same], current="d")
            assert checked["effect"] == []
            if record["form"] in {"activity", "document"}:
                own = [f for f in found if f"/{record['id']}/" in f.path and f.branch == branch]
                told = {(f["code"], f["text"]) for f in checked["findings"] if f["code"]}
                assert told == {(f.code, f"{f.message}") for f in own if f.code != "S001"}
            assert "没有要交的" in page.answer("package", drafts=[same], made=MADE)["fault"]
        for own in (mend for mend in overview["missing"] if mend["form"]):
            shown = page.ask("form", form=own["form"], id=own["id"], values=own["values"])
            assert own["key"] in {"", *(question["key"] for question in shown["questions"])}


def test_claims_may_cite_what_other_drafts_bring() -> None:
    whole = open_sample("demo-a")
    page = opened({path: data for path, data in whole.items() if not path.startswith(f"{HOME}/")})
    made = [own for own in year_as_drafts() if own[0]["values"].get("kind") == "task-list"]
    ((task, files),) = made
    page.attach(task, files)
    key = "claims.political-implementation.evidence"
    for drafts in ([], [task]):
        form = page.ask("form", form="self", id=None, like=None, draft=None, drafts=drafts)
        (question,) = [own for own in form["questions"] if own["key"] == key]
        offered = "documents/task-list" in [choice["id"] for choice in question["choices"]]
        assert offered == bool(drafts)
