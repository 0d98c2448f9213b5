"""The log of a workflow run, read as GitHub's runner reads it: which commands it would obey."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: What the runner registers, deprecated commands too.
REGISTERED = frozenset(
    {
        "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group",
        "internal-set-repo-path", "notice", "remove-matcher", "save-state", "set-env",
        "set-output", "stop-commands", "warning",
    }
)  # fmt: skip
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Command:
    """A workflow command as the runner understands it."""

    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """Return the commands that a runner would obey, in order.

    Lines end wherever any reader of lines might end one, and what collation ignores (zero width,
    marks, controls) is left out before looking, as a culture-aware comparison does.
    """
    found = []
    unseen = {ord(c): None for c in set(log) if unicodedata.category(c) in {"Cf", "Cc", "Mn"}}
    for line in LINE_END.split(log):
        seen = line.translate(unseen)
        command = next((c for c in map(command_of, (line, seen)) if c), None)
        if command:
            found.append(command)
    return found


def command_of(line: str) -> Command | None:
    """Return the command of one line: ``::name a=b::data`` at its start, ``##[name]`` anywhere."""
    text = line.lstrip()
    if text.startswith("::") and "::" in text[2:]:
        info, _, data = text[2:].partition("::")
        return named(info, ",", data)
    at = line.find("##[")
    if at >= 0 and "]" in line[at:]:
        info, _, data = line[at + 3 :].partition("]")
        return named(info, ";", data)
    return None


def named(info: str, separator: str, data: str) -> Command | None:
    """Return a command if its name is registered."""
    name, _, rest = info.partition(" ")
    if name.lower() not in REGISTERED:
        return None
    pairs = (pair.split("=", 1) for pair in rest.split(separator) if "=" in pair)
    properties = {key.strip(): unescape_property(value) for key, value in pairs}
    return Command(name.lower(), properties, unescape(data))


def unescape(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def unescape_property(text: str) -> str:
    for escaped, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        text = text.replace(escaped, plain)
    return text.replace("%25", "%")
