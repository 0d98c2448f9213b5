"""What a value was meant to be: dates, numbers, yes and no as people write them, put in form.

Nothing is guessed: what could be read in two ways, or would have to be rounded, gives nothing.
"""

from __future__ import annotations

import re
import unicodedata

from generator.text.unknown import QUOTES

#: What may stand behind a count, or a figure of points.
_UNITS = re.compile("人名位次项份个天篇场票张期岁").pattern
_NUMBER = re.compile(rf"([0-9][0-9,]*(?:\.[0-9]+)?) ?[{_UNITS}分]?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_HAN = re.compile(rf"([一二两三四五六七八九]?)(十?)([一二三四五六七八九]?) ?[{_UNITS}分]?")
_DIGITS = re.compile("零一二三四五六七八九").pattern
_DAY = re.compile(
    r"([0-9]{4}) ?[年./\-‐-―_·] ?([0-9]{1,2}) ?[月./\-‐-―_·] ?([0-9]{1,2}) ?[日号]?"
    r"(?:[ T](?:[上下]午)?[0-9]{1,2}:[0-9]{2}.*|\(?(?:周|星期)[一二三四五六日天]\)?)?"
)
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
YES = frozenset(
    {"是", "有", "对", "真", "已建立", "已建", "已设立", "同意", "认可",
     "yes", "y", "on", "true", "t", "√", "✓", "✔"}
)  # fmt: skip
NO = frozenset(
    {"否", "无", "没有", "不是", "假", "未建立", "未建", "未设立", "不同意", "不认可",
     "no", "n", "off", "false", "f", "×", "✗", "✘"}
)  # fmt: skip
_WIDTHS = str.maketrans("｛｝［］【】", "{}[][]")
_PARTS = str.maketrans({"：": ": ", "，": ", ", "、": ", ", "；": ", "})


def plain(text: str) -> str:
    """Return a text in half width, without quotes and white space around it."""
    return unicodedata.normalize("NFKC", unquoted(text)).strip()


def unquoted(text: str) -> str:
    """Return a text without the quotes and the white space around it."""
    return text.strip().strip(QUOTES).strip()


def as_number(text: str) -> str:
    """Return a figure that has a unit, full-width digits or thousands; or nothing."""
    written = plain(text).rstrip("。.,;、 ")
    match = _NUMBER.fullmatch(written)
    if match is None:
        return from_han(written)
    figure = match[1]
    if "," in figure:
        figure = figure.replace(",", "") if _THOUSANDS.fullmatch(figure) else ""
    whole, point, rest = figure.partition(".")
    return f"{whole.lstrip('0') or '0'}{point}{rest}" if figure else ""


def from_han(text: str) -> str:
    """Return a number from 1 to 99 that is written in Chinese; or nothing."""
    match = _HAN.fullmatch(text)
    if match is None or not any(match.groups()):
        return ""
    first, ten, last = match.groups()
    if bool(first) and bool(last) and not ten:
        return ""
    tens = (digit(first) if first else 1) if ten else 0
    ones = last if ten else first or last
    return str(10 * tens + (digit(ones) if ones else 0))


def digit(written: str) -> int:
    """Return a Chinese digit as a number; that of pairs is 2."""
    return _DIGITS.index(written) if written in _DIGITS else 2


def as_day(text: str) -> str:
    """Return a day as yyyy-mm-dd, whether or not there is such a day; or nothing."""
    written = " ".join(plain(text).split())
    match = _EIGHT.fullmatch(written) or _DAY.fullmatch(written)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def as_boolean(text: str) -> str:
    """Return ``true`` or ``false`` for yes or no; or nothing."""
    written = plain(text).rstrip("。").casefold()
    return "true" if written in YES else "false" if written in NO else ""


def in_half_width(text: str) -> str:
    """Return braces or brackets in half width, with what parts their entries; or nothing."""
    written = text.strip().translate(_WIDTHS)
    closing = {"{": "}", "[": "]"}.get(written[:1])
    if closing is None or not written.endswith(closing):
        return ""
    inner = written[1:-1].translate(_PARTS)
    entries = (" ".join(unquoted(part).split()) for part in inner.split(","))
    return f"{written[0]}{', '.join(filter(None, entries))}{closing}"
