"""Random rubrics: sections, criteria of every method, bonus, vetoes, grades, ties."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

Data = dict[str, Any]
KINDS = ("plan", "forum", "check-list", "note")
#: Kinds of which a due list may ask.
OF_LIST = ("plan", "note", "check-list")
TYPES = {"theme": "主题", "meeting": "会议", "study": "学习"}
BRANCH_KINDS = {"regular": "支部", "special": "特设"}


def split(rng: random.Random, whole: Decimal, parts: int, step: Decimal) -> list[Decimal]:
    """Split points into positive parts that are multiples of a step."""
    units = int(whole / step)
    cuts = sorted(rng.sample(range(1, units), parts - 1))
    edges = [0, *cuts, units]
    return [step * (b - a) for a, b in itertools.pairwise(edges)]


def plain(value: Decimal) -> int | float:
    """Return a number that YAML writes without an exponent."""
    return int(value) if value == int(value) else float(value)


def conditions(rng: random.Random, kind: str) -> Data:
    """Return a ``where`` that fits a kind of record."""
    if kind == "activity":
        return rng.choice(
            [
                {},
                {"collective": True},
                {"collective": False},
                {"type": rng.choice(list(TYPES))},
                {"type": rng.sample(list(TYPES), k=2)},
                {"plan": {"present": True}},
                {"date": {"not_after": "2025-06-30"}},
                {"photos": {"present": True}, "collective": True},
            ]
        )
    own: list[Data] = [{}, {"files": {"present": True}}, {"date": {"not_after": "2025-08-01"}}]
    if kind == "forum":
        own += [{"filed": {"not_after": "held"}}, {"people": {"at_least": 3}}, {"level": "a"}]
        own += [{"level": ["a", "c"]}, {"note": {"present": True}}, {"note": "no"}]
    if kind == "check-list":
        own += [{"sign": True}, {"flag": False}, {"score": {"at_least": 2}}]
    return rng.choice(own)


def computed(rng: random.Random, points: Decimal, step: Decimal) -> Data:
    """Return the parameters of a random computed method other than parts."""
    name = rng.choice(["proportion", "threshold", "tiers", "share", "checklist"])
    kind = rng.choice(["activity", *KINDS])
    if name == "checklist":
        return {
            "method": name,
            "of": "check-list",
            "fields": rng.sample(["sign", "flag", "room"], k=2),
        }
    if name == "share":
        having: Any = ["plan", "attendance"] if kind == "activity" else ["files"]
        if rng.random() < 0.5:
            having = conditions(rng, kind) or having
        data: Data = {"method": name, "of": kind, "where": conditions(rng, kind), "having": having}
        if rng.random() < 0.7:
            data["empty"] = rng.choice(["zero", "full", "pending"])
        return data
    measure = {"count": kind, "where": conditions(rng, kind)}
    if name == "tiers":
        count = rng.randint(1, 3)
        amounts = sorted(
            rng.choice([points, step, points / 2 // step * step]) for _ in range(count)
        )
        tiers = [{"at_least": n + 1, "points": plain(p)} for n, p in enumerate(amounts)]
        return {"method": name, "measure": measure, "tiers": tiers}
    target: Any = rng.randint(1, 7)
    if rng.random() < 0.4:
        target = {kind: rng.randint(1, 7) for kind in BRANCH_KINDS}
    return {"method": name, "measure": measure, "target": target}


def ask_by_list(rng: random.Random, rubric: Data) -> None:
    """Let some shares of documents go by the due list; a forum has a field that is an entry's."""
    items = [c for section in rubric["sections"] for c in section["criteria"]]
    items += [part for item in items for part in item.get("parts", [])]
    for item in items:
        if item["method"] == "share" and item["of"] in OF_LIST and rng.random() < 0.7:
            item["due"] = True
            item["where"] = rng.choice(
                [{}, {}, {"held": {"present": True}}, {"asked": {"not_after": "2025-09-30"}},
                 {"held": {"not_after": "asked"}}]
            )  # fmt: skip
            if rng.random() < 0.6:
                item["having"] = rng.choice(
                    [{"date": {"not_after": "asked"}}, ["files"], {"date": {"not_after": "held"}},
                     {"date": {"not_after": "asked"}, "files": {"present": True}}]
                )  # fmt: skip


def title_levels(rng: random.Random, rubric: Data) -> None:
    """Give some levels of bonus rules and of ballots titles: they give the same points."""
    for levels in (rubric["ballot"], *(rule["levels"] for rule in rubric["bonus"]["rules"])):
        for name in levels if rng.random() < 0.6 else ():
            if rng.random() < 0.6:
                key = rng.choice(["points", "weight"]) if levels is rubric["ballot"] else "points"
                levels[name] = {"title": f"“{name}”级", key: levels[name]}


def criterion(rng: random.Random, name: str, points: Decimal, step: Decimal) -> Data:
    """Return a random criterion."""
    data: Data = {
        "id": name,
        "clause": f"第{name}条",
        "title": f"小项{name}",
        "points": plain(points),
    }
    roll = rng.random()
    if roll < 0.35:
        data["method"] = "judgement"
        if rng.random() < 0.6:
            kinds = rng.sample(["activity", *KINDS], k=rng.randint(1, 3))
            data["evidence"] = {"required": rng.random() < 0.5, "kinds": kinds}
    elif roll < 0.45 and points >= 1:
        data["method"] = "ballot"
    elif roll < 0.65 and points / step >= 4:
        amounts = split(rng, points, rng.randint(2, 3), step)
        parts = [
            {"id": f"p{n}", "title": f"细分{n}", "points": plain(p), **computed(rng, p, step)}
            for n, p in enumerate(amounts)
        ]
        data |= {"method": "parts", "parts": parts}
    else:
        data |= computed(rng, points, step)
    if rng.random() < 0.2:
        data["facts"] = [{"count": "activity", "where": conditions(rng, "activity")}]
    return data


def make_rubric(rng: random.Random) -> Data:
    """Return a random rubric that holds together."""
    places = rng.randint(0, 3)
    step = Decimal(1) if places == 0 else Decimal("0.5")
    total = Decimal(rng.choice([50, 100, 120]))
    sections: list[Data] = []
    for number, points in enumerate(split(rng, total - 20, rng.randint(1, 4), Decimal(2))):
        size = points + 4
        amounts = split(rng, size, rng.randint(2, 5) if size / step > 6 else 1, step)
        items = [criterion(rng, f"c{number}-{n}", p, step) for n, p in enumerate(amounts)]
        sections.append(
            {"id": f"s{number}", "title": f"大项{number}", "clause": f"第{number}章",
             "points": plain(size), "criteria": items}
        )  # fmt: skip
    options: list[list[tuple[str, int, float | None]]] = [
        [],
        [("a", 80, None), ("b", 40, None), ("c", 0, None)],
        [("a", 30, 0.3), ("b", 10, 0.5), ("c", 0, None)],
        [("a", 0, 0.25), ("b", 0, None)],
    ]
    bands = rng.choice(options)
    return {
        "rubric": {"id": "random", "title": "随机", "document": "示例", "issued": "2020-01-01",
                   "total": plain(sum((Decimal(str(s["points"])) for s in sections), Decimal(0)))},
        "rounding": {"places": places, "mode": "half-up"},
        "branch_kinds": BRANCH_KINDS,
        "activity_types": TYPES,
        "document_kinds": {
            "plan": {"title": "计划"},
            "note": {"title": "记录"},
            "forum": {
                "title": "论坛",
                "fields": {"held": "date", "filed": "date", "people": "count", "note": "text",
                           "level": {"choice": ["a", "b", "c"]}, "site": "url"},
                "required": ["held"],
            },
            "check-list": {
                "title": "清单",
                "fields": {
                    "sign": "boolean", "flag": "boolean", "room": "boolean", "score": "number",
                },
            },
        },
        "sections": sections,
        "bonus": {
            "cap": rng.choice([None, 5, 8]),
            "rules": [
                {"id": "bonus-x", "title": "表彰", "levels": {"low": 1, "high": 3}},
                {"id": "bonus-y", "title": "报道", "levels": {"low": 2, "high": 2}},
            ],
        },
        "vetoes": [
            {"id": "veto-x", "title": "示例否决", "detect": {"inactivity": {"days": 300}}},
        ],
        "ballot": {"good": 1, "fair": rng.choice([0.6, 0.75]), "poor": 0},
        "grades": [
            {"id": name, "title": f"等次{name}", "min": least, "quota": quota}
            for name, least, quota in bands
        ],
        "ties": rng.sample(["fixed", *(s["id"] for s in sections)], k=rng.randint(0, 2)),
        "questions": [
            {"id": "q-one", "clause": "第一条", "issue": "示例问题", "choice": "示例",
             "decided_by": rng.choice([None, "示例党委"])}
        ],
    }  # fmt: skip
