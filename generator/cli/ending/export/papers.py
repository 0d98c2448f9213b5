"""Papers in Word: the notice, letters, the self-assessment of a branch, ballot papers."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    Computing,
    EnvironmentProblem,
    UnknownBranch,
    common,
    computing,
    prepare,
)
from generator.cli.ending.export.making import exporting, fitting, told, written
from generator.cli.line.completion import branch_ids
from generator.cli.line.saying import argument, command, option
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import BranchResult, Results

WORD = ".docx"
FINAL = "final"


@contextmanager
def templates() -> Iterator[None]:
    """Turn why a template cannot be filled into a message."""
    from generator.exchange.papers.paper import TemplateError

    try:
        yield
    except TemplateError as error:
        raise EnvironmentProblem(str(error.words)) from None


def branch_of(results: Results, name: str) -> BranchResult:
    """Return a branch's result; raises UnknownBranch."""
    known = {branch.id: branch for branch in results.branches}
    if name not in known:
        raise UnknownBranch(name, known)
    return known[name]


@command("通报：按公文格式，各等次的名单，附排名；没有定稿的年度要加 --draft")
@option("--draft", is_flag=True, help="没有定稿也输出，每页标明是草稿")
@exporting
@common
def notice(
    file: Path, *, draft: bool, force: bool, how: Computing, root: Path | None, lang: str | None
) -> None:
    """Write the notice of a final year."""
    from generator.exchange.papers.notice import notice as made

    where = prepare(root, lang)
    fitting(file, WORD, force=force)
    found = told(where, how)
    if found.results.stage != FINAL and not draft:
        raise EnvironmentProblem(
            tr("{year} 年还没有定稿，不能印发通报；要看草稿，加 --draft", year=found.results.year)
        )
    if lang == "en":
        click.echo(gettext("通报只有中文的"), err=True)
    with templates():
        data = made(where, found.results, found.rubric, draft=found.results.stage != FINAL)
    written(file, data)


@command("告知书：每个支部一份，写明结果、失分的理由、怎样提出异议")
@argument("names", nargs=-1, required=True, metavar="支部编号…", shell_complete=branch_ids)
@argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@computing
@common
def letter(
    names: tuple[str, ...],
    folder: Path,
    *,
    force: bool,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """Write a letter to each of some branches into a folder."""
    from generator.exchange.papers.letter import letter as made

    where = prepare(root, lang)
    files = {name: folder / f"{name}{WORD}" for name in names}
    for file in files.values():
        fitting(file, WORD, force=force)
    found = told(where, how)
    results = found.results
    chosen = {name: branch_of(results, name) for name in names}
    with templates():
        letters = {
            name: made(where, results, found.rubric, branch, draft=results.stage != FINAL)
            for name, branch in chosen.items()
        }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in letters.items():
        written(files[name], data)


@command("自评表：支部已报的内容填好，打印后签字盖章")
@argument("name", metavar="支部编号", shell_complete=branch_ids)
@exporting
@common
def form(
    name: str, file: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None
) -> None:
    """Write the self-assessment of a branch."""
    from generator.exchange.papers.form import form as made

    where = prepare(root, lang)
    fitting(file, WORD, force=force)
    found = told(where, how)
    with templates():
        data = made(where, found.results, found.rubric, branch_of(found.results, name))
    written(file, data)


@command("测评表：述职测评时发给到会人员的纸质票")
@exporting
@common
def ballot_papers(
    file: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None
) -> None:
    """Write the ballot paper of the debrief."""
    from generator.exchange.papers.ballots import ballot_papers as made

    where = prepare(root, lang)
    fitting(file, WORD, force=force)
    found = told(where, how)
    with templates():
        data = made(where, found.results, found.rubric)
    written(file, data)


@command("书面述职评分表：没有参加现场测评的支部，看报告打分；不写支部的，列出还没有测评结果的")
@argument("names", nargs=-1, metavar="[支部编号]…", shell_complete=branch_ids)
@exporting
@common
def debrief_papers(
    names: tuple[str, ...],
    file: Path,
    *,
    force: bool,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """Write the paper on which written reports are scored."""
    from generator.exchange.papers.debrief import debrief_papers as made
    from generator.exchange.papers.debrief import scored_by_ballots, waiting

    where = prepare(root, lang)
    fitting(file, WORD, force=force)
    found = told(where, how)
    results, scored = found.results, scored_by_ballots(found.rubric)
    if scored is None:
        raise EnvironmentProblem(gettext("这一年的考核办法里没有述职测评"))
    chosen = [branch_of(results, name) for name in dict.fromkeys(names)]
    chosen = chosen or [*waiting(results, scored)]
    if not chosen:
        raise EnvironmentProblem(gettext("各支部都有了测评结果；要哪个支部的，写上它的编号"))
    with templates():
        data = made(where, results, found.rubric, scored, chosen)
    written(file, data)


PAPERS = {
    "notice": notice,
    "letter": letter,
    "form": form,
    "ballot-papers": ballot_papers,
    "debrief-papers": debrief_papers,
}
