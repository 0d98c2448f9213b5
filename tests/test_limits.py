"""Limits of files stand where a secretary looks, as the program holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.files.attachments import TYPES
from generator.files.attachments.images import DENSE, DENSE_FROM, MAX_PIXELS
from generator.files.attachments.office import MAX_ROWS, MAX_TOTAL
from generator.files.limits import MAX_BRANCH_YEAR, MAX_FILE, MEGABYTE
from generator.site.build.written import filled
from generator.text.names import MAX_NAME_BYTES

ROOT = Path(__file__).resolve().parents[1]
MILLION = 1_000_000
FILE, YEAR = f"{MAX_FILE // MEGABYTE} MB", f"{MAX_BRANCH_YEAR // MEGABYTE} MB"
TOLD = {
    "site_templates/pages/guide.md": [
        f"每个不超过 {FILE}",
        f"合计不超过 {YEAR}",
        f"最多 {MAX_PIXELS // 10**8} 亿像素",
        f"最多 {MAX_ROWS // 10**4} 万行",
        f"最长 {MAX_NAME_BYTES} 字节（大约 {MAX_NAME_BYTES // 3} 个汉字）",
    ],
    "site_templates/pages/guide.en.md": [
        f"at most {FILE} each",
        f"{YEAR} for all",
        f"at most {MAX_PIXELS // MILLION} million pixels",
        f"at most {MAX_ROWS:,} rows",
        f"at most {MAX_NAME_BYTES} bytes",
    ],
    "docs/format.md": [
        f"At most {FILE} (of 1,000,000 bytes) each, and {YEAR} for all files",
        f"at most {MAX_PIXELS // MILLION} million pixels; above {DENSE_FROM // MILLION} million,",
        f"at most {DENSE:,} a byte of its file",
        f"at most {MAX_ROWS:,} rows",
        f"unpacks to at most {MAX_TOTAL // MEGABYTE} MB",
        f"At most {MAX_NAME_BYTES} bytes a name",
    ],
}


@pytest.mark.parametrize("page", TOLD)
def test_limits_are_told_as_they_are(page: str) -> None:
    text = " ".join(filled((ROOT / page).read_text("utf-8"), 2031).split())
    assert [words for words in TOLD[page] if words not in text] == []
    assert [ending for ending in TYPES if ending != "jpeg" and ending not in text] == []
