"""What acts by itself in an office file: macros, links to other files, embedded objects, DDE.

Relations are read, not only folder names: a part may have any name. A hyperlink or a linked
picture is not active; a template is where it comes from another machine; the workbook behind a
chart is not by itself.
"""

from __future__ import annotations

import re

from generator.files.attachments.markup import attributes, plain, texts

#: Parts that act by their name alone. What lies in ``embeddings/`` does unless it is a workbook.
_NAMES = re.compile(
    r"vbaproject|vbadata|externallinks/|activex|macrosheets/|dialogsheets/|customui"
)
_EMBEDDED = "embeddings/"
_CHARTS = "/charts/_rels/"
_MACRO_TYPE = re.compile(rb"macroenabled|ms-office\.vbaproject|ms-excel\.(?:intl)?macrosheet")
#: The last word of a relation's type.
_ACTIVE_TYPES = frozenset(
    {
        b"vbaproject", b"externallink", b"externallinkpath", b"oleobject", b"package", b"control",
        b"activexcontrolbinary", b"xlmacrosheet", b"xlintlmacrosheet", b"subdocument", b"frame",
        b"extensibility",
    }
)  # fmt: skip
_TEMPLATE, _PACKAGE = b"attachedtemplate", b"package"
#: The beginning of a place on another machine; a drive letter or a bare name is the author's own.
_REMOTE = re.compile(rb"(?:https?|ftp)://|file://[^/]|file:////|\\\\|//|[^\"']{0,20}&#")
#: `app|topic!item`: outside quotes a formula has no other use for the bar.
_DDE_FORMULA = re.compile(rb"\||\bDDE\s{0,8}\(", re.IGNORECASE)
_FIELD = b"instr"
_DDE_FIELD = re.compile(rb"\ADDE(?:AUTO)?\b", re.IGNORECASE)
#: Possessive: an open quote is looked at once for each kind of quote.
_QUOTED = re.compile(rb"\"[^\"]*+\"|'[^']*+'")
_MAYBE_DDE = re.compile(rb"\||DDE|&", re.IGNORECASE)


def is_workbook(name: str) -> bool:
    """Whether a part, by its name in lower case, is a workbook inside a file, as charts have."""
    return _EMBEDDED in name and name.endswith(".xlsx")


def acts(name: str, head: bytes) -> bool:
    """Whether a part acts by itself; ``name`` in lower case, ``head`` the beginning of the part."""
    if _NAMES.search(name) or (_EMBEDDED in name and not is_workbook(name)):
        return True
    if not name.endswith((".xml", ".rels")):
        return False
    text = _ascii(head)
    if name.endswith(".rels"):
        return _relations_act(text.lower(), of_chart=_CHARTS in name)
    if name == "[content_types].xml":
        return _MACRO_TYPE.search(text.lower()) is not None
    if name.startswith("xl/"):
        return b"ddeLink" in text or _formulas_act(text)
    return any(map(_DDE_FIELD.match, _fields(text)))


def effort(name: str, head: bytes) -> int:
    """Return how many steps ``acts`` takes for a part: marks that begin a tag or a value."""
    if not name.endswith((".xml", ".rels")):
        return 0
    text = _ascii(head)
    if name.endswith(".rels") or (
        _has_formulas(text) if name.startswith("xl/") else _FIELD in text
    ):
        return text.count(b"<") + text.count(b"=") + text.count(b"&")
    return 0


def _ascii(head: bytes) -> bytes:
    """UTF-16, which office programs read as well, becomes ASCII without its zeros."""
    return head.replace(b"\0", b"") if b"\0" in head else head


def _has_formulas(text: bytes) -> bool:
    """Whether there are formulas that could ask another program."""
    some = b"<f" in text or b":f" in text or b"definedName" in text
    return some and _MAYBE_DDE.search(text) is not None


def _relations_act(text: bytes, *, of_chart: bool) -> bool:
    """Whether a part's relations, in lower case, name something that acts.

    A type that is spelt with references to characters hides something.
    """
    template = remote = False
    for _, tag, _ in texts(text):
        for name, value in attributes(tag):
            remote = remote or (name == b"target" and _is_remote(value))
            if name == b"type":
                last = value.rpartition(b"/")[2]
                template = template or last == _TEMPLATE
                if b"&#" in value or (
                    last in _ACTIVE_TYPES and not (of_chart and last == _PACKAGE)
                ):
                    return True
    return template and remote


def _is_remote(target: bytes) -> bool:
    return _REMOTE.match(target.lstrip()) is not None


def _formulas_act(text: bytes) -> bool:
    if not _has_formulas(text):
        return False
    return any(
        name in {b"f", b"definedName"} and _formula_acts(words) for name, _, words in texts(text)
    )


def _formula_acts(formula: bytes) -> bool:
    if b"|" not in formula and b"(" not in formula and b"&" not in formula:
        return False
    return _DDE_FORMULA.search(_QUOTED.sub(b"", plain(formula))) is not None


def _fields(text: bytes) -> list[bytes]:
    """Return the instructions of a document's fields, joined across runs."""
    if _FIELD not in text:
        return []
    found = [[b""]]
    for name, tag, words in texts(text):
        if name == b"instrText":
            found[-1].append(words)
        if b"fldCharType" in tag or b"instr=" in tag or b"instr " in tag:
            given = dict(attributes(tag))
            if given.get(b"fldCharType") == b"begin":
                found.append([])
            found += [[value] for value in (given.get(b"instr"),) if value]
    return [plain(b"".join(parts)).lstrip() for parts in found]
