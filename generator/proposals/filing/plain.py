"""Records as plain values: what the writer of files takes, and a form starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from generator.formats.nodes import Mapping
from generator.formats.records import Record, keys_of

if TYPE_CHECKING:
    from generator.proposals.filing.answers import Plain


def plain_of(record: Record) -> dict[str, Plain]:
    """Return key → value of what a record's file says; what it leaves out is left out.

    Keys that hold a mapping as it stands in the file are left to whoever knows what is in it.
    """
    found: dict[str, Plain] = {}
    for name, (attribute, _) in keys_of(type(record)).items():
        value = getattr(record, attribute)
        if name in record.node.entries and value is not None and not isinstance(value, Mapping):
            found[name] = plain(value)
    return found


def plain(value: object) -> Plain:
    """Return a value, records in it as plain ones."""
    if isinstance(value, Record):
        return plain_of(value)
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return cast("Plain", value)
