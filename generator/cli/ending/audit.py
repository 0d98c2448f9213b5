"""``appraise audit draw``: which records the committee looks at, drawn by lot."""

from __future__ import annotations

import json
import time
from decimal import Decimal

# Any: click hands a value to a type as it was given, and options by their names.
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from generator.cli.common import (
    DayType,
    EnvironmentProblem,
    answers,
    common,
    prepare,
    unwritten,
)
from generator.cli.line.completion import years
from generator.cli.line.saying import argument, command, option
from generator.files.paths import audit_path
from generator.text.days import day_of
from generator.text.language import gettext, tr
from generator.text.names import BIDI, CONTROL, UNDECODED, visible

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from generator.formats.received import Audit
    from generator.proposals.lot import Drawn, Lot, Terms

SCHEMA = "appraisal-lot/1"
#: Paths that are named where the file has some that were not drawn.
NAMED = 5


class ShareType(click.ParamType["Decimal"]):
    """A share, above 0 and up to 1."""

    name = "SHARE"

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Decimal:
        """Return the share; fails with a usage error."""
        from generator.formats.shapes import NUMBER

        if isinstance(value, Decimal):
            return value
        found = Decimal(value) if NUMBER.fullmatch(value) else Decimal(0)
        if not 0 < found <= 1:
            words = tr("“{text}”应大于 0、不超过 1，例如 0.1", text=visible(value))
            self.fail(words, parameter, context)
        return found


class SeedType(click.ParamType["str"]):
    """A text that draws: every sign of it counts, so that each can be seen."""

    name = "TEXT"

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> str:
        """Return the text without white space around it; fails with a usage error."""
        text = f"{value}".strip()
        hidden = (BIDI, CONTROL, UNDECODED)
        if not text or any(signs.search(text.replace("\n", "")) for signs in hidden):
            words = tr("“{text}”是空的，或者有看不见的字符", text=visible(text))
            self.fail(words, parameter, context)
        return text


class Given(NamedTuple):
    """What the options say to draw by."""

    seed: str | None
    known: datetime.date | None
    share: Decimal | None


class Kept(NamedTuple):
    """The file of the audit as it lies there: its bytes, and what they say; None where unsound."""

    path: str
    data: bytes
    audit: Audit | None


@command("抽查：按事先宣布的种子，抽出要查看的记录；谁来抽都一样")
@argument("action", metavar="draw", type=click.Choice(("draw",)))
@argument("year", type=click.IntRange(1000, 9999), metavar="年度", shell_complete=years)
@option("--seed", type=SeedType(), default=None, metavar="种子", help="默认用 audit.yml 的 seed")
@option("--known", type=DayType(), default=None, metavar="日期", help="默认用 audit.yml 的 known")
@option("--share", type=ShareType(), default=None, metavar="比例", help="默认用 audit.yml 的 share")
@option("--format", "form", type=click.Choice(("text", "json")), default="text", help="输出格式")
@option("--write", is_flag=True, help="把抽中的记录写进 audit.yml")
@common
def audit(
    year: int,
    *,
    action: str,
    form: str,
    write: bool,
    root: Path | None,
    lang: str | None,
    **given: Any,
) -> None:
    """Draw, and print what was drawn; write it with ``--write``."""
    del action
    where = prepare(root, lang)
    with answers("HEAD", root=where):
        kept = kept_of(where, year)
        terms = terms_of(kept, Given(**given))
        if write:
            writable(kept, terms)
        lot = drawn(where, year, terms)
    click.echo(as_json(lot) if form == "json" else as_text(lot), nl=False)
    for line in told(lot, kept, wrote=write):
        click.echo(line, err=True)
    if write:
        put(where, kept, lot)


def kept_of(root: Path, year: int) -> Kept:
    """Read the file of the audit from the disk; raises UnknownYearError."""
    from generator.engine.repository import UnknownYearError, open_repository
    from generator.files.tree import WorkingTree
    from generator.formats.nodes import COMMITTEE_LIMITS
    from generator.formats.received import AUDIT
    from generator.loading.reader import Reader
    from generator.text.findings import Report

    repository, path = open_repository(WorkingTree(root)), audit_path(year)
    if not repository.knows(year):
        raise UnknownYearError(year)
    if not repository.is_file(path):
        return Kept(path, b"", None)
    tree, report = repository.tree, Report()
    found, _ = Reader(tree, report).load(path, AUDIT, limits=COMMITTEE_LIMITS)
    if found is None or any(finding.severity == "error" for finding in report.findings):
        words = tr("{path} 有错误，不能据以抽取：请先按 appraise check 的提示改正", path=path)
        raise EnvironmentProblem(words)
    return Kept(path, tree.read(path), found)


def terms_of(kept: Kept, given: Given) -> Terms:
    """Return what to draw by: options, and else what the file says."""
    from generator.proposals.lot import Terms

    own = kept.audit
    seed = given.seed or (own.seed if own else None)
    known = given.known or (own.known if own else None)
    share = given.share or (own.share if own else None)
    lacking = {"--seed": seed, "--known": known, "--share": share}
    if seed is None or known is None or share is None:
        names = gettext("、").join(name for name, value in lacking.items() if value is None)
        words = tr("不能抽取：请写 {names}，或先写在 {path} 里", names=names, path=kept.path)
        raise EnvironmentProblem(words)
    if own is not None and own.announced is not None and known < own.announced:
        raise EnvironmentProblem(
            tr(
                "不能抽取：种子 {known} 就能知道，早于宣布抽查的 {announced}",
                known=known,
                announced=own.announced,
            )
        )
    return Terms(seed, known, share)


def writable(kept: Kept, terms: Terms) -> None:
    """Refuse to write what the file does not say, or into no file."""
    own = kept.audit
    if own is None:
        words = tr(
            "没有 {path}，没有写：请先写上 announced、known 和 share，宣布以后再抽", path=kept.path
        )
        raise EnvironmentProblem(words)
    if (own.seed or terms.seed, own.known, own.share) != terms:
        words = tr("选项与 {path} 里的不同，没有写：以哪个为准，先在文件里改好", path=kept.path)
        raise EnvironmentProblem(words)


def drawn(root: Path, year: int, terms: Terms) -> Lot:
    """Draw, and turn why it cannot be into a message."""
    from generator.proposals.lot import NoHistoryError, TooEarlyError
    from generator.proposals.lot import draw as draw_lot

    try:
        return draw_lot(root, year, terms)
    except NoHistoryError:
        words = gettext("没有 git 历史，不知道那一天以前有哪些材料，不能抽取")
        raise EnvironmentProblem(words) from None
    except TooEarlyError:
        words = tr("不能抽取：{known} 以前主线还没有提交", known=terms.known)
        raise EnvironmentProblem(words) from None


def put(root: Path, kept: Kept, lot: Lot) -> None:
    """Write what was drawn into the file."""
    from generator.files.writing import UnwrittenError, write_whole
    from generator.formats.writing import UneditableError, UnwritableError
    from generator.proposals.lot import with_drawn

    if kept.audit is None:
        return
    try:
        data = with_drawn(kept.data, lot, kept.audit)
        if data == kept.data:
            click.echo(tr("抽中的都已经在 {path} 里，没有改动", path=kept.path), err=True)
            return
        write_whole(root / kept.path, data)
    except (UneditableError, UnwritableError):
        words = tr("{path} 读不懂，不能改写：请先按 appraise check 的提示改正", path=kept.path)
        raise EnvironmentProblem(words) from None
    except UnwrittenError as error:
        raise unwritten(error) from None
    click.echo(tr("已写入 {path}", path=kept.path), err=True)


def told(lot: Lot, kept: Kept, *, wrote: bool) -> list[str]:
    """Say from what was drawn, and in what the file differs."""
    from generator.proposals.lot import beside, missing

    lines = [
        tr(
            "依据 {known} 以前主线的最后一次提交 {commit}：{n} 条记录，抽中 {k} 条",
            known=lot.terms.known,
            commit=lot.commit[:12],
            n=lot.records,
            k=len(lot.drawn),
        )
    ]
    if lot.terms.known > day_of(int(time.time())):
        words = "{known} 还没有到：到那天以前主线还会变，抽中的也会变"
        lines.append(tr(words, known=lot.terms.known))
    left = missing(lot, kept.audit)
    if kept.audit is not None and left and not wrote:
        words = "{path} 里还缺 {n} 条，加 --write 写入"
        lines.append(tr(words, path=kept.path, n=len(left)))
    others = beside(lot, kept.audit) if kept.audit is not None else []
    if others:
        names = gettext("、").join(visible(path) for path in others[:NAMED])
        words = "{path} 里有 {n} 条不是抽中的：{names}"
        lines.append(tr(words, path=kept.path, n=len(others), names=names))
    return lines


def as_text(lot: Lot) -> str:
    """Return the paths in the order of the draw, and where those lie that were renamed since."""
    return "".join(f"{line_of(one)}\n" for one in lot.drawn)


def line_of(one: Drawn) -> str:
    """Return one record: its path then, and what became of it."""
    path, now = visible(one.path), [visible(path) for path in one.now]
    if one.now == (one.path,):
        return path
    if not now:
        return tr("{path}（后来删去了）", path=path)
    return tr("{path}（现在是 {now}）", path=path, now=gettext("、").join(now))


def as_json(lot: Lot) -> str:
    """Return the draw as JSON (docs/format.md, Audit by lot)."""
    document = {
        "schema": SCHEMA,
        "year": lot.year,
        "seed": lot.terms.seed,
        "known": f"{lot.terms.known}",
        "share": f"{lot.terms.share}",
        "commit": lot.commit,
        "records": lot.records,
        "drawn": [
            {
                "path": visible(one.path),
                "sha256": one.number,
                "now": [visible(path) for path in one.now],
            }
            for one in lot.drawn
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
