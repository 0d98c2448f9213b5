"""What branches still lack, as ``appraise missing`` tells it: the items of the page, by points."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from generator.cli.missing import shown
from generator.reports.left import missing as reports
from generator.reports.left.lacks import Item, lack_of
from generator.reports.left.missing import Missing
from generator.results.advice import When, day_of
from generator.results.steps import HOLD, OVER, SEND, Step
from generator.text.days import ZONE
from tests.gitrepo import GitRepo
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

    from generator.results.model import Results
    from generator.site.data.years import SiteData

TODAY = datetime.date(2025, 12, 8)
NOW = datetime.datetime(2025, 12, 8, 1, 2, 3, tzinfo=datetime.UTC)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """The base of the examples, committed."""
    return GitRepo(tmp_path)


def found(site: SiteData, stage: str = "open", ids: tuple[str, ...] = ()) -> Missing:
    """Return what the sample lacks in a stage, told on a day."""
    results: Results = replace(site.results, stage=stage)
    return Missing.of(results, site.rubric, site.evaluation.findings, TODAY, ids)


def test_items_are_those_of_the_page_the_most_points_first(site: SiteData) -> None:
    missing = found(site, site.results.stage)
    assert missing.lacks
    for lack in missing.lacks:
        own = site.by_branch.get(lack.branch.id, ())
        page = lack_of(missing.results, site.rubric, lack.branch, own)
        assert {*lack.mendable} == {*page.blank, *page.lost}
        points = [item.points or 0 for item in lack.mendable]
        assert points == sorted(points, reverse=True)


def test_every_branch_is_listed_or_counted(site: SiteData) -> None:
    missing = found(site)
    assert len(missing.lacks) + missing.complete == len(site.results.branches)
    order = [branch.id for branch in site.results.branches]
    assert [order.index(lack.branch.id) for lack in missing.lacks] == sorted(
        order.index(lack.branch.id) for lack in missing.lacks
    )


def test_days_are_counted_to_the_day_of_each_item(site: SiteData) -> None:
    """The deadline is told once; what may come until the period's end says its own days."""
    missing = found(site)
    held = Item("示例", "集中活动 3 次", "再开展 3 次", "x", day="2025-12-31")
    first = replace(missing.lacks[0], blank=(held,))
    text = reports.as_text(missing._replace(lacks=(first, *missing.lacks[1:])))
    assert site.results.deadline == "2025-12-20"
    heads = [line for line in text.splitlines() if "截止" in line and not line.startswith(" ")]
    assert heads
    assert all("2025-12-20 截止，还有 12 天" in line for line in heads)
    assert [line for line in text.splitlines() if "还有 23 天" in line] == [
        "  —  示例：集中活动 3 次；再开展 3 次（还有 23 天）"
    ]


def test_an_item_has_the_day_of_its_most_urgent_step() -> None:
    when = When("open", "2025-12-20", "2025-12-31")
    assert day_of([Step(HOLD)], when) == "2025-12-31"
    assert day_of([Step(HOLD), Step(SEND), Step(OVER)], when) == "2025-12-20"
    assert day_of([Step(SEND)], when._replace(deadline="")) == "2025-12-31"
    assert day_of([Step(SEND)], when._replace(stage="review")) == ""


@pytest.mark.parametrize(
    ("day", "words"), [("2025-12-08", "今天截止"), ("2025-12-01", "已过 7 天"), ("", "")]
)
def test_the_last_day_and_days_that_are_past(site: SiteData, day: str, words: str) -> None:
    assert reports.waits(found(site), day) == words


def test_what_waits_for_the_committee_is_told_as_such(site: SiteData) -> None:
    missing = found(site)
    waiting = [lack for lack in missing.lacks if lack.waiting]
    assert waiting
    text = reports.as_text(missing)
    assert text.count("支部不用补") == len(waiting)


def test_a_message_a_branch_that_can_still_do_something(site: SiteData) -> None:
    """Each begins with its branch, numbers what can be done, and names no account."""
    missing = found(site)
    text = reports.as_messages(missing)
    able = [lack for lack in missing.lacks if lack.state or lack.count]
    assert [line[1 : line.index("】")] for line in text.splitlines() if line.startswith("【")] == [
        lack.branch.name for lack in able
    ]
    for lack, message in zip(able, text.split("\n\n"), strict=True):
        count = len(lack.mendable) + len(lack.findings)
        assert f"\n{count}. " in message or not count
        assert f"\n{count + 1}. " not in message
    assert "-account" not in text


def test_the_table_has_a_row_an_item(site: SiteData) -> None:
    missing = found(site)
    rows = list(csv.DictReader(io.StringIO(reports.as_csv(missing).removeprefix("\ufeff"))))
    for lack in missing.lacks:
        own = [row for row in rows if row["id"] == lack.branch.id]
        groups = [row["group"] for row in own]
        assert groups.count("waiting") == len(lack.waiting)
        assert groups.count("files") == len(lack.findings)
        assert groups.count("open") == len(lack.mendable) + bool(lack.state)
    dated = [row for row in rows if row["day"]]
    assert dated
    assert {(row["day"], row["days_left"]) for row in dated} == {("2025-12-20", "12")}


def test_the_calendar_has_an_event_a_branch_and_day(site: SiteData) -> None:
    missing = found(site)
    events = Calendar.from_ical(reports.as_calendar(missing, NOW)).walk("VEVENT")
    expected = {
        (lack.branch.id, day) for lack in missing.lacks for day in reports.by_day(missing, lack)
    }
    told = {
        (f"{event['uid']}".split("-2025-")[0], f"{event.decoded('dtstart')}") for event in events
    }
    assert told == {(f"2025-{id_}", day) for id_, day in expected}
    lines = reports.as_calendar(missing, NOW).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75


def test_what_is_under_review_counts_no_days(site: SiteData) -> None:
    text = reports.as_text(found(site, "review"))
    assert text.startswith("材料正在评审")
    assert "还有 12 天" not in text


@pytest.mark.parametrize(("stage", "words"), [("publicity", "正在公示"), ("final", "已经结束")])
def test_once_posted_nothing_can_be_mended(site: SiteData, stage: str, words: str) -> None:
    assert words in shown(found(site, stage), "text")
    assert shown(found(site, stage), "messages") == ""


def test_some_branches_alone(site: SiteData) -> None:
    missing = found(site, ids=("demo-j",))
    assert [lack.branch.id for lack in missing.lacks] == ["demo-j"]


def test_the_command_counts_from_today_and_check_ends_with_its_list(repo: GitRepo) -> None:
    path = repo.root / "branches" / "demo-b" / "2025" / "self-assessment.yml"
    path.unlink()
    done = appraise("missing", "demo-b", root=repo.root)
    assert done.exit_code == 0, done.stderr
    assert "demo-b" in done.stdout
    assert appraise("check", "demo-b", root=repo.root).stdout.endswith(done.stdout)
    table = appraise("missing", "--format", "csv", root=repo.root).stdout
    today = datetime.datetime.now(ZONE).date()
    for row in csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))):
        if row["day"]:
            assert int(row["days_left"]) == (datetime.date.fromisoformat(row["day"]) - today).days
    assert appraise("missing", "demo-zz", root=repo.root).exit_code == 2
    assert "还缺什么" not in appraise("check", "demo-b", "--format", "json", root=repo.root).stdout
