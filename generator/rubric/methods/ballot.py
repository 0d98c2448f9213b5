"""The method that weighs the ballots of a debrief."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from generator.rubric.methods.base import Award, Facts, Method, Problem, method
from generator.text.language import mark
from generator.text.messages import Words, listed, say
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as MappingType
    from decimal import Decimal

    from generator.rubric.vocabulary import Vocabulary

#: Why nobody can tell yet what the debrief gives.
UNTOLD, UNHELD = mark("还没有述职测评结果"), mark("未述职，待党委评定")
UNWEIGHED, NO_BALLOT = mark("书面述职还没有得分"), mark("还没有测评票")
#: What a written report got.
WRITTEN = mark("书面述职评分：{points}")
#: How many ballots there were, and what they give.
COUNTED = mark("测评 {n} 票")
WEIGHED = mark("{lead}：{points} × ({terms})/{n} = {result}{more}")
#: The same without the ballots of each level, which not everybody may see.
SUMMED = mark("{lead}，得 {result}")
#: Ballots that give less than all points.
NOT_FULL = mark("；未计满：{named}")


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Ballot(Method):
    """Points × Σ(weight × ballots) ÷ Σ ballots; a written report has points of its own."""

    name: ClassVar[str] = "ballot"
    title: ClassVar[str] = mark("测评票")
    reads_records: ClassVar[bool] = False

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Weigh the ballots."""
        entry = facts.debrief
        if entry is None:
            return Award(None, say(UNTOLD))
        if entry.mode == "none":
            return Award(None, say(UNHELD))
        if entry.mode == "written":
            if entry.points is None or not 0 <= entry.points <= maximum:
                return Award(None, say(UNWEIGHED))
            reason = say(WRITTEN, points=entry.points)
            if entry.reason:
                reason = say("{lead}（{reason}）", lead=reason, reason=entry.reason)
            return Award(Fraction(entry.points), reason)
        return self._ballots(maximum, entry.ballots, facts)

    def _ballots(self, maximum: Decimal, ballots: MappingType[str, int], facts: Facts) -> Award:
        weights = facts.vocabulary.weights
        votes = {level: n for level, n in ballots.items() if level in weights}
        total = sum(votes.values())
        if not total:
            return Award(None, say(NO_BALLOT))
        weighted = sum((Fraction(weights[level]) * n for level, n in votes.items()), Fraction(0))
        value = Fraction(maximum) * weighted / total
        terms = " + ".join(f"{n}×{plain(weights[level])}" for level, n in votes.items() if n)
        reason = say(
            WEIGHED,
            lead=say(COUNTED, n=total),
            n=total,
            points=maximum,
            terms=terms,
            result=facts.vocabulary.round(value),
            more=below_full(votes, facts.vocabulary),
        )
        return Award(value, reason)

    def problems(self, maximum: Decimal | None, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Check that the rubric has ballot weights."""
        del maximum
        if not vocabulary.weights:
            yield Problem("B005", "method", "用了测评票，但没有 ballot 权重", {})


def below_full(votes: MappingType[str, int], vocabulary: Vocabulary) -> Words:
    """Name the ballots that give less than all points; nothing where there are none."""
    weights = vocabulary.weights
    found = [
        say(
            "{level} {n} 票，每票按 {weight} 计",
            level=vocabulary.ballot_titles[level],
            n=n,
            weight=weights[level],
        )
        for level, n in votes.items()
        if n and weights[level] < 1
    ]
    return say(NOT_FULL, named=listed(found)) if found else ""
