"""Packages in words: why one is not taken, the receipt of one that is, what one holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from generator.proposals.packages.bringing import Judged
    from generator.proposals.packages.manifest import Manifest
    from generator.text.messages import Words

#: So many files a receipt names; it counts the rest.
NAMED = 20


def misfit_lines(judged: Judged) -> list[str]:
    """Return a line a file that does not fit, with its state."""
    return [
        tr("{path}：{state}", path=safe(each.path), state=gettext(each.state.value))
        for each in judged.misfits
    ]


def dirty_lines(dirty: Iterable[tuple[str, Words]]) -> list[str]:
    """Return a line a place that cannot be written to, with the reason."""
    return [tr("{path}：{state}", path=safe(path), state=str(words)) for path, words in dirty]


def receipt(manifest: Manifest, day: datetime.date) -> str:
    """Return the receipt to send back: whose package, its files, its digest, the day."""
    lines = [gettext("回执"), *contents(manifest), tr("日期：{day}", day=day)]
    return "\n".join(lines) + "\n"


def contents(manifest: Manifest) -> list[str]:
    """Return whose package it is, its files, its digest."""
    owner = manifest.branch or gettext("党委")
    new = sum(file.replaces is None for file in manifest.files)
    lines = [
        tr("支部：{branch}", branch=owner) if manifest.branch else tr("单位：{name}", name=owner),
        tr("年度：{year}", year=manifest.year),
        tr(
            "文件：共 {n} 个，新增 {new} 个，改动 {changed} 个，删去 {removed} 个",
            n=len(manifest.paths),
            new=new,
            changed=len(manifest.files) - new,
            removed=len(manifest.removed),
        ),
    ]
    lines += [f"  {safe(path)}" for path in sorted(manifest.paths)[:NAMED]]
    if len(manifest.paths) > NAMED:
        lines.append(tr("  还有 {n} 个", n=len(manifest.paths) - NAMED))
    return [*lines, tr("校验码：{digest}", digest=manifest.digest)]
