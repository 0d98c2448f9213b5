"""How large files may be: the same for the guard, for reading, and for what is inside a file."""

from __future__ import annotations

MEGABYTE = 1_000_000
#: Bytes of one file.
MAX_FILE = 10 * MEGABYTE
#: Bytes of all that a branch files for a year.
MAX_BRANCH_YEAR = 200 * MEGABYTE
