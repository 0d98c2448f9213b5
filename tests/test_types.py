"""Types say the truth: a field is typed as present only where nothing may lack it."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import generator
from generator.formats.nodes import COMMITTEE_LIMITS, parse
from generator.formats.records import Record, RecordShape, key
from generator.formats.shapes import INVALID, Context, ListShape, count, text
from generator.results import model, packed
from generator.scoring import due, scorecard
from generator.text.findings import Place, Report
from tools.house import parsed, statements

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "generator").rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a module as its path below the package."""
    return path.relative_to(ROOT / "generator").as_posix()


def subclasses(cls: type[Record]) -> Iterator[type[Record]]:
    """Yield every class of records, at any depth."""
    for own in cls.__subclasses__():
        yield own
        yield from subclasses(own)


@pytest.fixture(scope="module")
def records() -> list[type[Record]]:
    """Return every class of records of the program."""
    for module in pkgutil.walk_packages(generator.__path__, "generator."):
        if module.name.startswith(("generator.formats", "generator.rubric")):
            importlib.import_module(module.name)
    return [cls for cls in subclasses(Record) if cls.__module__.startswith("generator.")]


def test_records_are_frozen(records: list[type[Record]]) -> None:
    assert len(records) > 30
    # With slots a dataclass is made twice; the first of the two is not in use.
    assert [c.__name__ for c in records if not c.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]  # of every dataclass


#: Words that are only shown: nothing breaks where they are blank, beside a finding.
SHOWN = {"title", "label", "issue"}


def dishonest(cls: type[Record]) -> Iterator[str]:
    """Yield the keys of a record whose field does not say what may be absent."""
    for item in dataclasses.fields(cls):
        if "shape" not in item.metadata:
            continue
        optional = "None" in str(item.type).replace(" ", "").split("|")
        default = item.default
        if optional != (default is None):
            yield f"{cls.__name__}.{item.name}: {item.type} = {default}"
        if item.metadata["required"] and default in ("", 0, False) and item.name not in SHOWN:
            yield f"{cls.__name__}.{item.name} stands in for what must be there"


def test_what_may_be_absent_is_typed_so(records: list[type[Record]]) -> None:
    """None is in the type just where it is the default; nothing blank stands for what is due."""
    assert [words for cls in records for words in dishonest(cls)] == []


@dataclasses.dataclass(frozen=True, kw_only=True)
class Thing(Record):
    """A record with a key of each sort."""

    name: str = key(text, "name", required=True)
    size: int | None = key(count, "size", required=True, default=None)
    note: str | None = key(text, "note")
    marks: tuple[str, ...] = key(ListShape(text), "marks", default=())


@dataclasses.dataclass(frozen=True, kw_only=True)
class Liar(Record):
    """A record that says more than it can hold."""

    name: str = key(text, "name", required=True, default="")
    size: int = key(count, "size", default=None)  # type: ignore[assignment]  # what mypy refuses
    note: str | None = key(text, "note", required=True)


def test_a_lie_is_found() -> None:
    assert list(dishonest(Thing)) == []
    assert [words.partition(" ")[0].rstrip(":") for words in dishonest(Liar)] == [
        "Liar.name",
        "Liar.size",
        "Liar.note",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("name: a\nsize: 3\nnote: b\nmarks: [x]", ("a", 3, "b", ("x",), True)),
        ("name: a\nsize: 3", ("a", 3, None, (), True)),
        ("name: a", ("a", None, None, (), False)),
        ("name: a\nsize: many\nnote: ''", ("a", None, None, (), False)),
        ("name: a\nsize: 3\nelse: 1", ("a", 3, None, (), False)),
        ("size: 3", None),
        ("name: ''\nsize: 3", None),
        ("name: [a]\nsize: 3", None),
    ],
)
def test_there_is_no_record_without_what_must_be_there(
    written: str, expected: tuple[object, ...] | None
) -> None:
    report = Report()
    node = parse(written.encode(), report, "thing.yml", COMMITTEE_LIMITS)
    assert node is not None
    value = RecordShape(Thing).read(node, Place("thing.yml"), Context(report))
    if value is INVALID:
        assert expected is None
    else:
        assert (value.name, value.size, value.note, value.marks, value.valid) == expected
        with pytest.raises(dataclasses.FrozenInstanceError):
            value.valid = True  # type: ignore[misc]  # what must fail
    assert (report.count == 0) == (expected is not None and expected[-1] is True)


def trees(words: str = "") -> list[tuple[Path, ast.Module]]:
    """Return every module of the program in which a pattern is found, parsed."""
    read = [(path, path.read_text("utf-8")) for path in MODULES]
    return [(path, parsed(source)) for path, source in read if re.search(words, source)]


def present_fields(modules_read: list[tuple[Path, ast.Module]]) -> set[str]:
    """Return the attributes that every class which has them types as never None."""
    found: dict[str, list[ast.expr]] = {}
    for _, tree in modules_read:
        for cls in statements(tree):
            if not isinstance(cls, ast.ClassDef):
                continue
            for item in cls.body:
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                    found.setdefault(item.target.id, []).append(item.annotation)
                elif isinstance(item, ast.FunctionDef) and item.returns is not None:
                    found.setdefault(item.name, []).append(item.returns)
    return {name for name, types in found.items() if not any(map(names_none, types))}


def names_none(annotation: ast.expr) -> bool:
    """Whether None stands in an annotation, in a text too."""
    return any(
        (isinstance(node, ast.Constant) and "None" in f"{node.value!r}")
        or (isinstance(node, ast.Name) and "None" in node.id)
        for node in ast.walk(annotation)
    )


#: MkDocs' own object: its attributes are not ours, whatever they are called.
CONFIG = "config"
BLANK = {"''", "0", "ZERO", "Decimal(0)", "()", "{}"}


def papered(tree: ast.Module, present: set[str]) -> Iterator[int]:
    """Yield the lines where something blank stands in for a field that is never None."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.BoolOp) or not isinstance(node.op, ast.Or):
            continue
        *asked, last = node.values
        if ast.unparse(last) in BLANK and any(
            isinstance(value, ast.Attribute)
            and value.attr in present
            and ast.unparse(value.value) != CONFIG
            for value in asked
        ):
            yield node.lineno


def test_nothing_blank_stands_in_for_what_is_always_there() -> None:
    present = present_fields(trees())
    assert {"clause", "node", "stage"} <= present
    assert not {"total", "statement", "grade"} & present
    asked = trees(r"\bor\s+(?:''|\"\"|0\b|ZERO|Decimal|\(\s*\)|\{\s*\})")
    assert [f"{name_of(p)}:{n}" for p, tree in asked for n in papered(tree, present)] == []


def test_a_blank_in_the_place_of_a_field_is_found() -> None:
    source = "class A:\n    x: str\n    y: str | None\na.x or ''\na.y or ''\na.x or Decimal(0)\n"
    tree = ast.parse(source)
    assert list(papered(tree, present_fields([(ROOT, tree)]))) == [4, 6]


def set_later(tree: ast.Module) -> Iterator[int]:
    """Yield the lines that make a record valid or not after it was made, or go around frozen."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "valid":
                yield target.lineno
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "object.__setattr__":
            yield node.lineno


def test_no_record_changes_after_it_was_made() -> None:
    asked = trees(r"\bvalid\b|__setattr__")
    assert [f"{name_of(p)}:{n}" for p, tree in asked for n in set_later(tree)] == []
    change = "a.valid = False\nobject.__setattr__(a, 'valid', False)\na.valid |= b\n"
    assert sorted(set_later(ast.parse(change))) == [1, 2, 3]


def without_reason(source: str) -> bool:
    """Whether a module imports ``Any`` and the line above does not say why."""
    lines = source.split("\n")
    return any(
        "Any" in line.replace(",", " ").split()
        and line.lstrip().startswith("from typing import ")
        and not lines[number - 1].lstrip().startswith("# Any: ")
        for number, line in enumerate(lines)
    )


def test_what_is_untyped_says_why() -> None:
    found = {name_of(path) for path in MODULES if without_reason(path.read_text("utf-8"))}
    assert found == set()
    assert without_reason("import a\nfrom typing import TYPE_CHECKING, Any\n")
    assert not without_reason("# Any: JSON.\nfrom typing import Any, Final\n")
    assert not without_reason("from typing import AnyStr\n")


#: What results hold as ``str``: ids, days, states, digests and words of the program. All other
#: text is of the data, and of the type that only the gate makes.
MACHINE_WORDS = frozenset(
    [
        "as_of",
        "asked",
        "blob",
        "branch",
        "claim",
        "code",
        "commit",
        "computed_grade",
        "consortium",
        "criterion",
        "date",
        "deadline",
        "decided_by",
        "decided_on",
        "evidence",
        "formerly",
        "full_digest",
        "grade",
        "held",
        "id",
        "kind",
        "level",
        "maxima",
        "open_questions",
        "order",
        "part",
        "period",
        "portions",
        "program",
        "question",
        "received",
        "rubric_id",
        "rubric_sha256",
        "rule",
        "section",
        "sections",
        "sources",
        "stage",
        "state",
        "status",
        "submitted",
        "team",
        "type",
        "types",
        "veto",
        "withheld",
    ]
)


def results_classes() -> list[type]:
    """Return the classes that results are made of."""
    modules = (model, packed, scorecard, due)
    return [
        own
        for module in modules
        for own in vars(module).values()
        if isinstance(own, type) and own.__module__ == module.__name__ and not issubclass(own, Enum)
    ]


def test_text_of_the_data_passes_the_gate_to_be_in_results() -> None:
    """Mypy refuses a ``str`` where ``Printable`` is due, and nobody else makes one."""
    texts = {
        f"{own.__name__}.{name}"
        for own in results_classes()
        for name, type_ in vars(own).get("__annotations__", {}).items()
        if "Printable" in f"{type_}"
    }
    assert {"BranchResult.name", "Veto.reference", "Appeal.matter", "EvidenceRecord.title"} <= texts
    assert {"Line.statement", "BonusLine.matter", "File.name", "DueLine.title"} <= texts
    bare = {
        name
        for own in results_classes()
        for name, type_ in vars(own).get("__annotations__", {}).items()
        if re.search(r"\bstr\b", f"{type_}") and "Printable" not in f"{type_}"
    }
    assert bare - MACHINE_WORDS == set()
    makers = {
        name_of(path)
        for path, tree in trees("Printable")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Printable")
    }
    assert makers == {"text/privacy.py"}
