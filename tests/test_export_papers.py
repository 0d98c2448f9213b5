"""Papers: no fact that is not in the results, the page of the standard, templates of one's own."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn

from generator.exchange.papers import ballots, debrief, form, letter, notice
from generator.exchange.papers.paper import TemplateError, day_words
from generator.results.packed import pack
from generator.scoring.scorecard import Basis
from generator.text.language import speaking
from generator.text.privacy import masked
from tests.naive.repositories import make_repository
from tests.support import appraise
from tests.test_export_books import evaluated
from tests.tiers import tiered

if TYPE_CHECKING:
    from docx.document import Document

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric

ROOT = Path(__file__).resolve().parent.parent
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def year() -> tuple[Results, Rubric]:
    return evaluated(ROOT, 2024)


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def texts(data: bytes) -> list[str]:
    """Return the paragraphs of a paper, and of its tables."""
    document = opened(data)
    return [p.text for p in document.paragraphs]


def rows(data: bytes, number: int = 0) -> list[list[str]]:
    """Return the cells of a table without its head."""
    table = opened(data).tables[number]
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


def written(branch: BranchResult, places: int) -> list[str]:
    """Return a branch as the annex has it."""
    rank = "—" if branch.rank is None else f"{branch.rank}"
    total = "—" if branch.total is None else f"{float(branch.total):.{places}f}"
    return [rank, branch.name, total]


def check_notice(results: Results, rubric: Rubric) -> None:
    data = notice.notice(ROOT, results, rubric, draft=False)
    ranked = [b for b in results.branches if b.rank is not None]
    others = [b for b in results.branches if b.rank is None]
    annex = rows(data)
    assert [row[:3] for row in annex] == [written(b, rubric.places) for b in (*ranked, *others)]
    told = "\n".join(texts(data))
    for band in rubric.grades:
        own = [b.name for b in results.branches if b.grade == band.id]
        assert f"{band.title}（{len(own)}个）" in told
        assert ("、".join(own) + "。" if own else "无。") in told
    everywhere = re.findall(r"（(\d+)个）", told)
    assert sum(map(int, everywhere)) == len(results.branches)


def test_the_notice_tells_what_is_in_the_results(year: tuple[Results, Rubric]) -> None:
    check_notice(*year)


@pytest.mark.parametrize("seed", tiered(range(12), 2))
def test_random_papers_too(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed, flawed=False)
    results, rubric = evaluated(tmp_path)
    check_notice(results, rubric)
    branch = Random(seed).choice(results.branches)
    assert check_letter(results, rubric, branch) is not None
    check_form(results, rubric, branch)


def test_a_paper_names_the_commit_and_the_digest(year: tuple[Results, Rubric]) -> None:
    results, rubric = year
    branch = results.branches[0]
    made = (
        notice.notice(ROOT, results, rubric, draft=False),
        letter.letter(ROOT, results, rubric, branch, draft=False),
        form.form(ROOT, results, rubric, branch),
    )
    for data in made:
        last = texts(data)[-1]
        assert f"{results.source.commit}"[:12] in last
        assert re.search(r"sha256:[0-9a-f]{64}$", last)
        assert "{" not in "\n".join(texts(data))


def check_letter(results: Results, rubric: Rubric, branch: BranchResult) -> list[list[str]]:
    """Compare a letter with the results; return its rows."""
    data = letter.letter(ROOT, results, rubric, branch, draft=False)
    lost = [
        [f"{line.title}", *(f"{own:.{rubric.places}f}" for own in (line.points, line.max)),
         f"{line.reason}"]
        for line in branch.criteria
        if line.points is not None and line.max is not None and line.points < line.max
        and line.basis is not Basis.NOT_APPLICABLE
    ]  # fmt: skip
    found = rows(data) if lost else []
    assert sorted(found) == sorted(lost)
    told = "".join(texts(data))
    assert branch.name in told
    if branch.total is not None:
        assert f"{branch.total:.{rubric.places}f}" in told
    return found


def check_form(results: Results, rubric: Rubric, branch: BranchResult) -> None:
    """Compare a form with the results: each criterion, and what is claimed for it."""
    data = form.form(ROOT, results, rubric, branch)
    found = rows(data)
    lines = {line.criterion: line for line in branch.criteria}
    assert len(found) == len(rubric.criteria)
    for row, (name, (section, criterion)) in zip(found, rubric.criteria.items(), strict=True):
        assert row[0] == section.title
        assert criterion.title in row[1]
        line = lines.get(name)
        claimed = line.claimed if line else None
        if claimed is not None and line and line.basis is not Basis.NOT_APPLICABLE:
            assert row[3] == f"{claimed:.{rubric.places}f}"
    claims = [f"{line.matter}" for line in branch.bonus_lines]
    assert [row[2] for row in (rows(data, 1) if claims else [])] == claims


def test_a_letter_has_the_lost_points_with_their_reasons(year: tuple[Results, Rubric]) -> None:
    results, rubric = year
    branch = max(
        results.branches, key=lambda b: sum(line.points != line.max for line in b.criteria)
    )
    assert check_letter(results, rubric, branch)
    best = results.branches[0]
    full = letter.letter(ROOT, results, rubric, best, draft=True)
    assert "草稿" in opened(full).sections[0].header.paragraphs[0].text
    assert f"{best.name}：" in texts(full)


def test_a_letter_to_a_branch_without_a_result_says_nothing_of_lost_points(
    year: tuple[Results, Rubric],
) -> None:
    results, rubric = year
    nothing = next(b for b in results.branches if b.total is None)
    for lang, words in (("zh", "没有失分"), ("en", "No criterion lost")):
        with speaking(lang):
            told = "".join(texts(letter.letter(ROOT, results, rubric, nothing, draft=False)))
            full = replace(nothing, total=Decimal(100))
            other = "".join(texts(letter.letter(ROOT, results, rubric, full, draft=False)))
        assert words not in told
        assert words in other


def test_a_form_has_every_criterion_and_what_is_claimed(year: tuple[Results, Rubric]) -> None:
    check_form(*year, year[0].branches[0])


def test_a_ballot_paper_has_a_box_a_level_and_branch(year: tuple[Results, Rubric]) -> None:
    results, rubric = year
    found = rows(ballots.ballot_papers(ROOT, results, rubric))
    assert {row[1] for row in found} == {b.name for b in results.branches}
    assert {row[2].count("□") for row in found} == {len(rubric.ballot)}


def scored_rows(year: tuple[Results, Rubric], chosen: list[BranchResult]) -> list[list[str]]:
    scored = debrief.scored_by_ballots(year[1])
    assert scored is not None
    return rows(debrief.debrief_papers(ROOT, *year, scored, chosen))


def test_written_reports_are_scored_on_a_paper_of_their_own() -> None:
    """A row a branch without a score; what was filed, and points that stand, with the reason."""
    year = evaluated(ROOT, 2025)
    results, rubric = year
    scored = debrief.scored_by_ballots(rubric)
    assert scored is not None
    waiting = [*debrief.waiting(results, scored)]
    assert {b.id for b in waiting} == {
        b.id for b in results.branches
        if any(line.criterion == scored.criterion and line.points is None for line in b.lines)
    }  # fmt: skip
    assert waiting
    assert [row[1:] for row in scored_rows(year, waiting)] == [
        [branch.name, "没有报", "", ""]
        for branch in sorted(waiting, key=lambda b: (b.consortium_title, b.id))
    ]
    told = "".join(texts(debrief.debrief_papers(ROOT, results, rubric, scored, waiting)))
    assert f"最高{scored.points}分" in told
    own = next(b for b in results.branches if b.id == "demo-b")
    assert own.id not in {b.id for b in waiting}
    line = debrief.line_of(own, scored)
    assert line is not None
    kind = next(iter(scored.kinds))
    filed = [replace(own.records[0], kind=kind, title=masked("年度述职"), date="2025-12-08")]
    filed.append(replace(own.records[0], kind="plan"))
    packed = pack(own.lines, own.bonus_lines, filed)
    assert scored_rows(year, [replace(own, packed=packed)])[0][1:] == [
        own.name, "年度述职（2025年12月8日）", "4.50", f"{line.reason}"]  # fmt: skip


@pytest.mark.parametrize("seed", tiered(range(12), 1))
def test_random_papers_of_written_reports(seed: int, tmp_path: Path) -> None:
    """Ballots may score a part; the points that stand are those of the results."""
    make_repository(tmp_path, seed)
    year = evaluated(tmp_path)
    scored = debrief.scored_by_ballots(year[1])
    if scored is None:
        assert not any(c.takes_ballots for _, c in year[1].criteria.values())
        return
    branches = [*year[0].branches]
    points = [debrief.line_of(b, scored) for b in branches]
    expected = {
        b.name: "" if line is None or line.points is None else f"{line.points:.{year[1].places}f}"
        for b, line in zip(branches, points, strict=True)
    }
    assert {row[1]: row[3] for row in scored_rows(year, branches)} == expected


def test_a_paper_of_written_reports_says_what_it_cannot_do(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/cases/base", tmp_path / "repo")
    root, file = tmp_path / "repo", tmp_path / "b.docx"
    done = appraise("export", "debrief-papers", "demo-a", str(file), root=root)
    assert done.exit_code == 0, done.output
    assert [row[1] for row in rows(file.read_bytes())] == ["示例a党支部"]
    done = appraise("export", "debrief-papers", "nobody", str(tmp_path / "c.docx"), root=root)
    assert done.exit_code == 2
    assert "nobody" in done.output
    rubric = root / "rubric.yml"
    text = rubric.read_text("utf-8").replace("method: ballot", "method: judgement")
    rubric.write_text(text, "utf-8")
    done = appraise("export", "debrief-papers", str(tmp_path / "c.docx"), root=root)
    assert done.exit_code == 2
    assert "没有述职测评" in done.output


def test_the_page_is_that_of_the_standard() -> None:
    """GB/T 9704: A4, margins of 37, 35, 28 and 26 mm, 22 lines of 28 characters of 16 points."""
    document: Any = docx.Document(str(ROOT / "site_templates/office/notice.docx"))
    section = document.sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.bottom_margin,
             section.left_margin, section.right_margin]  # fmt: skip
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    style = document.styles["Normal"]
    pitch = style.paragraph_format.line_spacing
    high = section.page_height - section.top_margin - section.bottom_margin
    assert abs(22 * pitch - high) < 22 * 640  # a twentieth of a point a line, as Word keeps them
    assert 22 * pitch <= high
    assert style.font.size.pt == 16
    body = next(p for p in document.paragraphs if "{{ opening }}" in p.text).runs[0]
    closer = body._r.rPr.find(qn("w:spacing")).get(qn("w:val"))
    wide = (section.page_width - section.left_margin - section.right_margin) / 12_700
    assert 28 * (16 + int(closer) / 20) <= wide < 29 * (16 + int(closer) / 20)
    fonts = next(r.target_part for r in document.part.rels.values()
                 if r.reltype.endswith("/fontTable")).blob.decode()  # fmt: skip
    for name in ("仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"):
        assert re.search(rf'w:name="{name}"><w:altName', fonts)


def test_the_same_results_give_the_same_bytes(year: tuple[Results, Rubric]) -> None:
    made = {notice.notice(ROOT, *year, draft=False) for _ in range(2)}
    assert len(made) == 1


def test_a_template_that_a_clerk_changed_is_used(
    year: tuple[Results, Rubric], tmp_path: Path
) -> None:
    own = tmp_path / "site_templates" / "office"
    own.mkdir(parents=True)
    document = docx.Document(str(ROOT / "site_templates/office/notice.docx"))
    document.paragraphs[0].runs[0].text = "示例学会{{ number }}"
    document.save(str(own / "notice.docx"))
    told = texts(notice.notice(tmp_path, *year, draft=False))
    assert told[0] == f"示例学会{year[0].decision['notice']}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ nothing_of_the_kind }}", "nothing_of_the_kind"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "unsafe"),
        ("{{ year.__init__.__globals__ }}", "unsafe"),
        ("{% for x in %}", "notice.docx"),
        ("{{ '{0.__class__}'.format(year) }}", "unsafe"),
    ],
)
def test_a_template_shows_what_it_is_handed_and_does_nothing_else(
    text: str, words: str, year: tuple[Results, Rubric], tmp_path: Path
) -> None:
    own = tmp_path / "site_templates" / "office"
    own.mkdir(parents=True)
    document = docx.Document(str(ROOT / "site_templates/office/notice.docx"))
    document.paragraphs[0].runs[0].text = text
    document.save(str(own / "notice.docx"))
    with pytest.raises(TemplateError) as found:
        notice.notice(tmp_path, *year, draft=False)
    assert words in f"{found.value.words}"


def test_a_file_that_is_no_word_file_is_told(year: tuple[Results, Rubric], tmp_path: Path) -> None:
    own = tmp_path / "site_templates" / "office"
    own.mkdir(parents=True)
    for data in (b"", b"PK\x03\x04", "不是".encode()):
        (own / "notice.docx").write_bytes(data)
        with pytest.raises(TemplateError):
            notice.notice(tmp_path, *year, draft=False)


def test_english_papers_have_no_chinese_of_the_program(year: tuple[Results, Rubric]) -> None:
    results, rubric = year
    branch = results.branches[0]
    with speaking("en"):
        data = letter.letter(ROOT, results, rubric, branch, draft=False)
        paper = form.form(ROOT, results, rubric, branch)
        papers = ballots.ballot_papers(ROOT, results, rubric)
        scored = debrief.scored_by_ballots(rubric)
        assert scored is not None
        written = debrief.debrief_papers(ROOT, results, rubric, scored, [branch])
        chinese = notice.notice(ROOT, results, rubric, draft=False)
    assert texts(data)[0].startswith("Appraisal of")
    assert not HAN.search(
        texts(data)[0] + texts(paper)[0] + "".join(texts(papers) + texts(written))
    )
    assert "通报" in "".join(texts(chinese))


def test_the_notice_waits_for_the_end_of_the_year(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/cases/base", tmp_path / "repo")
    file = tmp_path / "n.docx"
    done = appraise("export", "notice", str(file), root=tmp_path / "repo")
    assert done.exit_code == 2
    assert "--draft" in done.output
    assert not file.exists()
    done = appraise("export", "notice", "--draft", str(file), root=tmp_path / "repo")
    assert done.exit_code == 0, done.output
    for part in opened(file.read_bytes()).sections:
        assert "草稿" in part.header.paragraphs[0].text
        assert "草稿" in part.even_page_header.paragraphs[0].text
    done = appraise("export", "letter", "demo-a", "nobody", str(tmp_path), root=tmp_path / "repo")
    assert done.exit_code == 2
    assert "nobody" in done.output


def test_a_notice_counts_as_many_grades_as_there_are(year: tuple[Results, Rubric]) -> None:
    results, rubric = year
    grades = tuple(
        replace(rubric.grades[0], id=f"g{n}", title=masked(f"第{n}等")) for n in range(1, 24)
    )
    told = "".join(texts(notice.notice(ROOT, results, replace(rubric, grades=grades), draft=False)))
    for numeral in (
        "（九）第9等",
        "（十）第10等",
        "（十一）第11等",
        "（二十）第20等",
        "（二十三）第23等",
    ):
        assert f"{numeral}（0个）" in told
    ungraded = sum(map(int, re.findall(r"（(\d+)个）", told)))
    assert ungraded == len(results.branches)


def test_days_are_written_as_papers_do() -> None:
    assert day_words("2026-01-05") == "2026年1月5日"
    assert day_words("") == ""
