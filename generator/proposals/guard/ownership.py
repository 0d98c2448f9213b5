"""Whose files a change touches, and whether their year is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import (
    AFTER_FILE,
    BRANCH_FILE,
    BranchPath,
    CommitteePath,
    received_path,
    team_path,
)
from generator.proposals.guard.authority import Authority, owner
from generator.proposals.guard.final import results_of
from generator.text.codes import Severity
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import listed, say, some
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from generator.files.history import Change
    from generator.text.messages import Message

CLOSED = {
    "final": mark("{year} 年已定稿，不再改动"),
    "none": mark("{year} 年还没有开放考核"),
    "unknown": mark("读不出 {year} 年的 appraisal.yml，无法确认这一年是否开放"),
    "review": mark("{year} 年已进入评审：改动会使已有的核定过期，由党委决定是否接受"),
    "publicity": mark("{year} 年正在公示，不再收材料；对结果有异议的，向党委提出"),
}
#: What the committee itself is told of a year that is no longer open to it without notice.
SETTLED = {
    "final": mark("{year} 年已定稿：改动后须更正定稿的结果"),
    "publicity": mark("{year} 年正在公示：改动会影响已经公示的结果，并随之公布"),
}
#: What to do instead, by stage; of others the code says it.
OBJECT = {"publicity": mark("有异议的，填网站上的异议申请表，或在平台上填“申诉”表格")}
ANSWER = {"publicity": mark("确需改动的，写明理由；采纳申诉的，在同一次改动里写上答复")}
#: What an account of a supervision team may change, and who changes a team's opinion.
OF_TEAM = mark("督导团的账号只改动本团的意见：{paths}")
OF_OTHERS = mark("这份意见由督导团“{team}”的账号改动，账号登记在 committee/roster.yml 的 teams 里")
#: How many branches and years a message names; it counts the rest.
NAMED = 5


def check_ownership(changes: Sequence[Change], authority: Authority, report: Report) -> None:
    """G001, G002, G003, G007, G008, C019: whose files these are, and whether their year is open."""
    touched: dict[tuple[str, str], str] = {}
    foreign: list[tuple[str, str]] = []
    others: list[str] = []
    for change in changes:
        own = owner(change.path)
        if own is None:
            others.append(change.path)
            continue
        if own not in touched:
            touched[own] = change.path
            _open(own[1], Place(visible(change.path)), authority, report)
        if not authority.submits(own[0]):
            foreign.append((own[0], change.path))
    stand_in = stands_for(touched, foreign, authority)
    brought = received_path(*stand_in) if stand_in else ""
    for path in others:
        if path != brought:
            _protected(path, authority, report)
    if changes and not authority.is_known():
        words = "账号“{author}”没有登记在任何支部或党委的名单里"
        report.add("G007", Place(visible(changes[0].path)), words, author=visible(authority.author))
    else:
        _tell_foreign(foreign, stand_in, report)
    if len(touched) > 1:
        report.add(
            "G008",
            Place(visible(list(touched.values())[1])),
            "一次改动了 {n} 处：{names}",
            n=len(touched),
            names=listed("/".join(own) for own in list(touched)[:NAMED]),
        )


def stands_for(
    touched: Collection[tuple[str, str]], foreign: Collection[object], authority: Authority
) -> tuple[str, str] | None:
    """Return the one branch and year that the office files for, None where nobody stands in."""
    if len(touched) != 1 or not foreign:
        return None
    ((branch, year),) = touched
    return (branch, year) if authority.stands_in(branch) else None


def _tell_foreign(
    foreign: Sequence[tuple[str, str]], stand_in: tuple[str, str] | None, report: Report
) -> None:
    """G001 on each file of another branch; one notice where the office files for it."""
    if stand_in is None:
        for branch, path in foreign:
            report.add("G001", Place(visible(path)), "“{branch}”不是报送人的支部", branch=branch)
        return
    report.add(
        "G001",
        Place(visible(foreign[0][1])),
        "由办公室代报：“{branch}”{year} 年的材料",
        hint="请支部核对代报的内容",
        severity=Severity.NOTICE,
        branch=stand_in[0],
        year=stand_in[1],
    )


def _protected(path: str, authority: Authority, report: Report) -> None:
    place = Place(visible(path))
    kept = CommitteePath.of(path)
    if authority.is_member:
        year = year_of(path)
        told = results_of(path) and authority.trees.find(authority.tree, path) is not None
        late = kept is not None and kept.names[1:] == (AFTER_FILE,)  # written after the results
        words = SETTLED.get(authority.stage(year)) if year and not told and not late else None
        if words is not None:
            hint = ANSWER.get(authority.stage(year)) if year else None
            report.add("G003", place, words, hint=hint, severity=Severity.WARNING, year=year)
        if kept is not None and kept.branch and authority.submits(kept.branch):
            words = "这个账号也为“{branch}”报送，评审这个支部时应当回避"
            report.add("C019", place, words, branch=kept.branch)
        return
    if kept is not None and kept.team in authority.teams:
        _open_for_team(f"{kept.year}", place, authority, report)
        return
    own = BranchPath.of(path)
    inside = own is not None and own.below and own.below[0] != BRANCH_FILE
    if own is not None and inside and authority.submits(own.branch):
        words = "支部的材料只放在年度文件夹里，例如 branches/{branch}/2025/documents/"
        report.add("G002", place, words, branch=own.branch)
    else:
        instead = team_words(kept, authority)
        report.add("G002", place, "这个文件只由党委改动", hint=instead)


def team_words(kept: CommitteePath | None, authority: Authority) -> Message | None:
    """Return what a team may change, or who changes a team's opinion; None of other files."""
    if kept is None or kept.year is None:
        return None
    if authority.teams:
        paths = [visible(team_path(kept.year, team)) for team in sorted(authority.teams)]
        return say(OF_TEAM, paths=some(paths, NAMED))
    return say(OF_OTHERS, team=visible(kept.team)) if kept.team else None


def year_of(path: str) -> str | None:
    """Return the year whose committee files a path belongs to."""
    own = CommitteePath.of(path)
    return own.names[0] if own is not None and len(own.names) > 1 else None


def _open(year: str, place: Place, authority: Authority, report: Report) -> None:
    stage = authority.stage(year)
    if stage in CLOSED:
        severity = Severity.WARNING if stage == "review" else None
        hint = OBJECT.get(stage)
        report.add("G003", place, CLOSED[stage], hint=hint, severity=severity, year=year)


def _open_for_team(year: str, place: Place, authority: Authority, report: Report) -> None:
    """G003 on the opinion of a team: it comes while the year is open or in review."""
    stage = authority.stage(year)
    if stage in CLOSED and stage != "review":
        report.add("G003", place, CLOSED[stage], year=year)
