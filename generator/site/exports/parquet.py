"""The tables as Parquet: typed columns, a row group for some hundred branches.

Points are ``decimal(18, 6)``, exactly the figures of results.json, whatever number of places a
rubric has: tables of several years go together. Nothing of it names a place, a time or a machine,
so that the same results and the same library give the same bytes.

The library takes threads and memory of its own: it is imported where a file is made, and
``outputs`` makes files in a process beside the site's.
"""

from __future__ import annotations

import io

# Any: pyarrow ships no types.
from typing import TYPE_CHECKING, Any

from generator.site.exports.tables import (
    Column,
    Kind,
    chunks,
    line_columns,
    line_rows,
    ranking_columns,
    ranking_row,
)
from generator.text.numbers import points_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal

    from generator.results.model import BranchResult, Results

DIGITS, PLACES = 18, 6


def ranking_parquet(results: Results) -> Iterator[bytes]:
    """Yield the ranking as Parquet."""
    return parquet(results, ranking_columns(results), lambda branch: [ranking_row(branch)])


def lines_parquet(results: Results) -> Iterator[bytes]:
    """Yield all lines as Parquet."""
    return parquet(results, line_columns(results), line_rows)


def parquet(
    results: Results,
    columns: tuple[Column, ...],
    rows_of: Callable[[BranchResult], Iterable[list[object]]],
) -> Iterator[bytes]:
    """Yield a table as Parquet, a row group at a time."""
    import pyarrow as pa  # noqa: PLC0415 - takes threads and memory of its own
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - takes threads and memory of its own

    pa.set_memory_pool(pa.system_memory_pool())
    schema = schema_of(columns)
    sink = io.BytesIO()
    kept = Kept()
    with ParquetWriter(sink, schema, compression="zstd", store_schema=False) as writer:
        writer.add_key_value_metadata(about(results))
        for branches in chunks(results.branches):
            rows = [row[: len(columns)] for branch in branches for row in rows_of(branch)]
            values = zip(*rows, strict=True) if rows else ((),) * len(columns)
            arrays = [
                pa.array(kept.typed(column.kind, found), kind)
                for column, found, kind in zip(columns, values, schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield taken(sink)
    yield taken(sink)


class Kept:
    """Figures made exact: the same few come back in every branch."""

    def __init__(self) -> None:
        self.known: dict[object, Decimal | None] = {}

    def typed(self, kind: Kind, values: Iterable[object]) -> Iterable[object]:
        """Return the values of a column as its kind has them: no text is null."""
        if kind is Kind.POINTS:
            return map(self.exact, values)
        return [value or None for value in values] if kind is Kind.TEXT else values

    def exact(self, value: object) -> Decimal | None:
        """Return a figure as a decimal, None for none."""
        if value not in self.known:
            self.known[value] = points_or_none(value)
        return self.known[value]


def schema_of(columns: tuple[Column, ...]) -> Any:
    """Return the types of columns."""
    import pyarrow as pa  # noqa: PLC0415 - takes threads and memory of its own

    types = {
        Kind.TEXT: pa.string(),
        Kind.COUNT: pa.int32(),
        Kind.POINTS: pa.decimal128(DIGITS, PLACES),
    }
    return pa.schema([(column.name, types[column.kind]) for column in columns])


def about(results: Results) -> dict[str, str]:
    """Return what a file says of itself: year, stage and rubric."""
    return {
        "year": f"{results.year}",
        "stage": results.stage,
        "rubric": results.rubric_id,
        "rubric_sha256": results.rubric_sha256,
    }


def taken(sink: io.BytesIO) -> bytes:
    """Return what was written since the last time."""
    data = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return data
