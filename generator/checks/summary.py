"""What cross-branch checks need of a branch once its objects are dropped."""

from __future__ import annotations

import datetime
import json
import zlib
from array import array
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

# Any: JSON that was read; whatever is not as expected raises, and the caller makes it anew.
from typing import TYPE_CHECKING, Any

from generator.files.attachments.inside.same import key_of_blob
from generator.files.attachments.inside.same.known import key_of, known_key
from generator.files.paths import is_attachment
from generator.files.tree import blob_id
from generator.formats.branch_files import Activity
from generator.loading.evidence import BranchYear, list_places
from generator.text.findings import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.files.tree import Entry, Tree

#: Bytes of a key that are compared first; the whole key decides.
KEY = 8
LEVEL = 1
NOTHING = zlib.compress(b"[[],[]]", LEVEL)


@dataclass(frozen=True, slots=True)
class FileUse:
    """An attachment that a record names: whose it is, where, size in bytes, blob id.

    ``key`` is that of what it holds, in hexadecimal digits.
    """

    branch: str
    record: str
    path: str
    place: Place
    size: int
    blob: str
    key: str


@dataclass(frozen=True, slots=True)
class OldFile:
    """An attachment of another year, its blob id, and the key of what it holds.

    ``key`` is empty where the file was not read; ``blob`` then too, unless the tree knows it.
    """

    path: str
    size: int
    blob: str
    key: str


@dataclass(frozen=True, slots=True)
class JointClaim:
    """An activity that names other branches."""

    branch: str
    record: str
    date: datetime.date
    partners: tuple[tuple[str, Place], ...]


@dataclass(slots=True)
class BranchSummary:
    """Files and joint activities of one branch; files are packed until two seem the same.

    ``blind`` says that files of other years are there that were not read;
    ``submitters`` are the accounts that file for it, ``formerly`` its former ids, each with its
    place.
    """

    id: str
    keys: array[int] = field(default_factory=lambda: array("Q"))
    packed: bytes = NOTHING
    joint: tuple[JointClaim, ...] = ()
    blind: bool = False
    submitters: tuple[tuple[str, Place], ...] = ()
    formerly: tuple[tuple[str, Place], ...] = ()

    @property
    def uses(self) -> list[FileUse]:
        """Attachments that records of the year name."""
        return [
            FileUse(self.id, record, path, Place(*place), size, blob, key)
            for record, path, place, size, blob, key in json.loads(zlib.decompress(self.packed))[0]
        ]

    @property
    def old(self) -> list[OldFile]:
        """Attachments of other years."""
        return [OldFile(*entry) for entry in json.loads(zlib.decompress(self.packed))[1]]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Blob id and key of all these files, as far as the id is known."""
        files: list[FileUse | OldFile] = [*self.uses, *self.old]
        return [(file.blob, file.key) for file in files if file.blob]

    def to_json(self) -> list[object]:
        """Return the summary as JSON."""
        joint = [[c.record, f"{c.date}", c.partners] for c in self.joint]
        packed = b64encode(self.packed).decode("ascii")
        return [list(self.keys), packed, joint, self.blind, self.submitters, self.formerly]

    @classmethod
    def of_json(cls, branch: str, value: Any) -> BranchSummary:
        """Return a summary from JSON; raises TypeError or ValueError."""
        keys, packed, joint, blind, submitters, formerly = value
        claims = tuple(
            JointClaim(
                branch,
                record,
                datetime.date.fromisoformat(date),
                tuple((partner, Place(*place)) for partner, place in partners),
            )
            for record, date, partners in joint
        )
        accounts, former = (
            tuple((name, Place(*place)) for name, place in pairs)
            for pairs in (submitters, formerly)
        )
        return cls(branch, array("Q", keys), b64decode(packed), claims, blind, accounts, former)


def summarise(
    data: BranchYear, groups: Mapping[str, list[Entry]], tree: Tree, most: int
) -> BranchSummary:
    """Reduce a branch to what cross-branch checks need; ``most`` bytes has a file that counts."""
    uses: list[tuple[str, str, Place, int, str, str]] = []
    joint = []
    for evidence in data.evidence.values():
        for name, place in evidence.named.items():
            file = evidence.attachments.get(name)
            if file is not None and file.size:
                key = file.key.hex()
                uses.append((evidence.path, file.path, place, file.size, file.blob, key))
        record, fact = evidence.record, evidence.fact
        if fact is not None and isinstance(record, Activity) and record.joint_with:
            partners = tuple(list_places(record, "joint_with"))
            joint.append(JointClaim(data.id, evidence.path, fact.date, partners))
    others = [e for year, entries in groups.items() if year != str(data.year) for e in entries]
    old = [
        (entry.path, entry.size, *identity_of(tree, entry, most))
        for entry in others
        if entry.size and entry.is_file and is_attachment(entry.path)
    ]
    keys = [key for key in (*(use[-1] for use in uses), *(file[-1] for file in old)) if key]
    packed = json.dumps([uses, old], ensure_ascii=False, separators=(",", ":"))
    return BranchSummary(
        data.id,
        numbers_of(keys),
        zlib.compress(packed.encode("utf-8", "surrogatepass"), LEVEL),
        tuple(joint),
        blind=any(not entry[-1] for entry in old),
        submitters=tuple(list_places(data.branch, "submitters")) if data.branch else (),
        formerly=tuple(list_places(data.branch, "formerly")) if data.branch else (),
    )


def identity_of(tree: Tree, entry: Entry, most: int) -> tuple[str, str]:
    """Return blob id and key of a file of another year, read where its key is not known.

    Without a key is what cannot be read, or is too large and has no id that the tree knows.
    """
    blob = entry.blob
    if entry.size > most:
        return blob, key_of_blob(blob).hex() if blob else ""
    key = known_key(blob) if blob else None
    if key is None:
        try:
            data = tree.read(entry.path)
        except OSError:
            return blob, ""
        blob = blob or blob_id(data)
        key = key_of(blob, data)
    return blob, key.hex()


def numbers_of(keys: Iterable[str]) -> array[int]:
    """Return the first bytes of keys as numbers."""
    return array("Q", (int(key[: 2 * KEY], 16) for key in keys))
