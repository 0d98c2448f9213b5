"""What a reason says: why points are missing, and the steps that could still bring them.

The conditions that failed stand in a reason as messages; each kind of them has its step. No step
makes points up: a record is completed, or mended where it is not true.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from generator.files.paths import ACTIVITIES, RECORD_FILES, RecordPath
from generator.rubric.asked import OF_ENTRY
from generator.rubric.failing import (
    AFTER,
    BELOW,
    EMPTY,
    FALSE,
    LACKING,
    LACKS,
    LATE,
    MISSED,
    NO_BOUND,
    NO_DATE,
    OTHER,
    RECORD,
    UNANSWERED,
    UNANSWERED_IN_TIME,
    UNEQUAL,
    UNMET,
    UNSET,
    UNUSABLE,
    WITHOUT,
    field_title,
)
from generator.rubric.measures import ACTIVITY
from generator.rubric.methods.answering import NOT_YET
from generator.rubric.methods.ballot import (
    NO_BALLOT,
    NOT_FULL,
    SUMMED,
    UNHELD,
    UNTOLD,
    UNWEIGHED,
    WRITTEN,
)
from generator.rubric.methods.base import NO_HISTORY
from generator.rubric.methods.complete import NONE, NONE_UNDECIDED
from generator.rubric.methods.counted import NEXT_TIER, OF_TARGET
from generator.rubric.methods.parts import FAULTY
from generator.scoring.decision import (
    NOT_CONCERNED,
    UNCOUNTED,
)
from generator.scoring.mending import (
    ANSWER_BY,
    CLAIM,
    OF_CLAIMS,
    PROVE,
    RECLAIM,
    REPLACE,
    REPROVE,
    answer_by,
)
from generator.text.language import mark
from generator.text.messages import Listed, Message, Value, listed, say, some

if TYPE_CHECKING:
    from collections.abc import Callable

#: How many files a step names.
NAMED = 3
#: What only the committee can do.
WAIT = mark("等待党委核定")
WAIT_WHETHER = mark("等待党委决定是否适用")
WAIT_BALLOTS = mark("等待党委公布测评结果")
WAIT_RULES = mark("等待党委改正考核办法")
WAIT_DATE = mark("等待党委在 due.yml 写明举办日期")
WAIT_HISTORY = mark("等待有完整历史的一次重算，支部不用补材料")
#: What nobody can do any more.
OVER = mark("期限已过，收到日期不会再变，这一项不能再补")
VOTED = mark("测评已经结束，不能再补")
GRADED = mark("由党委评定；有不同意见的，向党委提出")
NOTHING = mark("没有可以补的")
#: What a branch can do with a field of its records.
ADD = mark("补上{fields}，写进 {files}")
FILL = mark("在 {files} 中按实际填写{fields}")
DO = mark("“{fields}”属实的，在 {files} 中改为 true；不属实的，不能改")
MEND = mark("“{fields}”写错的，在 {files} 中按实际改正；没有写错的，不能改")
RENEW = mark("换上能打开的{fields}（{files}）")
COUNT = mark("改正 {files} 中的考勤人数")
#: What a branch can do for a criterion.
HOLD = mark("{end} 前再开展 {n} 次{label}并报送")
HELD = mark("考核期内开展过而没有报的{label}，补报记录（还差 {n} 次）")
SEND = mark("再报送 {n} 份{label}")
SEND_ANY = mark("有{label}的，报送记录；没有的，等待党委评定")
SEND_SOME = mark("报送{label}")
REPAIR = mark("按校验提示改正有误的记录")
#: What a branch can do for an entry of the due list.
ANSWER = mark("报送“{title}”，材料里写 due: {due}")

#: The step for a condition of a record.
OF_FIELD = {
    LATE: OVER, AFTER: MEND, NO_DATE: MEND, BELOW: MEND, OTHER: MEND, WITHOUT: MEND,
    NO_BOUND: FILL, EMPTY: FILL, UNMET: FILL, UNSET: FILL, FALSE: DO, LACKING: ADD,
    UNUSABLE: RENEW, UNEQUAL: COUNT,
}  # fmt: skip
#: The step for a reason that is one message; it may name the criterion.
OF_REASON = {
    **OF_CLAIMS, NO_HISTORY: WAIT_HISTORY, FAULTY: WAIT_RULES, UNTOLD: WAIT_BALLOTS,
    UNHELD: WAIT_BALLOTS, UNWEIGHED: WAIT_BALLOTS, NO_BALLOT: WAIT_BALLOTS,
    WRITTEN: GRADED, NOT_CONCERNED: WAIT_WHETHER,
}  # fmt: skip
#: Steps that name the criterion.
OF_CLAIM = frozenset({CLAIM, RECLAIM, PROVE, REPROVE, REPLACE})
#: Steps that are none of the branch's.
NOT_OWN = frozenset(
    {WAIT, WAIT_WHETHER, WAIT_BALLOTS, WAIT_RULES, WAIT_DATE, WAIT_HISTORY, OVER, VOTED, GRADED,
     NOTHING}
)  # fmt: skip


class Step(NamedTuple):
    """One step: its id, the fields of which kind of record, what else it names."""

    id: str
    kind: str = ""
    fields: tuple[str, ...] = ()
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def own(self) -> bool:
        """Whether the branch can take it."""
        return self.id not in NOT_OWN


class Told:
    """What a reason says: why points are missing, and steps, each with the files it is about.

    Without a reason it says nothing yet.
    """

    def __init__(self, reason: Value | None, criterion: str) -> None:
        self.criterion = criterion
        self.why: list[Value] = []
        self.steps: dict[Step, list[str]] = {}
        if reason is None:
            return
        self.read(reason)
        self.why += [] if self.why else [reason]
        if not self.steps:
            self.step(NOTHING)

    @property
    def label(self) -> Value | None:
        """What is counted where the reason begins with it, so that no title has to."""
        first = self.why[0]
        return first.value("label") if isinstance(first, Message) else None

    def read(self, value: Value) -> None:
        """Take what a message says, and what those in it do."""
        if isinstance(value, Listed):
            for item in value.items:
                self.read(item)
        if not isinstance(value, Message):
            return
        reader = READERS.get(value.id)
        if value.id in OF_REASON:
            self.why.append(value)
            self.step(OF_REASON[value.id])
        elif reader is not None:
            reader(self, value)
        else:
            for _, own in value.values:
                self.read(own)

    def step(self, id_: str, **values: Value) -> None:
        """Take a step that is about no record; it names the criterion where it is about a claim."""
        if id_ in OF_CLAIM:
            values["criterion"] = self.criterion
        self.steps.setdefault(Step(id_, values=tuple(values.items())), [])

    def records(self, named: Value | None) -> None:
        """Take the steps for the records that fail."""
        for record in named.items if isinstance(named, Listed) else ():
            if isinstance(record, Message) and record.id == RECORD:
                self._record(record)

    def _record(self, record: Message) -> None:
        place = RecordPath.of(f"{record.value('path')}/{RECORD_FILES[ACTIVITIES]}")
        group, folder = (place.group, place.folder) if place else ("", "")
        kind = ACTIVITY if group == ACTIVITIES else group
        failed = record.value("failed")
        for condition in failed.items if isinstance(failed, Listed) else ():
            if not isinstance(condition, Message) or self._of_entry(record, condition):
                continue
            if condition.id not in OF_FIELD:
                continue
            fields = condition.value("fields") or condition.value("field")
            names = fields.items if isinstance(fields, Listed) else (fields,)
            id_ = OF_FIELD[condition.id]
            known = () if id_ == OVER else tuple(f"{name}" for name in names)
            step = Step(id_, "" if id_ == OVER else kind, known)
            self.steps.setdefault(step, []).append(f"{group}/{folder}/{RECORD_FILES.get(group)}")

    def _of_entry(self, record: Message, condition: Message) -> bool:
        """Take what an entry of the due list lacks itself; return whether it is such."""
        if condition.id == UNANSWERED:
            self.answer(condition)
        elif condition.id == UNANSWERED_IN_TIME:
            self.step(OVER)
        elif record.value("due") and condition.value("field") in tuple(OF_ENTRY):
            self.step(WAIT_DATE)
        else:
            return False
        return True

    def answer(self, message: Message) -> None:
        """Take the step of answering an entry of the due list."""
        values = {name: message.value(name) or "" for name in ("title", "due")}
        self.step(ANSWER, **values)


def not_yet(told: Told, message: Message) -> None:
    """Take that nothing has come due."""
    told.why.append(message)
    told.step(ANSWER_BY, **dict(answer_by(message).values))


def lacking(told: Told, message: Message) -> None:
    """Take records that ought to have more."""
    named = message.value("named")
    told.why += [] if named is None else [named]
    told.records(named)


def missed(told: Told, message: Message) -> None:
    """Take records that do not count."""
    told.why.append(say("未计：{named}", named=message.value("named") or ""))
    told.records(message.value("named"))


def of_target(told: Told, message: Message) -> None:
    """Take a number below its target."""
    told.why.append(message)
    target, n = message.value("target"), message.value("n")
    if isinstance(target, Decimal | int) and isinstance(n, int):
        more(told, message, math.ceil(target) - n)


def next_tier(told: Told, message: Message) -> None:
    """Take a tier that is not reached."""
    values = dict(message.values)
    records = values.pop("more")
    told.why.append(
        say("{label} {n} {unit}，下一档不少于 {at_least} {unit}，得 {points}", **values)
    )
    least, n = values["at_least"], values["n"]
    if isinstance(least, Decimal | int) and isinstance(n, int):
        more(told, message, math.ceil(least) - n)
    told.read(records)


def more(told: Told, message: Message, n: int) -> None:
    """Take the step of handing in so many more."""
    id_ = HOLD if message.value("unit") == say("次") else SEND
    told.step(id_, n=n, label=message.value("label") or "")


def not_full(told: Told, message: Message) -> None:
    """Take ballots that give less than all points."""
    told.why.append(say("未计满：{named}", named=message.value("named") or ""))
    told.step(VOTED)


def summed(told: Told, message: Message) -> None:
    """Take ballots whose levels are not shown."""
    told.why.append(message)
    told.step(VOTED)


def none(told: Told, message: Message) -> None:
    """Take that there is no record at all."""
    label = message.value("label") or ""
    told.why.append(say("没有{label}", label=label))
    told.read(message.value("more") or "")
    told.step(SEND_SOME if message.id == NONE else SEND_ANY, label=label)


def uncounted(told: Told, message: Message) -> None:
    """Take records at fault, beside what else the reason says."""
    told.read(message.value("reason") or "")
    if not told.why:
        told.why.append(message.value("reason") or "")
    at_fault(told, message)


def at_fault(told: Told, message: Message) -> None:
    """Take records at fault."""
    n, names = message.value("n") or 0, message.value("names") or ""
    told.why.append(say("另有 {n} 项记录有误，未计：{names}", n=n, names=names))
    told.step(REPAIR)


READERS: dict[str, Callable[[Told, Message], None]] = {
    LACKS: lacking,
    NOT_YET: not_yet,
    MISSED: missed,
    OF_TARGET: of_target,
    NEXT_TIER: next_tier,
    NOT_FULL: not_full,
    SUMMED: summed,
    NONE: none,
    NONE_UNDECIDED: none,
    UNCOUNTED: uncounted,
}


def worded(step: Step, files: list[str], **more_values: Value) -> Message:
    """Return a step as a sentence."""
    values = dict(step.values) | more_values
    if files:
        values["files"] = some(list(dict.fromkeys(files)), NAMED)
    if step.fields:
        values["fields"] = listed(called(step.kind, name) for name in step.fields)
    return say(step.id, **values)


def called(kind: str, name: str) -> Value:
    """Return what a field is called, with its name in the file where that is another."""
    title = field_title(kind, name)
    return title if title == name else say("{title}（{name}）", title=title, name=name)
