"""What commands share: their options, the evaluation they run, and how they end."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.evaluation import Evaluation, evaluate
from generator.git import GitError, MissingHistoryError
from generator.i18n import LANGUAGES, gettext, set_language, tr
from generator.names import visible
from generator.narrow import evaluate_since
from generator.progress import ProgressLine
from generator.repository import MissingRubricError, UnknownYearError
from generator.shapes import nearest_text
from generator.source import HAVE_LIBYAML
from generator.sources import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


F = TypeVar("F", bound="Callable[..., Any]")


ERRORS = 1


class EnvironmentProblem(click.ClickException):
    """Wrong place or missing means: exit status 2."""

    exit_code = 2


def common(function: F) -> F:
    """Add the options that go with every command."""
    function = click.option(
        "--lang", type=click.Choice(LANGUAGES), default=None, help="界面语言 / language（zh）"
    )(function)
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=None,
        help="仓库的根目录 / root of the repository（.）",
    )(function)


def computing(function: F) -> F:
    """Add the options of commands that compute."""
    function = click.option("--no-cache", is_flag=True, help="不用缓存 / compute everything anew")(
        function
    )
    function = click.option(
        "--at", "revision", metavar="REV", help="读取 git 版本 / read a revision"
    )(function)
    return click.option("--year", type=int, default=None, help="年度 / year")(function)


def prepare(root: Path | None, lang: str | None) -> Path:
    """Take the options given before or after the command's name; return the root."""
    given = click.get_current_context().obj or {}
    set_language(lang or given.get("lang") or "zh")
    if not HAVE_LIBYAML:
        click.echo(gettext("警告：没有 libyaml，读取会慢很多（请重装 PyYAML）"), err=True)
    return root or given.get("root") or Path()


@contextmanager
def answers(*revisions: str, root: Path) -> Iterator[None]:
    """Turn a wrong place, year or revision into a message."""
    try:
        yield
    except MissingRubricError:
        raise EnvironmentProblem(
            tr("{root} 里没有 rubric.yml：请在考核仓库里运行，或用 --root 指明", root=root)
        ) from None
    except GitError as error:
        raise git_problem(error, *revisions) from None
    except UnknownYearError as error:
        raise EnvironmentProblem(tr("没有 {year} 年的数据", year=error.args[0])) from None


def run(
    root: Path, year: int | None, ids: Sequence[str] = (), revision: str | None = None
) -> Evaluation:
    """Evaluate, and turn a wrong place, year or id into a message."""
    progress = ProgressLine(gettext("读取党支部"))
    try:
        with answers(revision or "HEAD", root=root):
            tree, source, receipts = snapshot_of(root, revision)
            evaluation = evaluate(
                tree, year, source=source, receipts=receipts, ids=ids, progress=progress
            )
    finally:
        progress.close()
    known = evaluation.ids or [p.name for p in sorted((root / "branches").glob("*"))]
    for branch_id in ids:
        if branch_id not in known:
            raise EnvironmentProblem(
                tr("没有支部“{id}”{nearest}", id=branch_id, nearest=nearest_text(branch_id, known))
            )
    return evaluation


def run_since(
    root: Path, since: str, year: int | None, ids: Sequence[str] = (), revision: str | None = None
) -> Evaluation:
    """Evaluate what changed since the merge base with ``since``, or all where that reaches all."""
    with answers(since, revision or "HEAD", root=root):
        found = evaluate_since(root, since, revision, year)
    if found is None:
        return run(root, year, ids, revision)
    if ids:
        found.findings = [f for f in found.findings if f.branch in ids]
    return found


def git_problem(error: GitError, *revisions: str) -> EnvironmentProblem:
    """Return what to tell a user where git has no answer."""
    if isinstance(error, MissingHistoryError):
        return EnvironmentProblem(
            gettext("这份克隆只有部分历史，无法判断；请先运行 git fetch --unshallow")
        )
    words = tr(
        "git 读不到“{revision}”：{error}", revision=visible(" ".join(revisions)), error=error
    )
    return EnvironmentProblem(words)


def branch_ids(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete branch ids on the shell."""
    root = context.params.get("root") or Path()
    return [p.name for p in sorted((root / "branches").glob(f"{incomplete}*")) if p.is_dir()]


def finish(evaluation: Evaluation) -> None:
    """Exit 1 where an error was found."""
    if evaluation.errors:
        sys.exit(ERRORS)
