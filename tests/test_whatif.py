"""What if: another answer gives what a rubric that was really edited gives, to the figure."""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.engine.evaluate import evaluate
from generator.engine.snapshot import means_of, snapshot_of
from generator.files.tree import WorkingTree
from generator.text.language import set_language
from tests.gitrepo import GitRepo
from tests.naive.repositories import YEAR, make_repository
from tests.sites import PROGRAM
from tests.support import appraise, write
from tests.tiers import left_out, tiered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.engine.whatif.outcomes import WhatIf
    from generator.engine.year import Evaluation

Data = dict[str, Any]
QUESTION = "q-test"
SEEDS = 8
#: How ids of the sample end that each run asks of: both kinds, one with a veto, three that appeal.
FEW = "cefgln"
#: The sample's criteria by what they are: one of judgement, one of ballots, one of parts.
SAMPLE_CHANGES: tuple[Data, ...] = (
    {"sections.governance.points": 10, "criteria.governance-service.points": 10,
     "rubric.total": 105},
    {"criteria.political-discipline.points": 3, "criteria.political-implementation.points": 7},
    {"criteria.org-activities.parts": [
        {"id": "collective", "title": "次数", "points": 16, "method": "proportion",
         "measure": {"count": "activity", "where": {"collective": True}}, "target": 12}]},
    {"criteria.org-facilities.method": "judgement", "criteria.org-facilities.of": None,
     "criteria.org-facilities.fields": None},
    {"ballot.good": 1, "ballot.fair": 0},
    {"bonus.cap": 3},
    {"bonus.cap": 0},
    {"grades.excellent.min": 95},
    {"grades.excellent.quota": 0.3, "grades.qualified.min": 90},
    {"grades.excellent.title": "优"},
    {"rubric.title": "另一名称"},
    {"sections.political.title": "另一名称"},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _chinese() -> None:
    set_language("zh")


def target(rubric: Data, path: str) -> tuple[Data, str]:
    """Return the mapping and the key that a path of a change names, in plain YAML data."""
    head, _, rest = path.partition(".")
    name, _, key = rest.partition(".")
    if head in {"rubric", "bonus", "ballot"}:
        return rubric[head], rest
    criteria = [c for s in rubric["sections"] for c in s["criteria"]]
    owners = {"sections": rubric["sections"], "criteria": criteria, "grades": rubric["grades"]}
    return next(owner for owner in owners[head] if owner["id"] == name), key


def edited(rubric: Data, change: Data) -> Data:
    """Return a rubric with a change written into it."""
    result = copy.deepcopy(rubric)
    for path, value in change.items():
        owner, key = target(result, path)
        owner[key] = copy.deepcopy(value)
        if value is None:
            del owner[key]
    return result


def ask(rubric: Data, changes: tuple[Data, ...] | list[Data]) -> Data:
    """Return a rubric with one more open question that has these other answers."""
    question = {
        "id": QUESTION,
        "issue": "示例问题",
        "alternatives": [{"label": f"答案{n}", "change": c} for n, c in enumerate(changes)],
    }
    return {**rubric, "questions": [*(rubric.get("questions") or []), question]}


def put(root: Path, rubric: Data) -> None:
    """Write a rubric; what stands twice in the data is written out twice."""
    own = json.loads(json.dumps(rubric, default=str))
    text = yaml.dump(own, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    write(root / "rubric.yml", text.encode("utf-8"))


def year_of(root: Path, *, details: bool = True) -> Evaluation:
    with snapshot_of(root) as snapshot:
        means = means_of(root, snapshot, keep=False)
        return evaluate(snapshot.tree, YEAR, means, details=details)


def asked(evaluation: Evaluation) -> WhatIf:
    assert evaluation.whatif is not None
    return evaluation.whatif


def standings(evaluation: Evaluation) -> dict[str, tuple[object, ...]]:
    """Return what places each branch, its titles included."""
    assert evaluation.results is not None
    return {
        b.id: (b.total, b.low, b.high, b.rank, b.rank_range, b.grade, b.grade_title)
        for b in evaluation.results.branches
    }


def errors(evaluation: Evaluation) -> set[str]:
    found = (f for f in evaluation.findings if f.branch and f.severity == "error")
    return {f.fingerprint for f in found}


def having(grade: str | None, evaluation: Evaluation) -> int:
    """Return how many branches have a grade; without one, of those that have a total."""
    rows = standings(evaluation).values()
    return sum(row[5] == grade and (grade is not None or row[0] is not None) for row in rows)


def compare(root: Path, rubric: Data, changes: tuple[Data, ...] | list[Data]) -> Iterator[int]:
    """Hold every answer against the rubric that was really edited; yield how many changed."""
    whole = ask(rubric, changes)
    put(root, whole)
    before = year_of(root)
    whatif = asked(before)
    answers = [a for a in whatif.answers if a.question.id == QUESTION]
    assert len(answers) == len(changes)
    for answer, change in zip(answers, changes, strict=True):
        put(root, edited(whole, change))
        real = year_of(root, details=False)
        outcome = whatif.outcome(answer)
        assert outcome is not None, (change, answer.problems)
        then = standings(before)
        titles = {name: title for name, title, _, _ in outcome.grades}
        for name, row in then.items():
            then[name] = (*row[:6], titles.get(f"{row[5]}", "") if row[5] else "")
        for one in outcome.changes:
            then[one.now.id] = (
                one.total, one.low, one.high, one.rank, one.rank_range, one.grade, one.grade_title
            )  # fmt: skip
        assert then == standings(real), change
        assert outcome.errors == len(errors(real) - errors(before)), change
        for grade, _, now, after in outcome.grades:
            assert (now, after) == (having(grade, before), having(grade, real)), change
        yield len(outcome.changes)


def unnamed(text: str, gone: list[str]) -> str:
    """Return a file of the committee without what it says of some branches."""
    names = "|".join(gone)
    entry = rf"(?m)^ +(?:{names}):.*\n|\b(?:{names})(?:: [0-9-]+)?,? ?"
    return re.sub(entry, "", text) if gone else text


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the open year of the sample, committed without its rubric; nobody changes it.

    Where all is not drawn it has the branches of ``FEW`` alone.
    """
    root = tmp_path_factory.mktemp("committed") / "sample"
    known = [folder.name for folder in (PROGRAM / "branches").iterdir()]
    gone = [name for name in known if "long" in left_out and name[-1] not in FEW]
    without = shutil.ignore_patterns("2024", *gone, *(f"{name}.yml" for name in gone))
    for name in ("branches", "committee"):
        shutil.copytree(PROGRAM / name, root / name, ignore=without)
    for file in (*root.glob("committee/*/debrief.yml"), *root.glob("committee/*/due.yml")):
        file.write_text(unnamed(file.read_text("utf-8"), gone), "utf-8")
    GitRepo(root, base=False).commit("data")
    return root


@pytest.fixture
def sample(tmp_path: Path, committed: Path) -> tuple[Path, Data]:
    """Return a copy of the sample, committed without its rubric, and the rubric as plain data."""
    rubric: Data = yaml.load((PROGRAM / "rubric.yml").read_text("utf-8"), yaml.CSafeLoader)
    return shutil.copytree(committed, tmp_path / "sample"), rubric


def test_every_kind_of_path_on_the_sample(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    changed = list(compare(root, rubric, SAMPLE_CHANGES))
    words_only = [n for n, change in enumerate(SAMPLE_CHANGES) if all("title" in p for p in change)]
    assert [n for n, count in enumerate(changed) if not count] == words_only


def random_changes(rng: random.Random, rubric: Data) -> list[Data]:
    """Return changes of every kind that a random rubric bears without falling apart."""
    section = rng.choice(rubric["sections"])
    item = rng.choice(section["criteria"])
    other = rng.choice([c for s in rubric["sections"] for c in s["criteria"]])
    more = rng.randint(1, 9)
    grow = {
        f"sections.{section['id']}.points": section["points"] + more,
        "rubric.total": rubric["rubric"]["total"] + more,
    }
    if item["method"] != "parts":
        grow[f"criteria.{item['id']}.points"] = item["points"] + more
    else:
        parts = copy.deepcopy(item["parts"])
        parts[0]["points"] += more
        grow |= {f"criteria.{item['id']}.points": item["points"] + more,
                 f"criteria.{item['id']}.parts": parts}  # fmt: skip
    found: list[Data] = [
        grow,
        {"bonus.cap": rng.choice([0, 1, 4])},
        {"bonus.rules": rubric["bonus"]["rules"][:1]},
        {f"criteria.{other['id']}.evidence": {"required": True, "kinds": ["note"]}},
        {f"ballot.{rng.choice(list(rubric['ballot']))}": rng.choice([0, 0.25, 1])},
    ]
    if rubric.get("grades"):
        top = rubric["grades"][0]["id"]
        found += [{f"grades.{top}.min": 60}, {f"grades.{top}.quota": 0.5}]
    return found


@pytest.mark.parametrize("flawed", [False, True], ids=["plain", "flawed"])
@pytest.mark.parametrize("seed", tiered(range(SEEDS), often=2))
def test_random_repositories(seed: int, flawed: bool, tmp_path: Path) -> None:
    make_repository(tmp_path, seed, flawed=flawed)
    rubric: Data = yaml.load((tmp_path / "rubric.yml").read_text("utf-8"), yaml.CSafeLoader)
    changes = random_changes(random.Random(seed), rubric)
    assert len(list(compare(tmp_path, rubric, changes))) == len(changes)


#: Answers that break the rubric → the code that names it, and words of its message.
BREAKING: list[tuple[Data, str, str]] = [
    ({"sections.governance.points": 10}, "B001", "各小项之和为 5"),
    ({"criteria.governance-service.points": 10, "sections.governance.points": 10}, "B002",
     "各大项之和为 105"),
    ({"criteria.org-activities.points": 15}, "B005", "各细分之和为 16"),
    ({"grades.excellent.min": 50}, "B005", "从高到低"),
    ({"ballot.good": 2}, "B005", "0 与 1"),
    ({"bonus.cap": "很多"}, "S003", "很多"),
    ({"criteria.org-plan.method": "magic"}, "B004", "magic"),
    ({"rubric.total": None}, "S001", "total"),
    ({"sections.governance.colour": "red"}, "S002", "colour"),
]  # fmt: skip


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, committed: Path) -> tuple[WhatIf, list[Any]]:
    """Return one evaluation of a question with all answers that break the rubric, and these."""
    root = shutil.copytree(committed, tmp_path_factory.mktemp("broken") / "sample")
    rubric: Data = yaml.load((PROGRAM / "rubric.yml").read_text("utf-8"), yaml.CSafeLoader)
    put(root, ask(rubric, [change for change, _, _ in BREAKING]))
    whatif = asked(year_of(root))
    return whatif, [answer for answer in whatif.answers if answer.question.id == QUESTION]


@pytest.mark.parametrize("number", range(len(BREAKING)), ids=lambda n: f"{n}-{BREAKING[n][1]}")
def test_an_answer_that_does_not_hold_together_is_named(
    number: int, broken: tuple[WhatIf, list[Any]]
) -> None:
    whatif, answers = broken
    assert len(answers) == len(BREAKING)
    answer, (_, code, words) = answers[number], BREAKING[number]
    assert whatif.outcome(answer) is None
    assert any(f.code == code and words in str(f.message) for f in answer.problems), answer.problems


def test_the_command_says_what_does_not_hold_together(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    put(root, ask(rubric, [{"sections.governance.points": 10}]))
    shown = appraise("whatif", QUESTION, "--no-cache", root=root)
    assert "B001" in shown.stdout
    assert "算不出来" in shown.stdout


def test_decided_questions_and_final_years_have_none(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    for question in rubric["questions"]:
        question["decided_by"] = "示例党委"
    put(root, ask(rubric, [{"bonus.cap": 1}]))
    assert [a.id for a in asked(year_of(root)).answers] == [f"{QUESTION}-1"]
    rubric = ask(rubric, [{"bonus.cap": 1}])
    rubric["questions"][-1]["decided_by"] = "示例党委"
    put(root, rubric)
    assert year_of(root).whatif is None
    assert evaluate(WorkingTree(PROGRAM), 2024).whatif is None
    assert "已经定稿" in appraise("whatif", "--year", "2024", root=PROGRAM).stderr


def test_only_where_details_are_asked_for(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    put(root, rubric)
    assert evaluate(WorkingTree(root), YEAR, details=False).whatif is None


def test_the_same_from_the_cache_by_processes_and_by_shards(
    tmp_path: Path, sample: tuple[Path, Data]
) -> None:
    """An answer has the same outcome however branches are reduced; the site finds it kept."""
    root, rubric = sample
    put(root, rubric)
    GitRepo(root, base=False).commit("rubric")
    wanted = ("whatif", "--year", "2025", "--format", "json", "--quiet")
    first = appraise(*wanted, "--no-cache", root=root).stdout
    assert appraise(*wanted, root=root).stdout == first
    assert appraise(*wanted, root=root).stdout == first
    assert appraise(*wanted, "--no-cache", "--jobs", "2", root=root).stdout == first
    (root / ".git" / "appraisal-cache.sqlite").unlink()
    parts = []
    for number in (1, 2):
        share = ("--shard", f"{number}/2", "--format", "json", "--no-cache", "--quiet")
        parts.append(tmp_path / f"part-{number}")
        parts[-1].write_text(appraise("score", "--year", "2025", *share, root=root).stdout, "utf-8")
    assert appraise("merge", *map(str, parts), root=root).exit_code == 0
    assert appraise(*wanted, root=root).stdout == first
    assert len(json.loads(first)["answers"]) == 5


def test_the_command_tells_of_one_question(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    put(root, rubric)
    told = ("q-grade-bands", "--year", "2025")
    document = json.loads(appraise("whatif", *told, "--format", "json", root=root).stdout)
    assert document["schema"] == "appraisal-whatif/1"
    assert [a["id"] for a in document["answers"]] == ["q-grade-bands-1", "q-grade-bands-2"]
    computed = document["answers"][0]["computed"]
    assert computed["grades"] == len(computed["branches"]) > 0
    one = computed["branches"][0]
    assert (one["now"]["grade"], one["then"]["grade"]) == ("excellent", "qualified")
    table = appraise("whatif", *told, root=root)
    assert table.exit_code == 0
    assert "优秀 → 合格" in table.stdout
    unknown = appraise("whatif", "q-grade-band", root=root)
    assert unknown.exit_code == 2
    assert "q-grade-bands" in unknown.stderr
    assert appraise("whatif", "q-aspects", root=root).exit_code == 2


def test_a_hostile_label_stays_text(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    put(root, ask(rubric, [{"bonus.cap": 1}]))
    text = (root / "rubric.yml").read_text("utf-8")
    (root / "rubric.yml").write_text(text.replace("答案0", "::error::\u4e00##[x]"), "utf-8")
    for form in ("table", "json"):
        shown = appraise("whatif", QUESTION, "--format", form, root=root).stdout
        assert re.search(r"(?m)^\s*::error", shown) is None
        assert "##[" not in shown


def test_english(sample: tuple[Path, Data]) -> None:
    root, rubric = sample
    put(root, rubric)
    shown = appraise("--lang", "en", "whatif", "q-bonus-cap", "--year", "2025", root=root).stdout
    assert "2025" in shown
