"""Which pictures look alike: of one branch, of it and its partners, of this year and before."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from generator.checks.cross import joint_activities
from generator.files.attachments import extension
from generator.files.paths import BranchPath, RecordPath
from generator.reports.alike.looking import ALONE, Decoding, Placed
from generator.reports.alike.near import Near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.checks.cross import Joint
    from generator.checks.summary import BranchSummary
    from generator.files.tree import Tree

#: A picture is told beside so many others at most: a branch may file thousands of one look.
MOST = 50
ENDINGS = frozenset({"jpg", "jpeg", "png", "webp"})


class Picture(NamedTuple):
    """A picture beside a record: whose, where; of this year or before.

    ``key`` is that of what it holds; ``blob`` its blob id, empty where nobody knows it.
    """

    branch: str
    record: str
    path: str
    key: str
    current: bool
    blob: str = ""

    @property
    def placed(self) -> Placed:
        """Where it lies, to be decoded."""
        return Placed(self.path, self.blob)


class Pair(NamedTuple):
    """Two pictures that look alike, by the bits that they differ by; ``one`` is of the year."""

    one: Picture
    other: Picture
    bits: int


class Alike(NamedTuple):
    """What was found in a year: how many pictures were compared, and which could not be.

    ``many`` are the pictures that look like more than ``MOST`` others: some of these are told.
    """

    year: int
    pictures: int
    unseen: tuple[str, ...]
    pairs: tuple[Pair, ...]
    many: tuple[str, ...] = ()


def find_alike(
    tree: Tree, year: int, summaries: Iterable[BranchSummary], decoding: Decoding = ALONE
) -> Alike:
    """Compare the pictures that records of a year name with those of their branch and partners.

    What E005 tells is left out: the same content, one record, one joint activity.
    """
    every = {summary.id: summary for summary in summaries}
    pictures = {name: pictures_of(summary, year) for name, summary in every.items()}
    listed = {p.path: p for own in pictures.values() for p in own}
    looks = decoding.looks(tree, [p.placed for p in listed.values()])
    joint = joint_activities(every.values())
    found: dict[frozenset[str], Pair] = {}
    many: set[str] = set()
    for name, summary in every.items():
        partners = {partner for claim in summary.joint for partner, _ in claim.partners}
        near = [p for other in sorted({name, *partners}) for p in pictures.get(other, ())]
        index = Near(map(looks.get, (p.path for p in near)))
        for one in pictures[name]:
            if one.current and one.path in looks:
                matches = index.of(looks[one.path])
                pairs = list(islice(beside(one, near, matches.found, joint), MOST + 1))
                if len(pairs) > MOST or not matches.whole:
                    many.add(one.path)
                for pair in pairs[:MOST]:
                    found.setdefault(frozenset((pair.one.path, pair.other.path)), pair)
    unseen = tuple(sorted(listed.keys() - looks.keys()))
    pairs = sorted(found.values(), key=lambda pair: (pair.one.path, pair.other.path))
    return Alike(year, len(looks), unseen, tuple(pairs), tuple(sorted(many)))


def beside(
    one: Picture,
    near: list[Picture],
    matches: Iterable[tuple[int, int]],
    joint: Mapping[str, Joint],
) -> Iterator[Pair]:
    """Yield the pictures beside other records, of those that look like one of the year."""
    own = joint.get(one.record)
    for number, bits in matches:
        other = near[number]
        shared = own is not None and own.shares(joint.get(other.record))
        same = other.record == one.record or other.key == one.key
        if not same and not shared:
            yield Pair(one, other, bits)


def pictures_of(summary: BranchSummary, year: int) -> list[Picture]:
    """Return the pictures that records of the year name, and those of earlier years, by path."""
    found = {
        use.path: Picture(summary.id, use.record, use.path, use.key, current=True, blob=use.blob)
        for use in summary.uses
    }
    for file in summary.old:
        own, place = BranchPath.of(file.path), RecordPath.of(file.path)
        if own is not None and place is not None and (own.year or year) < year:
            found[file.path] = Picture(
                summary.id, place.record, file.path, file.key, current=False, blob=file.blob
            )
    return [found[path] for path in sorted(found) if extension(path) in ENDINGS]
