"""What decoding pictures came to is kept: only what is new is decoded, and nothing else changes."""

from __future__ import annotations

import io
import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from benchmarks.alike import CHANGES, photo, saved
from generator.engine.repository import open_repository
from generator.engine.year import Run
from generator.files.attachments import jpeg
from generator.files.attachments.jpeg_coded import SCAN
from generator.files.tree import blob_id
from generator.reports.alike import decoding, kept, looks, small
from generator.reports.alike.decoding import UnseenError, undecodable
from generator.reports.alike.kept import FEW, STATES, LookStore
from generator.reports.alike.looking import Decoding, Placed
from generator.reports.alike.looks import Look, look
from generator.reports.alike.near import COMPARED, NEAR, Near
from generator.reports.alike.pairs import MOST, Alike, find_alike
from generator.reports.alike.small import SIDE, THIN, Small
from generator.reports.alike.told import summed
from tests.memory import MemoryTree, base_files
from tests.test_alike import UNSEEN, YEAR, alike_in, filed, flat
from tests.test_same_content import PNG, SAMPLES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    own = photo(random.Random(1)).resize((240, 180))
    return {
        **base_files(),
        **filed("demo-a", "2025-04-01", saved(own)),
        **filed("demo-a", "2025-05-01", CHANGES["grey"](own)),
        **filed("demo-a", "2025-06-01", flat()),
        **filed("demo-a", "2025-07-01", UNSEEN["text"]()),
    }


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the pictures that were decoded since."""
    seen: list[str] = []

    def counted(name: str, data: bytes) -> Look:
        seen.append(name)
        return look(name, data)

    monkeypatch.setattr(looks, "look", counted)
    return seen


def found(files: dict[str, bytes], path: Path | None, jobs: int = 1) -> Alike:
    tree = MemoryTree(files)
    run = Run(open_repository(tree), YEAR, details=False)
    run.read(run.repository.branch_ids)
    own = Decoding(LookStore(path), jobs)
    return find_alike(tree, YEAR, [r.summary for r in run.reduced.values()], own)


def test_each_picture_is_decoded_once(
    files: dict[str, bytes], decoded: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "looks.sqlite"
    first = found(files, path)
    assert len(first.pairs) == 1
    assert len(first.unseen) == 2
    assert len(decoded) == 4
    assert found(files, path) == first
    assert len(decoded) == 4
    more = filed("demo-a", "2025-08-01", saved(photo(random.Random(2)).resize((240, 180))))
    assert found({**files, **more}, path).pictures == first.pictures + 1
    assert decoded[4:] == ["branches/demo-a/2025/activities/2025-08-01-theme/a.jpg"]


def test_a_copy_under_another_name_is_decoded_as_what_it_is_called(
    decoded: list[str], tmp_path: Path
) -> None:
    tree = MemoryTree({"a/b/c.jpg": PNG, "a/b/c.png": PNG, "a/b/d.png": PNG})
    blob = blob_id(PNG)
    asked = [Placed(path, blob) for path in sorted(tree.files)]
    for _ in range(2):
        seen = Decoding(LookStore(tmp_path / "x.sqlite"), 1).looks(tree, asked)
        assert "a/b/c.jpg" not in seen
        assert seen.keys() <= {"a/b/c.png", "a/b/d.png"}
    assert sorted(decoded) == ["a/b/c.jpg", "a/b/d.png"]


def test_processes_find_the_same(files: dict[str, bytes]) -> None:
    assert found(files, None, jobs=2) == found(files, None)


def test_another_decoder_decodes_anew(
    files: dict[str, bytes], decoded: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "looks.sqlite"
    found(files, path)
    monkeypatch.setattr(kept, "decoder", lambda: "another")
    found(files, path)
    assert len(decoded) == 8
    found(files, path)
    assert len(decoded) == 8


def test_flipped_bytes_of_what_is_kept_change_nothing(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "looks.sqlite"
    first = found(files, path)
    whole, rng = path.read_bytes(), random.Random(5)
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 40)):
            data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
        path.write_bytes(data)
        assert found(files, path) == first
        path.with_name("looks.sqlite-journal").unlink(missing_ok=True)


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\0" + bytes(90)])
def test_files_of_another_form_are_begun_anew(
    files: dict[str, bytes], decoded: list[str], tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "looks.sqlite"
    path.write_bytes(data)
    first = found(files, path)
    assert found(files, path) == found(files, path) == first
    assert len(decoded) <= 8
    with closing(sqlite3.connect(path)) as store:
        store.execute("PRAGMA user_version = 99")
    assert found(files, path) == found(files, path) == first


def test_a_row_that_another_process_holds_is_waited_for_and_then_done_without(
    files: dict[str, bytes], decoded: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "looks.sqlite"
    monkeypatch.setattr("generator.engine.store.TIMEOUT", 0.01)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        first = found(files, path)
    assert path.exists()
    assert found(files, path) == first
    assert len(decoded) == 8


def test_what_lies_where_nobody_may_write_is_no_matter(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    assert found(files, tmp_path / "no folder" / "looks.sqlite") == found(files, None)


def test_the_file_does_not_grow_without_end(tmp_path: Path) -> None:
    store = LookStore(tmp_path / "looks.sqlite")
    for at in range(0, 4 * FEW, FEW // 2):
        names = [f"{number:x}" for number in range(at, at + FEW // 2)]
        store.keep("look 1", dict.fromkeys(names, b"12345678"), names)
    store.keep("small 1", {"a": b"x"})
    with closing(sqlite3.connect(tmp_path / "looks.sqlite")) as rows:
        counts = dict(rows.execute("SELECT kind, count(*) FROM looks GROUP BY kind"))
    assert counts["small 1"] == 1
    assert FEW // 2 <= counts["look 1"] <= STATES * FEW // 2 + FEW
    assert store.load("look 1", names).keys() == set(names)


def test_looks_are_those_of_their_form() -> None:
    """What a look is made of changes with the number in ``looks.FORM`` alone."""
    rng, own = random.Random(4), photo(random.Random(4)).resize((90, 80))
    assert looks.FORM == 1
    assert f"{look('a.png', png(own)).upright:016x}" == "c3c3cfcdcdcdd9d3"
    assert Look.of_bytes(look("a.png", png(own)).to_bytes()) == look("a.png", png(own))
    many = [Look.of([rng.getrandbits(64) for _ in range(16)]) for _ in range(3)]
    assert [Look.of_bytes(one.to_bytes()) for one in many] == many


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_those_near_are_found_as_by_comparing_each_with_each() -> None:
    rng = random.Random(9)
    every: list[Look | None] = [None]
    for _ in range(120):
        ways = [rng.getrandbits(64) for _ in range(4)]
        last = every[-1]
        if rng.random() < 0.7 and last is not None:  # a few bits from one before
            flipped = sum({1 << rng.randrange(64) for _ in range(rng.randint(0, 9))})
            ways[rng.randrange(4)] = rng.choice(last.ways) ^ flipped
        every.append(Look.of(ways))
    near, several = Near(every), 0
    for own in filter(None, every):
        bits = [(n, other.bits_from(own)) for n, other in enumerate(every) if other is not None]
        matches = near.of(own)
        assert matches == ([(n, b) for n, b in bits if b <= NEAR], True)
        several += len(matches.found) - 1
    assert several > 10


def test_very_many_of_one_look_are_told_in_part() -> None:
    one = Look.of([5])
    assert not Near([one] * (COMPARED + 1)).of(one).whole
    assert Near([one] * COMPARED).of(one).whole
    picture = photo(random.Random(1)).resize((60, 45))
    files: dict[str, bytes] = {}
    for number in range(MOST + 3):
        day = f"2025-{number // 28 + 1:02d}-{number % 28 + 1:02d}"
        picture.putpixel((number, 0), (255, 0, 0))
        files |= filed("demo-a", day, saved(picture))
    found = alike_in(files)
    count = MOST + 3
    assert len(found.many) == count
    assert MOST * 2 <= len(found.pairs) < count * (count - 1) // 2


def test_a_small_picture_is_bounded_and_holds_pixels_alone() -> None:
    for name, data in (
        ("a.jpg", SAMPLES[0]),
        *((f"{n}.jpg", made()) for n, made in UNSEEN.items()),
    ):
        try:
            own = small.small(name, data)
        except UnseenError:
            continue
        assert max(own.width, own.height) <= SIDE
        assert segments(own.data) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}
    picture = photo(random.Random(1))
    exif = picture.getexif()
    exif[0x010E], exif[0x0112] = "in the office of 张三", 6
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment="by 张三".encode(), icc_profile=b"x" * 200)
    own = small.small("a.jpg", out.getvalue())
    assert (own.width, own.height) == (SIDE * 3 // 4, SIDE), "upright"
    assert segments(own.data) == {0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}
    assert len(own.data) < 40_000
    assert Small.of_bytes(own.to_bytes()) == own
    thin = Image.linear_gradient("L").resize((4000, 3)).convert("RGBA")
    line = small.small("a.png", png(thin))
    assert (line.width, line.height) == (SIDE, THIN)


def segments(data: bytes) -> set[int]:
    return {segment.marker for segment in jpeg.segments(data, 2)}


def test_a_jpeg_of_very_many_scans_is_not_looked_at() -> None:
    out = io.BytesIO()
    photo(random.Random(1)).resize((64, 48)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    assert look("a.jpg", data)
    last = [s for s in jpeg.segments(data, 2) if s.marker == SCAN][-1]
    again = data[last.start - 2 : last.end] * decoding.MAX_SCANS
    with pytest.raises(UnseenError):
        look("a.jpg", data[: last.end] + again + b"\xff\xd9")


@pytest.mark.parametrize("mode", ["RGBA", "P", "L"])
def test_a_large_picture_is_made_smaller_first_and_looks_the_same(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "FEW_PIXELS", 30_000)
    own = photo(random.Random(6)).resize((320, 240))
    large = own.resize((640, 520)).convert(mode)
    exif = large.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    large.save(out, "PNG", exif=exif, compress_level=1)
    assert large.width * large.height > 4 * decoding.FEW_PIXELS
    turned = look("a.png", out.getvalue())
    assert turned.bits_from(look("a.png", png(own))) <= NEAR
    shown = small.small("a.png", out.getvalue())
    assert shown.width < shown.height, "upright"


def test_what_is_told_in_part_is_said() -> None:
    told = summed(Alike(2025, 60, (), (), ("a", "b")))
    assert told.endswith(f"；2 张与 {MOST} 张以上很像，只列出一部分")
    assert undecodable() == []
