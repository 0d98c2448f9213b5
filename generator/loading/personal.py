"""Personal data in what is filed: E010, at its line, and never shown whole."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from generator.files.attachments.inside import metadata_of, texts_of
from generator.formats.nodes import Mapping, Node, Scalar, Sequence
from generator.text.codes import Severity
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import SHORT, visible
from generator.text.privacy import NAMES, Hit, Kind, hits_of, mask, may_hold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Mapping_

    from generator.files.attachments.inside import Said
    from generator.text.findings import Content, Report

#: What personal data is called in a finding.
MESSAGES = {
    Kind.IDENTITY: mark("这里有身份证号：{shown}"),
    Kind.OLD_IDENTITY: mark("这里像是 15 位的身份证号：{shown}"),
    Kind.MOBILE: mark("这里像是手机号码：{shown}"),
    Kind.EMAIL: mark("这里像是电子邮箱：{shown}"),
    Kind.CARD: mark("这里像是银行卡号：{shown}"),
    Kind.PASSPORT: mark("这里像是护照号码：{shown}"),
    Kind.WECHAT: mark("这里像是微信号：{shown}"),
}
#: The same in a sheet, with the cell.
IN_CELL = mark("单元格 {cell}：{found}")
PLACE = mark("照片里记着拍摄的地点")
AUTHOR = mark("文件属性里写着作者：{shown}")
IN_NAME = mark("文件名里有个人信息：{shown}")
PERSONS = mark("“{name}”是写人名的一栏：提交的材料里只写人数，或用党员代码")
WITHOUT = mark("删去这一处；确实要保留的材料，交党委保存，不要放进仓库")
RENAME = mark("给文件或文件夹改名，去掉这一段")
CLEANED = mark(
    "另存一份不带这些信息的：照片截图，文档在“文件—信息—检查文档”里清除；"
    "装了程序的，用 appraise clean"
)
WITHOUT_NAMES = mark("删去这一栏，或把姓名换成代码")
#: What is published as it is written, so that people can call there.
CALLED = frozenset({"/publicity/contact"})
#: Cells that are looked at together.
CELLS = 4096
COMMENT = re.compile(r"(?:^|\s)#(.*)$", re.MULTILINE)


def report_personal(report: Report, path: str, data: bytes, root: Node) -> None:
    """E010 on the texts of a YAML file: its values, its keys and its comments."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    report_file_name(report, path, path.rpartition("/")[0])
    if may_hold(text):
        told = set()
        for node, pointer in scalars(root):
            for hit in hits_of(node.text) if pointer not in CALLED else ():
                told.add(node.text[hit.start : hit.end])
                place = Place(path, node.line, node.column, pointer)
                report_hit(report, place, hit, node.text)
        for match in COMMENT.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            for hit in hits_of(match.group(1)):
                if match.group(1)[hit.start : hit.end] in told:
                    continue
                column = match.start(1) - text.rfind("\n", 0, match.start(1)) + hit.start
                report_hit(report, Place(path, line, column), hit, match.group(1))
    if "姓名" in text or "名字" in text or "name" in text:
        _report_names(report, path, root)


def report_hit(
    report: Report, place: Place, hit: Hit, text: str, of: Content | None = None, cell: str = ""
) -> None:
    """E010 on one thing that was found in a text; a finding on a file says which content it is."""
    severity = Severity.ERROR if hit.kind is Kind.IDENTITY else Severity.WARNING
    shown = mask(text[hit.start : hit.end])
    words = say(MESSAGES[hit.kind], shown=shown)
    words = say(IN_CELL, cell=cell, found=words) if cell else words
    report.add("E010", place, words, hint=WITHOUT, severity=severity, of=of)


def report_attachment(report: Report, content: Content, data: bytes) -> None:
    """E010 on what a sound attachment says, in its texts and in its own metadata."""
    name = content.path.rpartition("/")[2]
    report_file_name(report, content.path, name)
    heads: dict[str, str] = {}
    for said in _worth_reading(texts_of(name, data), heads):
        for hit in hits_of(said.text):
            line = 1 if said.cell else 1 + said.text.count("\n", 0, hit.start)
            report_hit(report, Place(content.path, line), hit, said.text, content, said.cell)
        if said.cell:
            _report_column(report, content, heads, said)
        elif name.lower().endswith(".csv"):
            _report_heading(report, content, said.text)
    for told in metadata_of(name, data):
        words = say(AUTHOR, shown=mask(told.text)) if told.text else PLACE
        report.add(
            "E010", Place(content.path), words, hint=CLEANED, severity=Severity.WARNING, of=content
        )


def _worth_reading(texts: Iterator[Said], heads: Mapping_[str, str]) -> Iterator[Said]:
    """Yield the texts that there is something to tell of, of many cells some at a time.

    ``heads`` are the columns of names whose first value is still to come.
    """
    while some := list(islice(texts, CELLS)):
        every = "\0".join(said.text for said in some)
        named = {said.text.strip().casefold() for said in some} & NAMES if some[0].cell else True
        if named or any(heads.values()) or may_hold(every):
            yield from some


def _report_column(report: Report, content: Content, heads: dict[str, str], said: Said) -> None:
    """E010 on the first value below a heading under which people's names stand."""
    column = said.cell.rstrip("0123456789")
    text = said.text.strip()
    if text.casefold() in NAMES:
        heads.setdefault(column, text)
    elif text and heads.get(column):
        _report_persons(report, content, heads[column])
        heads[column] = ""


def _report_heading(report: Report, content: Content, text: str) -> None:
    """E010 on a table whose first line heads a column of people's names, with more below."""
    first, _, rest = text.partition("\n")
    for head in first.split(","):
        name = head.strip(' \t\r"')
        if name.casefold() in NAMES and rest.strip(" ,\r\n"):
            _report_persons(report, content, name)


def _report_persons(report: Report, content: Content, name: str) -> None:
    report.add(
        "E010", Place(content.path), PERSONS,
        hint=WITHOUT_NAMES, severity=Severity.WARNING, of=content, name=visible(name, SHORT),
    )  # fmt: skip


def report_file_name(report: Report, path: str, name: str) -> None:
    """E010 on the name of a file or a folder, which is a part of a path."""
    for hit in hits_of(name):
        severity = Severity.ERROR if hit.kind is Kind.IDENTITY else Severity.WARNING
        shown = mask(name[hit.start : hit.end])
        place = Place(visible(path))
        report.add("E010", place, IN_NAME, hint=RENAME, severity=severity, shown=shown)


def _report_names(report: Report, path: str, root: Node) -> None:
    """E010 on a field of a document under which people's names stand."""
    entry = root.entries.get("fields") if isinstance(root, Mapping) else None
    if entry is None or not isinstance(entry[1], Mapping):
        return
    for key, ((line, column), node) in entry[1].entries.items():
        if key.strip().casefold() in NAMES and not (isinstance(node, Scalar) and node.is_null):
            place = Place(path, line, column, f"/fields/{key}")
            name = visible(key, SHORT)
            report.add(
                "E010", place, PERSONS, hint=WITHOUT_NAMES, severity=Severity.WARNING, name=name
            )


def scalars(root: Node) -> Iterator[tuple[Scalar, str]]:
    """Yield every value and key of a file that is text, with the pointer to it."""
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, pointer = waiting.pop()
        if isinstance(node, Scalar):
            yield node, pointer
        elif isinstance(node, Sequence):
            waiting += [(item, f"{pointer}/{n}") for n, item in enumerate(node.items)]
        elif isinstance(node, Mapping):
            for key, ((line, column), value) in node.entries.items():
                below = f"{pointer}/{key}"
                yield Scalar(line, column, key, plain=True), below
                waiting.append((value, below))
