"""What the public may see of a branch and year as data: ``public_view``.

Files that hold records stand as their values, attachments by name, size, verdict and content key.
``withheld`` lists what was masked or left out. The same data gives the same document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.checks.summary import summarise
from generator.files.paths import debrief_path, received_path, review_path, veto_path
from generator.loading.accepted import Target
from generator.proposals.bundles.files import SHARED, FileViewer, by_path
from generator.proposals.bundles.keys import SCHEMA, published
from generator.proposals.bundles.kinds import kind_of
from generator.results.audience import PUBLIC, FieldClass
from generator.results.projection import VERIFIED
from generator.text.findings import Report
from generator.text.numbers import as_text
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.checks import BranchContext
    from generator.checks.summary import FileUse, OldFile
    from generator.engine.branch import Reducer
    from generator.engine.year import Run
    from generator.files.tree import Entry
    from generator.proposals.bundles.values import Value
    from generator.results.audience import Publish

    #: What JSON holds.
    Document = dict[str, Value]

BALLOTS = FieldClass.BALLOTS


@dataclass(frozen=True, slots=True)
class View:
    """What the public may see of a branch: a document, and what others are compared with.

    ``shared`` goes into what all branches share.
    """

    document: Document
    shared: Document


def public_view(run: Run, branch: str, shows: Publish = PUBLIC) -> View:
    """Return what the public may see of a branch and year; raises KeyError for no such branch."""
    reducer = run.reducer()
    if reducer is None or branch not in run.repository.branch_ids:
        raise KeyError(branch)
    return Viewer(run, reducer, reducer.score(branch, Report()), shows).view()


@dataclass
class Viewer:
    """Makes one branch's view."""

    run: Run
    reducer: Reducer
    context: BranchContext
    shows: Publish
    files: FileViewer = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare what shows single files."""
        self.files = FileViewer(self.reducer, self.context, self.shows)
        self.branch, self.year = self.context.data.id, self.run.year

    def view(self) -> View:
        """Return the view."""
        found: list[Value] = [*map(self.files.own, self.entries), *self.committee()]
        received = self.received()
        awarded: Document = {**self.awarded()}
        withheld: list[Value] = [
            {"path": path, "key": key} for path, key in sorted(self.files.withheld)
        ]
        document: Document = {
            "schema": SCHEMA,
            "branch": self.branch,
            "year": self.year,
            "files": found,
            "received": received,
            "awarded": awarded,
            "withheld": withheld,
        }
        return View(document, self.shared())

    @property
    def entries(self) -> list[Entry]:
        """All below the branch's folder; what is no record only where attachments are shown."""
        there = (e for group in self.context.groups.values() for e in group)
        named = self.shows.shows(FieldClass.ATTACHMENTS)
        return sorted((e for e in there if named or kind_of(e.path)), key=by_path)

    def committee(self) -> Iterator[Document]:
        """Yield the committee's files about the branch alone, as far as they are shown."""
        for path in (review_path(self.branch, self.year), received_path(self.branch, self.year)):
            if self.run.repository.is_file(path):
                yield from filter(None, [self.files.of_committee(path)])
        path = veto_path(self.branch, self.year)
        # Of what is not verified nobody hears that there is any, nor what is withheld of it.
        verified = [entry for entry in self.context.vetoes if entry.state == VERIFIED]
        if verified:
            self.files.withheld |= {(path, "/date"), (path, "/reason"), (path, "/reference")}
            yield {"path": path, "values": [{"veto": e.veto, "state": VERIFIED} for e in verified]}
        yield from self.debrief(debrief_path(self.year))

    def debrief(self, path: str) -> Iterator[Document]:
        """Yield what is shown of the branch's debrief."""
        entry = self.context.verdicts.debrief
        if entry is None:
            return
        shown: Document = {"mode": entry.mode}
        at = f"/branches/{self.branch}"
        if entry.points is not None:
            shown["points"] = as_text(entry.points)
        if entry.reason:
            shown["reason"] = masked(entry.reason)
        if entry.ballots and self.counts_are_shown:
            shown["ballots"] = {**entry.ballots}
        elif entry.ballots:
            self.files.withheld.add((path, f"{at}/ballots"))
        # With these and the ballots somebody could reckon out how many did not vote.
        unshown = {"void": entry.void, "issued": entry.issued}
        self.files.withheld |= {(path, f"{at}/{key}") for key, n in unshown.items() if n}
        yield {"path": path, "values": {"branches": {self.branch: shown}}}

    @property
    def counts_are_shown(self) -> bool:
        """Whether every ballot is shown, or there is none."""
        entry = self.context.verdicts.debrief
        return entry is None or self.shows.shows_counts(entry.ballots.values(), BALLOTS)

    def awarded(self) -> dict[str, str]:
        """Return criterion → points that ballots give which are not shown."""
        if self.counts_are_shown:
            return {}
        criteria = self.context.rubric.criteria
        return {
            line.criterion: f"{as_text(line.computed)}"
            for line in self.context.card.lines
            if line.criterion in criteria
            and line.part is None
            and line.computed is not None
            and not criteria[line.criterion][1].method.reads_records
        }

    def received(self) -> Value:
        """Return file → the day on which it was received, where that was asked for.

        None without a history: nobody knows any day then.
        """
        receipts, register = self.reducer.setting.receipts, self.context.data.register
        if receipts is None:
            return None
        told = [entry for entry in self.entries if entry.path in register.told]
        return {
            self.files.path(e.path): f"{receipts.day(e.path, self.files.blob(e), register.names)}"
            for e in told
        }

    def shared(self) -> Document:
        """Return joint activities (day, folder, partners), and content key → where it is used.

        Those are files that records of the year name, and files of other years.
        """
        allowed = self.reducer.setting.allowed.file
        data, groups = self.context.data, self.context.groups
        summary = summarise(data, groups, self.reducer.tree, allowed)
        joint: list[Value] = [
            [f"{claim.date}", claim.record, [*dict.fromkeys(p for p, _ in claim.partners)]]
            for claim in summary.joint
        ]
        contents: dict[str, list[Value]] = {}
        accepted = self.reducer.setting.accepted.entries
        used: set[FileUse | OldFile] = {*summary.uses, *summary.old}
        for file in sorted(used, key=lambda file: file.path):
            told = file.key and self.shows.shows_digest(file.size)
            told = told and self.shows.shows(FieldClass.ATTACHMENTS)
            if told and Target(SHARED, digest=file.blob) not in accepted:
                contents.setdefault(published(file.key), []).append(self.files.path(file.path))
        return {"joint": joint, "contents": {key: contents[key] for key in sorted(contents)}}
