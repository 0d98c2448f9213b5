"""Robustness: no byte of any file makes the program fail.

The first part changes one byte of one file at a time. What then differs in the figures is told:
by a finding, or by a line of the scorecard that gives another reason.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import EntryKind
from generator.reports.scores import as_table
from generator.results.document import branch_json, canonical, to_json
from generator.text.numbers import read_json
from tests.gitrepo import GitRepo
from tests.guarding import assert_printable
from tests.memory import MemoryTree, base_files
from tests.support import appraise
from tests.test_attachments import docx, jpeg, pdf, png, xlsx
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.engine.evaluate import Evaluation
    from generator.text.findings import Finding

SEED = 20251012
YEAR = "branches/demo-a/2025"
AWARD = f"{YEAR}/documents/award"
ROLL = "member,status\nA1,present\nA2,leave\nA3,absent\n"


def repository() -> dict[str, bytes]:
    """Return the base repository with a file of every kind that the program reads."""
    files = base_files()
    claims = files[f"{YEAR}/self-assessment.yml"].decode("utf-8")
    bonus = (
        "bonus:\n  - {id: award, rule: bonus-award, level: municipal, matter: 示例表彰, "
        "date: 2025-06-30, evidence: [documents/award]}\n"
    )
    activity = (
        "title: 支部党员大会\ntype: member-meeting\ndate: 2025-07-01\nplace: 会议室\n"
        "collective: true\njoint_with: [demo-b]\nattendance: {file: roll.csv}\nphotos: [现场.jpg]\n"
    )
    folder = f"{YEAR}/activities/2025-07-01-meeting"
    award = "[award.pdf, photo.png, table.xlsx, text.docx]"
    extra: dict[str, str | bytes] = {
        f"{YEAR}/self-assessment.yml": claims + bonus,
        f"{folder}/activity.yml": activity,
        f"{folder}/roll.csv": ROLL,
        f"{folder}/现场.jpg": jpeg(),
        f"{folder.replace('demo-a', 'demo-b')}/activity.yml": activity.replace("demo-b", "demo-a"),
        f"{folder.replace('demo-a', 'demo-b')}/roll.csv": ROLL,
        f"{folder.replace('demo-a', 'demo-b')}/现场.jpg": jpeg(),
        f"{AWARD}/document.yml": f"kind: plan\ntitle: 表彰\ndate: 2025-06-30\nfiles: {award}\n",
        f"{AWARD}/award.pdf": pdf(),
        f"{AWARD}/photo.png": png(),
        f"{AWARD}/table.xlsx": xlsx(),
        f"{AWARD}/text.docx": docx(),
        "committee/roster.yml": "members: [example-committee]\n",
        "committee/2025/reviews/demo-a.yml": (
            "criteria:\n"
            "  study: {points: 3.5, reason: 学习记录不全, by: office, date: 2026-01-05}\n"
            "bonus:\n"
            "  award: {accepted: true, level: central, reason: 核对无误, date: 2026-01-05}\n"
        ),
        "committee/2025/vetoes/demo-b.yml": (
            "- {veto: veto-inactive, state: dismissed, reason: 已核实, date: 2026-01-06}\n"
        ),
        "committee/2025/supervision/first.yml": "title: 第一督导团\norder: [east]\nopinion: 无\n",
    }
    return {
        **files,
        **{p: d.encode("utf-8") if isinstance(d, str) else d for p, d in extra.items()},
    }


FILES = repository()
#: What a byte may become, besides itself with one bit flipped, nothing, and itself twice.
BECOMES = [
    b"\0", b"\n", b"\r", b" ", b"\t", b":", b"#", b"-", b"'", b'"', b"[", b"{", b"&", b"*", b"!",
    b"%", b"0", b"9", b".", b"\x1b", b"\xff", b"\xc2",
]  # fmt: skip
#: So many changes a file; the seed is fixed, the places differ from file to file.
SAMPLES = 30
#: Into so many parts they are dealt out, of which each run takes one.
PARTS = 6


def changed(byte: int, source: random.Random) -> bytes:
    """Return what one byte becomes."""
    flipped = [bytes([byte ^ 1 << bit]) for bit in (0, 5, 7)]
    return source.choice([*flipped, b"", bytes([byte, byte]), *BECOMES])


def mutations(path: str) -> Iterator[tuple[str, bytes]]:
    """Return changes of one file, the same in every run: a label and the file's new content."""
    data = FILES[path]
    source = random.Random(f"{SEED}{path}")
    for place in sorted(source.sample(range(len(data)), min(SAMPLES, len(data)))):
        new = changed(data[place], source)
        if new != data[place : place + 1]:
            yield f"byte {place}: {new!r}", data[:place] + new + data[place + 1 :]


@dataclass(frozen=True)
class Answer:
    """What the program says of a tree: its findings, and its results as JSON by branch."""

    findings: frozenset[Finding]
    branches: dict[str, dict[str, Any]]

    @classmethod
    def to(cls, files: dict[str, bytes]) -> Answer:
        """Evaluate, and word everything as the reports do."""
        found = evaluate(MemoryTree(files), 2025)
        assert_printable(found.findings)
        whole = (
            {}
            if found.results is None
            else read_json(canonical(to_json(found.results)).decode("utf-8"))
        )
        return cls(frozenset(found.findings), {b["id"]: b for b in whole.get("branches", ())})


@pytest.fixture(scope="module")
def before() -> Answer:
    """Return the results of the repository as it is: no error, and every branch has a grade."""
    found = Answer.to(FILES)
    assert [f for f in found.findings if f.severity == "error"] == []
    assert len(found.branches) == 2
    assert any(branch["grade"] for branch in found.branches.values())
    return found


FIGURES = ("points", "max")
STANDING = ("rank", "rank_range", "grade")


def unexplained(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return the lines whose points differ while all that explains them is the same."""
    lines = {(x["criterion"], x["part"]): x for x in old["lines"]}
    silent = []
    for line in new["lines"]:
        was = lines.get((line["criterion"], line["part"]))
        if was is None or was["points"] == line["points"]:
            continue
        if all(line[key] == was[key] for key in line if key not in FIGURES):
            silent.append(line["criterion"])
    return silent


def sums(branch: dict[str, Any]) -> bool:
    """Whether a branch's figures are the sums of its lines."""
    if branch["fixed"] is None:
        return not branch["lines"]
    parts = [x["points"] or 0 for x in branch["lines"] if x["part"] is None]
    extra = [x["points"] for x in branch["bonus_lines"] if x["status"] == "accepted"]
    pairs = ((sum(parts), branch["fixed"]), (sum(extra), branch["bonus"]))
    return all(abs(one - other) < 1e-9 for one, other in pairs)


def compare(path: str, before: Answer, after: Answer) -> list[str]:
    """Return what is wrong with the answer to a change of one file, nothing where it holds."""
    told = after.findings != before.findings
    if not after.branches:
        return [] if told else ["no results and no finding"]
    if after.branches.keys() != before.branches.keys():
        return ["another set of branches"]
    wrong = []
    for key, branch in after.branches.items():
        was = before.branches[key]
        if not sums(branch):
            wrong.append(f"{key}: lines do not add up")
        if (
            path.startswith("branches/")
            and path.split("/")[1] != key
            and foreign(was) != foreign(branch)
        ):
            wrong.append(f"{key}: moved by another branch's file")
        if not told and path != "rubric.yml":
            wrong += [f"{key}: {line} changed without a word" for line in unexplained(was, branch)]
    own = path.startswith(("committee/", "rubric.yml"))
    if (
        not (told or own)
        and standing(before) != standing(after)
        and totals(before) == totals(after)
    ):
        wrong.append("ranks or grades moved without points")
    return wrong


def standing(answer: Answer) -> list[list[Any]]:
    """Return ranks and grades."""
    return [[branch[key] for key in STANDING] for _, branch in sorted(answer.branches.items())]


def totals(answer: Answer) -> list[Any]:
    """Return totals."""
    keys = ("total", "low", "high")
    return [[branch[key] for key in keys] for _, branch in sorted(answer.branches.items())]


def foreign(branch: dict[str, Any]) -> dict[str, Any]:
    """Return what of a branch no other branch's files may move."""
    return {key: value for key, value in branch.items() if key not in STANDING}


@pytest.mark.parametrize("part", tiered(range(PARTS), often=1))
@pytest.mark.parametrize("path", sorted(FILES))
def test_any_one_byte_of_any_file(path: str, part: int, before: Answer) -> None:
    wrong = {}
    for label, data in islice(mutations(path), part, None, PARTS):
        problems = compare(path, before, Answer.to({**FILES, path: data}))
        if problems:
            wrong[label] = problems
    assert wrong == {}


@pytest.mark.parametrize("path", sorted(FILES))
def test_files_cut_short_emptied_or_of_noise(path: str, before: Answer) -> None:
    data, source = FILES[path], random.Random(f"{SEED}{path}")
    contents = [b"", b"\n", b"\xef\xbb\xbf", data[: len(data) // 2], data[:-1], data * 2]
    contents += [source.randbytes(200), data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data]
    for content in contents:
        assert compare(path, before, Answer.to({**FILES, path: content})) == []


def test_the_working_tree_and_the_pages_of_reports_hold(tmp_path: Path) -> None:
    for path, data in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    for path in (f"{YEAR}/self-assessment.yml", "committee/2025/decision.yml", "rubric.yml"):
        (tmp_path / path).write_bytes(FILES[path].replace(b"e", b"\xff"))
        for command in ("check", "score"):
            for form in (["--format", "json"], []):
                result = appraise(command, *form, root=tmp_path)
                assert result.exit_code == 1
                result.stdout.encode("utf-8")
        (tmp_path / path).write_bytes(FILES[path])


# --- one branch's bad files ----------------------------------------------------------------

BROKEN: dict[str, bytes | EntryKind | None] = {
    "syntax": b"x: [\n",
    "noise": bytes(range(256)),
    "GBK": "名称: 支部\n".encode("gbk"),
    "UTF-16": "name: x\n".encode("utf-16"),
    "deep": b"[" * 50_000,
    "lists": b"- " * 25_000,
    "empty": b"",
    "anchors": b"a: &a [x]\nb: *a\n",
    "link": EntryKind.LINK,
    "submodule": EntryKind.SUBMODULE,
    "gone": None,
}
MANY = 20


def twenty() -> dict[str, bytes]:
    """Return a repository of twenty branches."""
    files = {p: d for p, d in base_files().items() if not p.startswith("branches/")}
    own = {p: d for p, d in base_files().items() if p.startswith("branches/demo-a/")}
    for number in range(MANY):
        for path, data in own.items():
            text = data.decode("utf-8").replace("4.5", f"{number % 5}.5")
            text = text.replace("year: 1", f"year: {number}") + f"# {number}\n"
            files[path.replace("demo-a", f"b-{number:02}")] = text.encode("utf-8")
    return files


def lines_of(found: Evaluation) -> dict[str, bytes]:
    """Return each branch's part of the results, its standing among the others left out."""
    assert found.results is not None
    return {b.id: canonical(foreign(branch_json(b))) for b in found.results.branches}


@pytest.fixture(scope="module")
def many() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return twenty branches and the result of each."""
    files = twenty()
    return files, lines_of(evaluate(MemoryTree(files)))


def broken(files: dict[str, bytes], path: str, new: bytes | EntryKind | None) -> MemoryTree:
    """Return the tree with one file replaced."""
    if isinstance(new, EntryKind):
        return MemoryTree(files, {path: new})
    left = {p: d for p, d in files.items() if p != path}
    return MemoryTree(left if new is None else {**left, path: new})


@pytest.mark.parametrize("label", BROKEN)
def test_one_broken_file_of_twenty(
    many: tuple[dict[str, bytes], dict[str, bytes]], label: str
) -> None:
    files, scored = many
    names = ("branch.yml", "2025/self-assessment.yml", "2025/documents/plan/document.yml")
    path = f"branches/b-07/{names[list(BROKEN).index(label) % 3]}"
    found = evaluate(broken(files, path, BROKEN[label]))
    assert_printable(found.findings)
    assert any(f.path.startswith("branches/b-07/") for f in found.findings)
    after = lines_of(found)
    assert after.keys() == scored.keys()
    assert {k for k, v in after.items() if v != scored[k]} <= {"b-07"}


@pytest.mark.parametrize("label", ["syntax", "noise", "GBK", "UTF-16", "deep", "lists", "empty"])
def test_every_file_of_a_branch_broken(
    many: tuple[dict[str, bytes], dict[str, bytes]], label: str
) -> None:
    files, _ = many
    bad = BROKEN[label]
    assert isinstance(bad, bytes)
    torn = {p: bad if p.startswith("branches/b-07/2025/") else d for p, d in files.items()}
    found = evaluate(MemoryTree(torn))
    assert found.results is not None
    branch = branch_json(next(b for b in found.results.branches if b.id == "b-07"))
    assert branch["status"] == "unreadable"
    assert [branch[key] for key in ("total", "fixed", "rank", "grade", "low")] == [None] * 5
    assert {f.code[0] for f in found.findings if f.path.startswith("branches/b-07/2025/")} >= {"Y"}
    assert "无法计分" in as_table(found.results)


# --- missing history -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def shallow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone that holds the last commit of two lines alone."""
    whole, clone = (tmp_path_factory.mktemp(name) for name in ("whole", "clone"))
    repo = GitRepo(whole)
    path = "branches/demo-a/2025/documents/plan/plan.md"
    repo.git("update-ref", "refs/heads/topic", repo.change({path: "x\n"}))
    repo.git("update-ref", "refs/heads/main", repo.change({path.replace("-a", "-b"): "y\n"}))
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", whole.as_uri(), str(clone))
    return clone


@pytest.mark.parametrize(
    "command",
    [
        "check",
        "score",
        "check --at HEAD",
        "score --at HEAD",
        "check --since origin/topic",
        "explain demo-a",
        "impact origin/main origin/topic",
        "guard origin/main origin/topic --author example-a",
    ],
)
def test_a_part_of_the_history_is_not_enough(shallow: Path, command: str) -> None:
    result = appraise(*command.split(), root=shallow)
    assert result.exit_code == 2
    assert "git fetch --unshallow" in result.stderr
    assert "2025-" not in result.stdout
