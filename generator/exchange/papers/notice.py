"""The notice of a year's results (通报): grades by list, the ranking as its annex."""

from __future__ import annotations

# Any: what templates are handed, by names.
from typing import TYPE_CHECKING, Any

from generator.exchange.papers.paper import DASH, common, figure, filled, template_of
from generator.reports.book import PUBLISHED
from generator.scoring.scorecard import Status
from generator.text.language import gettext, mark, speaking, tr
from generator.text.messages import listed

if TYPE_CHECKING:
    from pathlib import Path

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric

NAME = "notice"
OPENING = mark("按照{by}，党委完成了{year}年度党支部考核，{decided}现将结果通报如下。")
NOBODY = mark("无。")
#: How headings of the second level count.
NUMERALS = mark("一二三四五六七八九十")
#: Why a branch stands in the annex without a rank.
UNRANKED = {
    Status.VETOED: mark("一票否决"),
    Status.NOT_SUBMITTED: mark("未报送"),
    Status.UNREADABLE: mark("无法计分"),
}


def notice(root: Path, results: Results, rubric: Rubric, *, draft: bool) -> bytes:
    """Return the notice as a Word file, in Chinese always; raises TemplateError."""
    with speaking(PUBLISHED):
        return filled(template_of(root, NAME), facts(results, rubric, draft=draft))


def facts(results: Results, rubric: Rubric, *, draft: bool) -> dict[str, Any]:
    """Return what the notice tells: nothing that is not in the results."""
    ranked = [b for b in results.branches if b.rank is not None]
    others = [b for b in results.branches if b.rank is None]
    return {
        **common(results, draft=draft),
        "opening": opening(results, rubric),
        "grades": grades(results, rubric),
        "ranked": len(ranked),
        "unranked": tr("另有{n}个党支部不排名。", n=len(others)) if others else "",
        "ranking": [entry(b, rubric.places) for b in (*ranked, *others)],
    }


def opening(results: Results, rubric: Rubric) -> str:
    """Return the first sentence: by which document, decided where."""
    head = rubric.rubric
    by = tr("《{title}》", title=head.title) if head and head.title else gettext("考核办法")
    by += tr("（{number}）", number=head.document) if head and head.document else ""
    meeting = results.decision.get("meeting")
    decided = tr("经{meeting}研究决定，", meeting=meeting) if meeting else ""
    return tr(OPENING, by=by, year=results.year, decided=decided)


def grades(results: Results, rubric: Rubric) -> list[dict[str, Any]]:
    """Return the grades, the best first, each with the names of its branches."""
    found = []
    bands = [(band.id, band.title) for band in rubric.grades]
    groups: dict[str, list[BranchResult]] = {title: [] for _, title in bands}
    titles = dict(bands)
    for branch in results.branches:
        title = titles[branch.grade] if branch.grade in titles else ungraded_words(branch)
        groups.setdefault(title, []).append(branch)
    for number, (title, own) in enumerate(groups.items(), start=1):
        names = tr("{names}。", names=listed([b.name for b in own])) if own else gettext(NOBODY)
        found.append({"number": numeral(number), "title": title, "count": len(own), "names": names})
    return found


def numeral(number: int) -> str:
    """Return a number below a hundred as headings count."""
    digits, (tens, ones) = gettext(NUMERALS), divmod(number, 10)
    head = digits[tens - 1 : tens] if tens > 1 else ""
    return head + (digits[9] if tens else "") + (digits[ones - 1] if ones else "")


def ungraded_words(branch: BranchResult) -> str:
    """Return what a branch without a grade stands under."""
    return gettext(UNRANKED.get(Status(branch.status), mark("未定等次")))


def entry(branch: BranchResult, places: int) -> dict[str, str]:
    """Return a branch as a row of the annex."""
    return {
        "rank": DASH if branch.rank is None else f"{branch.rank}",
        "name": branch.name,
        "total": figure(branch.total, places),
        "grade": branch.grade_title or ungraded_words(branch),
    }
