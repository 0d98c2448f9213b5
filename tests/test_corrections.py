"""Corrections of final results: in the open, followed back through history, or not at all."""

from __future__ import annotations

import copy
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine import freeze
from generator.engine.freeze.chain import follow
from generator.results.corrections import changes_between
from generator.results.document import digest_of, to_json
from generator.results.frozen import (
    FrozenError,
    frozen_bytes,
    load_document,
    problems,
    read_results,
    seal_of,
)
from tests.gitrepo import GitRepo
from tests.support import appraise, end_year
from tests.tiers import left_out
from tools import verify_results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.verify_support import Json

YEAR = 2025
FOLDER = f"committee/{YEAR}"
RESULTS, RUBRIC = f"{FOLDER}/results.json", f"{FOLDER}/rubric.yml"
APPRAISAL, BALLOTS = f"{FOLDER}/appraisal.yml", f"{FOLDER}/debrief.yml"
DAYS = ("2026-03-01", "2026-04-01", "2026-05-01")
#: Moments of these days in Chongqing, two of them on the day before elsewhere.
MOMENTS = ("2026-02-28T22:00:00+00:00", "2026-04-01T06:00:00+08:00", "2026-04-30T16:30:00+00:00")
REASONS = ("计票有误", "办法里的分值写错", "书面述职补评")


def replace(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), "utf-8")


def finalize(repo: GitRepo, *options: str) -> bytes:
    """Finalize or correct, commit on the day of the data, and return the file."""
    done = appraise("finalize", str(YEAR), *options, root=repo.root)
    assert done.exit_code == 0, done.output
    repo.commit("results", when=repo.git("show", "-s", "--format=%cI"))
    return (repo.root / RESULTS).read_bytes()


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A repository with a final year that nobody has corrected."""
    repo = GitRepo(tmp_path_factory.mktemp("final"))
    end_year(repo.root)
    repo.commit("final", when="2026-02-01T09:00:00+08:00")
    finalize(repo)
    return repo


@pytest.fixture(scope="module")
def files(final: GitRepo, tmp_path_factory: pytest.TempPathFactory) -> tuple[GitRepo, list[bytes]]:
    """A repository whose year was corrected three times, and the four files, oldest first.

    The second correction is one of the rubric.
    """
    root = tmp_path_factory.mktemp("corrected") / "repo"
    shutil.copytree(final.root, root)
    repo = GitRepo(root, base=False)
    return repo, [(root / RESULTS).read_bytes(), *corrected(repo)]


def corrected(repo: GitRepo) -> list[bytes]:
    """Correct a final year three times, and return the three files."""
    edits = (
        (BALLOTS, "good: 8, fair: 2", "good: 7, fair: 3"),
        (RUBRIC, "ballot: {good: 1, fair: 0.6}", "ballot: {good: 1, fair: 0.5}"),
        (BALLOTS, "points: 4,", "points: 3,"),
    )
    versions = []
    for (path, old, new), when, reason in zip(edits, MOMENTS, REASONS, strict=True):
        replace(repo.root, path, old, new)
        repo.commit("mended", when=when)
        versions.append(finalize(repo, "--correct", reason))
    return versions


def copy_of(repo: GitRepo, tmp_path: Path) -> GitRepo:
    shutil.copytree(repo.root, tmp_path / "copy")
    return GitRepo(tmp_path / "copy", base=False)


def test_a_correction_names_what_it_replaces_and_every_difference(
    files: tuple[GitRepo, list[bytes]],
) -> None:
    repo, versions = files
    first, second = (load_document(data) for data in versions[:2])
    (told,) = second["corrections"]
    assert {key: told[key] for key in ("digest", "seal", "commit", "reason", "date")} == {
        "digest": first["digest"],
        "seal": first["source"]["seal"],
        "commit": first["source"]["commit"],
        "reason": REASONS[0],
        "date": DAYS[0],
    }
    assert repo.git("cat-file", "blob", told["blob"]).encode() + b"\n" == versions[0]
    places = {(c["branch"], c["key"]): (c["old"], c["new"]) for c in told["changes"]}
    # 8 of 10 good, 2 fair at 0.6: 5 × 0.92 = 4.6; with 7 and 3: 5 × 0.88 = 4.4.
    assert [*map(float, places["demo-a", "lines/debrief/points"])] == [4.6, 4.4]
    before, after = (float(d["branches"][0]["total"]) for d in (first, second))
    assert [*map(float, places["demo-a", "total"])] == [before, after]
    assert round(before - after, 6) == 0.2
    assert {branch for branch, _ in places} == {"demo-a"}


def test_every_figure_that_differs_is_listed(files: tuple[GitRepo, list[bytes]]) -> None:
    """What is listed, put back, gives the file that was replaced."""
    _, versions = files
    for old, new in pairwise(versions):
        one, two = load_document(old), load_document(new)
        told = read_results(two).corrections[-1].changes
        assert told == changes_between(one, two)
        assert told
        for change in told:
            assert change.old != change.new
            where = [b for b in two["branches"] if b["id"] == change.branch]
            holder: Any = where[0] if where else two
            if "/" not in change.key:
                assert holder.get(change.key) == change.new


def test_a_chain_of_three_is_verified_from_history(files: tuple[GitRepo, list[bytes]]) -> None:
    repo, versions = files
    document = load_document(versions[-1])
    assert [c["reason"] for c in document["corrections"]] == [*REASONS]
    assert [c["date"] for c in document["corrections"]] == [*DAYS]
    assert ("rubric/sha256") in {c["key"] for c in document["corrections"][1]["changes"]}
    done = appraise("verify", str(YEAR), root=repo.root)
    assert done.exit_code == 0, done.output
    assert "从历史里取出了 3 份被更正的结果文件，逐份核对" in done.stdout
    chain = follow(repo.root, document)
    assert (chain.problems, chain.followed, chain.lacking) == ((), 3, 0)
    checked = appraise("check", root=repo.root)
    words = f"notice C014 {YEAR} 年的结果定稿后更正过 3 次，最近一次在 {DAYS[-1]}：{REASONS[-1]}"
    assert (checked.exit_code, words in checked.stdout) == (0, True), checked.output
    rubric = (repo.root / RUBRIC).read_bytes()
    assert problems(versions[-1], rubric, YEAR) == []
    assert verify_results.verify(versions[-1], rubric, "zh") == 0


def test_corrections_are_read_back_as_they_were(files: tuple[GitRepo, list[bytes]]) -> None:
    for data in files[1]:
        document = load_document(data)
        again = to_json(read_results(document))
        again["source"]["seal"] = document["source"]["seal"]
        assert frozen_bytes(again) == data


def sealed_anew(document: Json) -> Json:
    """Return a document as whoever can write the file can seal it."""
    document = copy.deepcopy(document)
    document["source"].pop("seal")
    document["digest"] = digest_of(document)
    document["source"]["seal"] = seal_of(document)
    return document


def other(value: object) -> object:
    """Return another value of the same form."""
    if isinstance(value, str):
        return value[:-1] + ("1" if value[-1] != "1" else "2")
    return [*value, copy.deepcopy(value[0])] if isinstance(value, list) else value


FIELDS = ("digest", "seal", "blob", "commit", "reason", "date", "changes")


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("field", FIELDS)
def test_what_is_tampered_with_is_found(
    field: str, number: int, files: tuple[GitRepo, list[bytes]]
) -> None:
    """Without a new seal always; with one all but the newest reason, which nothing else holds."""
    repo, versions = files
    document = load_document(versions[-1])
    entry = document["corrections"][number]
    entry[field] = other(entry[field])
    rubric = (repo.root / RUBRIC).read_bytes()
    data = frozen_bytes(document)
    assert problems(data, rubric, YEAR)
    assert verify_results.verify(data, rubric, "zh") == 1
    found = follow(repo.root, sealed_anew(document))
    assert bool(found.problems) == ((field, number) != ("reason", 2)), found
    for words in found.problems:
        assert f"{words}".startswith("第 ")


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop(0),
        lambda c: c.pop(1),
        lambda c: c.pop(2),
        lambda c: c.reverse(),
        lambda c: c.append(c[2]),
        lambda c: c.insert(0, c[0]),
        lambda c: c[0]["changes"][0].update(old=0),
        lambda c: c[1]["changes"][0].update(new=0),
        lambda c: c[2]["changes"].pop(),
        lambda c: c[2]["changes"][0].update(branch="demo-b" if c else ""),
        lambda c: c[2]["changes"][0].update(key="rank"),
    ],
)
def test_a_chain_that_lacks_or_moves_a_link_is_found(
    change: Callable[[list[Json]], object], files: tuple[GitRepo, list[bytes]]
) -> None:
    repo, versions = files
    document = load_document(versions[-1])
    before = copy.deepcopy(document["corrections"])
    change(document["corrections"])
    if before != document["corrections"]:
        assert follow(repo.root, sealed_anew(document)).problems


def test_a_replaced_file_that_was_not_whole_is_found(
    final: GitRepo, tmp_path: Path, files: tuple[GitRepo, list[bytes]]
) -> None:
    repo = copy_of(files[0], tmp_path)
    document = load_document(files[1][-1])
    for content in (b"{}", files[1][2].replace(b'"year": 2025', b'"year": 2024'), b"\xff"):
        document["corrections"][-1]["blob"] = repo.blob(content)
        assert follow(repo.root, sealed_anew(document)).problems
    tree = repo.git("rev-parse", "HEAD^{tree}")
    document["corrections"][-1]["blob"] = tree
    assert follow(repo.root, sealed_anew(document)).problems
    assert final.root != repo.root


def test_verify_tells_where_history_lacks_a_file(
    files: tuple[GitRepo, list[bytes]], tmp_path: Path
) -> None:
    repo, versions = files
    root = tmp_path / "shallow"
    GitRepo(tmp_path / "x", base=False).git(
        "clone", "--quiet", "--depth=1", f"file://{repo.root}", str(root)
    )
    done = appraise("verify", str(YEAR), root=root)
    assert done.exit_code == 2
    assert "没有 3 份被更正的结果文件，没有核对它们" in done.stdout
    assert "不一致" not in done.stdout
    assert "git fetch --unshallow" in done.stderr
    assert (root / RESULTS).read_bytes() == versions[-1]
    shutil.rmtree(root / ".git")
    alone = appraise("verify", str(YEAR), root=root)
    assert alone.exit_code == 0
    assert "没有历史，只能核对封签" in alone.stdout
    again = GitRepo(root, base=False)
    again.commit("another history")
    another = appraise("verify", str(YEAR), root=root)
    assert another.exit_code == 0, another.output
    assert "没有 3 份被更正的结果文件，没有核对它们" in another.stdout


def test_check_of_the_year_follows_the_chain(
    files: tuple[GitRepo, list[bytes]], tmp_path: Path
) -> None:
    repo = copy_of(files[0], tmp_path)
    document = load_document(files[1][-1])
    document["corrections"][0]["reason"] = "另一个理由"
    data = frozen_bytes(sealed_anew(document))
    (repo.root / RESULTS).write_bytes(data)
    done = appraise("check", "--year", str(YEAR), root=repo.root)
    assert (done.exit_code, "error C005 第 3 次更正" in done.stdout) == (1, True), done.output
    again = appraise("verify", str(YEAR), root=repo.root)
    assert again.exit_code == 1
    assert "不一致：第 3 次更正：此前的更正与被更正的文件里的不符" in again.stdout


def test_nothing_different_is_refused(final: GitRepo) -> None:
    before = (final.root / RESULTS).read_bytes()
    done = appraise("finalize", str(YEAR), "--correct", "重算", root=final.root)
    assert (done.exit_code, "完全相同" in done.stderr) == (2, True), done.output
    assert (final.root / RESULTS).read_bytes() == before


def test_a_dirty_tree_is_refused(final: GitRepo, tmp_path: Path) -> None:
    repo = copy_of(final, tmp_path)
    before = (repo.root / RESULTS).read_bytes()
    replace(repo.root, BALLOTS, "good: 8", "good: 9")
    done = appraise("finalize", str(YEAR), "--correct", "计票有误", root=repo.root)
    assert (done.exit_code, "git commit" in done.stderr) == (2, True)
    assert (repo.root / RESULTS).read_bytes() == before


@pytest.mark.parametrize("reason", ["", "  ", "\u202e计票", "计票\x07"])
def test_a_reason_is_words_that_can_be_read(reason: str, final: GitRepo) -> None:
    done = appraise("finalize", str(YEAR), "--correct", reason, root=final.root)
    assert done.exit_code == 2
    assert "理由" in done.stderr


def test_what_is_not_final_or_not_whole_cannot_be_corrected(final: GitRepo, tmp_path: Path) -> None:
    repo = copy_of(final, tmp_path)
    data = (repo.root / RESULTS).read_bytes()
    for content, words in (
        (None, "还没有定稿，没有可以更正的"),
        (
            data.replace(b'"members": 3', b'"members": 4').replace(b"20", b"21", 1),
            "请先用 git 恢复",
        ),
        (b"{", "请先用 git 恢复"),
    ):
        if content is None:
            (repo.root / RESULTS).unlink()
        else:
            (repo.root / RESULTS).write_bytes(content)
        repo.commit("other")
        done = appraise("finalize", str(YEAR), "--correct", "计票有误", root=repo.root)
        assert (done.exit_code, words in done.stderr) == (2, True), done.output
    (repo.root / RESULTS).write_bytes(data)
    replace(repo.root, APPRAISAL, "stage: final", "stage: review")
    repo.commit("again in review")
    done = appraise("finalize", str(YEAR), "--correct", "计票有误", root=repo.root)
    assert (done.exit_code, "把 stage 改为 final" in done.stderr) == (2, True)
    shutil.rmtree(repo.root / ".git")
    done = appraise("finalize", str(YEAR), "--correct", "计票有误", root=repo.root)
    assert (done.exit_code, "没有 git 历史，不能更正" in done.stderr) == (2, True)
    assert (repo.root / RESULTS).read_bytes() == data


def test_an_error_stops_a_correction(final: GitRepo, tmp_path: Path) -> None:
    repo = copy_of(final, tmp_path)
    before = (repo.root / RESULTS).read_bytes()
    replace(repo.root, BALLOTS, "points: 4,", "points: 400,")
    repo.commit("an error")
    done = appraise("finalize", str(YEAR), "--correct", "计票有误", root=repo.root)
    assert (done.exit_code, "error R001" in done.stderr) == (1, True), done.output
    assert (repo.root / RESULTS).read_bytes() == before


@pytest.mark.parametrize("option", [(), ("--correct", "计票有误")])
def test_no_other_day_is_taken(option: tuple[str, ...], final: GitRepo) -> None:
    done = appraise("finalize", str(YEAR), "--as-of", "2025-06-01", *option, root=final.root)
    assert (done.exit_code, "不能用 --as-of" in done.stderr) == (2, True)


def hostile() -> list[Any]:
    """Return what no program wrote as corrections."""
    entry: Json = {
        "digest": "sha256:" + "0" * 64,
        "seal": "sha256:" + "0" * 64,
        "blob": "0" * 40,
        "commit": None,
        "reason": "x",
        "date": "2026-01-01",
        "changes": [],
    }
    changed = {"branch": None, "key": "x", "old": 1, "new": 2}
    bad: list[Any] = [1, "x", {}, None, [1], [[]], [{}]]
    bad += [[{k: v for k, v in entry.items() if k != left}] for left in entry]
    values: list[Any] = [[1], {}, 1, ""]
    bad += [[entry | {key: value}] for key in entry for value in values]
    bad += [[entry | {"blob": "0" * 39 + "\n"}], [entry | {"commit": "HEAD"}]]
    bad += [[entry | {"date": "2026-02-30"}], [entry | {"changes": [changed | {"key": 1}]}]]
    return bad


def test_hostile_corrections_are_no_results(final: GitRepo) -> None:
    """Nor does a whole computation excuse them: of some in each run, of all where all is drawn."""
    document = load_document((final.root / RESULTS).read_bytes())
    for number, value in enumerate(hostile()):
        document["corrections"] = value
        with pytest.raises(FrozenError):
            read_results(document)
        assert follow(final.root, document).problems
        if number % 4 and "long" in left_out:
            continue
        found = freeze.verify(final.root, YEAR, frozen_bytes(sealed_anew(document)))
        assert not found.sound, value
