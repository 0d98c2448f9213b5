"""A seeded generator of valid repositories: branches of about 16 files, Chinese text, attachments.

The rubric and the committee's lists are those of the sample; the branches are made up.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
YEAR = 2025
ACTIVITIES = 5
#: Plans and summaries; kinds of document that the sample's rubric knows.
DOCUMENTS = ("plan", "summary")
TITLES = ("主题党日", "专题学习", "支部党员大会", "民主评议", "志愿服务", "党课", "调研座谈")
TYPES = ("theme-day", "member-meeting")
#: Criteria that accept a summary as evidence.
CLAIMED = ("political-discipline", "political-implementation", "political-study")


def make_repository(root: Path, branches: int, seed: int = 1) -> int:
    """Write a repository of ``branches`` branches below ``root``; return the number of files."""
    rng = random.Random(seed)
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "rubric.yml", root / "rubric.yml")
    committee = root / "committee" / str(YEAR)
    committee.mkdir(parents=True)
    shutil.copy(ROOT / "committee" / "consortia.yml", root / "committee" / "consortia.yml")
    shutil.copy(ROOT / "committee" / str(YEAR) / "appraisal.yml", committee / "appraisal.yml")
    return sum(make_branch(root, f"b{number:05d}", rng) for number in range(branches))


def make_branch(root: Path, name: str, rng: random.Random) -> int:
    """Write one branch; return the number of its files."""
    home = root / "branches" / name
    year = home / str(YEAR)
    members = rng.randint(8, 40)
    files = {
        home / "branch.yml": branch_text(name, members),
        year / "self-assessment.yml": assessment_text(rng),
    }
    for number in range(ACTIVITIES):
        files |= activity_files(year, name, number, members, rng)
    for kind in DOCUMENTS:
        folder = year / "documents" / kind
        files[folder / "document.yml"] = document_text(kind)
        files[folder / f"{kind}.md"] = f"# {name} {kind}\n\n{'示例内容。' * rng.randint(5, 40)}\n"
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(files)


def branch_text(name: str, members: int) -> str:
    """Return a branch.yml."""
    return (
        f"name: 重庆市示例{name}学会党支部\nkind: regular\nsocieties: [重庆市示例{name}学会]\n"
        f"established: 2025-01-01\nmembers: {members}\nsubmitters: [example-{name}]\n"
    )


def assessment_text(rng: random.Random) -> str:
    """Return a self-assessment.yml."""
    lines = ["submitted: 2025-12-10", "claims:"]
    for criterion in CLAIMED:
        lines += [
            f"  {criterion}:",
            f"    points: {rng.randint(2, 5)}",
            "    statement: 按年度要求组织学习并完成各项任务。",
            "    evidence: [documents/summary]",
        ]
    return "\n".join(lines) + "\n"


def activity_files(
    year: Path, name: str, number: int, members: int, rng: random.Random
) -> dict[Path, str]:
    """Return the files of one activity."""
    day = f"{YEAR}-{2 * number + 1:02d}-{rng.randint(1, 28):02d}"
    folder = year / "activities" / f"{day}-activity"
    present = rng.randint(members // 2, members)
    text = (
        f"title: {rng.choice(TITLES)}\ntype: {rng.choice(TYPES)}\ndate: {day}\nplace: 学会会议室\n"
        f"collective: true\nrecord: record.md\n"
        f"attendance: {{members: {members}, present: {present}, absent: {members - present}}}\n"
    )
    record = f"# {name} {day}\n\n{'本次活动学习文件并讨论。' * rng.randint(3, 30)}\n"
    return {folder / "activity.yml": text, folder / "record.md": record}


def document_text(kind: str) -> str:
    """Return a document.yml."""
    return f"kind: {kind}\ntitle: 年度{kind}\ndate: {YEAR}-01-15\nfiles: [{kind}.md]\n"
