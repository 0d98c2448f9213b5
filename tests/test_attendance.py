"""Rolls of attendance: counted, or every line at fault named."""

from __future__ import annotations

import csv

import pytest

from generator.loading.attendance import read_roll


def test_counts_come_from_the_lines_whatever_the_order_of_the_columns() -> None:
    """Blank lines and white space count for nothing; members are the sum."""
    data = "\ufeffstatus, member\r\npresent,A01\r\n\r\nleave , A02\r\nabsent,A03\r\n".encode()
    counts, faults = read_roll(data)
    assert counts == {"members": 3, "present": 1, "leave": 1, "absent": 1}
    assert faults == []


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("A01", "member"),
        ("A01,present,x", "member"),
        ("甲乙,present", "member"),
        ("A01,late", "status"),
        ("B01,absent", "代号"),
    ],
)
def test_a_line_at_fault_is_named(line: str, start: str) -> None:
    """The header is line 1; the other lines count all the same."""
    counts, faults = read_roll(f"member,status\nB01,present\n{line}\n".encode())
    assert [(fault.line, fault.message.startswith(start)) for fault in faults] == [(3, True)]
    assert counts["members"] == 1


def test_another_header_is_one_fault() -> None:
    """Nothing is counted where the columns are others."""
    counts, faults = read_roll(b"name,status\nA01,present\n")
    assert (counts, [fault.line for fault in faults]) == ({}, [1])


def test_a_cell_without_end_is_a_fault_of_its_line_not_of_the_program() -> None:
    """A quote that is never closed makes a cell larger than the csv module takes."""
    endless = "member,status\nA01,present\n" + '"' + "x" * (csv.field_size_limit() + 1)
    _, faults = read_roll(endless.encode())
    assert [fault.line for fault in faults] == [3]
