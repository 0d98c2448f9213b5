"""The Nu HTML checker on whole sites: no error on any page."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from generator.site.html.shell import valid
from tests.browser import WEB, needed
from tests.kinds import OWN, addresses, kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Sites

JAR = WEB / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def checked(pages: list[Path]) -> list[str]:
    """Return what the checker says about pages; starting it takes longer than a hundred of them."""
    needed("Java", shutil.which("java"))
    needed("vnu-jar (make test installs it by npm)", JAR.is_file())
    done = subprocess.run(
        [
            # So few pages are over before compiling more of the checker pays.
            *("java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            *("-jar", str(JAR), "--errors-only", "--exit-zero-always"),
            *("--format", "json", "--stdout", *map(str, pages)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    messages = json.loads(done.stdout)["messages"]
    return [f"{m.get('url')}:{m.get('lastLine')} {m['message']}" for m in messages]


def summary(found: list[str]) -> str:
    """Return one line for each thing that is wrong: how often, what, and where first."""
    places: dict[str, list[str]] = {}
    for place, _, words in (line.partition(" ") for line in found):
        places.setdefault(words, []).append(place)
    return "\n".join(f"{len(at)} times: {words} {at[0]}" for words, at in places.items())


def pages(sites: Sites) -> Iterator[Path]:
    """Yield the pages of all sites; of a large one those that do not belong to a branch alone."""
    for site in sites.all:
        for address in addresses(site.folder):
            (kind,) = kinds_of(address)
            if site is not sites.many or kind.name not in OWN:
                yield site.folder / address


def test_no_kind_of_page_has_an_error(sites: Sites) -> None:
    """Of every kind, in every state that it has, on every site."""
    found = checked([site.folder / name for site in sites.all for name in sites.shown(site)])
    assert not found, summary(found)


@pytest.mark.long
def test_no_page_has_an_error(sites: Sites) -> None:
    assert not (found := checked(list(pages(sites)))), summary(found)


def test_an_error_would_be_found(tmp_path: Path) -> None:
    """The checker is asked, and what it says is understood."""
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=zh><title>示例</title><table><p></table>", "utf-8")
    assert any("Start tag “p” seen in “table”" in words for words in checked([page]))


def test_what_the_theme_writes_is_made_valid() -> None:
    switch = '<input class="a" type="checkbox" id="b" autocomplete="off">'
    label = '<label class="c" for="__toc">目录</label>'
    assert valid(switch) == '<input class="a" type="checkbox" id="b">'
    assert valid(label) == '<label class="c">目录</label>'
    assert valid('<label for="a" tabindex="">甲</label>') == '<label for="a">甲</label>'
    outline = '<input type="checkbox" id="__toc">'
    assert valid(outline + label) == outline + label
    search = '<input type="text" autocomplete="off">'
    assert valid(search) == search


def test_tables_of_hand_written_pages_stand_in_boxes(sites: Sites) -> None:
    """The theme's script finds none left to wrap, which would move what is below."""
    found = 0
    for name in ("about", "guide", "handing-in", "threat-model"):
        text = sites.sample.text(f"{name}.html")
        assert "<table>" not in text
        found += text.count('<div class="ap-scroll" tabindex="0"><table class="ap-plain ap-read">')
    assert found
