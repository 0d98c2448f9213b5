"""A name that nobody knows is reported with what is known, cut where that is much, and the like."""

from __future__ import annotations

from generator.text.findings import Place, Report
from generator.text.unknown import nearest_text, report_unknown


def message(value: str, known: list[str], most: int | None = None) -> str:
    """Return the message about an unknown name."""
    report = Report()
    report_unknown(report, "S004", Place("x.yml"), value, known, most=most)
    return str(report.findings[0].message)


def test_what_is_known_is_listed_and_the_nearest_proposed() -> None:
    assert message("metings", ["meeting", "", "visit"]) == (
        "没有“metings”；可用：meeting、visit；您是否要写“meeting”？"
    )


def test_the_nearest_may_be_one_that_is_not_listed() -> None:
    known = ["aaaa", "bbbb", "cccc"]
    assert message("cccd", known, most=2) == "没有“cccd”；可用：aaaa、bbbb…；您是否要写“cccc”？"
    assert message("zzzz", known, most=3) == "没有“zzzz”；可用：aaaa、bbbb、cccc"


def test_a_name_is_cut_and_made_visible() -> None:
    assert message("\u202ea\n" + "x" * 80, []) == f"没有“\\u202ea\\u000a{'x' * 57}…”；可用：无"


def test_nothing_alike_is_proposed() -> None:
    assert nearest_text("qqqq", ["meeting"]) == ""
