"""The kinds of pages of a built site, told by their addresses, and pages of each to look at.

A new family of pages needs no line here: a page beside the home page is a kind of its own
(``rubric``), and so are all pages of a folder together (``ranking/``). What has another form of
address stands in ``KINDS``.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The folder of a past year, where a page is not of the newest.
YEAR = r"(?:(?P<year>\d{4})/)?"
#: Kind → form of its addresses.
KINDS = {
    "home": YEAR + r"index\.html",
    "scorecard": r"(?P<year>\d{4})/branches/[^/]+\.html",
    "record": r"(?P<year>\d{4})/branches/(?:[^/]+/){2}[^/]+\.html",
}
#: All others: one page beside the home page of a year, or the pages of one folder of a year.
OTHERS = YEAR + r"(?P<kind>(?!index\.html|branches/|\d{4}/)[^/]+?/?)(?:(?<=/).+)?\.html"
#: Kinds that are the same whatever branches there are.
FIXED = frozenset(
    {
        "404",
        "about",
        "fields",
        "findings",
        "formats",
        "guide",
        "handing-in",
        "ids",
        "rubric",
        "threat-model",
    }
)
#: Kinds of pages of one branch.
OWN = frozenset({"scorecard", "record"})
#: Kinds that a site of several years, consortia and societies has.
EXPECTED = FIXED | OWN
EXPECTED |= {"home", "consortia", "consortia/", "societies", "societies/", "criteria", "criteria/"}
EXPECTED |= {"heat", "points", "lacking", "questions", "whatif", "years", "process", "downloads"}
EXPECTED |= {"asked", "due/"}


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a page, and the year in whose folder it lies; none where it is the newest's."""

    name: str
    year: str = ""


def kinds_of(address: str) -> list[Kind]:
    """Return every kind whose form an address has: just one, or else the forms are at fault."""
    found = [(name, re.fullmatch(form, address)) for name, form in KINDS.items()]
    kinds = [Kind(name, match["year"] or "") for name, match in found if match]
    if match := re.fullmatch(OTHERS, address):
        kinds.append(Kind(match["kind"], match["year"] or ""))
    return kinds


def addresses(folder: Path) -> list[str]:
    """Return the addresses of all pages of a built site."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def chosen(folder: Path, *, fixed: bool = True) -> list[str]:
    """Return pages of each kind: the largest of every year, and the smallest of the newest.

    Of the newest scorecards it is the largest for each status of a branch. ``fixed`` takes the
    kinds along that no branch changes.
    """
    results = results_of(folder)
    newest = str(results["year"])
    groups: dict[Kind, list[str]] = {}
    for address in addresses(folder):
        (kind,) = kinds_of(address)
        if fixed or kind.name not in FIXED:
            groups.setdefault(kind, []).append(address)
    groups.pop(Kind("scorecard", newest), None)
    taken = dict.fromkeys(largest(folder, group) for group in groups.values())
    small = (group for kind, group in groups.items() if kind.year in {"", newest})
    taken.update(dict.fromkeys(largest(folder, group, -1) for group in small))
    statuses: dict[str, list[str]] = {}
    for branch in results["branches"]:
        address = f"{newest}/branches/{branch['id']}.html"
        statuses.setdefault(branch["status"], []).append(address)
    taken.update(dict.fromkeys(largest(folder, group) for group in statuses.values()))
    return list(taken)


def largest(folder: Path, group: Iterable[str], sign: int = 1) -> str:
    """Return the page of a group that has the most bytes, or the least where the sign is -1."""
    return max(group, key=lambda address: (sign * (folder / address).stat().st_size, address))


@functools.cache
def results_of(folder: Path) -> dict[str, Any]:
    """Return the results of the newest year; nobody writes into a built site, or into these."""
    document: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    return document
