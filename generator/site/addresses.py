"""Every address of the site in one place: below its root, without a leading slash.

``prefix`` is the folder of a year's own pages: ``2024/``, or nothing for the year shown first.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord

#: Pages that every year has; an address begins with the year's prefix.
HOME = "index.html"
CONSORTIA, NO_CONSORTIUM, SOCIETIES = "consortia.html", "no-consortium.html", "societies.html"
CRITERIA, HEAT, POINTS = "criteria.html", "heat.html", "points.html"
#: A page that a final year has which was corrected.
CORRECTIONS = "corrections.html"
RUBRIC, QUESTIONS, IDS = "rubric.html", "questions.html", "ids.html"
#: The list of what was asked of branches; a year that asked nothing has it where it is shown first.
ASKED = "asked.html"
#: Pages that the year shown first has, and every year under way.
LACKING, PROCESS, WHATIF = "lacking.html", "process.html", "whatif.html"
#: The form in a year that takes filings; its data for programs.
FILE, BUNDLE = "file.html", "bundle.json"
#: A sheet to count ballots on, in a year under way before its results are posted.
COUNT = "count.html"
#: Pages of a year whose results are or were posted, and the form while they are.
APPEALS, OBJECTION = "appeals.html", "objection.html"
#: Pages for the committee: what is left to decide, the ledger of a year, its lists.
QUEUE, LEDGER, LISTS = "queue.html", "ledger.html", "lists.html"
#: The audit by lot of a year that announced one.
LOT = "lot.html"
#: Pictures that look alike, for the committee; the small pictures lie in its folder.
ALIKE = "alike.html"
#: Pages that a site has once, about all years or none.
YEARS, DOWNLOADS, FIELDS = "years.html", "downloads.html", "fields.html"
FINDING_CODES, FILE_FORMATS = "findings.html", "formats.html"
ONCE = frozenset({YEARS, DOWNLOADS, FIELDS, FINDING_CODES, FILE_FORMATS})
#: A hand-written page that generated ones belong to in the navigation.
GUIDE = "guide.html"
#: Files for programs that every year has.
RESULTS, CARD = "results.json", "card.png"
RANKING_CSV, RANKING_PARQUET = "ranking.csv", "ranking.parquet"
LINES_CSV, LINES_PARQUET = "lines.csv", "lines.parquet"
#: Files for programs that a site has once.
FEED, SITEMAP = "feed.xml", "sitemap.xml"
#: What MkDocs and its theme write.
NOT_FOUND, SEARCH_INDEX = "404.html", "search/search_index.json"
#: What an address of a page ends in.
PAGE = ".html"
#: Hexadecimal digits of the digest that stands for a name in addresses.
SLUG = 16


def branch_address(year: int, branch: BranchResult) -> str:
    """Return the address of a scorecard."""
    return scorecard_address(year, branch.id)


def scorecard_address(year: int, branch: str) -> str:
    """Return the address of the scorecard of the branch of an id."""
    return f"{year}/branches/{branch}.html"


def own_bundle_address(year: int, branch: str) -> str:
    """Return the address of what the form is given of a branch, by the branch's id."""
    return f"{year}/branches/{branch}.{BUNDLE}"


def record_address(record: EvidenceRecord) -> str:
    """Return the address of a record's page."""
    return path_address(record.path)


def path_address(path: str) -> str:
    """Return the address of the page of the record whose folder is at ``path``."""
    _, branch, year, group, folder = path.split("/")
    return f"{year}/branches/{branch}/{group}/{folder}.html"


def criterion_address(prefix: str, criterion: str) -> str:
    """Return the address of a criterion's page."""
    return f"{prefix}criteria/{criterion}.html"


def entry_address(prefix: str, entry: str) -> str:
    """Return the address of the page of an entry of the due list."""
    return f"{prefix}due/{entry}.html"


def consortium_address(prefix: str, consortium: str) -> str:
    """Return the address of a consortium's page."""
    return f"{prefix}consortia/{consortium}.html"


def society_address(prefix: str, name: str) -> str:
    """Return the address of a society's page."""
    return f"{prefix}societies/{slug_of(name)}.html"


def group_address(prefix: str, group: str) -> str:
    """Return the address of the list of a group outside of the ranking."""
    return f"{prefix}ranking/{group}.html"


def year_address(year: int) -> str:
    """Return the lasting address of a year."""
    return f"{year}/{HOME}"


def folder_of(address: str) -> str:
    """Return the folder in which further pages of a list lie, beside the first at ``address``."""
    return address.removesuffix(PAGE)


def further_address(folder: str, number: int) -> str:
    """Return the address of a further page of a list; the first has number 1 and no such one."""
    return f"{folder}/{number}.html"


def addresses_of(first: str, pages: int) -> list[str]:
    """Return the addresses of the pages of a list, one where there is nothing on it."""
    folder = folder_of(first)
    return [first, *(further_address(folder, number) for number in range(2, pages + 1))]


def badge_address(year: int, branch: BranchResult) -> str:
    """Return the address of a branch's badge."""
    return f"{year}/branches/{branch.id}/badge.svg"


def card_address(prefix: str) -> str:
    """Return the address of the card of a year."""
    return f"{prefix}{CARD}"


def slug_of(name: str) -> str:
    """Return what stands for a society's name in addresses: names are free text."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:SLUG]


def picture_address(prefix: str, data: bytes) -> str:
    """Return the address of a small picture, told by what it shows."""
    return f"{prefix}{folder_of(ALIKE)}/{hashlib.sha256(data).hexdigest()[:SLUG]}.jpg"


def pages_address(prefix: str, name: str) -> str:
    """Return the address of the first page of a list that goes by a name in its year."""
    return f"{prefix}{name}{PAGE}"


def sitemap_address(number: int) -> str:
    """Return the address of a part of a long sitemap, the first being 1."""
    return f"sitemap-{number}.xml"
