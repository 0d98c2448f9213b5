"""GitHub's interface, asked through its own client ``gh``; standard library only.

Whatever comes back was written by strangers: only numbers, commit ids and checked logins of it are
ever printed or used as an argument.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The branch that pull requests are filed against and that is published.
MAIN = "main"
PER_PAGE = 100
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
#: Accounts of people, of companies' people and of apps.
LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})(?:\[bot\])?")
#: GitHub's own name for the author of what a deleted account left behind.
GHOST = "ghost"


class ForgeError(Exception):
    """The forge refused, or could not be reached; its own words have gone to standard error."""


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Send one request and return the answer; raises ForgeError."""
    command = ["gh", "api", "--method", method, path]
    if body is not None:
        command += ["--input", "-"]
    done = subprocess.run(  # noqa: S603 - no shell; the path holds numbers and the repository alone
        command,
        input=json.dumps(body).encode("ascii") if body is not None else b"",
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        message = f"{method} {path}"
        raise ForgeError(message)
    return json.loads(done.stdout)


def pages(path: str, within: str = "") -> Iterator[Any]:
    """Yield what a list holds, page by page; raises ForgeError.

    ``within`` names the key of an answer that holds the list, where it is not the answer.
    """
    joint = "&" if "?" in path else "?"
    number = 1
    while True:
        answer = ask("GET", f"{path}{joint}per_page={PER_PAGE}&page={number}")
        found = answer[within] if within else answer
        yield from found
        if len(found) < PER_PAGE:
            return
        number += 1


def author_of(pull: dict[str, Any]) -> str:
    """Return the account that opened a pull request."""
    login = (pull["user"] or {}).get("login", "")
    return login if LOGIN.fullmatch(login) else GHOST


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
