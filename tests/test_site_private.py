"""Of the vetoes only verified ones are public: no page, table, feed or file tells of another."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from generator.results.document import dump_parts
from generator.results.projection import holds_verified_alone
from generator.site.build.producing import volumes_of
from generator.site.data.years import load_site
from generator.site.exports.feed import feed_of
from generator.site.exports.outputs import outputs_of
from generator.site.exports.results_text import ResultsText
from tests.gitrepo import GitRepo
from tests.site_bodies import site_files, site_pages
from tests.support import appraise
from tests.test_site_pages import TEMPLATES
from tests.years import YEAR, Branch, activity, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.data.years import SiteData

STATES = ("alleged", "under-review", "dismissed")
COUNT = 60
QUIET = "久不活动"


def token(name: str, what: str) -> str:
    """Return a text that stands nowhere else."""
    return f"机密{name}-{what}"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Sixty branches: each with vetoes that are not verified, every tenth with one that is."""
    rng = random.Random(60)
    branches = {}
    for number in range(COUNT):
        name = f"b{number:02}"
        vetoes = [
            {
                "veto": rng.choice(("veto-a", "veto-b")),
                "state": rng.choice(STATES),
                "reason": token(name, f"reason{n}"),
                "reference": token(name, f"reference{n}"),
                "date": "2025-11-11",
            }
            for n in range(rng.randint(1, 3))
        ]
        if number % 10 == 0:
            vetoes.append({"veto": "veto-c", "state": "verified", "reason": f"属实{name}"})
        records = [activity("2025-01-10")] if number % 2 else [activity("2025-11-10")]
        branches[name] = Branch(vetoes=vetoes, records=records)
    rules = [
        {"id": "veto-a", "title": "甲项否决", "clause": "甲条"},
        {"id": "veto-b", "title": "乙项否决", "clause": "乙条"},
        {"id": "veto-c", "title": "丙项否决", "clause": "丙条"},
        {"id": "veto-x", "title": QUIET, "clause": "丁条", "detect": {"inactivity": {"days": 320}}},
    ]
    repo = GitRepo(tmp_path_factory.mktemp("private"), base=False)
    files = year_of(rubric(section("s", judged("x")), vetoes=rules), branches)
    for path, data in files.items():
        target = repo.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(encoded(data))
    repo.commit(when="2026-01-05T12:00:00+08:00")
    return repo


@pytest.fixture(scope="module")
def site(repo: GitRepo) -> SiteData:
    return load_site(repo.root, "zh", TEMPLATES)


def everything(site: SiteData) -> dict[str, str]:
    """Return all that a site publishes, by address: pages, what search finds, and files."""
    found = {}
    for page in site_pages(site):
        words = (page.title, page.description, str(page.body), str(page.toc), str(page.search))
        found[page.address] = "\n".join(words)
    for file in (*site_files(site), *outputs_of(site)):
        if not file.address.endswith((".png", ".parquet")):
            found[file.address] = b"".join(file.pieces()).decode("utf-8")
    found["results.json"] = b"".join(ResultsText(site.results).pieces()).decode("utf-8")
    found["feed.xml"] = feed_of(site, "网站", "").decode("utf-8")
    return found


def test_nothing_that_is_not_verified_is_published(site: SiteData) -> None:
    found = everything(site)
    assert len(volumes_of(site)) == 1
    assert {"index.html", "lacking.html", "process.html", "results.json"} <= found.keys()
    cards = [address for address in found if "/branches/" in address]
    assert len(cards) >= COUNT
    for address, text in found.items():
        assert "机密" not in text, address
        assert "R004" not in text or address.startswith("findings"), address
        assert "committee/2025/vetoes" not in text, address
        for rule in ("甲项否决", "乙项否决", QUIET):
            assert rule not in text or address.startswith(("rubric", "questions")), (address, rule)


def test_what_is_verified_stands_there(site: SiteData) -> None:
    found = everything(site)
    for number in range(0, COUNT, 10):
        name = f"b{number:02}"
        (card,) = [t for a, t in found.items() if a.endswith(f"branches/{name}.html")]
        assert "丙项否决" in card
        assert "丙条" in card
    assert "属实" not in "".join(found.values()), "why is not public"
    states = {
        v["state"] for b in json.loads(found["results.json"])["branches"] for v in b["vetoes"]
    }
    assert states == {"verified"}


def test_the_command_line_tells_the_committee(repo: GitRepo) -> None:
    told = appraise("score", "--format", "json", root=repo.root).stdout
    document = json.loads(told)
    assert not holds_verified_alone(document)
    states = {v["state"] for b in document["branches"] for v in b["vetoes"]}
    assert states == {*STATES, "verified", "candidate"}
    assert all(token(f"b{number:02}", "reason0") in told for number in range(COUNT))


def test_what_is_published_can_be_computed_anew(
    repo: GitRepo, site: SiteData, tmp_path: Path
) -> None:
    public = tmp_path / "public.json"
    public.write_text("".join(dump_parts(site.results)), "utf-8")
    done = appraise("verify", str(YEAR), str(public), root=repo.root)
    assert done.exit_code == 0, done.output
    told = appraise("score", "--public", "--format", "json", root=repo.root).stdout
    assert json.loads(told) == json.loads(public.read_text("utf-8"))
    whole = tmp_path / "whole.json"
    whole.write_text(appraise("score", "--format", "json", root=repo.root).stdout, "utf-8")
    assert appraise("verify", str(YEAR), str(whole), root=repo.root).exit_code == 0
    forged = json.loads(public.read_text("utf-8"))
    forged["branches"][0]["vetoes"] = [{"veto": "veto-a", "state": "verified"}]
    public.write_text(json.dumps(forged), "utf-8")
    assert appraise("verify", str(YEAR), str(public), root=repo.root).exit_code == 1
