"""The scripts of the form: typed, and without a word, an id or a limit of their own."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.site.form.session import CALLS
from tests.browser import PROGRAM, WEB, needed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORM = PROGRAM / "site_templates" / "pages" / "assets" / "form"
SCRIPTS = sorted(FORM.rglob("*.js"))
TYPESCRIPT = WEB / "node_modules" / ".bin" / "tsc"
#: Characters of Chinese, and its punctuation.
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
STRING = re.compile(r"""(["'`])((?:\\.|(?!\1)[^\\\n])*)\1""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
WRONG = """
import { Engine } from "%s/engine.js";
/** @param {Engine} engine */
export const asked = (engine) => engine.call("form", { form: 1 });
"""


def typed(project: Path) -> subprocess.CompletedProcess[str]:
    """Check the types of a project."""
    needed("typescript (make test installs it by npm)", TYPESCRIPT.exists())
    return subprocess.run(
        [TYPESCRIPT, "--project", project, "--pretty", "false"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def strings(script: str) -> set[str]:
    """Return what stands in quotes in a script, comments aside."""
    return {found[1] for found in STRING.findall(COMMENT.sub("", script))}


@pytest.mark.slow
def test_types_are_without_an_error() -> None:
    done = typed(WEB)
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.slow
def test_a_call_that_the_program_does_not_take_is_an_error_of_types(tmp_path: Path) -> None:
    base = {"extends": str(WEB / "tsconfig.json"), "include": ["wrong.js"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(base), "utf-8")
    (tmp_path / "wrong.js").write_text(WRONG % FORM, "utf-8")
    done = typed(tmp_path)
    (error,) = (line for line in done.stdout.splitlines() if "error TS" in line)
    assert "wrong.js(4," in error


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(FORM)))
def test_a_script_has_no_word_of_its_own(script: Path) -> None:
    assert HAN.findall(script.read_text("utf-8")) == []


def ids_of(node: object) -> Iterator[str]:
    """Yield the ids in a rubric: of what has a title, and those that are an entry themselves."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if isinstance(value, dict) and "title" in value:
            yield key
        if key == "id":
            yield f"{value}"
        yield from ids_of(value)
    for value in node if isinstance(node, list) else ():
        yield from ids_of(value)


def test_no_script_names_anything_of_the_rubric() -> None:
    rubric = yaml.safe_load((PROGRAM / "rubric.yml").read_text("utf-8"))
    maps = (rubric[name] for name in ("branch_kinds", "activity_types", "document_kinds"))
    ids = {*ids_of(rubric), *(key for own in maps for key in own), *rubric["ballot"]}
    assert {"theme-day", "plan", "org-activities", "excellent"} <= ids
    # A call of the program is called as a kind of document is.
    ids -= set(CALLS)
    found = {path.name: strings(path.read_text("utf-8")) & ids for path in SCRIPTS}
    assert {name: own for name, own in found.items() if own} == {}
