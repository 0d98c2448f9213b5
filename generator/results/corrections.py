"""Corrections of final results: which file was replaced, why, and every place that differs.

They stand in the file itself, within digest and seal, the oldest first (docs/format.md §7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# Any: JSON of two results files, compared entry by entry.
from typing import TYPE_CHECKING, Any

from generator.results.differing import ABSENT, ORDER, WORDING, differences
from generator.text.days import read_day
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: The key of a results file that holds them.
CORRECTIONS = "corrections"
#: The key of a change whose words of before are not told.
WITHHELD = "withheld"
#: What is not compared: where the figures come from, what follows from them, what was before.
ASIDE = frozenset({"schema", "source", "digest", CORRECTIONS})
BRANCHES = "branches"
#: What stands in ``key`` where entries are the same in another order.
REORDERED = "order"
DIGEST = re.compile("sha256:[0-9a-f]{64}")
OBJECT = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Changed:
    """One place that a correction changed: of a branch, or of the year where that is None.

    ``key`` holds the steps to the place, parted by ``/``; values are JSON, None where there is
    nothing. What is ``withheld`` stood there before, and is not to be told: ``old`` is None.
    """

    branch: str | None
    key: str
    old: object
    new: object
    withheld: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps to the place."""
        return tuple(self.key.split("/"))


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of final results.

    ``digest``, ``seal`` and ``commit`` are those of the file that was replaced, ``blob`` is git's
    id of its content; ``date`` is the day of the commit that the new figures come from.
    """

    digest: str
    seal: str
    blob: str
    commit: str | None
    reason: str
    date: str
    changes: tuple[Changed, ...] = ()


def changes_between(
    old: Mapping[str, Any], new: Mapping[str, Any], *, withhold: bool = False
) -> tuple[Changed, ...]:
    """Return every place at which two results files differ, in figures and in words.

    With ``withhold`` the words of before are left out, where they are why the file is corrected.
    """
    one, two = ({k: v for k, v in d.items() if k not in ASIDE} for d in (old, new))
    return tuple(map(without_words, _changes(one, two)) if withhold else _changes(one, two))


def without_words(change: Changed) -> Changed:
    """Return a change that does not tell the words which stood there; figures stay."""
    tells = isinstance(change.old, dict | list) or any(step in WORDING for step in change.steps)
    return replace(change, old=None, withheld=True) if tells and change.old else change


def same_changes(told: Sequence[Changed], found: Sequence[Changed]) -> bool:
    """Whether the changes that a correction tells are those found, but for what it withholds."""
    return len(told) == len(found) and all(
        one == (without_words(two) if one.withheld else two)
        for one, two in zip(told, found, strict=True)
    )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Changed]:
    for item in differences(old, new, every=True):
        where = tuple(REORDERED if step == ORDER else step for step in item.where)
        before, after = [None if v is ABSENT else printed(v) for v in (item.told, item.found)]
        if where[0] != BRANCHES:
            yield Changed(None, "/".join(where), before, after)
        elif len(where) > 2:
            yield Changed(where[1], "/".join(where[2:]), before, after)
        elif where[1:] != (REORDERED,):  # a branch came or went; its rank tells of another order
            ids = [value["id"] if isinstance(value, dict) else None for value in (before, after)]
            yield Changed(where[1], "id", ids[0], ids[1])


def correction_json(correction: Correction) -> dict[str, Any]:
    """Return a correction as JSON."""
    return {
        "digest": correction.digest,
        "seal": correction.seal,
        "blob": correction.blob,
        "commit": correction.commit,
        "reason": correction.reason,
        "date": correction.date,
        "changes": [
            {"branch": c.branch, "key": c.key, "old": c.old, "new": c.new}
            | ({WITHHELD: True} if c.withheld else {})
            for c in correction.changes
        ],
    }


def read_corrections(document: Mapping[str, Any]) -> tuple[Correction, ...]:
    """Return the corrections of a results file; raises KeyError, TypeError or ValueError."""
    return tuple(_correction(entry) for entry in _list(document.get(CORRECTIONS, [])))


def _correction(entry: Mapping[str, Any]) -> Correction:
    commit, date = entry["commit"], _text(entry["date"])
    if not _text(entry["reason"]).strip() or read_day(date) is None:
        raise ValueError(entry)
    return Correction(
        _form(entry["digest"], DIGEST),
        _form(entry["seal"], DIGEST),
        _form(entry["blob"], OBJECT),
        None if commit is None else _form(commit, OBJECT),
        entry["reason"],
        date,
        tuple(_changed(change) for change in _list(entry["changes"])),
    )


def _changed(entry: Mapping[str, Any]) -> Changed:
    branch = entry["branch"]
    branch = None if branch is None else _text(branch)
    withheld = entry.get(WITHHELD, False)
    if not isinstance(withheld, bool):
        raise TypeError(withheld)
    old, new = printed(entry["old"]), printed(entry["new"])
    return Changed(branch, _text(entry["key"]), old, new, withheld=withheld)


def printed(value: Any) -> Any:
    """Return JSON with the personal data of its texts masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: printed(own) for key, own in value.items()}
    return [printed(own) for own in value] if isinstance(value, list) else value


def _form(value: object, form: re.Pattern[str]) -> str:
    if not form.fullmatch(_text(value)):
        raise ValueError(value)
    return _text(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
