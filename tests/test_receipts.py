"""Receipt follows what is renamed, by our own comparison; the committee's day may be earlier."""

from __future__ import annotations

import datetime
import random
from typing import TYPE_CHECKING

import pytest

from generator.files.receipts.course import Change, Course
from generator.files.receipts.history import UNKNOWN, Event
from generator.files.receipts.likeness import Likeness, likeness_of
from generator.files.tree import blob_id
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Mapping

A_DAY = 86_400
#: Midday of 1 January 2025 in Chongqing.
START = 1_735_704_000
#: What lay at each path after each commit: ``<likeness>|<rest>``; without a stroke it has none.
States = list[dict[str, str]]


class Files:
    """States of files, one a day, and how often a file was read to be told apart."""

    def __init__(self, states: States) -> None:
        self.states = states
        self.reads = 0
        self.contents = {blob_id(t.encode()): t for state in states for t in state.values()}

    def tell(self, path: bytes, blob: str, *, before: bool) -> Likeness | None:
        """Return the likeness that a content names."""
        del path, before
        self.reads += 1
        head, stroke, _ = self.contents[blob].partition("|")
        return Likeness((head,), None, "", ()) if stroke else None

    def course(self) -> Course:
        """Return the files through history."""
        changes, old = [], dict[str, str]()
        for number, state in enumerate(self.states):
            events = [
                Event(path.encode(), blob(old, path), blob(state, path))
                for path in sorted({*old, *state})
                if old.get(path) != state.get(path)
            ]
            changes.append(Change(START + number * A_DAY, events, self.tell))
            old = state
        return Course(changes)

    def day(self, path: str) -> int | None:
        """Return the number of the day on which a file of the last state was received."""
        time = self.course().time(path, blob(self.states[-1], path))
        return None if time is None else (time - START) // A_DAY


def blob(state: Mapping[str, str], path: str) -> str:
    """Return the blob id of what lies at a path, ``""`` for nothing."""
    return blob_id(state[path].encode()) if path in state else ""


@pytest.mark.parametrize(
    ("states", "path", "day"),
    [
        pytest.param([{}, {"a": "x"}, {"a": "x"}], "a", 1, id="brought"),
        pytest.param([{"a": "x"}, {"a": "y"}], "a", 0, id="edited"),
        pytest.param([{"a": "x"}, {"b": "x"}], "b", 0, id="renamed"),
        pytest.param([{"a": "x"}, {"a": "y"}, {"b": "y"}], "b", 0, id="edited, then renamed"),
        pytest.param([{"a": "r|1"}, {"b": "r|2"}], "b", 0, id="renamed with an edit"),
        pytest.param([{"a": "r|1"}, {"b": "s|1"}], "b", 1, id="another record"),
        pytest.param([{"a": "1"}, {"b": "2"}], "b", 1, id="no record"),
        pytest.param([{"a": "r|1", "c": "r|2"}, {"b": "r|3"}], "b", 1, id="one of two"),
        pytest.param(
            [{"a": "r|1", "c": "r|2"}, {"d": "r|1", "b": "r|3"}], "b", 0, id="the other of two"
        ),
        pytest.param([{"a": "r|1"}, {}, {"b": "r|2"}], "b", 2, id="removed before"),
        pytest.param([{"a": "x"}, {}, {"b": "x"}], "b", 0, id="the same content later"),
        pytest.param([{"a": "x"}, {"a": "x", "b": "x"}], "b", 0, id="a copy"),
        pytest.param([{"a": "x"}, {"a": "z", "b": "y"}, {"a": "z", "b": "x"}], "b", 0,
                     id="edited to a content that was there"),
        pytest.param([{"a": "r|1"}, {"a": "r|1", "b": "r|2"}], "b", 1, id="nothing was removed"),
        pytest.param([{"a": "x"}, {}, {"a": "y"}], "a", 0, id="brought again"),
        pytest.param([{"a": "x"}, {"b": "x"}, {"a": "y", "b": "x"}], "a", 2,
                     id="a path that was left"),
        pytest.param([{"a": "x"}, {"b": "x"}, {"a": "y", "b": "x"}], "b", 0, id="who left it"),
        pytest.param([{"a": "r|1"}, {"b": "r|2"}, {"a": "r|3"}], "a", 0, id="there and back"),
        pytest.param([{"a": "r|1"}, {"b": "r|2"}, {"c": "r|3"}, {"d": "r|3"}], "d", 0, id="chain"),
        pytest.param([{"b": "s|0"}, {"a": "r|1"}, {"c": "s|0", "a": "r|1"}, {"b": "r|2"}], "b", 1,
                     id="into a path that was left"),
    ],
)  # fmt: skip
def test_receipt_follows_the_file(states: States, path: str, day: int) -> None:
    assert Files(states).day(path) == day


def test_what_no_commit_holds_has_no_day_unless_its_content_was_there() -> None:
    course = Files([{"a": "x"}, {}]).course()
    assert course.time("b", blob({"b": "y"}, "b")) is None
    assert course.time("b", blob({"b": "x"}, "b")) == START


def test_a_history_that_is_cut_off_stays_unknown() -> None:
    files = Files(
        [{"a": "r|1", "x": "n"}, {"b": "r|2", "x": "n"}, {"b": "r|2", "c": "n", "d": "m"}]
    )
    known = files.course()
    changes = []
    old = dict[str, str]()
    for number, state in enumerate(files.states):
        paths = sorted({*old, *state})
        events = [Event(p.encode(), blob(old, p), blob(state, p)) for p in paths
                  if old.get(p) != state.get(p)]  # fmt: skip
        changes.append(Change(START + number * A_DAY if number else UNKNOWN, events, files.tell))
        old = state
    cut = Course(changes)
    for path in "bcd":
        told, own = (course.time(path, blob(old, path)) for course in (known, cut))
        assert own == (UNKNOWN if path in "bc" else told), path


def drawn_states(rng: random.Random) -> States:
    """Return states in which files come, go, change and move; the last is an earlier one again."""
    states: States = []
    for _ in range(rng.randint(4, 12)):
        state = dict(states[-1]) if states else {}
        for _ in range(rng.randint(1, 3)):
            path = rng.choice("abcdef")
            content = state.pop(path, f"{rng.choice('rs')}|{rng.randint(1, 4)}")
            roll = rng.random()
            if roll < 0.7:
                state[rng.choice("abcdef") if roll < 0.5 else path] = (
                    content if rng.random() < 0.5 else f"{content[0]}|{rng.randint(1, 4)}"
                )
        states.append(state)
    states += [rng.choice(states[:-1])]
    return states


@pytest.mark.parametrize("seed", tiered(range(400), often=150, fast=40))
def test_what_is_as_it_was_has_the_day_that_it_had(seed: int) -> None:
    """Rows of the cache rest on it; and nobody is received before the content or path was there."""
    states = drawn_states(random.Random(seed))
    last = states[-1]
    then = next(number for number, state in enumerate(states) if state == last)
    before, now = Files(states[: then + 1]).course(), Files(states).course()
    for path in last:
        assert before.time(path, blob(last, path)) == now.time(path, blob(last, path))


@pytest.mark.parametrize("seed", tiered(range(200), often=60, fast=20))
def test_no_day_is_later_than_that_of_the_path(seed: int) -> None:
    """What was never left for another path is received no later than by the path alone."""
    states = drawn_states(random.Random(seed))
    for path in states[-1]:
        runs = [n for n, state in enumerate(states) if path in state]
        since = next(n for n in reversed(range(len(states))) if n in runs and n - 1 not in runs)
        found = Files(states).day(path)
        assert found is not None
        assert 0 <= found <= since


def test_files_are_read_only_where_something_came_and_went() -> None:
    moves = Files([{f"{n}": f"r{i}|{n}" for i in range(50)} for n in range(20)])
    quiet = Files([{f"{i}": f"r{i}|{n}" for i in range(50)} for n in range(20)])
    renamed = Files([{f"{i}-{n}": f"r{i}" for i in range(50)} for n in range(20)])
    for files in (moves, quiet, renamed):
        files.course()
    assert (quiet.reads, renamed.reads) == (0, 0)
    assert moves.reads == 2 * 19


def test_reading_is_linear_in_the_history() -> None:
    counts = []
    for commits in (50, 100, 200):
        files = Files([{f"{i}-{n}": f"r{i}|{n}" for i in range(5)} for n in range(commits)])
        course = files.course()
        assert course.time(f"4-{commits - 1}", blob(files.states[-1], f"4-{commits - 1}")) == START
        counts.append(files.reads)
    assert counts == [10 * 49, 10 * 99, 10 * 199]


@pytest.mark.parametrize(
    ("states", "path", "day", "now"),
    [
        ([{"a": "x"}], "a", 5, {"a"}),
        ([{"a": "x"}], "b", 5, {"b"}),
        ([{"a": "r|1"}, {"b": "r|2"}], "a", 5, {"b"}),
        ([{"a": "r|1"}, {"b": "r|2"}, {"c": "r|2"}], "a", 0, {"c"}),
        ([{"a": "x"}, {}], "a", 0, set()),
        ([{"a": "x"}, {"b": "x"}, {"a": "y", "b": "x"}], "a", 0, {"b"}),
        ([{"a": "x"}, {"b": "x"}, {"a": "y", "b": "x"}], "a", 2, {"a"}),
        ([{"a": "x"}, {"b": "x"}, {"a": "y", "b": "x"}], "a", None, {"a"}),
        ([{}, {}, {"a": "x"}], "a", 0, {"a"}),
    ],
)
def test_an_entry_is_about_the_file_that_lay_there(
    states: States, path: str, day: int | None, now: set[str]
) -> None:
    date = None if day is None else datetime.date(2025, 1, 1) + datetime.timedelta(day)
    assert Files(states).course().now(path, date) == now


class Folder:
    """Files by path, for comparing records."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def read(self, path: str, blob: str) -> bytes:
        """Return the content of a file."""
        data = self.files[path].encode()
        assert blob == blob_id(data)
        return data

    def blob(self, path: str) -> str:
        """Return the blob id of a file, ``""`` where there is none."""
        return blob(self.files, path)


HOME = "branches/demo-a/2025"
RECORD = "kind: report\ntitle: {title}\ndate: 2025-03-28\nfiles: [{file}]\n"


def compared(path: str, text: str, **beside: str) -> Likeness | None:
    """Return what tells a file from others, with files beside it by their names."""
    folder = path.rpartition("/")[0]
    files = {path: text, **{f"{folder}/{name}.md": data for name, data in beside.items()}}
    return likeness_of(Folder(files), path, blob(files, path))


def test_records_are_one_by_kind_day_entry_and_contents() -> None:
    path = f"{HOME}/documents/one/document.yml"
    own = compared(path, RECORD.format(title="一", file="a.md"), a="text")
    assert own is not None
    other = f"{HOME}/documents/two/document.yml"
    assert own == compared(other, RECORD.format(title="二", file="b.md"), b="text", c="more")
    for text, beside in (
        (RECORD.format(title="一", file="a.md"), "other text"),
        (RECORD.format(title="一", file="a.md").replace("report", "plan"), "text"),
        (RECORD.format(title="一", file="a.md").replace("03-28", "03-29"), "text"),
        (RECORD.format(title="一", file="a.md") + "due: report-q1\n", "text"),
        (RECORD.format(title="一", file="a.md, b.md"), "text"),
    ):
        found = compared(path, text, a=beside)
        assert found is not None
        assert found != own


@pytest.mark.parametrize(
    "text", ["", "[]", "title: x\n", "kind: report\n", "kind: report\ndate: 2025-02-30\n", "a: [\n",
             "date: 2025-03-28\n", "kind: []\ndate: 2025-03-28\n", "x" * (1 << 21)]
)  # fmt: skip
def test_what_is_no_record_is_like_nothing(text: str) -> None:
    assert compared(f"{HOME}/documents/one/document.yml", text) is None


def test_activities_and_self_assessments_are_told_apart_too() -> None:
    text = "title: {t}\ntype: [b, a]\ndate: 2025-03-28\nplan: plan.md\nattendance: {{file: {f}}}\n"
    one = compared(f"{HOME}/activities/2025-03-28-x/activity.yml", text.format(t="一", f="roll.md"),
                   plan="p", roll="r")  # fmt: skip
    two = compared(f"{HOME}/activities/2025-03-28-y/activity.yml", text.format(t="二", f="all.md"),
                   plan="p", all="r")  # fmt: skip
    assert one == two is not None
    own = compared(f"{HOME}/self-assessment.yml", "claims: {}\n")
    assert own == compared("branches/new/2025/self-assessment.yml", "other: [\n") is not None
    assert own != compared("branches/new/2024/self-assessment.yml", "claims: {}\n")
