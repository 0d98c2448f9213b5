"""Files that are attached to drafts, and sheets of attendance: bytes in, kept without metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.exchange.attendance import COLUMNS, read_roll
from generator.exchange.names import Names
from generator.exchange.sheets import read_book
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.exchange.table import find_table
from generator.files.attachments import extension, media_type
from generator.files.limits import MAX_BRANCH_YEAR, MAX_FILE, MEGABYTE
from generator.loading.attendance import STATUSES
from generator.proposals.filing.attached import (
    Given,
    faults,
    own_name,
    place_of,
    too_large,
    without_metadata,
)
from generator.proposals.filing.forms import naming
from generator.reports.findings import safe
from generator.site.form.answering.arguments import NAME, RefusedError, broken
from generator.site.form.answering.handing import STRIPPED
from generator.site.form.answering.opening import Opening
from generator.site.form.answering.showing import finding_shown, told
from generator.text.language import mark, tr
from generator.text.messages import say
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from generator.exchange.attendance import Roll
    from generator.proposals.filing.desk import Desk
    from generator.site.form.answering.arguments import Filled

Shown = dict[str, object]

TOO_MUCH = mark("附件一共超过 {n} MB：先交一部分，或者去掉几个")
UNREADABLE = mark("读不了“{name}”：{why}")
NOBODY = mark("表里没有读到人")
LEFT_OUT = mark("有 {n} 行不能确定，没有计入")


class Attaching:
    """The bytes of attached files, by draft and name."""

    def __init__(self) -> None:
        self.files: dict[str, dict[str, Given]] = {}

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(len(own.data) for given in self.files.values() for own in given.values())

    def attach(
        self, desk: Desk, draft: str, name: str, data: bytes, filled: Filled | None
    ) -> tuple[Shown, bytes | None]:
        """Keep a file without its metadata; one at fault is told of and not kept."""
        if not NAME.fullmatch(draft):
            raise broken(what="draft")
        allowed = desk.allowed
        own = own_name(name)
        given = without_metadata(Given(own, data))
        found = too_large(own, len(given.data), allowed) or faults(given, allowed)
        kept = not any(finding.severity == "error" for finding in found)
        if kept:
            before = self.files.get(draft, {}).get(own)
            rest = self.size - (len(before.data) if before else 0)
            if rest + len(given.data) > min(allowed.branch, MAX_BRANCH_YEAR):
                raise RefusedError(say(TOO_MUCH, n=allowed.branch // MEGABYTE))
            self.files.setdefault(draft, {})[own] = given
        shown: Shown = {
            "name": own,
            "size": len(given.data),
            "before": len(data),
            "kind": media_type(own) or extension(own),
            "key": key_of(desk, given, filled),
            "kept": kept,
            "findings": [{**finding_shown(one), "file": own} for one in found],
            "cleaned": [tr(STRIPPED)] if given.stripped else [],
        }
        return shown, given.data if kept else None

    def detach(self, draft: str, name: str | None) -> None:
        """Drop one file of a draft, or all of them."""
        if name is None:
            self.files.pop(draft, None)
        else:
            self.files.get(draft, {}).pop(own_name(name), None)

    def sheet(self, name: str, data: bytes) -> Shown:
        """Return counts of a sheet, and where it is not sure; names are dropped with it."""
        if len(data) > MAX_FILE:
            raise RefusedError(say(UNREADABLE, name=visible(name, SHORT), why=f"{len(data)}"))
        try:
            roll = read_roll(find_table(read_book(name, data), COLUMNS), Names({}))
        except UnreadableSheetError as error:
            raise RefusedError(
                say(UNREADABLE, name=visible(name, SHORT), why=error.words)
            ) from None
        return roll_shown(roll)


def roll_shown(roll: Roll) -> Shown:
    """Return a roll as counts."""
    counts = dict(zip(("present", "leave", "absent"), map(roll.count, STATUSES), strict=True))
    troubles = sorted(roll.plan.troubles, key=lambda own: own.place)
    found = [told("", say("{where}：{words}", where=t.where, words=t.words)) for t in troubles]
    members = sum(counts.values())
    lines = [tr(LEFT_OUT, n=len({t.place for t in troubles}))] if troubles else []
    if not members:
        lines.append(tr(NOBODY))
    values = {name: f"{n}" for name, n in {"members": members, **counts}.items()}
    return {"values": values if members else {}, "findings": found, "lines": lines}


def key_of(desk: Desk, given: Given, filled: Filled | None) -> str:
    """Return the question that a file would answer; empty where it is not certain."""
    if filled is None:
        return ""
    opening = Opening(desk, filled.form, filled.id)
    question = place_of(given, naming(opening.questions(opening.start)))
    return question.key if question else ""


def shown_name(name: str) -> str:
    """Return the name of a file as it may be shown."""
    return safe(visible(name))
