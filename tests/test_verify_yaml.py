"""The stand-alone verifier's YAML reader: as the program reads, or not at all."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from tests.support import BASE
from tests.verify_support import Frozen, fresh, judge, our_tree, results_of, sealed, their_tree
from tools import verify_results

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def small() -> Frozen:
    return results_of(BASE, 2025)


WRITTEN = {
    "literal": "a: |\n  one\n\n   two\n  three\n\nb: |-\n  x\nc: |+\n  y\n\n",
    "folded": "a: >\n  one\n  two\n\n  three\n   four\n  five\nb: >-\n  x\n",
    "quoted": "a: 'it''s'\nb: \"\\u4e2d\\n\\\n   x\"\n'c d': \"one\n  two\n\n  three\"\n",
    "plain": "a: one\n  two\n\n  three # not\nb: x#y\nc: -1\nd: http://x:1/\n",
    "flow": "a: {b: [c, 'd', {e: f}], g: , h: \"i\"}\nj: [\n  k,\n  l, # m\n]\n",
    "compact": "- - a\n  - b: c\n    d: e\n-\n  - f\n- g:\n  - h\n",
    "null": "a:\nb: ~\nc: null\nd: 'null'\ne: ''\n",
    "marks": "\ufeff--- # one document\r\na: 1\r\n",
}
REFUSED = {
    "anchor": "a: &x 1\n", "alias": "a: *x\n", "tag": "a: !!str 1\n", "directive": "%YAML 1.1\n",
    "merge": "<<: {a: 1}\n", "flow-merge": "{<<: {a: 1}}\n", "duplicate": "a: 1\na: 2\n",
    "flow-duplicate": "{a: 1, a: 2}\n", "second": "a: 1\n---\nb: 2\n", "end": "a: 1\n...\n",
    "complex-key": "? a\n: b\n", "tab": "a:\n\tb: 1\n", "control": "a: \x07\n", "empty": "# no\n",
    "open-quote": "a: 'b\n", "open-bracket": "a: [b\n", "indent": "a: 1\n b: 2\n",
    "list-key": "[a]: b\n", "colon": "a: b: c\n", "indicator": "a: |2\n   x\n", "at": "a: @b\n",
    "list-in-value": "a: - b\n", "escape": 'a: "\\q"\n', "deep": "[" * 99 + "]" * 99,
    "pair-in-list": "a: [b: c]\n", "next-line": "a: \x85b\n",
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_reads_yaml_as_the_program_does(name: str) -> None:
    data = WRITTEN[name].encode("utf-8")
    assert their_tree(data) is not None
    assert our_tree(data) == their_tree(data)


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_what_it_does_not_know(name: str, small: Frozen) -> None:
    data = REFUSED[name].encode("utf-8")
    with pytest.raises(verify_results.UnreadableError, match=r"rubric\.yml, line \d+: "):
        verify_results.Yaml(data).document()
    document = fresh(small.document)
    document["rubric"]["sha256"] = hashlib.sha256(data).hexdigest()
    assert judge(sealed(document), data)[0] == 2


def test_refuses_bytes_that_are_not_utf8() -> None:
    with pytest.raises(verify_results.UnreadableError, match="line 2: not UTF-8"):
        verify_results.Yaml(b"a: 1\nb: \xff\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [("total: 30", "total: many"), ("places: 2", "places: 9"), ("sections:", "parts:"),
     ("points: 5", "points: [5]"), ("grades:", "grades: no #")],
)  # fmt: skip
def test_refuses_a_rubric_whose_figures_cannot_be_read(old: str, new: str, small: Frozen) -> None:
    text = small.rubric.decode("utf-8")
    assert old in text
    data = text.replace(old, new, 1).encode("utf-8")
    document = fresh(small.document)
    document["rubric"]["sha256"] = hashlib.sha256(data).hexdigest()
    status, output = judge(sealed(document), data)
    assert status == (1 if new == "parts:" else 2), output


def yaml_files() -> list[Path]:
    """Return the YAML files of the sample and of the small repository of the tests."""
    homes = [ROOT / "branches", ROOT / "committee", BASE]
    return [ROOT / "rubric.yml", *(p for home in homes for p in sorted(home.rglob("*.yml")))]


def test_reads_every_sample_file_as_the_program_does() -> None:
    files = yaml_files()
    assert len(files) > 100
    for path in files:
        data = path.read_bytes()
        assert our_tree(data) == their_tree(data), path


def test_reads_nothing_otherwise_than_the_program() -> None:
    rng = random.Random(3)
    pieces = [
        *" #'\"[]{}|>-\t\\~:a中",
        "\n",
        "\n  ",
        ": ",
        "- ",
        " #",
        ", ",
        "? ",
        "---",
        "...",
        "\n\n",
    ]
    seeds = [*WRITTEN.values(), *(p.read_text("utf-8")[:300] for p in yaml_files()[1:40])]
    read = 0
    for _ in range(1500):
        text = rng.choice(seeds)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text))
            text = text[:at] + rng.choice([rng.choice(pieces), ""]) + text[at + rng.randint(0, 2) :]
        ours = our_tree(text.encode("utf-8"))
        theirs = their_tree(text.encode("utf-8"))
        if ours is not None and theirs is not None:
            read += 1
            assert ours == theirs, text
    assert read > 300
