"""What came after the results: talks, what is to be put right, funds; for the committee alone."""

from __future__ import annotations

import datetime
import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from generator.engine.evaluate import evaluate
from generator.exchange.workbooks.asked import missing_book
from generator.exchange.workbooks.lists import lists, tables
from generator.reports.book import HEAD
from generator.reports.left.missing import Missing, as_messages
from generator.reports.left.missing import as_text as missing_text
from generator.reports.review.queue import as_text, queue_of
from generator.results.after import NOTHING
from generator.results.audience import INTERNAL, PUBLIC, Audience, FieldClass, Publish
from generator.results.document import dump_parts
from generator.site.addresses import LISTS, QUEUE
from generator.site.build.producing import volumes_of
from generator.site.build.reuse import Store
from generator.site.data.years import published
from generator.site.html.audit import Auditor
from tests.memory import MemoryTree
from tests.site_bodies import site_pages
from tests.support import BASE
from tests.two_years import TEMPLATES, site_of

if TYPE_CHECKING:
    from generator.engine.evaluate import Evaluation

ROOT = Path(__file__).resolve().parent.parent
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
AFTER = """\
talks:
  - {branch: demo-a, held: 2025-02-18, by: 党委负责人, asked: 补齐记录, until: 2025-06-30}
  - {branch: old-b, held: 2025-02-19, asked: 每季度活动一次}
  - {branch: demo-b, held: 2025-02-20, asked: 换届, closed: 2025-11-02, result: 已换届}
  - {branch: demo-b}
funds:
  - {branch: demo-a, amount: 3000, purpose: 活动经费, by: 办公室, date: 2025-03-20}
  - {branch: demo-b, amount: 0.10}
  - {branch: demo-a, amount: 1200.05, purpose: 场地费}
"""


def files(**changes: str) -> dict[str, bytes]:
    """Return the base repository, with a year before it and files changed by their names."""
    found = {
        path.relative_to(BASE).as_posix(): path.read_bytes()
        for path in BASE.rglob("*") if path.is_file()
    }  # fmt: skip
    appraisal = found["committee/2025/appraisal.yml"].replace(b"2025-", b"2024-")
    found["committee/2024/appraisal.yml"] = appraisal
    found["branches/demo-b/branch.yml"] += b"formerly: [old-b]\n"
    found["committee/2025/appraisal.yml"] += b"as_of: 2025-12-20\n"
    found["rubric.yml"] = found["rubric.yml"].replace(b"min: 20", b"min: 30")
    named = {"before": "committee/2024/after.yml", "after": "committee/2025/after.yml"}
    return found | {named[key]: text.encode() for key, text in changes.items()}


def evaluated(year: int = 2025, **changes: str) -> Evaluation:
    return evaluate(MemoryTree(files(**changes)), year)


def written(evaluation: Evaluation) -> str:
    assert evaluation.results is not None
    return "".join(dump_parts(evaluation.results))


def listed(evaluation: Evaluation) -> dict[str, list[list[Any]]]:
    """Return the cells of the lists by the names of their sheets, as the workbook has them."""
    assert evaluation.results is not None
    assert evaluation.rubric is not None
    data = lists(evaluation.results, evaluation.rubric, evaluation.after)
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
        for sheet in book
    }


def test_talks_and_funds_stand_on_the_lists_of_their_year() -> None:
    """Each as it is written, under its branch's present id; the sum is that of the amounts."""
    found = evaluated(after=AFTER)
    sheets = listed(found)
    assert [row[0] for row in sheets["谈话"]] == ["demo-a", "demo-b", "demo-b", "demo-b"]
    assert [row[8] for row in sheets["谈话"]] == [
        "还没有完成", "还没有完成", "2025-11-02 完成：已换届", None]  # fmt: skip
    assert [row[3] for row in sheets["经费"]] == [3000, 0.1, 1200.05]
    assert found.results is not None
    assert found.rubric is not None
    named = {table.name: table for table in tables(found.results, found.rubric, found.after)}
    assert "4,200.15" in named["经费"].heading
    given = {row[0]: row[6] for row in sheets["经费依据"]}
    assert given == {"demo-a": 4200.05, "demo-b": 0.1}
    assert "整改" not in sheets
    worst = {row[0]: (f"{row[6]:%Y-%m-%d}", row[7]) for row in sheets["不合格"]}
    last = {
        "demo-a": ("2025-02-18", "还没有完成"),
        "demo-b": ("2025-02-20", "2025-11-02 完成：已换届"),
    }
    assert worst == last


def test_what_was_asked_is_carried_until_it_is_closed() -> None:
    """Into every later year, under the branch's present name, late by the date of the data."""
    found = evaluated(before=AFTER)
    rows = listed(found)["整改"]
    assert [(row[0], row[1], row[5], row[7]) for row in rows] == [
        (2024, "demo-a", "补齐记录", "已过期限"),
        (2024, "demo-b", "每季度活动一次", "还没有完成"),
    ]
    assert found.results is not None
    assert found.rubric is not None
    queue = as_text(queue_of(found.results, found.rubric, (), found.after))
    assert "还没有完成的整改：2 项" in queue
    assert "补齐记录（2024 年度），期限 2025-06-30，已过" in queue
    closed = AFTER.replace("until: 2025-06-30}", "until: 2025-06-30, closed: 2025-05-01}")
    assert [row[1] for row in listed(evaluated(before=closed))["整改"]] == ["demo-b"]
    assert not evaluated(2024, before=AFTER).after.carried


def test_what_is_to_be_put_right_stands_beside_what_lacks() -> None:
    """For the committee; what goes to branches, into chats and calendars, leaves it out."""
    found = evaluated(before=AFTER)
    assert found.results is not None
    assert found.rubric is not None
    day = datetime.date(2025, 6, 20)
    missing = Missing.of(found.results, found.rubric, found.findings, day, (), found.after)
    without = Missing.of(found.results, found.rubric, found.findings, day)
    text = missing_text(missing)
    assert "整改  补齐记录（2024 年度考核后的谈话），期限 2025-06-30，还有 10 天\n" in text
    assert "整改  每季度活动一次（2024 年度考核后的谈话）\n" in text
    assert "换届" not in text
    assert as_messages(missing) == as_messages(without)
    book = openpyxl.load_workbook(io.BytesIO(missing_book(missing, [], 2)))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [row[3:7] for row in rows if row[2] == "整改"] == [
        ["补齐记录", None, "2025-06-30", 10], ["每季度活动一次", None, None, None]]  # fmt: skip


def test_results_hold_nothing_of_it() -> None:
    """Neither does a figure move, nor is there a finding where all is well."""
    without, own = evaluated(), evaluated(after=AFTER, before=AFTER)
    assert written(own) == written(without)
    assert own.findings == without.findings
    assert own.after.talks


def test_nothing_of_it_is_handed_to_a_public_site() -> None:
    found = evaluated(after=AFTER, before=AFTER)
    public, _ = published(found, PUBLIC)
    assert public.after == NOTHING
    inside, _ = published(found, INTERNAL)
    assert inside.after == found.after
    lists_alone = Publish(moved={FieldClass.LISTS: Audience.PUBLIC})
    assert not published(found, lists_alone)[0].after.talks


def test_entries_with_an_error_are_told_and_left_out() -> None:
    """One that is wrong takes no other with it."""
    wrong = (
        AFTER.replace("2025-06-30", "2025-01-01").replace("0.10", "-1").replace("old-b", "demo-x")
    )
    found = evaluated(after=wrong)
    told = {(f.code, f.line) for f in found.findings if f.path.endswith("after.yml")}
    assert told == {("S003", 2), ("S004", 3), ("S003", 8)}
    assert [talk.branch for talk in found.after.talks] == ["demo-x", "demo-b", "demo-b"]
    assert len(found.after.funds) == 2


@pytest.mark.parametrize("gone", ["demo-i", "demo-zz"])
def test_a_final_year_has_it_as_well(gone: str) -> None:
    """A branch that is gone since is known by the final results; faults are told in any year."""
    own = {f"committee/2024/{name}": (ROOT / f"committee/2024/{name}").read_bytes()
           for name in ("results.json", "rubric.yml", "appraisal.yml")}  # fmt: skip
    text = f"talks: [{{branch: {gone}, held: 2025-02-18, asked: 制订计划}}]"
    tree = MemoryTree({**files(before=text), **own})
    final, now = evaluate(tree, 2024), evaluate(tree, 2025)
    assert final.frozen
    assert [talk.branch for talk in final.after.talks] == [gone]
    assert [item.talk.branch for item in now.after.carried] == [gone]
    wrong = [("S004", "committee/2024/after.yml")] if gone == "demo-zz" else []
    for found in (final, now):
        assert [(f.code, f.path) for f in found.findings if "after.yml" in f.path] == wrong


@pytest.mark.parametrize("page", ["after.md", "after.zh-CN.md"])
def test_what_the_guide_shows_is_a_file_without_a_fault(page: str) -> None:
    """Its pieces put together: a talk, what it asked put right, an amount."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    found = evaluated(after="".join(YAML.findall(text)))
    assert [f for f in found.findings if f.path.endswith("after.yml")] == []
    talk, fund = found.after.talks[0], found.after.funds[0]
    assert talk.closed is not None
    assert talk.asked
    assert fund.amount == 3000


def test_the_file_cannot_be_read_and_the_year_can() -> None:
    found = evaluated(after="talks: [")
    assert found.results is not None
    assert {f.code for f in found.findings if f.path.endswith("after.yml")} == {"Y001"}
    assert not found.after.talks


@cache
def bodies(audience: Audience) -> dict[str, str]:
    """Return the bodies of all pages of a site, each of which passed the audit, by address."""
    auditor = Auditor()
    found = {}
    for page in site_pages(site_of(files(before=AFTER, after=AFTER), Publish(audience))):
        auditor.body(page.address, str(page.body))
        found[page.address] = str(page.body)
    return found


def test_the_committee_s_pages_show_it_and_public_ones_nothing() -> None:
    """Queue, lists and the branch's own card; what is closed on no card."""
    inside, public = bodies(Audience.INTERNAL), bodies(Audience.PUBLIC)
    cards = {a: body for a, body in inside.items() if 'id="rectify"' in body}
    assert {a.rpartition("/")[2] for a in cards} == {"demo-a.html", "demo-b.html", QUEUE}
    own = next(body for address, body in cards.items() if address.endswith("demo-a.html"))
    assert "补齐记录" in own
    assert "已过期限" in own
    assert "换届" not in own
    lists = "".join(body for address, body in inside.items() if address.endswith(LISTS))
    assert all(words in lists for words in ("党委负责人", "4,200.15", "4,200.05", "补齐记录"))
    told = "".join(public.values())
    assert not any(
        words in told for words in ("补齐记录", "党委负责人", "4,200", "已换届", "场地费")
    )


def test_a_kept_page_is_made_anew_where_it_changes() -> None:
    """The key of a branch's pages has what it is to put right, and whether that is late."""
    site = site_of(files(before=AFTER), INTERNAL)
    branch = next(b for b in site.results.branches if b.id == "demo-a")
    (item,) = site.evaluation.after.rectify(branch, site.results)
    assert item == (2024, "补齐记录", "2025-06-30", True)
    pages = next(p for p in volumes_of(site) if p.shown.year == 2025)
    text = AFTER.replace("2025-06-30}", "2025-06-30, closed: 2025-05-01}")
    closed = site_of(files(before=text), INTERNAL)
    others = next(p for p in volumes_of(closed) if p.shown.year == 2025)
    store = Store(Path("x"), TEMPLATES, INTERNAL)
    keys = {store.key(own, branch, branch) for own in (pages, others)}
    assert len(keys) == 2
