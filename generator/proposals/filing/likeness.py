"""Another record as a start: last year's, another branch's, by its path or by the year."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, TypeVar

from generator.files.paths import (
    ACTIVITIES,
    BRANCH_FILE,
    DOCUMENTS,
    RECORD_FILES,
    SELF_ASSESSMENT_FILE,
    YEAR,
    BranchPath,
    RecordPath,
    branch_folder,
    branch_path,
    is_branch_id,
    year_folder,
)
from generator.formats.branch_files import (
    ACTIVITY,
    BRANCH,
    DOCUMENT,
    SELF_ASSESSMENT,
)
from generator.formats.records import read_keys
from generator.formats.shapes import Context
from generator.loading.reader import Reader
from generator.proposals.filing.forms import FIELDS
from generator.proposals.filing.plain import plain_of
from generator.rubric.document import document_fields
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import Message, listed, say, some
from generator.text.names import SHORT, visible
from generator.text.unknown import NAMED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.formats.shapes import Shape
    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.desk import Desk
    from generator.proposals.filing.forms import Values

R = TypeVar("R")

#: What another record never gives: files are its own, a due entry is answered once, a day is past.
OWN = frozenset({"plan", "record", "photos", "attendance", "files", "due", "date"})
#: What another branch never gives.
OWN_OF_BRANCH = frozenset({"name", "formerly"})
ENDS = re.compile(
    "/(?:" + "|".join(map(re.escape, (*RECORD_FILES.values(), SELF_ASSESSMENT_FILE, BRANCH_FILE)))
    + ")?$"
)  # fmt: skip
NONE = mark("没有找到“{text}”：写往年，或记录的路径，例如 {example}")
SEVERAL = mark("“{text}”里合适的不止一个，请写清楚是哪一个：{found}")
GARBLED = mark("{path} 读不懂，不能照着填")


class LikeError(Exception):
    """What a record is to be like cannot be found, or be read, or is several."""

    def __init__(self, message: Message) -> None:
        """Keep the words for whoever asked."""
        super().__init__(message)
        self.message = message


def like_branch(desk: Desk, text: str) -> Values:
    """Return what another branch is, as a start; raises LikeError."""
    name = ENDS.sub("", text).rpartition("/")[2]
    path = branch_path(name)
    if not is_branch_id(name) or not is_file(desk, path):
        raise LikeError(say(NONE, text=visible(text, SHORT), example="demo-a"))
    return {key: v for key, v in plain_of(load(desk, path, BRANCH)).items()
            if key not in OWN_OF_BRANCH}  # fmt: skip


def like_activity(desk: Desk, text: str, values: Values) -> Values:
    """Return what another activity says that may be so again; raises LikeError."""
    types = values.get("type")
    wanted = types if isinstance(types, tuple) else ()
    record = found_record(desk, text, ACTIVITIES, ACTIVITY, lambda a: set(a.type) >= set(wanted))
    return {key: value for key, value in plain_of(record).items() if key not in OWN}


def like_document(desk: Desk, text: str, values: Values) -> Values:
    """Return what another document says that may be so again; raises LikeError."""
    kind = values.get("kind")
    record = found_record(desk, text, DOCUMENTS, DOCUMENT, lambda d: kind in {None, d.kind})
    found: Values = {key: value for key, value in plain_of(record).items() if key not in OWN}
    definition = desk.rubric.document_kind(record.kind)
    if definition is None or record.fields is None or kind not in {None, record.kind}:
        return found
    fields = read_keys(document_fields(definition), record.fields, Place(""), Context(Report()),
                       required=False)  # fmt: skip
    days = (datetime.date,)
    return {**found, **{f"{FIELDS}.{k}": v for k, v in fields.items() if not isinstance(v, days)}}


def like_claim(desk: Desk, text: str, values: Values) -> Values:
    """Return the claim of the same criterion elsewhere, with evidence that is here; LikeError."""
    assessment = load(desk, assessment_like(desk, text), SELF_ASSESSMENT)
    claim = assessment.claims.get(f"{values.get('criterion')}")
    return with_evidence(desk, plain_of(claim)) if claim is not None else {}


def like_bonus(desk: Desk, text: str, values: Values) -> Values:
    """Return the bonus claim of the same id elsewhere, or the only one; raises LikeError."""
    assessment = load(desk, assessment_like(desk, text), SELF_ASSESSMENT)
    wanted = {key: values[key] for key in ("id", "rule") if values.get(key) is not None}
    fitting = [c for c in assessment.bonus
               if all(getattr(c, key) == value for key, value in wanted.items())]  # fmt: skip
    if len(fitting) > 1:
        shown = listed(say("{id}（{title}）", id=c.id or "", title=c.matter or "") for c in fitting)
        raise LikeError(say(SEVERAL, text=visible(text, SHORT), found=shown))
    if not fitting:
        return {}
    found = with_evidence(desk, plain_of(fitting[0]))
    return {key: value for key, value in found.items() if key not in {"id", "date"}}


def with_evidence(desk: Desk, values: Mapping[str, Plain]) -> Values:
    """Return values of which the evidence is there this year."""
    here = {own.reference for own in desk.cited}
    cited = values.get("evidence")
    kept = tuple(name for name in cited if name in here) if isinstance(cited, tuple) else ()
    found: Values = {key: value for key, value in values.items() if key != "evidence"}
    return {**found, "evidence": kept} if kept else found


def assessment_like(desk: Desk, text: str) -> str:
    """Return the path of a self-assessment that is named by its year, branch or path."""
    name = ENDS.sub("", text)
    candidates = [f"{year_folder(desk.branch, name)}/{SELF_ASSESSMENT_FILE}" if YEAR.fullmatch(name)
                  else f"{name}/{SELF_ASSESSMENT_FILE}"]  # fmt: skip
    if is_branch_id(name):
        candidates.append(f"{year_folder(name, desk.year)}/{SELF_ASSESSMENT_FILE}")
    for path in candidates:
        if is_file(desk, path):
            return path
    raise LikeError(say(NONE, text=visible(text, SHORT), example=f"{desk.year - 1}"))


def found_record(
    desk: Desk, text: str, group: str, shape: Shape[R], fits: Callable[[R], bool]
) -> R:
    """Return the record that is named by its path, or the only one of a year that fits."""
    name = ENDS.sub("", text)
    file = RECORD_FILES[group]
    last = year_folder(desk.branch, desk.year - 1)
    homes = (
        "", f"{desk.folder}/", f"{desk.folder}/{group}/", f"{branch_folder(desk.branch)}/",
        f"{last}/", f"{last}/{group}/",
    )  # fmt: skip
    for home in homes:
        path = f"{home}{name}/{file}"
        if RecordPath.of(path) is not None and is_file(desk, path):
            return load(desk, path, shape)
    if not YEAR.fullmatch(name):
        example = f"{year_folder(desk.branch, desk.year - 1)}/{group}/plan"
        raise LikeError(say(NONE, text=visible(text, SHORT), example=example))
    prefix = f"{year_folder(desk.branch, name)}/{group}/"
    records = {
        path: record
        for path in desk.entries
        if path.startswith(prefix)
        and path.endswith(f"/{file}")
        and (record := Reader(desk.tree, Report()).load(path, shape)[0]) is not None
        and fits(record)
    }
    if len(records) == 1:
        return next(iter(records.values()))
    if not records:
        raise LikeError(say(NONE, text=visible(text, SHORT), example=f"{prefix}plan"))
    folders = sorted(path[len(prefix) :].partition("/")[0] for path in records)
    names = [f"{name}/{group}/{folder}" for folder in folders]
    raise LikeError(say(SEVERAL, text=visible(text, SHORT), found=some(names, NAMED)))


def load(desk: Desk, path: str, shape: Shape[R]) -> R:
    """Return a record of a file; raises LikeError where it cannot be read."""
    record, _ = Reader(desk.tree, Report()).load(path, shape)
    if record is None:
        raise LikeError(say(GARBLED, path=visible(path)))
    return record


def is_file(desk: Desk, path: str) -> bool:
    """Whether a file of a branch is there."""
    own = BranchPath.of(path)
    if own is None or own.branch not in desk.repository.names:
        return False
    return any(entry.path == path and entry.is_file for entry in desk.tree.folder(own.branch))
