"""Where two results differ: a frozen file, and what its commit gives now (docs/format.md §7)."""

from __future__ import annotations

from dataclasses import dataclass

# Any: entries of two JSON documents, compared one by one.
from typing import TYPE_CHECKING, Any

from generator.text.language import mark
from generator.text.messages import Message, Words, listed, say
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Keys that hold words: a difference in them alone is no difference in figures.
WORDING = frozenset(
    {
        "name", "kind_title", "consortium_title", "grade_title", "grade_reason", "title", "titles",
        "reason", "message", "statement", "facts", "details", "note", "opinion", "type", "digest",
    }
)  # fmt: skip
KEY_WORDS = {
    "points": mark("得分"),
    "max": mark("分值"),
    "basis": mark("依据"),
    "claimed": mark("自评"),
    "computed": mark("系统计算"),
    "verified": mark("核定"),
    "fixed": mark("固定分"),
    "bonus": mark("加分"),
    "total": mark("总分"),
    "low": mark("下限"),
    "high": mark("上限"),
    "rank": mark("名次"),
    "rank_range": mark("名次范围"),
    "grade": mark("等次"),
    "status": mark("状态"),
    "reason": mark("理由"),
    "evidence": mark("佐证"),
}
#: A step of a path that names no key: entries are the same in another order.
ORDER = mark("顺序")
KEY_WORDS[ORDER] = ORDER
ABSENT = object()
#: Mappings that data gives the keys of.
BY_ID = frozenset({("sections",), ("decision",)})


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a results file and the recomputation differ; values are JSON."""

    where: tuple[str, ...]
    told: object
    found: object

    @property
    def wording(self) -> bool:
        """Whether only words differ, and no figure."""
        return any(step in WORDING for step in self.where)

    def words(self) -> Message:
        """Return the difference in words: where, what the file says, what the commit gives."""
        steps = [say(KEY_WORDS[step]) if step in KEY_WORDS else step for step in self.where]
        return say(
            "{where}：文件里是 {told}，重算是 {found}",
            where=listed(steps, " › "),
            told=shown(self.told),
            found=shown(self.found),
        )


def differences(
    told: object, found: object, where: tuple[str, ...] = (), *, every: bool = False
) -> Iterator[Difference]:
    """Yield every place where two results differ, branches and lines called by their ids.

    A key that the file lacks is none, unless ``every`` is: an older program did not write it. Keys
    of ``BY_ID`` are ids, and an id that is missing is missing.
    """
    if isinstance(told, dict) and isinstance(found, dict):
        by_id = every or where[-1:] in BY_ID
        more = [key for key in found if key not in told] if by_id else []
        for key in [*told, *more]:
            one, two = told.get(key, ABSENT), found.get(key, ABSENT)
            yield from differences(one, two, (*where, str(key)), every=every)
    elif isinstance(told, list) and isinstance(found, list):
        ours, theirs = named(told), named(found)
        for key in [*ours, *(key for key in theirs if key not in ours)]:
            one, two = ours.get(key, ABSENT), theirs.get(key, ABSENT)
            yield from differences(one, two, (*where, key), every=every)
        if list(ours) != list(theirs) and set(ours) == set(theirs):
            yield Difference((*where, ORDER), list(ours), list(theirs))
    elif told != found or isinstance(told, bool) != isinstance(found, bool):
        yield Difference(where, told, found)


def named(items: list[Any]) -> dict[str, Any]:
    """Return the entries of a list by what they are called, or else by their place in it."""
    names: dict[str, Any] = {}
    for index, item in enumerate(items):
        name = str(index + 1)
        if isinstance(item, dict):
            keys = ("id", "criterion", "part", "claim", "path", "team", "veto")
            steps = [str(item[key]) for key in keys if item.get(key) is not None]
            name = "/".join(steps) or name
        names[name if name not in names else f"{name}#{index + 1}"] = item
    return names


def shown(value: object) -> Words:
    """Return a JSON value as it is shown in a message."""
    if value is ABSENT:
        return say("没有")
    text = "null" if value is None else masked(str(value))
    return text if len(text) <= 80 else text[:79] + "…"
