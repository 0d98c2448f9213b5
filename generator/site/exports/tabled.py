"""The tables of a year by the names of their files, as the site and the exports have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.reports.scores import as_csv
from generator.site.addresses import LINES_CSV, LINES_PARQUET, RANKING_CSV, RANKING_PARQUET
from generator.site.exports.parquet import lines_parquet, ranking_parquet
from generator.site.exports.tables import lines_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from generator.results.model import Results

    Tables = Mapping[str, Callable[[Results], Iterator[bytes]]]


def ranking_csv(results: Results) -> Iterator[bytes]:
    """Yield the ranking as CSV."""
    yield as_csv(results).encode("utf-8")


CSV: Tables = {RANKING_CSV: ranking_csv, LINES_CSV: lines_csv}
PARQUET: Tables = {RANKING_PARQUET: ranking_parquet, LINES_PARQUET: lines_parquet}
