"""Bundles as the site's build writes them: where, when anew, and what the form begins with."""

from __future__ import annotations

import datetime
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.proposals.bundles.bundled import bundled
from generator.proposals.bundles.trial import BundleTrial
from generator.results.audience import INTERNAL, PUBLIC, Publish
from generator.results.projection import Hidden
from generator.site.build.producing import Production, volumes_of
from generator.site.data.years import load_site
from generator.site.form.bundles import Bundles, as_json, bundles_of
from generator.site.form.kept import BundleStore
from generator.site.form.session import Session
from generator.site.guarding.scan import leaks
from generator.text.language import set_language
from tests.gitrepo import GitRepo

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATES = Path(__file__).resolve().parent.parent / "site_templates"
DAY = datetime.date(2026, 1, 20)
WHEN = "2026-01-10T12:00:00+08:00"
PLAN = "branches/demo-a/2025/documents/plan/document.yml"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """A small repository with one commit, in a year that is open."""
    repo = GitRepo(tmp_path / "repo")
    repo.commit(when=WHEN)
    return repo


def made(
    repo: GitRepo,
    store: BundleStore | None = None,
    lang: str = "zh",
    publish: Publish = PUBLIC,
) -> Bundles:
    """Return what makes the bundles of the repository as it is."""
    found = bundles_of(load_site(repo.root, lang, TEMPLATES, publish=publish), store)
    assert found is not None
    return found


def written(bundles: Bundles) -> tuple[dict[str, bytes], int]:
    """Return all files by address, and how many were made anew and kept."""
    files, shared, rows = {}, {}, []
    for branch in bundles.results.branches:
        file, shared[branch.id], row = bundles.own(branch)
        files[file.address] = b"".join(file.pieces())
        rows += [row] if row else []
    common = bundles.shared(shared)
    files[common.address] = b"".join(common.pieces())
    bundles.filed.close()
    if bundles.store is not None:
        bundles.store.keep(rows)
    return files, len(rows)


@pytest.fixture
def store(tmp_path: Path) -> BundleStore:
    """A store of bundles."""
    return BundleStore(tmp_path / "bundles.sqlite")


def test_a_bundle_is_made_anew_only_where_something_of_it_changed(
    repo: GitRepo, store: BundleStore
) -> None:
    first, new = written(made(repo, store))
    assert {*first} == {
        "2025/bundle.json", "2025/branches/demo-a.bundle.json", "2025/branches/demo-b.bundle.json",
    }  # fmt: skip
    assert new == 2
    assert written(made(repo, store)) == (first, 0)
    assert written(made(repo))[0] == first

    path = repo.root / PLAN
    path.write_text(path.read_text("utf-8").replace("title: ", "title: 新的"), "utf-8")
    repo.commit(when=WHEN)
    second, new = written(made(repo, store))
    assert new == 1
    assert second == written(made(repo))[0]
    differing = {address for address in first if first[address] != second[address]}
    assert differing == {"2025/bundle.json", "2025/branches/demo-a.bundle.json"}


def test_sites_in_two_languages_and_for_two_audiences_keep_their_own(
    repo: GitRepo, store: BundleStore
) -> None:
    sites = [(lang, publish) for lang in ("zh", "en") for publish in (PUBLIC, INTERNAL)]
    first = [written(made(repo, store, *site)) for site in sites]
    assert [new for _, new in first] == [2] * len(sites)
    assert [written(made(repo, store, *site)) for site in sites] == [(f, 0) for f, _ in first]


def test_a_branch_that_is_not_as_its_commit_has_it_is_never_kept(
    repo: GitRepo, store: BundleStore
) -> None:
    path = repo.root / PLAN
    path.write_text(path.read_text("utf-8").replace("title: ", "title: 新的"), "utf-8")
    files, new = written(made(repo, store))
    assert new == 1
    assert "新的" in files["2025/branches/demo-a.bundle.json"].decode()


@pytest.mark.parametrize("damage", ["bytes", "rows", "gone"])
def test_what_is_kept_is_believed_by_its_digest_alone(
    repo: GitRepo, store: BundleStore, damage: str
) -> None:
    first, _ = written(made(repo, store))
    path = store.file.path
    if damage == "bytes":
        path.write_bytes(b"\0" * 5000)
    elif damage == "rows":
        with sqlite3.connect(path) as rows:
            rows.execute("UPDATE bundles SET value = x'00'")
        rows.close()
    else:
        path.unlink()
    assert written(made(repo, BundleStore(path)))[0] == first
    assert written(made(repo, BundleStore(path)))[0] == first


def test_a_year_that_takes_nothing_has_no_bundles(repo: GitRepo) -> None:
    path = repo.root / "committee/2025/appraisal.yml"
    text = path.read_text("utf-8")
    assert "stage: review" in text or "stage: open" in text
    for stage in ("open", "review"):
        text = text.replace(f"stage: {stage}", "stage: publicity")
    path.write_text(text, "utf-8")
    repo.commit(when=WHEN)
    site = load_site(repo.root, "zh", TEMPLATES)
    assert site.filed is None
    assert bundles_of(site, None) is None


@pytest.fixture
def spoken() -> Iterator[None]:
    """Speak Chinese again after a test."""
    yield
    set_language("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("spoken")
def test_the_form_begins_with_what_the_program_asks(repo: GitRepo, lang: str) -> None:
    files, _ = written(made(repo, lang=lang))
    shared = files["2025/bundle.json"].decode()
    own = files["2025/branches/demo-a.bundle.json"].decode()
    tree = bundled(shared, own, DAY)
    session = Session.over(tree, BundleTrial(tree), DAY)
    forms = json.loads(shared)["forms"]
    assert {*forms} == {"activity", "document"}
    for name, form in forms.items():
        request = {"id": 0, "call": "form", "args": {"form": name, "id": None, "like": None}}
        due = json.loads(session.answer(json.dumps(request)).text)["value"]
        assert plain(form) == plain(due)
    overview = json.loads(own)["overview"]
    answer = session.answer(json.dumps({"id": 0, "call": "overview", "args": {"drafts": []}}))
    assert overview["adding"] == json.loads(answer.text)["value"]["adding"]


def plain(form: dict[str, Any]) -> dict[str, Any]:
    """Return a form without what a branch of its own has: records, other branches, its members."""
    own = {"joint_with": "choices", "due": "choices", "attendance": "help"}
    questions = [
        {key: value for key, value in question.items() if key != own.get(question["key"])}
        for question in form["questions"]
    ]
    return {**form, "questions": questions, "likes": []}


def test_half_a_character_in_a_name_is_escaped() -> None:
    text = as_json({"path": "branches/\udcff", "values": "支部"})
    assert text == '{"path":"branches/\\udcff","values":"支部"}'.encode()
    assert json.loads(text)["path"] == "branches/\udcff"


def test_the_tasks_of_a_build_write_them(repo: GitRepo) -> None:
    """The production has tasks for them in the years in which branches file, and no others."""
    site = load_site(repo.root, "zh", TEMPLATES)
    production = Production(volumes_of(site), None, None)  # type: ignore[arg-type] # nothing is written
    tasks = [task for task in production.tasks(0) if task.what == "bundles"]
    assert [(task.first, task.last) for task in tasks] == [(0, 2)]


def test_the_look_through_a_built_site_reads_them(repo: GitRepo, tmp_path: Path) -> None:
    """What is not shown is found in a bundle as in a page: there, and in no other place."""
    files, _ = written(made(repo))
    for address, data in files.items():
        target = tmp_path / "site" / address
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    secret = Hidden("组织谈话时本人说明的情况", "vetoes.reason")
    assert [*leaks(tmp_path / "site", {secret})] == []
    target = tmp_path / "site/2025/branches/demo-a.bundle.json"
    document = json.loads(target.read_bytes())
    document["files"][0]["values"] = {"title": f"另见：{secret.text}。"}
    target.write_bytes(as_json(document))
    assert [leak.file for leak in leaks(tmp_path / "site", {secret})] == [
        "2025/branches/demo-a.bundle.json"
    ]
