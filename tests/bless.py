"""``make bless``: write anew what the example files expect, to be read in the difference."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.support import Case, appraise, cases

MARK = "expected: |\n"


def bless(case: Case) -> bool:
    """Rewrite the expected output of a case; return whether it changed."""
    with tempfile.TemporaryDirectory() as folder:
        case.build(Path(folder))
        output = appraise("check", root=Path(folder)).stdout
    text = case.path.read_text("utf-8")
    head = text.partition("expected:")[0]
    body = "".join(f"  {line}\n" if line else "\n" for line in output.splitlines())
    new = head + MARK + body
    case.path.write_text(new, encoding="utf-8")
    return new != text


def main() -> None:
    """Bless every case and name those that changed."""
    for case in cases():
        if bless(case):
            sys.stdout.write(f"{case.path.name}\n")


if __name__ == "__main__":
    main()
