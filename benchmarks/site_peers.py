"""Peers that build sites, on the very pages that ``appraise build`` made.

The body of each page stands as HTML in a Markdown file, which is the fastest that they can be
given: no table and no link is left to parse.
"""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measuring import Failure, Usage, run
from benchmarks.peer_tools import has
from benchmarks.table import Row, absent

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.peer_tools import Tools

BODY = re.compile(r"<article[^>]*>(.*?)</article>", re.DOTALL)
#: Theme and search alone; nothing that costs more than it must.
CONFIG = {
    "site_name": "benchmark",
    "use_directory_urls": False,
    "theme": {"name": "material", "language": "zh", "font": False},
    "plugins": ["search"],
    "validation": {"nav": {"omitted_files": "ignore"}, "links": {"unrecognized_links": "ignore"}},
}
OUTSIDE = [{"home": "index.md"}]


class Peer(NamedTuple):
    """A way to build: its name, its program, whether pages are in the nav, the most pages."""

    name: str
    program: str
    in_nav: bool
    most: int
    goal: str


#: In the nav the cost is quadratic; beyond the most pages a run would take an hour or more.
PEERS = (
    Peer("MkDocs, Material, in the nav", "mkdocs", in_nav=True, most=2_500, goal=""),
    Peer("MkDocs, Material, outside it", "mkdocs", in_nav=False, most=20_000, goal="≥ 15"),
    Peer("Zensical", "zensical", in_nav=False, most=20_000, goal=""),
)


def write_pages(site: Path, docs: Path) -> int:
    """Write the pages of a built site as Markdown files; return how many there are."""
    shutil.rmtree(docs, ignore_errors=True)
    count = 0
    for page in sorted(site.rglob("*.html")):
        body = BODY.search(page.read_text("utf-8"))
        if body is None or page.name == "404.html":
            continue
        target = docs / page.relative_to(site).with_suffix(".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        lines = [line.strip() for line in body[1].splitlines()]
        text = "\n".join(line for line in lines if line)
        target.write_text(f"<div>\n{text}\n</div>\n", "utf-8")
        count += 1
    return count


def compare(bench: Bench, tools: Tools, ours: Usage | None) -> None:
    """Build the pages with each peer, and say how much more CPU it takes than ``build``."""
    site = bench.scratch / f"site-{bench.branches}"
    folder = bench.scratch / f"pages-{bench.branches}"
    if not site.is_dir():
        bench.absent("site peers", "no site was built")
        return
    pages = write_pages(site, folder / "docs")
    for peer in PEERS:
        if pages > peer.most:
            row = absent(peer.name, bench.branches, f"not run on more than {peer.most:,} pages")
        elif not has(tools.plain, peer.program):
            row = absent(peer.name, bench.branches, "does not install here")
        else:
            row = built(bench, peer, tools, folder, pages)
        if ours is not None and row.usage is not None:
            row.ratio = row.usage.cpu / ours.cpu
        bench.add(row)


def built(bench: Bench, peer: Peer, tools: Tools, folder: Path, pages: int) -> Row:
    """Return the row of one build, run once."""
    config = {**CONFIG, "docs_dir": "docs", "site_dir": "built"}
    if not peer.in_nav:
        config["nav"] = OUTSIDE
    (folder / "mkdocs.yml").write_text(json.dumps(config), "utf-8")
    shutil.rmtree(folder / "built", ignore_errors=True)
    command = [tools.plain_bin(peer.program), "build"]
    command += ["--quiet"] if peer.program == "mkdocs" else []
    try:
        usage = run(command, folder=folder, extra={"PYTHONPATH": ""}).usage
    except Failure as failure:
        return absent(peer.name, bench.branches, f"failed: {failure}")
    count = sum(1 for _ in (folder / "built").rglob("*.html"))
    goal = f"; goal {peer.goal}" if peer.goal else ""
    note = f"{count:,} pages; this ÷ build{goal}"
    return Row(peer.name, bench.branches, usage, pages, "pages", note=note)
