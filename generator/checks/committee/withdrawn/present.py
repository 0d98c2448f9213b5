"""What a branch has now: its files, and the contents that its records use."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.files.attachments.inside.same import key_of_blob
from generator.files.attachments.inside.same.known import key_of
from generator.files.limits import MAX_BRANCH_YEAR
from generator.files.paths import RECORD_NAMES, is_attachment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.checks.summary import BranchSummary, FileUse, OldFile
    from generator.files.tree import Annals, Entry, Tree


class Present:
    """A branch as it is: files by path, and the attachments that records name."""

    def __init__(self, tree: Tree, summary: BranchSummary) -> None:
        self.tree = tree
        self.files: dict[str, Entry] = {e.path: e for e in tree.folder(summary.id) if e.is_file}
        named: list[FileUse | OldFile] = [*summary.uses, *summary.old]
        self.used = {file.path: file.blob for file in named if file.path in self.files}
        self.blobs = frozenset(filter(None, self.used.values()))
        self.keys = frozenset(bytes.fromhex(file.key) for file in named if file.key)
        self._records: dict[str, set[bytes]] = defaultdict(set)
        for use in summary.uses:
            self._records[use.record].add(bytes.fromhex(use.key))

    def blob(self, path: str) -> str:
        """Return the blob id of a file, ``""`` where there is none."""
        entry = self.files.get(path)
        return "" if entry is None else entry.blob or self.tree.blob_id(path)

    def lost(self, annals: Annals, files: Mapping[str, str]) -> dict[str, bytes]:
        """Return path → key of the attachments among some files whose content no record has now.

        What lies under another name, or in another wrapping, is there. Each is read once at most.
        """
        asked = {p: b for p, b in files.items() if is_attachment(p) and b not in self.blobs}
        sizes = annals.sizes({*asked.values()}) if asked else {}
        found = {}
        for path, blob in asked.items():
            key = content_of(annals, blob, sizes[blob]) if sizes[blob] else b""
            if key and key not in self.keys:
                found[path] = key
        return found

    def key(self, annals: Annals, blob: str) -> bytes:
        """Return the key of a content."""
        return content_of(annals, blob, annals.sizes((blob,))[blob])

    def holding(self, contents: Collection[bytes]) -> str:
        """Return the own file of a record that has all these contents, ``""`` for none."""
        records = (r for r, own in sorted(self._records.items()) if own.issuperset(contents))
        files = (f"{record}/{name}" for record in records for name in sorted(RECORD_NAMES))
        return next((path for path in files if path in self.files), "")


def content_of(annals: Annals, blob: str, size: int) -> bytes:
    """Return the key of a content; of one that is too large to be read, what stands for it."""
    return key_of_blob(blob) if size > MAX_BRANCH_YEAR else key_of(blob, annals.read(blob))
