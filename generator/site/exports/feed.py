"""An Atom feed of results: an entry for each year and stage, the newest first (RFC 4287)."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.formats.committee_files import PUBLICITY
from generator.site.addresses import CORRECTIONS, FEED, HOME, RESULTS
from generator.site.data.posting import posting_of
from generator.site.data.standings import Standings
from generator.site.html.shell import location
from generator.site.html.templating import fixed
from generator.site.work.corrections import anchor_of
from generator.text.language import gettext, language, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.data.years import SiteData

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Time of the data where no commit says it: 1980-01-01, the first that every archive can hold.
EPOCH = 315532800
#: The zone in which a correction has its day.
MIDNIGHT = "+08:00"
#: What stands for each stage in a title.
STAGES = {
    "open": mark("报送中，暂定"),
    "review": mark("评审中，暂定"),
    "publicity": mark("公示中，拟定"),
    "final": mark("最终结果"),
}

DOCUMENT = Markup(
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">\n'
    "<id>{id}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n"
    "<author><name>{author}</name></author>\n{links}{entries}</feed>\n"
)
ENTRY = Markup(
    "<entry>\n<id>{id}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n"
    '<link rel="alternate" type="text/html" href="{page}"/>\n'
    '<link rel="related" type="application/json" href="{data}"/>\n'
    "<summary>{summary}</summary>\n</entry>\n"
)
TO_SELF = Markup('<link rel="self" type="application/atom+xml" href="{href}"/>\n')
TO_HOME = Markup('<link rel="alternate" type="text/html" href="{href}"/>\n')


def xml(text: str) -> str:
    """Return a text with what XML 1.0 cannot hold, escaped or not, made visible."""
    return NO_XML.sub("\ufffd", text)


def feed_of(site: SiteData, name: str, site_url: str) -> bytes:
    """Return the feed of a whole site; ``name`` is the site's.

    Addresses are absolute where the site's own is known, else they lead from the feed.
    """
    years = list(site.years)
    links = TO_HOME.format(href=address(site_url, HOME))
    if site_url:
        links = TO_SELF.format(href=address(site_url, FEED)) + links
    text = DOCUMENT.format(
        lang={"zh": "zh-CN"}.get(language(), language()),
        id=identity(site_url, site, FEED),
        title=xml(name),
        updated=max(moment(year) for year in years),
        author=xml(name),
        links=links,
        entries=Markup("").join(entry for year in years for entry in entries_of(year, site_url)),
    )
    return str(text).encode("utf-8")


def entries_of(site: SiteData, site_url: str) -> Iterator[Markup]:
    """Yield the entry of a year as it stands, and one for each of its corrections."""
    yield entry_of(site, site_url)
    found = site.results.corrections
    for number, correction in reversed([*enumerate(found, start=1)]):
        yield ENTRY.format(
            id=identity(site_url, site, f"{site.results.year}/{anchor_of(number)}"),
            title=tr("{year} 年度考核：{date} 更正", year=site.results.year, date=correction.date),
            updated=utc(f"{correction.date}T00:00:00{MIDNIGHT}"),
            page=f"{address(site_url, site.prefix + CORRECTIONS)}#{anchor_of(number)}",
            data=address(site_url, f"{site.prefix}{RESULTS}"),
            summary=xml(correction.reason),
        )


def entry_of(site: SiteData, site_url: str) -> Markup:
    """Return the entry of a year as it stands."""
    results = site.results
    stage = gettext(STAGES.get(results.stage, results.stage))
    return ENTRY.format(
        id=identity(site_url, site, f"{results.year}/{results.stage}"),
        title=tr("{year} 年度考核：{stage}", year=results.year, stage=stage),
        updated=moment(site),
        page=address(site_url, f"{site.prefix}{HOME}"),
        data=address(site_url, f"{site.prefix}{RESULTS}"),
        summary=summary(site),
    )


def summary(site: SiteData) -> str:
    """Say in a sentence how a year stands."""
    standings = Standings(site)
    words = tr("{n} 个党支部参加排名", n=standings.count)
    if standings.scant:
        words = tr("{words}，另有 {n} 个未评足", words=words, n=len(standings.scant))
    if standings.median is not None:
        median = fixed(standings.median, site.rubric.places)
        words = tr("{words}，总分中位数 {median}", words=words, median=median)
    if standings.count:
        words = tr("{words}，{n} 个等次已经确定", words=words, n=standings.graded)
    posting = posting_of(site.results)
    if posting and site.results.stage == PUBLICITY:
        words = tr("{words}；公示 {days}，可以提出异议", words=words, days=posting.days)
    return words + gettext("。")


def identity(site_url: str, site: SiteData, what: str) -> str:
    """Return the id of a feed or an entry: the same at every build of the same site.

    It is an address of the site where that is known; elsewhere it rests on the rubric's id.
    """
    if site_url:
        return address(site_url, FEED) + ("" if what == FEED else f"#{what}")
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{site.results.rubric_id}/{what}").urn


def address(site_url: str, of: str) -> str:
    """Return an address of the site as the feed has it."""
    return location(site_url, of) if site_url else of


def moment(site: SiteData) -> str:
    """Return the time of a year's data, in UTC as the feed has it."""
    return utc(site.results.source.date)


def utc(date: str | None) -> str:
    """Return a moment in UTC as the feed has it."""
    when = datetime.datetime.fromtimestamp(seconds(date), datetime.UTC)
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def seconds(date: str | None) -> int:
    """Return seconds since 1970 of a date with or without time; without zone it is UTC."""
    if not date:
        return EPOCH
    moment = datetime.datetime.fromisoformat(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return int(moment.timestamp())
