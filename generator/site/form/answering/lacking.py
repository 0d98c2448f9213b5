"""What a branch still lacks, what each would bring, and the form and record that mend it.

The list is that of ``appraise missing`` (``reports/left``): this only says where things are mended.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from generator.files.paths import ACTIVITIES, DOCUMENTS, RECORD_FILES, BranchPath, RecordPath
from generator.formats.branch_files import Document
from generator.formats.records import keys_of
from generator.proposals.filing.assessing import SelfForm
from generator.proposals.filing.claiming import BONUS, CLAIMS, ClaimForm
from generator.proposals.filing.evidence import ActivityForm, DocumentForm
from generator.proposals.filing.forms import FIELDS, unescaped
from generator.reports.findings import safe
from generator.reports.left.lacks import Item, concerns_evidence, lack_of, with_parts
from generator.results.advice import PUBLICITY, readings
from generator.results.steps import ANSWER, HELD, HOLD, OF_CLAIM, SEND, SEND_ANY, SEND_SOME
from generator.rubric.methods.parts import Parts
from generator.scoring.due import OPEN, UNANSWERED
from generator.scoring.gains import gained
from generator.scoring.mending import ANSWER_BY, CLAIM, RECLAIM, RECLAIM_ALL
from generator.scoring.scorecard import Basis
from generator.site.form.answering.opening import WHOLE
from generator.text.codes import CODES
from generator.text.language import gettext, mark
from generator.text.messages import say
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.reports.left.lacks import Lack
    from generator.results.model import BranchResult, Results
    from generator.results.steps import Step
    from generator.rubric.document import Criterion, Rubric
    from generator.scoring.scorecard import Line
    from generator.text.findings import Finding

GROUPS = {ACTIVITIES: ActivityForm.what, DOCUMENTS: DocumentForm.what}
#: Steps that ask for records that are not there yet.
MORE = frozenset({HOLD, HELD, SEND, SEND_SOME, SEND_ANY})
ASKED = mark("{kind}，{day} 前报送")
Shown = dict[str, object]


class Mend(NamedTuple):
    """Where something is mended: form, record, what a new one begins with, the question."""

    form: str
    id: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    key: str = ""

    @property
    def shown(self) -> Shown:
        """The same, as the page has it."""
        return {"form": self.form, "id": self.id, "values": dict(self.values), "key": self.key}


class Lacking:
    """What the branch lacks by one evaluation."""

    def __init__(
        self, results: Results, rubric: Rubric, branch: BranchResult, findings: Iterable[Finding]
    ) -> None:
        year = results.year
        own = [f for f in findings if f.branch == branch.id and f.year in {None, year}]
        self.rubric = rubric
        self.branch = branch
        self.lack: Lack = lack_of(results, rubric, branch, own)
        told = [] if results.stage == PUBLICITY else [f for f in own if concerns_evidence(f)]
        self.faults = list(zip(self.lack.findings, told, strict=False))
        self.unreadable = {f.path for f in own if f.code[0] == "Y" and f.severity == "error"}
        self.lines = {line.criterion: (line, parts) for line, parts in with_parts(branch.lines)}

    @property
    def shown(self) -> list[Shown]:
        """Everything that the branch can do, what brings most first; faults of files last."""
        items = sorted(self.lack.mendable, key=lambda item: -self.gain(item))
        found = [self.criterion_shown(item) for item in items]
        if not self.lines:
            found = [*self.asked_first(), *self.criteria_first()]
        return found + [self.fault_shown(*pair) for pair in self.faults]

    def asked_first(self) -> Iterator[Shown]:
        """Yield what was asked of a branch that has filed nothing, in the order of the list."""
        for own in self.branch.due:
            if own.state in {OPEN, UNANSWERED}:
                words = say(ASKED, kind=own.kind_title, day=own.asked)
                values = (("kind", own.kind), ("due", own.id))
                item = Item(own.title, words, "", own.id, day=own.asked)
                yield entry(item, None, [Mend(DocumentForm.what, None, values)])

    def criteria_first(self) -> Iterator[Shown]:
        """Yield all that a branch can do something about that has filed nothing, with its maximum.

        Criteria of ballots alone are none of these.
        """
        criteria = [own for _, own in self.rubric.criteria.values() if own.method.reads_records]
        for own in sorted(criteria, key=lambda criterion: -criterion.points):
            item = Item(own.title, own.requires, "", own.id, own.points)
            mends = [Mend(ClaimForm.what, own.id, (), "points")]
            yield entry(
                item, f"{plain(own.points)}", [*more(own)] if own.method.computed else mends
            )

    def criterion_shown(self, item: Item) -> Shown:
        """Return a criterion that lacks points."""
        gain = self.gain(item)
        return entry(item, f"{plain(gain)}" if gain else None, list(self.mends(item)))

    def fault_shown(self, item: Item, finding: Finding) -> Shown:
        """Return something at fault in the files."""
        mend = place_of(finding.path, finding.pointer)
        if mend is not None and self.is_unreadable(mend):
            mend = None
        # The place in a file is of use where no form leads there.
        title = gettext(CODES[finding.code].title)
        own = replace(item, title=title, reason=finding.message) if mend else item
        return entry(own, None, [mend] if mend else [])

    def is_unreadable(self, mend: Mend) -> bool:
        """Whether the file that would be renewed cannot be read, so that no form can do it."""
        file = RECORD_FILES.get(f"{mend.id}".partition("/")[0])
        within = f"/{mend.id}/{file}" if file else f"/{WHOLE}.yml"
        evidence = mend.form in GROUPS.values()
        if evidence and file is None:
            return False
        return any(path.endswith(within) for path in self.unreadable)

    def gain(self, item: Item) -> Decimal:
        """Return the points that a criterion's maximum would bring to the total.

        What is claimed counts already: evidence brings it no more.
        """
        if self.lines[item.anchor][0].basis is Basis.CLAIMED:
            return Decimal(0)
        lines = [line for line in self.branch.criteria if line.criterion is not None]
        raised = [line for line in lines if line.criterion == item.anchor]
        return gained(self.rubric, lines, raised)

    def mends(self, item: Item) -> Iterator[Mend]:
        """Yield where a criterion is mended, each place once."""
        line, parts = self.lines[item.anchor]
        _, criterion = self.rubric.criteria[item.anchor]
        seen = set()
        for mend in self._mends(line, parts, criterion):
            if mend not in seen and not self.is_unreadable(mend):
                seen.add(mend)
                yield mend

    def _mends(self, line: Line, parts: Sequence[Line], criterion: Criterion) -> Iterator[Mend]:
        bare = True
        for told, _ in readings(line, parts):
            for step, files in told.steps.items():
                for mend in self._steps(step, files, criterion):
                    bare = False
                    yield mend
        if bare and not criterion.method.computed:
            key = "evidence" if line.basis is Basis.CLAIMED else "points"
            yield Mend(ClaimForm.what, criterion.id, (), key)
        for path in line.evidence if bare else ():
            yield from record(path)

    def _steps(self, step: Step, files: Iterable[str], criterion: Criterion) -> Iterator[Mend]:
        """Yield where a step is taken."""
        if step.id in OF_CLAIM or step.id == RECLAIM_ALL:
            key = "points" if step.id in {CLAIM, RECLAIM, RECLAIM_ALL} else "evidence"
            yield Mend(ClaimForm.what, criterion.id, (), key)
        elif step.id in {ANSWER, ANSWER_BY}:
            due = f"{dict(step.values).get('due') or ''}"
            kinds = {own.id: own.kind for own in self.branch.due}
            values = (("kind", kinds[due]), ("due", due)) if due in kinds else ()
            yield Mend(DocumentForm.what, None, values)
        elif step.id in MORE:
            yield from more(criterion)
        for path in files:
            yield from record(path, step.fields[0] if step.fields else "")


def entry(item: Item, gain: str | None, mends: Sequence[Mend]) -> Shown:
    """Return something that lacks, as the page has it."""
    # What is to be done in files is said where no form does it.
    told = (item.reason,) if mends else (item.reason, item.how)
    lines = [safe(f"{words}") for words in told if f"{words}"]
    first = mends[0].shown if mends else {"form": None, "id": None, "values": {}, "key": ""}
    return {
        "title": safe(f"{item.title}"),
        "lines": lines,
        "gain": gain,
        "until": item.day,
        **first,
        "also": [mend.shown for mend in mends[1:]],
    }


def more(criterion: Criterion) -> Iterator[Mend]:
    """Yield the forms of records that a criterion counts."""
    kinds = kinds_of(criterion)
    if ActivityForm.what in kinds or not kinds:
        yield Mend(ActivityForm.what)
    else:
        yield Mend(DocumentForm.what, None, (("kind", kinds[0]),))


def kinds_of(criterion: Criterion) -> list[str]:
    """Return the kinds of records that a criterion looks at: those counted, or else as evidence."""
    method = criterion.method
    methods = [part.method for part in method.parts] if isinstance(method, Parts) else [method]
    found = [kind for own in methods for kind in own.kinds]
    rule = criterion.evidence
    return [*dict.fromkeys(found)] or [*(rule.kinds if rule else ())]


def record(path: str, key: str = "") -> Iterator[Mend]:
    """Yield the record at a path that ends in ``activities/<folder>`` or the like."""
    parts = path.split("/")
    if parts[-1] in RECORD_FILES.values():
        parts = parts[:-1]
    if len(parts) > 1 and parts[-2] in GROUPS:
        if key and parts[-2] == DOCUMENTS and key not in keys_of(Document):
            key = f"{FIELDS}.{key}"
        yield Mend(GROUPS[parts[-2]], f"{parts[-2]}/{parts[-1]}", (), key)


def place_of(path: str, pointer: str) -> Mend | None:
    """Return where the file of a finding is mended; None where no form has it."""
    own = RecordPath.of(path)
    if own is not None and own.group in GROUPS:
        keys = [unescaped(step) for step in pointer.split("/")[1:]]
        key = ".".join(keys[:2] if keys[:1] == [FIELDS] else keys[:1])
        return Mend(GROUPS[own.group], f"{own.group}/{own.folder}", (), key)
    steps = [unescaped(step) for step in pointer.split("/")[1:]]
    if BranchPath.of(path) is None or not path.endswith(f"/{WHOLE}.yml"):
        return None
    if steps[:1] == [CLAIMS] and len(steps) > 1:
        return Mend(ClaimForm.what, steps[1], (), steps[2] if len(steps) > 2 else "")
    return Mend(SelfForm.what, WHOLE) if steps[:1] != [BONUS] else None
