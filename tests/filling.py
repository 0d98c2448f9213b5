"""What tests of filing share: records as the options of ``appraise new`` say them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from generator.cli.filing.given import Options, attach
from generator.files.tree import MemoryTree
from generator.proposals.filing.attached import Given
from generator.proposals.filing.desk import Desk
from generator.proposals.filing.every import FORMS
from tests.memory import files_below
from tests.sites import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.proposals.filing.forms import Draft, Form, Values

BRANCHES = sorted((PROGRAM / "branches").glob("*/branch.yml"))
RECORDS = {"activities": ("activity", "activity.yml"), "documents": ("document", "document.yml")}


def options_of(record: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Return a record as ``KEY=VALUE``, the way a person or a script would say it."""
    found: list[str] = []
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            found += options_of(value, f"{name}.")
        elif isinstance(value, list):
            found += [f"{name}={spoken(item)}" for item in value]
        else:
            found.append(f"{name}={spoken(value)}")
    return found


def spoken(value: object) -> str:
    """Return a value as people say it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{Decimal(str(value)) if isinstance(value, float) else value}"


def as_set(options: list[str]) -> list[str]:
    """Return options as they stand on a command line."""
    return [word for option in options for word in ("--set", option)]


def sample(*branches: str) -> dict[str, bytes]:
    """Return the files of the sample, of all but these branches what they are alone."""
    names = ("rubric.yml", *(f"branches/{p.parent.name}/branch.yml" for p in BRANCHES))
    files = {name: (PROGRAM / name).read_bytes() for name in names}
    for folder in ("committee", *(f"branches/{name}" for name in branches)):
        own = files_below(PROGRAM / folder)
        files |= {f"{folder}/{path}": data for path, data in own.items()}
    return files


def desk_of(files: Mapping[str, bytes], branch: str, year: int = 2025) -> Desk:
    """Return a branch and year of files in memory."""
    return Desk(MemoryTree(files), year, branch)


def form_of(files: Mapping[str, bytes], what: str, branch: str = "demo-a") -> Form:
    """Return a form over files in memory."""
    return FORMS[what](desk_of(files, branch))


def answers_of(form: Form, options: list[str], files: Mapping[str, bytes] | None = None) -> Values:
    """Return what options say, all of them; there must be nothing wrong or missing."""
    said = Options.of(options)
    given = [Given(name, data) for name, data in (files or {}).items()]
    values = said.answers(form, list(files or ()))
    values = attach(form, values, given, said.problems)
    assert said.problems == [], said.problems
    assert form.lacking(values) == []
    return values


def drafted(form: Form, options: list[str], files: Mapping[str, bytes] | None = None) -> Draft:
    """Return the files that options make."""
    return form.draft(answers_of(form, options, files), files or {})


def loaded(data: bytes) -> Any:
    """Return what a YAML file says, with types as another reader guesses them."""
    return yaml.safe_load(data)


def records_in(root: Path, branch: str, year: int) -> list[tuple[str, str, dict[str, bytes]]]:
    """Return what each record folder is: kind of record, path of its file, the files in it."""
    found = []
    for group, (what, file) in RECORDS.items():
        home = root / "branches" / branch / str(year) / group
        for folder in sorted(home.iterdir()) if home.is_dir() else ():
            path = f"branches/{branch}/{year}/{group}/{folder.name}/{file}"
            found.append((what, path, files_below(folder)))
    return found
