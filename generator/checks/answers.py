"""Whether documents say which entries of the due list they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.formats.branch_files import Document
from generator.text.codes import Severity
from generator.text.language import mark
from generator.text.messages import listed, say
from generator.text.unknown import NAMED, Known, entitled, report_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.rubric.asked import Asked

NO_ENTRY = mark("没有向本支部布置“{value}”；本支部的应报事项：{known}")
OTHER_KIND = mark("“{id}”要的是{wanted}，这份材料是{own}，不算回应")
ANSWERS_NONE = mark("这份材料没有写回应哪一项；同类的应报事项：{known}")
SAY_WHICH = mark("是回应其中一项的，写上 due 和它的编号；都不是的，不用改")


@check(BRANCH_CHECKS, "E020")
def answers(context: BranchContext) -> None:
    """A document answers an entry of its kind that was asked of its branch."""
    asked = {entry.id: entry for entry in context.data.asked}
    for evidence in context.data.evidence.values():
        record = evidence.record
        if isinstance(record, Document) and record.kind in context.rubric.document_kinds:
            if record.due is not None:
                _fits(context, record, record.due, asked)
            else:
                _silent(context, record, asked)


def _fits(context: BranchContext, record: Document, due: str, asked: Mapping[str, Asked]) -> None:
    """Report a ``due`` that names no entry of the branch, or one of another kind."""
    titles = {name: entry.title for name, entry in asked.items()}
    entry = asked.get(due)
    if entry is None:
        alike = [name for name, one in asked.items() if one.kind == record.kind]
        known = Known(alike or titles, titles, guess=False)
        report_unknown(context.report, "E020", record.at("due"), due, known, NO_ENTRY, NAMED)
    elif entry.kind != record.kind:
        kinds = context.rubric.vocabulary.kind_titles
        context.report.add(
            "E020",
            record.at("due"),
            OTHER_KIND,
            id=due,
            wanted=say("“{name}”", name=kinds[entry.kind]),
            own=say("“{name}”", name=kinds[record.kind or ""]),
        )


def _silent(context: BranchContext, record: Document, asked: Mapping[str, Asked]) -> None:
    """Tell of a document that answers nothing though something of its kind was asked."""
    alike = [entry for entry in asked.values() if entry.kind == record.kind]
    if alike:
        context.report.add(
            "E020",
            record.place,
            ANSWERS_NONE,
            hint=SAY_WHICH,
            severity=Severity.NOTICE,
            known=listed(entitled(entry.id, {entry.id: entry.title}) for entry in alike[:NAMED]),
        )
