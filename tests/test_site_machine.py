"""Files for programs: tables equal results, feeds, badges, cards and data in pages are valid."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from generator.reports.scores import CSV_COLUMNS
from generator.results.packed import details_json, unpack
from generator.site.data.years import SiteData, load_site
from generator.site.exports.badge import badge_of
from generator.site.exports.feed import feed_of
from generator.site.exports.files import files_of
from generator.site.exports.jsonld import script
from generator.site.exports.outputs import LostError, beside
from generator.site.exports.social import picture_of
from generator.site.exports.tables import LINES, RANKING, Kind, lines_csv
from generator.site.html import sitemap
from generator.site.html.audit import AuditError, Auditor
from generator.text.privacy import masked
from generator.text.titles import level_title
from tests.gitrepo import GitRepo
from tests.sites import PROGRAM, final_year
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

    from generator.results.model import BranchResult

TEMPLATES = PROGRAM / "site_templates"
SITE_URL = "https://example.org/考核/"
HOSTILE = "</title></script><script>alert(1)</script>&\"'<b>示例"
ATOM = "{http://www.w3.org/2005/Atom}"
SVG = "{http://www.w3.org/2000/svg}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
#: Run apart: the library may take threads, and other tests fork.
READ = """
import json, sys
import pyarrow.parquet as pq
file = pq.ParquetFile(sys.argv[1])
rows = file.read(use_threads=False).to_pylist()
kinds = {f.name: str(f.type) for f in file.schema_arrow}
about = {k.decode(): v.decode() for k, v in (file.metadata.metadata or {}).items()}
print(json.dumps([rows, kinds, about, file.num_row_groups], default=str))
"""


@pytest.fixture(scope="module")
def files(site: SiteData) -> dict[str, bytes]:
    """Return the files of the newest year but for what takes a process of its own."""
    made = (file for file in files_of(site) if not file.address.endswith(("parquet", "png")))
    return {file.address: file.content for file in made}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a copy of the sample with a hostile name, for a host."""
    root = tmp_path_factory.mktemp("machine") / "root"
    for name in ("branches", "committee"):
        shutil.copytree(PROGRAM / name, root / name)
    shutil.copy(PROGRAM / "rubric.yml", root)
    card = root / "branches" / "demo-a" / "branch.yml"
    name = json.dumps(HOSTILE, ensure_ascii=False)
    text = re.sub(r"(?m)^name:.*$", lambda _: f"name: {name}", card.read_text("utf-8"))
    card.write_text(text, "utf-8")
    folder = root.parent / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPRAISAL_SITE_URL", SITE_URL)
        done = appraise("build", "--quiet", "--site-dir", str(folder), root=root)
    assert done.exit_code == 0, done.output
    return folder


def read_parquet(path: Path) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, str], int]:
    done = subprocess.run(
        [sys.executable, "-c", READ, path], capture_output=True, text=True, check=True
    )
    rows, kinds, about, groups = json.loads(done.stdout)
    return rows, kinds, about, groups


def decimals(value: Any) -> Any:
    """Return a figure of any of the files as the decimal that it names, exactly."""
    return None if value in {None, ""} else Decimal(str(value))


def wanted_lines(branch: BranchResult) -> list[dict[str, Any]]:
    """Return the lines of results.json as the table has them."""
    details = details_json(unpack(branch.packed))
    found = []
    for line in details["lines"]:
        what = "part" if line["part"] else "criterion" if line["criterion"] else "scaling"
        found.append({**line, "line": what, "rule": None, "claim": None, "level": None})
    for line in details["bonus_lines"]:
        title = str(level_title(line["level"], line.get("level_title", "")))
        own = {"line": "bonus", "basis": line["status"], "statement": line["matter"]}
        own["level_title"] = title
        found.append({**line, **own})
    for line in found:
        line |= {"branch": branch.id, "name": branch.name, "evidence": " ".join(line["evidence"])}
    return found


def test_the_columns_are_those_of_the_csv() -> None:
    assert tuple(column.name for column in RANKING) == CSV_COLUMNS
    names = [column.name for column in LINES]
    assert len(names) == len(set(names))


def test_every_line_of_every_branch_is_in_the_csv(site: SiteData, files: dict[str, bytes]) -> None:
    content = files["lines.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") > 300
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    wanted = [line for branch in site.results.branches for line in wanted_lines(branch)]
    assert len(rows) == len(wanted)
    for row, line in zip(rows, wanted, strict=True):
        for column in LINES:
            there, due = row[column.name], line.get(column.name)
            if column.kind is Kind.POINTS:
                assert decimals(there) == decimals(due), (row, column)
            else:
                assert there in {due or "", f"'{due}"}, (row, column)


def test_the_lines_add_up_to_the_ranking(site: SiteData, files: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["lines.csv"].decode("utf-8-sig"), newline="")))
    for branch in site.results.branches:
        own = [row for row in rows if row["branch"] == branch.id]
        fixed = [decimals(r["points"]) for r in own if r["line"] in {"criterion", "scaling"}]
        assert (sum(filter(None, fixed), Decimal(0)) == branch.fixed) or branch.fixed is None
        accepted = (decimals(r["points"]) for r in own if r["basis"] == "accepted")
        cap = site.rubric.bonus.cap if site.rubric.bonus else None
        bonus = sum(filter(None, accepted), Decimal(0))
        assert branch.bonus in {None, bonus if cap is None else min(bonus, cap)}


def test_text_of_a_branch_is_no_formula(site: SiteData) -> None:
    from dataclasses import replace

    branch = replace(site.results.branches[0], name=masked("=HYPERLINK(1)"))
    results = replace(site.results, branches=(branch,))
    text = b"".join(lines_csv(results)).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text


@pytest.mark.parametrize("folder", ["", "2024/"])
def test_parquet_holds_the_ranking(built: Path, folder: str) -> None:
    document = json.loads((built / folder / "results.json").read_bytes())
    rows, kinds, about, _ = read_parquet(built / folder / "ranking.parquet")
    assert list(kinds) == list(CSV_COLUMNS)
    assert kinds["total"] == "decimal128(18, 6)"
    assert kinds["rank"] == "int32"
    assert about["year"] == str(document["year"])
    assert about["rubric_sha256"] == document["rubric"]["sha256"]
    assert len(rows) == len(document["branches"])
    for row, branch in zip(rows, document["branches"], strict=True):
        assert row["id"] == branch["id"]
        assert row["name"] == branch["name"]
        assert row["rank"] == branch["rank"]
        assert [row["rank_best"], row["rank_worst"]] == (branch["rank_range"] or [None, None])
        assert (row["grade"], row["status"]) == (branch["grade"], branch["status"])
        assert (row["assessed"], row["criteria"]) == tuple(branch["assessed"].values())
        for name in ("fixed", "bonus", "total", "low", "high"):
            assert decimals(row[name]) == decimals(branch[name])


@pytest.mark.parametrize("folder", ["", "2024/"])
def test_parquet_holds_every_line(built: Path, folder: str) -> None:
    document = json.loads((built / folder / "results.json").read_bytes())
    rows, kinds, _, _ = read_parquet(built / folder / "lines.parquet")
    assert list(kinds) == [column.name for column in LINES]
    for branch in document["branches"]:
        own = [row for row in rows if row["branch"] == branch["id"] and row["line"] != "bonus"]
        assert len(own) == len(branch["lines"])
        for row, line in zip(own, branch["lines"], strict=True):
            for name in ("criterion", "part", "title", "reason", "basis", "question"):
                assert row[name] == (line[name] or None)
            for name in ("points", "max", "claimed", "computed", "verified"):
                assert decimals(row[name]) == decimals(line[name])
        bonus = [row for row in rows if row["branch"] == branch["id"] and row["line"] == "bonus"]
        assert [(r["claim"], r["basis"], decimals(r["points"])) for r in bonus] == [
            (b["claim"], b["status"], decimals(b["points"])) for b in branch["bonus_lines"]
        ]


def test_parquet_of_many_branches_has_a_group_for_some(
    site: SiteData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.site.exports.tables.CHUNK", 5)
    path = tmp_path / "lines.parquet"

    def work() -> None:
        made = next(f for f in files_of(site) if f.address == path.name)
        path.write_bytes(made.content)

    with beside(work, wait=True):
        pass
    rows, _, _, groups = read_parquet(path)
    assert groups == 3
    assert len(rows) == sum(len(wanted_lines(b)) for b in site.results.branches)


def tree(data: bytes) -> ET.Element:
    """Return XML that this program wrote, parsed."""
    return ET.fromstring(data)  # noqa: S314


def feed(site: SiteData, site_url: str) -> ET.Element:
    return tree(feed_of(site, "示例 <站>", site_url))


@pytest.mark.parametrize("site_url", ["", "https://example.org/"])
def test_the_feed_is_valid_atom_and_its_ids_stay(site: SiteData, site_url: str) -> None:
    root = feed(site, site_url)
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}title") == "示例 <站>"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        updated = element.findtext(f"{ATOM}updated") or ""
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", updated)
        assert re.match(r"(urn:uuid:|https://example\.org/)", element.findtext(f"{ATOM}id") or "")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 1 + len(site.others)
    ids = [element.findtext(f"{ATOM}id") for element in (root, *entries)]
    assert len(set(ids)) == len(ids)
    again = load_site(PROGRAM, "zh", TEMPLATES)
    assert [e.findtext(f"{ATOM}id") for e in feed(again, site_url).iter(f"{ATOM}entry")] == ids[1:]
    hrefs = [link.get("href", "") for link in root.iter(f"{ATOM}link")]
    assert all(href.startswith(site_url) for href in hrefs)
    newest = max(entry.findtext(f"{ATOM}updated") or "" for entry in entries)
    assert root.findtext(f"{ATOM}updated") == newest


def test_every_page_leads_to_the_feed(built: Path) -> None:
    tree((built / "feed.xml").read_bytes())
    for name in ("index.html", "guide.html", "2025/branches/demo-a.html", "2024/index.html"):
        text = (built / name).read_text("utf-8")
        found = re.search(
            r'<link rel="alternate feed" type="[^"]+" title="[^"]*" href="([^"]+)">',
            text,
        )
        assert found
        assert ((built / name).parent / found[1]).resolve() == (built / "feed.xml").resolve()


def data_in(path: Path) -> list[dict[str, Any]]:
    text = path.read_text("utf-8")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return [json.loads(item) for item in found]


def test_the_head_of_a_page_holds_json_ld(built: Path) -> None:
    (data,) = data_in(built / "index.html")
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
    urls = [item["contentUrl"] for item in data["distribution"]]
    base = "https://example.org/%E8%80%83%E6%A0%B8/"
    assert all(url.startswith((SITE_URL, base)) for url in urls)
    names = {url.rpartition("/")[2] for url in urls}
    assert names == {"results.json", "ranking.csv", "ranking.parquet", "lines.csv",
                     "lines.parquet"}  # fmt: skip
    assert all((built / name).is_file() for name in names)
    (past,) = data_in(built / "2024" / "index.html")
    assert all("/2024/" in item["contentUrl"] for item in past["distribution"])
    (catalogue,) = data_in(built / "downloads.html")
    assert [year["@type"] for year in catalogue["dataset"]] == ["Dataset", "Dataset", "Dataset"]
    (card,) = data_in(built / "2025" / "branches" / "demo-a.html")
    assert card["@type"] == "Report"
    assert card["about"]["name"] == HOSTILE
    for name in ("guide.html", "rubric.html", "404.html"):
        assert data_in(built / name) == []
        assert "ld+json" not in (built / name).read_text("utf-8")


def test_a_hostile_name_stays_data() -> None:
    element = script({"name": HOSTILE, "more": "\u2028]]>"})
    inside = element.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert json.loads(inside)["name"] == HOSTILE
    assert not set(inside) & set("<>&\u2028")
    page = f"<html><head>{element}</head><body><p>x</p></body></html>"
    Auditor().document("x.html", page, frozenset())


@pytest.mark.parametrize("inside", ["alert(1)", '{"a": "<b>"}', '{"a": "&lt;"}', "{", "[1]"])
def test_the_audit_refuses_data_that_is_none(inside: str) -> None:
    page = f'<html><script type="application/ld+json">{inside}</script></html>'
    with pytest.raises(AuditError):
        Auditor().document("x.html", page, frozenset())


def test_where_no_address_is_known_data_leads_from_the_page(site: SiteData) -> None:
    from generator.site.exports.jsonld import Where, dataset

    found = dataset(final_year(site), Where("2024/index.html", ""))
    assert found["url"] == "index.html"
    assert found["distribution"][0]["contentUrl"] == "results.json"
    assert Where("2025/branches/demo-a.html", "").to("index.html") == "../../index.html"


def test_every_branch_has_a_badge(built: Path) -> None:
    document = json.loads((built / "results.json").read_bytes())
    for branch in document["branches"]:
        path = built / "2025" / "branches" / branch["id"] / "badge.svg"
        root = tree(path.read_bytes())
        texts = [element.text for element in root.iter(f"{SVG}text")]
        assert texts[0] == "2025 考核"
        title = root.findtext(f"{SVG}title") or ""
        assert branch["name"] in title
        assert root.findtext(f"{SVG}desc")
        said = texts[1] or ""
        if branch["status"] == "vetoed":
            assert said == "一票否决"
        elif branch["status"] == "not-submitted":
            assert said == "未报送"
        elif branch["status"] == "scored":
            assert said.startswith(branch["grade_title"] or "未定")
            assert Decimal(said.rpartition(" ")[2]) == decimals(branch["total"])


@pytest.mark.parametrize("name", [HOSTILE, "\x01\x0b\ufffe示例", "]]>", "长" * 200])
def test_a_badge_is_well_formed_whatever_the_name(site: SiteData, name: str) -> None:
    from dataclasses import replace

    branch = replace(site.results.branches[0], name=masked(name), grade_title=masked(name))
    root = tree(badge_of(2025, branch, ()))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "desc", "rect", "g", "text"
    }  # fmt: skip
    left, right = root.findall(f"{SVG}rect")
    for rect, words in zip((left, right), root.iter(f"{SVG}text"), strict=True):
        assert int(words.get("textLength", "")) < int(rect.get("width", ""))
    assert int(root.get("width", "")) < 600
    allowed = {"width", "height", "viewBox", "role", "x", "y", "fill", "font-family", "font-size",
               "text-anchor", "textLength", "lengthAdjust"}  # fmt: skip
    assert {key for element in root.iter() for key in element.attrib} <= allowed


def test_cards_go_with_links_only_where_the_address_is_known(
    built: Path, sample_built: Path
) -> None:
    text = (built / "2024" / "index.html").read_text("utf-8")
    image = re.search(r'<meta property="og:image" content="([^"]+)">', text)
    assert image
    assert image[1].endswith("/2024/card.png")
    assert image[1].startswith("https://")
    assert '<meta name="twitter:card" content="summary_large_image">' in text
    assert re.search(r'property="og:url" content="https://', text)
    guide = (built / "guide.html").read_text("utf-8")
    assert re.search(r'property="og:image" content="https://[^"]+/card.png"', guide)
    for name in ("card.png", "2024/card.png"):
        data = (built / name).read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1200, 630)
    text = (sample_built / "site" / "index.html").read_text("utf-8")
    assert "og:image" not in text
    assert "og:url" not in text
    assert "og:title" in text


def test_a_card_is_drawn_where_one_branch_stands_beside_a_thousand(site: SiteData) -> None:
    first = next(b for b in site.results.branches if b.total and b.low and b.low + 5 < b.total)
    many = [replace(first, id=f"demo-{number}") for number in range(1000)]
    lone = replace(first, id="lone", total=first.low)
    results = replace(site.results, branches=(*many, lone))
    large = replace(site, evaluation=replace(site.evaluation, results=results))

    def work() -> None:
        assert picture_of(large).startswith(b"\x89PNG")

    with beside(work, wait=True):
        pass


def test_a_long_sitemap_is_an_index_of_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "LIMIT", 12)
    monkeypatch.setenv("APPRAISAL_SITE_URL", "https://example.org/")
    folder = tmp_path / "site"
    root = GitRepo(tmp_path / "root").root
    assert appraise("build", "--quiet", "--site-dir", str(folder), root=root).exit_code == 0
    index = tree((folder / "sitemap.xml").read_bytes())
    assert index.tag == f"{MAP}sitemapindex"
    parts = [element.text or "" for element in index.iter(f"{MAP}loc")]
    assert len(parts) > 2
    found = []
    for part in parts:
        assert part.startswith("https://example.org/sitemap-")
        urls = tree((folder / part.rpartition("/")[2]).read_bytes())
        assert urls.tag == f"{MAP}urlset"
        own = [element.text or "" for element in urls.iter(f"{MAP}loc")]
        assert 0 < len(own) <= 12
        found += own
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    assert len(found) == len(set(found))
    assert {url.removeprefix("https://example.org/") for url in found} == pages - {"404.html"}


def test_the_library_of_tables_is_not_taken_into_the_process(sample_built: Path) -> None:
    assert (sample_built / "said").read_text("utf-8").strip() == "[]"
    assert (sample_built / "site" / "lines.parquet").is_file()


def test_what_fails_beside_fails_the_build() -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"), beside(full, wait=False):
        pass
    with pytest.raises(LostError), beside(lambda: sys.exit(0), wait=True):
        pytest.fail("nothing is made beside what has failed before")
    with pytest.raises(KeyError), beside(signal.pause, wait=False):
        raise KeyError
