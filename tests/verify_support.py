"""What the tests of the stand-alone verifier share: sealed results, the verifier run on them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, Scalar, Sequence, parse
from generator.results.document import digest_of, dump, to_json
from generator.text.findings import Report
from tests.naive.repositories import YEAR, Maker
from tools import verify_results
from tools.verify_results import Rubric, UnreadableError, Yaml, is_null, verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.formats.nodes import Node

Json = dict[str, Any]


class Frozen(NamedTuple):
    """Results as a document, and the bytes of the rubric that lies beside them."""

    document: Json
    rubric: bytes


def results_of(root: Path, year: int) -> Frozen:
    """Return the results of a year of a repository, sealed."""
    results = evaluate(WorkingTree(root), year).results
    assert results is not None
    return Frozen(sealed(to_json(results)), (root / "rubric.yml").read_bytes())


def random_results(root: Path, seed: int, *, flawed: bool) -> Frozen:
    """Return sealed results of a random small repository, written below ``root``."""
    maker = Maker(root, seed, accepts=False, flawed=flawed)
    maker.make(random.Random(seed).randint(2, 4))
    return results_of(root, YEAR)


def sealed(document: Json) -> Json:
    """Return a copy in stage final, with the digest and the seal that fit its content."""
    return seal(fresh(document))


def seal(document: Json) -> Json:
    """Put a document as a program with floats reads it into stage final, seal it and return it."""
    document["stage"] = "final"
    document["source"]["dirty"] = False
    document["digest"] = digest_of(document)
    document["source"].pop("seal", None)
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    document["source"]["seal"] = "sha256:" + hashlib.sha256(canonical.encode("utf-8")).hexdigest()
    return document


def fresh(document: Json) -> Json:
    """Return a copy to tamper with, as a program with floats reads it."""
    copied: Json = json.loads(json.dumps(document, default=float))
    return copied


#: A rubric is read once for all results that are tried against it; nobody changes it.
read_once = lru_cache(maxsize=128)(Rubric)


def judge(results: Json | bytes, rubric: bytes, lang: str = "en") -> tuple[int, str]:
    """Return exit status and output of the verifier; a document is dumped first."""
    data = results if isinstance(results, bytes) else dump(results).encode("utf-8")
    output = io.StringIO()
    once = mock.patch.object(verify_results, "Rubric", read_once)
    with once, contextlib.redirect_stdout(output):
        try:
            return verify(data, rubric, lang), output.getvalue()
        except UnreadableError as error:
            return 2, error.words[lang]


def write(folder: Path, frozen: Frozen) -> str:
    """Write results and rubric as they lie in a repository; return the path of the results."""
    (folder / "results.json").write_text(dump(frozen.document), "utf-8")
    (folder / "rubric.yml").write_bytes(frozen.rubric)
    return str(folder / "results.json")


def their_tree(data: bytes) -> Any:
    """Return what the program reads from YAML: text and whether it is null; None for errors."""
    report = Report()
    node = parse(data, report, "rubric.yml", COMMITTEE_LIMITS)
    if node is None or any(finding.severity == "error" for finding in report.findings):
        return None
    return plain(node)


def plain(node: Node) -> Any:
    """Return a node of the program as built-in types."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return (node.text, node.is_null)


def our_tree(data: bytes) -> Any:
    """Return what the verifier reads from YAML, in the same form; None where it refuses."""
    try:
        return marked(Yaml(data).document())
    except UnreadableError:
        return None


def marked(node: Any) -> Any:
    """Return a node of the verifier with its scalars as text and whether it is null."""
    if isinstance(node, dict):
        return {key: marked(value) for key, value in node.items()}
    if isinstance(node, list):
        return [marked(item) for item in node]
    return (str(node), is_null(node))


def criteria(document: Json, **wanted: Any) -> Iterator[tuple[Json, Json]]:
    """Yield (branch, line) of criteria whose keys have these values; ``...`` is any but null."""
    return matching(document, part=None, **wanted)


def matching(document: Json, **wanted: Any) -> Iterator[tuple[Json, Json]]:
    """Yield (branch, line) of lines whose keys have these values; ``...`` is any but null."""
    for branch in document["branches"]:
        for line in branch["lines"]:
            if all(line[k] is not None if v is ... else line[k] == v for k, v in wanted.items()):
                yield branch, line


def other(value: float, maximum: float) -> float:
    """Return another figure between 0 and a maximum."""
    return 0 if value else maximum
