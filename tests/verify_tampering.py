"""Ways to tamper with results, as consistently as a forger may.

Each changes a document and returns the name under which the verifier must report it; None, and
nothing changed, where the document has no such figure.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tests.verify_support import criteria, matching, other

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.verify_support import Json

    Tampering = Callable[[Json], str | None]

TAMPERINGS: dict[str, Tampering] = {}


def tampering(function: Tampering) -> Tampering:
    """Register a way to tamper under its name."""
    TAMPERINGS[function.__name__.replace("_", "-")] = function
    return function


def on_line(**wanted: Any) -> Callable[[Callable[[Json, Json], str]], object]:
    """Register a way to tamper with the first line whose keys have these values."""

    def register(function: Callable[[Json, Json], str]) -> object:
        def first(document: Json) -> str | None:
            found = next(matching(document, **wanted), None)
            return None if found is None else function(*found)

        first.__name__ = function.__name__
        return tampering(first)

    return register


def on_branch(**wanted: Any) -> Callable[[Callable[[Json], str]], object]:
    """Register a way to tamper with the first branch whose keys have these values."""

    def register(function: Callable[[Json], str]) -> object:
        def first(document: Json) -> str | None:
            branch = branch_where(document, **wanted)
            return None if branch is None else function(branch)

        first.__name__ = function.__name__
        return tampering(first)

    return register


def at(branch: Json, line: Json, key: str) -> str:
    """Return the name of a line's figure."""
    name = "/".join(filter(None, [line["criterion"] or line["section"], line["part"]]))
    return f"{branch['id']}.lines[{name}].{key}"


def own(found: Iterator[tuple[Json, Json]]) -> tuple[Json, Json] | None:
    """Return the first of (branch, line) pairs."""
    return next(found, None)


def add(branch: Json, difference: float) -> None:
    """Raise all that a branch's points enter into."""
    for key in ("fixed", "total", "low", "high"):
        branch[key] = round(branch[key] + difference, 6)


def change(document: Json, basis: str, source: str, key: str, *, part: bool = False) -> str | None:
    """Change the figure ``source`` of a line with this basis; ``key`` is what must be named."""
    wanted: dict[str, Any] = {"basis": basis} if part else {"basis": basis, "part": None}
    for branch, line in matching(document, **wanted):
        parted = any(x["part"] for x in branch["lines"] if x["criterion"] == line["criterion"])
        if parted == part and bool(line["part"]) == part and line["max"]:
            line[source] = other(line[source], line["max"])
            return at(branch, line, key)
    return None


def branch_where(document: Json, **wanted: Any) -> Json | None:
    """Return the first branch whose keys have these values; ``...`` is any but null and empty."""
    for branch in document["branches"]:
        if all(branch[k] if v is ... else branch[k] == v for k, v in wanted.items()):
            return dict_of(branch)
    return None


def dict_of(value: Any) -> Json:
    """Return a value that is known to be a JSON object."""
    assert isinstance(value, dict)
    return value


# ---- Lines ---------------------------------------------------------------------------------------

for _basis in ("verified", "computed", "claimed"):
    TAMPERINGS[f"points-of-{_basis}"] = partial(change, basis=_basis, source="points", key="points")
    TAMPERINGS[f"source-of-{_basis}"] = partial(change, basis=_basis, source=_basis, key="points")
TAMPERINGS["points-of-a-part"] = lambda d: change(d, "computed", "points", "points", part=True)


@tampering
def computed_of_a_part(document: Json) -> str | None:
    found = own((b, x) for b, x in matching(document, part=..., computed=...) if x["max"])
    if found is None:
        return None
    branch, line = found
    line["computed"] = line["points"] = other(line["computed"], line["max"])
    return f"{branch['id']}.lines[{line['criterion']}].computed"


@tampering
def whole_of_parts(document: Json) -> str | None:
    for branch, line in criteria(document, basis="computed"):
        if any(x["part"] for x in branch["lines"] if x["criterion"] == line["criterion"]):
            before = line["points"]
            line["points"] = line["computed"] = other(before, line["max"])
            add(branch, line["points"] - before)
            branch["sections"][line["section"]] += line["points"] - before
            return at(branch, line, "computed")
    return None


@on_line(part=None, basis="pending")
def points_of_pending(branch: Json, line: Json) -> str:
    line["points"] = 0
    return at(branch, line, "points")


@on_line(part=None, basis="verified")
def points_above_the_maximum(branch: Json, line: Json) -> str:
    add(branch, line["max"] + 1 - line["verified"])
    line["points"] = line["verified"] = line["max"] + 1
    return at(branch, line, "verified")


@on_line(part=None, claimed=...)
def points_below_zero(branch: Json, line: Json) -> str:
    line["claimed"] = -1
    return at(branch, line, "claimed")


@tampering
def too_many_decimals(document: Json) -> str | None:
    found = own((b, x) for b, x in criteria(document, verified=...) if x["verified"] > 1)
    if found is None:
        return None
    branch, line = found
    line["points"] = line["verified"] = line["verified"] - 0.0005
    return at(branch, line, "verified")


@on_line(part=None, basis="verified")
def maximum_of_a_line(branch: Json, line: Json) -> str:
    line["max"] += 1
    return at(branch, line, "max")


@on_line(part=...)
def maximum_of_a_part(branch: Json, line: Json) -> str:
    line["max"] += 1
    return at(branch, line, "max")


def rebased(document: Json, old: str, new: str) -> str | None:
    """Give a line another basis, points and all."""
    found = own(criteria(document, basis=old))
    if found is None:
        return None
    found[1]["basis"] = new
    return at(*found, "basis")


for _old, _new in [
    ("claimed", "verified"), ("claimed", "computed"), ("verified", "claimed"),
    ("computed", "claimed"), ("computed", "verified"), ("pending", "scaled"),
    ("pending", "claimed"), ("verified", "pending"), ("computed", "pending"),
]:  # fmt: skip
    TAMPERINGS[f"{_old}-called-{_new}"] = partial(rebased, old=_old, new=_new)


@on_line(part=None, basis="pending")
def pending_called_not_applicable(branch: Json, line: Json) -> str:
    line["basis"] = "not-applicable"
    return at(branch, line, "excluded")


@on_line(part=..., basis="computed")
def a_part_called_verified(branch: Json, line: Json) -> str:
    line["basis"], line["verified"] = "verified", line["computed"]
    return at(branch, line, "basis")


@on_line(part=None, basis="not-applicable", points=...)
def points_of_not_applicable(branch: Json, line: Json) -> str:
    line["points"] = line["max"] / 2
    return at(branch, line, "points")


@on_line(part=None, basis="computed")
def left_out(branch: Json, line: Json) -> str:
    line["excluded"] = True
    return at(branch, line, "excluded")


@on_line(part=None, basis="verified")
def clause_of_a_line(branch: Json, line: Json) -> str:
    line["clause"] += "甲"
    return at(branch, line, "clause")


@on_branch(lines=...)
def a_line_removed(branch: Json) -> str:
    del branch["lines"][0]
    return f"{branch['id']}.lines[0]"


@on_branch(lines=...)
def a_line_twice(branch: Json) -> str:
    branch["lines"].append(branch["lines"][-1])
    return f"{branch['id']}.lines[{len(branch['lines']) - 1}]"


@tampering
def lines_in_another_order(document: Json) -> str | None:
    branch = branch_where(document, lines=...)
    if branch is None or len(branch["lines"]) < 2:
        return None
    branch["lines"].reverse()
    return f"{branch['id']}.lines[0]"


# ---- Sections, bonus, sums -----------------------------------------------------------------------


@on_line(basis="scaled")
def scaling(branch: Json, line: Json) -> str:
    line["points"] += 1
    branch["sections"][line["section"]] += 1
    add(branch, 1)
    return at(branch, line, "points")


@on_line(basis="scaled")
def scaling_removed(branch: Json, line: Json) -> str:
    branch["lines"].remove(line)
    branch["sections"][line["section"]] -= line["points"]
    add(branch, -line["points"])
    return at(branch, line, "points")


@tampering
def scaling_invented(document: Json) -> str | None:
    for branch in document["branches"]:
        if branch["lines"] and all(x["basis"] != "scaled" for x in branch["lines"]):
            last = branch["lines"][-1]
            line = {**last, "criterion": None, "part": None, "basis": "scaled", "points": 1}
            line |= {"max": None, "claimed": None, "computed": None, "verified": None}
            branch["lines"].append(line)
            branch["sections"][last["section"]] += 1
            add(branch, 1)
            return at(branch, line, "points")
    return None


@on_branch(sections=...)
def points_of_a_section(branch: Json) -> str:
    name = list(branch["sections"])[-1]
    branch["sections"][name] += 1
    return f"{branch['id']}.sections.{name}"


@on_branch(sections=...)
def a_section_invented(branch: Json) -> str:
    branch["sections"]["more"] = 1
    return f"{branch['id']}.sections.more"


def raised(document: Json, key: str, status: str) -> str | None:
    """Raise one of a branch's sums."""
    branch = branch_where(document, status=status, lines=...)
    if branch is None:
        return None
    branch[key] += 1
    return f"{branch['id']}.{key}"


for _key in ("fixed", "bonus", "total", "low", "high"):
    TAMPERINGS[_key] = partial(raised, key=_key, status="scored")
    TAMPERINGS[f"{_key}-of-a-vetoed-branch"] = partial(raised, key=_key, status="vetoed")


@on_branch(status="scored")
def assessed_done(branch: Json) -> str:
    branch["assessed"]["done"] += 1
    return f"{branch['id']}.assessed.done"


@tampering
def assessed_of(document: Json) -> str | None:
    document["branches"][0]["assessed"]["of"] += 1
    return f"{document['branches'][0]['id']}.assessed.of"


def bonus_line(document: Json, status: str) -> tuple[Json, Json] | None:
    """Return the first bonus line with a status, and its branch."""
    for branch in document["branches"]:
        for line in branch["bonus_lines"]:
            if line["status"] == status:
                return branch, line
    return None


def bonus_changed(document: Json, status: str, key: str, changes: Json) -> str | None:
    """Change a bonus line with a status."""
    found = bonus_line(document, status)
    if found is None:
        return None
    branch, line = found
    line.update(changes)
    return f"{branch['id']}.bonus_lines[{line['claim']}].{key}"


for _status in ("accepted", "rejected", "claimed", "same-matter"):
    TAMPERINGS[f"points-of-{_status}-bonus"] = partial(
        bonus_changed, status=_status, key="points", changes={"points": 9}
    )
    TAMPERINGS[f"unknown-rule-of-{_status}-bonus"] = partial(
        bonus_changed, status=_status, key="rule", changes={"rule": "nothing"}
    )
TAMPERINGS["level-of-bonus"] = lambda d: bonus_changed(d, "accepted", "level", {"level": "x"})
TAMPERINGS["title-of-bonus"] = lambda d: bonus_changed(d, "accepted", "title", {"title": "甲"})
TAMPERINGS["clause-of-bonus"] = lambda d: bonus_changed(d, "accepted", "clause", {"clause": "甲"})
TAMPERINGS["same-matter-counted"] = lambda d: bonus_changed(
    d, "same-matter", "status", {"status": "accepted"}
)
TAMPERINGS["accepted-called-same-matter"] = lambda d: bonus_changed(
    d, "accepted", "status", {"status": "same-matter", "points": 0}
)


@tampering
def a_bonus_twice(document: Json) -> str | None:
    found = bonus_line(document, "accepted")
    if found is None:
        return None
    branch, line = found
    branch["bonus_lines"].append({**line, "matter": "别的事项"})
    return f"{branch['id']}.bonus_lines[{line['claim']}].claim"


# ---- Status, ranks, grades -----------------------------------------------------------------------


@on_branch(status="vetoed", lines=...)
def a_veto_forgotten(branch: Json) -> str:
    branch["status"] = "scored"
    return f"{branch['id']}.status"


@on_branch(status="vetoed")
def a_veto_dismissed(branch: Json) -> str:
    branch["vetoes"] = [v for v in branch["vetoes"] if v["state"] != "verified"]
    return f"{branch['id']}.status"


@on_branch(status="scored")
def a_veto_invented(branch: Json) -> str:
    branch["vetoes"].append({"veto": "none-such", "state": "verified"})
    return f"{branch['id']}.status"


@on_branch(status="scored")
def a_veto_unknown(branch: Json) -> str:
    branch["vetoes"].append({"veto": "none-such", "state": "alleged"})
    return f"{branch['id']}.vetoes"


@on_branch(status="not-submitted")
def figures_of_who_filed_nothing(branch: Json) -> str:
    branch["total"] = 0
    return f"{branch['id']}.total"


@tampering
def lines_of_who_filed_nothing(document: Json) -> str | None:
    branch, filed = (branch_where(document, status=s) for s in ("not-submitted", "scored"))
    if branch is None or filed is None:
        return None
    branch["lines"] = filed["lines"]
    return f"{branch['id']}.lines"


@on_branch(status="scored")
def a_scored_branch_called_unreadable(branch: Json) -> str:
    branch["status"] = "unreadable"
    return f"{branch['id']}.lines"


@on_branch(status="scored")
def rank(branch: Json) -> str:
    branch["rank"] += 1
    return f"{branch['id']}.rank"


@tampering
def ranks_exchanged(document: Json) -> str | None:
    ranked = [branch for branch in document["branches"] if branch["rank"]]
    if len(ranked) < 2 or ranked[0]["rank"] == ranked[1]["rank"]:
        return None
    ranked[0]["rank"], ranked[1]["rank"] = ranked[1]["rank"], ranked[0]["rank"]
    document["branches"][:2] = ranked[1], ranked[0]
    return f"{ranked[0]['id']}.rank"


@tampering
def a_shared_rank_broken(document: Json) -> str | None:
    ranked = [branch for branch in document["branches"] if branch["rank"]]
    for index, branch in enumerate(ranked[1:]):
        if branch["rank"] == ranked[index]["rank"]:
            branch["rank"] += 1
            return f"{branch['id']}.rank"
    return None


@on_branch(status="vetoed")
def rank_of_a_vetoed_branch(branch: Json) -> str:
    branch["rank"], branch["rank_range"] = 1, [1, 1]
    return f"{branch['id']}.rank"


def range_changed(document: Json, index: int) -> str | None:
    """Change an end of a range of ranks."""
    branch = branch_where(document, rank_range=...)
    if branch is None:
        return None
    branch["rank_range"][index] += 1
    return f"{branch['id']}.rank_range"


TAMPERINGS["best-rank"] = lambda d: range_changed(d, 0)
TAMPERINGS["worst-rank"] = lambda d: range_changed(d, 1)


@tampering
def order_of_branches(document: Json) -> str | None:
    document["branches"].reverse()
    return "branches[0]"


@tampering
def a_branch_twice(document: Json) -> str | None:
    last = document["branches"][-1]
    document["branches"].append(last)
    return f"branches[{len(document['branches']) - 1}]"


@tampering
def a_branch_removed(document: Json) -> str | None:
    ranked = [branch for branch in document["branches"] if branch["rank"]]
    if len(ranked) < 2 or ranked[1]["rank"] == 1:
        return None
    document["branches"].remove(ranked[0])
    return f"{ranked[1]['id']}.rank"


@on_branch(status="scored", computed_grade=...)
def computed_grade(branch: Json) -> str:
    branch["computed_grade"] = None
    return f"{branch['id']}.computed_grade"


@tampering
def grade_of_a_pending_branch(document: Json) -> str | None:
    branch = branch_where(document, status="scored", grade=None)
    graded = branch_where(document, computed_grade=...)
    if branch is None or graded is None:
        return None
    branch["computed_grade"] = branch["grade"] = graded["computed_grade"]
    return f"{branch['id']}.computed_grade"


@tampering
def grade_without_a_decision(document: Json) -> str | None:
    branch = branch_where(document, status="scored", computed_grade=...)
    if branch is None:
        return None
    grades = {b["computed_grade"] for b in document["branches"]}
    grades -= {branch["grade"], branch["computed_grade"], None}
    if not grades:
        return None
    document["decision"] = {}
    branch["grade"], branch["grade_reason"] = min(grades), "示例"
    return f"{branch['id']}.grade"


@tampering
def grade_without_a_reason(document: Json) -> str | None:
    for branch in document["branches"]:
        if branch["grade"] != branch["computed_grade"] and branch["grade_reason"]:
            branch["grade_reason"] = ""
            return f"{branch['id']}.grade"
    return None


@tampering
def reason_without_a_decision(document: Json) -> str | None:
    branch = document["branches"][0]
    if document["decision"]:
        return None
    branch["grade_reason"] = "示例"
    return f"{branch['id']}.grade_reason"


@tampering
def grade_unknown(document: Json) -> str | None:
    branch = branch_where(document, status="scored")
    if branch is None:
        return None
    document["decision"] = {"meeting": "示例"}
    branch["grade"], branch["grade_reason"] = "best-of-all", "示例"
    return f"{branch['id']}.grade"


@tampering
def grade_of_a_vetoed_branch(document: Json) -> str | None:
    branch = branch_where(document, status="vetoed")
    if branch is None:
        return None
    grades = {b["grade"] for b in document["branches"]} - {branch["grade"], None}
    if not grades:
        return None
    document["decision"] = {"meeting": "示例"}
    branch["grade"], branch["grade_reason"] = min(grades), "示例"
    return f"{branch['id']}.grade"


@tampering
def title_of_a_grade(document: Json) -> str | None:
    document["branches"][0]["grade_title"] += "甲"
    return f"{document['branches'][0]['id']}.grade_title"


# ---- The rest ------------------------------------------------------------------------------------


@tampering
def an_open_question_forgotten(document: Json) -> str | None:
    if not document["open_questions"]:
        return None
    document["open_questions"].pop()
    return "open_questions"


@tampering
def an_open_question_invented(document: Json) -> str | None:
    document["open_questions"].append("q-more")
    return "open_questions"


@tampering
def another_rubric(document: Json) -> str | None:
    document["rubric"]["id"] += "-x"
    return "rubric.id"


@tampering
def another_rubric_file(document: Json) -> str | None:
    document["rubric"]["sha256"] = "0" * 64
    return "rubric.sha256"


@tampering
def another_schema(document: Json) -> str | None:
    document["schema"] = "appraisal-results/9"
    return "results.schema"
