"""What the committee keeps of made-up branches: lists, reviews, vetoes, ballots, opinions."""

from __future__ import annotations

import datetime
import json
from hashlib import sha256
from typing import TYPE_CHECKING

from benchmarks import words
from benchmarks.branches import consortium_id
from benchmarks.made import EARLIER, YEAR, Branch, Dice, File, branch_id, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from benchmarks.made import Claim
    from benchmarks.rules import Criterion, Rules

BEGIN = datetime.date(EARLIER, 1, 2)
OPENED = datetime.date(YEAR, 1, 2)
REVIEWED = datetime.date(YEAR + 1, 1, 5)
COMMITTEE_LOGIN = "example-committee"
#: How often things happen, in a hundred.
BRANCH_REVIEWED = 60
WHOLLY = 50
UNDECIDED = 20
VETO = 0.5
WRITTEN = 10
ABSENT = 5
STATES = ("verified", "dismissed", "alleged", "under-review")


def common_files(rubric: Path, branches: int) -> Iterator[File]:
    """Yield the rubric, the committee's lists, and the frame of both years."""
    yield File("rubric.yml", rubric.read_bytes(), BEGIN)
    consortia = list(dict.fromkeys(consortium_id(number) for number in range(branches)))
    titles = [f"第{words.numeral(n)}示例联合体" for n in range(1, len(consortia) + 1)]
    lines = [f"- {{id: {c}, title: {t}}}" for c, t in zip(consortia, titles, strict=True)]
    yield _file("consortia.yml", lines, BEGIN)
    yield _file("roster.yml", ["members:", f"  - {COMMITTEE_LOGIN}"], BEGIN)
    for year, stage, day in ((EARLIER, "final", BEGIN), (YEAR, "review", OPENED)):
        lines = [
            f"period: {{from: {year}-01-01, to: {year}-12-31}}",
            f"stage: {stage}",
            f"deadlines: {{self_assessment: {year}-12-20}}",
        ]
        yield _file(f"{year}/appraisal.yml", lines, day)
    decision = ["meeting: 示例会议〔2025〕1号", f"decided: {YEAR}-01-20", "notice: 示例〔2025〕1号"]
    yield _file(f"{EARLIER}/decision.yml", decision, OPENED)
    teams = (("first", "第一督导团", consortia), ("second", "第二督导团", consortia[::-1]))
    for name, title, order in teams:
        lines = [
            f"title: {title}（示例）",
            f"order: [{', '.join(order)}]",
            "opinion: 多数联合体活动经常，个别支部报送不及时。",
        ]
        yield _file(f"{YEAR}/supervision/{name}.yml", lines, REVIEWED)


def debrief_file(numbers: Iterable[int], seed: int, rules: Rules) -> File:
    """Return the ballots of all these branches."""
    lines = [f"held: {YEAR + 1}-01-10", "branches:"]
    lines += [f"  {branch_id(n)}: {_ballots(n, seed, rules)}" for n in numbers]
    return _file(f"{YEAR}/debrief.yml", lines, REVIEWED)


def _ballots(number: int, seed: int, rules: Rules) -> str:
    rng = Dice(f"{seed}:debrief:{number}")
    if rng.likely(ABSENT):
        return "{mode: none, reason: 因公未到}"
    if rng.likely(WRITTEN):
        return f"{{mode: written, points: {rng.randint(4, 10) / 4:g}, reason: 以书面述职评分}}"
    votes, counts = rng.randint(10, 40), []
    for level in rules.ballot[:-1]:
        taken = rng.randint(votes // 2, votes)
        counts.append(f"{level}: {taken}")
        votes -= taken
    counts += [f"{level}: {votes}" for level in rules.ballot[-1:]]
    return f"{{mode: onsite, ballots: {{{', '.join(counts)}}}, void: {rng.randint(0, 2)}}}"


def branch_files(branch: Branch, seed: int, rules: Rules) -> Iterator[File]:
    """Yield the review of a branch and its vetoes, where there are any."""
    rng = Dice(f"{seed}:review:{branch.number}")
    if branch.claims and rng.likely(BRANCH_REVIEWED):
        lines = [*_criteria(branch, rng, rules), *_bonus(branch, rng)]
        if lines:
            yield _file(f"{YEAR}/reviews/{branch.id}.yml", lines, REVIEWED)
    if rules.vetoes and rng.likely(VETO):
        lines = [
            f"- veto: {rng.choice(rules.vetoes)}",
            f"  state: {rng.choice(STATES)}",
            "  reason: 由有关部门通报（示例）",
            "  reference: 示例通报〔2025〕1号",
            f"  date: {REVIEWED}",
        ]
        yield _file(f"{YEAR}/vetoes/{branch.id}.yml", lines, REVIEWED)


def _criteria(branch: Branch, rng: Dice, rules: Rules) -> list[str]:
    """Decide some criteria, or every one that is left to the committee."""
    whole = rng.likely(WHOLLY)
    claims = {claim.criterion: claim for claim in branch.claims}
    lines = []
    for criterion in rules.criteria:
        claim = claims.get(criterion.id)
        if not whole and (claim is None or rng.likely(UNDECIDED)):
            continue
        lines += _decided(criterion.id, _decision(claim, criterion, rng), rng)
        if claim is not None and claim.points is not None:
            lines.append(f"    reviewed: {fingerprint(claim)}")
    for name, kind in rules.undecided.items():
        if whole and kind not in branch.kinds:
            lines += _decided(name, "not_applicable: full", rng)
    return ["criteria:", *lines] if lines else []


def _decided(criterion: str, decision: str, rng: Dice) -> list[str]:
    return [
        f"  {criterion}:",
        f"    {decision}",
        f"    reason: {rng.choice(words.REASONS)}",
        "    by: 考核办公室",
        f"    date: {REVIEWED}",
    ]


def _decision(claim: Claim | None, criterion: Criterion, rng: Dice) -> str:
    """Return the key that decides; a section is never left without a criterion."""
    if claim is None:
        return f"points: {criterion.points / 2:g}"
    if claim.points is None:
        fitting = ("full", "zero") if criterion.alone else ("full", "zero", "excluded")
        return f"not_applicable: {rng.choice(fitting)}"
    points = float(claim.points)
    return f"points: {points if rng.likely(70) else max(points - 0.5, 0):g}"


def _bonus(branch: Branch, rng: Dice) -> list[str]:
    lines = []
    for claim in branch.bonus:
        if rng.likely(30):
            continue
        lines += [
            f"  {claim.id}:",
            f"    accepted: {'true' if rng.likely(80) else 'false'}",
            f"    level: {claim.level}",
            "    reason: 文件核对无误",
            f"    date: {REVIEWED}",
        ]
    return ["bonus:", *lines] if lines else []


def fingerprint(claim: Claim) -> str:
    """Return the fingerprint of what a reviewer saw (docs/format.md §5, rule 10): 64 hex digits."""
    blobs = {path: blob for record in claim.records for path, blob in record.blobs.items()}
    seen = {"claim": _canonical(claim.text), "evidence": blobs}
    return sha256(_canonical(seen).encode("utf-8")).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _file(name: str, lines: list[str], day: datetime.date) -> File:
    return File(f"committee/{name}", encode(lines), day)
