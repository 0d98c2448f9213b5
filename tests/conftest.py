"""Fixtures for tests of any module, made when a test first asks for them, and who runs what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from generator.text.language import set_language
from tests.browser import PROGRAM, browser, sites

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "browser",
    "pytest_collection_modifyitems",
    "pytest_xdist_make_scheduler",
    "sites",
]


#: The same examples every time, as many as it takes; ``make test-long`` looks for new ones.
SLOW = (HealthCheck.too_slow,)
settings.register_profile("fixed", deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.register_profile("searching", deadline=None, max_examples=1000, suppress_health_check=SLOW)
settings.load_profile("fixed")


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Leave the process in Chinese, whatever a test has asked the program for."""
    yield
    set_language("zh")


class ByFixtures(LoadScopeScheduling):  # type: ignore[misc] # ships no types
    """Keeps what shares fixtures in one process: each file, and all files on built sites."""

    def _split_scope(self, nodeid: str) -> str:
        name: str = nodeid.partition("::")[0]
        return "browser" if "sites: Sites" in (PROGRAM / name).read_text("utf-8") else name


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFixtures:
    """Return who hands out tests."""
    return ByFixtures(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with built sites, which take the longest, the speed of pages last of them."""

    def turn(item: pytest.Item) -> tuple[bool, bool]:
        on_sites = "sites" in getattr(item, "fixturenames", ())
        return not on_sites, item.path.stem == "test_site_lighthouse"

    items.sort(key=turn)
