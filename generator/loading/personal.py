"""Personal data in what is filed: E010, at its line, and never shown whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Node, Scalar, Sequence
from generator.text.codes import Severity
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.names import SHORT, visible
from generator.text.privacy import Hit, Kind, hits_of, mask, may_hold

if TYPE_CHECKING:
    from collections.abc import Iterator

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
IN_NAME = mark("文件名里有个人信息：{shown}")
PERSONS = mark("“{name}”是写人名的一栏：提交的材料里只写人数，或用党员代码")
WITHOUT = mark("删去这一处；确实要保留的材料，交党委保存，不要放进仓库")
RENAME = mark("给文件或文件夹改名，去掉这一段")
WITHOUT_NAMES = mark("删去这一栏，或把姓名换成代码")
#: Keys and headings under which people's names stand.
NAMES = frozenset({"姓名", "名字", "name"})
#: What is published as it is written, so that people can call there.
CALLED = frozenset({"/publicity/contact"})
COMMENT = re.compile(r"(?:^|\s)#(.*)$", re.MULTILINE)


def report_personal(report: Report, path: str, data: bytes, root: Node) -> None:
    """E010 on the texts of a YAML file: its values, its keys and its comments."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    if may_hold(text):
        lines = set()
        for node, pointer in scalars(root):
            for hit in hits_of(node.text) if pointer not in CALLED else ():
                lines.add(node.line)
                place = Place(path, node.line, node.column, pointer)
                report_hit(report, place, hit, node.text)
        for match in COMMENT.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            for hit in hits_of(match.group(1)) if line not in lines else ():
                column = match.start(1) - text.rfind("\n", 0, match.start(1)) + hit.start
                report_hit(report, Place(path, line, column), hit, match.group(1))
    if "姓名" in text or "名字" in text or "name" in text:
        _report_names(report, path, root)


def report_hit(
    report: Report, place: Place, hit: Hit, text: str, of: Content | None = None
) -> None:
    """E010 on one thing that was found in a text; a finding on a file says which content it is."""
    severity = Severity.ERROR if hit.kind is Kind.IDENTITY else Severity.WARNING
    shown = mask(text[hit.start : hit.end])
    report.add(
        "E010", place, MESSAGES[hit.kind], hint=WITHOUT, severity=severity, of=of, shown=shown
    )


def report_file_name(report: Report, path: str) -> None:
    """E010 on a name of a file or a folder."""
    for hit in hits_of(path):
        severity = Severity.ERROR if hit.kind is Kind.IDENTITY else Severity.WARNING
        shown = mask(path[hit.start : hit.end])
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
