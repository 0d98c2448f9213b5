"""Findings: what is wrong in the data, where, and what to do. Never a fault of the program."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from generator.text.codes import CODES, Severity
from generator.text.language import mark
from generator.text.messages import Message, Words, mapped, say, source_words
from generator.text.privacy import NO_TEXT, masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.text.privacy import Printable

__all__ = ["Acceptance", "Content", "Finding", "Place", "Report", "Severity"]

#: So many findings of one code are listed of a file; the rest is counted.
MOST = 100
#: In place of a remedy whose text holds personal data: nobody is to copy the masked form.
TAKEN_OUT = mark("先把这一处的个人信息（证件号、电话等）删去，再按 appraise check 的提示改正")
MORE = mark("还有 {n} 处同样的问题，改好上面列出的以后再看")


class Place(NamedTuple):
    """A position in a repository file: path, 1-based line and column, pointer to the YAML node."""

    path: str
    line: int = 1
    column: int = 1
    pointer: str = ""

    def child(self, key: str | int, line: int, column: int) -> Place:
        """Return the place of an entry below this one."""
        return Place(self.path, line, column, f"{self.pointer}/{escape_pointer(str(key))}")


class Content(NamedTuple):
    """A file whose content a finding is about: its path, and git's id of the content."""

    path: str
    blob: str


class Acceptance(NamedTuple):
    """Why the committee accepts a finding, who looked at it and when; the last two may be empty."""

    reason: Printable
    by: Printable = NO_TEXT
    date: str = ""


def escape_pointer(key: str) -> str:
    """Escape one reference token of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


@dataclass(frozen=True, slots=True)
class Finding:
    """One user mistake or open matter, for the person who can mend it.

    ``content`` is there where it is about what a file holds, ``accepted`` where the committee
    accepts it.
    """

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    pointer: str
    message: Words
    hint: Words
    branch: str | None = None
    year: int | None = None
    content: Content | None = None
    accepted: Acceptance | None = None

    @property
    def fingerprint(self) -> str:
        """Identify the finding across edits that only move lines: sha-256, 32 hex digits."""
        words = source_words(self.message)
        text = f"{self.code}\0{self.path}\0{self.pointer}\0{words}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of a report: by path and position, then code and text, the same in any language."""
        return (self.path, self.line, self.column, self.code, source_words(self.message))


def remedy_shown(hint: Words) -> Words:
    """Return a hint; one that would have somebody write down what is masked says so instead."""
    return hint if shown(hint) == hint else say(TAKEN_OUT)


def shown(words: Words) -> Words:
    """Return words as a finding has them: personal data masked in whatever they quote."""
    return mapped(words, masked)


@dataclass(slots=True)
class Report:
    """Collects the findings of a run; ``count`` tells a reader whether its part stayed clean.

    ``unknown`` counts the names that nobody knew, by code.
    """

    findings: list[Finding] = field(default_factory=list)
    branch: str | None = None
    year: int | None = None
    unknown: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        code: str,
        place: Place,
        message: Words,
        /,
        *,
        hint: str | Message | None = None,
        severity: Severity | None = None,
        of: Content | None = None,
        **values: object,
    ) -> None:
        """Record a finding; ``message`` and ``hint`` are messages or texts of the catalogue.

        ``of`` is the file whose content it is about.
        Raises KeyError for a code that is not in the registry: a fault of the program.
        """
        rule = CODES[code]
        self.findings.append(
            Finding(
                code=code,
                severity=severity or rule.severity,
                path=masked(place.path),
                line=place.line,
                column=place.column,
                pointer=masked(place.pointer),
                message=shown(say(message, **values) if isinstance(message, str) else message),
                hint=remedy_shown(
                    hinted(rule.hint if hint is None else hint, {} if hint is None else values)
                ),
                branch=self.branch,
                year=self.year,
                content=of,
            )
        )

    @contextmanager
    def about(self, branch: str | None, year: int | None) -> Iterator[None]:
        """Say whose findings the next ones are, and of which year."""
        before = self.branch, self.year
        self.branch, self.year = branch, year
        try:
            yield
        finally:
            self.branch, self.year = before

    @property
    def count(self) -> int:
        """Number of findings so far."""
        return len(self.findings)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take over findings of another report."""
        self.findings.extend(findings)

    def sorted(self, wanted: Callable[[Finding], bool] | None = None) -> list[Finding]:
        """Return all findings (or those ``wanted``) by path and position, each once, bounded."""
        found = sorted(set(self.findings), key=lambda finding: finding.sort_key)
        return bounded(found if wanted is None else filter(wanted, found))


def hinted(hint: str | Message, values: Mapping[str, object]) -> Message:
    """Return a hint: a catalogue text takes its values, a message has its own."""
    return say(hint, **values) if isinstance(hint, str) else hint


def left_out(finding: Finding) -> int:
    """Return how many findings one stands for that were left out; 0 for an ordinary one."""
    message = finding.message
    number = message.value("n") if isinstance(message, Message) and message.id == MORE else 0
    return number if isinstance(number, int) else 0


def bounded(findings: Iterable[Finding]) -> list[Finding]:
    """Return at most ``MOST`` findings a file, code and severity, and one that counts the rest.

    It stands where the first one left out does. What was bounded before may come in again.
    """
    kept: list[Finding] = []
    met: Counter[tuple[str, str, Severity]] = Counter()
    more: Counter[tuple[str, str, Severity]] = Counter()
    places: dict[tuple[str, str, Severity], int] = {}
    for finding in findings:
        key = (finding.path, finding.code, finding.severity)
        several = left_out(finding)
        if not several and met[key] < MOST:
            met[key] += 1
            kept.append(finding)
            continue
        more[key] += several or 1
        if key not in places:
            places[key] = len(kept)
            kept.append(finding)
    for key, at in places.items():
        kept[at] = replace(kept[at], message=say(MORE, n=more[key]), pointer="")
    return kept
