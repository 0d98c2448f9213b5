"""Changes of the rubric once the committee has begun to verify: no points move unseen (G010)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import RUBRIC_PATH, rubric_path
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, Scalar, Sequence, parse
from generator.formats.shapes import DATE
from generator.rubric.levels import number_of
from generator.text.findings import Place, Report

if TYPE_CHECKING:
    from generator.files.history import Change
    from generator.formats.nodes import Node
    from generator.proposals.guard.authority import Authority

#: What is only said in words: it gives no points.
WORDING = frozenset({"title", "requires", "clause", "question"})
#: Below these, keys are fields of records or names of the rubric's own, not words about it.
NAMED = frozenset({"where", "having", "fields", "target", "levels", "ballot", "branch_kinds"})
#: Below these, a title beside the number is a word about it, and either form gives the same.
TITLED = frozenset({"levels", "ballot"})


def check_rubric(changes: list[Change], authority: Authority, report: Report) -> None:
    """G010: once something is verified, another way of counting is a new, dated rubric.

    A year counts by its own rubric where the committee keeps one beside it.
    """
    by_path = {change.path: change for change in changes}
    if not any(path == RUBRIC_PATH or path.endswith(f"/{RUBRIC_PATH}") for path in by_path):
        return
    for year in authority.verified_years():
        own = rubric_path(int(year))
        old = authority.blob(own) or authority.blob(RUBRIC_PATH)
        new = _after(own, by_path, authority) or _after(RUBRIC_PATH, by_path, authority)
        if old in {new, ""}:
            continue
        place = Place(own if own in by_path else RUBRIC_PATH)
        if not new:
            report.add("G010", place, "{year} 年已有核定，计分规则却删去了", year=year)
        elif not _is_same(old, new, authority):
            report.add("G010", place, "{year} 年已有核定，计分规则却变了", year=year)


def _after(path: str, by_path: dict[str, Change], authority: Authority) -> str:
    """Return the blob at a path once the change is merged, empty where there is none."""
    if path not in by_path:
        return authority.blob(path)
    return "" if by_path[path].deleted else by_path[path].new_id


def _is_same(old_id: str, new_id: str, authority: Authority) -> bool:
    """Whether points are given as before, or by a new version; what cannot be read is another's."""
    read = authority.trees.objects.read
    old, new = (rules_of(read(identifier)) for identifier in (old_id, new_id))
    return old is None or new is None or old[1] == new[1] or is_newer(old[0], new[0])


def is_newer(old: str, new: str) -> bool:
    """Whether a rubric's date of issue is later than the other's."""
    return DATE.fullmatch(new) is not None and new > old


def rules_of(data: bytes) -> tuple[str, object] | None:
    """Return a rubric's date of issue and what gives points in it; None where it is unreadable."""
    node = parse(data, Report(), RUBRIC_PATH, COMMITTEE_LIMITS)
    if not isinstance(node, Mapping):
        return None
    plain = {name: text_of(value, name) for name, (_, value) in node.entries.items()}
    head = plain.pop("rubric", None)
    issued = f"{head.get('issued', '')}" if isinstance(head, dict) else ""
    plain["total"] = head.get("total") if isinstance(head, dict) else None
    plain.pop("questions", None)
    return issued, plain


def text_of(node: Node, name: str = "") -> object:
    """Return a node as text, lists and dicts, without what is only said in words."""
    if isinstance(node, Mapping):
        left_out = frozenset() if name in NAMED else WORDING
        return {
            key: text_of(number_of(value)[0] if name in TITLED else value, key)
            for key, (_, value) in node.entries.items()
            if key not in left_out
        }
    if isinstance(node, Sequence):
        return [text_of(item, name) for item in node.items]
    return node.text if isinstance(node, Scalar) else ""
