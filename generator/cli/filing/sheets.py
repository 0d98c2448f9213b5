"""``appraise import KIND``: sheets of the office, each kind a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cli.line.saying import Command

#: Kind → command, of those that ``appraise import`` knows by their first word.
OFFERED: Mapping[str, Command] = {}
