"""A trial over bundles: a branch is compared and ranked by what all branches share."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.checks.summary import LEVEL, BranchSummary, JointClaim, numbers_of
from generator.files.paths import ACTIVITIES, RECORD_FILES, RecordPath, branch_of, branch_path
from generator.proposals.bundles.keys import published, stand_in
from generator.proposals.filing.trial import Trial
from generator.results.audience import DIGESTED, INTERNAL
from generator.results.projection import is_told, verified_alone
from generator.scoring.ranking import place
from generator.text.findings import Place
from generator.text.privacy import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.checks.summary import FileUse, OldFile
    from generator.engine.year import Evaluation, Run
    from generator.proposals.bundles.bundled import Bundled

    #: Record, path, place, size, blob id and key of a file that is used.
    Use = tuple[str, str, Place, int, str, str]
    #: Path, size, blob id and key of a file of another year.
    Old = tuple[str, int, str, str]


class BundleTrial(Trial):
    """Evaluates a branch as its files would be, by what the public may see of it and of others.

    Ranks and their ranges are those among all branches.
    """

    def __init__(self, bundled: Bundled) -> None:
        super().__init__(bundled, bundled.branch, bundled.year, bundled.means)
        self.bundled = bundled

    def compare(self, run: Run, files: Mapping[str, bytes]) -> None:
        """Compare with content keys and joint activities in place of other branches' files."""
        own = run.reduced.get(self.branch)
        if own is None:
            return
        summary = keyed(own.summary, frozenset(files))
        run.reduced[self.branch] = replace(own, summary=summary)
        blobs = {use.blob for use in summary.uses} | {file.blob for file in summary.old}
        run.neighbours += self.neighbours(blobs)

    def neighbours(self, blobs: set[str]) -> list[BranchSummary]:
        """Return of each other branch what comparisons need; of files those of these contents."""
        uses: dict[str, list[Use]] = {}
        old: dict[str, list[Old]] = {}
        for key, paths in self.bundled.contents.items():
            blob = stand_in(key)
            for path in paths if blob in blobs else ():
                where = RecordPath.of(path)
                name = branch_of(path)
                if where is None or name == self.branch:
                    continue
                if where.year == f"{self.year}":
                    at = Place(f"{where.record}/{RECORD_FILES.get(where.group, '')}")
                    uses.setdefault(name, []).append((where.record, path, at, DIGESTED, blob, key))
                else:
                    old.setdefault(name, []).append((path, DIGESTED, blob, key))
        joint: dict[str, list[JointClaim]] = {}
        for own in self.bundled.joint:
            if own.branch != self.branch:
                at = Place(f"{own.record}/{RECORD_FILES[ACTIVITIES]}")
                named = tuple((partner, at) for partner in own.partners)
                claim = JointClaim(own.branch, own.record, own.day, named)
                joint.setdefault(own.branch, []).append(claim)
        return [
            replace(
                packed(other.id, uses.get(other.id, ()), old.get(other.id, ())),
                joint=tuple(joint.get(other.id, ())),
                formerly=tuple((name, Place(branch_path(other.id))) for name in other.formerly),
            )
            for other in self.bundled.others
            if other.formerly or other.id in {*uses, *old, *joint}
        ]

    def ranked(self, run: Run, found: Evaluation) -> Evaluation:
        """Return what was found and may be told, with the branch ranked among all.

        There are no results where they rest on what is not shown: no figure stands for an unknown.
        """
        found = replace(found, findings=[f for f in found.findings if is_told(f, INTERNAL)])
        results, rubric = found.results, run.repository.rubric
        if results is None or rubric is None:
            return found
        if self.bundled.unsure:
            return replace(found, results=None)
        placings = place((*results.branches, *self.bundled.others), rubric, run.committee.decision)
        titles = {band.id: band.title for band in rubric.grades}
        branches = tuple(
            replace(
                branch,
                rank=placings[branch.id].rank,
                rank_range=placings[branch.id].rank_range,
                computed_grade=placings[branch.id].computed_grade,
                grade=placings[branch.id].grade,
                grade_title=titles.get(placings[branch.id].grade or NO_TEXT, NO_TEXT),
            )
            for branch in results.branches
        )
        return replace(found, results=verified_alone(replace(results, branches=branches)))


def keyed(summary: BranchSummary, paths: frozenset[str]) -> BranchSummary:
    """Return a summary in which the files at these paths are known by their content keys.

    A small one has none and is compared with the other new files alone.
    """

    def known(file: FileUse | OldFile) -> tuple[int, str, str]:
        if file.path not in paths:
            return file.size, file.blob, published(file.blob)
        if file.size < DIGESTED:
            return file.size, file.blob, file.key
        return file.size, stand_in(published(file.key)), published(file.key)

    uses = [(use.record, use.path, use.place, *known(use)) for use in summary.uses]
    old = [(file.path, *known(file)) for file in summary.old]
    found = packed(summary.id, uses, old)
    return replace(summary, keys=found.keys, packed=found.packed, blind=False)


def packed(branch: str, uses: Iterable[Use], old: Iterable[Old]) -> BranchSummary:
    """Return the summary of a branch that has these files."""
    told, past = [*uses], [*old]
    text = json.dumps([told, past], ensure_ascii=False, separators=(",", ":"))
    data = zlib.compress(text.encode("utf-8", "surrogatepass"), LEVEL)
    keys = [use[-1] for use in told] + [file[-1] for file in past]
    return BranchSummary(branch, numbers_of(filter(None, keys)), data)
