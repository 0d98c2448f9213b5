"""A year of a branch filed by commands alone, packaged and imported, gives what its files give."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from generator.proposals.filing.every import FORMS
from tests.filling import as_set, desk_of, drafted, form_of, loaded, options_of, records_in
from tests.gitrepo import GitRepo
from tests.memory import files_below
from tests.plain_yaml import said
from tests.sites import PROGRAM
from tests.support import appraise, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BRANCH, YEAR = "demo-a", "2025"
HOME = f"branches/{BRANCH}/{YEAR}"
ASSESSMENT = f"{HOME}/self-assessment.yml"
#: What a record is, its options, its attachments by the path that they come from.
Record = tuple[str, list[str], "dict[Path, bytes]"]


def bare(root: Path) -> Path:
    """Write the sample without the records of other branches; return where."""
    shutil.copy(PROGRAM / "rubric.yml", root)
    shutil.copytree(PROGRAM / "committee", root / "committee")
    shutil.copytree(PROGRAM / "branches" / BRANCH, root / "branches" / BRANCH)
    for path in sorted((PROGRAM / "branches").glob("*/branch.yml")):
        write(root / path.relative_to(PROGRAM), path.read_bytes())
    return root


def records() -> Iterator[Record]:
    """Yield every record of the year, claims and bonus claims last."""
    for what, path, files in records_in(PROGRAM, BRANCH, int(YEAR)):
        name = path.rpartition("/")[2]
        record = loaded(files.pop(name))
        folder = PROGRAM / path.removesuffix(f"/{name}")
        attached = {folder / own: data for own, data in files.items()}
        yield what, [*options_of(record), f"folder={folder.name}"], attached
    whole = loaded((PROGRAM / ASSESSMENT).read_bytes())
    submitted = [f"submitted={whole['submitted']}"]
    for criterion, claim in whole["claims"].items():
        yield "claim", [f"criterion={criterion}", *options_of(claim), *submitted], {}
        submitted = []
    for claim in whole["bonus"]:
        yield "bonus", options_of(claim), {}


def by_commands(root: Path) -> None:
    """File each record by a command line."""
    for what, options, attached in records():
        files = [word for path in attached for word in ("--attach", f"{path}")]
        words = [what, BRANCH, "--year", YEAR, *as_set(options), *files]
        done = appraise("new", *words, root=root)
        assert done.exit_code == 0, (words, done.output)


def by_functions(root: Path) -> None:
    """File each record by what the command rests on: files in memory, written at the end."""
    files = files_below(root)
    desk = desk_of(files, BRANCH, int(YEAR))
    for what, options, attached in records():
        own = {path.name: data for path, data in attached.items()}
        form = (
            FORMS[what](desk) if own or what in {"activity", "document"} else form_of(files, what)
        )
        files |= drafted(form, options, own).files
    for path, data in files.items():
        write(root / path, data)


@pytest.mark.parametrize(
    "file_anew", [by_functions, pytest.param(by_commands, marks=pytest.mark.long)]
)
def test_a_year_filed_packaged_and_imported_is_the_same_year(
    tmp_path: Path, file_anew: Callable[[Path], None]
) -> None:
    """Every record, claim and attachment: the same points for the same reasons, nothing to mend."""
    told, office = (GitRepo(tmp_path / name, base=False) for name in ("told", "office"))
    bare(told.root)
    told.commit()
    shutil.rmtree(bare(office.root) / HOME)
    office.commit()
    branch = tmp_path / "branch"
    shutil.copytree(office.root, branch)

    file_anew(branch)
    before, after = files_below(PROGRAM / HOME), files_below(branch / HOME)
    assert before.keys() == after.keys()
    assert all(said(after[path]) == said(before[path]) for path in after if path.endswith(".yml"))

    package = tmp_path / "报送.zip"
    made = appraise("package", BRANCH, "--year", YEAR, f"{package}", root=branch)
    assert made.exit_code == 0, made.output
    done = appraise("import", "--commit", f"{package}", root=office.root)
    assert done.exit_code == 0, done.output
    (filing,) = office.git("branch", "--list", f"filing/{BRANCH}-*").split()
    assert office.git("diff", "--name-only", "main", filing).count("\n") + 1 == len(after)
    (figures,) = lines_of(told.root)
    assert figures["assessed"]["done"] > 10
    assert lines_of(office.root, "--at", filing) == [figures]
    checked = appraise("check", BRANCH, "--year", YEAR, "--at", filing, root=office.root)
    assert checked.exit_code == 0
    assert "错误 0" in checked.output


def lines_of(root: Path, *options: str) -> Any:
    """Return the branch's scorecard as it is computed, without the lines of files."""
    found = appraise("score", BRANCH, "--year", YEAR, "--format", "json", *options, root=root)
    return without_sources(json.loads(found.stdout)["branches"])


def without_sources(value: Any) -> Any:
    """Return JSON without what tells file and line."""
    if isinstance(value, dict):
        return {key: without_sources(own) for key, own in value.items() if key != "sources"}
    return [without_sources(own) for own in value] if isinstance(value, list) else value
