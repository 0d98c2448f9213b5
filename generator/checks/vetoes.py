"""Checks of veto facts: those on file, and those that the program points out."""

from __future__ import annotations

from generator.checks.inactivity import candidates
from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.text.unknown import report_unknown


@check(BRANCH_CHECKS, "S004", "R004")
def vetoes(context: BranchContext) -> None:
    """Veto facts name vetoes of the rubric; what is neither verified nor dismissed is open."""
    rules = {rule.id: rule for rule in context.rubric.vetoes}
    for entry in context.vetoes:
        if entry.veto is None:
            continue
        rule = rules.get(entry.veto)
        if rule is None:
            report_unknown(context.report, "S004", entry.at("veto"), entry.veto, rules)
        elif entry.state in {"alleged", "under-review"}:
            context.report.add(
                "R004",
                entry.at("state"),
                "“{title}”尚未查实或排除（{clause}）",
                severity=context.open_matter,
                title=rule.title,
                clause=rule.clause,
            )


@check(BRANCH_CHECKS, "R004")
def inactivity(context: BranchContext) -> None:
    """A branch without activity for as long as the rubric says is a candidate for its veto."""
    for candidate in candidates(context):
        context.report.add(
            "R004",
            context.data.home,
            "“{title}”（{clause}）：{reason}",
            severity=context.open_matter if candidate.certain else None,
            title=candidate.rule.title,
            clause=candidate.rule.clause,
            reason=candidate.reason,
        )
