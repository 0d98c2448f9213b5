"""Scoring methods: one class each holds its parameters, its checks, its arithmetic and its words."""

from generator.methods import ballot, complete, counted, parts

#: Importing the modules registers their methods.
MODULES = (ballot, complete, counted, parts)
