"""What branches still lack before the year closes: as text, messages, CSV and a calendar.

Items are those of ``reports/left/lacks``, the most points first. Days are counted from a day that
the caller names; nothing here looks at a clock.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from generator.reports.findings import safe
from generator.reports.left.lacks import Item, Lack, lack_of
from generator.reports.scores import BOM, cell
from generator.results.advice import FINAL, PUBLICITY, REVIEW, REVIEWED
from generator.results.after import NOTHING
from generator.scoring.scorecard import Status
from generator.text.language import gettext, mark, tr
from generator.text.numbers import figure, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from icalendar import Event

    from generator.results.after import After, Rectify
    from generator.results.model import Results
    from generator.rubric.document import Rubric
    from generator.text.findings import Finding

COLUMNS = (
    "id", "name", "group", "criterion", "title", "points", "day", "days_left", "why", "how",
)  # fmt: skip
#: No branch has anything to put right.
NOBODY: Mapping[str, tuple[Rectify, ...]] = MappingProxyType({})
#: Groups of the table: the branch can do something, or waits for the committee.
OPEN, FILES, WAITING, RECTIFY = "open", "files", "waiting", "rectify"
AFTER_YEAR = mark("{year} 年度考核后的谈话")


class Missing(NamedTuple):
    """What the branches of one year lack, counted from ``today``.

    ``lacks`` are those with anything open, in the order of the results; ``complete`` is how many
    others there are. ``rectify`` is branch → what talks after earlier years' results asked, which
    is for the committee: texts for branches and calendars leave it out.
    """

    results: Results
    today: datetime.date
    lacks: tuple[Lack, ...]
    complete: int
    rectify: Mapping[str, tuple[Rectify, ...]] = NOBODY

    @classmethod
    def of(
        cls,
        results: Results,
        rubric: Rubric,
        findings: Iterable[Finding],
        today: datetime.date,
        ids: Sequence[str] = (),
        after: After = NOTHING,
    ) -> Missing:
        """Return it of a year, of some branches where ``ids`` names any."""
        own: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.branch and finding.year in {None, results.year}:
                own[finding.branch].append(finding)
        branches = [b for b in results.branches if not ids or b.id in ids]
        found = [lack_of(results, rubric, branch, own[branch.id]) for branch in branches]
        asked = {b.id: named for b in branches if (named := after.rectify(b, results))}
        lacks = tuple(lack for lack in found if not lack.complete or lack.branch.id in asked)
        return cls(results, today, lacks, len(found) - len(lacks), asked)

    def left(self, day: str) -> int | None:
        """Return how many days are left to a day, less than nought where it is past."""
        try:
            return (datetime.date.fromisoformat(day) - self.today).days
        except ValueError:
            return None

    @property
    def last(self) -> str:
        """The day up to which branches hand in."""
        return self.results.deadline or self.results.period[1]


def waits(missing: Missing, day: str) -> str:
    """Say how many days are left to a day."""
    left = missing.left(day)
    if left is None:
        return ""
    if left < 0:
        return tr("已过 {n} 天", n=-left)
    return tr("还有 {n} 天", n=left) if left else gettext("今天截止")


def worth(item: Item) -> str:
    """Return the points of an item in words; a dash where none are told."""
    return "—" if item.points is None else tr("{n} 分", n=plain(item.points))


def sentences(item: Item) -> str:
    """Return why something lacks, and what to do."""
    why, how = (safe(f"{words}").rstrip("。；;.") for words in (item.reason, item.how))
    return tr("{why}；{how}", why=why, how=how) if how else why


def heading(missing: Missing, lack: Lack) -> str:
    """Return the first line about a branch: which, and up to when."""
    names = tr("{name}（{id}）", name=safe(lack.branch.name), id=lack.branch.id)
    if not missing.last or missing.results.stage == REVIEW:
        return names
    return tr(
        "{names}：{day} 截止，{left}",
        names=names,
        day=missing.last,
        left=waits(missing, missing.last),
    )


def as_text(missing: Missing) -> str:
    """Return what lacks, branch by branch."""
    lines: list[str] = []
    if missing.lacks and missing.results.stage == REVIEW:
        lines += [gettext(REVIEWED), ""]
    for lack in missing.lacks:
        lines += [heading(missing, lack), *body(missing, lack), ""]
    if missing.complete:
        lines.append(tr("没有缺项的党支部：{n} 个", n=missing.complete))
    return "".join(f"{line}\n" for line in lines)


def body(missing: Missing, lack: Lack) -> Iterator[str]:
    """Yield the lines about one branch below its heading."""
    if lack.state:
        yield f"  {lack.state}"
    for item in lack.mendable:
        day = waits(missing, item.day) if item.day and item.day != missing.last else ""
        told = tr("（{left}）", left=day) if day else ""
        yield f"  {worth(item)}  {item.title}：{sentences(item)}{told}"
    for item in lack.findings:
        yield f"  {tr('改正')}  {item.title}：{sentences(item)}"
    if lack.more:
        yield f"  {tr('另有 {n} 个问题：appraise check {id}', n=lack.more, id=lack.branch.id)}"
    if lack.waiting:
        titles = gettext("、").join(safe(f"{item.title}") for item in lack.waiting)
        words = tr("待党委 {n} 项，支部不用补：{titles}", n=len(lack.waiting), titles=titles)
        yield f"  {words}"
    if not lack.state and not lack.count and not lack.waiting:
        yield f"  {gettext('没有还能补的')}"
    for own in missing.rectify.get(lack.branch.id, ()):
        yield f"  {gettext('整改')}  {rectify_words(missing, own)}"


def rectify_words(missing: Missing, own: Rectify) -> str:
    """Return what is to be put right, after which year, and how many days are left for it."""
    told = tr("{asked}（{year} 年度考核后的谈话）", asked=safe(own.asked), year=own.year)
    left = waits(missing, own.until)
    return tr("{told}，期限 {day}，{left}", told=told, day=own.until, left=left) if left else told


def as_messages(missing: Missing) -> str:
    """Return a text a branch that can add something, to paste into a chat; it names nobody."""
    if missing.results.stage in {PUBLICITY, FINAL}:
        return ""
    return "\n".join(message(missing, lack) for lack in missing.lacks if lack.state or lack.count)


def message(missing: Missing, lack: Lack) -> str:
    """Return the text for one branch."""
    year, name = missing.results.year, safe(lack.branch.name)
    count = len(lack.mendable) + len(lack.findings) + lack.more
    lines = [tr("【{name}】{year} 年度考核：还有 {n} 项可以补", name=name, year=year, n=count)]
    if lack.state:
        lines = [tr("【{name}】{year} 年度考核：{state}", name=name, year=year, state=lack.state)]
    if missing.results.stage == REVIEW:
        lines.append(gettext(REVIEWED))
    elif missing.last:
        left = waits(missing, missing.last)
        lines.append(tr("截止日期 {day}，{left}。", day=missing.last, left=left))
    items = (*lack.mendable, *lack.findings)
    for number, item in enumerate(items, start=1):
        points = tr("（{n} 分）", n=plain(item.points)) if item.points is not None else ""
        lines.append(f"{number}. {safe(f'{item.title}')}{points}：{sentences(item)}")
    if lack.more:
        lines.append(tr("另有 {n} 个问题，见评分卡。", n=lack.more))
    if lack.waiting:
        lines.append(tr("另有 {n} 项等待党委，不用补材料。", n=len(lack.waiting)))
    return "".join(f"{line}\n" for line in lines)


def grouped(lack: Lack) -> Iterator[tuple[str, Item]]:
    """Yield all items of a branch with their groups."""
    yield from ((OPEN, item) for item in lack.mendable)
    yield from ((FILES, item) for item in lack.findings)
    yield from ((WAITING, item) for item in lack.waiting)


def as_csv(missing: Missing) -> str:
    """Return one row an item, with a byte-order mark and CRLF (RFC 4180)."""
    stream = io.StringIO()
    stream.write(BOM)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for lack in missing.lacks:
        branch = lack.branch
        rows = list(grouped(lack))
        if lack.state:
            rows.insert(0, (OPEN, Item("", lack.state, "", "", day=missing.last)))
        for group, item in rows:
            left = missing.left(item.day)
            writer.writerow(
                [
                    cell(branch.id), cell(branch.name), group,
                    "" if group == FILES else cell(item.anchor), cell(f"{item.title}"),
                    "" if item.points is None else figure(item.points), item.day,
                    "" if left is None else left, cell(f"{item.reason}"), cell(f"{item.how}"),
                ]
            )  # fmt: skip
        for own in missing.rectify.get(branch.id, ()):
            told, left = tr(AFTER_YEAR, year=own.year), missing.left(own.until)
            writer.writerow(
                [
                    cell(branch.id), cell(branch.name), RECTIFY, "", cell(own.asked), "", own.until,
                    "" if left is None else left, cell(told), "",
                ]
            )  # fmt: skip
    return stream.getvalue()


def as_calendar(missing: Missing, now: datetime.datetime) -> str:
    """Return an event a branch and last day (RFC 5545), with what is due by then.

    ``now`` is when the file is made, in UTC.
    """
    import icalendar  # noqa: PLC0415 - half a second that no other form waits for

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//appraise//missing//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", tr("{year} 年度还缺什么", year=missing.results.year))
    for lack in missing.lacks:
        for day, items in by_day(missing, lack).items():
            if missing.left(day) is not None:
                made = icalendar.Event()
                fill(made, missing, lack, day, items, now)
                calendar.add_component(made)
    data: bytes = calendar.to_ical()
    return data.decode()


def by_day(missing: Missing, lack: Lack) -> dict[str, list[Item]]:
    """Return what a branch can still do by the last day of each; what has none is due at last."""
    days: dict[str, list[Item]] = {}
    if lack.branch.status == Status.NOT_SUBMITTED:
        days[missing.last] = []
    for item in (*lack.mendable, *lack.findings):
        days.setdefault(item.day or missing.last, []).append(item)
    return dict(sorted(days.items()))


def fill(
    found: Event,
    missing: Missing,
    lack: Lack,
    day: str,
    items: Sequence[Item],
    now: datetime.datetime,
) -> None:
    """Write into an event what is due on its day."""
    year, branch = missing.results.year, lack.branch
    found.add("uid", f"{year}-{branch.id}-{day}@{missing.results.rubric_id}")
    found.add("dtstamp", now)
    found.add("dtstart", datetime.date.fromisoformat(day))
    found.add("transp", "TRANSPARENT")
    words = tr("{name}：还有 {n} 项可以补", name=branch.name, n=len(items))
    found.add(
        "summary", words if items else tr("{name}：{state}", name=branch.name, state=lack.state)
    )
    lines = [f"{worth(item)} {item.title}：{sentences(item)}" for item in items]
    found.add("description", "\n".join(lines))
