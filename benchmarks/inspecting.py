"""How fast files are judged, and keys made of what they hold: bytes a second of each type.

Files that are built to hold a reader up are among them.

python -m benchmarks.inspecting       # prints the time of each as JSON
"""

from __future__ import annotations

import io
import json
import random
import re
import sys
import time
import zipfile
import zlib
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


def usual() -> dict[str, tuple[str, Callable[[random.Random], bytes]]]:
    """Return what people file, by what the row says: judged as ``check`` judges it, in full."""
    line = "二〇二五年三月十二日在会议室开展主题党日，应到党员21人，实到20人，请假1人。"
    return {
        FIRST: ("a.jpg", lambda _: attachments.photo("one")),
        "PNG, 2 MB": ("a.png", lambda rng: attachments.png(rng, 1600, 1200)),
        "PDF, 500 kB": ("a.pdf", lambda rng: attachments.scan("one", rng)),
        "PDF of text": ("a.pdf", _pages),
        "xlsx of words": ("a.xlsx", _register),
        "docx of words": ("a.docx", lambda _: _document(f"{line}\n" * 2_000)),
        "Markdown": ("a.md", lambda _: f"{line}\n".encode() * 20_000),
        "CSV": ("a.csv", lambda _: b"member,status\n" + b"m01,present\nm02,leave\n" * 50_000),
        "CSV of figures": ("a.csv", lambda _: b"1234567,89,2025-01-02,12.50\n" * 20_000),
    }


def _pages(rng: random.Random) -> bytes:
    """Return a PDF of pages of words, each packed."""
    out = [b"%PDF-1.7\n"]
    for number in range(40):
        lines = ("".join(rng.choices("abcdefghij ", k=70)) for _ in range(40))
        words = "BT /F1 11 Tf 72 700 Td\n" + "".join(f"({line}) Tj T*\n" for line in lines) + "ET"
        page = zlib.compress(words.encode())
        head = f"{number + 4} 0 obj\n<</Filter/FlateDecode/Length {len(page)}>>\nstream\n"
        out += [head.encode(), page, b"\nendstream\nendobj\n"]
    return b"".join([*out, b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"])


def _register(rng: random.Random) -> bytes:
    """Return a workbook of 5,000 rows of shared words and figures, as office programs write it."""
    cell = '<c r="{}{}"{}><v>{}</v></c>'
    rows = (
        f'<row r="{n}">'
        + cell.format("A", n, "", n)
        + cell.format("B", n, ' t="s"', rng.randrange(90))
        + cell.format("C", n, "", round(rng.random() * 100, 1))
        + cell.format("D", n, ' t="s"', rng.randrange(90))
        + "</row>"
        for n in range(1, 5_001)
    )
    words = "".join(f"<si><t>参加主题党日第{n}组</t></si>" for n in range(90))
    sheet = f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"
    return office(
        "xl/workbook.xml",
        {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": f"<sst>{words}</sst>"},
    )


def _document(words: str) -> bytes:
    """Return a document of paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in words.splitlines())
    return office("word/document.xml", {"word/header1.xml": f"<w:hdr>{body}</w:hdr>"})


def unpacked(data: bytes) -> int:
    """Return how many bytes a file has once its parts, or streams of its pages, are inflated."""
    if data.startswith(b"%PDF"):
        streams = re.findall(
            rb"/FlateDecode/Length \d+>>\nstream\n(.*?)\nendstream", data, re.DOTALL
        )
        return len(data) + sum(len(zlib.decompress(own)) - len(own) for own in streams)
    if not data.startswith(b"PK"):
        return len(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(entry.file_size for entry in archive.infolist())


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


def _judge(name: str, data: bytes) -> None:
    """Judge an attachment as ``check`` does where nothing of it is known: all that it may tell."""
    from generator.files.attachments.inside import taken_on  # noqa: PLC0415 - as above
    from generator.files.attachments.inside.same import content_key  # noqa: PLC0415 - not in the measuring process
    from generator.files.limits import USUAL  # noqa: PLC0415 - as above
    from generator.loading.attached import defects_of  # noqa: PLC0415 - as above
    from generator.loading.personal import report_attachment  # noqa: PLC0415 - as above
    from generator.text.findings import Content, Report  # noqa: PLC0415 - as above

    if defects_of(name, data, USUAL):
        raise ValueError(name)
    report_attachment(Report(), Content(f"branches/a/2025/documents/b/{name}", "0"), data)
    taken_on(name, data)
    content_key(data)


def main() -> None:
    """Take the time of each file, the least of so many runs, and print them."""
    from generator.files.attachments import inspect  # noqa: PLC0415 - not in the measuring process
    from generator.files.attachments.inside.same import content_key  # noqa: PLC0415 - as above

    repeat = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    made = {step: (name, make(random.Random(SEED))) for step, (name, make) in samples().items()}
    found = {step: taken(partial(inspect, *file), file[1], repeat) for step, file in made.items()}
    for step, (_, data) in made.items():
        found[f"key of {step}"] = taken(partial(content_key, data), data, repeat)
    for step, (name, make) in usual().items():
        data = make(random.Random(SEED))
        row = taken(partial(_judge, name, data), data, repeat)
        found[f"judging {step}"] = {**row, "bytes": unpacked(data)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
