"""``python -m tools.messages``: all findings of the example files in a table.

Each row is a code, its severity, the place, the message and the remedy, in Chinese and in English
beside each other, as ``check`` prints them for the example file that is named at its end. It is
there to be read whole: aloud, as whoever is told them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.text.codes import CODES
from generator.text.language import gettext, speaking
from tests.support import Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.text.messages import Words

LANGUAGES = ("zh", "en")


class Row(NamedTuple):
    """A finding once for each of its texts; words by language."""

    code: str
    severity: str
    place: str
    example: str
    message: dict[str, str]
    remedy: dict[str, str]


def rows_of(case: Case) -> Iterator[Row]:
    """Yield the findings of an example file."""
    with tempfile.TemporaryDirectory() as folder:
        case.build(Path(folder))
        found = evaluate(WorkingTree(Path(folder))).findings
        for finding in found:
            place = f"{finding.path.rpartition('/')[2]}:{finding.line}:{finding.column}"
            words, hint = both(finding.message), both(finding.hint)
            name = case.path.stem
            yield Row(finding.code, finding.severity.value, place, name, words, hint)


def both(words: Words) -> dict[str, str]:
    """Return words in each language."""
    told = {}
    for lang in LANGUAGES:
        with speaking(lang):
            told[lang] = str(words)
    return told


def table() -> list[Row]:
    """Return all findings of the example files by code, each text once."""
    rows: dict[tuple[str, str, str], Row] = {}
    for case in cases():
        for row in rows_of(case):
            rows.setdefault((row.code, row.message["zh"], row.remedy["zh"]), row)
    return sorted(rows.values(), key=lambda row: (row.code, row.example, row.place))


def unseen(rows: list[Row]) -> Iterator[str]:
    """Yield a line for each code that no example file of ``check`` shows, with its remedy."""
    for code in sorted(CODES.keys() - {row.code for row in rows}):
        for lang in LANGUAGES:
            with speaking(lang):
                yield f"{code} | {gettext(CODES[code].title)} | {gettext(CODES[code].hint)}"


def main() -> None:
    """Print the table."""
    rows = table()
    for row in rows:
        sys.stdout.write(f"\n{row.code} {row.severity} {row.place}  ({row.example})\n")
        for lang in LANGUAGES:
            sys.stdout.write(f"  {row.message[lang]}\n      → {row.remedy[lang]}\n")
    sys.stdout.write("\n" + "".join(f"{line}\n" for line in unseen(rows)))
    sys.stdout.write(f"\n{len(rows)} texts\n")


if __name__ == "__main__":
    main()
