"""Names: what may be one, which collide, and how any text is shown safely."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.names import collisions, name_problem, path_problem, visible


@pytest.mark.parametrize(
    "name",
    [
        "plan.pdf",
        "IMG_2025-03-12 (1).JPG",
        "2025年3月活动.jpg",
        "会议 记录（一）.pdf",
        "重庆·示例—附件、表1.xlsx",
        "“两学一做”《通知》【定稿】：第①版.docx",
        "关于党支部·联合体Ⅱ的说明！.md",
        "𠮷野家座谈.txt",
        "console.md",
        "company1.md",
        "gift~2024.md",
    ],
)
def test_names_in_use_are_fine(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        # letters that look like Latin ones
        ("аctivity.yml", "charset"),
        ("αlpha.md", "charset"),
        ("カ.md", "charset"),
        ("caf\u00e9.jpg", "charset"),
        # devices of Windows
        ("CON.txt", "windows"),
        ("con .txt", "windows"),
        ("nul", "windows"),
        ("PRN", "windows"),
        ("aux.jpg", "windows"),
        ("AUX.tar.gz", "windows"),
        ("COM1", "windows"),
        ("lpt9.md", "windows"),
        ("LPT\u00b9", "windows"),
        # what nobody sees, or a terminal obeys
        ("a\nb.md", "control"),
        ("a\rb.md", "control"),
        ("a\x1b[31m.md", "control"),
        ("a\x00b.md", "control"),
        ("a\x7fb.md", "control"),
        ("a\x9b31m.md", "control"),
        # Text that turns round or is not seen
        ("a\u202egpj.exe", "bidi"),
        ("a\u2066b.md", "bidi"),
        ("a\u200bb.md", "bidi"),
        ("a\ufeffb.md", "bidi"),
        ("a\ufe0fb.md", "bidi"),
        (".g\u200cit", "bidi"),
        # commands of build logs
        ("::error::x.jpg", "charset"),
        ("##[add-mask]x.jpg", "charset"),
        # What Windows or a shell reads otherwise
        *((f"a{char}b.md", "charset") for char in '<>:"\\|?*/#`'),
        ("a\uff0fb.md", "charset"),
        # GBK bytes, as Python decodes names
        (b"\xbb\xe1\xd2\xe9.md".decode("utf-8", "surrogateescape"), "encoding"),
        # names of git, and names that tools read
        (".", "dot"),
        ("..", "dot"),
        (".git", "dot"),
        (".GIT", "dot"),
        (".gitattributes", "dot"),
        (".gitmodules", "dot"),
        (".gitkeep", "dot"),
        (".python-version", "dot"),
        (".env", "dot"),
        ("GIT~1", "reserved"),
        ("gitmod~1", "reserved"),
        ("CODEOWNERS", "reserved"),
        ("Makefile", "reserved"),
        ("package.json", "reserved"),
        ("requirements.txt", "reserved"),
        ("pip.conf", "reserved"),
        ("\uff23\uff2f\uff2e.md", "windows"),
        ("\uff0egit", "dot"),
        ("\uff33etup.py", "reserved"),
        ("-rf", "dash"),
        ("--output=x.md", "dash"),
        ("%2e%2e", "charset"),
        ("x.", "trailing"),
        ("x ", "trailing"),
        (" x", "trailing"),
        ("x\u3000", "trailing"),
        ("cafe\u0301.jpg", "nfc"),
        ("", "charset"),
        # bytes, not characters
        ("a" * 255, "long"),
        ("长" * 80, "long"),
    ],
)
def test_name_problem(name: str, problem: str) -> None:
    assert name_problem(name) == problem


def test_the_longest_names_that_fit() -> None:
    assert name_problem("a" * 200) is None
    assert name_problem("a" * 201) == "long"
    assert name_problem("长" * 66) is None
    assert name_problem("长" * 67) == "long"


def test_paths_are_neither_deep_nor_long() -> None:
    assert path_problem("branches/demo-a/2025/documents/plan/plan.pdf") is None
    assert path_problem("/".join(["a"] * 12)) is None
    assert path_problem("/".join(["a"] * 13)) == "deep"
    assert path_problem("/".join(["a"] * 62)) == "deep"
    assert path_problem("/".join(["a" * 60] * 4)) == "long"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("branches/../x", "dot"),
        ("branches/.git/config", "dot"),
        ("/etc/passwd", "charset"),
        ("a//b", "charset"),
        ("a/CON/b.md", "windows"),
        ("a/b\u202e/c.md", "bidi"),
    ],
)
def test_a_path_is_as_good_as_its_worst_component(path: str, problem: str) -> None:
    assert path_problem(path) == problem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("d/Plan.md", "d/plan.md"),
        ("d/caf\u00e9.jpg", "d/cafe\u0301.jpg"),
        ("d/\uff21\uff22.jpg", "d/AB.jpg"),
        ("d/\ufb01.md", "d/fi.md"),
        ("D/x.md", "d/y.md"),
        ("d/stra\u00dfe.md", "d/strasse.md"),
        ("d/plan", "d/Plan/x.md"),
    ],
)
def test_collisions(one: str, other: str) -> None:
    assert len(collisions([one, other, "d2/z.md"])) == 1


def test_of_folders_that_collide_the_folders_alone_are_named() -> None:
    assert collisions(["A/x.md", "A/y.md", "a/x.md", "a/y.md"]) == [("A", "a")]


def test_no_collision_among_different_names() -> None:
    assert collisions(["a/x.md", "a/y.md", "b/x.md", "a/x.md"]) == []


def test_visible_shows_what_cannot_be_seen() -> None:
    assert visible("a\nb\x1b[31m\u202e\ud800支部") == "a\\u000ab\\u001b[31m\\u202e\\ud800支部"
    assert visible("\u200b\x85\ufeff") == "\\u200b\\u0085\\ufeff"
    assert visible("\U000e0041") == "\\U000e0041"
    assert visible("长" * 200, 5) == "长长长长长…"
    assert visible("会议 记录（一）·.pdf") == "会议 记录（一）·.pdf"


@given(st.text(st.characters(), max_size=60))
def test_visible_prints_as_one_line_of_utf8(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert shown.isprintable() or "\u3000" in shown
    assert visible(shown, 10_000) == shown


@given(st.binary(max_size=60))
def test_every_name_gets_an_answer(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    problem = name_problem(name)
    assert problem is None or problem.isalpha()
    if problem is None:
        assert visible(name, 1000) == name
        assert not {":", "#", "/", "\\"} & set(name)


@given(st.lists(st.text("abAB/.é\u0301ﬁ", max_size=6), max_size=8), st.randoms())
def test_the_order_of_paths_has_no_effect_on_collisions(paths: list[str], random: object) -> None:
    before = collisions(paths)
    random.shuffle(paths)  # type: ignore[attr-defined]
    assert collisions(paths) == before


#: What people write between the words of a name, one sign at a time.
SIGNS = (
    "（）【】《》〈〉「」『』〔〕、。·・—―–…“”‘’！＃＄％＆＋，－：；＝？＠［］＿～￥　〜±²³×÷℃№㎡"
    "√←↑→↓■□▲△◆◇○◎●★☆①⑳⑴⒇㈠㈩Ⅱⅲ"
)


@pytest.mark.parametrize("sign", SIGNS)
def test_signs_that_people_write_in_names(sign: str) -> None:
    assert name_problem(f"方案{sign}定稿.pdf") is None
    assert name_problem(f"2025{sign}(1).jpg") is None
