"""The rules of scoring, read a second time: plain, slow, and without a line of the program.

Every scalar is text (``yaml.CBaseLoader``), every figure a fraction. Comments name the rule of
docs/format.md §5.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
import zipfile
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import yaml

from tests.plain_yaml import said

if TYPE_CHECKING:
    from pathlib import Path

Data = dict[str, Any]
SURE = ("verified", "computed", "not-applicable")
#: Bytes to which an office file may unpack.
BUDGET = 100_000_000
NULLS = ("", "null", "~", None)


class Broken(Exception):  # noqa: N818 - a record that does not count
    """A file that cannot be read, or a record that does not count."""


def load(path: Path) -> Any:
    """Return a YAML file with every scalar as text; raises Broken."""
    try:
        return said(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Broken from error


def number(text: Any) -> Fraction:
    """Return the number that a text writes."""
    return Fraction(str(text))


def level_number(level: Any) -> Fraction:
    """Return what a level gives: a number, or the one that stands beside a title."""
    if isinstance(level, dict):
        level = level["points"] if "points" in level else level["weight"]
    return number(level)


def folded(text: str) -> str:
    """Return a matter or title as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def half_up(value: Fraction, places: int) -> Fraction:
    """Round half-up (rule 2)."""
    scaled = value * 10**places
    return Fraction((scaled + Fraction(1, 2)).__floor__(), 10**places)


def flag(data: Data, key: str) -> bool:
    """Return a boolean; an absent one is false."""
    return bool(data.get(key) == "true")


class Year:
    """One year of a repository."""

    def __init__(self, root: Path, year: int) -> None:
        self.root, self.year = root, year
        self.rubric: Data = load(root / "rubric.yml")
        self.places = int(self.rubric["rounding"]["places"])
        self.home = root / "committee" / str(year)
        appraisal = load(self.home / "appraisal.yml")
        period = appraisal["period"]
        self.period = (period["from"], period["to"])
        # Without history the date of the data is the last day of the period (rule 12).
        self.as_of: str = appraisal.get("as_of") or period["to"]
        self.ids = sorted(path.name for path in (root / "branches").iterdir())

    def committee(self, name: str) -> Any:
        """Return a file of the committee, empty where there is none."""
        path = self.home / name
        return load(path) if path.exists() else {}

    def criteria(self) -> list[tuple[Data, Data]]:
        """Return (section, criterion) in order."""
        return [(s, c) for s in self.rubric["sections"] for c in s["criteria"]]


class Branch:
    """One branch of a year: its records that count, and its lines."""

    def __init__(self, year: Year, name: str) -> None:
        self.year, self.id = year, name
        self.folder = year.root / "branches" / name / str(year.year)
        self.identity: Data = load(year.root / "branches" / name / "branch.yml")
        self.readable = 0
        self.records: dict[str, Data] = {}
        self.assessment: Data = {}
        self.filed = self.folder.exists() and any(p.is_file() for p in self.folder.rglob("*"))
        self.review: Data = year.committee(f"reviews/{name}.yml")
        self._read()

    def _read(self) -> None:
        try:
            if (self.folder / "self-assessment.yml").exists():
                self.assessment = load(self.folder / "self-assessment.yml")
                self.readable += 1
        except Broken:
            self.assessment = {}
        for path in sorted(self.folder.glob("*/*/*.yml")):
            group, name = path.parts[-3], path.parts[-2]
            try:
                data = load(path)
            except Broken:
                continue
            self.readable += 1
            try:
                record = (
                    self._activity(path, data)
                    if group == "activities"
                    else self._document(path, data)
                )
            except Broken:
                continue
            self.records[f"{group}/{name}"] = record

    def _there(self, path: Path, name: str | None) -> bool:
        """Whether an attachment is there, not empty, and not too much once unpacked (rule 8)."""
        file = path.parent / str(name)
        if not name or not file.is_file() or not file.stat().st_size:
            return False
        if file.suffix != ".xlsx":
            return True
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        return unpacked <= BUDGET or self._accepted(file)

    def _accepted(self, file: Path) -> bool:
        """Whether the committee accepts that a file unpacks to too much: it counts then."""
        data = file.read_bytes()
        digest = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324 - git's
        place = file.relative_to(self.year.root).as_posix()
        return any(
            entry["code"] == "E014"
            and (entry.get("digest") == digest or entry.get("path") == place)
            for entry in self.year.committee("accepted.yml")
        )

    def _activity(self, path: Path, data: Data) -> Data:
        # Rule 8: a record with a finding of family S is not counted.
        types = data.get("type")
        names = types if isinstance(types, list) else [types]
        if isinstance(types, list) and not 2 <= len(types) == len(set(types)):
            raise Broken
        if any(name not in self.year.rubric["activity_types"] for name in names):
            raise Broken
        day = data["date"]
        if path.parent.name[:10] != day or not self.year.period[0] <= day <= self.year.period[1]:
            raise Broken
        fields: Data = {
            key: data.get(key) for key in ("title", "type", "date", "place", "joint_with")
        }
        fields["collective"] = flag(data, "collective")
        for key in ("plan", "record"):
            fields[key] = data.get(key) if self._there(path, data.get(key)) else None
        fields["photos"] = [n for n in data.get("photos") or [] if self._there(path, n)]
        fields["attendance"] = "yes" if self._adds_up(path, data.get("attendance")) else None
        present = {
            k for k, v in fields.items() if v and (k != "collective" or "collective" in data)
        }
        present |= {"collective"} if data.get("collective") == "false" else set()
        return {"kind": "activity", "fields": fields, "present": present, "path": self._path(path)}

    def _path(self, path: Path) -> str:
        return path.parent.relative_to(self.year.root).as_posix()

    def _adds_up(self, path: Path, attendance: Any) -> bool:
        if not attendance:
            return False
        if "file" in attendance:
            target = path.parent / attendance["file"]
            if not target.is_file():
                return False
            with target.open(newline="", encoding="utf-8") as stream:
                rows = list(csv.DictReader(stream))
            codes = [row["member"] for row in rows]
            fine = all(row["status"] in ("present", "leave", "absent") for row in rows)
            members = len(rows)
            if not fine or len(set(codes)) != len(codes):
                return False
        else:
            members = int(attendance["members"])
            parts = sum(int(attendance.get(key) or 0) for key in ("present", "leave", "absent"))
            if parts != members:
                return False
        return 0 < members <= int(self.identity["members"])

    def _document(self, path: Path, data: Data) -> Data:
        kind = self.year.rubric["document_kinds"].get(data.get("kind"))
        if kind is None:
            raise Broken
        own = data.get("fields") or {}
        types = kind.get("fields") or {}
        if any(name not in own for name in kind.get("required") or []) or set(own) - set(types):
            raise Broken
        fields: Data = {key: data.get(key) for key in ("kind", "title", "date", "url")}
        fields["files"] = [n for n in data.get("files") or [] if self._there(path, n)]
        present = {key for key, value in fields.items() if value}
        for name, type_ in types.items():
            value = own.get(name)
            fields[name] = value == "true" if type_ == "boolean" else value
            if value is not None:
                present.add(name)
        return {
            "kind": data["kind"],
            "due": data.get("due"),
            "fields": fields,
            "present": present,
            "path": self._path(path),
        }

    def counted(self) -> list[Data]:
        """Return the records that count; of an activity filed twice the first (rule 8)."""
        seen, result = set(), []
        for record in self.records.values():
            fields = record["fields"]
            if record["kind"] == "activity":
                key = (fields["date"], folded(fields["place"]), folded(fields["title"]))
                if key in seen:
                    continue
                seen.add(key)
            result.append(record)
        return result


def same(value: Any, wanted: str) -> bool:
    """Whether a value is the one wanted, by the value's own type."""
    if isinstance(value, list):
        return any(same(entry, wanted) for entry in value)
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    if value in (None, ""):
        return False
    plain = r"-?\d+(\.\d+)?"
    if re.fullmatch(plain, str(value)) and re.fullmatch(plain, wanted):
        return number(value) == number(wanted)
    return bool(value == wanted)


def meets(record: Data, where: Data | None) -> bool:
    """Whether a record meets a ``where``."""
    for name, wanted in (where or {}).items():
        value = record["fields"].get(name)
        if not isinstance(wanted, dict):
            choices = wanted if isinstance(wanted, list) else [wanted]
            if not any(same(value, choice) for choice in choices):
                return False
            continue
        if "present" in wanted and name not in record["present"]:
            return False
        if "at_least" in wanted and (
            value in (None, "") or number(value) < number(wanted["at_least"])
        ):
            return False
        if "not_after" in wanted:
            other = wanted["not_after"]
            limit = (
                other if re.fullmatch(r"\d{4}-\d\d-\d\d", other) else record["fields"].get(other)
            )
            if not value or not limit or value > limit:
                return False
    return True


def has(record: Data, having: Any) -> bool:
    """Whether a record has what ``having`` asks for."""
    if isinstance(having, dict):
        return meets(record, having)
    return all(n in record["present"] and record["fields"].get(n) is not False for n in having)


Given = tuple[Fraction | None, list[str]]


def give(branch: Branch, item: Data) -> Given:  # noqa: PLR0911 - one return a method
    """Return exact points of a method (None: pending) and the paths of the records it counted."""
    points, name = number(item["points"]), item["method"]
    records = branch.counted()
    if name in ("proportion", "threshold", "tiers"):
        measure = item["measure"]
        found = [
            r for r in records if r["kind"] == measure["count"] and meets(r, measure.get("where"))
        ]
        paths, measured = [r["path"] for r in found], len(found)
        if name == "tiers":
            reached = [t for t in item["tiers"] if measured >= number(t["at_least"])]
            best = max(reached, key=lambda tier: number(tier["at_least"]), default=None)
            return (number(best["points"]) if best else Fraction(0)), paths
        target = item["target"]
        limit = number(target[branch.identity["kind"]] if isinstance(target, dict) else target)
        if name == "threshold":
            return (points if measured >= limit else Fraction(0)), paths
        return points * min(Fraction(1), measured / limit), paths
    if name == "share" and flag(item, "due"):
        return entries_of(branch, item, points)
    if name == "share":
        found = [r for r in records if r["kind"] == item["of"] and meets(r, item.get("where"))]
        if not found:
            empty = {"full": points, "pending": None, "zero": Fraction(0)}
            return empty[item.get("empty", "zero")], []
        share = Fraction(sum(has(r, item["having"]) for r in found), len(found))
        return points * share, [r["path"] for r in found]
    if name == "checklist":
        found = [r for r in records if r["kind"] == item["of"]]
        if not found:
            return Fraction(0), []
        newest = max(found, key=lambda r: (r["fields"]["date"], r["path"]))
        true = sum(newest["fields"].get(field) is True for field in item["fields"])
        return points * true / len(item["fields"]), [newest["path"]]
    return ballots(branch, points)


def asked(branch: Branch, kind: str) -> list[Data]:
    """Return the entries of the due list that a branch is asked for a kind: their fields."""
    names = [branch.id, *branch.identity.get("formerly", [])]
    seen: set[str] = set()
    found = []
    for entry in branch.year.committee("due.yml") or []:
        twice = entry["id"] in seen
        seen.add(entry["id"])
        if twice or entry["kind"] != kind or not {*entry.get("branches", names)} & {*names}:
            continue
        later = [entry["extended"][name] for name in names if name in entry.get("extended", {})]
        day = [*later, entry.get("due"), entry.get("date")]
        found.append(
            {"id": entry["id"], "asked": next(filter(None, day)), "held": entry.get("date")}
        )
    return found


def entries_of(branch: Branch, item: Data, points: Fraction) -> Given:
    """Return the points of a share of entries, answered or not, and the answers that count."""
    entries = []
    for entry in asked(branch, item["of"]):
        own = {key: entry[key] for key in ("asked", "held")}
        bare = {"fields": own, "present": {key for key, value in own.items() if value}}
        if not meets(bare, item.get("where")):
            continue
        answers = [
            {**r, "fields": r["fields"] | own, "present": r["present"] | bare["present"]}
            for r in branch.counted()
            if r["kind"] == item["of"] and r["due"] == entry["id"]
        ]
        full = [r for r in answers if has(r, item["having"])]
        entries.append((entry, bool(full), next(iter(full or answers), None)))
    if not entries:
        empty = {"full": points, "pending": None, "zero": Fraction(0)}
        return empty[item.get("empty", "zero")], []
    counting = [e for e in entries if e[1] or e[0]["asked"] < branch.year.as_of]
    if not counting:
        return None, []
    share = Fraction(sum(met for _, met, _ in counting), len(counting))
    return points * share, [taken["path"] for _, _, taken in counting if taken]


def ballots(branch: Branch, points: Fraction) -> Given:
    """Return the points of a debrief."""
    debrief = branch.year.committee("debrief.yml").get("branches", {}).get(branch.id)
    if debrief is None or debrief["mode"] == "none":
        return None, []
    if debrief["mode"] == "written":
        return (number(debrief["points"]) if "points" in debrief else None), []
    votes = {level: int(n) for level, n in (debrief.get("ballots") or {}).items()}
    total = sum(votes.values())
    if not total:
        return None, []
    weights = branch.year.rubric["ballot"]
    weighted = sum((level_number(weights[level]) * n for level, n in votes.items()), Fraction(0))
    return points * weighted / total, []


def line_of(branch: Branch, section: Data, item: Data) -> list[Data]:
    """Return the line of a criterion, and those of its parts (rule 1)."""
    places, maximum = branch.year.places, number(item["points"])
    parts, computed, paths = [], None, []
    if item["method"] == "parts":
        for part in item["parts"]:
            value, own = give(branch, part)
            value = None if value is None else half_up(value, places)
            basis = "pending" if value is None else "computed"
            parts.append(make(section, item, part["id"], value, number(part["points"]), basis, own))
            parts[-1]["computed"] = value
            paths += own
        values = [part["points"] for part in parts]
        computed = None if None in values else sum(values, Fraction(0))
    elif item["method"] != "judgement":
        value, paths = give(branch, item)
        computed = None if value is None else half_up(value, places)
    claim = (branch.assessment.get("claims") or {}).get(item["id"])
    if claim and "points" in claim and not 0 <= number(claim["points"]) <= maximum:
        claim = None
    review = (branch.review.get("criteria") or {}).get(item["id"])
    cited, sound = evidence_of(branch, item, claim or {})
    points, basis = decide(item, claim, review, computed, sound)
    # decision.yml may take over what is claimed, and nothing else.
    taken = basis == "claimed" and bool(branch.year.committee("decision.yml").get("accept_claims"))
    basis = "verified" if taken else basis
    line = make(section, item, None, points, maximum, basis, cited + paths)
    line["claimed"] = number(claim["points"]) if claim and "points" in claim else None
    line["computed"] = computed
    line["verified"] = number(review["points"]) if review and "points" in review else None
    if taken:
        line["verified"] = points
    line["taken"] = taken
    line["out"] = bool(review and review.get("not_applicable") == "excluded")
    return [line, *parts]


def evidence_of(branch: Branch, item: Data, claim: Data) -> tuple[list[str], bool]:
    """Return the records cited, and whether they carry the claim."""
    rule = item.get("evidence") or {}
    cited, sound = [], True
    for reference in claim.get("evidence") or []:
        record = branch.records.get(reference)
        if record is None:
            sound = False
            continue
        cited.append(record["path"])
        if rule.get("kinds") and record["kind"] not in rule["kinds"]:
            sound = False
    if flag(rule, "required") and not claim.get("evidence"):
        sound = False
    return cited, sound


def decide(
    item: Data,
    claim: Data | None,
    review: Data | None,
    computed: Fraction | None,
    sound: bool,
) -> tuple[Fraction | None, str]:
    """Return points and basis of a criterion: the first that holds (rule 1)."""
    if review and "not_applicable" in review:
        amounts = {"full": number(item["points"]), "zero": Fraction(0), "excluded": None}
        return amounts[review["not_applicable"]], "not-applicable"
    if review and "points" in review:
        return number(review["points"]), "verified"
    if claim and "not_applicable" in claim:
        return None, "pending"
    if item["method"] != "judgement":
        return computed, "pending" if computed is None else "computed"
    if claim and sound:
        return number(claim["points"]), "claimed"
    return None, "pending"


def make(
    section: Data, item: Data, part: str | None, points: Fraction | None, maximum: Fraction | None,
    basis: str, paths: list[str],
) -> Data:  # fmt: skip
    """Return a line."""
    return {
        "section": section["id"], "criterion": item.get("id"), "part": part, "points": points,
        "max": maximum, "basis": basis, "claimed": None, "computed": None, "verified": None,
        "evidence": set(paths), "out": False, "taken": False,
    }  # fmt: skip


def scaled(
    section: Data, lines: list[Data], values: list[Fraction | None], places: int
) -> Fraction:
    """Return a section's points, scaled where criteria are excluded (rule 3)."""
    total = sum((value or Fraction(0) for value in values), Fraction(0))
    left = sum((line["max"] for line in lines if not line["out"]), Fraction(0))
    if not any(line["out"] for line in lines) or not left:
        return total
    return half_up(total * number(section["points"]) / left, places)


def score(branch: Branch) -> Data:
    """Return a branch's result without what depends on others."""
    rubric, places = branch.year.rubric, branch.year.places
    vetoes = branch.year.committee(f"vetoes/{branch.id}.yml") or []
    vetoed = any(entry["state"] == "verified" for entry in vetoes)
    of = len(branch.year.criteria())
    result: Data = {
        "id": branch.id, "rank": None, "rank_range": None, "grade": None, "fixed": None,
        "bonus": None, "total": None, "low": None, "high": None, "lines": [], "bonus_lines": [],
        "assessed": {"done": 0, "of": of}, "sections": {},
    }  # fmt: skip
    # Rule 5: the first status that holds.
    readable = "scored" if branch.readable else "unreadable"
    result["status"] = "vetoed" if vetoed else readable if branch.filed else "not-submitted"
    if not branch.readable:
        return result
    low = high = Fraction(0)
    for section in rubric["sections"]:
        lines = [line for item in section["criteria"] for line in line_of(branch, section, item)]
        own = [line for line in lines if line["part"] is None]
        kept = [line for line in own if not line["out"]]
        points = scaled(section, own, [line["points"] for line in kept], places)
        difference = points - sum((line["points"] or Fraction(0) for line in kept), Fraction(0))
        if difference:
            lines.append(make(section, {}, None, difference, None, "scaled", []))
        sure = [line["points"] if line["basis"] in SURE else None for line in kept]
        most = [line["points"] if line["basis"] in SURE else line["max"] for line in kept]
        low += scaled(section, own, sure, places)
        high += scaled(section, own, most, places)
        result["lines"] += lines
        result["sections"][section["id"]] = points
    result["bonus_lines"], bonus, best = bonus_of(branch)
    own = [line for line in result["lines"] if line["part"] is None]
    result["fixed"] = sum((line["points"] or Fraction(0) for line in own), Fraction(0))
    result["bonus"], result["total"] = bonus, result["fixed"] + bonus
    result["low"], result["high"] = low + bonus, high + best
    result["assessed"]["done"] = sum(line["basis"] in SURE for line in own)
    if any(line["taken"] for line in own):
        result["assessed"]["accepted_as_claimed"] = sum(line["taken"] for line in own)
    return result


def bonus_of(branch: Branch) -> tuple[list[Data], Fraction, Fraction]:
    """Return the bonus lines, the bonus, and the bonus with all undecided accepted (rule 4)."""
    rubric = branch.year.rubric.get("bonus") or {}
    rules = {rule["id"]: rule for rule in rubric.get("rules") or []}
    entries = []
    for claim in branch.assessment.get("bonus") or []:
        review = (branch.review.get("bonus") or {}).get(claim["id"])
        level = (review or {}).get("level") or claim["level"]
        state = (
            "claimed" if review is None else "accepted" if flag(review, "accepted") else "rejected"
        )
        points = level_number(rules[claim["rule"]]["levels"][level])
        entries.append({"claim": claim, "level": level, "state": state, "points": points})

    def best(states: tuple[str, ...]) -> list[Data]:
        kept: dict[tuple[str, str], Data] = {}
        for entry in entries:
            key = (entry["claim"]["rule"], folded(entry["claim"]["matter"]))
            if entry["state"] in states and (
                key not in kept or entry["points"] > kept[key]["points"]
            ):
                kept[key] = entry
        return list(kept.values())

    def total(kept: list[Data]) -> Fraction:
        amount = sum((entry["points"] for entry in kept), Fraction(0))
        cap = rubric.get("cap")
        return amount if cap in NULLS else min(amount, number(cap))

    accepted = best(("accepted",))
    lines = []
    for entry in entries:
        state, points = entry["state"], entry["points"]
        if state == "accepted" and not any(entry is kept for kept in accepted):
            state, points = "same-matter", Fraction(0)
        shown = {"claimed": None, "rejected": Fraction(0)}.get(state, points)
        lines.append(
            {"claim": entry["claim"]["id"], "rule": entry["claim"]["rule"], "level": entry["level"],
             "status": state, "points": shown}
        )  # fmt: skip
    return lines, total(accepted), total(best(("accepted", "claimed")))


def read(root: Path, year: int) -> list[Data]:
    """Return every branch's result, by rank and then by id, the unranked last."""
    whole = Year(root, year)
    results = [score(Branch(whole, name)) for name in whole.ids]
    scored = [result for result in results if result["status"] == "scored"]
    ties = whole.rubric.get("ties") or []

    def key(result: Data) -> tuple[Fraction, ...]:
        others = [result["fixed"] if t == "fixed" else result["sections"][t] for t in ties]
        return (result["total"], *others)

    for one in scored:
        others = [other for other in scored if other is not one]
        one["rank"] = 1 + sum(key(other) > key(one) for other in others)
        best = 1 + sum(other["low"] > one["high"] for other in others)
        one["rank_range"] = [best, 1 + sum(other["high"] > one["low"] for other in others)]
    grade(whole, results, scored)
    return sorted(results, key=lambda r: (r["rank"] is None, r["rank"] or 0, r["id"]))


def grade(whole: Year, results: list[Data], scored: list[Data]) -> None:
    """Give grades (rule 6)."""
    bands = whole.rubric.get("grades") or []
    waiting = sorted(scored, key=lambda result: result["rank"])
    for index, band in enumerate(bands):
        taken: list[Data] = []
        if index == len(bands) - 1:
            taken = waiting
        else:
            room = len(scored)
            if band.get("quota") not in NULLS:
                room = (number(band["quota"]) * len(scored)).__floor__()
            for rank in sorted({result["rank"] for result in waiting}):
                group = [result for result in waiting if result["rank"] == rank]
                if group[0]["total"] < number(band["min"]) or len(taken) + len(group) > room:
                    break
                taken = taken + group
        for result in taken:
            pending = any(li["basis"] == "pending" and li["part"] is None for li in result["lines"])
            result["grade"] = None if pending else band["id"]
        waiting = [result for result in waiting if result not in taken]
    decided = whole.committee("decision.yml").get("grades") or {}
    for result in results:
        if result["status"] == "vetoed":
            result["grade"] = bands[-1]["id"] if bands else None
        elif result["id"] in decided:
            result["grade"] = decided[result["id"]]["grade"]
