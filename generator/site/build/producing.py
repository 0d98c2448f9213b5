"""All generated pages and files of a site, made in tasks that any process may do."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.engine.processes import ALONE, note, spread
from generator.site.addresses import DOWNLOADS, FILE, RESULTS, card_address
from generator.site.build.reuse import Made
from generator.site.build.switch import Switch
from generator.site.build.volume import Pages
from generator.site.exports.files import (
    badge_file,
    feed_file,
    files_of,
    frozen_files,
    pictures_of,
    table_of,
)
from generator.site.exports.jsonld import branch_data, standing_data
from generator.site.exports.outputs import beside, outputs_of
from generator.site.exports.results_text import ResultsText, line_of
from generator.site.form.bundles import bundles_of
from generator.site.form.engine import assets
from generator.site.form.kept import kept_beside
from generator.site.html.shell import Head
from generator.text.language import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.engine.year import Progress
    from generator.results.model import BranchResult
    from generator.site.build.reuse import Kept, Store
    from generator.site.data.years import SiteData
    from generator.site.form.kept import Row
    from generator.site.html.page import Frame, GeneratedPage, SearchEntry
    from generator.site.html.writing import Writer

#: Branches of a task, or pages that belong to none.
CHUNK = 16
What = Literal["standing", "branches", "bundles"]


class Task(NamedTuple):
    """A piece of work: what of which year, and which of these."""

    what: What
    year: int
    first: int
    last: int


def chunked(what: What, year: int, count: int) -> Iterator[Task]:
    """Yield the tasks of a year, each of a few pages or branches."""
    for first in range(0, count, CHUNK):
        yield Task(what, year, first, min(first + CHUNK, count))


@dataclass(slots=True)
class Done:
    """What a task made; ``lines`` are those of results.json.

    ``shared`` is branch → what the bundle of all has of it, ``rows`` are bundles to be kept.
    """

    addresses: list[str] = field(default_factory=list)
    entries: list[tuple[str, SearchEntry]] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    shared: dict[str, bytes] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    branches: int = 0


def volumes_of(site: SiteData) -> list[Pages]:
    """Return what makes the pages of each year; none where the rubric cannot be read."""
    if site.evaluation.results is None:
        return []
    return [Pages(site), *(Pages(other, site) for other in site.others)]


@dataclass
class Production:
    """Makes and writes what a site has beyond its hand-written pages; ``name`` is the site's."""

    volumes: Sequence[Pages]
    writer: Writer
    store: Store | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Make the switch of years, and what makes the bundles of those in which branches file."""
        self.switch = Switch(self.volumes)
        self.kept = kept_beside(self.store.file.path) if self.store else None
        self.bundles = [bundles_of(pages.site, self.kept) for pages in self.volumes]

    def run(self, jobs: int | None, progress: Progress | None = None) -> Done:
        """Do all tasks; return addresses and search entries of everything that was written."""
        with beside(self.write_outputs, wait=jobs == 1):
            return self.write_pages(jobs, progress)

    def write_outputs(self) -> None:
        """Write the files that are made in a process of their own."""
        for pages in self.volumes:
            for file in outputs_of(pages.site):
                self.writer.file(file.address, file.pieces())

    def write_pages(self, jobs: int | None, progress: Progress | None) -> Done:
        """Write all else."""
        whole = Done()
        tasks = [list(self.tasks(year)) for year in range(len(self.volumes))]
        of = sum(len(pages.site.results.branches) for pages in self.volumes)
        for pages in self.volumes:
            pages.prepare()
        stream = spread(self.do, list(chain(*tasks)), jobs, few=of <= ALONE)
        digest = ""
        for year, pages in enumerate(self.volumes):
            lines = self.collect(islice(stream, len(tasks[year])), whole, progress, of)
            self.write_files(pages)
            digest = self.write_results(pages, lines) or digest
            self.write_shared(year, whole)
        if self.volumes:
            self.write_engine()
            page = self.volumes[0].downloads(digest)
            self.write(page, self.volumes[0])
        whole.addresses += sorted(a for pages in self.volumes for a in addresses_of(pages))
        return whole

    def collect(
        self, stream: Iterable[Done], whole: Done, progress: Progress | None, of: int
    ) -> Iterator[bytes]:
        """Take in what tasks made, and yield the lines of results.json as they come."""
        for done in stream:
            whole.addresses += done.addresses
            whole.entries += done.entries
            whole.branches += done.branches
            whole.shared |= done.shared
            if self.store is not None:
                self.store.keep(done.kept)
            if self.kept is not None:
                self.kept.keep(done.rows)
            if progress is not None:
                progress(whole.branches, of)
            yield from done.lines

    def tasks(self, year: int) -> Iterator[Task]:
        """Yield the tasks of a year."""
        yield from chunked("standing", year, len(self.volumes[year].standing))
        yield from chunked("branches", year, len(self.volumes[year].site.pairs))
        if self.bundles[year] is not None:
            yield from chunked("bundles", year, len(self.volumes[year].site.pairs))

    def do(self, task: Task) -> Done:
        """Do one task."""
        pages = self.volumes[task.year]
        done = Done()
        if task.what == "standing":
            for make in islice(pages.standing.values(), task.first, task.last):
                self.write(make(), pages)
        elif task.what == "bundles":
            self.write_bundles(task, done)
        else:
            for written, branch in pages.site.pairs[task.first : task.last]:
                note(branch.id)
                self.write_branch(pages, branch, written, done)
                note("")
        return done

    def write(self, page: GeneratedPage, pages: Pages) -> None:
        """Audit and write one page."""
        self.writer.audit(page)
        data = standing_data(pages, page, self.writer.site_url)
        self.writer.page(page, self.frame(page, pages), self.head(pages, data))

    def frame(self, page: GeneratedPage, pages: Pages) -> Frame:
        """Return what a page is shown in."""
        return self.switch.around(pages.frame(page.address), page.address, pages)

    def head(self, pages: Pages, data: str) -> Head:
        """Return what the head of a page says beside its title."""
        return Head(data, card_address(pages.site.prefix))

    def write_files(self, pages: Pages) -> None:
        """Write the ranking of a year as CSV, what it was frozen into, the feed, small pictures."""
        site = pages.site
        feeds = [feed_file(site, self.name, self.writer.site_url)] if pages.first else []
        for file in [*frozen_files(site), table_of(site), *feeds, *pictures_of(site)]:
            self.writer.file(file.address, file.pieces())

    def write_bundles(self, task: Task, done: Done) -> None:
        """Write the bundles of some branches."""
        bundles = self.bundles[task.year]
        if bundles is None:
            return
        for written, _ in self.volumes[task.year].site.pairs[task.first : task.last]:
            note(written.id)
            file, done.shared[written.id], row = bundles.own(written)
            self.writer.file(file.address, file.pieces())
            done.rows += [row] if row is not None else []
            note("")

    def write_shared(self, year: int, whole: Done) -> None:
        """Write what the bundles of a year share."""
        bundles = self.bundles[year]
        if bundles is not None:
            file = bundles.shared(whole.shared)
            self.writer.file(file.address, file.pieces())
            bundles.filed.close()
        whole.shared.clear()

    def write_engine(self) -> None:
        """Write what the form runs, where the site has one."""
        if self.volumes and FILE in self.volumes[0].standing:
            found = assets(language())
            for file in found.files() if found else ():
                self.writer.file(file.address, file.pieces())

    def write_results(self, pages: Pages, lines: Iterable[bytes]) -> str:
        """Write the results of a year unless they are frozen; return their digest."""
        text = ResultsText(pages.site.published)
        pieces = text.pieces(lines)
        if pages.site.frozen:
            deque(pieces, maxlen=0)
        else:
            self.writer.file(f"{pages.site.prefix}{RESULTS}", pieces)
        return text.digest if pages.site is pages.whole else ""

    def write_branch(
        self, pages: Pages, branch: BranchResult, written: BranchResult, done: Done
    ) -> None:
        """Write the pages of a branch, kept ones or new ones; files hold it as ``written``."""
        store = self.store
        key = store.key(pages, branch, written) if store is not None else b""
        made = store.read(pages, branch, key) if store is not None else None
        if made is None:
            made = Made(list(pages.branch(branch)), line_of(written))
            for page in made.pages:
                self.writer.audit(page)
            if store is not None:
                done.kept.append(store.kept(pages, branch, key, made))
        badge = badge_file(pages, branch)
        self.writer.file(badge.address, badge.pieces())
        for page in made.pages:
            data = branch_data(pages, branch, page, self.writer.site_url)
            self.writer.page(page, self.frame(page, pages), self.head(pages, data))
            done.addresses.append(page.address)
            if page.search is not None:
                done.entries.append((page.address, page.search))
        done.lines.append(made.line)
        done.branches += 1


def addresses_of(pages: Pages) -> set[str]:
    """Return the addresses of a year that are no branch's."""
    first = {DOWNLOADS} if pages.site is pages.whole else set()
    return {*pages.standing, *(f.address for f in files_of(pages.site)), *first}
