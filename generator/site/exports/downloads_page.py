"""Where the figures come from, how to compute them again, and which files hold them."""

from __future__ import annotations

import io
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator import __version__
from generator.files.paths import RESULTS_FILE, results_path, rubric_path
from generator.results.frozen import SEAL
from generator.site.addresses import (
    CARD,
    DOWNLOADS,
    FEED,
    LINES_CSV,
    LINES_PARQUET,
    RANKING_CSV,
    RANKING_PARQUET,
    RESULTS,
)
from generator.site.exports.files import files_of
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.site.data.year import YearPages
    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedFile, GeneratedPage

#: Lines of a frozen file that state its digest and its seal.
SUM = re.compile(r' {1,2}"(digest|seal)": "(sha256:[0-9a-f]{64})",?\n')

#: What is known of files, by their name or else by the end of it.
NAMES = {
    RESULTS: mark("全部结果：每一分的依据、理由和佐证"),
    RANKING_CSV: mark("排名表，可用 Excel 打开"),
    "rubric.yml": mark("定稿时的考核办法"),
    RANKING_PARQUET: mark("排名表，各列有类型，供统计软件读取"),
    LINES_CSV: mark("明细表：评分卡的每一行，可用 Excel 打开"),
    LINES_PARQUET: mark("明细表，各列有类型，供统计软件读取"),
    FEED: mark("订阅源（Atom），结果有变化时提醒"),
    CARD: mark("总分分布图，随链接一起显示"),
}
ENDS = {
    ".json": mark("JSON 数据"),
    ".csv": mark("CSV 表格，可用 Excel 打开"),
    ".parquet": mark("Parquet 表格，供统计软件读取"),
    ".atom": mark("Atom 订阅源，结果有变化时提醒"),
    ".xml": mark("XML 数据"),
    ".svg": mark("SVG 图片"),
    ".png": mark("PNG 图片"),
    ".yml": mark("YAML 数据"),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file at its address, or a folder of files of one kind and how many it holds."""

    address: str
    name: str
    words: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Volume:
    """A year: its files, and of a final one digest and seal as announced, and paths."""

    site: SiteData
    files: tuple[FileLine, ...]
    digest: str
    seal: str
    results: str
    rubric: str


def volume_of(site: SiteData, files: Iterable[GeneratedFile]) -> Volume:
    """Return what the page says of a year."""
    year = site.results.year
    return Volume(
        site,
        tuple(lines_of(site.prefix, [file.address for file in files])),
        *announced(site),
        results_path(year),
        rubric_path(year),
    )


def lines_of(prefix: str, addresses: Sequence[str]) -> list[FileLine]:
    """Return the files of a year: those of its own folder one by one, those below by folder."""
    own: list[FileLine] = []
    below: dict[tuple[str, str], list[str]] = {}
    for address in addresses:
        folder = posixpath.dirname(address.removeprefix(prefix))
        if folder:
            end = posixpath.splitext(address)[1]
            below.setdefault((folder, end), []).append(address)
        else:
            own.append(FileLine(address, posixpath.basename(address), words_of(address)))
    for (folder, end), found in below.items():
        name = f"{folder}/*{end}"
        own.append(FileLine(found[0], name, words_of(found[0]), len(found)))
    return own


def words_of(address: str) -> str:
    """Say what a file is, by its name."""
    name = posixpath.basename(address)
    known = NAMES.get(name) or ENDS.get(posixpath.splitext(name)[1], "")
    return gettext(known) if known else ""


def announced(site: SiteData) -> tuple[str, str]:
    """Return digest and seal of a final year as its file has them; nothing for one under way.

    The file has one form to the byte, so that the lines that hold them are known without it being
    read as a whole.
    """
    found = {"digest": "", SEAL: ""}
    for file in site.frozen:
        if file.path.name == RESULTS_FILE:
            with io.TextIOWrapper(file.open(), "utf-8") as stream:
                for line in stream:
                    match = SUM.fullmatch(line)
                    if match:
                        found[match[1]] = match[2]
    return found["digest"], found[SEAL]


def downloads(made: YearPages, digest: str) -> GeneratedPage:
    """Return the page of data and recomputation.

    ``digest`` is that of the results of the year that the site shows first.
    """
    volumes = tuple(volume_of(year, files_of(year)) for year in made.whole.years)
    return made.page(
        DOWNLOADS,
        "downloads.html.jinja",
        gettext("数据与复算"),
        description=tr("{year} 年度结果的出处、复算方法和数据文件", year=made.shown.year),
        nav=DOWNLOADS,
        volumes=volumes,
        final=[volume for volume in volumes if volume.site.frozen],
        results=made.site.results,
        frozen=bool(made.site.frozen),
        digest=digest,
        version=__version__,
    )
