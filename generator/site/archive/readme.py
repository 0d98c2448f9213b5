"""What an archive says of itself: each file, where the figures come from, how to check them."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from generator.reports.book import made_from
from generator.results.audience import Audience
from generator.results.reckoning import TOOL
from generator.site.addresses import (
    HOME,
    LINES_CSV,
    LINES_PARQUET,
    RANKING_CSV,
    RANKING_PARQUET,
    RESULTS,
)
from generator.site.exports.downloads_page import announced
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.site.archive.source import Source

#: Pattern of paths → what they are; the first that fits tells of a file.
FILES = {
    "README.txt": mark("这份说明"),
    f"pages/{HOME}": mark("排名；用浏览器打开，从这里点开每个支部的评分卡，不用联网"),
    "pages/*": mark("其余网页：评分卡、每份佐证、小项、联合体、考核办法"),
    "papers/notice.docx": mark("通报"),
    "papers/letters/*": mark("告知书，每个支部一份，以支部编号为名"),
    "papers/forms/*": mark("自评表，每个支部一份，以支部编号为名"),
    "workbooks/ledger.xlsx": mark("考核汇总表：名次、得分、等次，各小项，失分与理由"),
    "workbooks/lists.xlsx": mark("名单：激励、约谈、学会考评、加分事项、经费依据"),
    f"tables/{RANKING_CSV}": mark("排名表，可用 Excel 打开"),
    f"tables/{LINES_CSV}": mark("明细表：评分卡的每一行，可用 Excel 打开"),
    f"tables/{RANKING_PARQUET}": mark("排名表，各列有类型，供统计软件读取"),
    f"tables/{LINES_PARQUET}": mark("明细表，各列有类型，供统计软件读取"),
    RESULTS: mark("全部结果：每一分的依据、理由和佐证；文书、表格和网页都由它做成"),
    "rubric.yml": mark("计算时所用的考核办法"),
    "decision.yml": mark("党委的决定，原文件"),
    TOOL.name: mark("核对程序：只要有 Python，不用本项目的程序"),
    "SHA256SUMS": mark("每个文件的校验码，用来查出改动过的文件"),
}
DRAFT = mark("草稿：{year} 年还没有定稿，数字都可能变动。告知书都标明是草稿，没有通报。")
FOR = {
    Audience.INTERNAL: mark("供党委存档，里面有不公开的内容，请勿转发。"),
    Audience.PUBLIC: mark("只有公开的内容，可以发给任何人。"),
}
ATTACHMENTS = mark(
    "佐证的附件（照片、扫描件）不在这里，仍在考核仓库里；"
    "网页和 {results} 写明每个附件的名称，校验码能公布的也写明。"
)
UNCHANGED = mark(
    "文件有没有改动：在这个文件夹里运行 sha256sum -c SHA256SUMS"
    "（苹果电脑用 shasum -a 256 -c SHA256SUMS）。Windows 用 certutil -hashfile 文件名 SHA256，"
    "再和 SHA256SUMS 里的一行对照。"
)
SEALED = mark(
    "把上面的封印和定稿时公布的封印比一比：能改文件的人也能重新封印，所以要比公布的那一个。"
)


WHOLE = mark(
    "把上面“全部内容的校验码”和定稿时公布的校验码比一比：这份里没有的内容，也由它担保没有改过。"
)


def readme(source: Source, names: Sequence[str]) -> bytes:
    """Return the text for an archive of these files: UTF-8 with its mark, for any editor."""
    lines = [title(source), "", *about(source), "", gettext("一、有哪些文件"), ""]
    lines += listed(names)
    lines += ["", tr(ATTACHMENTS, results=RESULTS), "", gettext("二、从哪里来"), ""]
    lines += [tr("{title}：{words}", title=t, words=w) for t, w in origin(source)]
    lines += ["", gettext("三、怎样核对"), "", *checks(source, names)]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def title(source: Source) -> str:
    """Return the heading."""
    return tr("{name}：{year} 年度档案", name=source.name, year=source.site.published.year)


def about(source: Source) -> Iterator[str]:
    """Yield whom the archive is for, and whether it is a draft."""
    if source.draft:
        yield tr(DRAFT, year=source.site.published.year)
    yield gettext(FOR[source.site.publish.audience])
    yield gettext("看这些文件不用安装程序：网页用浏览器，其余用 Word、Excel 或 WPS 打开。")


def listed(names: Sequence[str]) -> Iterator[str]:
    """Yield each kind of file with what it is, and how many there are of it."""
    left = list(names)
    for pattern, words in FILES.items():
        found = [name for name in left if fnmatch.fnmatchcase(name, pattern)]
        left = [name for name in left if name not in found]
        if len(found) > 1:
            told = tr("{words}（{n} 个文件）", words=gettext(words), n=len(found))
            yield tr("{file}：{words}", file=pattern, words=told)
        elif found:
            yield tr("{file}：{words}", file=found[0], words=gettext(words))


def origin(source: Source) -> list[tuple[str, str]]:
    """Return where the figures come from: year, commit, digest, seal."""
    results = source.site.published
    told = made_from(results)
    if seal := seal_of(source):
        told.append((gettext("封印"), seal))
    if results.full_digest:
        told.append((gettext("全部内容的校验码"), results.full_digest))
    return told


def seal_of(source: Source) -> str:
    """Return the seal of a final year's results, nothing where they are not whole."""
    return "" if source.site.published.full_digest else announced(source.site)[1]


def checks(source: Source, names: Sequence[str]) -> Iterator[str]:
    """Yield how to check the files and the figures, step by step."""
    year = source.site.published.year
    steps = [gettext(UNCHANGED)]
    if TOOL.name in names:
        steps.append(
            tr(
                "得分、名次和等次：运行 python3 {tool} {results} rubric.yml。",
                tool=TOOL.name,
                results=RESULTS,
            )
        )
    if seal_of(source):
        steps.append(gettext(SEALED))
    if source.site.published.full_digest and not source.draft:
        steps.append(gettext(WHOLE))
    if not source.draft:
        steps.append(
            tr("有考核仓库和程序时：运行 appraise verify {year}，从原始材料重新计算。", year=year)
        )
    for number, step in enumerate(steps, start=1):
        yield f"{number}. {step}"
