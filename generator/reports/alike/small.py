"""Small pictures of large ones, to be shown beside each other: pixels, and nothing else."""

from __future__ import annotations

import io
import struct
from typing import NamedTuple

from PIL import Image

from generator.reports.alike.decoding import decoded

#: What a small picture is, and how it is made: another number makes all anew.
FORM = 1
#: Pixels of the longer side, and how fine a JPEG is.
SIDE, QUALITY = 320, 72
#: A picture is shown with a shorter side of so many pixels at least: it may be one line high.
THIN = 24
HEAD = struct.Struct(">HH")


class Small(NamedTuple):
    """A small picture as JPEG, with its size in pixels."""

    width: int
    height: int
    data: bytes

    @classmethod
    def of_bytes(cls, data: bytes) -> Small:
        """Return one as it was kept."""
        width, height = HEAD.unpack_from(data)
        return cls(width, height, data[HEAD.size :])

    def to_bytes(self) -> bytes:
        """Return it to be kept."""
        return HEAD.pack(self.width, self.height) + self.data


def small(name: str, data: bytes) -> Small:
    """Return a picture upright and small; raises UnseenError, and nothing else.

    Of the file itself nothing is left but what its pixels show.
    """
    with decoded(name, data, "RGB", SIDE) as whole:
        scale = max(whole.width, whole.height) / SIDE
        size = tuple(max(THIN, round(side / max(scale, 1))) for side in whole.size)
        pixels = Image.new("RGB", (size[0], size[1]), "white")
        pixels.paste(whole.resize(pixels.size, Image.Resampling.BILINEAR, reducing_gap=3.0))
        out = io.BytesIO()
        pixels.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Small(pixels.width, pixels.height, out.getvalue())
