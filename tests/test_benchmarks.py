"""The benchmark's repositories are valid and always the same; its table says what was measured."""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import tempfile
from collections import Counter
from contextlib import redirect_stdout
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from benchmarks import commands, inside, judged, steps, table, validators
from benchmarks.bench import Bench
from benchmarks.making import CHANGE, make_repository
from benchmarks.measuring import Done, Failure, Usage, growth, python, run
from benchmarks.repository import cached
from benchmarks.steps import WATCHED, Stopwatch
from benchmarks.storing import MAIN, git
from tests.support import appraise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZE, FEW = 20, 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bench") / "made"
    make_repository(root, SIZE)
    return root


def tree(root: Path, revision: str = MAIN) -> list[str]:
    return git(root, "ls-tree", "-r", "--full-tree", revision).decode("utf-8").splitlines()


def test_the_repository_is_valid(made: Path) -> None:
    done = appraise("check", "--format", "json", root=made)
    document = json.loads(done.stdout)
    errors = [f for f in document["findings"] if f["severity"] == "error"]
    assert errors == []
    assert done.exit_code == 0
    assert document["checked"]["branches"] == SIZE


def test_it_holds_all_that_a_year_holds(made: Path) -> None:
    names = Counter(line.rpartition("/")[2].rpartition(".")[2].strip('"') for line in tree(made))
    assert set(names) == {"yml", "md", "csv", "pdf", "png", "jpg"}
    assert 14 < names["yml"] / SIZE < 19
    done = appraise("score", "--format", "json", root=made)
    branches = json.loads(done.stdout)["branches"]
    bases = {line["basis"] for branch in branches for line in branch["lines"]}
    assert bases >= {"verified", "computed", "claimed", "pending", "not-applicable"}
    assert any(branch["bonus_lines"] for branch in branches)
    assert len({branch["total"] for branch in branches}) > SIZE / 2
    texts = b"".join(path.read_bytes() for path in made.glob("branches/*/2025/**/activity.yml"))
    assert b"joint_with" in texts
    assert b"attendance.csv" in texts


def test_the_working_tree_is_that_of_main(made: Path) -> None:
    assert git(made, "status", "--porcelain") == b""
    assert git(made, "rev-parse", "--abbrev-ref", "HEAD").decode().strip() == MAIN
    assert len(git(made, "log", "--format=%H", MAIN).split()) > 12


def test_the_same_seed_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    make_repository(tmp_path / "again", SIZE)
    make_repository(tmp_path / "other", SIZE, seed=2)
    for revision in (MAIN, CHANGE):
        first = git(made, "rev-parse", revision)
        assert git(tmp_path / "again", "rev-parse", revision) == first
        assert git(tmp_path / "other", "rev-parse", revision) != first


def test_a_larger_repository_begins_with_the_smaller_one(made: Path, tmp_path: Path) -> None:
    make_repository(tmp_path / "small", SIZE // 2)
    own = {line for line in tree(tmp_path / "small") if "\tbranches/" in line}
    assert own <= set(tree(made))


def test_commits_a_day_change_the_history_and_nothing_else(made: Path, tmp_path: Path) -> None:
    make_repository(tmp_path / "daily", SIZE, per_day=2)
    assert tree(tmp_path / "daily") == tree(made)
    assert len(git(tmp_path / "daily", "log", "--format=%H").split()) > 200


def test_the_change_is_one_activity_by_its_own_branch(made: Path) -> None:
    path = commands.changed_path(made)
    assert path.endswith("/activity.yml")
    login = commands.author_of(made)
    submitters = git(made, "show", f"{MAIN}:branches/{path.split('/')[1]}/branch.yml")
    assert f"submitters: [{login}]" in submitters.decode("utf-8")
    done = appraise("guard", MAIN, CHANGE, "--author", login, root=made)
    assert done.exit_code == 0, done.stdout
    done = appraise("guard", MAIN, CHANGE, "--author", "example-other", root=made)
    assert done.exit_code == 1


def test_an_edit_is_taken_back(made: Path) -> None:
    with commands.one_edit(made):
        assert git(made, "status", "--porcelain").startswith(b" M ")
    assert git(made, "status", "--porcelain") == b""


def test_a_kept_repository_is_not_made_again(tmp_path: Path) -> None:
    root, first = cached(tmp_path, FEW)
    marked = root / "marked"
    marked.touch()
    assert cached(tmp_path, FEW) == (root, first)
    assert marked.exists()


def test_a_broken_off_repository_is_made_again(tmp_path: Path) -> None:
    root, first = cached(tmp_path, FEW)
    root.with_name(f"{root.name}.json").unlink()
    (root / "rubric.yml").unlink()
    assert cached(tmp_path, FEW) == (root, first)
    assert (root / "rubric.yml").is_file()


def forked(command: Sequence[str]) -> Done:
    """Do in a fork what a command does: here the program is imported already."""
    assert command[:3] == python(inside.STEPS)
    with tempfile.TemporaryFile() as answer:
        child = os.fork()
        if not child:
            status = 1
            try:
                with redirect_stdout(io.StringIO()) as printed:
                    steps.main(list(command[3:]))
                os.pwrite(answer.fileno(), printed.getvalue().encode(), 0)
                status = 0
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0, command
        return Done(Usage(0, 0, 0), answer.read())


def test_every_step_is_found_in_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them in a process that is started as all are where it counts."""
    monkeypatch.setattr(inside, "run", lambda it: (run if "read" in it else forked)(it))
    make_repository(tmp_path / "made", FEW)
    bench = Bench(tmp_path / "made", FEW, 0, tmp_path, repeat=1)
    inside.data_steps(bench)
    inside.site_steps(bench)
    assert [row.step for row in bench.rows if row.usage is None] == []
    assert {row.step for row in bench.rows} == {"read", "parse", "validate", *WATCHED}
    assert all(row.usage and row.usage.cpu > 0 and row.amount for row in bench.rows)


def test_a_stopwatch_counts_what_an_iterator_gives_and_no_call_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clocks = {"process_time": 1, "perf_counter": 10}  # a step each time one is read
    ticking = SimpleNamespace(**{name: count(0, step).__next__ for name, step in clocks.items()})
    monkeypatch.setattr(steps, "time", ticking)
    watch = Stopwatch()
    inner = watch.watch(lambda: sum(range(20)))
    outer = watch.watch(lambda: [inner() for _ in range(50)])
    outer()
    assert (watch.cpu, watch.wall) == (1, 10)
    monkeypatch.undo()
    numbers = Stopwatch()

    def give() -> object:
        yield from range(7)

    assert list(numbers.watch(give)()) == list(range(7))
    assert numbers.calls == 7


def test_a_run_measures_children_and_says_why_it_failed() -> None:
    burn = "import time; sum(range(3_000_000)); print(time.process_time())"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{burn}'])"
    done = run([sys.executable, "-c", child])
    assert done.usage.cpu > float(done.output)
    hungry = run([sys.executable, "-c", "b'x' * 60_000_000 and None"]).usage
    assert hungry.memory > 60
    with pytest.raises(Failure, match="no such thing"):
        run([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_growth_is_the_slope_between_the_two_largest_sizes() -> None:
    assert growth((100, 2.0), (1000, 20.0)) == pytest.approx(1)
    assert growth((100, 2.0), (1000, 200.0)) == pytest.approx(2)
    assert growth((100, 2.0), (100, 3.0)) is None
    rows = [
        table.Row("read", size, Usage(cpu, cpu, 10), size, "files")
        for size, cpu in ((10, 9.0), (100, 1.0), (1000, 10.0))
    ]
    assert [table.exponent(rows, row) for row in rows] == [None, None, pytest.approx(1)]
    text = list(table.lines([*rows, table.absent("merge", 10, "no such\ncommand")]))
    assert text[-2].split("|")[7].strip() == "1.00"
    assert text[-1].split("|")[9].strip() == "no such command"
    assert len({line.rindex("|", 0, line.rindex("|")) for line in text}) == 1


def test_what_peers_are_given_is_what_score_reads(made: Path) -> None:
    ids = sorted(path.name for path in (made / "branches").iterdir())
    files = validators.files_of(made, ids)
    given = {path for paths in files.values() for path in paths}
    read = {p for p in made.glob("branches/**/*.yml") if "/2024/" not in p.as_posix()}
    assert given == read | set(made.glob("committee/2025/reviews/*.yml"))


def test_options_that_a_command_lacks_are_not_given() -> None:
    assert commands.with_known("schema", "--output=x", "--no-such-thing=1") == ["--output=x"]
    assert commands.options("no-such-command") == frozenset()


def test_what_is_switched_off_to_compare_is_there() -> None:
    for name, functions in judged.SWITCHED.items():
        module = importlib.import_module(name)
        assert all(callable(getattr(module, function)) for function in functions)
    attached = importlib.import_module("generator.loading.attached")
    assert {"key_of", "taken_on"} <= vars(attached).keys()
