"""The English catalogue is complete, every text keeps its places, and the sample speaks English."""

from __future__ import annotations

import html
import re
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.site.html.allowed import VOID
from generator.site.html.foreign import TEXT_ALONE, marked
from generator.text.language import FITTING, language, load_catalogue, set_language, tr
from tools.catalogue import HAN, load, python_texts, template_texts, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(__file__).resolve().parents[1]


def fields(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return set()


def test_every_text_has_english_and_no_english_is_left_over() -> None:
    catalogue = {str(m.id): str(m.string) for m in load() if m.id}
    assert set(texts()) == set(catalogue)
    assert [text for text, english in catalogue.items() if not english] == []


def test_english_keeps_the_places_and_holds_no_chinese() -> None:
    for text, english in load_catalogue("en").items():
        assert fields(english) <= fields(text), text
        assert not HAN.search(english), english


def test_texts_are_found_in_python_and_templates() -> None:
    assert list(python_texts('"""文档"""\nx = tr("您好")\ny = f"{x}个"\n')) == ["您好"]
    assert list(python_texts('tr("{day} “{title}”")\nlen("{a} “{b}”")\n')) == ["{day} “{title}”"]
    assert list(template_texts("<p>{{ _('您好') }}</p>")) == ["您好"]


@pytest.fixture
def english() -> object:
    set_language("en")
    yield None
    set_language("zh")


@pytest.mark.usefixtures("english")
def test_english_is_spoken() -> None:
    assert language() == "en"
    assert not HAN.search(tr("没有 {year} 年的数据", year=2025))


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        set_language("xx")


@pytest.mark.usefixtures("english")
def test_words_fit_their_number() -> None:
    text = "{n} 个党支部"
    assert [tr(text, n=n) for n in (0, 1, 2, "1.00")] == [
        *("0 branches", "1 branch", "2 branches", "1.00 branches")
    ]
    for english in load_catalogue("en").values():
        assert "|" not in FITTING.sub("", english), english


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>甲学会</p>", '<p lang="zh">甲学会</p>'),
        ("<p>甲 1，乙 2</p>", '<p lang="zh">甲 1，乙 2</p>'),
        (
            "<p>of 甲 or 乙</p>",
            '<p><bdi>of <bdi lang="zh">甲</bdi> or <bdi lang="zh">乙</bdi></bdi></p>',
        ),
        ("<p>甲<b>乙</b></p>", '<p><bdi lang="zh">甲</bdi><b lang="zh">乙</b></p>'),
        ("<br />甲", '<br /><bdi lang="zh">甲</bdi>'),
        ("<text>of 甲</text>", '<text><tspan>of <tspan lang="zh">甲</tspan></tspan></text>'),
        ("<desc>of 甲</desc>", "<desc>of 甲</desc>"),
        ('<p title="甲">a</p>', '<p title="甲">a</p>'),
    ],
)
def test_chinese_says_that_it_is(html: str, said: str) -> None:
    assert marked(html) == said
    assert marked(said) == said


def test_chinese_pages_say_nothing_of_it() -> None:
    assert marked("<p>甲学会</p>") == "<p>甲学会</p>"


#: What a page has beside text: notes, what holds text alone, and tags.
PIECE = re.compile(
    r"<!.*?>|<(?P<raw>script|style)\b(?P<own>[^<>]*)>(?P<inside>.*?)</(?P=raw)>"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?P<more>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=\"'/]+)=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
LANG = re.compile(r"""\blang=["']?(\w+)""")


def told(page: str) -> Iterator[tuple[bool, str, str]]:
    """Yield texts and attributes with Chinese: whether it may be there, where, the words.

    A tree of each of the many pages would cost ten times as much.
    """
    within, at = [("page", False)], 0
    for piece in PIECE.finditer(page):
        words, at = page[at : piece.start()], piece.end()
        assert "<" not in words, words
        name, chinese = within[-1]
        yield from spoken(words, name, allowed=chinese or name in TEXT_ALONE)
        more = piece["own"] or piece["more"] or ""
        tag = piece["raw"] or piece["name"] or ""
        yield from spoken(piece["inside"] or "", tag, allowed=True)
        if HAN.search(html.unescape(more)):
            for key, *value in ATTRIBUTE.findall(more):
                yield from spoken("".join(value), f"{tag} {key}", allowed=True)
        if piece["end"]:
            assert within.pop()[0] == tag, tag
        elif piece["name"] and tag not in VOID and not more.endswith("/"):
            own = LANG.search(more)
            within.append((tag, own[1] == "zh" if own else chinese))
    assert within == [("page", False)], within
    yield from spoken(page[at:], "page", allowed=False)


def spoken(words: str, where: str, *, allowed: bool) -> Iterator[tuple[bool, str, str]]:
    """Yield words if there is Chinese in them."""
    words = html.unescape(words) if "&" in words else words
    if HAN.search(words):
        yield allowed, where, words


def test_chinese_on_a_page_is_found_where_it_stands() -> None:
    page = """<!DOCTYPE html><html lang="en">
        <head><title>甲</title><meta content="a > 乙" name=辛></head>
        <body><p>&#x4e19;<br>x<b lang="zh">丁<i>戊</i></b></p><script>己 < 1</script>庚</body>
        </html>"""
    assert [(allowed, where, words.strip()) for allowed, where, words in told(page)] == [
        (True, "title", "甲"), (True, "meta content", "a > 乙"), (True, "meta name", "辛"),
        (False, "p", "丙"), (True, "b", "丁"), (True, "i", "戊"),
        (True, "script", "己 < 1"), (False, "body", "庚"),
    ]  # fmt: skip
    with pytest.raises(AssertionError):
        list(told("<p><b>甲</p>"))


def test_the_sample_speaks_english(sample_english: Path) -> None:
    """Chinese on English pages is marked, and all of it stands in the data.

    A final year shows reasons as they were frozen, in the words of the program of that day.
    """
    sources = [PROGRAM / "rubric.yml"]
    for folder in ("branches", "committee"):
        sources += [p for p in (PROGRAM / folder).rglob("*") if p.suffix in {".yml", ""}]
    names = "".join(p.name for p in (PROGRAM / "branches").rglob("*"))
    data = "".join(p.read_text("utf-8") for p in sources if p.is_file()) + names
    data = re.sub(r"\s+", "", data)
    known = cache(data.__contains__)
    faults = []
    for path in sorted(sample_english.rglob("*.html")):
        address = path.relative_to(sample_english).as_posix()
        for allowed, where, words in told(path.read_text("utf-8")):
            runs = re.findall(f"{HAN.pattern}+", words)
            foreign = [run for run in runs if not allowed or not known(run)]
            if foreign and not (allowed and address.startswith("2024/")):
                faults.append((address, where, words.strip()))
    assert faults == []
