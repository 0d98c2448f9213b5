"""Without libyaml: PyYAML's own parser gives the same nodes and the same findings."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.formats import scanner
from generator.formats.nodes import parse
from generator.text.findings import Report
from tests.support import BASE, appraise, cases
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.formats.nodes import Node
    from generator.text.findings import Finding

ROOT = Path(__file__).resolve().parent.parent
#: What changes YAML's meaning, or is at its edges.
PIECES = (
    b":", b": ", b"-", b"- ", b"?", b"? ", b"[", b"]", b"{", b"}", b",", b'"', b"'", b"|", b">",
    b"\t", b" ", b"  ", b"\n", b"#", b" #", b"&a ", b"*a", b"!x ", b"%", b"%YAML 1.1\n", b"---\n",
    b"...\n", b"\\", b"@", b"`", b"a", "中".encode(), b"<<: ", "：".encode(), b"\r\n", b'"\\x41"',
    b'"\\q"', b'"\\ud800"', b'"\\x4"', b"|2\n", b">-\n", b">\t\n", b"|0\n", "\u00a0".encode(),
    "\ufffe".encode(), "\U0001f600".encode(), b" \t", b"\t ", b"a\tb", b":\t", b"-\t", b"?\t",
    b"\t#", b"\n\t", b"'\t", b'"\t', b"\\\t", b"\r", "\x85".encode(), "\u2028".encode(),
    "\ufeff".encode(), b"!!str ", b"!<", b"--- ", b"... x", b"? a\n: b\n", b"[a: b]", b"{a: [}",
)  # fmt: skip
MUTANTS = 500


def originals() -> list[bytes]:
    """Return small YAML files: of the base, and what the cases of findings put in their place."""
    found = [path.read_bytes() for path in sorted(BASE.rglob("*.yml"))]
    for case in cases():
        files = case.data.get("files", {})
        found += [text.encode() for name, text in sorted(files.items()) if name.endswith(".yml")]
    return [data for data in found if 0 < len(data) < 4000]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return a file with one to four pieces put in, taken out or said twice."""
    text = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(3)
        if kind == 0:
            text[at:at] = rng.choice(PIECES)
        elif kind == 1:
            del text[at : at + rng.randint(1, 4)]
        else:
            other = rng.randrange(len(text) + 1)
            text[at:at] = text[other : other + rng.randint(1, 20)]
    return bytes(text)


def read(parser: object, data: bytes) -> tuple[Node | None, list[Finding]]:
    """Return what a parser makes of a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "Parser", parser)
        report = Report()
        return parse(data, report, "branches/demo-a/branch.yml"), report.findings


def test_files_as_they_are_read_alike() -> None:
    files = originals()
    assert len(files) > 20
    assert scanner.HAVE_LIBYAML
    for data in files:
        assert read(scanner.PythonParser, data) == read(scanner.Parser, data), data


#: Twenty thousand files in all, a fifth of them in every run.
SEEDS, OFTEN = range(40), 8


def damaged(seed: int) -> Iterator[bytes]:
    """Yield files with random faults."""
    rng = random.Random(seed)
    files = originals()
    for _ in range(MUTANTS):
        yield mutated(rng.choice(files), rng)


@pytest.mark.parametrize("seed", tiered(SEEDS, often=OFTEN, fast=2))
def test_files_with_faults_are_read_alike(seed: int) -> None:
    for data in damaged(seed):
        assert read(scanner.PythonParser, data) == read(scanner.Parser, data), data


def test_faults_are_of_many_kinds() -> None:
    found = [read(scanner.Parser, data)[1] for seed in SEEDS[:2] for data in damaged(seed)]
    assert {"Y001", "Y002", "Y004"} <= {finding.code for findings in found for finding in findings}


@pytest.mark.parametrize(
    "text",
    [
        "a: b\tc\n",
        "a: {!x\t}\n",
        "a: !x\tb\n",
        "a: !x!y\t1\n",
        "a: !é\tb\n",
        "a: !<x\t>\n",
        "a: !<x,[]>\n",
        "a: !<x\n",
        "a: !<>\n",
        "%TAG !? \n x\n\n\tcriteria: x\n",
        "%TAG ! \t:x\na\n",
        "%TAG\t!\ttag:x\t# y\n---\na: !b c\n",
        "%TAG x y\n---\na: b\n",
        "%TAG !x y\n---\na: b\n",
        "%TAG !x!y\n---\na: b\n",
        "%TAG !x!\n---\na: b\n",
        "%TAG !x! \n---\na: b\n",
        "%TAG !x! a^\n---\na: b\n",
        "%TAG !x! a b\n---\na: b\n",
        "%YAML\t1.1\t# x\n---\na: b\n",
        "%YAML 1.1x\n---\na: b\n",
        "%YAML 1\n---\na: b\n",
        "%YAML x.1\n---\na: b\n",
        "%YAML 1.\n---\na: b\n",
        "%YAML 1234567890.1\n---\na: b\n",
        "%YAML 2.0\n---\na: b\n",
        "%YAML 1.3\n---\na: b\n",
        "%YAML 1.1\n%YAML 1.1\n---\na: b\n",
        "%TAG ! x\n%TAG ! y\n---\na: b\n",
        "%YAML 1.1\na: b\n",
        "![",
        "!%",
        "a: !x%E4%BD%A0 b\n",
        "a: !x%E4%BD b\n",
        "a: !x%E4%BDA b\n",
        "a: !x%FF b\n",
        "a: !x%BD b\n",
        "a: !x%4 b\n",
        "a: !x!%41 b\n",
        "a: !x! b\n",
        "a: !! b\n",
        "a: !!str b\n",
        "a: [!x,b]\n",
        "a: [h,!]\n",
        "a: !x, b\n",
        "%TAG !x! !<\n---\na: !x!y b\n",
        "%TAG !x! tag:%41 \n---\na: !x!y b\n",
        "a:\tb\n",
        "a: >\t\n  b\n",
        "a: |+2\n    b\n\n",
        "a: |0\n b\n",
        "a: >\t\n \tn\n",
        "a: >\n  x\n\n \tn\n",
        "a: |2\n  x\n\n \tn\n",
        "a: |2\n   \tn\n",
        "a: |\n  x\n  \tn\n\t\n",
        ">-\n \t {a\n",
        "a: [b?, c? d, ?e]\n",
        "a: {b:, c: }\n",
        "a: [b: , c]\n",
        "a: {? }\n",
        "a: {?  , b: c}\n",
        "a: [? ]\n",
        'a: "\\ud800"\n',
        'a: "\\UFFFFFFFF"\n',
        'a: "\\x4"\n',
        'a: "\\q"\n',
        "a: {b: c",
        "{",
        "a:\n  b: c\n \td: e\n",
        "%NAME x\n---\na: b\n",
        "%\n",
        "a: @b\n",
        "a: b\n  - c\n",
        "a: !\n",
        '"a\n---\nb": c\n',
        "a: \ufffe\n",
        "[" * 5000,
        "- " * 5000,
        "a: " + "b " * 20_000,
    ],
)
def test_known_differences_are_evened_out(text: str) -> None:
    assert read(scanner.PythonParser, text.encode()) == read(scanner.Parser, text.encode())


def test_without_libyaml_the_program_says_so_and_finds_the_same() -> None:
    code = "import sys; sys.modules['yaml._yaml'] = None; import generator.cli.main as m; m.main()"
    arguments = ("check", "--format", "json")
    done = subprocess.run(
        [sys.executable, "-c", code, "--root", str(BASE), *arguments, "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "没有 libyaml" in done.stderr
    usual = appraise(*arguments, "--no-cache", root=BASE)
    assert "没有 libyaml" not in usual.stderr
    assert done.stdout == usual.stdout
    assert done.returncode == usual.exit_code
