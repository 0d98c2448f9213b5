"""``rubric.yml``: the rule document as data. Nothing in it is code, no number of it is here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from generator.formats.branch_files import ACTIVITY as ACTIVITY_SHAPE
from generator.formats.branch_files import DOCUMENT as DOCUMENT_SHAPE
from generator.formats.records import Key, Record, RecordShape, key
from generator.formats.shapes import (
    INVALID,
    BooleanShape,
    ChoiceShape,
    Context,
    Invalid,
    ListShape,
    MapShape,
    Shape,
    boolean,
    count,
    day,
    identifier,
    number,
    points,
    signed_points,
    text,
)
from generator.rubric.field_types import FieldTypeShape
from generator.rubric.kept import KeptShape, ScalarShape
from generator.rubric.levels import BALLOT_LEVEL, BONUS_LEVEL, Level
from generator.rubric.measures import ACTIVITY, FIELD, RECEIVED, FieldValue, Measure
from generator.rubric.methods.parts import Part, Parts, Scored, ScoredShape
from generator.rubric.vocabulary import Vocabulary
from generator.text.language import mark
from generator.text.messages import Words, say
from generator.text.privacy import NO_TEXT
from generator.text.titles import ballot_title, level_title

if TYPE_CHECKING:
    import datetime

    from generator.formats.nodes import Node
    from generator.text.findings import Place
    from generator.text.privacy import Printable

DEFAULT_PLACES = 2
MAX_PLACES = 6
#: Keys of a document that no condition looks at: those of its kind, and what it answers.
NO_CONDITIONS = frozenset({"fields", "due"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Head(Record):
    """Identity of the rule document."""

    id: str | None = key(identifier, mark("编号"), required=True, default=None)
    title: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    document: Printable = key(text, mark("文号"), default=NO_TEXT)
    issued: datetime.date | None = key(day, mark("印发日期"))
    total: Decimal | None = key(points, mark("固定项总分"), required=True, default=None)


class SectionShape(KeptShape["Section"]):
    """A section; points that cannot be read are what its criteria sum to, and the other way."""

    def read(self, node: Node, place: Place, context: Context) -> Section | Invalid:
        """Return a section: a single criterion without points has what the others leave."""
        section = super().read(node, place, context)
        if section is INVALID or section.valid:
            return section
        unread = [c for c in section.criteria if not c.valid and not c.points]
        total = sum((c.points for c in section.criteria), Decimal(0))
        if not section.points or len(unread) != 1 or section.points <= total:
            return section if section.points else replace(section, points=total)
        rest = replace(unread[0], points=section.points - total)
        whole = (rest if c is unread[0] else c for c in section.criteria)
        return replace(section, criteria=tuple(whole))


ROUNDING_MODES = {"half-up": mark("四舍五入")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounding(Record):
    """Decimals of points and how they are rounded."""

    places: int | None = key(count, mark("小数位数"), required=True, default=None)
    mode: str = key(ChoiceShape(ROUNDING_MODES), mark("进位"), default="half-up")


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentKind(Record):
    """A kind of document and the fields that it asks for."""

    title: Printable | None = key(text, mark("名称"), required=True, default=None)
    fields: dict[str, Shape[FieldValue]] = key(
        MapShape(FieldTypeShape(), FIELD.pattern or re.compile("")), mark("要素"), factory=dict
    )
    required: tuple[str, ...] = key(ListShape(FIELD), mark("必填要素"), default=())
    scored: bool = key(
        boolean, mark("计分"), mark("写 false 的只作记录，评分卡上单列，不计分"), default=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceRule(Record):
    """Whether a claim needs evidence, and of which kinds."""

    required: bool = key(boolean, mark("必需"), default=False)
    kinds: tuple[Printable, ...] = key(ListShape(text), mark("种类"), default=())


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion(Scored):
    """One criterion of a section."""

    clause: Printable = key(text, mark("条款"), default=NO_TEXT)
    requires: Printable = key(text, mark("要求"), default=NO_TEXT)
    evidence: EvidenceRule | None = key(RecordShape(EvidenceRule, mark("佐证")), mark("佐证"))
    facts: tuple[Measure, ...] = key(
        ListShape(RecordShape(Measure, mark("实测"))),
        mark("参考实测"),
        mark("只显示，不计分"),
        default=(),
    )

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of a ``parts`` criterion, else nothing."""
        return self.method.parts if isinstance(self.method, Parts) else ()

    @property
    def takes_ballots(self) -> bool:
        """Whether the criterion, or a part of it, is scored by ballots."""
        methods = (self.method, *(part.method for part in self.parts))
        return any(not method.reads_records for method in methods)


@dataclass(frozen=True, kw_only=True, slots=True)
class Section(Record):
    """A section of criteria."""

    id: str = key(identifier, mark("编号"), required=True)
    title: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    clause: Printable = key(text, mark("条款"), default=NO_TEXT)
    points: Decimal = key(points, mark("分值"), required=True)
    criteria: tuple[Criterion, ...] = key(
        ListShape(ScoredShape(Criterion, mark("小项"))), mark("小项"), required=True, default=()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class BonusRule(Record):
    """A bonus and its levels."""

    id: str = key(identifier, mark("编号"), required=True)
    clause: Printable = key(text, mark("条款"), default=NO_TEXT)
    title: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    levels: dict[str, Level] = key(
        MapShape(BONUS_LEVEL), mark("各级加分"), required=True, factory=dict
    )
    question: Printable | None = key(text, mark("待定事项"))

    @property
    def level_titles(self) -> dict[str, Words]:
        """What each level is called: by the rubric, else by the program."""
        return {name: level_title(name, level.title) for name, level in self.levels.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bonus(Record):
    """Bonus rules and the cap, None where the document sets none."""

    cap: Decimal | None = key(points, mark("加分上限"))
    rules: tuple[BonusRule, ...] = key(
        ListShape(KeptShape(BonusRule, mark("加分项"))), mark("加分项"), default=()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Inactivity(Record):
    """Days without activity from which a branch is a candidate."""

    days: int = key(count, mark("天数"), required=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Detect(Record):
    """How a veto candidate is detected from records."""

    inactivity: Inactivity | None = key(
        RecordShape(Inactivity), mark("长期无活动"), required=True, default=None
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class VetoRule(Record):
    """A fact that makes a branch unqualified once verified."""

    id: str = key(identifier, mark("编号"), required=True)
    clause: Printable = key(text, mark("条款"), default=NO_TEXT)
    title: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    detect: Detect | None = key(RecordShape(Detect), mark("自动提示"))
    question: Printable | None = key(text, mark("待定事项"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Band(Record):
    """A grade: the least total, and the share of ranked branches that may have it."""

    id: str = key(identifier, mark("编号"), required=True)
    title: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    min: Decimal = key(signed_points, mark("最低总分"), required=True)
    quota: Decimal | None = key(number, mark("名额比例"))
    question: Printable | None = key(text, mark("待定事项"))


#: What may name a question that it rests on.
Asker = Scored | BonusRule | VetoRule | Band


CHANGE_PATH = re.compile(r"[a-z]+(?:\.[A-Za-z0-9_-]+)+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative(Record):
    """Another answer to a question, as changes of this file."""

    label: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    change: dict[str, Node] = key(
        MapShape(ScalarShape(), CHANGE_PATH), mark("改动"), required=True, factory=dict
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Question(Record):
    """A point that the document leaves open, with the answer taken."""

    id: str = key(identifier, mark("编号"), required=True)
    clause: Printable = key(text, mark("条款"), default=NO_TEXT)
    issue: Printable = key(text, mark("问题"), required=True, default=NO_TEXT)
    choice: Printable | None = key(text, mark("现行做法"))
    decided_by: Printable | None = key(text, mark("决定者"), mark("空着表示尚未决定"))
    reference: Printable | None = key(text, mark("依据"))
    date: datetime.date | None = key(day, mark("日期"))
    alternatives: tuple[Alternative, ...] = key(
        ListShape(RecordShape(Alternative, mark("其他答案"))), mark("其他答案"), default=()
    )


@dataclass(frozen=True, kw_only=True)
class Rubric(Record):
    """The whole of ``rubric.yml``; without slots, so that what is derived is kept."""

    rubric: Head | None = key(
        RecordShape(Head, mark("办法")), mark("办法"), required=True, default=None
    )
    rounding: Rounding | None = key(RecordShape(Rounding, mark("进位")), mark("进位"))
    branch_kinds: dict[str, Printable] = key(MapShape(text), mark("支部类型"), factory=dict)
    activity_types: dict[str, Printable] = key(MapShape(text), mark("活动类型"), factory=dict)
    document_kinds: dict[str, DocumentKind] = key(
        MapShape(RecordShape(DocumentKind, mark("材料种类"))), mark("材料种类"), factory=dict
    )
    sections: tuple[Section, ...] = key(
        ListShape(SectionShape(Section, mark("大项"))), mark("大项"), required=True, default=()
    )
    bonus: Bonus | None = key(RecordShape(Bonus, mark("加分")), mark("加分"))
    vetoes: tuple[VetoRule, ...] = key(
        ListShape(KeptShape(VetoRule, mark("一票否决"))), mark("一票否决"), default=()
    )
    ballot: dict[str, Level] = key(MapShape(BALLOT_LEVEL), mark("测评票权重"), factory=dict)
    grades: tuple[Band, ...] = key(
        ListShape(KeptShape(Band, mark("等次"))), mark("等次"), mark("从高到低"), default=()
    )
    ties: tuple[Printable, ...] = key(ListShape(text), mark("并列时比较"), default=())
    questions: tuple[Question, ...] = key(
        ListShape(KeptShape(Question, mark("待定事项"))), mark("待定事项"), default=()
    )
    sha256: str = ""
    asks_received: bool = False

    @cached_property
    def criteria(self) -> dict[str, tuple[Section, Criterion]]:
        """Criteria by id, each with its section."""
        return {c.id: (s, c) for s in self.sections for c in s.criteria}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that methods need."""
        return Vocabulary(
            branch_kinds=self.branch_kinds,
            activity_types=self.activity_types,
            kind_titles={
                ACTIVITY: say("活动"),
                **{name: kind.title or name for name, kind in self.document_kinds.items()},
            },
            fields=self._fields(),
            weights={name: level.points for name, level in self.ballot.items()},
            ballot_titles=self.ballot_titles,
            places=self.places,
        )

    @cached_property
    def names(self) -> dict[str, dict[str, Words]]:
        """The ids that a title in a file may stand for, by what they are ids of."""
        fields = {name for kind in self.document_kinds.values() for name in kind.fields}
        return {
            "criteria": {name: c.title for name, (_, c) in self.criteria.items()},
            "ballot": self.ballot_titles,
            "fields": {name: name for name in sorted(fields)},
        }

    @property
    def ballot_titles(self) -> dict[str, Words]:
        """What each level of ballots is called: by the rubric, else by the program."""
        return {name: ballot_title(name, level.title) for name, level in self.ballot.items()}

    @property
    def places(self) -> int:
        """Decimals of points."""
        places = self.rounding.places if self.rounding else None
        return DEFAULT_PLACES if places is None else places

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions that nobody has decided."""
        return tuple(q for q in self.questions if q.decided_by is None)

    @property
    def bonus_rules(self) -> dict[str, BonusRule]:
        """Bonus rules by id."""
        return {rule.id: rule for rule in self.bonus.rules} if self.bonus else {}

    @property
    def has_all_criteria(self) -> bool:
        """Whether every section could be read, so that a criterion not here is nowhere."""
        return self.is_whole("sections", self.sections)

    def document_kind(self, name: str | None) -> DocumentKind | None:
        """Return a kind of document; None for a name that a record lacks or that is unknown."""
        return None if name is None else self.document_kinds.get(name)

    def _fields(self) -> dict[str, dict[str, Shape[object]]]:
        types = ChoiceShape(self.activity_types)
        activity = {name: d.shape for name, (_, d) in ACTIVITY_SHAPE.keys.items()}
        document = {
            name: d.shape
            for name, (_, d) in DOCUMENT_SHAPE.keys.items()
            if name not in NO_CONDITIONS
        }
        kinds = {name: {**kind.fields, **document} for name, kind in self.document_kinds.items()}
        found: dict[str, dict[str, Shape[object]]]
        found = {ACTIVITY: {**activity, "type": types}, **kinds}
        for fields in found.values():
            fields.setdefault(RECEIVED, day)
        return found


RUBRIC = RecordShape(Rubric, mark("考核办法"))


def document_fields(kind: DocumentKind) -> dict[str, tuple[str, Key]]:
    """Return the keys that the ``fields`` of a document of this kind may hold."""
    return {
        name: (name, Key(name, shape, "", "", name in kind.required))
        for name, shape in kind.fields.items()
    }


def boolean_fields(kind: DocumentKind) -> frozenset[str]:
    """Return the names of the boolean fields of a kind."""
    return frozenset(n for n, shape in kind.fields.items() if isinstance(shape, BooleanShape))
