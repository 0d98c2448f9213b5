"""The archive of a year: whole, the same twice, read without the program, for its audience."""

from __future__ import annotations

import errno
import hashlib
import posixpath
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from generator.engine.evaluate import evaluate
from generator.results.audience import INTERNAL, PUBLIC
from generator.results.frozen import load_document
from generator.site.archive import making
from generator.site.archive.making import SUMS, archived
from generator.site.archive.readme import FILES
from generator.site.archive.source import source_of
from generator.site.build.running import Own
from generator.site.guarding.scan import pieces
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree
from tests.planting import MARKER
from tests.support import appraise, end_year
from tests.test_planted import MOVED, repository
from tests.test_site_pages import TEMPLATES
from tests.tiers import tiered
from tools import verify_results

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from generator.results.audience import Publish

YEAR = 2025
RESULTS = f"committee/{YEAR}/results.json"
MATTER = "对活动次数的计算有不同意见"
APPEAL = (
    f"- {{id: a, received: 2026-01-08, criterion: study, matter: {MATTER}, state: dismissed,"
    " answer: 次数以记录为准, date: 2026-01-09}\n"
)
ADDRESS = re.compile(r'\s(?:href|src)="([^"]*)"')
AUDIENCES: dict[str, Publish] = {"public": PUBLIC, "moved": MOVED, "internal": INTERNAL}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A final year, frozen, with an appeal whose matter only the committee sees."""
    repo = GitRepo(tmp_path_factory.mktemp("archive") / "repo")
    path = repo.root / f"committee/{YEAR}/appeals/demo-a.yml"
    path.parent.mkdir(parents=True)
    path.write_text(APPEAL, "utf-8")
    end_year(repo.root)
    repo.commit("final")
    done = appraise("finalize", f"{YEAR}", root=repo.root)
    assert done.exit_code == 0, done.output
    repo.commit("frozen")
    return repo


@pytest.fixture(scope="module")
def folder(repo: GitRepo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive for the committee."""
    target = tmp_path_factory.mktemp("shelf") / "2025"
    done = exported(repo, target)
    assert done.exit_code == 0, done.output
    return target


def exported(repo: GitRepo, target: Path, *options: str) -> Result:
    return appraise("export", "archive", f"{YEAR}", str(target), *options, root=repo.root)


def agrees(folder: Path) -> bool:
    """Whether the verifier agrees with the data of an archive."""
    results, rubric = ((folder / name).read_bytes() for name in ("results.json", "rubric.yml"))
    return verify_results.verify(results, rubric, "zh") == 0


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def said(folder: Path) -> dict[str, str]:
    """Return what each file of an archive says, papers, workbooks and tables opened."""
    return {name: "\n".join(pieces(folder / name, name)) for name in names(folder)}


def test_everything_of_a_final_year_is_there_and_told(repo: GitRepo, folder: Path) -> None:
    found = names(folder)
    document = load_document((folder / "results.json").read_bytes())
    ids = [branch["id"] for branch in document["branches"]]
    due = {f"papers/{kind}/{id_}.docx" for kind in ("letters", "forms") for id_ in ids}
    due |= {f"pages/{YEAR}/branches/{id_}.html" for id_ in ids}
    due |= {name for name in FILES if "*" not in name}
    assert due <= found
    assert ids
    text = (folder / "README.txt").read_bytes().decode("utf-8-sig")
    told = re.findall(r"^([a-zA-Z_0-9/*.]+)：", text, re.MULTILINE)
    assert all(any(re.fullmatch(t.replace("*", ".*"), name) for t in told) for name in found)
    assert repo.git("rev-parse", "HEAD~1") in text
    for own in (document["digest"], document["source"]["seal"]):
        assert own in text
    assert (folder / "results.json").read_bytes() == (repo.root / RESULTS).read_bytes()
    for name, path in (("rubric.yml", "rubric.yml"), ("decision.yml", "decision.yml")):
        assert (folder / name).read_bytes() == (repo.root / f"committee/{YEAR}/{path}").read_bytes()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_digests_tell_every_file_and_the_verifier_agrees(folder: Path) -> None:
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    told = {line[66:]: line[:64] for line in lines}
    assert {line[64:66] for line in lines} == {"  "}
    assert told.keys() == names(folder) - {SUMS}
    for name, digest in told.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert agrees(folder)


def test_pages_lead_to_what_is_there_and_run_nothing(folder: Path) -> None:
    found, seen = names(folder), 0
    for name in found:
        if not name.endswith(".html"):
            continue
        text = (folder / name).read_text("utf-8")
        assert "<script" not in text
        for address in ADDRESS.findall(text):
            own = unquote(unescape(address)).partition("#")[0]
            if own and not own.startswith("https://"):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), own)) in found
                seen += 1
    assert seen > 50
    home = (folder / "pages/index.html").read_text("utf-8")
    assert 'href="../tables/ranking.csv"' in home
    assert "内部资料，请勿转发" in home
    assert f'href="{YEAR}/branches/demo-a.html"' in home
    style = (folder / "pages/assets/archive.css").read_text("utf-8")
    assert not re.findall(r"@import|url\((?![\"']?data:|#)", style)
    assert "scripting" not in style


def test_the_same_year_gives_the_same_bytes(repo: GitRepo, folder: Path, tmp_path: Path) -> None:
    assert exported(repo, tmp_path / "again", "--jobs", "1", "--no-cache").exit_code == 0
    assert (tmp_path / "again" / SUMS).read_bytes() == (folder / SUMS).read_bytes()
    assert (tmp_path / "again/README.txt").read_bytes() == (folder / "README.txt").read_bytes()


def test_the_public_one_holds_nothing_internal(repo: GitRepo, folder: Path, tmp_path: Path) -> None:
    done = exported(repo, tmp_path / "open", "--audience", "public", "--lang", "en")
    assert done.exit_code == 0, done.output
    texts = said(tmp_path / "open")
    assert [name for name, text in texts.items() if MATTER in text] == []
    assert [name for name, text in said(folder).items() if MATTER in text]
    left = {"workbooks/ledger.xlsx", "workbooks/lists.xlsx", "decision.yml"}
    assert left <= names(folder)
    assert not left & texts.keys()
    whole = load_document((folder / "results.json").read_bytes())
    shown = load_document((tmp_path / "open/results.json").read_bytes())
    assert shown["full_digest"] == whole["digest"]
    text = texts["README.txt"]
    assert shown["digest"] in text
    assert whole["digest"] in text
    assert not [line for line in text.splitlines() if re.search("[\u4e00-\u9fff]", line)]
    assert agrees(tmp_path / "open")


@pytest.mark.parametrize("name", tiered(["public", "moved", "internal"], 1))
def test_nothing_planted_is_in_an_archive_for_those_who_may_not_see_it(
    name: str, tmp_path: Path
) -> None:
    publish, files = AUDIENCES[name], dict(repository().files)
    few = {"demo-a", "demo-b"}
    kept = {p: d for p, d in files.items()
            if not p.startswith("branches/") or p.split("/")[1] in few}  # fmt: skip
    tree = MemoryTree(kept)
    evaluation = evaluate(tree, YEAR)
    source = source_of(TEMPLATES.parent, tree, evaluation, Own("示例", publish, None), None)
    archived(source, tmp_path / "a", lambda _: None, lambda *_: None)
    fields, found = repository().fields, set()
    for text in said(tmp_path / "a").values():
        found |= {fields[marker[2:6]] for marker in MARKER.findall(text)}
    assert {field for field in found if not publish.shows_field(field)} == set()
    assert len(found) >= 20


def test_a_year_that_is_not_final_is_a_draft(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    target = tmp_path / "out"
    done = exported(repo, target)
    assert done.exit_code == 2
    assert "--draft" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["repo"]
    assert exported(repo, target, "--draft").exit_code == 0
    texts = said(target)
    assert "草稿" in texts["README.txt"]
    assert "papers/notice.docx" not in texts
    assert all("草稿" in text for name, text in texts.items() if "letters/" in name)
    assert agrees(target)


def test_what_is_there_stays(repo: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("我的", "utf-8")
    done = exported(repo, tmp_path / "full")
    assert done.exit_code == 2
    assert "已经有文件" in done.output
    assert names(tmp_path / "full") == {"mine.txt"}
    done = exported(repo, tmp_path / "full/mine.txt")
    assert done.exit_code == 2
    assert "不是文件夹" in done.output


@pytest.mark.parametrize("what", ["disk", "leak"])
def test_whole_or_nothing(
    what: str, repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(making, "readme", full if what == "disk" else lambda *_: MATTER.encode())
    monkeypatch.setattr(making, "papers", lambda *_: ())
    (tmp_path / "empty").mkdir()
    (tmp_path / ".empty.new").mkdir()  # as a process leaves it that was killed
    (tmp_path / ".empty.new/README.txt").touch()
    done = exported(repo, tmp_path / "empty", "--audience", "public")
    assert done.exit_code == 2
    assert ("没有写成" if what == "disk" else "README.txt：appeals.matter") in done.output
    assert MATTER not in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    assert names(tmp_path / "empty") == set()
