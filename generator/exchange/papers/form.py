"""The self-assessment of a branch on paper (自评表), filled with what is filed."""

from __future__ import annotations

from decimal import Decimal

# Any: what templates are handed, by names.
from typing import TYPE_CHECKING, Any

from generator.exchange.papers.paper import DASH, common, figure, filled, template_of, unended
from generator.scoring.scorecard import Basis
from generator.text.language import gettext, tr
from generator.text.messages import SEMICOLON, listed
from generator.text.titles import level_title

if TYPE_CHECKING:
    from pathlib import Path

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric
    from generator.scoring.scorecard import Line

NAME = "form"


def form(root: Path, results: Results, rubric: Rubric, branch: BranchResult) -> bytes:
    """Return the self-assessment of a branch as a Word file; raises TemplateError."""
    told = {**common(results, draft=False), **facts(rubric, branch)}
    return filled(template_of(root, NAME), told)


def facts(rubric: Rubric, branch: BranchResult) -> dict[str, Any]:
    """Return what the form tells: each criterion with what is claimed, and what proves it."""
    places = rubric.places
    lines = {line.criterion: line for line in branch.criteria if line.criterion}
    titles = {record.path: record.title for record in branch.records}
    rows = [
        {"section": section.title, "title": requirement(criterion.title, criterion.requires),
         "max": figure(criterion.points, places), **claimed(lines.get(name), titles, places)}
        for name, (section, criterion) in rubric.criteria.items()
    ]  # fmt: skip
    sums = [line.claimed for line in lines.values() if line.claimed is not None]
    return {
        "name": branch.name,
        "kind": branch.kind_title or DASH,
        "members": DASH if branch.members is None else branch.members,
        "criteria": rows,
        "total": figure(sum(sums, Decimal(0)) if sums else None, places),
        "most": figure(sum((c.points for _, c in rubric.criteria.values()), Decimal(0)), places),
        "bonuses": [
            {"title": line.title, "level": f"{level_title(line.level, line.level_title)}",
             "matter": line.matter, "points": figure(line.points, places)}
            for line in branch.bonus_lines
        ],
    }  # fmt: skip


def requirement(title: str, requires: str) -> str:
    """Return a criterion as the form names it."""
    return tr("{title}：{requires}", title=title, requires=requires) if requires else title


def claimed(line: Line | None, titles: dict[Any, Any], places: int) -> dict[str, str]:
    """Return what a branch claims for a criterion, its words, and the titles of its evidence."""
    if line is None:
        return {"claimed": DASH, "told": ""}
    if line.basis is Basis.NOT_APPLICABLE:
        return {"claimed": gettext("不适用"), "told": line.statement}
    own = figure(line.claimed, places)
    if line.claimed is None and line.computed is not None:
        own = gettext("由程序计算")
    named = [titles[path] for path in line.evidence if titles.get(path)]
    proof = tr("材料：{names}", names=listed(named)) if named else ""
    said = unended(line.statement) if proof else line.statement
    told = listed([part for part in (said, proof) if part], SEMICOLON)
    return {"claimed": own, "told": f"{told}"}
