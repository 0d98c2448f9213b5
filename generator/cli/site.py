"""``appraise build`` and ``appraise serve``: the site."""

from __future__ import annotations

import errno
import ipaddress
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    DATED,
    ERRORS,
    Computing,
    EnvironmentProblem,
    answers,
    common,
    computing_site,
    prepare,
)
from generator.cli.line.saying import command, option
from generator.reports.findings import as_text
from generator.results.audience import Audience
from generator.text.language import gettext, language, tr
from generator.text.system import reason

if TYPE_CHECKING:
    import datetime

PORTS = 65536
#: Whom a site is built for: one of the audiences, or each of them a site of its own.
BOTH, PUBLIC = "both", Audience.PUBLIC.value
AUDIENCES = (*(audience.value for audience in Audience), BOTH)
#: Where sites go where nothing is said; an internal one never where the public one is expected.
SITE, INTERNAL_SITE = "site", "site-internal"
#: What a system says of an address that cannot be served from.
NO_ADDRESS = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES})


@command("生成网站；有错误时不生成，旧网站保持不变")
@option(
    "--site-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    metavar="文件夹",
    help="网站放在哪里，默认为 site",
)
@option(
    "--after",
    metavar="版本",
    default=None,
    help="上次公布的提交，须在当前历史中",
)
@option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default=PUBLIC,
    help="给谁看：public 公开（默认），internal 内部，both 两个网站，内部的放在旁边",
)
@computing_site
@common
def build(
    site_dir: Path | None,
    after: str | None,
    audience: str,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """Build the site, whole or not at all."""
    where = prepare(root, lang)
    target = site_dir or where / (INTERNAL_SITE if audience == Audience.INTERNAL else SITE)
    with answers(after or how.revision or "HEAD", root=where):
        made(where, target, audience, how, after)


def made(where: Path, target: Path, audience: str, how: Computing, after: str | None) -> None:
    """Build a site, or one for each audience, and say so; exit where that cannot be."""
    from generator.site.build import building, setting, swapping
    from generator.site.guarding.guard import LeakError

    told = Audience.INTERNAL if audience == Audience.INTERNAL else Audience.PUBLIC
    try:
        building.build_site(
            where,
            target,
            language(),
            quiet=how.quiet,
            after=after,
            keep=not how.no_cache,
            jobs=how.jobs,
            data=setting.Data(how.revision, how.as_of, told, audience == BOTH),
        )
    except setting.PublishRefused as refused:
        click.echo(as_text(refused.findings), nl=False, err=True)
        click.echo(gettext("有错误未改，网站没有生成，旧网站保持不变"), err=True)
        sys.exit(ERRORS)
    except LeakError as error:
        if how.quiet:  # else MkDocs has said so
            click.echo(f"{error}", err=True)
        sys.exit(ERRORS)
    except (
        building.BuildTargetError,
        setting.SiteBuildError,
        swapping.BuildBusyError,
        swapping.BuildDiskError,
    ) as error:
        raise EnvironmentProblem(str(error)) from None
    if not how.quiet:
        for built in (target, *([building.internal_beside(target)] if audience == BOTH else [])):
            click.echo(tr("网站已生成：{path}", path=built / "index.html"), err=True)


def host_and_port(_context: click.Context, _parameter: click.Parameter, address: str) -> str:
    """Return an address to serve from; raises BadParameter for anything but IP:PORT."""
    host, _, port = address.rpartition(":")
    try:
        if host != "localhost":
            ipaddress.IPv4Address(host)
        served = port.isascii() and port.isdigit() and int(port) < PORTS
    except ValueError:
        served = False
    if not served:
        raise click.BadParameter(gettext("请写成 IP:端口，例如 127.0.0.1:8000"))
    return address


@command("在本机预览网站，改动后自动刷新")
@option(
    "--address",
    default="127.0.0.1:8000",
    metavar="IP:端口",
    callback=host_and_port,
    help="在哪个地址预览，默认 127.0.0.1:8000",
)
@DATED
@common
def serve(address: str, as_of: datetime.date | None, root: Path | None, lang: str | None) -> None:
    """Serve the site with reload on every edit."""
    from generator.site.build import building, setting

    where = prepare(root, lang)
    try:
        with answers("HEAD", root=where):
            building.serve_site(where, language(), address, as_of)
    except setting.PublishRefused:
        click.echo(gettext("没有可以预览的年度：请改好上面的错误再试"), err=True)
        sys.exit(ERRORS)
    except setting.SiteBuildError as error:
        raise EnvironmentProblem(str(error)) from None
    except OSError as error:
        if error.errno not in NO_ADDRESS:
            raise
        words = tr("不能使用地址 {address}：{reason}", address=address, reason=reason(error))
        raise EnvironmentProblem(words) from None
