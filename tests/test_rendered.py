"""What LibreOffice makes of our files: papers rendered and measured in mm, workbooks resaved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import needed
from tests.test_retold import FILL, KINDS, books, taken
from tools.rendering import converted, lacking, measured

if TYPE_CHECKING:
    from pathlib import Path

    from tests.test_retold import Books

__all__ = ["books"]
pytestmark = pytest.mark.long


def rendering() -> None:
    """Skip, with what is missing, where nothing can be rendered; in CI that is a failure."""
    absent = lacking()
    needed(", ".join(absent), not absent)


def test_the_notice_measures_what_the_standard_says(tmp_path: Path) -> None:
    rendering()
    found, fonts = measured(tmp_path)
    assert [measure for measure in found if not measure.fits] == []
    assert len(found) == 16
    assert all(any(name in font for name in ("Noto", "Liberation")) for font in fonts)


def test_what_libreoffice_saves_is_read_the_same(books: Books, tmp_path: Path) -> None:
    rendering()
    files = []
    for kind in KINDS:
        for name, data in (("plain", books.plain[kind]), ("filled", books.filled[kind])):
            files.append(tmp_path / f"{kind}-{name}.xlsx")
            files[-1].write_bytes(data)
    saved = {file.stem: file.read_bytes() for file in converted(files, "xlsx", tmp_path / "saved")}
    assert len(saved) == 2 * len(FILL)
    for kind in KINDS:
        assert "没有要写的改动" in taken(books, kind, saved[f"{kind}-plain"])
        told = taken(books, kind, books.filled[kind])
        assert taken(books, kind, saved[f"{kind}-filled"]) == told
