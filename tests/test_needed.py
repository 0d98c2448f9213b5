"""What a machine lacks: its tests are skipped and say why, and fail where CI must have it."""

from __future__ import annotations

import pytest

from tests.browser import needed


def test_what_is_missing_is_skipped_with_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="node: not installed"):
        needed("node", None)
    needed("node", "there")


def test_in_ci_what_is_missing_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must have it"):
        needed("node", None)
