"""Random valid repositories with rubrics that nobody has seen; with ``flawed`` their records err.

Flaws are those whose effect on scores docs/format.md §5, rule 8, fixes: missing and empty
attachments, attendance that does not add up, records with unknown types or wrong dates, files
that cannot be parsed, an activity filed twice, evidence that is missing or of another kind.
"""

from __future__ import annotations

import io
import random
import zipfile
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from tests.gitrepo import blob_id
from tests.naive.rubrics import KINDS, Data, ask_by_list, make_rubric, title_levels

if TYPE_CHECKING:
    from pathlib import Path

YEAR = 2025
LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


@lru_cache(maxsize=1)
def sheet() -> bytes:
    """Return a workbook whose one sheet unpacks to 120 MB."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/workbook.xml", b"<workbook/>"),
            ("xl/worksheets/sheet1.xml", b" " * 120_000_000),
        ):
            # Without a time of its own: the same bytes on any day.
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def swollen(number: int) -> bytes:
    """Return such a workbook with content of its own: its comment is the number."""
    comment = f"{number}".encode()
    return sheet()[:-2] + len(comment).to_bytes(2, "little") + comment


class Maker:
    """Writes one random repository."""

    def __init__(self, root: Path, seed: int, *, flawed: bool, accepts: bool) -> None:
        self.accepts = accepts
        self.root, self.rng, self.flawed = root, random.Random(seed), flawed
        self.kinds = random.Random(f"kinds {seed}")
        self.asks = random.Random(f"due {seed}")
        self.rubric = make_rubric(self.rng)
        ask_by_list(self.asks, self.rubric)
        title_levels(random.Random(f"titles {seed}"), self.rubric)
        self.swells = random.Random(f"swollen {seed}")
        self.accepted: list[Data] = []
        self.entries: list[Data] = []
        self.renamed = frozenset(f"b{n:02d}" for n in range(20) if self.asks.random() < 0.2)
        self.unique = 0

    def write(self, path: str, data: Any) -> None:
        """Write a YAML file in one of two styles."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        flow = self.rng.choice([None, False])
        text = yaml.dump(
            data,
            Dumper=yaml.CSafeDumper,
            allow_unicode=True,
            sort_keys=False,
            default_flow_style=flow,
        )
        target.write_text(text, "utf-8")

    def attach(self, folder: str, name: str) -> str:
        """Write an attachment with content of its own; return its name."""
        self.unique += 1
        if self.swells.random() < 0.03:
            return self.swollen(folder, f"{name.partition('.')[0]}.xlsx")
        target = self.root / folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = "" if self.flaw(0.08) else f"# 示例 {folder} {self.unique}\n"
        if not self.flaw(0.08):
            target.write_text(content, "utf-8")
        return name

    def swollen(self, folder: str, name: str) -> str:
        """Write a workbook that unpacks to too much, mostly one that is accepted (rule 8)."""
        data = swollen(self.unique)
        target = self.root / folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        digest = blob_id(data)
        about = self.swells.choice([{"digest": digest}, {"path": f"{folder}/{name}"}])
        code = "E014" if not self.flawed or self.swells.random() < 0.6 else "E016"
        self.accepted.append({"code": code, **about, "reason": "历年汇总", "date": "2026-01-05"})
        return name

    def flaw(self, chance: float) -> bool:
        """Whether to err here."""
        return self.flawed and self.rng.random() < chance

    def points(self, maximum: Decimal) -> float:
        """Return points up to a maximum with at most the rubric's places."""
        step = 10 ** self.rubric["rounding"]["places"]
        value = Decimal(self.rng.randint(0, int(maximum * step))) / step
        return int(value) if value == int(value) else float(value)

    def make(self, count: int) -> None:
        """Write the rubric, the committee's files and ``count`` branches."""
        rng = self.rng
        self.write("rubric.yml", self.rubric)
        home = f"committee/{YEAR}"
        period = {"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}
        appraisal: Data = {"period": period, "stage": rng.choice(["open", "review"])}
        if self.asks.random() < 0.5:
            appraisal["as_of"] = self.day()
        self.write(f"{home}/appraisal.yml", appraisal)
        self.write("committee/consortia.yml", [{"id": "east", "title": "东"}])
        names = [f"b{number:02d}" for number in range(count)]
        if self.asks.random() < 0.8:
            self.entries = self.due_list(names)
        for name in names:
            self.branch(name)
        debrief = {name: self.debrief() for name in names if rng.random() < 0.8}
        self.write(f"{home}/debrief.yml", {"held": "2026-01-10", "branches": debrief})
        bands = [band["id"] for band in self.rubric.get("grades") or []]
        decision: Data = {}
        if bands and rng.random() < 0.5:
            chosen = rng.sample(names, k=min(2, len(names)))
            grades = {n: {"grade": rng.choice(bands), "reason": "研究决定"} for n in chosen}
            decision = {"meeting": "示例", "grades": grades}
        if self.accepts:
            decision["accept_claims"] = "逐项审阅后按自评认定"
        if decision:
            self.write(f"{home}/decision.yml", decision)
        if self.entries:
            self.write(f"{home}/due.yml", self.entries)
        if self.accepted:
            self.write(f"{home}/accepted.yml", self.accepted)

    def day(self) -> str:
        """Return a day of the year for the due list."""
        return f"{YEAR}-{self.asks.randint(1, 12):02d}-{self.asks.randint(1, 28):02d}"

    def due_list(self, names: list[str]) -> list[Data]:
        """Return entries of a due list; some ask a branch under the name that it had before."""
        asks, entries = self.asks, []
        for number in range(asks.randint(1, 9)):
            entry: Data = {"id": f"e{number}", "kind": asks.choice(KINDS), "title": f"事项{number}"}
            asked = [*names, *(f"old-{name}" for name in names if name in self.renamed)]
            keys = asks.choice([["due"], ["date"], ["due", "date"]])
            entry |= {key: self.day() for key in keys}
            if asks.random() < 0.4:
                asked = entry["branches"] = asks.sample(asked, k=asks.randint(1, len(asked)))
            if asks.random() < 0.3:
                entry["extended"] = {asks.choice(asked): self.day()}
            entries.append(entry)
        return entries

    def debrief(self) -> Data:
        """Return one branch's entry of debrief.yml."""
        rng = self.rng
        mode = rng.choice(["onsite", "onsite", "written", "none"])
        if mode == "written":
            return {"mode": mode, "points": self.points(Decimal(1)), "reason": "书面"}
        if mode == "none":
            return {"mode": mode}
        ballots = {level: rng.choice([0, rng.randint(0, 20)]) for level in self.rubric["ballot"]}
        return {"mode": mode, "ballots": ballots, "void": rng.randint(0, 2)}

    def branch(self, name: str) -> None:
        """Write one branch with its review and vetoes."""
        rng = self.rng
        members = rng.randint(5, 30)
        identity = {
            "name": f"示例{rng.choice(LETTERS)}{name}党支部",
            "kind": rng.choice(list(self.rubric["branch_kinds"])),
            "societies": [f"示例{name}学会"],
            "established": rng.choice(["2025-01-01", "2012-05-20"]),
            "members": members,
            "submitters": [f"login-{name}"],
        }
        if name in self.renamed:
            identity["formerly"] = [f"old-{name}"]
        self.write(f"branches/{name}/branch.yml", identity)
        if rng.random() < 0.15:
            state = rng.choice(["alleged", "under-review", "verified", "dismissed"])
            veto = {
                "veto": self.rubric["vetoes"][0]["id"],
                "state": state,
                "reason": "示例",
                "date": "2026-01-06",
            }
            self.write(f"committee/{YEAR}/vetoes/{name}.yml", [veto])
        if rng.random() < 0.1:
            return
        home = f"branches/{name}/{YEAR}"
        cited = self.records(home, members)
        if rng.random() < 0.92:
            self.write(f"{home}/self-assessment.yml", self.assessment(cited))
        if rng.random() < 0.6:
            self.review(name, home)
        if self.flaw(0.08):
            for path in (self.root / home).rglob("*.yml"):
                path.write_text("a: [\n", "utf-8")

    def records(self, home: str, members: int) -> dict[str, str]:
        """Write activities and documents; return reference → kind."""
        rng, cited = self.rng, {}
        for number in range(rng.randint(0, 7)):
            day = f"{YEAR}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
            folder = f"{day}-n{number}"
            cited[f"activities/{folder}"] = "activity"
            self.activity(f"{home}/activities/{folder}", day, members, number)
        for number in range(rng.randint(0, 8)):
            kind = rng.choice(KINDS)
            cited[f"documents/d{number}"] = kind
            self.document(f"{home}/documents/d{number}", kind)
        return cited

    def activity(self, folder: str, day: str, members: int, number: int) -> None:
        """Write one activity."""
        rng = self.rng
        data: Data = {
            "title": f"活动{number}",
            "type": "nothing"
            if self.flaw(0.08)
            else rng.choice(list(self.rubric["activity_types"])),
            "date": f"{YEAR - 1}-05-05" if self.flaw(0.06) else day,
            "place": rng.choice(["会议室", "社区"]),
        }
        data["type"] = self.types(data["type"])
        if rng.random() < 0.8:
            data["collective"] = rng.random() < 0.8
        for key in ("plan", "record"):
            if rng.random() < 0.7:
                data[key] = self.attach(folder, f"{key}.md")
        if rng.random() < 0.4:
            data["photos"] = [self.attach(folder, "附记.md")]
        if rng.random() < 0.75:
            data["attendance"] = self.attendance(folder, members)
        self.write(f"{folder}/activity.yml", data)
        if self.flaw(0.06):
            (self.root / folder / "activity.yml").write_text("title: [\n", "utf-8")
        elif self.flaw(0.08):
            again = {**data, "title": data["title"][0] + " " + data["title"][1:]}
            keys = ("title", "type", "date", "place", "collective")
            self.write(f"{folder}-again/activity.yml", {k: again[k] for k in keys if k in again})

    def types(self, first: str) -> str | list[str]:
        """Return the type of an activity, or several; where it may err, a list of one, or twice."""
        kinds, known = self.kinds, list(self.rubric["activity_types"])
        if self.flawed and kinds.random() < 0.06:
            return kinds.choice([[first], [first, first]])
        if first not in known or kinds.random() < 0.7:
            return first
        others = kinds.sample([name for name in known if name != first], k=kinds.randint(1, 2))
        return [first, *others]

    def attendance(self, folder: str, members: int) -> Data:
        """Return attendance as counts or as a file."""
        rng = self.rng
        here = rng.randint(1, members)
        if rng.random() < 0.4:
            self.unique += 1
            codes = [f"M{self.unique}n{n}" for n in range(here)]
            rows = [f"{code},{rng.choice(['present', 'leave', 'absent'])}" for code in codes]
            if self.flaw(0.15):
                rows.append(rows[0])
            path = self.root / folder / "attendance.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(["member,status", *rows]) + "\n", "utf-8")
            return {"file": "attendance.csv"}
        away = rng.randint(0, members - here)
        data = {"members": here + away, "present": here, "leave": away}
        if self.flaw(0.15):
            data["members"] += 1
        return data

    def document(self, folder: str, kind: str) -> None:
        """Write one document."""
        rng, definition = self.rng, self.rubric["document_kinds"][kind]
        own: Data = {}
        for name, type_ in (definition.get("fields") or {}).items():
            if name in (definition.get("required") or []) or rng.random() < 0.7:
                own[name] = self.value(type_)
        data: Data = {
            "kind": kind,
            "title": f"材料{rng.randint(1, 9)}",
            "date": f"{YEAR}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        }
        if rng.random() < 0.7:
            data["files"] = [self.attach(folder, "文件.md")]
        if own:
            data["fields"] = own
        if self.entries and self.asks.random() < 0.8:
            alike = [e["id"] for e in self.entries if e["kind"] == kind]
            data["due"] = self.asks.choice(alike or ["e0"])
        if self.flaw(0.06):
            data["kind"] = "unknown-kind"
        self.write(f"{folder}/document.yml", data)

    def value(self, type_: Any) -> Any:
        """Return a random value of a field's type."""
        rng = self.rng
        if isinstance(type_, dict):
            return rng.choice(type_["choice"])
        return {
            "text": rng.choice(["甲", "乙", "no", "on"]),
            "date": f"{YEAR}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            "count": rng.randint(0, 9),
            "number": rng.choice([0.5, 2, 3.25]),
            "boolean": rng.random() < 0.6,
            "url": "https://example.org/x",
        }[type_]

    def assessment(self, cited: dict[str, str]) -> Data:
        """Return a self-assessment."""
        rng, claims = self.rng, {}
        for section in self.rubric["sections"]:
            for item in section["criteria"]:
                if rng.random() < 0.8:
                    claims[item["id"]] = self.claim(item, cited)
        data: Data = {"submitted": f"{YEAR}-12-10", "claims": claims}
        if cited and rng.random() < 0.6:
            data["bonus"] = [self.bonus(n, cited) for n in range(rng.randint(1, 5))]
        return data

    def claim(self, item: Data, cited: dict[str, str]) -> Data:
        """Return a claim for a criterion."""
        rng = self.rng
        if rng.random() < 0.08:
            return {"not_applicable": "示例理由"}
        claim: Data = {"points": self.points(Decimal(str(item["points"]))), "statement": "示例说明"}
        rule = item.get("evidence") or {}
        kinds = rule.get("kinds")
        fitting = [ref for ref, kind in cited.items() if not kinds or kind in kinds]
        if self.flaw(0.1):
            fitting = [*cited, "documents/none"]
        if fitting and not self.flaw(0.1):
            claim["evidence"] = rng.sample(fitting, k=min(len(fitting), rng.randint(1, 2)))
        return claim

    def bonus(self, number: int, cited: dict[str, str]) -> Data:
        """Return a bonus claim; matters repeat in other spelling."""
        rng = self.rng
        rule = rng.choice(self.rubric["bonus"]["rules"])
        return {
            "id": f"bonus-{number}",
            "rule": rule["id"],
            "level": rng.choice(list(rule["levels"])),
            "matter": rng.choice(["表彰 A", "表彰a", "表彰\uff21", "报道", "文章"]),
            "date": f"{YEAR}-06-30",
            "evidence": [rng.choice(list(cited))],
        }

    def review(self, name: str, home: str) -> None:
        """Write a review of some criteria and bonus claims."""
        rng, criteria = self.rng, {}
        for section in self.rubric["sections"]:
            kept = rng.choice(section["criteria"])["id"]
            for item in section["criteria"]:
                roll = rng.random()
                if roll < 0.35:
                    points = self.points(Decimal(str(item["points"])))
                    criteria[item["id"]] = {"points": points, "reason": "示例", "by": "office"}
                elif roll < 0.5:
                    choices = ["full", "zero"] + (["excluded"] if item["id"] != kept else [])
                    criteria[item["id"]] = {"not_applicable": rng.choice(choices), "reason": "示例"}
        data: Data = {"criteria": criteria}
        path = self.root / home / "self-assessment.yml"
        claims = yaml.safe_load(path.read_text("utf-8")).get("bonus") or [] if path.exists() else []
        levels = {rule["id"]: list(rule["levels"]) for rule in self.rubric["bonus"]["rules"]}
        bonus: Data = {}
        for claim in claims:
            if rng.random() < 0.7:
                bonus[claim["id"]] = {"accepted": rng.random() < 0.75, "reason": "示例"}
                if rng.random() < 0.4:
                    bonus[claim["id"]]["level"] = rng.choice(levels[claim["rule"]])
        if bonus:
            data["bonus"] = bonus
        self.write(f"committee/{YEAR}/reviews/{name}.yml", data)


def make_repository(root: Path, seed: int, *, flawed: bool = False, accepts: bool = False) -> int:
    """Write a random repository below ``root``; return its year.

    With ``accepts`` the committee takes over what branches claim.
    """
    maker = Maker(root, seed, flawed=flawed, accepts=accepts)
    maker.make(maker.rng.randint(3, 14))
    return YEAR
