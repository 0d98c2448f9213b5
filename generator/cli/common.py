"""What commands share: their options, the evaluation they run, and how they end."""

from __future__ import annotations

import datetime
import sys
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path

# Any: click hands options to a command by their names, each of its own type.
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from generator.cli.line.completion import years
from generator.cli.line.place import root_here, surrounding_language
from generator.cli.line.saying import option
from generator.files.git import (
    GitError,
    MissingHistoryError,
    SubfolderError,
    UnstoredError,
)
from generator.files.paths import RUBRIC_PATH
from generator.reports.progress import ProgressLine
from generator.text.days import read_day
from generator.text.language import LANGUAGES, gettext, set_language, tr
from generator.text.messages import some
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from generator.engine.repository import UnknownYearError
    from generator.engine.shards import Shard
    from generator.engine.snapshot import Snapshot
    from generator.engine.year import Evaluation, Means
    from generator.files.tree import Tree
    from generator.files.writing import UnwrittenError


F = TypeVar("F", bound="Callable[..., Any]")


ERRORS = 1


class EnvironmentProblem(click.ClickException):
    """Wrong place or missing means: exit status 2."""

    exit_code = 2


def common(function: F) -> F:
    """Add the options that go with every command."""
    function = option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=None,
        help="语言（zh 中文，en 英文）；不写时看环境变量 APPRAISAL_LANG",
    )(function)
    return option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=None,
        metavar="文件夹",
        help="考核仓库；不写时从当前文件夹往上找 rubric.yml",
    )(function)


@dataclass(frozen=True, slots=True)
class Computing:
    """How a command computes: which year and revision, with the cache or not, in how many."""

    year: int | None = None
    revision: str | None = None
    no_cache: bool = False
    jobs: int | None = None
    quiet: bool = False
    as_of: datetime.date | None = None


class DayType(click.ParamType["datetime.date"]):
    """A day, written ``yyyy-mm-dd``."""

    name = "DATE"

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> datetime.date:
        """Return the day; fails with a usage error."""
        if isinstance(value, datetime.date):
            return value
        day = read_day(value)
        if day is None:
            words = tr("“{text}”不是日期，应写作 2025-06-30", text=visible(value))
            self.fail(words, parameter, context)
        return day


#: The option that reads a revision in place of the working tree.
AT = option("--at", "revision", metavar="版本", help="读取 git 版本，或某天（2025-06-30）结束时的")
#: The option that tells the date of the data.
DATED = option(
    "--as-of",
    type=DayType(),
    default=None,
    metavar="日期",
    help="数据日期，默认为提交的日期",
)


#: Options of commands that compute, and the year, which a site has all of.
OPTIONS = (
    option("--quiet", is_flag=True, help="不显示进度"),
    option(
        "--jobs", type=click.IntRange(min=1), default=None, metavar="N", help="进程数，默认按核数"
    ),
    option("--no-cache", is_flag=True, help="不用缓存"),
    AT,
    DATED,
)
YEAR = option("--year", type=int, default=None, metavar="年度", shell_complete=years, help="年度")


def computing(function: F) -> F:
    """Add the options of commands that compute; they are handed over as ``how``."""
    return _gathered(function, *OPTIONS, YEAR)


def computing_site(function: F) -> F:
    """Add the options of what computes all years; they are handed over as ``how``."""
    return _gathered(function, *OPTIONS)


def _gathered(function: F, *options: Callable[[F], F]) -> F:
    names = tuple(field.name for field in fields(Computing))

    @wraps(function)
    def gathered(**values: Any) -> Any:
        how = Computing(**{name: values.pop(name) for name in names if name in values})
        return function(how=how, **values)

    made = cast("F", gathered)
    for added in options:
        made = added(made)
    return made


class ShardType(click.ParamType["Shard"]):
    """A share of all branches, written ``I/N``."""

    name = "I/N"

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Shard:
        """Return the shard; fails with a usage error."""
        from generator.engine.shards import Shard

        if isinstance(value, Shard):
            return value
        try:
            return Shard.of(value)
        except ValueError:
            words = tr("“{text}”应写作 第几份/共几份，例如 1/4", text=visible(value))
            self.fail(words, parameter, context)


def sharded(function: F) -> F:
    """Add the option that computes a share of all branches, to be joined by ``merge``."""
    return option(
        "--shard",
        type=ShardType(),
        default=None,
        help="只算一份，输出供 merge 合并",
    )(function)


def print_part(
    root: Path, how: Computing, shard: Shard, made_by: dict[str, str], *, details: bool
) -> None:
    """Print the part of a shard."""
    from generator.engine.shards import PartError, write_part

    try:
        with at_work(root, how) as (tree, means):
            for line in write_part(tree, how.year, means, shard, made_by, details=details):
                click.echo(line)
    except PartError as error:
        raise EnvironmentProblem(str(error)) from None


def prepare(root: Path | None, lang: str | None) -> Path:
    """Take the options given before or after the command's name; return the root.

    Where none is named it is the nearest folder with a rubric.yml, from here upwards.
    """
    from generator.formats.scanner import HAVE_LIBYAML

    given = click.get_current_context().obj or {}
    set_language(lang or given.get("lang") or surrounding_language())
    if not HAVE_LIBYAML:
        click.echo(gettext("警告：没有 libyaml，读取会慢很多（请重装 PyYAML）"), err=True)
    named = root or given.get("root")
    if named is not None:
        return cast("Path", named)
    found = root_here()
    if found != Path():
        click.echo(tr("考核仓库：{root}", root=visible(f"{found}")), err=True)
    return found


@contextmanager
def answers(*revisions: str, root: Path) -> Iterator[None]:
    """Turn a wrong place, year or revision into a message."""
    from generator.engine.processes import WorkerDiedError
    from generator.engine.repository import MissingRubricError, UnknownYearError

    try:
        yield
    except MissingRubricError:
        raise no_rubric(root) from None
    except GitError as error:
        raise git_problem(error, *revisions) from None
    except UnknownYearError as error:
        raise unknown_year(error) from None
    except WorkerDiedError as error:
        names = gettext("、").join(error.branches)
        raise EnvironmentProblem(
            tr("读取“{names}”的进程中途退出（可能是内存不足）；可用 --jobs 1 再试", names=names)
        ) from None


def unknown_year(error: UnknownYearError) -> EnvironmentProblem:
    """Return what to tell a user whose year is not there."""
    if error.args[0] is None:
        return EnvironmentProblem(gettext("没有可以计算的年度：运行 appraise check 看原因"))
    return EnvironmentProblem(tr("没有 {year} 年的数据", year=error.args[0]))


def no_rubric(root: Path) -> EnvironmentProblem:
    """Return what to tell a user whose folder is no repository of this program."""
    path = visible(f"{root.resolve()}")
    if root != Path():
        return EnvironmentProblem(tr("“{path}”里没有 rubric.yml：--root 要写考核仓库", path=path))
    words = tr(
        "“{path}”和它的上级文件夹里都没有 rubric.yml：请在考核仓库里运行，或用 --root 指明",
        path=path,
    )
    return EnvironmentProblem(words)


@contextmanager
def at_work(root: Path, how: Computing) -> Iterator[tuple[Tree, Means]]:
    """Give a tree and the means to evaluate it, and tell what went wrong with either."""
    from generator.engine.snapshot import means_of, snapshot_of

    progress = ProgressLine(gettext("读取党支部"), quiet=how.quiet)
    try:
        with (
            answers(how.revision or "HEAD", root=root),
            snapshot_of(root, how.revision) as snapshot,
        ):
            tell_history(root, snapshot)
            means = means_of(
                root, snapshot, progress, keep=not how.no_cache, jobs=how.jobs, as_of=how.as_of
            )
            yield snapshot.tree, means
    finally:
        progress.close()
    if means.keeper is not None and means.keeper.broken:
        click.echo(gettext("缓存文件有误，已经重建；结果不受影响"), err=True)


def tell_history(root: Path, snapshot: Snapshot) -> None:
    """Say once that results rest on no history."""
    if snapshot.source.commit is None and (root / RUBRIC_PATH).is_file():
        words = gettext("没有 git 历史：数字是从文件夹里的文件算出的，收到日期无法判断")
        click.echo(words, err=True)


def run(root: Path, how: Computing, ids: Sequence[str] = (), *, details: bool = True) -> Evaluation:
    """Evaluate, and turn a wrong place, year or id into a message."""
    from generator.engine.evaluate import evaluate

    with at_work(root, how) as (tree, means):
        evaluation = evaluate(tree, how.year, means, ids=ids, details=details)
    known = evaluation.ids or [p.name for p in sorted((root / "branches").glob("*"))]
    for branch_id in ids:
        if branch_id not in known:
            raise UnknownBranch(branch_id, known)
    return evaluation


class UnknownBranch(EnvironmentProblem):
    """A branch that is named and does not exist; ``known`` are those that do."""

    def __init__(self, branch_id: str, known: Collection[str]) -> None:
        """Say which ones there are, and the nearest."""
        from generator.text.unknown import NAMED, UNKNOWN_BRANCH, nearest_text

        self.known = sorted(known)
        nearest = nearest_text(branch_id, self.known)
        names = some(self.known, NAMED)
        super().__init__(tr(UNKNOWN_BRANCH, id=visible(branch_id), nearest=nearest, known=names))


@contextmanager
def reading(how: Computing) -> Iterator[ProgressLine]:
    """Show on a terminal how many branches were read."""
    progress = ProgressLine(gettext("读取党支部"), quiet=how.quiet)
    try:
        yield progress
    finally:
        progress.close()


def run_some(root: Path, how: Computing, ids: Sequence[str]) -> Evaluation:
    """Evaluate some branches alone, or all where only that can tell."""
    from generator.engine.narrow.run import UnknownBranchError, evaluate_some

    with answers(how.revision or "HEAD", root=root), reading(how) as progress:
        try:
            found = evaluate_some(
                root, ids, how.revision, how.year, how.as_of,
                keep=not how.no_cache, progress=progress,
            )  # fmt: skip
        except UnknownBranchError as error:
            raise UnknownBranch(error.branch, error.known) from None
    return run(root, how, ids) if found is None else found


def run_since(root: Path, since: str, how: Computing, ids: Sequence[str] = ()) -> Evaluation:
    """Evaluate what changed since the merge base with ``since``, or all where that reaches all."""
    from generator.engine.narrow.run import evaluate_since

    with answers(since, how.revision or "HEAD", root=root), reading(how) as progress:
        found = evaluate_since(
            root, since, how.revision, how.year, how.as_of,
            keep=not how.no_cache, progress=progress,
        )  # fmt: skip
    if found is None:
        return run(root, how, ids, details=False)
    if ids:
        found.findings = [f for f in found.findings if f.branch in ids]
    return found


def git_problem(error: GitError, *revisions: str) -> EnvironmentProblem:
    """Return what to tell a user where git has no answer."""
    if isinstance(error, MissingHistoryError):
        return EnvironmentProblem(
            gettext("这份克隆只有部分历史，无法判断；请先运行 git fetch --unshallow")
        )
    if isinstance(error, SubfolderError):
        return EnvironmentProblem(
            gettext("这里只是 git 仓库的一个子文件夹，判断不了改动：请把数据放在仓库的根目录")
        )
    if isinstance(error, UnstoredError):
        return EnvironmentProblem(tr("git 没有写成，什么也没有改动：{error}", error=error.told))
    words = tr(
        "git 读不到“{revision}”：{error}", revision=visible(" ".join(revisions)), error=error.told
    )
    return EnvironmentProblem(words)


def unwritten(error: UnwrittenError) -> EnvironmentProblem:
    """Return what to tell a user where files could not be written."""
    return EnvironmentProblem(
        tr("没有写成：{error}。文件都保持原样；请腾出空间或检查权限，再试一次", error=error)
    )


def without_results(evaluation: Evaluation) -> None:
    """Refuse to be silent where there is neither a result nor an error that says why."""
    if not evaluation.errors:
        words = gettext("没有可以计算的年度：请先写 committee/<年度>/appraisal.yml")
        raise EnvironmentProblem(words)


def finish(evaluation: Evaluation) -> None:
    """Exit 1 where an error was found."""
    if evaluation.errors:
        sys.exit(ERRORS)
