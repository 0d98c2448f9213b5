"""What changed since a revision: nothing new is missed, nothing is invented."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.gitrepo import GitRepo
from tests.naive.repositories import make_repository
from tests.support import BASE, appraise, write
from tests.test_impact import Editor, varied
from tests.tiers import left_out, tiered

if TYPE_CHECKING:
    from pathlib import Path

YEAR = "2025"
OWN = f"branches/demo-a/{YEAR}"


def findings(root: Path, *options: str) -> dict[str, dict[str, Any]]:
    """Return fingerprint → finding of one run of check."""
    result = appraise("check", *options, "--year", YEAR, "--format", "json", root=root)
    assert result.exit_code in {0, 1}, result.output
    return {f["fingerprint"]: f for f in json.loads(result.stdout)["findings"]}


@pytest.mark.parametrize("seed", tiered(range(8), often=2))
def test_random_changes(seed: int, tmp_path: Path) -> None:
    rng = random.Random(500 + seed)
    donor, root = tmp_path / "donor", tmp_path / "root"
    make_repository(donor, 1500 + seed, flawed=True)
    make_repository(root, 500 + seed, flawed=seed % 2 == 0)
    repo = GitRepo(root, base=False)
    base = repo.commit("base")
    editor = Editor(root, rng, donor)
    before = findings(root, "--at", base)
    for _ in range(2 if "long" in left_out else 4):
        head = varied(repo, editor, base)
        whole = findings(root, "--at", head)
        told = findings(root, "--at", head, "--since", base)
        assert told.items() <= whole.items()
        assert whole.keys() - before.keys() <= told.keys()
        assert findings(root, "--since", base) == told


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path)


def test_only_the_changed_branch_is_read(repo: GitRepo) -> None:
    write(repo.root / OWN / "documents/plan/extra.md", b"# x\n")
    result = appraise("check", "--since", "main", root=repo.root)
    assert "已校验 1 个支部" in result.stderr
    assert [line.split(": ")[0] for line in result.stdout.splitlines()[::2]] == [
        f"{OWN}/documents/plan/extra.md:1:1"
    ]


def test_nothing_changed(repo: GitRepo) -> None:
    result = appraise("check", "--since", "main", root=repo.root)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "已校验 0 个支部" in result.stderr


def test_the_other_side_of_a_comparison_is_told(repo: GitRepo) -> None:
    photo = b"# the same text\n" * 10
    write(repo.root / "branches/demo-b/2025/documents/plan/plan.md", photo)
    repo.commit("b")
    write(repo.root / OWN / "documents/plan/plan.md", photo)
    result = appraise("check", "--since", "main", root=repo.root)
    assert result.exit_code == 1
    places = {line.split(":")[0] for line in result.stdout.splitlines() if "E005" in line}
    assert places == {f"{OWN}/documents/plan/document.yml"} | {
        "branches/demo-b/2025/documents/plan/document.yml"
    }


def test_the_merge_base_counts_and_not_the_tip(repo: GitRepo) -> None:
    head = repo.change({f"{OWN}/documents/plan/extra.md": "# x\n"})
    later = repo.change({"branches/demo-b/2025/documents/plan/extra.md": "# y\n"})
    repo.git("update-ref", "refs/heads/main", later)
    result = appraise("check", "--since", "main", "--at", head, root=repo.root)
    assert "demo-a" in result.stdout
    assert "demo-b" not in result.stdout


def test_a_shallow_clone_says_what_is_missing(repo: GitRepo, tmp_path: Path) -> None:
    head = repo.change({f"{OWN}/documents/plan/extra.md": "# x\n"})
    repo.git("branch", "offer", head)
    repo.git("update-ref", "refs/heads/main", repo.change({"README.md": "# later\n"}))
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repo.root}",
             str(clone))  # fmt: skip
    args = ("check", "--since", "origin/main", "--at", "origin/offer")
    result = appraise(*args, root=clone)
    assert result.exit_code == 2
    assert "git fetch --unshallow" in result.stderr


def test_an_unknown_revision_is_named(repo: GitRepo) -> None:
    result = appraise("check", "--since", "nowhere", root=repo.root)
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def test_below_gits_root_all_is_checked_and_no_proposal_is_judged(tmp_path: Path) -> None:
    below = tmp_path / "data"
    shutil.copytree(BASE, below)
    repo = GitRepo(tmp_path, base=False)
    base = repo.commit("base")
    write(below / OWN / "documents/plan/extra.md", b"# x\n")
    head = repo.commit("head")
    result = appraise("check", "--since", base, "--at", head, root=below)
    assert "extra.md" in result.stdout
    for command in (["impact", base, head], ["guard", base, head, "--author", "example-a"]):
        told = appraise(*command, root=below)
        assert told.exit_code == 2
        assert "子文件夹" in told.stderr


def test_what_came_after_a_final_year_is_looked_at(repo: GitRepo) -> None:
    """Its results stay; a fault in what was written since is told by the file's own change."""
    write(repo.root / "committee/2024/results.json", b"{}")
    repo.commit("a final year")
    talk = b"talks: [{branch: demo-a, held: 2025-02-18, asked: x, until: 2025-02-01}]\n"
    write(repo.root / "committee/2024/after.yml", talk)
    result = appraise("check", "--since", "main", root=repo.root)
    assert result.exit_code == 1
    (told,) = [line for line in result.stdout.splitlines() if " error " in line]
    assert told.startswith("committee/2024/after.yml:1:")
    assert "S003 整改期限 2025-02-01 早于谈话的 2025-02-18" in told
