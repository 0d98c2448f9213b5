"""``appraise import``: what others hand in, sheets of the office by their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.filing import sheets
from generator.cli.line.handing import Handing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cli.line.saying import Command

#: First words that mean a kind of sheet; anything else is a path.
SHEETS = ("attendance", "branches", "due", "ballots", "reviews")


class Importing(Handing):
    """A command for packages that hands over to another where its first word names a sheet."""

    @property
    def others(self) -> Mapping[str, Command]:
        """Kind → command of the sheets that can be imported."""
        return {kind: sheets.OFFERED[kind] for kind in SHEETS if kind in sheets.OFFERED}
