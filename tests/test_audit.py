"""The audit: what templates write passes, what text could become never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from generator.site.html.audit import LONG, MOST, AuditError, Auditor

PLAIN = """<h1 id="a">甲 &amp; 乙</h1>
<p class="note">100&nbsp;分<br>见<a href="../rubric.html#org-plan">条款</a>。</p>
<table><thead><tr><th scope="col">项</th></tr></thead>
<tbody><tr><td colspan="2" aria-label="x > y">1</td></tr></tbody></table>
<details open><summary>更多</summary><ul><li>一</li></ul></details>
<a href="https://example.org/a?b=c" rel="noopener noreferrer nofollow">报道</a>
<svg viewBox="0 0 10 10" role="img"><title>条</title><defs><pattern id="hatch" width="4"
height="4" patternUnits="userSpaceOnUse"><path d="M0 4L4 0" stroke="currentColor"/></pattern></defs>
<rect x="0" y="0" width="4.5" height="2" fill="url(#hatch)"/></svg>
<input type="checkbox" id="f" checked> <img src="a.png" alt="" width="2" height="1">""".replace(
    "x > y", "x &gt; y"
)

#: What becomes of text that a template forgot to escape, or escaped for the wrong place.
HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<table><tr><td><img src=x onerror=alert(1)></td></tr></table>",
    '<img src="x" onerror="alert(1)">',
    '<img src="x"onerror="alert(1)">',
    '<a href="javascript:alert(1)">a</a>',
    '<a href="java&#9;script:alert(1)">a</a>',
    '<a href="javascript&colon;alert(1)">a</a>',
    '<a href="&#106;avascript:alert(1)">a</a>',
    '<a href=" javascript:alert(1)">a</a>',
    '<a href="\x01javascript:alert(1)">a</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">a</a>',
    '<a href="vbscript:x">a</a>',
    '<a href="//evil.example/">a</a>',
    '<a href="\\\\evil.example/">a</a>',
    '<a href="/\\evil.example/">a</a>',
    '<a href="https://evil.example/">without rel</a>',
    '<a href="https://evil.example/" rel="noopener">a</a>',
    '<a href="http://evil.example/" rel="noopener noreferrer nofollow">a</a>',
    '<a href="https://x/"onmouseover="alert(1)">a</a>',
    '<a href="a" href="b">twice</a>',
    '<a class={{n}} onclick=x href="a">unquoted</a>',
    "<a href=a>unquoted</a>",
    '<div markdown="1" onclick="x">a</div>',
    '<meta http-equiv="refresh" content="0;url=//evil">',
    '<base href="//evil">',
    '<iframe src="a"></iframe>',
    '<form action="//evil"></form>',
    "<style>body{display:none}</style>",
    '<p style="background:url(//evil/x)">a</p>',
    '<p style="width:expression(alert(1))">a</p>',
    '<rect fill="url(//evil/x#y)"/>',
    '<svg><use href="https://evil/x#y"></use></svg>',
    '<svg><use xlink:href="#y"></use></svg>',
    '<img src="https://evil/x.png" alt="" width="2" height="1">',
    '<img src="//evil/x.png" alt="" width="2" height="1">',
    '<img src="data:image/png;base64,AA" alt="" width="2" height="1">',
    '<img src="a.png" alt="" width="2" height="1" srcset="b.png 2x">',
    '<img src="a.png" width="2" height="1">',
    '<img src="a.png" alt="" width="2">',
    '<img alt="" width="2" height="1">',
    '<object data="x"></object>',
    '<link rel="stylesheet" href="a.css">',
    "<svg><foreignObject></foreignObject></svg>",
    "<math><mi></mi></math>",
    "<template><p>a</p></template>",
    "<textarea></textarea>",
    "<noscript></noscript>",
    "<!-- comment -->",
    "<!doctype html>",
    "<?php x ?>",
    "<![CDATA[x]]>",
    "a < b",
    "a & b",
    "a &lt b",
    "</article></main>",
    "<p><b>a</p></b>",
    "<div>",
    "<p>a</p></div>",
    "<p title='a'>single quotes</p>",
    '<p title="a>b">bare</p>',
    "<p\x0conclick=x>a</p>",
    "nul \0",
    "escape \x1b[31m",
    '<p data-md-component="x">a</p>',
    '<p slot="x" is="y">a</p>',
]


def test_what_templates_write_passes() -> None:
    """Ordinary markup of pages is allowed."""
    Auditor().body("a.html", PLAIN)


@pytest.mark.parametrize("text", HOSTILE)
def test_live_text_is_refused(text: str) -> None:
    """Whatever a page must not hold is refused, with the page's address."""
    with pytest.raises(AuditError) as caught:
        Auditor().body("branches/demo-a.html", f"<h1>甲</h1>{text}")
    assert caught.value.address == "branches/demo-a.html"


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_passes(text: str) -> None:
    """The same text is inert where it is escaped, as text and as an attribute."""
    shown = escape("".join(c for c in text if c.isprintable()))
    Auditor().body("a.html", f'<h1 title="{shown}">{shown}</h1>')


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_escaped_text_passes(text: str) -> None:
    """No text can fail the audit where the template did its part."""
    Auditor().body("a.html", f'<p aria-label="{escape(text)}">{escape(text)}</p>')


def test_a_tag_that_passed_in_a_document_is_still_refused_in_a_body() -> None:
    """What the theme may write, a body may not."""
    auditor = Auditor()
    auditor.document("a.html", '<link rel="icon" href="a.png">')
    with pytest.raises(AuditError):
        auditor.body("a.html", '<link rel="icon" href="a.png">')


def test_documents_may_have_the_scripts_of_the_theme_alone() -> None:
    """An inline script must be one of the known ones; the source of others must be ours."""
    page = "<!doctype html>\n<html><body><p>a</p><script>var a=1<2</script></body></html>"
    Auditor().document("a.html", page, frozenset({"var a=1<2"}))
    with pytest.raises(AuditError):
        Auditor().document("a.html", page, frozenset({"var a=1"}))
    with pytest.raises(AuditError):
        Auditor().document("a.html", '<script src="https://cdn.example/x.js"></script>')


@pytest.mark.parametrize(
    "text",
    [
        "<!--<script>-->alert(1)</script>",
        "<!-- <script>a</script> -->",
        "<script>alert(1)</script >",
        "<script>alert(1)</script x>",
        "<script>alert(1)",
        "<SCRIPT></SCRIPT>",
        "<style>a{}</style>",
        '<p title="<script>">x</p><script>alert(1)</script>',
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_scripts_cannot_be_hidden(text: str) -> None:
    """However a script is written, it is found where the browser would find it."""
    with pytest.raises(AuditError):
        Auditor().document("a.html", text, frozenset())


NAMES = st.sampled_from(
    [
        "href",
        "src",
        "class",
        "id",
        "style",
        "rel",
        "title",
        "width",
        "fill",
        "onclick",
        "data-md-x",
        "data-x",
        "aria-label",
        "a",
    ]
)
VALUES = st.sampled_from(
    [
        "", "a", "a/b.html", "../a.html#x", "//evil.example", "/", "https://a.example/b", "x:y",
        "javascript:alert(1)", "color: red", "noopener noreferrer nofollow", "noopener", "4.5",
        "url(#a)", "url(//x)", "&amp;", "&#x3a;", "\\\\evil", "a b", "甲", "%2f",
    ]
)  # fmt: skip
ATTRIBUTES = st.tuples(NAMES, VALUES).map(lambda pair: f' {pair[0]}="{pair[1]}"')
OPENED = st.tuples(
    st.sampled_from(["a", "p", "img", "rect", "details", "b", "script", "br"]),
    st.lists(ATTRIBUTES, max_size=3),
    st.sampled_from(["", " /", " open", '"']),
).map(lambda it: f"<{it[0]}{''.join(it[1])}{it[2]}>")
CLOSED = st.sampled_from(["a", "p", "details", "b", "rect"]).map(lambda name: f"</{name}>")
TEXTS = st.lists(st.one_of(OPENED, CLOSED, st.sampled_from(["甲", "a > b", "&lt;"])), max_size=9)


def verdict(auditor: Auditor, text: str, *, body: bool) -> str:
    """Return what an auditor says of a text; nothing where it passes."""
    try:
        if body:
            auditor.body("a.html", text)
        else:
            auditor.document("a.html", text)
    except AuditError as error:
        return error.reason
    return ""


@given(st.lists(st.tuples(TEXTS.map("".join), st.booleans()), min_size=2, max_size=12))
def test_what_was_seen_before_changes_no_verdict(texts: list[tuple[str, bool]]) -> None:
    """Tags known by shape and sequences known as balanced pass only where each alone would."""
    experienced = Auditor()
    for text, body in texts + texts:
        fresh = verdict(Auditor(), text, body=body)
        assert bool(verdict(experienced, text, body=body)) == bool(fresh), (text, fresh)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('<a href="a.html">x</a>', '<a href="//evil">x</a>'),
        ('<a href="a">x</a>', '<a href="javascript:a">x</a>'),
        ('<p style="color: red">x</p>', '<p style="a">x</p>'),
        (
            '<a href="https://a.example" rel="noopener noreferrer nofollow">x</a>',
            '<a href="https://a.example" rel="noopener">x</a>',
        ),
        ('<rect fill="url(#a)"></rect>', '<rect fill="url(b)"></rect>'),
        ('<p class="a" id="b">x</p>', '<p class="a" class="b">x</p>'),
    ],
)
def test_a_shape_that_passed_lets_nothing_else_in(good: str, bad: str) -> None:
    auditor = Auditor()
    auditor.body("a.html", good)
    with pytest.raises(AuditError):
        auditor.body("a.html", bad)


@given(st.lists(st.sampled_from(["details", "tr", "p", "/details", "/tr", "/p"]), max_size=12))
def test_balance_is_that_of_a_plain_stack(names: list[str]) -> None:
    opened: list[str] = []
    balanced = True
    for name in names:
        if not name.startswith("/"):
            opened.append(name)
        elif not opened or opened.pop() != name[1:]:
            balanced = False
            break
    auditor = Auditor()
    text = "".join(f"<{name}>" for name in names)
    for _ in range(2):
        assert (verdict(auditor, text, body=True) == "") == (balanced and not opened)


def test_what_an_auditor_remembers_is_bounded() -> None:
    auditor = Auditor()
    for number in range(6000):
        text = f'<a href="https://a{number}.example" rel="noopener noreferrer nofollow">x</a>'
        auditor.body("a.html", text + "<p></p>" * (number % 97))
    assert max(map(len, (auditor.in_bodies, auditor.balanced))) <= MOST + 1
    auditor.body("a.html", "<p></p>" * LONG)
    assert max(map(len, auditor.balanced)) <= LONG
