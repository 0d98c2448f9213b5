"""Why a finding exists, and how a point came about, down to file and line."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.reports.scores import grade_words, number, status_words
from generator.results.advice import REVIEW, REVIEWED, When, advice_of
from generator.scoring.due import STATES, counted_kinds
from generator.scoring.scorecard import Basis
from generator.text.codes import CODES, FAMILIES
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.results.model import BranchResult, Results
    from generator.results.packed import EvidenceRecord
    from generator.rubric.document import Criterion, Rubric
    from generator.scoring.scorecard import BonusLine, Line

NOWHERE: Mapping[str, str] = MappingProxyType({})
BASIS_WORDS = {
    Basis.VERIFIED: "核定",
    Basis.ACCEPTED: "按自评认定",
    Basis.COMPUTED: "系统计算",
    Basis.CLAIMED: "自评",
    Basis.PENDING: "未评",
    Basis.NOT_APPLICABLE: "不适用",
    Basis.SCALED: "折算",
}
#: State of a bonus claim → words.
BONUS_WORDS = {
    "accepted": "认定",
    "rejected": "不认定",
    "claimed": "申报",
    "same-matter": "同一事项",
}


def points_words(line: Line) -> str:
    """Word a line's points with its maximum; 未评 without any."""
    if line.points is None:
        words = gettext("不计入") if line.excluded else gettext("未评")
    else:
        words = number(line.points)
    return f"{words} / {number(line.max)}" if line.max is not None else words


def explain_code(code: str) -> str:
    """Return the rule behind a finding code; raises KeyError for one that does not exist."""
    rule = CODES[code]
    blocks = [
        f"{rule.code}  {gettext(rule.title)}",
        tr(
            "级别：{severity}　类别：{family}",
            severity=rule.severity,
            family=gettext(FAMILIES[rule.family]),
        ),
    ]
    if rule.why:
        blocks.append(tr("为什么：{text}", text=gettext(rule.why)))
    blocks.append(tr("改法：{text}", text=gettext(rule.hint)))
    for title, sample in ((gettext("改前："), rule.before), (gettext("改后："), rule.after)):
        if sample:
            body = "".join(f"    {line}\n" for line in gettext(sample).splitlines())
            blocks.append(f"{title}\n{body}".rstrip("\n"))
    return "\n".join(blocks) + "\n"


def explain_branch(branch: BranchResult, results: Results, rubric: Rubric) -> str:
    """Return the whole scorecard of a branch in words."""
    lines = [
        tr("{name}（{id}）{year}", name=safe(branch.name), id=branch.id, year=results.year),
        tr(
            "固定分 {fixed}　加分 {bonus}　总分 {total}（{low}–{high}）　名次 {rank}　等次 {grade}",
            fixed=number(branch.fixed),
            bonus=number(branch.bonus),
            total=number(branch.total),
            low=number(branch.low),
            high=number(branch.high),
            rank=branch.rank or "—",
            grade=status_words(branch) or grade_words(branch),
        ),
    ]
    lines += [safe(f"{v.title} {v.clause} {v.state} {v.reason}") for v in branch.vetoes]
    for line in branch.criteria:
        name = line.criterion or ""
        basis = gettext(BASIS_WORDS[line.basis])
        lines.append(
            f"{name or line.section}  {safe(str(line.title))}  {points_words(line)}  {basis}"
        )
        lines.append(f"    {safe(str(line.reason))}")
        lines += [f"    {words}" for words in advice_words(branch, line, results, rubric)]
    lines += list(bonus_words(branch.bonus_lines))
    lines += reviewed_words(results)
    return "\n".join(lines) + "\n"


def bonus_words(lines: Iterable[BonusLine]) -> Iterable[str]:
    """Yield the bonus claims in words."""
    for line in lines:
        words = tr("{title}：{name}", title=safe(str(line.title)), name=safe(line.matter))
        yield f"{line.claim}  {words}  {number(line.points)}"
        yield f"    {safe(str(line.reason))}"


def advice_words(
    branch: BranchResult, line: Line, results: Results, rubric: Rubric
) -> Iterable[str]:
    """Yield why a line has not all of its points, and what can be done about it."""
    _, definition = rubric.criteria.get(line.criterion or "", (None, None))
    parts = [p for p in branch.lines if p.part is not None and p.criterion == line.criterion]
    advice = advice_of(line, parts, definition, When.of(results))
    if advice is not None:
        if line.points is not None or advice.why != line.reason:
            yield tr("为什么：{text}", text=safe(str(advice.why)))
        yield tr("怎么办：{text}", text=safe(str(advice.how)))


def reviewed_words(results: Results) -> list[str]:
    """Say once that what is handed in during the review may not count."""
    return [gettext(REVIEWED)] if results.stage == REVIEW else []


def explain_criterion(
    branch: BranchResult,
    criterion: str,
    results: Results,
    rubric: Rubric,
    asked: Mapping[str, str] = NOWHERE,
) -> str:
    """Return the derivation of one line, ``asked`` being where entries of the due list stand.

    Raises KeyError where the branch has no such line.
    """
    own = [line for line in branch.lines if line.criterion == criterion]
    if not own:
        raise KeyError(criterion)
    (head, *parts), definition = own, rubric.criteria[criterion][1]
    points = f"{points_words(head)}  {gettext(BASIS_WORDS[head.basis])}"
    blocks = [
        tr("{name}（{id}）", name=safe(branch.name), id=branch.id),
        tr("{title}（{clause}）{words}", title=head.title, clause=head.clause, words=points),
        *requirement_words(definition),
        tr("理由：{text}", text=safe(str(head.reason))),
        *(advice := tuple(advice_words(branch, head, results, rubric))),
        *(reviewed_words(results) if advice else ()),
        tr(
            "自评 {claimed}　系统计算 {computed}　核定 {verified}",
            claimed=number(head.claimed),
            computed=number(head.computed),
            verified=number(head.verified),
        ),
    ]
    blocks += basis_words(branch, head, parts)
    blocks += due_words(branch, definition, asked)
    blocks += [tr("出处：{text}", text=source) for source in head.sources]
    return "\n".join(blocks) + "\n"


def basis_words(branch: BranchResult, head: Line, parts: Iterable[Line]) -> Iterator[str]:
    """Yield what a line rests on: what the branch states, parts, measures, records."""
    if head.statement:
        yield tr("说明：{text}", text=safe(head.statement))
    for part in parts:
        yield from part_words(branch, part)
    yield from (tr("参考：{text}", text=fact) for fact in head.facts)
    if head.evidence and not parts:
        yield gettext("佐证：")
        yield from evidence_words(branch, head.evidence, "  ")


def part_words(branch: BranchResult, part: Line) -> Iterator[str]:
    """Yield the derivation of a part."""
    yield f"  · {part.title} {points_words(part)}"
    yield f"    {safe(str(part.reason))}"
    yield from evidence_words(branch, part.evidence, "    ")


def due_words(
    branch: BranchResult, definition: Criterion, asked: Mapping[str, str]
) -> Iterator[str]:
    """Yield the entries of the due list that a criterion counts, each with what answers it."""
    kinds = counted_kinds(definition)
    records: dict[str, EvidenceRecord] = {r.path: r for r in branch.records}
    own = [line for line in branch.due if line.kind in kinds]
    if own:
        yield gettext("应报事项：")
    for line in own:
        where = f"{asked[line.id]}  " if line.id in asked else ""
        words = f"  {where}{line.asked}  {safe(line.title)}"
        yield tr("{title}：{words}", title=words, words=gettext(STATES[line.state]))
        for path in filter(None, (line.answer, *line.others)):
            if path in records:
                yield f"    {record_words(records[path])}"


def requirement_words(definition: Criterion) -> list[str]:
    """Return requirement, method and question of a criterion."""
    words = [tr("要求：{text}", text=definition.requires)] if definition.requires else []
    words.append(tr("计分方式：{text}", text=gettext(definition.method.title)))
    if definition.question:
        words.append(tr("依据的待定事项：{text}", text=definition.question))
    return words


def evidence_words(branch: BranchResult, paths: Iterable[str], indent: str) -> list[str]:
    """Return one line a record: file and line, date, title, what it holds."""
    records: dict[str, EvidenceRecord] = {r.path: r for r in branch.records}
    return [indent + record_words(records[path]) for path in paths if path in records]


def record_words(record: EvidenceRecord) -> str:
    """Word a record of evidence."""
    files = gettext("、").join(safe(file.name) for file in record.files)
    words = f"{record.file}:{record.line}  {record.date}  {safe(record.title)}"
    return tr("{title}（{files}）", title=words, files=files) if files else words
