"""What a site is made of, read as the setting says; and what keeps it from being published."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.engine.snapshot import snapshot_of
from generator.reports.findings import as_text
from generator.reports.progress import ProgressLine
from generator.results.audience import Audience, FieldClass, Publish, PublishError, read_publish
from generator.site.build import setting
from generator.site.data.years import assembled, evaluated
from generator.site.guarding.guard import Guard
from generator.text.days import day_of_moment
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.engine.year import Evaluation
    from generator.reports.alike.year import Likeness
    from generator.results.model import Source
    from generator.site.data.forge import Forge
    from generator.site.data.years import Evaluated, SiteData
    from generator.text.findings import Finding

#: What every page of a site of earlier files says.
REPLAYED = mark("截至 {date}：本站按当时的文件生成，此后的改动不在其中")
#: So many errors a preview lists.
FIRST = 10


def read(root: Path, *, quiet: bool, summaries: bool = False) -> Evaluated:
    """Evaluate the years that a site may show, as for ``evaluated``; raises GitError."""
    shown = setting.data()
    with closing(ProgressLine(gettext("读取党支部"), quiet=quiet)) as progress:
        return evaluated(
            root,
            setting.site_language(),
            keep=setting.keeps_cache(),
            jobs=setting.jobs(),
            progress=progress,
            as_of=shown.as_of,
            revision=shown.revision,
            summaries=summaries,
        )


def site_of(
    root: Path,
    found: Evaluated,
    publish: Publish,
    forge: Forge | None = None,
    *,
    quiet: bool = True,
) -> SiteData:
    """Return the site of years that were evaluated, for those that ``publish`` says.

    The repository lies at ``forge``. Raises GitError.
    """
    templates = setting.templates_folder(root)
    site = assembled(root, templates, found.years, found.frozen, publish, found.filed)
    if publish.shows(FieldClass.LIKENESS):
        site = with_likeness(site, compared(root, found.years, quiet=quiet))
    return replace(site, forge=forge)


def with_likeness(site: SiteData, found: Mapping[int, Likeness]) -> SiteData:
    """Return a site with the pictures of its years that look alike, if it shows such."""
    if site.evaluation.results is None or not site.publish.shows(FieldClass.LIKENESS):
        return site
    others = (replace(other, likeness=found.get(other.results.year)) for other in site.others)
    return replace(site, likeness=found.get(site.results.year), others=tuple(others))


def compared(root: Path, years: Iterable[Evaluation], *, quiet: bool) -> Mapping[int, Likeness]:
    """Compare the pictures of the years that are not frozen; raises GitError.

    What decodes pictures is loaded for this alone.
    """
    from generator.reports.alike.kept import LookStore  # noqa: PLC0415 - as said
    from generator.reports.alike.looking import Decoding  # noqa: PLC0415 - as said
    from generator.reports.alike.year import likeness_of  # noqa: PLC0415 - as said

    with (
        closing(ProgressLine(gettext("比较图片"), quiet=quiet)) as progress,
        snapshot_of(root, setting.data().revision) as snapshot,
    ):
        store = LookStore.at(root, keep=setting.keeps_cache())
        how = Decoding(store, setting.jobs(), progress)
        return {
            item.year: likeness_of(snapshot.tree, item.year, item.summaries, how)
            for item in years
            if item.results is not None and not item.frozen
        }


def publish_of(said: object, fault: type[Exception]) -> Publish:
    """Return what is shown to whom the site is for; raises ``fault`` where ``publish`` is unfit."""
    try:
        return Publish(setting.audience(), read_publish(said))
    except PublishError as error:
        words = f"{error.words}"
    except ValueError:
        known = gettext("、").join(Audience)
        words = tr("{name} 只能是 {known}", name=setting.AUDIENCE, known=known)
    raise fault(words)


def guard_of(root: Path, site: SiteData, sources: Sequence[str]) -> Guard:
    """Return what looks through the site once it is made; ``sources`` are those of its files."""
    hidden = frozenset(text for year in site.years for text in year.hidden)
    return Guard(root, setting.data().revision, site.publish, hidden, [*map(Path, sources)])


def replayed(source: Source) -> str:
    """Return what every page says of a site that a revision was named for; nothing of others.

    The day is the one that was told, or else the revision's.
    """
    shown = setting.data()
    day = shown.as_of or day_of_moment(source.date)
    return tr(REPLAYED, date=day) if shown.revision is not None and day is not None else ""


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
