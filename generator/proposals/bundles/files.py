"""One file as a bundle holds it: a record by its values, an attachment by its verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.files.attachments import kind_of as kind_of_content
from generator.files.attachments.inside.same import key_of_blob
from generator.files.attachments.inside.same.known import key_of
from generator.files.paths import ACTIVITIES, RECORD_FILES, RecordPath
from generator.files.tree import EntryKind
from generator.formats.branch_files import ACTIVITY, AttendanceFile, Counts
from generator.formats.nodes import BRANCH_LIMITS, is_absent
from generator.formats.nodes import Mapping as MappingNode
from generator.formats.shapes import Context
from generator.formats.spelling.scalars import UnwritableError
from generator.loading.attached import defects_of
from generator.loading.attendance import STATUSES
from generator.proposals.bundles.keys import published
from generator.proposals.bundles.kinds import (
    Kind,
    Parsed,
    definition_of,
    kind_of,
    parsed,
    reading_of,
)
from generator.proposals.bundles.values import Shower, written_anew
from generator.results.audience import LEAST, FieldClass
from generator.text.findings import Content, Place, Report
from generator.text.language import mark
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.checks import BranchContext
    from generator.engine.branch import Reducer
    from generator.files.tree import Entry
    from generator.formats.nodes import Node
    from generator.proposals.bundles.values import Value
    from generator.results.audience import Publish

    Document = dict[str, Value]

#: What stands for a count below five.
FEW = mark("少于 5")
#: The finding that a content serves twice.
SHARED = "E005"
COUNTS = ("members", *STATUSES)
COUNTED = ("members", "present")
#: What a comment begins with, anywhere in a file.
COMMENT = b"#"
#: Where attendance stands in the file of an activity.
ATTENDANCE = "/attendance"
#: Keys in the list of what is withheld that are no keys of a file: a name, a content key, lines.
NAME, KEY, LINES, ALL = "name", "key", "lines", ""


def exactly(data: bytes, anew: bytes, file: Parsed) -> Document:
    """Return what gives the very bytes of a file of which nothing is withheld.

    It is how its values are written anew, or else its text, where it says nothing beside them: what
    people write in comments is nobody else's.
    """
    if anew == data:
        return {"exact": True}
    if COMMENT in data or not file.clean:
        return {}
    try:
        return {"exact": True, "text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {}


def by_path(entry: Entry) -> str:
    """Order entries."""
    return entry.path


@dataclass(slots=True)
class FileViewer:
    """Publish the files of one branch; ``withheld`` are path and key of what was not shown."""

    reducer: Reducer
    context: BranchContext
    shows: Publish
    withheld: set[tuple[str, str]] = field(default_factory=set)

    def own(self, entry: Entry) -> Document:
        """Return a file of the branch."""
        found: Document = {"path": self.path(entry.path)}
        if entry.kind is not EntryKind.FILE:
            found["entry"] = entry.kind.value
        if not entry.is_file:
            return found
        found["size"] = entry.size
        kind = kind_of(entry.path)
        return {**found, **(self.attachment(entry) if kind is None else self.record(entry, kind))}

    def path(self, path: str) -> str:
        """Return a path without personal data in the names of folders and files."""
        shown = "/".join(map(masked, path.split("/")))
        if shown != path:
            self.withheld.add((shown, NAME))
        return shown

    def blob(self, entry: Entry) -> str:
        """Return the blob id of a file."""
        return entry.blob or self.reducer.tree.blob_id(entry.path)

    def attachment(self, entry: Entry) -> Document:
        """Return what is told of an attachment: its kind, and what checks of its bytes found."""
        found: Document = {}
        allowed, content = self.reducer.setting.allowed, Content(entry.path, self.blob(entry))
        large = entry.size > allowed.file
        data = b"" if large else self.reducer.tree.read(entry.path)
        if self.shows.shows_digest(entry.size):
            key = key_of_blob(content.blob) if large else key_of(content.blob, data)
            shown = published(key.hex())
            found |= {} if self.is_accepted(SHARED, content) else {"key": shown}
        else:
            self.withheld.add((self.path(entry.path), KEY))
        if large or not self.is_judged(entry.path):
            return found
        found["kind"] = kind_of_content(data)
        defects: list[Value] = [
            [defect.problem.value, defect.detail]
            for defect in defects_of(entry.path.rpartition("/")[2], data, allowed)
            if not self.is_accepted(defect.problem.value, content)
        ]
        return {**found, "defects": defects} if defects else found

    def is_accepted(self, code: str, content: Content) -> bool:
        """Whether the committee accepts a finding about a file: nobody needs to hear of it then."""
        place = RecordPath.of(content.path)
        record = f"{place.record}/{RECORD_FILES.get(place.group, '')}" if place is not None else ""
        return self.reducer.setting.accepted.find(code, content, record) is not None

    def is_judged(self, path: str) -> bool:
        """Whether a file's content can count this year: one of it, or of a document before it."""
        place = RecordPath.of(path)
        year = place.year if place is not None else path.split("/")[2]
        own = f"{self.context.data.year}"
        return year >= own if place is None or place.group == ACTIVITIES else year <= own

    def record(self, entry: Entry, kind: Kind) -> Document:
        """Return a file of the branch by its values."""
        if entry.size > BRANCH_LIMITS.size:
            return self.broken(entry.path, readable=False)
        data = self.reducer.tree.read(entry.path)
        file = parsed(entry.path, data)
        if file.root is None:
            return self.broken(entry.path, readable=False)
        hidden, told = self.attendance(entry.path, file.root, kind)
        found = self.shown(entry.path, data, file, kind, (ATTENDANCE,) if hidden else ())
        if found is None:
            return self.broken(entry.path, readable=file.readable)
        return {**found, **told}

    def of_committee(self, path: str) -> Document:
        """Return the values of a committee's file about the branch; nothing of a broken one."""
        data, kind, found = self.reducer.tree.read(path), kind_of(path), None
        if kind is not None:
            found = self.shown(path, data, parsed(path, data), kind)
        if found is None:
            self.withheld.add((path, ALL))
            return {}
        return {"path": path, "size": len(data), **found}

    def attendance(self, path: str, node: Node, kind: Kind) -> tuple[bool, Document]:
        """Return whether an activity's file has counts that are not shown, and what is told."""
        said = node.entries.get("attendance") if isinstance(node, MappingNode) else None
        if kind.shape is not ACTIVITY or said is None or is_absent(said[1]):
            return False, {}
        shape = ACTIVITY.keys["attendance"][1].shape
        value = shape.read(said[1], Place(path), Context(Report()))
        place = RecordPath.of(path)
        if not isinstance(value, Counts | AttendanceFile) or place is None:
            return True, {}
        own = self.context.data.evidence.get(place.reference)
        judged = own is not None and place.year == f"{self.context.data.year}"
        counts = {**own.attendance} if own is not None and judged else {}
        if isinstance(value, Counts):
            filed = {name: getattr(value, name) for name in COUNTS}
            if self.shows.shows_counts(filed.values()):
                return False, {}
            return True, {"attendance": self.counts(counts if judged else filed)}
        if self.shows.shows(FieldClass.ATTACHMENTS):
            self.withheld.add((self.path(f"{place.record}/{value.file}"), LINES))
        return False, {"attendance": self.counts(counts)} if judged else {}

    def counts(self, counts: Mapping[str, int | None]) -> Document:
        """Return the counts that are shown: of such with one below five, who was due and came."""
        told = {name: count or 0 for name, count in counts.items()}
        whole = self.shows.shows_counts(told.values())
        return {
            name: count if whole or count >= LEAST else FEW
            for name, count in told.items()
            if whole or name in COUNTED
        }

    def broken(self, path: str, *, readable: bool) -> Document:
        """Return a file of which nothing can be told, but that it gives no record."""
        self.withheld.add((self.path(path), ALL))
        return {"broken": True, **({} if readable else {"readable": False})}

    def shown(
        self, path: str, data: bytes, file: Parsed, kind: Kind, hidden: tuple[str, ...] = ()
    ) -> Document | None:
        """Return the values of a file; None where what they say is not what the file says."""
        node, rubric = file.root, self.context.rubric
        if node is None:
            return None
        definition = definition_of(kind, node, rubric)
        shower = Shower(self.shows, definition, kind.name, hidden)
        values = shower.values(node)
        try:
            anew = written_anew(values, definition)
        except UnwritableError:
            return None
        held = tuple(shower.withheld)
        before = reading_of(path, file, kind, rubric, held)
        after = reading_of(path, parsed(path, anew), kind, rubric, held)
        if before.broken or not after.readable or before.signs != after.signs:
            return None
        found: Document = {"values": values}
        if not before.readable:
            held = (*held, ALL)
            found["readable"] = False
        if not held and self.path(path) == path:
            found |= exactly(data, anew, file)
        self.withheld |= {(self.path(path), pointer) for pointer in held}
        return found
