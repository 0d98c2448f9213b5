"""What the shell completes behind ``appraise new``: branches, and what options may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.line.completion import begun, branch_ids, root_of

if TYPE_CHECKING:
    import click


def branch_or_nothing(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Complete the id of a branch; a new branch has none yet."""
    if context.params.get("what") in {None, "branch"}:
        return []
    return branch_ids(context, parameter, incomplete)


def set_values(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the keys of a record, and behind ``KEY=`` the ids that may be chosen."""
    from generator.engine.repository import MissingRubricError
    from generator.files.tree import WorkingTree
    from generator.proposals.filing.desk import Desk, UnreadableRubricError, year_to_file
    from generator.proposals.filing.every import FORMS

    # Behind an option that has no value yet click leaves the words as they are.
    words = [context.params.get("what"), context.params.get("name"), *context.args]
    what, name = ([word for word in words if word] + ["", ""])[:2]
    if what not in FORMS:
        return []
    tree = WorkingTree(root_of(context))
    try:
        year = context.params.get("year") or year_to_file(tree)
        desk = Desk(tree, year, name) if year else None
    except (MissingRubricError, UnreadableRubricError):
        desk = None
    if desk is None:
        return []
    questions = FORMS[what](desk).questions({})
    key, equals, begin = incomplete.partition("=")
    if not equals:
        return begun([f"{question.key}=" for question in questions], incomplete)
    ids = [
        choice.id for question in questions if question.key == key for choice in question.choices
    ]
    return [f"{key}={id_}" for id_ in begun(ids, begin)]
