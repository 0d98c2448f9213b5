"""What acts by itself in an office file: macros, links to other files, embedded objects, DDE.

Relations are read, not only folder names: a part may have any name. A hyperlink or a linked
picture is not active; a template is where it comes from another machine.
"""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"vbaproject|vbadata|externallinks/|embeddings/|activex|macrosheets/|dialogsheets/|customui"
)
_MACRO_TYPE = re.compile(rb"macroenabled|ms-office\.vbaproject|ms-excel\.(?:intl)?macrosheet")
#: The type of a relation, or one that is spelt with character references to hide it.
_ACTIVE_TYPE = re.compile(
    rb"\btype\s*=\s*[\"'](?:[^\"'&]{0,200}/(?:vbaproject|externallink|externallinkpath|oleobject"
    rb"|package|control|activexcontrolbinary|xlmacrosheet|xlintlmacrosheet|subdocument|frame"
    rb"|extensibility)[\"']|[^\"'&]{0,200}&#)"
)
_TEMPLATE = re.compile(rb"/attachedtemplate[\"']")
#: A place on another machine; a drive letter or a bare name is the author's own.
_REMOTE = re.compile(
    rb"\btarget\s*=\s*[\"']\s*(?:(?:https?|ftp)://|file://[^/]|file:/{4,}|\\\\|//|[^\"']{0,20}&#)"
)
_FORMULA = re.compile(rb"<(?:\w+:)?(?:f|definedName)(?:\s[^>]*)?>([^<]*)<")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
#: `app|topic!item`: outside quotes a formula has no other use for the bar.
_DDE_FORMULA = re.compile(rb"\||\bDDE\s*\(", re.IGNORECASE)
_FIELD = re.compile(
    rb"fldCharType\s*=\s*[\"'](begin)|<\w+:instrText(?:\s[^>]*)?>([^<]*)"
    rb"|\w+:instr\s*=\s*[\"']([^\"']*)"
)
_DDE_FIELD = re.compile(rb"^\s*DDE(?:AUTO)?\b", re.IGNORECASE | re.MULTILINE)


def acts(name: str, head: bytes) -> bool:
    """Whether a part acts by itself; ``name`` in lower case, ``head`` the beginning of the part."""
    if _NAMES.search(name):
        return True
    if not name.endswith((".xml", ".rels")):
        return False
    # UTF-16, which office programs read as well, becomes ASCII without its zeros.
    text = head.replace(b"\0", b"") if b"\0" in head else head
    if name.endswith(".rels"):
        return _relations_act(text.lower())
    if name == "[content_types].xml":
        return _MACRO_TYPE.search(text.lower()) is not None
    if name.startswith("xl/"):
        return b"ddeLink" in text or any(map(_formula_acts, _FORMULA.findall(text)))
    return _DDE_FIELD.search(_fields(text)) is not None


def _relations_act(text: bytes) -> bool:
    """Whether a part's relations, in lower case, name something that acts."""
    if _TEMPLATE.search(text) and _REMOTE.search(text):
        return True
    return _ACTIVE_TYPE.search(text) is not None


def _formula_acts(formula: bytes) -> bool:
    if b"|" not in formula and b"(" not in formula:
        return False
    plain = formula.replace(b"&quot;", b'"').replace(b"&apos;", b"'").replace(b"&#124;", b"|")
    return _DDE_FORMULA.search(_QUOTED.sub(b"", plain)) is not None


def _fields(text: bytes) -> bytes:
    """Return the instructions of a document's fields, a line each, joined across runs."""
    if b"instr" not in text:
        return b""
    found = []
    for begin, run, simple in _FIELD.findall(text):
        found.append(b"\n" if begin else run or b"\n" + simple)
    return b"".join(found)
