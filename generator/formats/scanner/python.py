"""PyYAML's own parser, which reads what libyaml reads."""

from __future__ import annotations

import re

# Any: marks and tokens of PyYAML, which has no types.
from typing import Any

from yaml.parser import Parser as Events
from yaml.reader import Reader
from yaml.scanner import Scanner
from yaml.tokens import (
    FlowEntryToken,
    FlowMappingEndToken,
    FlowSequenceEndToken,
    ScalarToken,
    ValueToken,
)

from generator.formats.scanner.tags import BLANKS, BREAKS, Tags

FLOW = ",[]{}"
#: How deep libyaml opens brackets and braces.
DEEPEST = 1000
#: What a double-quoted text holds up to its next space, its end left out.
_QUOTED = re.compile(r'(?:[^\\"\s\0]|\\(?:.|\n))*', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x(.{0,2})|u(.{0,4})|U(.{0,8})|.)", re.DOTALL)
_HEX = re.compile("[0-9A-Fa-f]*")
#: What may follow ``|`` or ``>``: how lines end, and by how much they are indented.
_HEADER = re.compile(r"(?:([+-])([0-9])?|([0-9])([+-])?)?")
_CODES = {"x": 2, "u": 4, "U": 8}
_SIMPLE = frozenset('0abt\tnvfre "/\\N_LP' + BREAKS)


class PythonParser(Tags, Events):
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

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, Any]:
        """Read up to the first text of a block, which says by how much it is indented."""
        found: tuple[list[str], int, Any] = super().scan_block_scalar_indentation()
        self._refuse_tab(self.column + 1)
        return found

    def scan_block_scalar_breaks(self, indent: int) -> tuple[list[str], Any]:
        """Read up to the next text of a block that is indented by so many spaces."""
        found: tuple[list[str], Any] = super().scan_block_scalar_breaks(indent)
        self._refuse_tab(indent)
        return found

    def _refuse_tab(self, indent: int) -> None:
        if self.column < indent and self.peek() == "\t":
            words = "found a tab character where an indentation space is expected"
            self._refuse("a block scalar", self.get_mark(), words)
