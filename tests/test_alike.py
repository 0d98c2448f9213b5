"""``appraise alike``: changed copies are found, other pictures are not, and nothing is counted."""

from __future__ import annotations

import io
import json
import random
import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageOps

from benchmarks.alike import CHANGES, form, pairs, people, photo, room, rows, saved, seen
from generator.engine.repository import open_repository
from generator.engine.year import Run
from generator.reports.alike.decoding import MAX_PIXELS, UnseenError
from generator.reports.alike.looks import BITS, Look, look
from generator.reports.alike.near import NEAR
from generator.reports.alike.pairs import Alike, find_alike
from tests.memory import MemoryTree, base_files
from tests.support import appraise, write
from tests.test_same_content import HOSTILE, JPEG, PNG, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

YEAR = 2025
ACTIVITY = "branches/demo-a/2025/activities/2025-03-12-theme-day/activity.yml"
#: Changes of which each copy is found; what comes of the others the table of the docs says.
FOUND = [name for name in CHANGES if "15 %" not in name and "border" not in name]


@lru_cache
def pictures() -> list[Image.Image]:
    return [photo(random.Random(seed)) for seed in range(3)]


def look_of(data: bytes) -> Look:
    return look("a.jpg", data)


@pytest.mark.parametrize("name", FOUND)
def test_a_changed_copy_looks_like_its_picture(name: str) -> None:
    for picture in pictures()[:2]:
        copy = seen(CHANGES[name](picture))
        assert copy is not None
        assert look_of(saved(picture)).bits_from(copy) <= NEAR
        assert copy.bits_from(look_of(saved(picture))) <= NEAR


def test_other_pictures_do_not() -> None:
    rng = random.Random(3)
    own = room(rng)
    assert pairs([seen(saved(picture)) for picture in pictures()]) == (0, 3)
    assert pairs([seen(saved(people(own, rng))) for _ in range(3)]) == (0, 3)
    assert pairs([seen(saved(form(rng))) for _ in range(6)]) == (0, 15)


def test_the_table_of_the_docs_is_made_of_all_of_these() -> None:
    found = {name: (near, count) for name, near, count in rows(2)}
    assert found.keys() > {*CHANGES}
    assert all(found[name] == (2, 2) for name in FOUND)


def test_all_eight_ways_of_a_picture_are_the_same() -> None:
    picture = pictures()[0]
    turns = (None, *(Image.Transpose[f"ROTATE_{angle}"] for angle in (90, 180, 270)))
    both = (picture, ImageOps.mirror(picture))
    ways = [way if turn is None else way.transpose(turn) for way in both for turn in turns]
    first = look_of(saved(picture))
    assert all(first.bits_from(look_of(saved(way))) <= 2 for way in ways)
    assert len({look_of(saved(way)).upright for way in ways}) == 8
    assert all(0 <= way < 1 << BITS for way in first.ways)


def bomb() -> bytes:
    """Return a PNG of more pixels than are decoded, in few bytes."""
    side = 8_000
    assert side * side > MAX_PIXELS
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes((side // 8 + 1) * side), 9)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def flat() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), (200, 10, 10)).save(out, "PNG")
    return out.getvalue()


UNSEEN: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"words",
    "a bomb": bomb,
    "one colour": flat,
    "broken off": lambda: saved(pictures()[0])[:2000],
    "pixels that are none": lambda: PNG[:60] + PNG[64:],
    "a head alone": lambda: JPEG[: JPEG.index(b"\xff\xda")],
    **{
        name: made
        for name, made in HOSTILE.items()
        if name not in {"tables on end", "scans on end"}
    },
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_cannot_be_looked_at_is_left_out(name: str) -> None:
    with pytest.raises(UnseenError):
        look("a.jpg", UNSEEN[name]())


def test_damage_raises_nothing_else() -> None:
    rng = random.Random(1)
    for number in range(150):
        data = bytearray(SAMPLES[number % 3])
        for _ in range(3):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            assert look("a.jpg", bytes(data)).ways
        except UnseenError:
            continue


def test_clear_pictures_and_all_kinds_of_colour_are_looked_at() -> None:
    picture = pictures()[0].resize((320, 240))
    first = look_of(saved(picture))
    for mode in ("RGBA", "P", "L", "LA", "CMYK"):
        out = io.BytesIO()
        end = "jpg" if mode == "CMYK" else "png"
        picture.convert(mode).save(out, "JPEG" if end == "jpg" else "PNG")
        found = look(f"a.{end}", out.getvalue())
        assert first.bits_from(found) <= NEAR


def filed(branch: str, day: str, data: bytes, more: str = "") -> dict[str, bytes]:
    folder = f"branches/{branch}/{day[:4]}/activities/{day}-theme"
    text = base_files()[ACTIVITY].decode().replace("2025-03-12", day) + f"photos: [a.jpg]\n{more}"
    record = f"{day}\n".encode()
    return {
        f"{folder}/activity.yml": text.encode(),
        f"{folder}/a.jpg": data,
        f"{folder}/record.md": record,
    }


def alike_in(files: dict[str, bytes]) -> Alike:
    tree = MemoryTree({**base_files(), **files})
    run = Run(open_repository(tree), YEAR, details=False)
    run.read(run.repository.branch_ids)
    return find_alike(tree, YEAR, [r.summary for r in run.reduced.values()])


def places(found: Alike) -> list[tuple[str, str]]:
    return [(p.one.path.split("/")[1] + p.one.record[-16:-6], p.other.record.split("/")[1]
             + p.other.record[-16:-6]) for p in found.pairs]  # fmt: skip


@lru_cache
def copies() -> tuple[bytes, bytes]:
    return saved(pictures()[0].resize((480, 360))), CHANGES["grey"](pictures()[0])


def test_a_branch_its_partners_and_earlier_years_are_compared() -> None:
    one, other = copies()
    first = filed("demo-a", "2025-04-01", one)
    assert places(alike_in(first | filed("demo-a", "2025-05-01", other))) == [
        ("demo-a2025-04-01", "demo-a2025-05-01")
    ]
    assert places(alike_in(first | filed("demo-a", "2024-05-01", other))) == [
        ("demo-a2025-04-01", "demo-a2024-05-01")
    ]
    assert places(alike_in(first | filed("demo-b", "2025-05-01", other))) == []
    joint = filed("demo-a", "2025-06-01", saved(pictures()[1]), "joint_with: [demo-b]\n")
    assert places(alike_in(first | joint | filed("demo-b", "2025-05-01", other))) == [
        ("demo-a2025-04-01", "demo-b2025-05-01")
    ]


def test_what_e005_tells_and_one_joint_activity_are_left_out() -> None:
    one, other = copies()
    first = filed("demo-a", "2025-04-01", one, "joint_with: [demo-b]\n")
    both = first | filed("demo-b", "2025-04-01", other, "joint_with: [demo-a]\n")
    assert alike_in(both).pairs == ()
    again = filed("demo-a", "2025-04-01", one) | filed("demo-a", "2025-05-01", one + b"x")
    assert alike_in(again).pairs == ()
    later = filed("demo-a", "2025-04-01", one) | filed("demo-a", "2026-04-01", other)
    assert alike_in(later).pairs == ()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    one, other = copies()
    files = {
        **base_files(),
        **filed("demo-a", "2025-04-01", one),
        **filed("demo-a", "2024-05-01", other),
        **filed("demo-b", "2025-05-01", flat()),
    }
    for path, data in files.items():
        write(tmp_path / path, data)
    return tmp_path


def test_the_command_tells_both_and_how_much_was_compared(root: Path) -> None:
    done = appraise("alike", "2025", root=root)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == "branches/demo-a/2025/activities/2025-04-01-theme/a.jpg"
    assert (
        "  与 branches/demo-a/2024/activities/2024-05-01-theme/a.jpg 很像（64 处中" in done.stdout
    )
    assert "2025 年：比较了 2 张图片，1 对很像；1 张没有比较" in done.stderr
    told = json.loads(appraise("alike", "--format", "json", root=root).stdout)
    assert (told["schema"], told["year"], told["pictures"]) == ("appraisal-alike/1", 2025, 2)
    assert told["unseen"] == ["branches/demo-b/2025/activities/2025-05-01-theme/a.jpg"]
    (pair,) = told["pairs"]
    assert pair["one"]["branch"] == "demo-a"
    assert pair["bits"] <= NEAR


def test_nothing_alike_is_status_0_and_no_year_is_told(root: Path) -> None:
    assert appraise("alike", "2024", root=root).exit_code == 0
    assert appraise("alike", "1999", root=root).exit_code == 2
    english = appraise("alike", "2025", "--lang", "en", root=root)
    assert "looks like branches/demo-a/2024/" in english.stdout


def test_check_says_nothing_of_it(root: Path) -> None:
    done = appraise("check", "--format", "json", root=root)
    assert "E005" not in {f["code"] for f in json.loads(done.stdout)["findings"]}
