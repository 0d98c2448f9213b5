"""Publishing is a swap: a kill at any moment leaves the old site or the new one, whole."""

from __future__ import annotations

import ctypes
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from generator.site.build import exchange, swapping
from generator.site.build.building import SITE_MARKS, BuildTargetError, check_target
from tests.sites import Place, Runner, beside, digest_of, files_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Kills in each of two processes at once, and how many of them fall around the swap.
KILLS, NEAR = 100, 40


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """Return a process that forks builds."""
    it = Runner()
    yield it
    it.close()


@pytest.fixture
def place(tmp_path: Path, runner: Runner) -> Place:
    """Return a repository whose site shows version 0, with version 1 in the working tree."""
    it = Place(tmp_path).prepare(runner)
    it.write(1)
    return it


@dataclass
class Tally:
    """What kills met."""

    killed: int = 0
    old: int = 0
    new: int = 0
    leftovers: int = 0
    builds: int = 0


def kill_often(folder: Path, seed: int) -> Tally:
    """Kill builds at random moments; the site is one whole version after each of them."""
    runner, rng, tally = Runner(), random.Random(seed), Tally()
    place = Place(folder).prepare(runner)
    begin = time.perf_counter()
    assert place.build(runner) == (0, "")
    duration = time.perf_counter() - begin
    while tally.killed < KILLS:
        before = place.shown
        place.write(1 - before)
        build = runner.start(*place.arguments())
        if tally.killed < NEAR:
            assert build.until_swap()
            time.sleep(rng.uniform(0, duration / 8))
        else:
            time.sleep(rng.uniform(0, duration))
        build.signal(signal.SIGKILL)
        status, _ = build.wait()
        after = place.shown
        if status == -signal.SIGKILL:
            tally.killed += 1
            tally.old += after == before
            tally.new += after != before
            tally.leftovers += beside(place.site) != {"site"}
        else:
            assert (status, after) == (0, 1 - before)
        if tally.killed % 5 == 0:
            assert place.build(runner) == (0, "")
            assert place.shown == 1 - before
            assert beside(place.site) == {"site"}
            tally.builds += 1
    runner.close()
    return tally


def test_two_hundred_kills_leave_no_mixed_state(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(kill_often, tmp_path / str(seed), seed) for seed in (1, 2)]
        tallies = [job.result() for job in jobs]
    assert sum(tally.killed for tally in tallies) == 2 * KILLS
    assert all(tally.old > KILLS // 4 and tally.new > 0 for tally in tallies)
    assert all(tally.leftovers > KILLS // 2 for tally in tallies)
    assert all(tally.builds >= KILLS // 5 for tally in tallies)


def test_kills_where_two_renames_must_do(tmp_path: Path) -> None:
    """Without an exchange the address may be empty until the next build, and never mixed."""
    runner, rng = Runner(), random.Random(3)
    runner.call("two-steps")
    place = Place(tmp_path).prepare(runner)
    for _ in range(6):
        before = place.shown
        place.write(1 - before)
        build = runner.start(*place.arguments())
        assert build.until_swap()
        time.sleep(rng.uniform(0, 0.03))
        build.signal(signal.SIGKILL)
        build.wait()
        if place.site.exists():
            assert place.shown in {0, 1}
        else:
            assert digest_of(place.site.with_name(".site.old")) == place.versions[before]
        assert place.build(runner) == (0, "")
        assert place.shown == 1 - before
        assert beside(place.site) == {"site"}
    runner.close()


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
    """Somebody who looks all the time sees a site at every moment of two hundred swaps."""
    site, new, old = (tmp_path / name for name in ("site", "new", "old"))
    if exchange.exchange_call() is None:
        pytest.skip("this system cannot exchange two folders in one step")
    for folder in (site, new):
        folder.mkdir()
    look = (
        "import os, sys\n"
        "seen, missing = 0, 0\n"
        "while os.path.exists(sys.argv[2]):\n"
        "    seen += 1\n"
        "    missing += not os.path.exists(sys.argv[1])\n"
        "print(seen, missing)\n"
    )
    going = tmp_path / "going"
    going.touch()
    reader = subprocess.Popen(
        [sys.executable, "-c", look, site, going], stdout=subprocess.PIPE, text=True
    )
    time.sleep(0.2)
    for _ in range(200):
        swapping.swap(site, new, old)
    going.unlink()
    seen, missing = map(int, reader.communicate()[0].split())
    assert seen > 1000
    assert missing == 0


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
    build = runner.start(*place.arguments())
    while not place.site.with_name(".site.new").exists():
        time.sleep(0.001)
    build.signal(signal.SIGSTOP)
    shutil.rmtree(place.site)
    place.site.mkdir()
    (place.site / "letter.txt").write_text("mine")
    build.signal(signal.SIGCONT)
    status, words = build.wait()
    assert (status, words) == (2, f"Error: {place.site} 里有别的文件，不能放网站\n")
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
