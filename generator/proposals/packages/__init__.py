"""Packages: files of one branch and year that travel outside of git (docs/format.md §8)."""
