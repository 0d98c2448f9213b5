"""Tags and directives as libyaml reads them: all are refused, but at the same place everywhere."""

from __future__ import annotations

import re

# Any: marks and tokens of PyYAML, which has no types.
from typing import Any, NoReturn

from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import TagToken

BREAKS = "\r\n\x85\u2028\u2029"
BLANKS = f"\0 \t{BREAKS}"
#: How many digits libyaml reads of a version's number.
LONGEST = 9
#: What stands between ``!`` and ``!`` of a tag, and what its address is made of otherwise.
_HANDLE = re.compile(r"![0-9A-Za-z_-]*!?")
_ADDRESS = re.compile(r"[0-9A-Za-z_;/?:@&=+$.%!~*'()-]")
_VERBATIM = re.compile(r"[0-9A-Za-z_;/?:@&=+$.%!~*'(),[\]-]")
#: Mask and bits of the first octet of a character of one, two, three and four octets.
_OCTETS = ((0x80, 0x00), (0xE0, 0xC0), (0xF0, 0xE0), (0xF8, 0xF0))
_NAME = re.compile(r"[0-9A-Za-z_-]*")
_VERSIONS = frozenset({(1, 1), (1, 2)})


class Tags(Reader, Scanner):
    """PyYAML's scanner, whose tags and directives are libyaml's."""

    def scan_tag(self) -> TagToken:
        """Read a tag, by the characters that libyaml takes for its address."""
        start = self.get_mark()
        if self.peek(1) == "<":
            self.forward(2)
            value: tuple[str | None, str] = (None, self._tag_address(_VERBATIM, start))
            if self.peek() != ">":
                self._refuse("a tag", start, "did not find the expected '>'")
            self.forward()
        else:
            found = _HANDLE.match(self.buffer, self.pointer)
            handle = found.group() if found else ""
            self.forward(len(handle))
            named = len(handle) > 1 and handle.endswith("!")
            rest = self._tag_address(_ADDRESS, start, "" if named else handle)
            value = (handle, rest) if named else ("!" if rest else None, rest or "!")
        if self.peek() not in BLANKS and not (self.flow_level and self.peek() == ","):
            self._refuse("a tag", start, "did not find expected whitespace or line break")
        return TagToken(value, start, self.get_mark())

    def _tag_address(self, allowed: re.Pattern[str], start: Any, head: str = "") -> str:
        """Read the address of a tag; ``head`` is what was read of it before."""
        read = [head[1:]]
        while allowed.match(self.peek()):
            if self.peek() == "%":
                read.append(self.scan_uri_escapes("tag", start))
            else:
                read.append(self.peek())
                self.forward()
        if not head and read == [""]:
            self._refuse("a tag", start, "did not find expected tag URI")
        return "".join(read)

    def scan_uri_escapes(self, name: str, start_mark: Any) -> str:
        """Read a character that is written as octets, ``%E4%BD%A0``."""
        octets = bytearray()
        while True:
            digits = self.prefix(3)
            if digits[:1] != "%" or not re.fullmatch("%[0-9A-Fa-f]{2}", digits):
                self._refuse(f"a {name}", start_mark, "did not find URI escaped octet")
            octet = int(digits[1:], 16)
            if octets and octet & 0xC0 != 0x80:
                words = "found an incorrect trailing UTF-8 octet"
                self._refuse(f"a {name}", start_mark, words)
            octets.append(octet)
            width = next((n for n, (m, bits) in enumerate(_OCTETS, 1) if octets[0] & m == bits), 0)
            if not width:
                words = "found an incorrect leading UTF-8 octet"
                self._refuse(f"a {name}", start_mark, words)
            self.forward(3)
            if len(octets) == width:
                return octets.decode("utf-8", "replace")

    def scan_directive_name(self, start_mark: Any) -> str:
        """Read a directive's name; only two are known."""
        found = _NAME.match(self.buffer, self.pointer)
        name = found.group() if found else ""
        self.forward(len(name))
        if not name:
            self._refuse("a directive", start_mark, "could not find expected directive name")
        if self.peek() not in BLANKS:
            words = "found unexpected non-alphabetical character"
            self._refuse("a directive", start_mark, words)
        if name not in {"YAML", "TAG"}:
            self._refuse("a directive", start_mark, "found unknown directive name")
        return name

    def scan_yaml_directive_value(self, start_mark: Any) -> tuple[int, int]:
        """Read a version; what follows it is the rest of the line."""
        self._skip_blanks()
        major = self.scan_yaml_directive_number(start_mark)
        if self.peek() != ".":
            self._refuse("a directive", start_mark, "did not find expected digit or '.' character")
        self.forward()
        minor = self.scan_yaml_directive_number(start_mark)
        if (major, minor) not in _VERSIONS:
            raise ScannerError(None, None, "found incompatible YAML document", start_mark)
        return major, minor

    def scan_yaml_directive_number(self, start_mark: Any) -> int:
        """Read a number of a version, of nine digits at most."""
        digits = ""
        while self.peek() in "0123456789":
            if len(digits) == LONGEST:
                self._refuse("a directive", start_mark, "found extremely long version number")
            digits += self.peek()
            self.forward()
        if not digits:
            self._refuse("a directive", start_mark, "did not find expected version number")
        return int(digits)

    def scan_tag_directive_value(self, start_mark: Any) -> tuple[str, str]:
        """Read a handle and what it stands for, with spaces and tabs before each."""
        self._skip_blanks()
        found = _HANDLE.match(self.buffer, self.pointer)
        handle = found.group() if found else ""
        self.forward(len(handle))
        if not handle.endswith("!"):
            self._refuse("a directive", start_mark, "did not find expected '!'")
        if self.peek() not in {" ", "\t"}:
            self._refuse("a directive", start_mark, "did not find expected whitespace")
        self._skip_blanks()
        prefix = self._tag_address(_VERBATIM, start_mark)
        if self.peek() not in BLANKS:
            words = "did not find expected whitespace or line break"
            self._refuse("a directive", start_mark, words)
        return handle, prefix

    def scan_directive_ignored_line(self, start_mark: Any) -> None:
        """Skip what stands behind a directive: tabs too."""
        self._skip_blanks()
        super().scan_directive_ignored_line(start_mark)

    def _skip_blanks(self) -> None:
        while self.peek() in {" ", "\t"}:
            self.forward()

    def _refuse(self, context: str, start: Any, problem: str) -> NoReturn:
        context = f"while scanning {context}"
        raise ScannerError(context, start, problem, self.get_mark())
