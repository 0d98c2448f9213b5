"""A list of branches → branch.yml of each: new ones get a number, nothing is taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.plan import (
    MISSING,
    RUNNING,
    UNWRITABLE,
    Difference,
    Item,
    Plan,
    RowReader,
    differences,
    told_twice,
)
from generator.exchange.sheets.problems import UnreadableCellError
from generator.exchange.table import Column
from generator.exchange.values import (
    Titles,
    answer_of,
    chosen_of,
    count_of,
    day_of,
    parts_of,
    text_of,
)
from generator.files.paths import branch_path, is_branch_id
from generator.formats.branch_files import BRANCH, LOGIN, Branch
from generator.formats.writing import UneditableError, UnwritableError, edited, written
from generator.text.language import mark
from generator.text.messages import Words, listed, say
from generator.text.names import SHORT, visible
from generator.text.titles import spaceless
from generator.text.unknown import entitled

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.exchange.sheets.grid import Cell
    from generator.exchange.table import Table

NO_ID = mark("“{text}”不能作编号：只用小写字母、数字和短横线，例如 b001")
FORMER = mark("“{text}”是 {id} 的曾用编号，请写 {id}")
SEVERAL = mark("叫这个名称的有几个支部：{ids}。请写编号")
TAKEN = mark("这个名称是 {id} 的；不改派编号，请核对编号和名称")
NO_ACCOUNT = mark("这里应写账号：只有字母、数字和短横线，几个用顿号隔开，不写姓名和电话")
UNREADABLE = mark("{path} 读不懂，不能改写：请先按 appraise check 的提示改正")

COLUMNS = (
    Column("id", "编号", frozenset({"支部编号", "党支部编号"})),
    Column("name", "名称", frozenset({"支部名称", "党支部名称", "党支部", "支部"}), required=True),
    Column("kind", "类型", frozenset({"支部类型", "党支部类型"}), required=True),
    Column("societies", "学会", frozenset({"所属学会", "学会名称"}), required=True),
    Column(
        "has_committee",
        "建立支委",
        frozenset({"是否建立支委", "是否建立支委会", "建立支委会", "支委"}),
    ),
    Column("consortium", "联合体", frozenset({"所属联合体", "党建示范联合体"})),
    Column("established", "成立日期", frozenset({"成立时间", "建立日期"}), required=True),
    Column("members", "党员数", frozenset({"党员人数", "党员总数"}), required=True),
    Column("submitters", "报送账号", frozenset({"账号", "报送帐号"}), required=True),
)
TITLES: dict[str, Words] = {key: say(own.title) for key, (_, own) in BRANCH.keys.items()}
REQUIRED = tuple(column.key for column in COLUMNS if column.required)
#: How a sheet says that there is none.
NONE = frozenset({"无", "没有", "未加入", "-", "--", "—", "——", "/"})
NUMBER = re.compile("b([0-9]{3,})")
_LOGIN = re.compile(LOGIN)


@dataclass(frozen=True)
class Known:
    """What is there: titles of kinds and consortia, id → branch and bytes of its file.

    ``branches`` has None for a file that cannot be read; ``used`` are ids that were given before.
    """

    kinds: Titles
    consortia: Titles
    branches: Mapping[str, Branch | None]
    files: Mapping[str, bytes]
    used: Collection[str]

    @property
    def names(self) -> dict[str, Mapping[str, Words]]:
        """Key → titles of the ids that it may hold."""
        return {"kind": self.kinds, "consortium": self.consortia}

    @cached_property
    def former(self) -> dict[str, str]:
        """Former id → the id of today."""
        found = {}
        for id_, branch in self.branches.items():
            found.update(dict.fromkeys(branch.formerly if branch else (), id_))
        return found

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id_, branch in self.branches.items():
            if branch is not None and branch.name:
                found.setdefault(spaceless(branch.name), []).append(id_)
        return found

    def named(self, name: str) -> list[str]:
        """Return the ids of the branches that have a name."""
        return self._named.get(spaceless(name), [])


class Line(NamedTuple):
    """A row that was read: which branch it is of, nothing for a new one, and its values by key."""

    id: str
    values: dict[str, object]
    reader: RowReader


def plan_branches(table: Table, known: Known) -> Plan:
    """Return what a list of branches would change."""
    plan = Plan()
    lines = [read_line(RowReader(row, plan), known) for row in table.rows]
    told_twice((line.id, line.reader, best_key(line)) for line in lines if line.id)
    new = [(spaceless(f"{line.values['name']}"), line) for line in lines if "name" in line.values]
    told_twice((name, line.reader, "name") for name, line in new if line.reader.clean)
    used = {*known.branches, *known.former, *known.used, *(line.id for line in lines)}
    number = max((int(own[1]) for name in used if (own := NUMBER.fullmatch(name))), default=0)
    for line in lines:
        if not line.reader.clean:
            continue
        if line.id in known.branches:
            change(plan, line, known)
            continue
        number += not line.id
        add(plan, line, line.id or f"b{number:03}", known)
    return plan


def best_key(line: Line) -> str:
    """Return the column that says which branch a row is of."""
    return "id" if line.reader.row.has("id") else "name"


def read_line(reader: RowReader, known: Known) -> Line:
    """Read one row; what cannot be read is told."""
    values: dict[str, object] = {}

    def keep(key: str, value: object) -> None:
        if value is not None:
            values[key] = value

    keep("name", reader.take("name", text_of))
    keep("kind", reader.take("kind", lambda cell: chosen_of(text_of(cell), known.kinds)))
    keep("societies", reader.take("societies", parts_of))
    keep("has_committee", reader.take("has_committee", answer_of))
    if reader.row.cell("consortium").text in NONE:
        values["consortium"] = None
    else:
        titles = known.consortia
        keep("consortium", reader.take("consortium", lambda c: chosen_of(text_of(c), titles)))
    since_1904 = reader.row.sheet.since_1904
    keep("established", reader.take("established", lambda c: day_of(c, since_1904=since_1904)))
    keep("members", reader.take("members", count_of))
    keep("submitters", reader.take("submitters", accounts_of))
    id_ = reader.take("id", id_of) or ""
    if id_ in known.former:
        reader.fail("id", FORMER, text=id_, id=known.former[id_])
    elif id_.isdigit() and id_ not in known.branches:
        reader.fail("id", RUNNING, text=id_)
    elif not reader.row.has("id"):
        id_ = by_name(reader, values, known)
    check(reader, id_, values, known)
    return Line(id_, values, reader)


def by_name(reader: RowReader, values: Mapping[str, object], known: Known) -> str:
    """Return the id of the branch that has the name of the row; nothing where none has."""
    ids = known.named(f"{values['name']}") if "name" in values else []
    if len(ids) > 1:
        reader.fail("name", SEVERAL, ids=listed(ids))
    return ids[0] if ids else ""


def check(reader: RowReader, id_: str, values: Mapping[str, object], known: Known) -> None:
    """Tell what a row lacks, and a name that is another branch's."""
    for other in known.named(f"{values['name']}") if id_ and "name" in values else ():
        if other != id_:
            reader.fail("name", TAKEN, id=other)
    for key in REQUIRED if id_ not in known.branches else ():
        if values.get(key) in {None, ()} and (not reader.row.has(key) or key in values):
            reader.fail(key, MISSING)


def id_of(cell: Cell) -> str:
    """Return the id in a cell."""
    text = text_of(cell)
    if not is_branch_id(text):
        raise UnreadableCellError(NO_ID, text=visible(text, SHORT))
    return text


def accounts_of(cell: Cell) -> tuple[str, ...]:
    """Return the accounts in a cell; what is none may be a name, and is not shown."""
    found = parts_of(cell)
    if not all(map(_LOGIN.fullmatch, found)):
        raise UnreadableCellError(NO_ACCOUNT)
    return found


def change(plan: Plan, line: Line, known: Known) -> None:
    """Add to the plan what a row changes of a branch that is there."""
    branch, path = known.branches[line.id], branch_path(line.id)
    if branch is None:
        line.reader.fail(best_key(line), UNREADABLE, path=path)
        return
    before = {key: getattr(branch, attribute) for key, (attribute, _) in BRANCH.keys.items()}
    found = differences(before, line.values, TITLES, known.names)
    if not found:
        plan.same += 1
        return
    changed = {key: value for key, value in line.values.items() if value != before[key]}
    try:
        plan.files[path] = edited(known.files[line.id], BRANCH, changed)
    except UneditableError:
        line.reader.fail(best_key(line), UNREADABLE, path=path)
    except UnwritableError as error:
        line.reader.fail("name", UNWRITABLE, why=error.reason)
    else:
        plan.items.append(
            Item(entitled(line.id, {line.id: branch.name or ""}), new=False, differences=found)
        )


def add(plan: Plan, line: Line, id_: str, known: Known) -> None:
    """Add a new branch to the plan."""
    values = {key: value for key, value in line.values.items() if value is not None}
    found: tuple[Difference, ...] = differences({}, values, TITLES, known.names)
    try:
        plan.files[branch_path(id_)] = written(BRANCH, values)
    except UnwritableError as error:
        line.reader.fail("name", UNWRITABLE, why=error.reason)
    else:
        plan.items.append(Item(id_, new=True, differences=found))
