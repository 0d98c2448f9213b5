"""Commands, options and arguments of click whose help is in the language in use.

Help and names of values are texts of the catalogue, marked where they are written.
"""

from __future__ import annotations

import copy

# Any: click takes the attributes of options and arguments by their names, each of its own type.
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

F = TypeVar("F", bound="Callable[..., Any]")

OPTIONS, CALL = mark("[选项]"), mark("命令 [参数]…")
HELP = mark("显示这段说明")
#: What click calls places of a usage line → what we call them.
PIECES = {"[OPTIONS]": OPTIONS, "COMMAND [ARGS]...": CALL}


def said(text: str | None) -> str | None:
    """Return a text of the catalogue in the language in use, if there is one."""
    return gettext(text) if text else text


class Option(click.Option):
    """An option whose help is translated where it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how the option is written, and what it does."""
        spoken = copy.copy(self)
        spoken.help = said(self.help)
        return click.Option.get_help_record(spoken, ctx)

    def make_metavar(self, ctx: click.Context) -> str:
        """Return what stands for the value."""
        return gettext(super().make_metavar(ctx))


class Argument(click.Argument):
    """An argument whose name is translated where it is shown."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return what stands for the value."""
        return gettext(super().make_metavar(ctx))


class Command(click.Command):
    """A command whose help is translated where it is shown."""

    def spoken(self) -> Self:
        """Return the command with its help in the language in use."""
        command = copy.copy(self)
        command.help = said(self.help)
        return command

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what the command does, in the list of commands: whole, as it is short."""
        return super(Command, self.spoken()).get_short_help_str(max(limit, 100))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        super(Command, self.spoken()).format_help_text(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help, which click makes once."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = gettext(HELP)
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the places of the usage line."""
        return [gettext(PIECES.get(piece, piece)) for piece in super().collect_usage_pieces(ctx)]


def option(*names: str, **attributes: Any) -> Callable[[F], F]:
    """Add an option to a command."""
    return click.option(*names, cls=Option, **attributes)


def argument(*names: str, **attributes: Any) -> Callable[[F], F]:
    """Add an argument to a command."""
    return click.argument(*names, cls=Argument, **attributes)


def command(does: str) -> Callable[[Callable[..., Any]], Command]:
    """Make a command of a function; the text says what it does."""
    return click.command(cls=Command, help=does)
