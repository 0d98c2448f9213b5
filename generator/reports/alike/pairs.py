"""Which pictures look alike: of one branch, of it and its partners, of this year and before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.checks.cross import joint_activities
from generator.files.attachments import extension
from generator.files.paths import BranchPath, RecordPath
from generator.reports.alike.looks import UnseenError, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.checks.cross import Joint
    from generator.checks.summary import BranchSummary
    from generator.files.tree import Tree
    from generator.reports.alike.looks import Look

    Progress = Callable[[int, int], None]

#: Bits of 64 by which two pictures that look alike differ at most.
NEAR = 6
ENDINGS = frozenset({"jpg", "jpeg", "png", "webp"})


class Picture(NamedTuple):
    """A picture beside a record: whose, where, the key of what it holds; of this year or before."""

    branch: str
    record: str
    path: str
    key: str
    current: bool


class Pair(NamedTuple):
    """Two pictures that look alike, by the bits that they differ by; ``one`` is of the year."""

    one: Picture
    other: Picture
    bits: int


class Alike(NamedTuple):
    """What was found in a year: how many pictures were compared, and which could not be."""

    year: int
    pictures: int
    unseen: tuple[str, ...]
    pairs: tuple[Pair, ...]


def find_alike(
    tree: Tree, year: int, summaries: Iterable[BranchSummary], progress: Progress | None = None
) -> Alike:
    """Compare the pictures that records of a year name with those of their branch and partners.

    What E005 tells is left out: the same content, one record, one joint activity.
    """
    every = {summary.id: summary for summary in summaries}
    pictures = {name: pictures_of(summary, year) for name, summary in every.items()}
    looks = looks_of(tree, [p for own in pictures.values() for p in own], progress)
    joint = joint_activities(every.values())
    found: dict[frozenset[str], Pair] = {}
    for name, summary in every.items():
        partners = {partner for claim in summary.joint for partner, _ in claim.partners}
        near = [p for other in sorted({name, *partners}) for p in pictures.get(other, ())]
        for one in pictures[name]:
            if one.current and one.path in looks:
                for pair in beside(one, near, looks, joint):
                    found.setdefault(frozenset((pair.one.path, pair.other.path)), pair)
    every_picture = {p.path for own in pictures.values() for p in own}
    pairs = sorted(found.values(), key=lambda pair: (pair.one.path, pair.other.path))
    return Alike(year, len(looks), tuple(sorted(every_picture - looks.keys())), tuple(pairs))


def beside(
    one: Picture,
    near: Iterable[Picture],
    looks: Mapping[str, Look],
    joint: Mapping[str, Joint],
) -> Iterator[Pair]:
    """Yield the pictures that look like one of the year, beside other records."""
    own = joint.get(one.record)
    for other in near:
        shared = own is not None and own.shares(joint.get(other.record))
        if other.record == one.record or other.key == one.key or shared:
            continue
        if other.path in looks:
            bits = looks[one.path].bits_from(looks[other.path])
            if bits <= NEAR:
                yield Pair(one, other, bits)


def pictures_of(summary: BranchSummary, year: int) -> list[Picture]:
    """Return the pictures that records of the year name, and those of earlier years, by path."""
    found = {
        use.path: Picture(summary.id, use.record, use.path, use.key, current=True)
        for use in summary.uses
    }
    for file in summary.old:
        own, place = BranchPath.of(file.path), RecordPath.of(file.path)
        if own is not None and place is not None and (own.year or year) < year:
            found[file.path] = Picture(summary.id, place.record, file.path, file.key, current=False)
    return [found[path] for path in sorted(found) if extension(path) in ENDINGS]


def looks_of(tree: Tree, pictures: Iterable[Picture], progress: Progress | None) -> dict[str, Look]:
    """Return path → how a picture looks, of those that can be looked at; each content once."""
    every = list(pictures)
    known: dict[str, Look | None] = {}
    found = {}
    for number, picture in enumerate(every, start=1):
        key = picture.key or picture.path
        if key not in known:
            known[key] = _look(tree, picture.path)
        own = known[key]
        if own is not None:
            found[picture.path] = own
        if progress:
            progress(number, len(every))
    return found


def _look(tree: Tree, path: str) -> Look | None:
    """Return how a picture looks, None where it cannot be read or looked at."""
    try:
        return look(path, tree.read(path))
    except (OSError, UnseenError):
        return None
