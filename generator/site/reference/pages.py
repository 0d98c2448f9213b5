"""Pages for reference: the rubric, open questions, finding codes, file formats."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.reports.schemas import FORMATS
from generator.site.addresses import FILE_FORMATS, FINDING_CODES, GUIDE, QUESTIONS, RUBRIC
from generator.site.data.rulebook import rubric_view
from generator.site.html.page import TocEntry
from generator.site.reference.formats import format_tables
from generator.site.reference.questions import asked
from generator.text.codes import CODES, FAMILIES
from generator.text.language import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rubric.document import Rubric
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages for reference."""
    prefix = made.site.prefix
    yield f"{prefix}{RUBRIC}", partial(rubric, made)
    yield f"{prefix}{QUESTIONS}", partial(questions, made)
    if made.first:
        yield FINDING_CODES, partial(findings, made)
        yield FILE_FORMATS, partial(formats, made)


def rubric(made: YearPages) -> GeneratedPage:
    """Return the rubric with an anchor a criterion."""
    view = rubric_view(made.site.rubric)
    return made.page(
        f"{made.site.prefix}{RUBRIC}",
        "rubric.html.jinja",
        gettext("考核办法"),
        toc=tuple(outline(made.site.rubric)),
        nav=RUBRIC,
        view=view,
        asked={question.id: question for question in made.site.rubric.questions},
    )


def outline(rubric: Rubric) -> Iterator[TocEntry]:
    """Yield the headings of the rubric's page."""
    for section in rubric.sections:
        yield TocEntry(section.title, section.id)
    if rubric.bonus and rubric.bonus.rules:
        yield TocEntry(gettext("加分"), "bonus-rules")
    if rubric.vetoes:
        yield TocEntry(gettext("一票否决"), "vetoes")
    if rubric.grades:
        yield TocEntry(gettext("等次"), "grades")
    if rubric.ballot:
        yield TocEntry(gettext("测评票权重"), "ballot")


def questions(made: YearPages) -> GeneratedPage:
    """Return the open questions, then those decided."""
    questions = asked(made)
    return made.page(
        f"{made.site.prefix}{QUESTIONS}",
        "questions.html.jinja",
        gettext("待定事项"),
        nav=QUESTIONS,
        waiting=[a for a in questions if a.question.decided_by is None],
        decided=[a for a in questions if a.question.decided_by is not None],
        compared=made.current and made.site.evaluation.whatif is not None,
    )


def findings(made: YearPages) -> GeneratedPage:
    """Return the reference of finding codes."""
    groups = [
        (family, gettext(title), [c for c in CODES.values() if c.family == family])
        for family, title in FAMILIES.items()
    ]
    return made.page(
        FINDING_CODES,
        "findings.html.jinja",
        gettext("校验规则"),
        toc=tuple(TocEntry(title, f"family-{family}") for family, title, _ in groups),
        nav=FINDING_CODES,
        groups=groups,
    )


def formats(made: YearPages) -> GeneratedPage:
    """Return the reference of file formats."""
    tables = [format_tables(item) for item in FORMATS]
    return made.page(
        FILE_FORMATS,
        "formats.html.jinja",
        gettext("文件格式"),
        toc=tuple(TocEntry(table.title, table.name) for table in tables),
        nav=GUIDE,
        tables=tables,
    )
