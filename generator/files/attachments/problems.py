"""What may be wrong with an attachment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Problem(Enum):
    """What may be wrong with an attachment; the value is the finding code."""

    TYPE = "E003"
    DAMAGED = "E004"
    TOO_LARGE = "E013"
    EXPANDS = "E014"
    ACTIVE = "E015"
    TRAILING = "E016"
    PDF_ACTIVE = "E017"
    ENCRYPTED = "E018"


#: Problems for which an attachment counts as absent.
UNUSABLE = frozenset(
    {Problem.TYPE, Problem.DAMAGED, Problem.TOO_LARGE, Problem.EXPANDS, Problem.ACTIVE}
)


#: Details of damage, as the callers' messages know them.
TRUNCATED = "truncated"
STRUCTURE = "structure"
CHECKSUM = "checksum"
PIXEL_DATA = "data"
ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong with an attachment; ``detail`` is a short key for the message."""

    problem: Problem
    detail: str


class DamageError(Exception):
    """A judge cannot read on; the argument is the detail. It never leaves the package."""
