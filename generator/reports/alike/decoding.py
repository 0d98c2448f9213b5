"""Pictures decoded: within bounds, and whatever is wrong with one is one kind of fault.

Decoders differ by version, so nothing that is checked or counted rests on a pixel.
"""

from __future__ import annotations

import io
import math
import warnings
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import PIL
from PIL import Image, ImageOps, UnidentifiedImageError, features

from generator.files.attachments import inspect
from generator.files.attachments.jpeg import segments
from generator.files.attachments.jpeg_coded import SCAN
from generator.files.attachments.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Pixels of a picture that is decoded whole, and of a JPEG, which is decoded at an eighth.
MAX_PIXELS, MAX_JPEG = 50_000_000, 200_000_000
#: A picture of four times as many is made smaller before it is turned and put on white.
FEW_PIXELS = 2_000_000
#: Scans of a progressive JPEG: each goes over all of its pixels. Cameras write about ten.
MAX_SCANS = 64
#: Kind of file → what of the decoder reads it.
KINDS = {"jpeg": "jpg", "png": "zlib", "webp": "webp"}
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, ArithmeticError,
    Image.DecompressionBombError, UnidentifiedImageError,
)  # fmt: skip


class UnseenError(Exception):
    """A picture that is not looked at: unsound, too large, or without contrast."""


@cache
def decoder() -> str:
    """Return what decodes pictures here, each part with its version."""
    parts = (f"{name} {features.version(name)}" for name in sorted(KINDS.values()))
    return " ".join((f"Pillow {PIL.__version__}", *parts))


def undecodable() -> list[str]:
    """Return the kinds of picture that cannot be decoded here."""
    return [kind for kind, part in KINDS.items() if not features.check(part)]


@contextmanager
def decoded(name: str, data: bytes, mode: str, side: int) -> Iterator[Image.Image]:
    """Hand out a picture upright, on white where it is clear; ``mode`` is L or RGB.

    A JPEG is decoded no larger than it must be for ``side`` pixels. Raises UnseenError, and
    nothing else, whatever goes wrong while it is looked at. Takes memory for at most
    ``MAX_PIXELS`` pixels.
    """
    if kind_of(data) not in KINDS or inspect(name, data, len(data)):
        raise UnseenError
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield _upright(data, mode, side)
    except _BROKEN:
        raise UnseenError from None


def _smaller(opened: Image.Image) -> Image.Image:
    """Return a picture of no more than a few million pixels: copies of more take memory."""
    factor = math.isqrt(opened.width * opened.height // FEW_PIXELS)
    if factor < 2:
        return opened
    own = opened if opened.mode in {"L", "RGB", "RGBA"} else opened.convert("RGBA")
    return own.reduce(factor)


def _upright(data: bytes, mode: str, side: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        jpeg = opened.format == "JPEG"
        whole = not jpeg or "progressive" in opened.info
        if opened.width * opened.height > (MAX_PIXELS if whole else MAX_JPEG):
            raise ValueError(opened.size)
        if jpeg:
            if whole and sum(s.marker == SCAN for s in segments(data, 2)) > MAX_SCANS:
                raise ValueError(MAX_SCANS)
            opened.draft(mode, (side, side))
        upright = ImageOps.exif_transpose(_smaller(opened))
        if upright.mode not in {"L", "RGB"}:
            white = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(white, upright.convert("RGBA"))
        return upright.convert(mode)
