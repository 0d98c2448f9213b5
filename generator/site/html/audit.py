"""Audit of HTML: an allow-list of elements, attributes and addresses; all else is a fault.

Text of branches reaches pages through autoescaped templates, so a page never fails the audit
because of its data; where it does, a template is at fault and nothing is written.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from functools import cache

from generator.site.html.allowed import (
    BODY_ATTRIBUTES,
    BODY_ELEMENTS,
    GLOBAL_ATTRIBUTES,
    PAGE_ATTRIBUTES,
    PAGE_ELEMENTS,
    REFERRING,
    URL_ATTRIBUTES,
    VOID,
)
from generator.text.links import may_link

TAG = re.compile(r"<[^<>]*>")
START = re.compile(r'<([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z_:@][\w:.@-]*(?:="[^"<>]*")?)*)\s*(/?)>')
END = re.compile(r"</([A-Za-z][A-Za-z0-9]*)\s*>")
MARK = re.compile(r"<(/?)([^<>]+)>")
FOLD = re.compile(r"(</?(?:details|section|tr)>)")
ATTRIBUTE = re.compile(r'([A-Za-z_:@][\w:.@-]*)(?:="([^"<>]*)")?')
BAD_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);)")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
RAW = re.compile(r"(<(script|style)\b[^<>]*>)(.*?)</\2>", re.DOTALL | re.IGNORECASE)
UNENDED = re.compile(r"<(script|style)\b[^<>]*>(?!</\1>)", re.IGNORECASE)
#: Data for programs: JSON in which no markup can begin, end or be meant.
DATA = re.compile(
    r'<script type="application/(?:ld\+)?json"(?: id="[a-z-]+")?>(.*?)</script>', re.DOTALL
)
#: What a page may run: a script of the form that lies in the site, and what it is told.
PROGRAM = re.compile(
    r'<script type="application/json" id="[a-z-]+">(.*)</script>\n'
    r'(?:<link rel="modulepreload" href="(?:\.\./)*assets/form/[0-9a-f]+/[a-z/-]+\.js">\n)*'
    r'<script type="module" src="(?:\.\./)*assets/form/[0-9a-f]+/[a-z-]+\.js"></script>\n'
)
PLAIN_DATA = re.compile(r"\{[^<>&]*\}")
COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--).)*-->", re.DOTALL)
DOCTYPE = re.compile(r"\A\s*<!doctype html>", re.IGNORECASE)

#: An address below the site: no scheme, no host, no backslash, nothing that a browser drops.
LOCAL = re.compile(r"(?!//)(?![^/?#]*:)[^\x00-\x20\x7f-\x9f<>\"\\^`{|}\u200b-\u200f\u2028-\u202f]*")
CANONICAL = re.compile(r"https?://[A-Za-z0-9][^\x00-\x20\x7f-\x9f<>\"\\^`{|}]*")
STYLE = re.compile(r"(?:\s*[a-z-]+\s*:\s*[-#%.,\w ]+;?)*\s*", re.ASCII)
PAINT = re.compile(r"url\(#[\w-]+\)|(?:rgba?|hsla?|var)\([-\w%., /]+\)", re.ASCII)
#: Values that no rule minds, but for one that begins with two slashes.
HARMLESS = re.compile(r'"[A-Za-z0-9._#/%-]*"')
NO_BRACKETS = bytes(set(range(256)) - set(b"<>"))
CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
#: Tags to remember; half of the room is kept for those that differ in more than harmless values.
MOST = 16_384
#: Characters of a sequence of tags that is worth remembering: no longer one comes a second time.
LONG = 2_000

#: What a picture in a body must have: nothing moves when it comes, and it is told in words.
PICTURED = frozenset({"alt", "height", "src", "width"})
RELATIONS = frozenset({"noopener", "noreferrer", "nofollow"})


class AuditError(Exception):
    """A page holds what no page may hold: a fault of the program, with address and reason."""

    def __init__(self, address: str, reason: str) -> None:
        """Name the page and what is wrong with it."""
        super().__init__(address, reason)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.address}: {self.reason}"


@dataclass(slots=True)
class Auditor:
    """Audits bodies, and documents whose scripts are known.

    It remembers tags that passed, and the shapes of tags: one that differs from a tag that passed
    only in harmless values has nothing in it that any rule could mind. Of sequences of tags it
    remembers those that were balanced. What is kept of a tag is its mark, such as ``<p>``, ``</p>``
    or nothing.
    """

    in_bodies: dict[str, str] = field(default_factory=dict)
    in_documents: dict[str, str] = field(default_factory=dict)
    balanced: set[str] = field(default_factory=set)

    def body(self, address: str, text: str) -> None:
        """Check the body of a generated page; raises AuditError."""
        self._markup(address, text, body=True)

    def program(self, address: str, text: str) -> None:
        """Check what a page runs and what that is told; raises AuditError."""
        found = PROGRAM.fullmatch(text)
        if found is None or not is_data(found[1]):
            raise AuditError(address, "a program that is none of the form's scripts")

    def document(
        self, address: str, text: str, scripts: frozenset[str] | None = None
    ) -> frozenset[str]:
        """Check a whole document; return its inline scripts and styles; raises AuditError.

        They must be among ``scripts`` where given. Data for programs is no script: it may be any
        JSON that has no markup in it.
        """
        for data in DATA.findall(text):
            if not is_data(data):
                raise AuditError(address, "data for programs that is no plain JSON")
        found, rest = take_apart(text)
        if scripts is not None and not found <= scripts:
            raise AuditError(address, "an inline script that the theme does not have")
        if UNENDED.search(rest):
            raise AuditError(address, "a script or style without its plain end")
        self._markup(address, rest, body=False)
        return found

    def _markup(self, address: str, text: str, *, body: bool) -> None:
        data = text.encode("utf-8", "surrogatepass")
        if len(data.translate(None, CONTROLS)) != len(data):
            found = CONTROL.search(text)
            raise AuditError(address, f"control character {found and found.group()!r}")
        if found := BAD_AMPERSAND.search(text):
            raise AuditError(address, f"bare & at {text[found.start() :][:40]!r}")
        tags = insides(address, text, data)
        passed = self.in_bodies if body else self.in_documents
        marks = {
            tag: passed[tag] if tag in passed else self._mark(address, tag, passed, body=body)
            for tag in set(tags)
        }
        if body:
            self._balance(address, "".join(map(marks.__getitem__, tags)))

    def _balance(self, address: str, marks: str) -> None:
        """Check that a body closes what it opens, and nothing of the page around it.

        What opens out, a section and a row are looked at by themselves: most are built like others.
        """
        if marks in self.balanced:
            return
        opened, ends, insides = [""], [""], []
        for number, piece in enumerate(FOLD.split(marks)):
            if not number % 2:
                opened[-1] += piece
            elif piece == ends[-1]:
                insides.append(opened.pop())
                ends.pop()
            elif piece.startswith("</"):
                opened[-1] += piece
            else:
                opened.append("")
                ends.append(f"</{piece[1:]}")
        around = marks if len(opened) > 1 else opened[0]
        for sequence in (*insides, around):
            if sequence not in self.balanced:
                balance(address, sequence)
                if len(sequence) <= LONG and len(self.balanced) < MOST:
                    self.balanced.add(sequence)

    def _mark(self, address: str, tag: str, passed: dict[str, str], *, body: bool) -> str:
        """Return the mark of a tag that is not known word for word; raises AuditError."""
        shape = HARMLESS.sub('""', tag)
        known = tame(tag, shape)
        mark = passed.get(shape) if known else None
        if mark is None:
            mark = self._tag(address, tag, body=body)
        if len(passed) < MOST:
            passed[shape if known else tag] = mark
        if len(passed) < MOST // 2:
            passed[tag] = mark
        return mark

    def _tag(self, address: str, inside: str, *, body: bool) -> str:
        tag = f"<{inside}>"
        elements = BODY_ELEMENTS if body else PAGE_ELEMENTS
        if end := END.fullmatch(tag):
            name, mark = end.group(1), f"</{end.group(1)}>"
        elif start := START.fullmatch(tag):
            name = start.group(1)
            mark = "" if start.group(3) or name in VOID else f"<{name}>"
            reason = refusal(name, start.group(2), body=body)
            if not reason and body and name == "img" and not names_of(start.group(2)) >= PICTURED:
                reason = "a picture without words or size"
            if reason:
                raise AuditError(address, f"{reason} in {tag!r}")
        else:
            raise AuditError(address, f"{tag!r} is no well-formed tag")
        if name not in elements:
            raise AuditError(address, f"element not allowed: {tag!r}")
        return mark


def tame(tag: str, shape: str) -> bool:
    """Whether all tags of a shape pass where one does.

    Addresses must stay below the site: no colon is left in the shape, and none begins with two
    slashes. What a style says counts, so that it has no shape.
    """
    return ":" not in shape and 'style=""' not in shape and '"//' not in tag


def insides(address: str, text: str, data: bytes) -> list[str]:
    """Return what stands in the tags of a text; raises AuditError for < that begins none.

    Where < and > take turns all the way, parting the text at both gives text and tags in turn.
    """
    brackets = data.translate(None, NO_BRACKETS)
    if brackets == b"<>" * (len(brackets) // 2):
        return text.replace(">", "<").split("<")[1::2]
    tags = TAG.findall(text)
    if text.count("<") != len(tags):
        raise AuditError(address, "< that begins no tag")
    return [tag[1:-1] for tag in tags]


def balance(address: str, marks: str) -> None:
    """Check that a sequence of marks closes what it opens and nothing else; raises AuditError."""
    opened: list[str] = []
    for end, name in MARK.findall(marks):
        if not end:
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise AuditError(address, f"</{name}> closes nothing")
    if opened:
        raise AuditError(address, f"<{opened[-1]}> is never closed")


def take_apart(text: str) -> tuple[frozenset[str], str]:
    """Return the texts of inline scripts and styles, and the document without them."""
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        if match.group(3) and not DATA.fullmatch(match.group()):
            found.add(match.group(3))
        return f"{match.group(1)}</{match.group(2)}>"

    rest = DOCTYPE.sub("", COMMENT.sub("", RAW.sub(take, text)), count=1)
    return frozenset(found), rest


def is_data(text: str) -> bool:
    """Whether a text is JSON in which no markup can begin, end or be meant."""
    if not PLAIN_DATA.fullmatch(text):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def names_of(attributes: str) -> set[str]:
    """Return the names of attributes."""
    return {found.group(1) for found in ATTRIBUTE.finditer(attributes)}


def refusal(element: str, attributes: str, *, body: bool) -> str:
    """Return why an element's attributes are not allowed; empty where they are."""
    pairs = [(m.group(1), html.unescape(m.group(2) or "")) for m in ATTRIBUTE.finditer(attributes)]
    values = dict(pairs)
    if len(values) != len(pairs):
        return "an attribute twice"
    for name, value in pairs:
        if not known(element, name, body=body):
            return f"attribute {name} not allowed"
        if name in URL_ATTRIBUTES and (reason := refuse_url(element, name, values, body=body)):
            return reason
        if name == "style" and not STYLE.fullmatch(value):
            return f"style {value!r} not allowed"
        if name in REFERRING and "(" in value and not PAINT.fullmatch(value):
            return f"{name} {value!r} not allowed"
    return ""


@cache
def known(element: str, name: str, *, body: bool) -> bool:
    """Whether an element may have an attribute of this name."""
    if name in GLOBAL_ATTRIBUTES or re.fullmatch(r"aria-[a-z]+|data-[a-z-]+", name):
        return not (body and name.startswith("data-md-"))
    if name in BODY_ATTRIBUTES.get(element, ()):
        return True
    return not body and name in PAGE_ATTRIBUTES.get(element, ())


def refuse_url(element: str, name: str, values: dict[str, str], *, body: bool) -> str:
    """Return why an address is not allowed; only links may leave the site, and say so."""
    value = values[name]
    if LOCAL.fullmatch(value):
        return ""
    if element == "link" and values.get("rel") == "canonical" and not body:
        return "" if CANONICAL.fullmatch(value) else f"canonical address {value!r}"
    if may_link(value):
        relations = set(values.get("rel", "").split())
        if element == "a" and (relations >= RELATIONS or (not body and "noopener" in relations)):
            return ""
    return f"address {value!r} not allowed"
