"""Forms of the self-assessment: one claim, one bonus claim, the rest of the file as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.formats.branch_files import (
    SELF_ASSESSMENT,
    BonusClaim,
    Claim,
    SelfAssessment,
)
from generator.formats.records import keys_of
from generator.formats.shapes import identifier
from generator.formats.writing import Entries, edited, written
from generator.proposals.filing.evidence import in_period
from generator.proposals.filing.forms import NO_FILES, Draft, Form, nested, questions_of
from generator.proposals.filing.questions import Choice, Input, Question, choices_of, question_of
from generator.text.language import mark
from generator.text.messages import Value, listed, say
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.forms import Values
    from generator.rubric.document import Criterion

CRITERION, NOT_APPLICABLE, SUBMITTED = "criterion", "not_applicable", "submitted"
CLAIMS, BONUS = "claims", "bonus"
POINTS = mark("{points} 分")
WHICH = mark("对哪一小项自评")
MOST = mark("{help}。要求：{requires}。分值 {max}")
BY_RECORDS = mark("{help}。这一项由系统按记录计算，现在是 {points} 分，自评不影响得分")
KINDS = mark("{help}。应是：{kinds}")


class AssessmentForm(Form):
    """What claims and bonus claims share: they stand in one file, which may be there already."""

    def submitted(self) -> list[Question]:
        """Return the question about the day of the whole, where there is no file yet."""
        if self.desk.assessment_bytes is not None:
            return []
        question = question_of("assessment", keys_of(SelfAssessment)[SUBMITTED][1])
        return [question.of_year(self.desk.year)]

    def whole(
        self, values: Values, key: str, name: str, record: dict[str, Plain], pointer: str
    ) -> Draft:
        """Return the file with one entry of a key renewed; what it says beside it stays."""
        before, path = self.desk.assessment_bytes, self.desk.assessment_path
        if before is not None:
            part = {key: Entries({name: record})}
            return Draft(path, edited(before, SELF_ASSESSMENT, part), pointer, before)
        day = values.get(SUBMITTED)
        head: dict[str, Plain] = {} if day is None else {SUBMITTED: day}
        own: Plain = {name: record} if key == CLAIMS else ({"id": name, **record},)
        data = written(SELF_ASSESSMENT, {**head, CLAIMS: {}, key: own})
        return Draft(path, data, pointer)

    @property
    def assessment(self) -> SelfAssessment | None:
        """The self-assessment as it is read; None without one."""
        return self.desk.context.data.assessment if self.desk.context else None

    @property
    def is_garbled(self) -> bool:
        """Whether there is a self-assessment that cannot be read, so that nothing can be added."""
        return self.assessment is None and self.desk.assessment_bytes is not None

    def evidence(self, question: Question, kinds: Collection[str] = ()) -> Question:
        """Return the question about evidence, among the records of some kinds."""
        desk = self.desk
        fitting = [own for own in desk.cited if not kinds or own.kind in kinds]
        found = question.among(
            (Choice(c.reference, c.title, f"{c.date or ''}") for c in fitting), several=True
        )
        if not kinds:
            return found
        words = listed(desk.kind_title(kind) for kind in kinds)
        return found.asking(say(KINDS, help=question.help, kinds=words))


class ClaimForm(AssessmentForm):
    """Asks for the claim of one criterion."""

    what = "claim"
    telling = frozenset({CRITERION})
    steering = frozenset({CRITERION, "points", NOT_APPLICABLE})

    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions: points, statement and evidence, or why it is not applicable."""
        rubric = self.desk.rubric
        own = questions_of(self.what, Claim, rubric.places)
        criteria = [
            Choice(name, own.title or name, say(POINTS, points=own.points))
            for name, (_, own) in rubric.criteria.items()
        ]
        which = Question(
            CRITERION, say(mark("小项")), say(WHICH), "", True, Input.ONE, identifier,  # noqa: FBT003 - it is required
        ).among(criteria)  # fmt: skip
        found = rubric.criteria.get(f"{values.get(CRITERION)}")
        criterion = found[1] if found else None
        left_out = "points" in values and values["points"] is None
        applies = values.get(NOT_APPLICABLE) is None and not left_out
        points = own["points"].due(required=applies).or_else(NOT_APPLICABLE)
        proof = self.proof(own["evidence"], criterion, applies=applies)
        if criterion is not None:
            points = points.asking(self.worth(points, criterion))
        what = () if left_out else (own["statement"].due(required=applies), proof)
        why = own[NOT_APPLICABLE].due(required=left_out)
        return (which, points, *what, why, *self.submitted())

    def fitting(self, start: Values, values: Values) -> Values:
        """Return what may stand beside the answers: points, or else why it is not applicable."""
        if values.get(NOT_APPLICABLE) is not None:
            return {}
        without = {NOT_APPLICABLE} if values.get("points") is not None else set()
        return {key: value for key, value in start.items() if key not in without}

    def worth(self, question: Question, criterion: Criterion) -> Value:
        """Return the help of the points: what is asked for, the maximum, what records give."""
        card = self.desk.context.card if self.desk.context else None
        lines = card.lines if card else ()
        line = next((li for li in lines if li.criterion == criterion.id and not li.part), None)
        told: Value = say(
            MOST, help=question.help, requires=criterion.requires.rstrip("。") or criterion.title,
            max=criterion.points,
        )  # fmt: skip
        if criterion.method.computed:
            given = line.computed if line is not None else None
            shown = "—" if given is None else plain(given)
            told = say(BY_RECORDS, help=told, points=shown)
        return told

    def proof(self, question: Question, criterion: Criterion | None, *, applies: bool) -> Question:
        """Return the question about evidence, as a criterion asks for it."""
        rule = criterion.evidence if criterion is not None else None
        kinds = rule.kinds if rule else ()
        needed = (
            rule is not None
            and rule.required
            and not (criterion is not None and criterion.method.computed)
        )
        return self.evidence(question, kinds).due(required=applies and needed)

    def draft(self, values: Values, attached: Mapping[str, bytes] = NO_FILES) -> Draft:
        """Return the self-assessment with this claim in place of the one that was there."""
        del attached
        name = f"{values.get(CRITERION) or ''}"
        claim = {
            key: value
            for key, value in nested(values, self.questions(values)).items()
            if key not in {CRITERION, SUBMITTED}
        }
        return self.whole(values, CLAIMS, name, claim, f"/{CLAIMS}/{name}")


class BonusForm(AssessmentForm):
    """Asks for a bonus claim."""

    what = "bonus"
    telling = frozenset({"rule"})
    steering = frozenset({"rule"})

    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions; which levels there are hangs on the rule."""
        rules = self.desk.rubric.bonus_rules
        own = questions_of(self.what, BonusClaim)
        rule = rules.get(f"{values.get('rule')}")
        levels = [
            Choice(name, title, say(POINTS, points=rule.levels[name].points))
            for name, title in (rule.level_titles.items() if rule else ())
            if rule is not None
        ]
        own["rule"] = own["rule"].among(choices_of({k: r.title for k, r in rules.items()}))
        own["level"] = own["level"].among(levels)
        own["date"] = in_period(own["date"], self.desk)
        own["evidence"] = self.evidence(own["evidence"])
        own["id"] = own["id"].due(required=False)
        first = ("rule", "level", "matter", "date", "evidence", "id")
        return (*(own[key] for key in first), *self.submitted())

    def draft(self, values: Values, attached: Mapping[str, bytes] = NO_FILES) -> Draft:
        """Return the self-assessment with one more bonus claim, the last."""
        del attached
        record = nested(values, self.questions(values))
        record.pop(SUBMITTED, None)
        name = f"{record.pop('id', self.next_id)}"
        place = len(self.assessment.bonus) if self.assessment else 0
        return self.whole(values, BONUS, name, record, f"/{BONUS}/{place}")

    @property
    def taken(self) -> frozenset[str]:
        """Ids of the bonus claims that are there."""
        return (
            frozenset(c.id for c in self.assessment.bonus if c.id)
            if self.assessment
            else frozenset()
        )

    @property
    def next_id(self) -> str:
        """The next id that no bonus claim has."""
        number = 1
        while f"bonus-{number}" in self.taken:
            number += 1
        return f"bonus-{number}"
