"""The records that are there, each with 计入 or what it lacks, in the engine's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import ACTIVITIES, RECORD_FILES, RecordPath
from generator.proposals.filing.assessing import SelfForm
from generator.proposals.filing.claiming import BonusForm
from generator.reports.explain import BONUS_WORDS
from generator.reports.findings import safe
from generator.rubric.failing import RECORD
from generator.site.form.answering.lacking import GROUPS
from generator.site.form.answering.opening import WHOLE
from generator.text.language import gettext, mark, tr
from generator.text.messages import Listed, Message, listed, say
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.engine.year import Evaluation
    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord
    from generator.site.form.answering.ground import Ground
    from generator.text.findings import Finding
    from generator.text.messages import Value, Words

Shown = dict[str, object]

COUNTS, FAULTY = mark("计入"), mark("有误，没有计入")
CLAIMED = mark("{of} 个小项里写了 {n} 个")
SELF_TITLE = mark("自评")


class Records:
    """What is on file of a branch and year, by one evaluation."""

    def __init__(self, ground: Ground, evaluation: Evaluation) -> None:
        self.ground = ground
        self.result = ground.result(evaluation)
        self.findings = [f for f in evaluation.findings if f.branch == ground.branch]

    @property
    def shown(self) -> list[Shown]:
        """Evidence with the newest first, what cannot be read, the self-assessment, bonus."""
        result = self.result
        if result is None:
            return []
        year = f"{self.ground.year}"
        own = [r for r in result.records if f"/{year}/" in r.path]
        failing = failing_of(result)
        evidence = [self.evidence(record, failing.get(record.path, [])) for record in own]
        evidence.sort(key=lambda shown: f"{shown['date']}", reverse=True)
        return [*evidence, *self.broken({r.path for r in own}), *self.assessment(result)]

    def evidence(self, record: EvidenceRecord, failing: list[Words]) -> Shown:
        """Return a record of evidence."""
        place = RecordPath.of(record.file)
        group, folder = (place.group, place.folder) if place else ("", "")
        faults = self.faults(record.path)
        state = self.state(record, failing, faults)
        return {
            "form": GROUPS.get(group, ""),
            "id": f"{group}/{folder}",
            "title": safe(record.title or folder),
            "date": record.date,
            "note": self.note(record, group),
            "state": safe(f"{state}"),
            "counts": record.counted,
            "whole": record.counted and not failing and not faults,
            "withheld": bool(self.ground.withheld(record.file)),
        }

    def state(
        self, record: EvidenceRecord, failing: list[Words], faults: list[Finding]
    ) -> Words | Value:
        """Say that a record counts, or what it lacks."""
        if not record.counted:
            return faults[0].message if faults else record.note
        if failing:
            return listed(failing, "；")
        return faults[0].message if faults else say(COUNTS)

    def note(self, record: EvidenceRecord, group: str) -> str:
        """Say what kind of record it is, and how many files it has."""
        if group == ACTIVITIES:
            words = [value for _, value in record.details[:1]]
        else:
            words = [record.kind_title]
        files = [safe(visible(file.name)) for file in record.files]
        return safe(gettext("、").join([*(f"{word}" for word in words if f"{word}"), *files]))

    def faults(self, folder: str) -> list[Finding]:
        """Return the errors and warnings about a record's files."""
        return [
            found
            for found in self.findings
            if found.path.startswith(f"{folder}/") and found.severity in {"error", "warning"}
        ]

    def broken(self, known: set[str]) -> Iterator[Shown]:
        """Yield records whose file cannot be read at all."""
        for path in sorted(self.ground.desk.entries):
            place = RecordPath.of(path)
            if place is None or place.group not in RECORD_FILES or not place.is_record:
                continue
            if place.year != f"{self.ground.year}" or place.record in known:
                continue
            faults = self.faults(place.record)
            words = faults[0].message if faults else say(FAULTY)
            yield {
                "form": GROUPS[place.group],
                "id": place.reference,
                "title": safe(visible(place.folder)),
                "date": "",
                "note": "",
                "state": safe(f"{words}"),
                "counts": False,
                "whole": False,
                "withheld": bool(self.ground.withheld(path)),
            }

    def assessment(self, result: BranchResult) -> Iterator[Shown]:
        """Yield the self-assessment and its bonus claims."""
        desk = self.ground.desk
        if not self.ground.there(desk.assessment_path):
            return
        own = desk.context.data.assessment if desk.context else None
        claims = own.claims if own else {}
        faults = [
            f
            for f in self.findings
            if f.path == desk.assessment_path and f.severity in {"error", "warning"}
        ]
        state = faults[0].message if faults else say(COUNTS)
        common = {"withheld": bool(self.ground.withheld(desk.assessment_path))}
        yield {
            "form": SelfForm.what, "id": WHOLE, "title": gettext(SELF_TITLE),
            "date": result.submitted, "note": tr(CLAIMED, of=result.of, n=len(claims)),
            "state": safe(f"{state}"), "counts": not faults, "whole": not faults, **common,
        }  # fmt: skip
        days = {claim.id: f"{claim.date or ''}" for claim in (own.bonus if own else ())}
        for line in result.bonus_lines:
            counts = line.status in {"accepted", "claimed"}
            yield {
                "form": BonusForm.what, "id": line.claim, "title": safe(line.matter),
                "date": days.get(line.claim, ""), "note": safe(f"{line.title}"),
                "state": gettext(BONUS_WORDS[line.status]), "counts": counts, "whole": counts,
                **common,
            }  # fmt: skip


def failing_of(result: BranchResult) -> dict[str, list[Words]]:
    """Return folder of a record → what it lacks for a criterion, as the reasons of lines say."""
    found: dict[str, list[Words]] = {}
    for line in result.lines:
        for message in messages_in(line.reason):
            path = message.value("path")
            if message.id == RECORD and isinstance(path, str) and path:
                failed = say("{words}", words=message.value("failed") or "")
                if failed not in found.setdefault(path, []):
                    found[path].append(failed)
    return found


def messages_in(value: object) -> Iterator[Message]:
    """Yield a message and all that it is made of."""
    if isinstance(value, Message):
        yield value
        for _, own in value.values:
            yield from messages_in(own)
    elif isinstance(value, Listed):
        for own in value.items:
            yield from messages_in(own)
