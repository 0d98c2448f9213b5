"""A site is searched, file by file, for what it may not show; nothing of it is told."""

from __future__ import annotations

import gzip
import html
import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from generator.results.audience import INTERNAL, PUBLIC, Publish, read_publish
from generator.results.projection import Hidden
from generator.site.data.forge import forge_of
from generator.site.form import engine
from generator.site.form.engine import NOTICE
from generator.site.guarding.about import about
from generator.site.guarding.guard import Guard, LeakError
from generator.site.guarding.scan import Search, leaks
from tests.effort import steps_of
from tests.gitrepo import GitRepo

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "李四反映该支部“弄虚作假”，正在核查 2025 年台账"
HIDDEN = Hidden(TEXT, "vetoes.reason")
VETOES = "committee/2025/vetoes/demo-a.yml"
ENTRY = f"- {{veto: veto-inactive, state: alleged, reason: '{TEXT}'}}\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", f"<p>{html.escape(TEXT)}</p>".encode()),
        ("b/c.html", f"<p>{TEXT.replace(' ', chr(160))}</p>".encode()),
        ("d.html", TEXT.replace("2025", '<span class="x">2025</span>').encode()),
        ("e.json", json.dumps({"x": TEXT}, ensure_ascii=False).encode()),
        ("f.json", json.dumps({"x": TEXT}).encode()),
        ("g.csv", f'a,"{TEXT.replace(chr(34), chr(34) * 2)}"\r\n'.encode()),
        ("h.xml", f"<x>{TEXT}</x>".encode()),
        ("i.svg", f"<svg><title>{TEXT}</title></svg>".encode()),
        ("j.png", b"\x89PNG\r\n\x1a\n\0\0\0\x10iTXt" + TEXT.encode() + b"\xff\xfe"),
        ("k.xml.gz", gzip.compress(TEXT.encode(), mtime=0)),
        (f"{TEXT}.html", b""),
    ],
)
def test_a_text_is_found_however_it_is_written(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(data)
    (tmp_path / "other.html").write_text("正在核查，弄虚作假的另行处理", "utf-8")
    assert [(leak.file, leak.hidden) for leak in leaks(tmp_path, [HIDDEN])] == [(name, HIDDEN)]


def test_a_text_is_found_in_a_table(tmp_path: Path) -> None:
    write_table(pa.table({"n": [1, 2], "x": ["一", TEXT]}), tmp_path / "t.parquet")
    assert [leak.file for leak in leaks(tmp_path, [HIDDEN])] == ["t.parquet"]


def test_every_place_of_a_file_is_looked_at() -> None:
    search = Search([Hidden("甲乙丙丁戊己庚辛", "x"), Hidden("短的", "y")])
    for before in range(12):
        assert len(search.found("字" * before + "甲乙丙丁戊己庚辛")) == 1
        assert search.found("字" * before + "甲乙丙丁戊己庚") == []
    assert search.found("短的") == [], "too short to be told from chance"


def test_words_that_stand_apart_are_not_the_text() -> None:
    hidden = Hidden("no activities from 2024-06-12 to 2026-01-30", "vetoes.reason")
    search = Search([hidden])
    assert search.found("… no activities from <b>2024-06-12</b> to 2026-01-30.") == [hidden]
    apart = "activities … no … from … 2026-01-30 … to … 2024-06-12"
    assert search.found(apart) == []
    assert search.found(hidden.text.replace(" to ", " " * 500 + "to ")) == []


def test_the_work_is_that_of_the_file_whatever_is_looked_for() -> None:
    text = "党支部年度考核的结果" * 2_000
    few = Search(Hidden(f"第{n}件不公开的事情", "x") for n in range(3))
    many = Search(Hidden(f"{chr(0x4E00 + n)}第件不公开的事情", "x") for n in range(3_000))
    assert steps_of(lambda: many.found(text)) < 2 * steps_of(lambda: few.found(text)) + 100


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "repo")
    write(repo, VETOES, ENTRY)
    return repo


def write(repo: GitRepo, path: str, text: str) -> None:
    """Commit one file."""
    (repo.root / path).parent.mkdir(parents=True, exist_ok=True)
    (repo.root / path).write_text(text, "utf-8")
    repo.commit()


def guarded(repo: GitRepo, folder: Path, words: str) -> str:
    """Return what is told of a site with one page."""
    folder.mkdir(exist_ok=True)
    (folder / "page.html").write_text(f"<p>{words}</p>", "utf-8")
    try:
        Guard(repo.root, None, PUBLIC).look(folder)
    except LeakError as error:
        return str(error)
    return ""


def test_file_and_field_are_told_and_never_the_text(repo: GitRepo, tmp_path: Path) -> None:
    told = guarded(repo, tmp_path / "site", TEXT)
    assert "page.html：vetoes.reason（一票否决的事实和依据）" in told
    assert "弄虚作假" not in told
    assert guarded(repo, tmp_path / "site", "无关的话") == ""
    Guard(repo.root, None, INTERNAL).look(tmp_path / "site")


def test_what_is_public_elsewhere_is_no_leak(repo: GitRepo, tmp_path: Path) -> None:
    record = "branches/demo-a/2025/documents/plan/document.yml"
    text = (repo.root / record).read_text("utf-8")
    write(repo, record, text.replace("title: ", f"title: {TEXT}，照抄于此 # ", 1))
    assert guarded(repo, tmp_path / "site", TEXT) == ""


def test_files_of_the_program_are_its_own_to_the_byte(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A theme's file and one of the form's runtime are passed over, and not with one byte more."""
    folder, theme, runtime = (tmp_path / name for name in ("site", "theme", "runtime"))
    monkeypatch.setattr(engine, "RUNTIME", runtime)
    own = {"assets/x.js": theme / "assets/x.js", "assets/engine/0f/NOTICE.txt": runtime / NOTICE}
    guard = Guard(repo.root, None, PUBLIC, sources=[theme])
    for name, source in own.items():
        for path in (source, folder / name):
            path.parent.mkdir(parents=True)
            path.write_text(TEXT, "utf-8")
    guard.look(folder)
    for name, source in own.items():
        source.write_text(f"{TEXT}。", "utf-8")
        with pytest.raises(LeakError, match=name):
            guard.look(folder)
        source.write_text(TEXT, "utf-8")


def test_the_site_says_whom_it_is_for_and_what_that_is_worth() -> None:
    def said(publish: Publish, forge: object = None) -> str:
        return str(about(publish, forge_of(forge, ValueError)))

    forge = {"kind": "gitee", "address": "https://gitee.com", "repository": "a/b"}
    assert "这是公开的网站" in said(PUBLIC)
    assert "申诉的内容" in said(PUBLIC)
    assert "另行决定" not in said(PUBLIC)
    assert "这是内部的网站" in said(INTERNAL)
    assert "这里没有写明" in said(PUBLIC, forge)
    assert "材料所在的仓库是公开的" in said(PUBLIC, forge | {"public": True})
    assert "材料所在的仓库不公开" in said(INTERNAL, forge | {"public": False})
    moved = read_publish({"statements": "internal", "appeal-matters": "public", "few": "internal"})
    told = said(Publish(moved=moved))
    assert "另行决定不公布：支部的说明和不适用的理由。" in told
    assert "另行决定公布：申诉的内容。" in told
    with pytest.raises(ValueError, match="public: true"):
        said(PUBLIC, forge | {"public": "maybe"})


def test_accounts_are_on_no_site(repo: GitRepo, tmp_path: Path) -> None:
    profile = (repo.root / "branches/demo-a/branch.yml").read_text("utf-8")
    write(repo, "branches/demo-a/branch.yml", profile.replace("example-a", "zhangsan-cq"))
    folder = tmp_path / "site"
    assert "branch.submitters" in guarded(repo, folder, "由 zhangsan-cq 报送")
    with pytest.raises(LeakError, match=r"branch\.submitters"):
        Guard(repo.root, None, INTERNAL).look(folder)
