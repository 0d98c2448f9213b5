"""The key of names to codes: who has which code, kept outside of the repository.

A name keeps its code for ever. People of one name are told apart by a mark, such as a staff
number; without one they are not told apart, and nobody guesses which of them is meant. No message
holds a name.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.sheets.problems import UnreadableCellError, UnreadableSheetError
from generator.exchange.sheets.separated import read_separated
from generator.exchange.table import Column, find_table
from generator.exchange.values import folded, text_of
from generator.loading.attendance import MEMBER
from generator.text.language import mark
from generator.text.titles import spaceless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.exchange.sheets.grid import Cell
    from generator.exchange.table import Row

NO_NAME = mark("这里应写一个人的姓名")
NO_MARK = mark("这里应写工号或账号：只用字母、数字、点、短横线和下划线")
SEVERAL_PEOPLE = mark(
    "叫这个姓名的有几个人，分不清是哪一个：请加一列“工号”，或在姓名后写明，例如加（女）"
)
PERHAPS_SAME = mark("姓名后的括号使他与已有的人分不清：同一个人的，删去括号；不同的人，两处都写明")
NO_KEY = mark("姓名与代号的对照表第 {row} 行不完整，或代号、姓名重复：请改正，或换一个文件")

COLUMNS = (
    Column("name", "姓名", required=True),
    Column("mark", "区分"),
    Column("code", "代号", required=True),
)
#: A name: Chinese, or in Latin letters; a number or brackets behind tell people of one name apart.
_NAME = re.compile(
    "(?=[^.'’-])[㐀-\u9fff\U00020000-\U000323af〇·•・‧.A-Za-z'’\\-]{2,30}[0-9]{0,2}(?:\\([^()]{1,12}\\))?"
)
#: A staff number or an account: nothing that a spreadsheet program takes for a formula.
_MARK = re.compile("[0-9A-Za-z_][0-9A-Za-z_.@-]{0,63}")
_BRACKETS = re.compile(r"\([^()]*\)$")
NUMBER = re.compile("M([0-9]{1,8})")


class Person(NamedTuple):
    """Who is meant: the name as names are compared, and what tells people of one name apart."""

    name: str
    mark: str = ""


def name_of(cell: Cell) -> str:
    """Return the name in a cell, in half width without white space; raises UnreadableCellError."""
    name = "".join(unicodedata.normalize("NFKC", text_of(cell)).split())
    if not _NAME.fullmatch(name):
        raise UnreadableCellError(NO_NAME)
    return name


def mark_of(cell: Cell) -> str:
    """Return what tells people of one name apart, such as a staff number."""
    text = spaceless(folded(cell))
    if not _MARK.fullmatch(text):
        raise UnreadableCellError(NO_MARK)
    return text


def bare(name: str) -> str:
    """Return a name without what stands in brackets behind it."""
    return _BRACKETS.sub("", name)


class Names:
    """Who has which code. ``used`` are codes that were given without the key."""

    def __init__(self, codes: Mapping[Person, str], used: Iterable[str] = ()) -> None:
        self.codes: dict[Person, str] = {}
        self.added = 0
        self._named: dict[str, list[Person]] = {}
        self._bare: dict[str, set[str]] = {}
        for person, code in codes.items():
            self._keep(person, code)
        numbers = (NUMBER.fullmatch(code) for code in (*codes.values(), *used))
        self._last = max((int(found[1]) for found in numbers if found), default=0)

    def _keep(self, person: Person, code: str) -> None:
        self.codes[person] = code
        self._named.setdefault(person.name, []).append(person)
        self._bare.setdefault(bare(person.name), set()).add(person.name)

    def find(self, person: Person, *, alone: bool) -> Person | None:
        """Return whom of the key somebody is, None for nobody; raises UnreadableCellError.

        ``alone`` says that the sheet has nobody else of the name.
        """
        same = self._of(person.name)
        if person in self.codes and (person.mark or len(same) == 1):
            return person
        if not same:
            if self._is_like(person.name):
                raise UnreadableCellError(PERHAPS_SAME)
            return None
        # Of one name is one person, unless something tells them apart.
        if len(same) == 1 and alone and not (person.mark and same[0].mark):
            return same[0]
        if not alone and person.mark and all(own.mark for own in same):
            return None
        raise UnreadableCellError(SEVERAL_PEOPLE)

    def _of(self, name: str) -> list[Person]:
        return self._named.get(name, [])

    def _is_like(self, name: str) -> bool:
        """Whether somebody's name differs in brackets alone, and one of both has none."""
        plain = bare(name)
        others = self._bare.get(plain, set()) - {name}
        return bool(others) and (plain == name or plain in others)

    def code(self, person: Person, *, alone: bool = True) -> str:
        """Return the code of somebody, a new one for who has none; raises UnreadableCellError.

        A mark is kept only of people whom a sheet tells apart by it: services have marks of their
        own each, and a name that is alone keeps its code under all of them.
        """
        found = self.find(person, alone=alone)
        if found is None:
            found = Person(person.name) if alone else person
            self._last += 1
            self._keep(found, f"M{self._last:02}")
            self.added += 1
        return self.codes[found]

    def written(self) -> bytes:
        """Return the file of the key, as spreadsheet programs open it."""
        stream = io.StringIO(newline="")
        lines = csv.writer(stream)
        lines.writerow([column.title for column in COLUMNS])
        lines.writerows((person.name, person.mark, code) for person, code in self.codes.items())
        return stream.getvalue().encode("utf-8-sig")


def read_names(data: bytes, used: Iterable[str] = ()) -> Names:
    """Return the key of a file; raises UnreadableSheetError without a word of what is in it."""
    table = find_table(read_separated("key.csv", data), COLUMNS)
    codes: dict[Person, str] = {}
    given: set[str] = set()
    for row in table.rows:
        person, code = Person(*(_said(row, key) for key in ("name", "mark"))), _said(row, "code")
        whole = person.name and MEMBER.fullmatch(code)
        if not whole or person in codes or code in given:
            raise UnreadableSheetError(NO_KEY, row=row.number)
        codes[person] = code
        given.add(code)
    if table.passed:
        raise UnreadableSheetError(NO_KEY, row=re.sub("[^0-9]", "", table.passed[0]))
    return Names(codes, used)


def _said(row: Row, key: str) -> str:
    return spaceless(row.cell(key).text)
