"""The texts of records that an audience may not see, and those that anybody may, by definition.

Which key is which follows from the definitions of the files and the list of fields alone, so that
a new key is looked after without a line here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from generator.files.paths import is_attachment
from generator.files.tree import all_entries
from generator.formats.branch_files import RawShape
from generator.formats.nodes import Mapping, Scalar, Sequence, parse
from generator.formats.shapes import TextShape
from generator.reports.schemas import FORMATS
from generator.results.audience import FieldClass, class_of
from generator.results.projection import Hidden
from generator.text.findings import Report
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.files.tree import Tree
    from generator.formats.nodes import Node
    from generator.formats.shape import Shape
    from generator.reports.schemas import FileFormat
    from generator.results.audience import Publish

#: What stands for one name in the path of a file.
NAME = re.compile("<[^<>]*>")


@cache
def path_of(form: FileFormat) -> re.Pattern[str]:
    """Return what the path of every file of a format looks like."""
    parts = (re.escape(part) for part in NAME.split(form.path))
    return re.compile("[^/]+".join(parts))


def leaves(shape: Shape[object], field: str) -> Iterator[tuple[str, Shape[object]]]:
    """Yield each field of a format with the shape of its value."""
    below = {} if isinstance(shape, RawShape) else shape.below()
    if not below:
        yield field, shape
    for key, own in below.items():
        yield from leaves(own, f"{field}.{key}" if key else field)


def is_text(field: str, shape: Shape[object] | None) -> bool:
    """Whether a field holds what people wrote, or the name of an account."""
    if shape is None or isinstance(shape, RawShape):
        return True
    return isinstance(shape, TextShape) or class_of(field) is FieldClass.PRIVATE


def texts_of(
    node: Node,
    shape: Shape[object] | None,
    field: str,
    wanted: Callable[[str, Shape[object] | None], bool] = is_text,
) -> Iterator[Hidden]:
    """Yield the texts of a file with their fields; ``shape`` is None where no definition is.

    ``wanted`` tells by field and shape which values count as text.
    """
    if isinstance(node, Scalar):
        if wanted(field, shape):
            text = node.text.strip()
            yield from (Hidden(own, field) for own in dict.fromkeys((text, masked(text))) if own)
        return
    known = shape is not None and not isinstance(shape, RawShape)
    below = shape.below() if shape is not None and known else {}
    if isinstance(node, Sequence):
        for item in node.items:
            yield from texts_of(item, below.get("", shape), field, wanted)
    elif isinstance(node, Mapping):
        for key, (_, value) in node.entries.items():
            step = key if key in below else "*" if "*" in below else key if known else ""
            own = below.get(step, None if known else shape)
            yield from texts_of(value, own, f"{field}.{step}" if step else field, wanted)


def internal_texts(tree: Tree, publish: Publish) -> frozenset[Hidden]:
    """Return the texts of all records that are not shown, with their fields.

    Only files are read of which some text is not shown.
    """
    forms = [
        form
        for form in FORMATS
        if any(is_text(*leaf) and not publish.shows_field(leaf[0]) for leaf in found_in(form))
    ]
    found = read(tree, forms, lambda _: True)
    return frozenset(own for own in found if not publish.shows_field(own.field))


def public_texts(tree: Tree, publish: Publish, wanted: Callable[[str], object]) -> Iterator[str]:
    """Yield the texts of records that are shown, of files whose whole text is wanted."""
    found = read(tree, FORMATS, lambda data: wanted(data.decode("utf-8", "replace")))
    yield from (own.text for own in found if publish.shows_field(own.field))


def public_values(tree: Tree, publish: Publish, wanted: Callable[[str], object]) -> Iterator[str]:
    """Yield what the public may see as the whole of something: values, ids, names of files.

    Of files whose whole text is wanted.
    """
    found = read(tree, FORMATS, lambda data: wanted(data.decode("utf-8", "replace")), is_any)
    yield from (own.text for own in found if publish.shows_field(own.field))
    for path in public_paths(tree, publish):
        yield from path.split("/")


def public_paths(tree: Tree, publish: Publish) -> Iterator[str]:
    """Yield the paths of files as they are shown: attachments, too, where these are."""
    for entry in all_entries(tree):
        if publish.shows(FieldClass.ATTACHMENTS) or not is_attachment(entry.path):
            yield masked(entry.path)


def is_any(field: str, shape: Shape[object] | None) -> bool:
    """Whether a field holds anything: it does."""
    del field, shape
    return True


@cache
def found_in(form: FileFormat) -> tuple[tuple[str, Shape[object]], ...]:
    """Return the fields of a format with the shapes of their values."""
    return tuple(leaves(form.shape, form.name))


@cache
def key_names() -> frozenset[str]:
    """Return the names of all keys of all files, which the pages about them show."""
    return frozenset(step for form in FORMATS for f, _ in found_in(form) for step in f.split("."))


def read(
    tree: Tree,
    forms: Iterable[FileFormat],
    wanted: Callable[[bytes], object],
    kind: Callable[[str, Shape[object] | None], bool] = is_text,
) -> Iterator[Hidden]:
    """Yield the texts, or values of a kind, of all files of some formats whose bytes are wanted."""
    kinds = [(path_of(form), form) for form in forms]
    for entry in all_entries(tree):
        form = next((own for path, own in kinds if path.fullmatch(entry.path)), None)
        if form is None or not entry.is_file:
            continue
        data = tree.read(entry.path)
        node = parse(data, Report(), entry.path) if wanted(data) else None
        if node is not None:
            yield from texts_of(node, form.shape, form.name, kind)
