"""The language of parts: where a page speaks another language, Chinese in it says that it is."""

from __future__ import annotations

import re

from generator.text.language import language

TAGS = re.compile(r"(<[^<>]*>)")
START = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)[^<>]*(?<!/)>")
HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
#: Chinese from its first character to its last, with the figures between.
RUN = re.compile(f"{HAN.pattern}(?:[^A-Za-z&,;:]*{HAN.pattern})?")
LETTER = re.compile("[A-Za-z]")
#: Elements that hold text alone, so that no part of it can be marked.
TEXT_ALONE = frozenset({"title", "desc", "option"})


def marked(html: str) -> str:
    """Return a well-formed piece of a page with ``lang="zh"`` on Chinese; as it is where all is.

    An element of Chinese alone is marked itself, in other text the runs of Chinese are, and the
    text stays one piece for whatever arranges it. What is marked already stays, and so does text
    that mixes languages where no element can be put.
    """
    if language() == "zh" or HAN.search(html) is None:
        return html
    pieces = TAGS.split(html)
    for at in range(0, len(pieces), 2):
        text = pieces[at]
        if HAN.search(text) is None:
            continue
        before = pieces[at - 1] if at else ""
        start = START.fullmatch(before)
        name = start[1] if start else ""
        if " lang=" in before:
            continue
        alone = start is not None and pieces[at + 1] == f"</{name}>"
        if alone and LETTER.search(text) is None:
            pieces[at - 1] = f'{before[:-1]} lang="zh">'
        elif name not in TEXT_ALONE:
            around = "tspan" if name == "text" else "bdi"
            mixed = RUN.sub(rf'<{around} lang="zh">\g<0></{around}>', text)
            whole = RUN.fullmatch(text.strip()) is not None
            pieces[at] = mixed if whole else f"<{around}>{mixed}</{around}>"
    return "".join(pieces)
