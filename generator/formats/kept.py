"""Whom each file of the committee reaches: the one table that scope, cache and pages go by.

A change of a file can move the scorecards and pages of those that its row names, and of nobody
else. A new kind of file is a row here: what a change reaches (``engine/narrow``), keys of kept
branches (``engine/cache``) and pages (``site/build/reuse``), names that are known (``checks``) and
proposals for misplaced ones follow. One that reaches some branches by its entries is ``ASKED``,
or ``HOLDERS`` (``loading/accepted``):
which these are is told by comparing two states of it (``loading/due``), and a branch's own entries
with what has come due of them are in its keys, never the day.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

#: What stands in the table for a year, a branch and a supervision team.
IN_YEAR, A_BRANCH, A_TEAM = "<year>", "<id>", "<team>"


class Whom(Enum):
    """Whose scorecards, ranks, findings and pages a file can move."""

    BRANCH = "branch"  #: the one that the file is called after
    ASKED = "asked"  #: those of whom an entry of it asks something
    HOLDERS = "holders"  #: those that hold a content, or a file, that an entry of it names
    EVERY = "every"
    NOBODY = "nobody"  #: an opinion, shown as it is: no figure of anybody


class Kept(NamedTuple):
    """A kind of file below ``committee/``: where, whom it reaches.

    ``scored`` says that scorecards rest on it, so that it is in the keys of what is kept of a
    branch. The others count in the year's step, which every run takes anew, or in no figure.
    """

    path: str
    whom: Whom
    scored: bool = False

    @property
    def yearly(self) -> bool:
        """Whether it lies in the folder of a year."""
        return self.path.startswith(f"{IN_YEAR}/")

    @property
    def folder(self) -> str:
        """Folder of a year that holds a file for each branch or team, ``""`` of a single file."""
        return self.path.split("/")[1] if self.path.count("/") > 1 else ""

    @property
    def name(self) -> str:
        """Name of a single file, ``""`` where there are many of its kind."""
        return "" if self.folder else self.path.rpartition("/")[2]

    def at(self, year: int, branch: str = "") -> str:
        """Return the path below ``committee/`` of one file."""
        return self.path.replace(IN_YEAR, str(year)).replace(A_BRANCH, branch)


KINDS = (
    Kept("consortia.yml", Whom.EVERY, scored=True),
    Kept("roster.yml", Whom.EVERY),
    Kept(f"{IN_YEAR}/appraisal.yml", Whom.EVERY, scored=True),
    Kept(f"{IN_YEAR}/debrief.yml", Whom.EVERY, scored=True),
    Kept(f"{IN_YEAR}/decision.yml", Whom.EVERY, scored=True),
    Kept(f"{IN_YEAR}/due.yml", Whom.ASKED, scored=True),
    Kept(f"{IN_YEAR}/accepted.yml", Whom.HOLDERS, scored=True),
    # What was found in a record that was drawn can block the year of any branch (C015).
    Kept(f"{IN_YEAR}/audit.yml", Whom.EVERY),
    # What came after the results moves no figure; pages that show it are made in every build.
    Kept(f"{IN_YEAR}/after.yml", Whom.NOBODY),
    # The rubric is in every key by its digest; a year with results is read from these alone.
    Kept(f"{IN_YEAR}/results.json", Whom.EVERY),
    Kept(f"{IN_YEAR}/rubric.yml", Whom.EVERY),
    Kept(f"{IN_YEAR}/received/{A_BRANCH}.yml", Whom.BRANCH, scored=True),
    Kept(f"{IN_YEAR}/reviews/{A_BRANCH}.yml", Whom.BRANCH, scored=True),
    Kept(f"{IN_YEAR}/vetoes/{A_BRANCH}.yml", Whom.BRANCH, scored=True),
    Kept(f"{IN_YEAR}/appeals/{A_BRANCH}.yml", Whom.BRANCH),
    Kept(f"{IN_YEAR}/supervision/{A_TEAM}.yml", Whom.NOBODY),
)

#: Single files of all years, and those of a year.
COMMON_NAMES = tuple(kind.name for kind in KINDS if not kind.yearly)
YEAR_NAMES = tuple(kind.name for kind in KINDS if kind.yearly and kind.name)
#: Folders of a year: all, and those that hold a file a branch.
GROUPS = tuple(kind.folder for kind in KINDS if kind.folder)
BRANCH_GROUPS = tuple(kind.folder for kind in KINDS if kind.whom is Whom.BRANCH)
_KNOWN = {(kind.yearly, kind.folder, kind.name): kind for kind in KINDS}


def reaching(whom: Whom, *, scored: bool = True) -> tuple[Kept, ...]:
    """Return the kinds that reach somebody; without ``scored`` also those no scorecard rests on."""
    return tuple(kind for kind in KINDS if kind.whom is whom and (kind.scored or not scored))


def kind_at(*, yearly: bool, folder: str, name: str) -> Kept | None:
    """Return the kind of a file; ``name`` is ``""`` of YAML files in a folder of a year."""
    return _KNOWN.get((yearly, folder, name))
