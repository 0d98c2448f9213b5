"""Commands that hand over to another where their first argument is that one's name."""

from __future__ import annotations

# Any: click hands settings of a context over by their names, each of its own type.
from typing import TYPE_CHECKING, Any

import click

from generator.cli.line.saying import Command
from generator.text.language import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Handing(Command):
    """A command whose first argument may name another one, which then takes all the rest."""

    #: What stands above the list of the others in the help, a text of the catalogue.
    heading = ""

    @property
    def others(self) -> Mapping[str, Command]:
        """First word → command."""
        return {}

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Return the context of the command that the arguments ask for."""
        at = self.first_word(args)
        if at < len(args) and args[at] in self.others:
            name = f"{info_name} {args[at]}"
            rest = [*args[:at], *args[at + 1 :]]
            return self.others[args[at]].make_context(name, rest, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the context is of."""
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and what the first word may name."""
        super().format_options(ctx, formatter)
        rows = [(name, other.get_short_help_str()) for name, other in self.others.items()]
        if rows:
            with formatter.section(gettext(self.heading)):
                formatter.write_dl(rows)

    def first_word(self, args: Sequence[str]) -> int:
        """Return the place of the first argument that belongs to no option; it may not exist."""
        flags = {
            name
            for parameter in self.params
            if isinstance(parameter, click.Option) and parameter.is_flag
            for name in (*parameter.opts, *parameter.secondary_opts)
        }
        at = 0
        while at < len(args) and args[at].startswith("-") and args[at] != "--":
            at += 1 if "=" in args[at] or args[at] in flags else 2
        return at
