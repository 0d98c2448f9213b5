"""Slips that people make in files: each is told where it is, and what is proposed mends it.

Inputs are drawn by a seed.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.formats.branch_files import ACTIVITY, DOCUMENT, SELF_ASSESSMENT
from generator.formats.committee_files import APPRAISAL, DEBRIEF, REVIEW
from generator.formats.nodes import parse
from generator.formats.received import VETOES
from generator.formats.shapes import Context, Shape
from generator.formats.slips.lines import HOLDERS
from generator.reports.schemas import all_schemas
from generator.text.findings import Finding, Place, Report
from generator.text.remedies import remedy_of
from generator.text.titles import BALLOTS, LEVELS
from tests.effort import steps_of
from tests.memory import MemoryTree, base_files
from tests.test_remedies import applied, goes
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BASE = base_files()
BRANCH = "branches/demo-a/branch.yml"
OWN = "branches/demo-a/2025"
MEETING = f"{OWN}/activities/2025-03-12-theme-day/activity.yml"
PLAN = f"{OWN}/documents/plan/document.yml"
CLAIMS = f"{OWN}/self-assessment.yml"
YEAR = "committee/2025"
SEEDS = range(60)
#: What titles are made of.
WORDS = (
    "学习",
    "讨论",
    "关于开展",
    "专题",
    "党课",
    "计划",
    "通知",
    "五月",
    "（一）",
    "第2讲",
    "A类",
)


def read(text: str, shape: Shape[object]) -> list[Finding]:
    """Return the findings of one file by itself."""
    report = Report()
    node = parse(text.encode(), report, "x.yml")
    if node is not None:
        place = Place("x.yml", node.line, node.column)
        shape.read(node, place, Context(report, 2, root=shape))
    return report.findings


def mends(text: str, shape: Shape[object], code: str, line: int) -> Finding:
    """Assert one finding on a line, and that the file is clean with what it proposes."""
    (finding,) = read(text, shape)
    assert (finding.code, finding.line) == (code, line), str(finding.message)
    assert read(applied(text, finding), shape) == []
    return finding


def words(draw: random.Random, most: int = 4) -> str:
    """Return a title without a mark of YAML."""
    return "".join(draw.choice(WORDS) for _ in range(draw.randint(1, most)))


def meeting(**changes: str) -> str:
    """Return an activity.yml, with other texts for some of its keys."""
    keys = {"title": "例会", "type": "theme-day", "date": "2025-03-12", "place": "会议室"} | changes
    return "".join(f"{key}: {value}\n" for key, value in keys.items())


def a_day(draw: random.Random) -> datetime.date:
    """Return a day of some years."""
    return datetime.date(2020, 1, 1) + datetime.timedelta(draw.randrange(3000))


WIDE = str.maketrans("0123456789-./: ", "０１２３４５６７８９－．／：　")
DAYS: tuple[Callable[[datetime.date], str], ...] = (
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year} 年 {day.month:02} 月 {day.day:02} 日",
    lambda day: f"{day.year}年{day.month}月{day.day}号（周三）",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month:02}.{day.day:02}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}-{day.month}-{day.day} 09:30",
    lambda day: f"{day.year}—{day.month}—{day.day}",
    lambda day: f"“{day}”",
    lambda day: f"{day}".translate(WIDE),
)


@pytest.mark.parametrize("seed", tiered(SEEDS, often=20, fast=6))
def test_days_are_put_in_form(seed: int) -> None:
    draw = random.Random(seed)
    day = a_day(draw)
    written = DAYS[seed % len(DAYS)](day)
    if written == f"{day}":
        return
    found = mends(meeting(date=written), ACTIVITY, "S003", 3)
    assert str(found.hint) == f"写 {day}"


@pytest.mark.parametrize(
    "written",
    ["2025年2月30日", "2025-13-01", "5月20日", "2025年5月", "20.5.2025", "2025-05-20至2025-05-21",
     "下周三", "2025525", "2025/05/20/1"],
)  # fmt: skip
def test_no_day_is_guessed(written: str) -> None:
    (finding,) = read(meeting(date=written), ACTIVITY)
    assert finding.code == "S003"
    assert remedy_of(finding.hint) is None


FIGURES: tuple[Callable[[int], str], ...] = (
    lambda n: f"{n}人", lambda n: f"{n} 名", lambda n: f"{n}次", lambda n: f"{n}".translate(WIDE),
    lambda n: f"{n}人".translate(WIDE), lambda n: f"0{n}", lambda n: f"“{n}”", lambda n: f"{n}。",
)  # fmt: skip


@pytest.mark.parametrize("seed", tiered(SEEDS, often=20, fast=6))
def test_counts_lose_their_units(seed: int) -> None:
    count = random.Random(seed).randrange(1, 400)
    written = FIGURES[seed % len(FIGURES)](count)
    text = meeting(attendance=f"{{members: {written}, present: {count}}}")
    found = mends(text, ACTIVITY, "S003", 5)
    assert str(found.hint) == f"写 {count}"


@pytest.mark.parametrize("number", tiered(range(1, 100), often=20, fast=4))
def test_counts_in_chinese_are_figures(number: int) -> None:
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    written = (digits[tens] if tens > 1 else "") + ("十" if tens else "")
    written += digits[ones] if ones or not tens else ""
    text = meeting(attendance=f"{{members: {written}人, present: 0}}")
    assert str(mends(text, ACTIVITY, "S003", 5).hint) == f"写 {number}"


@pytest.mark.parametrize(
    "written", ["约9人", "9+1", "十几", "一二", "9~10", "9,5", "-9人", "半", "4.5人", "1.234分"]
)
def test_no_count_and_no_points_are_guessed(written: str) -> None:
    text = f"submitted: 2025-12-10\nclaims:\n  b:\n    points: {written}\n"
    findings = read(text + "    statement: x\n", SELF_ASSESSMENT)
    hints = [str(f.hint) for f in findings if f.code == "S003"]
    assert hints
    assert written == "4.5人" or all(not hint.startswith("写") for hint in hints)
    counted = read(meeting(attendance=f"{{members: '{written}', present: 1}}"), ACTIVITY)
    assert [remedy_of(f.hint) for f in counted] == [None]


@pytest.mark.parametrize("seed", tiered(SEEDS, often=15, fast=4))
def test_points_lose_their_units_and_keep_their_places(seed: int) -> None:
    draw = random.Random(seed)
    points = f"{draw.randrange(20)}.{draw.randrange(1, 10)}"
    written = draw.choice([f"{points}分", f"{points} 分", points.translate(WIDE), f"“{points}”"])
    text = f"submitted: 2025-12-10\nclaims:\n  a:\n    points: {written}\n    statement: x\n"
    assert str(mends(text, SELF_ASSESSMENT, "S003", 4).hint) == f"写 {points}"


YES = ["是", "有", "对", "同意", "认可", "Yes", "YES", "True", "TRUE", "on", "Y", "√", "✓", "“是”"]
NO = ["否", "无", "没有", "不是", "不同意", "No", "NO", "False", "FALSE", "off", "N", "×", "“否”"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [*((text, "true") for text in YES), *((text, "false") for text in NO)],
)
def test_yes_and_no_are_true_and_false(written: str, meant: str) -> None:
    assert str(mends(meeting(collective=written), ACTIVITY, "S003", 5).hint) == f"写 {meant}"
    review = f"bonus:\n  x:\n    accepted: {written}\n"
    assert str(mends(review, REVIEW, "S003", 3).hint) == f"写 {meant}"


@pytest.mark.parametrize("seed", tiered(SEEDS, often=20, fast=6))
def test_a_text_that_begins_with_a_mark_goes_into_quotes(seed: int) -> None:
    draw = random.Random(seed)
    kind = seed % 12
    body, more = words(draw, 2), words(draw)
    title = (
        f"[{body}]{more}", f"{{{body}}}{more}", f'"{body}"{more}', f"'{body}'{more}",
        f"*{body}*{more}", f"**{body}**", f"&{body} {more}", f"@{body}", f"!{body} {more}",
        f"%{body}", f"`{body}`{more}", f"{body}: {more}",
    )[kind]  # fmt: skip
    text = meeting(title=title)
    at = draw.choice(["", "collective: true\n", "# 备注\n"])
    found = mends(at + text, ACTIVITY, "Y001", 2 if at else 1)
    assert "title: " in str(found.hint)
    assert title in str(found.hint).replace("''", "'")


@pytest.mark.parametrize("seed", tiered(SEEDS, often=20, fast=6))
def test_marks_in_full_width_become_half_width(seed: int) -> None:
    """In lists and braces that would otherwise be one text, or could not be read."""
    draw = random.Random(seed)
    names = [f"{words(draw, 2)}{n}.md" for n in range(draw.randint(1, 4))]
    opened, closed = draw.choice(
        [("［", "］"), ("【", "】"), ("[", "］"), ("[", "]。"), ("［", "]")]
    )
    comma = draw.choice(["，", "、", "， "])
    text = meeting(photos=f"{opened}{comma.join(names)}{closed}")
    (finding,) = read(text, ACTIVITY)
    assert (finding.line, finding.column) == (5, len("photos: ") + 1)
    assert read(applied(text, finding), ACTIVITY) == []
    assert f"[{', '.join(names)}]" in str(finding.hint)


@pytest.mark.parametrize("seed", tiered(SEEDS, often=20, fast=6))
def test_braces_in_full_width_become_half_width(seed: int) -> None:
    draw = random.Random(seed)
    counts = [("members", 9), ("present", 7), ("leave", 1), ("absent", 1)]
    draw.shuffle(counts)
    written = draw.choice(["，", "， "]).join(
        f"{name}{draw.choice(['：', ': '])}{count}" for name, count in counts
    )
    text = meeting(attendance=f"｛{written}｝")
    (found,) = read(text, ACTIVITY)
    assert (found.code in {"S003", "Y001"}, found.line) == (True, 5)
    assert read(applied(text, found), ACTIVITY) == []
    assert "{" + ", ".join(f"{name}: {count}" for name, count in counts) + "}" in str(found.hint)


QUOTES = ("“{}”", "‘{}’", "「{}」", "『{}』", "《{}》", " “{}” ")


@pytest.mark.parametrize("seed", tiered(SEEDS, often=6, fast=2))
def test_quotes_around_names_of_files_are_taken_off(seed: int) -> None:
    draw = random.Random(seed)
    name = f"{words(draw, 3)}{seed}.md"
    quoted = QUOTES[seed % len(QUOTES)].format(name)
    folder = PLAN.rpartition("/")[0]
    files = {**BASE, f"{folder}/{name}": "新的内容\n".encode()}
    files[PLAN] = BASE[PLAN].replace(b"[plan.md]", f"[plan.md, {quoted}]".encode())
    before = evaluate(MemoryTree(files)).findings
    (finding,) = [f for f in before if f.severity == "error"]
    assert (finding.code, str(finding.hint)) == ("E001", f"写 {name}")
    goes(files, finding, before)


SPACES = "\u00a0\u2002\u2003\u2009\u202f\u205f\u3000"


@pytest.mark.parametrize("seed", tiered(SEEDS, often=20, fast=6))
def test_special_spaces_are_told_once(seed: int) -> None:
    """As indentation of one or of all keys, behind a colon, behind the hyphen of a list."""
    draw = random.Random(seed)
    space = draw.choice(SPACES)
    lines = ["submitted: 2025-12-10", "claims:", "  a:", "    points: 4", "    statement: 完成",
             "    evidence:", "      - documents/plan",
             "  b:", "    points: 1", "    statement: x"]  # fmt: skip
    kind = seed % 4
    if kind == 0:
        changed = [draw.choice([3, 4, 8, 9])]
        lines[changed[0]] = lines[changed[0]].replace(": ", f":{space}", 1)
    elif kind == 1:
        changed = [6]
        lines[6] = lines[6].replace("- ", f"-{space}")
    elif kind == 2:
        changed = [3, 4, 5]
        for number in changed:
            lines[number] = space * 4 + lines[number].lstrip()
    else:
        changed = [2, 7]
        for number in changed:
            lines[number] = space * 2 + lines[number].lstrip()
    text = "\n".join(lines) + "\n"
    (finding,) = read(text, SELF_ASSESSMENT)
    assert (finding.code, finding.line) == ("Y001", changed[0] + 1)
    assert "特殊空格" in str(finding.message)
    assert read(applied(text, finding), SELF_ASSESSMENT) == []


@pytest.mark.parametrize(
    "text",
    ["title: 一\u3000二\n", "title: |\n  \u3000\u3000一\n  \u3000\u3000二\n",
     "title: '\u3000一'\n", "title: 一\n  \u3000二\n"],
)  # fmt: skip
def test_special_spaces_in_a_text_are_no_fault(text: str) -> None:
    rest = "type: theme-day\ndate: 2025-03-12\nplace: 会议室\n"
    assert read(text + rest, ACTIVITY) == []


@pytest.mark.parametrize("seed", tiered(SEEDS, often=20, fast=6))
def test_lines_are_mended_where_the_slip_is(seed: int) -> None:
    """No space behind a colon, an open quote, a line that goes on, one that begins beside."""
    draw = random.Random(seed)
    lines = [*meeting(title=words(draw)).splitlines(), "collective: true", "record: r.md"]
    draw.shuffle(lines)
    at = draw.randrange(len(lines) - 1)
    key, _, value = lines[at].partition(": ")
    kind = seed % 4
    line = at + 1
    if kind == 0:
        lines[at] = f"{key}:{value}"
    elif kind == 1:
        lines[at] = f'{key}: "{value}{draw.choice(["", "”"])}'
    elif kind == 2:
        lines = [own for own in lines if not own.startswith("title: ")]
        at = draw.randrange(1, len(lines))
        lines[at:at] = [f"title: {words(draw)}", words(draw)]
        line = at + 2
    else:
        at = draw.randrange(1, len(lines))
        lines[at] = f" {lines[at]}"
        line = at + 1
    mends("\n".join(lines) + "\n", ACTIVITY, "Y001", line)


@pytest.mark.parametrize("seed", tiered(SEEDS, often=15, fast=4))
def test_a_hyphen_without_its_space(seed: int) -> None:
    draw = random.Random(seed)
    indent = " " * draw.choice([0, 2, 4])
    id_ = f"{draw.choice(['report', 'award', 'article'])}-{seed}"
    entry = ["rule: bonus-award", "level: municipal", f"matter: {words(draw)}",
             "date: 2025-06-30", "evidence: [documents/plan]"]  # fmt: skip
    draw.shuffle(entry)
    lines = [f"{indent}-id: {id_}", *(f"{indent}  {line}" for line in entry)]
    text = "submitted: 2025-12-10\nclaims: {}\nbonus:\n" + "\n".join(lines) + "\n"
    found = mends(text, SELF_ASSESSMENT, "Y001", 4)
    assert str(found.hint) == f"这一行写作：- id: {id_}"


@pytest.mark.parametrize("seed", tiered(SEEDS, often=15, fast=4))
def test_texts_within_braces_and_entries_without_a_hyphen(seed: int) -> None:
    draw = random.Random(seed)
    body, more = words(draw, 2), words(draw)
    claims = "submitted: 2025-12-10\nclaims: {}\nbonus:\n"
    matter = draw.choice([f"[{body}]{more}", f'"{body}"{more}', f"@{body}", f"{body}: {more}"])
    keys = ["rule: r", "level: l", "date: 2025-06-30", "evidence: [documents/plan]"]
    draw.shuffle(keys)
    entry = f"  - {{id: x, matter: {matter}, {', '.join(keys)}}}\n"
    found = mends(claims + entry, SELF_ASSESSMENT, "Y001", 4)
    assert found.column == entry.index(matter) + 1
    names = [f"{words(draw)}{n}.md" for n in range(3)]
    at = draw.choice([1, 2])
    lines = [f"{'' if n == at else '- '}{name}" for n, name in enumerate(names)]
    mends(meeting() + "photos:\n" + "\n".join(lines) + "\n", ACTIVITY, "Y001", 6 + at)


@pytest.mark.parametrize("seed", tiered(SEEDS, often=15, fast=4))
def test_a_key_at_the_wrong_level_is_sent_where_it_belongs(seed: int) -> None:
    draw = random.Random(seed)
    count = draw.randrange(9)
    claim = f"  a:\n    points: {count}\n    statement: x\n"
    bonus = "id: x, rule: r, level: l, matter: m, date: 2025-06-30, evidence: [documents/p]"
    name = draw.choice(["members", "present", "leave", "absent", "file"])
    inner = draw.choice(["rule", "level", "matter", "id"])
    day, own = "submitted: 2025-12-10\n", SELF_ASSESSMENT
    cases: list[tuple[str, Shape[object], int, str]] = [
        (meeting(**{name: f"{count}"}), ACTIVITY, 5, "写在 attendance: 下面"),
        (f"claims:\n  {day}{claim}", own, 2, "写在最外层"),
        (f"{day}{inner}: x\nclaims:\n{claim}", own, 2, "写在 bonus: 下面的一项里"),
        (f"{day}statement: x\nclaims:\n{claim}", own, 2, "写在 claims: 下面的一项里"),
        (f"{day}claims:\n{claim}    submitted: x\n", own, 6, "写在最外层"),
        (f"{day}claims:\n{claim}bonus:\n  - {{{bonus}, claims: x}}\n", own, 7, "写在最外层"),
        (
            f"stage: open\nfrom: {a_day(draw)}\n{PERIOD}",
            APPRAISAL,
            2,
            "写在 period: 或 publicity: 下面",
        ),
        ("void: 1\nbranches: {}\n", DEBRIEF, 1, "写在 branches: 下面的一项里"),
    ]
    text, shape, line, start = cases[seed % len(cases)]
    found = [f for f in read(text, shape) if f.code == "S002"]
    assert [f.line for f in found] == [line]
    assert str(found[0].hint).startswith(start)
    assert [f.code for f in read(text, shape)].count("S001") == 0


PERIOD = "period: {from: 2025-01-01, to: 2025-12-31}\n"


def test_fields_of_a_kind_belong_below_fields() -> None:
    folder = f"{OWN}/documents/list/document.yml"
    for field, value in (("flag", "true"), ("rooms", "3"), ("level", "a"), ("held", "2025-01-01")):
        text = f"kind: checklist\ntitle: 清单\ndate: 2025-02-01\n{field}: {value}\n"
        text += "fields: {sign: true}\n"
        findings = evaluate(MemoryTree({**BASE, folder: text.encode()})).findings
        (finding,) = findings
        assert (finding.code, finding.line, finding.column) == ("S002", 4, 1)
        assert str(finding.hint).startswith("写在 fields: 下面")


STUDY = "  study:\n    points: 4\n    statement: 按要求完成。\n"
BONUS = (
    f"{STUDY}bonus:\n  - {{id: x, rule: RULE, level: LEVEL, matter: m, date: 2025-06-30, "
    "evidence: [documents/plan]}\n"
)


def titled(seed: int) -> tuple[str, str, str, str]:
    """Return a file, what it holds, a title that stands for it, and the id that is proposed."""
    draw = random.Random(seed)
    rubric = {"type": {"theme-day": "主题党日", "member-meeting": "支部党员大会"},
              "kind": {"regular": "党支部", "functional": "功能型党支部"}}  # fmt: skip
    name, title = draw.choice(list(rubric["type"].items()))
    kind, kind_title = draw.choice(list(rubric["kind"].items()))
    around = draw.choice(["{}", "{} ", "“{}”", "《{}》"])
    end, bonus = STUDY, BONUS
    level = draw.choice(["municipal", "central"])
    ballot = draw.choice(["good", "fair"])
    record = draw.choice(["年度计划", "“年度计划”", "plan"])
    count = {"good": 8, "fair": 2}[ballot]
    choices = [
        (MEETING, "type: theme-day", f"type: {around.format(title)}", name),
        (BRANCH, "kind: regular", f"kind: {around.format(kind_title)}", kind),
        (PLAN, "kind: plan", f"kind: {around.format('计划')}", "plan"),
        (CLAIMS, "  study:", "  学习:", "study"),
        (CLAIMS, "  discipline:", "  纪律:", "discipline"),
        (CLAIMS, end, bonus.replace("RULE", "表彰").replace("LEVEL", level), "bonus-award"),
        (CLAIMS, end, bonus.replace("RULE", "bonus-award").replace("LEVEL", LEVELS[level]), level),
        (BRANCH, "consortium: east", "consortium: 东部示例联合体", "east"),
        (f"{YEAR}/debrief.yml", f"{ballot}: {count}", f"{BALLOTS[ballot]}: {count}", ballot),
        (f"{YEAR}/debrief.yml", "mode: onsite", "mode: 现场述职", "onsite"),
        (f"{YEAR}/appraisal.yml", "stage: review", f"stage: {around.format('评审')}", "review"),
        ("rubric.yml", "method: proportion", "method: 按比例", "proportion"),
        ("rubric.yml", "count: activity", "count: 活动", "activity"),
        (MEETING, "place: ", "地点: ", "place"),
        (CLAIMS, "    points: 4.5", "    自评分: 4.5", "points"),
        (CLAIMS, "[documents/plan]", f"[{record}]", "documents/plan"),
    ]  # fmt: skip
    return choices[seed % len(choices)]


@pytest.mark.parametrize("seed", tiered(range(64), often=16))
def test_a_title_is_told_its_id(seed: int) -> None:
    path, old, new, wanted = titled(seed)
    files = {**BASE, path: BASE[path].replace(old.encode(), new.encode(), 1)}
    assert files[path] != BASE[path]
    before = evaluate(MemoryTree(files)).findings
    proposed = [f for f in before if f.path == path and remedy_of(f.hint) is not None]
    (finding,) = proposed
    remedy = remedy_of(finding.hint)
    assert remedy is not None
    assert remedy.new == wanted
    assert str(finding.hint).startswith(f"写 {wanted}")
    goes(files, finding, before)


@pytest.mark.parametrize("seed", tiered(SEEDS, often=10, fast=2))
def test_what_carries_points_is_not_guessed(seed: int) -> None:
    """Levels, ballots, grades, modes, treatments, states, rules: a slip gets no proposal."""
    draw = random.Random(seed)
    end, bonus = STUDY, BONUS

    def slipped(name: str) -> str:
        at = draw.randrange(1, len(name))
        return name[:at] + draw.choice("qxz") + name[at:]

    level, rule = slipped(draw.choice(["municipal", "central"])), slipped("bonus-award")
    claim = (
        "{id: x, rule: RULE, level: LEVEL, matter: m, date: 2025-06-30, evidence: [documents/plan]}"
    )
    bonus = f"{end}bonus:\n  - {claim}\n"
    choices = [
        (CLAIMS, end, bonus.replace("RULE", "bonus-award").replace("LEVEL", level)),
        (CLAIMS, end, bonus.replace("RULE", rule).replace("LEVEL", "municipal")),
        (f"{YEAR}/debrief.yml", "good: 8", f"{slipped('good')}: 8"),
        (f"{YEAR}/debrief.yml", "mode: onsite", f"mode: {slipped('onsite')}"),
        (f"{YEAR}/debrief.yml", "  demo-a:", f"  {slipped('demo-a')}:"),
        (f"{YEAR}/decision.yml", "decided: 2026-01-20\n",
         f"decided: 2026-01-20\ngrades:\n  demo-a: {{grade: {slipped('excellent')}, reason: x}}\n"),
        (f"{YEAR}/decision.yml", "decided: 2026-01-20\n",
         f"decided: 2026-01-20\ngrades:\n  {slipped('demo-a')}: {{grade: excellent, reason: x}}\n"),
    ]  # fmt: skip
    path, old, new = choices[seed % len(choices)]
    files = {**BASE, path: BASE[path].replace(old.encode(), new.encode(), 1)}
    assert files[path] != BASE[path]
    errors = [f for f in evaluate(MemoryTree(files)).findings if f.severity == "error"]
    assert errors
    for finding in errors:
        assert remedy_of(finding.hint) is None
        assert "您是否要写" not in str(finding.message)


@pytest.mark.parametrize("seed", tiered(SEEDS, often=10, fast=2))
def test_a_kind_of_branch_is_not_guessed_and_is_asked_of_the_branch(seed: int) -> None:
    """What is due hangs on the kind; what waits for it does not wait for the committee."""
    draw = random.Random(seed)
    kind = draw.choice(["regulars", "functionnal", "功能党支部", "regulr", "function", "型党支部"])
    kind += draw.choice(["", "q", "1"])
    files = {**BASE, BRANCH: re.sub(rb"(?m)^kind: .*", f"kind: {kind}".encode(), BASE[BRANCH])}
    findings = evaluate(MemoryTree(files)).findings
    (finding,) = [f for f in findings if f.severity == "error"]
    assert (finding.code, finding.path) == ("S004", BRANCH)
    assert remedy_of(finding.hint) is None
    waiting = [f for f in findings if f.code == "C007" and f.branch == "demo-a"]
    assert [str(f.hint) for f in waiting if "集中活动" in str(f.message)] in (
        [], ["在 branch.yml 写上正确的类型 kind"],
    )  # fmt: skip


@pytest.mark.parametrize("seed", tiered(SEEDS, often=10, fast=2))
def test_a_first_line_that_stands_too_deep_is_set_back(seed: int) -> None:
    draw = random.Random(seed)
    keys = draw.sample("abcdefgh", draw.randrange(2, 7))
    deep = " " * draw.randrange(3, 9)
    lines = [f"{deep if n == 0 else '  '}{key}: {words(draw)}" for n, key in enumerate(keys)]
    head = ["title: x", "fields:"] if seed % 2 else ["fields:"]
    report = Report()
    text = "\n".join([*head, *lines]) + "\n"
    assert parse(text.encode(), report, "x.yml") is None
    (finding,) = report.findings
    remedy = remedy_of(finding.hint)
    assert remedy is not None
    mended_ = applied(text, finding)
    assert finding.line == len(head) + 1
    again = Report()
    assert parse(mended_.encode(), again, "x.yml") is not None
    assert again.findings == []


@pytest.mark.parametrize("word", ["zerо", "ful", "exclude", "allegd", "verify", "dismiss"])
def test_treatments_and_states_are_not_guessed(word: str) -> None:
    for text, shape in (
        (f"criteria:\n  a: {{not_applicable: {word}, reason: x}}\n", REVIEW),
        (f"- {{veto: v, state: {word}, reason: x}}\n", VETOES),
    ):
        (finding,) = [f for f in read(text, shape) if f.code == "S005"]
        assert remedy_of(finding.hint) is None


@pytest.mark.parametrize("seed", tiered(SEEDS, often=10, fast=2))
def test_one_slip_in_the_self_assessment_is_told_once(seed: int) -> None:
    """Nobody hears that claims lack which are there and cannot be read."""
    draw = random.Random(seed)
    text = BASE[CLAIMS].decode()
    lines = text.splitlines()
    kind = seed % 5
    if kind == 0:
        at = draw.randrange(1, len(lines))
        lines[at] = "\t" + lines[at].strip()
    elif kind == 1:
        at = lines.index("  study:")
        lines[at] = draw.choice(["  学习任务:", "  studying:", "  Study1:", "  -study:"])
    elif kind == 2:
        at = draw.choice([3, 4, 7, 8])
        lines[at] = lines[at].replace(": ", "：", 1)
    elif kind == 3:
        at = 0
        lines[0] = f"submitted: “{words(draw)}"
    else:
        at = draw.choice([4, 8])
        lines[at] = f'    statement: "{words(draw)}'
    files = {**BASE, CLAIMS: ("\n".join(lines) + "\n").encode()}
    findings = evaluate(MemoryTree(files)).findings
    assert [f.line for f in findings if f.severity == "error"] == [at + 1]
    assert not any("没有自评" in str(f.message) for f in findings)


AWARD = """\
bonus:
  - id: award
    rule: bonus-award
    level: municipal
    matter: 示例表彰
    date: 2025-06-30
    evidence: [documents/plan]
"""
DECIDED = "bonus:\n  award: {accepted: true, reason: 属实, by: 示例办公室, date: 2025-12-20}\n"


@pytest.mark.parametrize("seed", tiered(SEEDS, often=12, fast=3))
def test_no_slip_of_a_branch_is_laid_to_a_review_of_it(seed: int) -> None:
    """A bonus that cannot be read is decided on all the same; one that is not there is not."""
    draw = random.Random(seed)
    review = f"{YEAR}/reviews/demo-a.yml"
    text = BASE[CLAIMS].decode() + AWARD
    files = {**BASE, review: DECIDED.encode()}

    def errors(claims: str | None) -> list[str]:
        own = {} if claims is None else {CLAIMS: claims.encode()}
        tree = MemoryTree({**{k: v for k, v in files.items() if k != CLAIMS}, **own})
        return [f.path for f in evaluate(tree).findings if f.severity == "error"]

    assert errors(text) == []
    lines = text.splitlines()
    first = lines.index("bonus:")
    at = draw.randrange(first, len(lines)) if seed % 2 else draw.randrange(len(lines))
    slip = draw.choice(["\t{}", "{}: [", "- {}", "{} {{", "？{}", '{}"x', " {}"])
    lines[at] = slip.format(lines[at].strip() if slip[0] == "\t" else lines[at])
    assert set(errors("\n".join(lines) + "\n")) <= {CLAIMS}
    other = text.replace("id: award", f"id: award-{draw.randrange(99)}")
    assert errors(BASE[CLAIMS].decode()) == errors(other) == [review]


@pytest.mark.parametrize("seed", tiered(SEEDS, often=6, fast=2))
def test_a_yes_or_no_is_no_reason(seed: int) -> None:
    draw = random.Random(seed)
    written = draw.choice([*YES, *NO])
    text = f"submitted: 2025-12-10\nclaims:\n  a:\n    not_applicable: {written}\n"
    (finding,) = read(text, SELF_ASSESSMENT)
    assert (finding.code, finding.severity, finding.line) == ("S003", "warning", 4)
    assert ("写出理由" in str(finding.hint)) == (written in YES)
    assert read(text.replace(written, words(draw)), SELF_ASSESSMENT) == []


@pytest.mark.parametrize("seed", tiered(range(50), often=5, fast=1))
def test_a_claim_that_counts_for_nothing_is_a_notice(seed: int) -> None:
    draw = random.Random(seed)
    name = draw.choice(["activities", "debrief"])
    points = f"{draw.randrange(5)}.{draw.randrange(10)}"
    claim = f"  {name}: {{points: {points}, statement: {words(draw)}}}\n".encode()
    findings = evaluate(MemoryTree({**BASE, CLAIMS: BASE[CLAIMS] + claim})).findings
    assert [(f.code, f.severity, f.line, f.column) for f in findings] == [("R005", "notice", 10, 3)]
    stated = f"  {name}: {{not_applicable: {words(draw)}}}\n".encode()
    later = evaluate(MemoryTree({**BASE, CLAIMS: BASE[CLAIMS] + stated})).findings
    assert "R005" not in {f.code for f in later}


@pytest.mark.parametrize(
    "problem", ["a: [b", "a: 'b", "a: b: c", "- a\nb: 1", "a: }", "? [a", "a: &", "%X\n"]
)
def test_no_word_of_the_parser_is_shown(problem: str) -> None:
    findings = read(problem + "\n", DOCUMENT)
    assert findings
    for finding in findings:
        told = f"{finding.message}{finding.hint}"
        assert not any(word in told for word in ("expected", "found", "could not", "while")), told


def defined(schema: object) -> Iterator[tuple[str, str]]:
    """Yield every key that a schema defines, and the schema of what may stand there, as text."""
    parts = schema.values() if isinstance(schema, dict) else schema
    if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
        yield from ((name, f"{own}") for name, own in schema["properties"].items())
    for part in parts if isinstance(parts, Iterable) and not isinstance(parts, str) else ():
        yield from defined(part)


def test_keys_that_hold_lists_are_known_to_the_slips() -> None:
    """Text behind them is not put into quotes; what holds text or a figure is not among them."""
    found = set(defined(all_schemas()))
    holding = {(name, own) for name, own in found if "'array'" in own or "'object'" in own}
    words = {name for name, own in found - holding if "'string'" in own}
    assert {name for name, _ in holding} - words == HOLDERS


#: Text that grows with a count and cannot be read at its end.
GROWING: tuple[Callable[[int], str], ...] = (
    lambda n: "title: 学习\n" * n + "place: [会议室\n",
    lambda n: "title: 学习\n" + "\tplace: 会议室\n" * n,
    lambda n: "\u3000title: 学习\n" * n + "a: [b\n",
    lambda n: "title: 学" + " " * 20 * n + "： 习: 讨论\n",
    lambda n: "title: " + "[学习" * n + "\n",
    lambda n: "a: " + "&a *b !c " * n + "\n",
    lambda n: "".join(f"k{i}: &a{i} x\n" for i in range(n)),
    lambda n: "".join(f"k{i}: 学习 #注\n" for i in range(n)),
    lambda n: "date: " + "２" * 9 * n + "\n",
    lambda n: "attendance: ｛" + "a：1，" * n + "｝\n",
    lambda n: "photos: ［" + "a，" * n + "］\n",
)


@pytest.mark.parametrize("kind", tiered(range(len(GROWING)), often=11, fast=2))
def test_looking_for_a_slip_takes_no_more_than_the_text_is_longer(kind: int) -> None:
    make = GROWING[kind]
    once, twice = (steps_of(partial(read, make(n), ACTIVITY)) for n in (400, 800))
    assert twice < 2.6 * once + 2_000, (once, twice)
