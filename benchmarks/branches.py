"""One made-up branch: who it is, what it filed in two years, what it claims for itself.

Everything about branch ``n`` follows from the seed and ``n`` alone (and from its
neighbour, if there is one): a repository of 1,000 branches begins with those of one of 150.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from benchmarks import words
from benchmarks.claims import Assessment
from benchmarks.filing import REGULAR, Filing
from benchmarks.made import EARLIER, YEAR, Branch, Dice, branch_id, encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.rules import Rules

BRANCHES_A_CONSORTIUM = 25
#: How often things happen, in a hundred.
FILED = 99
JOINT = 8
#: Of the documents other than plan and summary.
ORDINARY = 19
COMMITTEE_FROM = 20
#: In how many months a branch is active, each as likely as the others.
MONTHS = (5, 6, 6, 7, 7)


def make_branch(
    number: int, of: int, seed: int, rules: Rules, months: Sequence[int] = MONTHS
) -> Branch:
    """Return branch ``number`` of a repository of ``of``, active in as many of the ``months``."""
    return _Maker(number, of, seed, rules).make(months)


class _Maker:
    """Makes one branch; files are dated by the day on which they are filed."""

    def __init__(self, number: int, of: int, seed: int, rules: Rules) -> None:
        self.rng = Dice(f"{seed}:{number}")
        self.rules = rules
        name = branch_id(number)
        filed = self.rng.likely(FILED)
        self.branch = Branch(number, name, filed, f"example-{name}")
        self.members = self.rng.randint(8, 60)
        self.filing = Filing(self.branch, self.members, self.rng, rules)
        self.partner = _partner(number, of, seed)

    def make(self, months: Sequence[int]) -> Branch:
        """Return the branch with all its files."""
        self.identity()
        self.earlier_year()
        if self.branch.filed:
            for month in sorted(self.rng.sample(range(1, 12), self.rng.choice(months))):
                self.filing.activity(YEAR, datetime.date(YEAR, month, self.rng.randint(1, 28)))
            if self.partner is not None:
                self.filing.joint_activity(self.partner)
            self.documents()
            Assessment(self.filing).write()
        return self.branch

    def identity(self) -> None:
        """Write branch.yml; one in six is of another kind, one in ten has two societies."""
        rng, number = self.rng, self.branch.number
        kinds = self.rules.branch_kinds
        society = words.society(number)
        societies = [society] if rng.likely(90) else [society, f"{society}联合会"]
        lines = [
            f"# {words.INVENTED}",
            f"name: {society}党支部",
            f"kind: {kinds[0] if rng.likely(85) else rng.choice(kinds)}",
            f"societies: [{', '.join(societies)}]",
            f"has_committee: {'true' if self.members > COMMITTEE_FROM else 'false'}",
            f"established: {rng.randint(1995, EARLIER - 1)}-{rng.randint(1, 12):02d}-10",
            f"members: {self.members}",
            f"submitters: [{self.branch.login}]",
        ]
        if rng.likely(80):
            lines.append(f"consortium: {consortium_id(number)}")
        self.filing.put("branch.yml", encode(lines), datetime.date(EARLIER, 3, 1))

    def earlier_year(self) -> None:
        """File an activity and a document that later claims may still cite."""
        self.filing.activity(EARLIER, datetime.date(EARLIER, 10, self.rng.randint(1, 28)))
        standing = next((kind for kind in self.rules.kinds if kind.id not in REGULAR), None)
        if standing is not None:
            self.filing.document(standing, standing.id, EARLIER)
        self.filing.records[:] = [
            record._replace(reference=f"{EARLIER}/{record.reference}")
            for record in self.filing.records
            if record.reference.startswith("documents/")
        ]

    def documents(self) -> None:
        """File plan and summary, and some of the other kinds."""
        for kind in self.rules.kinds:
            if self.rng.likely(95 if kind.id in REGULAR else ORDINARY):
                self.filing.document(kind, kind.id, YEAR)


def consortium_id(number: int) -> str:
    """Return the consortium of a branch that is in one."""
    return f"lianheti-{number // BRANCHES_A_CONSORTIUM:03d}"


def _partner(number: int, of: int, seed: int) -> int | None:
    """Return the neighbour with which a branch holds a joint activity, if both file anything."""
    other = number ^ 1
    if other >= of or not Dice(f"{seed}:pair:{number // 2}").likely(JOINT):
        return None
    return other if Dice(f"{seed}:{other}").likely(FILED) else None
