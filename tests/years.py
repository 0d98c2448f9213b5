"""Years written as data for tests of points, ranks and findings: small, in memory, by hand.

Files are JSON, which is YAML as well. A branch holds what it filed: claims, records, bonus claims.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.engine.evaluate import evaluate
from generator.engine.year import Means
from generator.results.document import dump_parts
from tests.memory import MemoryTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.engine.evaluate import Evaluation

YEAR = 2025
Data = dict[str, Any]


def judged(name: str, points: float = 10, **more: Any) -> Data:
    """Return a criterion that people judge."""
    return {"id": name, "title": name, "points": points, "method": "judgement", **more}


def section(name: str, *criteria: Data, points: float | None = None) -> Data:
    """Return a section whose points are the sum of its criteria unless given."""
    total = sum(c["points"] for c in criteria) if points is None else points
    return {"id": name, "title": name, "clause": name, "points": total, "criteria": [*criteria]}


def rubric(*sections: Data, **more: Any) -> Data:
    """Return a rubric of these sections."""
    total = sum(s["points"] for s in sections)
    return {
        "rubric": {"id": "small", "title": "示例办法", "total": total},
        "rounding": {"places": 2, "mode": "half-up"},
        "branch_kinds": {"regular": "党支部", "functional": "功能型党支部"},
        "activity_types": {"theme-day": "主题党日", "meeting": "支部党员大会"},
        "document_kinds": {
            "plan": {"title": "计划"},
            "form": {
                "title": "表",
                "fields": {
                    "sign": "boolean",
                    "flag": "boolean",
                    "rooms": "count",
                    "area": "number",
                    "note": "text",
                    "held": "date",
                    "filed": "date",
                    "level": {"choice": ["a", "b"]},
                },
            },
        },
        "sections": [*sections],
        **more,
    }


def activity(date: str = "2025-03-12", slug: str = "x", **more: Any) -> tuple[str, Data]:
    """Return a record of an activity, by its path below the year."""
    data = {"title": f"{date} {slug}", "type": "theme-day", "date": date, "place": "会议室", **more}
    return f"activities/{date}-{slug}/activity.yml", data


def document(slug: str = "x", kind: str = "plan", date: str = "2025-02-01", **more: Any) -> Any:
    """Return a record of a document, by its path below the year; ``more`` are its fields."""
    data: Data = {"kind": kind, "title": slug, "date": date}
    return f"documents/{slug}/document.yml", data | ({"fields": more} if more else {})


def claim(points: float, *evidence: str, **more: Any) -> Data:
    """Return a claim of points."""
    return {"points": points, "statement": "已完成", "evidence": [*evidence], **more}


def award(name: str, level: str, matter: str, rule: str = "award", **more: Any) -> Data:
    """Return a bonus claim."""
    data = {"id": name, "rule": rule, "level": level, "matter": matter, "date": "2025-06-30"}
    return data | {"evidence": []} | more


@dataclass
class Branch:
    """What one branch filed, and what the committee keeps of it."""

    claims: Data = field(default_factory=dict)
    records: list[tuple[str, Data]] = field(default_factory=list)
    bonus: list[Data] = field(default_factory=list)
    reviews: Data = field(default_factory=dict)
    decided: Data = field(default_factory=dict)
    vetoes: list[Data] | None = None
    debrief: Data | None = None
    kind: str = "regular"
    files: dict[str, Any] = field(default_factory=dict)
    silent: bool = False

    def write(self, name: str) -> dict[str, Any]:
        """Return all its files by path."""
        home, committee = f"branches/{name}", f"committee/{YEAR}"
        files: dict[str, Any] = {
            f"{home}/branch.yml": {
                "name": name,
                "kind": self.kind,
                "societies": ["示例学会"],
                "established": "2016-05-20",
                "members": 10,
                "submitters": [f"login-{name}"],
            }
        }
        if not self.silent:
            own: Data = {"submitted": "2025-12-10", "claims": self.claims, "bonus": self.bonus}
            files[f"{home}/{YEAR}/self-assessment.yml"] = own
        files |= {f"{home}/{YEAR}/{path}": data for path, data in self.records}
        if self.reviews or self.decided:
            review = {"criteria": self.reviews, "bonus": self.decided}
            files[f"{committee}/reviews/{name}.yml"] = review
        if self.vetoes is not None:
            files[f"{committee}/vetoes/{name}.yml"] = self.vetoes
        return files | {f"{home}/{path}": data for path, data in self.files.items()}


def year_of(rules: Data, branches: Mapping[str, Branch], **committee: Any) -> dict[str, Any]:
    """Return all files of a year by path; ``committee`` are its further files by name."""
    folder = f"committee/{YEAR}"
    period = {"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}
    files: dict[str, Any] = {
        "rubric.yml": rules,
        f"{folder}/appraisal.yml": {"period": period, "stage": "review"},
    }
    entries = {name: b.debrief for name, b in branches.items() if b.debrief is not None}
    if entries:
        files[f"{folder}/debrief.yml"] = {"held": "2026-01-10", "branches": entries}
    for name, branch in branches.items():
        files |= branch.write(name)
    return files | {f"{folder}/{name}.yml": data for name, data in committee.items()}


def evaluated(files: Mapping[str, Any], receipts: Any = None) -> Evaluation:
    """Evaluate the year; text and bytes are written as they are, anything else as JSON."""
    raw = {path: encoded(data) for path, data in files.items()}
    return evaluate(MemoryTree(raw), YEAR, Means(receipts=receipts))


def encoded(data: Any) -> bytes:
    """Return the bytes of a file."""
    if isinstance(data, bytes):
        return data
    return (data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)).encode("utf-8")


def branches_of(files: Mapping[str, Any], receipts: Any = None) -> dict[str, Data]:
    """Return every branch of the results in the form of the contract, by id."""
    results = evaluated(files, receipts).results
    assert results is not None
    written = json.loads("".join(dump_parts(results)))
    return {branch["id"]: branch for branch in written["branches"]}


def scored(rules: Data, branch: Branch, receipts: Any = None) -> Data:
    """Return the results of a year's only branch."""
    return branches_of(year_of(rules, {"a": branch}), receipts)["a"]


def found(rules: Data, branch: Branch | None = None, code: str = "B") -> list[tuple[str, str]]:
    """Return (code, pointer) of the findings whose code starts with ``code``."""
    findings = evaluated(year_of(rules, {"a": branch or Branch()})).findings
    return [(f.code, f.pointer) for f in findings if f.code.startswith(code)]
