"""What verified points rest on is still there: each is held against the commit that brought it.

A state is looked at again only where the branch's files differ from it, and what its lines rested
on is asked only where something of it may be lost.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from generator.checks.committee.withdrawn.culprits import Culprits
from generator.checks.committee.withdrawn.losses import Since
from generator.checks.committee.withdrawn.present import Present
from generator.checks.committee.withdrawn.standing import BONUS, CRITERIA, editions, standing
from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check
from generator.files.paths import (
    DECISION_FILE,
    REVIEWS_FOLDER,
    SELF_ASSESSMENT_FILE,
    appraisal_path,
    branch_folder,
    review_path,
    year_folder,
)
from generator.formats.branch_files import SELF_ASSESSMENT
from generator.formats.nodes import COMMITTEE_LIMITS, Scalar, parse
from generator.formats.nodes import Mapping as Node
from generator.loading.reader import Reader
from generator.scoring.scorecard import Basis
from generator.text.codes import Severity
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import SEMICOLON, say, some
from generator.text.names import visible
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.checks.committee.withdrawn.losses import Loss
    from generator.checks.committee.withdrawn.standing import Decided
    from generator.checks.registry import BranchContext, Scoring
    from generator.checks.summary import BranchSummary
    from generator.files.tree import Annals, Deed, Receipts
    from generator.loading.committee import CommitteeYear
    from generator.text.messages import Message, Words

    #: Path → what commits did to a review, each with its number in the order of all.
    Deeds = Mapping[str, list[tuple[int, Deed]]]

LOST = mark("“{title}”核定了 {points} 分，核定之后它的佐证有删换：{losses}")
CHECK_AGAIN = mark(
    "由党委核对现在的佐证，把核定日期 date 改为核对的那天，分数不对的一并改；"
    "误删、误换的，请支部放回原来的文件"
)
TAKEN_LOST = mark("“{title}”按自评认定了 {points} 分，认定之后它的佐证有删换：{losses}")
VERIFY = mark(
    "由党委核对现在的佐证，在 reviews/{branch}.yml 里核定这一项；误删、误换的，请支部放回原来的文件"
)
DELETED = mark("“{path}”已删去（{how}）")
REPLACED = mark("“{path}”已换成另一份（{how}）")
MOVED_ON = mark("“{path}”已换成“{now}”（{how}）")
BY_COMMIT = mark("{day}，提交 {commit}")
BY_NOBODY = mark("还没有入库的改动")
UNKNOWN = mark("这份克隆只有部分历史：有 {n} 个支部的核定更早，此后佐证有没有删换，核对不了")
FETCH = mark("要核对的，先运行 git fetch --unshallow 取回完整的历史")
#: Digits of a commit's id that are told.
SHORT_ID = 12
#: Up to so many reviews git is asked about alone.
FEW = 8
#: So many losses of a line are named.
NAMED = 5
NONE = Decimal(0)


class Verified(NamedTuple):
    """A line with points that the committee verified, and what it rested on."""

    title: Words
    points: Decimal
    evidence: tuple[str, ...]
    place: Place
    words: str = LOST
    hint: str = CHECK_AGAIN


@check(COMMITTEE_CHECKS, "C018")
def evidence_lost(context: YearContext) -> None:
    """What a line rested on when it was verified was neither deleted nor replaced since."""
    summaries = {summary.id: summary for summary in context.summaries}
    there = sorted(summaries.keys() & context.branch_ids)
    concerned = [branch for branch in there if context.concerns(branch)]
    ids = [branch for branch in concerned if branch in context.committee.files[REVIEWS_FOLDER]]
    accepts = accepting(context.committee)
    history = context.receipts.annals() if context.receipts and (ids or accepts) else None
    if context.receipts is None or context.scoring is None or history is None:
        return
    unknown = 0
    with history as annals:
        look = Look(context, annals, context.receipts, context.scoring)
        deeds = look.deeds(summaries[branch] for branch in ids)
        for branch in ids:
            with context.report.about(branch, context.committee.year):
                unknown += look.at(summaries[branch], deeds)
        since = look.accepted_since(accepts) if accepts else None
        if since is not None and since.whole:
            for branch in concerned:
                with context.report.about(branch, context.committee.year):
                    look.taken_over(summaries[branch], since)
    if unknown:
        at, severity = Place(appraisal_path(context.committee.year)), Severity.NOTICE
        context.report.add("C018", at, UNKNOWN, hint=FETCH, severity=severity, n=unknown)


class Look(NamedTuple):
    """A year, and what commits did."""

    context: YearContext
    annals: Annals
    receipts: Receipts
    scoring: Scoring

    def names(self, summary: BranchSummary) -> tuple[str, ...]:
        """Return the ids that a branch has and had; one that is there is nobody's former id."""
        there = self.context.branch_ids
        return summary.id, *(name for name, _ in summary.formerly if name not in there)

    def paths(self, summary: BranchSummary) -> list[str]:
        """Return where the review of a branch lies, or lay."""
        return [review_path(name, self.context.committee.year) for name in self.names(summary)]

    def deeds(self, summaries: Iterable[BranchSummary]) -> Deeds:
        """Return path → what commits did to the reviews of branches, numbered from the newest."""
        paths = [path for summary in summaries for path in self.paths(summary)]
        if len(paths) > FEW:
            paths = [f"{self.context.committee.folder}/{REVIEWS_FOLDER}"]
        found: dict[str, list[tuple[int, Deed]]] = defaultdict(list)
        for number, deed in enumerate(self.annals.deeds(paths)):
            found[deed.path].append((number, deed))
        return found

    def at(self, summary: BranchSummary, deeds: Deeds) -> bool:
        """Report what is lost of a branch; return whether history begins after its review."""
        paths = self.paths(summary)
        own = sorted(pair for path in paths for pair in deeds.get(path, ()))
        told = editions([deed for _, deed in own], paths)
        home = branch_folder(summary.id)
        if all(deed.whole and self.annals.is_same(deed.commit, home) for deed, _ in told):
            return False
        entries: dict[Deed, list[Decided]] = defaultdict(list)
        for entry, deed in standing(self.annals, told, self.context.tree.read(paths[0])):
            entries[deed].append(entry)
        for deed in filter(attrgetter("whole"), entries):
            state = self.suspect(summary, deed, entries[deed])
            if state is not None:
                self.tell(state, partial(verified, entries=frozenset(entries[deed])))
        return not all(deed.whole for deed in entries)

    def accepted_since(self, accepts: str) -> Deed | None:
        """Return what was done when claims were taken over for the reason that stands now."""
        since = None
        path = f"{self.context.committee.folder}/{DECISION_FILE}"
        for deed in self.annals.deeds([path]):
            if accepting_in(self.annals.read(deed.new) if deed.new else b"") != accepts:
                break
            since = deed
        return since

    def taken_over(self, summary: BranchSummary, since: Deed) -> None:
        """Report what is lost of the claims of a branch that were taken over as they stood."""
        state, decision = self.suspect(summary, since, ()), self.context.committee.decision
        if state is not None and decision is not None:
            now = self.scoring.score(summary.id, Report()).card.lines
            names = frozenset(line.criterion for line in now if line.basis is Basis.ACCEPTED)
            self.tell(state, partial(accepted, names=names, place=decision.at("accept_claims")))

    def suspect(
        self, summary: BranchSummary, deed: Deed, entries: Iterable[Decided]
    ) -> Since | None:
        """Return a state of a branch of which something may be lost; None where nothing is."""
        if self.annals.is_same(deed.commit, branch_folder(summary.id)):
            return None
        present = Present(self.context.tree, summary)
        state = Since(
            self.context.tree, self.annals, self.receipts, present, self.names(summary), deed
        )
        cited = self.cited(state, entries)
        if cited is not None:
            state.narrow(cited)
        return state if state.is_suspect else None

    def cited(self, state: Since, entries: Iterable[Decided]) -> frozenset[str] | None:
        """Return the records that claims cited then; None where any may have been counted."""
        criteria, year = self.context.rubric.criteria, self.context.committee.year
        known = [criteria[name][1] for group, name in entries
                 if group == CRITERIA and name in criteria]  # fmt: skip
        if any(not own.valid or own.method.computed for own in known):
            return None
        path = f"{year_folder(state.names[0], year)}/{SELF_ASSESSMENT_FILE}"
        if path not in state.tree.files:
            return frozenset()
        places = self.context.rubric.places
        told, _ = Reader(state.tree, Report()).load(path, SELF_ASSESSMENT, places=places)
        named = {ref for claim in told.claims.values() for ref in claim.evidence} if told else set()
        named |= {ref for claim in told.bonus for ref in claim.evidence} if told else set()
        return frozenset(
            f"{branch_folder(state.names[0])}/{reference}"
            if reference.count("/") > 1
            else f"{year_folder(state.names[0], year)}/{reference}"
            for reference in named
        )

    def tell(self, state: Since, lines: Callable[[BranchContext], Iterable[Verified]]) -> None:
        """Report those lines that rest on what is lost; ``lines`` takes them of the branch then."""
        culprits: Culprits | None = None
        then = self.scoring.over(state.tree).score(state.names[0], Report())
        records = {e.path: e for e in (*then.data.evidence.values(), *then.data.standing.values())}
        for line in lines(then):
            found = [loss for path in line.evidence for loss in state.losses(records[path])]
            if not found:
                continue
            culprits = culprits or Culprits(state)
            first = [*dict.fromkeys(found)][: NAMED + 1]  # some() says that there are more
            losses = [worded(state, loss, culprits.of(loss)) for loss in first]
            self.context.report.add(
                "C018",
                line.place,
                line.words,
                hint=line.hint,
                branch=state.names[0],
                title=line.title,
                points=line.points,
                losses=some(losses, NAMED, SEMICOLON),
            )


def verified(then: BranchContext, entries: frozenset[Decided]) -> Iterator[Verified]:
    """Yield the lines and bonus claims that got points by some entries of a review."""
    review = then.review
    if review is None:
        return
    for line in then.card.lines:
        name = line.criterion or ""
        if line.part is None and line.basis is Basis.VERIFIED and (CRITERIA, name) in entries:
            item = review.criteria[name]
            yield Verified(line.title, line.points or NONE, line.evidence, item.at("points"))
    for bonus in then.card.bonus_lines:
        if bonus.status == "accepted" and (BONUS, bonus.claim) in entries:
            at = review.bonus[bonus.claim].at("accepted")
            yield Verified(bonus.matter, bonus.points or NONE, bonus.evidence, at)


def accepted(then: BranchContext, names: frozenset[str | None], place: Place) -> Iterator[Verified]:
    """Yield the lines whose claimed points were taken over then, and are now."""
    for line in then.card.lines:
        if line.part is None and line.basis is Basis.ACCEPTED and line.criterion in names:
            own = line.title, line.points or NONE, line.evidence, place
            yield Verified(*own, TAKEN_LOST, VERIFY)


def accepting(committee: CommitteeYear) -> str:
    """Return why claims are taken over, ``""`` where they are not."""
    return (committee.decision.accept_claims or "") if committee.decision else ""


def accepting_in(data: bytes) -> str:
    """Return what a decision gives as the reason for taking claims over, ``""`` for none."""
    node = parse(data, Report(), "", COMMITTEE_LIMITS) if data else None
    own = node.entries.get("accept_claims", (None, None))[1] if isinstance(node, Node) else None
    return masked(own.text.strip()) if isinstance(own, Scalar) else ""


def worded(state: Since, loss: Loss, deed: Deed | None) -> Message:
    """Return what was lost, what is there now, and by which commit."""
    how = say(BY_NOBODY)
    if deed is not None:
        how = say(BY_COMMIT, day=deed.day, commit=deed.commit[:SHORT_ID])
    path = state.as_then(loss.path)
    words = REPLACED if loss.now == loss.path else MOVED_ON if loss.now else DELETED
    return say(words, path=visible(path), how=how, now=visible(loss.now))
