"""Evidence that was deleted or replaced after its line was verified (C018), and what is neither."""

from __future__ import annotations

import io
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from generator.engine.evaluate import evaluate
from generator.engine.year import Means
from generator.files.attachments.clean import cleaned
from generator.text.messages import Listed, Message
from tests.annals import Line
from tests.memory import MemoryTree
from tests.tiers import tiered
from tests.years import (
    YEAR,
    Branch,
    activity,
    award,
    claim,
    encoded,
    judged,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.engine.year import Evaluation
    from generator.text.findings import Finding

Files = dict[str, bytes]
HOME = f"branches/b/{YEAR}"
REVIEW = f"committee/{YEAR}/reviews/b.yml"
PLAN, OTHER = f"{HOME}/documents/plan", f"{HOME}/documents/other"
PAPER = f"{HOME}/documents/paper"
DAY = f"{HOME}/activities/2025-03-12-x"
COUNTED = {"count": "activity"}
RULES = rubric(
    section(
        "s",
        judged("one"),
        {"id": "many", "title": "many", "points": 4, "method": "proportion",
         "measure": COUNTED, "target": 2},
        judged("claimed"),
    ),
    bonus={"rules": [{"id": "award", "title": "表彰", "levels": {"a": 2, "b": 3}}]},
)  # fmt: skip


def photo(seed: int) -> bytes:
    """Return a photo with the name of a camera in it."""
    picture = Image.new("RGB", (64, 48))
    picture.putdata([((x * seed) % 251, (x * 7 + seed) % 253, x % 255) for x in range(64 * 48)])
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def paper(slug: str, *names: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return a document with attachments."""
    data = {"kind": "plan", "title": slug, "date": "2025-02-01", "files": [*names], **more}
    return f"documents/{slug}/document.yml", data


def start() -> Files:
    """Return a branch with verified lines, a claimed one and an accepted award."""
    branch = Branch(
        claims={
            "one": claim(8, "documents/plan", "documents/paper"),
            "claimed": claim(5, "documents/other"),
        },
        records=[
            paper("plan", "plan.md", "photo.jpg"),
            paper("paper", url="https://example.org/a"),
            paper("other", "other.md"),
            paper("won", "won.md"),
            activity(slug="x", plan="plan.md", photos=["a.jpg"]),
            activity("2025-04-12", slug="y"),
        ],
        bonus=[award("won", "b", "市级表彰", evidence=["documents/won"])],
        reviews={
            "one": {"points": 7, "reason": "少一项", "date": "2026-01-05"},
            "many": {"points": 3, "reason": "少一次", "date": "2026-01-05"},
        },
        decided={"won": {"accepted": True, "date": "2026-01-05"}},
    )
    files = year_of(RULES, {"b": branch})
    files |= {
        f"{PLAN}/plan.md": "全年的计划写在这里\n",
        f"{PLAN}/photo.jpg": photo(3),
        f"{OTHER}/other.md": "另一份材料\n",
        f"{HOME}/documents/won/won.md": "表彰的文件\n",
        f"{DAY}/plan.md": "活动的方案\n",
        f"{DAY}/a.jpg": photo(5),
    }
    return {path: encoded(data) for path, data in files.items()}


def changed(files: Files, edit: Callable[[Files], None] | None) -> Files:
    """Return files after an edit."""
    later = dict(files)
    if edit:
        edit(later)
    return later


def removed(*paths: str) -> Callable[[Files], None]:
    """Return an edit that removes what lies at and below paths."""

    def edit(files: Files) -> None:
        for path in [p for p in files if any(p == q or p.startswith(f"{q}/") for q in paths)]:
            del files[path]

    return edit


def written(path: str, data: Any) -> Callable[[Files], None]:
    """Return an edit that writes a file."""
    return lambda files: files.update({path: encoded(data)})


def moved(old: str, new: str) -> Callable[[Files], None]:
    """Return an edit that moves what lies at and below a path."""

    def edit(files: Files) -> None:
        for path in [p for p in files if p == old or p.startswith(f"{old}/")]:
            files[new + path[len(old) :]] = files.pop(path)

    return edit


def both(*edits: Callable[[Files], None]) -> Callable[[Files], None]:
    """Return one edit of several."""

    def edit(files: Files) -> None:
        for one in edits:
            one(files)

    return edit


def record(path: str, **more: Any) -> Callable[[Files], None]:
    """Return an edit of keys of a record (None: taken out)."""

    def edit(files: Files) -> None:
        data = json.loads(files[path]) | more
        files[path] = encoded({k: v for k, v in data.items() if v is not None})

    return edit


def review(name: str, group: str = "criteria", **more: Any) -> Callable[[Files], None]:
    """Return an edit of an entry of the review."""

    def edit(files: Files) -> None:
        data = json.loads(files[REVIEW])
        data[group][name] |= more
        files[REVIEW] = encoded(data)

    return edit


def at(*edits: Callable[[Files], None] | None, pending: Any = None, **more: Any) -> Evaluation:
    """Evaluate after commits, the first of which has everything, and an edit that none holds."""
    commits = [start()]
    for edit in edits:
        commits.append(changed(commits[-1], edit))
    now = changed(commits[-1], pending)
    return evaluate(MemoryTree(now), YEAR, Means(receipts=Line(commits, now, **more)))


def findings(evaluation: Evaluation) -> list[Finding]:
    """Return the findings of C018."""
    return [f for f in evaluation.findings if f.code == "C018"]


def losses(evaluation: Evaluation, review: str = REVIEW) -> set[tuple[str, str, str, int]]:
    """Return what is lost: pointer, path then, path now, number of the commit (0: none has it)."""
    found = set()
    for finding in findings(evaluation):
        assert (finding.severity.value, finding.path) == ("warning", review)
        assert isinstance(finding.message, Message)
        told = dict(finding.message.values)["losses"]
        assert isinstance(told, Listed)
        for loss in told.items:
            assert isinstance(loss, Message)
            values = dict(loss.values)
            how = values["how"]
            assert isinstance(how, Message)
            commit = int(str(dict(how.values).get("commit", "0")), 16)
            gone = "删去" in loss.id
            now = "" if gone else str(values["now"]) if "{now}" in loss.id else str(values["path"])
            found.add((finding.pointer, str(values["path"]), now, commit))
    return found


ONE, MANY, WON = "/criteria/one/points", "/criteria/many/points", "/bonus/won/accepted"
PLAN_YML, PLAN_FILE, JPEG = f"{PLAN}/document.yml", f"{PLAN}/plan.md", f"{PLAN}/photo.jpg"
#: What commits did → what is lost.
LOST: dict[str, tuple[Sequence[Any], set[tuple[str, str, str, int]]]] = {
    "an attachment is deleted": ([removed(PLAN_FILE)], {(ONE, PLAN_FILE, "", 2)}),
    "one is replaced": ([written(PLAN_FILE, "另写的计划")], {(ONE, PLAN_FILE, PLAN_FILE, 2)}),
    "a photo is replaced": ([written(JPEG, photo(9))], {(ONE, JPEG, JPEG, 2)}),
    "a file of a counted record": ([removed(f"{DAY}/a.jpg")], {(MANY, f"{DAY}/a.jpg", "", 2)}),
    "a counted record": ([removed(DAY)], {(MANY, DAY, "", 2)}),
    "a record without attachments": (
        [removed(f"{HOME}/activities/2025-04-12-y")],
        {(MANY, f"{HOME}/activities/2025-04-12-y", "", 2)},
    ),
    "evidence of an award": (
        [removed(f"{HOME}/documents/won/won.md")],
        {(WON, f"{HOME}/documents/won/won.md", "", 2)},
    ),
    "a file that the record names no more": (
        [record(f"{PLAN}/document.yml", files=["plan.md"])],
        {(ONE, JPEG, "", 2)},
    ),
    "a file of another name in its place": (
        [both(record(f"{DAY}/activity.yml", plan="b.md"), written(f"{DAY}/b.md", "别的方案"),
              removed(f"{DAY}/plan.md"))],
        {(MANY, f"{DAY}/plan.md", f"{DAY}/b.md", 2)},
    ),
    "another record in its place": (
        [record(f"{PAPER}/document.yml", title="别的", date="2025-06-01")],
        {(ONE, PAPER, PAPER, 2)},
    ),
    "another address": (
        [record(f"{PAPER}/document.yml", url="https://example.org/b")],
        {(ONE, "https://example.org/a", "https://example.org/b", 2)},
    ),
    "no address": (
        [record(f"{PAPER}/document.yml", url=None)], {(ONE, "https://example.org/a", "", 2)},
    ),
    "later commits of others": (
        [None, removed(PLAN_FILE), written(f"{HOME}/documents/x.md", "x"), None],
        {(ONE, PLAN_FILE, "", 3)},
    ),
    "deleted again after it was put back": (
        [removed(JPEG), written(JPEG, photo(3)), removed(JPEG)], {(ONE, JPEG, "", 4)},
    ),
    "renamed and then deleted": (
        [both(moved(JPEG, f"{PLAN}/new.jpg"), record(PLAN_YML, files=["plan.md", "new.jpg"])),
         both(removed(f"{PLAN}/new.jpg"), record(PLAN_YML, files=["plan.md"]))],
        {(ONE, JPEG, "", 3)},
    ),
    "cleaned and then deleted": (
        [written(JPEG, cleaned("photo.jpg", photo(3)).data), removed(JPEG)], {(ONE, JPEG, "", 3)},
    ),
    "the branch takes all away": (
        [removed(HOME)],
        {(ONE, PLAN, "", 2), (ONE, PAPER, "", 2), (MANY, DAY, "", 2),
         (MANY, f"{HOME}/activities/2025-04-12-y", "", 2), (WON, f"{HOME}/documents/won", "", 2)},
    ),
    "verified again before it": ([review("one", points=6), removed(JPEG)], {(ONE, JPEG, "", 3)}),
    "another line verified again": (
        [removed(JPEG), review("many", points=2)], {(ONE, JPEG, "", 2)},
    ),
    "the claim no longer cites it": (
        [removed(PLAN), record(f"{HOME}/self-assessment.yml", claims={"one": claim(8)})],
        {(ONE, PLAN, "", 2)},
    ),
    "the layout of the review": (
        [removed(JPEG), lambda files: files.update(
            {REVIEW: json.dumps(json.loads(files[REVIEW]), indent=3).encode()})],
        {(ONE, JPEG, "", 2)},
    ),
}  # fmt: skip
#: What commits did by which nothing is lost.
KEPT: dict[str, Sequence[Any]] = {
    "nothing": [None],
    "what a claimed line rests on": [removed(OTHER)],
    "a record that nobody cites comes and goes": [
        written(*(f"{HOME}/{paper('new')[0]}", paper("new")[1])), removed(f"{HOME}/documents/new"),
    ],
    "put back": [removed(JPEG), written(JPEG, photo(3))],
    "cleaned": [written(JPEG, cleaned("photo.jpg", photo(3)).data)],
    "white space and width": [written(PLAN_FILE, "全年的 计划\n写在这里")],
    "another name": [
        both(moved(JPEG, f"{PLAN}/新.jpg"), record(PLAN_YML, files=["plan.md", "新.jpg"])),
    ],
    "text of a record": [record(f"{PLAN}/document.yml", title="计划（定稿）")],
    "layout of a record": [
        lambda files: files.update(
            {PLAN_YML: json.dumps(json.loads(files[PLAN_YML]), indent=2).encode()}
        ),
    ],
    "attendance": [record(f"{DAY}/activity.yml", attendance={"members": 9, "present": 9})],
    "the day of a record": [record(f"{PAPER}/document.yml", date="2025-02-03")],
    "filed under another day with its files": [both(
        moved(DAY, f"{HOME}/activities/2025-03-13-z"),
        record(f"{HOME}/activities/2025-03-13-z/activity.yml", date="2025-03-13", title="z"))],
    "the same address": [record(f"{PAPER}/document.yml", url="https://www.example.org/a/")],
    "in another record": [both(
        removed(JPEG), record(PLAN_YML, files=["plan.md"]), written(f"{OTHER}/b.jpg", photo(3)),
        record(f"{OTHER}/document.yml", files=["other.md", "b.jpg"]))],
    "a line that is no longer cited": [
        record(f"{HOME}/self-assessment.yml", claims={"one": claim(8)}),
    ],
    "verified again afterwards": [removed(JPEG), review("one", date="2026-01-09")],
    "verified again at once": [both(removed(JPEG), review("one", date="2026-01-09"))],
    "a claim rejected": [
        both(removed(f"{HOME}/documents/won"), review("won", "bonus", accepted=False)),
    ],
    "no points verified": [removed(PLAN), lambda files: files.update(
        {REVIEW: encoded({"criteria": {"one": {"not_applicable": "full", "reason": "x"}}})})],
    "the review is gone": [removed(PLAN), removed(REVIEW)],
    "the review is broken": [removed(PLAN), written(REVIEW, "criteria: [")],
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_what_is_lost_is_told_with_the_commit(name: str) -> None:
    edits, expected = LOST[name]
    assert losses(at(*edits)) == expected


@pytest.mark.parametrize("name", KEPT)
def test_what_is_still_there_is_not_lost(name: str) -> None:
    assert findings(at(*KEPT[name])) == []


def test_the_message_names_points_and_paths() -> None:
    (found,) = findings(at(removed(PLAN_FILE)))
    assert found.branch == "b"
    assert str(found.message) == (
        "“one”核定了 7 分，核定之后它的佐证有删换："
        f"“{PLAN_FILE}”已删去（2026-01-06，提交 000000000002）"
    )


def test_what_no_commit_holds_is_told_as_such() -> None:
    found = at(None, pending=removed(PLAN_FILE))
    assert losses(found) == {(ONE, PLAN_FILE, "", 0)}
    assert "还没有入库的改动" in str(findings(found)[0].message)
    assert findings(at(removed(JPEG), pending=review("one", points=6))) == []
    assert findings(at(removed(JPEG), pending=written(JPEG, photo(3)))) == []


def test_nothing_is_guessed_without_history() -> None:
    now = changed(start(), removed(PLAN))
    assert findings(evaluate(MemoryTree(now), YEAR)) == []
    # A history that is cut off says so once, and nothing else.
    (found,) = findings(at(removed(PLAN), cut=True))
    assert (found.severity.value, found.path) == ("notice", f"committee/{YEAR}/appraisal.yml")
    assert (found.branch, "有 1 个支部" in str(found.message)) == (None, True)
    # What was verified within it is told all the same.
    codes = [f.pointer for f in findings(at(review("one", points=6), removed(JPEG), cut=True))]
    assert codes == ["", ONE]


DECISION = f"committee/{YEAR}/decision.yml"
OTHER_FILE = f"{OTHER}/other.md"


def decide(reason: str | None = "逐项审阅", **more: Any) -> Callable[[Files], None]:
    """Return an edit that has claims taken over."""
    data = {"meeting": "会议", **({"accept_claims": reason} if reason else {}), **more}
    return written(DECISION, data)


@pytest.mark.parametrize(
    ("edits", "number"),
    [
        ([decide(), removed(OTHER)], 0),
        ([decide(), written(OTHER_FILE, "换了的")], 3),
        ([decide(), written(OTHER_FILE, "换了的"), decide(meeting="又一次会议")], 3),
        ([written(OTHER_FILE, "换了的"), decide()], 0),
        ([decide(), written(OTHER_FILE, "换了的"), decide("再次逐项审阅")], 0),
        ([decide(), written(OTHER_FILE, "换了的"), decide(None)], 0),
        ([decide(), written(OTHER_FILE, "换了的"), decide(None), decide()], 0),
        ([decide(), written(f"{OTHER}/document.yml", "x: [")], 0),
    ],
)
def test_what_was_taken_over_rests_on_what_was_there(edits: list[Any], number: int) -> None:
    """Of what is no longer taken over, since its evidence is gone, no point rests on it."""
    found = losses(at(*edits), DECISION) if number else set()
    assert found == ({("/accept_claims", OTHER_FILE, OTHER_FILE, number)} if number else set())
    assert len(findings(at(*edits))) == bool(number)


def test_the_message_names_what_was_taken_over() -> None:
    assert losses(at(decide(), removed(OTHER_FILE)), DECISION) == {
        ("/accept_claims", OTHER_FILE, "", 3)
    }
    (found,) = findings(at(decide(), written(OTHER_FILE, "换了的")))
    assert str(found.message).startswith("“claimed”按自评认定了 5 分，认定之后它的佐证有删换：")
    assert "reviews/b.yml 里核定这一项" in str(found.hint)


def test_of_many_losses_the_first_are_named() -> None:
    names = [f"{number:03}.md" for number in range(40)]

    def many(files: Files) -> None:
        record(f"{PLAN}/document.yml", files=names)(files)
        files |= {f"{PLAN}/{name}": f"第 {name} 份材料".encode() for name in names}

    found = at(many, review("one", points=6), removed(*(f"{PLAN}/{name}" for name in names)))
    (finding,) = findings(found)
    assert str(finding.message).count("已删去") == 5
    assert str(finding.message).endswith("…")


def test_what_stays_as_it_was_is_not_read_again() -> None:
    """Neither reviews nor evidence are opened where nothing of the branch changed since."""
    commits = [start()] * 3
    line = Line(commits, commits[-1])
    assert findings(evaluate(MemoryTree(commits[-1]), YEAR, Means(receipts=line))) == []
    assert line.reads == []


@pytest.mark.parametrize("seed", tiered(range(200), often=12, fast=4))
def test_what_is_lost_follows_from_the_states_alone(seed: int) -> None:
    """Files go, come and change; a line holds what it had when its entry was written last."""
    draw = random.Random(seed)
    states = [start()]
    paths = [PLAN_FILE, JPEG, f"{DAY}/plan.md", f"{DAY}/a.jpg"]
    for number in range(draw.randint(1, 8)):
        later = dict(states[-1])
        for _ in range(draw.randint(1, 3)):
            path, kind = draw.choice(paths), draw.randrange(4)
            if kind == 0:
                later.pop(path, None)
            elif kind == 1:
                later[path] = (
                    photo(draw.randint(20, 22)) if path.endswith("jpg") else b"%d" % number
                )
            elif kind == 2:
                later[path] = start()[path]
            else:
                review(draw.choice(["one", "many"]), reason=f"第 {number} 次")(later)
        states.append(later)
    now = states[-1]
    contents = {now[path] for path in paths if path in now}
    expected = set()
    for name, own in (("one", paths[:2]), ("many", paths[2:])):
        entries = [json.loads(files[REVIEW])["criteria"][name] for files in states]
        since = next(n for n in range(len(states)) if all(e == entries[-1] for e in entries[n:]))
        before = states[since]
        pointer = f"/criteria/{name}/points"
        expected |= {
            (pointer, path, path if path in now else "")
            for path in own
            if path in before and before[path] not in contents
        }
    found = evaluate(MemoryTree(now), YEAR, Means(receipts=Line(states, now)))
    assert {loss[:3] for loss in losses(found)} == expected
