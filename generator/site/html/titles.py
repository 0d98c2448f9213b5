"""Words that stand on pages for ids that a rubric gives no title: levels of bonus and ballot."""

from __future__ import annotations

from generator.text.language import gettext
from generator.text.titles import BALLOTS, LEVELS


def level_title(level: str) -> str:
    """Return what a level of a bonus is called; a level that nobody knows is its own title."""
    return gettext(LEVELS[level]) if level in LEVELS else level


def ballot_title(level: str) -> str:
    """Return what stands on a ballot of a level; a level that nobody knows is its own title."""
    return gettext(BALLOTS[level]) if level in BALLOTS else level
