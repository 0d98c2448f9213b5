"""Appraisal of branches from evidence kept in Git, computed against a rubric held as data."""

__version__ = "0.1.0"
