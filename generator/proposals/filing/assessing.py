"""The self-assessment as one form: every criterion with its questions, the file edited once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.formats.branch_files import SELF_ASSESSMENT, Claim
from generator.formats.writing import Entries, edited, written
from generator.proposals.filing.claiming import (
    BONUS,
    CLAIMS,
    CRITERION,
    SUBMITTED,
    AssessmentForm,
    ClaimForm,
)
from generator.proposals.filing.forms import NO_FILES, Draft, questions_of, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.desk import Desk
    from generator.proposals.filing.forms import Values
    from generator.proposals.filing.questions import Question
    from generator.rubric.document import Criterion, Section
    from generator.text.findings import Finding

POINTS = "points"
#: Entry → what is renewed of it, None for what goes.
Changes = dict[str, "dict[str, Plain | None]"]


class Renewal(NamedTuple):
    """What is renewed of a self-assessment: claims by criterion, bonus claims by id, its day."""

    claims: Changes
    bonus: Changes
    submitted: Plain | None = None

    def of(self, before: bytes | None) -> bytes:
        """Return the file with it; raises UneditableError, UnwritableError."""
        claims = {name: own for name, own in self.claims.items() if own}
        bonus = {name: own for name, own in self.bonus.items() if own}
        day: dict[str, object] = {SUBMITTED: self.submitted} if self.submitted is not None else {}
        if before is not None:
            some: dict[str, object] = {**day}
            some |= {CLAIMS: Entries({k: Entries(v) for k, v in claims.items()})} if claims else {}
            some |= {BONUS: Entries({k: Entries(v) for k, v in bonus.items()})} if bonus else {}
            return edited(before, SELF_ASSESSMENT, some)
        entries = [{"id": name, **own} for name, own in bonus.items()]
        whole = {**day, CLAIMS: claims, **({BONUS: entries} if entries else {})}
        return written(SELF_ASSESSMENT, whole)


def criterion_key(criterion: str, key: str) -> str:
    """Return the key of a question about one criterion of the whole self-assessment."""
    return f"{CLAIMS}.{criterion}.{key}"


def values_of(values: Values, criterion: str) -> Values:
    """Return the answers about one criterion, by their keys in its claim."""
    lead = criterion_key(criterion, "")
    return {key[len(lead) :]: own for key, own in values.items() if key.startswith(lead)}


class SelfForm(AssessmentForm):
    """Asks for all claims at once, criterion by criterion; none of them has to be answered."""

    what = "self"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.claim = ClaimForm(desk)
        self.bare = questions_of(ClaimForm.what, Claim)[POINTS]

    @property
    def criteria(self) -> Iterator[tuple[Section, Criterion]]:
        """The criteria with their sections, in the order of the rubric."""
        yield from self.desk.rubric.criteria.values()

    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions of every criterion, then that about the day of the whole."""
        found: list[Question] = []
        for _, criterion in self.criteria:
            found += self.about(criterion.id, values_of(values, criterion.id))
        return (*found, *self.submitted())

    def about(self, criterion: str, own: Values) -> Iterator[Question]:
        """Yield the questions about one criterion; they are due where something is said of it."""
        said = any(value is not None for value in own.values())
        for asked in self.claim.questions({CRITERION: criterion, **own}):
            question = asked
            if question.key in {CRITERION, SUBMITTED}:
                continue
            key = criterion_key(criterion, question.key)
            if question.key == POINTS:
                # What is asked and its maximum stand above all questions of the criterion.
                question = question.asking(self.bare.help)
            made = question.called(key).due(required=question.required and said)
            yield made.or_else(criterion_key(criterion, made.instead)) if made.instead else made

    def fitting(self, start: Values, values: Values) -> Values:
        """Return what the file says beside the answers: of a criterion points, or why not."""
        found = dict(start)
        for _, criterion in self.criteria:
            old, new = values_of(start, criterion.id), values_of(values, criterion.id)
            for key in old.keys() - self.claim.fitting(old, new).keys() if new else ():
                found.pop(criterion_key(criterion.id, key))
        return found

    def draft(self, values: Values, attached: Mapping[str, bytes] = NO_FILES) -> Draft:
        """Return the self-assessment with all claims that are answered."""
        del attached
        claims = {own.id: values_of(values, own.id) for _, own in self.criteria}
        data = Renewal(claims, {}, values.get(SUBMITTED)).of(self.desk.assessment_bytes)
        return Draft(self.desk.assessment_path, data, "", self.desk.assessment_bytes)

    def blamed(self, finding: Finding, draft: Draft, values: Values) -> str:
        """Return the key of the question that a finding is about; empty for none of them."""
        if finding.path != draft.path:
            return ""
        steps = [unescaped(step) for step in finding.pointer.split("/")[1:]]
        if steps[:1] == [SUBMITTED]:
            return SUBMITTED
        if steps[:1] != [CLAIMS] or len(steps) < 2:
            return ""
        keys = [own.key for own in self.questions(values)]
        lead = criterion_key(steps[1], steps[2] if len(steps) > 2 else "")
        return next((key for key in keys if key.startswith(lead)), "")
