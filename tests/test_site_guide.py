"""The steps of handing in: commands run, the example counts, both languages say the same."""

from __future__ import annotations

import html
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from mkdocs.exceptions import ConfigurationError

from generator.cli.main import cli
from generator.formats.branch_files import ACTIVITY
from generator.formats.nodes import parse
from generator.formats.shapes import INVALID, Context
from generator.formats.single import DATE
from generator.site.build.written import PLACE, filled
from generator.site.data.forge import Forge, forge_of, where_it_lies
from generator.site.html.audit import Auditor
from generator.text.findings import Place, Report
from tests.gitrepo import GitRepo
from tests.support import appraise
from tests.test_attachments import jpeg, pdf

if TYPE_CHECKING:
    from click.testing import Result

PAGES = Path(__file__).resolve().parents[1] / "site_templates" / "pages"
STEPS = {"zh": PAGES / "handing-in.md", "en": PAGES / "handing-in.en.md"}
YEAR = 2025
FIGURE = re.compile(r'<figure [^>]*class="ap-shot" id="([a-z-]+)">(.*?)</figure>', re.DOTALL)
#: Of a command what is the same in every language: its names, options and keys.
SHAPE = re.compile(r"^appraise [a-z]+|(?<= )(?:[a-z]+ )?demo-a|--[a-z-]+(?: [a-z]+(?==))?")
#: Endings of what lies beside the repository in a test.
BESIDE = {".pdf", ".jpg", ".xlsx"}
GITEE = {"kind": "gitee", "address": "https://gitee.com/", "repository": "org/name"}


def steps(lang: str = "zh", forge: Forge | None = None) -> str:
    """Return the page as it is filled in."""
    return filled(STEPS[lang].read_text("utf-8"), YEAR, forge=forge)


def commands(lang: str = "zh") -> list[str]:
    """Return the commands that the page shows, in their order."""
    blocks = re.findall(r"```\{ \.console [^\n]*\n(.*?)```", steps(lang), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_both_languages_show_the_same_commands_pictures_and_anchors() -> None:
    shapes = [[re.findall(SHAPE, line) for line in commands(lang)] for lang in STEPS]
    assert shapes[0] == shapes[1]
    for form in (FIGURE.pattern, r"\{#([a-z-]+)\}", r"\]\(([^)]+)\)"):
        found = [re.findall(form, steps(lang), re.DOTALL) for lang in STEPS]
        names = [{item if isinstance(item, str) else item[0] for item in one} for one in found]
        assert names[0] == names[1], form
        assert names[0], form


def test_every_command_is_in_a_block_and_every_block_holds_commands() -> None:
    assert all(line.startswith("appraise ") for line in commands())
    told = set(re.findall(r"\bappraise ([a-z]+)", steps()))
    assert told == {line.split()[1] for line in commands()}


def files_beside(root: Path, line: str) -> None:
    """Put the files that a command names where it names them."""
    for word in shlex.split(line):
        path = root / word.rpartition("=")[2]
        if path.suffix in BESIDE:
            path.parent.mkdir(exist_ok=True)
            own = f"/Own ({path.name.encode().hex()})".encode()
            path.write_bytes(jpeg() if path.suffix == ".jpg" else pdf(own))


@pytest.mark.parametrize("line", [line for lang in STEPS for line in commands(lang)])
def test_every_command_is_one_that_the_program_takes(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name, options and arguments are read by the command itself; files that it names are there."""
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    files_beside(Path(), line)
    _, name, *arguments = shlex.split(line)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_context(name, arguments, resilient_parsing=False)


@pytest.mark.slow
def test_the_commands_of_the_page_hand_in_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch fills in, checks and packs; the office takes it in, twice, and sends a receipt."""
    repo = GitRepo(tmp_path / "repository")
    monkeypatch.chdir(repo.root)

    def run(*start: str) -> Result:
        (line,) = [own for own in commands() if own.split()[1 : len(start) + 1] == [*start]
                   and (start[0] != "new" or "--set" in own)]  # fmt: skip
        files_beside(Path(), line)
        return appraise(*shlex.split(line)[1:], root=repo.root)

    for what in ("activity", "document"):
        assert run("new", what).exit_code == 0
    assert " error " not in run("check").stdout
    assert run("missing").exit_code == 0
    assert run("package").exit_code == 0
    repo.git("clean", "-fdq")
    taken = [line for line in commands() if line.startswith("appraise import ../demo")]
    (plain,) = [line for line in taken if "--" not in line]
    (received,) = [line for line in taken if "--received" in line]
    for line in (received, plain, plain):
        done = appraise(*shlex.split(line)[1:], root=repo.root)
        assert done.exit_code == 0, done.output
        assert "回执" in done.output or line == plain
    changed = repo.git("status", "--porcelain", "--untracked-files=all").splitlines()
    assert sorted(Path(line.strip('"')).suffix.strip('"') for line in changed) == [
        ".jpg", ".pdf", ".pdf", ".yml", ".yml",
    ]  # fmt: skip
    assert "filing/demo-a-2025-" in repo.git("branch", "--list", "filing/*")


@pytest.mark.parametrize("lang", STEPS)
def test_what_the_picture_shows_is_an_activity_that_counts(lang: str) -> None:
    """Name and content of the new file are such as the reader of files takes."""
    shown = dict(FIGURE.findall(steps(lang)))["shot-new"]
    name, content = re.findall(r'ap-shot-box"><b>\d</b>(.*?)</span>', shown)
    assert re.fullmatch(rf"{YEAR}/activities/({DATE.pattern})-[a-z0-9-]+/activity\.yml", name)
    report = Report()
    text = html.unescape(content.replace("<br>", "\n")).encode()
    node = parse(text, report, name)
    assert node is not None
    record = ACTIVITY.read(node, Place(name), Context(report))
    assert report.findings == []
    assert record is not INVALID
    assert f"/{record.date}-" in name


@pytest.mark.parametrize("lang", STEPS)
def test_every_picture_says_in_words_what_it_shows(lang: str) -> None:
    """A label for who does not see it, a caption, and numbers that count up from one."""
    found = FIGURE.findall(steps(lang))
    assert len(found) == steps(lang).count("<figure")
    for name, body in found:
        assert re.search(r'<div role="img" aria-label="[^"]{10,}">', body), name
        assert re.search(r"<figcaption>\S.+</figcaption>", body), name
        numbers = [int(number) for number in re.findall(r"<b>(\d)</b>", body)]
        assert numbers == list(range(1, len(numbers) + 1)), name


def test_places_of_the_page_are_filled() -> None:
    assert set(PLACE.findall(STEPS["zh"].read_text("utf-8"))) == {"year", "repository"}
    assert "网址由党委告知" in steps()
    assert not PLACE.search(steps())


def test_the_forge_is_named_where_mkdocs_yml_names_it() -> None:
    forge = forge_of({**GITEE, "branch": "main"}, ConfigurationError)
    assert forge == Forge("Gitee", "org/name", "https://gitee.com/org/name", "gitee", "main")
    link = '<a href="https://gitee.com/org/name" rel="noopener noreferrer nofollow">org/name</a>'
    assert f"放在 Gitee 上，网址是 {link}" in steps(forge=forge)
    Auditor().body("handing-in.html", where_it_lies(forge))


@pytest.mark.parametrize(
    ("kind", "upload", "file"),
    [
        ("github", "upload/main/branches/{branch}/{year}", "blob/main/{path}"),
        ("gitea", "_upload/main/branches/{branch}/{year}", "src/branch/main/{path}"),
        ("gitlab", "-/tree/main/branches/{branch}", "-/blob/main/{path}"),
        ("gitee", "tree/main/branches/{branch}", "blob/main/{path}"),
    ],
)
def test_each_forge_has_its_own_addresses(kind: str, upload: str, file: str) -> None:
    """Where no address of a page for uploading is known, it is the folder of the branch."""
    forge = forge_of({**GITEE, "kind": kind}, ConfigurationError)
    assert forge is not None
    assert forge.upload == f"https://gitee.com/org/name/{upload}"
    assert forge.file == f"https://gitee.com/org/name/{file}"


def test_another_branch_than_main_is_in_the_addresses() -> None:
    forge = forge_of({**GITEE, "kind": "github", "branch": "release/1"}, ConfigurationError)
    assert forge is not None
    assert forge.upload.startswith("https://gitee.com/org/name/upload/release/1/branches/")


def test_an_address_that_is_no_link_is_told_as_text() -> None:
    """Within an office the forge may have no name that all the world knows."""
    forge = forge_of({**GITEE, "kind": "gitea", "address": "http://git:3000"}, ConfigurationError)
    assert where_it_lies(forge) == "放在 Gitea 上，网址是 http://git:3000/org/name"


@pytest.mark.parametrize("said", [None, {"kind": "none"}])
def test_without_a_forge_the_committee_tells_the_address(said: object) -> None:
    assert forge_of(said, ConfigurationError) is None


@pytest.mark.parametrize(
    "said",
    [
        "gitee",
        [],
        {},
        {"kind": "svn", "address": "https://x.org", "repository": "a/b"},
        {**GITEE, "kind": ["gitee"]},
        {**GITEE, "address": "javascript:alert(1)"},
        {**GITEE, "address": 'https://x.org/"onclick="'},
        {**GITEE, "address": None},
        {**GITEE, "repository": "name"},
        {**GITEE, "repository": "../../x y"},
        {**GITEE, "repository": "<b>/x"},
        {**GITEE, "branch": "a..b"},
        {**GITEE, "branch": "-x"},
        {**GITEE, "branch": "main/"},
        {**GITEE, "branch": "a b"},
    ],
)
def test_a_forge_that_cannot_be_ends_the_build_with_what_to_write(said: object) -> None:
    with pytest.raises(ConfigurationError, match="forge 不合要求") as raised:
        forge_of(said, ConfigurationError)
    example = "{kind: gitee, address: https://gitee.com, repository: org/name}"
    assert example in str(raised.value)
