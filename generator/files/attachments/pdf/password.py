"""Whether an encrypted PDF opens without a password, as one does that only limits printing.

The standard handler of ISO 32000-2, 7.6.4, for the empty user password, and nothing more.
"""

from __future__ import annotations

import hashlib
from itertools import cycle
from typing import NamedTuple

PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
#: Rounds of the newest hash; 64 are the least, and far more never happen.
MAX_ROUNDS = 256
ROUNDS = 64
_OLD, _NEW = frozenset({2, 3, 4}), frozenset({5, 6})


class Lock(NamedTuple):
    """What a PDF says of its encryption."""

    revision: int
    key_bits: int
    owner: bytes
    user: bytes
    permissions: int
    #: The first part of the file's ``/ID``.
    identity: bytes
    metadata: bool = True


def opens(lock: Lock) -> bool:
    """Whether the empty password opens it."""
    if lock.revision in _OLD:
        return _opens_old(lock)
    if lock.revision in _NEW and len(lock.user) >= 40:
        hashed = _hash(lock.user[32:40], newest=lock.revision == 6)
        return hashed == lock.user[:32]
    return False


def _opens_old(lock: Lock) -> bool:
    size = 5 if lock.revision == 2 else lock.key_bits // 8
    if not 5 <= size <= 16:
        return False
    start = PAD + lock.owner[:32] + (lock.permissions & 0xFFFFFFFF).to_bytes(4, "little")
    start += lock.identity + (b"" if lock.metadata or lock.revision < 4 else b"\xff" * 4)
    key = _md5(start)
    if lock.revision == 2:
        return rc4(key[:size], PAD) == lock.user[:32]
    for _ in range(50):
        key = _md5(key[:size])
    user = _md5(PAD + lock.identity)
    for number in range(20):
        user = rc4(bytes(byte ^ number for byte in key[:size]), user)
    return user == lock.user[:16]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def rc4(key: bytes, data: bytes) -> bytes:
    """Return data in RC4."""
    state, j = list(range(256)), 0
    for i, byte in zip(range(256), cycle(key), strict=False):
        j = (j + state[i] + byte) & 255
        state[i], state[j] = state[j], state[i]
    found, j = bytearray(), 0
    for number, byte in enumerate(data, start=1):
        i = number & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        found.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(found)


def _hash(salt: bytes, *, newest: bool) -> bytes:
    """Return the hash of the empty password."""
    key = hashlib.sha256(salt).digest()
    if not newest:
        return key
    number, last = 0, 0
    while number < ROUNDS or (last > number - 32 and number < MAX_ROUNDS):
        coded = encrypt(key[:16], key[16:32], key * 64)
        kind = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(coded[:16]) % 3]
        key, last, number = kind(coded).digest(), coded[-1], number + 1
    return key[:32]


def _double(byte: int) -> int:
    return (byte << 1 ^ (0x11B if byte & 0x80 else 0)) & 0xFF


def _substitutes() -> bytes:
    """Return the S-box of AES."""
    found, p, q = bytearray(256), 1, 1
    while True:
        p ^= _double(p)
        for shift in (1, 2, 4):
            q = (q ^ q << shift) & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        turned = q << 8 | q
        found[p] = (q ^ turned >> 7 ^ turned >> 6 ^ turned >> 5 ^ turned >> 4) & 0xFF ^ 0x63
        if p == 1:
            found[0] = 0x63
            return bytes(found)


BOX = _substitutes()
#: What a byte brings into a column, by its row.
_COLUMNS = [
    [_double(s) << 24 | s << 16 | s << 8 | s ^ _double(s) for s in BOX],
    [(s ^ _double(s)) << 24 | _double(s) << 16 | s << 8 | s for s in BOX],
    [s << 24 | (s ^ _double(s)) << 16 | _double(s) << 8 | s for s in BOX],
    [s << 24 | s << 16 | (s ^ _double(s)) << 8 | _double(s) for s in BOX],
]


def _schedule(key: bytes) -> list[int]:
    """Return the 44 words of AES-128."""
    words = [int.from_bytes(key[at : at + 4], "big") for at in range(0, 16, 4)]
    constant = 1
    for number in range(4, 44):
        word = words[-1]
        if number % 4 == 0:
            turned = (word << 8 | word >> 24) & 0xFFFFFFFF
            word = int.from_bytes(turned.to_bytes(4, "big").translate(BOX), "big")
            word ^= constant << 24
            constant = _double(constant)
        words.append(words[number - 4] ^ word)
    return words


def encrypt(key: bytes, vector: bytes, data: bytes) -> bytes:
    """Return data, whole blocks of 16 bytes, in AES-128 with CBC and no padding."""
    words = _schedule(key)
    first, second, third, fourth = _COLUMNS
    state = [int.from_bytes(vector[at : at + 4], "big") for at in range(0, 16, 4)]
    found = bytearray()
    for at in range(0, len(data), 16):
        a, b, c, d = (
            state[n] ^ int.from_bytes(data[at + 4 * n : at + 4 * n + 4], "big") ^ words[n]
            for n in range(4)
        )
        for turn in range(4, 40, 4):
            a, b, c, d = (
                first[w >> 24] ^ second[x >> 16 & 255] ^ third[y >> 8 & 255] ^ fourth[z & 255] ^ k
                for w, x, y, z, k in (
                    (a, b, c, d, words[turn]),
                    (b, c, d, a, words[turn + 1]),
                    (c, d, a, b, words[turn + 2]),
                    (d, a, b, c, words[turn + 3]),
                )
            )
        state = [
            (BOX[w >> 24] << 24 | BOX[x >> 16 & 255] << 16 | BOX[y >> 8 & 255] << 8 | BOX[z & 255])
            ^ k
            for w, x, y, z, k in zip(
                (a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c), words[40:], strict=True
            )
        ]
        found += b"".join(word.to_bytes(4, "big") for word in state)
    return bytes(found)
