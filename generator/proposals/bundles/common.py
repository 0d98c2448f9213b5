"""What all branches of a year share in public, as data: the other half of ``public_view``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import (
    CONSORTIA_PATH,
    RUBRIC_PATH,
    appraisal_path,
    committee_folder,
)
from generator.formats.nodes import COMMITTEE_LIMITS, parse
from generator.proposals.bundles.keys import SCHEMA
from generator.proposals.bundles.kinds import Kind, definition_of, kind_of
from generator.proposals.bundles.values import Shower
from generator.results.audience import PUBLIC, FieldClass
from generator.text.findings import Report
from generator.text.numbers import as_text
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.engine.year import Run
    from generator.proposals.bundles.values import Value
    from generator.proposals.bundles.view import Document
    from generator.results.audience import Publish
    from generator.results.model import BranchResult, Results

#: Classes of fields that points rest on: where one is not shown, nobody can reckon with the rest.
SCORED = (
    FieldClass.EVIDENCE,
    FieldClass.REVIEWS,
    FieldClass.BONUS,
    FieldClass.DUE,
    FieldClass.ATTACHMENTS,
)
#: Files of the year that all branches rest on, by their names in its folder.
NAMES = ("decision.yml", "due.yml")


def common_view(
    run: Run, results: Results, compared: Mapping[str, Document], shows: Publish = PUBLIC
) -> Document:
    """Return what all share: the rubric, the committee's files, all branches' figures.

    ``compared`` is branch → the ``shared`` part of its view.
    """
    withheld: list[tuple[str, str]] = []
    files: list[Value] = []
    for path, where in paths_of(run):
        found, held = shown(run, path, where, shows)
        files += [found] if found else []
        withheld += [(path, key) for key in held]
    source = results.source
    joint: list[Value] = [
        [name, *entry]
        for name in sorted(compared)
        for entry in listed(compared[name].get("joint"))
        if isinstance(entry, list)
    ]
    return {
        "schema": SCHEMA,
        "year": run.year,
        "source": {"commit": source.commit, "date": source.date, "dirty": source.dirty},
        "as_of": f"{run.means.as_of}" if run.means.as_of else None,
        "unsure": not all(map(shows.shows, SCORED)),
        "files": files,
        "branches": [branch_of(branch) for branch in sorted(results.branches, key=by_id)],
        "joint": joint,
        "contents": contents_of(compared.values()),
        "withheld": [{"path": path, "key": key} for path, key in sorted(set(withheld))],
    }


def by_id(branch: BranchResult) -> str:
    """Order branches."""
    return branch.id


def listed(value: Value) -> list[Value]:
    """Return a list; nothing of anything else."""
    return value if isinstance(value, list) else []


def paths_of(run: Run) -> Iterator[tuple[str, str]]:
    """Yield the files that all rest on: where a bundle has each, and where it lies."""
    repository = run.repository
    folder = committee_folder(run.year)
    yield RUBRIC_PATH, repository.rubric_from
    for path in (CONSORTIA_PATH, *(f"{folder}/{name}" for name in NAMES)):
        if repository.is_file(path):
            yield path, path
    for year in repository.opened:
        path = appraisal_path(year)
        if repository.is_file(path):
            yield path, path


def shown(run: Run, path: str, source: str, shows: Publish) -> tuple[Document, list[str]]:
    """Return one file by its values, and the keys that were withheld; nothing of a broken one."""
    kind = kind_of(path)
    node = parse(run.repository.tree.read(source), Report(), source, COMMITTEE_LIMITS)
    if kind is None or node is None:
        return {}, [""]
    definition = definition_of(Kind(*kind), node, None)
    shower = Shower(shows, definition, kind.name, whole=path == RUBRIC_PATH)
    return {"path": path, "values": shower.values(node)}, shower.withheld


def branch_of(branch: BranchResult) -> Document:
    """Return what is told of every branch: what it is, and the figures that ranks rest on."""
    figures = ("total", "fixed", "low", "high")
    return {
        "id": branch.id,
        "name": masked(branch.name),
        "kind": branch.kind,
        "formerly": [*branch.formerly],
        "status": branch.status,
        **{name: as_text(getattr(branch, name)) for name in figures},
        "sections": {name: as_text(points) for name, points in branch.sections.items()},
        "pending": branch.pending,
    }


def contents_of(compared: Iterable[Document]) -> Document:
    """Return content key → where it is used, of all branches."""
    found: dict[str, list[Value]] = {}
    for own in compared:
        contents = own.get("contents")
        for key, paths in contents.items() if isinstance(contents, dict) else ():
            found.setdefault(key, []).extend(listed(paths))
    return {key: sorted(found[key], key=str) for key in sorted(found)}
