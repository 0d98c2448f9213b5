"""Style sheets as they are published: light, and to a browser the very rules that were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.site.build.setting import lightened
from tests.browser import PROGRAM, opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

SHEETS = sorted((PROGRAM / "site_templates" / "pages" / "assets").glob("*.css"))
#: What a browser makes of a style sheet.
RULES = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return [...sheet.cssRules].map((rule) => rule.cssText);
}"""


@pytest.mark.parametrize(
    ("written", "published"),
    [
        (
            "a { b: c; }\n\n.d > e , f { g: calc(1px + 2px) ; }\n",
            "a{b: c;}.d > e , f{g: calc(1px + 2px);}",
        ),
        ("/* one; */a { b: c } /* two */\n", "a{b: c}"),
        ("a/* x */b { c: d }", "a b{c: d}"),
        ('a { content: "/* x ; */  {"; }', 'a{content: "/* x ; */  {";}'),
        (r'a { content: "\"  ;" }', r'a{content: "\"  ;"}'),
        ("a { content: '  \" ' } /* it's */ b { c: d }", "a{content: '  \" '}b{c: d}"),
        ("a::before { content: '更多  ' }", "a::before{content: '更多  '}"),
        ('a { content: "no end ; }', 'a{content: "no end;}'),
        ("", ""),
    ],
)
def test_comments_and_blanks_go_and_text_stays(written: str, published: str) -> None:
    assert lightened(written.encode()).decode() == published
    assert lightened(published.encode()).decode() == published


def test_a_browser_reads_the_same_rules(browser: Browser) -> None:
    assert len(SHEETS) > 3
    with opened(browser) as page:
        for path in SHEETS:
            written = path.read_bytes()
            before, after = (
                page.evaluate(RULES, css.decode()) for css in (written, lightened(written))
            )
            assert len(before) > 5, path
            assert before == after, path


def test_what_is_published_is_light(sample_built: Path) -> None:
    for path in SHEETS:
        published = (sample_built / "site" / "assets" / path.name).read_bytes()
        assert published == lightened(path.read_bytes())
        assert b"/*" not in published
        assert len(published) < len(path.read_bytes())
