"""What a branch can do about entries that it has not answered, and what explain and impact say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.engine.evaluate import evaluate
from generator.engine.year import Means
from generator.proposals.difference.conditions import mended
from generator.reports.explain import explain_criterion
from generator.results.advice import When, advice_of
from tests.memory import MemoryTree
from tests.test_due import DAY, KINDS, answer, counting, entry, line, year
from tests.test_methods import Receipts
from tests.years import YEAR, Branch, Data, encoded, rubric, section, year_of

if TYPE_CHECKING:
    from generator.engine.evaluate import Evaluation

RECEIVED: Data = {"received": {"not_after": "asked"}}


def advised(evaluation: Evaluation) -> tuple[str, str, bool]:
    """Return why points are missing, what can be done, and whether the branch can do it."""
    assert evaluation.results is not None
    assert evaluation.rubric is not None
    own = evaluation.results.branch("a").lines[0]
    definition = evaluation.rubric.criteria["c"][1]
    found = advice_of(own, [], definition, When("open", "2025-12-20", "2025-12-31"))
    assert found is not None
    return f"{found.why}", f"{found.how}", found.own


def received(entries: list[Data], *records: Any, day: str = "2025-04-02") -> Evaluation:
    """Evaluate a year whose records were all received on one day."""
    rules = rubric(section("s", counting(RECEIVED)))
    rules["document_kinds"] |= KINDS
    files = year_of(rules, {"a": Branch(records=[*records])}, due=entries)
    raw = {path: encoded(data) for path, data in files.items()}
    means = Means(as_of=DAY, receipts=Receipts(day))
    return evaluate(MemoryTree(raw), YEAR, means)


def test_what_is_unanswered_can_be_handed_in_with_its_id() -> None:
    why, how, own = advised(year([entry("r1"), entry("r2")], Branch(records=[answer("r1")])))
    assert why == "2025-03-31“事项 r2”：没有材料回应"
    assert how == "2025-12-20 前：报送“事项 r2”，材料里写 due: r2"
    assert own


def test_what_could_have_been_in_time_alone_is_over() -> None:
    late = answer("r1")
    why, how, own = advised(received([entry("r1"), entry("r2")], late))
    assert "2025-04-02 收到，期限 2025-03-31（迟 2 天）" in why
    assert "2025-03-31“事项 r2”：没有材料回应，期限已过" in why
    assert how == "期限已过，收到日期不会再变，这一项不能再补"
    assert not own


def test_before_anything_is_due_the_first_entry_can_be_answered() -> None:
    why, how, own = advised(year([entry("r1", "2025-09-30")], Branch()))
    assert why == "报表都没有到期，最早一项 9月30日到期"
    assert how == "2025-09-30 前报送“事项 r1”，材料里写 due: r1"
    assert own


def test_an_entry_without_a_day_on_which_it_was_held_waits_for_the_committee() -> None:
    having = {"filed": {"not_after": "held"}}
    found = year([entry("r1")], Branch(records=[answer("r1")]), having=having)
    why, how, own = advised(found)
    assert why == "2025-03-31“事项 r1”：没有填举办日期，filed是否按时无从判断"
    assert how == "等待党委在 due.yml 写明举办日期"
    assert not own


def test_without_a_history_of_what_answers_the_line_waits() -> None:
    rules = rubric(section("s", counting(RECEIVED)))
    rules["document_kinds"] |= KINDS
    for records, expected in (([], 0), ([answer("r1")], None)):
        files = year_of(rules, {"a": Branch(records=records)}, due=[entry("r1")])
        raw = {path: encoded(data) for path, data in files.items()}
        found = evaluate(MemoryTree(raw), YEAR, Means(as_of=DAY))
        assert line(found)[0] == expected


def test_explain_leads_to_the_line_of_the_entry_and_of_its_answers() -> None:
    entries = [entry("r1"), entry("r2", "2025-12-31")]
    text = "".join(f"- {own}\n" for own in entries).replace("'", '"')
    found = year(text, Branch(records=[answer("r1"), answer("r1", slug="z")]))
    assert found.results is not None
    assert found.rubric is not None
    branch = found.results.branch("a")
    words = explain_criterion(branch, "c", found.results, found.rubric, found.asked)
    home, due = f"branches/a/{YEAR}/documents", f"committee/{YEAR}/due.yml"
    told = words.partition("应报事项：\n")[2].splitlines()
    assert told == [
        f"  {due}:1  2025-03-31  事项 r1：符合要求",
        f"    {home}/r1/document.yml:1  2025-02-01  r1",
        f"    {home}/z/document.yml:1  2025-02-01  z",
        f"  {due}:2  2025-12-31  事项 r2：没有到期",
    ]
    bare = explain_criterion(branch, "c", found.results, found.rubric)
    assert "  2025-03-31  事项 r1：符合要求" in bare


def test_impact_says_what_an_entry_was_and_is() -> None:
    entries = [entry("r1"), entry("r2")]
    sides = [
        year(entries, Branch(records=records))
        for records in ([answer("r1", filed="2025-04-02")], [answer("r1"), answer("r2")])
    ]
    lines = []
    for side in sides:
        assert side.results is not None
        lines.append(side.results.branch("a").lines[0])
    assert f"{mended(*lines)}" == (
        "2025-03-31“事项 r1”：filed 2025-04-02，期限 2025-03-31（迟 2 天） → 符合要求；"
        "2025-03-31“事项 r2”：没有材料回应 → 符合要求"
    )
    assert f"{mended(lines[1], lines[0])}".endswith("“事项 r2”：符合要求 → 没有材料回应")


def test_the_finding_about_an_open_line_says_what_the_page_says() -> None:
    found = year([entry("r1", "2025-09-30")], Branch())
    hints = [f"{finding.hint}" for finding in found.findings if finding.code == "C007"]
    assert hints == ["2025-09-30 前报送“事项 r1”，材料里写 due: r1"]
