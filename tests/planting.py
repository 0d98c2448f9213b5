"""A repository with a marker of its own in every text of every record, by the definitions alone.

A new key is planted without a line here: it follows from the shape of its file. Texts that name
something (a kind, a rule) stay as they are; every kind of file that the base lacks is made up.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

# Any: shapes of whatever they read.
from typing import Any

from generator.formats.branch_files import AttendanceShape, RawShape, TypesShape
from generator.formats.nodes import Mapping, Node, Scalar, Sequence, parse
from generator.formats.records import RecordShape
from generator.formats.shapes import (
    BooleanShape,
    ChoiceShape,
    Context,
    CountShape,
    DateShape,
    ListShape,
    MapShape,
    Shape,
    TextShape,
    WordShape,
)
from generator.reports.schemas import FORMATS
from generator.results.audience import FieldClass, class_of
from generator.site.guarding.texts import path_of
from generator.text.findings import Place, Report
from tests.support import BASE

MARKER = re.compile(r"[Zz]q[0-9]{4}x")
#: What names something that is there, and what a plain scalar may be.
NAME, PLAIN = re.compile(r"[a-z0-9][a-z0-9/.-]*"), re.compile(r"[\w.+-]+")
#: Words for the shapes that ask for one: the first that fits.
WORDS = (
    "study", "demo-a", "activities/2025-03-12-theme-day", "documents/plan", "self-assessment.yml",
    "plan.md", "0" * 40, "0" * 64, "branches/demo-a/2025/documents/plan", "https://example.org/x",
)  # fmt: skip
BRANCHES = 12
#: Files that the base lacks and whose records have to name what the rubric has.
NAMED = {
    "vetoes": "- {veto: veto-inactive, state: verified, date: 2026-01-06}",
    "appeals": "- {id: a, received: 2026-01-08, criterion: study, state: open, matter: 一}",
    "review": "criteria: {study: {points: 4, date: 2026-01-05}}\nbonus: {b: {accepted: true}}",
}


@dataclass
class Planted:
    """Files by path, and the field of each marker."""

    files: dict[str, bytes] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    def marker(self, name: str) -> str:
        """Return a text for a field that stands nowhere else."""
        number = f"{len(self.fields):04}"
        self.fields[number] = name
        return f"Zq{number}x" if class_of(name) is FieldClass.PRIVATE else f"植入Zq{number}x的文字"


def node(value: str, *, plain: bool = False) -> Scalar:
    return Scalar(0, 0, value, plain)


def mapping(entries: dict[str, Node]) -> Mapping:
    return Mapping(0, 0, {key: ((0, 0), value) for key, value in entries.items()})


def written(value: Node | None) -> str:
    """Return a node as YAML in one line."""
    if isinstance(value, Mapping):
        inner = (f"{json.dumps(k)}: {written(own)}" for k, (_, own) in value.entries.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(written, value.items))}]"
    assert isinstance(value, Scalar)
    bare = value.plain and (PLAIN.fullmatch(value.text) or not value.text)
    return (value.text or "null") if bare else json.dumps(value.text, ensure_ascii=False)


def sound(shape: Shape[Any], value: Node) -> bool:
    """Whether a shape takes a value without an error."""
    report = Report()
    shape.read(value, Place("x"), Context(report))
    return all(finding.severity != "error" for finding in report.findings)


class Planter:
    """Plants markers into one file; ``planted`` notes them."""

    def __init__(self, planted: Planted) -> None:
        self.planted = planted

    def value(self, shape: Shape[Any], name: str, old: Node | None) -> Node | None:
        """Return a value of a shape with markers in it; None for none that could be made."""
        if isinstance(shape, RecordShape):
            return self.record(shape, name, old)
        if isinstance(shape, ListShape):
            items = old.items if isinstance(old, Sequence) else [None]
            found = [own for item in items if (own := self.value(shape.item, name, item))]
            return Sequence(0, 0, found)
        if isinstance(shape, MapShape):
            there = {k: v for k, (_, v) in old.entries.items()} if isinstance(old, Mapping) else {}
            keys = [*there, *(key for key in ("discipline", "demo-a") if key not in there)]
            values = {key: self.value(shape.value, f"{name}.*", there.get(key)) for key in keys}
            return mapping({key: own for key, own in values.items() if own is not None})
        return self.single(shape, name, old)

    def single(self, shape: Shape[Any], name: str, old: Node | None) -> Node | None:
        """Return a value that has nothing below it."""
        told = isinstance(old, Scalar) and old.text
        if isinstance(shape, TextShape):
            named = isinstance(old, Scalar) and NAME.fullmatch(old.text)
            return old if named else node(self.planted.marker(name))
        if isinstance(shape, WordShape) and class_of(name) is FieldClass.PRIVATE:
            return node(self.planted.marker(name))
        if told or isinstance(old, Mapping | Sequence):
            return old
        if isinstance(shape, WordShape):
            return next((own for word in WORDS if sound(shape, own := node(word))), None)
        return made_up(shape)

    def record(self, shape: RecordShape[Any], name: str, old: Node | None) -> Node | None:
        """Return a record with all keys that it may have together."""
        there = old.entries if isinstance(old, Mapping) else {}
        values: dict[str, Node] = {}
        for key, (_, known) in shape.keys.items():
            before = there[key][1] if key in there else None
            own = self.value(known.shape, f"{name}.{key}", before)
            if own is not None:
                values[key] = own
        for key in [*values]:
            if sound(shape, mapping(values)):
                break
            if key not in there and not shape.keys[key][1].required:
                less = {k: v for k, v in values.items() if k != key}
                if sound(shape, mapping(less)) or key not in there:
                    values = less
        return mapping(values)


def made_up(shape: Shape[Any]) -> Node | None:
    """Return a value for a key that the base does not have."""
    if isinstance(shape, ChoiceShape):
        return node(next(iter(shape.choices)), plain=True)
    if isinstance(shape, DateShape):
        return node("2025-06-01", plain=True)
    if isinstance(shape, CountShape):
        return node("9", plain=True)
    if isinstance(shape, BooleanShape):
        return node("true", plain=True)
    if isinstance(shape, RawShape | TypesShape | AttendanceShape):
        return None
    number = node("1", plain=True)
    return number if sound(shape, number) else None


def base() -> dict[str, bytes]:
    """Return the files of the base with more branches like its first, and all kinds of files."""
    files = {
        path.relative_to(BASE).as_posix(): path.read_bytes()
        for path in BASE.rglob("*")
        if path.is_file()
    }
    first = {path: data for path, data in files.items() if path.startswith("branches/demo-a/")}
    for number in range(BRANCHES):
        more = {path.replace("demo-a", f"p{number:02}", 1): data for path, data in first.items()}
        files |= more
    for form in FORMATS:
        for name in branches_of(files):
            path = form.path.replace("<year>", "2025").replace("<id>", name)
            path = path.replace("<team>", "team-a")
            if "<" not in path and form.name != "rubric":
                files.setdefault(path, NAMED.get(form.name, "").encode("utf-8"))
    roll = "member,status\n" + "".join(f"Zq-code-{n:03},present\n" for n in range(8))
    files["branches/p00/2025/activities/2025-03-12-theme-day/attendance.csv"] = roll.encode()
    return files


def branches_of(files: dict[str, bytes]) -> list[str]:
    return sorted({path.split("/")[1] for path in files if path.startswith("branches/")})


def planted() -> Planted:
    """Return the repository."""
    found = Planted()
    for path, data in base().items():
        form = next((f for f in FORMATS if path_of(f).fullmatch(path)), None)
        if form is None or form.name == "rubric":
            found.files[path] = data
            continue
        old = parse(data, Report(), path) if data else None
        new = Planter(found).value(form.shape, form.name, old)
        found.files[path] = written(new).encode("utf-8")
    record = "branches/p00/2025/activities/2025-03-12-theme-day/activity.yml"
    text = found.files[record].decode("utf-8")
    text = re.sub(r'"attendance": \{[^}]*\}', '"attendance": {"file": "attendance.csv"}', text)
    found.files[record] = text.encode("utf-8")
    return found
