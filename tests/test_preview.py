"""``appraise serve``: data with errors is shown and never published."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.results.document import to_json
from tests.sites import PROGRAM, beside
from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sites import Build, Runner


def free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


@contextmanager
def served(root: Path, temporary: Path, runner: Runner) -> Iterator[tuple[Build, str]]:
    """Serve a repository; yield the process, to be waited for, and the address of its site."""
    temporary.mkdir()
    address = f"127.0.0.1:{free_port()}"
    runner.call("surround", f"TMPDIR={temporary}", "APPRAISAL_AUDIENCE=internal")
    process = runner.start("--root", root, "serve", "--address", address)
    runner.call("surround")
    try:
        yield process, f"http://{address}/"
    except BaseException:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        raise


def fetched(process: Build, url: str) -> str:
    """Return a page, as soon as it is served; fails where the process ends before."""
    while not process.ended():
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - http
                return str(answer.read().decode("utf-8"))
        except urllib.error.URLError:
            time.sleep(0.05)
    pytest.fail(f"ended before {url} was served")


@pytest.mark.parametrize(
    ("number", "expected"), [(signal.SIGTERM, 143), (signal.SIGINT, 0)], ids=["TERM", "INT"]
)
def test_errors_are_shown_in_a_preview(
    number: int, expected: int, tmp_path: Path, runner: Runner
) -> None:
    """A branch that cannot be read is named with its findings; ending leaves nothing behind."""
    root = tmp_path / "root"
    shutil.copytree(BASE, root)
    for path in (root / "branches/demo-b").rglob("*.yml"):
        path.write_bytes(b"[" * 3000)
    with served(root, tmp_path / "temporary", runner) as (process, url):
        text = fetched(process, url + "2025/branches/demo-b.html")
        assert "无法计分" in text
        assert "Y005" in text
        assert "0.00" not in text
        assert "示例a党支部" in fetched(process, url + "2025/branches/demo-a.html")
        os.kill(process.pid, number)
        status, words = process.wait()
        assert (status, "Traceback" in words) == (expected, False), words
    assert list((tmp_path / "temporary").iterdir()) == []
    assert beside(root / "site") == {"branches", "committee", "rubric.yml"}


def test_one_broken_branch_moves_no_other(tmp_path: Path) -> None:
    """All figures of the others stay the same to the byte; only ranks close up."""
    for name in ("branches", "committee"):
        shutil.copytree(PROGRAM / name, tmp_path / name)
    shutil.copy(PROGRAM / "rubric.yml", tmp_path)
    before = figures(tmp_path)
    assert len(before) > 10
    for victim in sorted(before)[::4]:
        profile = tmp_path / "branches" / victim / "branch.yml"
        text = profile.read_bytes()
        profile.write_bytes(b"name: [\n")
        after = figures(tmp_path)
        assert before.keys() == after.keys()
        assert [name for name in before if before[name] != after[name]] == [victim]
        profile.write_bytes(text)


def figures(root: Path) -> dict[str, dict[str, Any]]:
    """Return what results.json says of each branch, but for its place among the others."""
    results = evaluate(WorkingTree(root), 2025).results
    assert results is not None
    branches: list[dict[str, Any]] = to_json(results)["branches"]
    among = ("rank", "rank_range")
    return {b["id"]: {k: v for k, v in b.items() if k not in among} for b in branches}
