"""``appraise build`` and ``appraise serve``: the site."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.common import ERRORS, EnvironmentProblem, common, prepare
from generator.repository import MissingRubricError
from generator.i18n import gettext, language, tr
from generator.reports.findings import as_text


@click.command()
@click.option(
    "--site-dir", type=click.Path(file_okay=False, path_type=Path), default=None, help="site"
)
@click.option("--quiet", is_flag=True, help="不显示进度 / no progress")
@click.option("--no-cache", is_flag=True, help="不用缓存 / compute everything anew")
@common
def build(
    site_dir: Path | None, quiet: bool, no_cache: bool, root: Path | None, lang: str | None
) -> None:
    """生成网站；有错误时不生成，旧网站保持不变。 Build the site, whole or not at all."""
    from generator.site import building

    del no_cache
    where = prepare(root, lang)
    target = site_dir or where / "site"
    try:
        building.build_site(where, target, language(), quiet=quiet)
    except building.PublishRefused as refused:
        click.echo(as_text(refused.findings), nl=False, err=True)
        click.echo(gettext("有错误未改，网站没有生成，旧网站保持不变"), err=True)
        sys.exit(ERRORS)
    except building.BuildBusyError:
        raise EnvironmentProblem(gettext("另一个生成正在进行，请稍后再试")) from None
    except (building.BuildTargetError, building.SiteBuildError) as error:
        raise EnvironmentProblem(str(error)) from None
    except MissingRubricError:
        raise EnvironmentProblem(
            tr("{root} 里没有 rubric.yml：请在考核仓库里运行，或用 --root 指明", root=where)
        ) from None
    if not quiet:
        click.echo(tr("网站已生成：{path}", path=target / "index.html"), err=True)


@click.command()
@click.option("--address", default="127.0.0.1:8000", help="地址 / address")
@common
def serve(address: str, root: Path | None, lang: str | None) -> None:
    """在本机预览网站，改动后自动刷新。 Serve the site with reload on every edit."""
    from generator.site import building

    where = prepare(root, lang)
    building.serve_site(where, language(), address)
