"""The English catalogue is complete in both directions, and every text keeps its places."""

from __future__ import annotations

import string

import pytest

from generator.i18n import language, load_catalogue, set_language, tr
from tools.catalogue import HAN, load, python_texts, template_texts, texts


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
        if "{" in text and "：{" not in repr(text[:0]):
            assert fields(english) <= fields(text), text
        assert not HAN.search(english), english


def test_texts_are_found_in_python_and_templates() -> None:
    assert list(python_texts('"""文档"""\nx = tr("您好")\ny = f"{x}个"\n')) == ["您好"]
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
