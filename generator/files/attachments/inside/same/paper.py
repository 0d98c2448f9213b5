"""What a PDF holds: its bytes from its mark to its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.files.attachments.problems import TRUNCATED, DamageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK, _END = b"%PDF-", b"%%EOF"
_BEFORE = re.compile(rb"startxref\s{1,8}[0-9]{1,12}\s{0,8}\Z")
#: Bytes before an end that tell whether it is one, and ends that are looked at.
_TOLD, MAX_ENDS = 48, 1_000


def pdf_pieces(data: bytes) -> Iterator[memoryview]:
    """Yield a PDF without what stands before its mark and behind its last end.

    An end without the place of a table before it counts only where there is no other. Raises
    DamageError where there is none.
    """
    begin, last = data.find(_MARK), data.rfind(_END)
    if begin < 0 or last < begin:
        raise DamageError(TRUNCATED)
    at = last
    for _ in range(MAX_ENDS):
        if at < begin or _BEFORE.search(data[max(begin, at - _TOLD) : at]):
            break
        at = data.rfind(_END, begin, at)
    yield memoryview(data)[begin : (at if at > begin else last) + len(_END)]
