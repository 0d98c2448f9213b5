"""Attachments, each different from all others: of a few hundred bytes, or as people have them."""

from __future__ import annotations

import base64
import hashlib
import random
import struct
import zlib
from functools import cache

#: A grey picture of 16 × 16 points, whole: head, tables, data, end.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKra"
    "rYqMyP/L2u71////m8H////6/+b9//j/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABAX/xAAgEAAA"
    "BQMFAAAAAAAAAAAAAAAAAQMEMQIRURIUImHw/9oACAEBAAA/ABt04FVunAM3TgIeLbZoek7KV8aclk/dD//Z"
)
JPEG_HEAD = 2
#: Bytes of the files that people have: a photo of a phone, a page of a scanner.
PHOTO, SCAN = 2_000_000, 500_000
WIDTH, HEIGHT = 32, 24
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)
STATUSES = ("present", "present", "present", "present", "leave", "absent")


def png(rng: random.Random, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Return a grey picture of random points."""
    rows = b"".join(b"\0" + rng.randbytes(width) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def jpeg(remark: str) -> bytes:
    """Return a picture with a remark of its own."""
    return _own(JPEG, remark)


def _own(picture: bytes, remark: str) -> bytes:
    """Return a picture with a remark, and with steps of grey that no other one has."""
    words = remark.encode("utf-8")
    comment = b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words
    steps = bytes(max(1, step) for step in hashlib.sha256(words).digest())
    at = picture.index(b"\xff\xdb") + 5
    return (
        picture[:JPEG_HEAD] + comment + picture[JPEG_HEAD:at] + steps + picture[at + len(steps) :]
    )


@cache
def _large() -> bytes:
    """Return a photo of 12 megapixels in 2 MB, with coded data as a phone has them."""
    frame = JPEG.index(b"\xff\xc0") + 5
    scan = JPEG.index(b"\xff\xda")
    coded = scan + 2 + int.from_bytes(JPEG[scan + 2 : scan + 4], "big")
    data = random.Random(1).randbytes(PHOTO).replace(b"\xff", b"\xff\0")
    size = struct.pack(">HH", 3024, 4032)
    return JPEG[:frame] + size + JPEG[frame + 4 : coded] + data + JPEG[-2:]


def photo(remark: str) -> bytes:
    """Return a photo of 2 MB with a remark of its own."""
    return _own(_large(), remark)


def scan(text: str, rng: random.Random) -> bytes:
    """Return a PDF of 500 kB: a page, and a picture as scanners put it there."""
    picture = rng.randbytes(SCAN)
    head = b"\n6 0 obj\n<< /Subtype /Image /Length %d >>\nstream\n" % SCAN
    return pdf(text) + head + picture + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"


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
