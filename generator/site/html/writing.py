"""Writing pages and files below a site's folder: audited, stamped, each address once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.site.html.audit import Auditor
from generator.site.html.page import bare
from generator.site.html.shell import PLAIN_HEAD, Addresses, ShellError, ShellKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from generator.site.html.page import Frame, GeneratedPage
    from generator.site.html.shell import Head, Shell

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
MODE = 0o666


@dataclass(slots=True)
class Writer:
    """Writes below a new folder; raises AuditError, ShellError and OSError.

    ``shell`` gives what pages are stamped into. ``passed`` holds what was audited of frames.
    """

    folder: Path
    shell: Callable[[ShellKey], Shell]
    site_url: str = ""
    auditor: Auditor = field(default_factory=Auditor)
    addresses: Addresses = field(default_factory=Addresses)
    passed: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)

    def audit(self, page: GeneratedPage) -> None:
        """Check the body of a page, and what it runs; raises AuditError."""
        self.auditor.body(page.address, bare(str(page.body)))
        if page.program is not None:
            self.auditor.program(page.address, str(page.program))

    def page(self, page: GeneratedPage, frame: Frame, head: Head = PLAIN_HEAD) -> None:
        """Write a page whose body has passed the audit."""
        for part in frame.parts:
            if part not in self.passed:
                self.auditor.body(page.address, part)
                self.passed.add(part)
        data = self.shell(ShellKey.of(page)).stamp(page, frame, self.site_url, head)
        self.file(page.address, (data,))

    def file(self, address: str, pieces: Iterable[bytes]) -> None:
        """Write a file as it is."""
        self.addresses.take(address)
        parent = address.rpartition("/")[0]
        if parent not in self.folders:
            (self.folder / parent).mkdir(parents=True, exist_ok=True)
            self.folders.add(parent)
        try:
            target = os.open(f"{self.folder}/{address}", NEW, MODE)
        except FileExistsError:
            raise ShellError(address, "unfit or taken") from None
        try:
            for piece in pieces:
                write_all(target, piece)
        finally:
            os.close(target)


def write_all(target: int, data: bytes) -> None:
    """Write all bytes to a file; the system may take them in parts."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(target, rest) :]
