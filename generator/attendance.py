"""Attendance: counts, or a roll of codes in a CSV file."""

from __future__ import annotations

import re

MEMBER = re.compile(r"[A-Za-z0-9]{2,12}")
STATUSES = ("present", "leave", "absent")
