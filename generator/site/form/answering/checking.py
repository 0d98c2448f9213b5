"""Drafts laid over what is there, and judged: findings by question, effect, what is lacking."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from generator.reports.left.missing import Missing, waits
from generator.results.describe import deadline_of, period_of
from generator.site.form.answering.effect import effect_of
from generator.site.form.answering.handing import titled
from generator.site.form.answering.lacking import Lacking
from generator.site.form.answering.opening import TITLES
from generator.site.form.answering.showing import finding_shown, problems_shown, told
from generator.text.language import gettext, mark, tr
from generator.text.messages import say
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.engine.year import Evaluation
    from generator.site.form.answering.filing import Filing
    from generator.site.form.answering.ground import Ground
    from generator.site.form.answering.pieces import Piece
    from generator.text.findings import Finding

Shown = dict[str, object]

#: A day outside of the period.
OUTSIDE = "S006"
#: A day that is not that of the record's folder.
FOLDER_DAY = "S007"
WHOLE_FIRST = mark("“{path}”在网站上没有全文：要改它，先给出本支部自己的那一份")
UNFINISHED = mark("“{title}”{state}")
TO_MEND, TO_FILL, READY = mark("有 {n} 处要改"), mark("还缺 {n} 项"), mark("填好了")


class Checking:
    """All drafts together, evaluated once."""

    def __init__(self, ground: Ground, filing: Filing) -> None:
        self.ground = ground
        self.filing = filing

    @cached_property
    def whole(self) -> Evaluation:
        """The branch with all drafts, also those of which something is missing."""
        return self.ground.after(self.filing.files)

    @cached_property
    def after(self) -> Evaluation:
        """The branch with the drafts that are finished: the others would count as faulty."""
        finished = self.filing.finished
        if len(finished) == len(self.filing.pieces):
            return self.whole
        return self.ground.after(self.filing.of(finished).files)

    @cached_property
    def new(self) -> list[Finding]:
        """Findings that are there with the drafts alone.

        A notice that says the same thing in other numbers is none.
        """
        before = self.ground.before.findings
        known = {(f.fingerprint, f.accepted is not None) for f in before}
        places = {(f.code, f.path, f.pointer) for f in before}
        return [
            f
            for f in self.whole.findings
            if (f.fingerprint, f.accepted is not None) not in known
            and not (f.severity == "notice" and (f.code, f.path, f.pointer) in places)
        ]

    @property
    def effect(self) -> list[Shown]:
        """What differs, old and new."""
        return effect_of(self.ground.branch, self.ground.year, self.ground.before, self.after)

    @cached_property
    def lacking(self) -> Lacking | None:
        """What the branch lacks; None where nothing can be computed."""
        result, after = self.ground.result(self.after), self.after
        if result is None or after.results is None or after.rubric is None:
            return None
        return Lacking(after.results, after.rubric, result, after.findings)

    @property
    def missing(self) -> list[Shown]:
        """What is lacking, what each would bring, and where it is mended."""
        return self.lacking.shown if self.lacking else []

    @property
    def pending(self) -> list[str]:
        """What can be told only once it was handed in."""
        return [f"{words}" for words in self.ground.published.pending]

    @property
    def last(self) -> str:
        """The last day of filing, empty where none is told."""
        appraisal = self.ground.desk.run.committee.appraisal
        return deadline_of(appraisal) or period_of(appraisal)[1]

    def left(self, today: datetime.date) -> str:
        """Say how many days are left."""
        results = self.after.results
        return waits(Missing(results, today, (), 0), self.last) if results else ""

    def findings(self, current: str | None) -> tuple[list[Shown], list[Shown]]:
        """Return what is found about one draft, by question, and all that is new beside it.

        Of another draft that is not finished one line says so.
        """
        own: list[Shown] = []
        others: list[Shown] = []
        for piece in self.filing.pieces:
            if piece.filled.draft == current:
                own += [*self._of(piece), *self._problems(piece)]
            elif piece.is_finished:
                others += [*self._of(piece, self.new), *self._problems(piece)]
            else:
                words = say(UNFINISHED, title=titled(piece), state=draft_shown(piece)["state"])
                others.append(in_draft(piece.filled.draft, told("", words)))
        for unopened in self.filing.unopened:
            draft = unopened.filled.draft
            (own if draft == current else others).append(in_draft(draft, told("", unopened.words)))
        others += [finding_shown(f) for f in self.new if self.filing.blamed(f) is None]
        return own, others

    def _of(self, piece: Piece, among: Collection[Finding] | None = None) -> Iterator[Shown]:
        """Yield the findings about a piece, or those of them that are among others."""
        for finding in self.whole.findings:
            found = self.filing.blamed(finding)
            if found is None or found[0] is not piece or is_asked(finding, *found):
                continue
            if among is None or finding in among:
                yield self._finding(finding, *found)

    def _finding(self, finding: Finding, piece: Piece, key: str) -> Shown:
        name = finding.path.rpartition("/")[2]
        file = {"file": name} if piece.draft and finding.path in piece.draft.attachments else {}
        shown = finding_shown(finding, key, piece.answered().get(key))
        day = piece.values.get(key)
        if not shown["suggestion"] and finding.code == OUTSIDE and isinstance(day, datetime.date):
            shown["suggestion"] = self._within(day)
        return in_draft(piece.filled.draft, {**shown, **file})

    def _within(self, day: datetime.date) -> str:
        """Return the day of the period with the same month and day, where there is one alone."""
        period = self.ground.desk.period
        if period is None:
            return ""
        start, end = period
        years = range(start.year, end.year + 1)
        same = [own for year in years if (own := in_year(day, year)) and start <= own <= end]
        return f"{same[0]}" if len(same) == 1 else ""

    def _problems(self, piece: Piece) -> list[Shown]:
        found = problems_shown(piece)
        path = piece.opening.path
        if path and not piece.is_idle and not self.ground.exact(path):
            words = say(WHOLE_FIRST, path=visible(path))
            found.append({**told("", words), "whole": path})
        return [in_draft(piece.filled.draft, shown) for shown in found]

    @property
    def drafts(self) -> list[Shown]:
        """Every draft by its title, and how far it is."""
        found = [draft_shown(piece) for piece in self.filing.pieces]
        for unopened in self.filing.unopened:
            filled = unopened.filled
            title = gettext(TITLES[filled.form]) if filled.form in TITLES else ""
            found.append({"draft": filled.draft, "title": title, "state": f"{unopened.words}"})
        return found


def in_draft(draft: str, shown: Shown) -> Shown:
    """Return what is told, with the draft that it is about."""
    return {**shown, "draft": draft}


def in_year(day: datetime.date, year: int) -> datetime.date | None:
    """Return a day of another year; None for 29 February of most of them."""
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def is_asked(finding: Finding, piece: Piece, key: str) -> bool:
    """Whether a finding only says what the form says itself: that something is missing."""
    said = {*piece.problems, *(question.key for question in piece.lacking)}
    if finding.code == FOLDER_DAY:
        return key in piece.problems
    if finding.code != "S001" or not said:
        return False
    return key in said or not key


def draft_shown(piece: Piece) -> Shown:
    """Return a draft by its title, and how far it is."""
    wrong = len(piece.problems) + len(piece.unplaced) + (piece.failure is not None)
    state = gettext(READY)
    if wrong:
        state = tr(TO_MEND, n=wrong)
    elif piece.owed:
        state = tr(TO_FILL, n=len(piece.owed))
    return {"draft": piece.filled.draft, "title": titled(piece), "state": state}
