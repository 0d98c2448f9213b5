"""Handing in: every file that changes, what is promised, the package that the office imports."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING, NamedTuple

from generator import __version__
from generator.files.paths import branch_of
from generator.files.tree import blob_id
from generator.proposals.packages.manifest import (
    MAX_FILES,
    MOMENT,
    File,
    Manifest,
    PackageError,
    check_total,
)
from generator.proposals.packages.packing import archived
from generator.reports.findings import safe
from generator.results.advice import REVIEW, REVIEWED
from generator.site.form.answering.arguments import RefusedError, broken
from generator.site.form.answering.showing import choices_shown, parts_shown
from generator.text.language import gettext, mark, tr
from generator.text.messages import say
from generator.text.names import visible
from generator.text.privacy import masked

if TYPE_CHECKING:
    from generator.proposals.filing.forms import Values
    from generator.proposals.filing.questions import Question
    from generator.site.form.answering.arguments import Typed
    from generator.site.form.answering.filing import Filing
    from generator.site.form.answering.ground import Ground
    from generator.site.form.answering.pieces import Piece
    from generator.text.findings import Finding

Shown = dict[str, object]

SHORT_DIGEST = 8
STRIPPED = mark("去掉了文件自带的信息（定位、作者等），画面和内容不变")
NEW, CHANGED = mark("新增"), mark("改动")
UNKNOWN = mark("“{path}”在网站上没有全文：先给出本支部自己的这一份，才能改它")
NOTHING = mark("没有要交的：草稿和已经报送的一样")
UNFINISHED = mark("“{title}”还有 {n} 处没有填好，先填好再交")
FAULTY = mark("还有 {n} 处错误要改好再交：{first}")
TOO_MANY = mark("这一次有 {n} 个文件，一次最多 {limit} 个：请分几次交")
RECEIVED = mark("交出去只表示材料已收到，不表示认可")
IN_TIME = mark("以收到的日期为准：{day} 及以前收到的都算按时")
CLEAN = mark("没有发现证件号、手机号等个人信息；附件已去掉自带的位置和作者")
KEPT = mark("“{name}”留在文件夹里：要删去，请告诉办公室")
GONE = mark("（删去）")


class Handed(NamedTuple):
    """A package: its name, its bytes, and the digest by which a receipt names it."""

    name: str
    data: bytes
    digest: str


def files_shown(filing: Filing) -> list[Shown]:
    """Return every file that changes: which record it belongs to, its size, what is told of it."""
    titles = {path: titled(piece) for piece in filing.pieces for path in paths_of(piece)}
    stripped = {path for piece in filing.pieces for path in stripped_of(piece)}
    return [
        {
            "path": safe(path),
            "title": titles.get(path, ""),
            "state": gettext(CHANGED if filing.ground.there(path) else NEW),
            "size": len(data),
            "notes": [tr(STRIPPED)] if path in stripped else [],
        }
        for path, data in filing.files.items()
    ]


def paths_of(piece: Piece) -> list[str]:
    """Return the files that a piece makes."""
    return [*piece.draft.files] if piece.draft else []


def stripped_of(piece: Piece) -> list[str]:
    """Return the attachments of which metadata was taken off."""
    there = piece.draft.attachments if piece.draft else {}
    names = {name for name, file in piece.files.items() if file.stripped}
    return [path for path in there if path.rpartition("/")[2] in names]


def records_shown(filing: Filing) -> list[Shown]:
    """Return every record of the drafts: whether it is new, its files, what stays behind."""
    return [
        {
            "draft": piece.filled.draft,
            "title": titled(piece),
            "state": gettext(NEW if piece.opening.is_new else CHANGED),
            "lines": [*facts_of(piece), *kept_files(piece, filing.ground)],
        }
        for piece in filing.pieces
    ]


def facts_of(piece: Piece) -> list[str]:
    """Return what is written: each question that is renewed with its answer, files by name."""
    found = []
    shown = piece.answered()
    for question in piece.opening.questions(piece.values):
        if question.key not in piece.changes:
            continue
        gone = piece.changes[question.key] is None
        words = worded(question, None if gone else shown.get(question.key))
        found.append(safe(masked(f"{question.title}：{words}")))
    return found


def worded(question: Question, value: Typed) -> str:
    """Return an answer in words: ids, yes and no, and parts by their titles."""
    if value is None:
        return gettext(GONE)
    titles = {f"{own['id']}": f"{own['title']}" for own in choices_shown(question)}
    if isinstance(value, str):
        return titles.get(value, value)
    if isinstance(value, tuple):
        return gettext("、").join(titles.get(own, own) for own in value)
    parts = {f"{own['name']}": f"{own['title']}" for own in parts_shown(question)}
    return gettext("、").join(f"{parts.get(name, name)} {own}" for name, own in value.items())


def kept_files(piece: Piece, ground: Ground) -> list[str]:
    """Return words for files of a record that nothing names any more: nobody takes them away."""
    if piece.opening.is_new or not piece.opening.group:
        return []
    home = piece.opening.path.rpartition("/")[0]
    there = {p.rpartition("/")[2] for p in ground.desk.entries if p.startswith(f"{home}/")}
    was, now = named_in(piece.opening.start), named_in(piece.values)
    return [tr(KEPT, name=safe(visible(name))) for name in sorted((was - now) & there)]


def named_in(values: Values) -> set[str]:
    """Return every text that answers hold: among them the names of files."""
    found: set[str] = set()
    for value in values.values():
        several = (*value.values(),) if isinstance(value, dict) else value
        found |= {f"{own}" for own in (several if isinstance(several, tuple) else (several,))}
    return found


def titled(piece: Piece) -> str:
    """Return what a draft is called in lists."""
    values = piece.values
    own = next((values[key] for key in ("title", "matter") if values.get(key)), None)
    return safe(masked(f"{own}")) if own is not None else f"{piece.opening.title}"


def promises(ground: Ground, findings: list[Finding], last: str) -> list[str]:
    """Return what handing in means, and what was looked for in vain."""
    found = [gettext(RECEIVED)]
    if ground.desk.stage == REVIEW:
        found.append(gettext(REVIEWED))
    elif last:
        found.append(tr(IN_TIME, day=last))
    if not any(finding.code == "E010" for finding in findings):
        found.append(gettext(CLEAN))
    return found


def packed(filing: Filing, new: list[Finding], made: str) -> Handed:
    """Return the package of all drafts; raises RefusedError for what nobody would import.

    ``new`` are the findings that the drafts bring.
    """
    refuse(filing, new)
    ground, contents = filing.ground, filing.files
    files = []
    for path, data in contents.items():
        before = ground.held(path)
        replaces = None if before is None else blob_id(before)
        files.append(File(path, hashlib.sha256(data).hexdigest(), len(data), replaces))
    base = ground.published.means.source.commit
    manifest = Manifest(ground.branch, ground.year, moment(made), __version__, base, tuple(files))
    name = f"{ground.branch}-{ground.year}-{manifest.digest[:SHORT_DIGEST]}.zip"
    return Handed(name, archived(manifest, contents), manifest.digest)


def refuse(filing: Filing, new: list[Finding]) -> None:
    """Raise RefusedError where drafts cannot become a package."""
    for unopened in filing.unopened:
        raise RefusedError(unopened.words)
    for piece in filing.pieces:
        refuse_unfinished(piece)
    for path in filing.open_paths:
        raise RefusedError(say(UNKNOWN, path=visible(path)))
    contents = filing.files
    if not contents:
        raise RefusedError(say(NOTHING))
    if len(contents) > MAX_FILES:
        raise RefusedError(say(TOO_MANY, n=len(contents), limit=MAX_FILES))
    try:
        check_total(sum(map(len, contents.values())))
    except PackageError as error:
        raise RefusedError(error.words) from None
    faults = [f for f in new if f.severity == "error" and branch_of(f.path) == filing.ground.branch]
    if faults:
        raise RefusedError(say(FAULTY, n=len(faults), first=faults[0].message))


def refuse_unfinished(piece: Piece) -> None:
    """Raise RefusedError where a draft is no record yet."""
    if piece.failure is not None:
        raise RefusedError(piece.failure)
    count = len(piece.problems) + len(piece.unplaced) + len(piece.owed)
    if count:
        raise RefusedError(say(UNFINISHED, title=titled(piece), n=count))


def moment(made: str) -> str | None:
    """Return the moment at which a package is made; raises RefusedError for what is none."""
    if not made:
        return None
    try:
        datetime.datetime.fromisoformat(made)
    except ValueError:
        raise broken(what="made") from None
    if not MOMENT.fullmatch(made):
        raise broken(what="made")
    return made
