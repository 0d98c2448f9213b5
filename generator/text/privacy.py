"""Personal data in a text: found by its form and check digits, and masked wherever it is shown.

An identity number of 18 digits is certain by its check digit, whatever stands between or around its
digits. Everything else is likely: a number of 15 digits whose date is possible, a mobile number, an
e-mail address, and behind their word a bank card, a passport and a WeChat name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


#: Text of the data that may be shown. Only ``masked`` and ``as_written`` make it.
Printable = NewType("Printable", str)
#: No text.
NO_TEXT = Printable("")


class Kind(Enum):
    """What personal data is."""

    IDENTITY = "identity"
    OLD_IDENTITY = "old-identity"
    MOBILE = "mobile"
    EMAIL = "email"
    CARD = "card"
    PASSPORT = "passport"
    WECHAT = "wechat"


@dataclass(frozen=True, slots=True)
class Hit:
    """Personal data in a text, by the indexes where it begins and ends."""

    kind: Kind
    start: int
    end: int


#: Signs that take no room: they part no digits.
_UNSEEN = r"\u00ad\u180e\u200b-\u200f\u2060-\u2064\u202a-\u202e\ufeff"
_BLANK = r" \t\r\n\u00a0\u2000-\u200a\u202f\u3000"
#: What may stand between the digits of one number, and how much of it: an indented next line.
_BETWEEN = rf"[{_BLANK}{_UNSEEN}.‐-―－−·．-]{{0,24}}"
#: Eleven digits or more, whatever lies between.
_RUN = re.compile(rf"(?:\d{_BETWEEN}){{10,}}\d(?:{_BETWEEN}[xXｘＸ](?![0-9A-Za-z]))?")
#: A fraction of which no number is made: cells of sheets are full of these.
_SMALL = re.compile(r"0\.[0-9]{10,17}")
_DIGITS = re.compile(rf"(?:\d{_BETWEEN}){{10}}\d")
#: Signs of a text that is looked at sign by sign.
SHORT_TEXT = 160
#: The least digits of a number on one line, and of one that a line parts.
_ON_LINE, _OVER_LINES = b"0" * 11, b"0" * 17
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_WIDE_BETWEEN = re.compile(rf"[\u00a0\u2000-\u200a\u202f\u3000{_UNSEEN}‐-―－−·．]")
#: All digits alike, all else a blank; and signs of ASCII that may stand between digits. What is
#: not of ASCII is a question mark there, which stays where none of these signs parts digits.
_SIGNS = bytes(ord("0") if 48 <= sign < 58 else 32 for sign in range(256))
_LEFT_OUT = b" \t\r.-"
_GROUP = re.compile(rf"\d(?:[{_UNSEEN}]*\d)*(?:[{_UNSEEN}]*[xXｘＸ])?|[xXｘＸ]")
#: One sign, or the end of a line with the next one's indentation.
_PARTED = re.compile(rf"[{_UNSEEN}]*(?:[{_BLANK}.‐-―－−·．-]|[{_BLANK}]*\n[{_BLANK}]*)[{_UNSEEN}]*")
#: Digests and the like are digits too.
_DIGEST = re.compile(r"[0-9A-Fa-f]{28,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}[@＠](?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}[A-Za-z]{2,24}"
)
#: What stands before the host of an address is no mailbox.
_BEFORE_HOST = re.compile(r"//[^\s/@]*\Z")
_PASSPORT = re.compile(
    r"护\s{0,4}照[^A-Za-z\n]{0,12}([A-Za-zＡ-Ｚａ-ｚ][A-Za-z]?[0-9０-９]{7,8})(?![0-9A-Za-z])"
)
_WECHAT = re.compile(
    r"微\s{0,2}信(?:号码|帐号|账号|号|ID|id)?\s{0,2}[:：为是]\s{0,2}([A-Za-z][-_A-Za-z0-9]{5,19})(?![-_A-Za-z0-9@])"
)
#: Words near which a long number is one of a bank card, and how far they may be before it.
_CARD_WORD = re.compile(r"卡\s?号|银行卡|储蓄卡|信用卡|[账帐]\s?[号户]|开户")
_NEAR = 24
#: How numbers of cards begin: the issuers that are met here.
_ISSUER = re.compile(r"62|4\d|5[1-5]|3[4-7]|35|60|9558|81|2[2-7]")
#: The first two digits of the place in an identity number.
_PLACES = frozenset(
    f"{place}"
    for areas in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55))
    for place in areas
) | {"61", "62", "63", "64", "65", "71", "81", "82", "83"}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_POINT, _FRACTION = re.compile("[.．]"), re.compile(r"[.．]\d")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")
LONG, OLD = 18, 15
#: How the digits of a mobile number stand together, without the country's before them.
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (5, 6), (4, 3, 4)})
_COUNTRY = frozenset({"86", "0086"})
#: So many groups an identity number is parted into, where they are not all as long.
_PARTS = 4
_CARD_LENGTHS = range(16, 20)
#: How many digits a number has of which something can be told.
_LENGTHS = frozenset({11, 13, OLD, *_CARD_LENGTHS})
_FIRST_YEAR, _LAST_YEAR = 1880, 2079
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: Keys and headings under which people's names stand.
NAMES = frozenset({"姓名", "名字", "name"})
#: So many signs are shown at either end of a number that has at least so many.
SHOWN, WHOLE = 4, 11
DOT = "·"


def may_hold(text: str) -> bool:
    """Whether a text may hold personal data at all: nearly none does, and this is quick."""
    return "@" in text or "＠" in text or "微" in text or "护" in text or may_number(text)


def may_number(text: str) -> bool:
    """Whether a text may hold a number: so many digits with nothing but what may part them.

    It looks at no sign of a long text by itself: tables of figures are long.
    """
    if len(text) < SHORT_TEXT:
        return len(text) >= WHOLE and _DIGITS.search(text) is not None
    left_out = _LEFT_OUT
    if not text.isascii():
        if _OTHER_DIGIT.search(text):
            return True
        left_out += b"?" if _WIDE_BETWEEN.search(text) else b""
    signs = text.encode("ascii", "replace")
    if _ON_LINE in signs.translate(_SIGNS, left_out):
        return True
    return _OVER_LINES in signs.translate(_SIGNS, left_out + b"\n")


def hits_of(text: str) -> list[Hit]:
    """Return the personal data of a text in its order; none overlaps another."""
    found: list[Hit] = []
    if may_number(text):
        for run in _RUN.finditer(text):
            found += _numbers(text, run) if not _SMALL.fullmatch(run.group()) else ()
    if found:
        digests = [match.span() for match in _DIGEST.finditer(text)]
        found = [hit for hit in found if not _within(hit, digests)]
    if "护" in text:
        found += [Hit(Kind.PASSPORT, *match.span(1)) for match in _PASSPORT.finditer(text)]
    if "微" in text:
        found += [Hit(Kind.WECHAT, *match.span(1)) for match in _WECHAT.finditer(text)]
    if "@" in text or "＠" in text:
        found += [
            Hit(Kind.EMAIL, *match.span())
            for match in _EMAIL.finditer(text)
            if not _BEFORE_HOST.search(text, max(0, match.start() - _NEAR), match.start())
        ]
    return _apart(found) if found else found


def masked(text: str) -> Printable:
    """Return a text whose personal data shows the first and last four signs alone."""
    hits = hits_of(text)
    if not hits:
        return Printable(text)
    pieces, end = [], 0
    for hit in hits:
        pieces += [text[end : hit.start], mask(text[hit.start : hit.end])]
        end = hit.end
    return Printable("".join([*pieces, text[end:]]))


def as_written(text: str) -> Printable:
    """Return a text that is there to be read by all, whatever is in it.

    That is the committee's own contact, the seed of a lot, and what passed the gate before.
    """
    return Printable(text)


def mask(number: str) -> str:
    """Return personal data with dots for all but the first and last four of its signs.

    Of less than eleven signs a fourth is shown at either end; of less than four only the first.
    """
    signs = [char for char in number if char.isprintable() and not char.isspace()]
    if len(signs) < SHOWN:
        return "".join([*signs[:1], DOT * (len(signs) - 1)])
    shown = SHOWN if len(signs) >= WHOLE else max(1, len(signs) // 4)
    dots = DOT * (len(signs) - 2 * shown)
    return "".join([*signs[:shown], dots, *signs[len(signs) - shown :]])


def is_identity(digits: str) -> bool:
    """Whether 18 signs are an identity number: place, date and check digit (GB 11643)."""
    if not (digits[:2] in _PLACES and is_day(digits[6:10], digits[10:12], digits[12:14])):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[-1].upper()


def is_day(year: str, month: str, day: str) -> bool:
    """Whether digits are a day on which somebody may have been born."""
    return (
        _FIRST_YEAR <= int(year) <= _LAST_YEAR
        and 1 <= int(month) <= len(_DAYS)
        and 1 <= int(day) <= _DAYS[int(month) - 1]
    )


def is_luhn(digits: str) -> bool:
    """Whether the check digit of a card's number is right (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that stand together, as plain ones, and where."""

    digits: str
    start: int
    end: int


def _numbers(text: str, run: re.Match[str]) -> Iterator[Hit]:
    """Yield the numbers in a run of groups: each begins with a group and ends with one."""
    plain = str.upper if run.group().isascii() else _plain
    groups = [
        _Group(plain(match.group()), run.start() + match.start(), run.start() + match.end())
        for match in _GROUP.finditer(run.group())
    ]
    first = 0
    while first < len(groups):
        taken, kind = _longest(text, groups[first : first + _CARD_LENGTHS[-1]])
        if kind is not None:
            yield Hit(kind, groups[first].start, groups[first + taken - 1].end)
        first += taken


def _longest(text: str, groups: list[_Group]) -> tuple[int, Kind | None]:
    """Return what the first of these groups begin, and how many these are; one that begins nothing.

    An identity number goes before what else the same digits may be.
    """
    found: tuple[int, Kind | None] = (1, None)
    digits = ""
    for number, group in enumerate(groups, start=1):
        if number > 1 and not _PARTED.fullmatch(text[groups[number - 2].end : group.start]):
            break
        digits += group.digits
        if len(digits) > _CARD_LENGTHS[-1]:
            break
        if len(digits) not in _LENGTHS:
            continue
        kind = _kind(text, digits, groups[:number])
        if kind is Kind.IDENTITY:
            return number, kind
        if kind is not None and found[1] is None:
            found = (number, kind)
    return found


def _kind(text: str, digits: str, groups: list[_Group]) -> Kind | None:
    """Return what the digits of these groups are."""
    lengths = tuple(len(group.digits) for group in groups)
    start, end = groups[0].start, groups[-1].end
    parted = text.count("\n", start, end)
    if len(digits) == LONG and digits[:-1].isdecimal() and is_identity(digits):
        alike = len(set(lengths[:-1])) == 1
        return Kind.IDENTITY if parted <= 1 and (len(groups) <= _PARTS or alike) else None
    if parted or not digits.isdecimal() or _FRACTION.match(text, end):
        return None
    if len(digits) in _CARD_LENGTHS:
        before = text[max(0, start - _NEAR) : start]
        sure = _CARD_WORD.search(before) and _ISSUER.match(digits) and is_luhn(digits)
        return Kind.CARD if sure else None
    if start and _POINT.match(text, start - 1):
        return None
    if lengths == (OLD,) and digits[:2] in _PLACES:
        possible = is_day(f"19{digits[6:8]}", digits[8:10], digits[10:12])
        return Kind.OLD_IDENTITY if possible else None
    own = lengths[1:] if digits[: lengths[0]] in _COUNTRY else lengths
    if own == lengths and len(groups) == 1:
        own = (len(digits) if digits[0] == "1" else 11,)
    return Kind.MOBILE if own in _MOBILE_GROUPS and _MOBILE.fullmatch(digits) else None


def _plain(signs: str) -> str:
    """Return digits of any width as plain ones, without what takes no room."""
    return "".join(
        f"{unicodedata.digit(char)}" if char.isdecimal() else "X" if char in "xXｘＸ" else ""
        for char in signs
    )


def _within(hit: Hit, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a hit lies inside of one of these spans, with more on a side of it."""
    return any(
        start <= hit.start and hit.end <= end and hit.end - hit.start < end - start
        for start, end in spans
    )


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits in the order of the text; of two that overlap the one that begins first."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
