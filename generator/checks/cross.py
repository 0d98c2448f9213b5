"""Checks that compare records, branches and years: the same file, the same joint activity."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from generator.checks.registry import CROSS_CHECKS, YearContext, check
from generator.files.attachments import extension
from generator.files.paths import BranchPath, branch_of
from generator.text.findings import Content
from generator.text.language import mark
from generator.text.messages import listed, say

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping

    from generator.checks.summary import BranchSummary, FileUse, OldFile

OWN_FILE = mark(
    "换上这项记录自己的文件；确是共同开展的同一次活动，双方都写 joint_with；"
    "本来就是同一份文件的，由党委写进 accepted.yml（digest: {blob}）"
)
#: How the same content in another file is told, by the ending of its name.
REWRAPPED = (
    (
        frozenset({"jpg", "jpeg", "png", "webp", "gif", "heic"}),
        mark(
            "“{name}”{others} 是同一张图片：画面一样，只是附带的信息（时间、地点等）或文件末尾不同"
        ),
    ),
    (
        frozenset({"xlsx", "docx"}),
        mark("“{name}”{others} 是同一份文档：内容没有变，只是重新打包过，或者改了文档属性"),
    ),
    (
        frozenset({"md", "txt", "csv"}),
        mark("“{name}”{others} 是同样的文字：只是空格、换行或全角半角不同"),
    ),
)
REWRAPPED_FILE = mark("“{name}”{others} 是同一份文件：只是末尾（或开头）多了、少了一些字节")
#: How many other places of the same content a message names.
NAMED = 3


def joint_index(context: YearContext) -> dict[tuple[str, object], set[str]]:
    """Return (branch, date) → ids of all branches that its activities of that day name."""
    index: dict[tuple[str, object], set[str]] = defaultdict(set)
    for summary in context.summaries:
        for claim in summary.joint:
            index[claim.branch, claim.date].update(partner for partner, _ in claim.partners)
    return index


@check(CROSS_CHECKS, "E008")
def joint_one_sided(context: YearContext) -> None:
    """Each branch of a joint activity names the others on the same day."""
    index = joint_index(context)
    for summary in context.summaries:
        for claim in summary.joint:
            for partner, place in claim.partners:
                if claim.branch in index.get((partner, claim.date), ()):
                    continue
                if not context.concerns(claim.branch, partner):
                    continue
                with context.report.about(claim.branch, context.committee.year):
                    context.report.add(
                        "E008",
                        place,
                        "“{partner}”在 {date} 没有写明与本支部联合开展的活动",
                        partner=partner,
                        date=claim.date,
                    )


@check(CROSS_CHECKS, "E005")
def same_file(context: YearContext) -> None:
    """No content serves two records, except in one joint activity."""
    uses, old = suspects(context)
    told: Counter[str] = Counter()
    for file in old:
        owner = branch_of(file.path)
        concerned = [use for use in uses.get(file.key, ()) if context.concerns(use.branch, owner)]
        for same in (True, False):
            near = [use for use in concerned if (use.blob == file.blob) is same]
            about = file.blob if same else file.key
            told[about] += bool(near)
            if told[about] <= NAMED:
                _report_year(context, near, file.path, same=same)
    joint = joint_activities(context.summaries)
    for many in (many for many in uses.values() if len(many) > 1):
        everybody = Copies(many, joint)
        focused = Copies([use for use in many if context.concerns(use.branch)], joint)
        for use in many:
            seen = everybody if context.concerns(use.branch) else focused
            for same in (True, False):
                if seen.beside(use, same=same):
                    _report(context, use, everybody.beside(use, same=same), same=same)


def suspects(context: YearContext) -> tuple[dict[str, list[FileUse]], list[OldFile]]:
    """Return key → uses, and files of other years by path, of all that seems shared."""
    seen: set[int] = set()
    twice: set[int] = set()
    for summary in context.summaries:
        for key in summary.keys:
            (twice if key in seen else seen).add(key)
    blind = any(summary.blind for summary in context.summaries)
    uses: dict[str, list[FileUse]] = defaultdict(list)
    old: list[OldFile] = []
    for summary in context.summaries:
        if blind or not twice.isdisjoint(summary.keys):
            for use in filter(attrgetter("key"), summary.uses):
                uses[use.key].append(use)
            old += summary.old
    if blind:
        old = [*known(context, old, [use for many in uses.values() for use in many])]
    return uses, sorted(old, key=lambda file: file.path)


def known(context: YearContext, old: list[OldFile], uses: list[FileUse]) -> Iterator[OldFile]:
    """Yield files of other years: of those that were not read the key that the same file has here.

    One whose id is not known is hashed where its size is met.
    """
    sizes = {use.size for use in uses}
    keys = {use.blob: use.key for use in uses}
    for file in old:
        if file.key:
            yield file
        elif file.size in sizes:
            blob = file.blob or context.tree.blob_id(file.path)
            yield replace(file, blob=blob, key=keys.get(blob, ""))


class Joint(NamedTuple):
    """What tells whether two activities are one: branch, day, and the branches that it names."""

    branch: str
    date: datetime.date
    partners: frozenset[str]

    def shares(self, other: Joint | None) -> bool:
        """Whether both activities name each other on the same day."""
        return (
            other is not None
            and self.date == other.date
            and other.branch in self.partners
            and self.branch in other.partners
        )


def joint_activities(summaries: Iterable[BranchSummary]) -> dict[str, Joint]:
    """Return record → what tells it from other joint activities."""
    return {
        claim.record: Joint(claim.branch, claim.date, frozenset(p for p, _ in claim.partners))
        for summary in summaries
        for claim in summary.joint
    }


class Copies:
    """Uses of one content: for each the first paths at which another record has it.

    There may be thousands. So each kind of activity goes once through the records, and no further
    than to the fourth: beside any record there are then ``NAMED`` paths of others.
    """

    def __init__(self, uses: Iterable[FileUse], joint: Mapping[str, Joint]) -> None:
        self.joint = joint
        #: Blob id → record → first paths; record → first paths of several blob ids.
        self.same: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.several: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for use in sorted(set(uses), key=lambda use: use.path):
            paths = self.same[use.blob][use.record]
            if len(paths) < NAMED:
                paths.append(use.path)
                if len(self.several[use.record]) < 2 * NAMED:
                    self.several[use.record].append((use.path, use.blob))
        self.found: dict[tuple[Joint | None, str, bool], list[tuple[str, list[str]]]] = {}

    def beside(self, use: FileUse, *, same: bool) -> list[str]:
        """Return the first paths of other records, those of the same joint activity left out.

        ``same``: of the very file; else of what holds the same and is another file.
        """
        own = self.joint.get(use.record)
        about = (own, use.blob, same)
        if about not in self.found:
            others = (
                (record, paths)
                for record, paths in self._holders(use.blob, same=same)
                if own is None or not own.shares(self.joint.get(record))
            )
            self.found[about] = list(islice(others, NAMED + 1))
        paths = [p for record, paths in self.found[about] if record != use.record for p in paths]
        return sorted(paths)[:NAMED]

    def _holders(self, blob: str, *, same: bool) -> Iterator[tuple[str, list[str]]]:
        """Yield records with their first paths of this file, or of all others."""
        if same:
            yield from self.same.get(blob, {}).items()
            return
        if len(self.same) > (blob in self.same):
            for record, files in self.several.items():
                paths = [path for path, other in files if other != blob]
                if paths:
                    yield record, paths


def wording(use: FileUse) -> str:
    """Return how it is told that a file holds what another one does."""
    suffix = extension(use.path)
    return next((words for suffixes, words in REWRAPPED if suffix in suffixes), REWRAPPED_FILE)


def _report(context: YearContext, use: FileUse, others: list[str], *, same: bool) -> None:
    with context.report.about(use.branch, context.committee.year):
        context.report.add(
            "E005",
            use.place,
            "“{name}”与 {others} 内容相同" if same else wording(use),
            hint=OWN_FILE,
            blob=use.blob,
            name=use.path.rpartition("/")[2],
            of=Content(use.path, use.blob),
            others=listed(others) if same else say("与 {paths}", paths=listed(others)),
        )


def _report_year(context: YearContext, uses: list[FileUse], path: str, *, same: bool) -> None:
    other = BranchPath.of(path)
    later = other is not None and (other.year or 0) > context.committee.year
    there = say("与以后年度的 {path}", path=path) if later else say("与往年的 {path}", path=path)
    exact = (
        "“{name}”与以后年度的 {others} 内容相同" if later else "“{name}”与往年的 {others} 内容相同"
    )
    for use in uses:
        with context.report.about(use.branch, context.committee.year):
            context.report.add(
                "E005",
                use.place,
                exact if same else wording(use),
                hint="换上本年度自己的材料；以往年的作佐证，在 evidence 写“往年/documents/文件夹”",
                name=use.path.rpartition("/")[2],
                of=Content(use.path, use.blob),
                others=path if same else there,
            )
