"""Bundles of a tree in tests: made, read again, and what a trial over them says otherwise."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from generator.engine.repository import open_repository
from generator.engine.year import Means, Run
from generator.files.paths import branch_folder
from generator.proposals.bundles.bundled import Bundled, bundled
from generator.proposals.bundles.common import common_view
from generator.proposals.bundles.trial import BundleTrial
from generator.proposals.bundles.view import View, public_view
from generator.results.audience import PUBLIC
from generator.scoring.decision import UNSHOWN
from generator.text.messages import source_words
from generator.text.privacy import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.engine.year import Evaluation
    from generator.files.tree import Tree
    from generator.results.audience import Publish
    from generator.results.model import BranchResult
    from generator.text.findings import Finding

TODAY = datetime.date(2026, 1, 20)
#: What a page holds below the figures, and what is told of vetoes and appeals, is compared apart.
APART = frozenset({"packed", "vetoes", "appeals"})
#: Findings that rest on what no bundle holds: what attachments say and photos tell, what the
#: committee suspects, days that only history knows of.
OF_BYTES = frozenset({"E010", "E021"})
SUSPECTED = "R004"


@dataclass
class Bundles:
    """The bundles of one year of a tree, as texts, and what the program finds in the whole."""

    tree: Tree
    year: int
    means: Means
    whole: Evaluation
    views: dict[str, View]
    shared: str

    @classmethod
    def of(
        cls, tree: Tree, year: int, means: Means | None = None, shows: Publish = PUBLIC
    ) -> Bundles:
        """Make them."""
        run = Run(open_repository(tree), year, means or Means())
        whole = run.evaluate(frozenset())
        assert whole.results is not None
        views = {name: public_view(run, name, shows) for name in run.repository.branch_ids}
        compared = {name: view.shared for name, view in views.items()}
        shared = as_text(common_view(run, whole.results, compared, shows))
        return cls(tree, year, run.means, whole, views, shared)

    def own(self, branch: str) -> str:
        """Return the bundle of a branch."""
        return as_text(self.views[branch].document)

    def bundled(self, branch: str) -> Bundled:
        """Return the tree of a branch's bundles."""
        return bundled(self.shared, self.own(branch), TODAY)

    def trial(self, branch: str) -> BundleTrial:
        """Return a trial over a branch's bundles."""
        return BundleTrial(self.bundled(branch))

    def differences(self, branch: str, but: str = "") -> list[str]:
        """Return what is otherwise by the bundles than by the whole, but for what is withheld.

        ``but`` is a field of lines that is not compared.
        """
        trial = self.trial(branch)
        assert self.whole.results is not None
        assert trial.before.results is not None
        mine, other = trial.before.results.branch(branch), self.whole.results.branch(branch)
        told = {finding_key(f) for f in trial.before.findings if is_own(f, branch)}
        due = {
            finding_key(f)
            for f in self.whole.findings
            if is_own(f, branch) and not rests_on_withheld(f, trial.bundled)
        }
        allowed = {finding_key(f) for f in self.whole.findings}
        odd = {f.path for f in self.whole.findings if f.code[0] == "Y"}
        allowed |= {key for key in told if trial.bundled.withheld(key[1]) or key[1] in odd}
        return [
            *figures(mine, other),
            *lines(mine, other, but),
            *(f"lacks {key}" for key in sorted(due - told)),
            *(f"has {key}" for key in sorted(told - allowed)),
        ]


def as_text(document: object) -> str:
    """Return a document as a bundle has it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def finding_key(finding: Finding) -> tuple[str, str, str, str, str]:
    """Return what a finding says, wherever its line is."""
    severity, words = finding.severity.value, f"{finding.message}"
    return finding.code, finding.path, finding.pointer, severity, words


def is_own(finding: Finding, branch: str) -> bool:
    """Whether a finding lies in a branch's own folder."""
    return finding.path.startswith(f"{branch_folder(branch)}/")


def rests_on_withheld(finding: Finding, tree: Bundled) -> bool:
    """Whether a finding tells of what the bundle does not hold."""
    if finding.accepted or finding.code in {*OF_BYTES, SUSPECTED} or finding.code[0] == "Y":
        return True
    if finding.code == "E005":
        # Of small files there is no content key, so that nobody can try out what they say.
        return True
    held = tree.withheld(finding.path)
    return "" in held or "lines" in held or any(
        f"{finding.pointer}/".startswith(f"{key.rpartition('/')[0]}/") for key in held if key
    )  # fmt: skip


def figures(mine: BranchResult, other: BranchResult) -> Iterator[str]:
    """Yield the figures of a branch that differ."""
    for item in fields(other):
        one, two = getattr(mine, item.name), getattr(other, item.name)
        if item.name not in APART and one != two:
            yield f"{item.name}: {one}, not {two}"


def lines(mine: BranchResult, other: BranchResult, but: str) -> Iterator[str]:
    """Yield the lines that differ, but for where they stand and what ballots say."""
    for one, two in zip(mine.lines, other.lines, strict=True):
        unshown = UNSHOWN in source_words(one.reason)
        pair = [replace(line, sources=(), ballots=None) for line in (one, two)]
        if unshown:
            pair = [replace(line, reason="") for line in pair]
        if unshown or two.ballots is not None:
            pair = [replace(line, facts=()) for line in pair]
        if but == "statement":
            pair = [replace(line, statement=NO_TEXT) for line in pair]
        if pair[0] != pair[1]:
            yield f"{one}, not {two}"
    for first, second in zip(mine.bonus_lines, other.bonus_lines, strict=True):
        if replace(first, sources=()) != replace(second, sources=()):
            yield f"{first}, not {second}"
