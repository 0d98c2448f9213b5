"""Making an archive: papers, workbooks, tables, pages and data of a year, whole or not at all.

What it holds is made of the results that its audience may see, by the same functions as the site
and the exports. The same year gives the same bytes.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.papers.form import form
from generator.exchange.papers.letter import letter
from generator.exchange.papers.notice import notice
from generator.exchange.workbooks.ledger import ledger
from generator.exchange.workbooks.lists import lists
from generator.files.writing import UnwrittenError
from generator.files.writing.exchange import flush, flush_names, undisturbed
from generator.reports.book import PUBLISHED
from generator.results.audience import FieldClass
from generator.results.document import dump_parts
from generator.results.reckoning import TOOL
from generator.site.addresses import RESULTS
from generator.site.archive.pages import ArchivePages
from generator.site.archive.readme import readme
from generator.site.build.swapping import beside, discard, disk_words, only_one
from generator.site.exports.files import frozen_files
from generator.site.exports.tabled import CSV, PARQUET
from generator.text.language import mark, speaking
from generator.text.messages import say
from generator.text.names import visible
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from generator.engine.year import Progress
    from generator.results.model import BranchResult
    from generator.site.archive.source import Source
    from generator.site.data.years import SiteData
    from generator.text.messages import Words

README, SUMS = "README.txt", "SHA256SUMS"
PAPERS, WORKBOOKS, TABLES, PAGES = "papers", "workbooks", "tables", "pages"
RUBRIC, DECISION = "rubric.yml", "decision.yml"
#: Files of the site that pages lead to, and where they lie from the folder of pages.
BESIDE = {RESULTS: f"../{RESULTS}", RUBRIC: f"../{RUBRIC}"}
BESIDE |= {name: f"../{TABLES}/{name}" for name in (*CSV, *PARQUET)}
NO_FOLDER = mark("{folder} 不是文件夹，档案写不进去")
FILLED = mark("{folder} 里已经有文件：请写一个新的或空的文件夹")


class TakenError(Exception):
    """The folder of an archive holds something already, or is none: says which."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


class Entry(NamedTuple):
    """A file of an archive: its path, and what gives its bytes, some at a time."""

    path: str
    pieces: Callable[[], Iterable[bytes]]


def archived(
    source: Source, folder: Path, look: Callable[[Path], None], progress: Progress
) -> None:
    """Write the archive of a year; ``look`` may refuse it before it is in its place.

    Raises TakenError, UnwrittenError, TemplateError, BuildBusyError and what ``look`` raises.
    """
    with whole(folder) as new:
        pages = ArchivePages(source.site, new / PAGES, source.name, BESIDE)
        put(new, common(source))
        pages.common()
        pairs = source.site.pairs
        for number, (branch, shown) in enumerate(pairs, start=1):
            put(new, papers(source, branch))
            pages.branch(shown)
            progress(number, len(pairs))
        told = readme(source, [*names(new), README, SUMS])
        put(new, [Entry(README, lambda: [told])])
        put(new, [Entry(SUMS, lambda: sums(new))])
        look(new)


def common(source: Source) -> Iterator[Entry]:
    """Yield what belongs to no branch: data, tables, workbooks, the notice, the verifier."""
    root, results, rubric = source.root, source.site.published, source.site.rubric
    after = source.site.evaluation.after
    yield Entry(RESULTS, partial(results_of, source.site))
    yield Entry(RUBRIC, lambda: [source.rubric])
    if source.decision is not None:
        yield Entry(DECISION, lambda: [source.decision or b""])
    if TOOL.is_file():
        yield Entry(TOOL.name, lambda: [TOOL.read_bytes()])
    for name, make in {**CSV, **PARQUET}.items():
        yield Entry(f"{TABLES}/{name}", partial(make, results))
    if source.site.publish.shows(FieldClass.LISTS):
        yield Entry(f"{WORKBOOKS}/ledger.xlsx", lambda: [ledger(results, rubric)])
        yield Entry(f"{WORKBOOKS}/lists.xlsx", lambda: [lists(results, rubric, after)])
    if not source.draft:
        yield Entry(f"{PAPERS}/notice.docx", lambda: [notice(root, results, rubric, draft=False)])


def papers(source: Source, branch: BranchResult) -> Iterator[Entry]:
    """Yield the papers of a branch: the letter to it, and its self-assessment."""
    root, results, rubric = source.root, source.site.published, source.site.rubric
    yield Entry(
        f"{PAPERS}/letters/{branch.id}.docx",
        lambda: [letter(root, results, rubric, branch, draft=source.draft)],
    )
    yield Entry(f"{PAPERS}/forms/{branch.id}.docx", lambda: [form(root, results, rubric, branch)])


def results_of(site: SiteData) -> Iterator[bytes]:
    """Yield the results in the one form of a final year's, which the verifier reads."""
    frozen = (file for file in frozen_files(site) if file.address == f"{site.prefix}{RESULTS}")
    if (file := next(frozen, None)) is not None:
        yield from file.pieces()
        return
    with speaking(PUBLISHED):
        for part in dump_parts(site.published):
            yield part.encode("utf-8")


def put(folder: Path, entries: Iterable[Entry]) -> None:
    """Write files below a folder, each new; raises OSError."""
    for entry in entries:
        path = folder / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.writelines(entry.pieces())


def names(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, sorted."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def sums(folder: Path) -> Iterator[bytes]:
    """Yield the digest and the path of each file, in the form that ``sha256sum -c`` reads."""
    for name in names(folder):
        if name != SUMS:
            with (folder / name).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            yield f"{digest}  {name}\n".encode()


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Give a new folder, which takes its place when all is written; else nothing is left of it.

    Raises TakenError, UnwrittenError and BuildBusyError.
    """
    new = beside(folder, "new")
    free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with only_one(beside(folder, "lock")):
            discard(new)
            new.mkdir()
            try:
                yield new
                flush(new)
                free(folder)
                new.rename(folder)
                flush_names(folder.parent)
            finally:
                with undisturbed():
                    shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        if not disk_words(error, folder):
            raise
        raise UnwrittenError(reason(error)) from error


def free(folder: Path) -> None:
    """Make sure that nothing is in the place of a folder; raises TakenError."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise TakenError(say(NO_FOLDER, folder=visible(f"{folder}")))
    if folder.is_dir() and any(folder.iterdir()):
        raise TakenError(say(FILLED, folder=visible(f"{folder}")))
