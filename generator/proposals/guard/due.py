"""Due lists that are changed afterwards: entries added late, or other ones than were answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.engine.narrow.asked import branch_names, due_list
from generator.engine.narrow.sides import GitSide
from generator.files.paths import (
    DOCUMENTS,
    DUE_FILE,
    RECORD_FILES,
    CommitteePath,
    due_path,
    year_folder,
)
from generator.formats.nodes import BRANCH_LIMITS, Mapping, Scalar, parse
from generator.text.days import day_of_moment
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import some
from generator.text.unknown import NAMED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator

    from generator.files.git_objects import Trees
    from generator.files.history import Change
    from generator.loading.due import DueList
    from generator.rubric.asked import Asked

LATE = mark("“{id}”在它自己的日期以后才布置给：{branches}")
CHANGED = mark("“{id}”已有材料回应，现在改了：{branches}")
REMOVED = mark("“{id}”已有材料回应，现在不再布置给：{branches}")


class Moved(NamedTuple):
    """What a change makes of an entry: in words, its id, and the branches that it concerns."""

    words: str
    id: str
    branches: tuple[str, ...]


def check_due(
    trees: Trees, base: str, after: str, changed: Iterable[Change], report: Report
) -> None:
    """G012: entries added after their own day, or changed or removed after an answer.

    ``base`` is a commit, by whose day it goes, and ``after`` what merging gives.
    """
    found = {CommitteePath.of(change.path) for change in changed}
    years = sorted({own.year for own in found if own and own.year and own.names[1:] == (DUE_FILE,)})
    if not years:
        return
    old, new = GitSide(trees, base), GitSide(trees, after)
    for side in (old, new):
        side.take(())
    today = day_of_moment(trees.date(base))
    for year in years:
        one, other = due_list(old.tree, year), due_list(new.tree, year)
        names = branch_names(one, other, old, new)
        for moved in moved_in(one, other, names, today, Answers(trees, old, year)):
            place = place_of(moved.id, other) or place_of(moved.id, one) or Place(due_path(year))
            branches = some(moved.branches, NAMED)
            report.add("G012", place, moved.words, id=moved.id, branches=branches)


def moved_in(
    one: DueList,
    other: DueList,
    names: dict[str, list[str]],
    today: datetime.date | None,
    answers: Answers,
) -> Iterator[Moved]:
    """Yield what a due list moves afterwards, entry by entry."""
    told: dict[tuple[str, str], list[str]] = {}
    for branch, own in sorted(names.items()):
        before, now = by_id(one.of(own)), by_id(other.of(own))
        for name in dict.fromkeys([*before, *now]):
            old, new = before.get(name), now.get(name)
            if old is None:
                if new is not None and today is not None and new.asked < today:
                    told.setdefault((LATE, name), []).append(branch)
            elif old != new and name in answers.of(branch):
                told.setdefault((CHANGED if new else REMOVED, name), []).append(branch)
    for (words, name), branches in told.items():
        yield Moved(words, name, tuple(branches))


def by_id(asked: Iterable[Asked]) -> dict[str, Asked]:
    """Return what is asked by its id."""
    return {entry.id: entry for entry in asked}


def place_of(name: str, entries: DueList) -> Place | None:
    """Return where an entry stands, None where it does not."""
    return next((entry.place for entry in entries.entries if entry.id == name), None)


class Answers:
    """Which entries a branch answers on one side; its documents are read when it is asked for."""

    def __init__(self, trees: Trees, side: GitSide, year: int) -> None:
        self.trees, self.side, self.year = trees, side, year
        self.known: dict[str, frozenset[str]] = {}

    def of(self, branch: str) -> Collection[str]:
        """Return the ids that documents of a branch have as ``due``."""
        if branch not in self.known:
            self.known[branch] = frozenset(self._read(branch))
        return self.known[branch]

    def _read(self, branch: str) -> Iterator[str]:
        top, own = self.side.top, RECORD_FILES[DOCUMENTS]
        folder = f"{year_folder(branch, self.year)}/{DOCUMENTS}"
        for file in self.trees.files(top, folder) if top else ():
            if not file.path.endswith(f"/{own}") or not file.mode.startswith("100"):
                continue
            data = self.trees.objects.read(file.id)
            node = parse(data, Report(), file.path, BRANCH_LIMITS) if b"due" in data else None
            written = node.entries.get("due") if isinstance(node, Mapping) else None
            if written and isinstance(written[1], Scalar):
                yield written[1].text.strip()
