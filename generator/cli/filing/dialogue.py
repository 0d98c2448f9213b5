"""Questions asked at a terminal, one at a time, with the findings on each answer at once."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.filing.given import UNREAD, UnreadableFileError, read_file, tell_stripped
from generator.formats.shapes import identifier
from generator.formats.slips.meant import as_boolean
from generator.proposals.filing.answers import (
    PARTS,
    AnswerError,
    UnknownAnswerError,
    answer,
    choice,
)
from generator.proposals.filing.attached import Given, faults, named_files
from generator.proposals.filing.questions import (
    CHOOSING,
    NAMING,
    Input,
    Question,
    choices_of,
)
from generator.reports.findings import as_text, safe
from generator.text.language import gettext, mark, tr
from generator.text.messages import say
from generator.text.names import folded, visible
from generator.text.titles import AmbiguousChoiceError, UnknownChoiceError, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.desk import Desk
    from generator.proposals.filing.forms import Form, Values
    from generator.proposals.filing.trial import Trial

#: So many choices are listed; of more the title is written.
LISTED = 40
#: What takes an answer away that is there to begin with.
NOTHING = "-"
CALL = "› "
QUOTES = "'\""
NOT_FOUND = mark("找不到文件“{path}”：写文件在这台电脑上的路径，或把它拖到这里")
SAME_NAME = mark("另一项的附件也叫“{name}”：先给其中一个改名")
NOTED = mark("{title}（{note}）")
WRITE = mark("写入吗？直接回车写入，写“否”不写")
WRITE_FAULTY = mark("有错误，仍要写入吗？写“是”写入，直接回车不写")


class Dialogue:
    """Asks what is missing; ``start`` gives answers to offer, ``files`` are those attached."""

    def __init__(
        self,
        form: Form,
        trial: Trial,
        values: Values,
        start: Callable[[Values], Values],
        files: dict[str, bytes],
    ) -> None:
        self.form = form
        self.trial = trial
        self.values = values
        self.start = start
        self.files = files

    def run(self) -> Values:
        """Return all answers; raises click.Abort where whoever answers breaks off."""
        while (question := self.next()) is not None:
            self.values[question.key] = self.ask(question)
        return self.values

    def next(self) -> Question | None:
        """Return the question that comes next."""
        questions = self.form.questions(self.values)
        taken = {q.instead for q in questions if q.instead and self.values.get(q.key) is not None}
        for question in questions:
            if question.key in self.values or question.key in taken:
                continue
            if question.input in CHOOSING and not question.choices and not question.required:
                self.values[question.key] = None
                continue
            return question
        return None

    def ask(self, question: Question) -> Plain | None:
        """Ask until there is an answer that can be taken."""
        told = self.form.telling <= self.values.keys()
        offered = self.start(self.values).get(question.key) if told else None
        show(question, offered)
        while True:
            text = prompt()
            if not text and offered is not None:
                value: Plain | None = offered
            elif not text or (text == NOTHING and offered is not None):
                value = None
            else:
                try:
                    value = self.read(question, text)
                except AnswerError as error:
                    say_wrong(error)
                    continue
            if value is None and question.required and not question.instead:
                click.echo(gettext("这一项必须写"))
                continue
            if not self.found(question, value):
                return value

    def named(self, values: Values) -> dict[str, bytes]:
        """Return the files that answers name: one that was given up is left behind."""
        names = named_files(values, self.form.questions(values))
        return {name: data for name, data in self.files.items() if name in names}

    def read(self, question: Question, text: str) -> Plain | None:
        """Return the value of an answer; files that it names are taken along."""
        if question.input in CHOOSING:
            text = by_number(question, text)
        names = list(self.files)
        if question.input in NAMING and (paths := paths_in(question, text)):
            names = [self.attach(path) for path in paths]
            if question.input is Input.FILES:
                return tuple(dict.fromkeys(names))
            return answer(question, names[0], names)
        if question.input in NAMING and ("/" in text or "\\" in text):
            raise AnswerError(say(NOT_FOUND, path=visible(text)))
        return answer(question, text, names)

    def attach(self, path: str) -> str:
        """Take a file along; return its name. Raises AnswerError."""
        try:
            given = read_file(path, (), self.form.desk.allowed)
        except UnreadableFileError as error:
            raise AnswerError(say(UNREAD, path=visible(path), error=f"{error}")) from None
        found = given if isinstance(given, list) else faults(given, self.form.desk.allowed)
        wrong = next((one for one in found if one.severity == "error"), None)
        if wrong is not None or not isinstance(given, Given):
            raise AnswerError(found[0].message, found[0].hint)
        if any(folded(n) == folded(given.name) and d != given.data for n, d in self.files.items()):
            raise AnswerError(say(SAME_NAME, name=visible(given.name)))
        tell_stripped(given)
        self.files[given.name] = given.data
        return given.name

    def found(self, question: Question, value: Plain | None) -> bool:
        """Say what is found about an answer; return whether it cannot stay."""
        if value is None:
            return False
        values = {**self.values, question.key: value}
        draft = self.form.draft(values, self.named(values))
        own = [
            finding
            for finding in self.trial.brought(draft.files).new
            if self.form.blamed(finding, draft, values) == question.key
        ]
        click.echo(as_text(own), nl=False)
        return any(finding.severity == "error" for finding in own)


def show(question: Question, offered: Plain | None) -> None:
    """Print a question: title, help, example, choices, and what is there to begin with."""
    lead = tr("{title}（必填）", title=question.title) if question.required else f"{question.title}"
    click.echo()
    click.secho(safe(lead), bold=True)
    click.echo("  " + safe(f"{question.help}"))
    if question.input in CHOOSING:
        show_choices(question)
    elif question.example:
        click.echo("  " + safe(tr("例如：{example}", example=question.example)))
    if offered is not None:
        words = tr("现在是：{value}；直接回车保留，写 - 去掉", value=told(question, offered))
        click.echo("  " + safe(words))


def show_choices(question: Question) -> None:
    """Print what may be chosen, with numbers."""
    for number, own in enumerate(question.choices[:LISTED], start=1):
        shown = tr(NOTED, title=own.title, note=own.note) if own.note else f"{own.title}"
        name = "" if f"{own.title}" == own.id else f"  {own.id}"
        click.echo(f"  {number:>4}  " + safe(f"{shown}{name}"))
    if len(question.choices) > LISTED:
        words = tr("共 {n} 个，没有列出的写名称或编号", n=len(question.choices))
        click.echo(f"        {words}")


def told(question: Question, value: Plain) -> str:
    """Return a value as people read it."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, tuple):
        return gettext("、").join(told(question, item) for item in value)
    if isinstance(value, dict):
        return gettext("、").join(f"{own}" for own in value.values())
    return f"{question.titles.get(f'{value}', value)}"


def prompt() -> str:
    """Return one line that is typed; raises click.Abort at its end."""
    text: str = click.prompt("", prompt_suffix=CALL, default="", show_default=False)
    return text.strip()


def say_wrong(error: AnswerError) -> None:
    """Print why an answer cannot be taken."""
    words = error.short if isinstance(error, UnknownAnswerError) else error.message
    click.echo(safe(f"{words}"))
    if error.hint:
        click.echo("    " + gettext("改法：") + safe(f"{error.hint}"))


def by_number(question: Question, text: str) -> str:
    """Return numbers of the list as the ids that they stand for; ids and titles come first."""
    try:
        chosen(text, question.titles)
    except UnknownChoiceError:
        pass
    except AmbiguousChoiceError:
        return text
    else:
        return text
    parts = [part.strip() for part in PARTS.split(text.replace(" ", "、"))]
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 9]
    listed = question.choices[:LISTED]
    if (
        not numbers
        or len(numbers) < len([p for p in parts if p])
        or not all(0 < number <= len(listed) for number in numbers)
    ):
        return text
    if question.input is Input.ONE and len(numbers) > 1:
        return text
    return ",".join(listed[number - 1].id for number in numbers)


def paths_in(question: Question, text: str) -> Sequence[str]:
    """Return the paths of files on this machine that an answer names; none where it names none."""
    single = f"{Path(text.strip(QUOTES)).expanduser()}"
    if Path(single).is_file():
        return [single]
    if question.input is not Input.FILES:
        return []
    for parted in (shell_words(text), [part.strip() for part in PARTS.split(text)]):
        parts = [part for part in parted if part]
        if parts and all(Path(part).is_file() for part in parts):
            return parts
    return []


def shell_words(text: str) -> list[str]:
    """Return the words of a line as a terminal writes files that are dropped on it."""
    try:
        return shlex.split(text)
    except ValueError:
        return []


def confirmed(*, faulty: bool) -> bool:
    """Ask whether to write; with errors the answer is no unless it is said."""
    words = WRITE_FAULTY if faulty else WRITE
    click.echo(f"\n{gettext(words)}")
    while True:
        text = prompt()
        said = as_boolean(text) if text else ("false" if faulty else "true")
        if said:
            return said == "true"
        click.echo(gettext("写“是”或“否”"))


def branch_asked(desk: Desk) -> str:
    """Ask which branch it is about; return its id."""
    question = Question(
        key="",
        title=say(mark("支部")),
        help=say(mark("为哪个支部填写")),
        example="",
        required=True,
        input=Input.ONE,
        shape=identifier,
        choices=choices_of(desk.branches),
    )
    show(question, None)
    while True:
        text = prompt()
        try:
            if text:
                return choice(question, by_number(question, text))
        except AnswerError as error:
            say_wrong(error)
