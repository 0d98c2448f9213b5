"""The sitemap in parts, where there are more addresses than one file may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.site.addresses import sitemap_address
from generator.site.html.shell import location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

#: Addresses that a sitemap may hold (sitemaps.org).
LIMIT = 50_000

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)
ENTRY = Markup("  <url><loc>{location}</loc><lastmod>{day}</lastmod></url>\n")
END = "</urlset>\n"


def parts_of(count: int) -> tuple[str, ...]:
    """Return the addresses of the parts of a sitemap; none where one file holds all."""
    if count <= LIMIT:
        return ()
    return tuple(sitemap_address(number + 1) for number in range((count - 1) // LIMIT + 1))


def values(
    folder: Path, site_url: str, addresses: AbstractSet[str], day: str
) -> dict[str, list[str]]:
    """Return what the theme's sitemap is made of: its parts, which are written, or all pages."""
    locations = [location(site_url, address) for address in sorted(addresses)]
    parts = [location(site_url, address) for address in write(folder, locations, day)]
    return {"parts": parts, "locations": [] if parts else locations}


def write(folder: Path, locations: Sequence[str], day: str) -> tuple[str, ...]:
    """Write the parts of a long sitemap into a site's folder; return their addresses."""
    parts = parts_of(len(locations))
    for number, address in enumerate(parts):
        (folder / address).write_bytes(b"".join(part(locations, number, day)))
    return parts


def part(locations: Sequence[str], number: int, day: str) -> Iterator[bytes]:
    """Yield a part of a sitemap, the first being 0; ``day`` is that of the data."""
    yield HEAD.encode("utf-8")
    for own in locations[number * LIMIT : (number + 1) * LIMIT]:
        yield str(ENTRY.format(location=own, day=day)).encode("utf-8")
    yield END.encode("utf-8")
