"""What a branch filed: records of evidence, their attachments, the facts that methods see."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.files.paths import (
    ACTIVITIES,
    DOCUMENTS,
    RECORD_FILES,
    SELF_ASSESSMENT_FILE,
    branch_path,
    year_folder,
)
from generator.formats.branch_files import (
    Activity,
    AttendanceFile,
    Branch,
    Document,
    SelfAssessment,
)
from generator.formats.nodes import Scalar, Sequence, is_absent
from generator.rubric.document import Rubric, boolean_fields
from generator.rubric.measures import ACTIVITY, FactRecord, FieldValue
from generator.text.findings import Place

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from collections.abc import Mapping as MappingType

    from generator.files.misplaced import Misplaced
    from generator.files.tree import Entry
    from generator.formats.records import Record
    from generator.loading.received import Receipt, Register
    from generator.rubric.asked import Asked


NOTHING = Scalar(0, 0, "", plain=True)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a record: size in bytes, git blob id, and whether it counts as there.

    ``key`` is that of what it holds, the same for the same content in another wrapping; nothing
    where its bytes are not here.
    ``taken`` is the day that a photo says it was taken on, where it says one.
    """

    path: str
    size: int
    blob: str
    key: bytes
    usable: bool
    taken: datetime.date | None = None

    @property
    def name(self) -> str:
        """File name without folder."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record folder: the record as read, its attachments, and its fact where it is valid.

    ``attachments`` are the files there are, by name; ``named`` those that the record names, and
    where it names them. ``record`` may lack what its file lacks; ``fact`` lacks nothing.
    """

    path: str
    record: Activity | Document
    attachments: dict[str, Attachment]
    named: dict[str, Place]
    fact: FactRecord | None
    attendance: dict[str, int | None]
    blob: str

    @property
    def folder(self) -> str:
        """Name of the record's folder."""
        return self.path.rpartition("/")[2]

    @property
    def kind(self) -> str | None:
        """``activity`` or the document's kind, None where it names none."""
        return ACTIVITY if isinstance(self.record, Activity) else self.record.kind

    @property
    def file(self) -> str:
        """Path of the record's own YAML file."""
        group = ACTIVITIES if isinstance(self.record, Activity) else DOCUMENTS
        return f"{self.path}/{RECORD_FILES[group]}"


def names_of_branch(
    branch_id: str, branch: Branch | None, there: Collection[str]
) -> tuple[str, ...]:
    """Return what a branch is and was called: its id, then the former ids that no branch has now.

    ``there`` are the ids of all branches: what still exists is nobody else's former name.
    """
    former = branch.formerly if branch is not None else ()
    return (branch_id, *dict.fromkeys(name for name in former if name not in there))


@dataclass(slots=True)
class BranchYear:
    """What one branch filed for one year, and what tells when it was received.

    ``receipt`` is that of the self-assessment, where there is a deadline for it.
    """

    id: str
    year: int
    branch: Branch | None
    register: Register
    assessment: SelfAssessment | None = None
    receipt: Receipt | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    standing: dict[str, Evidence] = field(default_factory=dict)
    files: list[Entry] = field(default_factory=list)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    misplaced: tuple[Misplaced, ...] = ()
    asked: tuple[Asked, ...] = ()
    readable: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The branch's id, and those that it had before."""
        return self.register.names

    @property
    def folder(self) -> str:
        """Path of the branch's year folder."""
        return year_folder(self.id, self.year)

    @property
    def home(self) -> Place:
        """Where findings about the branch as a whole are shown."""
        return Place(branch_path(self.id))

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the records, by what evidence entries call them."""
        return {name: found.record.title or "" for name, found in self.evidence.items()}

    @property
    def is_garbled(self) -> bool:
        """Whether there is a self-assessment that could not be read at all."""
        path = f"{self.folder}/{SELF_ASSESSMENT_FILE}"
        return self.assessment is None and any(entry.path == path for entry in self.files)

    def cited(self, reference: str) -> FactRecord | None:
        """Return the valid record that an evidence entry names, or None."""
        found = self.evidence.get(reference) or self.standing.get(reference)
        return found.fact if found is not None else None

    @property
    def facts(self) -> tuple[FactRecord, ...]:
        """Records that count, by path; of an activity filed twice the first."""
        seen: set[tuple[object, ...]] = set()
        result = []
        for evidence in self.evidence.values():
            if evidence.fact is None:
                continue
            if evidence.fact.kind == ACTIVITY:
                identity = activity_identity(evidence.fact)
                if identity in seen:
                    continue
                seen.add(identity)
            result.append(evidence.fact)
        return tuple(result)


def facts_by_kind(data: BranchYear) -> dict[str, tuple[FactRecord, ...]]:
    """Return kind → records of the branch that count, by path."""
    found: dict[str, tuple[FactRecord, ...]] = {}
    for record in data.facts:
        found[record.kind] = (*found.get(record.kind, ()), record)
    return found


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Normalise a matter or title for comparison: NFKC, without white space and case."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(folded.split())


def activity_identity(activity: FactRecord) -> tuple[object, ...]:
    """What makes two records the same activity: date, place and title."""
    return (activity.date, fold(f"{activity.fields['place']}"), fold(activity.title))


def list_places(value: Record, name: str) -> list[tuple[str, Place]]:
    """Return the entries of a list of names, each with its place."""
    entry = value.node.entries.get(name)
    if entry is None or not isinstance(entry[1], Sequence):
        return []
    base = value.at(name)
    known = frozenset(getattr(value, name))
    pairs = []
    for index, item in enumerate(entry[1].items):
        shown = item.text.strip() if isinstance(item, Scalar) else ""
        if shown in known:
            pairs.append((shown, base.child(index, item.line, item.column)))
    return pairs


def attachment_names(value: Activity | Document) -> dict[str, Place]:
    """Return every attachment that a record names, with the place of its name."""
    names: dict[str, Place] = {}
    if isinstance(value, Document):
        names.update(list_places(value, "files"))
        return names
    for single in ("plan", "record"):
        name = getattr(value, single)
        if name is not None:
            names[name] = value.at(single)
    if isinstance(value.attendance, AttendanceFile):
        names[value.attendance.file] = value.attendance.at("file")
    names.update(list_places(value, "photos"))
    return names


def make_fact(
    path: str,
    value: Activity | Document,
    usable: frozenset[str],
    attendance: dict[str, int | None] | None,
    extra: MappingType[str, FieldValue],
    rubric: Rubric,
) -> FactRecord | None:
    """Reduce a valid record to what methods may look at; None where it lacks what it must have."""
    if value.title is None or value.date is None:
        return None
    fields: dict[str, FieldValue]
    if isinstance(value, Activity):
        fields = {
            **extra,
            "type": value.type if len(value.type) > 1 else "".join(value.type),
            "place": value.place_,
            "joint_with": value.joint_with,
            "plan": value.plan if value.plan in usable else None,
            "record": value.record if value.record in usable else None,
            "attendance": True if attendance else None,
            "photos": tuple(name for name in value.photos if name in usable),
        }
        if not is_absent(value.node.entries.get("collective", (None, NOTHING))[1]):
            fields["collective"] = value.collective
        kind, booleans = ACTIVITY, frozenset({"collective"})
    else:
        definition = rubric.document_kind(value.kind)
        if value.kind is None or definition is None:
            return None
        fields = {
            **extra,
            "kind": value.kind,
            "files": tuple(name for name in value.files if name in usable),
            "url": value.url,
        }
        kind, booleans = value.kind, boolean_fields(definition)
    fields |= {"title": value.title, "date": value.date}
    head, faulty = (path, kind, value.title, value.date), faulty_of(value, fields)
    return FactRecord(*head, fields, booleans, faulty, answered(value))


def answered(value: Activity | Document) -> str:
    """Return the entry of the due list that a record says it answers, ``""`` without one."""
    return (value.due or "") if isinstance(value, Document) else ""


def faulty_of(value: Activity | Document, fields: MappingType[str, FieldValue]) -> dict[str, str]:
    """Return the fields that name attachments, none of which counts: field → their names.

    Attendance in numbers that do not add up has no name.
    """
    if isinstance(value, Document):
        named = {"files": ", ".join(value.files)}
    else:
        named = {
            "plan": value.plan or "",
            "record": value.record or "",
            "photos": ", ".join(value.photos),
        }
    faulty = {name: text for name, text in named.items() if text and not fields[name]}
    if isinstance(value, Activity) and value.attendance is not None and not fields["attendance"]:
        counts = value.attendance
        faulty["attendance"] = counts.file if isinstance(counts, AttendanceFile) else ""
    return faulty
