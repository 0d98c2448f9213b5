"""Years, the process, and data with recomputation: addresses, figures, commands that work."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import statistics
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.results.document import to_json
from generator.results.model import Source
from generator.scoring.scorecard import Basis, Status
from generator.site.build.producing import volumes_of
from generator.site.build.volume import Pages
from generator.site.exports import downloads_page
from generator.site.exports.downloads_page import lines_of
from generator.site.exports.files import files_of
from generator.site.html.page import GeneratedFile
from generator.site.ranking.years import middle_half, trend_of, year_of
from tests.sites import final_year
from tests.support import appraise
from tests.test_site_directory import changed, table, targets, text_of
from tests.test_site_pages import PROGRAM, Page

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from generator.site.data.years import SiteData

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def body_of(made: Pages, address: str) -> str:
    return str(made.standing[address]().body)


def words(value: Decimal) -> str:
    return f"{value:.2f}"


def exact(site: SiteData, value: Decimal) -> str:
    """Return a figure rounded as the rubric says."""
    from fractions import Fraction

    return words(site.rubric.vocabulary.round(Fraction(value)))


def rows_of(body: str) -> list[list[str]]:
    found = re.search(r'<table class="ap-grid ap-annual".*?</table>', body, re.DOTALL)
    assert found
    rows = re.findall(r"<tr>(.*?)</tr>", found[0].partition("<tbody")[2], re.DOTALL)
    return [[text_of(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_every_year_is_listed_with_its_figures(site: SiteData) -> None:
    rows = rows_of(body_of(Pages(site), "years.html"))
    assert len(rows) == len(list(site.years)) > 1
    begun = []
    for year, row in zip(site.years, rows, strict=True):
        results = year.results
        totals = [b.total for b in results.branches if b.rank is not None and b.total]
        if not totals:
            assert row[1:6] == [f"{len(results.branches)}", "0", "—", "—", "—"]
            begun.append(results.year)
            continue
        lower, _, upper = statistics.quantiles(totals, n=4, method="inclusive")
        assert row[0].startswith(f"{results.year}")
        assert row[1:3] == [f"{len(results.branches)}", f"{len(totals)}"]
        assert row[3] == exact(year, statistics.median(totals))
        assert row[4] == f"{exact(year, lower)}–{exact(year, upper)}"
        assert row[5] == f"{words(min(totals))}–{words(max(totals))}"
        for band in year.rubric.grades:
            ranked = [b for b in results.branches if b.status == Status.SCORED]
            count = sum(b.grade == band.id for b in ranked)
            assert (f"{band.title} {count}" in row[6].split("，")) == bool(count)
        unfiled = sum(b.status == Status.NOT_SUBMITTED for b in results.branches)
        assert f"未报送 {unfiled}" in row[7]
    assert begun == [2026]


def test_the_table_beside_the_picture_holds_its_figures(site: SiteData) -> None:
    body = body_of(Pages(site), "years.html")
    drawing = re.search(r'<svg class="ap-yearly".*?</svg>', body, re.DOTALL)
    assert drawing
    assert "<title>" in drawing[0]
    assert "<desc>" in drawing[0]
    drawn = re.findall(r'data-(value|lower|upper)="([^"]*)"', drawing[0])
    known = [row for row in rows_of(body) if row[3] != "—"]
    assert len(drawn) == 3 * len(known) == 6
    shown = [figure for row in known for cell in row[3:5] for figure in cell.split("–")]
    assert sorted(value for _, value in drawn) == sorted(shown)
    assert len(re.findall('class="ap-point ap-hollow"', drawing[0])) == 1


def test_the_picture_is_to_scale(site: SiteData) -> None:
    trend = trend_of([year_of(year) for year in site.years][::-1])
    assert trend
    ends = [tick for tick in trend.ticks if tick.y in {min(t.y for t in trend.ticks), 220}]
    high, low = (int(tick.words) for tick in sorted(ends, key=lambda tick: tick.y))
    for point in trend.points:
        assert point.entry.median is not None
        assert point.median is not None
        share = (high - float(point.entry.median)) / (high - low)
        assert float(point.median) == pytest.approx(20 + 200 * share)
    assert [a.entry.year + 1 for a, _ in trend.lines] == [b.entry.year for _, b in trend.lines]


def test_one_year_has_no_picture_and_says_so(site: SiteData) -> None:
    body = body_of(changed(site, site.results), "years.html")
    assert "目前只有一个年度" in text_of(body)
    assert "<svg" not in body
    assert len(rows_of(body)) == 1


def test_years_without_a_ranked_branch_have_no_figures(site: SiteData) -> None:
    made = changed(site, replace(site.results, branches=()))
    assert rows_of(body_of(made, "years.html"))[0][1:] == ["0", "0", "—", "—", "—", "—", "—"]
    assert trend_of([year_of(made.site)] * 2) is None


def test_few_branches_have_no_middle_half() -> None:
    from decimal import Decimal

    values = [Decimal(n) for n in (1, 2, 4)]
    assert middle_half(values) == (None, None)
    assert middle_half([*values, Decimal(8)]) == (Decimal("1.75"), Decimal(5))


def test_a_final_year_stays_at_its_own_address(site: SiteData) -> None:
    volumes = volumes_of(site)
    assert len(volumes) > 1
    home = targets("years.html", body_of(volumes[0], "years.html"))
    assert sum(bool(made.site.frozen) for made in volumes) == 1
    for made in volumes[1:]:
        year = made.shown.year
        address = f"{year}/index.html"
        assert address in home
        ranking = body_of(made, address)
        for branch in made.site.results.branches:
            assert f"{year}/branches/{branch.id}.html" in targets(address, ranking)
        for name in ("rubric", "consortia", "societies"):
            assert f"{year}/{name}.html" in made.standing
        assert {f.address for f in files_of(made.site)} >= {f"{year}/results.json"}


def test_the_lasting_address_of_the_year_shown_first_leads_to_its_ranking(site: SiteData) -> None:
    made = Pages(site)
    year = made.shown.year
    address = f"{year}/index.html"
    found = targets(address, body_of(made, address))
    assert {"index.html", "consortia.html", "years.html", "downloads.html"} <= found
    lasting = [a for m in volumes_of(site) for a in m.standing if a.endswith("/index.html")]
    assert sorted(lasting) == sorted(f"{y.results.year}/index.html" for y in site.years)


# --- the process -----------------------------------------------------------------------------


def steps(body: str) -> dict[str, str]:
    found = re.findall(
        r'<section class="ap-step"><h2 id="([^"]+)">(.*?)</section>', body, re.DOTALL
    )
    return dict(found)


def counts(section: str) -> dict[str, tuple[int, int]]:
    """Return so many of so many by the title of the row."""
    rows = table(section, "ap-counts")
    numbers = [[int(n) for n in re.findall(r"\d+", row[1])] for row in rows]
    return {row[0]: (n[0], n[1]) for row, n in zip(rows, numbers, strict=True)}


def test_the_process_has_its_steps_with_clauses_dates_and_counts(site: SiteData) -> None:
    made = Pages(site)
    found = steps(body_of(made, "process.html"))
    assert list(found) == ["self-assessment", "supervision", "debrief", "publicity", "decision"]
    posted = found.pop("publicity")
    assert "1月26日至2月1日" in "".join(text_of(posted).split())
    assert [*counts(posted).values()] == [(2, 3)]
    for section, clause in zip(found.values(), "一二三四", strict=True):
        assert f"第六条（{clause}）" in text_of(section)
    results = site.results
    text = text_of(found["self-assessment"])
    assert f"{results.period[0]} 至 {results.period[1]}" in text
    assert results.deadline in text
    unfiled = sum(b.status == Status.NOT_SUBMITTED for b in results.branches)
    count = len(results.branches)
    first = next(iter(counts(found["self-assessment"]).values()))
    assert first == (count - unfiled, count)
    for team in results.supervision:
        assert " → ".join(team.titles) in text_of(found["supervision"])


def test_another_document_is_not_cited(site: SiteData) -> None:
    assert site.evaluation.rubric is not None
    rubric = replace(site.evaluation.rubric, questions=())
    evaluation = replace(site.evaluation, rubric=rubric)
    other = replace(site, evaluation=evaluation, others=())
    assert "第六条" not in body_of(Pages(other), "process.html")


def test_what_is_open_is_counted_from_lines(site: SiteData) -> None:
    found = steps(body_of(Pages(site), "process.html"))
    branches = [b for b in site.results.branches if b.total is not None]
    bases = [line.basis for b in branches for line in b.criteria if line.criterion]
    certain = sum(b in {Basis.VERIFIED, Basis.COMPUTED, Basis.NOT_APPLICABLE} for b in bases)
    rows = table(found["decision"], "ap-counts")
    assert rows[0][1].replace(" ", "") == f"{certain}/{len(bases)}"
    claimed, pending = bases.count(Basis.CLAIMED), bases.count(Basis.PENDING)
    assert rows[0][3] == f"自评待核定 {claimed} 项，未评 {pending} 项"
    by_ballot = {
        c.id for _, c in site.rubric.criteria.values() if type(c.method).__name__ == "Ballot"
    }
    assert by_ballot
    lines = [line for b in branches for line in b.criteria if line.criterion in by_ballot]
    missing = sum(line.basis is Basis.PENDING for line in lines)
    assert missing
    debrief = next(iter(counts(found["debrief"]).values()))
    assert debrief == (len(branches) - missing, len(branches))
    questions = site.rubric.questions
    row = next(row for row in rows if row[0].startswith("已决定的待定事项"))
    left = len(site.rubric.open_questions)
    assert row[1].replace(" ", "") == f"{len(questions) - left}/{len(questions)}"


def test_questions_stand_at_the_step_of_their_clause(site: SiteData) -> None:
    found = steps(body_of(Pages(site), "process.html"))
    del found["publicity"]
    seen = 0
    for number, section in zip("一二三四", found.values(), strict=True):
        own = [q for q in site.rubric.questions if q.clause == f"第六条（{number}）"]
        linked = re.findall(r'questions\.html#([^"]+)"', section)
        assert linked == [q.id for q in own]
        seen += len(own)
    assert seen


def test_a_finished_year_has_nothing_open_but_what_is_missing(site: SiteData) -> None:
    past = replace(final_year(site), prefix="", others=())
    found = steps(body_of(Pages(past), "process.html"))
    decision = text_of(found["decision"])
    for value in past.results.decision.values():
        assert value in decision
    assert "没有未办事项" in decision
    assert counts(found["decision"])["党委的决定"] == (1, 1)


def test_no_branch_no_team_no_ballot(site: SiteData) -> None:
    made = changed(site, replace(site.results, branches=(), supervision=(), deadline=""))
    found = steps(body_of(made, "process.html"))
    assert next(iter(counts(found["self-assessment"]).values())) == (0, 0)
    assert "没有可以计数的事项" in text_of(found["supervision"])


# --- data and recomputation ------------------------------------------------------------------


def clean(site: SiteData) -> SiteData:
    """Return the site as of a commit without changes beside it."""
    source = Source(COMMIT, dirty=False, date="2026-01-12T10:00:00+00:00")
    results = replace(site.results, source=source)
    return replace(site, evaluation=replace(site.evaluation, results=results))


def commands(body: str) -> list[str]:
    found = re.findall(r"<pre><code>(.*?)</code></pre>", body, re.DOTALL)
    return [line for block in found for line in Page(block).text.splitlines() if line]


def test_provenance_names_commit_rubric_digest_and_program(site: SiteData) -> None:
    from generator import __version__

    body = str(Pages(clean(site)).downloads("sha256:abc").body)
    text = text_of(body)
    for word in (COMMIT, "2026-01-12", site.results.rubric_sha256, "sha256:abc", __version__):
        assert word in text
    assert f"git checkout {COMMIT}" in commands(body)
    year = final_year(site)
    frozen = json.loads((year.root / f"committee/{year.results.year}/results.json").read_text())
    assert frozen["source"]["seal"] in text
    assert frozen["digest"] in text


@pytest.mark.slow
def test_the_commands_work_and_give_the_digest_on_the_page(site: SiteData, tmp_path: Path) -> None:
    digest = to_json(site.results)["digest"]
    told = commands(str(Pages(clean(site)).downloads(digest).body))
    prefix = ".venv/bin/appraise "
    score = next(c for c in told if c.startswith(f"{prefix}score"))
    line, _, target = score.removeprefix(prefix).partition(" > ")
    assert f"--as-of {site.results.as_of} " in line
    assert f"数据截至 {site.results.as_of}。" in Pages(clean(site)).frame("index.html").banner
    done = appraise(*shlex.split(line), root=PROGRAM)
    (tmp_path / target).write_text(done.stdout, "utf-8")
    show = next(c for c in told if c.startswith("python3 -c"))
    shown = run([sys.executable, *shlex.split(show)[1:]], tmp_path)
    assert shown.strip() == digest
    for verify in (c for c in told if c.startswith(f"{prefix}verify")):
        assert appraise(*shlex.split(verify.removeprefix(prefix)), root=PROGRAM).exit_code == 0
    checks = [c for c in told if "verify_results.py" in c]
    assert len(checks) == 2
    for check in checks[:-1]:
        assert run([sys.executable, *shlex.split(check)[1:]], PROGRAM)
    year = final_year(site).results.year
    for path in (f"committee/{year}/results.json", f"committee/{year}/rubric.yml"):
        shutil.copy(PROGRAM / path, tmp_path)
    shutil.copy(PROGRAM / "tools/verify_results.py", tmp_path)
    assert run([sys.executable, *shlex.split(checks[-1])[1:]], tmp_path)


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_what_cannot_be_recomputed_is_said(site: SiteData) -> None:
    for source, words in (
        (Source(COMMIT, dirty=True, date="2026-01-12"), "别人不能从这个提交版本算出同样的结果"),
        (Source(), "没有 git 历史"),
        (Source(), "不能由别人复算"),
    ):
        results = replace(site.results, source=source)
        text = text_of(str(changed(site, results).downloads("sha256:abc").body))
        assert words in text
        assert "git checkout" not in text


def test_every_file_is_listed_at_its_address(
    site: SiteData, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Pages(site)
    found = targets("downloads.html", str(made.downloads("x").body))
    wanted = {f.address for year in site.years for f in files_of(year)}
    assert {a for a in wanted if "/" not in a or a.split("/")[0].isdigit()} <= found
    assert len(wanted) > 4
    added = [GeneratedFile("feed.atom", list), GeneratedFile("other.xyz", list)]
    added += [GeneratedFile(f"badges/{n}.svg", list) for n in range(300)]
    monkeypatch.setattr(downloads_page, "files_of", lambda _: added)
    body = str(made.downloads("x").body)
    assert {"feed.atom", "other.xyz", "badges/0.svg"} <= targets("downloads.html", body)
    assert "badges/1.svg" not in body
    assert "300 个文件" in text_of(body)


def test_files_of_one_folder_and_kind_are_one_line() -> None:
    found = lines_of("2024/", ["2024/a.csv", "2024/x/1.svg", "2024/x/2.svg", "2024/x/2.png"])
    assert [(f.address, f.name, f.count) for f in found] == [
        ("2024/a.csv", "a.csv", 1),
        ("2024/x/1.svg", "x/*.svg", 2),
        ("2024/x/2.png", "x/*.png", 1),
    ]
