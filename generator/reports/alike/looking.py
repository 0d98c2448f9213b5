"""Pictures of a tree decoded: each file once, in several processes, and kept for later runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.processes import note, spread
from generator.files.attachments import extension
from generator.files.paths import branch_of
from generator.files.tree import blob_id
from generator.reports.alike import looks, small
from generator.reports.alike.decoding import UnseenError
from generator.reports.alike.kept import LookStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from generator.files.tree import Tree
    from generator.reports.alike.looks import Look
    from generator.reports.alike.small import Small

    Progress = Callable[[int, int], None]

#: Pictures of a task, and so many that one process serves best.
CHUNK, FEW = 8, 40


class Placed(NamedTuple):
    """A picture in a tree; ``blob`` is empty where nobody knows its id."""

    path: str
    blob: str


class Read(NamedTuple):
    """What decoding a file came to: where it lies, its blob id, and bytes to be kept.

    They are empty where it cannot be decoded; there is no id where it cannot be read.
    """

    path: str
    blob: str
    value: bytes


@dataclass(frozen=True)
class Decoding:
    """How pictures are decoded: what earlier runs kept, in how many processes, what is told."""

    store: LookStore = field(default_factory=LookStore)
    jobs: int | None = None
    progress: Progress | None = None

    def looks(self, tree: Tree, pictures: Iterable[Placed]) -> dict[str, Look]:
        """Return path → how a picture looks, of those that can be looked at."""
        kind = f"look {looks.FORM}"
        return {
            path: looks.Look.of_bytes(value)
            for path, value in self._values(tree, pictures, kind, looks.look)
        }

    def small(self, tree: Tree, pictures: Iterable[Placed]) -> dict[str, Small]:
        """Return path → a small picture, of those that can be decoded."""
        kind = f"small {small.FORM}"
        return {
            path: small.Small.of_bytes(value)
            for path, value in self._values(tree, pictures, kind, small.small)
        }

    def _values(
        self,
        tree: Tree,
        pictures: Iterable[Placed],
        kind: str,
        make: Callable[[str, bytes], Look | Small],
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the path of each picture that can be decoded, with what it comes to."""
        names = {p: name_of(p.path, p.blob) if p.blob else "" for p in pictures}
        every = {*filter(None, names.values())}
        known = self.store.load(kind, every)
        lacking = {name or p.path: p for p, name in names.items() if name not in known}
        made = list(self._read(tree, list(lacking.values()), make))
        new = {name_of(read.path, read.blob): read.value for read in made if read.blob}
        self.store.keep(kind, new, every)
        found = {**known, **new, **{read.path: read.value for read in made}}
        for picture, name in names.items():
            value = found.get(name) or found.get(picture.path)
            if value:
                yield picture.path, value

    def _read(
        self, tree: Tree, pictures: Sequence[Placed], make: Callable[[str, bytes], Look | Small]
    ) -> Iterator[Read]:
        """Yield what each file comes to."""
        chunks = [pictures[at : at + CHUNK] for at in range(0, len(pictures), CHUNK)]
        few = len(pictures) <= FEW
        done = 0
        work = partial(decode, tree, make)
        for made in spread(work, chunks, self.jobs, few=few, ready=tree.forked):
            yield from made
            done += len(made)
            if self.progress:
                self.progress(done, len(pictures))


def decode(
    tree: Tree, make: Callable[[str, bytes], Look | Small], pictures: Collection[Placed]
) -> list[Read]:
    """Return what some files come to."""
    found = []
    for picture in pictures:
        note(branch_of(picture.path))
        found.append(read(tree, make, picture))
        note("")
    return found


def read(tree: Tree, make: Callable[[str, bytes], Look | Small], picture: Placed) -> Read:
    """Return what one file comes to."""
    try:
        data = tree.read(picture.path)
    except OSError:
        return Read(picture.path, "", b"")
    blob = picture.blob or blob_id(data)
    try:
        return Read(picture.path, blob, make(picture.path, data).to_bytes())
    except UnseenError:
        return Read(picture.path, blob, b"")


def name_of(path: str, blob: str) -> str:
    """Return what a file goes by: what it holds, and as what it is read."""
    return f"{blob}.{extension(path)}"


ALONE = Decoding(jobs=1)
