"""``make catalogue``: bring the English catalogue up to date with the texts in the source.

Every string with Chinese characters in ``generator/`` is a text for people, save docstrings and
the Chinese of click, whose English is its own; so is whatever ``tr()`` and ``say()`` are given,
where languages may differ in punctuation alone. Templates mark theirs with ``_()``.
"""

from __future__ import annotations

import ast
import datetime
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from generator.text.language import LOCALE_DIR
from tools.house import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "site_templates"
CATALOGUE = LOCALE_DIR / "en" / "LC_MESSAGES" / "messages.po"
HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
#: The catalogue carries no clock: the same texts give the same bytes.
EPOCH = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
#: What click says by itself, in Chinese.
OF_CLICK = ROOT / "generator" / "cli" / "line" / "words.py"
SPEAKING = frozenset({"tr", "say"})
#: What a module has that holds any text: Chinese, a character by its number, or a call with one.
TOLD = re.compile(rf"{HAN.pattern}|\\[uUN]|\b(?:{'|'.join(SPEAKING)})\b")


def unspoken(call: ast.Call) -> bool:
    """Whether a call's arguments are patterns or sets of characters, not texts."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in {"compile", "frozenset", "maketrans", "rstrip"}


def python_texts(source: str) -> Iterator[str]:
    """Yield the texts for people in a module."""
    if not TOLD.search(source):
        return
    nodes = list(ast.walk(parsed(source)))
    skipped = set()
    given = set()
    for node in nodes:
        if isinstance(node, ast.Expr):
            skipped.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            skipped |= {id(value) for value in node.values}
        elif isinstance(node, ast.Call) and unspoken(node):
            skipped |= {id(part) for argument in node.args for part in ast.walk(argument)}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPEAKING:
            given |= {id(argument) for argument in node.args}
        elif isinstance(node, ast.Compare):
            skipped |= {id(part) for part in (node.left, *node.comparators)}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
            and (id(node) in given or HAN.search(node.value))
        ):
            yield node.value


def template_texts(source: str) -> Iterator[str]:
    """Yield the texts that a template marks with ``_()``."""
    tree = Environment(autoescape=True).parse(source)
    for _, _, message in extract_from_ast(tree, gettext_functions=("_", "tr")):
        yield from [message] if isinstance(message, str) else filter(None, message or ())


def texts() -> dict[str, set[str]]:
    """Return text → names of the files that hold it."""
    found: dict[str, set[str]] = {}
    for path in sorted({*(ROOT / "generator").rglob("*.py")} - {OF_CLICK}):
        for text in python_texts(path.read_text("utf-8")):
            found.setdefault(text, set()).add(path.relative_to(ROOT).as_posix())
    for path in sorted(TEMPLATES.rglob("*.jinja")) + sorted(TEMPLATES.rglob("theme/**/*.html")):
        for text in template_texts(path.read_text("utf-8")):
            found.setdefault(text, set()).add(path.relative_to(ROOT).as_posix())
    return found


def load() -> Catalog:
    """Return the English catalogue as it is."""
    if not CATALOGUE.exists():
        return Catalog(locale="en", project="branch-appraisal")
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="en")


def main() -> None:
    """Rewrite the catalogue: new texts empty, texts that are gone removed; say what is missing."""
    old = load()
    new = Catalog(locale="en", project="branch-appraisal", fuzzy=False)
    missing = 0
    for text, places in sorted(texts().items(), key=lambda item: (min(item[1]), item[0])):
        known = old.get(text)
        english = known.string if known is not None else ""
        missing += not english
        new.add(text, english, locations=[(place, 1) for place in sorted(places)])
    new.header_comment = "# English texts of branch-appraisal."
    new.creation_date = new.revision_date = EPOCH
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as stream:
        write_po(stream, new, width=0, sort_output=False)
    sys.stdout.write(f"{len(new)} texts, {missing} without English\n")


if __name__ == "__main__":
    main()
