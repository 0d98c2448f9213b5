"""The parser below ``nodes``: libyaml's, or PyYAML's own where there is none, as in a browser.

PyYAML's is eight times slower and differs from libyaml in a few places: tabs, question marks in
flow collections, escapes, the place of what is missing, and the words for what is wrong.
``Parser`` evens these out, so that a file has the same nodes and findings wherever it is read.
"""

from __future__ import annotations

import re

# Any: marks and tokens of PyYAML, which has no types.
from typing import Any, NoReturn

import yaml
from yaml.parser import Parser as Events
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import (
    FlowEntryToken,
    FlowMappingEndToken,
    FlowSequenceEndToken,
    ScalarToken,
    TagToken,
    ValueToken,
)

BREAKS = "\r\n\x85\u2028\u2029"
BLANKS = f"\0 \t{BREAKS}"
FLOW = ",[]{}"
#: How deep libyaml opens brackets and braces.
DEEPEST = 1000
#: How many digits libyaml reads of a version's number.
LONGEST = 9
#: What a double-quoted text holds up to its next space, its end left out.
_QUOTED = re.compile(r'(?:[^\\"\s\0]|\\(?:.|\n))*', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x(.{0,2})|u(.{0,4})|U(.{0,8})|.)", re.DOTALL)
#: What stands between ``!`` and ``!`` of a tag, and what its address is made of otherwise.
_HANDLE = re.compile(r"![0-9A-Za-z_-]*!?")
_ADDRESS = re.compile(r"[0-9A-Za-z_;/?:@&=+$.%!~*'()-]")
_VERBATIM = re.compile(r"[0-9A-Za-z_;/?:@&=+$.%!~*'(),[\]-]")
#: Mask and bits of the first octet of a character of one, two, three and four octets.
_OCTETS = ((0x80, 0x00), (0xE0, 0xC0), (0xF0, 0xE0), (0xF8, 0xF0))
_NAME = re.compile(r"[0-9A-Za-z_-]*")
_HEX = re.compile("[0-9A-Fa-f]*")
#: What may follow ``|`` or ``>``: how lines end, and by how much they are indented.
_HEADER = re.compile(r"(?:([+-])([0-9])?|([0-9])([+-])?)?")
_CODES = {"x": 2, "u": 4, "U": 8}
_VERSIONS = frozenset({(1, 1), (1, 2)})
_SIMPLE = frozenset('0abt\tnvfre "/\\N_LP' + BREAKS)

#: How PyYAML's parser begins to say what is wrong → how libyaml says it.
_SAME = tuple(
    (re.compile(ours), theirs)
    for ours, theirs in (
        (r"expected (',' or '.'), but got", r"did not find expected \1"),
        (r"expected the node content, but found", "did not find expected node content"),
        (r"expected '<document start>', but found", "did not find expected <document start>"),
        (r"(?s)found character .* that cannot", "found character that cannot start any token"),
        (r"mapping keys are not allowed here", "mapping keys are not allowed in this context"),
        (r"mapping values are not allowed here", "mapping values are not allowed in this context"),
        (r"(sequence entries are not allowed)", r"block \1 in this context"),
        (r"expected a comment or a line", "did not find expected comment or line break"),
        (r"expected alphabetic or num", "did not find expected alphabetic or numeric character"),
        (r"expected a digit or ' ', but", "did not find expected comment or line break"),
        (r"expected a digit or '.', but", "did not find expected digit or '.' character"),
        (r"expected a digit, but", "did not find expected version number"),
        (r"expected (URI|' '), but", "did not find expected whitespace or line break"),
        (r"found duplicate YAML dir", "found duplicate %YAML directive"),
        (r"duplicate tag handle", "found duplicate %TAG directive"),
        (r"found unexpected document sep", "found unexpected document indicator"),
    )
)  # fmt: skip


def problem_of(error: yaml.YAMLError) -> str:
    """Return what a parser refuses in libyaml's words; empty where it does not say."""
    problem = f"{getattr(error, 'problem', '') or ''}"
    if problem.startswith("expected <block end>, but found"):
        mapping = f"{getattr(error, 'context', '')}".endswith("mapping")
        return "did not find expected key" if mapping else "did not find expected '-' indicator"
    for pattern, words in _SAME:
        match = pattern.match(problem)
        if match:
            return match.expand(words)
    return problem


class PythonParser(Reader, Scanner, Events):
    """PyYAML's parser, reading what libyaml reads."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Events.__init__(self)

    def scan_to_next_token(self) -> None:
        """Skip spaces, comments and line ends; tabs too where they indent nothing."""
        while True:
            while self.peek() == " " or (
                self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)
            ):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in f"\0{BREAKS}":
                    self.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:  # noqa: N803 - PyYAML's own
        """Open brackets or braces, up to libyaml's depth."""
        if self.flow_level >= DEEPEST:
            self._refuse("a flow collection", self.get_mark(), "exceeded maximum nesting depth")
        super().fetch_flow_collection_start(TokenClass)

    def process_empty_scalar(self, mark: Any) -> Any:
        """Read nothing: an empty key between brackets or braces stands before what follows it."""
        if self.state in {
            self.parse_flow_mapping_value,
            self.parse_flow_sequence_entry_mapping_value,
        }:
            mark = self.peek_token().start_mark
        return super().process_empty_scalar(mark)

    def fetch_stream_end(self) -> None:
        """End the stream at the beginning of a line, as if the last one were ended."""
        if self.column:
            self.line, self.column = self.line + 1, 0
            self.stale_possible_simple_keys()
        super().fetch_stream_end()

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

    def scan_plain(self) -> ScalarToken:
        """Read a plain text: tabs may stand inside of it, and question marks in flow."""
        chunks: list[str] = []
        start = end = self.get_mark()
        indent = self.indent + 1
        spaces: list[str] | None = []
        while spaces is not None and self.peek() != "#":
            word = self._word(start)
            if not word:
                break
            self.allow_simple_key = False
            chunks += [*spaces, word]
            end = self.get_mark()
            spaces = self._between(indent, start)
            if not spaces or (not self.flow_level and self.column < indent):
                break
        return ScalarToken("".join(chunks), plain=True, start_mark=start, end_mark=end)

    def _word(self, start: Any) -> str:
        """Read up to the next blank or indicator."""
        length = 0
        while (char := self.peek(length)) not in BLANKS:
            if char == ":":
                following = self.peek(length + 1)
                if self.flow_level and following in f"{FLOW}?":
                    self.forward(length)
                    self._refuse("a plain scalar", start, "found unexpected ':'")
                if following in BLANKS:
                    break
            if self.flow_level and char in FLOW:
                break
            length += 1
        word: str = self.prefix(length)
        self.forward(length)
        return word

    def _between(self, indent: int, start: Any) -> list[str] | None:
        """Read what lies between two words of a plain text; None before the end of a document."""
        blanks = ""
        breaks: list[str] = []
        while (char := self.peek()) in f" \t{BREAKS}":
            if char in BREAKS:
                breaks.append(self.scan_line_break())
                self.allow_simple_key = True
                if self.prefix(3) in {"---", "..."} and self.peek(3) in BLANKS:
                    return None
                continue
            if breaks and char == "\t" and self.column < indent:
                words = "found a tab character that violates indentation"
                self._refuse("a plain scalar", start, words)
            blanks += "" if breaks else char
            self.forward()
        if not breaks:
            return [blanks] if blanks else []
        first, *more = breaks
        return [first if first != "\n" else "" if more else " ", *more]

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> list[str]:  # noqa: FBT001 - PyYAML's own
        """Read a quoted text up to the next space, once its escapes are known to be good."""
        if double:
            self._check_escapes(start_mark)
        chunks: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
        return chunks

    def _check_escapes(self, start: Any) -> None:
        quoted = _QUOTED.match(self.buffer, self.pointer)
        for match in _ESCAPE.finditer(quoted.group() if quoted else ""):
            kind = match.group()[1]
            if kind in _SIMPLE:
                continue
            at = match.start()
            if kind not in _CODES:
                self.forward(at)
                self._refuse("a quoted scalar", start, "found unknown escape character")
            digits = next(group for group in match.groups() if group is not None)
            self._check_code(at, digits, _CODES[kind], start)

    def _check_code(self, at: int, digits: str, length: int, start: Any) -> None:
        hexadecimal = _HEX.match(digits)
        if hexadecimal is None or len(hexadecimal.group()) != length:
            self.forward(at + 2)
            self._refuse("a quoted scalar", start, "did not find expected hexdecimal number")
        code = int(digits, 16)
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            self.forward(at + 2)
            words = "found invalid Unicode character escape code"
            self._refuse("a quoted scalar", start, words)

    def parse_flow_sequence_entry_mapping_value(self) -> Any:
        """Put the missing value of a pair in a list where the list goes on."""
        if self.check_token(ValueToken):
            self.get_token()
            if not self.check_token(FlowEntryToken, FlowSequenceEndToken):
                self.states.append(self.parse_flow_sequence_entry_mapping_end)
                return self.parse_flow_node()
        self.state = self.parse_flow_sequence_entry_mapping_end
        return self.process_empty_scalar(self.peek_token().start_mark)

    def parse_flow_mapping_value(self) -> Any:
        """Put the missing value of a key in braces where the mapping goes on."""
        if self.check_token(ValueToken):
            self.get_token()
            if not self.check_token(FlowEntryToken, FlowMappingEndToken):
                self.states.append(self.parse_flow_mapping_key)
                return self.parse_flow_node()
        self.state = self.parse_flow_mapping_key
        return self.process_empty_scalar(self.peek_token().start_mark)

    def scan_block_scalar_indicators(self, start_mark: Any) -> tuple[bool | None, int | None]:
        """Read how a block's last lines end (True: all kept, False: none) and its indentation."""
        found = _HEADER.match(self.buffer, self.pointer)
        before, second, first, after = found.groups() if found else ("", "", "", "")
        chomping, digit = before or after, second or first
        if digit == "0":
            self.forward(1 if before else 0)
            words = "found an indentation indicator equal to 0"
            self._refuse("a block scalar", start_mark, words)
        self.forward(len((chomping or "") + (digit or "")))
        return (chomping == "+" if chomping else None), (int(digit) if digit else None)

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> None:
        """Skip what stands behind ``|`` or ``>``: tabs too."""
        self._skip_blanks()
        super().scan_block_scalar_ignored_line(start_mark)

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


Parser: Any
try:
    from yaml import cyaml

    Parser = vars(cyaml)["CParser"]
    HAVE_LIBYAML = True
except ImportError:  # pragma: no cover - wheels carry libyaml; the command line says it loudly
    Parser = PythonParser
    HAVE_LIBYAML = False
