"""What branches still lack: exactly what lines and findings say, sorted by who can act."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from generator.reports.left import lacks
from generator.results.audience import INTERNAL
from generator.rubric.methods.parts import Parts
from generator.scoring.scorecard import Basis, Status
from generator.site.addresses import branch_address
from generator.site.build.producing import volumes_of
from generator.site.build.volume import Pages
from generator.site.work.lacking import Register
from generator.text.findings import Finding, Severity
from generator.text.privacy import NO_TEXT, masked
from tests.sites import in_stage
from tests.test_site_directory import BODY, changed, targets, text_of
from tests.test_site_pages import HOSTILE, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.results.model import BranchResult
    from generator.rubric.document import Criterion
    from generator.scoring.scorecard import Line
    from generator.site.data.figures import Row
    from generator.site.data.years import SiteData

BLANK, LOST, FILES, WAITING = "没有自评或佐证", "按现有材料失分", "文件中的问题", "待党委"
OVER = "不能再补的失分"


@pytest.fixture(scope="module")
def site(site: SiteData) -> SiteData:
    """Return the sample while it was reviewed: what is handed in late may still count."""
    return replace(in_stage(site, "review"), publish=INTERNAL)


def sheets(made: Pages) -> dict[str, str]:
    return {a: str(make().body) for a, make in made.standing.items() if a.startswith("lacking")}


def sections(body: str) -> dict[str, str]:
    """Return what a page says of each branch, by id."""
    found = re.findall(
        r'<section class="ap-lack"><h3 id="([^"]+)">(.*?)</section>', body, re.DOTALL
    )
    return dict(found)


def listed(section: str) -> dict[str, list[tuple[str, str]]]:
    """Return title and reason of the items of a branch, by the heading above them."""
    groups = re.findall(r'<h4>(.*?)</h4>\s*<ul class="ap-items">(.*?)</ul>', section, re.DOTALL)
    return {
        heading: [
            (text_of(title), text_of(reason).removeprefix("为什么：").strip())
            for title, reason in re.findall(
                r'<li><a href="[^"]*">(.*?)</a>.*?<span class="ap-reason">(.*?)</span>'
                r'(?:<span class="ap-how">怎么办：.*?</span>)?</li>',
                items,
                re.DOTALL,
            )
        ]
        for heading, items in groups
    }


def by_ballot(criterion: Criterion) -> bool:
    return type(criterion.method).__name__ == "Ballot"


def wanted(site: SiteData, branch: BranchResult) -> dict[str, list[str]]:
    """Return the titles that each heading must have, told from lines and findings."""
    found: dict[str, list[str]] = {BLANK: [], LOST: [], FILES: [], OVER: [], WAITING: []}
    for line in branch.criteria:
        if line.criterion is not None:
            group = group_of(line, site.rubric.criteria[line.criterion][1])
            if group:
                found[group].append(str(line.title))
    found[WAITING] += [line.title for line in branch.bonus_lines if line.status == "claimed"]
    for finding in site.evaluation.findings:
        missing = finding.code[0] in "YSE" and finding.code != "E011"
        if finding.branch == branch.id and missing and finding.severity != "notice":
            found[FILES].append(finding.code)
    return {heading: titles for heading, titles in found.items() if titles}


def group_of(line: Line, criterion: Criterion) -> str:
    if line.basis is Basis.CLAIMED:
        asked = criterion.evidence is not None
        return BLANK if asked and not line.evidence else WAITING
    if line.basis is Basis.PENDING:
        applies_not = line.claimed is None and line.statement
        return WAITING if applies_not or by_ballot(criterion) else BLANK
    short = line.points is not None and line.max is not None and line.points < line.max
    if line.basis is not Basis.COMPUTED or not short or by_ballot(criterion):
        return ""
    return OVER if is_past(criterion) else LOST


def is_past(criterion: Criterion) -> bool:
    """Whether the day of receipt alone decides, which nothing that is handed in can change."""
    return "received" in getattr(getattr(criterion.method, "having", None), "fields", ())


def repeats(reason: str, whole: str) -> bool:
    """Whether every condition of a short reason stands in the whole one, its part's title apart."""
    pieces = reason.removesuffix("，没有佐证").split("；")
    return all(piece in whole or piece.partition("：")[2] in whole for piece in pieces)


def test_every_branch_lacks_exactly_what_lines_and_findings_say(site: SiteData) -> None:
    found = sections(sheets(Pages(site))["lacking.html"])
    assert sorted(found) == sorted(b.id for b in site.results.branches)
    seen: Counter[str] = Counter()
    for branch in site.results.branches:
        expected = wanted(site, branch)
        shown = listed(found[branch.id])
        titles = {heading: [title for title, _ in items] for heading, items in shown.items()}
        if FILES in titles:
            titles[FILES] = [title.split()[0] for title in titles[FILES]]
        assert titles == expected, branch.id
        seen.update({heading: len(items) for heading, items in titles.items()})
        reasons = {str(line.title): str(line.reason) for line in branch.criteria}
        for heading in (BLANK, LOST):
            for title, reason in shown.get(heading, ()):
                assert repeats(reason, reasons[title]), reason
    assert min(seen[BLANK], seen[LOST], seen[WAITING]) > 5
    assert seen[OVER]


def test_a_branch_that_lacks_nothing_says_so_and_no_other(site: SiteData) -> None:
    found = sections(sheets(Pages(site))["lacking.html"])
    complete = 0
    for branch in site.results.branches:
        mine = {h for h in wanted(site, branch) if h not in {OVER, WAITING}}
        whole = not mine and branch.total is not None
        assert ("没有缺项" in text_of(found[branch.id])) == whole, branch.id
        complete += whole
    assert 0 < complete < len(found)


def test_while_results_are_posted_no_branch_is_asked_for_more(site: SiteData) -> None:
    posted = in_stage(site, "publicity")
    body = sheets(Pages(posted))["lacking.html"]
    assert "不再收材料" in text_of(body)
    silent = 0
    for branch in posted.results.branches:
        section = sections(body)[branch.id]
        assert not {LOST, FILES} & set(listed(section))
        assert "可以补" not in text_of(section)
        nothing = not wanted(site, branch) and branch.total is not None
        assert ("没有要列出的小项" in text_of(section)) == nothing, branch.id
        silent += nothing
    assert silent


def test_what_filed_nothing_says_so_and_lists_no_criterion(site: SiteData) -> None:
    found = sections(sheets(Pages(site))["lacking.html"])
    unfiled = [b for b in site.results.branches if b.status == Status.NOT_SUBMITTED]
    assert unfiled
    for branch in unfiled:
        assert "还没有报送任何材料" in text_of(found[branch.id])
        assert set(listed(found[branch.id])) <= {WAITING}
    for branch in site.results.branches:
        if branch not in unfiled:
            assert "还没有报送任何材料" not in text_of(found[branch.id])


def test_what_cannot_be_read_says_so(site: SiteData) -> None:
    first = site.results.branches[0]
    broken = replace(first, status=Status.UNREADABLE, total=None, packed=b"", vetoes=())
    made = changed(site, replace(site.results, branches=(broken,)))
    section = text_of(sections(sheets(made)["lacking.html"])[first.id])
    assert "都不能读取" in section
    assert "没有缺项" not in section


def finding(branch: str, code: str, severity: Severity, words: str) -> Finding:
    path = f"branches/{branch}/2025/self-assessment.yml"
    return Finding(code, severity, path, 7, 1, "", words, "", branch, 2025)


def with_findings(site: SiteData, *found: Finding) -> Pages:
    evaluation = replace(site.evaluation, findings=[*found])
    return Pages(replace(site, evaluation=evaluation, others=()))


def test_findings_about_files_are_listed_with_their_place(site: SiteData) -> None:
    branch = site.results.branches[0].id
    made = with_findings(
        site,
        finding(branch, "E001", Severity.ERROR, f"甲 {HOSTILE}"),
        finding(branch, "E002", Severity.WARNING, "乙"),
        finding(branch, "E011", Severity.WARNING, "丙"),
        finding(branch, "E012", Severity.NOTICE, "丁"),
        finding(branch, "C001", Severity.ERROR, "戊"),
        finding(site.results.branches[1].id, "E004", Severity.ERROR, "己"),
    )
    body = sheets(made)["lacking.html"]
    assert not Page(body).tags & {"script", "img"}
    items = listed(sections(body)[branch])[FILES]
    place = f"branches/{branch}/2025/self-assessment.yml:7"
    assert [reason for _, reason in items] == [f"甲 {HOSTILE}（{place}）", f"乙（{place}）"]
    assert [title.split()[0] for title, _ in items] == ["E001", "E002"]


def test_more_findings_than_a_few_are_counted(site: SiteData) -> None:
    branch = site.results.branches[0].id
    many = [finding(branch, "E001", Severity.ERROR, f"第{n}处") for n in range(lacks.FINDINGS + 3)]
    section = sections(sheets(with_findings(site, *many))["lacking.html"])[branch]
    assert len(listed(section)[FILES]) == lacks.FINDINGS
    assert "另有 3 个问题" in text_of(section)


def test_parts_are_mended_where_records_count_and_not_where_ballots_do(site: SiteData) -> None:
    _, criterion = next(
        pair for pair in site.rubric.criteria.values() if isinstance(pair[1].method, Parts)
    )
    names = [part.id for part in criterion.parts]
    line = site.results.branches[0].criteria[0]
    full = [replace(line, part=name, points=Decimal(1), max=Decimal(1)) for name in names]
    short = [replace(full[0], points=None), *full[1:]]
    assert lacks.mendable(line, short, criterion)
    assert not lacks.mendable(line, full, criterion)


def test_the_deadline_is_a_date_and_is_not_counted_down(site: SiteData) -> None:
    text = text_of(sheets(Pages(site))["lacking.html"])
    assert site.results.deadline
    assert f"自评截止日期是 {site.results.deadline}" in text
    assert "天" not in re.sub(r"共 \d+ 天|以 \d+ 天为限|迟 \d+ 天", "", text)


def test_final_years_lack_nothing(site: SiteData) -> None:
    (past,) = (made for made in volumes_of(site) if made.site.evaluation.frozen)
    assert [address for address in past.standing if "lacking" in address] == []
    final = changed(site, replace(site.results, stage="final"))
    assert not sheets(final)
    assert "lacking.html" not in str(final.standing["process.html"]().body)
    assert "lacking.html" in targets("", str(Pages(site).standing["process.html"]().body))


def test_no_branch_has_words(site: SiteData) -> None:
    made = changed(site, replace(site.results, branches=()))
    assert "还没有党支部" in text_of(sheets(made)["lacking.html"])


def once(body: str, branches: Sequence[BranchResult]) -> list[BranchResult]:
    """Return one branch of each consortium on a page."""
    names = {b.id: b for b in branches}
    return list({names[n].consortium: names[n] for n in sections(body)}.values())


def order_of(bodies: Sequence[str]) -> list[str]:
    return [name for body in bodies for name in sections(body)]


@pytest.mark.slow
def test_many_branches_fill_several_pages_in_the_order_of_results(site: SiteData) -> None:
    filed = [b for b in site.results.branches if b.total is not None]
    branches = tuple(
        replace(
            filed[n % len(filed)],
            id=f"demo-{n:03d}",
            name=masked(f"第{n % 90:02d}党支部"),
            consortium=f"c-{n % 7}" if n % 8 else None,
            consortium_title=masked(f"联合体{n % 7}" if n % 8 else ""),
        )
        for n in range(400)
    )
    made = changed(site, replace(site.results, branches=branches))
    found = sheets(made)
    assert len(found) > 3
    order = sorted(branches, key=lambda b: (b.consortium or "~", b.rank is None))
    assert order_of(list(found.values())) == [b.id for b in order]
    first = found["lacking.html"]
    anchors = {address: Page(body).ids for address, body in found.items()}
    for address, body in found.items():
        assert len(body.encode()) < BODY
        assert len(anchors[address]) == len(set(anchors[address]))
        assert set(found) - {address} <= targets(address, body)
    places = {(t, a) for t, a in re.findall(r'href="([^"#]*)#(group_[^"]*)"', first)}
    for address, anchor in places:
        assert anchor in anchors[address or "lacking.html"]
    titles = re.findall(r'<h2 id="group_[^"]*">(.*?) <span', "".join(found.values()))
    first_of = [b for body in found.values() for b in once(body, branches)]
    expected = [b.consortium_title or "未加入联合体" for b in first_of]
    assert [title.removesuffix("（续）") for title in titles] == expected
    assert len({t for t in titles if not t.endswith("（续）")}) == 8
    assert {anchor for _, anchor in places} == {*(f"group_c-{n}" for n in range(7)), "group_"}


def mixed(site: SiteData, seed: int) -> SiteData:
    """Return the sample with consortia and states dealt out anew, in the order of results."""
    rng = random.Random(seed)
    states = (Status.VETOED, Status.NOT_SUBMITTED, Status.UNREADABLE)
    branches = [
        replace(b, consortium=rng.choice([None, "east", "north", "west"]), consortium_title=NO_TEXT)
        for b in site.results.branches
    ]
    rest = [
        replace(b, status=rng.choice(states).value, rank=None, rank_range=None)
        if rng.random() < 0.3
        else b
        for b in branches
    ]
    rest.sort(key=lambda b: (b.rank is None, b.rank or 0, b.id))
    return changed(site, replace(site.results, branches=tuple(rest))).site


@pytest.mark.parametrize("seed", range(50))
def test_the_order_is_that_of_the_lists_of_consortia(site: SiteData, seed: int) -> None:
    """Consortia and branches stand as in the list of each: ranked, then group by group."""
    made = Pages(mixed(site, seed))
    expected = [
        row.branch.id
        for listing in made.standings.consortia
        for row in listed_rows(made, listing.branches)
    ]
    assert [b.id for c in Register(made).contents for b in c.branches] == expected


def listed_rows(made: Pages, branches: Sequence[BranchResult]) -> list[Row]:
    """Return the rows of a list as its page shows them."""
    ranked = [b for b in branches if b.rank is not None]
    groups = made.standings.groups_of(branches, branches)
    return [*made.standings.rows_of(ranked), *(row for group in groups for row in group.rows)]


def test_branches_that_lack_nearly_everything_fill_no_page_too_far(site: SiteData) -> None:
    emptiest = max(site.results.branches, key=lambda b: len(wanted(site, b).get(BLANK, ())))
    assert len(wanted(site, emptiest)[BLANK]) > len(site.rubric.criteria) / 2
    branches = tuple(replace(emptiest, id=f"demo-{n:03d}") for n in range(150))
    found = sheets(changed(site, replace(site.results, branches=branches)))
    assert max(len(body.encode()) for body in found.values()) < BODY


def test_every_item_leads_to_its_line_on_the_scorecard(site: SiteData) -> None:
    body = sheets(Pages(site))["lacking.html"]
    made = Pages(site)
    for branch in site.results.branches[:3]:
        card = str(made.scorecard(branch).body)
        links = re.findall(r'<li><a href="([^"#]+)#([^"]+)"', sections(body)[branch.id])
        assert {address for address, _ in links} <= {branch_address(2025, branch)}
        assert {anchor for _, anchor in links} <= set(Page(card).ids)
