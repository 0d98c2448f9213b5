"""The branch's own file, given where not everything of it is published: whether it is that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Scalar, Sequence, is_absent, parse
from generator.results.audience import WITHHELD
from generator.site.form.answering.arguments import RefusedError
from generator.text.findings import Report, escape_pointer
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Pointers

    from generator.formats.nodes import Node
    from generator.site.form.answering.ground import Ground

NO_SUCH = mark("本支部没有“{path}”这个文件，请刷新网页再试")
UNREADABLE = mark("给出的这一份读不懂，不是“{path}”：请从代码托管平台或报送包里取它")
OTHER = mark("给出的这一份与网站上的“{path}”不同：请取现在的那一份；刚改过的，等网站更新以后再试")


def refuse_other(ground: Ground, path: str, data: bytes) -> None:
    """Raise RefusedError where bytes are not those of the file that is published at a path."""
    published = ground.published_bytes(path)
    if published is None:
        raise RefusedError(say(NO_SUCH, path=visible(path)))
    if ground.published.is_exact(path):
        if data != published:
            raise RefusedError(say(OTHER, path=visible(path)))
        return
    node = parse(data, Report(), path)
    if node is None or not isinstance(node, Mapping):
        raise RefusedError(say(UNREADABLE, path=visible(path)))
    held = ground.published.withheld(path)
    if not is_same(node, parse(published, Report(), path), held):
        raise RefusedError(say(OTHER, path=visible(path)))


def is_same(given: Node | None, published: Node | None, held: Pointers[str]) -> bool:
    """Whether two files say the same wherever nothing is withheld."""
    one, two = dict(leaves(given)), dict(leaves(published))
    hides_keys = any(WITHHELD in pointer for pointer in held)
    for pointer in one.keys() | two.keys():
        if any(f"{pointer}/".startswith(f"{own}/") for own in held) or WITHHELD in pointer:
            continue
        if one.get(pointer) != two.get(pointer) and not (hides_keys and pointer not in two):
            return False
    return True


def leaves(node: Node | None, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield pointer and text of every value that says something."""
    if isinstance(node, Mapping):
        for key, (_, value) in node.entries.items():
            yield from leaves(value, f"{pointer}/{escape_pointer(key)}")
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from leaves(item, f"{pointer}/{index}")
    elif isinstance(node, Scalar) and not is_absent(node):
        yield pointer, node.text.strip()
