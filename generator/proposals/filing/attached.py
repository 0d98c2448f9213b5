"""Files beside a record: their names and content judged, and the key that names each."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from generator.files.attachments import extension
from generator.files.attachments.clean import UnsoundError, cleaned
from generator.files.limits import USUAL, Allowed
from generator.files.tree import Entry, EntryKind, MemoryTree
from generator.formats.branch_files import attachment
from generator.formats.nodes import Scalar
from generator.formats.shapes import INVALID, Context
from generator.loading.accepted import NOTHING_ACCEPTED
from generator.loading.attached import attachment_of
from generator.loading.attendance import HEADER, lines_of
from generator.loading.sizes import is_too_large
from generator.proposals.filing.answers import FILE_NAME
from generator.proposals.filing.forms import names, naming
from generator.proposals.filing.questions import Input
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import source_words
from generator.text.names import NAME_HINTS, SIZE_PROBLEMS, WORDS, name_problem, visible
from generator.text.unknown import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.forms import Values
    from generator.proposals.filing.questions import Question
    from generator.text.findings import Finding

PICTURES = frozenset({"jpg", "jpeg", "png", "webp"})
OTHER_NAME = mark("改成别的名称再来，例如“方案.pdf”")


class Given(NamedTuple):
    """A file that somebody attached: name, content, and the question it answers, if they said.

    ``stripped`` says that metadata was taken out of its content.
    """

    name: str
    data: bytes
    key: str = ""
    stripped: bool = False


class UnplacedError(Exception):
    """Nobody said what a file is, and its name and content do not tell: ``name`` is its name."""

    def __init__(self, name: str, keys: Sequence[str]) -> None:
        """Keep the keys that it may be."""
        super().__init__(name)
        self.name = name
        self.keys = tuple(keys)


def own_name(name: str) -> str:
    """Return the name of a copy: the same, its characters composed as names of files must be."""
    return unicodedata.normalize("NFC", name)


def without_metadata(given: Given) -> Given:
    """Return a file without what its metadata says of people and places, as it will be copied.

    What is no sound attachment stays as it is: ``faults`` tells of it.
    """
    try:
        copy = cleaned(given.name, given.data)
    except UnsoundError:
        return given
    return given._replace(data=copy.data, stripped=copy.data != given.data)


def name_faults(name: str) -> list[Finding]:
    """Return what is wrong with the name of an attachment, at the name itself."""
    report, place = Report(), Place(visible(name))
    problem = name_problem(name)
    if problem is not None:
        code = "G006" if problem in SIZE_PROBLEMS else "G005"
        report.add(code, place, WORDS[problem], hint=NAME_HINTS.get(problem, OTHER_NAME))
    else:
        node = Scalar(1, 1, name, plain=False)
        if attachment.take(node, Context(report)) is INVALID:
            attachment.refuse(node, place, Context(report))
    return report.findings


def too_large(name: str, size: int, allowed: Allowed = USUAL) -> list[Finding]:
    """Return that a file is too large to be attached, before a byte of it is read."""
    report = Report()
    is_too_large(Entry(visible(name), EntryKind.FILE, size), allowed, report)
    return report.findings


def faults(given: Given, allowed: Allowed = USUAL) -> list[Finding]:
    """Return what is wrong with a file that is to be attached: its name, its content."""
    found = name_faults(given.name)
    if found:
        return found
    report = Report()
    entry = Entry(given.name, EntryKind.FILE, len(given.data))
    attachment_of(entry, MemoryTree({given.name: given.data}), report, allowed, NOTHING_ACCEPTED)
    return report.findings


def placed(given: Sequence[Given], questions: Sequence[Question], values: Values) -> Values:
    """Return the answers with every file named by one of them; raises UnplacedError.

    What names a file already keeps it. Else it goes where it was said to, or to the one place there
    is; else its name, or what it holds, tells.
    """
    found = dict(values)
    places = naming(questions)
    for file in given:
        if any(names(found.get(question.key), file.name) for question in places):
            continue
        question = place_of(file, places)
        if question is None:
            raise UnplacedError(file.name, [own.key for own in places])
        found[question.key] = with_name(question, found.get(question.key), file.name)
    return found


def place_of(file: Given, places: Sequence[Question]) -> Question | None:
    """Return the question that a file answers, where that is certain."""
    if file.key:
        return next((question for question in places if question.key == file.key), None)
    if len(places) == 1:
        return places[0]
    stem = folded(file.name.rpartition(".")[0])
    called = [question for question in places if is_called(question, stem)]
    if len(called) == 1:
        return called[0]
    if extension(file.name) in PICTURES:
        return next((own for own in places if own.input is Input.FILES), None)
    if is_roll(file):
        return next((own for own in places if own.input is Input.ATTENDANCE), None)
    return None


def is_called(question: Question, stem: str) -> bool:
    """Whether a file's name without its ending is that of a key, its title, or the end of it."""
    title = folded(source_words(question.title))
    return stem == folded(question.key) or (len(stem) > 1 and title.endswith(stem))


def is_roll(file: Given) -> bool:
    """Whether a file is attendance by codes: a CSV with its two columns."""
    if extension(file.name) != "csv":
        return False
    _, header = next(lines_of(file.data.decode("utf-8-sig", "replace")), (0, []))
    return sorted(filter(None, header)) == sorted(HEADER)


def with_name(question: Question, value: Plain | None, name: str) -> Plain:
    """Return the answer that names a file, too."""
    if question.input is Input.ATTENDANCE:
        return {FILE_NAME: name}
    if question.input is Input.FILES:
        return (*(value if isinstance(value, tuple) else ()), name)
    return name


def named_files(values: Mapping[str, Plain | None], questions: Sequence[Question]) -> list[str]:
    """Return the names of all files that answers name."""
    found: list[str] = []
    for question in naming(questions):
        value = values.get(question.key)
        if isinstance(value, dict):
            found += [f"{value[FILE_NAME]}"] if FILE_NAME in value else []
        elif isinstance(value, tuple):
            found += [f"{name}" for name in value]
        elif value is not None:
            found.append(f"{value}")
    return found
