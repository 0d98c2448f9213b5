"""Questions, records to begin from and findings as the page draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.formats.branch_files import AttendanceFile, Counts
from generator.formats.records import keys_of
from generator.proposals.filing.answers import FILE_NAME, AnswerError
from generator.proposals.filing.assessing import SelfForm
from generator.proposals.filing.claiming import CLAIMS
from generator.proposals.filing.forms import FOLDER
from generator.proposals.filing.questions import CHOOSING, SEVERAL, YES_OR_NO, Input
from generator.proposals.filing.words import TAPPED
from generator.reports.findings import safe
from generator.text.language import gettext, mark, tr
from generator.text.messages import Message, say
from generator.text.numbers import plain
from generator.text.remedies import remedy_of

if TYPE_CHECKING:
    from generator.proposals.filing.questions import Question
    from generator.rubric.document import Criterion, Section
    from generator.site.form.answering.opening import Opening
    from generator.site.form.answering.pieces import Piece
    from generator.text.findings import Finding
    from generator.text.messages import Value, Words

Shown = dict[str, object]

#: Questions that hardly anybody answers: names that nobody reads.
SELDOM = frozenset({FOLDER, "id"})
YES, NO = say(mark("是")), say(mark("不是"))
MEMBERS = mark("只写人数，不写姓名。本支部党员 {n} 人")
UNANSWERED = mark("还没有填“{title}”")
REQUIRES = mark("要求：{requires}")
WORTH = mark("分值 {max}")
GIVEN = mark("分值 {max}，按记录现在是 {points}")
BY_RECORDS = mark("这一项由系统按记录计算，不用写")


def question_shown(opening: Opening, question: Question) -> Shown:
    """Return a question with all that the page needs to draw it."""
    chosen = question.input in CHOOSING or question.input is Input.YES_NO
    return {
        "key": question.key,
        "title": f"{question.title}",
        "help": help_shown(opening, question),
        "example": "" if chosen else f"{question.example}",
        "required": question.required,
        "input": question.input.value,
        "choices": choices_shown(question),
        "several": question.input in SEVERAL,
        "instead": question.instead,
        "parts": parts_shown(question),
        "section": section_of(question),
        "steers": question.key in opening.steering,
        "seldom": question.key in SELDOM,
    }


def help_shown(opening: Opening, question: Question) -> str:
    """Return the help of a question: what is tapped need not be told how it is written."""
    own = opening.desk.records.get(opening.desk.branch)
    if question.input is Input.ATTENDANCE and own is not None and own.members is not None:
        return tr(MEMBERS, n=own.members)
    told = TAPPED.get(f"{opening.name}.{question.key}")
    if told is not None:
        return gettext(told)
    return "" if question.help == say(YES_OR_NO) else f"{question.help}"


def choices_shown(question: Question) -> list[Shown]:
    """Return what may be chosen, yes and no included."""
    if question.input is Input.YES_NO:
        pairs = (("true", YES), ("false", NO))
        return [{"id": id_, "title": f"{title}", "note": ""} for id_, title in pairs]
    return [
        {"id": own.id, "title": f"{own.title}", "note": f"{own.note}"} for own in question.choices
    ]


def parts_shown(question: Question) -> list[Shown]:
    """Return what an answer of several parts is made of: counts; a file is another way."""
    if question.input is not Input.ATTENDANCE:
        return []
    counts: list[Shown] = [
        {"name": n, "title": gettext(own.title), "input": Input.COUNT.value}
        for n, (_, own) in keys_of(Counts).items()
    ]
    file = keys_of(AttendanceFile)[FILE_NAME][1]
    own: Shown = {"name": FILE_NAME, "title": gettext(file.title), "input": Input.FILE.value}
    return [*counts, own]


def section_of(question: Question) -> str:
    """Return the criterion that a question of the whole self-assessment is about."""
    lead, _, rest = question.key.partition(".")
    return rest.partition(".")[0] if lead == CLAIMS else ""


def sections_shown(opening: Opening) -> list[Shown]:
    """Return the criteria that a whole self-assessment goes through; none of another form."""
    form = opening.form
    if not isinstance(form, SelfForm):
        return []
    return [criterion_shown(opening, *own) for own in form.criteria]


def criterion_shown(opening: Opening, section: Section, criterion: Criterion) -> Shown:
    """Return a criterion: requirement, maximum, what the records already give."""
    context = opening.desk.context
    lines = context.card.lines if context else ()
    line = next((li for li in lines if li.criterion == criterion.id and not li.part), None)
    computed = bool(criterion.method.computed)
    note = tr(WORTH, max=plain(criterion.points))
    if computed:
        given = line.computed if line is not None else None
        shown = "—" if given is None else plain(given)
        note = tr(GIVEN, max=plain(criterion.points), points=shown)
    told: list[Words | Value] = [say(REQUIRES, requires=criterion.requires)]
    told += [*line.facts] if line is not None else []
    told += [line.reason] if line is not None and line.reason else []
    told += [say(BY_RECORDS)] if computed else []
    return {
        "id": criterion.id,
        "title": criterion.title,
        "group": section.title,
        "note": note,
        "lines": [safe(f"{words}") for words in told],
        "computed": computed,
    }


def finding_shown(finding: Finding, key: str = "", typed: object = None) -> Shown:
    """Return a finding: its own words, and the value that is probably meant at a question."""
    accepted = finding.accepted
    return {
        "key": key,
        "severity": finding.severity.value,
        "code": finding.code,
        "text": safe(f"{finding.message}"),
        "hint": safe(f"{finding.hint}"),
        "suggestion": suggested(finding, typed),
        "accepted": safe(accepted.reason) if accepted else "",
        "path": safe(finding.path),
    }


def suggested(finding: Finding, typed: object) -> str:
    """Return the text to put in place of an answer, where the program knows what was meant."""
    remedy = remedy_of(finding.hint)
    if remedy is None or remedy.lines:
        return ""
    if isinstance(typed, str) and remedy.old and remedy.old in typed and remedy.old != typed:
        return typed.replace(remedy.old, remedy.new)
    return remedy.new


def problem_shown(key: str, error: AnswerError) -> Shown:
    """Return why an answer cannot be taken, as a finding at its question."""
    near = error.message.value("nearest") if isinstance(error.message, Message) else None
    word = near.value("word") if isinstance(near, Message) else None
    return told(key, error.message, error.hint, suggestion=f"{word or ''}")


def missing_shown(question: Question) -> Shown:
    """Return that a question has to be answered, as a finding at it."""
    words = say(UNANSWERED, title=question.title)
    return {**told(question.key, words), "missing": True}


def told(key: str, words: Words, hint: Words = "", *, suggestion: str = "") -> Shown:
    """Return something that stands in the way and is no finding of a check, in the same shape."""
    return {
        "key": key,
        "severity": "error",
        "code": "",
        "text": safe(f"{words}"),
        "hint": safe(f"{hint}"),
        "suggestion": suggestion,
        "accepted": "",
        "path": "",
    }


def problems_shown(piece: Piece) -> list[Shown]:
    """Return all that keeps a draft from being a record: answers, files, what is not answered."""
    found = [problem_shown(key, error) for key, error in piece.problems.items()]
    found += [{**told("", words), "file": name} for name, words in piece.unplaced.items()]
    found += [told("", piece.failure)] if piece.failure else []
    return found + [missing_shown(question) for question in piece.lacking]
