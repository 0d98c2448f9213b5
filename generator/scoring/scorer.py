"""From one branch's evidence, claims and reviews to its scorecard (docs/format.md §5).

Rules 1 to 4 are done here. Arithmetic is exact; a figure is rounded once, half-up (rule 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.loading.evidence import facts_by_kind, fold
from generator.rubric.methods.base import Facts
from generator.scoring.ballots import Ballots, ballot_words, ballots_for
from generator.scoring.decision import (
    AS_CLAIMED,
    BAD_CLAIM,
    GARBLED,
    NO_CLAIM,
    NOT_CONCERNED,
    SUSPENDED,
    UNCOUNTED,
    Outcome,
    award_of,
    claim_taken,
    evidence_fault,
    known_points,
    not_applicable,
    review_taken,
    unread_line,
    verified_reason,
)
from generator.scoring.scorecard import (
    Basis,
    BonusLine,
    Line,
    Scorecard,
    Status,
    bounds_of,
    summed,
)
from generator.text.messages import Words, listed, say
from generator.text.privacy import NO_TEXT, Printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.formats.branch_files import BonusClaim, Claim
    from generator.formats.committee_files import BonusReview, CriterionReview
    from generator.formats.received import VetoEntry
    from generator.loading.committee import Verdicts
    from generator.loading.evidence import BranchYear
    from generator.rubric.document import BonusRule, Criterion, Rubric, Section
    from generator.rubric.methods.base import Award

NOTHING_KNOWN: Mapping[str, list[Line]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class BonusEntry:
    """A valid bonus claim with the level that counts and the committee's decision."""

    id: str
    matter: Printable
    claim: BonusClaim
    rule: BonusRule
    level: str
    points: Decimal | None
    state: str
    review: BonusReview | None


class Scorer:
    """Scores one branch against the rubric."""

    def __init__(
        self,
        rubric: Rubric,
        data: BranchYear,
        verdicts: Verdicts,
    ) -> None:
        self.rubric = rubric
        self.data = data
        review, self.debrief = verdicts.review, verdicts.debrief
        self.accepted, self.awarded = verdicts.accept_claims, verdicts.awarded
        self.reviews = review.criteria if review else {}
        self.bonus_reviews = review.bonus if review else {}
        kind = data.branch.kind if data.branch else None
        self.facts = Facts(
            kind if kind in rubric.branch_kinds else None,
            facts_by_kind(data),
            self.debrief,
            rubric.vocabulary,
            data.asked,
        )

    def score(self, status: Status, known: Mapping[str, list[Line]] = NOTHING_KNOWN) -> Scorecard:
        """Return the scorecard; without lines where the branch filed nothing that can be read.

        ``known`` are the lines of criteria, by id, that were scored from the same data before.
        """
        card = Scorecard(self.data.id, status)
        if not self.data.files or not self.data.readable:
            return card
        low = high = Decimal(0)
        for section in self.rubric.sections:
            lines = [
                line
                for c in section.criteria
                for line in known.get(c.id) or self._criterion(section, c)
            ]
            own = [line for line in lines if line.counted]
            actual = [line.points for line in own if not line.excluded]
            points = self._section(section, own, actual)
            plain_sum = summed(actual)
            if points != plain_sum:
                lines.append(scaling_line(section, points - plain_sum, own))
            card.lines += lines
            card.sections[section.id] = points
            bounds = [bounds_of(line) for line in own if not line.excluded]
            low += self._section(section, own, [bound[0] for bound in bounds])
            high += self._section(section, own, [bound[1] for bound in bounds])
        card.bonus_lines, card.bonus, best = self._bonus()
        card.low = low + card.bonus
        card.high = high + best
        return card

    def _section(self, section: Section, own: list[Line], values: list[Decimal | None]) -> Decimal:
        """Return a section's points: the sum, scaled where criteria are excluded (rule 3)."""
        total = summed(values)
        if all(not line.excluded for line in own):
            return total
        left = summed(line.max for line in own if not line.excluded)
        if not left:
            return total
        scaled = Fraction(total) * Fraction(section.points) / Fraction(left)
        return self.rubric.vocabulary.round(scaled)

    def _criterion(self, section: Section, criterion: Criterion) -> list[Line]:
        if not criterion.valid:
            return [unread_line(section, criterion)]
        claim = self.data.assessment.claims.get(criterion.id) if self.data.assessment else None
        claim = claim if claim is not None and claim_taken(claim, criterion.points) else None
        review = self.reviews.get(criterion.id)
        review = review if review is not None and review_taken(review, criterion.points) else None
        award = award_of(criterion, self.facts, self.awarded)
        rounded = None if award.points is None else self.rubric.vocabulary.round(award.points)
        ballots = ballots_for(criterion, self.debrief, self.rubric.vocabulary.weights)
        outcome = self._decide(criterion, claim, review, award, rounded)
        line = Line(
            section=section.id,
            criterion=criterion.id,
            part=None,
            title=criterion.title,
            clause=criterion.clause,
            points=outcome.points,
            max=criterion.points,
            basis=outcome.basis,
            claimed=claim.points if claim else None,
            computed=rounded,
            verified=outcome.points if outcome.basis is Basis.ACCEPTED else known_points(review),
            reason=outcome.reason,
            evidence=self._evidence(claim, award),
            statement=(claim.statement or claim.not_applicable or NO_TEXT) if claim else NO_TEXT,
            decided_by=(review.by or "") if review else "",
            decided_on=f"{review.date or ''}" if review else "",
            facts=self._facts(criterion, ballots),
            question=criterion.question or "",
            sources=self._sources(criterion, claim, review),
            excluded=outcome.excluded,
            ballots=ballots,
        )
        return [line, *self._parts(section, criterion, award)]

    def _parts(self, section: Section, criterion: Criterion, award: Award) -> list[Line]:
        lines = []
        for part in award.parts:
            own = part.award
            points = None if own.points is None else self.rubric.vocabulary.round(own.points)
            basis = Basis.PENDING if points is None else Basis.COMPUTED
            lines.append(
                Line(
                    section=section.id,
                    criterion=criterion.id,
                    part=part.id,
                    title=part.title,
                    clause=criterion.clause,
                    points=points,
                    max=part.maximum,
                    basis=basis,
                    computed=points,
                    reason=own.reason,
                    evidence=tuple(record.path for record in own.records),
                    question=part.question or "",
                )
            )
        return lines

    def _decide(
        self,
        criterion: Criterion,
        claim: Claim | None,
        review: CriterionReview | None,
        award: Award,
        rounded: Decimal | None,
    ) -> Outcome:
        """Return the first case of rule 1 that applies."""
        if review is not None and review.not_applicable is not None:
            return not_applicable(criterion.points, review)
        if review is not None and review.points is not None:
            words = verified_reason(review.points, review, award, rounded, claim)
            return Outcome(review.points, Basis.VERIFIED, words)
        if claim is not None and claim.not_applicable is not None:
            return Outcome(
                None,
                Basis.PENDING,
                say(NOT_CONCERNED, reason=claim.not_applicable),
            )
        if criterion.method.computed:
            basis = Basis.PENDING if rounded is None else Basis.COMPUTED
            return Outcome(rounded, basis, self._with_uncounted(criterion, award))
        return self._claimed(criterion, claim)

    def _claimed(self, criterion: Criterion, claim: Claim | None) -> Outcome:
        if claim is None or claim.points is None:
            stated = self.data.assessment and criterion.id in self.data.assessment.claims
            words = say(BAD_CLAIM if stated else NO_CLAIM)
            if self.data.is_garbled:
                words = say(GARBLED)
            return Outcome(None, Basis.PENDING, words)
        fault = evidence_fault(self.data, criterion, claim)
        if fault:
            return Outcome(
                None,
                Basis.PENDING,
                say(SUSPENDED, points=claim.points, fault=fault),
            )
        if self.accepted:
            words = say(AS_CLAIMED, reason=self.accepted)
            return Outcome(claim.points, Basis.ACCEPTED, words)
        words = say("自评 {points} 分，待党委核定", points=claim.points)
        return Outcome(claim.points, Basis.CLAIMED, words)

    def _with_uncounted(self, criterion: Criterion, award: Award) -> Words:
        broken = [e.folder for e in self.data.evidence.values() if e.fact is None]
        broken += [name.rpartition("/")[2] for name in self.data.broken]
        if not broken or not criterion.method.reads_records:
            return award.reason
        return say(
            UNCOUNTED,
            reason=award.reason,
            n=len(broken),
            names=listed(sorted(broken)),
        )

    def _evidence(self, claim: Claim | None, award: Award) -> tuple[str, ...]:
        cited = []
        for reference in claim.evidence if claim else ():
            found = self.data.cited(reference)
            if found is not None:
                cited.append(found.path)
        return tuple(dict.fromkeys([*cited, *(record.path for record in award.records)]))

    def _facts(self, criterion: Criterion, ballots: Ballots | None) -> tuple[Words, ...]:
        words: list[Words] = []
        for measure in criterion.facts:
            label = self.rubric.vocabulary.label(measure)
            n = len(measure.matching(self.facts.of(measure.count)))
            unit = self.rubric.vocabulary.unit(measure.count)
            words.append(say("{label} {n} {unit}", label=label, n=n, unit=unit))
        return tuple(words) if ballots is None else (*words, ballot_words(ballots))

    def _sources(
        self, criterion: Criterion, claim: Claim | None, review: CriterionReview | None
    ) -> tuple[str, ...]:
        places = [entry.place for entry in (claim, review) if entry is not None]
        if self.debrief is not None and not criterion.method.reads_records:
            places.append(self.debrief.place)
        return tuple(f"{place.path}:{place.line}" for place in places)

    def _bonus(self) -> tuple[list[BonusLine], Decimal, Decimal]:
        """Return the bonus lines, the bonus, and the bonus if all undecided were accepted."""
        rules = self.rubric.bonus_rules
        claims = self.data.assessment.bonus if self.data.assessment else ()
        entries = []
        seen: set[str] = set()
        for claim in claims:
            entry = self._bonus_entry(claim, rules) if claim.valid else None
            if entry is None or entry.id in seen:
                continue
            seen.add(entry.id)
            entries.append(entry)
        accepted = best_of([e for e in entries if e.state == "accepted"])
        possible = best_of([e for e in entries if e.state != "rejected"])
        lines = [self._bonus_line(entry, counts=entry in accepted) for entry in entries]
        return lines, self._capped(accepted), self._capped(possible)

    def _bonus_entry(self, claim: BonusClaim, rules: Mapping[str, BonusRule]) -> BonusEntry | None:
        """Return what a claim asks for; None where it lacks a key, or the rubric its rule."""
        if claim.id is None or claim.rule is None or claim.level is None or claim.matter is None:
            return None
        rule = rules.get(claim.rule)
        if rule is None:
            return None
        named = partial(BonusEntry, claim.id, claim.matter, claim, rule)
        review = self.bonus_reviews.get(claim.id)
        if not rule.valid or (
            review is not None and (not review.valid or review.level not in {None, *rule.levels})
        ):
            review = None
        level = (review.level if review else None) or claim.level
        if level not in rule.levels:
            return named(claim.level, None, "claimed", None)
        state = "claimed" if review is None else "accepted" if review.accepted else "rejected"
        return named(level, rule.levels[level].points, state, review)

    def _capped(self, entries: list[BonusEntry]) -> Decimal:
        total = summed(e.points for e in entries)
        cap = self.rubric.bonus.cap if self.rubric.bonus else None
        return total if cap is None else min(total, cap)

    def _bonus_line(self, entry: BonusEntry, *, counts: bool) -> BonusLine:
        state, points = entry.state, entry.points
        if state == "accepted" and not counts:
            state, points = "same-matter", Decimal(0)
        elif state == "rejected":
            points = Decimal(0)
        elif state == "claimed":
            points = None
        words = {
            "accepted": say("已认可"),
            "rejected": say("未认可"),
            "claimed": say("待党委认定"),
            "same-matter": say("同一事项已按最高级别计分"),
        }[state]
        if entry.review is not None and entry.review.reason:
            words = say("{lead}：{reason}", lead=words, reason=entry.review.reason)
        cited = [self.data.cited(reference) for reference in entry.claim.evidence]
        places = [e.place for e in (entry.claim, entry.review) if e is not None]
        own = entry.rule.levels.get(entry.level)
        return BonusLine(
            claim=entry.id,
            rule=entry.rule.id,
            title=entry.rule.title,
            clause=entry.rule.clause,
            matter=entry.matter,
            level=entry.level,
            level_title=own.title if own is not None else NO_TEXT,
            points=points,
            status=state,
            reason=words,
            evidence=tuple(dict.fromkeys(found.path for found in cited if found)),
            sources=tuple(f"{place.path}:{place.line}" for place in places),
        )


def best_of(entries: list[BonusEntry]) -> list[BonusEntry]:
    """Keep one entry a rule and matter: the highest level, the first where levels are equal."""
    best: dict[tuple[str, str], BonusEntry] = {}
    for entry in entries:
        if entry.points is None:
            continue
        identity = (entry.rule.id, fold(entry.matter))
        held = best.get(identity)
        if held is None or held.points is None or entry.points > held.points:
            best[identity] = entry
    return list(best.values())


def scaling_line(section: Section, difference: Decimal, own: list[Line]) -> Line:
    """Return the line that makes a scaled section's lines add up (rule 3)."""
    left = summed(line.max for line in own if not line.excluded)
    reason = say(
        "有小项不计入，其余 {left} 分折算为 {points} 分",
        left=left,
        points=section.points,
    )
    return Line(
        section=section.id,
        criterion=None,
        part=None,
        title=say("折算"),
        clause=section.clause,
        points=difference,
        max=None,
        basis=Basis.SCALED,
        reason=reason,
    )


def status_of(data: BranchYear, vetoes: tuple[VetoEntry, ...]) -> Status:
    """Return the first status that holds (rule 5)."""
    if any(entry.valid and entry.state == "verified" for entry in vetoes):
        return Status.VETOED
    if not data.files:
        return Status.NOT_SUBMITTED
    return Status.SCORED if data.readable else Status.UNREADABLE
