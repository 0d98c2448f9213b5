"""One attachment, judged: by its size, its content, and what the committee accepts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.attachments import UNUSABLE, Defect, Problem, inspect
from generator.files.attachments.inside import taken_on
from generator.files.attachments.inside.hollow import is_hollow
from generator.files.attachments.inside.same import key_of_blob
from generator.files.attachments.inside.same.known import key_of
from generator.files.told import Judged
from generator.files.tree import blob_id
from generator.loading.defects import report_defect
from generator.loading.evidence import Attachment
from generator.loading.personal import report_attachment
from generator.loading.sizes import is_too_large
from generator.text.findings import Content

if TYPE_CHECKING:
    from generator.files.limits import Allowed
    from generator.files.tree import Entry, Tree
    from generator.loading.accepted import AcceptedList
    from generator.text.findings import Report


def attachment_of(
    entry: Entry, tree: Tree, report: Report, allowed: Allowed, accepted: AcceptedList
) -> Attachment:
    """Return an attachment; what is wrong with it goes to ``report``.

    One that unpacks to too much counts where the committee accepts that: nothing is opened for it.
    Of one whose bytes are not here the defects are told.
    """
    if is_too_large(entry, allowed, report):
        blob = tree.blob_id(entry.path)
        return Attachment(entry.path, entry.size, blob, key_of_blob(blob), usable=False)
    if isinstance(entry.told, Judged):
        return _told(entry, entry.told, report)
    data = tree.read(entry.path)
    content = Content(entry.path, entry.blob or blob_id(data))
    name = entry.path.rpartition("/")[2]
    defects = defects_of(name, data, allowed)
    for defect in defects:
        report_defect(report, content, defect)
    if not defects:
        report_attachment(report, content, data)
    against = {defect.problem for defect in defects} & UNUSABLE
    if Problem.EXPANDS in against and accepted.counts(content):
        against.discard(Problem.EXPANDS)
    taken = None if against else taken_on(name, data)
    key = key_of(content.blob, data)
    return Attachment(entry.path, entry.size, content.blob, key, usable=not against, taken=taken)


def defects_of(name: str, data: bytes, allowed: Allowed) -> tuple[Defect, ...]:
    """Return what is wrong with the content of an attachment."""
    defects = inspect(name, data, allowed.file)
    return defects or ((Defect(Problem.DAMAGED, "blank"),) if is_hollow(name, data) else ())


def _told(entry: Entry, told: Judged, report: Report) -> Attachment:
    """Return an attachment by what is told of it."""
    for defect in told.defects:
        report_defect(report, Content(entry.path, entry.blob), defect)
    against = {defect.problem for defect in told.defects} & UNUSABLE
    return Attachment(entry.path, entry.size, entry.blob, b"", usable=not against)
