"""A site is searched, file by file, for what it may not show; nothing of it is told."""

from __future__ import annotations

import gzip
import html
import json
import random
from pathlib import Path

import jieba
import pyarrow as pa
import pytest
from markupsafe import escape
from mkdocs.utils import get_theme_dir
from pyarrow.parquet import write_table

from generator.results.audience import INTERNAL, PUBLIC, Publish, read_publish
from generator.results.projection import Hidden
from generator.site.data.forge import forge_of
from generator.site.form import engine
from generator.site.form.engine import NOTICE
from generator.site.guarding.about import about
from generator.site.guarding.guard import Guard, LeakError
from generator.site.guarding.scan import Search, is_short, leaks
from generator.site.guarding.values import Values, values_of
from tests.effort import steps_of
from tests.gitrepo import GitRepo
from tests.tiers import tiered

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "site_templates"
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


SHORT = Hidden("李四", "vetoes.reason")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", "<p>\n  李四 </p>".encode()),
        ("b/c.html", '<img alt="李四">'.encode()),
        ("d.html", '<tr data-by="李四">'.encode()),
        ("e.html", '<script type="application/ld+json">{"name": "李四"}</script>'.encode()),
        ("f.json", json.dumps({"x": ["李四"]}).encode()),
        ("g.json", json.dumps({"x": "李四"}, ensure_ascii=False).encode()),
        ("h.csv", "\ufeff李四,1\r\n".encode()),
        ("i.csv", '1,"李四"\r\n'.encode()),
        ("j.csv", "1,'李四\r\n".encode()),
        ("k.xml", "<x>李四</x>".encode()),
        ("l.svg", "<svg><title>李四</title></svg>".encode()),
        ("m.xml.gz", gzip.compress("<x>李四</x>".encode(), mtime=0)),
        ("李四/n.html", b""),
        ("李四.svg", b""),
        ("o.txt", "甲\n李四\n".encode()),
    ],
)
def test_a_short_text_is_found_where_it_is_the_whole(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(data)
    apart = '<p class="李四">由李四办理</p><李四>"李四": 1'
    (tmp_path / "other.html").write_text(apart, "utf-8")
    (tmp_path / "other.json").write_text('{"李四": "李四等"}', "utf-8")
    (tmp_path / "other.csv").write_text("李四等,李 四\n", "utf-8")
    assert [(leak.file, leak.hidden) for leak in leaks(tmp_path, (), short=[SHORT])] == [
        (name, SHORT)
    ]


def test_a_short_text_is_found_in_a_table_and_whatever_has_to_be_escaped(tmp_path: Path) -> None:
    write_table(pa.table({"x": ["一", "李四", None]}), tmp_path / "t.parquet")
    assert [leak.file for leak in leaks(tmp_path, (), short=[SHORT])] == ["t.parquet"]
    odd = Hidden('<"a">&\'', "vetoes.reason")
    (tmp_path / "a.html").write_text(f"<p>{html.escape(odd.text)}</p>", "utf-8")
    (tmp_path / "b.html").write_text(f"<p>{escape(odd.text)}</p>", "utf-8")
    (tmp_path / "c.json").write_text(json.dumps([odd.text]), "utf-8")
    (tmp_path / "d.csv").write_text('"<""a"">&\'"\n', "utf-8")
    found = [leak.file for leak in leaks(tmp_path, (), short=[odd])]
    assert found == ["a.html", "b.html", "c.json", "d.csv"]


def test_figures_marks_and_single_signs_are_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>无</p><p>12</p><p>2025-01-02</p><p>——</p>", "utf-8")
    texts = [Hidden(text, "x") for text in ("无", "12", "2025-01-02", "——")]
    assert [*leaks(tmp_path, (), short=texts)] == []


def test_a_short_text_that_stands_there_for_another_reason_is_no_leak(
    repo: GitRepo, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    written.mkdir()
    (written / "about.md").write_text("由王五答复\n", "utf-8")

    def told(reason: str, words: str) -> list[str]:
        write(repo, VETOES, f"- {{veto: veto-inactive, state: alleged, reason: '{reason}'}}\n")
        (tmp_path / "site").mkdir(exist_ok=True)
        (tmp_path / "site/page.html").write_text(f"<p>{words}</p>", "utf-8")
        return [*Guard(repo.root, None, PUBLIC, sources=[written]).told(tmp_path / "site")]

    assert "page.html：vetoes.reason（一票否决的事实和依据）" in told("张三", "张三")
    assert told("张三", "由张三办理") == []
    for usual in ("王五", "暂定", "theme-day", "demo-a", "示例a学会", "limits", "discipline"):
        assert told(usual, usual) == [], usual
    # What is said in a record that everybody sees, as a whole; a part of it is another matter.
    path = "branches/demo-a/2025/documents/plan/document.yml"
    text = (repo.root / path).read_text("utf-8")
    write(repo, path, text.replace("title: ", "title: 赵六 # ", 1))
    assert told("赵六", "赵六") == []
    write(repo, path, text.replace("title: ", "title: 赵六等 # ", 1))
    assert told("赵六", "赵六") != []


@pytest.mark.long
def test_no_word_of_a_dictionary_is_taken_for_what_is_hidden(sample_built: Path) -> None:
    with jieba.get_dict_file() as lines:
        words = {line.split()[0].decode("utf-8") for line in lines}
    texts = frozenset(Hidden(word, "branch.submitters") for word in words if is_short(word))
    assert len(texts) > 300_000
    seen = {leak.hidden for leak in leaks(sample_built / "site", (), short=texts)}
    theme = Path(get_theme_dir("material"))
    guard = Guard(ROOT, None, PUBLIC, sources=[TEMPLATES / "pages", TEMPLATES / "theme", theme])
    assert len(seen) > 100
    assert seen - guard.usual(seen) == set()


def test_every_place_of_a_file_is_looked_at() -> None:
    search = Search([Hidden("甲乙丙丁戊己庚辛", "x"), Hidden("短的", "y")])
    for before in range(12):
        assert len(search.found("字" * before + "甲乙丙丁戊己庚辛")) == 1
        assert search.found("字" * before + "甲乙丙丁戊己庚") == []
    assert search.found("短的") == [], "too short to be told from chance"
    assert Search([Hidden("2025-03-12", "x")]).found("2025-03-12") == [], "days are everywhere"


@pytest.mark.parametrize("seed", tiered(range(40), often=4))
def test_random_files_are_not_passed_over(seed: int) -> None:
    """Few short texts are sought first as they are written: that finds what all values do."""
    rng = random.Random(seed)
    signs, found = "ab\"'<>&\\,甲乙 \n", 0
    for _ in range(40):
        values = Values([Hidden("".join(rng.choices(signs, k=rng.randint(2, 4))), "x")])
        for form in values.forms:
            doubled = form.replace('"', '""')
            around = ["".join(rng.choices(signs, k=rng.randint(0, 6))) for _ in range(2)]
            for own in (f'"{doubled}",1\n', f">{form}<", f' title="{form}"', f'["{form}"]', form):
                text = own.join(around)
                for name in ("a.csv", "a.txt", "a.json", "a.html"):
                    whole = values.found_in(values_of(name, text))
                    assert values.found(name, text) == whole
                    found += bool(whole)
    assert found > 100


def test_words_that_stand_apart_are_not_the_text() -> None:
    hidden = Hidden("no activities from 2024-06-12 to 2026-01-30", "vetoes.reason")
    search = Search([hidden])
    assert search.found("… no activities from <b>2024-06-12</b> to 2026-01-30.") == [hidden]
    apart = "activities … no … from … 2026-01-30 … to … 2024-06-12"
    assert search.found(apart) == []
    assert search.found(hidden.text.replace(" to ", " " * 500 + "to ")) == []


def test_the_work_is_that_of_the_file_whatever_is_looked_for() -> None:
    """Each sign of the text begins something that is looked for, be that ten texts or 3,000."""
    signs = "党支部年度考核的结果"
    text = signs * 2_000
    few = Search(Hidden(f"{sign}第件不公开的事情", "x") for sign in signs)
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


def test_the_path_of_a_file_is_shown_with_the_file(repo: GitRepo, tmp_path: Path) -> None:
    """What is accepted of a file is the committee's to know; where the file lies, everybody's."""
    path = "branches/demo-a/2025/documents/plan/plan.md"
    accepted = f"- {{code: E016, path: {path}, reason: 末尾是签名, by: 办公室, date: 2025-12-23}}\n"
    write(repo, "committee/2025/accepted.yml", accepted)
    assert guarded(repo, tmp_path / "site", path) == ""
    moved = Publish(moved=read_publish({"attachments": "internal"}))
    with pytest.raises(LeakError, match=r"accepted\.path"):
        Guard(repo.root, None, moved).look(tmp_path / "site")


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
