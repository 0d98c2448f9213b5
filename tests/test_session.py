"""The session of the form: a year by its calls alone, and what each call refuses in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.engine.evaluate import evaluate
from generator.files.tree import MemoryTree
from generator.proposals.packages.bringing import How, judge, write
from generator.proposals.packages.opened import opened as opened_package
from generator.reports.documents import documents
from tests.conversing import YEAR, open_sample, opened, year_as_drafts
from tests.memory import files_below
from tests.support import write as write_file

if TYPE_CHECKING:
    from pathlib import Path

HOME = f"branches/demo-a/{YEAR}"


def figures_of(files: dict[str, bytes]) -> Any:
    """Return demo-a's scorecard without the places in files."""
    document = json.loads(documents(files, YEAR).results)
    (found,) = [own for own in document["branches"] if own["id"] == "demo-a"]
    return without_sources(found)


def without_sources(value: Any) -> Any:
    """Return JSON without what tells lines, and bytes: copies are without metadata."""
    if isinstance(value, dict):
        kept = {k: own for k, own in value.items() if k not in {"sources", "line", "blob", "size"}}
        return {key: without_sources(own) for key, own in kept.items()}
    return [without_sources(own) for own in value] if isinstance(value, list) else value


def test_a_year_by_the_calls_alone_packaged_and_imported_is_the_same_year(tmp_path: Path) -> None:
    whole = open_sample("demo-a")
    bare = {path: data for path, data in whole.items() if not path.startswith(f"{HOME}/")}
    page = opened(bare)
    made = year_as_drafts()
    for own, files in made:
        page.attach(own, files)
    drafts = [own for own, _ in made]

    checked = page.ask("check", drafts=drafts, current=None)
    assert [own for own in checked["others"] if own["severity"] == "error"] == []
    told = page.ask("package", drafts=drafts, made="2025-12-10T09:30:00+08:00")
    archive = page.bytes
    assert archive is not None
    assert told["size"] == len(archive)

    for path, data in bare.items():
        write_file(tmp_path / path, data)
    package = tmp_path / "报送.zip"
    package.write_bytes(archive)
    with opened_package(package) as found:
        judged = judge(tmp_path, found, How())
        assert judged.errors == 0
        assert not judged.unfit
        assert found.manifest.digest == told["digest"]
        write(tmp_path, found.manifest, judged)
    package.unlink()
    after = files_below(tmp_path)
    assert after.keys() == whole.keys()
    assert figures_of(after) == figures_of(whole)
    evaluation = evaluate(MemoryTree(after), YEAR, ids=["demo-a"])
    assert [f for f in evaluation.findings if f.severity == "error"] == []
