"""What a parser refuses, told at the line of the slip, with the line as it is to be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.formats import scanner
from generator.formats.slips.lines import UNEVEN, Slip, find_slip, quoted, spaced_slip, value_of
from generator.formats.slips.problems import (
    ALIAS,
    ALIGN,
    BEGUN,
    COMMA,
    CONTINUED,
    DROP,
    FULL_COLON,
    FULL_COMMA,
    JOIN,
    PROBLEMS,
    QUOTE_HASH,
    REFUSED,
    RUN,
    TAB,
    TAB_TO_SPACES,
    TAB_WORDS,
    UNREADABLE,
)
from generator.formats.slips.spaces import Spaced, report_special
from generator.text.findings import Place
from generator.text.messages import say
from generator.text.names import visible
from generator.text.remedies import LINE, LONG, on_lines

if TYPE_CHECKING:
    import yaml

    from generator.text.findings import Report
    from generator.text.messages import Message

HINTS = {CONTINUED: JOIN, UNEVEN: ALIGN}
CUT_COMMENT = re.compile(r"^[^#\n]*\S[ \t]+#[^\s#]", re.MULTILINE)
#: An anchor, an alias or a tag, with the spaces behind it; what opens a list or a mapping.
MARK, OPENING = re.compile(r"[&*!][^\s,\[\]{}]* *"), re.compile(r"[\[{]")


def report_syntax(
    report: Report, path: str, text: str, error: yaml.YAMLError, deepest: int
) -> None:
    """Report what keeps a text from being read; ``deepest`` is how deep files may nest."""
    problem = scanner.problem_of(error)
    stop = getattr(error, "problem_mark", None)
    begun = getattr(error, "context_mark", None)
    shown = (begun if begun and problem.startswith(BEGUN) else None) or stop
    place = Place(path, shown.line + 1, shown.column + 1) if shown else Place(path)
    for start, code, message in REFUSED:
        if problem.startswith(start):
            report.add(code, place, message, n=deepest)
            return
    if stop is not None:
        slip = find_slip(text, stop.line + 1, begun.line + 1 if begun else 0)
        if slip is not None:
            report_slip(report, path, text, slip)
            return
    _report_problem(report, place, text, problem)


def report_spaced_key(report: Report, path: str, text: str) -> bool:
    """Report special spaces where a key begins with one; return whether they were found."""
    slip = spaced_slip(text)
    if slip is None:
        return False
    report_slip(report, path, text, slip)
    return True


def report_mark(report: Report, place: Place, line: str, message: str) -> None:
    """Report Y004 for an anchor, an alias or a tag on a line; text is to be put in quotes."""
    at = place.column - 1
    found = MARK.match(line, at)
    written = found.group() if found else ""
    rest = line[at : at + 2 * LONG].rstrip()
    hint: Message | None = None
    if not written.isascii() and not OPENING.search(line, 0, at) and len(rest) <= LONG:
        new = quoted(rest)
        hint = say(LINE, fixed=visible((line[:at] + new).strip(), LONG), old=rest, new=new)
    elif found and message != ALIAS and len(written) < len(rest):
        hint = say(DROP, mark=visible(written.strip()), old=written, new="")
    report.add("Y004", place, message, hint=hint)


def warn_cut_comments(report: Report, path: str, text: str) -> None:
    """Warn of text that ``#`` cuts off; where the whole text is known, say how to write it."""
    for number, line in enumerate(text.split("\n"), start=1):
        cut = CUT_COMMENT.match(line)
        if cut and not re.search(r"[\"'|>]", cut.group()):
            _, value = value_of(line)
            hint = None
            if len(value) <= LONG and "#" in value and not OPENING.search(line):
                new = quoted(value)
                hint = on_lines(QUOTE_HASH, value, new, [number], fixed=visible(new, LONG))
            place = Place(path, number, cut.end() - 1)
            report.add("Y008", place, "“#”后面的文字被当作注释，没有读入", hint=hint)


def report_slip(report: Report, path: str, text: str, slip: Slip) -> None:
    """Report a slip with the line as it is to be."""
    place = Place(path, slip.line, slip.column)
    if slip.lines and slip.message == TAB_WORDS:
        hint = on_lines(TAB_TO_SPACES, slip.old, slip.new, slip.lines)
        report.add("Y001", place, TAB_WORDS, hint=hint)
        return
    if slip.lines:
        found = [Spaced(number, slip.column, slip.old) for number in slip.lines]
        report_special(report, place, found, slip.new)
        return
    line = text.split("\n")[slip.line - 1]
    at = slip.column - 1
    fixed = line[:at] + slip.new + line[at + len(slip.old) :]
    shown = fixed.rstrip() if slip.message in {CONTINUED, UNEVEN} else fixed.strip()
    report.add(
        "Y001",
        place,
        slip.message,
        hint=HINTS.get(slip.message, LINE),
        fixed=visible(shown, LONG),
        char=visible(slip.char),
        old=slip.old,
        new=slip.new,
    )


def _report_problem(report: Report, place: Place, text: str, problem: str) -> None:
    """Report what a parser says where no slip was found, in our own words."""
    near = text.split("\n")[max(0, place.line - 2) : place.line]
    for line, own in zip(range(place.line, 0, -1), reversed(near), strict=False):
        if "\uff1a" in own and ": " not in own:
            column = own.index("\uff1a") + 1
            report.add("Y001", place._replace(line=line, column=column), FULL_COLON)
            return
    comma = near[-1].find(COMMA) if near and problem.startswith(RUN) else -1
    if comma >= 0:
        report.add("Y001", place._replace(column=comma + 1), FULL_COMMA)
        return
    if near and near[-1][place.column - 1 : place.column] == "\t":
        problem = TAB
    words = next((own for start, own in PROBLEMS if problem.startswith(start)), UNREADABLE)
    report.add("Y001", place, words)
