"""Print the commit that the site on show was built from, nothing where none was ever published.

Asks the forge for the newest deployment that succeeded. Standard library only.

    python3 -m tools.published
"""

from __future__ import annotations

import os
import sys

from tools.forge import COMMIT, ForgeError, pages

ENVIRONMENT = "github-pages"


def published(repository: str) -> str | None:
    """Return the commit of the newest successful deployment, None without any; raises ForgeError.

    A deployment that was replaced since is inactive, and its list of states still holds success.
    """
    deployments = f"repos/{repository}/deployments"
    for deployment in pages(f"{deployments}?environment={ENVIRONMENT}"):
        statuses = pages(f"{deployments}/{int(deployment['id'])}/statuses")
        if any(status["state"] == "success" for status in statuses):
            commit = str(deployment["sha"])
            if not COMMIT.fullmatch(commit):
                raise ForgeError(deployments)
            return commit
    return None


def main() -> None:
    """Run the command."""
    sys.stdout.write(published(os.environ["GITHUB_REPOSITORY"]) or "")


if __name__ == "__main__":
    main()
