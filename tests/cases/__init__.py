"""Example files with their exact output."""
