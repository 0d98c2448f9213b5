"""The files that a bundle holds as values: the name of each format, its shape, how it is read."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

from generator.files.paths import (
    ACTIVITIES,
    APPRAISAL_FILE,
    CONSORTIA_PATH,
    DEBRIEF_FILE,
    DECISION_FILE,
    DUE_FILE,
    RECEIVED_FOLDER,
    RECORD_FILES,
    REVIEWS_FOLDER,
    RUBRIC_PATH,
    SELF_ASSESSMENT_FILE,
    VETOES_FOLDER,
    BranchPath,
    CommitteePath,
    RecordPath,
    branch_path,
)
from generator.formats.branch_files import ACTIVITY, BRANCH, DOCUMENT, SELF_ASSESSMENT, Document
from generator.formats.committee_files import (
    APPRAISAL,
    CONSORTIA,
    DEBRIEF,
    DECISION,
    DUE,
    REVIEW,
)
from generator.formats.nodes import BRANCH_LIMITS, COMMITTEE_LIMITS, Mapping, Scalar, parse
from generator.formats.received import RECEIVED, VETOES
from generator.formats.records import Record, read_keys
from generator.formats.shapes import INVALID, Context
from generator.formats.spelling.trees import Definition
from generator.rubric.document import RUBRIC, document_fields
from generator.text.findings import Place, Report
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.formats.nodes import Node
    from generator.formats.shapes import Shape
    from generator.rubric.document import Rubric

OF_YEAR: dict[str, tuple[str, Shape[object]]] = {
    APPRAISAL_FILE: ("appraisal", APPRAISAL),
    DEBRIEF_FILE: ("debrief", DEBRIEF),
    DECISION_FILE: ("decision", DECISION),
    DUE_FILE: ("due", DUE),
    REVIEWS_FOLDER: ("review", REVIEW),
    VETOES_FOLDER: ("vetoes", VETOES),
    RECEIVED_FOLDER: ("received", RECEIVED),
}
#: Of what a file says when it is read: where, what is there, whether it holds.
Sign = tuple[str, str, bool]


class Kind(NamedTuple):
    """A kind of file: the name of its format, and its shape."""

    name: str
    shape: Shape[object]


def kind_of(path: str) -> Kind | None:
    """Return the kind of a file that bundles hold as values; None of all others."""
    own = BranchPath.of(path)
    if own is not None:
        return _of_branch(path, own)
    if path == RUBRIC_PATH:
        return Kind("rubric", RUBRIC)
    if path == CONSORTIA_PATH:
        return Kind("consortia", CONSORTIA)
    kept = CommitteePath.of(path)
    if kept is None or kept.year is None:
        return None
    found = OF_YEAR.get(kept.group or kept.names[-1])
    return Kind(*found) if found else None


def _of_branch(path: str, own: BranchPath) -> Kind | None:
    if path == branch_path(own.branch):
        return Kind("branch", BRANCH)
    if len(own.below) == 2 and own.year is not None and own.below[1] == SELF_ASSESSMENT_FILE:
        return Kind("self-assessment", SELF_ASSESSMENT)
    record = RecordPath.of(path)
    if record is None or not record.is_record or own.year is None:
        return None
    is_activity = RECORD_FILES[ACTIVITIES] == record.file and record.group == ACTIVITIES
    return Kind("activity", ACTIVITY) if is_activity else Kind("document", DOCUMENT)


def definition_of(kind: Kind, root: Node | None, rubric: Rubric | None) -> Definition:
    """Return the definition of a file; of a document its kind says what stands in ``fields``."""
    if kind.name != "document" or not isinstance(root, Mapping) or rubric is None:
        return Definition(kind.shape)
    _, said = root.entries.get("kind", ((0, 0), None))
    name = said.text.strip() if isinstance(said, Scalar) else None
    return Definition(kind.shape, free_of(name, rubric))


def free_of(name: object, rubric: Rubric) -> dict[str, Shape[object]]:
    """Return what stands in ``fields`` of a kind of document."""
    kind = rubric.document_kinds.get(name) if isinstance(name, str) else None
    keys = document_fields(kind) if kind is not None and kind.valid else {}
    return {key: definition.shape for key, (_, definition) in keys.items()}


class Reading(NamedTuple):
    """What a file says when it is read: whether it can be parsed, and what there is then."""

    readable: bool
    signs: tuple[Sign, ...]

    @property
    def broken(self) -> bool:
        """Whether it gives no record at all."""
        return not self.signs


class Parsed(NamedTuple):
    """A file that was parsed: its root, whether it can be read whole, and nothing was found."""

    root: Node | None
    readable: bool
    clean: bool


def parsed(path: str, data: bytes) -> Parsed:
    """Return a file of a branch or of the committee, parsed."""
    report = Report()
    limits = BRANCH_LIMITS if BranchPath.of(path) is not None else COMMITTEE_LIMITS
    node = parse(data, report, path, limits)
    readable = node is not None and all(f.severity != "error" for f in report.findings)
    return Parsed(node, readable, clean=not report.findings)


def reading_of(
    path: str, file: Parsed, kind: Kind, rubric: Rubric | None, held: Collection[str] = ()
) -> Reading:
    """Return what a file says, without its texts: two files of one reading count the same."""
    node, readable, _ = file
    if node is None:
        return Reading(readable=False, signs=())
    report = Report()
    places = rubric.places if rubric is not None else None
    place = Place(path, node.line, node.column)
    value = kind.shape.read(node, place, Context(report, places, root=kind.shape, held=held))
    signs = [] if value is INVALID else [*signs_of(value, "")]
    if kind.shape is BRANCH and held:
        # Whether its accounts are well written, nobody asks who does not see them.
        signs = [(at, name, True) for at, name, _ in signs]
    hidden = tuple(held)
    signs = [own for own in signs if not own[0].startswith(hidden)] if hidden else signs
    if isinstance(value, Document) and rubric is not None:
        signs += _fields(value, rubric)
    return Reading(readable, tuple(signs))


def _fields(value: Document, rubric: Rubric) -> list[Sign]:
    kind = rubric.document_kinds.get(value.kind or "")
    if kind is None or not kind.valid:
        return []
    report = Report()
    node = value.fields or Mapping(0, 0, {})
    found = read_keys(document_fields(kind), node, Place(""), Context(report, root=DOCUMENT))
    sound = all(f.severity != "error" for f in report.findings)
    return [(f"/fields/{key}", type(v).__name__, sound) for key, v in sorted(found.items())] or [
        ("/fields", "", sound)
    ]


def signs_of(value: object, pointer: str) -> Iterator[Sign]:
    """Yield what there is of a value: every record with whether it holds, every single value."""
    if isinstance(value, Record):
        yield pointer, type(value).__name__, value.valid
        for item in fields(value):
            if item.name not in {"place", "node", "valid"}:
                yield from signs_of(getattr(value, item.name), f"{pointer}/{item.name}")
    elif isinstance(value, dict):
        for key, own in value.items():
            yield from signs_of(own, f"{pointer}/{masked(key)}")
    elif isinstance(value, tuple):
        for index, own in enumerate(value):
            yield from signs_of(own, f"{pointer}/{index}")
    elif value is not None and not isinstance(value, Mapping):
        yield pointer, type(value).__name__, True
