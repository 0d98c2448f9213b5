"""A final year: frozen once, read from its results alone, proved anew from its commit."""

from __future__ import annotations

import json
import random
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.files.writing import write_whole
from generator.results.audience import INTERNAL
from generator.results.differing import differences
from generator.results.document import digest_of, dump, dump_parts, to_json
from generator.results.frozen import (
    frozen_bytes,
    load_document,
    problems,
    read_results,
    sealed,
)
from generator.site.data.years import load_site
from generator.text.numbers import read_json
from tests.gitrepo import GitRepo
from tests.naive.repositories import make_repository
from tests.site_bodies import site_files, site_pages
from tests.support import appraise, end_year
from tests.test_site_pages import TEMPLATES
from tests.tiers import tiered
from tools import verify_results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

YEAR = 2025
RESULTS = f"committee/{YEAR}/results.json"
RUBRIC = f"committee/{YEAR}/rubric.yml"
APPRAISAL = f"committee/{YEAR}/appraisal.yml"


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A repository whose year is ready to be frozen, made once."""
    repo = GitRepo(tmp_path_factory.mktemp("ended"))
    end_year(repo.root)
    repo.commit("final")
    return repo


@pytest.fixture(scope="module")
def finalized(ended: GitRepo, tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A repository with a frozen year, made once."""
    repo = ended.copy(tmp_path_factory.mktemp("frozen"))
    done = appraise("finalize", str(YEAR), root=repo.root)
    assert done.exit_code == 0, done.output
    repo.commit("frozen")
    return repo


@pytest.fixture
def repo(ended: GitRepo, tmp_path: Path) -> GitRepo:
    """A repository whose year is ready to be frozen."""
    return ended.copy(tmp_path)


@pytest.fixture
def frozen(finalized: GitRepo, tmp_path: Path) -> GitRepo:
    """A repository with a frozen year."""
    return finalized.copy(tmp_path)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def forged(repo: GitRepo, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the frozen results and seal them anew, as only the committee could."""
    path = repo.root / RESULTS
    document = load_document(path.read_bytes())
    change(document)
    document["digest"] = digest_of(document)
    results = read_results(document)
    again = sealed(results)
    path.write_bytes(frozen_bytes(again))


def test_finalize_refuses_while_an_error_stands(repo: GitRepo) -> None:
    edit(repo.root / "rubric.yml", "decided_by: 示例党委", "decided_by: null")
    repo.commit()
    result = appraise("finalize", str(YEAR), root=repo.root)
    assert result.exit_code == 1
    assert "error C003" in result.stderr
    assert "不能定稿" in result.stderr
    assert not (repo.root / RESULTS).exists()
    assert not (repo.root / RUBRIC).exists()


def test_finalize_asks_for_stage_final(repo: GitRepo) -> None:
    edit(repo.root / APPRAISAL, "stage: final", "stage: review")
    repo.commit()
    result = appraise("finalize", str(YEAR), root=repo.root)
    assert (result.exit_code, (repo.root / RESULTS).exists()) == (2, False)
    assert "把 stage 改为 final" in result.stderr


def test_finalize_asks_for_a_commit(repo: GitRepo) -> None:
    edit(repo.root / APPRAISAL, "stage: final", "stage: final   # x")
    result = appraise("finalize", str(YEAR), root=repo.root)
    assert (result.exit_code, (repo.root / RESULTS).exists()) == (2, False)
    assert "git commit" in result.stderr


def test_a_frozen_file_names_its_commit_and_rubric(repo: GitRepo) -> None:
    commit = repo.git("rev-parse", "HEAD")
    before = read_json(appraise("score", "--format", "json", root=repo.root).stdout)
    appraise("finalize", str(YEAR), root=repo.root)
    document = load_document((repo.root / RESULTS).read_bytes())
    assert document["source"]["commit"] == commit
    assert document["source"]["dirty"] is False
    assert document["branches"] == before["branches"]
    assert document["digest"] == before["digest"]
    assert (repo.root / RUBRIC).read_bytes() == (repo.root / "rubric.yml").read_bytes()
    left = [p.name for p in (repo.root / f"committee/{YEAR}").iterdir() if p.name.startswith(".")]
    assert left == []


def test_finalizing_over_final_results_is_refused(frozen: GitRepo) -> None:
    before = (frozen.root / RESULTS).read_bytes()
    again = appraise("finalize", str(YEAR), root=frozen.root)
    assert again.exit_code == 2
    assert "已经定稿，没有改动" in again.stderr
    assert f"appraise finalize {YEAR} --correct 理由" in again.stderr
    assert (frozen.root / RESULTS).read_bytes() == before


def test_finalizing_other_data_is_refused(frozen: GitRepo) -> None:
    edit(frozen.root / f"committee/{YEAR}/debrief.yml", "good: ", "good: 1")
    frozen.commit()
    before = (frozen.root / RESULTS).read_bytes()
    again = appraise("finalize", str(YEAR), root=frozen.root)
    assert again.exit_code == 2
    assert (frozen.root / RESULTS).read_bytes() == before


def test_a_frozen_year_is_read_from_its_results(frozen: GitRepo) -> None:
    before = json.loads(appraise("score", "--format", "json", root=frozen.root).stdout)
    edit(frozen.root / "rubric.yml", "min: 20", "min: 29")
    edit(frozen.root / f"branches/demo-a/{YEAR}/self-assessment.yml", "points: 4.5", "points: 99")
    after = json.loads(appraise("score", "--format", "json", root=frozen.root).stdout)
    assert after == before
    checked = appraise("check", root=frozen.root)
    assert (checked.exit_code, checked.stdout) == (0, "")
    explained = appraise("explain", "demo-a", "activities", root=frozen.root)
    assert explained.exit_code == 0


def test_pages_of_a_frozen_year_do_not_follow_the_rubric(frozen: GitRepo) -> None:
    def bodies() -> dict[str, bytes]:
        site = load_site(frozen.root, "zh", TEMPLATES)
        pages = {page.address: str(page.body).encode() for page in site_pages(site)}
        return pages | {file.address: file.content for file in site_files(site)}

    before = bodies()
    whole = (frozen.root / RESULTS).read_bytes()
    told = json.loads(before["results.json"])
    assert told["full_digest"] == json.loads(whole)["digest"]
    assert told["digest"] == digest_of(told)
    internal = load_site(frozen.root, "zh", TEMPLATES, publish=INTERNAL)
    assert {f.address: f.content for f in site_files(internal)}["results.json"] == whole
    edit(frozen.root / "rubric.yml", "title: 集中活动", "title: 另一个名称")
    edit(frozen.root / "rubric.yml", "points: 15", "points: 14")
    assert bodies() == before


def test_what_is_published_of_a_final_year_can_be_verified(frozen: GitRepo, tmp_path: Path) -> None:
    site = load_site(frozen.root, "zh", TEMPLATES)
    files = {file.address: file.content for file in site_files(site)}
    told = json.loads(files["results.json"])
    assert verify_results.verify(files["results.json"], files["rubric.yml"], "zh") == 0
    path = tmp_path / "published.json"
    path.write_bytes(files["results.json"])
    done = appraise("verify", str(YEAR), str(path), root=frozen.root)
    assert done.exit_code == 0, done.output
    assert "文字不同" not in done.output
    # A figure that is not shown moves the digest of the whole; one that is shown is told itself.
    for change in ({"full_digest": f"sha256:{'0' * 64}"}, {"deadline": "2025-12-21"}):
        other = told | change
        other["digest"] = digest_of(other)
        path.write_text(json.dumps(other), "utf-8")
        assert appraise("verify", str(YEAR), str(path), root=frozen.root).exit_code == 1, change


def test_an_older_frozen_year_keeps_its_own_folder(frozen: GitRepo) -> None:
    root = frozen.root
    shutil.copytree(root / f"committee/{YEAR}", root / "committee/2026")
    for name in ("results.json", "rubric.yml", "decision.yml", "debrief.yml"):
        (root / "committee/2026" / name).unlink()
    edit(root / "committee/2026/appraisal.yml", "stage: final", "stage: open")
    for year in ("2025-01-01", "2025-12-31"):
        edit(root / "committee/2026/appraisal.yml", year, year.replace("2025", "2026"))
    frozen.commit()
    site = load_site(root, "zh", TEMPLATES)
    pages = {page.address: str(page.body) for page in site_pages(site)}
    assert {"index.html", "2025/index.html", "2025/rubric.html", "2025/questions.html"} <= {*pages}
    assert {"2025/branches/demo-a.html", "2026/branches/demo-a.html"} <= {*pages}
    assert "2025/branches/demo-a.html" in pages["2026/branches/demo-a.html"]
    assert "28.10" in pages["2026/branches/demo-a.html"]
    files = {file.address: file.content for file in site_files(site)}
    told, whole = json.loads(files["2025/results.json"]), json.loads((root / RESULTS).read_bytes())
    assert told["full_digest"] == whole["digest"]
    assert json.loads(files["results.json"])["year"] == 2026


def test_verify_recomputes_from_the_commit(frozen: GitRepo) -> None:
    edit(frozen.root / f"branches/demo-a/{YEAR}/self-assessment.yml", "points: 4.5", "points: 1")
    frozen.commit("later")
    result = appraise("verify", str(YEAR), root=frozen.root)
    assert result.exit_code == 0
    commit = json.loads((frozen.root / RESULTS).read_bytes())["source"]["commit"]
    assert result.stdout.splitlines() == [
        f"据提交 {commit[:12]} 重算",
        "一致：2025 年的每个数字都能从数据重算出来",
    ]


def test_verify_names_the_first_figure_that_differs(frozen: GitRepo) -> None:
    def raise_points(document: dict[str, Any]) -> None:
        branch = next(b for b in document["branches"] if b["id"] == "demo-b")
        next(li for li in branch["lines"] if li["criterion"] == "study")["points"] = 5
        branch["total"] += Decimal("0.5")

    forged(frozen, raise_points)
    result = appraise("verify", str(YEAR), root=frozen.root)
    assert result.exit_code == 1
    first = result.stdout.splitlines()[1]
    assert first.startswith("不一致：branches › demo-b › ")
    assert "study › 得分：文件里是 5" in result.stdout
    checked = appraise("check", root=frozen.root)
    assert checked.exit_code == 1
    assert f"{RESULTS}:1:1: error C005" in checked.stdout


def test_other_words_are_told_and_no_other_result(frozen: GitRepo) -> None:
    def reword(document: dict[str, Any]) -> None:
        document["branches"][0]["lines"][0]["reason"] = "另一种说法"

    forged(frozen, reword)
    result = appraise("verify", str(YEAR), root=frozen.root)
    assert result.exit_code == 0
    assert "数字全部相同，1 处文字不同" in result.stdout


def test_without_the_commit_present_files_are_read(frozen: GitRepo) -> None:
    edit(frozen.root / "rubric.yml", "min: 20", "min: 29")
    shutil.rmtree(frozen.root / ".git")
    frozen.git("init", "--quiet", "--initial-branch=main")
    frozen.commit("another history")
    result = appraise("verify", str(YEAR), root=frozen.root)
    assert result.exit_code == 0
    assert result.stdout.startswith("历史里没有结果所依据的提交：用现有文件和 2025 年定稿时的办法")


def test_a_published_file_of_an_open_year_is_verified_as_well(
    repo: GitRepo, tmp_path: Path
) -> None:
    edit(repo.root / APPRAISAL, "stage: final", "stage: open")
    repo.commit()
    text = appraise("score", "--format", "json", root=repo.root).stdout
    file = tmp_path / "published.json"
    file.write_text(text, "utf-8")
    edit(repo.root / f"branches/demo-a/{YEAR}/self-assessment.yml", "points: 4.5", "points: 1")
    repo.commit()
    assert appraise("verify", str(YEAR), str(file), root=repo.root).exit_code == 0
    file.write_text(text.replace('"points": 4.5', '"points": 4.6', 1), "utf-8")
    result = appraise("verify", str(YEAR), str(file), root=repo.root)
    assert result.exit_code == 1
    assert "文件里是 4.6，重算是 4.5" in result.stdout


def test_results_of_uncommitted_files_cannot_be_verified(repo: GitRepo, tmp_path: Path) -> None:
    edit(repo.root / APPRAISAL, "stage: final", "stage: open")
    file = tmp_path / "dirty.json"
    file.write_text(appraise("score", "--format", "json", root=repo.root).stdout, "utf-8")
    assert appraise("verify", str(YEAR), str(file), root=repo.root).exit_code == 2


#: Every byte is flipped three times, a quarter of them in each run.
SHARES = 4


@pytest.mark.parametrize("seed", tiered(range(3 * SHARES), often=1))
def test_every_flipped_byte_is_noticed(seed: int, frozen: GitRepo) -> None:
    rng = random.Random(seed)
    data = (frozen.root / RESULTS).read_bytes()
    rubric = (frozen.root / RUBRIC).read_bytes()
    assert problems(data, rubric, YEAR) == []
    for position in range(seed % SHARES, len(data), SHARES):
        flipped = bytearray(data)
        flipped[position] ^= 1 << rng.randrange(8)
        assert problems(bytes(flipped), rubric, YEAR), position
    for position in rng.sample(range(len(data)), 2):
        flipped = bytearray(data)
        flipped[position] ^= 1 << rng.randrange(8)
        (frozen.root / RESULTS).write_bytes(flipped)
        assert appraise("verify", str(YEAR), root=frozen.root).exit_code == 1
        result = appraise("check", root=frozen.root)
        assert result.exit_code == 1
        assert "C005" in result.stdout


def test_another_rubric_beside_the_results_is_noticed(frozen: GitRepo) -> None:
    edit(frozen.root / RUBRIC, "min: 20", "min: 21")
    result = appraise("check", root=frozen.root)
    assert "旁边的 rubric.yml 不是定稿时的那一份" in result.stdout
    (frozen.root / RUBRIC).unlink()
    assert "旁边没有定稿时的 rubric.yml" in appraise("check", root=frozen.root).stdout


@pytest.mark.parametrize("seed", range(12))
def test_results_are_read_back_as_they_were(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed, flawed=seed % 2 == 0)
    results = evaluate(WorkingTree(tmp_path), YEAR).results
    assert results is not None
    document = to_json(results)
    again = read_results(load_document(frozen_bytes(document)))
    beside = [[(b.maxima, b.pending) for b in both.branches] for both in (results, again)]
    assert to_json(again) == document
    assert beside[0] == beside[1]
    assert "".join(dump_parts(results)) == dump(document)
    assert frozen_bytes(to_json(again)) == frozen_bytes(document)


def test_differences_call_things_by_their_ids() -> None:
    one = {"branches": [{"id": "a", "rank": 1}, {"id": "b", "rank": 2}]}
    two = {"branches": [{"id": "b", "rank": 1}, {"id": "a", "rank": 1}]}
    found = [str(item.words()) for item in differences(one, two)]
    assert found == [
        "branches › b › 名次：文件里是 2，重算是 1",
        "branches › 顺序：文件里是 ['a', 'b']，重算是 ['b', 'a']",
    ]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    write_whole(target, b"old")
    with pytest.raises(TypeError):
        write_whole(target, "no bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
