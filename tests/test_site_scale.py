"""A site of many branches: several processes, kept pages, lists in pages, and what it weighs."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import sqlite3
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment

from generator.engine.processes import WorkerDiedError, spread
from generator.reports.progress import ProgressLine
from generator.results.document import dump, to_json
from generator.scoring.scorecard import Status
from generator.site.build import reuse, swapping
from generator.site.build.building import build_site
from generator.site.build.producing import Production, volumes_of
from generator.site.build.volume import Pages
from generator.site.data import standings
from generator.site.data.years import load_site
from generator.site.exports.results_text import ResultsText
from generator.site.html import compiling, search, templating, theme
from generator.site.html.audit import AuditError, Auditor
from generator.site.html.page import BANNER, Frame, GeneratedPage
from generator.site.html.shell import CONTENT_STANDIN, Shell, ShellError, ShellKey, Slot
from generator.site.html.writing import Writer
from generator.site.ranking import pages as rankings
from generator.site.reference import pages as reference
from generator.text.language import set_language
from generator.text.numbers import read_json
from generator.text.privacy import masked
from tests.gitrepo import GitRepo
from tests.site_bodies import site_pages
from tests.sites import files_of
from tests.test_site_pages import PROGRAM, TEMPLATES, Page
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from generator.results.model import BranchResult
    from generator.site.data.years import SiteData

#: Bytes of a page that are not its body: the theme around it.
SHELL = 20_000
FIRST_VIEW = 300_000
INDEX = 10_000_000
#: Branches of the largest year that is planned for.
MANY = 10_000
#: What the processes beside each build would import anew.
LIBRARIES = ("pyarrow.parquet", "PIL.ImageDraw", "PIL.ImageFont", "PIL.PngImagePlugin")
#: The branches of the small repository.
EVERYBODY = ["demo-a", "demo-b"]


def larger(site: SiteData, count: int) -> SiteData:
    """Return a site of as many ranked branches, made of those of the sample, under other ids."""
    scored = [b for b in site.results.branches if b.status == Status.SCORED]
    assert scored
    branches = tuple(
        replace(
            scored[number % len(scored)],
            id=f"demo-{number:05d}",
            name=masked(f"重庆市示例学会第{number}党支部"),
            rank=number + 1,
            rank_range=(max(1, number - 500), number + 500),
        )
        for number in range(count)
    )
    evaluation = replace(site.evaluation, results=replace(site.results, branches=branches))
    return replace(site, evaluation=evaluation, trends={})


class Repository:
    """A git repository of the sample with a site that is built from it."""

    def __init__(self, folder: Path, *, base: bool = True) -> None:
        self.repo = GitRepo(folder / "root", base=base)
        self.root = self.repo.root
        self.site = folder / "site"
        self.fresh = folder / "fresh"

    def build(self, lang: str = "zh") -> dict[str, str]:
        """Build with what earlier builds kept; return the digest of each file."""
        build_site(self.root, self.site, lang, quiet=True, jobs=1)
        return files_of(self.site)

    def copy(self, folder: Path) -> Repository:
        """Return the same in another folder, with its site and what its builds kept."""
        shutil.copytree(self.root, folder / "root")
        shutil.copytree(self.site, folder / "site")
        return Repository(folder, base=False)

    def anew(self, lang: str = "zh", jobs: int = 1) -> dict[str, str]:
        """Build from nothing, somewhere else."""
        shutil.rmtree(self.fresh, ignore_errors=True)
        build_site(self.root, self.fresh, lang, quiet=True, keep=False, jobs=jobs)
        return files_of(self.fresh)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file and commit it."""
        target = self.root / path
        text = target.read_text("utf-8")
        assert old in text
        target.write_text(text.replace(old, new, 1), "utf-8")
        self.repo.commit(f"{path}: {new}")

    def withdraw(self, path: str) -> None:
        """Remove a folder and commit it."""
        shutil.rmtree(self.root / path)
        self.repo.commit(f"{path} removed")

    @property
    def store(self) -> Path:
        """The file of kept pages."""
        return self.root / ".git" / reuse.FILE


@pytest.fixture(autouse=True)
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave it to the system when it writes: whole builds are many here, and none is published."""
    monkeypatch.setattr(swapping, "flush", lambda _: None)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    yield Repository(tmp_path)
    set_language("zh")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository whose site was built once; nobody changes it.

    It is what a build without the cache gives, of which nothing is kept.
    """
    for library in LIBRARIES:
        import_module(library)
    it = Repository(tmp_path_factory.mktemp("prepared"))
    cold = it.anew()
    assert not it.store.exists()
    with pytest.MonkeyPatch.context() as patch:
        made = counted(patch)
        assert it.build() == cold
    assert sorted(made) == EVERYBODY
    return it


@pytest.fixture
def built(tmp_path: Path, prepared: Repository) -> Iterator[Repository]:
    """Return a repository whose site was built once."""
    yield prepared.copy(tmp_path)
    set_language("zh")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the branches whose pages are made, in order, one entry each time."""
    return counted(monkeypatch)


def counted(patch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that every branch whose pages are made is added to."""
    names: list[str] = []
    original = Pages.branch

    def noted(pages: Pages, branch: BranchResult) -> Iterator[GeneratedPage]:
        names.append(branch.id)
        return original(pages, branch)

    patch.setattr(Pages, "branch", noted)
    return names


def test_several_processes_write_the_bytes_of_one(built: Repository) -> None:
    assert built.anew(jobs=3) == files_of(built.site)


def test_only_what_changed_is_made_anew(built: Repository, made: list[str]) -> None:
    path = "branches/demo-a/branch.yml"
    built.edit(path, "示例a", "示例改名后的")
    after = built.build()
    assert made == ["demo-a"]
    assert after == built.anew()
    assert "示例改名后的" in (built.site / "2025/branches/demo-a.html").read_text("utf-8")


def test_a_commit_that_changes_nothing_shown_is_on_every_page(
    built: Repository, made: list[str]
) -> None:
    """The version of the data is on each page, and no page is made anew for it."""
    before = files_of(built.site)
    commit = built.repo.commit("nothing", when="2026-03-04T12:00:00+08:00")
    after = built.build()
    assert made == []
    pages = [name for name in after if name.endswith(".html") and name != "404.html"]
    assert all(before[name] != after[name] for name in pages)
    for name in pages:
        assert commit[:12] in (built.site / name).read_text("utf-8"), name
    assert "2026-03-04" in (built.site / "2025/branches/demo-a.html").read_text("utf-8")
    assert after == built.anew()


CHANGES: Mapping[str, Callable[[Repository], None]] = {
    "the deadline": lambda it: it.edit(
        "committee/2025/appraisal.yml", "self_assessment: 2025", "self_assessment: 2026"
    ),
    "a title of the rubric": lambda it: it.edit("rubric.yml", "title: ", "title: 改"),
    "a branch without files": lambda it: it.withdraw("branches/demo-b/2025"),
    "points that move ranks": lambda it: it.edit(
        "branches/demo-a/2025/self-assessment.yml", "points: 4.5", "points: 0.5"
    ),
}


@pytest.mark.parametrize("what", tiered([*CHANGES][::-1], often=2))
def test_kept_pages_are_those_of_a_build_from_nothing(what: str, built: Repository) -> None:
    CHANGES[what](built)
    assert built.build() == built.anew()


def test_another_template_makes_all_pages_anew(repository: Repository, made: list[str]) -> None:
    shutil.copytree(TEMPLATES, repository.root / "site_templates")
    shutil.copy(PROGRAM / "mkdocs.yml", repository.root)
    repository.repo.commit("templates")
    repository.build()
    assert sorted(made) == EVERYBODY
    made.clear()
    name = "site_templates/templates/evidence.html.jinja"
    repository.edit(name, '<h2 id="files">', '<h2 class="ap-new" id="files">')
    after = repository.build()
    assert sorted(made) == EVERYBODY
    assert after == repository.anew()


def test_each_language_has_pages_and_templates_of_its_own(
    built: Repository, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next build of a process, as ``serve`` makes it, has what its templates compile to."""
    sources: list[str] = []
    original = Environment._generate

    def noted(env: Environment, *values: Any, **more: Any) -> str:
        sources.append(values[1])
        return original(env, *values, **more)

    monkeypatch.setattr(Environment, "_generate", noted)
    monkeypatch.setattr(compiling, "compiled", lru_cache(compiling.compiled.__wrapped__))
    monkeypatch.setattr(templating, "compiled", compiling.compiled)
    monkeypatch.setattr(theme, "compiled", compiling.compiled)
    chinese = files_of(built.site)
    english = built.build("en")
    assert {"scorecard.html.jinja", "main.html"} <= set(sources)
    sources.clear()
    assert built.anew("en") == english
    assert sources == []
    assert chinese["2025/branches/demo-a.html"] != english["2025/branches/demo-a.html"]
    program = re.compile(r"assets/engine/\w+\.zip")  # it has the catalogue of its language
    assert sorted(program.sub("", name) for name in english) == sorted(
        program.sub("", name) for name in chinese
    )
    made.clear()
    assert built.build() == chinese
    assert made == []
    assert "main.html" in sources


@pytest.mark.parametrize(
    "how", tiered(["a page", "a key", "the file", "its digest", "a folder", "empty"], often=1)
)
def test_what_was_tampered_with_is_never_shown(
    how: str, built: Repository, made: list[str]
) -> None:
    """A row is believed by key and digest; a file of another kind is not used."""
    before = files_of(built.site)
    if how == "the file":
        built.store.write_bytes(b"no database" * 1000)
    elif how == "a folder":
        built.store.unlink()
        built.store.mkdir()
    elif how == "empty":
        built.store.write_bytes(b"")
    else:
        column = {"a page": "value", "its digest": "digest", "a key": "key"}[how]
        with sqlite3.connect(built.store) as rows:
            rows.execute(f"UPDATE pages SET {column} = x'00' || substr({column}, 2)")  # noqa: S608
        rows.close()
    assert built.build() == before
    assert sorted(made) == EVERYBODY
    made.clear()
    assert built.build() == before
    assert bool(made) == (how == "a folder"), "what can be mended is mended by the next build"


def test_a_worker_that_dies_names_the_branch(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(_: Pages, branch: BranchResult) -> Iterator[GeneratedPage]:
        if branch.id == "demo-b":
            os._exit(9)
        return iter(())

    monkeypatch.setattr(Pages, "branch", dying)
    with pytest.raises(WorkerDiedError) as caught:
        repository.anew(jobs=2)
    others = {"demo-a"}  # the other process may be at it still: its bundle is made, too
    assert {*caught.value.branches} - others == {"demo-b"}
    assert not repository.fresh.exists()


def test_what_fails_in_a_worker_fails_the_build(
    built: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that no page may have stops the build in any process; the old site stays."""
    before = files_of(built.site)
    original = Pages.branch

    def spoilt(pages: Pages, branch: BranchResult) -> Iterator[GeneratedPage]:
        for page in original(pages, branch):
            yield replace(page, body=page.body + type(page.body)("<script>x</script>"))

    monkeypatch.setattr(Pages, "branch", spoilt)
    for jobs in (1, 2):
        with pytest.raises(AuditError):
            build_site(built.root, built.site, quiet=True, keep=False, jobs=jobs)
        assert files_of(built.site) == before


def test_spread_keeps_the_order_and_leaves_few_to_one_process() -> None:
    own = list(spread(lambda _: os.getpid(), [1, 2, 3], None, few=True))
    assert own == [os.getpid()] * 3
    many = list(spread(square, list(range(50)), 2, few=False))
    assert many == [n * n for n in range(50)]


def square(number: int) -> int:
    return number * number


def plain_shell(_: ShellKey) -> Shell:
    text = f"<title>{Slot.TITLE} - 示例</title><p>{Slot.DESCRIPTION}</p>{CONTENT_STANDIN}"
    return Shell.of("-.html", text, "<li></li>", Auditor())


def test_an_address_is_written_once_and_stays_below_the_site(tmp_path: Path) -> None:
    writer = Writer(tmp_path, plain_shell)
    writer.file("a/b.html", [b"1", b"2"])
    assert (tmp_path / "a/b.html").read_bytes() == b"12"
    for address in ("a/b.html", "../c.html", "/c.html", "a//c.html", ".git/c.html"):
        with pytest.raises(ShellError):
            writer.file(address, [b"3"])
    with pytest.raises(ShellError):  # as another process would
        Writer(tmp_path, plain_shell).file("a/b.html", [b"3"])
    assert (tmp_path / "a/b.html").read_bytes() == b"12"


def test_no_text_can_take_the_place_of_the_banner(repository: Repository) -> None:
    """What stands for the banner is markup; the same text in a name stays text."""
    name = f"示例{BANNER}"
    repository.edit("branches/demo-a/branch.yml", "name: ", f"name: {json.dumps(name)} #")
    frame = Frame("<p>banner</p>", "<p>foot</p>")
    for pages in volumes_of(load_site(repository.root, "zh", TEMPLATES)):
        for branch in pages.site.results.branches:
            for page in pages.branch(branch):
                framed = frame.around(str(page.body))
                assert framed.count("<p>banner</p>") == str(page.body).count(BANNER) <= 1
                if branch.id == "demo-a":
                    assert name in Page(framed).text


def test_a_frame_is_audited_too(tmp_path: Path, site: SiteData) -> None:
    page = reference.rubric(volumes_of(site)[0])
    with pytest.raises(AuditError):
        Writer(tmp_path, plain_shell).page(page, Frame("", "<script>x</script>"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("count", [0, 1, 30])
def test_results_in_pieces_are_the_results(site: SiteData, count: int) -> None:
    results = larger(site, count).results
    text = ResultsText(results)
    pieces = list(text.pieces())
    document = to_json(results)
    assert read_json(b"".join(pieces).decode("utf-8")) == document
    assert text.digest == document["digest"]
    assert len(b"".join(pieces)) <= len(dump(document).encode())
    assert len(pieces) == count + 2


def test_progress_tells_of_branches_up_to_the_last(tmp_path: Path, site: SiteData) -> None:
    told: list[tuple[int, int]] = []
    volumes = volumes_of(site)
    done = Production(volumes, Writer(tmp_path, plain_shell)).run(
        1, lambda number, of: told.append((number, of))
    )
    count = sum(len(pages.site.results.branches) for pages in volumes)
    assert told[-1] == (count, count)
    assert told == sorted(told)
    assert {a for a in done.addresses if a.endswith(".html")} == {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")
    }


def test_progress_shows_rate_and_time_left_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for quiet in (False, True):
        line = ProgressLine("写党支部的网页", quiet=quiet)
        line.started = line.last = line.started - 10
        line(100, 300)
        line.close()
        assert ("写党支部的网页 100/300  10/s  20 s" in capsys.readouterr().err) != quiet


@pytest.fixture(scope="module")
def paged(site: SiteData) -> dict[str, Page]:
    """Return the pages of the sample where four rows fill a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standings, "ROWS", 4)
        patch.setattr(standings, "INLINE", 0)
        return {page.address: Page(str(page.body)) for page in site_pages(site)}


def test_every_ranked_branch_is_on_one_page_of_the_ranking(
    site: SiteData, paged: dict[str, Page]
) -> None:
    scored = [b for b in site.results.branches if b.status == Status.SCORED]
    count = -(-len(scored) // 4)
    assert count > 2
    addresses = ["index.html", *(f"ranking/{n}.html" for n in range(2, count + 1))]
    for number, address in enumerate(addresses):
        page = paged[address]
        shown = [b.name for b in scored if b.name in page.text]
        assert shown == [b.name for b in scored[number * 4 : number * 4 + 4]]
        neighbours = {a for a in addresses if a != address}
        assert neighbours <= targets(address, page)
    assert f"ranking/{count + 1}.html" not in paged


def targets(address: str, page: Page) -> set[str]:
    """Return the addresses that a page leads to."""
    folder = posixpath.dirname(address)
    return {posixpath.normpath(posixpath.join(folder, link)) for link in page.links}


def test_every_branch_is_three_steps_from_home_without_a_script(
    site: SiteData, paged: dict[str, Page]
) -> None:
    """By the list of consortia, and by the ranking or its groups."""
    index = targets("consortia.html", paged["consortia.html"])
    assert "consortia.html" in targets("index.html", paged["index.html"])
    by_consortium = {t for a in index if a in paged for t in targets(a, paged[a])}
    by_consortium |= {t for a in by_consortium & paged.keys() for t in targets(a, paged[a])}
    groups = {a for a in targets("index.html", paged["index.html"]) if a.startswith("ranking/")}
    by_rank = targets("index.html", paged["index.html"])
    by_rank |= {t for a in groups for t in targets(a, paged[a])}
    for branch in site.results.branches:
        card = f"{site.results.year}/branches/{branch.id}.html"
        assert card in by_consortium, branch.id
        assert card in by_rank, branch.id


def test_every_link_of_a_list_leads_somewhere(paged: dict[str, Page]) -> None:
    lists = [a for a in paged if a.startswith(("ranking/", "consortia", "no-consortium"))]
    assert len(lists) > 5
    written = {"about.html", "guide.html", "results.json", "ranking.csv"}
    for address in ["index.html", *lists]:
        page = paged[address]
        assert page.headings[0] == 1
        assert len(page.ids) == len(set(page.ids))
        for link in page.links:
            target, _, anchor = link.partition("#")
            where = posixpath.normpath(posixpath.join(posixpath.dirname(address), target))
            assert where in {*paged, *written}, (address, link)
            assert where in written or not anchor or anchor in paged[where].ids


def test_few_branches_have_one_page_and_no_pager(site: SiteData) -> None:
    pages = {page.address: str(page.body) for page in site_pages(site)}
    assert not [a for a in pages if a.startswith("ranking/")]
    assert not [a for a, body in pages.items() if "ap-pager" in body]


@pytest.mark.parametrize("count", tiered([MANY // 10, MANY], often=1))
def test_the_first_view_and_the_index_of_many(count: int, site: SiteData, tmp_path: Path) -> None:
    """The first view is under 300 kB, no page is larger, and search gets one entry a branch."""
    pages = Pages(larger(site, count))
    last = count // standings.ROWS
    home = str(rankings.home(pages).body).encode()
    assert standings.ROWS * 400 < len(home) < FIRST_VIEW - SHELL
    assert len(str(pages.standing[f"ranking/{last}.html"]().body).encode()) < FIRST_VIEW - SHELL
    assert f"ranking/{last + 1}.html" not in pages.standing
    search.prepare_jieba()
    (tmp_path / "search").mkdir()
    index = tmp_path / "search/search_index.json"
    index.write_text('{"docs": []}')
    found = [(f"2025/branches/{b.id}.html", pages.entry(b)) for b in pages.site.results.branches]
    search.append_entries(tmp_path, found)
    assert len(json.loads(index.read_text("utf-8"))["docs"]) == count
    assert index.stat().st_size < INDEX * count // MANY
