"""Packages in words: why one is not taken, the receipt of one that is, what one holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from generator.proposals.impact import Impact
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


def receipt(manifest: Manifest, day: datetime.date, impact: Impact | None = None) -> str:
    """Return the receipt to send back: whose package, its files, its digest, the day."""
    name = name_of(manifest.branch, impact)
    lines = [gettext("回执"), *contents(manifest, name), tr("日期：{day}", day=day)]
    return "\n".join(lines) + "\n"


def name_of(branch: str | None, impact: Impact | None) -> str:
    """Return the name of a branch where the impact of its package tells it, else nothing."""
    branches = (each for year in (impact.years if impact else ()) for each in year.branches)
    return next((each.result.name for each in branches if each.id == branch), "")


def owner(branch: str | None, name: str) -> str:
    """Return whose package it is."""
    if branch is None:
        return gettext("单位：党委")
    if not name:
        return tr("支部：{branch}", branch=branch)
    return tr("支部：{name}（{branch}）", name=safe(name), branch=branch)


def contents(manifest: Manifest, name: str = "") -> list[str]:
    """Return whose package it is, its files, its digest; ``name`` is that of the branch."""
    new = sum(file.replaces is None for file in manifest.files)
    lines = [
        owner(manifest.branch, name),
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
