"""Rows on bonus claims: whether one is accepted, at which level, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from generator.exchange.reviews.rows import Sort, Subject, state_of
from generator.exchange.table import Column
from generator.exchange.values import Titles, answer_of, chosen_of, text_of
from generator.formats.committee_files import BonusReview
from generator.formats.records import RecordShape
from generator.formats.writing import Entries
from generator.scoring.fingerprint import bonus_fingerprint
from generator.text.language import mark
from generator.text.messages import Words, listed, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.checks import BranchContext
    from generator.exchange.plan import RowReader
    from generator.exchange.reviews.rows import Filled
    from generator.formats.branch_files import BonusClaim
    from generator.rubric.document import BonusRule

#: Columns that a person fills in; who decides alone is no decision.
FILLED = ("accepted", "level", "reason", "by")
KEYS = RecordShape(BonusReview).keys

NO_RULE = mark("“{text}”不是今年的加分项编号")
NO_CLAIM = mark("这个支部今年没有这一条加分申报")
OTHER_RULE = mark("这一条申报的加分项是 {rule}")
NO_ANSWER = mark("写了级别或理由，没有填认可：请填“是”或“否”")
NO_LEVEL = mark("申报的级别“{level}”办法里没有，认可的要填认定级别：{known}")


class Accepted(NamedTuple):
    """A decision on a bonus claim; without a level that of the claim holds."""

    accepted: bool | None = None
    level: str | None = None
    reason: str | None = None
    by: str | None = None

    @property
    def state(self) -> str:
        """What tells one decision from another."""
        answer = "" if self.accepted is None else "yes" if self.accepted else "no"
        return state_of(answer, self.level, self.reason, self.by)

    @property
    def verdict(self) -> Words:
        """The decision in words."""
        if self.accepted is None:
            return say("未定")
        return say("认可") if self.accepted else say("不认可")


def accepted_of(review: BonusReview | None) -> Accepted:
    """Return what the committee has decided; nothing where it has not."""
    if review is None or not review.valid:
        return Accepted()
    return Accepted(review.accepted, review.level, review.reason, review.by)


def claim_of(context: BranchContext, name: str) -> BonusClaim | None:
    """Return the bonus claim of a branch that counts under an id: the first, where it has lines."""
    assessment = context.data.assessment
    claims = assessment.bonus if assessment else ()
    return next((claim for claim in claims if claim.valid and claim.id == name), None)


class OnBonus(Sort):
    """Rows on bonus claims."""

    group = "bonus"
    key = "claim"
    columns = (
        Column("year", "年度", required=True),
        Column("id", "编号", frozenset({"支部编号"}), required=True),
        Column("name", "党支部", frozenset({"支部", "名称"})),
        Column("claim", "申报编号", required=True),
        Column("rule", "加分项编号", required=True),
        Column("accepted", "认可", frozenset({"是否认可"}), required=True),
        Column("level", "认定级别", required=True),
        Column("reason", "核定理由", frozenset({"理由"}), required=True),
        Column("by", "经办"),
        Column("stamp", "印记", required=True),
    )
    deciding = FILLED[:3]
    told_at = "accepted"
    titles: ClassVar[Mapping[str, Words]] = {key: say(KEYS[key][1].title) for key in FILLED}
    nothing = NO_CLAIM

    def named(self, reader: RowReader) -> str | None:
        """Return the id of the claim of a row."""
        return (reader.take(self.key, text_of) or "").strip()

    def read(self, reader: RowReader) -> Accepted:
        """Return the decision of a row: its level by id or title, of the rule that it names."""
        rule = self.rule_of(reader)
        levels = Titles(rule.level_titles if rule else {})
        return Accepted(
            reader.take("accepted", answer_of),
            reader.take("level", lambda cell: chosen_of(text_of(cell), levels)) if rule else None,
            reader.take("reason", text_of),
            reader.take("by", text_of),
        )

    def rule_of(self, reader: RowReader) -> BonusRule | None:
        """Return the bonus rule of a row; tells of one that the year does not have."""
        text = (reader.take("rule", text_of) or "").strip()
        if reader.clean and text not in self.known.rules:
            reader.fail("rule", NO_RULE, text=text)
        return self.known.rules.get(text)

    def subject(self, context: BranchContext, name: str) -> Subject | None:
        """Return the bonus claim of a branch."""
        claim = claim_of(context, name)
        line = next((own for own in context.card.bonus_lines if own.claim == name), None)
        if claim is None or line is None:
            return None
        held = context.review.bonus.get(name) if context.review else None
        seen = bonus_fingerprint(context.data, claim, line.evidence)
        return Subject(claim.matter or name, seen, accepted_of(held))

    def check(self, row: Filled, context: BranchContext) -> None:
        """Tell of a row without an answer, or one that would have no effect."""
        reader, decision = row.reader, cast("Accepted", row.decision)
        claim = claim_of(context, row.name)
        rule = self.known.rules.get(claim.rule or "") if claim else None
        if claim is None or rule is None:
            reader.fail(self.key, NO_CLAIM)
        elif reader.take("rule", text_of) != claim.rule:
            reader.fail("rule", OTHER_RULE, rule=rule.title)
        elif decision.accepted is None:
            reader.fail("accepted", NO_ANSWER)
        elif decision.accepted and not decision.level and claim.level not in rule.levels:
            known = listed(rule.level_titles.values())
            reader.fail("level", NO_LEVEL, level=claim.level or "", known=known)

    def entry(self, row: Filled, seen: str) -> Entries:
        """Return the entry of a decision."""
        del seen  # the file keeps no fingerprint of a bonus claim
        return Entries({**row.decision._asdict(), "date": self.known.today})

    def names(self, row: Filled) -> Mapping[str, Mapping[str, Words]]:
        """Return the titles of levels."""
        rule = self.rule_of(row.reader)
        return {"level": rule.level_titles if rule else {}}
