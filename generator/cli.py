"""The command line: its commands, and what its exit status means."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.i18n import gettext

if TYPE_CHECKING:
    from pathlib import Path

from generator.commands.check import check
from generator.commands.common import common
from generator.commands.explain import explain
from generator.commands.final import finalize, verify
from generator.commands.guard import guard
from generator.commands.impact import impact
from generator.commands.merge import merge
from generator.commands.review import review
from generator.commands.schema import schema
from generator.commands.score import score
from generator.commands.site import build, serve
from generator.reports.findings import safe

FAULT = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="appraise")
@common
@click.pass_context
def cli(context: click.Context, root: Path | None, lang: str | None) -> None:
    """党支部年度考核：校验、计分、说明、建站。 Appraisal of branches, computed from Git."""
    context.obj = {"root": root, "lang": lang}


cli.add_command(check)
cli.add_command(score)
cli.add_command(explain)
cli.add_command(schema)
cli.add_command(review)
cli.add_command(guard)
cli.add_command(impact)
cli.add_command(merge)
cli.add_command(finalize)
cli.add_command(verify)
cli.add_command(build)
cli.add_command(serve)


TERMINATED = 143


def terminate(_signal: int, _frame: object) -> None:
    """End as one would by hand: what was begun is cleaned up."""
    sys.exit(TERMINATED)


def use_utf8() -> None:
    """Start anew in UTF-8 mode under a locale of another encoding: names in git are UTF-8."""
    if not sys.flags.utf8_mode and sys.getfilesystemencoding() != "utf-8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def main() -> None:
    """Run the command line; a fault of the program ends with exit status 3."""
    use_utf8()
    signal.signal(signal.SIGTERM, terminate)
    try:
        status = cli.main(standalone_mode=False, prog_name="appraise")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception:  # noqa: BLE001 - the last line of defence: shown whole, exit status 3
        # What the exception says may be text of the data, and this may be a build log.
        for line in traceback.format_exc().splitlines():
            click.echo(safe(line), err=True)
        click.echo(gettext("程序出错（不是数据的问题）：请把以上内容报告给维护者"), err=True)
        sys.exit(FAULT)
    sys.exit(status if isinstance(status, int) else 0)
