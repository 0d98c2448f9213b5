"""Templates of generated pages: autoescape everywhere, undefined names are faults."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from generator.site.html.compiling import PlainCode, Words, compiled
from generator.site.html.foreign import marked
from generator.site.html.sorts import sort_of
from generator.text.language import gettext, heading, tr
from generator.text.links import may_link
from generator.text.numbers import plain
from generator.text.titles import ballot_title, level_title

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MINUS = "\u2212"
DASH = "\u2014"
EN_DASH = "\u2013"
NBSP = "\u00a0"
KILO = 1000
DIGEST = 12
#: A space between a figure and its unit, and between a rank's first word and its figure.
FIGURE_AND_UNIT = re.compile(r"(?<=[0-9%]) (?=[\u4e00-\u9fff])|(?<=第) (?=[0-9])")
#: What stands on one line: a date, a sum, a figure written against its unit, a clause.
TOGETHER = re.compile(
    r"[0-9(][0-9.()+×/=\u2212 -]*[-+×/=][0-9.()+×/=\u2212 -]*[0-9)]|[0-9]+[号年月日]"
    r"|第[一二三四五六七八九十]+条(?:（[一二三四五六七八九十]+）)?[0-9]*"
)
#: Characters that fit beside a margin on a telephone; a longer sum may break.
ON_A_LINE = 28


class PageEnvironment(Environment):
    """Compiles templates into plain code."""

    code_generator_class = PlainCode


def environment(templates: Path, places: int) -> Environment:
    """Return the environment of the templates in ``templates``/templates."""
    env = PageEnvironment(
        loader=FileSystemLoader(templates / "templates"),
        extensions=[Words],
        bytecode_cache=compiled(places),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def points(value: Decimal | None) -> str:
        return fixed(value, places)

    env.globals.update(_=gettext, tr=words, heading=heading, span=span)
    env.tests["link"] = may_link
    env.filters.update(
        points=points,
        plain=shown,
        gap=lambda value: signed(value, places),
        size=size,
        digest=digest,
        sort_of=sort_of,
        level=lambda level, own: str(level_title(level, own)),
        ballot=lambda level, own: str(ballot_title(level, own)),
        px=px,
        unbroken=unbroken,
    )
    return env


def words(message: str, **values: object) -> str:
    """Return a text with its values, and no line break between a figure and its unit."""
    return glue(tr(message, **values))


def glue(text: str) -> str:
    """Join figures and their units, so that no line breaks between them."""
    return FIGURE_AND_UNIT.sub(NBSP, text)


def unbroken(text: object) -> Markup:
    """Return what is shown as markup in which dates and short sums stay on one line."""

    def kept(found: re.Match[str]) -> str:
        run = found.group()
        return f'<span class="ap-one-line">{run}</span>' if len(run) <= ON_A_LINE else run

    return Markup(TOGETHER.sub(kept, str(escape(glue(str(text))))))  # noqa: S704 - escaped before


def fixed(value: Decimal | None, places: int) -> str:
    """Write points with all their decimals, rounded half-up, and a true minus; a dash for none."""
    if value is None:
        return DASH
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:f}".replace("-", MINUS)


def signed(value: Decimal, places: int) -> str:
    """Write a difference with its sign."""
    return ("+" if value > 0 else "") + fixed(value, places)


def shown(value: Decimal | None) -> str:
    """Write a figure without trailing zeros, or a dash."""
    return DASH if value is None else plain(value).replace("-", MINUS)


def span(low: object, high: object) -> str:
    """Write a range with an en dash."""
    return f"{low}" if low == high else f"{low}{EN_DASH}{high}"


def size(value: int) -> str:
    """Write a number of bytes for people."""
    if value < KILO:
        return f"{value}{NBSP}B"
    kilo = Decimal(value) / KILO
    return f"{kilo:.1f}{NBSP}KB" if kilo < KILO else f"{kilo / KILO:.1f}{NBSP}MB"


def digest(value: str) -> str:
    """Shorten a digest for display."""
    return value[:DIGEST]


def px(value: Decimal) -> str:
    """Write a coordinate of a drawing with at most two decimals."""
    return plain(value.quantize(Decimal("0.01")))


def render(env: Environment, name: str, **values: object) -> Markup:
    """Render a template into safe markup."""
    text = marked(env.get_template(name).render(**values))
    return Markup(text)  # noqa: S704 - autoescaped template


def joined(words: Iterable[str | None]) -> str:
    """List the words that there are, in the language in use."""
    return gettext("、").join(filter(None, words))
