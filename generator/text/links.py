"""What may become a link: one definition for whoever reads, shows and audits addresses."""

from __future__ import annotations

import ipaddress
import re
import unicodedata

#: An address of the web: its host with a port, and all that follows.
#: Nothing in it ends an attribute, and nothing is dropped or turned around by a browser.
ADDRESS = re.compile(
    r"https://(?P<host>\[[^\[\]]*\]|[^\[\]@:/?#\\]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?#][^\x00-\x20\x7f-\xa0<>\"'`\\\u00ad\u061c\u115f\u1160\u1680\u180e\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff"
    r"\U000e0000-\U000e0fff]*)?"
)
PLAIN_HOST = re.compile(
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?"
)
#: What begins an address that is always text: whoever stands between could change the page.
PLAIN = "http://"
#: Classes of characters (as Unicode has them) in a host of another script.
LETTERS = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})
LONGEST_HOST = 253
LAST_PORT = 65_535


def may_link(text: str) -> bool:
    """Whether an address may be made a link: https, with a host and no name of a user before it.

    Everything else is shown as text.
    """
    match = ADDRESS.fullmatch(text)
    return match is not None and int(match["port"] or 0) <= LAST_PORT and is_host(match["host"])


def is_host(text: str) -> bool:
    """Whether a text is a host: a name in any script, or an IPv6 address in brackets."""
    if text.startswith("["):
        return is_ipv6(text[1:-1])
    if len(text) > LONGEST_HOST:
        return False
    if text.isascii():
        return PLAIN_HOST.fullmatch(text) is not None
    return all(map(is_label, unicodedata.normalize("NFKC", text).removesuffix(".").split(".")))


def is_label(text: str) -> bool:
    """Whether a text, in the form that browsers bring it to, may stand between dots of a host."""
    letters = text.casefold().replace("-", "")
    outer = text.startswith("-") or text.endswith("-")
    return bool(letters) and not outer and {*map(unicodedata.category, letters)} <= LETTERS


def is_ipv6(text: str) -> bool:
    """Whether a text is an IPv6 address; one of a single machine's own network is none."""
    try:
        return "%" not in text and bool(ipaddress.IPv6Address(text).compressed)
    except ValueError:
        return False
