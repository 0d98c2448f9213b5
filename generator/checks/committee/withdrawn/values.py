"""Records by their text alone: whether one stands in the place of another."""

from __future__ import annotations

from generator.checks.claims import folded
from generator.files.paths import ACTIVITIES, RecordPath
from generator.formats.branch_files import ACTIVITY, DOCUMENT, Activity, AttendanceFile, Document
from generator.formats.nodes import BRANCH_LIMITS, parse
from generator.formats.shapes import INVALID, Context
from generator.loading.evidence import fold
from generator.text.findings import Place, Report

#: Of kind, day and title two have to differ: one alone is put right now and then.
MANY = 2


def value_of(data: bytes, path: str) -> Activity | Document | None:
    """Return a record, None where its text cannot be read as one."""
    report, own = Report(), RecordPath.of(path)
    node = parse(data, report, path, BRANCH_LIMITS)
    if node is None or own is None:
        return None
    shape = ACTIVITY if own.group == ACTIVITIES else DOCUMENT
    place = Place(path, node.line, node.column)
    value = shape.read(node, place, Context(report))
    return None if value is INVALID else value


def is_another(old: Activity | Document | None, new: Activity | Document | None) -> bool:
    """Whether another record stands where one stood: of kind, day and title two differ."""
    if old is None or new is None:
        return False
    differs = (
        kinds_of(old).isdisjoint(kinds_of(new)),
        old.date != new.date,
        fold(old.title or "") != fold(new.title or ""),
    )
    return sum(differs) >= MANY


def kinds_of(value: Activity | Document) -> frozenset[str]:
    """Return the types of an activity, the kind of a document."""
    return frozenset(value.type if isinstance(value, Activity) else filter(None, (value.kind,)))


def address_of(value: Activity | Document | None) -> str:
    """Return the address of a document, ``""`` without one."""
    return (value.url or "") if isinstance(value, Document) else ""


def readdressed(old: Activity | Document | None, new: Activity | Document | None) -> bool:
    """Whether a document had an address, and has another one now, or none."""
    before, after = address_of(old), address_of(new)
    return bool(before) and new is not None and (not after or folded(before) != folded(after))


def single_names(value: Activity | Document | None) -> dict[str, str]:
    """Return what an activity names one file of each: key → file name."""
    if not isinstance(value, Activity):
        return {}
    roll = value.attendance.file if isinstance(value.attendance, AttendanceFile) else None
    named = {"plan": value.plan, "record": value.record, "attendance": roll}
    return {key: name for key, name in named.items() if name}
