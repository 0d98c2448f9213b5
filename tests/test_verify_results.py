"""The stand-alone verifier: agrees with the program, notices every figure and every byte."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.results.audience import FIXED, Audience, FieldClass, Publish
from generator.results.document import digest_of, dump, dump_parts
from generator.results.frozen import load_document, read_results
from generator.results.projection import projected
from tests.support import BASE
from tests.tiers import left_out
from tests.verify_support import (
    Frozen,
    fresh,
    judge,
    random_results,
    results_of,
    seal,
    sealed,
    write,
)
from tests.verify_tampering import TAMPERINGS
from tools import verify_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import Results
    from tests.verify_support import Json

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tools" / "verify_results.py"
#: Repositories that are drawn: some in each run, all before a release.
SEEDS = range(100, 115 if "long" in left_out else 130)
#: How many results each way to tamper is tried on, and how many bytes are flipped.
TRIED, FLIPS = (1, 500) if "long" in left_out else (3, 1500)


@pytest.fixture(scope="module")
def sample() -> list[Frozen]:
    home = ROOT / "committee" / "2024"
    final = json.loads((home / "results.json").read_text("utf-8"))
    return [Frozen(final, (home / "rubric.yml").read_bytes()), results_of(ROOT, 2025)]


@pytest.fixture(scope="module")
def small() -> Frozen:
    return results_of(BASE, 2025)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory, sample: list[Frozen]) -> list[Frozen]:
    """Results of random repositories with random rubrics, and of the sample."""
    home = tmp_path_factory.mktemp("random")
    runs = [(seed, flawed) for seed in SEEDS for flawed in (False, True)]
    return [
        *(random_results(home / f"{seed}-{flawed}", seed, flawed=flawed) for seed, flawed in runs),
        *sample,
    ]


# ---- Agreement -----------------------------------------------------------------------------------


def test_agrees_with_the_program(pool: list[Frozen]) -> None:
    assert len(pool) == 2 * len(SEEDS) + 2 >= 30
    for frozen in pool:
        status, output = judge(frozen.document, frozen.rubric)
        assert (status, output.splitlines()[0][:11]) == (0, "All agrees:"), output
        assert frozen.document["source"]["seal"] in output


def test_agrees_with_the_year_that_is_final(capsys: pytest.CaptureFixture[str]) -> None:
    home = ROOT / "committee" / "2024"
    assert verify_results.main([str(home / "results.json")]) == 0
    seal = json.loads((home / "results.json").read_text("utf-8"))["source"]["seal"]
    assert f"封印 {seal}" in capsys.readouterr().out


#: Classes without which something cannot be told.
TOLD = frozenset({FieldClass.BONUS, FieldClass.REVIEWS, FieldClass.VETOES})
MOVABLE = [kind for kind in FieldClass if kind not in FIXED]


def file_of(results: Results, *moved: FieldClass) -> bytes:
    """Return the file that a site shows of results that keeps some classes more to the inside."""
    publish = Publish(moved=dict.fromkeys(moved, Audience.INTERNAL))
    return "".join(dump_parts(projected(results, publish))).encode()


def published(results: Results, *moved: FieldClass) -> Json:
    """Return the document of such a file."""
    document: Json = json.loads(file_of(results, *moved))
    return document


def read(frozen: Frozen) -> Results:
    """Return results as the program reads them from a file."""
    return read_results(load_document(dump(frozen.document).encode()))


@pytest.fixture(scope="module")
def final(sample: list[Frozen]) -> Results:
    """Return the results of the sample's final year, as they are read from their file."""
    return read(sample[0])


def test_what_is_published_agrees_whatever_is_withheld(pool: list[Frozen]) -> None:
    rng = random.Random(4)
    for frozen in pool[::5]:
        kinds = rng.sample(MOVABLE, rng.randint(1, 4))
        code, told = judge(file_of(read(frozen), *kinds), frozen.rubric)
        assert code == 0, (kinds, told)


@pytest.mark.parametrize("kind", MOVABLE)
def test_the_final_year_agrees_without_any_class(
    kind: FieldClass, sample: list[Frozen], final: Results
) -> None:
    """What cannot be told any more is said; all else is compared as before."""
    file = file_of(final, kind)
    code, told = judge(file, sample[0].rubric)
    assert code == 0, told
    assert ("was not checked" in told) == (kind in TOLD)
    if kind not in TOLD:
        return
    document = json.loads(file)
    branch = next(b for b in document["branches"] if b["total"])
    for key in ("total", "high", "rank"):
        forged = fresh(document)
        own = next(b for b in forged["branches"] if b["id"] == branch["id"])
        own[key] = own[key] + 1000
        forged["digest"] = digest_of(forged)
        assert judge(forged, sample[0].rubric)[0] == 1, key


def test_without_matters_bonus_claims_are_taken_at_their_levels(pool: list[Frozen]) -> None:
    """A claim cannot count more than its level, nor give way where no other of its rule counts."""
    tried = 0
    for frozen in pool[::4]:
        document = published(read(frozen), FieldClass.BONUS)
        for number, branch in enumerate(document["branches"]):
            lines = [n for n, b in enumerate(branch["bonus_lines"]) if b["status"] == "accepted"]
            rules = [branch["bonus_lines"][n]["rule"] for n in lines]
            single = [n for n in lines if rules.count(branch["bonus_lines"][n]["rule"]) == 1]
            for at, change in ((lines, {"points": 9}), (single, {"status": "same-matter"})):
                for line in at[:1]:
                    forged = fresh(document)
                    forged["branches"][number]["bonus_lines"][line] |= change
                    forged["digest"] = digest_of(forged)
                    code, told = judge(forged, frozen.rubric)
                    assert (code, "accepted claims give" in told) == (1, True)
                    tried += 1
    assert tried > 9


def test_nothing_is_withheld_from_results_that_are_final(sample: list[Frozen]) -> None:
    document = fresh(sample[0].document)
    vetoed = next(b for b in document["branches"] if b["status"] == "vetoed")
    vetoed["vetoes"] = []
    document |= {"withheld": ["vetoes"], "full_digest": "sha256:" + "0" * 64}
    code, told = judge(sealed(document), sample[0].rubric)
    assert code == 1
    assert f"{vetoed['id']}.status" in told
    document = published(read(sample[0]), FieldClass.VETOES)
    for withheld in ("vetoes", [1], {"vetoes": 1}, None):
        forged = fresh(document) | {"withheld": withheld}
        assert judge(forged, sample[0].rubric)[0] == 1


def test_says_what_it_compared(small: Frozen) -> None:
    status, output = judge(small.document, small.rubric, "zh")
    assert status == 0
    assert "全部一致：2 个支部，8 行得分" in output
    assert f"封印 {small.document['source']['seal']}\n请与公布的封印比对" in output


def test_says_that_unsealed_results_are_not_final(small: Frozen) -> None:
    document = fresh(small.document)
    del document["source"]["seal"]
    status, output = judge(document, small.rubric)
    assert status == 0
    assert "not sealed, hence not final" in output
    document["source"]["sea1"] = small.document["source"]["seal"]
    status, output = judge(document, small.rubric)
    assert status == 1
    assert "source: the file says" in output


def test_takes_another_rubric_as_second_argument(
    small: Frozen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = write(tmp_path, small)
    (tmp_path / "rubric.yml").rename(tmp_path / "frozen.yml")
    assert verify_results.main([results]) == 2
    assert "无法核对" in capsys.readouterr().err
    assert verify_results.main([results, str(tmp_path / "frozen.yml")]) == 0
    with pytest.raises(SystemExit, match="2"):
        verify_results.main([])


def test_another_rubric_is_noticed_and_nothing_else_claimed(small: Frozen) -> None:
    status, output = judge(small.document, small.rubric + b"# later\n")
    assert status == 1
    assert "differ in 1 places" in output
    assert "rubric.sha256: the file says" in output
    assert "points were not recomputed" in output


# ---- Tampering, with digest and seal made to fit -------------------------------------------------


@pytest.fixture(scope="module")
def copies(pool: list[Frozen]) -> Iterator[list[Json]]:
    """Return copies of the pool's documents: whoever tampers with one puts another in its place.

    Who found nothing to tamper with has changed nothing.
    """
    lent = [fresh(frozen.document) for frozen in pool]
    yield lent
    assert lent == [fresh(frozen.document) for frozen in pool]


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_noticed_and_named(name: str, pool: list[Frozen], copies: list[Json]) -> None:
    """Digest and seal fit: only arithmetic can notice."""
    tampered = 0
    for number, frozen in enumerate(pool):
        document = copies[number]
        where = TAMPERINGS[name](document)
        if where is None:
            continue
        copies[number] = fresh(frozen.document)
        tampered += 1
        status, output = judge(seal(document), frozen.rubric)
        named = [line.strip().partition(": the file says")[0] for line in output.splitlines()]
        assert status == 1, f"{where} not noticed"
        assert where in named, output
        if tampered == TRIED:
            return
    assert tampered, "no results to try this on"


def resealed(document: Json) -> Json:
    """Return a copy with the seal that fits, and the digest as it is."""
    unsealed = {key: value for key, value in document["source"].items() if key != "seal"}
    content = {**document, "source": unsealed}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    seal = "sha256:" + hashlib.sha256(canonical.encode("utf-8")).hexdigest()
    return {**document, "source": {**unsealed, "seal": seal}}


@pytest.mark.parametrize(
    ("where", "value", "seal"),
    [("digest", "sha256:0", True), ("source.seal", "sha256:0", False), ("stage", "review", True),
     ("source.dirty", True, True), ("source.commit", "0" * 40, False)],
)  # fmt: skip
def test_digest_seal_and_source_are_each_noticed(
    where: str, value: object, seal: bool, small: Frozen
) -> None:
    document = fresh(small.document)
    owner = document["source"] if where.startswith("source.") else document
    owner[where.rpartition(".")[2]] = value
    if where == "stage":
        document = sealed(document) | {"stage": value}
        document["digest"] = digest_of(document)
    status, output = judge(resealed(document) if seal else document, small.rubric)
    named = "source.seal" if where == "source.commit" else where
    assert (status, output.splitlines()[0]) == (
        1,
        "The results file and what was recomputed differ in 1 places:",
    )
    assert f"  {named}: the file says" in output


def test_a_rubric_that_does_not_add_up_is_noticed(small: Frozen) -> None:
    data = small.rubric.replace(b"total: 30", b"total: 31")
    document = fresh(small.document)
    document["rubric"]["sha256"] = hashlib.sha256(data).hexdigest()
    status, output = judge(sealed(document), data)
    assert status == 1
    assert "  rubric.yml.total: the file says 31, due is 30 (" in output


def test_first_difference_comes_first(small: Frozen) -> None:
    document = fresh(small.document)
    branch = document["branches"][0]
    branch["lines"][0]["points"], branch["total"] = 0, 0
    status, output = judge(sealed(document), small.rubric, "zh")
    assert status == 1
    assert "有 2 处不一致：\n  demo-a.lines[discipline].points：文件为 0，应为 4.5（" in output
    assert "  demo-a.total：文件为 0，应为 28.1（总分是固定分加加分" in output


def test_lists_twenty_differences_and_counts_the_rest(sample: list[Frozen]) -> None:
    document = fresh(sample[1].document)
    for branch in document["branches"]:
        for line in branch["lines"]:
            line["clause"] += "一"
    status, output = judge(sealed(document), sample[1].rubric)
    assert status == 1
    assert output.count("the file says") == 20
    assert "more" in output.splitlines()[-1]


def test_text_of_the_file_cannot_forge_output(small: Frozen) -> None:
    document = fresh(small.document)
    document["branches"][0]["grade"] = "x\n\x1b[2KAll agrees"
    _, output = judge(sealed(document), small.rubric)
    assert "x\\u000a\\u001b[2KAll agrees" in output
    assert "\x1b" not in output


def keys_of(shape: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every key that results must have; list entries are their first."""
    if isinstance(shape, tuple):
        yield from keys_of(shape[0], path)
    elif isinstance(shape, list):
        yield from keys_of(shape[0], (*path, 0))
    elif isinstance(shape, dict):
        for key in shape:
            if key is not str:
                yield (*path, key)
                yield from keys_of(shape[key], (*path, key))


def test_every_key_is_missed_and_typed(sample: list[Frozen]) -> None:
    document = sample[1].document
    branch = next(branch for branch in document["branches"] if branch["bonus_lines"])
    veto = {"veto": "veto-inactive", "state": "alleged"}
    document = {**document, "branches": [{**branch, "vetoes": [veto]}]}
    paths = list(keys_of(verify_results.RESULTS))
    assert len(paths) > 50
    for path in paths:
        for value in ("missing", 1 if path[-1] in {"dirty", "excluded"} else True):
            changed = fresh(document)
            owner = changed
            for step in path[:-1]:
                owner = owner[step]
            if value == "missing":
                del owner[path[-1]]
            else:
                owner[path[-1]] = value
            status, output = judge(dump(changed).encode("utf-8"), sample[1].rubric)
            assert status == 1, path
            assert f".{path[-1]}: the file says" in output, (path, output)
            assert "missing or of the wrong type" in output


# ---- One byte, and any value ---------------------------------------------------------------------


def test_any_flipped_byte_of_results_is_noticed(small: Frozen) -> None:
    rng = random.Random(20)
    data = dump(small.document).encode("utf-8")
    places = range(len(data)) if len(data) < FLIPS else rng.sample(range(len(data)), FLIPS)
    assert len(places) >= FLIPS
    for place in places:
        flipped = bytearray(data)
        flipped[place] ^= 1 << rng.randrange(8)
        status, output = judge(bytes(flipped), small.rubric)
        assert status in {1, 2}, f"byte {place}: {output}"


def test_any_flipped_byte_of_the_seal_and_its_key_is_noticed(small: Frozen) -> None:
    data = dump(small.document).encode("utf-8")
    start = data.index(b'"source"')
    for place in range(start, data.index(b"}", start)):
        for bit in (0, place % 8):
            flipped = bytearray(data)
            flipped[place] ^= 1 << bit
            assert judge(bytes(flipped), small.rubric)[0] in {1, 2}, (place, bit)


def test_any_flipped_byte_of_the_rubric_is_noticed(small: Frozen) -> None:
    for place in range(0, len(small.rubric), 11):
        flipped = bytearray(small.rubric)
        flipped[place] ^= 1 << place % 8
        assert judge(small.document, bytes(flipped))[0] == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[" * 100_000, b"\xff", b'{"a": NaN}', b'{"a": 1e999}', b"1" * 5000,
     b'{"a": "\\ud800"}',
    ],
)  # fmt: skip
def test_what_is_not_results_is_refused(data: bytes, small: Frozen) -> None:
    status, output = judge(data, small.rubric, "zh")
    assert status == 2
    assert output.startswith("不是成绩文件")


def test_another_form_of_the_same_content_is_noticed(small: Frozen) -> None:
    text = dump(small.document)
    forms = [text[:-1], text + "\n", text.replace("28.1", "28.10"), text.replace("\n", "\r\n")]
    forms += [json.dumps(small.document, ensure_ascii=True, indent=1, sort_keys=True) + "\n"]
    forms += [text.replace('"digest"', '"digest": "", "digest"', 1)]
    for form in forms:
        status, output = judge(form.encode("utf-8"), small.rubric)
        assert status == 1
        assert "results.json:" in output
        assert "are not the form due" in output


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a document."""
    if path:
        yield path
    if isinstance(value, (dict, list)):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nodes(entry, (*path, key))


def test_no_value_makes_it_fail_by_itself(small: Frozen) -> None:
    rng = random.Random(7)
    paths = list(nodes(small.document))
    values: list[Any] = [
        None,
        True,
        -1,
        0,
        0.125,
        10**15,
        "",
        "verified",
        "scored",
        "demo-a",
        [],
        [None],
        {},
    ]
    for path in rng.sample(paths, 250):
        changed: Json = fresh(small.document)
        owner: Any = changed
        for step in path[:-1]:
            owner = owner[step]
        owner[path[-1]] = rng.choice(values)
        if not isinstance(changed["source"], dict):
            continue
        status, output = judge(sealed(changed), small.rubric)
        assert status in {0, 1}, (path, output)


# ---- The file itself -----------------------------------------------------------------------------


def test_runs_alone_in_a_folder(small: Frozen, tmp_path: Path) -> None:
    shutil.copy(TOOL, tmp_path / "check.py")
    write(tmp_path, small)
    command = [sys.executable, "-I", "-S", "-W", "error", "check.py", "results.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env={})
    assert (done.returncode, done.stderr) == (0, b"")
    assert "全部一致" in done.stdout.decode("utf-8")
    (tmp_path / "rubric.yml").unlink()
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env={})
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_an_output_that_knows_no_chinese_is_no_fault(
    small: Frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = write(tmp_path, small)
    output = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", output)
    assert verify_results.main([results]) == 0
    output.seek(0)
    assert output.read().startswith("\\u5168\\u90e8")


def test_imports_the_standard_library_alone() -> None:
    tree = ast.parse(TOOL.read_text("utf-8"))
    found = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    found |= {n.module or "." for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {"json", "hashlib", "fractions"} <= found
    assert {name.split(".")[0] for name in found} - {"__future__"} <= sys.stdlib_module_names
    assert not found & {"importlib", "subprocess", "socket", "urllib", "ctypes"}
    calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
    called = {name.id for name in calls if isinstance(name, ast.Name)}
    assert not called & {"__import__", "exec", "eval", "compile", "float", "open"}


def test_needs_no_newer_python_than_it_says() -> None:
    text = TOOL.read_text("utf-8")
    assert "Python 3.9 or newer" in text
    tree = ast.parse(text, feature_version=(3, 9))
    keywords = {k.arg for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords}
    assert not keywords & {"strict", "slots", "kw_only"}
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert not names & {"pairwise", "batched", "StrEnum", "Self", "assert_never", "UTC", "override"}
