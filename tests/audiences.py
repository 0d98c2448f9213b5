"""Results with a value in every field, made from the definitions of the model alone."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from decimal import Decimal

# Any: values of whatever type a definition asks for.
from typing import Any

from generator.results import corrections, model, packed
from generator.results.describe import FURTHER
from generator.scoring import ballots, due, scorecard
from generator.scoring.scorecard import INKS, Basis, Portion

#: The names that annotations use, wherever they are imported for type checkers alone.
NAMES: dict[str, Any] = {
    name: value
    for module in (corrections, packed, ballots, due, scorecard, model)
    for name, value in vars(module).items()
} | {"Mapping": Mapping, "Decimal": Decimal, "Words": str, "Value": str, "Printable": str}
#: What stands in fields of one type; every other holds a text.
PLAIN = {int: 7, bool: True, Decimal: Decimal(1), bytes: b"", Basis: Basis.ACCEPTED}
WORD = "字"


def filled(kind: Any) -> Any:
    """Return a value of a type in which nothing is absent or empty."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        return filled(next(one for one in inner if one is not types.NoneType))
    if origin is tuple:
        return (filled(inner[0]),) if inner[-1] is ... else tuple(map(filled, inner))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {WORD: filled(inner[1])}
    if dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"):
        return record(kind)
    return PLAIN.get(kind, WORD)


def record(cls: Any, **known: Any) -> Any:
    """Return an instance of a class with a value in every field; ``known`` are given."""
    hints = typing.get_type_hints(cls, localns=NAMES)
    return cls(**{n: filled(own) for n, own in hints.items() if n not in known}, **known)


def whole_results() -> model.Results:
    """Return results of one branch with every field that results can have."""
    details = packed.pack(
        [filled(scorecard.Line)], [filled(scorecard.BonusLine)], [filled(packed.EvidenceRecord)]
    )
    branch = record(
        model.BranchResult,
        packed=details,
        portions={name: Portion(Decimal(1), 1) for name in INKS},
    )
    return typing.cast(
        "model.Results",
        record(
            model.Results,
            branches=(branch,),
            decision=dict.fromkeys(("meeting", "decided", "notice", *FURTHER), WORD),
            publicity=dict.fromkeys(("from", "to", "contact"), WORD),
        ),
    )
