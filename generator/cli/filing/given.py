"""What options say about a record: ``--set``, ``--attach``, ``--like``, read into answers."""

from __future__ import annotations

import contextlib
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.proposals.filing.answers import (
    AnswerError,
    added,
    answer,
    attendance_part,
    unknown,
)
from generator.proposals.filing.attached import (
    Given,
    UnplacedError,
    own_name,
    placed,
    too_large,
    without_metadata,
)
from generator.proposals.filing.forms import Form, Values, naming
from generator.proposals.filing.questions import SEVERAL, Input, Question
from generator.reports.findings import safe
from generator.text.language import gettext, mark, tr
from generator.text.messages import some
from generator.text.names import SHORT, visible
from generator.text.system import reason
from generator.text.titles import AmbiguousChoiceError, UnknownChoiceError, chosen
from generator.text.unknown import NAMED, entitled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from generator.files.limits import Allowed
    from generator.proposals.filing.answers import Plain
    from generator.text.findings import Finding

NO_KEY = mark("--set {text}：要写成 项目=内容，例如 --set title=主题党日")
TWICE = mark("--set {key}：只能写一次")
NO_QUESTION = mark("--set {key}：{words}")
WRONG = mark("--set {key}={text}：{words}")
UNREAD = mark("读不到文件“{path}”：{error}")
NO_FILE = mark("这不是文件")
STRIPPED = mark("附件“{name}”：复制时去掉文件自带的信息（定位、作者等），画面和内容不变")
UNPLACED = mark("--attach {name}：看不出是哪一项；写成 --attach {key}={name}，可用：{keys}")


class UnreadableFileError(Exception):
    """A file that is to be attached cannot be read: says why."""


@dataclass
class Options:
    """What the options of one command say; ``problems`` are what is wrong in them, in words."""

    sets: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Options:
        """Return options read from ``KEY=VALUE``."""
        own = cls()
        for text in texts:
            key, equals, value = text.partition("=")
            if equals and key.strip():
                own.sets.setdefault(key.strip(), []).append(value)
            else:
                own.problems.append(tr(NO_KEY, text=safe(visible(text, SHORT))))
        return own

    def answers(self, form: Form, names: Sequence[str] = ()) -> Values:
        """Return the answers, those first on which it hangs what else is asked."""
        values: Values = {}
        done: set[str] = set()
        while True:
            questions = form.questions(values)
            meant = self.meant(questions)
            for question in questions:
                mine = [key for key, own in meant.items() if own == question.key]
                if question.key in done or not mine:
                    continue
                done.add(question.key)
                self.take(question, mine, values, names)
                if question.key in form.steering:
                    break
            else:
                self.refuse_unknown(questions, meant)
                return values

    def meant(self, questions: Sequence[Question]) -> dict[str, str]:
        """Return option → key of the question that it is about: by key, part of it, or title."""
        titles = {question.key: question.title for question in questions}
        parted = {question.key for question in questions if question.input is Input.ATTENDANCE}
        found = {}
        for key in self.sets:
            own, _, part = key.partition(".")
            with contextlib.suppress(UnknownChoiceError, AmbiguousChoiceError):
                found[key] = own if part and own in parted else chosen(key, titles)
        return found

    def take(
        self, question: Question, keys: Sequence[str], values: Values, names: Sequence[str]
    ) -> None:
        """Read what options say about one question."""
        parts: dict[str, Plain] = {}
        several = question.input in SEVERAL
        for key in keys:
            part = key.partition(".")[2] if question.input is Input.ATTENDANCE else ""
            if len(self.sets[key]) > 1 and not several:
                self.problems.append(tr(TWICE, key=safe(visible(key, SHORT))))
            for text in self.sets[key]:
                value = self.read(question, key, part, text, names)
                if several:
                    value = added(values.get(question.key), value)
                if not part:
                    values[question.key] = value
                elif value is not None:
                    parts[part] = value
        if parts:
            values[question.key] = parts

    def read(
        self, question: Question, key: str, part: str, text: str, names: Sequence[str]
    ) -> Plain | None:
        """Return what one option says; None where it says nothing, or nothing that can be."""
        try:
            return attendance_part(part, text) if part else answer(question, text, names)
        except AnswerError as error:
            self.wrong(key, text, f"{error.message}")
        except KeyError:
            self.wrong(key, text, gettext("没有这一项"))
        return None

    def wrong(self, key: str, text: str, words: str) -> None:
        """Keep what is wrong with one option."""
        shown = {"key": safe(visible(key, SHORT)), "text": safe(visible(text, SHORT))}
        self.problems.append(tr(WRONG, words=safe(words), **shown))

    def refuse_unknown(self, questions: Sequence[Question], meant: Collection[str]) -> None:
        """Keep the options that are about no question."""
        titles = {question.key: question.title for question in questions}
        for key in self.sets:
            if key not in meant:
                words = safe(f"{unknown(key, titles)}")
                self.problems.append(tr(NO_QUESTION, key=safe(visible(key, SHORT)), words=words))


def read_file(text: str, keys: Iterable[str], allowed: Allowed) -> Given | list[Finding]:
    """Return a file that is to be attached, or that it is too large; ``KEY=FILE`` says for what.

    Raises UnreadableFileError for what is no file.
    """
    key, equals, rest = text.partition("=")
    named = key if equals and key in set(keys) and not Path(text).exists() else ""
    path = Path(rest if named else text)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError(gettext(NO_FILE))
        large = too_large(path.name, status.st_size, allowed)
        if large:
            return large
        return without_metadata(Given(own_name(path.name), path.read_bytes(), named))
    except OSError as error:
        words = f"{reason(error)}"
        raise UnreadableFileError(words) from None


def tell_stripped(file: Given) -> None:
    """Say that a copy is without the metadata of its file."""
    if file.stripped:
        click.echo(tr(STRIPPED, name=safe(visible(file.name))), err=True)


def attach(form: Form, values: Values, files: Sequence[Given], problems: list[str]) -> Values:
    """Return answers that name every file; what cannot be placed is kept among the problems."""
    found = values
    for file in files:
        questions = form.questions(found)
        try:
            found = placed([file], questions, found)
        except UnplacedError as error:
            keys = some([entitled(q.key, {q.key: q.title}) for q in naming(questions)], NAMED)
            words = tr(UNPLACED, name=safe(visible(error.name)), keys=keys, key=error.keys[0])
            problems.append(words)
    return found


def merged(values: Values, start: Values, form: Form) -> Values:
    """Return answers with what another record gives where none was given."""
    taken = form.fitting(start, values)
    known = {question.key for question in form.questions({**taken, **values})}
    return {**{key: value for key, value in taken.items() if key in known}, **values}
