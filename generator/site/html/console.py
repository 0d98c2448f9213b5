"""What MkDocs says while a site is built or served, in the language in use."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How MkDocs says what readers of a terminal see → our words; ``{of}`` is what the group holds.
WORDS = tuple(
    (re.compile(rf"(?:\[[0-9:]+\] )?{theirs}", re.DOTALL), ours)
    for theirs, ours in (
        (r"Building documentation\.\.\.", mark("正在生成网站")),
        (r"Building documentation to directory: (?P<of>.*)", mark("正在生成网站：{of}")),
        (r"Cleaning site directory", mark("清空临时文件夹")),
        (r"Documentation built in (?P<of>[0-9.]+) seconds", mark("网站已生成，用时 {of} 秒")),
        (r"Watching paths for changes: (?P<of>.*)", mark("改动这些地方，网页自动更新：{of}")),
        (r"Serving on (?P<of>\S+)", mark("用浏览器打开 {of}，按 Ctrl-C 结束")),
        (r"Detected file changes", mark("文件有改动")),
        (r"Reloading browsers", mark("网页已更新")),
        (r"Browser connected: (?P<of>.*)", mark("浏览器打开了 {of}")),
        (r"Shutting down\.\.\.", mark("预览结束")),
        (
            r"An error happened during the rebuild\..*",
            mark("这次没有生成，网页还是原来的；改好以后自动重新生成"),
        ),
    )
)
LEVELS = {
    logging.WARNING: mark("警告"),
    logging.ERROR: mark("错误"),
    logging.CRITICAL: mark("错误"),
}


def said(text: str) -> str:
    """Return a line of MkDocs in the language in use; what it seldom says stays as it is."""
    for theirs, ours in WORDS:
        match = theirs.fullmatch(text)
        if match:
            return tr(ours, **match.groupdict())
    return text


class PlainFormatter(logging.Formatter):
    """Says it in the language in use, without control characters of file names and texts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        level = LEVELS.get(record.levelno)
        text = said(record.getMessage())
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        line = tr("{level}：{text}", level=gettext(level), text=text) if level else text
        return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in line)


@contextmanager
def console(level: int | None) -> Iterator[None]:
    """Show what MkDocs has to say from this level on, control characters escaped; or nothing."""
    logger = logging.getLogger("mkdocs")
    handler: logging.Handler = logging.NullHandler() if level is None else logging.StreamHandler()
    handler.setFormatter(PlainFormatter())
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING if level is None else level)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before
