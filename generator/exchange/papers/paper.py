"""A paper: a Word template, filled with facts of the results alone.

Templates lie in ``site_templates/office/`` of the repository, or else in the program's own. They
are filled in a sandbox: a template can show what it is handed, and do nothing else. The same facts
give the same bytes.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

# Any: what templates are handed, by names.
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from generator.reports.book import PUBLISHED, published_digest, undated
from generator.reports.findings import safe
from generator.text.days import read_day
from generator.text.language import gettext, language, mark, tr
from generator.text.messages import Message, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from generator.results.model import Results

#: Where nothing is known.
DASH = "\N{EM DASH}"
OFFICE = Path("site_templates") / "office"
PROGRAM = Path(__file__).resolve().parents[3]
DRAFT = mark("草稿（未定稿，不得印发）")
NO_WORD_FILE = mark("{file} 不是 Word 的 docx 文件：请用 Word 另存一次")
UNFIT = mark("模板 {file} 里有填不了的地方：{why}")
#: What a sentence ends in.
STOP = re.compile(r"[.\u3002]+$")


class TemplateError(Exception):
    """A template cannot be filled: says which and why."""

    def __init__(self, words: Message) -> None:
        """Keep why."""
        super().__init__(words)
        self.words = words


def template_of(root: Path, name: str) -> Path:
    """Return a template of the repository in the language in use, or else the program's own."""
    lang = "" if language() == PUBLISHED else f".{language()}"
    own = root / OFFICE / f"{name}{lang}.docx"
    return own if own.is_file() else PROGRAM / OFFICE / f"{name}{lang}.docx"


def filled(template: Path, facts: Mapping[str, Any]) -> bytes:
    """Return a template with facts in its places; raises TemplateError."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 - half a second that no other command waits for
    from jinja2 import StrictUndefined  # noqa: PLC0415 - likewise
    from jinja2.exceptions import TemplateError as Unfit  # noqa: PLC0415 - likewise
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - likewise

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(template)
        document.render(readable(facts), environment, autoescape=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise TemplateError(say(NO_WORD_FILE, file=template.name)) from error
    except Unfit as error:
        why = f"{error.message}"
        raise TemplateError(say(UNFIT, file=template.name, why=why)) from error
    stream = io.BytesIO()
    document.save(stream)
    return undated(stream.getvalue())


def readable(value: Any) -> Any:
    """Return facts with every text free of signs that nobody sees."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, dict):
        return {key: readable(own) for key, own in value.items()}
    return [readable(own) for own in value] if isinstance(value, list | tuple) else value


def common(results: Results, *, draft: bool) -> dict[str, Any]:
    """Return what every paper is handed: year, issuer, day, and how it can be checked."""
    decision = results.decision
    return {
        "year": results.year,
        "issuer": decision.get("issued_by") or gettext("（印发单位）"),
        "number": decision.get("notice") or gettext("（发文字号）"),
        "addressees": decision.get("addressees") or gettext("各党支部"),
        "copies": decision.get("copies") or gettext("（抄送单位）"),
        "day": day_words(decision.get("decided", "")) or gettext("　　年　　月　　日"),
        "mark": gettext(DRAFT) if draft else "",
        "commit": (results.source.commit or DASH)[:12],
        "digest": published_digest(results),
    }


def unended(text: str) -> str:
    """Return a text without its full stop: the sentence goes on."""
    return STOP.sub("", text.rstrip())


def day_words(day: str) -> str:
    """Return a day as official papers write it, without leading zeros; nothing for no day."""
    found = read_day(day)
    if found is None:
        return ""
    return tr("{year}年{month}月{day}日", year=found.year, month=found.month, day=found.day)


def figure(value: Decimal | None, places: int) -> str:
    """Return points with all of their places, as papers write them; a dash where there are none."""
    return DASH if value is None else f"{value:.{places}f}"
