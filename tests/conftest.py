"""Fixtures for tests of any module, made when a test first asks for them, and who runs what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.i18n import set_language
from tests.browser import browser, sites

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["browser", "pytest_collection_modifyitems", "sites"]


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Leave the process in Chinese, whatever a test has asked the program for."""
    yield
    set_language("zh")


def in_browser(item: pytest.Item) -> bool:
    """Whether a test looks at built sites."""
    return "sites" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares fixtures in one process: the files, and all tests of built sites.

    Those come first, for they take the longest, and the speed of pages last of them.
    """
    for item in items:
        group = "browser" if in_browser(item) else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (not in_browser(item), item.path.stem == "test_site_lighthouse"))
