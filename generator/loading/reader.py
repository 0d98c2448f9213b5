"""Reading one YAML file of a tree into a typed record and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.formats.nodes import BRANCH_LIMITS, Limits, parse
from generator.formats.shapes import INVALID, NO_NAMES, Context, Names, Shape, T
from generator.loading.personal import report_personal
from generator.text.findings import Place, Report

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.files.tree import Tree


class Reader:
    """Reads files of one tree into typed records; findings go to ``report``.

    ``names`` are the ids that a title in a file may stand for.
    """

    def __init__(self, tree: Tree, report: Report, names: Names = NO_NAMES) -> None:
        self.tree = tree
        self.report = report
        self.names = names

    def load(
        self,
        path: str,
        shape: Shape[T],
        *,
        places: int | None = None,
        limits: Limits = BRANCH_LIMITS,
        size: int = 0,
        held: Collection[str] = (),
    ) -> tuple[T | None, bool]:
        """Return (value or None, whether the text could be read) of a YAML file.

        ``held`` are keys, as JSON pointers, that are withheld: nobody misses them.
        """
        if size > limits.size:
            self.report.add(
                "Y005",
                Place(path),
                "文件过大：{size} 字节，上限 {limit} 字节",
                size=size,
                limit=limits.size,
            )
            return None, False
        before = self.report.count
        data = self.tree.read(path)
        node = parse(data, self.report, path, limits)
        readable = self.report.count == before or not any(
            f.code.startswith("Y") and f.severity == "error" for f in self.report.findings[before:]
        )
        if node is None:
            return None, False
        place = Place(path, node.line, node.column)
        value = shape.read(node, place, Context(self.report, places, self.names, shape, held=held))
        report_personal(self.report, path, data, node)
        return None if value is INVALID else value, readable
