"""``appraise new year``: a year begun with what the year before gives for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import EnvironmentProblem, answers, common, prepare, unwritten
from generator.cli.line.completion import years
from generator.cli.line.saying import argument, command, option
from generator.text.language import gettext, mark, tr
from generator.text.messages import listed, say
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from pathlib import Path

    from generator.proposals.new_year import FaultyError, Named, NewYear, NoSourceError

YEARS = click.IntRange(1000, 9999)
EXISTS = mark("committee/{year} 里已经有文件，什么也没有写：要改的直接改那些文件")
#: What else a year has, in the order in which it comes: path, what to do.
LATER = (
    ("committee/{year}/reviews/", mark("核定：自评交来以后，用 appraise review 逐个支部写")),
    ("committee/{year}/supervision/", mark("督导团意见：由各督导团自己写")),
    ("committee/{year}/debrief.yml", mark("述职测评：测评会以后写票数")),
    ("committee/{year}/decision.yml", mark("党委评定：评定以后写")),
    ("committee/roster.yml", mark("党委、办公室和督导团的账号：各年共用，换了人的改这里")),
    ("committee/consortia.yml", mark("联合体：各年共用，有变动的改这里")),
)


@command("沿用上一年的，开始新的一年：考核期、截止日期和应报事项都推后一年")
@argument("year", type=YEARS, metavar="年度")
@option(
    "--from",
    "source",
    type=YEARS,
    default=None,
    metavar="年度",
    shell_complete=years,
    help="沿用哪一年的，默认是上一年",
)
@common
def new_year(year: int, source: int | None, root: Path | None, lang: str | None) -> None:
    """Begin a year; exit status 2 where there is one already, or none to start from."""
    from generator.engine.snapshot import snapshot_of
    from generator.proposals.new_year import (
        FaultyError,
        NoSourceError,
        YearExistsError,
        begin,
    )

    where = prepare(root, lang)
    before = year - 1 if source is None else source
    if before == year:
        raise EnvironmentProblem(tr("{year} 年不能沿用它自己", year=year))
    with answers("HEAD", root=where), snapshot_of(where) as snapshot:
        try:
            begun = begin(snapshot.tree, year, before)
        except YearExistsError:
            raise EnvironmentProblem(tr(EXISTS, year=year)) from None
        except NoSourceError as error:
            raise EnvironmentProblem(no_source(error, year, before)) from None
        except FaultyError as error:
            raise EnvironmentProblem(faulty(error, year, before)) from None
    write(where, begun)
    for line in told(begun):
        click.echo(line)


new_year.name = "year"


def write(root: Path, begun: NewYear) -> None:
    """Write all files, or none: nothing that lies there is written over, or behind a link."""
    from generator.cli.filing.making import behind_link, without_leftovers
    from generator.files.writing import UnwrittenError, write_together

    if any(behind_link(root, path) or (root / path).exists() for path in begun.files):
        raise EnvironmentProblem(tr(EXISTS, year=begun.year))
    files = {root / path: data for path, data in begun.files.items()}
    try:
        with without_leftovers(files):
            write_together(files)
    except UnwrittenError as error:
        raise unwritten(error) from None


def no_source(error: NoSourceError, year: int, before: int) -> str:
    """Return what to tell where there is no year to start from."""
    if error.years:
        return tr(
            "没有 {before} 年可以沿用（缺少 committee/{before}/appraisal.yml）；现有 {years} 年，"
            "用 --from 写沿用哪一年的",
            before=before,
            years=listed(f"{own}" for own in error.years),
        )
    return tr(
        "还没有任何一年可以沿用：请新建 committee/{year}/appraisal.yml，写两行："
        "period: {{from: {year}-01-01, to: {year}-12-31}} 和 stage: open",
        year=year,
    )


def faulty(error: FaultyError, year: int, before: int) -> str:
    """Return what to tell where a file cannot be taken over."""
    return tr(
        "{path} 有错误，不能用它开始 {year} 年：请先按 appraise check --year {before} 的提示改正",
        path=error.path,
        year=year,
        before=before,
    )


def told(begun: NewYear) -> list[str]:
    """Return what was written, what was not taken over, and what the year needs later."""
    year, source = begun.year, begun.source
    lines = [
        tr(
            "已写入 committee/{year}/appraisal.yml：考核期 {start} 至 {end}，阶段是报送",
            year=year, start=f"{begun.start}", end=f"{begun.end}",
        )
    ]  # fmt: skip
    if begun.entries:
        words = "已写入 committee/{year}/due.yml：应报事项 {n} 项，日期按年推后"
        lines.append(tr(words, year=year, n=begun.entries))
    else:
        words = "committee/{year}/due.yml 没有写：{source} 年没有可以沿用的应报事项"
        lines.append(tr(words, year=year, source=source))
    for own in begun.kept:
        words = (
            "已写入 committee/{own}/rubric.yml：{own} 年还没有定稿，以后改 rubric.yml 不动它的分数"
        )
        lines.append(tr(words, own=own))
    if begun.left:
        words = "没有沿用的：{keys}，需要时再写进 appraisal.yml"
        lines.append(tr(words, keys=listed(begun.left)))
    if begun.unfit:
        words = "没有沿用的应报事项：{entries}，rubric.yml 里没有这种材料"
        lines.append(tr(words, entries=entries(begun.unfit)))
    if begun.dated:
        words = "请看看要不要改名：{entries}，写着 {source} 年"
        lines.append(tr(words, entries=entries(begun.dated), source=source))
    lines.append(gettext("这一年还要有、不沿用的："))
    lines += [f"  {path.format(year=year)}  {gettext(words)}" for path, words in LATER]
    lines.append(gettext("请核对日期，再把写好的文件提交"))
    return lines


def entries(found: list[Named]) -> str:
    """Return what some entries are called."""
    return str(listed(say("“{title}”", title=visible(own.title or own.id, SHORT)) for own in found))
