"""The self-assessment of one made-up branch."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from benchmarks import words
from benchmarks.made import YEAR, BonusClaim, Claim, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.filing import Filing

SUBMITTED = datetime.date(YEAR, 12, 19)


class Assessment:
    """Claims points for what judgement decides, and some bonus points."""

    def __init__(self, filing: Filing) -> None:
        self.filing = filing
        self.branch = filing.branch
        self.records = filing.records
        self.rng = filing.rng
        self.rules = filing.rules

    def write(self) -> None:
        """File the self-assessment; one in thirty comes late."""
        rng = self.rng
        self.branch.kinds = {record.kind for record in self.records}
        lines = [f"# {words.INVENTED}", f"submitted: {YEAR}-12-{rng.randint(5, 18):02d}", "claims:"]
        for claim in self._claims():
            self.branch.claims.append(claim)
            lines.append(f"  {claim.criterion}:")
            for key, value in claim.text.items():
                shown = f"[{', '.join(value)}]" if isinstance(value, list) else value
                lines.append(f"    {key}: {shown}")
        if not self.branch.claims:
            lines[-1] = "claims: {}"
        chances = [rng.likely(35), rng.likely(25)]
        bonus = [n for n, taken in enumerate(chances, start=1) if taken and self.rules.bonus]
        if bonus:
            lines.append("bonus:")
        for number in bonus:
            lines += self._bonus(number)
        late = datetime.timedelta(days=14 if rng.likely(3) else 0)
        self.filing.put(f"{YEAR}/self-assessment.yml", encode(lines), SUBMITTED + late)

    def _claims(self) -> Iterator[Claim]:
        rng = self.rng
        for criterion in self.rules.criteria:
            fitting = [r for r in self.records if not criterion.kinds or r.kind in criterion.kinds]
            if rng.likely(10) or (criterion.required and not fitting and rng.likely(30)):
                continue
            if criterion.required and not fitting:
                yield Claim(criterion.id, {"not_applicable": "本支部本年度没有这项工作"})
                continue
            cited = tuple(rng.sample(fitting, min(len(fitting), rng.randint(1, 3))))
            steps = int(criterion.points * 2)
            text: dict[str, str | list[str]] = {
                "points": f"{rng.randint(steps // 2, steps) / 2:g}",
                "statement": rng.choice(words.STATEMENTS),
            }
            if cited:
                text["evidence"] = [record.reference for record in cited]
            yield Claim(criterion.id, text, cited)

    def _bonus(self, number: int) -> list[str]:
        """Claim bonus points with evidence of any kind."""
        rng = self.rng
        rule = rng.choice(self.rules.bonus)
        own = [record for record in self.records if record.kind != "activity"] or self.records
        claim = BonusClaim(f"bonus-{number}", rule.id, rng.choice(rule.levels))
        self.branch.bonus.append(claim)
        return [
            f"  - id: {claim.id}",
            f"    rule: {claim.rule}",
            f"    level: {claim.level}",
            f"    matter: {rng.choice(words.MATTERS)}",
            f"    date: {YEAR}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            f"    evidence: [{rng.choice(own).reference}]",
        ]
