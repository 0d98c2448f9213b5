"""Expressions of workflows, as GitHub documents them: loose equality, ``&&``, ``||``, ``!``."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
TOKEN = re.compile(
    r"\s*(?P<token>'(?:[^']|'')*'|[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*|==|!=|&&|\|\||[!()])"
)
STATUS = re.compile(r"\b(success|failure|cancelled|always)\s*\(")


class Expressions:
    """Evaluates expressions in contexts; raises on what it does not understand."""

    def __init__(self, contexts: Mapping[str, Any], status: Mapping[str, bool]) -> None:
        self.contexts = contexts
        self.status = status
        self.tokens: list[str] = []

    def interpolate(self, text: str) -> str:
        """Return text with its expressions replaced."""
        return EXPRESSION.sub(lambda match: as_text(self.value(match[1])), text)

    def condition(self, text: str | None) -> bool:
        """Whether an `if` holds; success is asked for where no status is."""
        if text is None:
            return self.status["success"]
        whole = EXPRESSION.fullmatch(text.strip())
        bare = whole[1] if whole else text
        held = truthy(self.value(bare))
        return held if STATUS.search(bare) else held and self.status["success"]

    def matrix(self, strategy: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the contexts of the runs of a job; one that fails ends the others."""
        assert set(strategy) == {"matrix"}, f"not understood: {strategy}"
        ((key, text),) = strategy["matrix"].items()
        match = EXPRESSION.fullmatch(text)
        assert match, f"not understood: {text}"
        values = self.value(match[1])
        assert values, "the forge refuses an empty matrix"
        for number, value in enumerate(values):
            yield {"matrix": {key: value}, "strategy": {"job-index": number}}

    def value(self, text: str) -> Any:
        """Return the value of an expression."""
        self.tokens = []
        position = 0
        stripped = text.strip()
        while position < len(stripped):
            match = TOKEN.match(stripped, position)
            assert match, f"not understood: {text}"
            self.tokens.append(match["token"])
            position = match.end()
        found = self.either()
        assert not self.tokens, f"not understood: {text}"
        return found

    def either(self) -> Any:
        left = self.both()
        while self.next_is("||"):
            right = self.both()
            left = left if truthy(left) else right
        return left

    def both(self) -> Any:
        left = self.equal()
        while self.next_is("&&"):
            right = self.equal()
            left = right if truthy(left) else left
        return left

    def equal(self) -> Any:
        left = self.single()
        for operator in ("==", "!="):
            if self.next_is(operator):
                return loosely_equal(left, self.single()) is (operator == "==")
        return left

    def single(self) -> Any:
        if self.next_is("!"):
            return not truthy(self.single())
        if self.next_is("("):
            inner = self.either()
            assert self.next_is(")")
            return inner
        token = self.tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self.next_is("("):
            return self.call(token)
        found: Any = self.contexts
        for name in token.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def call(self, name: str) -> Any:
        found: Any
        if name == "toJSON":
            found = json.dumps(self.either(), indent=2)
        elif name == "fromJSON":
            found = json.loads(self.either())
        else:
            found = self.status[name]
        assert self.next_is(")")
        return found

    def next_is(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        self.tokens.pop(0)
        return True


def truthy(value: Any) -> bool:
    return bool(value)


def as_text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def loosely_equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if type(left) is type(right):
        return bool(left == right)
    return as_number(left) == as_number(right)


def as_number(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return math.nan
