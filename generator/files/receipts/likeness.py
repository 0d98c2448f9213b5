"""Whether two YAML files are one record under two names: our own comparison, never git's.

They are where kind or types, date, ``due`` and the contents of all named attachments are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from generator.files.paths import (
    ACTIVITIES,
    RECORD_FILES,
    SELF_ASSESSMENT_FILE,
    BranchPath,
    RecordPath,
)
from generator.formats.branch_files import ACTIVITY, DOCUMENT, Activity, AttendanceFile, Document
from generator.formats.nodes import BRANCH_LIMITS, Scalar, parse
from generator.formats.shapes import INVALID, Context
from generator.text.findings import Place, Report

if TYPE_CHECKING:
    import datetime

    from generator.files.git_objects import Objects


class State(Protocol):
    """One state of the files: before a change, or after it."""

    def read(self, path: str, blob: str) -> bytes:
        """Return the content of a file; nothing where it is too large for a record."""

    def blob(self, path: str) -> str:
        """Return the blob id of a file, ``""`` where there is none."""


class Committed:
    """The files as a commit or tree has them."""

    def __init__(self, objects: Objects, treeish: str, prefix: str) -> None:
        self.objects = objects
        self.start = f"{treeish}:{prefix}"

    def read(self, path: str, blob: str) -> bytes:
        """Return the content of a file; nothing where it is too large for a record."""
        del path
        kind, size = self.objects.describe([blob])[blob]
        sound = kind == "blob" and size <= BRANCH_LIMITS.size
        return self.objects.read(blob) if sound else b""

    def blob(self, path: str) -> str:
        """Return the blob id of a file, ``""`` where there is none."""
        return self.objects.named(f"{self.start}{path}", b"blob") or ""


class Likeness(NamedTuple):
    """What two files have in common that are one record."""

    kind: tuple[str, ...]
    date: datetime.date | None
    due: str
    attachments: tuple[str, ...]


def likeness_of(state: State, path: str, blob: str) -> Likeness | None:
    """Return what tells a record's file from others; None for a file that is none.

    A self-assessment is told by its year: there is one.
    """
    own = BranchPath.of(path)
    if own is not None and own.below[1:] == (SELF_ASSESSMENT_FILE,):
        return Likeness(own.below, None, "", ())
    value = record_of(state, path, blob)
    if value is None or value.date is None:
        return None
    kind = value.type if isinstance(value, Activity) else tuple(filter(None, (value.kind,)))
    if not kind:
        return None
    folder = path.rpartition("/")[0]
    blobs = sorted(state.blob(f"{folder}/{name}") for name in named_files(value))
    due = value.node.entries.get("due", (None, None))[1]
    asked = due.text.strip() if isinstance(due, Scalar) else ""
    return Likeness(kind, value.date, asked, tuple(blobs))


def record_of(state: State, path: str, blob: str) -> Activity | Document | None:
    """Return a file read as a record, None where it cannot be read."""
    try:
        data = state.read(path, blob)
    except OSError:
        return None
    report = Report()
    node = parse(data, report, path, BRANCH_LIMITS) if data else None
    if node is None:
        return None
    own = RecordPath.of(path)
    active = own is not None and own.group == ACTIVITIES
    active |= path.rpartition("/")[2].startswith(RECORD_FILES[ACTIVITIES].partition(".")[0])
    context = Context(report)
    place = Place(path, node.line, node.column)
    value = ACTIVITY.read(node, place, context) if active else DOCUMENT.read(node, place, context)
    return None if value is INVALID else value


def named_files(value: Activity | Document) -> list[str]:
    """Return the names of all attachments of a record."""
    if isinstance(value, Document):
        return list(value.files)
    attendance = value.attendance
    roll = attendance.file if isinstance(attendance, AttendanceFile) else None
    return [*filter(None, (value.plan, value.record, roll)), *value.photos]
