"""Looking for texts in every file of a site: one pass a file, whatever the number of texts.

A text is told by its longest run of signs that no page, table or index writes otherwise. Of each
run the first few windows are kept; whatever holds the run has one of them at a place that is looked
at, since every place of the stride is.
"""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from zipfile import ZipFile

from generator.site.guarding.values import Values, names_of
from generator.text.days import read_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from generator.results.projection import Hidden

#: Signs of a window, and how far apart windows are; a run that both fit into is always found.
WINDOW, STRIDE = 4, 5
SHORTEST = WINDOW + STRIDE - 1
#: What is written otherwise somewhere: white space, what HTML, JSON and CSV escape; figures, which
#: pages keep together, part Chinese.
WRITTEN_OTHERWISE = re.compile(r"[\s<>&\"'\\\u200b\u00a0]+")
FIGURES = re.compile(r"[\s<>&\"'\\\u200b\u00a0\d]+")
CHINESE = re.compile("[\u3400-\u9fff]")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
#: So many signs may stand between two parts of a text: markup, escapes.
APART = 120
#: Papers and workbooks: archives of parts that hold text.
OFFICE = frozenset({".docx", ".xlsx"})
#: Files that nothing but pictures or letters is in.
BYTES = frozenset({".woff", ".woff2", ".ttf", ".ico"})


class Leak(NamedTuple):
    """A file of a site that holds a text which is not shown, and the field of that."""

    file: str
    hidden: Hidden


class Search:
    """Finds some texts in others, all of them in one pass."""

    def __init__(self, texts: Iterable[Hidden]) -> None:
        self.runs: list[tuple[str, tuple[str, ...], Hidden]] = []
        self.windows: dict[str, list[tuple[int, int]]] = {}
        for hidden in texts:
            parts = parts_of(hidden.text)
            longest = max(parts, key=len, default="")
            if len(longest) < SHORTEST or read_day(hidden.text) is not None:
                continue  # days are everywhere
            for offset in range(STRIDE):
                window = longest[offset : offset + WINDOW]
                self.windows.setdefault(window, []).append((len(self.runs), offset))
            self.runs.append((longest, parts, hidden))
        firsts = "".join(map(re.escape, sorted({window[0] for window in self.windows})))
        self.first = re.compile(f"[{firsts}]") if firsts else None

    def found(self, text: str) -> list[Hidden]:
        """Return the texts that another one holds, in all their parts."""
        if self.first is None:
            return []
        windows = self.windows
        firsts = (one.start() * STRIDE for one in self.first.finditer(text[::STRIDE]))
        places = [n for n in firsts if text[n : n + WINDOW] in windows]
        seen = {
            number
            for at in places
            for number, offset in windows[text[at : at + WINDOW]]
            if at >= offset and text.startswith(self.runs[number][0], at - offset)
        }
        runs = (self.runs[number] for number in sorted(seen))
        return [hidden for _, parts, hidden in runs if follow(text, parts)]


def parts_of(text: str) -> tuple[str, ...]:
    """Return the runs of a text that are written alike everywhere."""
    between = FIGURES if CHINESE.search(text) else WRITTEN_OTHERWISE
    return tuple(part for part in between.split(text) if len(part) > 1)


def is_short(text: str) -> bool:
    """Whether a text has no run that is long enough to be told from chance."""
    return max(map(len, parts_of(text)), default=0) < SHORTEST


def follow(text: str, parts: tuple[str, ...]) -> bool:
    """Whether parts follow one another in a text, no further apart than markup parts them."""
    start = text.find(parts[0])
    while start >= 0:
        end = start + len(parts[0])
        for part in parts[1:]:
            at = text.find(part, end, end + APART + len(part))
            if at < 0:
                break
            end = at + len(part)
        else:
            return True
        start = text.find(parts[0], start + 1)
    return False


def leaks(
    folder: Path,
    texts: Iterable[Hidden],
    is_own: Callable[[Path, str], bool] = lambda _path, _name: False,
    *,
    short: Iterable[Hidden] = (),
) -> Iterator[Leak]:
    """Yield the texts that stand in files of a site; one file is in memory at a time.

    ``is_own`` says of a file and its name whether it was there before the data. The ``short`` texts
    are found where each is the whole of something.
    """
    search, values = Search(texts), Values(short)
    for path in sorted(folder.rglob("*")) if search.runs or values.forms else ():
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix not in BYTES and not is_own(path, name):
            own = values.found_in(names_of(name))
            for piece in pieces(path, name):
                own.update(search.found(piece), values.found(name, piece))
            yield from (Leak(name, hidden) for hidden in sorted(own))


def pieces(path: Path, name: str) -> Iterator[str]:
    """Yield what a file says, and its name; a table by columns, a paper by its parts."""
    yield name
    if path.suffix == ".parquet":
        yield from columns(path)
        return
    if path.suffix in OFFICE:
        with ZipFile(path) as book:
            yield from (book.read(part).decode("utf-8", "replace") for part in book.namelist())
        return
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode("utf-8", "replace")
    yield ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text) if "\\u" in text else text


def columns(path: Path | BinaryIO) -> Iterator[str]:
    """Yield the texts of a table, some rows of a column at a time."""
    from pyarrow import types  # noqa: PLC0415 - takes threads and memory of its own
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - takes threads and memory of its own

    with ParquetFile(path) as table:
        yield f"{table.schema_arrow.names} {table.metadata.metadata}"
        for batch in table.iter_batches():
            for column in batch.columns:
                if types.is_string(column.type):
                    yield "\n".join(filter(None, column.to_pylist()))
