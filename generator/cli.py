"""The command line: options in, reports out. It holds no rule of the appraisal."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator import __version__
from generator.codes import CODES
from generator.evaluation import (
    Evaluation,
    MissingRubricError,
    UnknownYearError,
    evaluate,
)
from generator.explain import explain_branch, explain_code, explain_criterion
from generator.git import GitError
from generator.i18n import LANGUAGES, gettext, language, set_language, tr
from generator.progress import ProgressLine
from generator.reports.findings import as_github, as_json, as_sarif, as_text
from generator.reports.scores import as_csv, as_table
from generator.results import dump, to_json
from generator.shapes import nearest_text
from generator.source import HAVE_LIBYAML
from generator.sources import tree_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

F = TypeVar("F", bound="Callable[..., Any]")

FAULT = 3
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


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="appraise")
@common
@click.pass_context
def cli(context: click.Context, root: Path | None, lang: str | None) -> None:
    """党支部年度考核：校验、计分、说明、建站。 Appraisal of branches, computed from Git."""
    context.obj = {"root": root, "lang": lang}


def prepare(root: Path | None, lang: str | None) -> Path:
    """Take the options given before or after the command's name; return the root."""
    given = click.get_current_context().obj or {}
    set_language(lang or given.get("lang") or "zh")
    if not HAVE_LIBYAML:
        click.echo(gettext("警告：没有 libyaml，读取会慢很多（请重装 PyYAML）"), err=True)
    return root or given.get("root") or Path()


def run(
    root: Path, year: int | None, ids: Sequence[str] = (), revision: str | None = None
) -> Evaluation:
    """Evaluate, and turn a wrong place, year or id into a message."""
    progress = ProgressLine(gettext("读取党支部"))
    try:
        tree, source = tree_at(root, revision)
        evaluation = evaluate(tree, year, source=source, ids=ids, progress=progress)
    except MissingRubricError:
        raise EnvironmentProblem(
            tr("{root} 里没有 rubric.yml：请在考核仓库里运行，或用 --root 指明", root=root)
        ) from None
    except GitError as error:
        words = tr("git 读不到“{revision}”：{error}", revision=revision, error=error)
        raise EnvironmentProblem(words) from None
    except UnknownYearError as error:
        raise EnvironmentProblem(tr("没有 {year} 年的数据", year=error.args[0])) from None
    finally:
        progress.close()
    known = list(evaluation.cards) or [p.name for p in sorted((root / "branches").glob("*"))]
    for branch_id in ids:
        if branch_id not in known:
            raise EnvironmentProblem(
                tr("没有支部“{id}”{nearest}", id=branch_id, nearest=nearest_text(branch_id, known))
            )
    return evaluation


def branch_ids(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete branch ids on the shell."""
    root = context.params.get("root") or Path()
    return [p.name for p in sorted((root / "branches").glob(f"{incomplete}*")) if p.is_dir()]


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=branch_ids)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="输出格式 / output format",
)
@computing
@common
def check(
    ids: tuple[str, ...],
    form: str,
    year: int | None,
    revision: str | None,
    no_cache: bool,
    root: Path | None,
    lang: str | None,
) -> None:
    """校验全部文件，列出所有问题。 Validate; exit 1 where an error was found."""
    del no_cache
    evaluation = run(prepare(root, lang), year, ids, revision)
    if form == "json":
        click.echo(as_json(evaluation), nl=False)
    elif form == "sarif":
        click.echo(as_sarif(evaluation.findings), nl=False)
    elif form == "github":
        click.echo(as_github(evaluation.findings), nl=False)
    else:
        click.echo(as_text(evaluation.findings), nl=False)
    click.echo(summary(evaluation), err=True)
    finish(evaluation)


def summary(evaluation: Evaluation) -> str:
    """Say in one line what was checked and found."""
    counts = dict.fromkeys(("error", "warning", "notice"), 0)
    for finding in evaluation.findings:
        counts[finding.severity] += 1
    return tr(
        "已校验 {branches} 个支部、{files} 个文件：错误 {error}，警告 {warning}，提示 {notice}",
        branches=evaluation.branches,
        files=evaluation.files,
        **counts,
    )


def finish(evaluation: Evaluation) -> None:
    """Exit 1 where an error was found."""
    if evaluation.errors:
        sys.exit(ERRORS)


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...", shell_complete=branch_ids)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="输出格式 / output format",
)
@computing
@common
def score(
    ids: tuple[str, ...],
    form: str,
    year: int | None,
    revision: str | None,
    no_cache: bool,
    root: Path | None,
    lang: str | None,
) -> None:
    """计分并排名。 Compute points, ranks and grades; exit 1 where an error stands."""
    del no_cache
    evaluation = run(prepare(root, lang), year, ids, revision)
    if evaluation.results is None:
        click.echo(as_text(evaluation.findings), nl=False, err=True)
    elif form == "json":
        document = to_json(evaluation.results)
        if ids:
            document["branches"] = [b for b in document["branches"] if b["id"] in ids]
        click.echo(dump(document), nl=False)
    elif form == "csv":
        click.echo(as_csv(evaluation.results, ids), nl=False)
    else:
        click.echo(as_table(evaluation.results, ids), nl=False)
    if evaluation.errors:
        words = tr("有 {n} 个错误未改，结果不能发布；运行 appraise check 查看", n=evaluation.errors)
        click.echo(words, err=True)
    finish(evaluation)


@cli.command()
@click.argument("subject", metavar="CODE|ID", shell_complete=branch_ids)
@click.argument("criterion", required=False)
@computing
@common
def explain(
    subject: str,
    criterion: str | None,
    year: int | None,
    revision: str | None,
    no_cache: bool,
    root: Path | None,
    lang: str | None,
) -> None:
    """说明一条校验规则，或一个支部的每一分从何而来。 Explain a finding code or a point."""
    del no_cache
    where = prepare(root, lang)
    if subject.upper() in CODES:
        click.echo(explain_code(subject.upper()), nl=False)
        return
    evaluation = run(where, year, [subject], revision)
    if evaluation.results is None or evaluation.rubric is None:
        click.echo(as_text(evaluation.findings), nl=False, err=True)
        sys.exit(ERRORS)
    branch = evaluation.results.branch(subject)
    if criterion is None:
        click.echo(explain_branch(branch, evaluation.results), nl=False)
        return
    if criterion not in evaluation.rubric.criteria:
        known = evaluation.rubric.criteria
        raise click.UsageError(
            tr("没有小项“{id}”{nearest}", id=criterion, nearest=nearest_text(criterion, known))
        )
    if not branch.lines:
        raise EnvironmentProblem(
            tr("支部“{id}”在 {year} 年没有得分明细", id=subject, year=evaluation.results.year)
        )
    click.echo(explain_criterion(branch, criterion, evaluation.rubric), nl=False)


@cli.command()
@click.argument("name", required=False)
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="写入文件夹 / folder"
)
@common
def schema(name: str | None, output: Path | None, root: Path | None, lang: str | None) -> None:
    """输出各种文件的 JSON Schema，供编辑器使用。 JSON Schemas of all files."""
    from generator.schemas import all_schemas

    prepare(root, lang)
    schemas = all_schemas()
    if name is not None and name not in schemas:
        raise click.UsageError(
            tr("没有“{name}”{nearest}", name=name, nearest=nearest_text(name, schemas))
        )
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for key, document in schemas.items():
            text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
            (output / f"{key}.schema.json").write_text(text, encoding="utf-8")
        return
    chosen: object = schemas if name is None else schemas[name]
    click.echo(json.dumps(chosen, ensure_ascii=False, indent=2))


@cli.command()
@click.option(
    "--site-dir", type=click.Path(file_okay=False, path_type=Path), default=None, help="site"
)
@click.option("--quiet", is_flag=True, help="不显示进度 / no progress")
@click.option("--no-cache", is_flag=True, help="不用缓存 / compute everything anew")
@common
def build(
    site_dir: Path | None, quiet: bool, no_cache: bool, root: Path | None, lang: str | None
) -> None:
    """生成网站；有错误时不生成，旧网站保持不变。 Build the site, whole or not at all."""
    from generator.site import building

    del no_cache
    where = prepare(root, lang)
    target = site_dir or where / "site"
    try:
        building.build_site(where, target, language(), quiet=quiet)
    except building.PublishRefused as refused:
        click.echo(as_text(refused.findings), nl=False, err=True)
        click.echo(gettext("有错误未改，网站没有生成，旧网站保持不变"), err=True)
        sys.exit(ERRORS)
    except building.BuildBusyError:
        raise EnvironmentProblem(gettext("另一个生成正在进行，请稍后再试")) from None
    except (building.BuildTargetError, building.SiteBuildError) as error:
        raise EnvironmentProblem(str(error)) from None
    except MissingRubricError:
        raise EnvironmentProblem(
            tr("{root} 里没有 rubric.yml：请在考核仓库里运行，或用 --root 指明", root=where)
        ) from None
    if not quiet:
        click.echo(tr("网站已生成：{path}", path=target / "index.html"), err=True)


@cli.command()
@click.option("--address", default="127.0.0.1:8000", help="地址 / address")
@common
def serve(address: str, root: Path | None, lang: str | None) -> None:
    """在本机预览网站，改动后自动刷新。 Serve the site with reload on every edit."""
    from generator.site import building

    where = prepare(root, lang)
    building.serve_site(where, language(), address)


def main() -> None:
    """Run the command line; a fault of the program ends with exit status 3."""
    try:
        status = cli.main(standalone_mode=False, prog_name="appraise")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception:  # noqa: BLE001 - the last line of defence: shown whole, exit status 3
        traceback.print_exc()
        click.echo(gettext("程序出错（不是数据的问题）：请把以上内容报告给维护者"), err=True)
        sys.exit(FAULT)
    sys.exit(status if isinstance(status, int) else 0)
