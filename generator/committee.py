"""Loading of what the committee keeps: the rubric and the files of one year's appraisal."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.committee_model import (
    APPRAISAL,
    CONSORTIA,
    DEBRIEF,
    DECISION,
    REVIEW,
    ROSTER,
    SUPERVISION,
    VETOES,
    Appraisal,
    Consortium,
    Debrief,
    Decision,
    Review,
    Supervision,
    VetoEntry,
)
from generator.findings import Place
from generator.measures import RECEIVED
from generator.rubric import RUBRIC, Rubric
from generator.shapes import NUMBER, Context
from generator.source import COMMITTEE_LIMITS, Mapping, Scalar, parse
from generator.tree import RUBRIC_PATH, Entry

if TYPE_CHECKING:
    from generator.loading import Reader
    from generator.shapes import Shape

PLACES_DEFAULT = None
YEAR = re.compile(r"[0-9]{4}")


@dataclass(slots=True)
class CommitteeYear:
    """The committee's files of one year."""

    year: int
    appraisal: Appraisal | None = None
    reviews: dict[str, Review] = field(default_factory=dict)
    vetoes: dict[str, tuple[VetoEntry, ...]] = field(default_factory=dict)
    supervision: dict[str, Supervision] = field(default_factory=dict)
    debrief: Debrief | None = None
    decision: Decision | None = None

    @property
    def stage(self) -> str:
        """Stage of the year; open where appraisal.yml does not say."""
        return self.appraisal.stage if self.appraisal and self.appraisal.stage else "open"

    @property
    def folder(self) -> str:
        """Path of the year's folder."""
        return f"committee/{self.year}"


def load_rubric(reader: Reader, path: str = RUBRIC_PATH) -> Rubric | None:
    """Return the rubric, best effort; None where its text cannot be read."""
    data = reader.tree.read(path)
    before = reader.report.count
    node = parse(data, reader.report, path, COMMITTEE_LIMITS)
    if node is None or reader.report.count != before:
        return None
    value = RUBRIC.read(
        node, Place(path, node.line, node.column), Context(reader.report, _places(node))
    )
    if not isinstance(value, Rubric):
        return None
    value.sha256 = hashlib.sha256(data).hexdigest()
    value.asks_received = RECEIVED.encode() in data
    return value


def _places(node: object) -> int | None:
    """Return the places that the rubric gives to points, before it is read as a whole."""
    rounding = node.entries.get("rounding") if isinstance(node, Mapping) else None
    if rounding and isinstance(rounding[1], Mapping):
        places = rounding[1].entries.get("places")
        if places and isinstance(places[1], Scalar) and NUMBER.fullmatch(places[1].text):
            return int(float(places[1].text))
    return None


def load_consortia(reader: Reader, entries: dict[str, Entry]) -> dict[str, Consortium]:
    """Return the consortia by id, and read the roster for its findings."""
    roster, path = "committee/roster.yml", "committee/consortia.yml"
    if roster in entries and entries[roster].is_file:
        reader.load(roster, ROSTER)
    if path not in entries or not entries[path].is_file:
        return {}
    value, _ = reader.load(path, CONSORTIA, limits=COMMITTEE_LIMITS)
    return {item.id: item for item in value or () if item.valid}


def load_year(
    reader: Reader, year: int, entries: dict[str, Entry], places: int | None
) -> CommitteeYear:
    """Read all committee files of a year."""
    result = CommitteeYear(year)
    folder = result.folder

    def read(name: str, shape: Shape, kind: type) -> Any:
        path = f"{folder}/{name}"
        if path not in entries or not entries[path].is_file:
            return None
        value, _ = reader.load(path, shape, places=places, limits=COMMITTEE_LIMITS)
        return value if isinstance(value, kind) else None

    result.appraisal = read("appraisal.yml", APPRAISAL, Appraisal)
    result.debrief = read("debrief.yml", DEBRIEF, Debrief)
    result.decision = read("decision.yml", DECISION, Decision)
    for path in entries:
        group, _, name = path.removeprefix(f"{folder}/").removesuffix(".yml").partition("/")
        if path != f"{folder}/{group}/{name}.yml" or "/" in name:
            continue
        if group == "reviews":
            result.reviews[name] = read(f"reviews/{name}.yml", REVIEW, Review)
        elif group == "vetoes":
            result.vetoes[name] = read(f"vetoes/{name}.yml", VETOES, tuple) or ()
        elif group == "supervision":
            result.supervision[name] = read(f"supervision/{name}.yml", SUPERVISION, Supervision)
    result.reviews = {k: v for k, v in result.reviews.items() if v is not None}
    result.supervision = {k: v for k, v in result.supervision.items() if v is not None}
    return result


def years_of(entries: dict[str, Entry]) -> tuple[list[int], set[int]]:
    """Return (years that the committee opened, years that branches filed for)."""
    opened, filed = set(), set()
    for path in entries:
        parts = path.split("/")
        if parts[0] == "committee" and len(parts) > 2 and YEAR.fullmatch(parts[1]):
            opened.add(int(parts[1]))
        elif parts[0] == "branches" and len(parts) > 3 and YEAR.fullmatch(parts[2]):
            filed.add(int(parts[2]))
    return sorted(opened), filed
