"""The MkDocs plugin, a thin host: it and ``running`` alone import mkdocs.

MkDocs builds the hand-written pages and copies the theme; generated pages are handed to it as
static files whose bytes are stamped when they are copied.
"""

from __future__ import annotations

import gc
import logging
import os
from pathlib import Path

# Any: what MkDocs hands to every hook besides, and its open set of template values.
from typing import TYPE_CHECKING, Any

from generator.site.addresses import PAGE, SITEMAP
from generator.site.exports.feed import seconds

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # read when mkdocs loads the theme

from markupsafe import escape
from mkdocs.commands.build import get_context
from mkdocs.config import config_options
from mkdocs.exceptions import Abort, ConfigurationError, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_build_date

from generator.engine.processes import ALONE
from generator.files.git import GitError
from generator.reports.progress import ProgressLine
from generator.results.audience import PUBLIC, FieldClass
from generator.site.addresses import card_address
from generator.site.build import setting
from generator.site.build.links import Targets, menu_of, unled
from generator.site.build.producing import Done, Production, volumes_of
from generator.site.build.reading import (
    errors_of,
    guard_of,
    nothing_to_show,
    publish_of,
    read,
    replayed,
    site_of,
    told_errors,
)
from generator.site.build.reuse import Store, store_path
from generator.site.build.setting import PublishRefused, SiteBuildError
from generator.site.build.switch import Switch
from generator.site.data.forge import Forge, forge_of
from generator.site.guarding.guard import LeakError
from generator.site.html import search, sitemap
from generator.site.html.audit import Auditor
from generator.site.html.shell import (
    CONTENT_STANDIN,
    Shell,
    ShellError,
    ShellKey,
    Slot,
    boxed,
    location,
    one_line,
    valid,
)
from generator.site.html.theme import hasten
from generator.site.html.writing import Writer
from generator.site.reference.finding import entries_of
from generator.text.language import gettext, set_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation
    from mkdocs.utils.templates import TemplateContext

    from generator.site.build.volume import Pages
    from generator.site.data.years import Evaluated
    from generator.site.guarding.guard import Guard
    from generator.text.findings import Finding

log = logging.getLogger("mkdocs.plugins.appraisal")
#: The entry of a table of contents that stands for all of them.
OUTLINE = AnchorLink(Slot.TOC_TITLE, Slot.TOC_ANCHOR, 2)


class RefusedError(PluginError):
    """Stops a build before anything of the old site is touched."""

    def __init__(self, refused: PublishRefused | LeakError) -> None:
        """Carry a refusal through MkDocs."""
        super().__init__(str(refused))
        self.refused = refused


class UnreadableGitError(Abort):
    """Ends a build, with exit status 2 under MkDocs' own command: git cannot read the history."""

    code = exit_code = 2

    def __init__(self, error: GitError) -> None:
        """Say git's words and the remedy; keep the error."""
        super().__init__(error.told)
        self.error = error


class NothingToShowError(Abort):
    """Ends a build, and leaves a preview as it is: there is no year whose results can be shown."""

    def __init__(self, errors: list[Finding]) -> None:
        """Say why; keep the errors."""
        words = nothing_to_show(errors)
        super().__init__(words)
        self.cause = PublishRefused(errors) if errors else SiteBuildError(words)


class WrittenFile(File):
    """A file of the site that is written when all the others are: here, a target of links."""

    def __init__(self, address: str, config: MkDocsConfig) -> None:
        """Make a file of the site at ``address``."""
        super().__init__(
            address,
            None,
            config.site_dir,
            config.use_directory_urls,
            dest_uri=address,
            inclusion=InclusionLevel.INCLUDED,
        )
        self.generated_by = "appraisal"

    def copy_file(self, dirty: bool = False) -> None:  # noqa: FBT001, FBT002 - MkDocs'
        """Leave it to the production."""


class StandInPage(Page):
    """The page that the theme renders as a shell; where it is in the nav, it passes for that."""

    def __init__(self, key: ShellKey, config: MkDocsConfig, entry: Page | None) -> None:
        """Make the page for the pages of one key; ``entry`` is their entry of the nav."""
        file = File(key.address, None, config.site_dir, use_directory_urls=False)
        file.generated_by = "appraisal"
        super().__init__(Slot.TITLE, file, config)
        self.entry = entry if key.own else None
        self.canonical_url = Slot.CANONICAL if config.site_url else None
        self.content = CONTENT_STANDIN
        heading = AnchorLink(Slot.TITLE, Slot.SKIP, 1)
        if key.toc:
            heading.children.append(OUTLINE)
        self.toc = [heading]  # type: ignore[assignment]
        hidden = ["navigation"] if key.toc else ["navigation", "toc"]
        self.meta = {"title": Slot.TITLE, "description": Slot.DESCRIPTION, "hide": hidden}
        self.meta["data"] = Slot.DATA
        if config.site_url:
            self.meta["image"] = Slot.IMAGE

    def __eq__(self, other: object) -> bool:
        """Whether the theme may take ``other`` for this page."""
        return other is self or (self.entry is not None and other is self.entry)

    __hash__ = None  # type: ignore[assignment] # as Page


class AppraisalPlugin(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """Adds the generated pages of a repository to a MkDocs site."""

    config_scheme = tuple(
        (name, config_options.Optional(config_options.Type(object)))
        for name in ("forge", "publish")
    )

    def __init__(self) -> None:
        """Begin with nothing evaluated; MkDocs keeps the plugin over rebuilds."""
        self.serving = False
        self.epoch_set = False
        self.quiet = True
        self.auditor = Auditor()
        self.shells: dict[ShellKey, Shell] = {}
        self.store: Store | None = None
        self.volumes: list[Pages] = []
        self.render: Callable[[ShellKey], Shell] | None = None
        self.nav: Navigation | None = None
        self.made = Done()
        self.forge: Forge | None = None
        self.publish = PUBLIC
        self.guard: Guard | None = None
        self.evaluated: Evaluated | None = None
        self.keeps = False

    def on_startup(self, *, command: str, **_: Any) -> None:
        """Remember whether pages are published or only shown."""
        self.serving = command == "serve"

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set language, theme overrides and watched folders; before the search plugin."""
        root, lang = setting.data_root(config.config_file_path), setting.site_language()
        set_language(lang)
        setting.translate(config, lang)
        templates = setting.templates_folder(root)
        config.theme.dirs.insert(0, str(templates / "theme"))
        hasten(config.theme)
        watched = (root / "branches", root / "committee", root / "rubric.yml", templates)
        config.watch.extend(str(path) for path in watched if path.exists())
        search.prepare_jieba()
        self.forge = forge_of(self.config.get("forge"), ConfigurationError)
        self.publish = publish_of(self.config.get("publish"), ConfigurationError)
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Evaluate, and make and audit all bodies, before MkDocs empties the site's folder."""
        root = setting.data_root(config.config_file_path)
        try:
            alike = self.keeps or self.publish.shows(FieldClass.LIKENESS)
            found = self.evaluated or read(root, quiet=self.quiet, summaries=alike)
            self.evaluated = found if self.keeps else None
            site = site_of(root, found, self.publish, self.forge, quiet=self.quiet)
            path = store_path(root) if setting.keeps_cache() else None
        except GitError as error:
            raise UnreadableGitError(error) from error
        self.check(site.findings)
        results = site.evaluation.results
        if results is None:
            raise NothingToShowError(errors_of(site.evaluation.findings))
        self.set_epoch(results.source.date)
        self.shells.clear()
        self.volumes = volumes_of(site)
        self.guard = guard_of(root, site, [config.docs_dir, *config.theme.dirs])
        config.extra["year"] = self.volumes[0].shown.year
        config.extra["replayed"] = replayed(results.source)
        templates = setting.templates_folder(root)
        self.store = Store(path, templates, self.publish) if path else None

    def check(self, findings: Sequence[Finding]) -> None:
        """Refuse to publish data with errors; a preview is shown with a warning."""
        errors = errors_of(findings)
        if errors and self.serving:
            log.warning("%s", told_errors(errors))
        elif errors:
            raise RefusedError(PublishRefused(errors))

    def set_epoch(self, date: str | None) -> None:
        """Let the data's own date stand for the time of the build; one given serves without it."""
        if date or self.epoch_set or "SOURCE_DATE_EPOCH" not in os.environ:
            os.environ["SOURCE_DATE_EPOCH"] = str(seconds(date))
            self.epoch_set = True

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Register generated pages of the nav, and those that hand-written pages lead to."""
        setting.settle(files, setting.site_language(), config.docs_dir)
        there = Targets(self.volumes)
        wanted = dict.fromkeys(there.standing)
        for file in files.documentation_pages():
            text = unled(file.src_uri, file.content_string, there.__contains__, self.publish)
            file.content_string = text
            wanted.update(dict.fromkeys(there.of(file.src_uri, text)))
        for address in wanted:
            files.append(WrittenFile(address, config))
        config.nav = menu_of(config.nav, there.standing)
        return files

    def on_nav(self, nav: Navigation, **_: Any) -> Navigation:
        """Keep the navigation for the shells."""
        self.nav = nav
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Write everything that is generated, now that shells can be rendered."""
        nav = self.nav
        if nav is None:
            raise ShellError(config.site_dir, "no navigation")

        def render(key: ShellKey) -> Shell:
            entry = next((page for page in nav.pages if page.file.dest_uri == key.nav), None)
            page = StandInPage(key, config, entry)
            context: dict[str, Any] = dict(get_context(nav, files, config, page))
            if entry is not None:
                entry.active = True
            try:
                text = env.get_template("main.html").render(context)
            finally:
                if entry is not None:
                    entry.active = False
            item = env.get_template("partials/toc-item.html").render(toc_item=OUTLINE)
            return Shell.of(key.address, text, item, self.auditor)

        self.render = render
        self.produce(config)
        return env

    def produce(self, config: MkDocsConfig) -> None:
        """Write all generated pages and files."""
        folder = Path(config.site_dir)
        folder.mkdir(parents=True, exist_ok=True)
        writer = Writer(folder, self.shell, config.site_url or "", self.auditor)
        production = Production(self.volumes, writer, self.store, config.site_name)
        progress = ProgressLine(gettext("写党支部的网页"), quiet=self.quiet)
        try:
            self.made = production.run(setting.jobs(), progress)
        finally:
            progress.close()
            if self.store is not None:
                self.store.close()
        pages = self.nav.pages if self.nav else ()
        titles = [(p.url, str(p.title)) for p in pages if isinstance(p.file, WrittenFile)]
        self.made.entries[:0] = (e for v in self.volumes[:1] for e in entries_of(v, titles))
        many = sum(len(pages.site.results.branches) for pages in self.volumes) > ALONE
        self.volumes.clear()  # what follows needs nothing of them but the room: jieba's dictionary
        if many:
            gc.collect()

    def shell(self, key: ShellKey) -> Shell:
        """Return the shell of a key."""
        if key not in self.shells:
            if self.render is None:
                raise ShellError(key.address, "asked for too early")
            self.shells[key] = self.render(key)
        return self.shells[key]

    def on_page_content(self, html: str, *, page: Page, **_: Any) -> str:
        """Put the years and the version of the data around a hand-written page, tables in boxes."""
        return Switch(self.volumes).around_written(boxed(html), page.file.dest_uri, self.forge)

    def on_page_context(
        self, context: TemplateContext, /, *, page: Page, config: MkDocsConfig, **_: Any
    ) -> TemplateContext:
        """Escape the title of a hand-written page, which the header shows as it is; tell its head.

        It has no data for programs, and with links to it goes the picture of the newest year.
        """
        page.meta.pop("data", None)
        page.meta.pop("image", None)
        if config.site_url:
            page.meta["image"] = location(config.site_url, card_address(""))
        title = page.meta.get("title") or page.title or ""
        page.meta["title"] = str(escape(one_line(str(title))))
        return context

    def on_post_page(self, output: str, *, page: Page, **_: Any) -> str:
        """Audit a hand-written page: it may have the theme's scripts and no others.

        Shells of the same depth have the same: any that is there tells them.
        """
        output = valid(output)
        address = page.file.dest_uri
        key = ShellKey(address.count("/"), address, own=False, toc=True)
        there = (own for own in self.shells if own.depth == key.depth)
        self.auditor.document(address, output, self.shell(next(there, key)).scripts)
        return output

    def on_template_context(
        self, context: TemplateContext, /, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Give the sitemap all pages."""
        if template_name == SITEMAP:
            written = [file.dest_uri for file in context["pages"]]
            made = [address for address in self.made.addresses if address.endswith(PAGE)]
            folder, site_url = Path(config.site_dir), config.site_url or ""
            values = sitemap.values(folder, site_url, {*written, *made}, f"{get_build_date()}")
            context.update(values)  # type: ignore[typeddict-item]
        return context

    def on_post_template(self, output: str, *, template_name: str, **_: Any) -> str:
        """Audit the theme's own pages."""
        if template_name.endswith(".html"):
            output = valid(output)
            self.auditor.document(template_name, output)
        return output

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Add search entries of generated pages behind the search plugin's; look at everything."""
        search.append_entries(Path(config.site_dir), self.made.entries)
        if self.guard is not None and not self.serving:
            try:
                self.guard.look(Path(config.site_dir))
            except LeakError as error:
                raise RefusedError(error) from None
            except GitError as error:
                raise UnreadableGitError(error) from error
