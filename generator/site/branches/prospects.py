"""What a scorecard still lacks for more: how many points could be gained, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.scoring.gains import gained
from generator.scoring.scorecard import Basis
from generator.site.data.scale import ZERO
from generator.text.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.rubric.document import Rubric
    from generator.scoring.scorecard import Line
    from generator.site.data.year import Shown


@dataclass(frozen=True, slots=True)
class Prospect:
    """A way to more points: at most how many, in words, and the criteria that it concerns."""

    points: Decimal
    words: str
    criteria: tuple[Line, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Prospects:
    """How far a total can still rise and fall; ``ways`` lead up, and add up to ``up``."""

    up: Decimal
    down: Decimal
    ways: tuple[Prospect, ...]


def prospects_of(
    rubric: Rubric, branch: BranchResult, shown: Shown, mendable: Sequence[Line]
) -> Prospects | None:
    """Return what can still be gained or lost; None in a final year or without a total.

    ``mendable`` are computed criteria about which the branch itself can do something.
    """
    if shown.stage == "final" or branch.total is None:
        return None
    up = (branch.high or ZERO) - branch.total
    down = branch.total - (branch.low or ZERO)
    lines = [line for line in branch.criteria if line.criterion is not None]
    claimed = [line for line in lines if line.basis is Basis.CLAIMED]
    pending = [line for line in lines if line.basis is Basis.PENDING]
    by_claims = gained(rubric, lines, claimed)
    by_all = gained(rubric, lines, claimed + pending)
    ways = []
    if pending:
        words = tr("{n} 项未评，全部得满分时", n=len(pending))
        ways.append(Prospect(by_all - by_claims, words, tuple(pending), "waiting"))
    if claimed:
        words = tr("{n} 项自评待核定，全部核定为满分时", n=len(claimed))
        ways.append(Prospect(by_claims, words, tuple(claimed), "waiting"))
    if up > by_all:
        undecided = sum(line.status == "claimed" for line in branch.bonus_lines)
        words = tr("{n} 项加分待认定，全部认可时", n=undecided)
        ways.append(Prospect(up - by_all, words, (), "bonus"))
    if shown.stage == "open" and mendable:
        filed = gained(rubric, lines, [*claimed, *pending, *mendable]) - by_all
        ways.append(Prospect(filed, filing_words(mendable, shown), tuple(mendable), "lost"))
        up += filed
    return Prospects(up, down, tuple(way for way in ways if way.points))


def filing_words(mendable: Sequence[Line], shown: Shown) -> str:
    """Say what more material can still win back while filing is open."""
    if shown.deadline:
        return tr("{n} 项由系统计算，{date} 前补齐材料时", n=len(mendable), date=shown.deadline)
    return tr("{n} 项由系统计算，补齐材料时", n=len(mendable))
