"""A whole year by the form alone, the engine in the page: packaged, imported, the same points."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from generator.reports.documents import documents
from generator.site.form import engine
from tests.at_form import PHONE, Person
from tests.browser import PROGRAM, needed, opened, served
from tests.conversing import YEAR, year_as_drafts
from tests.memory import files_below
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

BRANCH = "demo-a"
HOME = f"branches/{BRANCH}/{YEAR}"
#: What hangs on whether the branch has filed, or on the year after.
LATER = (f"committee/{YEAR}/reviews/{BRANCH}.yml", "committee/2026")
APPRAISAL = f"committee/{YEAR}/appraisal.yml"
#: Answers on which other questions hang come first.
FIRST = ("kind", "rule")


def taking(root: Path) -> None:
    """Make the sample a repository in which records of the year are taken."""
    for name in ("branches", "committee", "rubric.yml", "mkdocs.yml", "site_templates"):
        copy = shutil.copytree if (PROGRAM / name).is_dir() else shutil.copy
        copy(PROGRAM / name, root / name)
    for path in (*(root / name for name in LATER), *root.glob("branches/*/2026")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    text = (root / APPRAISAL).read_text("utf-8")
    (root / APPRAISAL).write_text(text.replace("stage: publicity", "stage: open"), "utf-8")


def figures(root: Path) -> Any:
    """Return the points of the branch: of lines, of bonus claims, and their sum."""
    document = json.loads(documents(files_below(root), YEAR).results)
    (found,) = [own for own in document["branches"] if own["id"] == BRANCH]
    lines = {(own["criterion"], own["part"]): own["points"] for own in found["lines"]}
    bonus = {own["claim"]: own["points"] for own in found["bonus_lines"]}
    return lines, bonus, found["total"]


def file(person: Person, draft: dict[str, Any], files: dict[str, bytes]) -> None:
    """Fill in one record, as it stands in a draft, with its files."""
    named = set(files)
    answers = {key: value for key, value in draft["values"].items() if not names(value, named)}
    person.go(f"new/{draft['form']}")
    for key in sorted(answers, key=lambda key: key not in FIRST):
        person.answer(key, answers[key])
        if key in FIRST:
            person.asked("questions")
    kinds = {"md": "text/markdown", "csv": "text/csv", "pdf": "application/pdf"}
    given = [(name, kinds.get(name.rpartition(".")[2], ""), data) for name, data in files.items()]
    if given:
        person.files(*given)
    person.asked("check")
    person.page.locator(".ap-f-kept").get_by_text("存好").wait_for()
    assert person.page.locator(".ap-f-error").all_inner_texts() == [], draft


def names(value: Any, files: set[str]) -> bool:
    """Whether an answer names files beside the record."""
    if isinstance(value, dict):
        return bool(files & {f"{own}" for own in value.values()})
    return (
        value in files
        if isinstance(value, str)
        else (isinstance(value, list) and bool(files & {f"{own}" for own in value}))
    )


@pytest.mark.long
def test_a_year_by_the_form_alone_is_the_same_year(browser: Browser, tmp_path: Path) -> None:
    needed("the engine (make engine)", engine.assets("zh"))
    whole, bare, site = (tmp_path / name for name in ("whole", "bare", "site"))
    for root in (whole, bare):
        root.mkdir()
        taking(root)
    shutil.rmtree(bare / HOME)
    built = appraise("build", "--quiet", "--no-cache", "--site-dir", str(site), root=bare)
    assert built.exit_code == 0, built.output

    with served(site) as there, opened(browser, width=PHONE, touch=True) as page:
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{there.origin}file.html?branch={BRANCH}")
        person = Person(page, counted=False)
        page.get_by_role("heading", name="已经报送").wait_for()  # known once the program is there
        for draft, files in year_as_drafts():
            file(person, draft, files)
        person.press("下一步：核对")
        person.heading("核对")
        assert page.locator(".ap-f-summary").count() == 0
        person.press("下一步：交出去")
        person.heading("交出去")
        with page.expect_download() as saved:
            person.press("存包")
        package = tmp_path / saved.value.suggested_filename
        saved.value.save_as(package)
        assert {url.startswith((there.origin, "blob:", "data:")) for url in requests} == {True}

    told = appraise("import", str(package), root=bare)
    assert told.exit_code == 0, told.output
    assert figures(bare) == figures(whole)
    checked = appraise("check", BRANCH, root=bare)
    assert checked.exit_code == 0, checked.output
