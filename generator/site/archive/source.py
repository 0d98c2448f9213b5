"""A year as an archive is made of it: its site for one audience, and files of the committee."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.files.paths import COMMITTEE, DECISION_FILE, RUBRIC_PATH, rubric_path
from generator.results.audience import Audience
from generator.site.build.setting import templates_folder
from generator.site.data.years import assembled, frozen_files
from generator.site.guarding.guard import Guard
from generator.text.language import mark

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engine.year import Evaluation
    from generator.files.tree import Tree
    from generator.site.build.running import Own
    from generator.site.data.years import SiteData

REFUSED = mark("档案没有写成：{n} 处写着不公开的内容")
REMEDY = mark("Word 模板里有的，从模板里去掉；文件由程序生成的，是程序有误，请告诉维护者")


@dataclass(frozen=True, slots=True)
class Source:
    """What an archive is made of; ``root`` has the templates of papers, ``name`` is the site's.

    ``draft`` says that the year is not final: papers are marked, and there is no notice.
    """

    root: Path
    site: SiteData
    name: str
    rubric: bytes
    decision: bytes | None
    draft: bool


def source_of(
    root: Path, tree: Tree, evaluation: Evaluation, own: Own, revision: str | None
) -> Source:
    """Return what the archive of an evaluated year is made of; ``tree`` is what was read.

    ``own`` is what mkdocs.yml says. The committee's file of its decision is for it alone:
    comments in it are not for others.
    """
    frozen = frozen_files(root, evaluation.year, tree if revision else None)
    final = {evaluation.year: frozen if evaluation.frozen else ()}
    site = assembled(root, templates_folder(root), [evaluation], final, own.publish)
    site = replace(site, forge=own.forge)
    decision = f"{COMMITTEE}/{evaluation.year}/{DECISION_FILE}"
    told = own.publish.audience is Audience.INTERNAL and is_file(tree, decision)
    return Source(
        root,
        site,
        own.name,
        rubric_of(tree, evaluation),
        tree.read(decision) if told else None,
        draft=not evaluation.frozen,
    )


def rubric_of(tree: Tree, evaluation: Evaluation) -> bytes:
    """Return the rubric that a year was computed by, as its file has it."""
    results = evaluation.results
    paths = [path for path in (rubric_path(evaluation.year), RUBRIC_PATH) if is_file(tree, path)]
    texts = [tree.read(path) for path in paths]
    named = results.rubric_sha256 if results else ""
    return next((text for text in texts if hashlib.sha256(text).hexdigest() == named), texts[0])


def is_file(tree: Tree, path: str) -> bool:
    """Whether a tree has a file of the committee at a path."""
    return any(entry.path == path and entry.is_file for entry in tree.common())


def guard_of(source: Source, revision: str | None) -> Guard:
    """Return what looks through an archive for what it may not hold."""
    words = (REFUSED, REMEDY)
    return Guard(source.root, revision, source.site.publish, source.site.hidden, words=words)
