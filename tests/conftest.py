"""Fixtures for tests of any module; they are made when a test first asks for them."""

from tests.browser import browser, sites

__all__ = ["browser", "sites"]
