"""Git that is there but cannot be read: what to do about it; and whether there is any history."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.text.messages import Message, say

if TYPE_CHECKING:
    from pathlib import Path

GIT_FOLDER = ".git"
#: What git says where a repository belongs to another user.
OWNER = "dubious ownership"
NO_COMMIT = "does not have any commits"
NO_REPOSITORY = "not a git repository"
NO_PERMISSION = "ermission denied"


def history_at(root: Path) -> Path | None:
    """Return the ``.git`` of a folder or of one above it; None: there is no history at all.

    Whether git can read it is another matter: what is there and cannot be read is an error.
    """
    start = root.resolve()
    places = (folder / GIT_FOLDER for folder in (start, *start.parents))
    return next((place for place in places if os.path.lexists(place)), None)


def remedy(root: Path, words: str) -> Message:
    """Return what to do about a repository of which git says ``words``."""
    place = history_at(root)
    if place is None:
        return say("这个文件夹不在 git 仓库里，请在克隆下来的仓库里运行，或用 --root 指明")
    if OWNER in words:
        return say(
            "仓库属于另一个用户，请先运行 git config --global --add safe.directory {folder}",
            folder=f"{place.parent}",
        )
    if NO_COMMIT in words:
        return say(
            "HEAD 没有指向任何提交：新仓库请先 git add -A 再 git commit；"
            "旧仓库请先用 git switch 换到一个有提交的分支"
        )
    if NO_PERMISSION in words:
        return say("没有权限读取 {path}，请换用有权限的用户运行，或更正文件的权限", path=f"{place}")
    if NO_REPOSITORY in words and place.is_file():
        return say(
            "{path} 指向别处的仓库，而那里没有仓库；请在完整的克隆里运行，或把那个仓库也挂载进来",
            path=f"{place}",
        )
    return say("请运行 git status 和 git fsck 查看；修不好的，请重新克隆")


def no_program() -> Message:
    """Return what to do where git is not installed."""
    return say("没有找到可以运行的 git 程序，请先安装 git，并确认它在 PATH 里")
