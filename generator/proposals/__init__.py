"""Proposed changes: who may make them, and what they do."""
