"""The date of the data: one day a run, for all branches (docs/format.md §5, rule 12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.text.days import day_of_moment

if TYPE_CHECKING:
    import datetime

    from generator.formats.committee_files import Appraisal


@dataclass(frozen=True, slots=True)
class DataDate:
    """The day that was told, the day of the commit, the last day of the period; None: unknown."""

    told: datetime.date | None
    commit: datetime.date | None
    last: datetime.date | None

    @classmethod
    def of(
        cls, given: datetime.date | None, appraisal: Appraisal | None, moment: str | None
    ) -> DataDate:
        """Return it: ``given`` goes before ``as_of`` of the committee; ``moment`` is a commit's."""
        own = appraisal.as_of if appraisal else None
        last = appraisal.period.end if appraisal and appraisal.period else None
        return cls(given or own, day_of_moment(moment), last)

    @property
    def day(self) -> datetime.date | None:
        """The date of the data; None where nobody knows a period."""
        return self.told or self.commit or self.last

    @property
    def until(self) -> datetime.date | None:
        """The day up to which inactivity is counted; None without a period."""
        return min(self.day, self.last) if self.day and self.last else None

    @property
    def noted(self) -> str:
        """The day as results hold it: where it was told, or where it is before the end."""
        early = self.commit if self.commit and self.last and self.commit < self.last else None
        return f"{self.told or early or ''}"
