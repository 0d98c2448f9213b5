"""Names: the F rows of hostile input, and safe display."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.names import collisions, name_problem, path_problem, visible


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("2025年3月活动.jpg", None),
        ("会议 记录（一）.pdf", None),
        ("重庆·示例—附件、表1.xlsx", None),
        ("plan.pdf", None),
        ("a\nb.md", "control"),
        ("a\rb.md", "control"),
        ("a\x1b[31m.md", "control"),
        ("\udcb8\udcb4.md", "encoding"),
        ("a\u202egpj.exe", "bidi"),
        ("a\u200bb.md", "bidi"),
        ("CON.txt", "windows"),
        ("nul", "windows"),
        ("aux.jpg", "windows"),
        ("COM1", "windows"),
        ("LPT\u00b9", "windows"),
        ("::error::x.jpg", "charset"),
        ("##[add-mask]x.jpg", "charset"),
        ("а\u0441tivity.yml", "charset"),
        ("a<b>.md", "charset"),
        ("a\\b.md", "charset"),
        ("CODEOWNERS", "reserved"),
        ("package.json", "reserved"),
        (".gitattributes", "dot"),
        (".GIT", "dot"),
        (".python-version", "dot"),
        ("x.", "trailing"),
        (" x", "trailing"),
        ("cafe\u0301.jpg", "nfc"),
        ("长" * 80, "long"),
    ],
)
def test_name_problem(name: str, problem: str | None) -> None:
    assert name_problem(name) == problem


def test_paths_are_neither_deep_nor_long() -> None:
    assert path_problem("branches/demo-a/2025/documents/plan/plan.pdf") is None
    assert path_problem("/".join(["a"] * 62)) == "deep"
    assert path_problem("/".join(["a" * 60] * 4)) == "long"
    assert path_problem("branches/../x") == "dot"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("d/Plan.md", "d/plan.md"),
        ("d/caf\u00e9.jpg", "d/cafe\u0301.jpg"),
        ("d/\uff21\uff22.jpg", "d/AB.jpg"),
        ("d/\ufb01.md", "d/fi.md"),
        ("D/x.md", "d/y.md"),
        ("d/stra\u00dfe.md", "d/strasse.md"),
    ],
)
def test_collisions(one: str, other: str) -> None:
    assert len(collisions([one, other, "d2/z.md"])) == 1


def test_no_collision_among_different_names() -> None:
    assert collisions(["a/x.md", "a/y.md", "b/x.md"]) == []


def test_visible_shows_what_cannot_be_seen() -> None:
    assert visible("a\nb\x1b[31m\u202e\ud800支部") == "a\\u000ab\\u001b[31m\\u202e\\ud800支部"
    assert visible("长" * 200, 5) == "长长长长长…"


@given(st.text(max_size=60))
def test_visible_prints_as_one_line_of_utf8(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert shown.isprintable() or "\u3000" in shown
    assert visible(shown, 10_000) == shown
