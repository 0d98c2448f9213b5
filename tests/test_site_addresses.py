"""Addresses of the site stand in one module: nowhere else is one spelled out."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.site import addresses
from tools.house import GENERATOR, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDING = r"\.(html|svg|png|xml|csv|json|parquet)\b"
#: Templates of the theme, and a media type.
OTHERS = {"main.html", "partials/toc-item.html", "application/vnd.apache.parquet"}
#: Files of npm that the engine is packed from.
OTHERS |= {"pyodide-lock.json", "package.json"}


def spelled_out(source: str) -> Iterator[str]:
    """Yield the texts of a module that are an address, or the end of one that is put together."""
    if not re.search(ENDING, source):
        return
    tree = parsed(source)
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    pieces = {piece for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for piece in n.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in words:
            found = re.search(ENDING if node in pieces else r"\w" + ENDING, node.value)
            if found and not node.value.endswith(".jinja") and node.value not in OTHERS:
                yield node.value


def test_addresses_are_spelled_out_in_one_module() -> None:
    site = GENERATOR / "site"
    found = {
        path.relative_to(site).as_posix(): texts
        for path in site.rglob("*.py")
        if (texts := list(spelled_out(path.read_text("utf-8"))))
    }
    assert found.pop("addresses.py")
    assert found == {}


def test_an_address_elsewhere_is_found() -> None:
    source = '"""Makes a.html."""\nx = "points.html"\ny = f"{x}.svg"\nz = x.endswith(".html")\n'
    assert list(spelled_out(source)) == ["points.html", ".svg"]


def test_no_two_pages_or_files_of_a_year_share_an_address() -> None:
    names = [
        value
        for name, value in vars(addresses).items()
        if name.isupper() and isinstance(value, str) and value != addresses.PAGE
    ]
    assert len(names) > 20
    assert all(one != other for one, other in pairwise(sorted(names)))


def test_names_of_societies_are_told_apart_in_addresses() -> None:
    one, other = (addresses.society_address("2024/", name) for name in ("光学", "声学/../光学"))
    assert re.fullmatch(r"2024/societies/[0-9a-f]{16}\.html", one)
    assert re.fullmatch(r"2024/societies/[0-9a-f]{16}\.html", other)
    assert one != other


def test_a_list_has_its_first_page_whatever_is_on_it() -> None:
    assert addresses.addresses_of("2025/queue.html", 0) == ["2025/queue.html"]
    further = ["2025/queue/2.html", "2025/queue/3.html"]
    assert addresses.addresses_of("2025/queue.html", 3) == ["2025/queue.html", *further]
