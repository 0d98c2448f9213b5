"""What stands between a year and its end: a line a thing, with who settles it, and where."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.checks.committee.audit import NOT_VERIFIED
from generator.files.limits import MEGABYTE
from generator.files.paths import (
    APPRAISAL_FILE,
    AUDIT_FILE,
    DEBRIEF_FILE,
    DECISION_FILE,
    DUE_FILE,
    RECEIVED_FOLDER,
    RUBRIC_PATH,
    TEAMS_FOLDER,
    BranchPath,
    CommitteePath,
    committee_folder,
    review_path,
)
from generator.formats.committee_files import FINAL, STAGES
from generator.loading.sizes import megabytes as exact_megabytes
from generator.reports.findings import safe
from generator.rubric.methods.ballot import NO_BALLOT, UNTOLD, UNWEIGHED
from generator.rubric.methods.parts import FAULTY
from generator.text.codes import CODES
from generator.text.findings import Severity
from generator.text.language import gettext, mark, tr
from generator.text.messages import Listed, Message, Value, Words, listed, say
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.engine.freeze.standing import Standing
    from generator.text.findings import Finding

SCHEMA = "appraisal-ready/1"
#: Who settles a line, in the order in which they are told.
BRANCH, OFFICE, TEAMS, COMMITTEE = "branch", "office", "teams", "committee"
WHO = {
    BRANCH: mark("党支部"),
    OFFICE: mark("考核办公室"),
    TEAMS: mark("督导团"),
    COMMITTEE: mark("党委"),
}
#: Lines of the year itself, where findings have a code.
UNCOMMITTED, STAGE = "commit", "stage"
#: Files that those keep who ask and count.
OFFICE_FILES = frozenset({AUDIT_FILE, DEBRIEF_FILE, DUE_FILE})
#: Why the ballots of a criterion give nothing yet: what to write is in debrief.yml.
NO_VOTES = frozenset({UNTOLD, UNWEIGHED, NO_BALLOT})

REVIEW = mark("运行 appraise review {branch} --year {year} --write，在 {path} 里写好核定")
DEBRIEF = mark("在 {path} 登记这个支部的测评票，或书面述职的得分")
REOPEN = mark("{hint}（现在是{stage}阶段，先由党委把 {path} 的 stage 改回 review）")
DECISION = mark("写 {path}：会议、决定日期，和与计算不同的等次及其理由")
DECIDE = mark("在 {path} 把它写成 verified 或 dismissed，并写理由")
SEND = mark("git add branches committee {rubric}，再 git commit")
PUT_FINAL = mark("把 {path} 的 stage 改为 final，提交")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that blocks the end: who settles it, about which branch, what, where and how.

    ``code`` is that of a finding, or ``commit`` or ``stage``; ``fingerprint`` stays the same when
    lines of files move.
    """

    who: str
    branch: str | None
    code: str
    path: str
    line: int
    what: Words
    settle: Words
    fingerprint: str


def lines_of(standing: Standing) -> list[Line]:
    """Return all that blocks the end of a year; nothing exactly where ``finalize`` succeeds."""
    if standing.frozen:
        return []
    found = [line_of(finding, standing) for finding in standing.errors]
    appraisal = f"{committee_folder(standing.year)}/{APPRAISAL_FILE}"
    if standing.stage != FINAL:
        what = say("阶段还是{stage}", stage=stage_words(standing.stage))
        settle = say(PUT_FINAL, path=appraisal)
        found.append(Line(COMMITTEE, None, STAGE, appraisal, 1, what, settle, STAGE))
    if standing.dirty:
        what, settle = say("有改动还没有提交"), say(SEND, rubric=RUBRIC_PATH)
        found.append(Line(COMMITTEE, None, UNCOMMITTED, "", 1, what, settle, UNCOMMITTED))
    order = list(WHO)
    return sorted(found, key=lambda line: (order.index(line.who), line.branch or ""))


def line_of(finding: Finding, standing: Standing) -> Line:
    """Return a finding as a line."""
    who, settle = settled_by(finding, standing)
    return Line(
        who,
        finding.branch,
        finding.code,
        finding.path,
        finding.line,
        finding.message,
        settle,
        finding.fingerprint,
    )


def settled_by(finding: Finding, standing: Standing) -> tuple[str, Words]:
    """Return who settles a finding, and how."""
    year, folder = standing.year, committee_folder(standing.year)
    if finding.code in {"C007", "C009"} and finding.branch is not None:
        return unassessed(finding, standing, finding.branch)
    if finding.code == "R004" and finding.branch is not None:
        return COMMITTEE, say(DECIDE, path=f"{folder}/vetoes/{finding.branch}.yml")
    if finding.code == "C004" and finding.path.endswith(APPRAISAL_FILE):
        return COMMITTEE, say(DECISION, path=f"{folder}/{DECISION_FILE}")
    own = CommitteePath.of(finding.path)
    if own is not None:
        return keeper_of(finding, own), finding.hint
    branch = BranchPath.of(finding.path)
    if branch is None or branch.group != f"{year}":
        return COMMITTEE, finding.hint
    return BRANCH, by_branch(finding.hint, standing)


def keeper_of(finding: Finding, path: CommitteePath) -> str:
    """Return who settles a finding in a file of the committee."""
    if path.group == TEAMS_FOLDER:
        return TEAMS
    office = path.names[-1] in OFFICE_FILES or path.group == RECEIVED_FOLDER
    return OFFICE if office and not mentions(finding.message, {NOT_VERIFIED}) else COMMITTEE


def unassessed(finding: Finding, standing: Standing, branch: str) -> tuple[str, Words]:
    """Return who settles a criterion that nobody verified, and how."""
    folder = committee_folder(standing.year)
    if mentions(finding.message, NO_VOTES):
        return OFFICE, say(DEBRIEF, path=f"{folder}/{DEBRIEF_FILE}")
    if mentions(finding.message, {FAULTY}):
        return COMMITTEE, say("按校验提示改正 {path}", path=RUBRIC_PATH)
    own = isinstance(finding.hint, Message) and finding.hint.id != CODES[finding.code].hint
    if own and (standing.stage == "open" or not names_line(finding)):
        return BRANCH, by_branch(finding.hint, standing)
    path = review_path(branch, standing.year)
    return COMMITTEE, say(REVIEW, branch=branch, year=f"{standing.year}", path=path)


def names_line(finding: Finding) -> bool:
    """Whether a finding is of a line, which a review can settle."""
    message = finding.message
    return isinstance(message, Message) and bool(message.value("criterion"))


def by_branch(hint: Words, standing: Standing) -> Words:
    """Return what a branch is to do: while its files are closed to it, they are opened first."""
    if standing.stage in {"open", "review"}:
        return hint
    path = f"{committee_folder(standing.year)}/{APPRAISAL_FILE}"
    return say(REOPEN, hint=hint, stage=stage_words(standing.stage), path=path)


def mentions(value: Value, ids: Iterable[str]) -> bool:
    """Whether one of some messages is in a value."""
    if isinstance(value, Listed):
        return any(mentions(item, ids) for item in value.items)
    if not isinstance(value, Message):
        return False
    return value.id in ids or any(mentions(own, ids) for _, own in value.values)


def stage_words(stage: str) -> Words:
    """Return the title of a stage."""
    return say(STAGES[stage]) if stage in STAGES else stage


def claimed_alone(lines: Iterable[Line]) -> int:
    """Return how many lines a committee that takes claims over as they stand would settle."""
    return sum(line.code == "C009" for line in lines)


def warnings_of(standing: Standing) -> Counter[str]:
    """Return code → number of warnings: they block nothing, and somebody should look at them."""
    found = standing.evaluation.findings
    return Counter(f.code for f in found if f.severity == Severity.WARNING)


def as_json(standing: Standing) -> str:
    """Return the list as JSON (docs/format.md §8)."""
    sizes, lines = standing.sizes, lines_of(standing)
    document = {
        "schema": SCHEMA,
        "year": standing.year,
        "stage": standing.stage,
        "frozen": standing.frozen,
        "ready": standing.ready,
        "lines": [
            {
                "who": line.who,
                "branch": line.branch,
                "code": line.code,
                "path": line.path,
                "line": line.line,
                "message": f"{line.what}",
                "settle": f"{line.settle}",
                "fingerprint": line.fingerprint,
            }
            for line in lines
        ],
        "claimed": claimed_alone(lines),
        "warnings": dict(sorted(warnings_of(standing).items())),
        "bytes": {
            "all": sum(sizes.values()),
            "limit": standing.evaluation.allowed.branch,
            "branches": dict(sorted(sizes.items())),
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_text(standing: Standing) -> str:
    """Return the list as text: by who settles it, branch by branch, what settles several once."""
    lines = lines_of(standing)
    told = [heading(standing, lines)]
    for who, title in WHO.items():
        own = [line for line in lines if line.who == who]
        if own:
            told += ["", tr("{who}（{n} 项）", who=gettext(title), n=len(own)), *grouped(own)]
    further = () if standing.frozen else ("", *notes(standing, lines))
    return "\n".join([*told, *further]) + "\n"


def heading(standing: Standing, lines: list[Line]) -> str:
    """Say how far the year is from its end."""
    if standing.frozen:
        return tr("{year} 年已经定稿", year=standing.year)
    if not lines:
        return tr("{year} 年可以定稿：appraise finalize {year}", year=standing.year)
    return tr("{year} 年离定稿还差 {n} 项", year=standing.year, n=len(lines))


def grouped(lines: list[Line]) -> Iterator[str]:
    """Yield lines of one that settles them, those that one step settles together."""
    steps: dict[tuple[str | None, str], list[Line]] = {}
    for line in lines:
        steps.setdefault((line.branch, f"{line.settle}"), []).append(line)
    for (branch, settle), own in steps.items():
        lead = f"{branch}  " if branch else ""
        yield f"  {lead}{safe(settle)}"
        for line in own:
            where = f"{line.path}:{line.line}  " if line.path else ""
            yield f"    · {safe(where)}{safe(str(line.what))}"


def notes(standing: Standing, lines: list[Line]) -> Iterator[str]:
    """Yield another way, and what blocks nothing: sizes, and what somebody should look at."""
    claimed = claimed_alone(lines)
    if claimed:
        yield tr(
            "其中只有自评的 {n} 项，逐项审阅后照自评认定的，也可在 {path} 写 accept_claims 和理由",
            n=claimed,
            path=f"{committee_folder(standing.year)}/{DECISION_FILE}",
        )
    sizes = standing.sizes
    if sizes:
        largest = max(sizes, key=lambda name: (sizes[name], name))
        yield tr(
            "佐证共 {all} MB（{n} 个支部）；每个支部最多 {limit} MB，最多的是 {branch}：{most} MB",
            all=megabytes(sum(sizes.values())),
            n=len(sizes),
            limit=plain(exact_megabytes(standing.evaluation.allowed.branch)),
            branch=largest,
            most=megabytes(sizes[largest]),
        )
    found = warnings_of(standing)
    if found:
        pairs = listed([f"{code} {n}" for code, n in sorted(found.items())], "、")
        yield tr(
            "另有 {n} 个警告不挡定稿（{pairs}），请看 appraise check --year {year}",
            n=sum(found.values()),
            pairs=pairs,
            year=standing.year,
        )


def megabytes(size: int) -> str:
    """Return bytes as megabytes with one decimal."""
    return f"{size / MEGABYTE:.1f}"
