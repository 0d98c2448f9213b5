"""YAML as it is written: every scalar is text, so that nothing is guessed and nothing is made."""

from __future__ import annotations

# Any: YAML of any form.
from typing import Any

import yaml


def said(source: str | bytes) -> Any:
    """Return what a YAML text says, read by libyaml; raises yaml.YAMLError."""
    return yaml.load(source, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes text, lists and mappings alone
