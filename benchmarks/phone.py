"""How fast pages are on a phone on a slow line, told by Lighthouse.

    python -m benchmarks.phone [SITE]    (a built site; ``site`` by default)

Lighthouse reckons with the time that this machine takes, so the machine must be quiet: 95 and more
is the aim. What does not hang on the machine is held by ``tests/test_site_lighthouse.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.browser import CHROMIUM, WEB, served

#: Each page is measured so often, and the best counts.
TIMES = 3


def audited(addresses: list[str], times: int) -> list[dict[str, Any]]:
    """Return what Lighthouse says of each address: scores, what is wanting, what is loaded."""
    done = subprocess.run(  # noqa: S603 - our own script
        ["node", str(WEB / "lighthouse.mjs"), str(times), *addresses],  # noqa: S607 - as on PATH
        env={**os.environ, "CHROME_PATH": str(CHROMIUM)},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def main(folder: str = "site") -> None:
    """Measure the first page and a scorecard of a built site."""
    with served(Path(folder)) as site:
        scored = next(b for b in site.branches if b["status"] == "scored")
        pages = audited([f"{site.origin}index.html", site.origin + site.card(scored)], TIMES)
    print("| page | speed | bytes | requests | elements |\n|---|---:|---:|---:|---:|")  # noqa: T201 - its output
    for page in pages:
        loaded = page["loaded"]
        row = (
            page["address"].removeprefix(site.origin), page["scores"]["performance"],
            loaded["bytes"], loaded["requests"], loaded["elements"],
        )  # fmt: skip
        print("|", " | ".join(map(str, row)), "|")  # noqa: T201 - its output


if __name__ == "__main__":
    main(*sys.argv[1:2])
