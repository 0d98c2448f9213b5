"""From the folder of one branch and year to typed records: what each file says by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from generator.files.misplaced import find_misplaced, is_meant
from generator.files.paths import (
    ACTIVITIES,
    ACTIVITY_FOLDER,
    DOCUMENT_FOLDER,
    DOCUMENTS,
    RECORD_FILES,
    SELF_ASSESSMENT_FILE,
    RecordPath,
    branch_path,
    is_attachment,
    year_folder,
)
from generator.files.told import parted
from generator.files.tree import ALL_SENT, Entry, Unsent
from generator.formats.branch_files import ACTIVITY as ACTIVITY_SHAPE
from generator.formats.branch_files import (
    BRANCH,
    DOCUMENT,
    SELF_ASSESSMENT,
    Activity,
    Branch,
    Document,
)
from generator.formats.nodes import Mapping
from generator.formats.records import read_keys
from generator.formats.shapes import Context, Shape
from generator.loading.accepted import NOTHING_ACCEPTED, AcceptedList
from generator.loading.activity_types import report_types
from generator.loading.attached import attachment_of
from generator.loading.attendance import counts_of, with_attendance
from generator.loading.defects import usable_names
from generator.loading.evidence import (
    Attachment,
    BranchYear,
    Evidence,
    attachment_names,
    list_places,
    make_fact,
    names_of_branch,
)
from generator.loading.reader import Reader
from generator.loading.received import Receipt, Register, dated
from generator.loading.sizes import allowed_of, weigh
from generator.rubric.document import Rubric, document_fields
from generator.rubric.measures import RECEIVED, FieldValue
from generator.text.findings import Finding, Place, Report
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import SHORT, visible
from generator.text.unknown import NAMED, Known, report_unknown

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence
    from collections.abc import Mapping as MappingType

    from generator.files.limits import Allowed
    from generator.files.tree import Receipts
    from generator.formats.committee_files import Appraisal
    from generator.formats.received import Received
    from generator.formats.records import Key, Record


NO_BRANCH_FILE = (
    mark("缺少 branch.yml：支部“{id}”没有基本信息"),
    mark("在支部的文件夹里写 branch.yml：name、kind、members 和 submitters，样例见指南"),
)


@dataclass(slots=True)
class Setting:
    """What reading a branch needs to know of rubric, period and other branches."""

    rubric: Rubric
    appraisal: Appraisal | None
    branch_ids: frozenset[str]
    year: int
    receipts: Receipts | None = None
    opened: frozenset[int] = frozenset()
    unsent: Unsent = ALL_SENT
    accepted: AcceptedList = NOTHING_ACCEPTED
    fields: dict[str, dict[str, tuple[str, Key]]] = field(init=False, repr=False)
    ordered_ids: tuple[str, ...] = field(init=False, repr=False)
    kind_titles: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the keys of each kind of document, and the ids that messages list."""
        kinds = self.rubric.document_kinds
        self.fields = {name: document_fields(kind) for name, kind in kinds.items()}
        self.ordered_ids = tuple(sorted(self.branch_ids))
        self.kind_titles = {name: kind.title or "" for name, kind in kinds.items()}

    @property
    def period(self) -> tuple[datetime.date, datetime.date] | None:
        """First and last day of the appraisal, None where unknown."""
        period = self.appraisal.period if self.appraisal else None
        return (period.start, period.end) if period else None

    @property
    def deadline(self) -> datetime.date | None:
        """Last day for self-assessments, None where there is none."""
        deadlines = self.appraisal.deadlines if self.appraisal else None
        return deadlines.self_assessment if deadlines else None

    @property
    def allowed(self) -> Allowed:
        """How large files may be."""
        return allowed_of(self.appraisal)

    def register(self, names: tuple[str, ...]) -> Register:
        """Return what tells the days of receipt of a branch with these names."""
        since = self.appraisal.history_from if self.appraisal else None
        return Register(names, self.receipts, since)


class BranchReader:
    """Reads the folder of one branch and year; ``entries`` are what the committee wrote down.

    These are days of receipt, known to ``register``.
    """

    def __init__(
        self, reader: Reader, setting: Setting, branch_id: str, entries: Sequence[Received] = ()
    ) -> None:
        self.reader = reader
        self.report = reader.report
        self.setting = setting
        self.id = branch_id
        self.entries = entries
        self.register = setting.register((branch_id,))

    def branch(self, entries: Iterable[Entry]) -> Branch | None:
        """Read branch.yml; None where it is missing or cannot be read."""
        path = branch_path(self.id)
        entry = next((entry for entry in entries if entry.path == path), None)
        if entry is None or not entry.is_file:
            words, hint = NO_BRANCH_FILE
            self.report.add("E001", Place(path), words, hint=hint, id=self.id)
            return None
        told = parted(entry.told)
        if told.broken:
            return None
        value, _ = self.reader.load(path, BRANCH, size=entry.size, held=told.held)
        if value is None:
            return None
        kinds = self.setting.rubric.branch_kinds
        self._known(value, "kind", Known(kinds, kinds, guess=False))
        return value

    def _known(self, record: Record, name: str, known: Known) -> bool:
        value = getattr(record, name)
        if value is None or value in known.names:
            return True
        report_unknown(self.report, "S004", record.at(name), value, known)
        return False

    def year(self, branch: Branch | None, files: list[Entry]) -> BranchYear:
        """Read all that the branch filed for the year."""
        names = names_of_branch(self.id, branch, self.setting.branch_ids)
        self.register = self.setting.register(names)
        self.register.place(self.setting.year, self.entries, {entry.path for entry in files})
        result = BranchYear(self.id, self.setting.year, branch, self.register, files=files)
        weigh(result, self.setting.allowed, self.report)
        result.misplaced = find_misplaced(entry.path for entry in files)
        covered = {path for case in result.misplaced for path in case.covers if is_meant(path)}
        own = f"{result.folder}/{SELF_ASSESSMENT_FILE}"
        assessment: Entry | None = None
        records: list[tuple[RecordPath, Entry]] = []
        beside: dict[str, dict[str, Attachment]] = {}
        for entry in files:
            found = RecordPath.of(entry.path)
            if not entry.is_file:
                continue
            if entry.path == own:
                assessment = entry
            elif found is not None and found.is_record:
                records.append((found, entry))
            elif entry.path not in covered:
                file = self._inspect(entry)
                result.attachments[entry.path] = file
                if found is not None and found.is_direct:
                    beside.setdefault(found.record, {})[file.name] = file
        for place, entry in sorted(records, key=itemgetter(0)):
            self._record(result, entry, place, beside.get(place.record, {}))
        if assessment is not None:
            self._assessment(result, assessment)
        return result

    def _assessment(self, result: BranchYear, entry: Entry) -> None:
        """Read the self-assessment, when it is known what the titles of records stand for."""
        places, told = self.setting.rubric.places, parted(entry.told)
        if told.broken:
            result.readable += told.readable
            return
        self.reader.names = {**self.reader.names, "records": result.titles}
        value, readable = self.reader.load(
            entry.path, SELF_ASSESSMENT, places=places, size=entry.size, held=told.held
        )
        readable = readable and told.readable
        result.assessment = value
        if value is not None and self.setting.deadline is not None:
            blob = entry.blob or self.reader.tree.blob_id(entry.path)
            result.receipt = self.register.of(entry.path, blob, value.submitted)
        result.readable += readable

    def _inspect(self, entry: Entry) -> Attachment:
        own = self.setting
        return attachment_of(entry, self.reader.tree, self.report, own.allowed, own.accepted)

    def _record(
        self,
        result: BranchYear,
        entry: Entry,
        place: RecordPath,
        own: dict[str, Attachment],
    ) -> None:
        evidence = self.record(entry, place.group, place.folder, own, result.branch)
        reference = place.reference
        if isinstance(evidence, Evidence):
            result.evidence[reference] = evidence
        else:
            result.broken[reference] = entry.path
        result.readable += evidence is not False

    def record(
        self,
        entry: Entry,
        group: str,
        folder: str,
        own: dict[str, Attachment],
        branch: Branch | None,
    ) -> Evidence | bool:
        """Return a record of evidence; without one, whether its text could be parsed.

        ``own`` are the files beside it, by name.
        """
        before, told = self.report.count, parted(entry.told)
        if told.broken:
            return told.readable
        shape: Shape[Activity | Document] = ACTIVITY_SHAPE if group == ACTIVITIES else DOCUMENT
        value, readable = self.reader.load(entry.path, shape, size=entry.size, held=told.held)
        readable = readable and told.readable
        if value is None:
            return readable
        if isinstance(value, Activity):
            value = with_attendance(value, told.attendance)
            extra = self._activity(value, folder)
            attendance = counts_of(self.reader, value, own, branch, told.attendance)
        else:
            extra, attendance = self._document(value, folder), None
        valid = readable and not any(map(is_fault, self.report.findings[before:]))
        path = entry.path.rpartition("/")[0]
        names = attachment_names(value)
        usable = usable_names(names, own, self.report)
        blob = entry.blob or self.reader.tree.blob_id(entry.path)
        fact = None
        if valid:
            fact = make_fact(path, value, usable, attendance, extra, self.setting.rubric)
            fact = dated(fact, self.receipt(entry.path, blob, value))
        return Evidence(path, value, own, names, fact, attendance or {}, blob)

    def receipt(self, path: str, blob: str, value: Activity | Document) -> Receipt | None:
        """Return what no file holds: when a record was received, where the rubric asks for it."""
        rubric = self.setting.rubric
        kind = rubric.document_kind(value.kind) if isinstance(value, Document) else None
        if (kind and RECEIVED in kind.fields) or not rubric.asks_received:
            return None
        return self.register.of(path, blob, value.date)

    def standing(self, data: BranchYear, groups: MappingType[str, list[Entry]]) -> None:
        """Read the documents of earlier years that claims cite, without reporting on them again."""
        assessment = data.assessment
        if assessment is None:
            return
        cited = {r for claim in assessment.claims.values() for r in claim.evidence}
        cited |= {r for claim in assessment.bonus for r in claim.evidence}
        for reference in sorted(cited):
            year, _, rest = reference.partition(f"/{DOCUMENTS}/")
            if not rest or not year.isdigit() or int(year) >= data.year:
                continue
            folder = f"{year_folder(self.id, year)}/{DOCUMENTS}/{rest}"
            files = [e for e in groups.get(year, []) if e.path.startswith(f"{folder}/")]
            own = next((e for e in files if e.path == f"{folder}/{RECORD_FILES[DOCUMENTS]}"), None)
            if own is None or not own.is_file:
                continue
            scratch = BranchReader(Reader(self.reader.tree, Report()), self.setting, self.id)
            scratch.register = self.register
            beside = [scratch._inspect(e) for e in files if e.is_file and is_attachment(e.path)]
            by_name = {file.name: file for file in beside}
            found = scratch.record(own, DOCUMENTS, rest, by_name, data.branch)
            if isinstance(found, Evidence):
                data.standing[reference] = found

    def _activity(self, value: Activity, folder: str) -> dict[str, FieldValue]:
        types = self.setting.rubric.activity_types
        report_types(value, types, self.report)
        match = ACTIVITY_FOLDER.fullmatch(folder)
        if not match:
            self.report.add(
                "S007",
                value.place,
                "文件夹“{folder}”应写作 日期-短名，例如 2025-03-12-theme-day",
                hint="把文件夹改名：活动的日期，短横线，再加小写字母的短名；自评里写着它的地方一并改",
                folder=visible(folder, SHORT),
            )
        elif value.date is not None and match.group(1) != value.date.isoformat():
            self.report.add(
                "S007",
                value.at("date"),
                "date 是 {date}，文件夹名却是 {folder}",
                hint="日期写错的，改 date；文件夹名写错的，把它开头的日期改为 {date}",
                date=value.date,
                folder=folder,
            )
        self._in_period(value)
        ids = self.setting.branch_ids
        for other, place in list_places(value, "joint_with"):
            if other == self.id:
                self.report.add("S004", place, "joint_with 不写本支部自己")
            elif other not in ids:
                known = Known(self.setting.ordered_ids, {}, guess=False)
                report_unknown(self.report, "S004", place, other, known, most=NAMED)
        return {}

    def _in_period(self, value: Activity) -> None:
        period = self.setting.period
        if value.date is None or period is None or period[0] <= value.date <= period[1]:
            return
        self.report.add(
            "S006",
            value.at("date"),
            "{what}日期 {date} 不在考核期 {start} 至 {end} 之内",
            what=say("活动"),
            date=value.date,
            start=period[0],
            end=period[1],
        )

    def _document(self, value: Document, folder: str) -> dict[str, FieldValue]:
        if not DOCUMENT_FOLDER.fullmatch(folder):
            self.report.add(
                "S007",
                value.place,
                "文件夹“{folder}”只用小写字母、数字和短横线",
                hint="把文件夹改名，例如 annual-plan；自评里写着它的地方一并改",
                folder=visible(folder, SHORT),
            )
        kinds = self.setting.rubric.document_kinds
        known = Known(kinds, self.setting.kind_titles)
        if value.kind is None or not self._known(value, "kind", known):
            return {}
        if not kinds[value.kind].valid:
            return {}
        keys = self.setting.fields[value.kind]
        place = value.at("fields")
        node = value.fields or Mapping(place.line, place.column, {})
        context = Context(self.report, names=self.reader.names, root=DOCUMENT)
        return read_keys(keys, node, place, context)


def is_fault(finding: Finding) -> bool:
    """Whether a finding makes its record count as missing."""
    return finding.code[0] in "YS" and finding.severity == "error"
