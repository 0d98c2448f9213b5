"""What ``appraise serve`` says: where each error is, and what MkDocs does, in one language."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from mkdocs import livereload
from mkdocs.commands import build, serve

from generator.site.build.reading import FIRST, errors_of, nothing_to_show, told_errors
from generator.site.html.console import console, said
from generator.text.findings import Finding, Place, Report
from generator.text.language import set_language

HAN = re.compile("[\u4e00-\u9fff]")
#: What MkDocs says of pages and templates, which the project's own tests keep from being said.
OF_PAGES = ("skipped", "stale files", "following pages", "dirty", "Error reading", "code {code}")
INFO = re.compile(r"""log\.(?:info|error)\(\s*f?(["'])(.+?)\1""")


def told_by_mkdocs() -> list[str]:
    """Return what the installed MkDocs tells whoever serves a site, places filled."""
    texts = []
    for module in (livereload, serve, build):
        source = Path(str(module.__file__)).read_text("utf-8")
        found = [match[2] for match in INFO.finditer(source)]
        texts += [text for text in found if not any(word in text for word in OF_PAGES)]
    filled = [re.sub(r"\{time.*?\}", "1.50", text) for text in texts]
    return [re.sub(r"\{.*?\}", "http://127.0.0.1/", text) for text in filled]


def test_mkdocs_speaks_the_language_in_use() -> None:
    told = [text for text in told_by_mkdocs() if "opening it" not in text]
    assert len(told) > 8
    for text in told:
        for line in (text, f"[10:26:35] {text}"):
            set_language("zh")
            assert HAN.search(said(line)), line
            set_language("en")
            assert not HAN.search(said(line))


def test_what_mkdocs_seldom_says_stays() -> None:
    assert said("Doc file contains a link") == "Doc file contains a link"


def errors(number: int) -> list[Finding]:
    report = Report()
    for at in range(number):
        report.add(
            "Y001", Place(f"branches/demo-{at:02}/branch.yml", at + 1), "列表的短横线位置不对"
        )
        report.add("E012", Place(f"branches/demo-{at:02}/branch.yml"), "没有自评")
    return errors_of(report.findings)


@pytest.mark.parametrize("number", [1, 2, FIRST - 1, FIRST, FIRST + 1, 3 * FIRST])
def test_a_preview_says_where_the_first_errors_are(number: int) -> None:
    found = errors(number)
    assert len(found) == number
    lines = told_errors(found).splitlines()
    places = [line for line in lines if ": error Y001 " in line]
    assert len(places) == min(number, FIRST)
    assert places[0].startswith("branches/demo-00/branch.yml:1:1: error Y001")
    assert len([line for line in lines if "改法" in line]) == len(places)
    assert ("没有列出" in lines[-1]) == (number > FIRST)
    assert str(number) in lines[0]


def test_nothing_to_show_names_the_errors_or_the_missing_year() -> None:
    assert "上面的错误" in nothing_to_show(errors(1))
    assert "appraisal.yml" in nothing_to_show([])


def test_the_console_words_levels_and_keeps_controls_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with console(logging.INFO):
        log = logging.getLogger("mkdocs.test")
        log.info("Cleaning site directory")
        log.warning("a\x1bb")
    assert capsys.readouterr().err == "清空临时文件夹\n警告：a\\u001bb\n"
    with console(None):
        logging.getLogger("mkdocs.test").warning("unheard")
    assert capsys.readouterr().err == ""
