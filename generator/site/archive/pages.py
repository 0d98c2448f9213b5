"""The pages of an archive: the site's own of one year, to be read from a folder, without a script.

They are made as the site's are, audited, and stamped into a plain shell. What would lead to a page
that an archive does not have is text.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import material
from markupsafe import Markup

from generator.results.audience import FieldClass
from generator.site.addresses import (
    APPEALS,
    CONSORTIA,
    CRITERIA,
    FILE_FORMATS,
    FINDING_CODES,
    HEAT,
    HOME,
    LEDGER,
    LISTS,
    OBJECTION,
    PAGE,
    QUESTIONS,
    RUBRIC,
)
from generator.site.build.families import only
from generator.site.build.setting import lightened
from generator.site.build.volume import Pages
from generator.site.criteria import criteria, heat, points
from generator.site.exports import columns_page
from generator.site.groups import consortia, societies
from generator.site.html.shell import CONTENT_STANDIN, Shell, ShellKey, Slot
from generator.site.html.templating import render
from generator.site.html.writing import Writer
from generator.site.ranking import pages as ranking
from generator.site.reference import pages as reference
from generator.site.work import appeals, corrections, office
from generator.text.language import gettext, heading, language, mark, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.results.model import BranchResult
    from generator.site.build.families import Family
    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedPage

#: The families of pages that tell of results; none of the work that led there.
FAMILIES: tuple[Family, ...] = (
    ranking.pages,
    only(FieldClass.LISTS, office.ledger_pages),
    only(FieldClass.LISTS, office.lists_pages),
    columns_page.pages,
    consortia.pages,
    societies.pages,
    corrections.pages,
    appeals.pages,
    heat.pages,
    points.pages,
    criteria.pages,
    reference.pages,
)
#: Pages of these families that tell of the program, or are to be filled in.
LEFT_OUT = frozenset({FINDING_CODES, FILE_FORMATS, OBJECTION})
#: What stands above every page, where an archive has it.
MENU = (
    (HOME, mark("排名")),
    (LEDGER, mark("考核汇总")),
    (LISTS, mark("名单")),
    (CRITERIA, mark("小项")),
    (HEAT, mark("失分情况")),
    (CONSORTIA, mark("联合体")),
    (APPEALS, mark("异议")),
    (RUBRIC, mark("考核办法")),
    (QUESTIONS, mark("待定事项")),
)
#: What pages for the committee alone say of themselves, in place of the site's words.
INSIDE = mark("内部资料，请勿转发")
STYLE = "assets/archive.css"
#: Style sheets of the theme and of the site, in their order.
THEME = ("main", "palette")
SHEETS = ("site", "ranking", "scorecard", "pictures", "pages", "whatif")
#: What holds where scripts run holds nowhere here.
SCRIPTING = "(scripting: enabled)"
NEVER = "(max-width: 0)"
#: An entry of an outline, which no page here has.
NO_ITEM = f'<li><a href="#{Slot.TOC_ANCHOR}">{Slot.TOC_TITLE}</a></li>'
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
LINK = re.compile(r"<a\b([^<>]*)>|</a>")
HREF = re.compile(r'\shref="([^"]*)"')
CLASS = re.compile(r'\sclass="[^"]*"')
LOCAL = re.compile(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:)(?P<path>[^#?]*)")


class Known(NamedTuple):
    """Addresses of the pages of an archive: those that stand, and all of branches in its year."""

    standing: frozenset[str]
    year: int

    def has(self, address: str) -> bool:
        """Whether an archive has a page at an address."""
        own = address.startswith(f"{self.year}/branches/") and address.endswith(PAGE)
        return own or address in self.standing


class ArchivePages:
    """Writes the pages of one year below a new folder.

    ``files`` are addresses of files that the site has, with where they lie, seen from the folder.
    """

    def __init__(self, site: SiteData, folder: Path, name: str, files: Mapping[str, str]) -> None:
        self.pages = Pages(site)
        self.pages.env.globals["inside"] = gettext(INSIDE)
        self.name = name
        self.standing = {
            address: make
            for family in FAMILIES
            for address, make in family(self.pages)
            if address not in LEFT_OUT
        }
        self.files = files
        self.known = Known(frozenset(self.standing), self.pages.shown.year)
        self.shells: dict[int, Shell] = {}
        self.writer = Writer(folder, self.shell)

    def common(self) -> None:
        """Write the style sheet, and the pages that belong to no branch."""
        self.writer.file(STYLE, [styles(self.pages.site.templates)])
        self.pages.prepare()
        for make in self.standing.values():
            self.write(make())

    def branch(self, branch: BranchResult) -> None:
        """Write the scorecard of a branch, and the pages of its evidence."""
        for page in self.pages.branch(branch):
            self.write(page)

    def write(self, page: GeneratedPage) -> None:
        """Audit and write one page."""
        leading = partial(led, self.known, self.files, page.address)
        frame = self.pages.frame(page.address)
        shown = {name: leading(getattr(frame, name)) for name in ("banner", "foot", "notice")}
        body = Markup(leading(str(page.body)))  # noqa: S704 - less markup of a page of ours
        page = replace(page, body=body, toc=())
        self.writer.audit(page)
        self.writer.page(page, replace(frame, **shown))

    def shell(self, key: ShellKey) -> Shell:
        """Return the shell of pages at one depth."""
        if key.depth not in self.shells:
            up = "../" * key.depth
            year = self.pages.shown.year
            text = render(
                self.pages.env,
                "archive.html.jinja",
                lang=language(),
                up=up,
                style=STYLE,
                slot=Slot,
                content=Markup(CONTENT_STANDIN),  # noqa: S704 - a constant
                site=tr("{name} · {year} 年度档案", name=self.name, year=year),
                menu=[(a, heading(w)) for a, w in MENU if self.known.has(a)],
            )
            self.shells[key.depth] = Shell.of(key.address, str(text), NO_ITEM, self.writer.auditor)
        return self.shells[key.depth]


def led(known: Known, files: Mapping[str, str], address: str, html: str) -> str:
    """Return markup whose links lead to what an archive has, or outside; any other is its text."""
    folder, up = posixpath.dirname(address), "../" * address.count("/")
    dropped = False

    def kept(found: re.Match[str]) -> str:
        nonlocal dropped
        attributes = found[1]
        if attributes is None:
            ended, dropped = dropped, False
            return "</span>" if ended else found[0]
        href = HREF.search(attributes)
        local = LOCAL.match(unescape(href[1])) if href else None
        if href is None or local is None or not local["path"]:
            return found[0]
        target = posixpath.normpath(posixpath.join(folder, unquote(local["path"])))
        if target in files:
            return found[0].replace(href[0], f' href="{up}{files[target]}"')
        dropped = not known.has(target)
        look = CLASS.search(attributes)
        return f"<span{look[0] if look else ''}>" if dropped else found[0]

    return LINK.sub(kept, html)


def styles(templates: Path) -> bytes:
    """Return one style sheet: the theme's and the site's."""
    theme = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
    sheets = [path.read_bytes() for own in THEME for path in sorted(theme.glob(f"{own}.*.min.css"))]
    sheets += [lightened((templates / "pages/assets" / f"{n}.css").read_bytes()) for n in SHEETS]
    text = b"\n".join(sheets).decode("utf-8")
    return SOURCE_MAP.sub("", text).replace(SCRIPTING, NEVER).encode("utf-8")
