"""Files that are written whole or not at all, one or several together."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING

from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class UnwrittenError(Exception):
    """Files could not be written, and are as they were: says why."""


#: Who may read a file: everybody, or its owner alone.
PUBLIC, PRIVATE = 0o644, 0o600


def write_whole(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Write a file so that it is there whole or as it was; raises UnwrittenError."""
    write_together({path: data}, mode)


def write_together(files: Mapping[Path, bytes], mode: int = PUBLIC) -> None:
    """Write files so that all are there whole, or each is as it was; raises UnwrittenError.

    All that needs room on the disk is done before the first one is touched.
    """
    try:
        _write(files, mode)
    except OSError as error:
        raise UnwrittenError(reason(error)) from error


def _write(files: Mapping[Path, bytes], mode: int) -> None:
    new: dict[Path, str] = {}
    old: dict[Path, str] = {}
    done: list[Path] = []
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                old[path] = _beside(path, path.read_bytes(), mode)
            new[path] = _beside(path, data, mode)
        for path, name in new.items():
            done.append(path)
            os.replace(name, path)  # noqa: PTH105 - a name, as mkstemp gives it
    except BaseException:
        for path in done:
            _undo(path, old.get(path), touched=not os.path.exists(new[path]))  # noqa: PTH110 - likewise
        raise
    finally:
        for name in (*new.values(), *old.values()):
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108 - likewise


def _undo(path: Path, old: str | None, *, touched: bool) -> None:
    """Bring back what was at a path before."""
    if not touched:
        return
    if old is None:
        path.unlink()
    else:
        os.replace(old, path)  # noqa: PTH105 - a name, as mkstemp gives it


def _beside(path: Path, data: bytes, mode: int) -> str:
    """Write data to a new file beside a path; return its name."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)  # noqa: PTH101 - a name, as mkstemp gives it
    except BaseException:
        os.unlink(name)  # noqa: PTH108 - likewise
        raise
    return name
