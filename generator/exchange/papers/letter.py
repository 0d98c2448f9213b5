"""Letters to branches: the result, each lost point with its reason, where to object."""

from __future__ import annotations

# Any: what templates are handed, by names.
from typing import TYPE_CHECKING, Any

from generator.exchange.papers.paper import common, day_words, figure, filled, template_of, unended
from generator.reports.scores import status_words
from generator.scoring.scorecard import Basis
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from pathlib import Path

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric

NAME = "letter"
VETO = mark("{title}（{clause}）：{reason}")
VERIFIED = "verified"
OBJECT = mark("对结果有异议的，请在公示期内（{first}至{last}）向{contact}提出。")


def letter(
    root: Path, results: Results, rubric: Rubric, branch: BranchResult, *, draft: bool
) -> bytes:
    """Return the letter to one branch as a Word file; raises TemplateError."""
    told = {**common(results, draft=draft), **facts(results, rubric, branch)}
    return filled(template_of(root, NAME), told)


def facts(results: Results, rubric: Rubric, branch: BranchResult) -> dict[str, Any]:
    """Return what the letter tells of the branch."""
    return {
        "name": branch.name,
        "result": result(results, rubric.places, branch),
        "scored": branch.total is not None,
        "lost": lost(branch, rubric.places),
        "appeal": appeal(results),
    }


def result(results: Results, places: int, branch: BranchResult) -> str:
    """Return the sentence about rank, total and grade."""
    total = figure(branch.total, places)
    told = [tr("你支部{year}年度考核总分{total}", year=results.year, total=total)]
    if branch.total is None:
        told = [tr("你支部{year}年度考核没有得分", year=results.year)]
    if branch.rank is not None:
        told.append(tr("名次第{rank}（共{n}个参加排名）", rank=branch.rank, n=ranked(results)))
    told += filter(None, [status_words(branch)])
    grade = branch.grade_title
    told.append(tr("等次{grade}", grade=grade) if grade else gettext("等次未定"))
    said = [gettext("，").join(told)]
    for veto in branch.vetoes:
        if veto.state == VERIFIED:
            reason = unended(f"{veto.reason}")
            said.append(tr(VETO, title=veto.title, clause=veto.clause, reason=reason))
    if branch.grade_reason:
        said.append(tr("等次的理由：{reason}", reason=unended(branch.grade_reason)))
    return "".join(tr("{names}。", names=sentence) for sentence in said)


def ranked(results: Results) -> int:
    """Return how many branches have a rank."""
    return sum(b.rank is not None for b in results.branches)


def lost(branch: BranchResult, places: int) -> list[dict[str, str]]:
    """Return the criteria that lost points, the most first."""
    found = [
        (line.max - line.points, line)
        for line in branch.criteria
        if line.max is not None and line.points is not None and line.points < line.max
        and line.basis is not Basis.NOT_APPLICABLE
    ]  # fmt: skip
    return [
        {"title": f"{line.title}", "reason": f"{line.reason}",
         "points": figure(line.points, places), "max": figure(line.max, places)}
        for _, line in sorted(found, key=lambda item: -item[0])
    ]  # fmt: skip


def appeal(results: Results) -> str:
    """Return until when and where one objects, as the committee wrote it."""
    posted = results.publicity
    if not posted:
        return gettext("对结果有异议的，请向党委提出。")
    first, last = (day_words(posted.get(name, "")) for name in ("from", "to"))
    contact = posted.get("contact") or gettext("党委")
    return tr(OBJECT, first=first, last=last, contact=contact)
