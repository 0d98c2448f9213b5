"""What the scripts of the form say by themselves: buttons and states, by name.

Titles, helps, limits and findings come from the program that runs in the page.
"""

from __future__ import annotations

from generator.text.language import gettext, mark

#: Name of a text in the scripts → the text; ``{n}`` and the like are filled in there.
WORDS = {
    "load": mark("下载校验程序"),
    "again": mark("再试一次"),
    "downloading": mark("正在下载校验程序：{loaded} MB，共 {total} MB"),
    "starting": mark("正在启动校验程序"),
    "failed": mark("校验程序没有下载完。请检查网络，再试一次；已经填的不会丢。"),
    "lost": mark("校验程序停了，可能是内存不够。请再试一次；已经填的不会丢。"),
    "fault": mark("校验程序出错。请把页面下方的提交版本和这里的内容告诉党委：{text}"),
}


def words() -> dict[str, str]:
    """Return the texts in the language in use."""
    return {name: gettext(text) for name, text in WORDS.items()}
