"""The formats of the files that branches keep, one class each.

Titles and descriptions are what secretaries read in their editor and on the reference pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_absent
from generator.formats.records import Record, RecordShape, Values, key, report_missing
from generator.formats.shapes import (
    ID,
    INVALID,
    Context,
    Invalid,
    ListShape,
    MapShape,
    Schema,
    Shape,
    WordShape,
    boolean,
    count,
    day,
    identifier,
    identifier_of,
    in_braces,
    signed_points,
    text,
)
from generator.formats.single import flow_text
from generator.formats.slips.meant import as_boolean
from generator.formats.slips.separators import is_joined
from generator.text.codes import Severity
from generator.text.language import mark
from generator.text.messages import Value, say
from generator.text.names import SHORT, visible
from generator.text.remedies import LONG, write

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from generator.text.findings import Place
    from generator.text.privacy import Printable

FOLDER = r"[a-z0-9-]+"
LOGIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?(?:\[bot\])?"


def account(name: str) -> str:
    """Return a login as accounts are compared: ASCII case ignored, no other letter's."""
    return name.lower() if name.isascii() else name


branch_id = WordShape(ID, mark("支部编号，即 branches 里的文件夹名"))
login = WordShape(LOGIN, mark("代码托管平台的账号"))
attachment = WordShape(r"(?!\.)[^/\\\x00-\x1f:]{1,200}", mark("同一文件夹里的文件名，不带路径"))
reference = WordShape(
    rf"(?:activities|documents)/{FOLDER}|[0-9]{{4}}/documents/{FOLDER}",
    mark("“activities/文件夹”“documents/文件夹”或“往年/documents/文件夹”"),
    "records",
)
url = WordShape(r"https?://[^\s<>\x22'`\\]{1,2000}", mark("以 https:// 开头的网址"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch(Record):
    """``branches/<id>/branch.yml``: the identity of a branch."""

    name: Printable | None = key(
        text, mark("名称"), mark("各处显示的全称"), required=True, default=None
    )
    kind: Printable | None = key(
        text, mark("类型"), mark("rubric.yml 中 branch_kinds 的键"), required=True, default=None
    )
    societies: tuple[Printable, ...] = key(
        ListShape(text), mark("所属学会"), mark("联合党支部列出几个"), required=True, default=()
    )
    has_committee: bool = key(boolean, mark("建立支委"), default=False)
    consortium: str | None = key(
        identifier_of("consortia"), mark("党建示范联合体"), mark("committee/consortia.yml 中的编号")
    )
    established: datetime.date | None = key(day, mark("成立日期"), required=True, default=None)
    members: int | None = key(
        count, mark("党员人数"), mark("只写人数，不写姓名"), required=True, default=None
    )
    submitters: tuple[str, ...] = key(
        ListShape(login),
        mark("报送账号"),
        mark("可以为本支部报送的账号"),
        required=True,
        default=(),
    )
    formerly: tuple[str, ...] = key(
        ListShape(branch_id),
        mark("曾用编号"),
        mark("改名前的支部编号；文件夹连同各年一起移动"),
        default=(),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts(Record):
    """Attendance as counts of members."""

    members: int = key(count, mark("应到"), required=True)
    present: int = key(count, mark("到会"), required=True)
    leave: int = key(count, mark("请假"), default=0)
    absent: int = key(count, mark("缺席"), default=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class AttendanceFile(Record):
    """Attendance as a CSV file with the columns ``member,status``."""

    file: str = key(attachment, mark("考勤文件"), required=True)


class AttendanceShape(Shape[Counts | AttendanceFile]):
    """Counts, or the name of a CSV file."""

    counts = RecordShape(Counts, mark("考勤人数"))
    file = RecordShape(AttendanceFile, mark("考勤文件"))

    def read(self, node: Node, place: Place, context: Context) -> Counts | AttendanceFile | Invalid:
        """Return valid Counts or a valid AttendanceFile; what the other has may stand empty."""
        if not isinstance(node, Mapping):
            return self.refuse(node, place, context)
        shape: RecordShape[Counts] | RecordShape[AttendanceFile]
        other: RecordShape[Counts] | RecordShape[AttendanceFile]
        said = {name for name, (_, value) in node.entries.items() if not is_absent(value)}
        filed = "file" in said or ("file" in node.entries and said.isdisjoint(self.counts.keys))
        shape, other = (self.file, self.counts) if filed else (self.counts, self.file)
        empty = other.keys.keys() - said
        kept = {name: entry for name, entry in node.entries.items() if name not in empty}
        node = Mapping(node.line, node.column, kept)
        value = shape.read(node, place, context)
        return value if value is not INVALID and value.valid else INVALID

    def schema(self) -> Schema:
        """Return either form."""
        return {"anyOf": [self.counts.schema(), self.file.schema()]}

    def below(self) -> dict[str, Shape[object]]:
        """Return the keys of both forms."""
        return {**self.counts.below(), **self.file.below()}

    def meant(self, text: str, context: Context) -> str:
        """Return braces in full width as YAML has them."""
        return in_braces(self, text, context)

    def expected(self) -> Value:
        """Show both forms."""
        return say("{members: 23, present: 19, leave: 3, absent: 1} 或 {file: attendance.csv}")


ONCE = mark("每种只写一次；只有一种的，写作 type: {value}")
NO_LIST = mark("只有一种的，写作 type: {value}；列表至少写两种")
ONE_OR_SEVERAL = mark(
    "写活动类型的编号：一种写作 type: theme-day，几种写作 type: [theme-day, party-lecture]"
)


class TypesShape(Shape[tuple[str, ...]]):
    """One type, or a list of at least two, no two alike: one meeting of several kinds."""

    def take(self, node: Node, context: Context) -> tuple[str, ...] | Invalid:
        """Return the types, in the order of the file, where nothing is wrong with any."""
        del context
        if isinstance(node, Scalar):
            return (node.text.strip(),)
        items = node.items if isinstance(node, Sequence) else []
        said = [item for item in items if isinstance(item, Scalar) and not is_absent(item)]
        names = [item.text.strip() for item in said]
        sound = len(names) == len(items) and len(names) == len(set(names)) > 1
        return tuple(names) if sound else INVALID

    def read(self, node: Node, place: Place, context: Context) -> tuple[str, ...] | Invalid:
        """Return the types that could be read; report a list that is not one of several."""
        if not isinstance(node, Sequence):
            return super().read(node, place, context)
        names: dict[str, None] = {}
        for index, item in enumerate(node.items):
            at = place.child(index, item.line, item.column)
            if is_absent(item) or not isinstance(item, Scalar):
                text.refuse(item, at, context)
                continue
            name = item.text.strip()
            if name in names:
                words = "“{value}”写了两次"
                context.report.add("S003", at, words, hint=ONCE, value=visible(name, SHORT))
            names[name] = None
        if not node.items:
            context.report.add("S003", place, "这里是一个空的列表", hint=ONE_OR_SEVERAL)
        elif len(node.items) == 1 and names and not is_joined(node.items[0]):
            (name,) = names
            words, written = "列表里只有“{value}”一种", flow_text(node)
            hint = write(written, name) if 0 < len(written) <= LONG else NO_LIST
            context.report.add("S003", place, words, hint=hint, value=visible(name, SHORT))
        return tuple(names) or INVALID

    def schema(self) -> Schema:
        """Return either form."""
        several = {"type": "array", "items": text.schema(), "minItems": 2, "uniqueItems": True}
        return {"anyOf": [text.schema(), several]}

    def expected(self) -> Value:
        """Show both forms."""
        return say("一种类型的编号，或者几种：[theme-day, party-lecture]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity(Record):
    """``activities/<yyyy-mm-dd>-<slug>/activity.yml``: one activity of a branch."""

    title: Printable | None = key(text, mark("名称"), required=True, default=None)
    type: tuple[str, ...] = key(
        TypesShape(),
        mark("类型"),
        mark("rubric.yml 中 activity_types 的键；一次活动有几种的，用列表"),
        required=True,
        default=(),
    )
    date: datetime.date | None = key(
        day, mark("日期"), mark("与文件夹名开头的日期一致"), required=True, default=None
    )
    place_: Printable | None = key(text, mark("地点"), required=True, default=None, name="place")
    collective: bool = key(boolean, mark("集中活动"), mark("是否计作集中活动"), default=False)
    joint_with: tuple[str, ...] = key(
        ListShape(branch_id), mark("联合开展"), mark("共同开展的支部编号，双方都要写"), default=()
    )
    plan: str | None = key(attachment, mark("方案"))
    record: str | None = key(attachment, mark("详细记录"))
    attendance: Counts | AttendanceFile | None = key(AttendanceShape(), mark("考勤"))
    photos: tuple[str, ...] = key(ListShape(attachment), mark("照片"), default=())


class RawShape(Shape[Mapping]):
    """A mapping that is read later, when the rubric says what is due."""

    def take(self, node: Node, context: Context) -> Mapping | Invalid:
        """Return the mapping node itself."""
        del context
        return node if isinstance(node, Mapping) else INVALID

    def schema(self) -> Schema:
        """Return any object."""
        return {"type": "object"}

    def expected(self) -> Value:
        """Say what is due."""
        return say("一组键和值")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document(Record):
    """``documents/<slug>/document.yml``: one document of a branch."""

    kind: Printable | None = key(
        text, mark("种类"), mark("rubric.yml 中 document_kinds 的键"), required=True, default=None
    )
    title: Printable | None = key(text, mark("标题"), required=True, default=None)
    date: datetime.date | None = key(day, mark("日期"), required=True, default=None)
    files: tuple[str, ...] = key(ListShape(attachment), mark("附件"), default=())
    url: str | None = key(url, mark("网址"))
    due: Printable | None = key(
        text, mark("回应事项"), mark("这份材料回应的应报事项，即 due.yml 里的编号")
    )
    fields: Mapping | None = key(RawShape(), mark("要素"), mark("该种类要求的字段"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim(Record):
    """A claim for one criterion: points with a statement, or that it does not apply."""

    points: Decimal | None = key(signed_points, mark("自评分"))
    statement: Printable | None = key(text, mark("说明"))
    evidence: tuple[str, ...] = key(ListShape(reference), mark("佐证"), default=())
    not_applicable: Printable | None = key(text, mark("不适用的理由"))


NO_REASON = mark("not_applicable 后面要写为什么不适用，“{text}”不是理由")
GIVE_REASON = mark("写出理由，例如 not_applicable: 本支部未加入联合体；适用的，删去这一行")
NOT_SO = mark("这一项适用的，删去 not_applicable 这一行，另写 points 和 statement")


def no_reason(context: Context, place: Place, answer: str) -> None:
    """Report a yes or no where a reason is due, as a warning: such files were taken before."""
    hint = GIVE_REASON if answer == "true" else NOT_SO
    context.report.add("S003", place, NO_REASON, hint=hint, severity=Severity.WARNING, text=answer)


class ClaimShape(RecordShape[Claim]):
    """A claim must hold points and a statement, or else why it is not applicable."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report what is missing, or one too many."""
        if "not_applicable" in values:
            answer = as_boolean(values["not_applicable"])
            if answer:
                no_reason(context, node.place(place, "not_applicable"), answer)
            if "points" not in values:
                return clean
            at = node.place(place, "not_applicable")
            context.report.add("S003", at, "points 与 not_applicable 只能写一个")
            return False
        for name in ("points", "statement"):
            if name not in node.entries or (clean and name not in values):
                report_missing(context, node.place(place, name), self.keys[name][1])
                clean = False
        return clean

    def schema(self) -> Schema:
        """Return a claim of points or of not-applicable."""
        either = [{"required": ["points", "statement"]}, {"required": ["not_applicable"]}]
        return {**super().schema(), "anyOf": either}


@dataclass(frozen=True, kw_only=True, slots=True)
class BonusClaim(Record):
    """A claim for bonus points."""

    id: str | None = key(
        identifier, mark("编号"), mark("本文件内不重复"), required=True, default=None
    )
    rule: Printable | None = key(
        text, mark("加分项"), mark("rubric.yml 中 bonus 的编号"), required=True, default=None
    )
    level: Printable | None = key(text, mark("级别"), required=True, default=None)
    matter: Printable | None = key(
        text, mark("事项"), mark("同一事项在同一加分项下只计一次"), required=True, default=None
    )
    date: datetime.date | None = key(day, mark("日期"), required=True, default=None)
    evidence: tuple[str, ...] = key(ListShape(reference), mark("佐证"), required=True, default=())


@dataclass(frozen=True, kw_only=True, slots=True)
class SelfAssessment(Record):
    """``self-assessment.yml``: what the branch claims."""

    submitted: datetime.date | None = key(day, mark("报送日期"), required=True, default=None)
    claims: dict[str, Claim] = key(
        MapShape(ClaimShape(Claim, mark("自评")), of="criteria"),
        mark("自评"),
        mark("键为小项编号"),
        required=True,
        factory=dict,
    )
    bonus: tuple[BonusClaim, ...] = key(
        ListShape(RecordShape(BonusClaim, mark("加分申报"))), mark("加分申报"), default=()
    )


BRANCH = RecordShape(Branch, mark("党支部"))
SELF_ASSESSMENT = RecordShape(SelfAssessment, mark("自评"))
ACTIVITY = RecordShape(Activity, mark("活动"))
DOCUMENT = RecordShape(Document, mark("材料"))
