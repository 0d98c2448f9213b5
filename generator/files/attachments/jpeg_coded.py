"""Whether a JPEG without its end marker holds all that it should: its codes are counted.

No coefficient is computed: a code says how many bits follow it and how far it leads on in its
block. Arithmetic coding is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    #: By 16 bits: the bits that a code and its value take, times 256, and its steps in the block.
    Codes = list[int]
    #: What one unit of a scan is made of: the codes of a block's first value, and of the others.
    Plan = list[tuple[Codes, Codes]]

#: Frame headers; C4, C8 and CC are tables and a reserved marker.
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
SCAN = 0xDA
_TABLES, _RESTARTS, _PROGRESSIVE = 0xC4, 0xDD, 0xC2
_SEQUENTIAL = frozenset({0xC0, 0xC1})
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
#: Codes that are counted; what is longer is told by how much of it they took.
MAX_CODES = 1_000_000
#: The share of a longer picture that must be there by that measure.
ENOUGH = 0.75
BLOCK = 64
WINDOW = 16
#: No code with its value has more bits.
LONGEST = 32
#: The largest sampling factor, and the most blocks of one unit.
MAX_FACTOR, MAX_BLOCKS = 4, 10


class Segment(NamedTuple):
    """A marker with the bytes that belong to it, coded data included."""

    marker: int
    start: int
    end: int


class Component(NamedTuple):
    """One colour of a frame: sampling factors across and down."""

    across: int
    down: int


def is_whole(data: bytes, segments: list[Segment], height: int) -> bool:
    """Whether all of a picture is there. Raises IndexError where a segment ends too early."""
    reader = _Reader(data, height)
    for segment in segments:
        reader.take(segment)
    return reader.whole()


class _Reader:
    """What is known of a picture after each segment."""

    def __init__(self, data: bytes, height: int) -> None:
        self.data = data
        self.frame, self.width, self.height, self.interval = 0, 0, height, 0
        self.components: dict[int, Component] = {}
        self.codes: dict[int, tuple[bytes, bytes]] = {}
        #: Of each component and coefficient, the lowest bit that a scan has brought.
        self.left: dict[int, list[int | None]] = {}
        self.last: Segment | None = None

    def take(self, segment: Segment) -> None:
        """Take the next segment."""
        body = self.data[segment.start + 2 : segment.end]
        if segment.marker in FRAMES:
            self.frame = segment.marker
            self.width = int.from_bytes(body[3:5], "big")
            for at in range(6, 6 + 3 * body[5], 3):
                factors = body[at + 1]
                self.components[body[at]] = Component(factors >> 4, factors & 15)
                self.left[body[at]] = [None] * BLOCK
        elif segment.marker == _TABLES:
            self.codes.update(_tables(body))
        elif segment.marker == _RESTARTS:
            self.interval = int.from_bytes(body[:2], "big")
        elif segment.marker == SCAN:
            self._scan(segment, body)

    def _scan(self, segment: Segment, body: bytes) -> None:
        self.last = segment
        after = 1 + 2 * body[0]
        first, last, low = body[after], body[after + 1], body[after + 2] & 15
        for at in range(1, after, 2):
            lowest = self.left.get(body[at])
            if lowest is not None:
                span = range(first, min(last, BLOCK - 1) + 1)
                lowest[first : last + 1] = [low for _ in span]

    def whole(self) -> bool:
        """Whether nothing of the picture is missing."""
        if self.last is None or any(lowest != [0] * BLOCK for lowest in self.left.values()):
            return False
        if self.frame == _PROGRESSIVE:
            # Every scan has begun: what may lack is detail of the last, nothing of the picture.
            return True
        return self.frame in _SEQUENTIAL and self._last_scan(self.last)

    def _last_scan(self, scan: Segment) -> bool:
        """Whether the last scan goes to the end of the picture."""
        length = int.from_bytes(self.data[scan.start : scan.start + 2], "big")
        head = self.data[scan.start + 2 : scan.start + length]
        coded = self.data[scan.start + length : scan.end]
        chosen = [(head[at], head[at + 1]) for at in range(1, 1 + 2 * head[0], 2)]
        units = self._units([name for name, _ in chosen])
        plan = self._plan(chosen)
        if not plan or not units:
            return False
        if not self.interval:
            return _holds(coded, plan, units)
        parts = _RESTART.split(coded)
        last = (units - 1) // self.interval
        return len(parts) > last and _holds(parts[last], plan, units - last * self.interval)

    def _units(self, names: list[int]) -> int:
        """Return the number of units of a scan of these components."""
        if not self.components:
            return 0
        across = max(component.across for component in self.components.values())
        down = max(component.down for component in self.components.values())
        if not across or not down:
            return 0
        if len(names) > 1:
            return _parts(self.width, 8 * across) * _parts(self.height, 8 * down)
        own = self.components.get(names[0], Component(0, 0))
        columns = _parts(_parts(self.width * own.across, across), 8)
        return columns * _parts(_parts(self.height * own.down, down), 8)

    def _plan(self, chosen: list[tuple[int, int]]) -> Plan:
        """Return the blocks of one unit, none where a table is missing."""
        plan: Plan = []
        for name, tables in chosen:
            component = self.components.get(name, Component(0, 0))
            first, others = self.codes.get(tables >> 4), self.codes.get(0x10 | tables & 15)
            if not first or not others or len(plan) > MAX_BLOCKS or max(component) > MAX_FACTOR:
                return []
            blocks = component.across * component.down if len(chosen) > 1 else 1
            plan += [(_codes(*first, first=True), _codes(*others, first=False))] * blocks
        return plan


def _parts(length: int, part: int) -> int:
    """Return how many parts cover a length."""
    return (length + part - 1) // part


def _tables(body: bytes) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    """Yield the tables of one segment: class and number; how many codes are how long; values."""
    at = 0
    while at + 17 <= len(body):
        name, lengths = body[at], body[at + 1 : at + 17]
        values = body[at + 17 : at + 17 + sum(lengths)]
        yield name, (lengths, values)
        at += 17 + sum(lengths)


def _codes(lengths: bytes, values: bytes, *, first: bool) -> Codes:
    """Return what each 16 bits begin with; zero where they begin with no code."""
    found: Codes = []
    numbers = iter(values)
    for bits, count in enumerate(lengths, start=1):
        for _, value in zip(range(count), numbers, strict=False):
            size = value & 15
            steps = 1 if first else (value >> 4) + 1
            if not first and not size and steps < WINDOW:
                steps = BLOCK
            found += [bits + size << 8 | steps] * (1 << WINDOW - bits)
            if len(found) > 1 << WINDOW:
                return []
    return found + [0] * ((1 << WINDOW) - len(found))


def _holds(coded: bytes, plan: Plan, units: int) -> bool:
    """Whether coded data hold so many units, or as good as do by their first MAX_CODES."""
    plain = coded.replace(b"\xff\x00", b"\xff")
    done, bits = _count(plain, plan, units)
    if done is None:
        return False
    if bits > 8 * len(plain):
        return False
    return done == units or done * 8 * len(plain) >= ENOUGH * units * bits


def _count(plain: bytes, plan: Plan, units: int) -> tuple[int | None, int]:
    """Count units: how many there are, None where a code is none, and the bits that they take."""
    acc, left, at, codes = 0, 0, 0, 0
    padded = plain + bytes(2 * LONGEST)
    for done in range(units):
        if codes > MAX_CODES or at > len(plain) + LONGEST:
            return done, 8 * at - left
        for pair in plan:
            place, table = 0, pair[0]
            while place < BLOCK:
                if left < LONGEST:
                    acc = (acc & (1 << left) - 1) << 64 | int.from_bytes(padded[at : at + 8], "big")
                    left, at = left + 64, at + 8
                found = table[acc >> left - WINDOW & 0xFFFF]
                if not found:
                    return (None, 0)
                left -= found >> 8
                place += found & 0xFF
                codes += 1
                table = pair[1]
    return units, 8 * at - left
