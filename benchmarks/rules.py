"""What a rubric asks for, read plainly: enough to make up evidence that it accepts.

This reads rubric.yml (docs/format.md §3) with a stock YAML loader, and nothing of the program,
so that the repositories stay the same whatever becomes of the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

#: Fields that no file holds.
VIRTUAL = frozenset({"received"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its id, its title, and field → type (text, date, … or choices)."""

    id: str
    title: str
    fields: dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion that is claimed: its id, its points, what evidence it takes and needs.

    ``alone`` says that nothing would be left of its section without it.
    """

    id: str
    title: str
    points: float
    kinds: tuple[str, ...]
    required: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Bonus:
    """A bonus rule and its levels."""

    id: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """A rubric, as far as a branch that files its evidence needs to know it.

    ``undecided`` names the criteria that are pending where no record of a kind is filed.
    """

    branch_kinds: tuple[str, ...]
    activity_types: dict[str, str]
    kinds: tuple[Kind, ...]
    criteria: tuple[Criterion, ...]
    undecided: dict[str, str]
    bonus: tuple[Bonus, ...]
    vetoes: tuple[str, ...]
    ballot: tuple[str, ...]


def read_rules(path: Path) -> Rules:
    """Return the rules of a rubric.yml that ``appraise check`` accepts."""
    rubric = yaml.safe_load(path.read_text("utf-8"))
    return Rules(
        branch_kinds=tuple(rubric["branch_kinds"]),
        activity_types=dict(rubric["activity_types"]),
        kinds=tuple(_kind(name, item) for name, item in rubric["document_kinds"].items()),
        criteria=tuple(_criteria(rubric["sections"])),
        undecided={
            item["id"]: item["of"]
            for section in rubric["sections"]
            for item in section["criteria"]
            if item.get("empty") == "pending"
        },
        bonus=tuple(
            Bonus(rule["id"], tuple(rule["levels"])) for rule in rubric["bonus"].get("rules", ())
        ),
        vetoes=tuple(veto["id"] for veto in rubric.get("vetoes", ())),
        ballot=tuple(rubric.get("ballot", ())),
    )


def _kind(name: str, item: dict[str, Any]) -> Kind:
    fields = {key: _type(kind) for key, kind in (item.get("fields") or {}).items()}
    return Kind(name, item["title"], {k: t for k, t in fields.items() if k not in VIRTUAL})


def _type(kind: str | dict[str, list[str]]) -> str | list[str]:
    return kind["choice"] if isinstance(kind, dict) else kind


def _criteria(sections: list[dict[str, Any]]) -> list[Criterion]:
    """Return the criteria by judgement: no other method ever takes claimed points."""
    found = []
    for section in sections:
        for item in section["criteria"]:
            if item["method"] != "judgement":
                continue
            evidence = item.get("evidence") or {}
            found.append(
                Criterion(
                    item["id"],
                    item["title"],
                    float(item["points"]),
                    tuple(evidence.get("kinds", ())),
                    bool(evidence.get("required")),
                    alone=len(section["criteria"]) == 1,
                )
            )
    return found
