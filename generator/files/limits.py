"""How large files may be: the same for the guard, for reading, and for what is inside a file."""

from __future__ import annotations

from typing import NamedTuple

MEGABYTE = 1_000_000
#: Bytes of one file.
MAX_FILE = 10 * MEGABYTE
#: Bytes of all that a branch files for a year.
MAX_BRANCH_YEAR = 200 * MEGABYTE


class Allowed(NamedTuple):
    """Bytes of one file, and of all that a branch files for a year."""

    file: int = MAX_FILE
    branch: int = MAX_BRANCH_YEAR


#: Where the committee says nothing.
USUAL = Allowed()
