"""How fast files are judged, and keys made of what they hold: bytes a second of each type.

Files that are built to hold a reader up are among them.

python -m benchmarks.inspecting       # prints the time of each as JSON
"""

from __future__ import annotations

import io
import json
import random
import sys
import time
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import attachments
from benchmarks.measuring import Failure, Usage, own_memory, python, run
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.bench import Bench

SEED = 1
#: The row that the others are divided by: reading a photo is what most bytes ask for.
FIRST = "photo, 2 MB"
TYPES = "[Content_Types].xml"
#: Bytes of a file that is built to take time: the most that is looked at.
HOSTILE = 9_900_000
PART = 990_000


def office(main: str, parts: dict[str, str]) -> bytes:
    """Return an office file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {TYPES: "<Types/>", main: "<x/>", **parts}.items():
            archive.writestr(name, text)
    return out.getvalue()


def _sheet(rng: random.Random) -> str:
    row = '<row r="{0}"><c r="A{0}"><f>SUM(B{0}:C{0})</f><v>{1}</v></c></row>'
    return "".join(row.format(number, rng.random()) for number in range(20_000))


def _words(rng: random.Random) -> str:
    run = "<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>{}</w:t></w:r></w:p>"
    return "".join(run.format(rng.random()) for _ in range(20_000))


def samples() -> dict[str, tuple[str, Callable[[random.Random], bytes]]]:
    """Return file names and makers by what the row says."""
    return {
        FIRST: ("a.jpg", lambda _: attachments.photo("one")),
        "photo that breaks off": ("a.jpg", lambda _: attachments.photo("two")[:-2]),
        "PDF, 500 kB": ("a.pdf", lambda rng: attachments.scan("one", rng)),
        "PNG, 2 MB": ("a.png", lambda rng: attachments.png(rng, 1600, 1200)),
        "xlsx, 20,000 rows": ("a.xlsx", lambda rng: _book(_sheet(rng))),
        "docx, 20,000 fields": ("a.docx", lambda rng: _text(_words(rng))),
        "Markdown, 2 MB": ("a.md", lambda _: "会议记录。\n".encode() * 120_000),
        "hostile JPEG of FF": ("a.jpg", lambda _: b"\xff\xd8" + b"\xff" * HOSTILE),
        "hostile JPEG of FF 00": ("a.jpg", lambda _: _without_end() + b"\xff\0" * 3_000_000),
        "hostile xlsx of <f": ("a.xlsx", lambda _: _book("<f>|" + _some("<f "))),
        "hostile docx of fields": ("a.docx", lambda _: _text(_some("<w:instrText "))),
        "hostile PDF of (": ("a.pdf", lambda _: _pdf(b"(" * HOSTILE)),
        "hostile PDF of names": ("a.pdf", lambda _: _pdf(b"/" * HOSTILE)),
    }


def _book(sheet: str) -> bytes:
    return office("xl/workbook.xml", {"xl/s.xml": sheet})


def _text(header: str) -> bytes:
    return office("word/document.xml", {"word/a.xml": header})


def _without_end() -> bytes:
    return attachments.photo("three")[:-2]


def _pdf(middle: bytes) -> bytes:
    return b"%PDF-1.4\n/Launch " + middle + b"%%EOF"


def _some(text: str) -> str:
    return text * (PART // len(text))


def measure(bench: Bench) -> None:
    """Judge each file in one process; the ratio is that of its bytes a second to a photo's."""
    try:
        done = run(python("benchmarks.inspecting", str(bench.repeat)))
    except Failure as failure:
        bench.absent(FIRST, f"failed: {failure}")
        return
    first = None
    for step, taken in json.loads(done.output).items():
        usage = Usage(taken["cpu"], taken["wall"], taken["memory"])
        row = Row(step, bench.branches, usage, taken["bytes"], "bytes", note="one file")
        first = first or row.rate
        if first and row.rate:
            row.ratio, row.note = row.rate / first, f"one file; bytes a second ÷ {FIRST}"
        bench.add(row)


def taken(work: Callable[[], object], data: bytes, repeat: int) -> dict[str, float]:
    """Return the least time of so many runs, and what it was for."""
    times = []
    for _ in range(repeat):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    least = min(times)
    return {"cpu": least[0], "wall": least[1], "memory": own_memory(), "bytes": len(data)}


def main() -> None:
    """Take the time of each file, the least of so many runs, and print them."""
    from generator.files.attachments import inspect  # noqa: PLC0415 - not in the measuring process
    from generator.files.attachments.inside.same import content_key  # noqa: PLC0415 - as above

    repeat = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    made = {step: (name, make(random.Random(SEED))) for step, (name, make) in samples().items()}
    found = {step: taken(partial(inspect, *file), file[1], repeat) for step, file in made.items()}
    for step, (_, data) in made.items():
        found[f"key of {step}"] = taken(partial(content_key, data), data, repeat)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
