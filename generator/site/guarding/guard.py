"""Whether a site that was built holds what it may not show; it is not published then."""

from __future__ import annotations

import pickle
import tempfile
from typing import TYPE_CHECKING

from generator.engine.snapshot import snapshot_of
from generator.files.paths import RESULTS_FILE, CommitteePath
from generator.results.audience import TITLES, FieldClass, class_of
from generator.results.document import branch_json, canonical
from generator.results.frozen import FrozenError, load_document, read_results
from generator.results.projection import Hidden, projected
from generator.site.exports.outputs import beside
from generator.site.form.engine import runtime_at
from generator.site.guarding.scan import Leak, Search, is_short, leaks
from generator.site.guarding.texts import (
    internal_texts,
    key_names,
    public_paths,
    public_texts,
    public_values,
)
from generator.site.guarding.values import values_of
from generator.text.codes import CODES
from generator.text.language import LANGUAGES, gettext, load_catalogue, mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from generator.files.tree import Tree
    from generator.results.audience import Publish

#: So many files are named.
NAMED = 10
#: What is written by hand, or by the theme, in the form in which it is published.
WRITTEN = frozenset({".html", ".md", ".js", ".css"})
PHOTOS = frozenset({".jpg", ".jpeg", ".webp"})
#: What is said of a site that holds what it may not: first, and how to mend it.
REFUSED = mark("网站没有生成，原有网站保持不变：{n} 处写着不公开的内容")
REMEDY = mark("手写的网页里有的，从网页里去掉；网页由程序生成的，是程序有误，请告诉维护者")


class LeakError(Exception):
    """A site holds texts that it may not show: says in which files, and of which fields."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(lines)
        self.lines = tuple(lines)

    def __str__(self) -> str:
        """Return what is told, a line each."""
        return "\n".join(self.lines)


class Guard:
    """Looks through the files of a site for what it does not show, and says what it found.

    That is what records hold of such texts, and ``hidden``: what was taken out of results. A text
    that is shown elsewhere, by a record, the program's own words or a final year, is none.
    What is published as it stands holds none: the files of ``sources``, and what browsers run.
    ``words`` say first that nothing was published, and last how to mend it.
    """

    def __init__(
        self,
        root: Path,
        revision: str | None,
        publish: Publish,
        hidden: frozenset[Hidden] = frozenset(),
        sources: Sequence[Path] = (),
        words: tuple[str, str] = (REFUSED, REMEDY),
    ) -> None:
        self.root = root
        self.revision = revision
        self.publish = publish
        self.hidden = hidden
        self.sources = sources
        self.words = words

    def look(self, folder: Path) -> None:
        """Raise LeakError where a file of a site holds what it may not; raises GitError."""
        lines = [*self.told(folder)]
        if lines:
            raise LeakError(lines)

    def told(self, folder: Path) -> Iterator[str]:
        """Yield in words what a site's files hold that is not shown; nothing where all is well."""
        with snapshot_of(self.root, self.revision) as snapshot:
            kept_back = internal_texts(snapshot.tree, self.publish)
        short = frozenset(own for own in kept_back if is_short(own.text))
        found = looked(folder, self.hidden | (kept_back - short), self.is_own, short)
        told_short = {leak.hidden for leak in found} & short
        known = self.known({leak.hidden for leak in found} - short) | self.usual(told_short)
        left = [leak for leak in found if leak.hidden not in known]
        if not self.publish.shows(FieldClass.LIKENESS):
            left += [
                leak for leak in photos(folder) if not self.is_own(folder / leak.file, leak.file)
            ]
        return told(left, self.words) if left else iter(())

    def is_own(self, file: Path, name: str) -> bool:
        """Whether a file, ``name`` below the site, is published as the program has it."""
        paths = (runtime_at(name), *(source / name for source in self.sources))
        return any(path is not None and same(path, file) for path in paths)

    def known(self, asked: set[Hidden]) -> set[Hidden]:
        """Return those of some texts that anybody may know: they are shown elsewhere."""
        if not asked:
            return set()
        search = Search(asked)
        found = set()
        for text in self.public(search):
            found.update(search.found(text))
        return found

    def usual(self, asked: set[Hidden]) -> set[Hidden]:
        """Return those of some short texts that stand in a site for another reason.

        They are a value that is shown, or part of the words of program, theme and written pages.
        """
        if not asked:
            return set()
        texts = {hidden.text for hidden in asked}
        found = {text for words in self.written() for text in texts if text in words}
        found |= texts & key_names()
        if left := texts - found:
            with snapshot_of(self.root, self.revision) as snapshot:
                tree = snapshot.tree

                def wanted(text: str) -> bool:
                    return any(own in text for own in left)

                found |= left & set(public_values(tree, self.publish, wanted))
                for data in finals(tree):
                    found |= {own for told in self.final(data) for own in left & values_in(told)}
        return {hidden for hidden in asked if hidden.text in found}

    def written(self) -> Iterator[str]:
        """Yield the program's own words, and the text of what is published as it is written."""
        yield from program_words()
        for source in self.sources:
            for path in sorted(source.rglob("*")):
                if path.suffix in WRITTEN and path.is_file():
                    yield path.read_text("utf-8", "replace")

    def public(self, search: Search) -> Iterator[str]:
        """Yield all that may be shown of what ``search`` may find something in."""
        yield from program_words()
        with snapshot_of(self.root, self.revision) as snapshot:
            tree = snapshot.tree
            yield from public_texts(tree, self.publish, search.found)
            yield "\n".join(public_paths(tree, self.publish))
            for data in finals(tree):
                yield from self.final(data)

    def final(self, data: bytes) -> Iterator[str]:
        """Yield what is shown of a final year's results, a branch at a time."""
        try:
            results = read_results(load_document(data))
        except FrozenError:
            return
        for branch in projected(results, self.publish).branches:
            yield canonical(branch_json(branch)).decode("utf-8")


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes; False where the first is none."""
    alike = one.is_file() and one.stat().st_size == other.stat().st_size
    return alike and one.read_bytes() == other.read_bytes()


def program_words() -> Iterator[str]:
    """Yield the program's own words in all languages."""
    for catalogue in map(load_catalogue, LANGUAGES):
        yield "\n".join(f"{source}\n{words}" for source, words in catalogue.items())
    for code in CODES.values():
        yield f"{code.before}\n{code.after}"


def finals(tree: Tree) -> Iterator[bytes]:
    """Yield the results of final years."""
    for entry in tree.common():
        own = CommitteePath.of(entry.path)
        if own is not None and own.year and own.names[1:] == (RESULTS_FILE,):
            yield tree.read(entry.path)


def values_in(document: str) -> set[str]:
    """Return the strings of a JSON document."""
    return set(values_of(RESULTS_FILE, document))


def looked(
    folder: Path,
    texts: frozenset[Hidden],
    is_own: Callable[[Path, str], bool],
    short: frozenset[Hidden] = frozenset(),
) -> list[Leak]:
    """Return what a site's files hold that is not shown, found in a process of its own.

    Tables take memory and threads to read. What was found comes back by a file: it may be much.
    """
    with tempfile.TemporaryFile() as found:

        def look() -> None:
            pickle.dump([*leaks(folder, texts, is_own, short=short)], found)
            found.flush()

        with beside(look, wait=True):
            found.seek(0)
            seen: list[Leak] = pickle.load(found)  # noqa: S301 - of our own process, a line above
    return seen


def photos(folder: Path) -> Iterator[Leak]:
    """Yield the photos of a site: only pages of pictures that look alike have any."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in PHOTOS and path.is_file():
            yield Leak(path.relative_to(folder).as_posix(), Hidden("", FieldClass.LIKENESS))


def told(found: Sequence[Leak], words: tuple[str, str]) -> Iterator[str]:
    """Yield in words what was found; no text that is not shown is told."""
    refused, remedy = words
    yield tr(refused, n=len(found))
    for leak in found[:NAMED]:
        own = leak.hidden.field
        kind = FieldClass.LIKENESS if own == FieldClass.LIKENESS else class_of(own)
        title = gettext(TITLES[kind]) if kind else gettext("没有列入公开范围的内容")
        yield tr("{file}：{field}（{title}）", file=leak.file, field=leak.hidden.field, title=title)
    if len(found) > NAMED:
        yield tr("还有 {n} 处没有列出", n=len(found) - NAMED)
    yield gettext(remedy)
