"""Values that only they themselves can judge: counts below five, digests of small files.

A message is judged by its values; a final year has words alone, which the same texts find.
"""

from __future__ import annotations

import re
from functools import cache, partial

# Any: packed details, JSON of messages and values.
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from generator.results.audience import LEAST, FieldClass
from generator.results.describe import (
    ATTENDANCE,
    ATTENDED,
    FEW,
    MINUTES,
    PLAN,
    counts_words,
)
from generator.rubric.methods.ballot import COUNTED, SUMMED, WEIGHED
from generator.scoring.ballots import BACK, OVER
from generator.text.language import mark
from generator.text.messages import Message, read_value, say, shown_value, spoken, value_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.results.audience import Publish
    from generator.text.messages import Value

OUT_OF = mark("发出 {issued} 张，有效 {valid} 张")
#: A place in a text.
PLACE = re.compile(r"\{(\w+)(?::[^{}]*)?\}")
BETWEEN = re.compile(r"\{[^{}]*\}")
#: What the places of a text hold in words: counts, figures, terms; anything at the end.
FORMS = {
    "lead": r"[^\uff1a:\uff08(]*",
    "terms": r"[^()]*",
    "points": r"[-.\d]+",
    "result": r"[-.\d]+",
    "more": r"(?:[\uff1b;][^\uff09)]*)?",
}
NUMBER = r"-?\d+"
#: Texts below this length stand in words by chance.
LONG = 8


class Words(NamedTuple):
    """A text as a final year has it: what must stand in words that hold it, what finds it."""

    needle: str
    pattern: re.Pattern[str]


#: What a change makes of the values of a text: another message, or None where it may stay.
Change: TypeAlias = "Callable[[Redaction, Mapping[str, Any]], Message | None]"


@cache
def words_of(text: str) -> Words:
    """Return what finds a text: final years have the source language alone."""
    return Words(max(BETWEEN.split(text), key=len), re.compile(written(text)))


def written(words: str) -> str:
    """Return the expression of a text with named places."""
    found, end, names = "", 0, set()
    for place in PLACE.finditer(words):
        name = place[1]
        group = f"(?P={name})" if name in names else f"(?P<{name}>{FORMS.get(name, NUMBER)})"
        found += re.escape(words[end : place.start()]) + group
        names.add(name)
        end = place.end()
    return found + re.escape(words[end:])


def few(count: int) -> Value:
    """Return a count as everybody may see it."""
    return say(FEW) if count < LEAST else count


class Redaction:
    """Counts, ballots and digests as an audience sees them; ``word`` stands for all else."""

    def __init__(self, publish: Publish, word: str) -> None:
        self.publish = publish
        self.word = word

    def details(self, document: dict[str, Any], hidden: Mapping[str, str]) -> None:
        """Change packed details of a branch; ``hidden`` are texts that no message may hold."""
        for line in document["lines"]:
            ballots = line.get("ballots")
            if ballots is not None and not self._all(ballots.values(), FieldClass.BALLOTS):
                del line["ballots"]
            for name in ("reason", "facts"):
                line[name] = self._words(line[name], hidden)
        for line in document["bonus_lines"]:
            line["reason"] = self._words(line["reason"], hidden)
        for record in document["records"]:
            self._record(record)

    def plain(self, value: object) -> object:
        """Return a value of a final year with the counts in its words as they are shown."""
        return self._words(value, {}) if isinstance(value, str) else value

    def _record(self, record: dict[str, Any]) -> None:
        for pair in record["details"]:
            title = shown_value(pair[0]) if isinstance(pair[0], list) else pair[0]
            if title in spoken(ATTENDANCE) and record["kind"] == "activity":
                pair[1] = self._attendance(pair[1])
            elif title in named() and isinstance(pair[1], str):
                pair[1] = pair[1] if self.publish.shows_field("activity.plan") else self.word
        files = record["files"]
        if not self.publish.shows(FieldClass.ATTACHMENTS):
            record["files"] = files = []
        for file in files:
            if not self.publish.shows_digest(file["size"]):
                file["blob"] = ""

    def _attendance(self, value: Any) -> Any:
        """Return attendance as it is shown; words that are not known are not shown."""
        if isinstance(value, list) and len(value) == 2 and not value[1]:
            return value
        if not self.publish.shows(FieldClass.ATTENDANCE):
            return self.word
        found = self._words(value, {})
        known = found != value or not isinstance(value, str) or not re.search(r"\d", value)
        if known or words_of(ATTENDED).pattern.search(value):
            return found
        return self.word

    def _words(self, value: Any, hidden: Mapping[str, str]) -> Any:
        """Return packed words with counts as they are shown, and without hidden texts."""
        if isinstance(value, str):
            return self._text(value, hidden)
        if not isinstance(value, list):
            return value
        if len(value) == 2 and isinstance(value[1], dict):
            change = CHANGES.get(value[0])
            if change is not None:
                told = change(self, value[1])
                return value if told is None else value_json(told)
            return [value[0], {name: self._words(own, hidden) for name, own in value[1].items()}]
        return [self._words(own, hidden) for own in value]

    def _text(self, value: str, hidden: Mapping[str, str]) -> str:
        if value in hidden:
            return self.word
        for text, change in CHANGES.items():
            words = words_of(text)
            if words.needle in value:
                value = words.pattern.sub(partial(self._found, change), value)
        for text in hidden:
            if len(text) >= LONG and text in value:
                value = value.replace(text, self.word)
        return value

    def _found(self, change: Change, found: re.Match[str]) -> str:
        told = change(self, found.groupdict())
        return found[0] if told is None else told.source

    def _all(self, counts: Iterable[Any], kind: FieldClass) -> bool:
        return self.publish.shows_counts(map(int, counts), kind)

    def attended(self, values: Mapping[str, Any]) -> Message | None:
        """Return attendance without the counts that are few, None where it is shown whole."""
        counts = {name: int(values[name]) for name in ("members", "present", "leave", "absent")}
        if self._all(counts.values(), FieldClass.ATTENDANCE):
            return None
        return counts_words({n: None if own < LEAST else own for n, own in counts.items()})

    def weighed(self, values: Mapping[str, Any]) -> Message | None:
        """Return ballots without their levels, None where these are shown."""
        terms = f"{values['terms']}".split(" + ")
        if self._all((term.partition("×")[0] or 0 for term in terms), FieldClass.BALLOTS):
            return None
        lead = say(COUNTED, n=few(int(values["n"])))
        return say(SUMMED, lead=lead, result=read_value(values["result"]))

    def given_out(self, values: Mapping[str, Any]) -> Message | None:
        """Return what became of ballots without counts that are few, None where all are shown."""
        counts = {name: int(own) for name, own in values.items()}
        if self._all(counts.values(), FieldClass.BALLOTS):
            return None
        return say(OUT_OF, issued=few(counts["issued"]), valid=few(counts["valid"]))


#: A text with counts → what is shown of it.
CHANGES: dict[str, Change] = {
    ATTENDED: Redaction.attended,
    WEIGHED: Redaction.weighed,
    BACK: Redaction.given_out,
    OVER: Redaction.given_out,
}


@cache
def named() -> frozenset[str]:
    """Return how the keys are called that name a file of an activity."""
    return frozenset(words for text in (PLAN, MINUTES) for words in spoken(text))
