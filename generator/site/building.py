"""Building the site beside the old one, and swapping it in when it is whole and audited."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.findings import Finding

PROGRAM = Path(__file__).resolve().parents[2]

#: Names that every built site has; a folder without these is never replaced.
SITE_MARKS = ("404.html", "index.html", "search/search_index.json")


class BuildBusyError(Exception):
    """Another build of the same site is under way."""


class BuildTargetError(Exception):
    """The folder that the site would replace is not a site."""


class SiteBuildError(Exception):
    """The site generator gave up: configuration, templates or hand-written pages are at fault."""


class PublishRefused(Exception):  # noqa: N818 - says what happened, and is no fault
    """The data has errors, so nothing is published; ``findings`` holds the errors."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep the errors for whoever tells of them."""
        super().__init__(tr("有 {count} 处错误，网站未生成，原有网站保持不变", count=len(findings)))
        self.findings = tuple(findings)


def config_file(root: Path) -> Path:
    """Return mkdocs.yml of the root, or else the one beside the program."""
    own = root / "mkdocs.yml"
    return own if own.is_file() else PROGRAM / "mkdocs.yml"


def templates_folder(root: Path) -> Path:
    """Return site_templates/ of the root, or else the one beside the program."""
    own = root / "site_templates"
    return own if own.is_dir() else PROGRAM / "site_templates"


def build_site(root: Path, site_dir: Path, lang: str = "zh", *, quiet: bool = False) -> None:
    """Build the site of a repository into ``site_dir``; on any failure the old site stays, whole.

    Raises PublishRefused, BuildBusyError, BuildTargetError and SiteBuildError.
    """
    from generator.site.plugin import run_mkdocs_build  # noqa: PLC0415 - mkdocs is slow to import

    root, site_dir = root.resolve(), Path(os.path.abspath(site_dir))  # noqa: PTH100 - keeps links
    check_target(root, site_dir)
    site_dir.parent.mkdir(parents=True, exist_ok=True)
    new, old = beside(site_dir, "new"), beside(site_dir, "old")
    with only_one(beside(site_dir, "lock")):
        recover(site_dir, new, old)
        try:
            run_mkdocs_build(root, new, lang, quiet=quiet)
            swap(site_dir, new, old)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def serve_site(root: Path, lang: str = "zh", address: str | None = None) -> None:
    """Serve the site of a repository, and build it anew on every edit, until interrupted."""
    from generator.site.plugin import run_mkdocs_serve  # noqa: PLC0415 - mkdocs is slow to import

    run_mkdocs_serve(root.resolve(), lang, address)


def beside(site_dir: Path, word: str) -> Path:
    """Return a hidden name next to the site's folder."""
    return site_dir.with_name(f".{site_dir.name}.{word}")


def check_target(root: Path, site_dir: Path) -> None:
    """Make sure that nothing but an earlier site is replaced; raises BuildTargetError."""
    if site_dir.is_symlink() or (site_dir.exists() and not site_dir.is_dir()):
        raise BuildTargetError(tr("{path} 不是目录，不能放网站", path=site_dir))
    if root.is_relative_to(site_dir.resolve()):
        raise BuildTargetError(tr("{path} 里有数据，不能放网站", path=site_dir))
    filled = site_dir.is_dir() and any(site_dir.iterdir())
    if filled and not all((site_dir / mark).is_file() for mark in SITE_MARKS):
        raise BuildTargetError(tr("{path} 里有别的文件，不能放网站", path=site_dir))


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file while the site is built; raises BuildBusyError where another holds it."""
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise BuildBusyError(tr("另一次生成正在进行，请稍后再试")) from None
        if lock.exists() and os.path.samestat(os.fstat(descriptor), lock.stat()):
            break
        os.close(descriptor)  # the other build ended in between and took its lock file along
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def recover(site_dir: Path, new: Path, old: Path) -> None:
    """Clear up after a build that was killed: bring the old site back, remove what was begun."""
    if old.is_dir() and not site_dir.exists():
        old.rename(site_dir)
    for leftover in (new, old):
        if leftover.is_dir():
            shutil.rmtree(leftover)


def swap(site_dir: Path, new: Path, old: Path) -> None:
    """Move the old site aside and the new one in its place; the old comes back if that fails."""
    if site_dir.exists():
        site_dir.rename(old)
    try:
        new.rename(site_dir)
    except BaseException:
        if old.exists():
            old.rename(site_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)
