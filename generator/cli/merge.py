"""``appraise merge``: join the parts of a year that several machines computed."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.common import Computing, EnvironmentProblem, at_work, common, prepare
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import joined
from generator.text.names import visible


@command("合并 --shard 分片计算的结果，输出与一次算完相同")
@argument(
    "parts",
    nargs=-1,
    required=True,
    metavar="分片…",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@option("--no-cache", is_flag=True, help="不用缓存")
@option("--at", "revision", metavar="版本", help="分片所据的 git 版本")
@common
def merge(
    parts: tuple[Path, ...],
    no_cache: bool,
    revision: str | None,
    root: Path | None,
    lang: str | None,
) -> None:
    """Join parts into the bytes of one run."""
    from generator.cli.check import show_check
    from generator.cli.score import show_score
    from generator.engine.shards import PartError, join_parts, parts_by_year, read_head

    where = prepare(root, lang)
    texts = {
        visible(str(path)): path.read_text("utf-8", errors="replace").splitlines() for path in parts
    }
    how = Computing(None, revision, no_cache, jobs=1, quiet=True)
    try:
        with at_work(where, how) as (tree, means):
            evaluation = joined([join_parts(tree, means, p) for p in parts_by_year(texts)])
        name, lines = next(iter(texts.items()))
        made_by = read_head(name, lines[0])["made_by"]
    except PartError as error:
        raise EnvironmentProblem(str(error)) from None
    show = {"check": show_check, "score": show_score}[made_by["command"]]
    show(evaluation, made_by["format"])
