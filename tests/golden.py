"""Figures that the present rules give: of repositories drawn by fixed seeds, and of attachments.

``python -m tests.golden`` writes them to ``golden.json``, beside the number of the rules.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from generator import RULES
from generator.engine.evaluate import evaluate
from generator.files.attachments import UNUSABLE, inspect
from generator.results.document import to_json
from tests.memory import MemoryTree, base_files, files_below
from tests.naive.repositories import make_repository

FILE = Path(__file__).parent / "golden.json"
SEEDS = range(6)
BRANCH = ("id", "status", "rank", "rank_range", "grade", "fixed", "bonus", "total", "low", "high",
          "assessed", "sections", "vetoes")  # fmt: skip
LINE = ("section", "criterion", "part", "basis", "points", "max", "claimed", "computed", "verified",
        "evidence")  # fmt: skip
BONUS = ("claim", "rule", "level", "status", "points", "evidence")
VETO = ("veto", "state")

RAISE = (
    "the same files give other figures ({names}): raise RULES in generator/__init__.py, say in the"
    " table of docs/format.md §7 what changed, then run python -m tests.golden"
)
RENEW = (
    "the rules have another number than golden.json: run python -m tests.golden and commit the file"
)
INPUTS = (
    "the files that the figures are of are others ({names}): run python -m tests.golden in a"
    " commit that changes nothing else"
)


def digest(value: object) -> str:
    """Return a short digest of a value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]


def figures(document: dict[str, Any]) -> list[Any]:
    """Return the figures of results, without a word."""

    def of(entry: dict[str, Any], keys: tuple[str, ...]) -> list[Any]:
        return [entry.get(key) for key in keys]

    return [
        [
            *of({**branch, "vetoes": [of(veto, VETO) for veto in branch["vetoes"]]}, BRANCH),
            [of(line, LINE) for line in branch["lines"]],
            [of(line, BONUS) for line in branch["bonus_lines"]],
        ]
        for branch in document["branches"]
    ]


def repositories() -> dict[str, dict[str, bytes]]:
    """Return the small clean repository, and sound and flawed ones drawn by seeds."""
    found = {"base": base_files()}
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            flawed = seed % 2 == 1
            make_repository(Path(folder), seed, flawed=flawed)
            found[f"{'flawed' if flawed else 'plain'}-{seed}"] = files_below(Path(folder))
    return found


def usable(name: str, data: bytes) -> list[bool]:
    """Return whether a file counts, its first half, it with more behind, under another name."""
    forms = [(name, data), (name, data[: len(data) // 2]), (name, data + b"more"),
             (f"{name}.png", data), (name, data + bytes(9))]  # fmt: skip
    return [not any(d.problem in UNUSABLE for d in inspect(*form)) for form in forms]


def attachments() -> dict[str, bytes]:
    """Return sound files of all types, by their names."""
    from tests.test_attachments import SOUND

    return {f"{key}.{key.partition('-')[0]}": data for key, data in SOUND.items()}


def computed() -> dict[str, Any]:
    """Return the present rules, what was computed by them, and what of."""
    trees = repositories()
    outcome = {}
    for name, files in trees.items():
        results = evaluate(MemoryTree(files)).results
        outcome[name] = digest(figures(to_json(results)) if results else None)
    inputs = {name: digest({path: hashlib.sha256(data).hexdigest() for path, data in files.items()})
              for name, files in trees.items()}  # fmt: skip
    counted = {name: usable(name, data) for name, data in attachments().items()}
    inputs["attachments"] = digest(sorted(counted))
    outcome["attachments"] = digest(counted)
    return {"rules": RULES, "inputs": inputs, "figures": outcome}


def complaint(told: dict[str, Any], found: dict[str, Any]) -> str:
    """Return what is to be done; nothing where all is as it was."""

    def differing(part: str) -> list[str]:
        names = {*told[part], *found[part]}
        return sorted(n for n in names if told[part].get(n) != found[part].get(n))

    others = differing("inputs")
    moved = [name for name in differing("figures") if name not in others]
    if told["rules"] == found["rules"] and moved:
        return RAISE.format(names=", ".join(moved))
    if told["rules"] != found["rules"]:
        return RENEW
    return INPUTS.format(names=", ".join(others)) if others else ""


if __name__ == "__main__":
    FILE.write_text(json.dumps(computed(), indent=1) + "\n", "utf-8")
    sys.stdout.write(f"{FILE.name}: rules {RULES}\n")
