"""Templates of generated pages: autoescape everywhere, undefined names are faults."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from generator.i18n import gettext, heading, tr
from generator.methods.base import plain
from generator.site.compiling import PlainCode, Words
from generator.site.foreign import marked

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


class PageEnvironment(Environment):
    """Compiles templates into plain code."""

    code_generator_class = PlainCode


def environment(templates: Path, places: int) -> Environment:
    """Return the environment of the templates in ``templates``/templates."""
    env = PageEnvironment(
        loader=FileSystemLoader(templates / "templates"),
        extensions=[Words],
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def points(value: Decimal | None) -> str:
        return fixed(value, places)

    env.globals.update(_=gettext, tr=words, heading=heading, span=span)
    env.filters.update(
        points=points,
        plain=shown,
        gap=lambda value: signed(value, places),
        size=size,
        digest=digest,
        px=px,
    )
    return env


def words(message: str, **values: object) -> str:
    """Return a text with its values, and no line break between a figure and its unit."""
    return glue(tr(message, **values))


def glue(text: str) -> str:
    """Join figures and their units, so that no line breaks between them."""
    return FIGURE_AND_UNIT.sub(NBSP, text)


def fixed(value: Decimal | None, places: int) -> str:
    """Write points with all their decimals and a true minus; a dash where there are none."""
    return DASH if value is None else f"{value:.{places}f}".replace("-", MINUS)


def signed(value: Decimal, places: int) -> str:
    """Write a difference with its sign."""
    return ("+" if value > 0 else "") + fixed(value, places)


def shown(value: Decimal | None) -> str:
    """Write a figure without trailing zeros; a dash where there is none."""
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


def render(env: Environment, name: str, **values: Any) -> Markup:
    """Render a template into safe markup."""
    text = marked(env.get_template(name).render(**values))
    return Markup(text)  # noqa: S704 - autoescaped template


def joined(words: Iterable[str]) -> str:
    """List words in the language in use."""
    return gettext("、").join(words)
