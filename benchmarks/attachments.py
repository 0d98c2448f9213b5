"""Attachments of a few hundred bytes, sound and each different from all others."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

#: A grey picture of 16 × 16 points, whole: head, tables, data, end.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKra"
    "rYqMyP/L2u71////m8H////6/+b9//j/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABAX/xAAgEAAA"
    "BQMFAAAAAAAAAAAAAAAAAQMEMQIRURIUImHw/9oACAEBAAA/ABt04FVunAM3TgIeLbZoek7KV8aclk/dD//Z"
)
JPEG_HEAD = 2
WIDTH, HEIGHT = 32, 24
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)
STATUSES = ("present", "present", "present", "present", "leave", "absent")


def png(rng: random.Random) -> bytes:
    """Return a grey picture of random points."""
    rows = b"".join(b"\0" + rng.randbytes(WIDTH) for _ in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def jpeg(remark: str) -> bytes:
    """Return a picture with a remark of its own."""
    words = remark.encode("utf-8")
    comment = b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words
    return JPEG[:JPEG_HEAD] + comment + JPEG[JPEG_HEAD:]


def pdf(text: str) -> bytes:
    """Return one page with a line of ASCII text."""
    stream = f"BT /F1 12 Tf 72 760 Td ({text}) Tj ET".encode("ascii")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(bodies) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )


def roll(rng: random.Random, prefix: str, members: int) -> bytes:
    """Return an attendance roll; ``prefix`` begins every code, and makes the roll unlike others."""
    rows = [f"{prefix}{n:03d},{rng.choice(STATUSES)}" for n in range(1, members + 1)]
    return ("member,status\n" + "\n".join(rows) + "\n").encode("ascii")
