"""What the shell completes: ids of branches, criteria and questions, codes, years."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from generator.cli.line.place import root_here
from generator.files.paths import BRANCHES, COMMITTEE, RUBRIC_PATH, YEAR
from generator.text.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import click

    from generator.rubric.document import Rubric


def root_of(context: click.Context) -> Path:
    """Return the root that a command line names so far, or else the one around here."""
    line: click.Context | None = context
    while line is not None:
        if line.params.get("root"):
            return cast("Path", line.params["root"])
        line = line.parent
    return root_here()


def folders(root: Path, name: str) -> list[str]:
    """Return the names of folders in a folder of the root, in order."""
    found = (root / name).iterdir() if (root / name).is_dir() else ()
    return sorted(path.name for path in found if path.is_dir())


def begun(names: Iterable[str], incomplete: str) -> list[str]:
    """Return the names that begin with what is written so far, in any case."""
    return [name for name in names if name.lower().startswith(incomplete.lower())]


def branch_ids(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete ids of branches."""
    return begun(folders(root_of(context), BRANCHES), incomplete)


def years(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete years of the committee."""
    names = folders(root_of(context), COMMITTEE)
    return begun(filter(YEAR.fullmatch, names), incomplete)


def subjects(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete what ``explain`` explains: ids of branches and codes."""
    return begun([*folders(root_of(context), BRANCHES), *CODES], incomplete)


def criteria(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete ids of criteria; none behind a code."""
    rubric = rubric_of(root_of(context))
    told = f"{context.params.get('subject')}".upper() in CODES
    return begun(rubric.criteria, incomplete) if rubric and not told else []


def questions(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete ids of open questions."""
    rubric = rubric_of(root_of(context))
    return begun([question.id for question in rubric.questions], incomplete) if rubric else []


def rubric_of(root: Path) -> Rubric | None:
    """Return the rubric of a folder, None where there is none that can be read."""
    from generator.files.tree import WorkingTree
    from generator.loading.committee import load_rubric
    from generator.loading.reader import Reader
    from generator.text.findings import Report

    if not (root / RUBRIC_PATH).is_file():
        return None
    return load_rubric(Reader(WorkingTree(root), Report()), RUBRIC_PATH)
