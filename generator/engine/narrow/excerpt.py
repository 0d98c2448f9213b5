"""A large file that holds an entry for every branch, shown as if it held a few.

The committee's debrief.yml of 10,000 branches takes a second to read. Entries that are written
alike, but for plain words and numbers, are all sound or all unsound: one of each form is parsed.
Whatever is not plain to see (another layout, a comment, a name twice) is left to the parser, as is
a file whose entries are compared with one another: their numbers of ballots differ.
"""

from __future__ import annotations

import re
from functools import lru_cache

from generator.formats.nodes import COMMITTEE_LIMITS, parse
from generator.text.findings import Report

#: Nothing before the entries may be open when they begin, such as a quoted text.
HEAD = re.compile(rb"(?:[a-z_]+: [0-9A-Za-z\x80-\xff][^\n\"'\[\]{}]*\n)*branches:\n")
ENTRY = re.compile(rb"  ([a-z0-9-]+):((?: [^ \n][^\n]*)?\n(?: {3,}[^ \n][^\n]*\n)*)")
TAIL = re.compile(rb"(?:[a-z_]+:(?: [^\n]*)?\n)*")
#: Plain words and numbers, as they stand between a key and the end of its value.
VALUE = re.compile(rb"(?<=: )[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*(?=[,}\n])")
#: How many ballots were handed out, however that is written.
ISSUED = re.compile(rb"issued[^0-9A-Za-z]*([0-9]+)")
#: Smaller files are parsed whole, as are those whose values have more than ``FORMS`` forms.
SMALL = 20_000
FORMS = 100
#: Bytes that a node takes at least, its separator included.
NODE = 2


@lru_cache(maxsize=4)
def excerpt(data: bytes, names: frozenset[str]) -> bytes:
    """Return the text with empty lines in place of the other branches' entries.

    The text itself is returned where one cannot tell that they are sound.
    """
    if len(data) <= SMALL or any(sign in data for sign in (b"\r", b"#", b"\\")):
        return data
    if len(set(ISSUED.findall(data))) > 1:
        return data
    head = HEAD.match(data)
    if head is None or len(data) > NODE * COMMITTEE_LIMITS.nodes:
        return data
    entries = list(ENTRY.finditer(data, head.end()))
    end = entries[-1].end() if entries else head.end()
    if sum(len(entry[0]) for entry in entries) != end - head.end():
        return data
    keys = {entry[1] for entry in entries}
    if len(keys) < len(entries) or not TAIL.fullmatch(data, end) or not _sound(entries):
        return data
    wanted = {name.encode("ascii") for name in names} & keys or {entries[0][1]}
    shown = (e[0] if e[1] in wanted else b"\n" * e[0].count(b"\n") for e in entries)
    return b"".join([data[: head.end()], *shown, data[end:]])


def _sound(entries: list[re.Match[bytes]]) -> bool:
    """Whether the parser has nothing to say about any of these entries."""
    forms = set(VALUE.sub(b"x", b"\0".join([entry[2] for entry in entries])).split(b"\0"))
    if len(forms) > FORMS:
        return False
    report = Report()
    return all(parse(b"x:" + form, report, "") is not None for form in forms) and not report.count
