"""One comment a pull request: found by marker and account, edited while its verdict stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import fake_gh
from tools import comment, forge, published, pull_requests, reports, validate
from tools.forge import ForgeError
from tools.reports import ERRORS, LIMIT, OK, Report, ReportError, compose

if TYPE_CHECKING:
    from pathlib import Path

HEAD, NEWER, BASE = "a" * 40, "b" * 40, "0" * 40
PLACE = "example-org/appraisal"


class Forge:
    """The forge's state, with the program's requests answered from it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state: dict[str, Any] = {"pulls": [], "comments": {}, "deployments": []}
        self.written: list[str] = []
        self.after_listing: dict[str, Any] = {}
        self.refused: set[str] = set()
        grants = {"pull-requests": "write", "deployments": "read"}
        monkeypatch.setenv("GH_TOKEN", json.dumps(grants))
        for module in (forge, comment):
            monkeypatch.setattr(module, "ask", self.ask)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        url = urlsplit(path)
        if method == "GET":
            answer = fake_gh.read(self.state, url.path, parse_qs(url.query))
            if url.path.endswith("/comments"):
                for pull in self.state["pulls"]:
                    pull.update(self.after_listing)
            return json.loads(json.dumps(answer))
        if url.path in self.refused:
            raise ForgeError(path)
        self.written.append(method)
        return fake_gh.write(self.state, method, url.path, body or {})

    def pull(self, number: int, head: str = HEAD, author: str = "example-a") -> None:
        self.state["pulls"].append(
            {
                "number": number,
                "state": "open",
                "user": {"login": author},
                "head": {"sha": head},
                "base": {"ref": "main"},
            }
        )

    def say(self, number: int, body: str | None, user: dict[str, Any] | None) -> None:
        comments = self.state["comments"].setdefault(str(number), [])
        comments.append({"id": 1000 * number + len(comments), "user": user, "body": body})

    def bodies(self, number: int) -> list[str]:
        return [one["body"] for one in self.state["comments"].get(str(number), [])]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Forge:
    """Return a forge with one open pull request."""
    site = Forge(monkeypatch)
    site.pull(7)
    return site


def report(verdict: str = OK, head: str = HEAD, words: str = "**结果**") -> Report:
    return compose(head, BASE, "example-a", verdict, words)


def post(*found: Report) -> int:
    return comment.post_all(PLACE, {(one.head, one.author): one for one in found})


def test_the_first_time_it_is_posted(site: Forge) -> None:
    assert post(report()) == 0
    assert (site.written, site.bodies(7)) == (["POST"], [report().body])


def test_nothing_is_written_where_nothing_is_new(site: Forge) -> None:
    site.say(7, report().body.replace("\n", "\r\n").rstrip(), fake_gh.BOT)
    assert post(report()) == 0
    assert site.written == []


def test_it_is_edited_while_its_verdict_stays(site: Forge) -> None:
    site.say(7, report(head=NEWER, words="旧").body, fake_gh.BOT)
    post(report())
    assert (site.written, site.bodies(7)) == (["PATCH"], [report().body])


@pytest.mark.parametrize(("before", "after"), [(OK, ERRORS), (ERRORS, OK)])
def test_it_is_posted_anew_when_it_flips(site: Forge, before: str, after: str) -> None:
    old = report(before, NEWER).body
    site.say(7, old, fake_gh.BOT)
    post(report(after))
    assert (site.written, site.bodies(7)) == (["POST"], [old, report(after).body])
    post(report(after, words="其后"))
    assert (site.written, len(site.bodies(7))) == (["POST", "PATCH"], 2)
    assert site.bodies(7)[0] == old


@pytest.mark.parametrize(
    ("body", "user"),
    [
        (report().body, {"login": "github-actions[bot]", "id": 5}),
        (report().body, {"login": "github-actions", "id": 41898283}),
        (report().body, None),
        (f"> {report().body}", fake_gh.BOT),
        (f"别的机器人\n{report().body}", fake_gh.BOT),
        ("<!-- appraisal-impact/1 verdict=ok -->", fake_gh.BOT),
        ("<!-- appraisal-impact/1 verdict=no head=x base=y -->", fake_gh.BOT),
        (None, fake_gh.BOT),
    ],
)
def test_a_comment_that_is_not_ours_is_left_alone(
    site: Forge, body: str | None, user: dict[str, Any] | None
) -> None:
    """The marker is not enough, nor is the account."""
    site.say(7, body, user)
    post(report())
    assert site.written == ["POST"]
    assert [one["body"] for one in site.state["comments"]["7"]] == [body, report().body]


def test_ours_is_found_among_many(site: Forge) -> None:
    for number in range(130):
        site.say(7, f"第 {number} 条", {"login": "example-a", "id": 5})
    site.say(7, report(ERRORS).body, fake_gh.BOT)
    site.say(7, report(OK, NEWER).body, fake_gh.BOT)
    post(report())
    assert site.written == ["PATCH"]
    assert site.bodies(7)[-1] == report().body


def test_a_head_that_is_not_computed_gets_no_comment(site: Forge) -> None:
    assert post(report(head=NEWER)) == 0
    assert site.written == []


@pytest.mark.parametrize("change", [{"head": {"sha": NEWER}}, {"state": "closed"}])
def test_what_changed_after_the_listing_gets_no_comment(
    site: Forge, change: dict[str, Any]
) -> None:
    """The head is looked at again just before writing."""
    site.after_listing = change
    assert post(report()) == 0
    assert site.written == []


def test_another_authors_report_on_the_same_commit_is_not_used(site: Forge) -> None:
    assert comment.post_all(PLACE, {(HEAD, "example-b"): report()}) == 0
    assert site.written == []


def test_one_refusal_does_not_stop_the_others(site: Forge) -> None:
    site.pull(8, NEWER)
    site.refused = {f"repos/{PLACE}/issues/7/comments"}
    assert post(report(), report(head=NEWER)) == 1
    assert [len(site.bodies(number)) for number in (7, 8)] == [0, 1]


# --- reports -------------------------------------------------------------------------------------


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = report(ERRORS)
    written.write(tmp_path)
    (tmp_path / "base").write_text(BASE)
    assert reports.read_all(tmp_path) == {(HEAD, "example-a"): written}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"schema": "x"}, None),
        ({"number": 1}, None),
        ({"verdict": ERRORS}, None),
        ({"verdict": "x"}, None),
        ({"head": NEWER}, None),
        ({"head": "../../x"}, None),
        ({"author": "a b"}, None),
        ({"author": "../x"}, None),
        ({"body": "没有标记"}, None),
        ({"body": report().body.replace("verdict=ok", "verdict=errors")}, None),
        ({"body": report().body + "支" * LIMIT}, None),
        ({}, f"{NEWER}.example-a.json"),
        ({}, f"{HEAD}.example-b.json"),
    ],
)
def test_what_is_not_a_report_is_refused(
    tmp_path: Path, change: dict[str, Any], name: str | None
) -> None:
    """A number of a pull request has no place in it, nor has another commit's text."""
    one = report()
    one.write(tmp_path)
    path = tmp_path / one.name
    document = {**json.loads(path.read_text("utf-8")), **change}
    path.unlink()
    (tmp_path / (name or one.name)).write_text(json.dumps(document), "utf-8")
    with pytest.raises(ReportError):
        reports.read_all(tmp_path)


def test_the_longest_words_leave_room_for_ours() -> None:
    from generator.reports.markdown import LIMIT as WORDS

    body = compose("a" * 64, "b" * 64, "x" * 100, ERRORS, "支" * WORDS).body
    assert len(body.encode("utf-16-le")) // 2 <= LIMIT


# --- what the forge says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("example-a", "example-a"),
        ("dependabot[bot]", "dependabot[bot]"),
        ("some_company", "some_company"),
        ("--help", "ghost"),
        ("$(id)", "ghost"),
        ("a\nb", "ghost"),
        ("", "ghost"),
        ("../x", "ghost"),
    ],
)
def test_an_account_is_checked_before_it_is_used(login: str, expected: str) -> None:
    assert forge.author_of({"user": {"login": login}}) == expected


def test_a_deleted_account_is_nobody() -> None:
    assert forge.author_of({"user": None}) == "ghost"


def test_heads_come_from_the_remote_alone(monkeypatch: pytest.MonkeyPatch, site: Forge) -> None:
    """A number counts where the remote has its ref, against main, and is open."""
    listed = [
        f"{NEWER}\trefs/pull/7/head",
        f"{HEAD}\trefs/pull/8/head",
        f"{HEAD}\trefs/pull/9/head",
        f"{HEAD}\trefs/pull/7/merge",
        f"{HEAD}\trefs/pull/07/head",
        f"{HEAD}\trefs/pull/10/head/x",
        "x\trefs/pull/11/head",
    ]

    def git(*_arguments: str, check: bool = True) -> Any:
        del check
        return type("Done", (), {"stdout": "\n".join(listed)})

    monkeypatch.setattr(pull_requests, "git", git)
    site.pull(8)
    site.state["pulls"][-1]["state"] = "closed"
    site.pull(9)
    site.state["pulls"][-1]["base"] = {"ref": "topic"}
    for number in (10, 11, 12):
        site.pull(number)
    found = pull_requests.open_proposals(PLACE)
    assert found == [pull_requests.Proposal(7, NEWER, "example-a")]


def test_the_last_success_is_what_is_published(site: Forge) -> None:
    assert published.published(PLACE) is None
    site.state["deployments"] = [
        {"id": 4, "sha": "4" * 40, "environment": "staging", "statuses": ["success"]},
        {"id": 3, "sha": "3" * 40, "environment": "github-pages", "statuses": ["failure"]},
        {
            "id": 2,
            "sha": "2" * 40,
            "environment": "github-pages",
            "statuses": ["inactive", "success"],
        },
        {"id": 1, "sha": "1" * 40, "environment": "github-pages", "statuses": ["success"]},
    ]
    assert published.published(PLACE) == "2" * 40
    site.state["deployments"][2]["sha"] = "main"
    with pytest.raises(ForgeError):
        published.published(PLACE)


def test_a_refusal_of_the_forge_is_an_exception(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "gh"
    program.write_text("#!/bin/sh\necho '{}'\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(ForgeError, match="GET repos/x"):
        forge.ask("GET", "repos/x")
    program.write_text('#!/bin/sh\nprintf \'{"seen": "%s"}\' "$*"\n')
    assert forge.ask("POST", "repos/x", {"a": "甲"}) == {
        "seen": "api --method POST repos/x --input -"
    }


def test_a_year_counts_as_final_by_its_frozen_results(tmp_path: Path) -> None:
    for name in ("2024/results.json", "2025/appraisal.yml", "notes/x"):
        (tmp_path / "committee" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "committee" / name).write_text("{}")
    assert validate.years(tmp_path) == [("2024", True), ("2025", False)]
