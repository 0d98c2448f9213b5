"""results.json in pieces: canonical JSON, a branch a line, and its digest on the way.

Ten thousand branches make some hundred megabytes, which as objects would not fit into memory; a
branch a line, the difference between two days of a site shows who changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.results.document import branch_json, canonical, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.results.model import BranchResult, Results

BRANCHES = b'"branches":['


class ResultsText:
    """Gives the pieces of a year's results.json; ``digest`` stands once all are given."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.digest = ""

    def pieces(self, lines: Iterable[bytes] | None = None) -> Iterator[bytes]:
        """Yield the bytes: read as JSON, they are what ``to_json`` gives.

        ``lines`` are those of all branches in their order where they have been made already.
        """
        if lines is None:
            lines = map(line_of, self.results.branches)
        document = to_json(replace(self.results, branches=()))
        source = document.pop("source")
        document.pop("digest")
        head, _, tail = canonical(document).partition(BRANCHES)
        known = hashlib.sha256(head + BRANCHES)
        yield head + BRANCHES
        between = b""
        for line in lines:
            known.update(between + line)
            yield between + b"\n" + line
            between = b","
        known.update(tail)
        self.digest = f"sha256:{known.hexdigest()}"
        whole = canonical({**document, "source": source, "digest": self.digest})
        yield b"\n" + whole.partition(BRANCHES)[2] + b"\n"


def line_of(branch: BranchResult) -> bytes:
    """Return a branch as the line of results.json."""
    return canonical(branch_json(branch))
