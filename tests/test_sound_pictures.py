"""Pictures as phones and programs make them: sound ones hold, cut ones and bombs do not."""

from __future__ import annotations

import io
import random
import zlib
from functools import cache
from typing import Any

import pytest
from PIL import Image

from generator.files.attachments import Defect, Problem, inspect
from generator.files.attachments.images import DENSE, DENSE_FROM, MAX_PIXELS
from tests.effort import at_most
from tests.test_attachments import jpeg, png, riff, vp8l
from tests.tiers import tiered

END = b"\xff\xd9"
CUT = (Defect(Problem.DAMAGED, "truncated"),)
MODES = ("L", "RGB", "CMYK")


def drawn(number: int, *, progressive: bool) -> bytes:
    """Return one of many pictures: noise or one colour, of any size, colours and settings."""
    dice = random.Random(number)
    mode = MODES[number % 3]
    sides = dice.randint(17, 200), dice.randint(17, 200)
    picture = Image.new(mode, sides, 77 if mode == "L" else (77, 20, 200, 5)[: len(mode)])
    if number % 2:
        noise = dice.randbytes(sides[0] * sides[1] * len(mode))
        picture = Image.frombytes(mode, sides, noise)
    options: dict[str, Any] = {"quality": dice.choice([20, 50, 80]), "progressive": progressive}
    if mode == "RGB":
        options["subsampling"] = dice.randrange(3)
    if number % 5 == 0:
        options["restart_marker_rows"] = dice.randint(1, 3)
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("number", range(60))
def test_a_jpeg_without_its_end_marker_is_sound(number: int, *, progressive: bool) -> None:
    data = drawn(number, progressive=progressive)
    assert data.endswith(END)
    for behind in (b"", END[:1], bytes(40)):
        assert inspect("a.jpg", data.removesuffix(END) + behind) == ()


@pytest.mark.parametrize("number", range(60))
def test_a_jpeg_that_breaks_off_is_not(number: int) -> None:
    data = drawn(number, progressive=False).removesuffix(END)
    scan = data.index(b"\xff\xda") + 14
    for share in (0.5, 0.8, 0.95):
        assert inspect("a.jpg", data[: scan + int((len(data) - scan) * share)]) == CUT


@pytest.mark.parametrize("number", range(1, 61, 6))
def test_a_progressive_jpeg_lacks_no_scan(number: int) -> None:
    data = drawn(number, progressive=True).removesuffix(END)
    assert inspect("a.jpg", data[: data.rindex(b"\xff\xda") - 1]) == CUT


def test_lines_may_be_told_behind_the_scan() -> None:
    data = drawn(1, progressive=False)
    frame = data.index(b"\xff\xc0")
    height = data[frame + 5 : frame + 7]
    later = data[: frame + 5] + b"\0\0" + data[frame + 7 :]
    lines = b"\xff\xdc\0\x04" + height
    assert inspect("a.jpg", later.removesuffix(END) + lines + END) == ()
    assert inspect("a.jpg", later.removesuffix(END) + lines) == ()
    assert inspect("a.jpg", later) != ()


def test_only_one_picture_of_a_file_is_counted() -> None:
    """A marker may lack at the first and at the last; between, each would be counted."""
    one = drawn(0, progressive=False)
    without = one.removesuffix(END)
    assert inspect("a.jpg", without + one + without) == ()
    with at_most(calls=40_000):
        found = inspect("a.jpg", without * 2_000)
    assert found == (Defect(Problem.TRAILING, "trailing"),)


def random_sizes(least: int, most: int) -> list[tuple[int, int]]:
    """Return sizes with so many pixels, from strips to squares."""
    dice = random.Random(least)
    sizes: list[tuple[int, int]] = []
    while len(sizes) < 50:
        width = dice.randint(1_000, 30_000)
        height = dice.randint(least, most) // width
        if least < width * height <= most and height < 2**16:
            sizes.append((width, height))
    return sizes


@cache
def noise(size: int) -> bytes:
    """Return compressed what cannot be compressed."""
    return zlib.compress(random.Random(1).randbytes(size))


@pytest.mark.parametrize("size", random_sizes(DENSE_FROM, MAX_PIXELS))
def test_pictures_of_phones_and_long_screenshots(size: tuple[int, int]) -> None:
    width, height = size
    data = zlib.compress(random.Random(1).randbytes(width * height // DENSE + 1))
    # One bit a pixel, so that the data could hold them all.
    assert inspect("a.png", png(width, height, data=data, mode=(1, 0))) == ()
    coded = bytes((0x12,)) * (width * height // 500)
    assert inspect("a.jpg", jpeg(width, height).replace(b"\x12\x34", coded, 1)) == ()


@pytest.mark.parametrize("size", random_sizes(MAX_PIXELS, 4 * MAX_PIXELS))
def test_pictures_that_no_camera_makes(size: tuple[int, int]) -> None:
    width, height = size
    expected = (Defect(Problem.EXPANDS, f"{width}×{height}"),)
    assert inspect("a.png", png(width, height, data=noise(900_000), mode=(1, 0))) == expected
    assert inspect("a.jpg", jpeg(width, height)) == expected


@pytest.mark.parametrize("size", tiered(random_sizes(DENSE_FROM, MAX_PIXELS), often=12))
def test_pictures_of_many_pixels_in_few_bytes(size: tuple[int, int]) -> None:
    width, height = size
    expected = (Defect(Problem.EXPANDS, f"{width}×{height}"),)
    data = zlib.compress(bytes(width * height // 8 + height))
    assert inspect("a.png", png(width, height, data=data, mode=(1, 0))) == expected
    if max(size) <= 1 << 14:
        assert inspect("a.webp", riff(vp8l(width, height))) == expected
