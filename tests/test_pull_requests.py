"""Every open pull request has its turn: none keeps the others from being computed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tools import pull_requests
from tools.pull_requests import ComputeError, Proposal, SlowError, compute, in_turn, run
from tools.reports import ERRORS, OK, Report, compose, read_all

BASE = "b" * 40
#: What may come of a proposal.
FATES = ("fine", "errors", "slow", "refused", "slow to fetch", "broken")


def proposals(seed: int) -> list[Proposal]:
    """Return open proposals of a few accounts, one of them with many."""
    rng = random.Random(seed)
    accounts = [*(f"account-{n}" for n in range(rng.randrange(1, 6))), *["crowd"] * 4]
    return [
        Proposal(number, f"{number:040x}", rng.choice(accounts))
        for number in range(1, rng.randrange(2, 30))
    ]


@pytest.mark.parametrize("seed", range(50))
def test_accounts_take_turns_and_each_run_another_begins(seed: int) -> None:
    given = proposals(seed)
    accounts = list(dict.fromkeys(one.author for one in given))
    begun = set()
    for turn in range(len(accounts)):
        ordered = in_turn(given, turn)
        assert sorted(ordered, key=lambda one: one.number) == given
        head = [one.author for one in ordered[: len(accounts)]]
        assert len(set(head)) == len(head)
        begun.add(head[0])
        for author in accounts:
            numbers = [one.number for one in ordered if one.author == author]
            assert numbers == sorted(numbers)
    assert begun == set(accounts)


class Forge:
    """Stands in for git and the program: what comes of each proposal is laid down."""

    def __init__(self, patch: pytest.MonkeyPatch, given: list[Proposal], fates: list[str]) -> None:
        self.given = given
        self.fates = dict(zip((one.number for one in given), fates, strict=True))
        self.now = 0.0
        for name in ("git", "open_proposals", "fetched", "assess"):
            patch.setattr(pull_requests, name, getattr(self, name))

    def git(self, *arguments: str, **_: Any) -> subprocess.CompletedProcess[str]:
        assert arguments == ("rev-parse", "HEAD")
        return subprocess.CompletedProcess(arguments, 0, f"{BASE}\n")

    def open_proposals(self, _: str) -> list[Proposal]:
        return self.given

    def fetched(self, some: list[Proposal]) -> bool:
        fates = {self.fates[one.number] for one in some}
        if "slow to fetch" in fates:
            self.now += pull_requests.FETCHING
            raise SlowError
        return "refused" not in fates

    def assess(self, one: Proposal, base: str) -> Report:
        fate = self.fates[one.number]
        if fate == "slow":
            self.now += pull_requests.PATIENCE
            raise SlowError
        if fate == "broken":
            raise ComputeError(fate)
        return compose(one.head, base, one.author, OK if fate == "fine" else ERRORS, fate)

    def clock(self) -> float:
        return self.now


@pytest.mark.parametrize("seed", range(50))
def test_whatever_comes_of_one_the_others_have_their_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    given = proposals(seed)[:8]
    rng = random.Random(-seed)
    fates = [rng.choice(FATES) for _ in given]
    while 180 * sum(fate.startswith("slow") for fate in fates) > pull_requests.WHOLE:
        fates[next(n for n, fate in enumerate(fates) if fate.startswith("slow"))] = "fine"
    forge = Forge(monkeypatch, given, fates)
    status = compute("example/project", tmp_path, seed, forge.clock)
    reports = {report.head: report for report in read_all(tmp_path).values()}
    assert {one.head for one, fate in zip(given, fates, strict=True) if fate != "broken"} == set(
        reports
    )
    assert status == ("broken" in fates)
    for one, fate in zip(given, fates, strict=True):
        if fate == "broken":
            continue
        told = reports[one.head]
        assert told.verdict == (OK if fate == "fine" else ERRORS)
        assert ("没有算完" in told.body) is fate.startswith("slow")
        assert ("git 拒收" in told.body) is (fate == "refused")


@pytest.mark.parametrize("turn", range(8))
def test_a_fork_with_many_slow_ones_silences_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    crowd = [Proposal(number, f"{number:040x}", "fork") for number in range(1, 31)]
    others = [Proposal(number, f"{number:040x}", f"branch-{number}") for number in range(40, 70)]
    forge = Forge(monkeypatch, crowd + others, ["slow"] * 30 + ["fine"] * 30)
    assert compute("example/project", tmp_path, turn, forge.clock) == 1
    written = {report.head for report in read_all(tmp_path).values()}
    assert {one.head for one in others} <= written
    assert forge.now <= pull_requests.WHOLE + pull_requests.PATIENCE


def lives(process: int) -> bool:
    """Whether a process runs; one that is dead and was not waited for does not."""
    try:
        told = Path(f"/proc/{process}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return told.rpartition(")")[2].split()[0] not in {"X", "Z"}


def test_what_is_slow_ends_with_all_that_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child keeps our end of the pipe open; it would be waited for as long as it lives."""
    begun = tmp_path / "begun"
    program = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(tmp_path / 'written')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        f"os.rename({str(tmp_path / 'written')!r}, {str(begun)!r})\n"
        "time.sleep(600)\n"
    )

    def too_long(*_: Any, **__: Any) -> None:
        while not begun.is_file():
            time.sleep(0.02)
        assert all(map(lives, map(int, begun.read_text("ascii").split())))
        raise subprocess.TimeoutExpired([], 1)

    monkeypatch.setattr(subprocess.Popen, "communicate", too_long)
    with pytest.raises(SlowError):
        run([sys.executable, "-c", program], 1, os.environ)
    for process in map(int, begun.read_text("ascii").split()):
        for _ in range(3000):
            if not lives(process):
                break
            time.sleep(0.02)
        else:
            pytest.fail("somebody of the group lives")


def test_what_strangers_make_a_program_say_stays_out_of_the_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    program = "import sys; print('out'); print('::error::x', file=sys.stderr); sys.exit(3)"
    assert run([sys.executable, "-c", program], 60, os.environ) == (3, b"out\n")
    assert capfd.readouterr() == ("", "")
