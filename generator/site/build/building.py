"""Building the site beside the old one, and swapping it in when it is whole and audited."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.files.writing.exchange import undisturbed
from generator.results.audience import Audience
from generator.site.addresses import HOME, NOT_FOUND, SEARCH_INDEX
from generator.site.build.setting import PRESENT, Data, PublishRefused
from generator.site.build.succession import succession
from generator.site.build.swapping import beside, disk_told, only_one, recover, swap
from generator.text.language import tr

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

#: Names that every built site has; a folder without these is never replaced.
SITE_MARKS = (NOT_FOUND, HOME, SEARCH_INDEX)


class BuildTargetError(Exception):
    """The folder that the site would replace is not a site."""


def internal_beside(site_dir: Path) -> Path:
    """Return where the internal site goes that is built along with a public one."""
    return site_dir.with_name(f"{site_dir.name}-internal")


def build_site(
    root: Path,
    site_dir: Path,
    lang: str = "zh",
    *,
    quiet: bool = False,
    after: str | None = None,
    keep: bool = True,
    jobs: int | None = None,
    data: Data = PRESENT,
) -> None:
    """Build the site of a repository into ``site_dir``; on any failure the old site stays, whole.

    Of ``data.both`` the internal one is built of the same evaluation, ``internal_beside`` it.
    ``after`` is the commit published last, which history must hold; ``keep`` and ``jobs`` are as
    for ``evaluated``. Raises PublishRefused, LeakError, BuildBusyError, BuildTargetError,
    BuildDiskError, SiteBuildError and GitError.
    """
    from generator.site.build.running import run_mkdocs_build  # noqa: PLC0415 - mkdocs is slow to import

    root, site_dir = root.resolve(), Path(os.path.abspath(site_dir))  # noqa: PTH100 - keeps links
    if after is not None and (broken := succession(root, after)):
        raise PublishRefused(broken)
    targets = {site_dir: data}
    if data.both:
        targets[internal_beside(site_dir)] = data._replace(audience=Audience.INTERNAL)
    with ExitStack() as held:
        for folder in targets:
            held.enter_context(held_alone(root, folder))
        found = None
        for folder, own in targets.items():
            new = beside(folder, "new")
            found = run_mkdocs_build(
                root, new, lang, quiet=quiet, keep=keep, jobs=jobs, data=own, evaluated=found
            )
        for folder in targets:
            check_target(root, folder)
        with undisturbed():
            for folder in targets:
                swap(folder, beside(folder, "new"), beside(folder, "old"))


@contextmanager
def held_alone(root: Path, site_dir: Path) -> Iterator[None]:
    """Hold a site's folder while what is new is built beside it; nothing of it is left behind."""
    new = beside(site_dir, "new")
    with disk_told(site_dir):
        check_target(root, site_dir)
        site_dir.parent.mkdir(parents=True, exist_ok=True)
        with only_one(beside(site_dir, "lock")):
            recover(site_dir, new, beside(site_dir, "old"))
            try:
                yield
            finally:
                with undisturbed():  # what cannot be removed now is removed by the next build
                    shutil.rmtree(new, ignore_errors=True)


def serve_site(
    root: Path,
    lang: str = "zh",
    address: str | None = None,
    as_of: datetime.date | None = None,
) -> None:
    """Serve the site of a repository, and rebuild it on every edit, until interrupted."""
    from generator.site.build.running import run_mkdocs_serve  # noqa: PLC0415 - mkdocs is slow to import

    run_mkdocs_serve(root.resolve(), lang, address, as_of)


def check_target(root: Path, site_dir: Path) -> None:
    """Make sure that nothing but an earlier site is replaced; raises BuildTargetError."""
    if site_dir.is_symlink() or (site_dir.exists() and not site_dir.is_dir()):
        raise BuildTargetError(tr("{path} 不是目录，不能放网站", path=site_dir))
    if root.is_relative_to(site_dir.resolve()):
        raise BuildTargetError(tr("{path} 里有数据，不能放网站", path=site_dir))
    filled = site_dir.is_dir() and any(site_dir.iterdir())
    if filled and not all((site_dir / mark).is_file() for mark in SITE_MARKS):
        raise BuildTargetError(tr("{path} 里有别的文件，不能放网站", path=site_dir))
