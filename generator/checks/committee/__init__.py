"""Checks of what the committee keeps: a year's files, and those about single branches."""
