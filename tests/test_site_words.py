"""Pages speak the words of their readers: words of Git and of the program stand where they serve.

The list is data: a word, the kinds of pages that may say it, and the languages in which it is
looked for. Every page of the sample's site is read, as it is shown: texts, and attributes that
are read out.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from generator.formats.received import VETO_STATES
from generator.scoring.scorecard import Basis, Status
from generator.text.titles import BALLOTS, LEVELS
from tests.kinds import addresses, kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ZH, BOTH = frozenset({"zh"}), frozenset({"zh", "en"})
#: Who recomputes reads these; whoever writes files reads those.
RECOMPUTING = frozenset({"downloads", "fields"})
#: Three ways to hand in: by commands, too, and by a forge whose buttons say so.
HANDING = frozenset({"handing-in"})
WRITING = frozenset({"formats", "findings"})


@dataclass(frozen=True, slots=True)
class Word:
    """What pages of other kinds than ``kinds`` do not say."""

    form: re.Pattern[str]
    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = BOTH


def ids(names: Iterable[str]) -> re.Pattern[str]:
    """Return the form of ids that stand alone; in a path they are part of a longer word."""
    return re.compile(rf"(?<![\w/.-])(?:{'|'.join(map(re.escape, names))})(?![\w/-]|\.\w)")


WORDS = (
    Word(re.compile("摘要"), languages=ZH),
    # A report is handed in: so says a branch of the sample.
    Word(re.compile("提交(?!版本|述职报告)"), frozenset({"findings"}), ZH),
    Word(re.compile(r"\bcommit(?:s|ted)?\b"), RECOMPUTING | HANDING | {"findings"}),
    # A key of accepted.yml, which whoever writes files looks up on the page of keys.
    Word(re.compile(r"\bdigest\b"), RECOMPUTING | {"formats"}),
    Word(re.compile(r"\b(?:application|image|text)/[a-z]"), frozenset()),
    Word(
        re.compile(r"\bappraise [a-z]|\bmake (?:install|site|test)\b|\bpython3? |(?<!\S)--[a-z]"),
        RECOMPUTING | HANDING | {"findings"},
    ),
    Word(re.compile(r"\b[Gg]it\b"), RECOMPUTING | {"findings"}),
    Word(re.compile(r"SHA-?256|sha256"), RECOMPUTING),
    Word(re.compile(r"\dT\d\d:"), RECOMPUTING),
    Word(re.compile(r"\bYAML\b"), WRITING | {"threat-model"}),
    Word(re.compile(r"JSON Schema"), WRITING | RECOMPUTING),
    Word(ids(LEVELS), WRITING | RECOMPUTING | {"guide", "ids"}, ZH),
    Word(ids(BALLOTS), WRITING | RECOMPUTING, ZH),
    Word(ids([*Basis, *Status, *VETO_STATES]), WRITING | RECOMPUTING, ZH),
)
#: What is not shown, and what is: texts, and attributes that are shown or read out.
UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SHOWN = re.compile(
    r"""\s(?:title|alt|placeholder|aria-label|content|data-(?:label|open|close|shown))="([^"]*)"|>([^<>]+)<"""
)


def shown(page: str) -> Iterator[str]:
    """Yield what a page shows, text by text."""
    for found in SHOWN.finditer(UNSEEN.sub("", page)):
        words = html.unescape(found[1] or found[2] or "").strip()
        if words:
            yield words


def said(folder: Path, language: str) -> list[tuple[str, str, str]]:
    """Return every word that stands where it may not: the page, the word, the text around it."""
    wanted = [word for word in WORDS if language in word.languages]
    faults = []
    for address in addresses(folder):
        (kind,) = kinds_of(address)
        texts = list(shown((folder / address).read_text("utf-8")))
        whole = "\n".join(texts)
        for word in wanted:
            if kind.name not in word.kinds and word.form.search(whole):
                found = ((word.form.search(text), text) for text in texts)
                faults += [(address, match[0], text) for match, text in found if match]
    return faults


def test_chinese_pages_speak_to_members(sample_built: Path) -> None:
    assert said(sample_built / "site", "zh") == []


def test_english_pages_speak_to_members(sample_english: Path) -> None:
    assert said(sample_english, "en") == []


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.form.pattern)
def test_every_kind_that_may_say_a_word_is_there(word: Word, sample_built: Path) -> None:
    """A kind that is misspelt would allow nothing, and one that is gone allows too much."""
    there = {kind.name for a in addresses(sample_built / "site") for kind in kinds_of(a)}
    assert word.kinds <= there


def test_what_is_shown_is_read() -> None:
    page = '<p title="甲">乙<b>丙 &amp; 丁</b></p><script>戊</script><a href="己">庚</a><!--辛-->'
    assert list(shown(page)) == ["甲", "乙", "丙 & 丁", "庚"]
