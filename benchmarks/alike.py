"""What ``appraise alike`` finds, misses and mistakes, on pictures that are made by a seed.

python -m benchmarks.alike            # prints the table of docs/benchmarks.md
"""

from __future__ import annotations

import argparse
import io
import random
import sys
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from generator.reports.alike.decoding import UnseenError
from generator.reports.alike.looks import Look, look
from generator.reports.alike.near import NEAR

if TYPE_CHECKING:
    from collections.abc import Callable

SEED, PICTURES = 7, 66
SIZE = (960, 720)


def photo(rng: random.Random) -> Image.Image:
    """Return a room with people: walls, a floor, windows, a banner, a table, heads, and grain."""
    return people(room(rng), rng)


def room(rng: random.Random) -> Image.Image:
    """Return a room without people."""
    width, height = SIZE
    wall, floor = (tuple(rng.randint(60, 230) for _ in range(3)) for _ in range(2))
    picture = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(picture)
    line = rng.randint(height // 3, height * 3 // 4)
    draw.rectangle((0, line, width, height), fill=floor)
    for _ in range(rng.randint(1, 4)):
        x, y = rng.randint(0, width), rng.randint(0, line)
        size = (x + rng.randint(60, 300), y + rng.randint(40, 220))
        draw.rectangle((x, y, *size), fill=colour(rng))
    banner = rng.randint(20, line // 2)
    draw.rectangle((rng.randint(0, 200), banner, rng.randint(500, width), banner + 70), fill=(
        rng.randint(150, 220), rng.randint(10, 50), rng.randint(10, 50)))  # fmt: skip
    for _ in range(rng.randint(1, 3)):
        left, top = rng.randint(0, width // 2), rng.randint(line - 60, height - 100)
        wide, high = rng.randint(200, 700), rng.randint(30, 160)
        draw.polygon(
            [
                (left, top),
                (left + wide, top),
                (left + wide + 60, top + high),
                (left - 60, top + high),
            ],
            fill=colour(rng),
        )
    return picture


def people(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Return a picture with people before it, light from one side, and grain."""
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    for _ in range(rng.randint(4, 14)):
        x, y, size = rng.randint(0, width), rng.randint(height // 4, height), rng.randint(40, 130)
        body, hair = colour(rng), tuple(rng.randint(10, 60) for _ in range(3))
        draw.ellipse((x - size, y, x + size, y + 3 * size), fill=body)
        draw.ellipse((x - size // 2, y - size, x + size // 2, y), fill=hair)
    x, y = rng.randint(0, width), rng.randint(0, height)
    light = ImageOps.invert(Image.radial_gradient("L")).resize((2 * width, 2 * height))
    light = light.crop((width - x, height - y, 2 * width - x, 2 * height - y))
    picture = Image.blend(picture, Image.merge("RGB", (light,) * 3), rng.uniform(0.1, 0.4))
    picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2)))
    grain = Image.frombytes("L", SIZE, rng.randbytes(SIZE[0] * SIZE[1]))
    return Image.blend(picture, Image.merge("RGB", (grain,) * 3), 0.06)


def colour(rng: random.Random) -> tuple[int, ...]:
    """Return any colour."""
    return tuple(rng.randint(0, 255) for _ in range(3))


def form(rng: random.Random) -> Image.Image:
    """Return a scanned form: the same frame and headings, other words and numbers in it."""
    frame = random.Random(SEED)
    page = Image.new("L", (720, 1018), 245)
    draw = ImageDraw.Draw(page)
    draw.rectangle((200, 60, 520, 90), fill=40)
    for row in range(18):
        y = 140 + 46 * row
        draw.line((60, y, 660, y), fill=60, width=2)
        draw.rectangle((70, y + 14, 70 + frame.randint(50, 110), y + 32), fill=70)
        for _ in range(rng.randint(0, 6)):
            x = rng.randint(200, 600)
            draw.rectangle((x, y + 14, x + rng.randint(8, 60), y + 32), fill=80)
    for x in (60, 190, 660):
        draw.line((x, 140, x, 140 + 46 * 17), fill=60, width=2)
    shift = (rng.randint(-4, 4), rng.randint(-4, 4))
    return page.rotate(rng.uniform(-0.6, 0.6), fillcolor=245, translate=shift)


def saved(picture: Image.Image, quality: int = 88, **options: Any) -> bytes:
    """Return a picture as a JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


def resized(picture: Image.Image, share: float) -> Image.Image:
    """Return a picture in another size."""
    return picture.resize((int(picture.width * share), int(picture.height * share)))


def cropped(picture: Image.Image, share: float) -> Image.Image:
    """Return a picture without some of each side, so much in all."""
    x, y = (int(side * share / 2) for side in picture.size)
    return picture.crop((x, y, picture.width - x, picture.height - y))


def marked(picture: Image.Image) -> Image.Image:
    """Return a picture with a watermark in a corner."""
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    x, y = picture.width * 2 // 3, picture.height - 60
    draw.rectangle((x, y, picture.width - 20, picture.height - 20), fill="white")
    draw.rectangle((x + 10, y + 14, picture.width - 60, picture.height - 34), fill="black")
    return picture


def upright_by_exif(picture: Image.Image) -> bytes:
    """Return a picture that lies on its side, with how it is to be turned in EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(picture.transpose(Image.Transpose.ROTATE_90), exif=exif)


def _as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    resized(picture, 0.5).save(out, "PNG")
    return out.getvalue()


CHANGES: dict[str, Callable[[Image.Image], bytes]] = {
    "saved again at quality 30": lambda p: saved(p, 30),
    "half size": lambda p: saved(resized(p, 0.5)),
    "a quarter of the size, quality 60": lambda p: saved(resized(p, 0.25), 60),
    "grey": lambda p: saved(ImageOps.grayscale(p)),
    "watermark in a corner": lambda p: saved(marked(p)),
    "lighter by a third": lambda p: saved(ImageEnhance.Brightness(p).enhance(1.33)),
    "darker by a third": lambda p: saved(ImageEnhance.Brightness(p).enhance(0.67)),
    "PNG of a screen": _as_png,
    "turned by 90°": lambda p: saved(p.transpose(Image.Transpose.ROTATE_90)),
    "turned by 180°": lambda p: saved(p.transpose(Image.Transpose.ROTATE_180)),
    "turned by EXIF": upright_by_exif,
    "mirrored": lambda p: saved(ImageOps.mirror(p)),
    "cropped by 5 %": lambda p: saved(cropped(p, 0.05)),
    "cropped by 15 %": lambda p: saved(cropped(p, 0.15)),
    "white border of 5 %": lambda p: saved(ImageOps.expand(p, SIZE[0] // 20, "white")),
}


def seen(data: bytes) -> Look | None:
    """Return how a picture looks, None where it is not looked at."""
    try:
        return look("a.png" if data[:1] == b"\x89" else "a.jpg", data)
    except UnseenError:
        return None


def distance(one: Look | None, other: Look | None) -> int:
    """Return by how many bits two pictures differ; many where one is not looked at."""
    return 99 if one is None or other is None else one.bits_from(other)


def pairs(looks: list[Look | None]) -> tuple[int, int]:
    """Return how many pairs are taken for alike, and how many there are."""
    every = [(a, b) for n, a in enumerate(looks) for b in looks[:n]]
    return sum(distance(a, b) <= NEAR for a, b in every), len(every)


def rows(count: int = PICTURES, seed: int = SEED) -> list[tuple[str, int, int]]:
    """Return what is changed or differs, how many are taken for alike, of how many."""
    rng = random.Random(seed)
    photos = [photo(rng) for _ in range(count)]
    looks = [seen(saved(picture)) for picture in photos]
    found = []
    for name, change in CHANGES.items():
        near = sum(
            distance(own, seen(change(p))) <= NEAR for own, p in zip(looks, photos, strict=True)
        )
        found.append((name, near, count))
    rooms = [room(rng) for _ in range(1 + count // 6)]
    told = [pairs([seen(saved(people(own, rng))) for _ in range(min(8, count))]) for own in rooms]
    found.append(("other people in one room", sum(n for n, _ in told), sum(n for _, n in told)))
    found.append(("forms of one layout", *pairs([seen(saved(form(rng))) for _ in range(count)])))
    found.append(("different photos, by chance", *pairs(looks)))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--count", type=int, default=PICTURES)
    given = parser.parse_args()
    sys.stdout.write("| pictures | taken for alike | of |\n|---|---|---|\n")
    for name, near, count in rows(given.count, given.seed):
        sys.stdout.write(f"| {name} | {near} | {count} |\n")


if __name__ == "__main__":
    main()
