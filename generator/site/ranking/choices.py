"""What a ranking can be narrowed to: the consortia, kinds and grades that stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.text.language import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.results.model import BranchResult

#: Stands in a row for "none": no identifier begins with a hyphen.
NONE = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list to choose from: its value in the rows, and its words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The lists to choose from; one with a single entry narrows nothing."""

    consortia: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    grades: tuple[Choice, ...]


def choices_of(branches: Sequence[BranchResult]) -> Choices:
    """Return what these branches can be narrowed to."""
    open_grade = gettext("未定")
    return Choices(
        found(branches, lambda b: (b.consortium or NONE, b.consortium_title), gettext("未加入")),
        found(branches, lambda b: (b.kind or NONE, b.kind_title), gettext("没有写明")),
        found(branches, lambda b: (b.grade or NONE, b.grade_title), open_grade, sort=False),
    )


def found(
    branches: Iterable[BranchResult],
    read: Callable[[BranchResult], tuple[str, str]],
    none: str,
    *,
    sort: bool = True,
) -> tuple[Choice, ...]:
    """Return the values that occur, each once, in order of their ids or as they come; none last."""
    words = {
        value: title or (none if value == NONE else value) for value, title in map(read, branches)
    }
    order = sorted(words) if sort else list(words)
    return tuple(Choice(value, words[value]) for value in sorted(order, key=lambda v: v == NONE))
