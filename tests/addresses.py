"""Addresses as people paste them: each of many hosts, ports and ends, sound and otherwise."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = (
    "example.org", "example.org.", "a-b.example", "192.0.2.7", "localhost", "[2001:db8::7]",
    "[::1]", "中国科协.中国", "bücher.example", "例え.テスト", "пример.рф", "xn--fiq228c.example",
)  # fmt: skip
#: No host of a link: a name of a user, what is no address, a slash that looks like none.
NO_HOSTS = (
    "user@example.org", "a:b@example.org", "", "[::g]", "[fe80::1%eth0]", "[", "[]", "a..b", "-",
    "\uff20example.org", "a\uff0fb", "exa%6dple.org", "a|b", "{host}", "example.org:99999",
    "example.org:x", "例え.\u202eтест", "^", "-a.example", "a\u200b.example", "*.org", "a,b",
)  # fmt: skip
PORTS = ("", ":8443")
ENDS = (
    "", "/", "/a|b", "/{id}", "/x?q={a|b}&c=d#e", "/~a/(b);c=1,2!*$+", "/新闻?年=2025#第一", "/a^b",
    "?q=a@b:c", "#@x", "/%7C%zz%", "/a&amp;b&lt;", "/[x]", "//b//", "/{{slot}}{%x%}",
)  # fmt: skip
#: What follows a host and makes no link: a browser would drop it, or show it as something else.
NO_ENDS = ("/a\u202eb", "/a\u200bb", "/\u2066", "/\ufffa", "/\u3164", "/a\u00adb")


def links() -> Iterator[str]:
    """Yield addresses that are links."""
    yield from (f"https://{host}{port}{end}" for host, port, end in product(HOSTS, PORTS, ENDS))


def texts() -> Iterator[str]:
    """Yield addresses that are text."""
    yield from (f"https://{host}{end}" for host, end in product(NO_HOSTS, ENDS))
    yield from (f"https://{host}{end}" for host, end in product(HOSTS, NO_ENDS))
    yield from (f"http://{host}{end}" for host, end in product(HOSTS, ENDS))


def some(addresses: Iterator[str], count: int) -> list[str]:
    """Return so many of the addresses, the same at every run."""
    return random.Random(13).sample(list(addresses), count)
