"""Audit of HTML: an allow-list of elements, attributes and addresses; all else is a fault.

Text of branches reaches pages through autoescaped templates, so a page never fails the audit
because of its data; where it does, a template is at fault and nothing is written.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from generator.site.allowed import (
    BODY_ATTRIBUTES,
    BODY_ELEMENTS,
    GLOBAL_ATTRIBUTES,
    PAGE_ATTRIBUTES,
    PAGE_ELEMENTS,
    REFERRING,
    URL_ATTRIBUTES,
    VOID,
)

TAG = re.compile(r"<[^<>]*>")
START = re.compile(r'<([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z_:@][\w:.@-]*(?:="[^"<>]*")?)*)\s*(/?)>')
END = re.compile(r"</([A-Za-z][A-Za-z0-9]*)\s*>")
ATTRIBUTE = re.compile(r'([A-Za-z_:@][\w:.@-]*)(?:="([^"<>]*)")?')
BAD_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);)")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
RAW = re.compile(r"(<(script|style)\b[^<>]*>)(.*?)</\2>", re.DOTALL | re.IGNORECASE)
UNENDED = re.compile(r"<(script|style)\b[^<>]*>(?!</\1>)", re.IGNORECASE)
COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--).)*-->", re.DOTALL)
DOCTYPE = re.compile(r"\A\s*<!doctype html>", re.IGNORECASE)

#: An address below the site: no scheme, no host, no backslash, nothing that a browser drops.
LOCAL = re.compile(r"(?!//)(?![^/?#]*:)[^\x00-\x20\x7f-\x9f<>\"\\^`{|}\u200b-\u200f\u2028-\u202f]*")
CANONICAL = re.compile(r"https?://[A-Za-z0-9][^\x00-\x20\x7f-\x9f<>\"\\^`{|}]*")
EXTERNAL = re.compile(r"https://[A-Za-z0-9][^\x00-\x20\x7f-\x9f<>\"\\^`{|}]*")
STYLE = re.compile(r"(?:\s*[a-z-]+\s*:\s*[-#%.,\w ]+;?)*\s*", re.ASCII)
PAINT = re.compile(r"url\(#[\w-]+\)|(?:rgba?|hsla?|var)\([-\w%., /]+\)", re.ASCII)
RELATIONS = frozenset({"noopener", "noreferrer", "nofollow"})

Kind = Literal["start", "end", "void"]


class AuditError(Exception):
    """A page holds what no page may hold: a fault of the program, with address and reason."""

    def __init__(self, address: str, reason: str) -> None:
        """Name the page and what is wrong with it."""
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class Mark(NamedTuple):
    """A tag: its element, and whether it opens, closes or stands alone."""

    name: str
    kind: Kind


@dataclass(slots=True)
class Auditor:
    """Audits bodies, and documents whose scripts are known; remembers tags that passed."""

    in_bodies: dict[str, Mark] = field(default_factory=dict)
    in_documents: dict[str, Mark] = field(default_factory=dict)

    def body(self, address: str, text: str) -> None:
        """Check the body of a generated page; raises AuditError."""
        self._markup(address, text, body=True)

    def document(self, address: str, text: str, scripts: frozenset[str] | None = None) -> None:
        """Check a whole document; inline scripts must be among ``scripts`` where given."""
        found, rest = take_apart(text)
        if scripts is not None and not found <= scripts:
            raise AuditError(address, "an inline script that the theme does not have")
        if UNENDED.search(rest):
            raise AuditError(address, "a script or style without its plain end")
        self._markup(address, rest, body=False)

    def _markup(self, address: str, text: str, *, body: bool) -> None:
        if found := CONTROL.search(text):
            raise AuditError(address, f"control character {found.group()!r}")
        if found := BAD_AMPERSAND.search(text):
            raise AuditError(address, f"bare & at {text[found.start() :][:40]!r}")
        tags = TAG.findall(text)
        if text.count("<") != len(tags):
            raise AuditError(address, "< that begins no tag")
        passed = self.in_bodies if body else self.in_documents
        for tag in set(tags) - passed.keys():
            passed[tag] = self._tag(address, tag, body=body)
        if body:
            self._balance(address, tags)

    def _tag(self, address: str, tag: str, *, body: bool) -> Mark:
        elements = BODY_ELEMENTS if body else PAGE_ELEMENTS
        if end := END.fullmatch(tag):
            mark = Mark(end.group(1), "end")
        elif start := START.fullmatch(tag):
            name = start.group(1)
            mark = Mark(name, "void" if start.group(3) or name in VOID else "start")
            reason = refusal(name, start.group(2), body=body)
            if reason:
                raise AuditError(address, f"{reason} in {tag!r}")
        else:
            raise AuditError(address, f"{tag!r} is no well-formed tag")
        if mark.name not in elements:
            raise AuditError(address, f"element not allowed: {tag!r}")
        return mark

    def _balance(self, address: str, tags: list[str]) -> None:
        """Check that a body closes what it opens, and nothing of the page around it."""
        opened: list[str] = []
        marks = self.in_bodies
        for tag in tags:
            name, kind = marks[tag]
            if kind == "start":
                opened.append(name)
            elif kind == "end" and (not opened or opened.pop() != name):
                raise AuditError(address, f"{tag} closes nothing")
        if opened:
            raise AuditError(address, f"<{opened[-1]}> is never closed")


def take_apart(text: str) -> tuple[frozenset[str], str]:
    """Return the texts of inline scripts and styles, and the document without them."""
    found: set[str] = set()

    def take(match: re.Match[str]) -> str:
        if match.group(3):
            found.add(match.group(3))
        return f"{match.group(1)}</{match.group(2)}>"

    rest = DOCTYPE.sub("", COMMENT.sub("", RAW.sub(take, text)), count=1)
    return frozenset(found), rest


def refusal(element: str, attributes: str, *, body: bool) -> str:
    """Return why an element's attributes are not allowed; empty where they are."""
    pairs = [(m.group(1), html.unescape(m.group(2) or "")) for m in ATTRIBUTE.finditer(attributes)]
    if len({name for name, _ in pairs}) != len(pairs):
        return "an attribute twice"
    values = dict(pairs)
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
    if EXTERNAL.fullmatch(value):
        relations = set(values.get("rel", "").split())
        if element == "a" and (relations >= RELATIONS or (not body and "noopener" in relations)):
            return ""
    return f"address {value!r} not allowed"
