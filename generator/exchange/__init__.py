"""Sheets of the office, read tolerantly, into values that are written strictly."""
