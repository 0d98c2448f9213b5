"""Where tests write: in memory only where there is plenty of it, and never against a word."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests import room
from tests.room import TAKEN, available, has_room, surroundings

if TYPE_CHECKING:
    from pathlib import Path

PLENTY = f"MemTotal: 99 kB\nMemAvailable: {2 * TAKEN >> 10} kB\nHugePages_Total: 0\n"
SCARCE = f"MemAvailable: {(2 * TAKEN >> 10) - 1} kB\n"


def place(monkeypatch: pytest.MonkeyPatch, size: int, flags: int = 0) -> None:
    """Let every folder have so much room."""
    told = SimpleNamespace(f_bavail=size >> 12, f_frsize=1 << 12, f_flag=flags)
    monkeypatch.setattr(os, "statvfs", lambda _: told)


def test_memory_is_what_can_be_had() -> None:
    assert available(PLENTY) == 2 * TAKEN
    assert available("MemFree: 5 kB\n") == available("") == 0


@pytest.mark.parametrize(
    ("size", "flags", "told", "fit"),
    [
        (2 * TAKEN, 0, PLENTY, True),
        (2 * TAKEN - 4096, 0, PLENTY, False),
        (2 * TAKEN, 0, SCARCE, False),
        (2 * TAKEN, 0, "", False),
        (2 * TAKEN, os.ST_NOEXEC, PLENTY, False),
    ],
)
def test_room_is_plenty_and_programs_run_there(
    size: int, flags: int, told: str, fit: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(monkeypatch, size, flags)
    assert has_room(tmp_path, told) == fit
    assert not has_room(tmp_path / "nowhere", told)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["TMPDIR={}", "PYTEST_ADDOPTS=-otmp_path_retention_policy=failed"]),
        ({"PYTEST_ADDOPTS": "-x"}, ["TMPDIR={}"]),
        ({"TMPDIR": "/somewhere"}, []),
    ],
)
def test_whoever_says_where_and_how_is_obeyed(
    given: dict[str, str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(monkeypatch, 2 * TAKEN)
    (tmp_path / "meminfo").write_text(PLENTY, "ascii")
    monkeypatch.setattr(room, "IN_MEMORY", tmp_path)
    monkeypatch.setattr(room, "MEMORY", tmp_path / "meminfo")
    for name in ("TMPDIR", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert surroundings() == [word.format(tmp_path) for word in expected]
    (tmp_path / "meminfo").unlink()
    assert surroundings() == []
