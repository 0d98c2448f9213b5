"""A package as bytes: nothing of the time, the system or a packer is in them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from generator.proposals.packages.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from generator.proposals.packages.manifest import Manifest

#: The time of every entry of an archive: the earliest that there is.
EPOCH = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16
UNIX = 3


class Contents:
    """Files of a package in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def listed(self, wanted: Collection[str]) -> Mapping[str, int]:
        """Return path → bytes of every file."""
        del wanted
        return {path: len(data) for path, data in self.files.items()}

    def first(self) -> bytes:
        """There is no package.json yet."""
        return b""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return self.files[path]


def archived(manifest: Manifest, contents: Mapping[str, bytes]) -> bytes:
    """Return a package as an archive: nothing is packed, since packers differ in their bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        add(archive, MANIFEST, manifest.data)
        for file in sorted(manifest.files):
            add(archive, file.path, contents[file.path])
    return target.getvalue()


def add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    """Put a file into an archive, with nothing of the time or the system in it."""
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.create_system = UNIX
    entry.external_attr = MODE
    archive.writestr(entry, data)
