"""What a made-up repository is made of: files, records, claims, branches."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime

YEAR = 2025
EARLIER = YEAR - 1
HUNDRED = 100


class Dice(random.Random):
    """Chance that is the same for the same seed."""

    def likely(self, percent: float) -> bool:
        """Whether something happens that happens ``percent`` times in a hundred."""
        return self.random() * HUNDRED < percent


class File(NamedTuple):
    """A file of the repository and the day on which it is filed."""

    path: str
    data: bytes
    day: datetime.date


class Record(NamedTuple):
    """An activity or document: what evidence cites, its kind, and path → blob id of its files."""

    reference: str
    kind: str
    blobs: dict[str, str]


@dataclass(slots=True)
class Claim:
    """A claim as text, the way it stands in the file: points with evidence, or not applicable."""

    criterion: str
    text: dict[str, str | list[str]]
    records: tuple[Record, ...] = ()

    @property
    def points(self) -> str | None:
        """Points claimed, None where the criterion is said not to apply."""
        points = self.text.get("points")
        return points if isinstance(points, str) else None


class BonusClaim(NamedTuple):
    """A claim for bonus points."""

    id: str
    rule: str
    level: str


@dataclass(slots=True)
class Branch:
    """What the rest of the repository needs to know of a branch."""

    number: int
    id: str
    filed: bool
    login: str
    files: list[File] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    bonus: list[BonusClaim] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


def branch_id(number: int) -> str:
    """Return the id of a branch."""
    return f"b{number:05d}"


def encode(lines: list[str]) -> bytes:
    """Return lines as the bytes of a file."""
    return ("\n".join(lines) + "\n").encode("utf-8")
