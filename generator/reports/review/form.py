"""A review file prefilled with claims, computed facts and fingerprints, ready to be filled in.

Every entry is one line: with its comment sign taken off it is a valid decision, with a reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from generator.reports.review.kept import GROUPS, OWN, Kept, bare
from generator.rubric.methods.parts import FAULTY
from generator.scoring.fingerprint import fingerprint
from generator.scoring.scorecard import Basis
from generator.text.language import gettext, mark, tr
from generator.text.messages import say, some
from generator.text.names import visible
from generator.text.numbers import plain
from generator.text.titles import level_title

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from generator.formats.committee_files import Review
    from generator.loading.evidence import BranchYear
    from generator.scoring.scorecard import BonusLine, Line, Scorecard

#: Characters of a branch's words, and paths of evidence, that stand in one line.
WORDS, PATHS = 200, 20
#: What stands between two things said in one line.
SPACE = "\u3000"

#: Reasons that a proposal is prefilled with; any other is a person's.
AS_CLAIMED, AS_COMPUTED = mark("按自评核定"), mark("按系统计算核定")
NOTHING_TO_JUDGE, AS_ASKED = mark("没有可以核定的自评或材料"), mark("按申报的不适用核定")
AS_FILED = mark("按申报认可")
REASONS = (AS_CLAIMED, AS_COMPUTED, NOTHING_TO_JUDGE, AS_ASKED, AS_FILED)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form is made from: the branch, its scorecard, decisions of this year and the last."""

    data: BranchYear
    card: Scorecard
    review: Review | None
    today: datetime.date
    last: Review | None = None
    kept: Kept = field(default_factory=Kept)


class Item(NamedTuple):
    """One entry of the form: what is known of it, and the decision that is proposed.

    A draft that holds ``stamp`` rests on what is known now.
    """

    name: str
    about: list[str]
    proposal: str
    stamp: str


def review_form(sheet: Sheet) -> str:
    """Return the text of ``committee/<year>/reviews/<id>.yml``; all that stood there is kept."""
    data, kept = sheet.data, sheet.kept
    title = tr("{id} {year} 年度核定。", id=data.id, year=data.year)
    how = gettext("逐项改好一行里的分数和理由，去掉这一行行首的“# ”，就是核定。")
    own = tr("以“{sign}”开头的行由程序写，每次重写；其余的行原样保留。", sign=OWN)
    lines = [f"{OWN} {title}{how}{own}", *kept.head]
    criteria = [
        line
        for line in sheet.card.lines
        if line.part is None and line.criterion and line.reason != say(FAULTY)
    ]
    lines += group_form(kept, GROUPS[0], [criterion_item(sheet, line) for line in criteria])
    bonus = sheet.card.bonus_lines
    lines += group_form(kept, GROUPS[1], [bonus_item(sheet, line) for line in bonus])
    for (group, name), body in kept.entries.items():
        if group not in GROUPS and not name:
            lines += [*kept.comments.get((group, name), ()), *body]
    return "\n".join([*lines, *kept.tail]) + "\n"


def group_form(kept: Kept, group: str, items: list[Item]) -> list[str]:
    """Return the form of the criteria, or of the bonus claims, and of decisions on others."""
    lines = [*kept.comments.get((group, ""), ())]
    known = {item.name for item in items}
    others = {name: kept.entries[group, name] for name in kept.names(group) if name not in known}
    drafts = {
        name: [f"# {kept.indent(group)}{draft}"]
        for (own, name), draft in kept.drafts.items()
        if own == group and name not in known and is_drafted(draft)
    }
    if items or others or drafts or (group, "") in kept.comments:
        lines.append(f"{group}:")
    for item in items:
        lines += [f"{OWN} {words}" for words in item.about]
        lines += kept.comments.get((group, item.name), ())
        proposal = [f"# {kept.indent(group)}{proposed(kept, group, item)}"]
        lines += kept.entries.get((group, item.name), proposal)
    for name, body in [*others.items(), *drafts.items()]:
        lines += [*kept.comments.get((group, name), ()), *body]
    return lines


def proposed(kept: Kept, group: str, item: Item) -> str:
    """Return the entry that is proposed, or the draft of it that a person began."""
    draft = kept.drafts.get((group, item.name))
    return draft if draft and (item.stamp in draft or is_drafted(draft)) else item.proposal


def is_drafted(draft: str) -> bool:
    """Whether a person wrote a reason of their own."""
    return all(f"reason: {words}," not in draft for reason in REASONS for words in said(reason))


def said(reason: str) -> tuple[str, str]:
    """Return a reason as it is in the files of this language, and of the source language."""
    return gettext(reason), reason


def criterion_item(sheet: Sheet, line: Line) -> Item:
    """Return the entry of one criterion."""
    name, data = line.criterion or "", sheet.data
    now = fingerprint(data, line)
    about = [f"{line.title} {line.clause}\u3000{figures(line)}"]
    about += (
        [f"{gettext('参考：')}{gettext('；').join(map(str, line.facts))}"] if line.facts else []
    )
    last = sheet.last.criteria.get(name) if sheet.last else None
    if last is not None and last.valid:
        verdict = plain(last.points) if last.points is not None else last.not_applicable
        about.append(last_year(data, f"{verdict}", last.reason))
    words = [tr("支部：{words}", words=told(line.statement))] if line.statement else []
    words += evidence_words(data, line.evidence)
    held = sheet.review.criteria.get(name) if sheet.review else None
    if held is not None and held.reviewed and held.reviewed.removeprefix("sha256:") != now:
        words.append(f"{gettext('材料已变，核对后改为：')}reviewed: {now}")
    verdict, reason = verdict_of(sheet, line)
    office = usual_office(sheet)
    by = bare(office) if office else ""
    day = sheet.today.isoformat()
    proposal = f"{name}: {{{verdict}, reason: {gettext(reason)}, by: {by}, date: {day}, "
    sides = [SPACE.join(about), SPACE.join(words)]
    if not line.statement:
        sides = [SPACE.join([*about, *words])]
    return Item(name, sides, f"{proposal}reviewed: {now}}}", now)


def figures(line: Line) -> str:
    """Return maximum, claimed and computed points, and how the latter came about."""
    words = tr(
        "分值 {max}，自评 {claimed}，系统计算 {computed}",
        max=figure(line.max),
        claimed=figure(line.claimed),
        computed=figure(line.computed),
    )
    if line.basis in {Basis.COMPUTED, Basis.PENDING}:
        return f"{words}{SPACE}{told(str(line.reason))}"
    return words


def verdict_of(sheet: Sheet, line: Line) -> tuple[str, str]:
    """Return what is proposed, and why: never more than counts without the committee."""
    claims = sheet.data.assessment.claims if sheet.data.assessment else {}
    claim = claims.get(line.criterion or "")
    if claim is not None and claim.valid and claim.not_applicable is not None:
        alone = all(
            other is line or other.section != line.section or other.part or other.excluded
            or asks(sheet, other) for other in sheet.card.lines
        )  # fmt: skip
        return f"not_applicable: {'zero' if alone else 'excluded'}", AS_ASKED
    if line.computed is not None:
        return f"points: {plain(line.computed)}", AS_COMPUTED
    if line.claimed is not None and line.basis is not Basis.PENDING:
        return f"points: {plain(line.claimed)}", AS_CLAIMED
    return "points: 0", NOTHING_TO_JUDGE


def asks(sheet: Sheet, line: Line) -> bool:
    """Whether a branch says that a criterion does not concern it."""
    claims = sheet.data.assessment.claims if sheet.data.assessment else {}
    claim = claims.get(line.criterion or "")
    return claim is not None and claim.not_applicable is not None


def bonus_item(sheet: Sheet, line: BonusLine) -> Item:
    """Return the entry of one bonus claim."""
    about = [f"{line.title} {line.clause}{gettext('：')}{told(line.matter)}"]
    title = str(level_title(line.level, line.level_title))
    if title != line.level:
        about.append(tr("级别 {level}", level=told(title)))
    about += evidence_words(sheet.data, line.evidence)
    last = sheet.last.bonus.get(line.claim) if sheet.last else None
    if last is not None and last.valid:
        verdict = gettext("已认可") if last.accepted else gettext("未认可")
        about.append(last_year(sheet.data, verdict, last.reason))
    level = bare(line.level)
    day = sheet.today.isoformat()
    proposal = f"{line.claim}: {{accepted: true, level: {level}, reason: {gettext(AS_FILED)}, "
    return Item(line.claim, [SPACE.join(about)], f"{proposal}date: {day}}}", f"level: {level},")


def last_year(data: BranchYear, verdict: str, reason: str | None) -> str:
    """Say what the committee decided the year before."""
    words = tr("{year} 年核定 {verdict}", year=data.year - 1, verdict=verdict)
    return f"{words}{gettext('：')}{told(reason)}" if reason else words


def evidence_words(data: BranchYear, paths: tuple[str, ...]) -> list[str]:
    """Name the evidence, below the branch's year."""
    if not paths:
        return []
    own = [path.removeprefix(f"{data.folder}/") for path in paths]
    return [tr("材料：{paths}", paths=some(own, PATHS))]


def usual_office(sheet: Sheet) -> str:
    """Return who decided most of what is decided; nothing where nobody is named."""
    reviews = [review for review in (sheet.review, sheet.last) if review is not None]
    for review in reviews:
        offices = Counter(item.by for item in review.criteria.values() if item.by)
        if offices:
            return offices.most_common(1)[0][0]
    return ""


def told(text: str) -> str:
    """Return words in one line, not longer than a reader wants them here."""
    return visible(" ".join(text.split()), WORDS)


def figure(value: Decimal | None, missing: str = "—") -> str:
    """Write a figure without trailing zeros."""
    return missing if value is None else plain(value)
