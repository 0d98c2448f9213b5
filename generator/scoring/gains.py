"""What more points of criteria would bring to a total, scaled as sections are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.scoring.scorecard import summed
from generator.text.numbers import exact, round_half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.rubric.document import Rubric, Section
    from generator.scoring.scorecard import Line


def gained(rubric: Rubric, lines: Sequence[Line], raised: Sequence[Line]) -> Decimal:
    """Return the gain where some criteria get their maxima, scaled as sections are."""
    names = {line.criterion for line in raised}
    gain = Decimal(0)
    for section in rubric.sections:
        own = [line for line in lines if line.section == section.id]
        if any(line.criterion in names for line in own):
            now = summed(line.points for line in own)
            more = summed(line.max if line.criterion in names else line.points for line in own)
            gain += scaled(rubric, section, own, more) - scaled(rubric, section, own, now)
    return gain


def scaled(rubric: Rubric, section: Section, own: Sequence[Line], points: Decimal) -> Decimal:
    """Return the points of a section, scaled where criteria are excluded."""
    left = summed(line.max for line in own if not line.excluded)
    if not left or not any(line.excluded for line in own):
        return points
    return round_half_up(exact(points) * exact(section.points) / exact(left), rubric.places)
