"""Corrections followed back through history: each replaced file, its seal, and what differs.

A file names what it replaced by git's id of its content. What history holds is checked; what it
does not hold, as in a shallow clone, is counted and never guessed.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

# Any: JSON of results files.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.files.git import UnknownRevisionError, resolve_commit
from generator.files.git_objects import Objects, Trees
from generator.files.paths import results_path
from generator.results.corrections import changes_between, read_corrections, same_changes
from generator.results.frozen import SEAL, FrozenError, load_document, read_results, unsound
from generator.text.days import day_of_moment
from generator.text.messages import Message, Words, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.results.corrections import Correction

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chain:
    """What came of following corrections: what is wrong, and how many history holds."""

    problems: tuple[Words, ...] = ()
    followed: int = 0
    lacking: int = 0


def follow(root: Path, document: Document) -> Chain:
    """Check every file that was replaced on the way to this one; raises GitError."""
    try:
        entries = read_results(document).corrections
    except FrozenError as error:
        return Chain((error.words,))
    found: list[Words] = []
    lacking = 0
    with closing(Objects(root)) as objects:
        held = Held(Trees(root, objects))
        later: Document | None = document
        for number in range(len(entries), 0, -1):
            entry, earlier = entries[number - 1], entries[: number - 1]
            due = held.blob(later)
            if due is not None and due != entry.blob:
                words = "blob 不是更正时 results.json 的内容编号 {id}"
                found.append(_of(number, say(words, id=due or "—")))
            data = objects.find(entry.blob)
            lacking += data is None
            if data is None:
                later = None
                continue
            found += (_of(number, words) for words in _replaced(entry, earlier, data, later))
            later = _document(data)
    return Chain(tuple(found), len(entries) - lacking, lacking)


def known_commit(root: Path, commit: object) -> str | None:
    """Return a commit's id if the local history has it, else None; raises GitError."""
    if not isinstance(commit, str):
        return None
    try:
        return resolve_commit(root, commit)
    except UnknownRevisionError:
        return None


class Held(NamedTuple):
    """Trees of a history."""

    trees: Trees

    def blob(self, later: Mapping[str, Any] | None) -> str | None:
        """Return the id of the results file that lay there when a later one was computed.

        None where history does not tell; empty where there was no such file.
        """
        commit = known_commit(self.trees.root, later["source"]["commit"]) if later else None
        if commit is None or later is None:
            return None
        path = f"{self.trees.clone.prefix}{results_path(later['year'])}"
        found = self.trees.find(self.trees.of(commit), path)
        return found.id if found is not None else ""


def _replaced(
    entry: Correction, earlier: Sequence[Correction], data: bytes, later: Document | None
) -> Iterator[Words]:
    """Yield what a replaced file has against the correction that replaced it."""
    document = _document(data)
    if document is None:
        yield say("被更正的文件不是结果文件")
        return
    yield from unsound(data, document["year"] if later is None else later["year"])
    due = {
        "digest": (entry.digest, document.get("digest")),
        "seal": (entry.seal, document["source"].get(SEAL)),
        "commit": (entry.commit, document["source"]["commit"]),
    }
    for name, (told, found) in due.items():
        if told != found:
            yield say("{name} 与被更正的文件不符", name=name)
    if tuple(earlier) != read_corrections(document):
        yield say("此前的更正与被更正的文件里的不符")
    if later is None:
        return
    if not same_changes(entry.changes, changes_between(document, later)):
        yield say("所列的变化与前后两份文件的差别不符")
    if entry.date != f"{day_of_moment(later['source']['date'])}":
        yield say("日期不是更正所据版本的日期")


def _document(data: bytes) -> Document | None:
    """Return a results file as JSON; None for another file."""
    try:
        document = load_document(data)
        read_results(document)
    except FrozenError:
        return None
    return document


def _of(number: int, words: Words) -> Message:
    return say("第 {n} 次更正：{words}", n=number, words=words)
