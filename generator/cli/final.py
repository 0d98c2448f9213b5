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
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.engine import freeze

SHOWN = 20


@command("定稿：把一年的结果写入 results.json")
@argument("year", type=int, metavar="年度", shell_complete=years)
@option("--as-of", hidden=True, default=None)
@common
def finalize(year: int, as_of: str | None, root: Path | None, lang: str | None) -> None:
    """Freeze a year's results."""
    from generator.engine import freeze

    where = prepare(root, lang)
    if as_of is not None:
        raise click.UsageError(
            gettext("定稿不能用 --as-of：请把 as_of 写在 appraisal.yml 里，提交后再定稿")
        )
    progress = ProgressLine(gettext("读取党支部"))
    try:
        with answers("HEAD", root=where), refusals(year):
            done = freeze.finalize(where, year, progress)
    finally:
        progress.close()
    _tell(done, year)


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
        raise EnvironmentProblem(frozen_otherwise(year, error.rules)) from None
    except FrozenError as error:
        raise EnvironmentProblem(
            tr(
                "{year} 年的 results.json 读不懂（{words}），没有改动它；"
                "请先用 git 恢复定稿时的文件，再用 appraise verify {year} 核对",
                year=year,
                words=str(error),
            )
        ) from None


def frozen_otherwise(year: int, rules: int) -> str:
    """Say that a year is frozen with other results, by which rules, and what to do."""
    if rules < RULES:
        return tr(
            "{year} 年已经按规则 {rules} 定稿，没有改动；按现行规则 {present} 不再得出同样的结果，"
            "定稿的结果继续有效，不必重新定稿。用 appraise verify {year} 核对并查看不同之处",
            year=year,
            rules=rules,
            present=RULES,
        )
    return tr(
        "{year} 年已经定稿，而现在的数据得出不同的结果；确需更正的，由党委决定"
        "删去 results.json 和旁边的 rubric.yml 后重新定稿",
        year=year,
    )


def _tell(done: freeze.Finalized, year: int) -> None:
    """Say what came of finalizing; ends the program where errors stand."""
    from generator.files.paths import results_path

    if done.evaluation.errors or done.evaluation.results is None:
        click.echo(as_text(done.evaluation.findings), nl=False, err=True)
        click.echo(tr("有 {n} 个错误未改，不能定稿", n=done.evaluation.errors), err=True)
        sys.exit(ERRORS)
    path = results_path(year)
    if not done.written:
        click.echo(tr("{path} 已经定稿，没有变化", path=path), err=True)
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
            found = freeze.verify(where, year, path.read_bytes(), progress)
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
