"""The shell, and the site that is built with it: bytes, determinism, swap, refusal."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from generator.files.limits import USUAL
from generator.results.audience import INTERNAL, PUBLIC, Publish, read_publish
from generator.site.build import plugin, producing
from generator.site.build.building import BuildTargetError, build_site
from generator.site.build.links import menu_of, unled
from generator.site.build.setting import PublishRefused, SiteBuildError
from generator.site.build.swapping import BuildBusyError, beside, only_one, recover
from generator.site.exports.feed import EPOCH, seconds
from generator.site.html import search
from generator.site.html.audit import AuditError
from generator.site.html.page import Frame, GeneratedFile, GeneratedPage, SearchEntry, TocEntry
from generator.site.html.shell import (
    Addresses,
    Pattern,
    ShellError,
    ShellKey,
    Slot,
    location,
    without_blanks,
)
from generator.site.html.theme import hasten
from generator.text.findings import Finding, Severity
from generator.text.language import set_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROGRAM = Path(__file__).resolve().parents[1]
HOSTILE = "</title><script>alert(1)</script>\"' 示例"
BODY = Markup('<h1 id="top">题</h1>\n<h2 id="a">甲</h2>\n<p>文</p>')
CARD = "2025/branches/demo-a.html"
#: Generated pages that the navigation leads to.
STANDING = re.findall(r"(?m): ([a-z-]+)\.html$", (PROGRAM / "mkdocs.yml").read_text("utf-8"))


class Stub:
    """Stands in for the pages of a repository of one branch."""

    def __init__(self) -> None:
        self.pages = [page(f"{name}.html", name, nav=f"{name}.html") for name in STANDING]
        self.card = page(CARD, HOSTILE, search=SearchEntry(HOSTILE, "学会"))
        self.findings: list[Finding] = []
        branch = SimpleNamespace(id="demo-a", records=())
        source = SimpleNamespace(date="2025-12-01T08:00:00+08:00")
        results = SimpleNamespace(source=source, branches=(branch,))
        evaluation = SimpleNamespace(findings=self.findings, results=results, allowed=USUAL)
        self.site = self.whole = SimpleNamespace(
            evaluation=evaluation,
            results=results,
            published=results,
            pairs=((branch, branch),),
            frozen=(),
            prefix="",
            findings=(),
            publish=PUBLIC,
            filed=None,
            likeness=None,
        )
        self.shown = SimpleNamespace(year=2025)
        self.first = True

    def load_site(self, *_: object, **__: object) -> SimpleNamespace:
        """Return what the plugin asks of a site."""
        self.site.findings = self.findings
        return self.site

    @property
    def standing(self) -> dict[str, Callable[[], GeneratedPage]]:
        """What makes each page."""
        pages = [it for it in self.pages if it.address != "downloads.html"]
        return {it.address: partial(replace, it) for it in pages}

    def prepare(self) -> None:
        """Have nothing to work out beforehand."""

    def downloads(self, _: str) -> GeneratedPage:
        """Return the page that is made last."""
        return page("downloads.html", "downloads", nav="downloads.html")

    def branch(self, _: object) -> Iterator[GeneratedPage]:
        """Yield the pages of the branch."""
        yield self.card

    def frame(self, _: str) -> Frame:
        """Return an empty frame."""
        return Frame("", "")


def page(address: str, title: str, body: Markup = BODY, **values: object) -> GeneratedPage:
    """Return a page with an outline of one entry."""
    outline = (TocEntry("甲", "a"),)
    return GeneratedPage(address, title, f"说明 {title}", body, outline, **values)  # type: ignore[arg-type]


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """Put the stub in the place of the real pages."""
    it = Stub()
    monkeypatch.setattr(plugin, "read", lambda *_, **__: None)
    monkeypatch.setattr(plugin, "site_of", it.load_site)
    monkeypatch.setattr(plugin, "guard_of", lambda *_: SimpleNamespace(look=lambda _: None))
    monkeypatch.setattr(plugin, "volumes_of", lambda _: [it])
    monkeypatch.setattr(producing, "table_of", lambda _: GeneratedFile("r.csv", lambda: [b"1\n"]))
    monkeypatch.setattr(producing, "outputs_of", lambda _: [])
    monkeypatch.setattr(producing, "feed_file", lambda *_: GeneratedFile("f.xml", list))
    monkeypatch.setattr(plugin, "entries_of", lambda *_: ())
    badge = GeneratedFile("2025/branches/demo-a/badge.svg", list)
    monkeypatch.setattr(producing, "badge_file", lambda *_: badge)
    for name in ("standing_data", "branch_data"):
        monkeypatch.setattr(producing, name, lambda *_: "")
    text = SimpleNamespace(pieces=list, digest="sha256:0")
    monkeypatch.setattr(producing, "ResultsText", lambda _: text)
    monkeypatch.setattr(producing, "line_of", lambda branch: branch.id.encode())
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    yield it
    set_language("zh")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with the theme's overrides and three hand-written pages."""
    root = tmp_path / "root"
    shutil.copytree(PROGRAM / "site_templates" / "theme", root / "site_templates" / "theme")
    pages = root / "site_templates" / "pages"
    (pages / "assets").mkdir(parents=True)
    (pages / "assets" / "appraisal.css").write_text("")
    for name in ("guide", "handing-in", "about", "threat-model"):
        (pages / f"{name}.md").write_text(f"# {name}\n\n[甲](2025/branches/demo-a.html)\n", "utf-8")
    shutil.copy(PROGRAM / "mkdocs.yml", root)
    return root


def contents(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a folder."""
    return {
        f"{path.relative_to(folder)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def squeeze(text: str) -> str:
    """Return a document without the blanks between its lines."""
    return re.sub(r"\s*\n\s*", "\n", text)


def test_two_builds_have_the_same_bytes(root: Path, stub: Stub, tmp_path: Path) -> None:
    """Neither the clock nor the place of the site has any part in it."""
    del stub
    build_site(root, tmp_path / "one", quiet=True)
    build_site(root, tmp_path / "elsewhere" / "two", quiet=True)
    assert contents(tmp_path / "one") == contents(tmp_path / "elsewhere" / "two")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["elsewhere", "one", "root"]


def test_hostile_title_stays_text(root: Path, stub: Stub, tmp_path: Path) -> None:
    """A title that is markup is shown as it was written, wherever a page shows it."""
    del stub
    build_site(root, tmp_path / "site", quiet=True)
    text = (tmp_path / "site" / CARD).read_text("utf-8")
    assert "<script>alert" not in text
    assert f"<title>{escape(HOSTILE)} - " in text
    assert f'<meta property="og:title" content="{escape(HOSTILE)}">' in text
    assert text.count(str(escape(HOSTILE))) == 5
    assert "slot-" not in text
    index = (tmp_path / "site/search/search_index.json").read_text("utf-8")
    assert "示例" in index
    entry = json.loads(index)["docs"][-1]
    assert entry["location"] == CARD
    assert entry["title"].replace("\u200b", "") == str(escape(HOSTILE))


def test_every_page_is_in_the_sitemap(root: Path, stub: Stub, tmp_path: Path) -> None:
    """Generated and hand-written pages alike."""
    build_site(root, tmp_path / "site", quiet=True)
    text = (tmp_path / "site/sitemap.xml").read_text("utf-8")
    for address in [p.address for p in stub.pages] + [CARD, "guide.html", "about.html"]:
        assert f"<loc>/{address}</loc><lastmod>2025-12-01</lastmod>" in text


def test_shell_is_the_page_that_mkdocs_makes(root: Path, stub: Stub, tmp_path: Path) -> None:
    """A generated page has the bytes of a real one, but for blanks around the outline."""
    own = root / "mkdocs.yml"
    config = own.read_text("utf-8")
    own.write_text(config.replace("rubric.html", "rubric.md"), "utf-8")
    real = root / "site_templates/pages/rubric.md"
    title = json.dumps(HOSTILE)
    about = json.dumps(f"说明 {HOSTILE}")
    head = f"---\ntitle: {title}\ndescription: {about}\nhide: [navigation]\n---\n"
    real.write_text(f"{head}# 题 {{#top}}\n\n## 甲 {{#a}}\n\n文\n", "utf-8")
    stub.pages = [p for p in stub.pages if p.address != "rubric.html"]
    build_site(root, tmp_path / "real", quiet=True)
    own.write_text(config, "utf-8")
    real.unlink()
    stub.pages.append(page("rubric.html", HOSTILE, nav="rubric.html"))
    build_site(root, tmp_path / "stamped", quiet=True)
    expected = (tmp_path / "real/rubric.html").read_text("utf-8")
    assert squeeze((tmp_path / "stamped/rubric.html").read_text("utf-8")) == squeeze(expected)


def test_active_tab_is_that_of_the_nav(root: Path, stub: Stub, tmp_path: Path) -> None:
    """A page below an entry of the navigation marks that entry, and links from its own depth."""
    del stub
    build_site(root, tmp_path / "site", quiet=True)
    text = squeeze((tmp_path / "site" / CARD).read_text("utf-8"))
    assert '<li class="md-tabs__item md-tabs__item--active">\n<a href="../../index.html"' in text
    assert text.count("md-tabs__item--active") == 1


def test_english(root: Path, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Language, navigation and hand-written pages are English where the catalogue is."""
    del stub
    monkeypatch.setattr(
        "generator.text.language.load_catalogue", lambda lang: {"考核办法": f"Rules {lang}"}
    )
    (root / "site_templates/pages/guide.en.md").write_text("# How to file\n")
    build_site(root, tmp_path / "site", "en", quiet=True)
    assert '<html lang="en"' in (tmp_path / "site/index.html").read_text("utf-8")
    assert "Rules en" in (tmp_path / "site/index.html").read_text("utf-8")
    assert "How to file" in (tmp_path / "site/guide.html").read_text("utf-8")
    assert not (tmp_path / "site/guide.en.html").exists()


def test_errors_are_not_published(root: Path, stub: Stub, tmp_path: Path) -> None:
    """Data with an error leaves the old site as it is."""
    build_site(root, tmp_path / "site", quiet=True)
    before = contents(tmp_path / "site")
    stub.findings = [Finding("E001", Severity.ERROR, "a.yml", 1, 1, "", "甲", "乙")]
    with pytest.raises(PublishRefused) as caught:
        build_site(root, tmp_path / "site", quiet=True)
    assert [f.code for f in caught.value.findings] == ["E001"]
    assert contents(tmp_path / "site") == before


@pytest.mark.parametrize("kind", ["audit", "link", "script"])
def test_a_failure_leaves_the_old_site(root: Path, stub: Stub, tmp_path: Path, kind: str) -> None:
    """Whatever fails, and however late, nothing of the old site is touched, nothing is left."""
    build_site(root, tmp_path / "site", quiet=True)
    before = contents(tmp_path / "site")
    about = root / "site_templates/pages/about.md"
    if kind == "audit":
        stub.pages.append(page("bad.html", "甲", Markup("<script>x</script>")))
    elif kind == "link":
        about.write_text("[甲](nowhere.html)\n", "utf-8")
    else:
        about.write_text("<script>alert(1)</script>\n", "utf-8")
    with pytest.raises((AuditError, SiteBuildError)):
        build_site(root, tmp_path / "site", quiet=True)
    assert contents(tmp_path / "site") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["root", "site"]


def test_of_two_builds_one_wins(root: Path, stub: Stub, tmp_path: Path) -> None:
    """The other says so and does nothing."""
    del stub
    with only_one(beside(tmp_path / "site", "lock")), pytest.raises(BuildBusyError):
        build_site(root, tmp_path / "site", quiet=True)
    build_site(root, tmp_path / "site", quiet=True)


def test_other_folders_are_never_replaced(root: Path, stub: Stub, tmp_path: Path) -> None:
    """Neither the repository, nor a folder that is not a site, nor what a link points to."""
    del stub
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "letters")
    for target in (root, tmp_path, tmp_path / "letters", tmp_path / "link"):
        with pytest.raises(BuildTargetError):
            build_site(root, target, quiet=True)


def test_a_killed_build_is_cleared_up(tmp_path: Path) -> None:
    """A build that was killed between the two renames gives the old site back."""
    site, new, old = (tmp_path / name for name in ("site", "new", "old"))
    for folder in (new, old):
        folder.mkdir()
        (folder / "index.html").write_text(folder.name)
    recover(site, new, old)
    assert (site / "index.html").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_values_are_not_looked_through_for_slots() -> None:
    """A text that is the word of a slot stays that text."""
    pattern = Pattern.of(f"<{Slot.TITLE}|{Slot.CONTENT}>")
    assert pattern.fill({Slot.TITLE: Slot.CONTENT, Slot.CONTENT: "b"}) == f"<{Slot.CONTENT}|b>"


@pytest.mark.parametrize(
    "address", ["", "/a.html", "../a.html", "a//b.html", ".git/a", "a\\b", "a\n"]
)
def test_unfit_addresses(address: str) -> None:
    """An address stays below the site; each is given once."""
    with pytest.raises(ShellError):
        Addresses().take(address)
    twice = Addresses()
    twice.take("a.html")
    with pytest.raises(ShellError):
        twice.take("a.html")


def test_key_location_and_time() -> None:
    """What shells are kept by; where pages are found; what stands for the clock."""
    assert ShellKey.of(page("a/b/c.html", "x")) == ShellKey(2, "index.html", own=False, toc=True)
    assert location("https://x.example/y/", "甲.html") == "https://x.example/y/%E7%94%B2.html"
    assert (seconds(None), seconds("2025-12-01")) == (EPOCH, 1764547200)


def test_search_words() -> None:
    """Text stays as it is, markup is escaped, nobody else's breaks come along."""
    assert search.markup("桥梁学会<b>\u200bA") == "桥梁学会&lt;b&gt;A"


@given(st.lists(st.sampled_from(["a", " ", "\n", "\t", "\u3000", "<pre> \n ", "</pre>", "<b>"])))
def test_blanks_around_line_breaks_go_but_where_they_count(pieces: list[str]) -> None:
    text = "".join(pieces)
    rule = re.compile(r"(<(pre)\b.*?</\2>)|\s*\n\s*", re.DOTALL)
    assert without_blanks(text) == rule.sub(lambda found: found[1] or "\n", text)


def test_hidden_files_of_a_theme_are_not_listed(tmp_path: Path) -> None:
    for name in ("a.css", ".b", "in/c/d.js", ".icons/e/f.svg", "in/.g/h"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    theme = SimpleNamespace(dirs=[str(tmp_path)], get_env=Environment)
    hasten(theme)
    all_of_them = FileSystemLoader(theme.dirs).list_templates()
    shown = [name for name in all_of_them if "/." not in f"/{name}".rpartition("/")[0]]
    assert theme.get_env().list_templates() == shown == [".b", "a.css", "in/c/d.js"]


def test_the_menu_has_no_page_that_the_years_lack() -> None:
    """Pages of a year under way go with it, and a heading with the last page below it."""
    nav = [
        {"首页": "index.html"},
        {"须知": [{"指南": "guide.md"}, {"缺": "lacking.html"}]},
        {"年度": [{"缺": "lacking.html"}]},
        "about.md",
    ]
    assert menu_of(nav, {"index.html", "lacking.html"}) == nav
    assert menu_of(nav, {"index.html"}) == [
        {"首页": "index.html"},
        {"须知": [{"指南": "guide.md"}]},
        "about.md",
    ]
    assert menu_of(None, set()) is None


def test_written_pages_lead_to_no_page_that_a_site_keeps_back() -> None:
    """The words of such a link stay; a link that nobody keeps back is MkDocs' to look at."""
    text = "见[应报](asked.html#a)和[往年](2024/asked.html)，[清单]( lacking.html )，[别的](x.html)"
    moved = Publish(moved=read_publish({"due": "internal"}))
    there = {"2024/asked.html"}
    assert unled("guide.md", text, there.__contains__, moved) == (
        "见应报和[往年](2024/asked.html)，清单，[别的](x.html)"
    )
    assert unled("guide.md", text, there.__contains__, PUBLIC) == text
    assert unled("a/b.md", "[x](../queue.html)", there.__contains__, PUBLIC) == "x"
    assert (
        unled("a/b.md", "[x](../queue.html)", there.__contains__, INTERNAL) == "[x](../queue.html)"
    )
