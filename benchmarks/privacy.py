"""``python -m benchmarks.privacy``: what of planted numbers is found, and what is taken for one.

Made numbers are drawn by a seed in every form that people write them in; so are texts that only
look like them. The counts are the same wherever they are made; the speed is that of the machine.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import random
import sys
import time
import uuid
from typing import TYPE_CHECKING

from generator.text.privacy import Kind, hits_of, is_identity

if TYPE_CHECKING:
    from collections.abc import Callable

WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
NOON = datetime.datetime(2018, 1, 1, 12, tzinfo=datetime.UTC)
FORMS, HARMLESS_TEXTS = 2_000, 200_000
MEGABYTE = 1_000_000
#: Texts of which the speed is told: of people, of a table, of columns of numbers.
PROSE = "2025年3月12日在会议室开展主题党日，应到党员21人，实到20人，请假1人。" * 20_000
TABLE = "m01,present\nm02,leave\n" * 50_000
COLUMNS = "1234567, 89, 2025-01-02, 12.50\n" * 20_000


def identity(rng: random.Random) -> str:
    """Return a number that nobody has, with a place, a day and the right check digit."""
    place = rng.choice(["11", "50", "37", "44", "65", "81"])
    head = (
        f"{place}{rng.randrange(10_000):04}{rng.randrange(1930, 2010)}{rng.randrange(1, 13):02}"
        f"{rng.randrange(1, 29):02}{rng.randrange(1000):03}"
    )
    return head + next(digit for digit in "0123456789X" if is_identity(head + digit))


def mobile(rng: random.Random) -> str:
    """Return a mobile number."""
    return f"1{rng.randrange(3, 10)}{rng.randrange(10**9):09}"


IDENTITY_FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda n: n,
    "lower x": str.lower,
    "full width": lambda n: n.translate(WIDE),
    "spaces": lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    "wide spaces": lambda n: f"{n[:6]}\u3000{n[6:14]}\u3000{n[14:]}",
    "hyphens": lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
    "wide hyphens": lambda n: f"{n[:6]}－{n[6:14]}－{n[14:]}",
    "each apart": " ".join,
    "without width": "\u200b".join,
    "a line inside": lambda n: f"{n[:9]}\n{n[9:]}",
    "an indented line inside": lambda n: f"{n[:12]}\r\n    {n[12:]}",
    "glued to letters": lambda n: f"abc{n}号",
    "behind another number": lambda n: f"13812345678 {n}",
}
MOBILE_FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda n: n,
    "3-4-4": lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}",
    "3 4 4": lambda n: f"{n[:3]} {n[3:7]} {n[7:]}",
    "+86": lambda n: f"+86{n}",
    "+86 and a space": lambda n: f"+86 {n[:3]} {n[3:7]} {n[7:]}",
    "0086": lambda n: f"0086{n}",
    "86-": lambda n: f"86-{n}",
    "full width": lambda n: n.translate(WIDE),
}
HARMLESS: dict[str, Callable[[random.Random], str]] = {
    "sha-256": lambda r: hashlib.sha256(f"{r.random()}".encode()).hexdigest(),
    "git id": lambda r: f"{r.getrandbits(160):040x}",
    "uuid": lambda r: f"{uuid.UUID(int=r.getrandbits(128))}",
    "time": lambda r: f"{NOON + datetime.timedelta(seconds=r.randrange(3 * 10**8)):%Y%m%d%H%M%S}",
    "milliseconds": lambda r: f"{r.randrange(15 * 10**11, 19 * 10**11)}",
    "IMG": lambda r: f"IMG_2025{r.randrange(101, 1229):04}_{r.randrange(10**6):06}.jpg",
    "mmexport": lambda r: f"mmexport{r.randrange(15 * 10**11, 19 * 10**11)}.jpg",
    "document": lambda r: f"渝科协发〔20{r.randrange(10, 27)}〕{r.randrange(1, 300)}号",
    "decimal": lambda r: f"{r.random() * 1000:.12f}",
    "organisation": lambda r: f"91500{r.randrange(1000):03}"
    + "".join(r.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(10)),
    "days": lambda r: "\n".join(
        f"{NOON + datetime.timedelta(days=r.randrange(3000)):%Y-%m-%d}" for _ in range(5)
    ),
    "telephone": lambda r: f"023-{r.randrange(6 * 10**7, 7 * 10**7)}",
    "amount": lambda r: f"{r.randrange(10**11)}.{r.randrange(100):02} 元",
}  # fmt: skip


def found(kind: Kind, form: Callable[[str], str], make: Callable[[random.Random], str]) -> int:
    """Return how many of the planted numbers of one form are found."""
    rng = random.Random(1)
    texts = (f"联系：{form(make(rng))}。" for _ in range(FORMS))
    return sum(any(hit.kind is kind for hit in hits_of(text)) for text in texts)


def mistaken(make: Callable[[random.Random], str], count: int) -> int:
    """Return how many harmless texts are taken for personal data."""
    rng = random.Random(2)
    return sum(bool(hits_of(make(rng))) for _ in range(count))


def speed(text: str) -> float:
    """Return the megabytes of a text that are looked through in a second."""
    begun = time.perf_counter()
    hits_of(text)
    return len(text.encode()) / MEGABYTE / (time.perf_counter() - begun)


def report(count: int) -> list[str]:
    """Return the lines of the three tables; ``count`` harmless texts are made of a class."""
    lines = [f"found, of {FORMS} planted a form"]
    for kind, forms, make in (
        (Kind.IDENTITY, IDENTITY_FORMS, identity),
        (Kind.MOBILE, MOBILE_FORMS, mobile),
    ):
        lines += [
            f"  {kind.value:9} {name:24} {found(kind, form, make):6}"
            for name, form in forms.items()
        ]
    lines.append(f"false alarms, of {count} a class")
    lines += [f"  {name:34} {mistaken(make, count):6}" for name, make in HARMLESS.items()]
    lines.append("megabytes a second")
    read = {"prose": PROSE, "table": TABLE, "columns of numbers": COLUMNS}
    return [*lines, *(f"  {name:34} {speed(text):6.0f}" for name, text in read.items())]


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=HARMLESS_TEXTS, help="harmless texts a class")
    sys.stdout.write("\n".join([*report(parser.parse_args().count), ""]))


if __name__ == "__main__":
    main()
