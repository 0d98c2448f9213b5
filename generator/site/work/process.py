"""The process in its four steps: the dates that are on file, what is done and what is still open.

All is counted from results; nothing depends on the day on which the site is built.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Basis, Status
from generator.site.addresses import APPEALS, CONSORTIA, GUIDE, HOME, PROCESS, QUESTIONS
from generator.site.data.figures import Segment
from generator.site.data.posting import posted
from generator.site.data.scale import WIDE, ZERO
from generator.site.groups.direct import direct_of
from generator.site.work.counting import ballot_columns, ballot_facts, is_counted
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.rubric.document import Question
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: What stands before the last step where results are posted; the rule document has no such step.
POSTING = (
    "publicity",
    "",
    mark("公示"),
    mark("结果定稿以前公布出来，任何人都可以提出异议，党委逐件答复。"),
)
#: Steps of the rule document with their clauses, and what happens in each, in our own words.
STEPS = (
    (
        "self-assessment",
        mark("第六条（一）"),
        mark("自查自评"),
        mark("党支部对照考核内容自己打分，连同佐证材料报送党委。"),
    ),
    (
        "supervision",
        mark("第六条（二）"),
        mark("督导团初评"),
        mark("督导团凭平时的了解给联合体排序，意见报党委；没有加入联合体的党支部直接报送。"),
    ),
    (
        "debrief",
        mark("第六条（三）"),
        mark("述职测评"),
        mark("书记述职，到会者投票测评；没有参加测评的，按书面述职评分。"),
    ),
    (
        "decision",
        mark("第六条（四）"),
        mark("党委评定"),
        mark("党委综合自评、初评和测评，研究确定结果并正式发文。"),
    ),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How far one thing has come: a count out of a total, what is open in words, where to look.

    ``note`` says more of what is done.
    """

    title: str
    done: int
    of: int
    open: str
    note: str = ""
    address: str = ""
    link: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing is open."""
        return self.done >= self.of

    @property
    def bars(self) -> tuple[Segment, ...]:
        """The bar of what is done and what is open."""
        if not self.of:
            return ()
        width = WIDE * self.done / self.of
        return (
            Segment("verified", ZERO, width, ZERO + self.done),
            Segment("pending", width, WIDE - width, ZERO + self.of - self.done),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the process; ``questions`` of the rubric concern its clause.

    ``number`` is that in the rule document, 0 of what it does not have.
    """

    number: int
    id: str
    clause: str
    title: str
    what: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[Count, ...]
    questions: tuple[Question, ...]

    @property
    def open(self) -> int:
        """How many things are open."""
        return sum(not count.complete for count in self.counts)


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the page of the process, of the year shown first and of those under way."""
    if made.current:
        yield f"{made.site.prefix}{PROCESS}", partial(process, made)


def cites(questions: Iterable[Question], clause: str) -> bool:
    """Whether the rubric has questions on the article of a clause: other documents have others."""
    article = clause.partition("（")[0]
    return any(question.clause.partition("（")[0] == article for question in questions)


def process(made: YearPages) -> GeneratedPage:
    """Return the page of the process."""
    return made.page(
        f"{made.site.prefix}{PROCESS}",
        "process.html.jinja",
        gettext("考核步骤与日期"),
        description=tr("{year} 年度考核的四个步骤、日期和未办事项", year=made.shown.year),
        nav=GUIDE,
        steps=steps_of(made),
        makeup=made.standings.makeup,
        ballots=bool(ballot_columns(made)),
        lacking=made.site.tells_lacking,
        direct=direct_of(made),
        counted=is_counted(made),
    )


def steps_of(made: YearPages) -> tuple[Step, ...]:
    """Return the steps of the year in their order."""
    facts = {
        "self-assessment": filing_facts(made),
        "supervision": supervision_facts(made),
        "debrief": ballot_facts(made),
        "publicity": publicity_facts(made),
        "decision": decision_facts(made),
    }
    counts = {
        "self-assessment": filing(made),
        "supervision": supervision(made),
        "debrief": debrief(made),
        "publicity": answered(made),
        "decision": decision(made),
    }
    questions = made.site.rubric.questions
    return tuple(
        Step(
            number,
            name,
            gettext(clause) if clause and cites(questions, clause) else "",
            gettext(title),
            gettext(what),
            facts[name],
            tuple(counts[name]),
            tuple(q for q in questions if q.clause == clause),
        )
        for number, (name, clause, title, what) in numbered(made)
    )


def numbered(made: YearPages) -> list[tuple[int, tuple[str, str, str, str]]]:
    """Return the steps with their numbers, publicity before the last where results are posted."""
    *steps, last = enumerate(STEPS, start=1)
    return [*steps, *([(0, POSTING)] if posted(made.site.results) else []), last]


def publicity_facts(made: YearPages) -> tuple[tuple[str, str], ...]:
    """Return the days of publicity and where one objects."""
    posting = made.shown.posting
    if posting is None:
        return ()
    facts = ((gettext("公示期"), posting.days), (gettext("受理"), posting.contact))
    return tuple(fact for fact in facts if fact[1])


def answered(made: YearPages) -> Iterator[Count]:
    """Yield how many appeals have been answered."""
    states = [a.state for branch in made.site.results.branches for a in branch.appeals]
    left = states.count("open")
    yield Count(
        gettext("已答复的申诉"),
        len(states) - left,
        len(states),
        tr("{n} 件待答复", n=left),
        address=f"{made.site.prefix}{APPEALS}",
        link=gettext("公示与申诉"),
    )


def filing_facts(made: YearPages) -> tuple[tuple[str, str], ...]:
    """Return the dates of self-assessment that are on file."""
    start, end = made.site.results.period
    period = tr("{start} 至 {end}", start=start, end=end) if start else ""
    facts = ((gettext("考核期"), period), (gettext("自评截止日期"), made.shown.deadline))
    return tuple(fact for fact in facts if fact[1])


def supervision_facts(made: YearPages) -> tuple[tuple[str, str], ...]:
    """Return the opinions that are on file."""
    teams = made.site.results.supervision
    return tuple((team.title, gettext(" → ").join(team.titles)) for team in teams)


def decision_facts(made: YearPages) -> tuple[tuple[str, str], ...]:
    """Return meeting, day and notice of the decision."""
    known = made.site.results.decision
    titles = (
        ("meeting", gettext("会议")),
        ("decided", gettext("决定日期")),
        ("notice", gettext("发文")),
        ("addressees", gettext("主送")),
        ("issued_by", gettext("印发单位")),
        ("copies", gettext("抄送")),
        ("accept_claims", gettext("自评照认的理由")),
    )
    return tuple((title, known[name]) for name, title in titles if known.get(name))


def filing(made: YearPages) -> Iterator[Count]:
    """Yield how many branches have filed, and how many can be read."""
    found = made.standings.by_status
    count = len(made.site.results.branches)
    unfiled = len(found[Status.NOT_SUBMITTED])
    unreadable = len(found[Status.UNREADABLE])
    yield Count(
        gettext("已报送的党支部"),
        count - unfiled,
        count,
        tr("{n} 个没有报送", n=unfiled),
        address=f"{made.site.prefix}{HOME}#unfiled",
        link=gettext("未报送的党支部") if unfiled else "",
    )
    if unreadable:
        yield Count(
            gettext("报送后能够读取"),
            count - unfiled - unreadable,
            count - unfiled,
            tr("{n} 个不能读取", n=unreadable),
            address=f"{made.site.prefix}{HOME}#unreadable",
            link=gettext("无法计分的党支部"),
        )


def supervision(made: YearPages) -> Iterator[Count]:
    """Yield how many consortia some team has put in its order."""
    named = {name for team in made.site.results.supervision for name in team.order}
    consortia = {b.consortium for b in made.site.results.branches if b.consortium}
    if consortia:
        ordered = len(consortia & named)
        yield Count(
            gettext("已排序的联合体"),
            ordered,
            len(consortia),
            tr("{n} 个没有督导团排序", n=len(consortia) - ordered),
            address=f"{made.site.prefix}{CONSORTIA}#supervision",
            link=gettext("督导团次序与计算次序"),
        )


def debrief(made: YearPages) -> Iterator[Count]:
    """Yield how many branches have what their ballots give."""
    columns = ballot_columns(made)
    branches = made.survey.branches
    if columns and branches:
        missing = sum(
            any((m := marks[n]) is None or m.basis is Basis.PENDING for n in columns)
            for marks in map(made.survey.of, branches)
        )
        yield Count(
            gettext("有测评结果的党支部"),
            len(branches) - missing,
            len(branches),
            tr("{n} 个还没有测评结果", n=missing),
        )


def settled(made: YearPages) -> Count:
    """Return how many criteria have points that stay, and on what these rest."""
    bases = Counter(
        m.basis for b in made.survey.branches for m in made.survey.of(b) if m is not None
    )
    verified = bases[Basis.VERIFIED] + bases[Basis.NOT_APPLICABLE]
    accepted = bases[Basis.ACCEPTED]
    waiting = tr(
        "自评待核定 {claimed} 项，未评 {pending} 项",
        claimed=bases[Basis.CLAIMED],
        pending=bases[Basis.PENDING],
    )
    return Count(
        gettext("已有核定、系统计算或按自评认定的小项"),
        verified + bases[Basis.COMPUTED] + accepted,
        sum(bases.values()),
        waiting,
        tr(
            "其中核定 {n} 项，系统计算 {m} 项，按自评认定 {a} 项",
            n=verified,
            m=bases[Basis.COMPUTED],
            a=accepted,
        ),
    )


def decision(made: YearPages) -> Iterator[Count]:
    """Yield what the committee has decided and what waits for it."""
    yield settled(made)
    known = made.site.rubric.questions
    left = len(made.site.rubric.open_questions)
    if known:
        yield Count(
            gettext("已决定的待定事项"),
            len(known) - left,
            len(known),
            tr("{n} 个尚未决定", n=left),
            address=f"{made.site.prefix}{QUESTIONS}",
            link=gettext("待定事项"),
        )
    standings = made.standings
    yield Count(
        gettext("等次已可确定的党支部"),
        standings.graded,
        standings.count,
        tr("{n} 个未定", n=standings.count - standings.graded),
    )
    done = int(bool(made.site.results.decision))
    yield Count(gettext("党委的决定"), done, 1, gettext("还没有评定文件"))
