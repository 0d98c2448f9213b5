"""Files of repositories as people write them: read, written, edited, key by key."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, Node, Scalar, Sequence, parse
from generator.formats.shapes import (
    INVALID,
    BooleanShape,
    Context,
    CountShape,
    DateShape,
    NumberShape,
)
from generator.formats.spelling.lines import head_of, lines_in
from generator.formats.spelling.trees import Definition, OfAny, tree_of
from generator.formats.writing import edited, written
from generator.text.findings import Report
from tests.drawn import FILES
from tests.naive.repositories import make_repository
from tests.support import BASE, TESTS
from tests.test_edited import stay
from tests.test_scanner import mutated
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLE = TESTS.parent
#: Name of a file, or of the folder that many of a kind lie in → what is read there.
KINDS = {
    "branch.yml": "branch", "self-assessment.yml": "self-assessment", "activity.yml": "activity",
    "document.yml": "document", "consortia.yml": "consortia", "roster.yml": "roster",
    "appraisal.yml": "appraisal", "debrief.yml": "debrief", "decision.yml": "decision",
    "due.yml": "due", "accepted.yml": "accepted", "reviews": "review", "vetoes": "vetoes",
    "received": "received", "appeals": "appeals", "supervision": "supervision",
}  # fmt: skip


def files_below(root: Path) -> Iterator[tuple[bytes, str]]:
    """Yield the bytes and the kind of every file that can be read as YAML."""
    for path in sorted(p for top in ("branches", "committee") for p in (root / top).rglob("*.yml")):
        kind = KINDS.get(path.name) or KINDS.get(path.parent.name)
        if kind is not None and read(path.read_bytes()) is not None:
            yield path.read_bytes(), kind


def read(data: bytes) -> Node | None:
    """Return the root of a file; None where it cannot be read, or says nothing."""
    report = Report()
    node = parse(data, report, "", COMMITTEE_LIMITS)
    faulty = any(found.severity == "error" for found in report.findings)
    return None if faulty or isinstance(node, Scalar) else node


@cache
def samples() -> list[tuple[bytes, str]]:
    """Return the files of the sample."""
    return [*files_below(SAMPLE)]


def plain(node: Node | None, shape: OfAny, own: Definition) -> Any:
    """Return what was read as plain values."""
    if isinstance(node, Mapping):
        pairs = node.entries.items()
        return {key: plain(value, own.at(shape, key), own) for key, (_, value) in pairs}
    if isinstance(node, Sequence):
        return [plain(item, own.entry(shape), own) for item in node.items]
    assert isinstance(node, Scalar)
    typed = isinstance(shape, NumberShape | CountShape | BooleanShape | DateShape)
    taken = shape.take(node, Context(Report())) if shape and typed else INVALID
    return None if node.is_null else node.text if taken is INVALID else taken


def says(data: bytes, own: Definition) -> Any:
    """Return what a file says; it can be read."""
    node = read(data)
    assert node is not None, data
    return own.said(tree_of(node), own.shape)


def holds(data: bytes, kind: str) -> None:
    """A file read and written says the same; written into itself it keeps its bytes."""
    own = Definition(FILES[kind])
    node = read(data)
    assert node is not None
    whole = plain(node, own.shape, own)
    assert says(written(own.shape, whole), own) == says(data, own)
    assert edited(data, own.shape, whole) == data


def loses_one(data: bytes, kind: str) -> None:
    """A file loses one of its keys, or entries: the others keep their lines."""
    own = Definition(FILES[kind])
    node = read(data)
    lines = lines_in(data)
    if isinstance(node, Mapping):
        found = [(key, line - 1) for key, ((line, _), _) in node.entries.items()]
        told = says(data, own)
    else:
        assert isinstance(node, Sequence)
        found = [("", item.line - 1) for item in node.items]
        whole = plain(node, own.shape, own)
    for number, (key, start) in enumerate(found):
        if isinstance(node, Mapping):
            after = edited(data, own.shape, {key: None})
            assert says(after, own) == frozenset(pair for pair in told if pair[0] != key)
        else:
            rest = whole[:number] + whole[number + 1 :]
            after = edited(data, own.shape, rest)
            assert says(after, own) == tuple(says(data, own)[i] for i in others(number, found))
        end = found[number + 1][1] if number + 1 < len(found) else len(lines)
        rest_of = [*lines[:start], *lines[end:]]
        if len(found) > 1 and len({start for _, start in found}) == len(found):
            assert stay(rest_of, lines_in(after)), (data.decode(), after.decode())


def others(number: int, found: list[Any]) -> list[int]:
    """Return the numbers of all entries but one."""
    return [own for own in range(len(found)) if own != number]


def test_files_of_the_sample() -> None:
    """Comments, braces, lists without indentation: as the sample's committee writes them."""
    files = [*samples(), *files_below(BASE)]
    assert {kind for _, kind in files} >= {"branch", "activity", "due", "review", "appraisal"}
    for data, kind in {(data, kind) for data, kind in files}:
        holds(data, kind)
    for kind, data in {kind: data for data, kind in files}.items():
        loses_one(data, kind)


@pytest.mark.parametrize("seed", tiered(range(20), often=3, fast=1))
def test_random_repositories(tmp_path: Path, seed: int) -> None:
    """Every file of a random repository, in both styles of another writer."""
    make_repository(tmp_path, seed)
    for data, kind in files_below(tmp_path):
        holds(data, kind)
        loses_one(data, kind)


@pytest.mark.parametrize("seed", tiered(range(40), often=8, fast=2))
def test_random_damage_that_can_still_be_read(seed: int) -> None:
    """Odd indentation, marks of documents, quotes over lines: values and head stay in any case."""
    rng = random.Random(seed)
    files = [*files_below(BASE), *{kind: (data, kind) for data, kind in samples()}.values()]
    tried = 0
    while tried < 25:
        original, kind = rng.choice(files)
        data = mutated(b"# head\n" + original, rng)
        node, own = read(data), Definition(FILES[kind])
        if not isinstance(node, Mapping):
            continue
        known = sorted(own.below(own.shape).keys() & node.entries.keys())
        if not known:
            continue
        tried += 1
        key = rng.choice(known)
        values = plain(read(rng.choice([own for own, of in files if of == kind])), own.shape, own)
        value = rng.choice([None, values.get(key)])
        after = edited(data, own.shape, {key: value})
        new = {} if value is None else {key: value}
        wanted = {pair for pair in says(data, own) if pair[0] != key}
        assert says(after, own) == wanted | says(written(own.shape, new), own), data
        head = head_of(lines_in(data))
        assert head_of(lines_in(after))[: len(head)] == head, data
