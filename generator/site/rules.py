"""The rubric as a page shows it: methods and their parameters in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.i18n import gettext, tr
from generator.measures import Where
from generator.methods.ballot import Ballot
from generator.methods.base import Judgement, plain
from generator.methods.complete import Checklist, Share, field_title
from generator.methods.counted import Proportion, Threshold, Tiers
from generator.site.rendering import joined

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.measures import Measure
    from generator.methods.base import Method
    from generator.rubric import Criterion, Rubric


@dataclass(frozen=True, slots=True)
class PartRule:
    """A part of a criterion: title, points, and how they are given."""

    title: str
    points: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """A criterion of the rubric in words."""

    criterion: Criterion
    method: str
    words: str
    parts: tuple[PartRule, ...]
    evidence: str
    required: bool
    facts: str


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A section of the rubric."""

    id: str
    title: str
    clause: str
    points: Decimal
    criteria: tuple[CriterionRule, ...]


@dataclass(frozen=True, slots=True)
class RubricView:
    """The rubric in words."""

    sections: tuple[SectionRule, ...]
    ties: tuple[str, ...]


def method_words(method: Method, rubric: Rubric) -> str:
    """Word how a method gives points; empty where its parts say it."""
    vocabulary = rubric.vocabulary
    if isinstance(method, Judgement):
        return gettext("由党委评议核定；核定之前显示自评分")
    if isinstance(method, Proportion):
        return tr("{measure}；不足的按比例计", measure=counted_words(method, rubric))
    if isinstance(method, Threshold):
        return tr("{measure}；达到得满分，否则不得分", measure=counted_words(method, rubric))
    if isinstance(method, Tiers):
        tiers = gettext("；").join(
            tr("{least} 起得 {points} 分", least=plain(tier.at_least), points=plain(tier.points))
            for tier in sorted(method.tiers, key=lambda tier: -tier.at_least)
        )
        return tr("{label}：{tiers}", label=vocabulary.label(method.measure), tiers=tiers)
    if isinstance(method, Share):
        label = vocabulary.label_of(method.of, method.where)
        return tr("{label}中，{having}所占的比例", label=label, having=having_words(method))
    if isinstance(method, Checklist):
        title = vocabulary.kind_titles.get(method.of, method.of)
        return tr("{title}所列 {n} 项中，具备的比例", title=title, n=len(method.fields))
    if isinstance(method, Ballot):
        return gettext("现场述职按各档票数加权平均；书面述职由党委评分；没有票的待评")
    return ""


def counted_words(method: Proportion | Threshold, rubric: Rubric) -> str:
    """Word a measure and its target, for each kind of branch where they differ."""
    label, unit = measure_words(method.measure, rubric)
    target = method.target
    if not isinstance(target, dict):
        return tr("{label}，标准 {target} {unit}", label=label, target=plain(target), unit=unit)
    words = joined(
        f"{rubric.branch_kinds.get(kind, kind)} {plain(value)} {unit}"
        for kind, value in target.items()
    )
    return tr("{label}，标准：{targets}", label=label, targets=words)


def measure_words(measure: Measure, rubric: Rubric) -> tuple[str, str]:
    """Return what a measure counts, and its unit."""
    return rubric.vocabulary.label(measure), rubric.vocabulary.unit(measure.count)


def having_words(method: Share) -> str:
    """Word what records must have."""
    if isinstance(method.having, Where):
        return gettext("符合要求的")
    return tr("{fields}齐全的", fields=joined(field_title(name) for name in method.having))


def criterion_rule(item: Criterion, rubric: Rubric) -> CriterionRule:
    """Return a criterion in words."""
    titles = rubric.vocabulary.kind_titles
    kinds = item.evidence.kinds if item.evidence else ()
    return CriterionRule(
        item,
        gettext(item.method.title),
        method_words(item.method, rubric),
        tuple(PartRule(p.title, p.points, method_words(p.method, rubric)) for p in item.parts),
        joined(titles.get(kind, kind) for kind in kinds),
        bool(item.evidence and item.evidence.required),
        joined(measure_words(measure, rubric)[0] for measure in item.facts),
    )


def rubric_view(rubric: Rubric) -> RubricView:
    """Return the rubric in words."""
    titles = {"fixed": gettext("固定分"), **{s.id: s.title for s in rubric.sections}}
    sections = (
        SectionRule(s.id, s.title, s.clause, s.points, tuple(rules))
        for s in rubric.sections
        for rules in [[criterion_rule(item, rubric) for item in s.criteria]]
    )
    return RubricView(tuple(sections), tuple(titles.get(name, name) for name in rubric.ties))
