"""Findings that the committee accepts: which they are, and whom a change of the list reaches."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from generator.files.paths import branch_of
from generator.text.findings import Acceptance, Severity
from generator.text.messages import Message, say
from generator.text.privacy import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from generator.formats.received import AcceptedEntry
    from generator.text.findings import Content, Finding

#: What unpacks to too much counts all the same where that is accepted; it is never opened.
EXPANDS = "E014"


class Target(NamedTuple):
    """What an entry is about: a code, and a content by its blob id or a place by its path."""

    code: str
    digest: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedList:
    """What a year accepts; of several entries about the same the first counts."""

    entries: Mapping[Target, Acceptance] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[AcceptedEntry]) -> AcceptedList:
        """Return the list of those entries that hold together."""
        found: dict[Target, Acceptance] = {}
        for entry in entries:
            if entry.valid and entry.code and entry.reason:
                about = Target(entry.code, entry.digest or "", entry.path or "")
                told = Acceptance(entry.reason, entry.by or NO_TEXT, f"{entry.date or ''}")
                found.setdefault(about, told)
        return cls(found)

    def find(self, code: str, content: Content | None, path: str = "") -> Acceptance | None:
        """Return why a finding is accepted; None where it is not."""
        if not self.entries:
            return None
        places = [path] if content is None else [content.path, path]
        targets = [Target(code, digest=content.blob)] if content and content.blob else []
        targets += [Target(code, path=place) for place in places if place]
        return next((self.entries[t] for t in targets if t in self.entries), None)

    def counts(self, content: Content) -> bool:
        """Whether a file counts though it unpacks to too much."""
        return self.find(EXPANDS, content) is not None

    def applied(self, finding: Finding) -> Finding:
        """Return a finding as it is listed: accepted, with the reason, where it is."""
        found = self.find(finding.code, finding.content, finding.path)
        if found is None:
            return finding
        return replace(finding, severity=Severity.ACCEPTED, hint=worded(found), accepted=found)

    def own(self, branch: str, blobs: Collection[str]) -> tuple[tuple[Target, Acceptance], ...]:
        """Return what concerns a branch that holds these contents."""
        return tuple(
            item
            for item in sorted(self.entries.items())
            if item[0].digest in blobs or branch_of(item[0].path) == branch
        )

    @property
    def digests(self) -> frozenset[str]:
        """Contents that are named."""
        return frozenset(target.digest for target in self.entries if target.digest)


NOTHING_ACCEPTED = AcceptedList()


def differing(one: AcceptedList, other: AcceptedList) -> frozenset[Target]:
    """Return what two lists have different entries about."""
    both = {*one.entries, *other.entries}
    return frozenset(t for t in both if one.entries.get(t) != other.entries.get(t))


def worded(accepted: Acceptance) -> Message:
    """Say that a finding is accepted, why, and when."""
    if not accepted.date:
        return say("党委已接受：{reason}", reason=accepted.reason)
    return say("党委 {date} 已接受：{reason}", date=accepted.date, reason=accepted.reason)
