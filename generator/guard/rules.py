"""Changes of the rubric once the committee has begun to verify (hostile input A26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.findings import Place, Report
from generator.history import NONE
from generator.source import COMMITTEE_LIMITS, Mapping, parse
from generator.tree import RUBRIC_PATH

if TYPE_CHECKING:
    from generator.guard.authority import Authority
    from generator.history import Change
    from generator.source import Node

#: What is only said in words: it gives no points.
WORDING = frozenset({"title", "requires", "clause", "question"})


def check_rubric(changes: list[Change], authority: Authority, report: Report) -> None:
    """G010: once something is verified, another way of counting is a new, dated rubric."""
    change = next((c for c in changes if c.path == RUBRIC_PATH), None)
    if change is None or NONE in {change.old_id, change.new_id}:
        return
    old, new = (rules_of(authority.objects.read(i)) for i in (change.old_id, change.new_id))
    if old is None or new is None or old[1] == new[1] or old[0] != new[0]:
        return
    for year in authority.verified_years():
        report.add("G010", Place(RUBRIC_PATH), "{year} 年已有核定，计分规则却变了", year=year)


def rules_of(data: bytes) -> tuple[object, object] | None:
    """Return a rubric's version and what gives points in it; None where it cannot be read."""
    node = parse(data, Report(), RUBRIC_PATH, COMMITTEE_LIMITS)
    if not isinstance(node, Mapping):
        return None
    plain = {name: text_of(value) for name, (_, value) in node.entries.items()}
    head = plain.get("rubric")
    version = (head.pop("id", None), head.pop("issued", None)) if isinstance(head, dict) else None
    plain.pop("questions", None)
    return version, plain


def text_of(node: Node) -> object:
    """Return a node as text, lists and dicts, without what is only said in words."""
    if isinstance(node, Mapping):
        return {
            key: text_of(value) for key, (_, value) in node.entries.items() if key not in WORDING
        }
    items = getattr(node, "items", None)
    return [text_of(item) for item in items] if items is not None else getattr(node, "text", "")
