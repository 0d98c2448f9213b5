"""All generated pages and files of a site, made in tasks that any process may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.parallel import ALONE
from generator.reports.scores import as_csv
from generator.site.crew import note, spread
from generator.site.making import Pages
from generator.site.page import GeneratedFile
from generator.site.results_text import ResultsText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.results import BranchResult
    from generator.run import Progress
    from generator.site.page import GeneratedPage, SearchEntry
    from generator.site.reuse import Kept, Store
    from generator.site.writing import Writer
    from generator.site.years import SiteData

#: Branches of a task.
CHUNK = 16
#: Bytes of a file that are held at once.
BLOCK = 1 << 20


class Task(NamedTuple):
    """A piece of work: what of which year, and which of these."""

    what: Literal["files", "standing", "branches"]
    year: int
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Done:
    """What a task came to."""

    addresses: list[str] = field(default_factory=list)
    entries: list[tuple[str, SearchEntry]] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    digest: str = ""
    branches: int = 0
    rendered: int = 0


def volumes_of(site: SiteData) -> list[Pages]:
    """Return what makes the pages of each year; none where the rubric cannot be read."""
    if site.evaluation.results is None:
        return []
    return [Pages(site), *(Pages(past, site) for past in site.past)]


@dataclass
class Production:
    """Makes and writes what a site has beyond its hand-written pages."""

    volumes: Sequence[Pages]
    writer: Writer
    store: Store | None = None

    def run(self, jobs: int | None, progress: Progress | None = None) -> Done:
        """Do all tasks; return addresses and search entries of everything that was written."""
        whole = Done()
        tasks = list(self.tasks())
        of = sum(len(pages.site.results.branches) for pages in self.volumes)
        for done in spread(self.do, tasks, jobs, few=of <= ALONE):
            whole.addresses += done.addresses
            whole.entries += done.entries
            whole.digest = whole.digest or done.digest
            whole.branches += done.branches
            whole.rendered += done.rendered
            if self.store is not None:
                self.store.keep(done.kept)
            if progress is not None:
                progress(whole.branches, of)
        if self.volumes:
            page = self.volumes[0].downloads(whole.digest)
            self.write(page, self.volumes[0])
            whole.addresses.append(page.address)
        return whole

    def tasks(self) -> Iterator[Task]:
        """Yield the tasks, long ones first."""
        for year, pages in enumerate(self.volumes):
            yield Task("files", year)
            for number in range(len(pages.standing)):
                yield Task("standing", year, number)
            count = len(pages.site.results.branches)
            for first in range(0, count, CHUNK):
                yield Task("branches", year, first, min(first + CHUNK, count))

    def do(self, task: Task) -> Done:
        """Do one task."""
        pages = self.volumes[task.year]
        done = Done()
        if task.what == "files":
            done.digest = self.write_files(pages, done)
        elif task.what == "standing":
            page = list(pages.standing.values())[task.first]()
            self.write(page, pages)
            done.addresses.append(page.address)
        else:
            for branch in pages.site.results.branches[task.first : task.last]:
                note(branch.id)
                self.write_branch(pages, branch, done)
                note("")
        return done

    def write(self, page: GeneratedPage, pages: Pages) -> None:
        """Audit and write one page."""
        self.writer.audit(page)
        self.writer.page(page, pages.frame(page.address))

    def write_files(self, pages: Pages, done: Done) -> str:
        """Write the files of a year; return the digest of its results."""
        text = ResultsText(pages.site.results)
        for file in files_of(pages.site, text):
            self.writer.file(file.address, file.pieces())
            done.addresses.append(file.address)
        if not text.digest and pages.site is pages.whole:
            for _ in text.pieces():
                pass
        return text.digest if pages.site is pages.whole else ""

    def write_branch(self, pages: Pages, branch: BranchResult, done: Done) -> None:
        """Write the pages of a branch: as they were kept, or else made anew."""
        store = self.store
        key = store.key(pages, branch) if store is not None else b""
        made = store.pages(pages, branch, key) if store is not None else None
        if made is None:
            made = list(pages.branch(branch))
            for page in made:
                self.writer.audit(page)
            done.rendered += len(made)
            if store is not None:
                done.kept.append(store.kept(pages, branch, key, made))
        for page in made:
            self.writer.page(page, pages.frame(page.address))
            done.addresses.append(page.address)
            if page.search is not None:
                done.entries.append((page.address, page.search))
        done.branches += 1


def files_of(site: SiteData, text: ResultsText | None = None) -> list[GeneratedFile]:
    """Return a year's results and its ranking as CSV; of a final year the frozen files."""
    prefix = site.prefix
    text = text or ResultsText(site.results)
    own = [GeneratedFile(f"{prefix}{path.name}", partial(blocks, path)) for path in site.frozen]
    table = GeneratedFile(f"{prefix}ranking.csv", lambda: [as_csv(site.results).encode("utf-8")])
    return [*(own or [GeneratedFile(f"{prefix}results.json", text.pieces)]), table]


def addresses_of(pages: Pages) -> set[str]:
    """Return the addresses of a year that are no branch's."""
    first = {"downloads.html"} if pages.site is pages.whole else set()
    return {*pages.standing, *(f.address for f in files_of(pages.site)), *first}


def blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, some at a time."""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block
