"""Papers as a person sees them: rendered by LibreOffice, and measured in mm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import needed
from tools.rendering import lacking, measured

if TYPE_CHECKING:
    from pathlib import Path

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
