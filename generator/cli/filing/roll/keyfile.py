"""Where the key of names to codes lies: in the user's own folder, never in the repository."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.common import EnvironmentProblem
from generator.exchange.names import Names, read_names
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.files.git import run_git
from generator.files.limits import MAX_FILE
from generator.files.remedies import history_at
from generator.files.writing import PRIVATE, UnwrittenError, write_whole
from generator.text.language import mark, tr
from generator.text.names import visible
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INSIDE = mark("对照表“{path}”在考核仓库里：里面是姓名，请放到仓库以外的地方")
UNREADABLE = mark("读不了对照表“{path}”：{why}")
UNWRITTEN = mark("没有写成对照表“{path}”：{why}。什么也没有改")
#: The key of a sheet that was imported without saying of which branch.
OF_NOBODY = "unnamed"


def key_path(root: Path, branch: str, chosen: Path | None) -> Path:
    """Return where the key lies: what was chosen, or else a place a repository and branch.

    Raises EnvironmentProblem for a place inside the repository.
    """
    path = (
        chosen or data_folder() / "appraise" / repository_name(root) / f"{branch or OF_NOBODY}.csv"
    )
    found = path.resolve()
    for top in {root.resolve(), *tops(root)}:
        if found == top or top in found.parents:
            raise EnvironmentProblem(tr(INSIDE, path=visible(f"{path}")))
    return found


def data_folder() -> Path:
    """Return where programs keep data of the user who runs them."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if Path(named).is_absolute() else home / ".local" / "share"


def tops(root: Path) -> list[Path]:
    """Return the folder of the git repository around the root, where there is one.

    Raises GitError where there is one that git cannot read.
    """
    if history_at(root) is None:
        return []
    said = run_git(root, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape")
    return [Path(said.strip()).resolve()] if said.strip() else []


def repository_name(root: Path) -> str:
    """Return what tells a repository from others: its first commit, or else where it lies.

    A clone, and a repository that is moved, keep their name; a shallow clone does not know its
    first commit. Raises GitError where there is a repository that git cannot read.
    """
    if history_at(root) is not None:
        shallow = run_git(root, "rev-parse", "--is-shallow-repository").strip()
        first = run_git(root, "rev-list", "--max-parents=0", "HEAD").split()
        if shallow == b"false" and first:
            return min(first).decode("ascii")[:12]
    return hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:12]


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep every other import from giving codes by the same key; raises EnvironmentProblem."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stream = path.with_name(f".{path.name}.lock").open("a+b")
        _lock(stream.fileno())
    except OSError as error:
        words = tr(UNREADABLE, path=visible(f"{path}"), why=reason(error))
        raise EnvironmentProblem(words) from None
    with stream:
        yield


def _lock(descriptor: int) -> None:
    """Wait until nobody else holds the file; where the system has no such locks, go on."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def load_names(path: Path, used: Iterable[str]) -> Names:
    """Return the key that lies at a path, an empty one where none does; or raise."""
    try:
        data = path.read_bytes() if path.exists() else b""
        if len(data) > MAX_FILE:
            data = b""
        return read_names(data, used) if data.strip() else Names({}, used)
    except OSError as error:
        words = tr(UNREADABLE, path=visible(f"{path}"), why=reason(error))
    except UnreadableSheetError as error:
        words = tr(UNREADABLE, path=visible(f"{path}"), why=error.words)
    raise EnvironmentProblem(words)


def save_names(path: Path, names: Names) -> None:
    """Write the key, for its owner alone; raises EnvironmentProblem."""
    try:
        write_whole(path, names.written(), PRIVATE)
    except UnwrittenError as error:
        words = tr(UNWRITTEN, path=visible(f"{path}"), why=error)
        raise EnvironmentProblem(words) from None
