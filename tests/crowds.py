"""Repositories with one kind of thing many times over: what grows with them grows no faster.

A crowd is (number, name of the n-th thing) → files to write over the base, path → text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Files = dict[str, str]
    Naming = Callable[[int], str]
    Crowd = Callable[[int, Naming], Files]

OWN = "branches/demo-b/2025"
HOME = "branches/demo-b/branch.yml"
ACTIVITY = "title: 学习\ntype: member-meeting\ndate: 2025-05-06\n"
MEETING = f"{OWN}/activities/2025-05-06-many"
CROWDS: dict[str, Crowd] = {}

#: How the n-th of many things is called: short, all alike, long, in Chinese.
NAMINGS: dict[str, Naming] = {
    "short": lambda n: f"n{n}",
    "alike": lambda n: f"{n:05d}-record-of-a-branch",
    "long": lambda n: f"{'very-' * 30}long-{n}",
}


def crowd(function: Crowd) -> Crowd:
    """Register a crowd under its name."""
    CROWDS[function.__name__] = function
    return function


def lines(form: str, count: int, naming: Naming) -> str:
    """Return a line for each thing."""
    return "".join(form.format(naming(n), n=n) + "\n" for n in range(count))


def documents(count: int, name: Callable[[int], str], year: int = 2025) -> Files:
    """Return records without attachments."""
    folder = f"branches/demo-b/{year}/documents"
    return {
        f"{folder}/{name(n)}/document.yml": f"kind: plan\ntitle: 第{n}份\ndate: {year}-03-01\n"
        for n in range(count)
    }


@crowd
def evidence_that_is_not_there(count: int, naming: Naming) -> Files:
    """Wrong names in one claim, beside a tenth as many records."""
    names = ", ".join(f"documents/{naming(n)}" for n in range(count))
    claim = f"  study: {{points: 1, statement: 有, evidence: [{names}]}}\n"
    text = f"submitted: 2025-12-10\nclaims:\n{claim}"
    return {
        f"{OWN}/self-assessment.yml": text,
        **documents(count // 10, lambda n: f"{naming(n)[:30]}-x{n}"),
    }


@crowd
def criteria_that_are_not_there(count: int, naming: Naming) -> Files:
    """Wrong names of claims."""
    text = lines("  {}: {{points: 1, statement: 有}}", count, naming)
    return {f"{OWN}/self-assessment.yml": f"submitted: 2025-12-10\nclaims:\n{text}"}


@crowd
def bonus_rules_that_are_not_there(count: int, naming: Naming) -> Files:
    """Wrong rules, with wrong evidence each."""
    form = (
        "  - {{id: b{n}, rule: {0}, matter: 表彰{n}, date: 2025-05-01, evidence: [documents/{0}]}}"
    )
    text = lines(form, count, naming)
    return {f"{OWN}/self-assessment.yml": f"submitted: 2025-12-10\nclaims: {{}}\nbonus:\n{text}"}


@crowd
def keys_that_nobody_knows(count: int, naming: Naming) -> Files:
    """Wrong keys in one file."""
    return {f"{MEETING}/activity.yml": (ACTIVITY + lines("{}: x", count, naming))}


@crowd
def photos_that_are_not_there(count: int, naming: Naming) -> Files:
    """Wrong names of attachments, beside a tenth as many files."""
    photos = "photos:\n" + lines("  - {}.jpg", count, naming)
    files = {f"{MEETING}/{naming(n)[:30]}-{n}.txt": "x" for n in range(count // 10)}
    return {f"{MEETING}/activity.yml": (ACTIVITY + photos), **files}


@crowd
def partners_that_are_not_there(count: int, naming: Naming) -> Files:
    """Wrong partners, beside a tenth as many branches."""
    text = ACTIVITY + "joint_with:\n" + lines("  - {}", count, naming)
    home = "{name: a, kind: regular, societies: [b]}\n"
    ids = [f"{naming(n)[:20].strip('-')}-x{n}" for n in range(count // 10)]
    others = {f"branches/{name}/branch.yml": home for name in ids}
    return {f"{MEETING}/activity.yml": text, **others}


@crowd
def numbers_in_full_width(count: int, naming: Naming) -> Files:
    """Entries of the wrong form in one list."""
    text = ACTIVITY + "photos:\n" + lines("  - a/{}:b", count, naming)
    return {f"{MEETING}/activity.yml": text}


@crowd
def keys_twice(count: int, naming: Naming) -> Files:
    """A key again and again."""
    return {f"{MEETING}/activity.yml": (ACTIVITY + lines("place: {}", count, naming))}


@crowd
def rolls_at_fault(count: int, naming: Naming) -> Files:
    """A roll with a fault in every line."""
    text = ACTIVITY + "attendance: {file: attendance.csv}\n"
    roll = "member,status\n" + lines("{}-!,present", count, naming)
    return {f"{MEETING}/activity.yml": text, f"{MEETING}/attendance.csv": roll}


@crowd
def files_that_nobody_names(count: int, naming: Naming) -> Files:
    """Attachments that no record names."""
    files = {f"{MEETING}/{naming(n)}.txt": naming(n) for n in range(count)}
    return {f"{MEETING}/activity.yml": ACTIVITY, **files}


@crowd
def copies_in_one_record(count: int, naming: Naming) -> Files:
    """One content under many names of a record, and once elsewhere."""
    photos = "photos:\n" + lines("  - {}.txt", count, naming)
    plan = "kind: plan\ntitle: a\ndate: 2025-03-01\nfiles: [a.txt]\n"
    return {
        f"{MEETING}/activity.yml": (ACTIVITY + photos),
        **{f"{MEETING}/{naming(n)}.txt": "same" for n in range(count)},
        f"{OWN}/documents/other/document.yml": plan,
        f"{OWN}/documents/other/a.txt": "same",
    }


@crowd
def copies_in_many_records(count: int, naming: Naming) -> Files:
    """One content in many records."""
    del naming
    plan = "kind: plan\ntitle: a\ndate: 2025-03-01\nfiles: [a.txt]\n"
    files = {f"{OWN}/documents/d{n}/document.yml": plan for n in range(count)}
    return {**files, **{f"{OWN}/documents/d{n}/a.txt": "same" for n in range(count)}}


@crowd
def copies_in_joint_activities(count: int, naming: Naming) -> Files:
    """One content in many activities of one day that name each other."""
    del naming
    files: Files = {}
    for own, other in (("demo-a", "demo-b"), ("demo-b", "demo-a")):
        for n in range(count // 2):
            folder = f"branches/{own}/2025/activities/2025-05-06-n{n}"
            text = (
                ACTIVITY.replace("学习", f"学习{n}") + f"joint_with: [{other}]\nphotos: [a.txt]\n"
            )
            files |= {f"{folder}/activity.yml": text, f"{folder}/a.txt": "same"}
    return files


@crowd
def copies_of_earlier_years(count: int, naming: Naming) -> Files:
    """One content in many records of this year and of another."""
    files = copies_in_many_records(count, naming)
    old = documents(count, lambda n: f"d{n}", 2024)
    return {
        **files,
        **old,
        **{f"branches/demo-b/2024/documents/d{n}/a.txt": "same" for n in range(count)},
    }


@crowd
def branches_that_are_not_there(count: int, naming: Naming) -> Files:
    """Wrong names among ballots and grades."""
    ballots = lines("  {}: {{mode: written, points: 4, reason: 有}}", count, naming)
    grades = lines("  {}: {{grade: excellent, reason: 有}}", count, naming)
    return {
        "committee/2025/debrief.yml": f"held: 2026-01-10\nbranches:\n{ballots}",
        "committee/2025/decision.yml": f"meeting: 会\ndecided: 2026-01-20\ngrades:\n{grades}",
    }


@crowd
def reviews_of_nothing(count: int, naming: Naming) -> Files:
    """Wrong criteria and claims in a review."""
    criteria = lines("  {}: {{points: 1, reason: 有}}", count, naming)
    bonus = lines("  {}: {{level: central}}", count, naming)
    text = f"reviewed: 2026-01-05\ncriteria:\n{criteria}bonus:\n{bonus}"
    return {"committee/2025/reviews/demo-b.yml": text}


@crowd
def names_that_collide(count: int, naming: Naming) -> Files:
    """Files that differ in case alone."""
    names = {name for n in range(count) for name in (naming(n), naming(n).upper())}
    return {f"{OWN}/documents/plan/{name}.txt": "x" for name in sorted(names)}


@crowd
def records_at_fault(count: int, naming: Naming) -> Files:
    """Records whose kind nobody knows."""
    return {
        f"{OWN}/documents/d{n}/document.yml": f"kind: {naming(n)}\ntitle: a\ndate: 2025-03-01\n"
        for n in range(count)
    }


@crowd
def the_same_activity(count: int, naming: Naming) -> Files:
    """One activity filed over and over."""
    del naming
    return {f"{MEETING}-n{n}/activity.yml": ACTIVITY for n in range(count)}
