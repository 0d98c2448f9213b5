"""``appraise finalize`` and ``appraise verify``: freeze results; recompute and compare them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import RULES
from generator.cli.common import (
    ERRORS,
    EnvironmentProblem,
    answers,
    common,
    prepare,
    unwritten,
)
from generator.cli.line.completion import years
from generator.cli.line.saying import argument, command, option
from generator.reports.findings import as_text, safe
from generator.reports.progress import ProgressLine
from generator.text.language import gettext, tr
from generator.text.names import BIDI, CONTROL, UNDECODED, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.engine import freeze
    from generator.engine.freeze.chain import Chain
    from generator.engine.year import Progress

SHOWN = 20


@command("定稿：把一年的结果写入 results.json")
@argument("year", type=int, metavar="年度", shell_complete=years)
@option("--correct", "reason", metavar="理由", default=None, help="更正已经定稿的结果，写明理由")
@option(
    "--withhold",
    is_flag=True,
    help="更正时不写原来的文字，只写是哪一处：原来的文字里有不该公开的内容时用",
)
@option("--as-of", hidden=True, default=None)
@common
def finalize(
    year: int,
    reason: str | None,
    withhold: bool,
    as_of: str | None,
    root: Path | None,
    lang: str | None,
) -> None:
    """Freeze a year's results, or correct them."""
    from generator.engine import freeze

    where = prepare(root, lang)
    if as_of is not None:
        raise click.UsageError(
            gettext("定稿不能用 --as-of：请把 as_of 写在 appraisal.yml 里，提交后再定稿")
        )
    why = None if reason is None else plain_reason(reason)
    if withhold and why is None:
        raise click.UsageError(gettext("--withhold 只用于更正：与 --correct 理由 一起写"))
    progress = ProgressLine(gettext("读取党支部"))
    try:
        with answers("HEAD", root=where), refusals(year), uncorrected(year):
            if why is None:
                done = freeze.finalize(where, year, progress)
            else:
                done = freeze.correct(where, year, why, progress, withhold=withhold)
    finally:
        progress.close()
    _tell(done, year)


def plain_reason(text: str) -> str:
    """Return a reason on one line; raises UsageError where nobody could read it."""
    reason = " ".join(text.split())
    if not reason:
        raise click.UsageError(gettext("--correct 后面要写更正的理由"))
    if BIDI.search(reason) or CONTROL.search(reason) or UNDECODED.search(reason):
        raise click.UsageError(gettext("更正的理由里有看不见的字符：请重新输入这句话"))
    return reason


@contextmanager
def uncorrected(year: int) -> Iterator[None]:
    """Turn why final results cannot be corrected into a message."""
    from generator.engine import freeze

    try:
        yield
    except freeze.NotFrozenError:
        raise EnvironmentProblem(
            tr("{year} 年还没有定稿，没有可以更正的：定稿用 appraise finalize {year}", year=year)
        ) from None
    except freeze.WithoutHistoryError:
        raise EnvironmentProblem(
            gettext("没有 git 历史，不能更正：被更正的文件要留在历史里，任何人都能核对")
        ) from None
    except freeze.NothingDifferentError:
        raise EnvironmentProblem(
            tr(
                "现在的文件得出的结果与 {year} 年定稿的完全相同，没有要更正的；"
                "请先改好有误的文件并提交，再更正",
                year=year,
            )
        ) from None


@contextmanager
def refusals(year: int) -> Iterator[None]:
    """Turn why a year cannot be frozen into a message."""
    from generator.engine import freeze
    from generator.files.writing import UnwrittenError
    from generator.results.frozen import FrozenError

    try:
        yield
    except freeze.NotFinalError as error:
        raise EnvironmentProblem(
            tr(
                "{year} 年的阶段是 {stage}：请先在 appraisal.yml 把 stage 改为 final",
                year=year,
                stage=error.stage,
            )
        ) from None
    except freeze.UncommittedError:
        raise EnvironmentProblem(
            gettext("有改动还没有提交：结果要从提交算出，请先 git commit 再定稿")
        ) from None
    except UnwrittenError as error:
        raise unwritten(error) from None
    except freeze.AlreadyFrozenError as error:
        raise EnvironmentProblem(already_frozen(year, error.rules)) from None
    except FrozenError as error:
        raise EnvironmentProblem(
            tr(
                "{year} 年的 results.json 读不懂（{words}），没有改动它；"
                "请先用 git 恢复定稿时的文件，再用 appraise verify {year} 核对",
                year=year,
                words=str(error),
            )
        ) from None


def already_frozen(year: int, rules: int) -> str:
    """Say that a year is frozen, by which rules, and how it is corrected."""
    words = tr(
        "{year} 年已经定稿，没有改动。核对用 appraise verify {year}；"
        "确有错误的，改好文件、提交后用 appraise finalize {year} --correct 理由 更正",
        year=year,
    )
    if rules < RULES:
        words += "\n" + tr(
            "这份结果由规则 {rules} 算出，现行规则是 {present}：不必因此重新定稿，结果继续有效",
            rules=rules,
            present=RULES,
        )
    return words


def _tell(done: freeze.Finalized, year: int) -> None:
    """Say what came of finalizing; ends the program where errors stand."""
    from generator.files.paths import results_path

    if done.evaluation.errors or done.evaluation.results is None:
        click.echo(as_text(done.evaluation.findings), nl=False, err=True)
        click.echo(tr("有 {n} 个错误未改，不能定稿", n=done.evaluation.errors), err=True)
        sys.exit(ERRORS)
    path = results_path(year)
    if done.correction is not None:
        n = len(done.correction.changes)
        words = tr(
            "已更正：{path}，{n} 处与原来不同，请与旁边的 rubric.yml 一并提交", path=path, n=n
        )
        click.echo(words, err=True)
        return
    click.echo(tr("已定稿：{path}，请与旁边的 rubric.yml 一并提交", path=path), err=True)


@command("从提交重算一年的结果，并与结果文件比较")
@argument("year", type=int, metavar="年度", shell_complete=years)
@argument(
    "file",
    required=False,
    metavar="[结果文件]",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@common
def verify(year: int, file: Path | None, root: Path | None, lang: str | None) -> None:
    """Recompute a year's results and compare."""
    from generator.engine import freeze
    from generator.files.paths import results_path
    from generator.results.frozen import FrozenError

    where = prepare(root, lang)
    path = file or where / results_path(year)
    if not path.is_file():
        raise EnvironmentProblem(
            tr("{year} 年没有定稿的 results.json；也可以指明一个结果文件", year=year)
        )
    progress = ProgressLine(gettext("读取党支部"))
    try:
        with answers("HEAD", root=where):
            found = verified(where, year, path.read_bytes(), progress)
    except FrozenError as error:
        click.echo(tr("不一致：{path} {words}", path=visible(str(path)), words=str(error)))
        sys.exit(ERRORS)
    except freeze.UnreproducibleError:
        raise EnvironmentProblem(
            gettext("这份结果没有可以据以重算的提交：它是从未提交的文件算出的，或者这里没有历史")
        ) from None
    finally:
        progress.close()
    click.echo("\n".join(report(found, year)))
    if not found.sound:
        sys.exit(ERRORS)


def verified(root: Path, year: int, data: bytes, progress: Progress) -> freeze.Verification:
    """Verify a file; where history lacks what figures rest on, corrections are looked at alone."""
    from generator.engine import freeze
    from generator.engine.freeze.chain import follow
    from generator.files.git import MissingHistoryError
    from generator.results.frozen import load_document

    try:
        return freeze.verify(root, year, data, progress)
    except MissingHistoryError:
        chain = follow(root, load_document(data))
        lines = [tr("不一致：{words}", words=words) for words in chain.problems]
        click.echo("\n".join([*lines, *followed(chain)]))
        raise


def report(found: freeze.Verification, year: int) -> list[str]:
    """Say from what was recomputed, what is wrong with the file, which figure differs first."""
    if not found.history:
        lines = [gettext("没有历史，只能核对封签")]
    elif found.commit:
        lines = [tr("据提交 {commit} 重算", commit=found.commit[:12])]
    else:
        lines = [
            tr("历史里没有结果所依据的提交：用现有文件和 {year} 年定稿时的办法重算", year=year)
        ]
    lines += [tr("不一致：{words}", words=words) for words in found.problems]
    lines += differing(found)
    lines += followed(found.chain)
    if found.of_older_rules:
        lines.append(
            tr("文件本身无误：校验码、封印相符，另行核算也一致；{year} 年的结果不变", year=year)
        )
    elif found.sound and not found.history:
        lines.append(tr("封签相符：{year} 年的结果文件没有被改动过", year=year))
    elif found.sound:
        lines.append(tr("一致：{year} 年的每个数字都能从数据重算出来", year=year))
    elif found.rules > RULES:
        lines.append(
            tr(
                "这份结果由规则 {rules} 算出，这里的程序只到规则 {present}：请先更新程序",
                rules=found.rules,
                present=RULES,
            )
        )
    return lines


def followed(chain: Chain) -> list[str]:
    """Say how many corrected files history holds, and how many it lacks."""
    lines = []
    if chain.followed:
        lines.append(tr("从历史里取出了 {n} 份被更正的结果文件，逐份核对", n=chain.followed))
    if chain.lacking:
        words = "这份克隆的历史里没有 {n} 份被更正的结果文件，没有核对它们；完整的克隆可以核对"
        lines.append(tr(words, n=chain.lacking))
    return lines


def differing(found: freeze.Verification) -> list[str]:
    """Say which figures differ, or else which words."""
    shown = [safe(str(difference.words())) for difference in found.figures[:SHOWN]]
    if found.of_older_rules:
        lines = [f"{found.by_older_rules()}", *(tr("不同：{words}", words=w) for w in shown)]
    else:
        lines = [tr("不一致：{words}", words=words) for words in shown]
    if len(found.figures) > SHOWN:
        lines.append(tr("还有 {n} 处不同没有列出", n=len(found.figures) - SHOWN))
    if found.wording and not found.figures:
        lines.append(
            tr(
                "数字全部相同，{n} 处文字不同，第一处：{words}",
                n=len(found.wording),
                words=safe(str(found.wording[0].words())),
            )
        )
    return lines
