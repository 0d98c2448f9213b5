"""The forms: for each kind of record its questions, and what findings say about which of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from generator.formats.records import RecordShape, keys_of
from generator.proposals.filing.questions import NAMING, Question, question_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.formats.records import Record
    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.desk import Desk
    from generator.text.findings import Finding

#: Key of a question → its answer; None where it was left out on purpose.
Values = dict[str, "Plain | None"]
NO_FILES: Mapping[str, bytes] = {}
FIELDS = "fields"
#: Where the name of the record's folder is asked; it stands in no file.
FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Draft:
    """Files as they would be: the record's own with its content, and those beside it by path.

    ``pointer`` is where the record stands in its file; ``before`` is the file that is renewed, None
    where there must be none.
    """

    path: str
    data: bytes
    pointer: str = ""
    before: bytes | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, bytes]:
        """All of them: path → content."""
        return {self.path: self.data, **self.attachments}


class Form(ABC):
    """Asks for one kind of record of a branch and year.

    ``steering`` are the questions on whose answers it hangs which others there are, ``telling``
    those whose answers tell which other record it may be like; ``attaching`` says whether files may
    lie beside the record.
    """

    what: ClassVar[str]
    steering: ClassVar[frozenset[str]] = frozenset()
    telling: ClassVar[frozenset[str]] = frozenset()
    attaching: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @abstractmethod
    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions, in their order, as the answers so far leave them."""

    @abstractmethod
    def draft(self, values: Values, attached: Mapping[str, bytes] = NO_FILES) -> Draft:
        """Return the files that answers make, also where some are missing yet.

        ``attached`` are files by name.
        """

    def fitting(self, start: Values, values: Values) -> Values:
        """Return what of another record may stand beside the answers that were given."""
        del values
        return start

    def lacking(self, values: Values) -> list[Question]:
        """Return the questions that must be answered and are not."""
        return [q for q in self.questions(values) if q.required and values.get(q.key) is None]

    def question(self, key: str, values: Values) -> Question:
        """Return one of the questions; raises KeyError."""
        return {question.key: question for question in self.questions(values)}[key]

    def blamed(self, finding: Finding, draft: Draft, values: Values) -> str:
        """Return the key of the question that a finding is about; empty for none of them."""
        within = f"{finding.pointer}/".startswith(f"{draft.pointer}/")
        if finding.path == draft.path and within:
            steps = [unescaped(s) for s in finding.pointer[len(draft.pointer) :].split("/")[1:]]
            if not steps:
                return FOLDER if finding.code == "S007" else ""
            return ".".join(steps[:2]) if steps[0] == FIELDS else steps[0]
        if finding.path in draft.attachments:
            name = finding.path.rpartition("/")[2]
            return next((key for key, value in values.items() if names(value, name)), "")
        return ""


def names(value: Plain | None, name: str) -> bool:
    """Whether an answer names a file."""
    if isinstance(value, dict):
        return name in value.values()
    return name == value or (isinstance(value, tuple) and name in value)


def unescaped(step: str) -> str:
    """Return a step of a JSON pointer as the key that it means."""
    return step.replace("~1", "/").replace("~0", "~")


def questions_of(record: str, cls: type[Record], places: int | None = None) -> dict[str, Question]:
    """Return key → question of a record class, in the order of its definition."""
    return {
        name: question_of(record, key, places=places)
        for name, (_, key) in keys_of(cls).items()
        if not isinstance(key.shape, RecordShape)
    }


def nested(values: Values, questions: Sequence[Question]) -> dict[str, Plain]:
    """Return the answers as a record holds them: without those left out, fields below their key."""
    found: dict[str, Plain] = {}
    below: dict[str, Plain] = {}
    for question in questions:
        value = values.get(question.key)
        if value is None:
            continue
        if question.key.startswith(f"{FIELDS}."):
            below[question.key.partition(".")[2]] = value
        else:
            found[question.key] = value
    return {**found, FIELDS: below} if below else found


def naming(questions: Sequence[Question]) -> list[Question]:
    """Return the questions that name files beside the record."""
    return [question for question in questions if question.input in NAMING]
