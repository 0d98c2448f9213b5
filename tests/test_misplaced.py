"""Records in the wrong place: each folder is named once, and the remedy that is named helps."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from generator.engine.evaluate import evaluate, read_branch
from generator.files.misplaced import Fault, find_misplaced, meant
from generator.files.paths import RECORD_FILES
from tests.effort import at_most
from tests.memory import MemoryTree, base_files, files_below
from tests.naive.repositories import YEAR, make_repository
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from generator.text.findings import Finding

OWN = "branches/demo-a/2025"
BODIES = {
    "activities": "title: 新活动{n}\ntype: theme-day\ndate: {day}\nplace: 会议室\n",
    "documents": "kind: plan\ntitle: 新材料{n}\ndate: {day}\n",
}
#: Names that people and systems give a record's file; ``{}`` is the right name without its ending.
RENAMED = (
    "{}.yaml", "{}.yml.yml", "{}.YML", "{}.Yml", "{}", "{}.txt", "{}.yml.txt", "{}.yaml.txt",
    "{}.yml.bak", "{} (1).yml", "{}(2).yml", "{}（3）.yml", "{} - 副本.yml", "{}_副本.yaml",
    "副本 {}.yml", "copy of {}.yml", "{} copy.yml", "{}-final.yml", "{}2.yml", "{}_new.yml",
    " {}.yml", "{} .yml", "_{}.yml", "{}.json",
)  # fmt: skip


class Filed(NamedTuple):
    """A record as filed rightly: group and name of its folder, content by file name."""

    group: str
    folder: str
    files: dict[str, bytes]

    @property
    def name(self) -> str:
        """Name of the record's own file."""
        return RECORD_FILES[self.group]


def filed(draw: random.Random) -> Filed:
    """Return a record that the base repository does not have."""
    group = draw.choice(sorted(BODIES))
    number = draw.randrange(10_000)
    day = f"2025-{draw.randrange(1, 13):02}-{draw.randrange(1, 28):02}"
    folder = f"{day}-new-{number}" if group == "activities" else f"new-{number}"
    names = draw.sample(["方案.md", "note.md", "签到.md", "b.txt"], draw.randrange(1, 4))
    files = {name: f"{name} {number}\n".encode() for name in names}
    body = BODIES[group].format(n=number, day=day)
    keys = {"activities": "photos", "documents": "files"}
    body += f"{keys[group]}: [{', '.join(names)}]\n"
    return Filed(group, folder, {RECORD_FILES[group]: body.encode(), **files})


def renamed(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """The record's file has another name."""
    name = draw.choice(RENAMED).format(record.name.removesuffix(".yml"))
    return moved(record, f"{record.group}/{record.folder}", name)


def capital(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """Some letters of the name are capitals."""
    letters = [*record.name]
    at = draw.randrange(len(letters) - 4)
    letters[at] = letters[at].upper()
    return moved(record, f"{record.group}/{record.folder}", "".join(letters))


def named_freely(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """The name says what the record is about, not that it is one."""
    name = (
        f"{draw.choice(['主题党日', 'record', '总结', 'may', 'x'])}.{draw.choice(['yml', 'yaml'])}"
    )
    return moved(record, f"{record.group}/{record.folder}", name)


def deeper(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """A folder more, inside of the record's or around it."""
    more = draw.choice([record.folder, "第二季度", "unzipped", "照片"])
    inner = f"{record.folder}/{more}"
    outer = f"{more}/{record.folder}"
    if more == "unzipped" and record.group == "documents":
        inner = outer
    return moved(record, f"{record.group}/{draw.choice([inner, outer])}")


def year_again(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """The year's folder lies in itself, or a folder of another name between."""
    between = draw.choice(["2025", "2025年", "材料包", "demo-a"])
    return moved(record, f"{between}/{record.group}/{record.folder}")


def higher(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """The record's folder lies a level too high, or the record has none."""
    return moved(record, draw.choice([record.folder, record.group, "."]))


def other_group(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """The record lies among those of the other kind, or in a folder of another name."""
    names = ["活动", "activity", "Documents", "files", *(set(BODIES) - {record.group})]
    return moved(record, f"{draw.choice(sorted(names))}/{record.folder}")


def outside(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """The year's folder is missing, or is called otherwise."""
    above = draw.choice(["..", "../2025年", "../二〇二五", "../25"])
    return moved(record, f"{above}/{record.group}/{record.folder}")


def forgotten(draw: random.Random, record: Filed) -> dict[str, bytes]:
    """The record's file was not sent along."""
    del draw
    files = moved(record, f"{record.group}/{record.folder}")
    return {path: data for path, data in files.items() if not path.endswith(".yml")}


def moved(record: Filed, folder: str, name: str | None = None) -> dict[str, bytes]:
    """Return the files of a record in another folder, its own under another name."""
    home = OWN if folder == "." else f"{OWN}/{folder}"
    home = home.replace("/2025/..", "")
    return {
        f"{home}/{name or own if own == record.name else own}": data
        for own, data in record.files.items()
    }


DAMAGES: Sequence[Callable[[random.Random, Filed], dict[str, bytes]]] = (
    renamed, capital, named_freely, deeper, year_again, higher, other_group, outside, forgotten,
)  # fmt: skip


def found_in(files: dict[str, bytes]) -> list[Finding]:
    """Return the findings of a repository."""
    return evaluate(MemoryTree(files)).findings


@pytest.mark.parametrize("seed", tiered(range(90), often=4 * len(DAMAGES), fast=2 * len(DAMAGES)))
def test_a_record_in_the_wrong_place_is_named_once(seed: int) -> None:
    """One error for the folder, none beside it; where a place is named, moving the record helps."""
    draw = random.Random(seed)
    record = filed(draw)
    damaged = DAMAGES[seed % len(DAMAGES)](draw, record)
    findings = [f for f in found_in(base_files() | damaged) if f.path in damaged]
    assert [(f.code, f.severity) for f in findings] == [("E019", "error")], findings
    (case,) = find_misplaced(
        path for path in {*base_files(), *damaged} if path.startswith("branches/demo-a/")
    )
    assert case.covers == set(damaged)
    if case.target:
        home = case.target.rpartition("/")[0]
        mended = {f"{home}/{path.rpartition('/')[2]}": data for path, data in damaged.items()}
        mended[case.target] = mended.pop(f"{home}/{case.path.rpartition('/')[2]}")
        assert home == f"{OWN}/{record.group}/{record.folder}"
        assert not found_in(base_files() | mended)


@pytest.mark.parametrize("seed", tiered(range(20), often=10, fast=4))
def test_nothing_in_its_place_is_named(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed)
    paths = [*files_below(tmp_path)]
    assert sum(path.endswith((*RECORD_FILES.values(), "self-assessment.yml")) for path in paths)
    assert find_misplaced(path for path in paths if f"/{YEAR}/" in path) == ()


@pytest.mark.parametrize(
    "name",
    [
        "plan.md",
        "活动照片.jpg",
        "document.pdf",
        "activity.docx",
        "自评.xlsx",
        "record.yml",
        "x.yml",
    ],
)
def test_other_names_are_no_record(name: str) -> None:
    assert meant(name) == ""


def test_what_a_record_names_is_its_attachment() -> None:
    """A name like a record's is no fault beside the record, where text may be attached."""
    home = f"{OWN}/documents/plan"
    assert find_misplaced([f"{home}/document.yml", f"{home}/document.txt"]) == ()
    (case,) = find_misplaced([f"{home}/document.yml", f"{home}/Document.yml"])
    assert (case.fault, *case.covers) == (Fault.SECOND, f"{home}/Document.yml")


@pytest.mark.parametrize("seed", tiered(range(50), often=20, fast=8))
def test_only_what_lies_beside_a_record_is_its_attachment(seed: int) -> None:
    """A file of the right name counts beside its record, and in no folder below it."""
    draw = random.Random(seed)
    record = filed(draw)
    home = f"{OWN}/{record.group}/{record.folder}"
    files = moved(record, f"{record.group}/{record.folder}")
    name = draw.choice(sorted(set(record.files) - {record.name}))
    inner = "/".join(draw.choices(["附件", "sub", record.folder, "a b"], k=draw.randrange(1, 4)))
    files[f"{home}/{inner}/{name}"] = files.pop(f"{home}/{name}")
    tree = MemoryTree(base_files() | files)
    evidence = read_branch(tree, "demo-a", 2025).data.evidence[f"{record.group}/{record.folder}"]
    assert set(evidence.attachments) == set(record.files) - {record.name, name}
    assert evidence.fact is not None
    counted = evidence.fact.fields["photos" if record.group == "activities" else "files"]
    assert counted == tuple(other for other in evidence.named if other != name)
    findings = {(f.code, f.path) for f in found_in(tree.files)}
    assert findings == {("E001", f"{home}/{record.name}"), ("E002", f"{home}/{inner}/{name}")}


def test_the_search_is_linear() -> None:
    """Twice the folders take about twice the calls, however they are nested."""
    for width in (400, 800):
        paths = [
            f"{OWN}/activities/{'x/' * (n % 7)}2025-05-20-{n}/{name}"
            for n in range(width)
            for name in ("Activity.yml", "a.md", "b.md")
        ]
        with at_most(calls=300 * width):
            assert len(find_misplaced(paths)) == width
