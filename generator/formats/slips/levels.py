"""A key at the wrong level: where in its file it belongs, so that it can be moved there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from generator.text.language import mark
from generator.text.messages import Message, say

if TYPE_CHECKING:
    from generator.formats.shape import Context, Shape
    from generator.text.findings import Place

#: Where keys stand: names of the keys above, ``*`` for one that anybody chooses.
Path = tuple[str, ...]

ANY_KEY, ENTRY = "*", ""
#: The key of a document that holds what its kind asks for, and the list of these names.
FIELDS = "fields"

WRONG_LEVEL = mark("“{value}”不写在这里")
OUTERMOST = mark("写在最外层：移出去，“{value}”前面不空格")
BELOW_EITHER = mark("写在 {one}: 或 {two}: 下面：移到那里，“{value}”前面多空两格")
BELOW = mark("写在 {above}: 下面：移到那里，“{value}”前面比 {above} 多空两格")
IN_ENTRY = mark("写在 {above}: 下面的一项里：移到那一项里，与其中其他行对齐")


@cache
def homes_of(root: Shape[object]) -> dict[str, set[Path]]:
    """Return key → where in a file of this shape it may stand."""
    found: dict[str, set[Path]] = {}
    waiting: list[tuple[Path, Shape[object]]] = [((), root)]
    while waiting:
        path, shape = waiting.pop()
        for name, inner in shape.below().items():
            if name not in {ANY_KEY, ENTRY}:
                found.setdefault(name, set()).add(path)
            waiting.append((path if name == ENTRY else (*path, name), inner))
    return found


def path_of(root: Shape[object], pointer: str) -> Path:
    """Return where a pointer leads to in a file of this shape, as far as the shape goes."""
    path: Path = ()
    shape: Shape[object] | None = root
    for token in pointer.split("/")[1:]:
        below = shape.below() if shape else {}
        if ENTRY in below:
            shape = below[ENTRY]
            continue
        name = token if token in below else ANY_KEY
        shape = below.get(name)
        path = (*path, name)
    return path


def level_hint(context: Context, place: Place, key: str) -> Message | None:
    """Return where a key belongs that cannot stand in the mapping at ``place``; None: nowhere."""
    if context.root is None:
        return None
    homes = homes_of(context.root).get(key, set())
    if key in context.names.get(FIELDS, {}) and FIELDS in context.root.below():
        homes = homes | {(FIELDS,)}
    homes = homes - {path_of(context.root, place.pointer)}
    if len(homes) != 1:
        return either(homes, key)
    (home,) = homes
    if not home:
        context.budget.astray.add(key)
        return say(OUTERMOST, value=key)
    above = next(name for name in reversed(home) if name != ANY_KEY)
    own = context.root.below().get(above)
    words = BELOW if home[-1] == above and not (own and ENTRY in own.below()) else IN_ENTRY
    return say(words, above=above, value=key)


def either(homes: set[Path], key: str) -> Message | None:
    """Return that a key belongs below one of two outermost keys; None for more choice."""
    if len(homes) != 2 or any(len(home) != 1 for home in homes):
        return None
    one, two = sorted(above for (above,) in homes)
    return say(BELOW_EITHER, one=one, two=two, value=key)
