"""What is read out of a file: a text, or what its metadata tells of somebody."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """A text in a file, and where: the line of a text file, the cell of a sheet, else nothing."""

    text: str
    line: int = 1
    cell: str = ""


class Told(NamedTuple):
    """What a file's metadata says of somebody: ``place``, or ``author`` with the name."""

    what: str
    text: str = ""
