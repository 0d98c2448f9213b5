"""What is not public is in no bundle, whatever lies in the files; and damage costs nothing."""

from __future__ import annotations

import datetime
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from generator.files.paths import is_attachment
from generator.files.tree import MemoryTree, all_entries
from generator.formats.branch_files import ACTIVITY
from generator.formats.writing import written
from generator.proposals.bundles.bundled import (
    NEWER,
    NO_BUNDLE,
    OTHER_BUNDLE,
    BundleError,
    bundled,
)
from generator.results.audience import FIXED, WITHHELD, Audience, FieldClass, Publish
from tests.bundling import TODAY, Bundles, as_text
from tests.memory import files_below
from tests.support import BASE
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Mapping

YEAR = 2025
HOME = f"branches/demo-a/{YEAR}"
IDENTITY, PHONE = "11010519491231002X", "13812345678"
FOLDER = f"{HOME}/activities/2025-04-02-study"
#: What no bundle may hold, by where it is planted.
PLANTED = {
    "account": "zhangsan-account", "roster": "roster-account", "team": "team-account",
    "code": "Mcode77", "key": "私下写的键", "value": "私下写的值", "comment": "注释里的话",
    "alleged": "有人反映的事", "dismissed": "已排除的事", "fact": "查实的经过",
    "reference": "内部文号", "matter": "申诉的内容", "opinion-note": "抽查说明",
    "accepted": "接受的理由", "identity": IDENTITY, "phone": PHONE, "inside": "附件里的话",
    "reviewed": "ab" * 32,
}  # fmt: skip
SMALL = f"# 记录\n\n{PLANTED['inside']}\n"
LARGE = SMALL + "很长的记录。" * 1000


def planted() -> dict[str, bytes]:
    """Return a repository with all of that in it."""
    told = PLANTED
    texts = {
        "branches/demo-a/branch.yml": f"submitters: [{told['account']}]\n",
        "committee/roster.yml": (
            f"members: [{told['roster']}]\nteams: {{east: [{told['team']}]}}\n"
        ),
        f"{FOLDER}/activity.yml": (
            f"# {told['comment']}\ntitle: 学习 {IDENTITY}\ntype: theme-day\ndate: 2025-04-02\n"
            f"place: 会议室，电话 {PHONE}\nrecord: record.md\nattendance: {{file: roll.csv}}\n"
            f"{told['key']}: {told['value']}\n"
        ),
        f"{FOLDER}/roll.csv": f"member,status\n{told['code']},present\nM02,leave\nM03,absent\n",
        f"{FOLDER}/record.md": LARGE,
        f"{FOLDER}/{PHONE}.md": SMALL,
        f"committee/{YEAR}/vetoes/demo-a.yml": (
            f"- {{veto: v, state: alleged, reason: {told['alleged']}}}\n"
        ),
        f"committee/{YEAR}/vetoes/demo-b.yml": (
            f"- {{veto: v, state: dismissed, reason: {told['dismissed']}}}\n"
            f"- {{veto: v, state: verified, reason: {told['fact']}, "
            f"reference: {told['reference']}}}\n"
        ),
        f"committee/{YEAR}/appeals/demo-a.yml": (
            f"- {{id: one, received: 2026-01-05, matter: {told['matter']}, state: open}}\n"
        ),
        f"committee/{YEAR}/audit.yml": (
            "announced: 2025-12-01\nknown: 2026-01-20\nshare: 0.1\ndrawn:\n"
            f"  - {{path: {FOLDER}, note: {told['opinion-note']}}}\n"
        ),
        f"committee/{YEAR}/accepted.yml": (
            f"- {{code: E010, path: {FOLDER}/record.md, reason: {told['accepted']}}}\n"
        ),
        f"committee/{YEAR}/reviews/demo-a.yml": (
            "criteria:\n  discipline: {points: 4, reason: 好, by: 考核组, date: 2026-01-08, "
            f"reviewed: {told['reviewed']}}}\n"
        ),
    }  # fmt: skip
    files = files_below(BASE)
    branch = files["branches/demo-a/branch.yml"].decode()
    kept = [line for line in branch.splitlines(keepends=True) if not line.startswith("submitters")]
    texts["branches/demo-a/branch.yml"] += "".join(kept)
    return files | {path: text.encode() for path, text in texts.items()}


@pytest.fixture(scope="module")
def made() -> Bundles:
    """The bundles of that repository."""
    return Bundles.of(MemoryTree(planted()), YEAR)


def all_texts(made: Bundles) -> dict[str, str]:
    """Return every bundle by the branch, that of all by nothing."""
    return {"": made.shared} | {name: made.own(name) for name in made.views}


def test_nothing_that_is_not_public_is_in_a_bundle(made: Bundles) -> None:
    for name, text in all_texts(made).items():
        for what, secret in PLANTED.items():
            assert secret not in text, (name, what)
        assert "submitters" not in text.replace('"key":"/submitters"', ""), name
        assert "/vetoes/" not in text or name == "demo-b"


def test_no_blob_id_is_in_a_bundle_nor_a_key_of_a_small_file(made: Bundles) -> None:
    tree = MemoryTree(planted())
    blobs = {tree.blob_id(entry.path) for entry in all_entries(tree)}
    for name, text in all_texts(made).items():
        assert [blob for blob in blobs if blob[:12] in text] == [], name
    entries = {file["path"]: file for file in document(made, "demo-a")["files"]}
    assert "key" in entries[f"{FOLDER}/record.md"]
    assert "key" not in entries[f"{FOLDER}/roll.csv"]
    assert len(entries[f"{FOLDER}/record.md"]["key"]) == 16


def document(made: Bundles, branch: str) -> Any:
    """Return a bundle as JSON that was read."""
    return json.loads(made.own(branch))


def test_what_was_left_out_is_listed(made: Bundles) -> None:
    held = {(entry["path"], entry["key"]) for entry in document(made, "demo-a")["withheld"]}
    path = f"{FOLDER}/activity.yml"
    assert {
        ("branches/demo-a/branch.yml", "/submitters"),
        (path, "/title"),
        (path, "/place"),
        (path, f"/{WITHHELD}"),
        (f"{FOLDER}/roll.csv", "lines"),
        (f"{HOME}/activities/2025-03-12-theme-day/activity.yml", "/attendance"),
        (f"committee/{YEAR}/reviews/demo-a.yml", "/criteria/discipline/reviewed"),
    } <= held
    assert any(key == "name" for _, key in held)
    tree = made.bundled("demo-a")
    assert tree.withheld(path)
    assert not tree.is_exact(path)


def test_counts_below_five_are_not_told_apart(made: Bundles) -> None:
    entries = {file["path"]: file for file in document(made, "demo-a")["files"]}
    attendance = entries[f"{HOME}/activities/2025-03-12-theme-day/activity.yml"]["attendance"]
    assert attendance == {"members": 9, "present": 8}
    assert entries[f"{FOLDER}/activity.yml"]["attendance"] == {
        "members": "少于 5",
        "present": "少于 5",
    }
    assert document(made, "demo-a")["awarded"] == {"debrief": "4.60"}
    assert "ballots" not in json.dumps(document(made, "demo-a")["files"])


def test_verified_vetoes_stand_with_their_state_alone(made: Bundles) -> None:
    (entry,) = [f for f in document(made, "demo-b")["files"] if "/vetoes/" in f["path"]]
    assert entry["values"] == [{"veto": "v", "state": "verified"}]


def test_a_bundle_is_the_same_whatever_is_alleged_or_objected(made: Bundles) -> None:
    quiet = {
        "committee/roster.yml", f"committee/{YEAR}/vetoes/demo-a.yml",
        f"committee/{YEAR}/appeals/demo-a.yml", f"committee/{YEAR}/audit.yml",
    }  # fmt: skip
    files = {path: data for path, data in planted().items() if path not in quiet}
    assert all_texts(Bundles.of(MemoryTree(files), YEAR)) == all_texts(made)


def test_a_statement_that_is_not_public_gives_way_to_a_word(made: Bundles) -> None:
    shows = Publish(moved={FieldClass.STATEMENTS: Audience.INTERNAL})
    one = Bundles.of(MemoryTree(files_below(BASE)), YEAR, shows=shows)
    claims = next(f for f in document(one, "demo-a")["files"] if "self-assessment" in f["path"])
    said = {claim.get("statement") for claim in claims["values"]["claims"].values()}
    assert said == {WITHHELD}
    assert not one.bundled("demo-a").is_exact(claims["path"])
    assert one.differences("demo-a", but="statement") == []
    assert "按要求完成" in made.own("demo-a")


def test_where_attachments_are_not_shown_not_even_their_names_are() -> None:
    shows = Publish(moved={FieldClass.ATTACHMENTS: Audience.INTERNAL})
    files = planted()
    text = "".join(all_texts(Bundles.of(MemoryTree(files), YEAR, shows=shows)).values())
    names = {p.rpartition("/")[2] for p in files if is_attachment(p)} - {"plan.md"}
    assert len(names) > 2
    assert [name for name in names if name in text] == []
    assert "/plan.md" not in text


SCORED = ("EVIDENCE", "REVIEWS", "BONUS", "DUE", "ATTACHMENTS")


@pytest.mark.parametrize("name", [kind.name for kind in FieldClass if kind not in FIXED])
def test_no_figure_stands_for_what_is_not_shown(name: str) -> None:
    """Whatever class a site keeps to itself: points are those of the whole, or there are none."""
    shows = Publish(moved={FieldClass[name]: Audience.INTERNAL})
    one = Bundles.of(MemoryTree(files_below(BASE)), YEAR, shows=shows)
    for branch in one.views:
        trial = one.trial(branch)
        assert trial.bundled.unsure is (name in SCORED)
        if trial.bundled.unsure:
            assert trial.before.results is None
            assert len(trial.bundled.pending) == 4
        else:
            assert one.differences(branch, but="statement") == []
            assert len(trial.bundled.pending) == 3


def test_the_same_data_gives_the_same_bytes_in_any_order(made: Bundles) -> None:
    files = [*planted().items()]
    random.Random(1).shuffle(files)
    again = Bundles.of(MemoryTree(dict(files)), YEAR)
    assert all_texts(again) == all_texts(made)


def test_what_the_one_writer_wrote_is_known_to_the_byte() -> None:
    files = files_below(BASE)
    path = f"{HOME}/activities/2025-05-06-study/activity.yml"
    values = {
        "title": "学习", "type": ("theme-day",), "date": datetime.date(2025, 5, 6),
        "place": "会议室: 二楼 #3", "collective": True,
    }  # fmt: skip
    files[path] = written(ACTIVITY, values)
    tree = Bundles.of(MemoryTree(files), YEAR).bundled("demo-a")
    assert tree.is_exact(path)
    assert tree.read(path) == files[path]
    assert tree.withheld(path) == ()


RECORDS = (
    "branches/demo-a/branch.yml", f"{HOME}/self-assessment.yml",
    f"{HOME}/activities/2025-03-12-theme-day/activity.yml", f"{HOME}/documents/plan/document.yml",
    f"committee/{YEAR}/decision.yml", f"committee/{YEAR}/debrief.yml",
)  # fmt: skip
PIECES = (
    b"\x00", b"\xff\xfe", b"\t", b"\r", b": ", b"- ", b"[", b"{", b"'", b'"', b"#", b"&a ", b"*a",
    b"!!python/object ", b"<<: ", b"\xe2\x80\xa8", b"null", b"~", b"yes", b"1e400", b"\n\n---\n",
    b"%YAML 1.1\n", "支".encode() * 50, b"13812345678", b"? ", b"|\n", b"\\u0000",
)  # fmt: skip


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Return a file with some small damages."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        cut = rng.choice((0, 0, 1, 3, 20))
        data = data[:at] + rng.choice(PIECES) + data[at + cut :]
    return data


@pytest.mark.parametrize("seed", tiered(range(60), often=4, fast=1))
def test_damaged_files_are_judged_alike_and_never_written_over(seed: int) -> None:
    rng = random.Random(seed)
    files = files_below(BASE)
    for path in rng.sample(RECORDS, 3):
        made = Bundles.of(MemoryTree(files | {path: damaged(files[path], rng)}), YEAR)
        for name in made.views:
            assert made.differences(name) == [], (seed, path)
            tree = made.bundled(name)
            for file in json.loads(made.own(name))["files"]:
                if file.get("broken"):
                    assert "" in tree.withheld(file["path"])
                    assert not tree.is_exact(file["path"])
                    with pytest.raises(FileNotFoundError):
                        tree.read(file["path"])
                elif tree.is_exact(file["path"]):
                    assert tree.read(file["path"]) == made.tree.read(file["path"])


def spoilt(value: Any, rng: random.Random) -> Any:
    """Return JSON with one value in it that is none of ours."""
    odd: Any = rng.choice((None, [], {}, "x", -1, True, [[]], {"path": 1}, "\ud800"))
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(sorted(value))
        return {**value, key: spoilt(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        return [*value[:at], spoilt(value[at], rng), *value[at + 1 :]]
    return odd


@pytest.mark.parametrize("seed", tiered(range(20), often=3, fast=1))
def test_what_is_no_bundle_is_refused_in_words(made: Bundles, seed: int) -> None:
    rng = random.Random(seed)
    texts: Mapping[str, str] = {"shared": made.shared, "own": made.own("demo-a")}
    refused = []
    for _ in range(20):
        which = rng.choice(("shared", "own"))
        odd = as_text(spoilt(json.loads(texts[which]), rng))
        if rng.random() < 0.2:
            odd = odd[: rng.randrange(len(odd))]
        given = {**texts, which: odd}
        try:
            bundled(given["shared"], given["own"], TODAY)
        except BundleError as error:
            refused.append(error.words)
    assert len(refused) > 3
    assert {words.id for words in refused} <= {NO_BUNDLE, OTHER_BUNDLE, NEWER}
