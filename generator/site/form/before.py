"""What bundles hold so that the form works before the program is there: its questions, its cards.

A new activity or document asks the same of every branch. So its form is made by the program itself,
for a branch that has filed nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.files.paths import is_branch_id
from generator.proposals.bundles.bundled import Bundled
from generator.proposals.bundles.keys import SCHEMA
from generator.proposals.bundles.trial import BundleTrial
from generator.site.form.answering.arguments import RefusedError
from generator.site.form.answering.opening import FORMS, TITLES
from generator.site.form.session import Session
from generator.text.language import gettext

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping

    from generator.proposals.bundles.values import Value

#: Forms that ask for nothing that a branch has filed.
ALIKE = ("activity", "document")


def cards() -> list[Value]:
    """Return what may be added, as the program's overview has it."""
    return [{"form": name, "title": gettext(TITLES[name])} for name in FORMS]


def forms_of(shared: Mapping[str, Value], year: int, day: datetime.date) -> dict[str, Value]:
    """Return name → form of a new record, made of what all branches share; none without a rubric.

    ``day`` stands for today.
    """
    nobody: dict[str, Value] = {
        "schema": SCHEMA, "branch": unused(ids_in(shared)), "year": year, "files": [],
        "received": None, "awarded": {}, "withheld": [],
    }  # fmt: skip
    tree = Bundled(shared, nobody, day)
    try:
        session = Session.over(tree, BundleTrial(tree), day)
    except RefusedError:
        return {}
    found: dict[str, Value] = {}
    for name in ALIKE:
        request = {"id": 0, "call": "form", "args": {"form": name, "id": None, "like": None}}
        found[name] = json.loads(session.answer(json.dumps(request)).text)["value"]
    return found


def ids_in(shared: Mapping[str, Value]) -> set[str]:
    """Return the ids of all branches."""
    branches = shared["branches"]
    entries = branches if isinstance(branches, list) else []
    return {f"{entry['id']}" for entry in entries if isinstance(entry, dict)}


def unused(ids: Collection[str]) -> str:
    """Return an id that no branch has."""
    free = "nobody"
    while free in ids or not is_branch_id(free):
        free += "-x"
    return free
