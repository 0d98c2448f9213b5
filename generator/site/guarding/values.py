"""Looking for short texts: found where one is the whole of something, since parts occur by chance.

That is a piece of text between two tags, an attribute that is read or holds data, a string of JSON
that is no key, a cell of a table, a part of a file's name. In the midst of a sentence it is not
looked for.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.results.projection import Hidden

#: One sign alone is everywhere; so is what has figures and marks alone.
FEWEST = 2
#: So many ways of writing are sought in a file before its values are taken apart: that is quicker.
FEW = 50
#: Before what a spreadsheet would take for a formula, tables have this sign.
GUARDED = "'"
#: A string of JSON, and whether it is a key; where HTML holds JSON; an attribute that people are
#: shown or whose value is data: others have words of the program.
STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*:)?')
SCRIPT = re.compile(r"<script[^>]*\bjson\b[^>]*>(.*?)</script>", re.DOTALL)
ATTRIBUTE = re.compile(
    r'\s(?:title|alt|content|label|placeholder|value|aria-[a-z]+|data-[a-z-]+)="([^"]*)"'
)
#: A cell of a table, in quotation marks or without; what a table may begin with.
CELL = re.compile(r'"((?:[^"]|"")*)"|([^,"\r\n]+)')
MARK = "\ufeff"


class Values:
    """Finds texts that are the whole of something in a file."""

    def __init__(self, texts: Iterable[Hidden]) -> None:
        self.forms: dict[str, set[Hidden]] = {}
        for hidden in texts:
            if len(hidden.text) >= FEWEST and any(map(str.isalpha, hidden.text)):
                for form in forms_of(hidden.text):
                    self.forms.setdefault(form, set()).add(hidden)
        self.written = {*self.forms, *(form.replace('"', '""') for form in self.forms)}

    def found(self, name: str, text: str) -> set[Hidden]:
        """Return the texts that are a value of a file of this name."""
        if len(self.written) <= FEW and not any(form in text for form in self.written):
            return set()  # no value is anything but a part of the file, quotation marks aside
        return self.found_in(values_of(name, text))

    def found_in(self, values: Iterable[str]) -> set[Hidden]:
        """Return the texts that are among some values."""
        seen = self.forms.keys() & set(values) if self.forms else ()
        return {hidden for form in seen for hidden in self.forms[form]}


def forms_of(text: str) -> frozenset[str]:
    """Return how a text may be written as a whole value: escaped for HTML, JSON or a table."""
    escaped = (html.escape(text), html.escape(text, quote=False), str(escape(text)))
    return frozenset((text, *escaped, json.dumps(text, ensure_ascii=False)[1:-1], GUARDED + text))


def values_of(name: str, text: str) -> Iterator[str]:
    """Yield the whole values of a file of text, by what its name says that it is."""
    kind = PurePosixPath(name).suffix
    if kind == ".csv":
        for quoted, plain in CELL.findall(text):
            yield quoted.replace('""', '"').strip() or plain.strip().lstrip(MARK)
    elif kind in {".parquet", ".txt"}:
        yield from map(str.strip, text.splitlines())
    elif kind == ".json":
        yield from strings_in(text)
    else:
        yield from map(str.strip, ATTRIBUTE.findall(text))
        for script in SCRIPT.findall(text):
            yield from strings_in(script)
        yield from (piece.partition("<")[0].strip() for piece in text.split(">"))


def strings_in(text: str) -> Iterator[str]:
    """Yield the strings of JSON that are no keys."""
    yield from (string.strip() for string, is_key in STRING.findall(text) if not is_key)


def names_of(name: str) -> Iterator[str]:
    """Yield the parts of a file's path, each with its ending and without it."""
    for part in PurePosixPath(name).parts:
        yield part
        yield part.partition(".")[0]
