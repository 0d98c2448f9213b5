"""The rubric as a page shows it: methods and their parameters in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.rubric.failing import field_title
from generator.rubric.measures import Where
from generator.rubric.methods.complete import Checklist, Share
from generator.rubric.methods.counted import Proportion, Threshold, Tiers
from generator.text.language import gettext, tr
from generator.text.messages import listed
from generator.text.numbers import plain

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.rubric.document import Rubric
    from generator.rubric.methods.base import Method


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a criterion: title, points, and how they are given."""

    title: str
    points: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion of the rubric in words."""

    id: str
    title: str
    clause: str
    requires: str
    points: Decimal
    method: str
    words: str
    parts: tuple[PartView, ...]
    evidence: str
    question: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the rubric."""

    id: str
    title: str
    clause: str
    points: Decimal
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True, slots=True)
class RubricView:
    """The rubric in words."""

    sections: tuple[SectionView, ...]


def method_words(method: Method, rubric: Rubric) -> str:
    """Word how a method gives points."""
    vocabulary = rubric.vocabulary
    if isinstance(method, Proportion | Threshold):
        target = method.target
        if isinstance(target, dict):
            words = gettext("、").join(
                tr("{kind}为 {n}", kind=rubric.branch_kinds.get(kind, kind), n=plain(value))
                for kind, value in target.items()
            )
        else:
            words = plain(target)
        lead = tr("{label}，标准 {target}", label=vocabulary.label(method.measure), target=words)
        return tr("{lead}，{method}计分", lead=lead, method=gettext(method.title))
    if isinstance(method, Tiers):
        tiers = gettext("、").join(f"≥{plain(t.at_least)}: {plain(t.points)}" for t in method.tiers)
        return tr("{label}，分档 {tiers}", label=vocabulary.label(method.measure), tiers=tiers)
    if isinstance(method, Share):
        label = vocabulary.label_of(method.of, method.where)
        if method.due:
            return tr("应报的{label}中{having}的比例", label=label, having=having_words(method))
        return tr("{label}中{having}的比例", label=label, having=having_words(method))
    if isinstance(method, Checklist):
        return tr("清单所列 {n} 项中具备的比例", n=len(method.fields))
    return ""


def having_words(method: Share) -> str:
    """Word what records must have."""
    if isinstance(method.having, Where):
        return gettext("符合条件者")
    return tr("具备{fields}者", fields=listed(field_title(method.of, n) for n in method.having))


def rubric_view(rubric: Rubric) -> RubricView:
    """Return the rubric in words."""
    sections = []
    for section in rubric.sections:
        criteria = []
        for item in section.criteria:
            kinds = item.evidence.kinds if item.evidence else ()
            titles = rubric.vocabulary.kind_titles
            criteria.append(
                CriterionView(
                    item.id,
                    item.title,
                    item.clause,
                    item.requires,
                    item.points,
                    gettext(item.method.title),
                    method_words(item.method, rubric),
                    tuple(
                        PartView(p.title, p.points, method_words(p.method, rubric))
                        for p in item.parts
                    ),
                    str(listed(titles.get(kind, kind) for kind in kinds)),
                    item.question or "",
                )
            )
        sections.append(
            SectionView(section.id, section.title, section.clause, section.points, tuple(criteria))
        )
    return RubricView(tuple(sections))
