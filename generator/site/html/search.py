"""Search entries of generated pages, in the form that Material's search worker reads."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import escape

from generator.site.addresses import SEARCH_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.site.html.page import SearchEntry

#: What Material puts between the words of Chinese text: a space that takes no room. The separator
#: of mkdocs.yml parts Chinese into characters, so that text needs none.
BREAK = "\u200b"


def prepare_jieba() -> None:
    """Keep jieba quiet, and its dictionary's cache with the package instead of in /tmp.

    The cache is unmarshalled, so it must lie where only the owner of the program can write.
    """
    import jieba  # noqa: PLC0415 - slow to import, site only

    jieba.setLogLevel(logging.CRITICAL)
    folder = Path(jieba.__file__).parent / "__pycache__"
    folder.mkdir(exist_ok=True)
    jieba.dt.tmp_dir = str(folder)


def markup(text: str) -> str:
    """Return plain text as the HTML that Material's search results insert."""
    return str(escape(text.replace(BREAK, "")))


def entries(found: Iterable[tuple[str, SearchEntry]]) -> list[dict[str, str]]:
    """Return the entries of pages that search finds by address, in their order."""
    return [
        {
            "location": quote(address, safe="/#"),
            "title": markup(entry.title),
            "text": markup(entry.text),
        }
        for address, entry in found
    ]


def append_entries(site_dir: Path, found: Iterable[tuple[str, SearchEntry]]) -> None:
    """Add entries of pages to the index that the search plugin wrote, with real characters."""
    path = site_dir / SEARCH_INDEX
    index = json.loads(path.read_text(encoding="utf-8"))
    index["docs"].extend(entries(found))
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
