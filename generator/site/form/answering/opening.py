"""A form opened at a record: what it asks, what the record's file says at each question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import ACTIVITIES, DOCUMENTS
from generator.formats.branch_files import ACTIVITY, DOCUMENT
from generator.formats.nodes import Mapping as Pairs
from generator.formats.nodes import Sequence as Items
from generator.formats.nodes import parse
from generator.formats.writing import Entries, edited
from generator.proposals.filing.answers import AnswerError
from generator.proposals.filing.assessing import SelfForm
from generator.proposals.filing.claiming import BONUS, CLAIMS, CRITERION, BonusForm, ClaimForm
from generator.proposals.filing.desk import record_path
from generator.proposals.filing.evidence import ActivityForm, DocumentForm
from generator.proposals.filing.forms import FIELDS, FOLDER
from generator.site.form.answering.arguments import RefusedError
from generator.site.form.answering.reading import taken, written_in
from generator.text.findings import Report, escape_pointer
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.formats.shapes import Shape
    from generator.proposals.filing.desk import Desk
    from generator.proposals.filing.forms import Form, Values
    from generator.proposals.filing.questions import Question
    from generator.site.form.answering.arguments import Typed
    from generator.text.messages import Words

#: Name of a form → what asks, in the order in which forms are offered.
FORMS: dict[str, type[Form]] = {
    form.what: form for form in (ActivityForm, DocumentForm, BonusForm, ClaimForm, SelfForm)
}
TITLES: dict[str, str] = {
    "activity": mark("一次活动"),
    "document": mark("一份材料"),
    "bonus": mark("一项加分申报"),
    "claim": mark("一个小项的自评"),
    "self": mark("全部自评"),
}
GROUPS = {"activity": ACTIVITIES, "document": DOCUMENTS}
SHAPES: dict[str, Shape[object]] = {ACTIVITIES: ACTIVITY, DOCUMENTS: DOCUMENT}
#: What the whole self-assessment is called where a record is named.
WHOLE = "self-assessment"
NO_FORM = mark("没有“{name}”这一种填报")
NO_RECORD = mark("没有记录“{name}”：可能已经改名或删去，请刷新网页再试")
GARBLED = mark("{path} 读不懂，不能在这里改：请先按校验提示改正，或请办公室帮忙")


class Opening:
    """A form at one record, or at a new one; raises RefusedError for what is not there.

    ``fixed`` are answers that the record settles, which are not asked. ``root`` is the record's
    part of its file, None for a new one, ``at`` the keys that lead to it.
    """

    def __init__(self, desk: Desk, name: str, id_: str | None) -> None:
        if name not in FORMS:
            raise RefusedError(say(NO_FORM, name=visible(name, SHORT)))
        self.desk = desk
        self.name = name
        self.id = id_
        self.form = FORMS[name](desk)
        self.path = ""
        self.index = 0
        self.fixed: Values = {}
        self.hidden: frozenset[str] = frozenset()
        self.root = self._opened()
        self.texts, self.start = self._started()

    @property
    def steering(self) -> frozenset[str]:
        """Keys of the questions on whose answers it hangs which others there are."""
        return self.form.steering - self.hidden

    @property
    def is_new(self) -> bool:
        """Whether there is no such record yet."""
        return self.root is None

    @property
    def title(self) -> Words:
        """What the form is called: the criterion of a claim, else the kind of record."""
        found = self.desk.rubric.criteria.get(f"{self.fixed.get(CRITERION)}")
        return (found[1].title if found else "") or say(TITLES[self.name])

    @property
    def pointer(self) -> str:
        """Where the record stands in its file."""
        if self.name == ClaimForm.what:
            return f"/{CLAIMS}/{self.id}"
        return f"/{BONUS}/{self.index}" if self.name == BonusForm.what else ""

    @property
    def group(self) -> str:
        """The folder of evidence that its records lie in; empty for the self-assessment."""
        return GROUPS.get(self.name, "")

    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions, as the answers so far leave them."""
        asked = self.form.questions({**values, **self.fixed})
        return tuple(question for question in asked if question.key not in self.hidden)

    def lacking(self, values: Values) -> list[Question]:
        """Return the questions that must be answered and are not."""
        return [q for q in self.questions(values) if q.required and values.get(q.key) is None]

    def _opened(self) -> Pairs | None:
        """Return the record's part of its file."""
        group = self.group
        if group:
            return self._evidence(group) if self.id else None
        self.path = self.desk.assessment_path
        whole = self._read(self.path) if self.path in self.desk.entries else None
        if self.name == SelfForm.what:
            return whole
        if self.name == ClaimForm.what:
            return self._claim(whole)
        return self._bonus(whole)

    def _evidence(self, group: str) -> Pairs:
        """Return the file of an activity or a document."""
        lead, _, folder = f"{self.id}".partition("/")
        self.path = record_path(self.desk, group, folder)
        if lead != group or "/" in folder or self.path not in self.desk.entries:
            raise self._missing()
        self.hidden = frozenset({FOLDER})
        return self._read(self.path)

    def _claim(self, whole: Pairs | None) -> Pairs | None:
        """Return the claim of a criterion, which need not be there yet."""
        if self.id is None:
            return None
        if self.id not in self.desk.rubric.criteria:
            raise self._missing()
        self.fixed, self.hidden = {CRITERION: self.id}, frozenset({CRITERION})
        claims = entry_of(whole, CLAIMS)
        found = entry_of(claims, self.id) if isinstance(claims, Pairs) else None
        return found if isinstance(found, Pairs) else None

    def _bonus(self, whole: Pairs | None) -> Pairs | None:
        """Return a bonus claim by its id."""
        if self.id is None:
            return None
        listed = entry_of(whole, BONUS)
        for self.index, item in enumerate(listed.items if isinstance(listed, Items) else ()):
            if isinstance(item, Pairs) and named(item) == self.id:
                self.fixed, self.hidden = {"id": self.id}, frozenset({"id"})
                return item
        raise self._missing()

    def _missing(self) -> RefusedError:
        return RefusedError(say(NO_RECORD, name=visible(f"{self.id}", SHORT)))

    def _read(self, path: str) -> Pairs:
        """Return a file as it is written; raises RefusedError."""
        try:
            node = parse(self.desk.tree.read(path), Report(), path)
        except FileNotFoundError:
            node = None
        if not isinstance(node, Pairs):
            raise RefusedError(say(GARBLED, path=visible(path)))
        return node

    def _started(self) -> tuple[dict[str, Typed], Values]:
        """Return what the file says at each question, and what of it can be read."""
        texts: dict[str, Typed] = {}
        values: Values = {}
        done: set[str] = set()
        while self.root is not None:
            for question in self.questions(values):
                if question.key in done:
                    continue
                done.add(question.key)
                texts[question.key] = text = written_in(question, self.root)
                try:
                    values[question.key] = taken(question, text, kept=texts_in(text))
                except AnswerError:
                    continue
                if question.key in self.steering:
                    break
            else:
                break
        return texts, {key: value for key, value in values.items() if value is not None}

    def renewed(self, before: bytes, changes: Values) -> bytes:
        """Return the file of evidence with some answers renewed, None for what goes."""
        shape = SHAPES[self.group]
        some: dict[str, object] = {k: v for k, v in changes.items() if not k.startswith(FIELDS)}
        below = {k.partition(".")[2]: v for k, v in changes.items() if k.startswith(f"{FIELDS}.")}
        kind = self.desk.rubric.document_kinds.get(
            f"{changes.get('kind') or self.start.get('kind')}"
        )
        free = kind.fields if kind else {}
        return edited(before, shape, {**some, **({FIELDS: Entries(below)} if below else {})}, free)


def entry_of(node: object, key: str) -> object:
    """Return what stands at a key of a mapping, None where there is none."""
    entry = node.entries.get(key) if isinstance(node, Pairs) else None
    return entry[1] if entry else None


def named(item: Pairs) -> str:
    """Return the id of a bonus claim as its file has it."""
    text = getattr(entry_of(item, "id"), "text", "")
    return f"{text}".strip()


def texts_in(text: Typed) -> tuple[str, ...]:
    """Return the entries of a list as it is written."""
    return text if isinstance(text, tuple) else ()


def changed(start: Values, texts: Mapping[str, Typed], given: Values) -> Values:
    """Return what differs from a file, None for what goes; what was not said stays."""
    return {
        key: value
        for key, value in given.items()
        if value != start.get(key) or (value is None and texts.get(key) is not None)
    }


def keys_at(opening: Opening, pointers: Sequence[str]) -> list[str]:
    """Return the keys of the questions whose answers lie at or below pointers into the file."""
    lead = opening.pointer
    found = []
    for question in opening.questions(opening.start):
        at = f"{lead}/" + "/".join(map(escape_pointer, question.key.split("."))) + "/"
        if any(f"{p}/".startswith(at) or at.startswith(f"{p}/") for p in pointers):
            found.append(question.key)
    return found
