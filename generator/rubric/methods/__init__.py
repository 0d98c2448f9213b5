"""Scoring methods: one class each holds parameters, checks, arithmetic and words."""

from generator.rubric.methods import ballot, complete, counted, parts

#: Importing the modules registers their methods.
MODULES = (ballot, complete, counted, parts)
