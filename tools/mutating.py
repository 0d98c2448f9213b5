"""Small faults in a module: what cosmic-ray makes, without those that can be no other program.

Texts stay as they are. Annotations are never evaluated, and decorators say how a class is kept.
"""

from __future__ import annotations

import ast
import difflib
from itertools import permutations
from typing import TYPE_CHECKING, Any

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from tools.mutants import Mutant, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Position = tuple[int, int]

#: An operator and what it is mistaken for; any other pair is a fault that shows at once.
BINARY = (
    ("Add", "Sub"), ("Sub", "Add"), ("Mul", "Div"), ("Div", "Mul"), ("FloorDiv", "Mul"),
    ("Mod", "Mul"), ("BitOr", "BitAnd"), ("BitAnd", "BitOr"), ("BitXor", "BitAnd"),
)  # fmt: skip
ORDER = ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")
COMPARISON = (*permutations(ORDER, 2), ("Is", "IsNot"), ("IsNot", "Is"))
PLAIN = (
    "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr",
    "ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "NumberReplacer",
    "ZeroIterationForLoop", "ExceptionReplacer", "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_USub_UAdd",
)  # fmt: skip
NAMES = (
    *(f"ReplaceBinaryOperator_{old}_{new}" for old, new in BINARY),
    *(f"ReplaceComparisonOperator_{old}_{new}" for old, new in COMPARISON),
    *PLAIN,
)
#: Names that are taken for one another.
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Rewritten:
    """A fault of our own: where ``change`` knows another text for a node of the syntax tree."""

    def __init__(self, change: Callable[[Any], str | None]) -> None:
        self.change = change

    def mutation_positions(self, node: Any) -> Iterator[tuple[Position, Position]]:
        """Yield where a node can be changed."""
        if self.change(node) is not None:
            yield (node.start_pos, node.end_pos)

    def mutate(self, node: Any, index: int) -> Any:
        """Return what stands in the node's place."""
        del index
        before = node.get_first_leaf().prefix
        return parso.parse(f"{before}{self.change(node)}")


def dropped(node: Any) -> str | None:
    """Leave out a statement that does something: a call, a yield, an assignment to a part."""
    if node.parent is None or node.parent.type != "simple_stmt":
        return None
    if node.type == "expr_stmt":
        target, operator = node.children[:2]
        kept = target.type == "name" and operator.type == "operator"
        return None if kept or operator.type == "annassign" else "pass"
    return "pass" if node.type in {"atom_expr", "yield_expr"} else None


def twin(node: Any) -> str | None:
    """Take a name for its twin."""
    return TWINS.get(node.value) if node.type == "name" else None


def unfiltered(node: Any) -> str | None:
    """Turn the condition of a comprehension round."""
    if node.type != "comp_if":
        return None
    condition = "".join(child.get_code() for child in node.children[1:])
    return f"if not ({condition.strip()})"


def outside(node: Any) -> str | None:
    """Take ``in`` for ``not in``, and the other way round."""
    if node.parent is None or node.parent.type != "comparison":
        return None
    return {"in": "not in", "not in": "in"}.get(" ".join(node.get_code().split()))


OPERATORS: dict[str, Any] = {name: get_operator(f"core/{name}")() for name in NAMES}
OPERATORS |= {f.__name__: Rewritten(f) for f in (dropped, twin, unfiltered, outside)}


def sites(path: str, source: str) -> list[Site]:
    """Return every fault that can be made in a module, in the order of operators and places."""
    left_out = spared(source)
    scopes = functions(source)
    # A bare star among parameters is no product.
    nodes = [
        node
        for node in ast_nodes(parso.parse(source))
        if node.type != "operator" or node.parent.type not in {"parameters", "lambdef"}
    ]
    found = []
    for name, operator in OPERATORS.items():
        places = [p for node in nodes for p, _ in operator.mutation_positions(node)]
        for occurrence, place in enumerate(places):
            if not any(start <= place < end for start, end in left_out):
                scope = [s for first, last, s in scopes if first <= place[0] <= last]
                found.append(Site(path, name, occurrence, scope[-1] if scope else ""))
    return found


def spared(source: str) -> list[tuple[Position, Position]]:
    """Return the stretches that stay as they are: annotations, decorators, imports for types."""
    lines = source.splitlines()
    nodes: list[ast.AST] = []
    for node in ast.walk(ast.parse(source)):
        nodes += getattr(node, "decorator_list", [])
        nodes += [part for name in ("annotation", "returns") if (part := getattr(node, name, None))]
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes.append(node)
    return [stretch(node, lines) for node in nodes]


def stretch(node: Any, lines: list[str]) -> tuple[Position, Position]:
    """Return where a node starts and ends, in characters as parso counts them."""

    def at(line: int, octets: int) -> Position:
        return line, len(lines[line - 1].encode("utf-8")[:octets].decode("utf-8"))

    return at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)


def functions(source: str) -> list[tuple[int, int, str]]:
    """Return first line, last line and qualified name of functions and classes, outer first."""
    found: list[tuple[int, int, str]] = []

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = prefix
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                name = f"{prefix}.{child.name}".lstrip(".")
                found.append((child.lineno, child.end_lineno or child.lineno, name))
            walk(child, name)

    walk(ast.parse(source), "")
    return found


def mutant(site: Site, source: str) -> Mutant:
    """Make a fault; raises ValueError where the module has no such place."""
    text = mutate_code(source, OPERATORS[site.operator], site.occurrence)
    if text is None or text == source:
        raise ValueError(site)
    names = (f"a/{site.path}", f"b/{site.path}")
    lines = list(difflib.unified_diff(source.splitlines(), text.splitlines(), *names, lineterm=""))
    gone = " ".join(line[1:].strip() for line in lines[2:] if line.startswith("-"))
    came = " ".join(line[1:].strip() for line in lines[2:] if line.startswith("+"))
    return Mutant(site, text, "\n".join(lines), gone, came)
