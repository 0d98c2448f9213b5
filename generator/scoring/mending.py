"""What a branch can do for a criterion that nobody has assessed, by the reason of its line."""

from __future__ import annotations

from generator.rubric.methods.answering import NOT_YET
from generator.rubric.methods.counted import NO_KIND
from generator.scoring.decision import (
    BAD_CLAIM,
    GARBLED,
    NO_CLAIM,
    NO_EVIDENCE,
    OTHER_KIND,
    UNPROVEN,
)
from generator.text.language import mark
from generator.text.messages import Message, Words, say

CLAIM = mark("在 self-assessment.yml 的 claims 下写上 {criterion} 的自评分、说明和佐证")
RECLAIM = mark("按校验提示改正 self-assessment.yml 中 {criterion} 的自评")
RECLAIM_ALL = mark("按校验提示改正 self-assessment.yml")
PROVE = mark("在 self-assessment.yml 中给 {criterion} 写上佐证")
REPROVE = mark("改正 self-assessment.yml 中 {criterion} 的佐证，或改正它所指的记录")
REPLACE = mark("在 self-assessment.yml 中给 {criterion} 换上要求的种类的佐证")
ANSWER_BY = mark("{asked} 前报送“{title}”，材料里写 due: {due}")
KIND = mark("在 branch.yml 写上正确的类型 kind")

#: Reason → step, for what lies with the branch.
OF_CLAIMS = {
    NO_CLAIM: CLAIM,
    BAD_CLAIM: RECLAIM,
    GARBLED: RECLAIM_ALL,
    NO_EVIDENCE: REPROVE,
    OTHER_KIND: REPLACE,
    UNPROVEN: PROVE,
    NO_KIND: KIND,
}


def own_step(reason: Words, criterion: str) -> Message | None:
    """Return what a branch can do about a pending line; None: it can only wait."""
    if not isinstance(reason, Message):
        return None
    if reason.id == NOT_YET:
        return answer_by(reason)
    inner = reason.value("fault") or reason.value("reason")
    ids = (reason.id, inner.id if isinstance(inner, Message) else "")
    step = next((OF_CLAIMS[own] for own in ids if own in OF_CLAIMS), None)
    return say(step, criterion=criterion) if step else None


def answer_by(reason: Message) -> Message:
    """Return the step of answering the first entry of the due list before its day."""
    values = {name: reason.value(name) or "" for name in ("title", "due")}
    return say(ANSWER_BY, asked=reason.value("date") or "", **values)
