"""MkDocs run from within: a site built into a folder, or served; what stops it is our own."""

from __future__ import annotations

import logging

# Any: a plugin as MkDocs holds it.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.results.audience import Audience
from generator.site.build import setting
from generator.site.build.plugin import NothingToShowError, RefusedError, UnreadableGitError
from generator.site.build.reading import publish_of
from generator.site.build.setting import SiteBuildError, config_file
from generator.site.data.forge import forge_of
from generator.site.html.console import console
from generator.text.language import gettext

# behind the plugin, which says to mkdocs what it reads when it is loaded
from mkdocs.commands.build import build  # isort: skip
from mkdocs.commands.serve import serve  # isort: skip
from mkdocs.config import load_config  # isort: skip
from mkdocs.exceptions import Abort, ConfigurationError  # isort: skip

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

    from generator.results.audience import Publish
    from generator.site.data.forge import Forge
    from generator.site.data.years import Evaluated


def run_mkdocs_build(
    root: Path,
    site_dir: Path,
    lang: str,
    *,
    quiet: bool,
    keep: bool = True,
    jobs: int | None = None,
    data: setting.Data = setting.PRESENT,
    evaluated: Evaluated | None = None,
) -> Evaluated | None:
    """Build the site of a repository into a new folder; return what it was made of.

    That is ``evaluated`` where it is given, and is kept for a second site alone. Raises
    PublishRefused, LeakError, SiteBuildError and GitError, and what a fault of the program raises.
    """
    level = None if quiet else logging.WARNING
    with setting.told(root, lang, keep=keep, jobs=jobs, data=data), console(level):
        try:
            config = configured(root, site_dir=str(site_dir), strict=True)
            plugin: Any = config.plugins["appraisal"]
            plugin.quiet, plugin.evaluated, plugin.keeps = quiet, evaluated, data.both
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            finally:
                config.plugins.on_shutdown()
        except UnreadableGitError as error:
            raise error.error from None
        except (Abort, ConfigurationError) as error:
            if isinstance(error.__context__, RefusedError):
                raise error.__context__.refused from None
            raise SiteBuildError(str(error)) from error
        found: Evaluated | None = plugin.evaluated
        return found


def configured(root: Path, **more: Any) -> MkDocsConfig:
    """Return the configuration of a repository's site; raises ConfigurationError and Abort."""
    pages = str(setting.templates_folder(root) / "pages")
    return load_config(str(config_file(root)), docs_dir=pages, **more)


class Own(NamedTuple):
    """What mkdocs.yml says of a site: its name, what is shown to whom, where the data lies."""

    name: str
    publish: Publish
    forge: Forge | None


def own_setting(root: Path, lang: str, audience: Audience) -> Own:
    """Return what mkdocs.yml says of a site for an audience; raises SiteBuildError."""
    data = setting.Data(audience=audience)
    with setting.told(root, lang, data=data), console(logging.WARNING):
        try:
            config = configured(root)
            plugin: Any = config.plugins["appraisal"]
            publish = publish_of(plugin.config.get("publish"), ConfigurationError)
            forge = forge_of(plugin.config.get("forge"), ConfigurationError)
        except (Abort, ConfigurationError) as error:
            raise SiteBuildError(str(error)) from error
        return Own(gettext(config["site_name"] or ""), publish, forge)


def publish_told(root: Path, lang: str) -> Publish:
    """Return what the public site of a repository shows; raises SiteBuildError."""
    return own_setting(root, lang, Audience.PUBLIC).publish


def run_mkdocs_serve(
    root: Path, lang: str, address: str | None, as_of: datetime.date | None = None
) -> None:
    """Serve the site at host:port until interrupted; raises what ``run_mkdocs_build`` does."""
    data = setting.Data(as_of=as_of, audience=None)
    with setting.told(root, lang, data=data), console(logging.INFO):
        try:
            serve(
                str(config_file(root)),
                docs_dir=str(setting.templates_folder(root) / "pages"),
                dev_addr=address,
            )
        except UnreadableGitError as error:
            raise error.error from None
        except NothingToShowError as error:
            raise error.cause from None
