"""Lighthouse, as a phone on a slow line: home, a long ranking, a scorecard."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.browser import CHROMIUM, WEB, needed

if TYPE_CHECKING:
    from tests.browser import Sites

SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100}


def test_lighthouse_is_content(sites: Sites) -> None:
    """Nothing to mend for access and good practice, and fast on a phone."""
    needed("Chromium", CHROMIUM)
    needed("node", shutil.which("node"))
    needed("lighthouse (make test installs it by npm)", (WEB / "node_modules/lighthouse").is_dir())
    scored = next(b for b in sites.sample.branches if b["status"] == "scored")
    addresses = [
        f"{sites.sample.origin}index.html",
        f"{sites.many.origin}index.html",
        sites.sample.origin + sites.sample.card(scored),
    ]
    done = subprocess.run(
        ["node", str(WEB / "lighthouse.mjs"), str(SCORES["performance"]), *addresses],
        env={**os.environ, "CHROME_PATH": str(CHROMIUM)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [page["address"] for page in found] == addresses
    for page in found:
        low = {name: score for name, score in page["scores"].items() if score < SCORES[name]}
        assert low == {}, "\n".join([page["address"], *page["wanting"]])
