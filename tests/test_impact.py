"""The impact of a change agrees with scoring both sides in full and subtracting."""

from __future__ import annotations

import datetime
import json
import random
import re
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.engine.year import Means
from generator.files.history import changes
from generator.files.receipts import GitReceipts, Proposed
from generator.files.tree import WorkingTree
from generator.proposals.difference import moved
from generator.proposals.impact import Comparison, assess
from generator.reports.impact.comment import as_markdown
from generator.reports.markdown import Document, literal, size
from generator.results.document import to_json
from generator.results.model import Source
from generator.text.days import day_of_moment
from generator.text.language import set_language
from generator.text.messages import listed, say
from generator.text.numbers import write_json
from tests.gitrepo import WHEN, GitRepo
from tests.naive.repositories import make_repository
from tests.support import appraise
from tests.tiers import left_out, tiered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.engine.evaluate import Evaluation
    from generator.proposals.difference import YearImpact
    from generator.text.messages import Message, Value

#: Repositories of random data, and how many mostly do: small ones, with flaws and without. Each has
#: ten pairs of proposals, two hundred in all; the first five of them where all is not drawn.
REPOSITORIES, OFTEN = (1, 2, 0, *range(3, 20)), 2
PER_REPOSITORY = 5 if "long" in left_out else 10
YEAR = 2025
#: The day of every commit.
DAY = day_of_moment(WHEN)
SECONDS = int(datetime.datetime.fromisoformat(WHEN).timestamp())
OWN = "branches/demo-a/2025"
STANDING = ("status", "fixed", "bonus", "total", "low", "high", "grade", "rank", "rank_range")


def counted(n: int, target: int, label: str = "活动") -> Message:
    unit = say("次")
    return say(
        "{label} {n} {unit}，标准 {target} {unit}", label=label, n=n, unit=unit, target=target
    )


def short_of(lead: Message, points: int) -> Message:
    return say("{lead}：得 {points}", lead=lead, points=points)


def reached(lead: Message) -> Message:
    return say("{lead}：达到标准，得 {points}{more}", lead=lead, points=8, more="")


class Editor:
    """Makes random changes in the working tree of a repository."""

    def __init__(self, root: Path, rng: random.Random, donor: Path) -> None:
        self.root, self.rng, self.donor = root, rng, donor

    def files(self, pattern: str) -> list[Path]:
        return sorted(self.root.glob(pattern))

    def branch(self) -> Path:
        return self.rng.choice(self.files("branches/*"))

    def edit(self) -> None:
        """Make one change that branches or the committee may make."""
        actions: list[Callable[[], None]] = [
            self.remove, self.number, self.number, self.copy, self.flag, self.truncate, self.vanish,
            self.review, self.veto, self.joint, self.breaks, self.reformat,
        ]  # fmt: skip
        self.rng.choice(actions)()

    def remove(self) -> None:
        """Delete one file of a branch."""
        files = [f for f in self.branch().glob("*/**/*") if f.is_file()]
        if files:
            self.rng.choice(files).unlink()

    def number(self) -> None:
        """Change one number of a YAML file."""
        files = [f for f in self.branch().glob("**/*.yml") if re.search(r": [0-9]", f.read_text())]
        if files:
            path = self.rng.choice(files)
            text = path.read_text("utf-8")
            places = list(re.finditer(r"(?<=: )[0-9]+(?=[\n,}])", text))
            if places:
                one = self.rng.choice(places)
                text = text[: one.start()] + str(self.rng.randint(0, 12)) + text[one.end() :]
                path.write_text(text, "utf-8")

    def copy(self) -> None:
        """Take over a record folder of another repository, or of another branch."""
        source = self.rng.choice([self.donor, self.root])
        folders = sorted(source.glob(f"branches/*/{YEAR}/*/*"))
        if folders:
            folder = self.rng.choice(folders)
            target = self.branch() / str(YEAR) / folder.parent.name / folder.name
            if target == folder:
                return
            shutil.copytree(folder, target, dirs_exist_ok=True)

    def flag(self) -> None:
        """Turn booleans around."""
        files = self.files(f"branches/*/{YEAR}/*/*/*.yml")
        if files:
            path = self.rng.choice(files)
            text = path.read_text("utf-8")
            path.write_text(text.replace("true", "TRUE").replace("false", "true"), "utf-8")

    def reformat(self) -> None:
        """Write the words of an attachment in other lines, now and then beside another record."""
        files = [f for f in self.files("branches/*/*/*/*/*") if f.suffix == ".md"]
        if files:
            path = self.rng.choice(files)
            target = self.rng.choice([path, *(f for f in files if f.name == path.name)])
            target.write_bytes(path.read_bytes() + self.rng.choice([b"\n", b"\r\n", b" \n\n"]))

    def truncate(self) -> None:
        """Empty an attachment."""
        files = [f for f in self.files(f"branches/*/{YEAR}/*/*/*") if f.suffix == ".md"]
        if files:
            self.rng.choice(files).write_text("")

    def vanish(self) -> None:
        """Withdraw a branch's whole year."""
        if self.rng.random() < 0.3:
            shutil.rmtree(self.branch() / str(YEAR), ignore_errors=True)

    def review(self) -> None:
        """Withdraw or copy a review."""
        files = self.files("committee/*/reviews/*.yml")
        if files:
            path = self.rng.choice(files)
            if self.rng.random() < 0.5:
                path.unlink()
            else:
                path.with_name(f"{self.branch().name}.yml").write_bytes(path.read_bytes())

    def veto(self) -> None:
        """Copy a file of vetoes, or remove it."""
        files = self.files("committee/*/vetoes/*.yml")
        if files:
            path = self.rng.choice(files)
            target = path.with_name(f"{self.branch().name}.yml")
            target.write_bytes(path.read_bytes())
            if target != path:
                path.unlink()

    def joint(self) -> None:
        """Name another branch as partner."""
        files = self.files(f"branches/*/{YEAR}/activities/*/activity.yml")
        if files:
            path = self.rng.choice(files)
            text = re.sub(r"(?m)^joint_with:.*\n(- .*\n)*", "", path.read_text("utf-8"))
            if not text.startswith("{"):
                path.write_text(f"{text}joint_with: [{self.branch().name}]\n", "utf-8")

    def breaks(self) -> None:
        """Break a YAML file."""
        files = self.files(f"branches/*/{YEAR}/**/*.yml")
        if files:
            path = self.rng.choice(files)
            path.write_text(path.read_text("utf-8") + "x: [\n", "utf-8")


def plain(evaluation: Evaluation) -> dict[str, dict[str, Any]]:
    """Return branch → its result as JSON."""
    assert evaluation.results is not None
    return {b["id"]: b for b in to_json(evaluation.results)["branches"]}


class Measure:
    """Scores trees in full, checked out with the rubric of another revision; each once."""

    def __init__(self, repo: GitRepo, folder: Path) -> None:
        self.repo, self.folder = repo, folder
        repo.git("worktree", "add", "--quiet", "--detach", "--no-checkout", str(folder))
        self.known: dict[tuple[str, ...], Evaluation] = {}

    def of(self, treeish: str, rubric: str) -> Evaluation:
        """Return the evaluation of a tree under the rubric of a commit, on top of that commit."""
        commit = self.repo.git("rev-parse", rubric)
        key = (self.repo.git("rev-parse", f"{treeish}^{{tree}}"), commit)
        if key not in self.known:
            self.repo.git("-C", str(self.folder), "read-tree", "--reset", "-u", treeish)
            text = self.repo.git("show", f"{rubric}:rubric.yml") + "\n"
            (self.folder / "rubric.yml").write_text(text, "utf-8")
            ahead = Proposed(SECONDS, treeish, changes(self.repo.root, commit, treeish))
            receipts = GitReceipts(self.repo.root, commit, pending=ahead)
            means = Means(Source(date=f"{DAY}T12:00:00+08:00"), receipts)
            self.known[key] = evaluate(WorkingTree(self.folder), YEAR, means)
        return self.known[key]


def standing_of(branch: dict[str, Any] | None) -> dict[str, Any]:
    return {key: branch[key] for key in STANDING} if branch else {}


def compare(year: YearImpact, before: Evaluation, after: Evaluation) -> None:
    """Hold an impact against two full evaluations."""
    old, new = plain(before), plain(after)
    told = {b.id: b for b in (*year.branches, *year.others)}
    for branch in {*old, *new}:
        one, two = old.get(branch), new.get(branch)
        item = told.get(branch)
        if standing_of(one) != standing_of(two):
            assert item is not None, branch
        if item is None:
            assert differing(one, two) == [], branch
            assert {**(one or {}), "lines": []} == {**(two or {}), "lines": []}, branch
            continue
        shown = [
            {k: b[k] for k in STANDING} if b else {}
            for b in (standing_json(item.before), standing_json(item.after))
        ]
        assert shown == [standing_of(one), standing_of(two)], branch
        titles = [str(change.line.title) for change in item.lines]
        assert titles == differing(one, two), branch
    keys = [{f.fingerprint: f for f in e.findings} for e in (before, after)]
    assert {f.fingerprint for f in year.new} == set(keys[1]) - set(keys[0])
    assert {f.fingerprint for f in year.fixed} == set(keys[0]) - set(keys[1])


def standing_json(branch: Any) -> dict[str, Any] | None:
    from generator.reports.impact.document import standing_json as as_json

    return as_json(branch, ranked=True)


def differing(one: dict[str, Any] | None, two: dict[str, Any] | None) -> list[str]:
    """Return the titles of the criteria that differ, by the JSON alone."""
    keys = ("points", "max", "claimed", "computed", "verified", "basis", "evidence")

    def rows(branch: dict[str, Any] | None) -> dict[Any, Any]:
        lines = branch["lines"] if branch else []
        return {(li["section"], li["criterion"]): li for li in lines if li["part"] is None}

    old, new = rows(one), rows(two)
    order = [*new, *(k for k in old if k not in new)]
    return [
        (new.get(k) or old[k])["title"]
        for k in order
        if [(old.get(k) or {}).get(i) for i in keys] != [(new.get(k) or {}).get(i) for i in keys]
    ]


@pytest.mark.parametrize("seed", tiered(REPOSITORIES, often=OFTEN))
def test_random_pairs(seed: int, tmp_path: Path) -> None:
    """Merge base, main and head differ; full scoring of checked-out trees is the measure."""
    rng = random.Random(seed)
    donor, root, folder = tmp_path / "donor", tmp_path / "root", tmp_path / "out"
    make_repository(donor, 1000 + seed, flawed=True)
    make_repository(root, seed, flawed=rng.random() < 0.5)
    repo = GitRepo(root, base=False)
    repo.commit("base")
    editor = Editor(root, rng, donor)
    measure = Measure(repo, folder)
    commits = [repo.git("rev-parse", "HEAD")]
    merged_pairs = 0
    told: set[str] = set()
    while merged_pairs < PER_REPOSITORY:
        start = rng.choice(commits[-3:])
        head = varied(repo, editor, start)
        main = varied(repo, editor, start) if rng.random() < 0.5 else start
        commits += [head, main]
        impact = assess(root, main, head)
        if impact.proposal.merged is None:
            assert impact.proposal.conflicts
            continue
        merged_pairs += 1
        before = measure.of(main, main)
        after = measure.of(impact.proposal.merged, main)
        year = next((y for y in impact.years if y.year == YEAR), None)
        if year is None:
            assert plain(before) == plain(after)
            continue
        compare(year, before, after)
        narrow_agrees(repo, main, head, year)
        if main not in told:
            told.add(main)
            at_agrees(measure, main)


def varied(repo: GitRepo, editor: Editor, start: str) -> str:
    """Commit one to three random changes on top of a commit."""
    repo.git("checkout", "--quiet", "--detach", "--force", start)
    repo.git("clean", "-qfdx")
    for _ in range(editor.rng.randint(1, 3)):
        editor.edit()
    return repo.commit()


def narrow_agrees(repo: GitRepo, main: str, head: str, full: YearImpact) -> None:
    """Reading only what the change reaches gives the same figures and findings."""
    narrow = assess(repo.root, main, head, ranks=False)
    for year in narrow.years:
        if year.year != full.year or year.ranked:
            continue
        ours = {b.id: (b.lines, b.bonus, b.stale, b.files) for b in year.branches}
        theirs = {b.id: (b.lines, b.bonus, b.stale, b.files) for b in full.branches}
        assert {k: v for k, v in theirs.items() if any(v)} == {
            k: v for k, v in ours.items() if any(v)
        }
        assert {f.fingerprint for f in year.new} == {f.fingerprint for f in full.new}
        assert {f.fingerprint for f in year.fixed} == {f.fingerprint for f in full.fixed}


def at_agrees(measure: Measure, commit: str) -> None:
    """Reading git objects gives what the same files on disk give."""
    disk = measure.of(commit, commit)
    result = appraise(
        "score", "--at", commit, "--year", str(YEAR), "--format", "json", root=measure.repo.root
    )
    document = json.loads(result.stdout)
    assert {b["id"]: b for b in document["branches"]} == json.loads(write_json(plain(disk)))


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path)


def test_no_effect_is_one_line(repo: GitRepo) -> None:
    head = repo.change({"README.md": "# x\n"})
    for form in ("table", "markdown"):
        result = appraise("impact", "main", head, "--format", form, root=repo.root)
        assert result.exit_code == 0
        assert result.stdout.count("\n") == 1
        assert "不影响任何分数" in result.stdout


def test_a_measure_is_shown_before_and_after(repo: GitRepo) -> None:
    text = (repo.root / OWN / "activities/2025-03-12-theme-day/activity.yml").read_text("utf-8")
    files = {
        f"{OWN}/activities/2025-04-{day}-study/activity.yml": renewed(text, day) for day in (11, 12)
    }
    head = repo.change(files)
    result = appraise("impact", "main", head, root=repo.root)
    assert "1→3 次" in result.stdout
    assert f"重算：appraise impact {repo.git('rev-parse', 'main')} {head}" in result.stdout


def renewed(text: str, day: int) -> str:
    """Return an activity of another day without attachments."""
    text = text.replace("2025-03-12", f"2025-04-{day}")
    return "".join(
        line + "\n"
        for line in text.splitlines()
        if not line.startswith(("plan", "record", "photos"))
    ).replace("title: ", f"title: {day} ")


def test_a_changed_rubric_is_taken_apart(repo: GitRepo) -> None:
    rubric = (repo.root / "rubric.yml").read_text("utf-8")
    changed = rubric.replace("min: 20", "min: 29")
    head = repo.change({"rubric.yml": changed, f"{OWN}/documents/plan/plan.md": None})
    document = json.loads(
        appraise("impact", "main", head, "--format", "json", root=repo.root).stdout
    )
    data, rules = document["years"][0], document["rubric"][0]
    assert [b["id"] for b in data["branches"]] == ["demo-a"]
    assert all(b["before"]["grade"] == b["after"]["grade"] for b in data["branches"])
    assert any(b["before"]["grade"] != b["after"]["grade"] for b in rules["branches"])
    assert all(b["before"]["total"] == b["after"]["total"] for b in rules["branches"])
    assert all(not b["files"] for b in rules["branches"])


def test_a_review_that_becomes_stale_is_named_with_its_author(repo: GitRepo) -> None:
    appraise("review", "demo-a", "--write", root=repo.root)
    path = repo.root / "committee/2025/reviews/demo-a.yml"
    text = path.read_text("utf-8")
    filled = re.sub(r"(?m)^# (  discipline: .*by: )", r"\1示例办公室", text)
    assert filled != text
    path.write_text(filled, "utf-8")
    repo.commit("review")
    head = repo.change({f"{OWN}/documents/plan/plan.md": "# 另一份计划\n"})
    result = appraise("impact", "main", head, "--format", "json", root=repo.root)
    branch = json.loads(result.stdout)["years"][0]["branches"][0]
    assert [s["by"] for s in branch["stale"]] == ["示例办公室"]
    assert "核定将过期" in json.loads(result.stdout)["verdict"]


def test_evidence_without_effect_and_points_without_evidence(repo: GitRepo) -> None:
    claims = (repo.root / OWN / "self-assessment.yml").read_text("utf-8")
    head = repo.change(
        {
            f"{OWN}/documents/extra/document.yml": "kind: plan\ntitle: 又一份\ndate: 2025-02-01\n",
            f"{OWN}/self-assessment.yml": claims.replace("points: 4.5", "points: 1"),
        }
    )
    result = appraise("impact", "main", head, "--format", "json", root=repo.root)
    branch = json.loads(result.stdout)["years"][0]["branches"][0]
    assert branch["evidence_without_effect"] == [f"{OWN}/documents/extra"]
    assert len(branch["points_without_evidence"]) == 1
    assert [f["status"] for f in branch["files"]] == ["A", "M"]


def test_conflicts_are_named(repo: GitRepo) -> None:
    head = repo.change({f"{OWN}/documents/plan/plan.md": "x\n"})
    repo.git("update-ref", "refs/heads/main", repo.change({f"{OWN}/documents/plan/plan.md": "y\n"}))
    result = appraise("impact", "main", head, root=repo.root)
    assert result.exit_code == 1
    assert "冲突" in result.stdout
    assert f"{OWN}/documents/plan/plan.md" in result.stdout


def test_new_errors_decide_the_exit_status(repo: GitRepo) -> None:
    head = repo.change({f"{OWN}/self-assessment.yml": "submitted: [\n"})
    result = appraise("impact", "main", head, root=repo.root)
    assert result.exit_code == 1
    assert result.stdout.startswith("不宜合并")
    back = appraise("impact", head, "main", root=repo.root)
    assert back.stdout.startswith("这一改动不影响")


def test_an_error_that_two_years_show_is_one(repo: GitRepo) -> None:
    opened = (repo.root / f"committee/{YEAR}/appraisal.yml").read_text("utf-8")
    later = opened.replace(f"{YEAR}", f"{YEAR + 1}").replace("stage: review", "stage: open")
    start = repo.change({f"committee/{YEAR + 1}/appraisal.yml": later})
    head = repo.change({"committee/consortia.yml": "- {\n"}, start=start)
    document = json.loads(
        appraise("impact", start, head, "--format", "json", root=repo.root).stdout
    )
    new = [f["path"] for year in document["years"] for f in year["findings"]["new"]]
    assert new.count("committee/consortia.yml") == len(document["years"]) == 2
    assert document["errors"] == len(set(new))


def test_the_guard_is_part_of_the_verdict(repo: GitRepo) -> None:
    head = repo.change({"branches/demo-b/2025/documents/plan/plan.md": "# 乙\n"})
    args = ("impact", "main", head, "--author", "example-a", "--format", "json")
    document = json.loads(appraise(*args, root=repo.root).stdout)
    assert document["guard"]["allowed"] is False
    assert {f["code"] for f in document["guard"]["findings"]} == {"G001", "G003"}


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=https://track.example/x>",
    "@all @user",
    "#1 fixes #1",
    "<!-- appraisal -->",
    "![x](http://track.example/)",
    "[a](javascript:alert(1))",
    "<details><summary>",
    "` | ``` | ~~~",
    "a | b \\| c \\\\| d",
    "::error::x",
    "\u202e\u200b乙",
    "# 标题\n- x",
]


def test_nothing_in_the_data_breaks_out_of_the_comment(repo: GitRepo) -> None:
    files = {}
    for n, text in enumerate(HOSTILE, start=10):
        quoted = json.dumps(text, ensure_ascii=True)
        files[f"{OWN}/activities/2025-05-{n}-x/activity.yml"] = (
            f"title: {quoted}\ntype: {quoted}\ndate: 2025-05-{n}\nplace: {quoted}\n"
        )
        files[f"{OWN}/documents/d{n}/{n}` |<b>@all.md"] = f"{n}"
    claims = (repo.root / OWN / "self-assessment.yml").read_text("utf-8")
    bonus = "".join(
        f"  - {{id: b{n}, rule: bonus-award, level: municipal, matter: {json.dumps(text)},"
        f" date: 2025-06-01, evidence: [documents/plan]}}\n"
        for n, text in enumerate(HOSTILE)
    )
    files[f"{OWN}/self-assessment.yml"] = claims.split("bonus:")[0] + f"bonus:\n{bonus}"
    head = repo.change(files)
    told = ["impact", "main", head, "--format", "markdown"]
    author = "x` <!-- appraisal --> @all"
    text = appraise(*told, root=repo.root).stdout
    text += appraise(*told, "--author", author, root=repo.root).stdout
    outside = re.sub(r"`[^`\n]*`", "", text)
    outside = re.sub(r"</?details>|</?summary>", "", outside, count=4)
    assert "`" not in outside
    assert not re.search(r"[<>@#!\[\]](?!## |# )", outside.replace("### ", ""))
    assert "http" not in outside
    assert "<!--" not in text
    for line in text.splitlines():
        if line.startswith("|"):
            bare = re.sub(r"`[^`]*`", "", line)
            assert bare.count("|") == line.count("|")
    assert len({line.count("|") for line in text.splitlines() if line.startswith("| error")}) <= 1


def test_the_comment_is_cut_by_rows(repo: GitRepo) -> None:
    files = {
        f"{OWN}/documents/d{n}/document.yml": f"kind: {'长' * 300}\ntitle: x\ndate: 2025-01-01\n"
        for n in range(400)
    }
    impact = assess(repo.root, "main", repo.change(files))
    text = as_markdown(impact)
    assert 50_000 < size(text) <= 65_000
    assert re.search(r"还有 \d+ 行没有列出", text)
    assert re.search(r"\n重算：.*\n\n</details>\n\Z", text)
    for limit in (400, 1_000, 5_000):
        assert size(as_markdown(impact, limit)) <= limit


def test_long_documents_keep_their_end() -> None:
    document = Document()
    document.table("t", ["a"], [[literal("😀" * 30)] for _ in range(3000)])
    document.say("end")
    text = document.render()
    assert size(text) <= 65_000
    assert text.endswith("end\n")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (short_of(counted(5, 6), 5), reached(counted(6, 6)), "活动 5→6 次，标准 6 次"),
        (short_of(counted(5, 6), 5), short_of(counted(5, 8), 5), "活动 5 次，标准 6→8 次"),
        (reached(counted(5, 6)), reached(counted(5, 6, "讲座")), "None"),
        (short_of(counted(5, 6), 5), short_of(counted(5, 6), 4), "活动 5 次，标准 6 次：得 5→4"),
        ("原来的话 5", "后来的话 6", "None"),
        (listed([counted(1, 2)]), listed([counted(2, 2)]), "活动 1→2 次，标准 2 次"),
    ],
)
def test_why_names_the_number_that_moved(before: Value, after: Value, expected: str) -> None:
    assert str(moved(before, after)) == expected


def test_why_reads_values_in_any_language() -> None:
    set_language("en")
    assert str(moved(counted(5, 6, "x"), counted(6, 6, "x"))) == "x: 5→6, target 6"


def test_an_untouched_branch_that_moves_is_a_fault(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.proposals.difference import OtherBranchMovedError

    head = repo.change({f"{OWN}/documents/plan/plan.md": "# 新\n"})
    real = Comparison.full

    def wrong(self: Comparison, year: int) -> tuple[Evaluation, Evaluation]:
        before, _ = real(self, year)
        files = {"branches/demo-b/2025/activities/2025-05-06-meeting/activity.yml": None}
        other = assess_tree(self, repo.change(files), year)
        return before, other

    def assess_tree(comparison: Comparison, commit: str, year: int) -> Evaluation:
        from generator.files.git_tree import GitTree

        with closing(GitTree.at(repo.root, commit)) as tree:
            return comparison.evaluate(tree, year, comparison.receipts())

    monkeypatch.setattr(Comparison, "full", wrong)
    with pytest.raises(OtherBranchMovedError):
        assess(repo.root, "main", head)
