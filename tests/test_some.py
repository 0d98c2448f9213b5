"""Some branches checked alone: the findings are those of a check of all that concern them."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.engine.concerned import asked_for
from generator.engine.evaluate import evaluate
from generator.engine.narrow import excerpt as excerpts
from generator.engine.narrow import run
from generator.engine.narrow.excerpt import excerpt
from generator.engine.narrow.run import evaluate_some
from generator.engine.snapshot import Changed, changed_paths, snapshot_of
from generator.engine.year import Means
from generator.files.paths import DATA_PATHS, is_attachment
from generator.files.tree import WorkingTree
from generator.formats.committee_files import DEBRIEF, Debrief
from generator.loading.reader import Reader
from generator.text.findings import Report
from tests.gitrepo import GitRepo
from tests.naive.repositories import make_repository
from tests.support import appraise, write
from tests.test_impact import Editor
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.text.findings import Finding

YEAR = 2025
DEBRIEF_PATH = f"committee/{YEAR}/debrief.yml"


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have excerpts taken of files of any size."""
    monkeypatch.setattr(excerpts, "SMALL", 0)
    excerpt.cache_clear()
    yield
    excerpt.cache_clear()


def of_all(root: Path, ids: list[str], revision: str | None) -> list[Finding]:
    """Return the findings that a check of every branch has on some."""
    with snapshot_of(root, revision) as snapshot:
        means = Means(snapshot.source, snapshot.receipts, unsent=snapshot.unsent)
        return evaluate(snapshot.tree, YEAR, means, ids=ids, details=False).findings


def compare(
    root: Path, ids: list[str], revision: str | None = None, known: list[Finding] | None = None
) -> int:
    """Hold a check of some against one of all; return the number of findings, -1 where none.

    ``known`` are the findings of every branch, where they are at hand.
    """
    found = evaluate_some(root, ids, revision, YEAR)
    if found is None:
        return -1
    if known is None:
        own = of_all(root, ids, revision)
    else:
        own = [finding for finding in known if asked_for(finding, frozenset(ids))]
    assert found.findings == own
    return len(found.findings)


@pytest.mark.parametrize("seed", tiered(range(10), often=1))
@pytest.mark.usefixtures("_small")
def test_random_repositories(seed: int, tmp_path: Path) -> None:
    """Committed, then with changes of any branch that are not committed, then at a revision."""
    rng = random.Random(seed)
    donor, root = tmp_path / "donor", tmp_path / "root"
    make_repository(donor, 2500 + seed, flawed=True)
    make_repository(root, 2600 + seed, flawed=seed % 3 > 0)
    repo = GitRepo(root, base=False)
    editor = Editor(root, rng, donor)
    told = []
    for _ in range(4):
        for _ in range(rng.randint(2, 8)):
            editor.edit()
        commit = repo.commit("change")
        for _ in range(rng.randint(0, 5)):
            editor.edit()
        names = sorted(p.name for p in (root / "branches").iterdir())
        known = {revision: of_all(root, names, revision) for revision in (None, commit)}
        for count in (1, 1, 2):
            ids = rng.sample(names, k=min(count, len(names)))
            told += [compare(root, ids, at, known[at]) for at in (None, commit)]
    assert sum(number > 0 for number in told) > len(told) / 4


@pytest.mark.parametrize("seed", tiered(range(50), often=1))
@pytest.mark.usefixtures("_small")
def test_git_is_asked_about_a_branch_alone_where_that_suffices(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trees with edits in several branches, of which some have no attachment in any year."""
    rng = random.Random(4200 + seed)
    donor, root = tmp_path / "donor", tmp_path / "root"
    make_repository(donor, 4500 + seed, flawed=True)
    make_repository(root, 4600 + seed, flawed=seed % 2 > 0)
    repo, editor = GitRepo(root, base=False), Editor(root, rng, donor)
    bare = sorted(p.name for p in (root / "branches").iterdir())[:2]
    early = rng.random() < 0.5
    if early:
        strip(root, bare)
    repo.commit("data")
    for _ in range(rng.randint(0, 6)):
        editor.edit()
    if not early or rng.random() < 0.8:
        strip(root, bare)
    asked = questions(monkeypatch)
    told = []
    names = sorted(p.name for p in (root / "branches").iterdir())
    known = of_all(root, names, None)
    for name in names:
        asked.clear()
        compare(root, [name], known=known)
        there = has_attachments(repo, name)
        assert (asked[0] == DATA_PATHS) == there, name
        assert len(asked) == 1 or not there
        told.append(asked == [DATA_PATHS])
    assert {*told} == {True, False} or seed


def questions(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return a list that the paths are added to that git is asked about."""
    asked: list[tuple[str, ...]] = []

    def counted(root: Path, paths: Iterable[str] = DATA_PATHS) -> Changed:
        asked.append(tuple(paths))
        return changed_paths(root, paths=paths)

    monkeypatch.setattr(run, "changed_paths", counted)
    return asked


def strip(root: Path, names: list[str]) -> None:
    """Take the attachments of some branches away."""
    for name in names:
        for path in (root / "branches" / name).rglob("*"):
            if path.is_file() and is_attachment(path.relative_to(root).as_posix()):
                path.unlink()


def has_attachments(repo: GitRepo, name: str) -> bool:
    """Whether a branch has any, on the disk or in the commit."""
    folder = repo.root / "branches" / name
    paths = [p.relative_to(repo.root).as_posix() for p in folder.rglob("*") if p.is_file()]
    paths += repo.git("ls-tree", "-r", "-z", "--name-only", "HEAD", f"branches/{name}").split("\0")
    return any(map(is_attachment, paths))


@pytest.mark.parametrize("what", ["a new folder", "an unknown branch", "a partner"])
def test_where_more_than_the_branch_matters_git_is_asked_about_all(
    what: str, repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip(repo.root, ["demo-a"])
    own = repo.root / "branches/demo-a/2025/activities/2025-03-12-theme-day/activity.yml"
    if what == "a partner":
        write(own, own.read_bytes() + b"joint_with: [demo-b]\n")
    repo.commit("data")
    asked = questions(monkeypatch)
    if what == "a new folder":
        write(repo.root / "branches/demo-c/branch.yml", b"name: x\n")
    if what == "an unknown branch":
        with pytest.raises(run.UnknownBranchError):
            evaluate_some(repo.root, ["demo-x"], None, YEAR)
    else:
        compare(repo.root, ["demo-a"])
    assert asked[-1] == DATA_PATHS
    assert len(asked) == (2 if what == "a partner" else 1)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path)


def codes(result: Any) -> set[str]:
    return {f["code"] for f in json.loads(result.stdout)["findings"]}


@pytest.mark.parametrize("where", ["committed", "changed", "untracked", "ignored"])
def test_the_same_file_in_another_branch_is_seen(repo: GitRepo, where: str) -> None:
    text = b"# the same text\n" * 10
    other = repo.root / "branches/demo-b/2025/documents/plan"
    write(repo.root / "branches/demo-a/2025/documents/plan/plan.md", text)
    if where == "ignored":
        write(repo.root / ".gitignore", b"branches/demo-b/2025/documents/plan/again.md\n")
    repo.commit("a")
    if where in {"untracked", "ignored"}:
        write(other / "again.md", text)
        path = other / "document.yml"
        path.write_text(path.read_text("utf-8").replace("files: [", "files: [again.md, "), "utf-8")
    else:
        write(other / "plan.md", text)
    if where == "committed":
        repo.commit("b")
    result = appraise("check", "demo-a", "--format", "json", root=repo.root)
    assert result.exit_code == 1
    assert "E005" in codes(result)
    assert json.loads(result.stdout)["checked"]["branches"] == 1


def test_only_the_branch_is_read(repo: GitRepo) -> None:
    write(repo.root / "branches/demo-b/2025/documents/plan/document.yml", b"kind: [\n")
    result = appraise("check", "demo-a", root=repo.root)
    assert (result.exit_code, result.stdout) == (0, "")
    files = sum(1 for p in (repo.root / "branches/demo-a").rglob("*") if p.is_file())
    assert 0 < int(result.stderr.split("、")[1].split()[0]) - files < 10


def test_an_unknown_branch_is_named_and_the_nearest_proposed(repo: GitRepo) -> None:
    result = appraise("check", "demo-x", root=repo.root)
    assert result.exit_code == 2
    assert "demo-x" in result.stderr
    assert "demo-b" in result.stderr


def test_without_git_everything_is_read(tmp_path: Path) -> None:
    make_repository(tmp_path, 3)
    assert evaluate_some(tmp_path, ["b00"]) is None
    result = appraise("check", "b00", root=tmp_path)
    assert result.exit_code in {0, 1}


def test_below_the_top_of_a_repository(tmp_path: Path) -> None:
    make_repository(tmp_path / "data", 5, flawed=True)
    commit = GitRepo(tmp_path, base=False).commit("data")
    told = [compare(tmp_path / "data", [f"b{n:02d}"], commit) for n in range(3)]
    assert max(told) > 0


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("seed", range(40))
def test_an_excerpt_reads_as_the_whole(seed: int, tmp_path: Path) -> None:
    """Its entries and all findings that concern them or the file are those of the whole."""
    rng = random.Random(seed)
    text = debrief(rng)
    names = frozenset(rng.sample([f"b{n}" for n in range(12)], k=2))
    data = text.encode("utf-8")
    shown = excerpt(data, names)
    assert shown.count(b"\n") == data.count(b"\n")
    (whole, all_findings), (part, findings) = load(tmp_path, data), load(tmp_path, shown)
    assert (whole is None) == (part is None)
    if whole is None or part is None:
        assert findings == all_findings
        return
    assert whole.held == part.held
    for name in names:
        one, two = whole.branches.get(name), part.branches.get(name)
        assert repr(one) == repr(two)
    own = [f for f in all_findings if f.pointer.split("/")[2:3] in [[n] for n in names]]
    assert [f for f in findings if f.pointer.split("/")[2:3] in [[n] for n in names]] == own
    assert {f for f in all_findings if f.code.startswith("Y")} == {
        f for f in findings if f.code.startswith("Y")
    }


def load(root: Path, data: bytes) -> tuple[Debrief | None, list[Finding]]:
    write(root / DEBRIEF_PATH, data)
    report = Report()
    value, _ = Reader(WorkingTree(root), report).load(DEBRIEF_PATH, DEBRIEF)
    return value, report.findings


def debrief(rng: random.Random) -> str:
    """Return a debrief.yml of twelve branches in a random style, often with something strange."""
    entries = {}
    for number in range(12):
        ballots = {"excellent": rng.randint(0, 30), "good": rng.randint(0, 9)}
        entries[f"b{number}"] = rng.choice(
            [
                {"mode": "onsite", "ballots": ballots, "void": rng.randint(0, 2)},
                {
                    "mode": "written",
                    "points": 3.5,
                    "reason": rng.choice(["书面: 一", "x # y", "甲"]),
                },
                {"mode": "none"},
            ]
        )
    flow = rng.choice([None, False, None])
    data = {"held": "2026-01-10", "branches": entries}
    text = yaml.dump(
        data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, default_flow_style=flow
    )
    text = text.replace("'2026-01-10'", "2026-01-10")
    strange = [
        "", "", "", "  b3: {mode: none}\n", "  b99: {mode: none, mode: none}\n", "  b98: [\n",
        "  b97: &a {mode: none}\n", "   b96: {mode: none}\n", '  b95: {mode: "none\n', "=======\n",
        "  B94: {mode: none}\n", "  b93: {moode: none}\n", "branches: {}\n", "extra: 1\n",
        "  b92: {mode: on\u202esite}\n", "# words\n", "  b91: {mode: x, points: a: b}\n", "\n",
        "  b90: |\n    mode: none\n", "  b89:\n", "  b88: {mode: none,\n    void: 1}\n",
    ]  # fmt: skip
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line.startswith("  b")] + [len(lines)]
    lines.insert(rng.choice(starts), rng.choice(strange))
    return "".join(lines)


@pytest.mark.usefixtures("_small")
def test_an_excerpt_leaves_the_others_out() -> None:
    lines = "".join(f"  b{n}: {{mode: onsite, ballots: {{good: {n}}}}}\n" for n in range(50))
    data = f"held: 2026-01-10\nbranches:\n{lines}".encode()
    shown = excerpt(data, frozenset({"b7", "b40", "none"}))
    assert [line for line in shown.splitlines() if line] == [
        b"held: 2026-01-10", b"branches:",
        b"  b7: {mode: onsite, ballots: {good: 7}}", b"  b40: {mode: onsite, ballots: {good: 40}}",
    ]  # fmt: skip
    assert shown.splitlines()[9] == b"  b7: {mode: onsite, ballots: {good: 7}}"
