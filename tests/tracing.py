"""What each paper and workbook shows of a year's results, place by place.

A **place** is the column of a sheet (``ledger/汇总/总分``) or the name under which a template is
handed a text (``letter/lost/points``). ``BRANCH`` and ``YEAR`` say, for each leaf of the results,
in which places it stands or counts: written by hand, from what the papers are to say, and held to
what they do say by ``tests/test_traced.py``, both ways.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from generator.exchange.papers import ballots, debrief, form, letter, notice
from generator.exchange.papers.paper import common
from generator.exchange.workbooks import ledger, lists
from generator.reports.book import made_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.reports.book import Table
    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric

#: (place, branch, which of its rows there) → what it shows.
Shown = dict[tuple[str, str, int], Any]
ALL = ""
#: Columns that are empty, for a person to fill in, and places of words that come with the rubric.
EMPTY = frozenset({"lists/WORST/谈话日期", "lists/WORST/整改情况", "lists/经费依据/经费"})
RUBRIC = frozenset(
    {"form/criteria/section", "form/criteria/title", "form/criteria/max", "form/most",
     "ballot/levels", "ballot/branches/boxes", "notice/opening", "debrief/most"}
)  # fmt: skip
PAPERS = ("notice", "letter", "form", "ballot", "debrief")

#: What counts the rows of a paper, so that one branch's place moves others'.
ORDER = frozenset({"ballot/branches/number", "debrief/branches/number"})


def everywhere(key: str) -> set[str]:
    """Return the place of what every paper is handed."""
    return {f"{paper}/{key}" for paper in PAPERS}


#: Leaf of a branch's result → places.
BRANCH: dict[str, set[str]] = {
    "id": {f"{sheet}/编号" for sheet in (
        "ledger/汇总", "ledger/各小项", "ledger/失分", "ledger/加分", "lists/BEST", "lists/WORST",
        "lists/学会", "lists/加分事项", "lists/经费依据")},
    "name": {f"{sheet}/党支部" for sheet in (
        "ledger/汇总", "ledger/各小项", "ledger/失分", "ledger/加分", "lists/BEST", "lists/WORST",
        "lists/学会", "lists/加分事项", "lists/经费依据")}
        | {"notice/ranking/name", "notice/grades/names", "letter/name", "form/name",
           "ballot/branches/name", "debrief/branches/name"},
    "kind_title": {"ledger/汇总/类型", "form/kind"},
    "consortium_title": {"ledger/汇总/联合体", "lists/BEST/联合体", "lists/WORST/联合体",
                         *ORDER},
    "societies": {"lists/BEST/学会", "lists/学会/学会"},
    "members": {"lists/经费依据/党员数", "form/members"},
    "rank": {"ledger/汇总/名次", "lists/BEST/名次", "lists/学会/名次", "lists/经费依据/名次",
             "notice/ranking/rank", "letter/result"},
    "rank_range": {"ledger/汇总/可能的名次"},
    "fixed": {"ledger/汇总/固定分"},
    "bonus": {"ledger/汇总/加分"},
    "total": {"ledger/汇总/总分", "lists/BEST/总分", "lists/WORST/总分", "lists/WORST/理由",
              "lists/学会/总分", "lists/经费依据/总分", "notice/ranking/total", "letter/result"},
    "low": {"ledger/汇总/下限"},
    "high": {"ledger/汇总/上限"},
    "sections": {"ledger/汇总/SECTION"},
    "maxima": {"ledger/汇总/依据"},
    "grade_title": {"ledger/汇总/等次", "lists/学会/等次", "lists/经费依据/等次",
                    "notice/ranking/grade", "letter/result"},
    "grade_reason": {"lists/BEST/理由", "lists/WORST/理由", "letter/result"},
    "vetoes.title": {"lists/WORST/理由", "letter/result"},
    "vetoes.clause": {"lists/WORST/条款", "letter/result"},
    "vetoes.reason": {"lists/WORST/理由", "letter/result"},
    "lines.title": {"ledger/失分/小项", "letter/lost/title"},
    "lines.clause": {"ledger/失分/条款"},
    "lines.points": {"ledger/各小项/CRITERION", "ledger/失分/得分", "ledger/失分/失分",
                     "letter/lost/points", "debrief/branches/points"},
    "lines.max": {"ledger/失分/分值", "ledger/失分/失分", "letter/lost/max"},
    "lines.reason": {"ledger/失分/理由", "letter/lost/reason", "debrief/branches/reason"},
    "lines.statement": {"ledger/失分/支部说明", "form/criteria/told"},
    "lines.claimed": {"form/criteria/claimed", "form/total"},
    "bonus_lines.title": {"ledger/加分/加分项", "lists/加分事项/加分项", "form/bonuses/title"},
    "bonus_lines.clause": {"ledger/加分/条款", "lists/加分事项/条款"},
    "bonus_lines.level_title": {"ledger/加分/级别", "lists/加分事项/级别", "form/bonuses/level"},
    "bonus_lines.matter": {"ledger/加分/事项", "lists/加分事项/事项", "form/bonuses/matter"},
    "bonus_lines.points": {"ledger/加分/加分", "lists/加分事项/加分", "form/bonuses/points"},
    "bonus_lines.reason": {"ledger/加分/理由"},
    "records.title": {"form/criteria/told", "debrief/branches/report"},
    "records.date": {"debrief/branches/report"},
}  # fmt: skip
#: Leaf of the year → places.
YEAR: dict[str, set[str]] = {
    "decision.issued_by": everywhere("issuer"),
    "decision.notice": everywhere("number"),
    "decision.addressees": everywhere("addressees"),
    "decision.copies": everywhere("copies"),
    "decision.decided": everywhere("day"),
    "decision.meeting": {"notice/opening"},
    "publicity.contact": {"letter/appeal"},
    "publicity.to": {"letter/appeal"},
    "source.commit": everywhere("commit") | {"ledger/怎么读/依据的提交", "lists/怎么读/依据的提交"},
    "source.date": {"ledger/怎么读/数据日期", "lists/怎么读/数据日期"},
    "source.program": {"ledger/怎么读/程序版本", "lists/怎么读/程序版本"},
}
#: What changes with every figure: the digest of all.
DIGEST = everywhere("digest") | {"ledger/怎么读/结果校验码", "lists/怎么读/结果校验码"}
#: What no leaf above is, but a statement of which one: the year, states, counts.
COUNTED = everywhere("year") | everywhere("mark") | {
    "ledger/汇总/说明", "ledger/失分/大项", "ledger/失分/依据", "ledger/加分/状态",
    "lists/加分事项/状态", "ledger/怎么读/年度", "lists/怎么读/年度", "notice/grades/number",
    "notice/grades/title", "notice/grades/count", "notice/ranked", "notice/unranked",
    "letter/scored", "letter/appeal",
}  # fmt: skip


#: Figures that results.json does not have as such: they add up its lines.
ADDED_UP = frozenset({"maxima"})


def sheet_name(table: Table, rubric: Rubric, place: int) -> str:
    """Return a sheet by what it is for: those of the best and the worst grade are named by it."""
    titles = [band.title for band in rubric.grades]
    if place == 0 and table.name in titles[:1]:
        return "BEST"
    return "WORST" if table.name in titles[-1:] else table.name


def column_name(sheet: str, title: str, rubric: Rubric) -> str:
    """Return a column by what it is for: those of sections, criteria and bases are many."""
    if sheet == "汇总" and title in {section.title for section in rubric.sections}:
        return "SECTION"
    if sheet == "各小项" and title in {own.title for _, own in rubric.criteria.values()}:
        return "CRITERION"
    return title.partition("：")[0]


def of_book(book: str, tables: Any, rubric: Rubric) -> Iterator[tuple[str, str, Any]]:
    """Yield place, branch and value of each cell of a workbook's tables."""
    for number, table in enumerate(tables):
        sheet = sheet_name(table, rubric, number)
        id_ = next(n for n, column in enumerate(table.columns) if column.branch)
        for row in table.rows:
            for column, value in zip(table.columns, row, strict=True):
                place = f"{book}/{sheet}/{column_name(sheet, column.title, rubric)}"
                yield place, f"{row[id_]}", f"{value}"


def of_paper(
    paper: str, facts: dict[str, Any], branch: str, ids: dict[str, str]
) -> Iterator[tuple[str, str, Any]]:
    """Yield place, branch and value of each text that a template is handed."""
    for key, value in facts.items():
        if isinstance(value, list):
            for entry in value:
                own = ids.get(entry.get("name", ""), branch) if isinstance(entry, dict) else branch
                for name, text in entry.items() if isinstance(entry, dict) else [("", entry)]:
                    yield f"{paper}/{key}/{name}", own, f"{text}"
        else:
            yield f"{paper}/{key}", branch, f"{value}"


def written(results: Results, rubric: Rubric) -> dict[str, Any]:
    """Return what the paper for written reports shows, were all branches to be scored by them."""
    scored = debrief.scored_by_ballots(rubric)
    own = debrief.facts(rubric.places, scored, results.branches) if scored else {}
    return {**common(results, draft=False), **own}


def shown(results: Results, rubric: Rubric, branch: BranchResult) -> Shown:
    """Return all that papers and workbooks of a year show; of letters and forms one branch's."""
    books = {
        "ledger": [ledger.summary(results, rubric), ledger.criteria(results, rubric),
                   ledger.lost(results, rubric), ledger.bonuses(results)],
        "lists": lists.tables(results, rubric),
    }  # fmt: skip
    papers: dict[str, dict[str, Any]] = {
        "notice": notice.facts(results, rubric, draft=False),
        "letter": {**common(results, draft=False), **letter.facts(results, rubric, branch)},
        "form": {**common(results, draft=False), **form.facts(rubric, branch)},
        "ballot": ballots.facts(results, rubric),
        "debrief": written(results, rubric),
    }
    found: list[tuple[str, str, Any]] = []
    for book, tables in books.items():
        found += of_book(book, tables, rubric)
        found += [(f"{book}/怎么读/{title}", ALL, words) for title, words in made_from(results)]
    # The letter begins with what was lost most; a figure that changes may move its row.
    turn = {f"{line.title}": number for number, line in enumerate(branch.criteria)}
    papers["letter"]["lost"].sort(key=lambda row: turn[row["title"]])
    ids = {f"{own.name}": own.id for own in results.branches}
    for paper, facts in papers.items():
        found += of_paper(paper, facts, branch.id if paper in {"letter", "form"} else ALL, ids)
    counted: Counter[tuple[str, str]] = Counter()
    told: Shown = {}
    for place, own, value in found:
        told[place, own, counted[place, own]] = value
        counted[place, own] += 1
    return told
