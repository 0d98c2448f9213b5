"""Benchmarks: synthetic repositories of any size, and the time that each step takes on them."""
