"""Pictures that look alike, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.reports.alike.looks import BITS
from generator.reports.alike.pairs import MOST
from generator.text.language import gettext, tr
from generator.text.names import visible
from generator.text.privacy import masked

if TYPE_CHECKING:
    from generator.reports.alike.pairs import Alike, Picture

SCHEMA = "appraisal-alike/1"


def as_text(found: Alike) -> str:
    """Return a paragraph a picture: what it looks like, and by how much they differ."""
    lines: list[str] = []
    last = ""
    for pair in found.pairs:
        if pair.one.path != last:
            last = pair.one.path
            lines += [visible(masked(last))]
        other = visible(masked(pair.other.path))
        lines.append(
            "  " + tr("与 {other} 很像（{of} 处中 {n} 处不同）", other=other, of=BITS, n=pair.bits)
        )
    if lines:
        lines += ["", gettext("很像不等于重复：请打开两张照片看一看，再问支部")]
    return "".join(f"{line}\n" for line in lines)


def summed(found: Alike) -> str:
    """Return how much was compared."""
    words = tr(
        "{year} 年：比较了 {n} 张图片，{pairs} 对很像",
        year=found.year, n=found.pictures, pairs=len(found.pairs),
    )  # fmt: skip
    if found.unseen:
        words += tr("；{n} 张没有比较（打不开、太大，或者画面没有明暗）", n=len(found.unseen))
    if found.many:
        n = len(found.many)
        words += tr("；{n} 张与 {most} 张以上很像，只列出一部分", n=n, most=MOST)
    return words


def as_json(found: Alike) -> str:
    """Return what was found as one JSON document."""
    document = {
        "schema": SCHEMA,
        "year": found.year,
        "pictures": found.pictures,
        "unseen": [masked(path) for path in found.unseen],
        "many": [masked(path) for path in found.many],
        "pairs": [
            {"one": _picture(pair.one), "other": _picture(pair.other), "bits": pair.bits}
            for pair in found.pairs
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _picture(picture: Picture) -> dict[str, str]:
    return {
        "branch": picture.branch,
        "record": masked(picture.record),
        "path": masked(picture.path),
    }
