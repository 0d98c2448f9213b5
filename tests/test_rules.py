"""Final years of an older program: what is compared, what is excused, and what never is."""

from __future__ import annotations

import copy
import hashlib
import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator import RULES
from generator.engine import freeze
from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.results.differing import differences
from generator.results.document import digest_of, to_json
from generator.results.frozen import FrozenError, frozen_bytes, load_document, read_results, seal_of
from generator.text.numbers import read_json
from tests.gitrepo import GitRepo
from tests.support import appraise, end_year
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.verify_support import Json

ROOT = Path(__file__).resolve().parents[1]
YEAR = 2025
RESULTS = f"committee/{YEAR}/results.json"
APPRAISAL = f"committee/{YEAR}/appraisal.yml"
CLAIMS = f"branches/demo-a/{YEAR}/self-assessment.yml"
#: What ``finalize`` wrote when rules had no number yet; it must never be written anew.
FIRST = ROOT / "committee" / "2024" / "results.json"
FIRST_SHA256 = "481528c0fcba9589c247eada2c6acb96cbe410cdaed4feb26d7b07e56adb0523"
SEEDS = 50


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A repository with a frozen year."""
    repo = GitRepo(tmp_path_factory.mktemp("frozen"))
    end_year(repo.root)
    repo.commit("final")
    done = appraise("finalize", str(YEAR), root=repo.root)
    assert done.exit_code == 0, done.output
    repo.commit("frozen")
    return repo


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def resealed(document: Json, rules: int | None) -> bytes:
    """Return the file of a document as a program of these rules would have written it."""
    document = copy.deepcopy(document)
    source = document["source"]
    for key in ("seal", "rules", "program"):
        source.pop(key, None)
    if rules is not None:
        source |= {"rules": rules, "program": "0.0"}
    document["digest"] = digest_of(document)
    source["seal"] = seal_of(document)
    return frozen_bytes(document)


def otherwise(frozen: GitRepo, folder: Path, steps: range = range(1)) -> Iterator[Json]:
    """Yield results that add up, yet are not what the commit gives: another claim counted."""
    told = load_document((frozen.root / RESULTS).read_bytes())
    shutil.copytree(frozen.root, folder, ignore=shutil.ignore_patterns(".git", "results.json"))
    claims = (folder / CLAIMS).read_text("utf-8")
    for step in steps:
        points = f"points: {step // 25}.{step % 25 + 1:02}"
        (folder / CLAIMS).write_text(claims.replace("points: 4.5", points, 1), "utf-8")
        results = evaluate(WorkingTree(folder), YEAR, anew=True).results
        assert results is not None
        yield read_json(json.dumps(to_json(results), default=float)) | {"source": told["source"]}


@pytest.mark.parametrize("first", tiered(range(0, SEEDS, 5), often=1))
def test_older_rules_differ_without_an_error(first: int, frozen: GitRepo, tmp_path: Path) -> None:
    steps = range(first, first + 5)
    for number, document in enumerate(otherwise(frozen, tmp_path / "copy", steps)):
        older = freeze.verify(frozen.root, YEAR, resealed(document, (None, 1)[number % 2]))
        assert older.figures, number
        assert (older.sound, older.of_older_rules, older.problems) == (True, True, ()), number
        equal = freeze.verify(frozen.root, YEAR, resealed(document, RULES))
        assert (equal.sound, equal.figures) == (False, older.figures), number
        newer = freeze.verify(frozen.root, YEAR, resealed(document, RULES + 1))
        assert not newer.sound, number


def test_differences_of_older_rules_are_printed(frozen: GitRepo, tmp_path: Path) -> None:
    document = next(otherwise(frozen, tmp_path / "copy"))
    file = tmp_path / "results.json"
    file.write_bytes(resealed(document, 1))
    done = appraise("verify", str(YEAR), str(file), root=frozen.root)
    lines = done.stdout.splitlines()
    n = len(freeze.verify(frozen.root, YEAR, file.read_bytes()).figures)
    assert done.exit_code == 0
    assert lines[1] == f"由规则 1 算出，按现行规则 {RULES} 有 {n} 处不同"
    assert all(line.startswith(("不同：branches › ", "还有 ")) for line in lines[2:-1])
    assert lines[-1].startswith("文件本身无误")
    assert "一致：2025 年的每个数字" not in done.stdout
    file.write_bytes(resealed(document, RULES))
    again = appraise("verify", str(YEAR), str(file), root=frozen.root)
    assert again.exit_code == 1
    assert "由规则" not in again.stdout
    file.write_bytes(resealed(document, RULES + 1))
    newer = appraise("verify", str(YEAR), str(file), root=frozen.root)
    assert newer.exit_code == 1
    assert "请先更新程序" in newer.stdout


def test_finalize_leaves_what_any_rules_froze(frozen: GitRepo, tmp_path: Path) -> None:
    """It says by which rules that was computed; only a correction writes anew."""
    found = load_document((frozen.root / RESULTS).read_bytes())
    root = tmp_path / "clone"
    shutil.copytree(frozen.root, root)
    clone = GitRepo(root, base=False)
    older = f"由规则 1 算出，现行规则是 {RULES}：不必因此重新定稿"
    for data, words, other in (
        (resealed(found, 1), older, "恢复"),
        (resealed(found, None), older, "恢复"),
        (resealed(found, RULES), "已经定稿，没有改动", "由规则"),
        (b"{", "请先用 git 恢复", "由规则"),
    ):
        (root / RESULTS).write_bytes(data)
        clone.commit("frozen")
        done = appraise("finalize", str(YEAR), root=root)
        assert done.exit_code == 2, done.output
        assert words in done.stderr
        assert other not in done.stderr
        assert (root / RESULTS).read_bytes() == data


def test_check_of_a_year_tells_older_rules_as_a_notice(frozen: GitRepo, tmp_path: Path) -> None:
    root = tmp_path / "clone"
    shutil.copytree(frozen.root, root)
    document = next(otherwise(frozen, tmp_path / "copy"))
    for rules, status, word in ((1, 0, "notice C005"), (RULES, 1, "error C005")):
        (root / RESULTS).write_bytes(resealed(document, rules))
        done = appraise("check", "--year", str(YEAR), root=root)
        assert (done.exit_code, word in done.stdout) == (status, True), done.output


@pytest.mark.parametrize("first", tiered(range(0, SEEDS, 10), often=1))
def test_older_rules_excuse_nothing_that_does_not_add_up(first: int, frozen: GitRepo) -> None:
    told = load_document((frozen.root / RESULTS).read_bytes())
    for seed in range(first, first + 10):
        rng = random.Random(seed)
        document = copy.deepcopy(told)
        branch = rng.choice([b for b in document["branches"] if b["total"] is not None])
        line = rng.choice([li for li in branch["lines"] if li["points"] and li["part"] is None])
        if seed % 2:
            line["points"] -= min(line["points"], 1)
        else:
            branch[rng.choice(("total", "fixed", "low", "high"))] += 1
        found = freeze.verify(frozen.root, YEAR, resealed(document, 1))
        assert not found.sound, seed
        assert found.problems, seed


def test_older_rules_excuse_no_broken_seal_and_no_file_without_one(frozen: GitRepo) -> None:
    told = load_document((frozen.root / RESULTS).read_bytes())
    branch = next(b for b in told["branches"] if b["total"] is not None)
    branch["members"] = 99
    data = resealed(told, 1)
    assert freeze.verify(frozen.root, YEAR, data).sound
    seal = load_document(data)["source"]["seal"].encode()
    for other in (b"sha256:" + b"0" * 64, seal[:-1] + (b"0" if seal[-1:] != b"0" else b"1")):
        assert not freeze.verify(frozen.root, YEAR, data.replace(seal, other)).sound
    document = load_document(data)
    del document["source"]["seal"]
    assert not freeze.verify(frozen.root, YEAR, frozen_bytes(document)).sound


def test_without_the_second_arithmetic_nothing_is_excused(
    frozen: GitRepo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = next(otherwise(frozen, tmp_path / "copy"))
    monkeypatch.setattr("generator.results.reckoning.TOOL", tmp_path / "none.py")
    found = freeze.verify(frozen.root, YEAR, resealed(document, 1))
    assert not found.sound
    assert "tools/verify_results.py" in f"{found.problems[0]}"


def test_the_first_frozen_file_keeps_its_bytes_and_is_sound() -> None:
    data = FIRST.read_bytes()
    assert hashlib.sha256(data).hexdigest() == FIRST_SHA256
    document = load_document(data)
    again = to_json(read_results(document))
    again["source"]["seal"] = document["source"]["seal"]
    assert frozen_bytes(again) == data
    done = appraise("verify", "2024", root=ROOT)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("rules", [0, -1, True, "1", "二", [1], {"a": 1}, 1.5])
def test_rules_that_are_no_number_are_no_results(frozen: GitRepo, rules: Any) -> None:
    document = load_document((frozen.root / RESULTS).read_bytes())
    document["source"]["rules"] = rules
    document["source"]["seal"] = seal_of(document)
    with pytest.raises(FrozenError):
        freeze.verify(frozen.root, YEAR, frozen_bytes(document))


def mappings(value: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Yield every mapping in JSON with the keys that lead to it."""
    if isinstance(value, dict):
        yield where, value
    for key, item in value.items() if isinstance(value, dict) else ():
        yield from mappings(item, (*where, key))
    for item in value if isinstance(value, list) else ():
        yield from mappings(item, where)


def test_keys_that_the_file_lacks_are_not_compared() -> None:
    told = load_document(FIRST.read_bytes())
    told["branches"] = told["branches"][:1]
    places = [where for where, _ in mappings(told)]
    of_data = {"sections", "decision"}
    assert len(places) > SEEDS
    newer = copy.deepcopy(told)
    for where, place in mappings(newer):
        place["of_a_newer_program"] = 1
        lacks = list(differences(told, newer))
        assert bool(lacks) == (where[-1:] != () and where[-1] in of_data), where
        assert list(differences(newer, told)), where
        del place["of_a_newer_program"]
    assert newer == told


def test_what_was_frozen_tells_program_and_rules(frozen: GitRepo) -> None:
    source = load_document((frozen.root / RESULTS).read_bytes())["source"]
    assert source["rules"] == RULES
    assert source["program"]
