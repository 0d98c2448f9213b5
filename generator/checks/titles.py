"""Titles of one list that are alike: whoever chooses by title cannot say which is meant (B003).

What is asked of branches may be called the same every month: its days tell it apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.registry import RUBRIC_CHECKS, check
from generator.text.codes import Severity
from generator.text.language import mark
from generator.text.titles import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.formats.committee_files import Consortium
    from generator.rubric.document import Rubric
    from generator.text.findings import Place, Report
    from generator.text.messages import Words

    #: An id, its title, and where the title stands.
    Named = tuple[str, Words, Place]

ALIKE = mark("“{id}”与“{first}”的名称都是“{title}”")
RENAME = mark("给其中一项换一个名称；名称相同的，填写的人只能写编号")


@check(RUBRIC_CHECKS, "B003")
def rubric_titles(rubric: Rubric, report: Report) -> None:
    """No two entries of one list of the rubric have one title, where people choose from it."""
    for entries in rubric_lists(rubric):
        alike(entries, report)


def consortium_titles(consortia: Iterable[Consortium], report: Report) -> None:
    """Report consortia that have one title."""
    alike([(own.id, own.title, own.at("title")) for own in consortia], report)


def alike(entries: Iterable[Named], report: Report) -> None:
    """Report every entry whose title another one before it has; an id twice is another matter."""
    seen: dict[str, str] = {}
    for id_, title, place in entries:
        folded = title_of(title)
        first = seen.setdefault(folded, id_) if folded else id_
        if first != id_:
            report.add(
                "B003", place, ALIKE, hint=RENAME, severity=Severity.WARNING,
                id=id_, first=first, title=title,
            )  # fmt: skip


def rubric_lists(rubric: Rubric) -> Iterator[list[Named]]:
    """Yield the lists of a rubric from which people choose."""
    maps: dict[str, dict[str, Words]] = {
        "branch_kinds": {**rubric.branch_kinds},
        "activity_types": {**rubric.activity_types},
        "document_kinds": {n: kind.title or "" for n, kind in rubric.document_kinds.items()},
        "ballot": rubric.ballot_titles,
    }
    for key, titles in maps.items():
        yield [(name, title, rubric.at_key(key, name)) for name, title in titles.items()]
    criteria = [criterion for section in rubric.sections for criterion in section.criteria]
    rules = rubric.bonus.rules if rubric.bonus else ()
    for records in (rubric.sections, criteria, rules, rubric.vetoes, rubric.grades):
        yield [(record.id, record.title, record.at("title")) for record in records]
    for rule in rules:
        titles = rule.level_titles
        yield [(name, title, rule.at_key("levels", name)) for name, title in titles.items()]
