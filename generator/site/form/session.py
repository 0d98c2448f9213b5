"""The session: what the page asks of the program, by the names of its methods (docs/format.md §11).

Every call takes one object of JSON and gives one; bytes go beside it. It keeps the published files,
the bytes of attached files and nothing else: drafts come whole with every call.
"""

from __future__ import annotations

import datetime
import json
import traceback
from typing import TYPE_CHECKING, NamedTuple

from generator.proposals.filing.desk import OPEN, UnreadableRubricError
from generator.reports.left.missing import Missing, waits
from generator.site.form.answering.arguments import (
    Filled,
    RefusedError,
    broken,
    draft_or_none,
    drafts_of,
    request_of,
    text_of,
    text_or_none,
    values_of,
)
from generator.site.form.answering.attaching import Attaching
from generator.site.form.answering.effect import effect_of
from generator.site.form.answering.filing import Filing
from generator.site.form.answering.ground import Ground
from generator.site.form.answering.handing import (
    files_shown,
    packed,
    promises,
    records_shown,
    titled,
)
from generator.site.form.answering.lacking import Lacking
from generator.site.form.answering.likes import likes_of, started
from generator.site.form.answering.opening import FORMS, TITLES, Opening, keys_at
from generator.site.form.answering.pieces import Piece, read, shown
from generator.site.form.answering.records import Records
from generator.site.form.answering.showing import (
    finding_shown,
    problems_shown,
    question_shown,
    sections_shown,
    told,
)
from generator.text.language import LANGUAGES, gettext, mark, set_language, tr
from generator.text.messages import say
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.engine.year import Evaluation
    from generator.proposals.filing.forms import Values
    from generator.site.form.answering.arguments import Arguments, Typed
    from generator.site.form.answering.ground import Published
    from generator.text.findings import Finding

Shown = dict[str, object]

CALLS = ("open", "overview", "form", "questions", "check", "attach", "detach", "sheet", "whole",
         "summary", "package")  # fmt: skip
#: Stages in which records are taken.
STAGES = frozenset({OPEN, "review"})
NO_CALL = mark("网页要做的事（{name}）这里没有，请刷新网页再试")
NOT_OPEN = mark("还没有打开支部的数据，请刷新网页再试")
CLOSED = mark("{year} 年现在不收材料")
NO_BRANCH = mark("没有支部“{id}”")
NO_RUBRIC = mark("考核办法读不懂，现在不能填报：请告诉办公室")
BROKEN = mark("程序出错了，草稿没有丢：请把这一句告诉办公室（{kind}）")
WHOLE_FIRST = mark("这一份在网站上没有全文（{path}）：要改它，先给出本支部自己的那一份")
TO_MEND, TO_FILL, READY = mark("有 {n} 处要改"), mark("还缺 {n} 项"), mark("填好了")


class Answer(NamedTuple):
    """What a call gives: JSON, and bytes beside it."""

    text: str
    data: bytes | None = None


class Session:
    """One branch and year, opened once."""

    def __init__(self) -> None:
        self.ground_: Ground | None = None
        self.today = datetime.date.min
        self.attaching = Attaching()

    @classmethod
    def over(cls, published: Published, branch: str, year: int, today: datetime.date) -> Session:
        """Return a session over files that are at hand; raises RefusedError."""
        own = cls()
        own.today = today
        own._stand(published, branch, year, {})
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
        if name in {"attach", "sheet", "whole"}:
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
        if self.ground_ is None:
            raise RefusedError(say(NOT_OPEN))
        return self.ground_

    def _stand(
        self, published: Published, branch: str, year: int, own: Mapping[str, bytes]
    ) -> None:
        try:
            ground = Ground(published, branch, year, own)
        except UnreadableRubricError:
            raise RefusedError(say(NO_RUBRIC)) from None
        if not ground.desk.exists:
            raise RefusedError(say(NO_BRANCH, id=visible(branch, SHORT)))
        if ground.desk.is_frozen or ground.desk.stage not in STAGES:
            raise RefusedError(say(CLOSED, year=year))
        self.ground_ = ground

    def open(self, args: Arguments) -> Shown:
        """Open the two bundles of a branch; raises RefusedError."""
        raise broken(what="shared")

    def overview(self, args: Arguments) -> Shown:
        """Return what is missing and what is there, drafts laid over it."""
        ground, filing = self.ground, self._filing(drafts_of(args))
        after = ground.after(filing.files)
        lacking = self._lacking(after)
        return {
            "branch": {"id": ground.branch, "name": ground.name},
            "year": ground.year,
            "stage": ground.desk.stage,
            "until": self._last(after),
            "left": self._left(after),
            "day": ground.day,
            "data": ground.published.data,
            "state": lacking.lack.state if lacking else "",
            "missing": lacking.shown if lacking else [],
            "waiting": [f"{item.title}" for item in lacking.lack.waiting] if lacking else [],
            "adding": [{"form": form, "title": gettext(TITLES[form])} for form in FORMS],
            "records": Records(ground, after).shown,
            "drafts": self._drafts(filing),
        }

    def form(self, args: Arguments) -> Shown:
        """Return a form: its questions, what the record says, what it may begin from."""
        filled = draft_or_none(args)
        name, id_ = text_of(args, "form"), text_or_none(args, "id")
        opening = Opening(self.ground.desk, name, id_)
        typed = filled.values if filled else values_of(args)
        given, _ = read(opening, typed, opening.start)
        like = text_or_none(args, "like")
        values = {**started(opening, like, given), **given} if like else {**opening.start, **given}
        return {
            "form": name,
            "id": id_,
            "title": f"{opening.title}",
            **self._questions(opening, values),
            "values": {**shown(opening, values), **asked_again(typed, given)},
            **self._withheld(opening),
            "likes": likes_of(opening),
        }

    def questions(self, args: Arguments) -> Shown:
        """Return the questions of a form as its answers leave them."""
        filled = draft_or_none(args)
        name, id_ = text_of(args, "form"), text_or_none(args, "id")
        opening = Opening(self.ground.desk, name, id_)
        given, _ = read(opening, filled.values if filled else values_of(args), opening.start)
        return self._questions(opening, {**opening.start, **given})

    def check(self, args: Arguments) -> Shown:
        """Return what is found about a draft, about the rest, and what all drafts do."""
        current = text_or_none(args, "current")
        filing = self._filing(drafts_of(args))
        after = self.ground.after(filing.files)
        findings, others = self._found(filing, after, current)
        lacking = self._lacking(after)
        return {
            "findings": findings,
            "others": others,
            "effect": self._effect(after),
            "missing": lacking.shown if lacking else [],
            "pending": [f"{words}" for words in self.ground.published.pending],
        }

    def attach(self, args: Arguments, data: bytes) -> tuple[Shown, bytes | None]:
        """Take the bytes of a file to be attached, without what its metadata tells."""
        draft, form = text_of(args, "draft"), text_or_none(args, "form")
        filled = Filled(draft, form, text_or_none(args, "id"), values_of(args)) if form else None
        return self.attaching.attach(self.ground.desk, draft, text_of(args, "name"), data, filled)

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
        if ground.held(path) is None:
            raise broken(what="path")
        self._stand(ground.published, ground.branch, ground.year, {**ground.own, path: data})
        return {"path": path}, None

    def summary(self, args: Arguments) -> Shown:
        """Return all that is handed in, before it is."""
        filing = self._filing(drafts_of(args))
        after = self.ground.after(filing.files)
        _, others = self._found(filing, after, None)
        lacking = self._lacking(after)
        return {
            "files": files_shown(filing),
            "records": records_shown(filing),
            "effect": self._effect(after),
            "findings": others,
            "missing": lacking.shown if lacking else [],
            "pending": [f"{words}" for words in self.ground.published.pending],
            "promises": promises(self.ground, self._new(after), self._last(after)),
        }

    def package(self, args: Arguments) -> tuple[Shown, bytes]:
        """Return the package of all drafts, as ``appraise import`` takes it."""
        filing = self._filing(drafts_of(args))
        findings = self.ground.after(filing.files).findings
        found = packed(filing, findings, text_or_none(args, "made") or "")
        return {"name": found.name, "size": len(found.data), "digest": found.digest}, found.data

    def _filing(self, drafts: tuple[Filled, ...]) -> Filing:
        return Filing(self.ground, drafts, self.attaching.files)

    def _questions(self, opening: Opening, values: Values) -> Shown:
        asked = opening.questions(values)
        return {
            "questions": [question_shown(q, steers=q.key in opening.steering) for q in asked],
            "sections": sections_shown(opening),
        }

    def _withheld(self, opening: Opening) -> Shown:
        path = opening.path
        if opening.is_new or self.ground.exact(path):
            return {"withheld": [], "whole": None}
        keys = keys_at(opening, self.ground.withheld(path))
        return {"withheld": keys, "whole": {"path": path, "words": tr(WHOLE_FIRST, path=path)}}

    def _lacking(self, evaluation: Evaluation) -> Lacking | None:
        result = self.ground.result(evaluation)
        if result is None or evaluation.results is None or evaluation.rubric is None:
            return None
        return Lacking(evaluation.results, evaluation.rubric, result, evaluation.findings)

    def _last(self, evaluation: Evaluation) -> str:
        results = evaluation.results
        return (results.deadline or results.period[1]) if results else ""

    def _left(self, evaluation: Evaluation) -> str:
        if evaluation.results is None:
            return ""
        missing = Missing(evaluation.results, self.today, (), 0)
        return waits(missing, missing.last)

    def _effect(self, after: Evaluation) -> list[Shown]:
        ground = self.ground
        return effect_of(ground.branch, ground.year, ground.before, after)

    def _new(self, after: Evaluation) -> list[Finding]:
        known = {(f.fingerprint, f.accepted is not None) for f in self.ground.before.findings}
        return [f for f in after.findings if (f.fingerprint, f.accepted is not None) not in known]

    def _found(
        self, filing: Filing, after: Evaluation, current: str | None
    ) -> tuple[list[Shown], list[Shown]]:
        """Return what is found about the current draft, by question, and all that is new beside."""
        own: list[Shown] = []
        others: list[Shown] = []
        new = self._new(after)
        for finding in after.findings:
            found = filing.blamed(finding)
            if found is not None and found[0].filled.draft == current:
                own.append(self._finding(finding, *found))
            elif finding in new:
                others.append(self._finding(finding, *found) if found else finding_shown(finding))
        for piece in filing.pieces:
            (own if piece.filled.draft == current else others).extend(self._problems(piece))
        for unopened in filing.unopened:
            mine = unopened.filled.draft == current
            (own if mine else others).append(
                {**told("", unopened.words), "draft": unopened.filled.draft}
            )
        return own, others

    def _finding(self, finding: Finding, piece: Piece, key: str) -> Shown:
        typed: Typed = piece.answered().get(key)
        name = finding.path.rpartition("/")[2]
        file = {"file": name} if piece.draft and finding.path in piece.draft.attachments else {}
        return {**finding_shown(finding, key, typed), **file, "draft": piece.filled.draft}

    def _problems(self, piece: Piece) -> list[Shown]:
        found = problems_shown(piece)
        opening = piece.opening
        if opening.path and not piece.is_idle and not self.ground.exact(opening.path):
            words = say(WHOLE_FIRST, path=visible(opening.path))
            found.append({**told("", words), "whole": opening.path})
        return [{**own, "draft": piece.filled.draft} for own in found]

    def _drafts(self, filing: Filing) -> list[Shown]:
        found: list[Shown] = []
        for piece in filing.pieces:
            wrong = len(piece.problems) + len(piece.unplaced) + (piece.failure is not None)
            state = gettext(READY)
            if wrong:
                state = tr(TO_MEND, n=wrong)
            elif piece.lacking:
                state = tr(TO_FILL, n=len(piece.lacking))
            found.append({"draft": piece.filled.draft, "title": titled(piece), "state": state})
        for unopened in filing.unopened:
            title = gettext(TITLES.get(unopened.filled.form, ""))
            found.append(
                {"draft": unopened.filled.draft, "title": title, "state": f"{unopened.words}"}
            )
        return found


def asked_again(typed: Mapping[str, Typed], given: Mapping[str, object]) -> Shown:
    """Return what was typed and could not be read, as it was typed."""
    return {key: own for key, own in typed.items() if key not in given and own is not None}


def written(document: object) -> str:
    """Return JSON."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def language_of(args: Arguments) -> None:
    """Choose the language of all words; raises RefusedError."""
    lang = text_or_none(args, "lang") or LANGUAGES[0]
    if lang not in LANGUAGES:
        raise broken(what="lang")
    set_language(lang)
