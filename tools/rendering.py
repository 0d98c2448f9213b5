"""Render papers by LibreOffice, and measure the notice: ``python -m tools.rendering``.

Needs LibreOffice (Debian: libreoffice-writer-nogui, libreoffice-calc-nogui), poppler-utils, and the
fonts that stand in for those of the papers, each as wide: fonts-noto-cjk, fonts-liberation.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from PIL import Image

from generator.exchange.papers.paper import filled

ROOT = Path(__file__).resolve().parents[1]
NOTICE = ROOT / "site_templates" / "office" / "notice.docx"
PROGRAMS = ("soffice", "pdftotext", "pdftoppm", "pdffonts")
#: Font of a paper → one of Debian's that is as wide: a character a square, a digit half of one.
STAND_INS = {
    "仿宋_GB2312": "Noto Serif CJK SC",
    "楷体_GB2312": "Noto Serif CJK SC",
    "宋体": "Noto Serif CJK SC",
    "SimSun": "Noto Serif CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
    "Times New Roman": "Liberation Serif",
}
MM = 25.4 / 72
DOTS = 300
#: What is darker than this, of 255, is printed.
INK = 160
LINES, CHARACTERS = 22, 28
WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)
#: What the notice is filled with to measure it: pages of one character, as wide as it is high.
FILLER, ISSUER, DAY = "国", "示例委员会", "2026年12月25日"
FACTS = {
    "year": 2026, "issuer": ISSUER, "number": "示例〔2026〕1号", "addressees": "各党支部",
    "copies": "示例", "day": DAY, "mark": "", "commit": "0" * 12, "digest": "sha256:" + "0" * 64,
    "opening": FILLER * (CHARACTERS * LINES * 3), "grades": [], "ranked": 1, "unranked": "",
    "ranking": [{"rank": "1", "name": "示例党支部", "total": "90.00", "grade": "优秀"}],
}  # fmt: skip


class Word(NamedTuple):
    """A word on a page; its box in mm from the left upper corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> tuple[float, float]:
        """Where the middle of the box lies: across, down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


class Measure(NamedTuple):
    """What was measured: in mm or a count, what the standard says, and how far it may be off."""

    what: str
    found: float
    standard: float
    within: float

    @property
    def fits(self) -> bool:
        """Whether it is what the standard says."""
        return abs(self.found - self.standard) <= self.within


def lacking() -> list[str]:
    """Return what this machine lacks for rendering: programs, and fonts that stand in."""
    programs = [name for name in PROGRAMS if shutil.which(name) is None]
    if programs:
        return programs
    there = told("fc-list", ":", "family")
    return [name for name in sorted(set(STAND_INS.values())) if name not in there]


def told(*command: str | Path, **environment: str) -> str:
    """Return what a program prints; raises CalledProcessError."""
    done = subprocess.run(command, check=True, capture_output=True, timeout=300,  # noqa: S603 - names of programs stand here
                          env={**os.environ, **environment})  # fmt: skip
    return done.stdout.decode("utf-8", "replace")


def stand_ins(folder: Path) -> Path:
    """Write which font stands in for which; return the file."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="assign" binding="same"><string>{other}</string></edit></match>'
        for name, other in STAND_INS.items()
    )
    file = folder / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{rules}</fontconfig>',
        "utf-8",
    )
    return file


def converted(files: list[Path], ending: str, folder: Path) -> list[Path]:
    """Have LibreOffice save files in another form into a folder; raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as own:
        profile = f"-env:UserInstallation={Path(own, 'profile').as_uri()}"
        told("soffice", profile, "--headless", "--convert-to", ending, "--outdir", folder, *files,
             FONTCONFIG_FILE=f"{stand_ins(Path(own))}")  # fmt: skip
    return [folder / f"{file.stem}.{ending}" for file in files]


def pages(pdf: Path) -> list[list[Word]]:
    """Return the words of each page."""
    texts = told("pdftotext", "-bbox", pdf, "-").split("<page ")[1:]
    return [[boxed(*found) for found in WORD.findall(page)] for page in texts]


def boxed(left: str, top: str, right: str, bottom: str, text: str) -> Word:
    """Return a word whose box is told in points."""
    return Word(float(left) * MM, float(top) * MM, float(right) * MM, float(bottom) * MM, text)


def picture(pdf: Path, page: int) -> Image.Image:
    """Return a page as a picture of 300 dots an inch."""
    with tempfile.TemporaryDirectory() as own:
        told("pdftoppm", "-r", f"{DOTS}", "-f", f"{page}", "-singlefile", pdf, Path(own, "page"))
        with Image.open(Path(own, "page.ppm")) as image:
            return image.convert("RGB")


def inked(image: Image.Image, top: float, bottom: float) -> tuple[float, float, float, float]:
    """Return the box, in mm, of what is printed between two heights: left, top, right, bottom."""
    dot = 25.4 / DOTS
    strip = image.crop((0, round(top / dot), image.width, round(bottom / dot)))
    box = strip.convert("L").point(lambda light: 255 * (light < INK)).getbbox() or (0, 0, 0, 0)
    left, upper, right, lower = (size * dot for size in box)
    return left, upper + top, right, lower + top


def measured(folder: Path) -> tuple[list[Measure], list[str]]:
    """Fill the notice, render and measure it; return what was found, and the fonts used."""
    file = folder / "notice.docx"
    file.write_bytes(filled(NOTICE, FACTS))
    (pdf,) = converted([file], "pdf", folder)
    found = pages(pdf)
    used = [line.split()[0].partition("+")[2] for line in told("pdffonts", pdf).splitlines()[2:]]
    return [*grid(pdf, found[1]), *head(pdf, found[0]), *numbers(found), *signature(found)], used


def grid(pdf: Path, words: list[Word]) -> list[Measure]:
    """Measure a page that is full of text."""
    lines = [word for word in words if word.text.startswith(FILLER)]
    pitch = statistics.mean(b.top - a.top for a, b in pairwise(lines))
    wide = statistics.mean((line.right - line.left) / len(line.text) for line in lines)
    image = picture(pdf, 2)
    first, last = (inked(image, line.top, line.bottom) for line in (lines[0], lines[-1]))
    top = (first[1] + first[3]) / 2 - pitch / 2
    bottom = 297 - (last[1] + last[3]) / 2 - pitch / 2
    return [
        Measure("lines a page", len(lines), LINES, 0),
        Measure("characters a line", statistics.mean(len(line.text) for line in lines), 28, 0),
        Measure("pitch of lines", pitch, 225 / LINES, 0.05),
        Measure("width of a character", wide, 156 / CHARACTERS, 0.05),
        Measure("margin above", top, 37, 1),
        Measure("margin below", bottom, 35, 1),
        Measure("margin to the left", min(line.left for line in lines), 28, 0.5),
        Measure("margin to the right", 210 - max(line.right for line in lines), 26, 1),
    ]


def head(pdf: Path, words: list[Word]) -> list[Measure]:
    """Measure the first page above its text: who issues it, the number, the red line, the title."""
    image = picture(pdf, 1)
    mark, number, title = (
        next(word for word in words if word.text.startswith(text))
        for text in (f"{ISSUER}文件", "示例〔2026〕", "关于")
    )
    above = inked(image, number.bottom + 0.5, title.top)
    rule = inked(image, above[1] - 0.1, above[1] + 1)
    return [
        Measure("who issues it, below the edge of the text",
                inked(image, mark.top, mark.bottom)[1] - 37, 35, 1.5),
        Measure("red line, its width", rule[2] - rule[0], 156, 0.5),
        Measure("red line, below the number",
                rule[1] - inked(image, number.top, number.bottom)[3], 4, 1),
    ]  # fmt: skip


def numbers(found: list[list[Word]]) -> list[Measure]:
    """Measure where the numbers of an odd and of an even page stand."""
    odd, even = (
        [word for word in words if word.text == "—" and word.top > 297 - 35] for words in found[:2]
    )
    character = 14 * MM
    return [
        Measure("number of a page, below the text", odd[0].middle[1] - (297 - 35), 7, 0.5),
        Measure("number of an odd page, from the right", 210 - 26 - odd[-1].right, character, 0.5),
        Measure("number of an even page, from the left", even[0].left - 28, character, 0.5),
    ]


def signature(found: list[list[Word]]) -> list[Measure]:
    """Measure where the day stands, and who issues it above."""
    words = [word for page in found for word in page]
    at = next(n for n, word in enumerate(words) if word.text == ISSUER)
    issuer, day = words[at], [word for word in words[at + 1 : at + 7] if word.top > words[at].top]
    middle = (day[0].left + day[-1].right) / 2
    return [
        Measure("day, from the edge of the text", 210 - 26 - day[-1].right, 4 * 156 / 28, 1),
        Measure("who issues it, from the middle of the day", issuer.middle[0] - middle, 0, 4),
    ]


def main() -> None:
    """Print what was measured, in mm."""
    if lacking():
        sys.exit(f"not installed: {', '.join(lacking())}")
    with tempfile.TemporaryDirectory() as folder:
        found, used = measured(Path(folder))
    for measure in found:
        amiss = "" if measure.fits else "  ← differs"
        sys.stdout.write(
            f"| {measure.what} | {measure.standard:.2f} | {measure.found:.2f} |{amiss}\n"
        )
    sys.stdout.write(f"fonts: {', '.join(sorted(used))}\n")


if __name__ == "__main__":
    main()
