"""Review files of many hands, written over: nothing in them is lost, and what is taken is valid."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from generator.cli.filing.review import form_of
from generator.engine.evaluate import evaluate, read_branch
from generator.engine.snapshot import snapshot_of
from generator.reports.review.kept import UnreadableReviewError, kept_of, parsed, same
from generator.scoring.fingerprint import plain
from generator.text.findings import Severity
from tests.memory import MemoryTree, base_files
from tests.support import BASE, appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

PATH = "committee/2025/reviews/demo-a.yml"
ASSESSMENT = "branches/demo-a/2025/self-assessment.yml"
BONUS = """bonus:
  - {id: award-1, rule: bonus-award, level: municipal, matter: 甲项表彰, date: 2025-05-01,
     evidence: [documents/plan]}
  - {id: award-2, rule: bonus-award, level: central, matter: "乙项: 表彰 #2", date: 2025-06-01,
     evidence: [documents/plan]}
"""
CRITERIA, CLAIMS = ("discipline", "study", "activities", "debrief"), ("award-1", "award-2")
REASONS = (
    "核对无误",
    "少一份材料, 已补 [一次]",
    "见“附件: 甲”",
    "第一行\n# 不是注释\n第三行",
    "null",
    "a: {b}",
    "它说：'好' \\ 完",
)
SEEDS = tiered(range(60), often=20)


class Writer:
    """Writes one review file as one of many people would, from a seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.seed = seed
        self.indent = self.dice.choice(["  ", "    ", " "])
        self.notes: list[str] = []

    def note(self, indent: str = "", chance: float = 0.3) -> list[str]:
        """Perhaps return a comment."""
        if self.dice.random() > chance:
            return []
        self.notes.append(f"记{self.seed}-{len(self.notes)}")
        return [f"{indent}# {self.notes[-1]}：points: 3"]

    def decisions(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return some decisions."""
        criteria: dict[str, dict[str, Any]] = {}
        for name in CRITERIA:
            if self.dice.random() < 0.5:
                decision: dict[str, Any] = {"points": self.dice.choice([0, 1, 2.5, 4.75])}
                if self.dice.random() < 0.2:
                    decision = {"not_applicable": self.dice.choice(["full", "zero"])}
                criteria[name] = decision | self.rest()
        bonus = {
            name: {"accepted": self.dice.random() < 0.7, "level": "municipal"} | self.rest()
            for name in CLAIMS
            if self.dice.random() < 0.6
        }
        return {"criteria": criteria, "bonus": bonus}

    def rest(self) -> dict[str, Any]:
        """Return a reason and what may stand beside it."""
        more = {"by": "考核办公室", "date": "2026-01-05"} if self.dice.random() < 0.6 else {}
        return {"reason": self.dice.choice(REASONS)} | more

    def text(self) -> str:
        """Return the file."""
        groups = [*self.decisions().items()]
        if self.dice.random() < 0.15:
            return json.dumps(dict(groups), ensure_ascii=self.dice.random() < 0.5)
        self.dice.shuffle(groups)
        lines = [*self.note(chance=0.7), *(["---"] if self.dice.random() < 0.2 else [])]
        for group, entries in groups:
            lines += [*self.note(), f"{group}:{self.dice.choice(['', ' ', '  # 记'])}".rstrip()]
            for name, values in entries.items():
                lines += [*self.note(self.indent), *self.note(), *self.entry(name, values)]
        lines += self.note()
        end = self.dice.choice(["\n", "\r\n"])
        return self.dice.choice(["", "\ufeff"]) + end.join(lines) + end

    def entry(self, name: str, values: dict[str, Any]) -> list[str]:
        """Return one decision, in a line or in several."""
        inner = self.indent * 2
        if self.dice.random() < 0.3:
            pairs = ", ".join(f"{key}: {quoted(value)}" for key, value in values.items())
            return [f"{self.indent}{name}: {{{pairs}}}"]
        lines = [f"{self.indent}{name}:"]
        for key, value in values.items():
            lines += self.note(inner, 0.1)
            if isinstance(value, str) and "\n" in value and self.dice.random() < 0.7:
                lines += [f"{inner}{key}: |-", *(f"{inner}  {line}" for line in value.split("\n"))]
            else:
                lines.append(f"{inner}{key}: {quoted(value)}")
        return lines


def quoted(value: Any) -> str:
    """Write a value as it may stand in a line."""
    return json.dumps(value, ensure_ascii=False)


def repository(review: str | None) -> MemoryTree:
    """Return the base repository with two bonus claims and a review of demo-a."""
    files = base_files()
    files[ASSESSMENT] = files[ASSESSMENT].rstrip(b"\n") + b"\n" + BONUS.encode()
    if review is not None:
        files[PATH] = review.encode()
    return MemoryTree(files)


def written_over(review: str | None) -> str:
    """Return the form that is written over a review."""
    tree = repository(review)
    return form_of(tree, read_branch(tree, "demo-a", 2025))


def figures(review: str | None) -> list[Any]:
    """Return all figures of the branch, and where it stands."""
    results = evaluate(repository(review), 2025).results
    assert results is not None
    branch = results.branch("demo-a")
    lines = [(line.criterion, line.points, line.basis) for line in branch.lines]
    bonus = [
        (line.claim, line.points, line.status, str(line.reason)) for line in branch.bonus_lines
    ]
    return [branch.total, branch.rank, branch.low, branch.high, lines, bonus]


def errors(review: str) -> list[str]:
    """Return what ``check`` refuses."""
    findings = evaluate(repository(review), 2025).findings
    return [str(f.code) for f in findings if f.severity is Severity.ERROR]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost(seed: int) -> None:
    writer = Writer(seed)
    before = writer.text()
    after = written_over(before)
    old, new = plain(parsed(before.encode())), plain(parsed(after.encode()))
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    for group in ("criteria", "bonus"):
        assert (old.get(group) or {}) == (new.get(group) or {})
    assert figures(after) == figures(before)
    assert [note for note in writer.notes if f"# {note}" not in after] == []
    assert written_over(after) == after


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_uncommented_is_valid_and_has_a_reason(seed: int) -> None:
    before = Writer(seed).text()
    form = written_over(before)
    proposals = re.findall(r"(?m)^# .*\{.*\}$", form)
    kept = kept_of(before.encode())
    decided = sum(len(kept.names(group)) for group in ("criteria", "bonus"))
    assert len(proposals) == len(CRITERIA) + len(CLAIMS) - decided
    for line in proposals:
        taken = form.replace(line, line.removeprefix("# "))
        assert errors(taken) == []
        assert "reason: " in line
        assert "reason: ," not in line
    every = re.sub(r"(?m)^# (?= .*\{.*\}$)", "", form)
    assert errors(every) == []
    found = read_branch(repository(every), "demo-a", 2025).review
    assert found is not None
    assert all(item.reason for item in found.criteria.values())
    assert all(item.reason for item in found.bonus.values())


def test_taking_off_every_sign_leaves_a_valid_file() -> None:
    form = written_over(None)
    assert errors(re.sub(r"(?m)^(\s*)# ?", r"\1", form)) == []


def test_a_draft_is_kept_until_it_is_taken() -> None:
    form = written_over(None)
    begun = re.sub(r"(?m)^(#   study: \{points: )\S+, reason: [^,]+", r"\g<1>3, reason: 再看", form)
    begun = re.sub(r"(?m)^(#   award-2: .*reason: )[^,]+", r"\g<1>待查", begun)
    assert begun != form
    assert written_over(begun) == begun


def test_a_proposal_follows_the_claim_and_a_draft_does_not() -> None:
    form = written_over(None)
    old = form.replace("points: 5, reason: 按自评核定", "points: 4, reason: 按自评核定")
    stale = re.sub(r"reviewed: [0-9a-f]{64}", f"reviewed: {'0' * 64}", old)
    assert written_over(stale) == form
    draft = stale.replace("reason: 按自评核定", "reason: 再看")
    assert written_over(draft).count("reason: 再看") == stale.count("reason: 按自评核定")


def test_keys_unknown_here_and_their_comments_stay() -> None:
    more = "# 会上说明\nextra:\n    - {a: 1}   # 一\n    - b\nlate: {x: [1, 2]}\n"
    before = f"criteria:\n  study: {{points: 1, reason: 一, extra: [a, {{b: c}}]}}\n{more}"
    after = written_over(before)
    assert more in after
    assert same(before.encode(), after.encode())
    assert written_over(after) == after


def test_what_the_rubric_does_not_define_is_not_proposed_and_what_was_decided_stays() -> None:
    decided = "criteria:\n  study: {points: 1, reason: 一}\n"
    for before in (None, decided):
        files = repository(before).files
        old, new = b"points: 5, method: judgement", b"points: 5, method: judgment"
        tree = MemoryTree({**files, "rubric.yml": files["rubric.yml"].replace(old, new)})
        after = form_of(tree, read_branch(tree, "demo-a", 2025))
        assert "#   study:" not in after
        assert "#   discipline:" in after
        assert ("  study: {points: 1, reason: 一}\n" in after) == (before is not None)


def test_comments_between_brackets_stay() -> None:
    before = (
        '{"criteria": { # 一 #二\n  # 三\n"study": {"points": 1, "reason": "#四 \\" #"}}} # 五\n'
    )
    after = written_over(before)
    assert "\n# 一 #二\n# 三\n# 五\ncriteria:\n" in after
    assert same(before.encode(), after.encode())


def test_a_decision_on_what_is_gone_stays() -> None:
    before = (
        "criteria:\n  old-one:\n    points: 1\n    reason: 一\nbonus:\n  gone: {accepted: true}\n"
    )
    after = written_over(before)
    assert "  old-one: {points: 1, reason: 一}\n" in after
    assert "  gone: {accepted: true}\n" in after


@pytest.mark.parametrize(
    "text",
    ["- a\n", "criteria: [a\n", "criteria: 5\n", "criteria: {}\ncriteria: {}\n", "bonus: []\n"],
)
def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableReviewError):
        kept_of(text.encode())
    for path, data in base_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    review = tmp_path / PATH
    review.parent.mkdir(parents=True, exist_ok=True)
    review.write_text(text, "utf-8")
    result = appraise("review", "demo-a", "--write", root=tmp_path)
    assert result.exit_code == 2
    assert "读不懂" in result.output
    assert review.read_text("utf-8") == text


def test_the_form_is_short_and_shows_what_a_reviewer_needs() -> None:
    root = BASE.parents[2]
    ids = [path.parent.name for path in root.glob("branches/*/branch.yml")]
    with snapshot_of(root) as snapshot:
        read = [read_branch(snapshot.tree, name, 2025, snapshot.receipts) for name in ids]
        texts = {own.data.id: form_of(snapshot.tree, own) for own in read if own.card.lines}
    assert len(texts) > 10
    assert max(text.count("\n") for text in texts.values()) <= 60
    form = appraise("review", "demo-a", "--year", "2025", root=root).stdout
    assert form == texts["demo-a"]
    assert "支部：上级部署的任务逐项完成，见清单。" in form
    assert "documents/task-list、documents/charter" in form
    assert "2024 年核定 4.5：章程修订稿十一月才报批" in form
