"""Days in Chongqing's time: the same for everyone who computes, wherever the machine stands."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
ZONE = datetime.timezone(datetime.timedelta(hours=8))


@lru_cache(maxsize=4096)
def day_of(time: int) -> datetime.date:
    """Return the day of a time in seconds since 1970: one commit brings in many files."""
    return datetime.datetime.fromtimestamp(time, ZONE).date()


def day_of_moment(moment: str | None) -> datetime.date | None:
    """Return the day of a moment in ISO 8601; None without one. Raises ValueError."""
    if moment is None:
        return None
    time = datetime.datetime.fromisoformat(moment)
    return (time.astimezone(ZONE) if time.tzinfo else time).date()


def read_day(text: object) -> datetime.date | None:
    """Return the day that a text names, written ``yyyy-mm-dd``; None for anything else."""
    if not isinstance(text, str) or not DAY.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
