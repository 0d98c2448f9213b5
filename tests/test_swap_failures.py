"""Builds that fail: signals, rivals, full disks, wrong data; the old site stays."""

from __future__ import annotations

import errno
import json
import random
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.site.build import swapping
from tests.sites import PROFILE, PROGRAM, Place, Stroke, beside, namespace
from tests.support import BASE, appraise
from tests.tiers import left_out

if TYPE_CHECKING:
    from tests.sites import Runner

#: By how many touches builds of the same data may differ.
FEW = 20
BUSY = "错误：另一次生成正在进行，请稍后再试\n"
#: What is tried at several moments or more than once: at some in each run, at all before a release.
SOME = "long" in left_out
FULL = "错误：磁盘已满或超出限额：网站没有生成，原有网站保持不变；请腾出空间后再试\n"


@pytest.mark.parametrize(
    ("number", "expected"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["TERM", "INT"]
)
def test_signals_clean_up(number: int, expected: int, place: Place, runner: Runner) -> None:
    """Temporary files gone, the old site or the new one, and the status says why."""
    rng = random.Random(int(number))
    # Two processes write a site: which of them makes a folder moves the count by a few.
    before_swap = [1, *(rng.randint(2, place.swap - FEW) for _ in range(1 if SOME else 3))]
    for moment, after_swap in [(1, True), *((moment, False) for moment in before_swap)]:
        before = place.shown
        place.write(1 - before)
        stroke = Stroke(number, (moment,), after_swap=after_swap)
        status, words = runner.start(*place.arguments(), stroke=stroke).wait()
        assert (status, "Traceback" in words) == (expected, False), words
        assert beside(place.site) == {"site"}
        # From the swap on a signal waits until the new site is shown.
        assert place.shown == (1 - before if after_swap else before)


def test_an_impatient_user_spoils_nothing(place: Place, runner: Runner) -> None:
    for share in (4, 1) if SOME else (8, 4, 2, 1):
        first = place.swap // share
        stroke = Stroke(signal.SIGINT, tuple(range(first, first + 10, 2)))
        runner.start(*place.arguments(), stroke=stroke).wait()
        assert place.shown in {0, 1}  # the old site or, where the swap was under way, the new one
    assert place.build(runner) == (0, "")
    assert (place.shown, beside(place.site)) == (1, {"site"})


def test_of_two_at_once_one_wins(place: Place, runner: Runner) -> None:
    """The other says so, exits 2 and touches nothing."""
    stroke = Stroke(signal.SIGSTOP, (place.swap // 2,))
    first = runner.start(*place.arguments(), stroke=stroke)
    assert first.stopped()
    assert place.build(runner) == (2, BUSY)
    assert place.shown == 0
    first.go_on()
    assert first.wait() == (0, "")
    assert (place.shown, beside(place.site)) == (1, {"site"})


def test_many_at_once_take_turns_or_give_way(place: Place, runner: Runner) -> None:
    ends: list[tuple[int, str]] = []
    for _ in range(rounds := 1 if SOME else 2):
        builds = [runner.start(*place.arguments()) for _ in range(3)]
        ends += [build.wait() for build in builds]
    assert len(ends) == 3 * rounds
    # Whether they meet is up to the machine: who meets another gives way, and some did not.
    assert {(0, "")} <= set(ends) <= {(0, ""), (2, BUSY)}
    assert (place.shown, beside(place.site)) == (1, {"site"})


def test_a_full_disk(tmp_path: Path, runner: Runner) -> None:
    """A real file system of a few megabytes, filled up at different moments of the build."""
    if not namespace():
        pytest.skip("mounting is not permitted here: no small file system to fill")
    disk = tmp_path / "disk"
    disk.mkdir()
    runner.call("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk))
    place = Place(tmp_path)
    shutil.copytree(BASE, place.root)
    site = disk / "site"
    arguments = ("--root", place.root, "build", "--quiet", "--site-dir", site)
    assert runner.run(*arguments) == (0, "")
    first, names, used = json.loads(runner.call("look", str(site)))
    assert (names, used > 1 << 20) == (["site"], True)
    place.write(1)
    for share in (0.01, 0.6) if SOME else (0.01, 0.3, 0.6, 0.9):
        option = f"remount,size={int(used * (1 + share))}"
        runner.call("mount", "-o", option, str(disk))
        assert runner.run(*arguments) == (2, FULL)
        assert json.loads(runner.call("look", str(site))) == [first, ["site"], used]
    runner.call("mount", "-o", "remount,size=64m", str(disk))
    assert runner.run(*arguments) == (0, "")
    second, names, _ = json.loads(runner.call("look", str(site)))
    assert (second != first, names) == (True, ["site"])


def test_a_limit_on_files(place: Place, runner: Runner) -> None:
    """As a full disk, where no file system can be mounted: no file may exceed a size."""
    runner.call("limit", "60000")
    assert place.build(runner) == (2, FULL)
    runner.call("limit", "-1")
    assert (place.shown, beside(place.site)) == (0, {"site"})


@pytest.mark.parametrize("kind", ["data", "everything", "template", "theme", "page"])
def test_a_failure_in_the_middle(kind: str, place: Place, runner: Runner) -> None:
    """What is wrong with data or templates never reaches the site."""
    templates = place.root / "site_templates"
    if kind == "data":
        (place.root / PROFILE).write_text("name: [\n")
    elif kind == "everything":
        for path in (place.root / "branches/demo-b").rglob("*.yml"):
            path.write_bytes(b"[" * 3000)
    else:
        shutil.copytree(PROGRAM / "site_templates", templates)
        broken = {
            "template": templates / "templates" / "scorecard.html.jinja",
            "theme": templates / "theme" / "main.html",
            "page": templates / "pages" / "about.md",
        }[kind]
        assert broken.is_file()
        text = "[甲](nowhere.md)\n" if kind == "page" else "{{ nothing.at.all }}{% if %}"
        broken.write_text(text, "utf-8")
    status, words = place.build(runner)
    assert status == {"data": 1, "everything": 1, "page": 2}.get(kind, 3), words
    assert (place.shown, beside(place.site)) == (0, {"site"})
    if status == 1:
        assert "error Y" in words
        assert words.endswith("有错误未改，网站没有生成，旧网站保持不变\n")


def test_places_that_cannot_be_written(tmp_path: Path, runner: Runner) -> None:
    (tmp_path / "file").write_text("x")
    for parent in (tmp_path / "file", Path("/proc")):
        target = parent / "site"
        status, words = runner.run("--root", BASE, "build", "--quiet", "--site-dir", target)
        assert status == 2
        assert words.startswith(("错误：不能写入 ", f"错误：{target} 不是"))
        assert "Traceback" not in words


def test_a_mount_point_is_told(tmp_path: Path) -> None:
    error = OSError(errno.EBUSY, "busy", str(tmp_path / "site"))
    assert "挂载点" in swapping.disk_words(error, tmp_path / "site")
    other = OSError(errno.EACCES, "denied", str(tmp_path / "branches"))
    assert swapping.disk_words(other, tmp_path / "site") == ""


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "x:80", "127.0.0.1", "127.0.0.1:８０"])
def test_an_address_that_is_none(address: str) -> None:
    done = appraise("serve", "--address", address, root=BASE)
    assert done.exit_code == 2
    assert "IP:端口" in done.stderr
