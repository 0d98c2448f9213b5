"""The session: what the page asks of the program, by the names of its methods (docs/format.md §10).

Every call takes one object of JSON and gives one; bytes go beside it. It keeps the published files,
the bytes of attached files and nothing else: drafts come whole with every call.
"""

from __future__ import annotations

import datetime
import json
import traceback
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.repository import MissingRubricError
from generator.proposals.bundles.bundled import BundleError, bundled
from generator.proposals.bundles.trial import BundleTrial
from generator.proposals.filing.claiming import SUBMITTED
from generator.proposals.filing.desk import OPEN, UnreadableRubricError
from generator.results.advice import REVIEW, REVIEWED
from generator.site.form.answering.arguments import (
    MAX_BUNDLE,
    Filled,
    RefusedError,
    broken,
    day_of,
    draft_or_none,
    drafts_of,
    request_of,
    text_of,
    text_or_none,
    values_of,
    year_of,
)
from generator.site.form.answering.attaching import Attaching
from generator.site.form.answering.checking import WHOLE_FIRST, Checking
from generator.site.form.answering.filing import EVIDENCE, Filing
from generator.site.form.answering.ground import Ground, refuse_other
from generator.site.form.answering.handing import files_shown, packed, promises, records_shown
from generator.site.form.answering.likes import likes_of, started
from generator.site.form.answering.opening import FORMS, TITLES, Opening, keys_at
from generator.site.form.answering.pieces import read, shown
from generator.site.form.answering.records import Records
from generator.site.form.answering.showing import question_shown, sections_shown
from generator.text.language import LANGUAGES, gettext, mark, set_language, tr
from generator.text.messages import say
from generator.text.names import SHORT, UNDECODED, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.proposals.filing.forms import Values
    from generator.proposals.filing.trial import Trial
    from generator.site.form.answering.arguments import Arguments, Typed
    from generator.site.form.answering.ground import Published

Shown = dict[str, object]

CALLS = ("open", "overview", "form", "questions", "check", "attach", "detach", "sheet", "whole",
         "summary", "package")  # fmt: skip
#: Calls that come with bytes.
WITH_BYTES = frozenset({"attach", "sheet", "whole"})
#: Characters of the name of a file that is looked at: what is too long is told as such.
MAX_ATTACHED = 10_000
#: Stages in which records are taken.
STAGES = frozenset({OPEN, REVIEW})
NO_CALL = mark("网页要做的事（{name}）这里没有，请刷新网页再试")
NOT_OPEN = mark("还没有打开支部的数据，请刷新网页再试")
CLOSED = mark("{year} 年现在不收材料")
NO_BRANCH = mark("没有支部“{id}”")
NO_RUBRIC = mark("考核办法读不懂，现在不能填报：请告诉办公室")
BROKEN = mark("程序出错了，草稿没有丢：请把这一句告诉办公室（{kind}）")


class Answer(NamedTuple):
    """What a call gives: JSON, and bytes beside it."""

    text: str
    data: bytes | None = None


class Session:
    """One branch and year, opened once."""

    def __init__(self) -> None:
        self._ground: Ground | None = None
        self.today = datetime.date.min
        self.attaching = Attaching()

    @classmethod
    def over(cls, published: Published, trial: Trial, today: datetime.date) -> Session:
        """Return a session over files that are at hand; raises RefusedError."""
        own = cls()
        own.today = today
        own._stand(published, trial, {})
        return own

    def answer(self, request: str, data: bytes | None = None) -> Answer:
        """Return the answer to a request: a value, or a fault in words; raises nothing."""
        id_: object = None
        try:
            id_, call, args = request_of(request)
            value, beside = self.call(call, args, data)
            return Answer(written({"id": id_, "value": value}), beside)
        except RefusedError as error:
            fault = {"fault": f"{error.words}", "refused": True, "detail": ""}
        except Exception as error:  # noqa: BLE001 - a fault of the program is told, not swallowed
            kind = type(error).__name__
            detail = traceback.format_exc(limit=-3)
            fault = {"fault": tr(BROKEN, kind=kind), "refused": False, "detail": detail}
        return Answer(written({"id": id_, **fault}))

    def call(self, name: str, args: Arguments, data: bytes | None) -> tuple[object, bytes | None]:
        """Return the value of a call and the bytes beside it; raises RefusedError."""
        if name not in CALLS:
            raise RefusedError(say(NO_CALL, name=visible(name, SHORT)))
        if name in WITH_BYTES:
            if data is None:
                raise broken(what="bytes")
            given: tuple[object, bytes | None] = getattr(self, name)(args, data)
            return given
        if name == "package":
            return self.package(args)
        return getattr(self, name)(args), None

    @property
    def ground(self) -> Ground:
        """What lies there; raises RefusedError before a branch is opened."""
        if self._ground is None:
            raise RefusedError(say(NOT_OPEN))
        return self._ground

    def _stand(self, published: Published, trial: Trial, own: Mapping[str, bytes]) -> None:
        try:
            ground = Ground(published, trial, own)
        except (UnreadableRubricError, MissingRubricError):
            raise RefusedError(say(NO_RUBRIC)) from None
        if not ground.desk.exists:
            raise RefusedError(say(NO_BRANCH, id=visible(trial.branch, SHORT)))
        if ground.desk.is_frozen or ground.desk.stage not in STAGES:
            raise RefusedError(say(CLOSED, year=trial.year))
        self._ground = ground

    def open(self, args: Arguments) -> Shown:
        """Open the two bundles of a branch; raises RefusedError.

        Attached files stay, and where the bundles are the same so do the branch's own files.
        """
        today, lang = day_of(args), text_or_none(args, "lang") or LANGUAGES[0]
        if lang not in LANGUAGES:
            raise broken(what="lang")
        set_language(lang)
        shared, own = (text_of(args, name, MAX_BUNDLE) for name in ("shared", "own"))
        try:
            published = bundled(shared, own, today)
        except BundleError as error:
            raise RefusedError(error.words) from None
        if published.branch != text_of(args, "branch"):
            raise broken(what="branch")
        if year_of(args) not in {None, published.year}:
            raise broken(what="year")
        before = self._ground
        same = before is not None and before.published.data == published.data
        self.today = today
        self._stand(published, BundleTrial(published), before.own if before and same else {})
        return self.overview({})

    def overview(self, args: Arguments) -> Shown:
        """Return what is missing and what is there, drafts laid over it."""
        checking = self._checking(args)
        ground, lack = self.ground, checking.lacking.lack if checking.lacking else None
        notice = gettext(REVIEWED) if ground.desk.stage == REVIEW else ""
        return {
            "branch": {"id": ground.branch, "name": ground.name},
            "year": ground.year,
            "stage": ground.desk.stage,
            "until": checking.last,
            "left": checking.left(self.today),
            "day": ground.day,
            "data": ground.published.data,
            "state": (lack.state if lack else "") or notice,
            "notice": notice,
            "missing": checking.missing if checking.lacking else None,
            "waiting": [f"{item.title}" for item in lack.waiting] if lack else [],
            "adding": [{"form": form, "title": gettext(TITLES[form])} for form in FORMS],
            "records": Records(ground, checking.after).shown,
            "drafts": checking.drafts,
        }

    def form(self, args: Arguments) -> Shown:
        """Return a form: its questions, what the record says, what it may begin from."""
        filled = draft_or_none(args)
        opening = self._opening(args)
        typed = filled.values if filled else values_of(args)
        given, _ = read(opening, typed, opening.start)
        like = text_or_none(args, "like")
        start = started(opening, like, given) if like else opening.start
        values = {**start, **given}
        if opening.is_new and any(q.key == SUBMITTED for q in opening.questions(values)):
            values.setdefault(SUBMITTED, self.today)
        return {
            "form": opening.name,
            "id": opening.id,
            "title": f"{opening.title}",
            **asked(opening, values),
            "values": {**shown(opening, values), **unread(typed, given)},
            **self._withheld(opening),
            "likes": likes_of(opening),
        }

    def questions(self, args: Arguments) -> Shown:
        """Return the questions of a form as its answers leave them."""
        filled = draft_or_none(args)
        opening = self._opening(args)
        given, _ = read(opening, filled.values if filled else values_of(args), opening.start)
        return asked(opening, {**opening.start, **given})

    def check(self, args: Arguments) -> Shown:
        """Return what is found about a draft, about the rest, and what all drafts do."""
        checking = self._checking(args)
        findings, others = checking.findings(text_or_none(args, "current"))
        return {
            "findings": findings,
            "others": others,
            "effect": checking.effect,
            "missing": checking.missing,
            "pending": checking.pending,
        }

    def attach(self, args: Arguments, data: bytes) -> tuple[Shown, bytes | None]:
        """Take the bytes of a file to be attached, without what its metadata tells."""
        draft, form = text_of(args, "draft"), text_or_none(args, "form")
        filled = Filled(draft, form, text_or_none(args, "id"), values_of(args)) if form else None
        name = text_of(args, "name", MAX_ATTACHED)
        return self.attaching.attach(self.ground.desk, draft, name, data, filled)

    def detach(self, args: Arguments) -> Shown:
        """Drop the bytes of one file, or of all files of a draft."""
        self.attaching.detach(text_of(args, "draft"), text_or_none(args, "name"))
        return {}

    def sheet(self, args: Arguments, data: bytes) -> tuple[Shown, bytes | None]:
        """Return the attendance that a sheet tells, as counts: nothing of its names is kept."""
        return self.attaching.sheet(text_of(args, "name"), data), None

    def whole(self, args: Arguments, data: bytes) -> tuple[Shown, bytes | None]:
        """Take the branch's own file, of which not everything is published."""
        path = text_of(args, "path")
        ground = self.ground
        refuse_other(ground, path, data)
        self._stand(ground.published, ground.trial, {**ground.own, path: data})
        return {"path": path}, None

    def summary(self, args: Arguments) -> Shown:
        """Return all that is handed in, before it is."""
        checking = self._checking(args)
        _, others = checking.findings(None)
        return {
            "files": files_shown(checking.filing),
            "records": records_shown(checking.filing),
            "effect": checking.effect,
            "findings": others,
            "missing": checking.missing,
            "pending": checking.pending,
            "promises": promises(self.ground, checking.new, checking.last),
        }

    def package(self, args: Arguments) -> tuple[Shown, bytes]:
        """Return the package of all drafts, as ``appraise import`` takes it."""
        checking = self._checking(args)
        made = text_or_none(args, "made") or ""
        found = packed(checking.filing, checking.new, made)
        return {"name": found.name, "size": len(found.data), "digest": found.digest}, found.data

    def _checking(self, args: Arguments) -> Checking:
        filing = Filing(self.ground, drafts_of(args), self.attaching.files)
        return Checking(self.ground, filing)

    def _opening(self, args: Arguments) -> Opening:
        """Return a form at its record; claims may cite what other drafts bring."""
        name, id_ = text_of(args, "form"), text_or_none(args, "id")
        desk = self.ground.desk
        if args.get("drafts") and name not in EVIDENCE:
            beside = [own for own in drafts_of(args) if own.form in EVIDENCE]
            desk = Filing(self.ground, beside, self.attaching.files).desk
        return Opening(desk, name, id_)

    def _withheld(self, opening: Opening) -> Shown:
        path = opening.path
        if opening.is_new or self.ground.exact(path):
            return {"withheld": [], "whole": None}
        keys = keys_at(opening, self.ground.withheld(path))
        words = tr(WHOLE_FIRST, path=visible(path))
        return {"withheld": keys, "whole": {"path": path, "words": words}}


def asked(opening: Opening, values: Values) -> Shown:
    """Return the questions of a form, and the criteria under which they stand."""
    found = opening.questions(values)
    return {
        "questions": [question_shown(opening, question) for question in found],
        "sections": sections_shown(opening),
    }


def unread(typed: Mapping[str, Typed], given: Mapping[str, object]) -> Shown:
    """Return what was typed and could not be read, as it was typed."""
    return {key: own for key, own in typed.items() if key not in given and own is not None}


def written(document: object) -> str:
    """Return JSON; half of a sign, which no other program takes, is told by its number."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(document, separators=(",", ":")) if UNDECODED.search(text) else text
