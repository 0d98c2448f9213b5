"""Pages of branches kept between builds: one file, a row a branch, each valid for its exact inputs.

A row's key covers all that a branch's pages show: its result, its rank among the others, what was
found in its files, the committee's files about it alone (``formats/kept``), its corrections, its
other years with their rubrics, ``peers.Peers``, the rubric, templates, program and language. What
they show of the version of the data and of the totals of all others is in no row: it stands in the
frame, which every build makes anew.
Only what passed the audit of the same program is kept, and a row is believed by its digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zlib
from dataclasses import astuple

# Any: JSON of kept pages.
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from generator.engine.cache import program_digest
from generator.engine.store import (
    SIZE,
    BrokenStoreError,
    RowFile,
    digest_of,
    git_file,
    is_out_of_reach,
)
from generator.results.audience import PUBLIC, Audience
from generator.site.html.page import GeneratedPage, SearchEntry
from generator.text.language import language

if TYPE_CHECKING:
    from pathlib import Path

    from generator.results.audience import Publish
    from generator.results.model import BranchResult
    from generator.site.build.volume import Pages
    from generator.site.data.years import TrendPoint

FILE = "appraisal-pages.sqlite"
SCHEMA = 1
LEVEL = 1
TABLE = """
CREATE TABLE IF NOT EXISTS pages (
    branch TEXT, year INTEGER, lang TEXT, key BLOB, digest BLOB, value BLOB,
    PRIMARY KEY (branch, year, lang)
)
"""
SELECT = "SELECT key, digest, value FROM pages WHERE branch = ? AND year = ? AND lang = ?"


class Made(NamedTuple):
    """What is made of a branch: its pages, and its line of results.json."""

    pages: list[GeneratedPage]
    line: bytes


class Kept(NamedTuple):
    """A row: the pages of a branch in one year, in one language, for one audience (``lang``)."""

    branch: str
    year: int
    lang: str
    key: bytes
    digest: bytes
    value: bytes


def store_path(root: Path) -> Path | None:
    """Return where the rows lie, None without git."""
    return git_file(root, FILE)


class Store:
    """Rows of earlier builds. Without a sound file all pages are made again."""

    def __init__(self, path: Path, templates: Path, publish: Publish = PUBLIC) -> None:
        self.file = RowFile(path, TABLE, SCHEMA, shared=True)
        public = publish.audience is Audience.PUBLIC
        self.shown = language() if public else f"{language()} {publish.audience}"
        withheld = " ".join(publish.withheld)
        self.program = f"{program_digest()} {templates_digest(templates)} {self.shown} {withheld}"
        self._shared: dict[int, bytes] = {}
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._given_up = False
        self._pid = 0

    def key(self, pages: Pages, branch: BranchResult, written: BranchResult) -> bytes:
        """Return a digest of all that a branch's pages show, and of its line in files."""
        digest = hashlib.blake2b(self._common(pages), digest_size=SIZE)
        trend = [shown_of(point) for point in pages.site.trend(branch.id)]
        found = pages.site.by_branch.get(branch.id, ())
        kept = pages.site.evaluation.kept.get(branch.id, "")
        corrected = pages.site.corrected.get(branch.id, ())
        accepted = pages.site.accepted.get(branch.id, ())
        peers = pages.peers(branch)
        facts = (
            branch,
            written.rank,
            written.rank_range,
            found,
            trend,
            peers,
            kept,
            corrected,
            accepted,
            pages.site.evaluation.after.rectify(branch, pages.site.results),
        )
        digest.update(repr(facts).encode("utf-8", "surrogatepass"))
        digest.update(branch.packed)
        for past in pages.earlier(branch):
            digest.update(past.packed)
        return digest.digest()

    def _common(self, pages: Pages) -> bytes:
        year = pages.shown.year
        if year not in self._shared:
            results = pages.site.results
            years = [(site.results.year, site.results.rubric_sha256) for site in pages.whole.years]
            facts = (self.program, astuple(pages.shown), results.rubric_sha256, years)
            self._shared[year] = hashlib.blake2b(repr(facts).encode(), digest_size=SIZE).digest()
        return self._shared[year]

    def read(self, pages: Pages, branch: BranchResult, key: bytes) -> Made | None:
        """Return what an earlier build made of the same; None where there is nothing."""
        try:
            reader = self._open()
            where = (branch.id, pages.shown.year, self.shown)
            row = reader and reader.execute(SELECT, where).fetchone()
        except sqlite3.DatabaseError:
            return None
        if not row or row[0] != key or row[1] != digest_of(key, row[2]):
            return None
        line, entries = zlib.decompress(row[2]).split(b"\n")
        return Made([read_page(entry) for entry in json.loads(entries)], line)

    def kept(self, pages: Pages, branch: BranchResult, key: bytes, made: Made) -> Kept:
        """Return the row of what was just made; each page has passed the audit."""
        text = json.dumps([page_json(page) for page in made.pages], ensure_ascii=False)
        value = zlib.compress(made.line + b"\n" + text.encode("utf-8"), LEVEL)
        digest = digest_of(key, value)
        return Kept(branch.id, pages.shown.year, self.shown, key, digest, value)

    def keep(self, rows: list[Kept]) -> None:
        """Write rows; without a writable file nothing is kept, and a broken one starts again."""
        if not rows or self._given_up:
            return
        try:
            self._write(rows)
        except (sqlite3.DatabaseError, BrokenStoreError) as error:
            if is_out_of_reach(error) or isinstance(error, sqlite3.OperationalError):
                self._given_up = True  # the next build makes the pages again
            else:
                self._begin_anew(rows)

    def _write(self, rows: list[Kept]) -> None:
        if self._writer is None:
            self._writer = self.file.connect()
        with self._writer:
            self._writer.executemany("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _begin_anew(self, rows: list[Kept]) -> None:
        self.close()
        self.file.remove()
        try:
            self._write(rows)
        except (sqlite3.DatabaseError, BrokenStoreError):
            self._given_up = True

    def close(self) -> None:
        """Let go of the file."""
        for connection in (self._writer, self._reader):
            if connection is not None:
                connection.close()
        self._writer = self._reader = None

    def _open(self) -> sqlite3.Connection | None:
        """Return a connection of this process; none where nothing was kept yet."""
        if self._pid != os.getpid():
            self._pid, self._reader = os.getpid(), None
            if self.file.path.exists():
                self._reader = self.file.reader()
        return self._reader


def shown_of(point: TrendPoint) -> tuple[object, ...]:
    """Return what the pages of a branch show of one of its years beside that year's own pages."""
    then = point.result
    figures = then.total, then.bonus, sorted(then.sections.items())
    return (
        point.year,
        point.address,
        point.final,
        then.status,
        then.rank,
        then.grade_title,
        figures,
    )


def templates_digest(templates: Path) -> str:
    """Return what changes when a template does."""
    digest = hashlib.blake2b(digest_size=SIZE)
    for path in sorted((templates / "templates").rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(templates)}\0".encode())
            digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def page_json(page: GeneratedPage) -> list[Any]:
    """Return a page of a branch as JSON holds it."""
    found = page.search and [page.search.title, page.search.text]
    return [page.address, page.title, page.description, str(page.body), found]


def read_page(entry: list[Any]) -> GeneratedPage:
    """Return a page as it was kept."""
    address, title, description, body, found = entry
    search = SearchEntry(*found) if found else None
    markup = Markup(body)  # noqa: S704 - made by an autoescaped template
    return GeneratedPage(address, title, description, markup, search=search)
