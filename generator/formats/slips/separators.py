"""Chinese marks where YAML wants ``, `` and ``: ``, which make one entry of several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.formats.nodes import Node, Scalar
from generator.text.codes import Severity
from generator.text.language import mark
from generator.text.names import visible
from generator.text.remedies import LONG

if TYPE_CHECKING:
    from generator.text.findings import Place, Report

#: What parts entries in Chinese; a list in YAML has ``, `` there.
_MARK = re.compile("[、，；]")
_FULL = re.compile("[、，；\uff1a]")

RUN_INTO_ONE = mark("“{text}”里好像是几项：列表各项之间用半角逗号和空格“, ”")
SPLIT = mark("写作 [{split}]")
SPLIT_IF_SEVERAL = mark("是几项的，写作 [{split}]；只是一项的不用改")
HALF_WIDTH = mark("这里有全角标点“{mark}”，应改用半角标点；用来分隔时，后面加一个空格")


def is_joined(node: Node) -> bool:
    """Whether an entry of a list holds a mark that parts entries, with something on both sides."""
    return isinstance(node, Scalar) and parted(node.text) != ""


def parted(text: str) -> str:
    """Return an entry as the several that it seems to be, parted as YAML wants it, or ``""``."""
    named = [part.strip() for part in _MARK.split(text[: 4 * LONG]) if part.strip()]
    return ", ".join(named) if len(named) > 1 else ""


def report_joined(
    report: Report, place: Place, node: Scalar, *, sure: bool = True, alone: bool = False
) -> None:
    """Report S003 for an entry that seems to be several, a warning where it may be one.

    ``alone`` says that it stands where the whole list is due.
    """
    report.add(
        "S003",
        place,
        RUN_INTO_ONE,
        hint=SPLIT if sure else SPLIT_IF_SEVERAL,
        severity=None if sure else Severity.WARNING,
        text=visible(node.text.strip(), LONG),
        split=visible(parted(node.text), LONG),
        old=node.text,
        new=f"[{parted(node.text)}]" if alone else parted(node.text),
    )


def full_width(node: Node) -> str:
    """Return the first full-width mark in an unquoted value, or ``""``."""
    found = _FULL.search(node.text) if isinstance(node, Scalar) and node.plain else None
    return found.group() if found else ""
