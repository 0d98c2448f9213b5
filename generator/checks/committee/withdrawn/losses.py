"""What became of a branch's evidence since a commit: deleted, replaced, or still there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from generator.checks.committee.withdrawn.then import Then
from generator.checks.committee.withdrawn.values import (
    address_of,
    is_another,
    readdressed,
    single_names,
    value_of,
)
from generator.files.paths import RecordPath, branch_folder
from generator.formats.branch_files import Document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from generator.checks.committee.withdrawn.present import Present
    from generator.files.tree import Annals, Deed, Receipts, Tree
    from generator.formats.branch_files import Activity
    from generator.loading.evidence import Evidence


class Loss(NamedTuple):
    """What is lost: a record's folder, an attachment or an address, and what is there now.

    ``now`` is ``""`` where nothing is. ``file`` is the record's own file as it was then.
    """

    path: str
    now: str
    file: str


class Since:
    """A branch as a commit had it, beside what it has now; paths are as under its present id."""

    def __init__(
        self,
        tree: Tree,
        annals: Annals,
        receipts: Receipts,
        present: Present,
        names: Sequence[str],
        deed: Deed,
    ) -> None:
        self.annals = annals
        self.receipts = receipts
        self.present = present
        self.names = names
        self.deed = deed
        self.home = branch_folder(names[0])
        self.old_home, files = self._files()
        self.tree = Then(tree, annals, names[0], files)
        self.looked_at: Mapping[str, str] = files

    def _files(self) -> tuple[str, dict[str, str]]:
        """Return the folder that the branch had, and its files as under its present id."""
        for home in map(branch_folder, self.names):
            files = self.annals.files(self.deed.commit, home)
            if files:
                return home, {self.home + path[len(home) :]: b for path, b in files.items()}
        return self.home, {}

    def narrow(self, records: Collection[str]) -> None:
        """Look at no other records than those in these folders."""
        files = self.tree.files.items()
        self.looked_at = {p: blob for p, blob in files if p.rpartition("/")[0] in records}

    def as_then(self, path: str) -> str:
        """Return a path as it was written then."""
        there = path.startswith(f"{self.home}/")
        return self.old_home + path[len(self.home) :] if there else path

    @cached_property
    def lost(self) -> dict[str, bytes]:
        """Attachments whose content no record has now: path → key."""
        return self.present.lost(self.annals, self.looked_at)

    @cached_property
    def changed(self) -> frozenset[str]:
        """Records' own files whose text is another one now, or is gone."""
        found = ((path, blob, RecordPath.of(path)) for path, blob in self.looked_at.items())
        return frozenset(
            path
            for path, blob, own in found
            if own is not None and own.is_record and self.present.blob(path) != blob
        )

    @property
    def is_suspect(self) -> bool:
        """Whether anything at all may be lost: only then it is asked what lines rested on."""
        return bool(self.lost) or any(
            path not in self.present.files or self._is_replaced(path) for path in self.changed
        )

    def _is_replaced(self, path: str) -> bool:
        old, new = self.then(path), self.now(path)
        return is_another(old, new) or readdressed(old, new)

    def then(self, path: str) -> Activity | Document | None:
        """Return a record as it was then."""
        return value_of(self.tree.read(path), path)

    def now(self, path: str) -> Activity | Document | None:
        """Return a record as it is now."""
        return value_of(self.present.tree.read(path), path) if path in self.present.files else None

    def losses(self, evidence: Evidence) -> Iterator[Loss]:
        """Yield what is lost of a record and its attachments."""
        file, place = evidence.file, self._place(evidence)
        if not place:
            yield Loss(evidence.path, "", file)
            return
        new = self.now(place)
        if place == file and is_another(evidence.record, new):
            yield Loss(evidence.path, evidence.path, file)
            return
        for name in evidence.named:
            attachment = evidence.attachments.get(name)
            if attachment is not None and attachment.path in self.lost:
                yield Loss(attachment.path, self._instead(evidence, name, place, new), file)
        if isinstance(evidence.record, Document) and readdressed(evidence.record, new):
            yield Loss(address_of(evidence.record), address_of(new), file)

    def _place(self, evidence: Evidence) -> str:
        """Return where a record's own file lies now, ``""`` where it is gone.

        One that was filed under another day is there where one record has all its attachments.
        """
        file = evidence.file
        if file in self.present.files:
            return file
        found = self.receipts.now(self.as_then(file), self.deed.day, self.names)
        there = next((path for path in sorted(found) if path in self.present.files), "")
        own = [evidence.attachments[name].path for name in evidence.named
               if name in evidence.attachments]  # fmt: skip
        if there or not own or not self.lost.keys().isdisjoint(own):
            return there
        contents = {self.present.key(self.annals, self.tree.files[path]) for path in own}
        return self.present.holding(contents)

    def _instead(
        self, evidence: Evidence, name: str, place: str, new: Activity | Document | None
    ) -> str:
        """Return what lies in the place of an attachment: of its name, or in its part."""
        folder = place.rpartition("/")[0]
        parts = single_names(new)
        own = (parts.get(key) for key, old in single_names(evidence.record).items() if old == name)
        paths = (f"{folder}/{other}" for other in (name, *filter(None, own)))
        return next((path for path in paths if path in self.present.used), "")
