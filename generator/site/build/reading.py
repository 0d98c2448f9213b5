"""What a site is made of, read as the setting says; and what keeps it from being published."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.reports.findings import as_text
from generator.reports.progress import ProgressLine
from generator.site.build import setting
from generator.site.data.years import SiteData, load_site
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from generator.site.data.forge import Forge
    from generator.text.findings import Finding

#: So many errors a preview lists.
FIRST = 10


def load(root: Path, forge: Forge | None = None, *, quiet: bool) -> SiteData:
    """Evaluate the years that the site shows; raises GitError. The repository lies at ``forge``."""
    shown = setting.data()
    with closing(ProgressLine(gettext("读取党支部"), quiet=quiet)) as progress:
        site = load_site(
            root,
            setting.site_language(),
            setting.templates_folder(root),
            keep=setting.keeps_cache(),
            jobs=setting.jobs(),
            progress=progress,
            as_of=shown.as_of,
            revision=shown.revision,
        )
    return replace(site, forge=forge)


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep a site from being published."""
    return [finding for finding in findings if finding.severity == "error"]


def told_errors(errors: Sequence[Finding]) -> str:
    """Return the first errors as ``appraise check`` prints them, and how many there are."""
    words = tr("有 {count} 处错误，只供预览，不能公布", count=len(errors))
    lines = [words, as_text(errors[:FIRST]).rstrip()]
    if len(errors) > FIRST:
        lines.append(tr("还有 {n} 处没有列出，运行 appraise check 查看", n=len(errors) - FIRST))
    return "\n".join(lines)


def nothing_to_show(errors: Sequence[Finding]) -> str:
    """Say why there is no site: errors that are told, or else no year."""
    if errors:
        return gettext("现在没有可以显示的年度：先改好上面的错误，网页随后自动更新")
    return gettext("还没有任何年度：请先写 committee/<年度>/appraisal.yml")
