"""Accepted findings: shown as accepted, no error, and nothing counts otherwise but E014."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import Evaluation, evaluate
from generator.files.tree import WorkingTree
from generator.formats.received import ACCEPTABLE
from generator.proposals.impact import assess
from generator.reports.findings import as_github, as_sarif, as_text, findings_json
from generator.reports.impact.comment import as_markdown
from generator.results.audience import INTERNAL, PUBLIC
from generator.results.document import to_json
from generator.results.frozen import frozen_bytes, load_document, read_results, sealed
from generator.site.data.years import assembled, evaluated
from generator.text.codes import CODES
from generator.text.findings import Severity
from tests.gitrepo import GitRepo, blob_id
from tests.site_bodies import site_pages
from tests.support import BASE, appraise, end_year, write
from tests.test_site_pages import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

YEAR = 2025
LIST = f"committee/{YEAR}/accepted.yml"
PLANS = tuple(f"branches/demo-{x}/{YEAR}/documents/plan/plan.md" for x in "ab")
RECORDS = tuple(f"branches/demo-{x}/{YEAR}/documents/plan/document.yml" for x in "ab")
TEXT = "上级发来的通知\n".encode()
REASON = "上级发来的同一份通知"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in which two branches file the same notice as their plan."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for path in PLANS:
        write(tmp_path / path, TEXT)
    return tmp_path


def accept(root: Path, *entries: str) -> None:
    write(root / LIST, "".join(f"- {{{entry}}}\n" for entry in entries).encode())


def found(root: Path) -> Evaluation:
    return evaluate(WorkingTree(root), YEAR)


def told(evaluation: Evaluation) -> list[tuple[str, str, str]]:
    return [(f.severity.value, f.code, f.path) for f in evaluation.findings]


def test_a_shared_file_is_accepted_wherever_it_is_used(root: Path) -> None:
    assert told(found(root)) == [("error", "E005", path) for path in RECORDS]
    accept(
        root, f"code: E005, digest: {blob_id(TEXT)}, reason: {REASON}, by: 办公室, date: 2025-12-23"
    )
    evaluation = found(root)
    assert told(evaluation) == [("accepted", "E005", path) for path in RECORDS]
    assert evaluation.errors == 0
    for finding in evaluation.findings:
        assert finding.accepted == (REASON, "办公室", "2025-12-23")
    checked = appraise("check", root=root)
    assert checked.exit_code == 0
    assert checked.stdout.count(": accepted E005 ") == 2
    assert checked.stdout.count(f"    党委 2025-12-23 已接受：{REASON}\n") == 2
    assert "错误 0，警告 0，提示 0，党委已接受 2" in checked.stderr


@pytest.mark.parametrize("path", [PLANS[0], RECORDS[0]])
def test_a_path_accepts_one_place(root: Path, path: str) -> None:
    accept(root, f"code: E005, path: {path}, reason: {REASON}")
    assert told(found(root)) == [("accepted", "E005", RECORDS[0]), ("error", "E005", RECORDS[1])]


def test_no_figure_changes(root: Path) -> None:
    before = to_json_of(found(root))
    accept(root, f"code: E005, digest: {blob_id(TEXT)}, reason: {REASON}")
    after = to_json_of(found(root))
    assert after.pop("accepted")
    for document in (before, after):
        document.pop("digest")
    assert after == before


def to_json_of(evaluation: Evaluation) -> dict[str, Any]:
    assert evaluation.results is not None
    return to_json(evaluation.results)


def test_every_format_shows_it_as_accepted(root: Path) -> None:
    accept(
        root, f"code: E005, digest: {blob_id(TEXT)}, reason: {REASON}, by: 办公室, date: 2025-12-23"
    )
    findings = found(root).findings
    assert ": accepted E005 " in as_text(findings)
    for entry in json.loads(findings_json(findings, 1))["findings"]:
        assert entry["severity"] == "accepted"
        assert entry["accepted"] == {"reason": REASON, "by": "办公室", "date": "2025-12-23"}
    (run,) = json.loads(as_sarif(findings))["runs"]
    for result in run["results"]:
        (suppression,) = result["suppressions"]
        assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
        assert suppression["justification"] == REASON
        assert result["level"] == "note"
    for line in as_github(findings).splitlines():
        assert line.startswith("::notice ")
        assert REASON in line


def test_the_results_hold_what_is_accepted(root: Path) -> None:
    accept(root, f"code: E005, digest: {blob_id(TEXT)}, reason: {REASON}, date: 2025-12-23")
    results = found(root).results
    assert results is not None
    document = sealed(results)
    assert [(e["branch"], e["code"], e["path"], e["reason"]) for e in document["accepted"]] == [
        (name, "E005", path, REASON)
        for name, path in zip(("demo-a", "demo-b"), RECORDS, strict=True)
    ]
    again = to_json(read_results(load_document(frozen_bytes(document))))
    again["source"]["seal"] = document["source"]["seal"]
    assert frozen_bytes(again) == frozen_bytes(document)


def swollen() -> bytes:
    """Return a small workbook that unpacks to more than anybody will open."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return data.getvalue()


def with_workbook(root: Path) -> str:
    """Let the plan of a branch be a workbook that unpacks to too much; return its path."""
    shutil.rmtree(root / PLANS[1].rpartition("/")[0])
    path = PLANS[0].replace("plan.md", "plan.xlsx")
    (root / PLANS[0]).unlink()
    write(root / path, swollen())
    record = root / RECORDS[0]
    record.write_text(record.read_text("utf-8").replace("plan.md", "plan.xlsx"), "utf-8")
    return path


def counted(evaluation: Evaluation) -> bool:
    assert evaluation.results is not None
    records = evaluation.results.branch("demo-a").records
    record = next(r for r in records if r.path.endswith("documents/plan"))
    (file,) = record.files
    return file.usable


def test_what_unpacks_to_too_much_counts_where_that_is_accepted(root: Path) -> None:
    path = with_workbook(root)
    data = (root / path).read_bytes()
    before = found(root)
    assert ("error", "E014", path) in told(before)
    assert not counted(before)
    for about in (f"digest: {blob_id(data)}", f"path: {path}"):
        accept(root, f"code: E014, {about}, reason: 历年汇总表")
        after = found(root)
        assert ("accepted", "E014", path) in told(after)
        assert counted(after)
    for other in ("code: E005", "code: E016"):
        accept(root, f"{other}, path: {path}, reason: 历年汇总表")
        assert not counted(found(root))


def test_nothing_but_the_list_can_be_accepted(root: Path) -> None:
    """Any other finding is one in the file itself."""
    for code in CODES:
        accept(root, f"code: {code}, digest: {blob_id(TEXT)}, reason: {REASON}")
        refused = [f for f in found(root).findings if f.path == LIST]
        assert bool(refused) == (code not in ACCEPTABLE), code
        assert all(f.code == "S005" and f.severity is Severity.ERROR for f in refused)
    assert ACCEPTABLE == ("E005", "E010", "E014", "E016", "E017")


def test_another_content_is_not_accepted(root: Path) -> None:
    accept(root, f"code: E005, digest: {blob_id(b'x')}, reason: {REASON}")
    evaluation = found(root)
    assert [(s, c) for s, c, path in told(evaluation) if path in RECORDS] == [("error", "E005")] * 2
    assert ("warning", "C013", LIST) in told(evaluation)


@pytest.mark.parametrize(
    ("about", "there"),
    [
        (f"path: {PLANS[0]}", True),
        (f"path: {RECORDS[0]}", True),
        (f"digest: {blob_id(TEXT)}", True),
        (f"digest: {'0' * 40}", False),
        ("path: branches/demo-a/2025/documents/plan", False),
        ("path: branches/demo-a/2025/documents/plan/other.md", False),
        ("path: branches/demo-x/2025/documents/plan/plan.md", False),
        ("path: branches/demo-a/2024/documents/plan/plan.md", False),
        ("path: committee/2025/debrief.yml", False),
        ("path: ../../etc/passwd", False),
    ],
)
def test_an_entry_names_what_is_there(root: Path, about: str, there: bool) -> None:
    accept(root, f"code: E016, {about}, reason: {REASON}")
    warned = [f for f in found(root).findings if f.code == "C013"]
    assert bool(warned) != there
    assert all((f.severity, f.path) == ("warning", LIST) for f in warned)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("code: E005, reason: x", "S001"),
        (f"code: E005, digest: {'0' * 40}, path: x, reason: x", "S003"),
        (f"code: E005, path: {PLANS[0]}", "S001"),
        (f"path: {PLANS[0]}, reason: x", "S001"),
        ("code: E005, digest: 12, reason: x", "S003"),
        (f"code: E005, digest: {'A' * 40}, reason: x", "S003"),
        (f"code: [E005], path: {PLANS[0]}, reason: x", "S003"),
        (f"code: E005, path: [{PLANS[0]}], reason: x", "S003"),
        (f"code: E005, path: {PLANS[0]}, reason: x, date: 昨天", "S003"),
        (f"code: E005, path: {PLANS[0]}, reason: x, who: y", "S002"),
    ],
)
def test_an_entry_at_fault_accepts_nothing(root: Path, entry: str, code: str) -> None:
    accept(root, entry)
    evaluation = found(root)
    assert code in {f.code for f in evaluation.findings if f.path == LIST}
    assert ("accepted", "E005", RECORDS[0]) not in told(evaluation)


@pytest.mark.parametrize("text", ["", "x", "1", "{}", "[]", "[[]]", "- 1", "- [1]", "a: [", "null"])
def test_any_shape_of_the_file_is_harmless(root: Path, text: str) -> None:
    write(root / LIST, text.encode())
    evaluation = found(root)
    assert ("error", "E005", RECORDS[0]) in told(evaluation)


def test_of_entries_about_the_same_the_first_counts(root: Path) -> None:
    same = f"code: E005, digest: {blob_id(TEXT)}"
    accept(root, f"{same}, reason: 第一条", f"{same}, reason: 第二条")
    assert {f.accepted.reason for f in found(root).findings if f.accepted} == {"第一条"}


def test_what_is_accepted_is_nothing_that_a_branch_lacks(root: Path) -> None:
    before = appraise("check", "demo-a", root=root).stdout
    accept(root, f"code: E005, digest: {blob_id(TEXT)}, reason: {REASON}")
    after = appraise("check", "demo-a", root=root).stdout
    assert (before.count("E005"), after.count("E005")) == (2, 1)
    assert "accepted E005" in after


def test_impact_names_what_is_accepted_and_what_no_longer_is(root: Path) -> None:
    repo = GitRepo(root, base=False)
    repo.commit("shared")
    entry = f"- {{code: E005, digest: {blob_id(TEXT)}, reason: {REASON}, date: 2025-12-23}}\n"
    head = repo.change({LIST: entry})
    for ranks in (True, False):
        (year,) = assess(root, "main", head, ranks=ranks).years
        assert [f.severity for f in year.fixed if f.code == "E005"] == ["error"] * 2
        assert [f.severity for f in year.new if f.code == "E005"] == ["accepted"] * 2
    text = as_markdown(assess(root, "main", head))
    assert f"党委 2025-12-23 已接受：{REASON}" in text
    repo.git("checkout", "--quiet", "-B", "main", head)
    found = assess(root, "main", repo.change({LIST: None}))
    assert found.errors == 2


def test_cards_show_it_as_accepted_before_and_after_the_end(root: Path) -> None:
    accept(
        root, f"code: E005, digest: {blob_id(TEXT)}, reason: {REASON}, by: 办公室, date: 2025-12-23"
    )
    repo = GitRepo(root, base=False)
    repo.commit("accepted")

    def card() -> str:
        found = evaluated(root, "zh")
        bodies = []
        for publish in (INTERNAL, PUBLIC):
            site = assembled(root, TEMPLATES, found.years, found.frozen, publish)
            pages = {page.address: f"{page.body}" for page in site_pages(site)}
            bodies.append(pages[f"{YEAR}/branches/demo-a.html"].replace("\u00a0", " "))
        assert 'id="accepted"' not in bodies[1], "findings on files are not public"
        assert REASON not in bodies[1]
        return bodies[0]

    before = card()
    end_year(root)
    repo.commit("final")
    done = appraise("finalize", str(YEAR), root=root)
    assert done.exit_code == 0, done.output
    repo.commit("frozen")
    for body in (before, card()):
        said = body[body.index('id="accepted"') :]
        assert "E005" in said
        assert REASON in said
        assert "2025-12-23" in said
    assert appraise("verify", str(YEAR), root=root).exit_code == 0
