"""Publishing is a swap: a kill at any moment leaves the old site or the new one, whole."""

from __future__ import annotations

import ctypes
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from generator.files.writing import exchange
from generator.site.build import swapping
from generator.site.build.building import SITE_MARKS, BuildTargetError, check_target
from tests.sites import Stroke, beside, digest_of, files_of
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sites import Place, Runner

#: How many of five kills of one repository fall into the steps after the site is whole.
ROUND, NEAR = 5, 2
#: Seeds, and how often each of them kills: ten times in each run, and two hundred times in all.
SEEDS = [(0, 10), *((seed, 15) for seed in range(1, 14))]


@pytest.fixture(scope="module", autouse=True)
def patient(runner: Runner) -> Iterator[None]:
    """Let builds wait for those of a build that was killed."""
    runner.call("patient")
    yield
    runner.call("impatient")


@dataclass
class Tally:
    """What kills met."""

    old: int = 0
    new: int = 0
    leftovers: int = 0


def kill_often(runner: Runner, place: Place, seed: int, kills: int) -> Tally:
    """Kill builds at random steps; the site is one whole version after each of them."""
    rng, tally = random.Random(seed), Tally()
    for number in range(kills):
        before = place.shown
        place.write(1 - before)
        near = number < kills // ROUND * NEAR
        last = place.touches - place.swap if near else place.touches
        stroke = Stroke(signal.SIGKILL, (rng.randint(1, last),), after_swap=near)
        assert runner.start(*place.arguments(), stroke=stroke).wait()[0] == -signal.SIGKILL
        after = place.shown
        tally.old += after == before
        tally.new += after != before
        tally.leftovers += beside(place.site) != {"site"}
        if number % ROUND == ROUND - 1:
            assert place.build(runner) == (0, "")
            assert place.shown == 1 - before
            assert beside(place.site) == {"site"}
    return tally


@pytest.mark.parametrize("drawn", tiered(SEEDS, often=1), ids=lambda drawn: f"{drawn[0]}")
def test_kills_leave_no_mixed_state(drawn: tuple[int, int], place: Place, runner: Runner) -> None:
    """Ten at random steps, two hundred where all is run; some before the swap and after."""
    seed, kills = drawn
    tally = kill_often(runner, place, seed, kills)
    assert tally.old > kills // 4
    assert tally.new > 0
    assert tally.leftovers > kills // 2


@pytest.fixture
def two_steps(runner: Runner) -> Iterator[Runner]:
    """Return the process where no two folders can be exchanged in one step."""
    runner.call("two_steps")
    yield runner
    runner.call("one_step")


def test_kills_where_two_renames_must_do(place: Place, two_steps: Runner) -> None:
    """Without an exchange the address may be empty until the next build, and never mixed."""
    for number, left in enumerate(("old", "nothing", "new"), 1):
        before = place.shown
        place.write(1 - before)
        stroke = Stroke(signal.SIGKILL, (number,), after_swap=True, call="os.rename")
        assert two_steps.start(*place.arguments(), stroke=stroke).wait()[0] == -signal.SIGKILL
        if left == "nothing":
            assert not place.site.exists()
            assert digest_of(place.site.with_name(".site.old")) == place.versions[before]
        else:
            assert place.shown == (before if left == "old" else 1 - before)
        assert place.build(two_steps) == (0, "")
        assert place.shown == 1 - before
        assert beside(place.site) == {"site"}


@pytest.mark.parametrize("moment", range(6))
def test_every_moment_of_two_renames_is_mended(moment: int, tmp_path: Path) -> None:
    """What a kill leaves after each step of the slower swap, and what the next build finds."""
    site, new, old = (tmp_path / name for name in ("site", "new", "old"))
    for folder, text in ((site, "old"), (new, "new")):
        folder.mkdir()
        (folder / "index.html").write_text(text)
    steps = (
        lambda: site.rename(old),
        lambda: new.rename(site),
        lambda: old.rename(new),
        (new / "index.html").unlink,
        new.rmdir,
    )
    for step in steps[:moment]:
        step()
    swapping.recover(site, new, old)
    assert (site / "index.html").read_text() == ("old" if moment < 2 else "new")
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("one_step", [True, False])
def test_folders_change_places(
    one_step: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, new, old = (tmp_path / name for name in ("site", "new", "old"))
    if not one_step:
        monkeypatch.setattr(exchange, "exchange_call", lambda: None)
    elif exchange.exchange_call() is None:
        pytest.skip("this system cannot exchange two folders in one step")
    for text in ("first", "second", "third"):
        new.mkdir()
        (new / "index.html").write_text(text)
        swapping.swap(site, new, old)
        assert (site / "index.html").read_text() == text
        assert not old.exists()
        if new.exists():
            shutil.rmtree(new)


def test_the_address_is_never_empty(tmp_path: Path) -> None:
    """Somebody who looks ten thousand times while sites are swapped sees one each time."""
    site, new, old = (tmp_path / name for name in ("site", "new", "old"))
    if exchange.exchange_call() is None:
        pytest.skip("this system cannot exchange two folders in one step")
    for folder in (site, new):
        folder.mkdir()
    look = (
        "import os, sys\n"
        "print('begun', flush=True)\n"
        "print(sum(not os.path.exists(sys.argv[1]) for _ in range(10_000)))\n"
    )
    swaps = 0
    with subprocess.Popen(
        [sys.executable, "-c", look, site], stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "begun\n"
        while reader.poll() is None or swaps < 200:
            swapping.swap(site, new, old)
            swaps += 1
        assert reader.stdout.read() == "0\n"


def test_a_refused_exchange_is_done_in_two_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    with pytest.raises(OSError, match="No such file"):
        exchange.exchange(one, other)
    monkeypatch.setattr(exchange, "exchange_call", lambda: lambda _one, _other: -1)
    for number in exchange.CANNOT:
        monkeypatch.setattr(ctypes, "get_errno", lambda number=number: number)
        assert exchange.exchange(one, other) is False


def test_what_came_meanwhile_is_not_replaced(place: Place, runner: Runner) -> None:
    """A folder that becomes something else while the site is built is left alone."""
    build = runner.start(*place.arguments(), stroke=Stroke(signal.SIGSTOP, (place.swap * 2 // 3,)))
    assert build.stopped()
    assert place.site.with_name(".site.new").is_dir()
    shutil.rmtree(place.site)
    place.site.mkdir()
    (place.site / "letter.txt").write_text("mine")
    build.go_on()
    status, words = build.wait()
    assert (status, words) == (2, f"错误：{place.site} 里有别的文件，不能放网站\n")
    assert files_of(place.site).keys() == {"letter.txt"}
    assert beside(place.site) == {"site"}


def test_a_site_is_known_by_its_marks(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "search").mkdir(parents=True)
    for mark in SITE_MARKS:
        with pytest.raises(BuildTargetError):
            check_target(tmp_path / "root", site)
        (site / mark).write_text("x")
    check_target(tmp_path / "root", site)
