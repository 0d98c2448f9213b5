"""Family B: whether the rubric is consistent, so that it can score every branch."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.checks.registry import RUBRIC_CHECKS, check
from generator.formats.nodes import Mapping, Node, Sequence
from generator.loading.evidence import list_places
from generator.rubric.document import MAX_PLACES
from generator.rubric.levels import number_of
from generator.rubric.measures import ACTIVITY
from generator.rubric.methods.parameters import NO_KIND, check_fields, check_measure
from generator.rubric.whole import told
from generator.text.messages import say
from generator.text.unknown import Known, report_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.formats.records import Record
    from generator.rubric.document import (
        Asker,
        Band,
        BonusRule,
        Criterion,
        EvidenceRule,
        Question,
        Rubric,
        Section,
        VetoRule,
    )
    from generator.rubric.methods.base import Problem
    from generator.text.findings import Place, Report

ZERO = Decimal(0)


@check(RUBRIC_CHECKS, "B001", "B002")
def sums(rubric: Rubric, report: Report) -> None:
    """Criteria sum to their section, sections to the total."""
    for section in rubric.sections:
        total = sum((c.points for c in section.criteria), ZERO)
        whole = told(section, "points", section.points) and all(
            told(criterion, "points", criterion.points) for criterion in section.criteria
        )
        if whole and section.is_whole("criteria", section.criteria) and total != section.points:
            report.add(
                "B001",
                section.at("points"),
                "“{title}”各小项之和为 {sum}，大项分值为 {points}",
                title=section.title,
                sum=total,
                points=section.points,
            )
    total = sum((s.points for s in rubric.sections), ZERO)
    head = rubric.rubric
    due = head.total if head else None
    whole = rubric.has_all_criteria and all(
        told(section, "points", section.points) for section in rubric.sections
    )
    if head is not None and due is not None and whole and total != due:
        report.add(
            "B002",
            head.at("total"),
            "各大项之和为 {sum}，总分为 {total}",
            sum=total,
            total=due,
        )


@check(RUBRIC_CHECKS, "B003")
def unique_ids(rubric: Rubric, report: Report) -> None:
    """Sections, criteria, bonus rules, vetoes, grades and questions each have their own ids."""
    groups: list[Iterable[Section | Criterion | BonusRule | VetoRule | Band | Question]] = [
        rubric.sections,
        [c for s in rubric.sections for c in s.criteria],
        rubric.bonus.rules if rubric.bonus else (),
        rubric.vetoes,
        rubric.grades,
        rubric.questions,
    ]
    for group in groups:
        seen: set[str] = set()
        for item in group:
            if item.id in seen:
                report.add("B003", item.at("id"), "编号“{id}”重复", id=item.id)
            seen.add(item.id)
    if ACTIVITY in rubric.document_kinds:
        report.add("B003", rubric.at_key("document_kinds", ACTIVITY), "编号“{id}”重复", id=ACTIVITY)


@check(RUBRIC_CHECKS, "B004", "B005")
def methods(rubric: Rubric, report: Report) -> None:
    """Every method's parameters can be."""
    for section in rubric.sections:
        for criterion in section.criteria:
            for problem in criterion.method.problems(criterion.points, rubric.vocabulary):
                _add(report, criterion, problem)
            for index, fact in enumerate(criterion.facts):
                for problem in check_measure(fact, f"facts/{index}", rubric.vocabulary):
                    _add(report, criterion, problem)
            _evidence_kinds(rubric, report, criterion.evidence)
    for name, kind_ in rubric.document_kinds.items():
        written = kind_.node.entries.get("fields", (None, None))[1]
        unread = written.entries if isinstance(written, Mapping) else {}
        for problem in check_fields(name, kind_.required, "required", rubric.vocabulary):
            if problem.values["value"] not in unread:
                _add(report, kind_, problem)


@check(RUBRIC_CHECKS, "B005")
def unscored_kinds(rubric: Rubric, report: Report) -> None:
    """What is recorded and not scored gives no points: it is neither counted nor evidence."""
    for name, kind in rubric.document_kinds.items():
        if kind.scored:
            continue
        for section in rubric.sections:
            for criterion in section.criteria:
                rule = criterion.evidence
                if name in criterion.method.kinds or (rule and name in rule.kinds):
                    report.add(
                        "B005",
                        kind.at("scored"),
                        "“{title}”写明不计分，“{criterion}”却用它计分或作佐证",
                        hint="删去 scored: false，或让这一小项不用这一种材料",
                        title=kind.title or name,
                        criterion=criterion.title,
                    )


def _evidence_kinds(rubric: Rubric, report: Report, rule: EvidenceRule | None) -> None:
    """Report B004 for a kind of evidence that does not exist, at its entry."""
    vocabulary = rubric.vocabulary
    for kind, place in list_places(rule, "kinds") if rule else ():
        if kind not in vocabulary.fields:
            known = Known(vocabulary.fields, vocabulary.kind_titles)
            report_unknown(report, "B004", place, kind, known, NO_KIND)


def _add(report: Report, record: Record, problem: Problem) -> None:
    place = descend(record.node, record.place, problem.key.split("/"))
    if problem.known is not None:
        value = f"{problem.values['value']}"
        report_unknown(report, problem.code, place, value, problem.known, problem.message)
    else:
        report.add(problem.code, place, say(problem.message, **problem.values))


def descend(node: Node, place: Place, keys: list[str]) -> Place:
    """Return the place of the value below ``node`` along ``keys``, as deep as it exists.

    ``@`` behind a key is the key itself.
    """
    own = place
    for key in keys:
        if key == "@":
            return own
        child: Node | None = None
        position = (0, 0)
        if isinstance(node, Mapping) and key in node.entries:
            position, child = node.entries[key]
        elif isinstance(node, Sequence) and key.isdigit() and int(key) < len(node.items):
            child = node.items[int(key)]
        if child is None:
            return place
        own = place.child(key, *position)
        node, place = child, place.child(key, child.line, child.column)
    return place


@check(RUBRIC_CHECKS, "B005")
def bands_and_weights(rubric: Rubric, report: Report) -> None:
    """Bands go from the top; quotas and weights are shares; points are not negative."""
    previous: Decimal | None = None
    for band in rubric.grades:
        known_min = band.min if told(band, "min", band.min) else None
        if previous is not None and known_min is not None and known_min > previous:
            report.add("B005", band.at("min"), "等次应从高到低排列")
        previous = previous if known_min is None else known_min
        if band.quota is not None and not 0 <= band.quota <= 1:
            report.add("B005", band.at("quota"), "名额比例应在 0 与 1 之间")
    for name, level in rubric.ballot.items():
        if not 0 <= level.points <= 1:
            place = ballot_place(rubric, name)
            report.add("B005", place, "测评票权重应在 0 与 1 之间")
    if rubric.rounding and rubric.places > MAX_PLACES:
        report.add("B005", rubric.rounding.at("places"), "小数最多 {n} 位", n=MAX_PLACES)
    titles = {section.id: section.title for section in rubric.sections}
    known = Known(["fixed", *titles], {"fixed": say("固定分"), **titles})
    for index, tie in enumerate(rubric.ties):
        if tie not in known.names and rubric.has_all_criteria:
            place = descend(rubric.node, rubric.place, ["ties", str(index)])
            words = "没有“{value}”可供比较；可用：{known}{nearest}"
            report_unknown(report, "B005", place, tie, known, words)


def ballot_place(rubric: Rubric, level: str) -> Place:
    """Return the place of a ballot's weight, in either form."""
    keys = ["ballot", level]
    node = rubric.node.entries["ballot"][1]
    if isinstance(node, Mapping) and level in node.entries:
        keys += filter(None, [number_of(node.entries[level][1])[1]])
    return descend(rubric.node, rubric.place, keys)


@check(RUBRIC_CHECKS, "S004")
def question_ids(rubric: Rubric, report: Report) -> None:
    """Every ``question`` names a question."""
    known = {question.id for question in rubric.questions}
    if rubric.questions and not rubric.is_whole("questions", rubric.questions):
        return
    for record in _askers(rubric):
        name = record.question
        if name is not None and name not in known:
            report_unknown(report, "S004", record.at("question"), name, sorted(known))


def _askers(rubric: Rubric) -> Iterator[Asker]:
    for section in rubric.sections:
        for criterion in section.criteria:
            yield criterion
            yield from criterion.parts
    if rubric.bonus:
        yield from rubric.bonus.rules
    yield from rubric.vetoes
    yield from rubric.grades


@check(RUBRIC_CHECKS, "B004")
def change_paths(rubric: Rubric, report: Report) -> None:
    """Every change of an alternative leads to something that the rubric has."""
    for question in rubric.questions:
        for alternative in question.alternatives:
            for path in alternative.change:
                if find_target(rubric, path) is None:
                    place = descend(alternative.node, alternative.place, ["change", path, "@"])
                    report.add("B004", place, "“{path}”不通向任何内容", path=path)


def find_target(rubric: Rubric, path: str) -> tuple[Mapping, str] | None:
    """Return (mapping node, key) that a change path names, or None."""
    head, _, rest = path.partition(".")
    if head in {"rubric", "bonus", "ballot"}:
        entry = rubric.node.entries.get(head)
        node = entry[1] if entry else None
        return (node, rest) if isinstance(node, Mapping) and rest and "." not in rest else None
    name, _, key = rest.partition(".")
    owners: dict[str, Record] = {}
    if head == "sections":
        owners = {section.id: section for section in rubric.sections}
    elif head == "criteria":
        owners = {c.id: c for s in rubric.sections for c in s.criteria}
    elif head == "grades":
        owners = {band.id: band for band in rubric.grades}
    owner = owners.get(name)
    return (owner.node, key) if owner is not None and key and "." not in key else None
