"""Lighthouse, as a phone on a slow line: home, a long ranking, a scorecard, the form.

What is asserted is the same on every machine: marks for access and good practice, and what a phone
has to load and lay out. How fast that is on this machine tells ``python -m benchmarks.phone``.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from benchmarks.phone import audited
from tests.browser import CHROMIUM, WEB, needed
from tests.tiers import tiered

if TYPE_CHECKING:
    from tests.browser import Sites

#: Marks that no clock has a part in.
SCORES = {"accessibility": 100, "best-practices": 100}
#: Findings about speed that no clock has a part in either.
FOUND = frozenset({
    "duplicated-javascript", "efficient-animated-content", "font-display", "modern-image-formats",
    "no-document-write", "redirects", "total-byte-weight", "unminified-css",
    "unminified-javascript", "unsized-images", "uses-optimized-images",
    "uses-passive-event-listeners", "uses-responsive-images", "uses-text-compression",
})  # fmt: skip
#: Up to these a phone of 2020 on a slow line shows the page in under two seconds. Of the bytes
#: 32,000 come last and hold nothing up: what search finds, and its two workers.
LOADED = {"requests": 22, "bytes": 155_000, "blocking": 17, "blockingBytes": 130_000}
ELEMENTS = {"home": 1_200, "long": 9_000, "scorecard": 2_500, "form": 1_200}
#: The form has small modules, all named in the page; the engine is not among them.
OF_FORM = {"requests": 80, "bytes": 240_000, "blocking": 75, "blockingBytes": 210_000}


@pytest.mark.parametrize("kind", tiered(["scorecard", "long", "home", "form"], often=1))
def test_lighthouse_is_content(kind: str, sites: Sites) -> None:
    """Nothing to mend for access and good practice, and little for a phone to load."""
    needed("Chromium", CHROMIUM)
    needed("node", shutil.which("node"))
    needed("lighthouse (make test installs it by npm)", (WEB / "node_modules/lighthouse").is_dir())
    scored = next(b for b in sites.sample.branches if b["status"] == "scored")
    address = {
        "home": f"{sites.sample.origin}index.html",
        "long": f"{sites.many.origin}index.html",
        "scorecard": sites.sample.origin + sites.sample.card(scored),
        "form": f"{sites.sample.origin}file.html",
    }[kind]
    (page,) = audited([address], times=1)
    assert page["address"] == address
    low = {name: page["scores"][name] for name in SCORES if page["scores"][name] < 100}
    assert low == {}, page["wanting"]
    assert [one for one in page["wanting"] if one["id"] in FOUND] == []
    limits = {**(OF_FORM if kind == "form" else LOADED), "elements": ELEMENTS[kind]}
    assert {key: page["loaded"][key] for key in limits if page["loaded"][key] > limits[key]} == {}
    assert page["loaded"]["elements"] > 100
    assert page["loaded"]["blockingBytes"] > 10_000
