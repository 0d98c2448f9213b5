"""Templates of generated pages: autoescape everywhere, undefined names are faults."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from generator.i18n import gettext
from generator.methods.base import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MINUS = "\u2212"
DASH = "\u2014"
EN_DASH = "\u2013"
NBSP = "\u00a0"
KILO = 1000
DIGEST = 12
HUNDREDTH = Decimal("0.01")


def environment(templates: Path, places: int) -> Environment:
    """Return the environment of the templates in ``templates``/generated."""
    env = Environment(
        loader=FileSystemLoader(templates / "generated"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def points(value: Decimal | None) -> str:
        return fixed(value, places)

    env.globals.update(_=translated, span=span, glue=glue)
    env.filters.update(
        points=points, plain=shown, size=size, digest=digest, pct=percent, listed=joined
    )
    return env


def translated(msgid: str, /, **values: object) -> str:
    """Return a text of a template in the language in use, its ``{named}`` places filled.

    It stays plain text, so that autoescape escapes it with all that was filled in.
    """
    text = gettext(msgid)
    return text.format(**values) if values else text


def fixed(value: Decimal | None, places: int) -> str:
    """Write points with all their decimals and a true minus; a dash where there are none."""
    if value is None:
        return DASH
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:f}".replace("-", MINUS)


def shown(value: Decimal | None) -> str:
    """Write a figure without trailing zeros; a dash where there is none."""
    return DASH if value is None else plain(value).replace("-", MINUS)


def span(low: object, high: object) -> str:
    """Write a range with an en dash; one figure where both ends are the same."""
    return f"{low}" if low == high else f"{low}{EN_DASH}{high}"


def glue(*words: object) -> str:
    """Join a figure and its unit so that no line breaks between them."""
    return NBSP.join(str(word) for word in words)


def size(value: int) -> str:
    """Write a number of bytes for people."""
    if value < KILO:
        return f"{value}{NBSP}B"
    kilo = Decimal(value) / KILO
    return f"{kilo:.1f}{NBSP}KB" if kilo < KILO else f"{kilo / KILO:.1f}{NBSP}MB"


def digest(value: str) -> str:
    """Shorten a digest for display."""
    return value.removeprefix("sha256:")[:DIGEST]


def percent(value: Decimal) -> str:
    """Write a coordinate of a drawing."""
    return plain(value.quantize(HUNDREDTH)) + "%"


def render(env: Environment, name: str, **values: Any) -> Markup:
    """Render a template into safe markup."""
    return Markup(env.get_template(name).render(**values))  # noqa: S704 - autoescaped template


def joined(words: Iterable[str]) -> str:
    """List words in the language in use."""
    return gettext("、").join(words)
