"""Pictures of each kind of page, wide and narrow, light and dark, to look at what has changed.

    python -m tools.screenshots [--site DIR] [--out DIR] [WORD…]

Without ``--site`` the sample is built first. A WORD keeps the pages whose address holds it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generator.site.build.building import build_site
from tests.browser import CHROMIUM, launched, opened, served
from tests.kinds import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser import Site

PROGRAM = Path(__file__).resolve().parents[1]
WIDTHS = (1280, 390)
PALETTES = {"light": False, "dark": True}
#: Chromium cannot paint more than so many pixels at once; what is longer is cut off there.
TALLEST = 16000


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument("--site", type=Path, help="a built site; the sample is built without it")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("words", nargs="*", metavar="WORD")
    return parser.parse_args()


def name_of(address: str, width: int, palette: str) -> str:
    """Return the name of a picture: the address without folders, then how the page was shown."""
    flat = address.removesuffix(".html").replace("/", "-")
    return f"{flat}-{width}-{palette}.png"


def pictures(browser: Browser, site: Site, addresses: list[str], out: Path) -> Iterator[Path]:
    """Write the pictures of pages in every width and palette; yield where each was written."""
    for palette, dark in PALETTES.items():
        for width in WIDTHS:
            with opened(browser, dark=dark, width=width) as page:
                for address in addresses:
                    page.goto(site.origin + address, wait_until="networkidle")
                    height = page.evaluate("document.documentElement.scrollHeight")
                    path = out / name_of(address, width, palette)
                    page.screenshot(
                        path=path,
                        full_page=True,
                        clip={"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)},
                    )
                    yield path


def write(folder: Path, out: Path, words: list[str]) -> int:
    """Write all pictures of a site into an emptied folder; return how many there are."""
    addresses = [a for a in chosen(folder) if not words or any(word in a for word in words)]
    if not words:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    with served(folder) as site, launched() as browser:
        return len(list(pictures(browser, site, addresses, out)))


def main() -> int:
    """Write the pictures, and say where."""
    given = arguments()
    if CHROMIUM is None:
        sys.stderr.write("Chromium is not installed\n")
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.site
        if folder is None:
            folder = Path(temporary) / "site"
            build_site(PROGRAM, folder, quiet=True)
        count = write(folder, given.out, given.words)
    sys.stdout.write(f"{count} pictures in {given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
