"""The page on which a branch fills in what it files: a frame for scripts, and how else to file."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from generator.site.addresses import BUNDLE, FILE, own_bundle_address
from generator.site.data.year import YearPages
from generator.site.form import engine
from generator.site.form.leaving import leaving_settings
from generator.site.form.scripts import MAIN, imported, scripts_folder
from generator.site.form.words import words
from generator.site.html.page import Program
from generator.text.language import gettext, language, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedPage, Standing

#: Stages in which a branch can file.
FILING = frozenset({"open", "review"})
#: So many branches stand in the page itself; more are read from what all of them share.
MANY = 300
#: Stands for a branch's id in the address of its bundle.
BRANCH = "{branch}"
#: Signs that could begin markup in a page → the same in JSON.
PLAIN = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the form of a year in which branches file.

    Where the year that the site shows first takes none, the address of its form is that of the
    newest year that does: links say ``file.html`` whatever the year.
    """
    address = f"{made.site.prefix}{FILE}"
    if is_filed(made.site):
        yield address, partial(form_page, made, address)
    elif made.first:
        newest = next(filter(is_filed, made.whole.years), None)
        if newest is not None:
            yield address, partial(form_page, YearPages(newest, made.whole), address)


def is_filed(site: SiteData) -> bool:
    """Whether branches still file in a year."""
    return site.results.stage in FILING


def form_page(made: YearPages, address: str) -> GeneratedPage:
    """Return the form of a year at an address."""
    assets = engine.assets(language())
    return made.page(
        address,
        "file.html.jinja",
        gettext("填报"),
        description=tr(
            "{year} 年度考核填报：在网页上填，当场校验，打包交给党委", year=made.shown.year
        ),
        nav=FILE,
        program=program_of(made, address, assets) if assets else None,
        engine=assets,
        forge=made.whole.forge,
        lacking=made.site.tells_lacking,
    )


def program_of(made: YearPages, address: str, assets: engine.Assets) -> Program:
    """Return the script of the page and what it is told; addresses begin at the page."""
    up, year = "../" * address.count("/"), made.shown.year
    settings = {
        "year": year,
        "stage": made.shown.stage,
        "lang": language(),
        "up": up,
        "bundles": {
            "shared": f"{up}{year}/{BUNDLE}",
            "own": f"{up}{own_bundle_address(year, BRANCH)}",
        },
        "engine": {
            "index": f"{up}{assets.index}",
            "program": f"{up}{assets.program}",
            "sizes": assets.sizes,
            "size": assets.size,
            "lang": language(),
        },
        "until": made.shown.deadline,
        "branches": known(made) if len(made.site.results.branches) <= MANY else None,
        **leaving_settings(made, up),
        "words": words(),
    }
    folder = f"{up}{scripts_folder(made.site.templates)}"
    told = json.dumps(settings, ensure_ascii=False).translate(PLAIN)
    others = tuple(f"{folder}{name}" for name in imported(made.site.templates))
    return Program(f"{folder}{MAIN}", told, others)


def known(made: YearPages) -> list[dict[str, str]]:
    """Return the branches to choose from."""
    return [{"id": branch.id, "name": f"{branch.name}"} for branch in made.site.results.branches]
