"""Everything that is exported in English has no Chinese but what the files hold.

The sample of the example files is written without Chinese: what is left of it is the program's.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from generator.cli.ending.export import KINDS
from tests.support import BASE, appraise

if TYPE_CHECKING:
    from pathlib import Path

HAN = re.compile("[\u4e00-\u9fff]+")
#: Texts of a Word file, without the names of its fonts.
TEXT = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>")
#: The notice is in Chinese always, and says so.
CHINESE = "notice"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small repository, its Chinese signs turned into letters, with something of each kind."""
    root = tmp_path_factory.mktemp("english") / "repo"
    for path in BASE.rglob("*"):
        if path.is_file():
            file = root / path.relative_to(BASE)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(HAN.sub(lambda found: f"x{ord(found[0][0])}", path.read_text("utf-8")))
    claims = root / "branches/demo-a/2025/self-assessment.yml"
    claims.write_text(
        f"{claims.read_text()}bonus:\n  - {{id: one, rule: bonus-award, level: municipal,"
        " matter: award, date: 2025-05-01, evidence: [documents/plan]}\n"
    )
    due = "- {id: d001, kind: plan, title: plan, due: 2025-03-01, extended: {demo-a: 2025-04-01}}\n"
    (root / "committee/2025/due.yml").write_text(due)
    return root


def texts(data: bytes) -> str:
    """Return all that a Word file or a workbook shows, sheets' names and messages of cells too."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.startswith("word/"):
                found += TEXT.findall(part)
            elif name.endswith(".xml") and "styles" not in name and "theme" not in name:
                found.append(part)
    return b"\n".join(found).decode()


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"archive", "csv", "parquet", CHINESE}))
def test_an_export_in_english_has_no_chinese_of_the_program(
    kind: str, root: Path, tmp_path: Path
) -> None:
    word = kind in {"form", "letter", "ballot-papers", "debrief-papers"}
    own = ["demo-a"] if kind in {"form", "letter", "debrief-papers"} else []
    target = tmp_path / ("letters" if kind == "letter" else f"a.{'docx' if word else 'xlsx'}")
    done = appraise("export", kind, *own, str(target), "--lang", "en", root=root)
    assert done.exit_code == 0, done.output
    assert not HAN.search(done.output)
    for file in [target] if target.is_file() else [*target.iterdir()]:
        told = texts(file.read_bytes())
        assert len(told) > 500
        assert HAN.findall(told) == []


def test_the_notice_says_that_it_is_in_chinese(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    done = appraise("export", "notice", "--draft", str(file), "--lang", "en", root=root)
    assert done.exit_code == 0, done.output
    assert "Chinese" in done.output
    assert "通报" in texts(file.read_bytes())
