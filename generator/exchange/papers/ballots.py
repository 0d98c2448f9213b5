"""The ballot paper of the debrief (测评表): a row a branch, a box beside each level."""

from __future__ import annotations

# Any: what templates are handed, by names.
from typing import TYPE_CHECKING, Any

from generator.exchange.papers.paper import common, filled, template_of

if TYPE_CHECKING:
    from pathlib import Path

    from generator.results.model import Results
    from generator.rubric.document import Rubric

NAME = "ballot"
SPACE = "\N{IDEOGRAPHIC SPACE}"
BOX = "\N{WHITE SQUARE}"


def ballot_papers(root: Path, results: Results, rubric: Rubric) -> bytes:
    """Return the paper to hand out as a Word file; raises TemplateError."""
    return filled(template_of(root, NAME), facts(results, rubric))


def facts(results: Results, rubric: Rubric) -> dict[str, Any]:
    """Return the branches in the order of their names, and the levels of the ballot."""
    titles = [f"{title}" for title in rubric.vocabulary.ballot_titles.values()]
    boxes = SPACE.join(f"{BOX}{title}" for title in titles)
    named = sorted(results.branches, key=lambda b: (b.consortium_title, b.id))
    return {
        **common(results, draft=False),
        "levels": SPACE.join(titles),
        "branches": [
            {"number": number, "name": branch.name, "boxes": boxes}
            for number, branch in enumerate(named, start=1)
        ],
    }
