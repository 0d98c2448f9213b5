"""What is taken out of results for an audience, value by value; final years by their words."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from generator.results import audience, projection
from generator.results.audience import INTERNAL, PUBLIC, Publish, class_of, read_publish
from generator.results.document import digest_of, dump_parts, to_json
from generator.results.packed import EvidenceRecord, File, pack, unpack
from generator.results.projection import Projection, projected
from generator.scoring.ballots import Ballots
from generator.scoring.scorecard import Basis, Line
from generator.text.messages import say
from generator.text.privacy import NO_TEXT, masked
from tests.audiences import whole_results
from tests.test_audience import fields_of

if TYPE_CHECKING:
    from generator.text.messages import Words

COUNTS = ("members", "present", "leave", "absent")
ATTENDED = "应到 {members} 人，到会 {present} 人，请假 {leave} 人，缺席 {absent} 人"


def evidence(
    details: tuple[tuple[Words, Words], ...], files: tuple[File, ...] = ()
) -> EvidenceRecord:
    """Return an activity."""
    path, title = masked("p"), masked("t")
    return EvidenceRecord(
        path, path, "activity", "活动", title, "d", counted=True, details=details, files=files
    )


def shown(words: Words, publish: Publish = PUBLIC, title: str = "考勤") -> str:
    """Return what is shown of a detail of an activity."""
    record = evidence(((title, words),))
    found = Projection(publish)._packed(pack((), (), (record,)))
    return str(unpack(found).records[0].details[0][1])


def reason(words: Words, publish: Publish = PUBLIC, **more: Any) -> Line:
    """Return a line as it is shown."""
    line = Line("s", "c", None, "t", NO_TEXT, None, None, Basis.COMPUTED, reason=words, **more)
    return unpack(Projection(publish)._packed(pack((line,), (), ()))).lines[0]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((23, 12, 6, 5), "应到 23 人，到会 12 人，请假 6 人，缺席 5 人"),
        ((23, 19, 3, 1), "应到 23 人，到会 19 人"),
        ((23, 23, 0, 0), "应到 23 人，到会 23 人"),
        ((9, 4, 5, 0), "应到 9 人，到会 少于 5 人"),
        ((4, 3, 1, 0), "应到 少于 5 人，到会 少于 5 人"),
    ],
)
def test_counts_below_five_are_told_of_nobody(counts: tuple[int, ...], words: str) -> None:
    values = dict(zip(COUNTS, counts, strict=True))
    whole = ATTENDED.format(**values)
    filed = say("{words}（据 {file}）", words=say(ATTENDED, **values), file="a.csv")
    assert shown(say(ATTENDED, **values)) == words
    assert shown(filed) == f"{words}（据 a.csv）"
    assert shown(whole) == words, "of a final year"
    assert shown(f"{whole}（据 a.csv）") == f"{words}（据 a.csv）"
    assert shown(whole, INTERNAL) == whole
    assert shown(whole, Publish(moved=read_publish({"few": "public"}))) == whole
    assert shown(whole, Publish(moved=read_publish({"attendance": "internal"}))) == "（不公开）"


def test_what_is_said_otherwise_of_attendance_is_not_shown() -> None:
    assert shown("到了 19 人，3 人请假") == "（不公开）"
    assert shown(say("没有")) == "没有"
    assert shown("没有") == "没有"
    assert shown("到了 19 人", title="地点") == "到了 19 人"


def weighed(terms: str, n: int, result: str | Decimal = "4.5", more: Words = "") -> Words:
    return say(
        "{lead}：{points} × ({terms})/{n} = {result}{more}",
        lead=say("测评 {n} 票", n=n), n=n, points=5, terms=terms, result=result, more=more,
    )  # fmt: skip


def test_ballots_are_shown_by_level_where_each_has_five() -> None:
    few, many = weighed("24×1 + 3×0.8", 27), weighed("20×1 + 7×0.8", 27)
    assert str(reason(weighed("24×1 + 3×0.8", 27, Decimal("4.60"))).reason).endswith("得 4.6")
    assert str(reason(few).reason) == "测评 27 票，得 4.5"
    assert str(reason(many).reason) == str(many)
    assert str(reason(weighed("3×1", 3)).reason) == "测评 少于 5 票，得 4.5"
    lost = f"党委核定 4 分（系统计算 4.5：{few}；未计满：良好 3 票，每票按 0.8 计）"
    assert reason(lost).reason == "党委核定 4 分（系统计算 4.5：测评 27 票，得 4.5）"
    assert reason(f"{many}").reason == f"{many}"


def test_what_became_of_ballots_goes_with_them() -> None:
    few, many = Ballots(30, 27, 1), Ballots(40, 27, 6)
    words = "发出 30 张，有效 27 张，废票 1 张，未收回 2 张"
    line = reason("", ballots=few, facts=(words,))
    assert line.ballots is None
    assert line.facts == ("发出 30 张，有效 27 张",)
    assert reason("", ballots=many).ballots == many
    assert reason("", INTERNAL, ballots=few).ballots == few


def test_digests_of_small_files_are_left_out() -> None:
    names = {n: masked(f"{n}.pdf") for n in (0, 4095, 4096)}
    files = tuple(File(name, "x", n, "b" * 40, usable=True) for n, name in names.items())
    record = evidence((), files)
    found = unpack(Projection(PUBLIC)._packed(pack((), (), (record,)))).records[0].files
    assert [file.blob for file in found] == ["", "", "b" * 40]
    assert [file.name for file in found] == ["0.pdf", "4095.pdf", "4096.pdf"]


def blank(value: Any) -> bool:
    return value in ("", None, "（不公开）", [], {}, False, 0)


@pytest.mark.parametrize(
    "publish", [PUBLIC, Publish(moved=read_publish({"statements": "internal", "due": "internal"}))]
)
def test_no_field_has_a_value_that_is_not_shown(publish: Publish) -> None:
    document = json.loads(json.dumps(to_json(projected(whole_results(), publish)), default=str))

    def values(value: Any, name: str) -> None:
        if isinstance(value, dict):
            for key, own in value.items():
                values(own, f"{name}.{'*' if name.endswith('.sections') else key}")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for own in value:
                values(own, name)
        else:
            assert publish.shows_field(name) or blank(value), (name, value)

    values(document, "results")
    assert document["withheld"] == list(publish.withheld)
    assert document["digest"] == digest_of(document)
    assert document["full_digest"] == to_json(whole_results())["digest"]


def test_a_field_that_nobody_listed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"results.branches.lines.statement", "results.branches.name", "results.branches.due.id"}
    known = MappingProxyType({k: v for k, v in audience.CLASSES.items() if k not in gone})
    monkeypatch.setattr(audience, "CLASSES", known)
    monkeypatch.setattr(projection, "CLASSES", known)
    (branch,) = projected(whole_results(), PUBLIC).branches
    assert branch.lines[0].statement == ""
    assert branch.name == "（不公开）"
    assert branch.due[0].id == "（不公开）"
    assert all(class_of(name) is None for name in gone)


def test_what_is_taken_out_stands_in_no_message_of_its_branch() -> None:
    text = "本支部未加入联合体"
    words = say("申报不适用：{reason}；待党委决定", reason=text)
    publish = Publish(moved=read_publish({"statements": "internal"}))
    assert str(reason(words, statement=text).reason) == str(words)
    assert str(reason(words, publish, statement=text).reason) == (
        "申报不适用：（不公开）；待党委决定"
    )
    assert text not in str(reason(str(words), publish, statement=text).reason)


def test_corrections_tell_of_what_is_shown_alone() -> None:
    keys = {
        "total": True, "lines/c/statement": True, "lines/c/points": True, "vetoes/v/state": True,
        "vetoes/v/reason": False, "appeals/a/matter": False, "records/p/files/1/blob": False,
        "records/p/details/7/2": False, "lines/c/ballots/void": False, "vetoes/v": False,
    }  # fmt: skip
    results = whole_results()
    (correction,) = results.corrections
    changes = tuple(
        replace(correction.changes[0], branch="字", key=k, old="前", new="后") for k in keys
    )
    results = replace(results, corrections=(replace(correction, changes=changes),))
    (told,) = projected(results, PUBLIC).corrections
    assert {c.key: (c.old, c.new) == ("前", "后") for c in told.changes} == keys


def test_pieces_are_those_of_the_whole_document() -> None:
    found = projected(whole_results(), PUBLIC)
    assert json.loads("".join(dump_parts(found))) == json.loads(
        json.dumps(to_json(found), default=float)
    )
    assert set(fields_of(to_json(found), "results")) >= {"results.full_digest", "results.withheld"}
