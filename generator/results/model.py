"""Results: everything that renderers may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator import RULES, __version__
from generator.results.packed import unpack
from generator.text.privacy import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from generator.results.corrections import Correction
    from generator.results.packed import EvidenceRecord
    from generator.scoring.due import DueLine
    from generator.scoring.scorecard import BonusLine, Line, Portion
    from generator.text.messages import Words
    from generator.text.privacy import Printable


@dataclass(frozen=True, slots=True)
class Source:
    """Where results come from: commit id and its date, whether files differ, by which rules.

    ``program`` and ``rules`` are those of this program unless the results were read from a file,
    which may have neither.
    """

    commit: str | None = None
    dirty: bool = False
    date: str | None = None
    program: str | None = __version__
    rules: int | None = RULES


@dataclass(frozen=True, slots=True)
class Veto:
    """A veto on a branch: a candidate that was detected, or a fact on file and its state."""

    veto: str
    title: Printable
    clause: Printable
    state: str
    reason: Words
    reference: Printable = NO_TEXT
    date: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """An objection to a branch's result, its state and the answer; days as text.

    ``criterion`` is the id of one, ``bonus``, ``grade``, ``veto`` or empty.
    """

    id: str
    received: str
    criterion: str
    matter: Printable
    state: str
    answer: Printable
    date: str


@dataclass(frozen=True, slots=True)
class BranchResult:
    """One branch's result with all that its pages show; points are decimals or None.

    ``maxima`` is the maximum points that rest on each basis, ``portions`` the fixed points that do;
    ``packed`` holds what is shown below the figures (``details.pack``), nothing where only figures
    were asked for. ``formerly`` are the ids that it had before, ``due`` is what was asked of it.
    """

    id: str
    name: Printable
    kind: str | None
    kind_title: Printable
    consortium: str | None
    consortium_title: Printable
    societies: tuple[Printable, ...]
    members: int | None
    has_committee: bool
    status: str
    fixed: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    done: int
    of: int
    submitted: str
    vetoes: tuple[Veto, ...]
    sections: Mapping[str, Decimal]
    maxima: Mapping[str, Decimal]
    portions: Mapping[str, Portion]
    pending: bool
    packed: bytes = field(repr=False)
    rank: int | None = None
    rank_range: tuple[int, int] | None = None
    grade: str | None = None
    grade_title: Printable = NO_TEXT
    computed_grade: str | None = None
    grade_reason: Printable = NO_TEXT
    formerly: tuple[str, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    due: tuple[DueLine, ...] = ()

    @property
    def accepted(self) -> int:
        """How many criteria have the points that were claimed, taken over as they stand."""
        return self.portions["accepted"].criteria

    @property
    def lines(self) -> tuple[Line, ...]:
        """Lines of criteria, their parts and scaling, in the order of the rubric."""
        return unpack(self.packed).lines

    @property
    def bonus_lines(self) -> tuple[BonusLine, ...]:
        """Bonus claims, in the order of the file."""
        return unpack(self.packed).bonus_lines

    @property
    def records(self) -> tuple[EvidenceRecord, ...]:
        """Records of evidence as their pages show them."""
        return unpack(self.packed).records

    @property
    def criteria(self) -> tuple[Line, ...]:
        """Lines of criteria and scaling, without parts."""
        return tuple(line for line in self.lines if line.part is None)


@dataclass(frozen=True, slots=True)
class SupervisionOpinion:
    """What one supervision team thinks of the order of the consortia: no points."""

    team: str
    title: Printable
    order: tuple[str, ...]
    opinion: Printable
    titles: tuple[Printable, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding that the committee accepts, as pages show it."""

    branch: str
    code: str
    path: Printable
    message: Words
    reason: Printable
    by: Printable = NO_TEXT
    date: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """The result of one year: branches by rank, then by id, the unranked last.

    ``as_of`` is the date of the data where it was told, or where it lies before the period's end;
    ``publicity`` has ``from``, ``to`` and ``contact`` where the committee wrote them.
    ``accepted`` are findings that the committee accepts;
    ``corrections`` are those of final results, the oldest first. A projection (``projection``) has
    the digest of the whole, and the classes of fields that it does not show.
    """

    year: int
    stage: str
    period: tuple[str, str]
    deadline: str
    rubric_id: str
    rubric_sha256: str
    source: Source
    branches: tuple[BranchResult, ...]
    open_questions: tuple[str, ...]
    supervision: tuple[SupervisionOpinion, ...] = ()
    decision: Mapping[str, Printable] = field(default_factory=dict)
    as_of: str = ""
    publicity: Mapping[str, Printable] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    accepted: tuple[AcceptedFinding, ...] = ()
    full_digest: str = ""
    withheld: tuple[str, ...] = ()

    def branch(self, branch_id: str) -> BranchResult:
        """Return one branch's result; raises KeyError."""
        for branch in self.branches:
            if branch.id == branch_id:
                return branch
        raise KeyError(branch_id)
