"""Forms of evidence: an activity, a document of any kind that the rubric has."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.files.paths import ACTIVITIES, ACTIVITY_FOLDER, DOCUMENTS
from generator.formats.branch_files import ACTIVITY, DOCUMENT, Activity, Document
from generator.formats.shapes import WordShape
from generator.formats.writing import written
from generator.proposals.filing.desk import record_path
from generator.proposals.filing.forms import (
    FIELDS,
    FOLDER,
    NO_FILES,
    Draft,
    Form,
    nested,
    questions_of,
)
from generator.proposals.filing.questions import Choice, Input, Question, choices_of, question_of
from generator.rubric.document import document_fields
from generator.text.language import mark
from generator.text.messages import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.proposals.filing.desk import Desk
    from generator.proposals.filing.forms import Values

SLUG = WordShape(r"[a-z0-9-]{1,60}", mark("小写字母、数字、短横线，例如 theme-day"))
NAME_OF_ACTIVITY = mark("文件夹名里日期后面的短名：小写字母、数字、短横线；不写的，按类型取名")
NAME_OF_DOCUMENT = mark("文件夹名：小写字母、数字、短横线；不写的，按种类取名")
WITHIN = mark("{help}，在 {start} 至 {end} 之内")
NUMBERED = re.compile(r"-([0-9]{1,6})")


class ActivityForm(Form):
    """Asks for an activity."""

    what = "activity"
    telling = frozenset({"type"})
    attaching = True

    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions, in their order."""
        del values
        desk = self.desk
        own = questions_of(self.what, Activity)
        types = choices_of(desk.rubric.activity_types)
        own["type"] = own["type"].among(types, several=True)
        own["date"] = in_period(own["date"], desk)
        others = {name: title for name, title in desk.branches.items() if name != desk.branch}
        own["joint_with"] = own["joint_with"].among(choices_of(others), several=True)
        first = own.pop("type")
        return (first, *own.values(), folder_question(NAME_OF_ACTIVITY, "theme-day"))

    def draft(self, values: Values, attached: Mapping[str, bytes] = NO_FILES) -> Draft:
        """Return the record's file and those beside it."""
        record = nested(values, self.questions(values)[:-1])
        types = record.get("type")
        if isinstance(types, tuple) and len(types) == 1:
            record["type"] = types[0]
        return beside(
            self.desk, ACTIVITIES, self.folder(values), written(ACTIVITY, record), attached
        )

    def folder(self, values: Values) -> str:
        """Return the name of the record's folder: its day, then what was asked for or its type."""
        day, types = values.get("date"), values.get("type")
        wanted = f"{values.get(FOLDER) or ''}"
        if ACTIVITY_FOLDER.fullmatch(wanted):
            return wanted
        first = types[0] if isinstance(types, tuple) and types else self.what
        lead = day if isinstance(day, datetime.date) else f"{self.desk.year}-01-01"
        name = f"{lead}-{wanted or first}"
        return name if wanted else free(name, self.desk.folders(ACTIVITIES))


class DocumentForm(Form):
    """Asks for a document; which fields it has hangs on its kind."""

    what = "document"
    telling = frozenset({"kind"})
    attaching = True
    steering = frozenset({"kind"})

    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions: the kind first, its fields where it is known."""
        desk, kind = self.desk, values.get("kind")
        own = questions_of(self.what, Document)
        del own[FIELDS]
        kinds = {name: k.title or name for name, k in desk.rubric.document_kinds.items()}
        asked = desk.asked(kind) if isinstance(kind, str) else ()
        own["kind"] = own["kind"].among(choices_of(kinds))
        own["date"] = own["date"].of_year(desk.year)
        own["due"] = own["due"].among(
            Choice(entry.id, entry.title, f"{entry.asked}") for entry in asked
        )
        first = ("kind", "due", "title", "date")
        last = [question for key, question in own.items() if key not in first]
        name = folder_question(NAME_OF_DOCUMENT, kind if isinstance(kind, str) else "plan")
        return (*(own[key] for key in first), *self.fields(kind), *last, name)

    def fields(self, kind: object) -> list[Question]:
        """Return the questions about the fields of a kind."""
        definition = self.desk.rubric.document_kinds.get(f"{kind}")
        keys = document_fields(definition) if definition and definition.valid else {}
        return [
            question_of(f"{kind}", key, prefix=f"{FIELDS}.").of_year(self.desk.year)
            for _, key in keys.values()
        ]

    def draft(self, values: Values, attached: Mapping[str, bytes] = NO_FILES) -> Draft:
        """Return the record's file and those beside it."""
        record = nested(values, self.questions(values)[:-1])
        definition = self.desk.rubric.document_kinds.get(f"{values.get('kind')}")
        data = written(DOCUMENT, record, definition.fields if definition else {})
        return beside(self.desk, DOCUMENTS, self.folder(values), data, attached)

    def folder(self, values: Values) -> str:
        """Return the name of the record's folder: what was asked for, or its kind."""
        wanted = values.get(FOLDER)
        kind = f"{values.get('kind') or self.what}"
        return f"{wanted}" if wanted else free(kind, self.desk.folders(DOCUMENTS))


def folder_question(help_: str, example: str) -> Question:
    """Return the question about the name of a record's folder."""
    title = say(mark("文件夹"))
    return Question(FOLDER, title, say(help_), example, False, Input.TEXT, SLUG)  # noqa: FBT003 - whether it is required


def in_period(question: Question, desk: Desk) -> Question:
    """Return the question about a day of the period; the first one is the example."""
    if desk.period is None:
        return question
    start, end = desk.period
    return replace(
        question, help=say(WITHIN, help=question.help, start=start, end=end), example=f"{start}"
    )


def free(name: str, taken: Collection[str]) -> str:
    """Return a name that no folder has: itself, or with the number behind the last that is there.

    Numbered names of the kind (``report-1``) go on with the next number.
    """
    lead = len(name)
    numbers = [
        int(match[1])
        for own in taken
        if own.startswith(name) and (match := NUMBERED.fullmatch(own[lead:]))
    ]
    if name not in taken and not numbers:
        return name
    return f"{name}-{max([1, *numbers]) + 1}"


def beside(
    desk: Desk, group: str, folder: str, data: bytes, attached: Mapping[str, bytes]
) -> Draft:
    """Return a record with its attachments in their folder."""
    path = record_path(desk, group, folder)
    home = path.rpartition("/")[0]
    return Draft(path, data, attachments={f"{home}/{name}": own for name, own in attached.items()})
