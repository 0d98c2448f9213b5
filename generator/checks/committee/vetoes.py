"""Checks of the veto facts on file."""

from __future__ import annotations

from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.text.unknown import Known, report_unknown


@check(BRANCH_CHECKS, "S004", "R004")
def vetoes(context: BranchContext) -> None:
    """Veto facts name vetoes of the rubric; what is neither verified nor dismissed is open."""
    rules = {rule.id: rule for rule in context.rubric.vetoes}
    for entry in context.vetoes:
        if entry.veto is None:
            continue
        rule = rules.get(entry.veto)
        if rule is None:
            titles = {name: own.title for name, own in rules.items()}
            known = Known(titles, titles, guess=False)
            report_unknown(context.report, "S004", entry.at("veto"), entry.veto, known)
        elif entry.state in {"alleged", "under-review"}:
            context.report.add(
                "R004",
                entry.at("state"),
                "“{title}”尚未查实或排除（{clause}）",
                severity=context.open_severity("R004"),
                title=rule.title,
                clause=rule.clause,
            )
