"""What was asked of one branch: the entries of the due list, and the records that answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime


class Asked(NamedTuple):
    """An entry of the due list as one branch is asked.

    ``asked`` is the last day of this branch, ``held`` the day of the occasion; ``come`` says that
    the last day lies before the date of the data, so that the entry counts.
    """

    id: str
    kind: str
    title: str
    asked: datetime.date
    held: datetime.date | None
    come: bool
