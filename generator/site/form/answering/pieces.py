"""One draft on its way: what was typed, read into answers, and the record that these make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.proposals.filing.answers import AnswerError
from generator.proposals.filing.attached import UnplacedError, placed
from generator.proposals.filing.claiming import CLAIMS, CRITERION
from generator.proposals.filing.forms import naming
from generator.site.form.answering.opening import Opening, changed
from generator.site.form.answering.reading import spoken, taken
from generator.text.language import mark
from generator.text.messages import say, some
from generator.text.names import SHORT, visible
from generator.text.privacy import hits_of, mask, masked
from generator.text.unknown import NAMED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.proposals.filing.attached import Given
    from generator.proposals.filing.forms import Draft, Values
    from generator.proposals.filing.questions import Question
    from generator.site.form.answering.arguments import Filled, Typed
    from generator.text.messages import Words

#: Question → why its answer cannot be taken.
Problems = dict[str, AnswerError]

UNPLACED = mark("看不出“{name}”是哪一项的附件：请选一项（{titles}）")
DOTTED = mark("这里有遮住的内容（{dots}）：请写全，或者删去")


@dataclass
class Piece:
    """A draft read: its opening, its answers and what is wrong with them.

    ``values`` are all answers with what the file says already, ``changes`` what of it is renewed;
    ``settled`` are questions that another draft answers for all.
    ``draft`` is there once the record is made; ``failure`` says why there is none.
    """

    filled: Filled
    opening: Opening
    files: Mapping[str, Given]
    values: Values = field(default_factory=dict)
    changes: Values = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)
    unplaced: dict[str, Words] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    draft: Draft | None = None
    failure: Words | None = None

    @classmethod
    def of(cls, filled: Filled, opening: Opening, files: Mapping[str, Given]) -> Piece:
        """Read a draft; ``files`` are those attached, by name."""
        own = cls(filled, opening, files)
        given, own.problems = read(opening, filled.values, opening.start, [*files])
        given |= {CRITERION: opening.fixed[CRITERION]} if CRITERION in opening.fixed else {}
        start = opening.form.fitting(opening.start, given)
        gone = dict.fromkeys(opening.start.keys() - start.keys() - given.keys())
        own.values = own._placed({**start, **given})
        asked = {question.key for question in opening.questions(own.values)}
        said = {**gone, **{key: own.values[key] for key in own.values if key in asked}}
        own.changes = changed(opening.start, opening.texts, said)
        return own

    def _placed(self, values: Values) -> Values:
        """Return the answers with every attached file named by one of them, where that is sure."""
        found = values
        for file in self.files.values():
            questions = self.opening.questions(found)
            try:
                found = placed([file], questions, found)
            except UnplacedError as error:
                titles = some([own.title for own in naming(questions)], NAMED)
                shown = visible(error.name, SHORT)
                self.unplaced[file.name] = say(UNPLACED, name=shown, titles=titles)
        return found

    @property
    def lacking(self) -> list[Question]:
        """The questions that must be answered and are not; what is wrong is told otherwise."""
        wrong = {
            *self.problems,
            *self.settled,
            *(k for k, own in self.opening.texts.items() if own is not None),
        }
        gone = {key for key, value in self.changes.items() if value is None}
        return [q for q in self.opening.lacking(self.values) if q.key not in wrong - gone]

    @property
    def owed(self) -> list[Question]:
        """What must be answered before the draft is a record.

        What a file lacks already is told, and keeps nobody from mending something else in it.
        """
        if self.opening.is_new:
            return self.lacking
        parts = {part_of(key) for key in self.changes}
        return [q for q in self.lacking if part_of(q.key) in parts]

    @property
    def is_finished(self) -> bool:
        """Whether nothing is missing or wrong, so that it can become a record."""
        return not (self.problems or self.unplaced or self.failure or self.owed)

    @property
    def is_idle(self) -> bool:
        """Whether nothing of a record that is there differs."""
        return not self.opening.is_new and not self.changes and not self.files

    def answered(self) -> dict[str, Typed]:
        """Return all answers as the page has them."""
        return shown(self.opening, self.values)


def part_of(key: str) -> str:
    """Return what a question belongs to: its criterion in a whole self-assessment, else itself."""
    return key.rpartition(".")[0] if key.startswith(f"{CLAIMS}.") else key


def read(
    opening: Opening, typed: Mapping[str, Typed], start: Values, names: Collection[str] = ()
) -> tuple[Values, Problems]:
    """Return the answers that are given, those first on which it hangs what else is asked.

    ``start`` stands where nothing was typed; ``names`` are those of files that are there.
    """
    given: Values = {}
    problems: Problems = {}
    done: set[str] = set()
    while True:
        for question in opening.questions({**start, **given}):
            key = question.key
            if key in done or key not in typed:
                continue
            done.add(key)
            before = opening.texts.get(key)
            if is_same(typed[key], before):
                continue
            try:
                refuse_dots(typed[key], before)
                kept = before if isinstance(before, tuple) else ()
                given[key] = taken(question, typed[key], names, kept)
            except AnswerError as error:
                problems[key] = error
            if key in opening.steering:
                break
        else:
            return given, problems


def is_same(typed: Typed, before: Typed) -> bool:
    """Whether an answer is what a file says already, or its masked form."""
    if before is None or typed is None:
        return False
    return typed == before or typed == mapped(before)


def mapped(text: Typed) -> Typed:
    """Return an answer with personal data masked."""
    if isinstance(text, str):
        return masked(text)
    return tuple(map(masked, text)) if isinstance(text, tuple) else text


def refuse_dots(typed: Typed, before: Typed) -> None:
    """Raise AnswerError where an answer holds the masked form of what its file says."""
    if not isinstance(typed, str) or not isinstance(before, str):
        return
    for dots in masks_in(before):
        if dots in typed:
            raise AnswerError(say(DOTTED, dots=dots))


def masks_in(text: str) -> list[str]:
    """Return what personal data of a text looks like when it is masked."""
    return [mask(text[hit.start : hit.end]) for hit in hits_of(text)]


def shown(opening: Opening, values: Values) -> dict[str, Typed]:
    """Return answers as the page has them; what a file says and nobody can read, as it stands."""
    found: dict[str, Typed] = {}
    for question in opening.questions(values):
        value = values.get(question.key)
        text = opening.texts.get(question.key)
        if value is not None:
            found[question.key] = spoken(value)
        elif text is not None:
            found[question.key] = text
    return found
