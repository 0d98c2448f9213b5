"""The command line: its commands, and what its exit status means."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.cli.common import common
from generator.cli.line.place import asked_language, surrounding_language
from generator.cli.line.saying import Command, Option
from generator.cli.line.words import speak
from generator.text.language import gettext, mark, set_language

if TYPE_CHECKING:
    from pathlib import Path

FAULT = 3

speak()

#: Command → module of ``generator.cli``, and behind a colon what it is called there where that is
#: not its own name; what one command needs, no other waits for.
COMMANDS = {
    "alike": "ending.alike",
    "audit": "ending.audit",
    "build": "site",
    "check": "check",
    "clean": "filing.clean",
    "explain": "explain",
    "export": "ending.export",
    "finalize": "ending.final",
    "guard": "proposal.guard",
    "impact": "proposal.impact",
    "import": "filing.importing:importing",
    "merge": "merge",
    "missing": "missing",
    "new": "filing.new",
    "package": "filing.package",
    "ready": "ending.ready",
    "review": "filing.review",
    "schema": "schema",
    "score": "score",
    "serve": "site",
    "verify": "ending.final",
    "whatif": "whatif",
}


class Commands(Command, click.Group):
    """Commands, each imported on its first use."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options, in the language that they ask for."""
        set_language(asked_language(args) or surrounding_language())
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command, which asks git once what stays as it is."""
        from generator.files.git import asking_once

        with asking_once():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            place, _, called = COMMANDS[cmd_name].partition(":")
            module = import_module(f"generator.cli.{place}")
            self.add_command(getattr(module, called or cmd_name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called; for an unknown name, propose those like it."""
        if args[0] not in COMMANDS:
            for name in COMMANDS:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    help=mark("党支部年度考核：校验、计分、说明、建站"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(
    __version__,
    prog_name="appraise",
    message="%(prog)s %(version)s",
    help=mark("显示程序的版本"),
    cls=Option,
)
@common
@click.pass_context
def cli(context: click.Context, root: Path | None, lang: str | None) -> None:
    """Appraisal of branches, computed from Git."""
    context.obj = {"root": root, "lang": lang}


TERMINATED = 143


def terminate(_signal: int, _frame: object) -> None:
    """End as one would by hand: what was begun is cleaned up."""
    sys.exit(TERMINATED)


def use_utf8() -> None:
    """Restart in UTF-8 mode under a locale of another encoding: names in git are UTF-8."""
    if not sys.flags.utf8_mode and sys.getfilesystemencoding() != "utf-8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - our own program


def report_fault() -> None:
    """Print the current exception, whole."""
    import traceback

    from generator.reports.findings import safe

    # What the exception says may be text of the data, and this may be a build log.
    for line in traceback.format_exc().splitlines():
        click.echo(safe(line), err=True)
    click.echo(gettext("程序出错（不是数据的问题）：请把以上内容报告给维护者"), err=True)


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
        report_fault()
        sys.exit(FAULT)
    sys.exit(status if isinstance(status, int) else 0)
