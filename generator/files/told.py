"""What is told of a file that is not here, or not all of it: what reading the whole came to.

Where the public see only a part of the data, an entry of a tree says so (``Entry.told``), and
whoever reads it neither guesses nor counts as missing what is withheld. A file that is laid over
such a tree has an entry of its own, of which nothing needs to be told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from generator.files.attachments.problems import Defect


@dataclass(frozen=True, slots=True)
class Judged:
    """An attachment whose bytes are not here: its defects, but for those that are accepted."""

    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Attendance of which a count is not shown (None); without counts it is one that fails."""

    counts: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parted:
    """A record of which something is withheld.

    ``held`` are the keys, as JSON pointers, that its file has and this does not. ``broken`` says
    that it gives no record at all, ``readable`` whether the text of its file can be parsed.
    """

    held: frozenset[str] = frozenset()
    readable: bool = True
    broken: bool = False
    attendance: Counted | None = None


@dataclass(frozen=True, slots=True)
class Awarded:
    """Ballots that are not shown: criterion → the points that they give."""

    points: Mapping[str, Decimal] = field(default_factory=dict)


Told: TypeAlias = "Judged | Parted | Awarded"
WHOLE = Parted()


def parted(told: Told | None) -> Parted:
    """Return what is told of a record; of one that is here whole, that it is."""
    return told if isinstance(told, Parted) else WHOLE
