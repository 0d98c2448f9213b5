"""All drafts together: the files that they make, one laid beside the other."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from generator.files.paths import ACTIVITY_FOLDER
from generator.files.tree import Entry, EntryKind
from generator.formats.writing import UneditableError, UnwritableError
from generator.proposals.filing.answers import AnswerError
from generator.proposals.filing.assessing import Changes, Renewal, SelfForm, values_of
from generator.proposals.filing.claiming import BONUS, CLAIMS, CRITERION, SUBMITTED, BonusForm
from generator.proposals.filing.desk import Cited
from generator.proposals.filing.forms import FOLDER, Draft
from generator.site.form.answering.arguments import RefusedError
from generator.site.form.answering.opening import GARBLED, Opening
from generator.site.form.answering.pieces import Piece
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import SHORT, visible
from generator.text.names import folded as folded_name
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.attached import Given
    from generator.proposals.filing.desk import Desk
    from generator.proposals.filing.forms import Values
    from generator.site.form.answering.arguments import Filled
    from generator.site.form.answering.ground import Ground
    from generator.text.findings import Finding
    from generator.text.messages import Words

TAKEN_FOLDER = mark("已经有文件夹“{name}”：换一个短名")
TAKEN_BONUS = mark("加分申报的编号“{id}”已经有了：换一个，或者不写")
TAKEN_FILE = mark("这条记录里已经有同名的文件“{name}”：先给这一份改名再选")
GONE_FILE = mark("附件“{name}”不在这台设备上了：请重新选一次")
OTHER_DAY = mark(
    "这条记录的文件夹按 {day} 取名，日期不能在这里改：记错的，告诉办公室；另一天的，另填一次"
)
UNWRITABLE = mark("写不成文件：{reason}（{place}）")
#: Forms of records that claims may cite.
EVIDENCE = frozenset({"activity", "document"})


class Unopened:
    """A draft that cannot be opened: why."""

    def __init__(self, filled: Filled, words: Words) -> None:
        self.filled = filled
        self.words = words


class Filing:
    """Drafts on their way, and the files that they make over what is there.

    ``pieces`` stand in the order in which they came; claims may cite records of other drafts.
    """

    def __init__(
        self, ground: Ground, drafts: Sequence[Filled], files: Mapping[str, Mapping[str, Given]]
    ) -> None:
        self.ground = ground
        self.desk: Desk = ground.desk
        self.attached = files
        self.pieces: list[Piece] = []
        self.unopened: list[Unopened] = []
        self.made: dict[str, bytes] = {}
        evidence = [own for own in drafts if own.form in EVIDENCE]
        for filled in evidence:
            self._take(filled)
        for filled in drafts:
            if filled not in evidence:
                self._take(filled)
        self._assess([own for own in self.pieces if not own.opening.group])
        order = [own.draft for own in drafts]
        self.pieces.sort(key=lambda piece: order.index(piece.filled.draft))

    @property
    def files(self) -> dict[str, bytes]:
        """Path → content of every file that differs from what is there."""
        return {p: data for p, data in sorted(self.made.items()) if data != self.ground.held(p)}

    @property
    def finished(self) -> list[Filled]:
        """The drafts of which nothing is missing or wrong."""
        return [piece.filled for piece in self.pieces if piece.is_finished]

    def of(self, drafts: Sequence[Filled]) -> Filing:
        """Return the filing of some of the drafts."""
        return Filing(self.ground, drafts, self.attached)

    @property
    def open_paths(self) -> list[str]:
        """Files that are renewed and of which the own bytes are not known here."""
        return [path for path in self.files if not self.ground.exact(path)]

    def piece(self, draft: str | None) -> Piece | None:
        """Return the piece of a draft, None without one."""
        return next((own for own in self.pieces if own.filled.draft == draft), None)

    def blamed(self, finding: Finding) -> tuple[Piece, str] | None:
        """Return the piece and the key of the question that a finding is about."""
        for piece in self.pieces:
            draft = piece.draft
            if draft is None or not is_about(finding, draft, piece):
                continue
            return piece, piece.opening.form.blamed(finding, draft, piece.values)
        return None

    def _take(self, filled: Filled) -> None:
        try:
            opening = Opening(self.desk, filled.form, filled.id)
        except RefusedError as error:
            self.unopened.append(Unopened(filled, error.words))
            return
        given = self.attached.get(filled.draft, {})
        own = {name: given[name] for name in filled.files if name in given}
        piece = Piece.of(filled, opening, own if opening.form.attaching else {})
        if (words := misplaced_day(piece)) is not None:
            piece.problems["date"] = AnswerError(words)
        for name in filled.files if opening.form.attaching else ():
            if name not in given:
                piece.unplaced[name] = say(GONE_FILE, name=visible(name, SHORT))
        self.pieces.append(piece)
        if opening.group and piece.is_idle:
            data = self.ground.held(opening.path) or b""
            piece.draft = Draft(opening.path, data, "", data)
        elif opening.group:
            self._record(piece)

    def _record(self, piece: Piece) -> None:
        """Make a record of evidence with the files beside it."""
        opening, data = piece.opening, {name: own.data for name, own in piece.files.items()}
        try:
            if opening.is_new:
                draft = opening.form.draft(piece.values, data)
            else:
                before = self.ground.held(opening.path) or b""
                home = opening.path.rpartition("/")[0]
                beside = {f"{home}/{name}": own for name, own in data.items()}
                renewed = opening.renewed(before, piece.changes)
                draft = Draft(opening.path, renewed, "", before, beside)
        except UneditableError:
            piece.failure = say(GARBLED, path=visible(opening.path))
            return
        except UnwritableError as error:
            piece.failure = unwritable(error)
            return
        self._refuse_taken(piece, draft)
        piece.draft = draft
        self.made |= draft.files
        entries = [Entry(p, EntryKind.FILE, len(own)) for p, own in draft.files.items()]
        self.desk = self.desk.with_records([cited(piece, draft)], entries)

    def _refuse_taken(self, piece: Piece, draft: Draft) -> None:
        """Keep what would be overwritten among the problems of a piece."""
        there = {folded_name(path) for path in (*self.desk.entries, *self.made)}
        if piece.opening.is_new and folded_name(draft.path) in there:
            name = draft.path.split("/")[-2]
            piece.problems[FOLDER] = AnswerError(say(TAKEN_FOLDER, name=visible(name, SHORT)))
        for path in draft.attachments:
            if folded_name(path) in there:
                name = path.rpartition("/")[2]
                piece.unplaced[name] = say(TAKEN_FILE, name=visible(name, SHORT))

    def _assess(self, pieces: Iterable[Piece]) -> None:
        """Make the self-assessment of all that is said of it."""
        claims: Changes = {}
        bonus: Changes = {}
        day: Plain | None = None
        own: list[tuple[Piece, str]] = []
        for piece in pieces:
            day = piece.values.get(SUBMITTED) or day
            for name, changes in self._claimed(piece).items():
                claims[name] = {**claims.get(name, {}), **changes}
            if piece.opening.name == BonusForm.what:
                name = self._bonus_id(piece, bonus)
                changes = {k: v for k, v in piece.changes.items() if k not in {"id", SUBMITTED}}
                bonus[name] = {**bonus.get(name, {}), **changes}
                place = piece.opening.index if piece.opening.id else self._behind(piece, own)
                own.append((piece, f"/{BONUS}/{place}"))
            else:
                criterion = piece.values.get(CRITERION)
                own.append((piece, f"/{CLAIMS}/{criterion}" if criterion else ""))
        if any(claims.values()) or any(bonus.values()) or day is not None:
            self._write(Renewal(claims, bonus, day), own)
            return
        path, data = self.desk.assessment_path, self.desk.assessment_bytes
        if data is not None:
            for piece, pointer in own:
                piece.draft = Draft(path, data, pointer, data)

    def _claimed(self, piece: Piece) -> Changes:
        """Return what a piece renews of claims."""
        if piece.opening.name == BonusForm.what:
            return {}
        if piece.opening.name == SelfForm.what:
            found = {name: values_of(piece.changes, name) for name in self.desk.rubric.criteria}
            return {name: changes for name, changes in found.items() if changes}
        criterion = piece.values.get(CRITERION)
        changes = {k: v for k, v in piece.changes.items() if k not in {CRITERION, SUBMITTED}}
        return {f"{criterion}": changes} if criterion and changes else {}

    def _bonus_id(self, piece: Piece, taken: Changes) -> str:
        """Return the id of a bonus claim: its own, what was asked for, or the next free one."""
        if piece.opening.id:
            return piece.opening.id
        form = piece.opening.form
        there = {*taken, *(form.taken if isinstance(form, BonusForm) else ())}
        wanted = piece.values.get("id")
        if wanted is not None and wanted in there:
            piece.problems["id"] = AnswerError(say(TAKEN_BONUS, id=f"{wanted}"))
            wanted = None
        number = 1
        while f"{BONUS}-{number}" in there:
            number += 1
        return f"{wanted or f'{BONUS}-{number}'}"

    def _behind(self, piece: Piece, before: Sequence[tuple[Piece, str]]) -> int:
        """Return the place of a new bonus claim: behind those of the file and of other drafts."""
        form = piece.opening.form
        there = form.assessment.bonus if isinstance(form, BonusForm) and form.assessment else ()
        new = [own for own, _ in before if own.opening.name == BonusForm.what]
        return len(there) + sum(own.opening.is_new for own in new)

    def _write(self, renewal: Renewal, own: Sequence[tuple[Piece, str]]) -> None:
        path, before = self.desk.assessment_path, self.desk.assessment_bytes
        failure: Words | None = None
        try:
            data = renewal.of(before)
        except UneditableError:
            failure = say(GARBLED, path=visible(path))
        except UnwritableError as error:
            failure = unwritable(error)
        for piece, pointer in own:
            piece.settled = frozenset({SUBMITTED} if renewal.submitted is not None else ())
            piece.failure = failure
            piece.draft = None if failure else Draft(path, data, pointer, before)
        if failure is None:
            self.made[path] = data


def misplaced_day(piece: Piece) -> Words | None:
    """Return why an activity cannot have another day: its folder is called by the one it has."""
    opening = piece.opening
    day = piece.changes.get("date")
    found = ACTIVITY_FOLDER.fullmatch(f"{opening.id}".rpartition("/")[2])
    if opening.name != "activity" or found is None or day is None or f"{day}" == found[1]:
        return None
    return say(OTHER_DAY, day=found[1])


def unwritable(error: UnwritableError) -> Words:
    """Return words for what no file can hold."""
    return say(UNWRITABLE, reason=error.reason, place=visible(error.pointer))


def is_about(finding: Finding, draft: Draft, piece: Piece) -> bool:
    """Whether a finding lies in what a piece makes: its part of a file, or beside it."""
    if finding.path == draft.path:
        return f"{finding.pointer}/".startswith(f"{draft.pointer}/")
    home = draft.path.rpartition("/")[0]
    return bool(piece.opening.group) and finding.path.startswith(f"{home}/")


def cited(piece: Piece, draft: Draft) -> Cited:
    """Return a record on its way as claims cite it."""
    values: Values = piece.values
    day = values.get("date")
    folder = draft.path.split("/")[-2]
    kind = "activity" if piece.opening.name == "activity" else f"{values.get('kind') or ''}"
    title = masked(f"{values.get('title') or folder}")
    return Cited(f"{piece.opening.group}/{folder}", kind, title, as_day(day))


def as_day(value: Plain | None) -> datetime.date | None:
    """Return an answer that is a day."""
    return value if isinstance(value, datetime.date) else None
