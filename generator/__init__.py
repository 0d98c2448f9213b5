"""Appraisal of branches from evidence kept in Git, computed against a rubric held as data."""

__version__ = "0.1.0"
#: Raised by every change that can give another figure from the same files (docs/format.md §7).
RULES = 3
