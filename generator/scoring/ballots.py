"""What became of the ballots that a branch's meeting was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.text.language import mark
from generator.text.messages import Message, say

if TYPE_CHECKING:
    from collections.abc import Container

    from generator.formats.committee_files import DebriefEntry
    from generator.rubric.document import Criterion


#: What became of ballots; where more came back than were handed out.
BACK = mark("发出 {issued} 张，有效 {valid} 张，废票 {void} 张，未收回 {absent} 张")
OVER = mark("发出 {issued} 张，有效 {valid} 张，废票 {void} 张：收回的多于发出的")


class Ballots(NamedTuple):
    """Ballots handed out, those that count, and void ones."""

    issued: int
    valid: int
    void: int

    @property
    def absent(self) -> int:
        """How many did not come back; below 0 where more came back than were handed out."""
        return self.issued - self.valid - self.void


def ballots_for(
    criterion: Criterion, entry: DebriefEntry | None, levels: Container[str]
) -> Ballots | None:
    """Return the ballots of a criterion that they score, where it is known how many there were."""
    if entry is None or entry.mode != "onsite" or entry.issued is None:
        return None
    if not criterion.takes_ballots:
        return None
    valid = sum(n for level, n in entry.ballots.items() if level in levels)
    return Ballots(entry.issued, valid, entry.void)


def ballot_words(ballots: Ballots) -> Message:
    """Say what became of the ballots that were handed out."""
    issued, valid, void = ballots
    if ballots.absent < 0:
        return say(OVER, issued=issued, valid=valid, void=void)
    return say(BACK, issued=issued, valid=valid, void=void, absent=ballots.absent)
