"""Where tests write: in memory only where there is plenty of it, and never against a word."""

from __future__ import annotations

import os
import tempfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests import room
from tests.room import TAKEN, available, has_room, write_in_memory

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


@pytest.mark.parametrize("chosen", ["", "/somewhere"])
def test_whoever_says_where_is_obeyed(
    chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(monkeypatch, 2 * TAKEN)
    (tmp_path / "meminfo").write_text(PLENTY, "ascii")
    monkeypatch.setattr(room, "IN_MEMORY", tmp_path)
    monkeypatch.setattr(room, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(tempfile, "tempdir", "before")
    monkeypatch.setenv("TMPDIR", chosen)
    if not chosen:
        monkeypatch.delenv("TMPDIR")
    write_in_memory()
    assert os.environ["TMPDIR"] == (chosen or str(tmp_path))
    assert tempfile.tempdir == ("before" if chosen else str(tmp_path))
