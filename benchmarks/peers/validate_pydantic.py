# noqa: INP001 - a program of another environment
"""The peer of ``yaml.CSafeLoader`` with pydantic models; runs where these are installed.

    python validate_pydantic.py LIST

LIST holds a kind of file and a path on each line, parted by a tab.
"""

# mypy: ignore-errors

from __future__ import annotations

import datetime  # noqa: TC003 - pydantic reads the annotations
import sys
from decimal import Decimal  # noqa: TC003
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Strict(BaseModel):
    """Knows its keys and takes no others."""

    model_config = ConfigDict(extra="forbid")


class Branch(Strict):
    """branch.yml."""

    name: str
    kind: str
    societies: list[str]
    has_committee: bool | None = None
    consortium: str | None = None
    established: datetime.date
    members: int
    submitters: list[str]


class Claim(Strict):
    """A claim of points."""

    points: Decimal
    statement: str
    evidence: list[str] | None = None


class NotApplicable(Strict):
    """A claim that a criterion does not apply."""

    not_applicable: str


class Bonus(Strict):
    """A claim of bonus points."""

    id: str
    rule: str
    level: str
    matter: str
    date: datetime.date
    evidence: list[str]


class SelfAssessment(Strict):
    """self-assessment.yml."""

    submitted: datetime.date
    claims: dict[str, Claim | NotApplicable]
    bonus: list[Bonus] | None = None


class Counts(Strict):
    """Attendance as counts."""

    members: int
    present: int
    leave: int | None = None
    absent: int | None = None


class Roll(Strict):
    """Attendance as a file."""

    file: str


class Activity(Strict):
    """activity.yml."""

    title: str
    type: str
    date: datetime.date
    place: str
    collective: bool | None = None
    joint_with: list[str] | None = None
    plan: str | None = None
    record: str | None = None
    attendance: Counts | Roll | None = None
    photos: list[str] | None = None


class Document(Strict):
    """document.yml."""

    kind: str
    title: str
    date: datetime.date
    files: list[str] | None = None
    url: str | None = None
    fields: dict[str, Any] | None = None


class CriterionReview(Strict):
    """A decision on a criterion."""

    points: Decimal | None = None
    not_applicable: Literal["full", "zero", "excluded"] | None = None
    reason: str | None = None
    by: str | None = None
    date: datetime.date | None = None
    reviewed: str | None = None


class BonusReview(Strict):
    """A decision on bonus points."""

    accepted: bool
    level: str | None = None
    reason: str | None = None
    by: str | None = None
    date: datetime.date | None = None


class Review(Strict):
    """reviews/<id>.yml."""

    criteria: dict[str, CriterionReview] | None = None
    bonus: dict[str, BonusReview] | None = None


MODELS = {
    "branch": Branch,
    "self-assessment": SelfAssessment,
    "activity": Activity,
    "document": Document,
    "review": Review,
}


def main() -> None:
    """Validate the files listed; any that is refused ends the run."""
    adapters = {kind: TypeAdapter(model) for kind, model in MODELS.items()}
    for line in Path(sys.argv[1]).read_text("utf-8").splitlines():
        kind, path = line.split("\t")
        value = yaml.load(Path(path).read_bytes(), Loader=yaml.CSafeLoader)
        adapters[kind].validate_python(value)


if __name__ == "__main__":
    main()
