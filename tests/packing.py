"""Packages made by hand: what each says, and archives of which every byte can be told otherwise."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from generator import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

BRANCH, YEAR = "demo-a", 2025
HOME = f"branches/{BRANCH}/{YEAR}"
PLAN = f"{HOME}/documents/plan/plan.md"
NOTE = f"{HOME}/documents/plan/说明.md"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def told(
    files: Mapping[str, bytes],
    replaced: Mapping[str, str] | None = None,
    removed: Mapping[str, str] | None = None,
    **otherwise: Any,
) -> dict[str, Any]:
    """Return a package.json: ``replaced`` is path → blob id of what a file was made from."""
    return {
        "schema": "appraisal-package/1",
        "branch": BRANCH,
        "year": YEAR,
        "made": "2025-12-10T09:30:00+08:00",
        "program": __version__,
        "base": {"commit": COMMIT},
        "files": [
            {
                "path": path,
                "sha256": hashlib.sha256(data).hexdigest(),
                "size": len(data),
                "from": (replaced or {}).get(path),
            }
            for path, data in files.items()
        ],
        "removed": [{"path": path, "from": blob} for path, blob in (removed or {}).items()],
        **otherwise,
    }


def as_json(document: object) -> bytes:
    """Return a package.json in bytes."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8")


@dataclass(frozen=True)
class Entry:
    """An entry of an archive: what its list and its own head say, each to be told otherwise."""

    name: bytes
    data: bytes = b""
    method: int = 8
    flags: int = 0x800
    mode: int = 0o100644
    attributes: int = 0
    system: int = 3
    extra: bytes = b""
    behind: bytes = b""
    #: Of the list, or of the head: crc, packed, size, name, offset, flags.
    listed: Mapping[str, Any] = field(default_factory=dict)
    headed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def packed(self) -> bytes:
        """The data as it lies in the archive."""
        if self.method != 8:
            return self.data
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.data) + packer.flush()

    def figures(self) -> dict[str, Any]:
        """Return what is told of the entry."""
        return {
            "crc": zlib.crc32(self.data),
            "packed": len(self.packed),
            "size": len(self.data),
            "name": self.name,
            "flags": self.flags,
            "method": self.method,
        }


def archived(
    entries: Iterable[Entry],
    before: bytes = b"",
    after: bytes = b"",
    gap: bytes = b"",
    comment: bytes = b"",
    **end: int,
) -> bytes:
    """Return an archive; ``end`` tells its last record otherwise (count, here, size, at, disk)."""
    body, listing, number = bytearray(before), bytearray(), 0
    for entry in entries:
        number += 1
        head = {**entry.figures(), **entry.headed}
        known = {**entry.figures(), "offset": len(body), **entry.listed}
        body += struct.pack(
            "<4s5H3L2H", b"PK\3\4", 20, head["flags"], head["method"], 0, 33, head["crc"],
            head["packed"], head["size"], len(head["name"]), len(entry.extra),
        )  # fmt: skip
        body += head["name"] + entry.extra + entry.packed + entry.behind
        listing += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", entry.system << 8 | 20, 20, known["flags"], known["method"],
            0, 33, known["crc"], known["packed"], known["size"], len(known["name"]), 0, 0, 0, 0,
            entry.mode << 16 | entry.attributes, known["offset"],
        )  # fmt: skip
        listing += known["name"]
    body += gap
    last = {"disk": 0, "here": number, "count": number, "size": len(listing), "at": len(body)}
    last |= end
    body += listing
    body += struct.pack(
        "<4s4H2LH", b"PK\5\6", last["disk"], 0, last["here"], last["count"], last["size"],
        last["at"], len(comment),
    )  # fmt: skip
    return bytes(body) + comment + after


def entries_of(document: object, files: Mapping[str, bytes]) -> list[Entry]:
    """Return the entries of an ordinary package."""
    first = Entry(b"package.json", as_json(document))
    return [first, *(Entry(path.encode("utf-8"), data) for path, data in files.items())]


def zipped(files: Mapping[str, bytes], **otherwise: Any) -> bytes:
    """Return an ordinary package of these files in an archive."""
    return archived(entries_of(told(files, **otherwise), files))


def with_entry(files: Mapping[str, bytes], number: int, **changed: Any) -> bytes:
    """Return an ordinary package with one of its entries changed; package.json is the first."""
    entries = entries_of(told(files), files)
    entries[number] = replace(entries[number], **changed)
    return archived(entries)


def put(folder: Path, document: object, files: Mapping[str, bytes]) -> Path:
    """Write a package as a folder; return it."""
    for path, data in {"package.json": as_json(document), **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
