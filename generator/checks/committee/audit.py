"""Checks of the audit by lot: what was drawn is looked at, what differs is verified again."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check, open_severity
from generator.files.paths import RECORD_FILES, RecordPath, branch_of
from generator.formats.committee_files import FINAL
from generator.formats.nodes import is_absent
from generator.formats.received import DIFFERS
from generator.text.codes import Severity
from generator.text.findings import Report
from generator.text.language import mark
from generator.text.messages import some
from generator.text.names import SHORT, visible
from generator.text.unknown import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.checks.registry import BranchContext
    from generator.formats.committee_files import BonusReview, CriterionReview
    from generator.formats.received import Audit, DrawnEntry
    from generator.text.messages import Words

NOT_DRAWN = mark("宣布了抽查，还没有抽取")
DRAW = mark("写上种子 seed，运行 appraise audit draw {year} --write")
NOT_LOOKED = mark("抽中的“{path}”还没有人看过")
LOOK = mark("对照实际看过以后，在这一条写上 looked、by 和 outcome（相符 agrees，不符 differs）")
NOT_VERIFIED = mark("抽中的“{path}”{day} 查出不符，此后没有重新核定：{titles}")
VERIFY = mark(
    "运行 appraise review {branch} --year {year} --write，重新核定这几项，"
    "核定的日期 date 不早于 {day}"
)


@check(COMMITTEE_CHECKS, "C015")
def looked_at(context: YearContext) -> None:
    """Each record that was drawn was looked at; what differs was verified since."""
    audit, year = context.committee.audit, context.committee.year
    if audit is None:
        return
    if context.committee.stage == FINAL and is_undrawn(audit):
        at, severity = audit.place, Severity.WARNING
        context.report.add("C015", at, NOT_DRAWN, hint=DRAW, severity=severity, year=year)
    known = {name: s.id for s in context.summaries for name, _ in s.formerly}
    known |= {name: name for name in context.branch_ids}
    drawn = [(known.get(branch_of(e.path), ""), e) for e in audit.drawn if e.valid]
    last: BranchContext | None = None
    for branch, entry in sorted(drawn, key=lambda one: one[0]):
        with context.report.about(branch or None, year):
            if entry.looked is None or entry.outcome is None:
                _unseen(context, entry)
            elif entry.outcome == DIFFERS and branch and context.concerns(branch):
                if (last is None or last.data.id != branch) and context.scoring is not None:
                    last = context.scoring.score(branch, Report())
                if last is not None:
                    _differs(context, audit, entry, last)


def is_undrawn(audit: Audit) -> bool:
    """Whether nothing stands at ``drawn``."""
    _, written = audit.node.entries.get("drawn", (None, None))
    return written is None or is_absent(written) or audit.is_whole("drawn", ())


def _unseen(context: YearContext, entry: DrawnEntry) -> None:
    path, severity = visible(entry.path, SHORT), open_severity(context.committee, "C015")
    context.report.add("C015", entry.place, NOT_LOOKED, hint=LOOK, severity=severity, path=path)


def _differs(context: YearContext, audit: Audit, entry: DrawnEntry, branch: BranchContext) -> None:
    """C015 where a line that rests on a record was not verified since somebody looked at it."""
    records = records_now(context, audit, entry, branch)
    titles = list(dict.fromkeys(unverified(branch, records, entry)))
    if titles:
        context.report.add(
            "C015",
            entry.at("outcome"),
            NOT_VERIFIED,
            hint=VERIFY,
            severity=open_severity(context.committee, "C015"),
            path=visible(entry.path, SHORT),
            day=entry.looked,
            titles=some(titles, NAMED),
            branch=branch.data.id,
            year=context.committee.year,
        )


def records_now(
    context: YearContext, audit: Audit, entry: DrawnEntry, branch: BranchContext
) -> frozenset[str]:
    """Return the folders in which a record lies now that was drawn where it lay then."""
    own = RecordPath.of(entry.path)
    if own is None or context.receipts is None:
        return frozenset((entry.path,))
    file = f"{entry.path}/{RECORD_FILES[own.group]}"
    known = audit.known or datetime.date.max
    before = known - datetime.timedelta(days=1) if known > datetime.date.min else known
    found = context.receipts.now(file, before, branch.data.names)
    return frozenset(path.rpartition("/")[0] for path in found)


def unverified(
    branch: BranchContext, records: frozenset[str], entry: DrawnEntry
) -> Iterator[Words]:
    """Yield titles of the criteria and bonus claims that rest on records, not verified since."""
    review = branch.review
    for line in branch.card.lines:
        if line.criterion is None or records.isdisjoint(line.evidence):
            continue
        item = review.criteria.get(line.criterion) if review else None
        if not _since(item, entry):
            yield branch.rubric.criteria[line.criterion][1].title
    for bonus in branch.card.bonus_lines:
        if not records.isdisjoint(bonus.evidence):
            decided = review.bonus.get(bonus.claim) if review else None
            if not _since(decided, entry):
                yield bonus.title


def _since(item: CriterionReview | BonusReview | None, entry: DrawnEntry) -> bool:
    """Whether a decision was made on the day on which somebody looked, or later."""
    if item is None or item.date is None or entry.looked is None:
        return False
    return item.valid and item.date >= entry.looked
