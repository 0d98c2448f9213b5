"""What the scripts of the form say by themselves: buttons and states, by group and name.

Titles, helps, limits and findings come from the program that runs in the page.
"""

from __future__ import annotations

from generator.site.form.leaving_words import GROUPS as LEAVING
from generator.site.form.page_words import PAGE
from generator.text.language import gettext, mark

#: Name of a text in the scripts → the text; ``{n}`` and the like are filled in there.
WORDS = {
    "failed": mark("校验程序没有下载完。请检查网络，再试一次；已经填的不会丢。"),
    "lost": mark("校验程序停了，可能是内存不够。请再试一次；已经填的不会丢。"),
}


#: Group of scripts → its texts.
GROUPS = {"engine": WORDS, "page": PAGE, **LEAVING}


def words() -> dict[str, dict[str, str]]:
    """Return the texts in the language in use, by the group of scripts that shows them."""
    return {
        group: {name: gettext(text) for name, text in texts.items()}
        for group, texts in GROUPS.items()
    }
