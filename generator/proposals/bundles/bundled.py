"""A tree made of the two bundles of a branch: what the public may see, as files again.

Records are written anew from their values. Attachments are there by name, size and verdict; nobody
can read them. What an entry lacks it says itself (``files/told``). Of other branches there is what
they are called; comparisons take their joint activities and content keys.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

# Any: JSON that was read; what is not as expected raises, and the reader is told.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.engine.year import Means
from generator.files.attachments.problems import Defect, Problem
from generator.files.paths import RUBRIC_PATH, branch_of, branch_path, debrief_path
from generator.files.told import Awarded, Counted, Judged, Parted
from generator.files.tree import Entry, EntryKind, MemoryTree
from generator.formats.spelling.trees import Definition
from generator.loading.attendance import STATUSES
from generator.loading.committee import load_rubric
from generator.loading.reader import Reader
from generator.proposals.bundles.keys import SCHEMA, stand_in, unlike
from generator.proposals.bundles.kinds import free_of, kind_of
from generator.proposals.bundles.values import written_anew
from generator.results.model import Source
from generator.text.findings import Report
from generator.text.language import mark
from generator.text.messages import Message, Words, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.files.tree import Past
    from generator.rubric.document import Rubric

NO_BUNDLE = mark("网站上的数据读不出来，请刷新网页再试")
OTHER_BUNDLE = mark("网站上的数据不是同一年度的，请刷新网页再试")
NEWER = mark("网站刚更新过，请刷新网页再试")
#: What only the program can compare that has all files.
SMALL_FILES = mark("小于 4 KB 的附件是否与别处的相同，提交后比对")
FIGURES = mark("计分要用的一些内容这里不公开，得分和名次提交后比对")
SAID_IN_FILES = mark("附件里有没有个人信息、照片是哪一天拍的，提交后比对")
OF_COMMITTEE = mark("党委接受过的问题、核定以后材料有没有改动，提交后比对")
#: What reading a document raises that is no bundle.
ODD = (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, RecursionError)
#: Keys of other branches' branch.yml that nobody needs here.
UNTOLD = frozenset({"/societies", "/established", "/members", "/submitters"})


class BundleError(ValueError):
    """What should be a bundle is none; says why."""

    def __init__(self, words: Message) -> None:
        super().__init__(words)
        self.words = words


class Standing(NamedTuple):
    """The figures of another branch, as ranking looks at them."""

    id: str
    name: str
    kind: str | None
    formerly: tuple[str, ...]
    status: str
    total: Decimal | None
    fixed: Decimal | None
    low: Decimal | None
    high: Decimal | None
    sections: Mapping[str, Decimal]
    pending: bool


class Joined(NamedTuple):
    """A joint activity: whose, the folder of its record, its day, the branches that it names."""

    branch: str
    record: str
    day: datetime.date
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownReceipts:
    """The days of receipt that a bundle tells; anything else comes in today."""

    days: Mapping[str, datetime.date]
    today: datetime.date

    def day(self, path: str, blob: str, names: Sequence[str]) -> datetime.date:
        """Return the day on which a file was received."""
        del blob, names
        return self.days.get(path, self.today)

    def now(self, path: str, day: datetime.date | None, names: Sequence[str]) -> frozenset[str]:
        """Return where a file lies now: nothing is known to have moved."""
        del day, names
        return frozenset({path})

    def past(self, paths: Sequence[str]) -> list[Past]:
        """Nothing is known of what files held before."""
        del paths
        return []

    def annals(self) -> None:
        """Nothing is known of commits."""

    def prepare(self) -> None:
        """Everything is known."""


@dataclass
class Bundled:
    """The data of one branch and year as a tree, with what stands in for all other files.

    ``shared`` and ``own`` are the two documents, ``data`` a digest of both. Raises what reading
    such documents does; ``bundled`` tells it.
    """

    shared: Mapping[str, Any]
    own: Mapping[str, Any]
    today: datetime.date
    data: str = ""
    files: dict[str, bytes] = field(init=False, default_factory=dict)
    entries: dict[str, Entry] = field(init=False, default_factory=dict)

    knows_blobs = False

    def __post_init__(self) -> None:
        """Write all files anew."""
        self.branch: str = self.own["branch"]
        self.year: int = self.own["year"]
        self.others = tuple(
            standing(entry) for entry in self.shared["branches"] if entry["id"] != self.branch
        )
        self.joint = tuple(joined(entry) for entry in self.shared["joint"])
        self.contents = {key: texts(paths) for key, paths in self.shared["contents"].items()}
        self._held: dict[str, list[str]] = {}
        for document in (self.shared, self.own):
            for entry in document["withheld"]:
                self._held.setdefault(entry["path"], []).append(entry["key"])
        self._exact = {file["path"] for file in self.own["files"] if file.get("exact")}
        rubric = self._shared_files()
        for file in self.own["files"]:
            self._take(file, rubric)
        for other in self.others:
            values = {"name": other.name, "kind": other.kind}
            self._write(branch_path(other.id), values, None, Parted(UNTOLD))
        self.tree = MemoryTree(self.files)
        self._folders: dict[str, list[Entry]] = {}
        for path in sorted(self.entries):
            self._folders.setdefault(branch_of(path), []).append(self.entries[path])
        self.means = self._means()

    def _shared_files(self) -> Rubric | None:
        for file in self.shared["files"]:
            self._write(file["path"], file["values"], None)
        if RUBRIC_PATH not in self.files:
            return None
        return load_rubric(Reader(MemoryTree(self.files), Report()))

    def _take(self, file: Mapping[str, Any], rubric: Rubric | None) -> None:
        path, size = file["path"], file.get("size", 0)
        kind = EntryKind(file.get("entry", EntryKind.FILE.value))
        held = frozenset(self._held.get(path, ()))
        if "values" in file:
            told = Parted(
                held,
                readable=file.get("readable", True),
                attendance=counted(file["attendance"]) if "attendance" in file else None,
            )
            awarded = self.own["awarded"]
            is_ballots = awarded and path == debrief_path(self.year)
            points = {name: Decimal(text) for name, text in awarded.items()}
            self._write(path, file["values"], rubric, Awarded(points) if is_ballots else told, size)
            if "text" in file:
                self.files[path] = file["text"].encode("utf-8")
        elif file.get("broken"):
            told = Parted(held, readable=file.get("readable", True), broken=True)
            self.entries[path] = Entry(path, kind, size, unlike(path), told)
        else:
            key = file.get("key")
            blob = stand_in(key) if key else unlike(path)
            defects = tuple(Defect(Problem(code), why) for code, why in file.get("defects", ()))
            self.entries[path] = Entry(path, kind, size, blob, Judged(defects))

    def _write(
        self,
        path: str,
        values: Any,
        rubric: Rubric | None,
        told: Parted | Awarded | None = None,
        size: int = 0,
    ) -> None:
        """Write a file from its values; ``size`` is that of the file itself."""
        kind = kind_of(path)
        if kind is None:
            raise BundleError(say(NO_BUNDLE))
        free = free_of(values.get("kind"), rubric) if rubric and kind.name == "document" else {}
        data = written_anew(values, Definition(kind.shape, free))
        self.files[path] = data
        self.entries[path] = Entry(path, EntryKind.FILE, size or len(data), "", told)

    def _means(self) -> Means:
        source, as_of = self.shared["source"], self.shared["as_of"]
        days = self.own["received"]
        known = {path: day_of(day) for path, day in (days or {}).items()}
        return Means(
            Source(source["commit"], source["dirty"], source["date"]),
            None if days is None else KnownReceipts(known, self.today),
            as_of=day_of(as_of) if as_of else None,
        )

    def is_exact(self, path: str) -> bool:
        """Whether ``read`` gives the very bytes of the file that was published."""
        return path in self._exact

    def withheld(self, path: str) -> tuple[str, ...]:
        """Return what of a file was masked or left out: JSON pointers, ``""`` for all of it."""
        return tuple(self._held.get(path, ()))

    @property
    def pending(self) -> tuple[Words, ...]:
        """What only the program can tell that has all files."""
        found = say(SMALL_FILES), say(SAID_IN_FILES), say(OF_COMMITTEE)
        return (say(FIGURES), *found) if self.unsure else found

    @property
    def unsure(self) -> bool:
        """Whether points rest on what is not shown, so that nobody can reckon them from here."""
        return self.shared["unsure"] is not False

    def common(self) -> list[Entry]:
        """Return rubric.yml and all below committee/, sorted."""
        return [self.entries[entry.path] for entry in self.tree.common()]

    def beside(self) -> list[str]:
        """What lies outside of the data is not in a bundle."""
        return []

    def folders(self) -> list[str]:
        """Return the ids of all branches, sorted."""
        return sorted({self.branch, *(other.id for other in self.others)})

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        return [*self._folders.get(name, ())]

    def read(self, path: str) -> bytes:
        """Return a record's bytes; raises FileNotFoundError for what no bytes are here of."""
        return self.tree.read(path)

    def blob_id(self, path: str) -> str:
        """Return the blob id of a record, of an attachment what stands in for it."""
        entry = self.entries.get(path)
        return entry.blob if entry is not None and entry.blob else self.tree.blob_id(path)

    def prepare(self) -> None:
        """Everything is here."""

    def forked(self) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""


def bundled(shared: str, own: str, today: datetime.date) -> Bundled:
    """Return the tree of two bundles, as they are published; raises BundleError."""
    one, two = opened(shared), opened(own)
    if one.get("year") != two.get("year"):
        raise BundleError(say(OTHER_BUNDLE))
    digest = hashlib.sha256(f"{shared}\0{own}".encode("utf-8", "surrogatepass")).hexdigest()
    try:
        return Bundled(one, two, today, digest)
    except ODD as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError(say(NO_BUNDLE)) from error


def opened(text: str) -> dict[str, Any]:
    """Return the document of a bundle; raises BundleError."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BundleError(say(NO_BUNDLE)) from error
    if not isinstance(document, dict) or "schema" not in document:
        raise BundleError(say(NO_BUNDLE))
    if document["schema"] != SCHEMA:
        raise BundleError(say(NEWER))
    return document


def standing(entry: Mapping[str, Any]) -> Standing:
    """Return the figures of a branch."""
    return Standing(
        id=entry["id"],
        name=entry["name"],
        kind=entry["kind"],
        formerly=tuple(entry["formerly"]),
        status=entry["status"],
        total=number(entry["total"]),
        fixed=number(entry["fixed"]),
        low=number(entry["low"]),
        high=number(entry["high"]),
        sections={name: Decimal(points) for name, points in entry["sections"].items()},
        pending=entry["pending"],
    )


def joined(entry: Sequence[Any]) -> Joined:
    """Return a joint activity of a branch."""
    branch, day, record, partners = entry
    name, folder = texts([branch, record])
    return Joined(name, folder, day_of(day), texts(partners))


def texts(values: object) -> tuple[str, ...]:
    """Return a list of texts; raises TypeError for anything else."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(values)
    return tuple(values)


def number(text: str | None) -> Decimal | None:
    """Return a figure."""
    return None if text is None else Decimal(text)


def counted(shown: Mapping[str, Any]) -> Counted:
    """Return the attendance that is told; a count that is not a number is below five."""
    if not shown:
        return Counted()
    counts = {name: shown.get(name) for name in ("members", *STATUSES)}
    return Counted({name: n if isinstance(n, int) else None for name, n in counts.items()})


def day_of(text: str) -> datetime.date:
    """Return a day; raises ValueError."""
    return datetime.date.fromisoformat(text)
