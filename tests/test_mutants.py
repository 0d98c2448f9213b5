"""Mutants are drawn evenly, tried in copies and counted; what makes them is cosmic-ray's."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tools import mutants
from tools.mutant_report import Row, rows_of, share, table
from tools.mutants import Mutant, Outcome, Site, Trial, draw, run_tests, try_all

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "package/figures.py"
SOURCE = "def double(x):\n    while x < 0:\n        x = -x\n    return x * 2\n"
TEST = "from package.figures import double\n\n\ndef test_it():\n    assert double(-2) == 4\n"
SITES = {
    path: [Site(path, "x", n, "f") for n in range(size)] for path, size in (("a", 9), ("b", 2))
}


def test_mutants_are_drawn_in_turn_from_each_module() -> None:
    drawn = draw(SITES, 6, 1)
    assert [site.path for site in drawn] == ["a", "b", "a", "b", "a", "a"]
    assert len(set(drawn)) == 6
    assert len(draw(SITES, 50, 1)) == 11


def test_the_seed_says_which() -> None:
    first = draw(SITES, 6, 1)
    assert first == draw(SITES, 6, 1)
    assert first[:4] == draw(SITES, 4, 1)
    assert any(draw(SITES, 6, seed) != first for seed in range(2, 9))


def test_every_module_has_tests_and_all_of_them_are_there() -> None:
    paths = mutants.modules(mutants.ROOT)
    assert len(paths) > 15
    for path in paths:
        assert all((mutants.ROOT / name).is_file() for name in mutants.tests_of(path))
    with pytest.raises(KeyError):
        mutants.tests_of("generator/text/names.py")


def test_each_equivalent_mutant_is_given_a_reason() -> None:
    for (module, _, old, new), why in mutants.equivalents().items():
        assert (mutants.ROOT / module).is_file()
        assert old != new
        assert len(why) > 10


def outcome(result: str) -> Outcome:
    return Outcome("a", "0", "0", result)


def test_what_is_equivalent_or_not_tried_says_nothing() -> None:
    sites = SITES["a"]
    outcomes = {sites[0]: outcome("killed"), sites[1]: outcome("timeout")}
    outcomes[sites[2]] = outcome("survived")
    rows = rows_of([*sites, SITES["b"][0]], sites[3:5], outcomes)
    assert rows == [Row("a", 9, 2, 2, 1), Row("b", 1, 0, 0, 0)]
    assert round(share(rows), 1) == 66.7
    assert table(rows).splitlines()[1:] == [
        "a           9       2           2         1",
        "b           1       0           0         0",
        "           10       2           2         1",
        "killed: 66.7 %",
    ]
    assert share([]) == 100


def mutant(old: str, new: str) -> Mutant:
    assert old in SOURCE
    return Mutant(Site(MODULE, old, 0, "double"), SOURCE.replace(old, new), "", old, new)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {MODULE: SOURCE, "tests/test_figures.py": TEST, "tests/shared.py": "", "ignored.py": ""}
    files |= {".gitignore": "/ignored.py\n/.mutants/\n", "pytest.ini": "[pytest]\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    monkeypatch.setattr(mutants, "TESTS", {"package/": ("tests/test_figures.py",)})
    return tmp_path


def results(tree: Path, *changed: Mutant, grown: bool = False) -> list[tuple[str, str]]:
    """Try mutants; return what became of each, and the file that noticed."""
    trial = Trial(tree, 2)
    copies = trial.copies.home
    try:
        assert not (copies / "0" / "ignored.py").exists()
        found = try_all(trial, changed, 2, grown=grown)
    finally:
        trial.copies.remove()
    assert not copies.exists()
    return [(found[m.site].result, found[m.site].by) for m in changed]


def test_mutants_are_tried_in_copies_and_not_twice(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = [mutant("* 2", "* 3"), mutant("< 0", "<= -1")]
    told = [("killed", "tests/test_figures.py"), ("survived", "")]
    assert results(tree, *changed) == told
    assert (tree / MODULE).read_text("utf-8") == SOURCE
    assert "2 mutants, 0 of them known" in capsys.readouterr().err
    assert results(tree, *changed) == told
    assert "2 mutants, 2 of them known" in capsys.readouterr().err
    (tree / "tests/test_figures.py").write_text(TEST + "    assert double(0) == 0\n", "utf-8")
    assert results(tree, *changed, grown=True) == told
    assert "2 mutants, 1 of them known" in capsys.readouterr().err
    assert results(tree, *changed) == told
    assert "2 mutants, 1 of them known" in capsys.readouterr().err


def test_a_mutant_without_end_is_ended(tree: Path) -> None:
    (tree / MODULE).write_text(SOURCE.replace("-x", "x"), "utf-8")
    assert run_tests(tree, ["tests/test_figures.py"], 1) == ("timeout", "")


def test_tests_that_fail_by_themselves_prove_nothing(tree: Path) -> None:
    (tree / "tests/test_figures.py").write_text(TEST.replace("4", "5"), "utf-8")
    with pytest.raises(SystemExit, match="fail without any fault"):
        results(tree, mutant("* 2", "* 3"))
