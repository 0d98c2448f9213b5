"""``appraise new`` by options: what lacks or is unfit is said; what fits is written, or nothing."""

from __future__ import annotations

import os
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from generator.cli.main import cli
from tests.filling import as_set, loaded
from tests.gitrepo import GitRepo
from tests.memory import files_below
from tests.sites import PROGRAM
from tests.support import BASE, appraise
from tests.test_attachments import jpeg

if TYPE_CHECKING:
    from pathlib import Path

ACTIVITY = ["title=参观", "type=支部党员大会", "date=2025年5月6日", "place=展览馆", "collective=是"]
HOME = "branches/demo-a/2025"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The small clean repository, with a folder of files beside it."""
    shutil.copytree(BASE, tmp_path / "data")
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "方案.md").write_text("# 方案\n先集合，后参观。\n", "utf-8")
    (tmp_path / "desk" / "记录.md").write_text("# 记录\n到会八人。\n", "utf-8")
    return tmp_path / "data"


def new(root: Path, *words: str) -> Result:
    return appraise("new", *words, root=root)


def files(root: Path) -> dict[str, bytes]:
    return files_below(root)


def desk(root: Path, name: str) -> str:
    return f"{root.parent / 'desk' / name}"


def test_a_record_is_written_with_its_files_and_what_it_brings(root: Path) -> None:
    before = files(root)
    done = new(
        root, "activity", "demo-a", *as_set([*ACTIVITY, "attendance=9、8、1"]),
        "--attach", desk(root, "方案.md"), "--attach", desk(root, "记录.md"),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    folder = f"{HOME}/activities/2025-05-06-member-meeting"
    written = {path: data for path, data in files(root).items() if path not in before}
    assert sorted(written) == [
        f"{folder}/{name}" for name in ("activity.yml", "方案.md", "记录.md")
    ]
    assert written[f"{folder}/activity.yml"].decode() == (
        "title: 参观\ntype: member-meeting\ndate: 2025-05-06\nplace: 展览馆\ncollective: true\n"
        "plan: 方案.md\nrecord: 记录.md\n"
        "attendance:\n  members: 9\n  present: 8\n  leave: 1\n  absent: 0\n"
    )
    assert "集中活动 1→2 次" in done.output
    assert f"已写入 {folder}/activity.yml" in done.stderr
    assert appraise("check", "demo-a", root=root).exit_code == 0


def test_what_is_missing_is_listed_with_title_and_example(root: Path) -> None:
    before = files(root)
    done = new(root, "document", "demo-a", "--set", "种类=阵地清单", "--set", "date=2025-02-30")
    assert done.exit_code == 2
    assert "date=2025-02-30" in done.stderr
    done = new(root, "document", "demo-a", "--set", "种类=阵地清单")
    assert done.exit_code == 2
    lines = [line.strip() for line in done.stderr.splitlines() if "--set" in line]
    assert [line.split("=")[0] for line in lines] == [
        "--set title", "--set date", "--set fields.sign",
    ]  # fmt: skip
    assert "标题，例如：" in lines[0]
    assert "还可以写：due（回应事项）、fields.flag（flag）、" in done.stderr
    assert files(root) == before


def test_what_may_be_said_in_place_of_another_is_told(root: Path) -> None:
    done = new(root, "claim", "demo-b", "--set", "criterion=学习", "--set", "points=")
    assert done.exit_code == 2
    assert "--set not_applicable=…  不适用的理由，例如：本支部未加入联合体" in done.stderr
    done = new(root, "claim", "demo-b", "--set", "criterion=述职")
    assert "也可以改写 --set not_applicable=…" in done.stderr


def test_every_mistake_is_told_at_once(root: Path) -> None:
    done = new(
        root, "activity", "demo-a", "--set", "typ=x", "--set", "date=昨天", "--set", "place",
        "--set", "title=a", "--set", "title=b", "--attach", desk(root, "没有.md"),
    )  # fmt: skip
    assert done.exit_code == 2
    for words in ("没有“typ”；", "date=昨天", "place：要写成", "title：只能写一次", "没有.md”："):
        assert words in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["activity"], "缺少支部编号；现有：demo-a、demo-b"),
        (["activity", "demo-z"], "没有支部“demo-z”"),
        (["activity", "demo-a", "--year", "2019"], "没有 2019 年的数据"),
        (["branch", "Demo"], "“Demo”不是合法的编号"),
        (["claim", "demo-a", "--attach", "x.md"], "这里不带附件"),
        (["activity", "demo-a", "--like", "2019"], "没有找到“2019”"),
        (["rubric"], "没有 'rubric'"),
    ],
)
def test_wrong_use_is_told(root: Path, words: list[str], told: str) -> None:
    done = new(root, *words)
    assert done.exit_code == 2
    assert told in done.stderr


def test_the_name_of_a_branch_stands_for_its_id(root: Path) -> None:
    done = new(root, "activity", "示例a党支部", *as_set(ACTIVITY), "--dry-run")
    assert done.exit_code == 0
    assert f"{HOME}/activities/2025-05-06-member-meeting/activity.yml" in done.stderr


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("照片.jpg", b"GIF89a....", "不能作为附件"),
        ("空.pdf", b"", "附件是空的"),
        ("-x.md", b"text", "短横线开头"),
        ("大.md", b"x" * 10_000_001, "上限 10 MB"),
    ],
)
def test_an_unfit_file_is_refused_in_the_words_of_its_finding(
    root: Path, name: str, data: bytes, words: str
) -> None:
    before = files(root)
    (root.parent / "desk" / name).write_bytes(data)
    done = new(
        root, "document", "demo-a", *as_set(["kind=plan", "title=计划", "date=2025-02-01"]),
        f"--attach={desk(root, name)}",
    )  # fmt: skip
    assert done.exit_code == 1
    assert words in done.stderr
    assert files(root) == before


def test_a_record_with_errors_is_not_written(root: Path) -> None:
    before = files(root)
    day = [word.replace("2025年5月6日", "2026-05-06") for word in ACTIVITY]
    done = new(root, "activity", "demo-a", *as_set(day))
    assert done.exit_code == 1
    assert "error S006" in done.output
    assert "没有写入：带来 1 个错误" in done.stderr
    again = as_set(["title=主题党日", "type=主题党日", "date=2025-03-12", "place=会议室"])
    done = new(root, "activity", "demo-a", *again)
    assert done.exit_code == 1
    assert "error E009" in done.output
    assert files(root) == before


def test_the_same_file_in_another_branch_is_noticed(root: Path) -> None:
    (root.parent / "desk" / "plan.md").write_bytes(
        (root / "branches/demo-b/2025/documents/plan/plan.md").read_bytes()
    )
    done = new(
        root, "document", "demo-a", *as_set(["kind=plan", "title=又一份", "date=2025-02-01"]),
        "--attach", desk(root, "plan.md"),
    )  # fmt: skip
    assert done.exit_code == 1
    assert "error E005" in done.output


def test_no_file_is_ever_overwritten(root: Path) -> None:
    plan = as_set(["kind=plan", "title=计划", "date=2025-02-01"])
    done = new(root, "document", "demo-a", *plan, "--set", "folder=plan")
    assert done.exit_code == 2
    assert "已经有了，不会覆盖" in done.stderr
    assert new(root, "document", "demo-a", *plan).exit_code == 0
    assert (root / HOME / "documents/plan-2/document.yml").is_file()
    done = new(root, "branch", "demo-b", *as_set(BRANCH))
    assert done.exit_code == 2
    assert "已经有了" in done.stderr


def test_what_git_has_without_checking_it_out_is_there(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    repo.git("sparse-checkout", "set", "--no-cone", "/*", f"!/{HOME}/documents/plan/")
    assert not (repo.root / HOME / "documents/plan").exists()
    plan = as_set(["kind=plan", "title=计划", "date=2025-02-01"])
    done = new(repo.root, "document", "demo-a", *plan, "--set", "folder=plan")
    assert done.exit_code == 2
    assert "已经有了，不会覆盖" in done.stderr
    assert new(repo.root, "document", "demo-a", *plan).exit_code == 0
    assert (repo.root / HOME / "documents/plan-2/document.yml").is_file()


BRANCH = [
    "name=示例c党支部", "kind=功能型党支部", "societies=甲学会、乙学会", "established=2020.1.2",
    "members=十二人", "submitters=example-c",
]  # fmt: skip


def test_a_branch_gets_the_next_number_and_is_like_another(root: Path) -> None:
    assert new(root, "branch", *as_set(BRANCH)).exit_code == 0
    made = loaded((root / "branches/b001/branch.yml").read_bytes())
    assert made["societies"] == ["甲学会", "乙学会"]
    assert made["members"] == 12
    done = new(root, "branch", "--like", "b001", *as_set(["name=又一个", "members=3"]))
    assert done.exit_code == 0
    assert loaded((root / "branches/b002/branch.yml").read_bytes()) == made | {
        "name": "又一个", "members": 3,
    }  # fmt: skip


def test_links_are_not_followed(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    shutil.rmtree(root / HOME / "activities")
    (root / HOME / "activities").symlink_to(outside)
    done = new(root, "activity", "demo-a", *as_set(ACTIVITY))
    assert done.exit_code == 2
    assert "是链接，不能写入" in done.stderr
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("error", [OSError(28, "full"), KeyboardInterrupt()], ids=["full", "break"])
def test_all_is_written_or_nothing(
    root: Path, number: int, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, replaced = files(root), os.replace
    left = [number]

    def failing(old: str, new: str) -> None:
        if not left[0]:
            raise error
        left[0] -= 1
        replaced(old, new)

    monkeypatch.setattr(os, "replace", failing)
    done = new(
        root, "activity", "demo-a", *as_set(ACTIVITY),
        "--attach", desk(root, "方案.md"), "--attach", desk(root, "记录.md"),
    )  # fmt: skip
    assert done.exit_code != 0
    assert ("磁盘已满" in done.stderr) is isinstance(error, OSError)
    assert files(root) == before
    assert not (root / HOME / "activities/2025-05-06-member-meeting").exists()


def test_a_dry_run_prints_the_file_alone(root: Path) -> None:
    before = files(root)
    done = new(root, "claim", "demo-a", *as_set(["criterion=学习", "points=5"]), "--dry-run")
    assert done.exit_code == 0
    assert loaded(done.stdout.encode())["claims"]["study"] == {
        "points": 5, "statement": "按要求完成。",
    }  # fmt: skip
    assert "总分" in done.stderr
    assert files(root) == before


def test_a_claim_is_renewed_and_starts_from_last_years(root: Path) -> None:
    path = root / HOME / "self-assessment.yml"
    before = path.read_text("utf-8")
    assert new(root, "claim", "demo-a", *as_set(["criterion=study", "points=3.5"])).exit_code == 0
    assert path.read_text("utf-8") == before.replace("points: 4\n", "points: 3.5\n")
    done = new(root, "claim", "demo-a", *as_set(["criterion=study", "points=3.5"]))
    assert "和原来一样，没有写入" in done.stderr
    last = root / "branches/demo-a/2024/self-assessment.yml"
    last.parent.mkdir()
    last.write_text(before.replace("按要求完成。", "去年的话。"), "utf-8")
    path.unlink()
    done = new(root, "claim", "demo-a", "--like", "2024",
               *as_set(["criterion=discipline", "submitted=2025-12-01"]))  # fmt: skip
    assert done.exit_code == 0, done.output
    assert loaded(path.read_bytes())["claims"] == {
        "discipline": {"points": 4.5, "statement": "去年的话。", "evidence": ["documents/plan"]}
    }
    left = as_set(["criterion=discipline", "not_applicable=没有"])
    assert new(root, "claim", "demo-a", *left).exit_code == 0
    assert loaded(path.read_bytes())["claims"] == {"discipline": {"not_applicable": "没有"}}


def test_bonus_claims_are_added_one_by_one(root: Path) -> None:
    award = ["rule=表彰", "level=市级", "matter=先进", "date=2025-07-01", "evidence=年度计划"]
    assert new(root, "bonus", "demo-a", *as_set(award)).exit_code == 0
    other = [word.replace("先进", "优秀") for word in award]
    assert new(root, "bonus", "demo-a", *as_set([*other, "id=second"])).exit_code == 0
    done = new(root, "bonus", "demo-a", *as_set([*other, "id=second"]))
    assert done.exit_code == 2
    assert "“second”已经有了" in done.stderr
    claims = loaded((root / HOME / "self-assessment.yml").read_bytes())["bonus"]
    assert [(claim["id"], claim["matter"]) for claim in claims] == [
        ("bonus-1", "先进"), ("second", "优秀"),
    ]  # fmt: skip
    assert claims[0]["level"] == "municipal"


def test_another_record_is_a_start(root: Path) -> None:
    old = f"{HOME}/activities/2025-03-12-theme-day"
    for like in (old, "2025-03-12-theme-day", f"{old}/activity.yml", "2025"):
        done = new(root, "activity", "demo-a", "--like", like, "--set", "date=2025-08-08",
                   "--dry-run")  # fmt: skip
        assert done.exit_code == 0, done.output
        assert loaded(done.stdout.encode()) == {
            "title": "主题党日", "type": "theme-day", "date": loaded(b"2025-08-08"),
            "place": "会议室", "collective": True,
        }  # fmt: skip


def test_a_garbled_assessment_is_not_written_over(root: Path) -> None:
    path = root / HOME / "self-assessment.yml"
    path.write_text("claims: [\n", "utf-8")
    done = new(root, "claim", "demo-a", *as_set(["criterion=study", "points=3", "statement=x"]))
    assert done.exit_code == 2
    assert "读不懂，不能改写" in done.stderr
    assert path.read_text("utf-8") == "claims: [\n"


def test_a_final_year_takes_no_records(root: Path) -> None:
    (root / "committee/2025/results.json").write_text("{}", "utf-8")
    done = new(root, "activity", "demo-a", "--year", "2025", *as_set(ACTIVITY))
    assert done.exit_code == 2
    assert "2025 年已经定稿" in done.stderr


def test_the_open_year_is_taken(root: Path) -> None:
    (root / "committee/2026").mkdir()
    (root / "committee/2026/appraisal.yml").write_text(
        "period: {from: 2026-01-01, to: 2026-12-31}\nstage: open\n", "utf-8"
    )
    day = [word.replace("2025", "2026") for word in ACTIVITY]
    done = new(root, "activity", "demo-a", *as_set(day), "--dry-run")
    assert done.exit_code == 0
    assert "branches/demo-a/2026/activities" in done.stderr


def completed(line: str, root: Path) -> list[str]:
    """Return what the shell is offered for the last word of a line."""
    words = ["appraise", "--root", f"{root}", *line.split(" ")]
    env = {
        "_APPRAISE_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": f"{len(words) - 1}",
    }
    done = CliRunner().invoke(cli, [], prog_name="appraise", env=env)
    return [text.partition(",")[2] for text in done.output.split()]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("new activity demo", ["demo-a", "demo-b"]),
        ("new branch demo", []),
        ("new do", ["document"]),
        ("new document demo-a --set kind=", ["kind=plan", "kind=checklist"]),
        ("new claim demo-a --set criterion=s", ["criterion=study"]),
        ("new activity demo-a --set type=the", ["type=theme-day"]),
        ("new activity demo-a --set pl", ["place=", "plan="]),
    ],
)
def test_the_shell_completes_branches_criteria_and_kinds(
    root: Path, line: str, offered: list[str]
) -> None:
    assert completed(line, root) == offered


def lines_of_the_guide() -> list[tuple[str, str]]:
    """Return (page, line) of every whole ``appraise new`` in the guide for filing."""
    pages = sorted((PROGRAM / "site_templates" / "pages").glob("handing-in*.md"))
    return [
        (page.name, line)
        for page in pages
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("appraise new ") and "--set" in line
    ]


@pytest.mark.parametrize(("page", "line"), lines_of_the_guide())
def test_what_the_guide_shows_is_taken_by_the_sample(page: str, line: str, root: Path) -> None:
    del page
    words = shlex.split(line.replace("{year}", "2025"))[2:]
    for number, word in enumerate(words):
        lead, _, name = word.rpartition("/")
        if words[number - 1] == "--attach":
            key = f"{lead.partition('=')[0]}=" if "=" in lead else ""
            old = PROGRAM / "branches/demo-a/2025/documents/plan/plan.pdf"
            other = old.read_bytes().replace(b"\n", b"\n% another plan\n", 1)
            data = jpeg() if name.endswith(".jpg") else other
            (root.parent / name).write_bytes(data)
            words[number] = f"{key}{root.parent / name}"
    done = appraise("new", *words, "--year", "2025", "--dry-run", root=PROGRAM)
    assert done.exit_code == 0, done.output
