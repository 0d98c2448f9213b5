"""What a generated page is, before it is stamped into the shell of the theme."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup  # noqa: TC002 - part of the public type


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading of a page for its table of contents: text and anchor id."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What search finds a page by: title and words, both plain text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """A page at ``address`` (below the site's root, with ``/``, ending in ``.html``).

    ``title`` and ``description`` are plain text, escaped where they are stamped; ``body`` comes
    from an autoescaped template and holds the ``<h1>``. ``nav`` is the address of the entry of
    the main navigation that the page belongs to.
    """

    address: str
    title: str
    description: str
    body: Markup
    toc: tuple[TocEntry, ...] = ()
    search: SearchEntry | None = None
    nav: str = "index.html"


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file that is written as it is, such as results.json."""

    address: str
    content: bytes
