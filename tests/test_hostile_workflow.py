"""Hostile text in logs, annotations, summaries and comments."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.reports.findings import (
    annotation,
    annotation_property,
    as_github,
    as_text,
    finding_json,
    quiet,
    safe,
)
from generator.reports.markdown import literal
from generator.text.codes import CODES
from generator.text.findings import Finding
from tests.gitrepo import GitRepo
from tests.runner_log import Command, commands
from tests.support import appraise
from tools.reports import LIMIT, OK, compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: What a runner would obey if it stood in a log as it is.
LOG = (
    "::error::x",
    "\n::add-mask::1",
    "a\r::set-output name=x::y",
    "　::warning::x",
    "::set-env name=PATH::/tmp",
    "::stop-commands::x",
    "##[error]x",
    "x ##[add-mask]y",
    "###[set-env name=A;]b",
    ":::error::x",
    "a\u2028::error::x",
    "a\x85::error::x",
    "\u200b::error::x",
    ":\u200b:error:\u00ad:x",
)
#: What a terminal would obey.
TERMINAL = (
    "\x1b]8;;https://example.org\x07x",
    "\x1b[2J",
    "\x1b]52;c;eA==\x07",
    "x\b\b\b",
    "\x9b2J",
)
#: What a page of the forge would make of it.
PAGE = (
    "<img src=https://example.org/x>",
    "[x](https://example.org)",
    "![](https://example.org)",
    "```",
    "a | b",
    "@all",
    "#1",
    "fixes #1",
    "<!-- appraisal-impact/1 verdict=ok -->",
    "<details>",
    "</details>",
    "https://example.org",
    "www.example.org",
    "GH-1",
    "`@all`",
    "\\`@all",
    "a\n\n# b",
    "example-org/example@0000000",
)
HOSTILE = (*LOG, *TERMINAL, *PAGE)
FOLDER = "branches/demo-a/2025"
#: As many branches in one commit as a comment has room for, and as have any line of a log.
TOGETHER, MANY = 6, 20


def quoted(text: str) -> str:
    """Write text as a YAML scalar with escapes."""
    return json.dumps(text)


def hostile_files(branch: str, text: str) -> dict[str, str]:
    """Return files of a branch that carry the text wherever a branch can put text."""
    value, own = quoted(text), f"branches/{branch}"
    return {
        f"{own}/branch.yml": (
            f"name: {value}\nkind: regular\nsocieties: [{value}]\nestablished: 2016-05-20\n"
            "members: 9\nsubmitters: [example-a]\n"
        ),
        f"{own}/2025/activities/2025-03-12-theme-day/activity.yml": (
            f"title: {value}\ntype: {value}\ndate: 2025-03-12\nplace: {value}\n{value}: 1\n"
            f"joint_with: [{value}]\nrecord: {value}\nphotos: [{value}]\n"
        ),
        f"{own}/2025/documents/plan/document.yml": (
            f"kind: plan\ntitle: {value}\ndate: {value}\nfiles: [plan.md, {value}]\nurl: {value}\n"
            f"fields: {{{value}: {value}}}\n"
        ),
        f"{own}/2025/documents/sound/document.yml": (
            f"kind: plan\ntitle: {value}\ndate: 2025-02-03\n"
        ),
        f"{own}/2025/documents/raw/document.yml": f"title: {text}\nkind: {text}\n",
        f"{own}/2025/self-assessment.yml": (
            "submitted: 2025-12-10\nclaims:\n"
            f"  discipline: {{points: 4, statement: {value}, evidence: [{value}]}}\n"
            f"  {value}: {{points: {value}, statement: x}}\n"
            f"  study: {{not_applicable: {value}}}\n"
            f"bonus:\n- {{id: {value}, rule: {value}, level: {value}, matter: {value}, "
            "date: 2025-06-30, evidence: [documents/plan]}\n"
            "- {id: a, rule: bonus-commendation, level: municipal, matter: "
            f"{value}, date: 2025-06-30, evidence: [documents/plan]}}\n"
        ),
    }


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return a repository whose year is open."""
    repo = GitRepo(tmp_path_factory.mktemp("hostile"))
    appraisal = repo.root / "committee/2025/appraisal.yml"
    text = appraisal.read_text("utf-8").replace("stage: review", "stage: open")
    appraisal.write_text(text, "utf-8")
    repo.commit("open")
    return repo


def heads(repo: GitRepo, together: int) -> Iterator[str]:
    """Yield commits that hold every hostile text in every field of a branch, some in each."""
    for start in range(0, len(HOSTILE), together):
        files: dict[str, str] = {}
        for number, text in enumerate(HOSTILE[start : start + together], start):
            files |= hostile_files("demo-a" if number == start else f"demo-x{number}", text)
        yield repo.change(files)


def named(repo: GitRepo, texts: Sequence[str]) -> str:
    """Commit files that are named by the texts, through git's objects alone."""
    blob = repo.blob(b"x")
    names = sorted({text.replace("/", "-").encode("utf-8") for text in texts})
    folder = repo.raw_tree([("100644", name, blob) for name in names])
    return repo.graft(f"{FOLDER}/documents/plan/sub", "040000", folder)


def lists(head: str) -> tuple[tuple[str, ...], ...]:
    """Return the commands of a workflow that print all about a commit, line by line."""
    return (
        ("check", "--at", head),
        ("check", "--at", head, "--format", "json"),
        ("check", "--at", head, "--format", "github"),
        ("score", "--at", head),
        ("score", "--at", head, "--format", "json"),
        ("guard", "main", head, "--author", "example-a"),
        ("guard", "main", head, "--author", "example-a", "--format", "github"),
    )


def summaries(head: str) -> tuple[tuple[str, ...], ...]:
    """Return the commands that have room for a few branches, or tell of one."""
    return (
        ("explain", "demo-a", "--at", head),
        ("impact", "main", head, "--author", "example-a"),
        ("impact", "main", head, "--author", "example-a", "--format", "json"),
        ("impact", "main", head, "--author", "@all", "--format", "markdown"),
    )


def outputs(repo: GitRepo) -> Iterator[tuple[str, str]]:
    """Yield what commands print about every text in every field, and as a name, by their words."""
    of_names = named(repo, HOSTILE)
    runs = [run for head in heads(repo, MANY) for run in lists(head)]
    runs += [run for head in heads(repo, TOGETHER) for run in summaries(head)]
    for arguments in (*runs, *lists(of_names), *summaries(of_names)):
        result = appraise(*arguments, root=repo.root)
        assert result.exit_code in (0, 1), (arguments, result.output)
        yield " ".join(arguments), result.stdout + result.stderr


def is_ours(command: Command) -> bool:
    """Whether a command is an annotation as we make them."""
    return (
        command.name in {"error", "warning", "notice"}
        and set(command.properties) == {"file", "line", "col", "title"}
        and command.properties["title"].split()[0] in CODES
    )


def test_no_text_of_a_branch_is_obeyed_by_log_terminal_or_page(repo: GitRepo) -> None:
    """No command, no control character, no markup."""
    seen = 0
    for words, printed in outputs(repo):
        found = commands(printed)
        if "--format github" in words:
            seen += len(found)
            assert all(is_ours(command) for command in found), words
            assert len(found) == printed.count("\n::") + printed.startswith("::")
        else:
            assert found == [], words
        if "markdown" in words:
            is_literal(printed)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", printed), words
    assert seen > 20 * len(HOSTILE)


def test_the_log_is_read_as_the_runner_reads_it() -> None:
    """Each of the texts, printed as it is at the start of a line, would be obeyed."""
    assert [text for text in LOG if not commands(text)] == [":::error::x"]
    assert commands("::error file=a%2Cb%3Ac,line=3::d%25%0Ae") == [
        Command("error", {"file": "a,b:c", "line": "3"}, "d%\ne")
    ]
    assert commands("see ::error::x\n::unknown::x") == []


ANY = st.text(alphabet=st.characters(exclude_categories=[]), max_size=40) | st.sampled_from(HOSTILE)


@given(st.lists(ANY, max_size=4))
def test_any_text_is_safe_in_a_log(parts: list[str]) -> None:
    shown = safe("".join(parts))
    assert commands(shown) == []
    assert "::" not in shown
    assert "##[" not in shown


@given(ANY, ANY, ANY, st.sampled_from(sorted(CODES)))
def test_a_finding_is_one_command_whatever_it_says(
    path: str, message: str, hint: str, code: str
) -> None:
    """One annotation, its properties whole, nothing of it outside."""
    rule = CODES[code]
    finding = Finding(code, rule.severity, path, 3, 5, "", message, hint)
    printed = as_github([finding])
    (command,) = commands(printed.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert command.name == rule.severity
    assert command.properties["line"] == "3"
    assert command.properties["file"] == safe(path)
    assert command.properties["title"].startswith(f"{code} ")
    assert command.data.startswith(safe(message.replace("\n", " "))[:20].rstrip("…"))
    assert commands(as_text([finding])) == []
    document = finding_json(finding)
    printed = quiet(json.dumps(document))
    assert commands(printed) == []
    assert json.loads(printed) == document


def test_annotations_are_escaped_as_the_runner_undoes_it() -> None:
    """Percent signs and line ends come back as they were; nothing ends the command early."""
    assert annotation("100%\r\n%0A") == "100%25\\u000d\\u000a%250A"
    assert annotation_property("a:b,c%") == "a%3Ab%2Cc%25"


# --- pages of the forge --------------------------------------------------------------------------


def outside(markdown: str) -> str:
    """Return what is left of Markdown without its code spans, which each stand in one line."""
    left = re.sub(r"(?<!`)`(?!`)[^`\n]*(?<!`)`(?!`)", "", markdown)
    assert "`" not in left
    return left


LIVE = re.compile(r"[@\[\]<>\\~]|!\(|#\d|https?:|www\.|\bGH-|\bfix|\bclos|\bresolv", re.IGNORECASE)


def is_literal(words: str) -> None:
    """What a branch wrote stands in code spans, in cells that it cannot leave."""
    assert LIVE.search(outside(words)) is None, words
    assert "<!--" not in words
    body = compose("0" * 40, "1" * 40, "example-a", OK, words).body
    assert body.count("<!--") == 1
    assert body.startswith("<!-- appraisal-impact/1 verdict=ok ")
    for table in re.findall(r"(?m)^\|.*(?:\n\|.*)*", words):
        assert len({line.count("|") for line in table.splitlines()}) == 1


@given(ANY)
def test_any_text_is_literal_in_a_comment(text: str) -> None:
    shown = literal(text)
    assert shown == "—" or re.fullmatch(r"`[^`|\n\r]+`", shown)
    assert "<!--" not in shown


def test_long_text_is_cut_and_what_is_left_out_is_counted(repo: GitRepo) -> None:
    """Two megabytes of findings make a comment that the forge takes."""
    claims = "".join(
        f"  {quoted('示例' * 200 + str(number))}: {{points: 1, statement: x}}\n"
        for number in range(2_000)
    )
    text = f"submitted: 2025-12-10\nclaims:\n{claims}"
    assert len(text.encode("utf-8")) > 2_000_000
    many = {
        f"{FOLDER}/documents/d{number}/document.yml": f"{'示例' * 300}: 1\n{number}: 2\n"
        for number in range(300)
    }
    for files in ({f"{FOLDER}/self-assessment.yml": text}, many):
        head = repo.change(files)
        words = appraise("impact", "main", head, "--format", "markdown", root=repo.root).stdout
        report = compose(head, head, "example-a", OK, words)
        assert len(report.body.encode("utf-16-le")) // 2 <= LIMIT
        assert len(words.encode("utf-8")) <= 1024 * 1024
    assert re.search(r"还有 \d+ 行没有列出", words)


# --- files that tools read by themselves ----------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        ".python-version", "pip.conf", "requirements.txt", "package.json", "setup.py", "Makefile",
        "conftest.py", ".gitattributes", ".npmrc", "pyproject.toml", "sitecustomize.py",
    ],
)  # fmt: skip
def test_files_for_tools_are_refused(repo: GitRepo, name: str) -> None:
    """That nothing reads them is shown where the workflow's steps are run."""
    head = repo.change({f"{FOLDER}/documents/plan/{name}": "x\n"})
    result = appraise(
        "guard", "main", head, "--author", "example-a", "--format", "json", root=repo.root
    )
    assert {finding["code"] for finding in json.loads(result.stdout)["findings"]} == {"G005"}


def test_a_fault_of_the_program_prints_no_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An exception may carry text of the data; its traceback is shown as literal text too."""
    from generator.cli import main as cli

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("\n".join(HOSTILE))

    monkeypatch.setattr(cli.cli, "main", fail)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr().err
    assert ended.value.code == 3
    assert "RuntimeError" in printed
    assert commands(printed) == []
    assert "\x1b" not in printed
