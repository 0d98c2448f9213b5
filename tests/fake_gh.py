"""Stands in for ``gh api``: answers from a JSON file and keeps what is written into it.

The file holds ``pulls``, ``comments`` (by number), ``deployments``, ``runs`` and ``log``. A token
is the JSON of the permissions of its job, and what they do not grant is refused, as GitHub does.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = {"login": "github-actions[bot]", "id": 41898282}


class RefusedError(Exception):
    """The forge says no."""


def allowed(scope: str, *levels: str) -> None:
    """Raise unless the token grants one of the levels."""
    if json.loads(os.environ["GH_TOKEN"]).get(scope) not in levels:
        raise RefusedError(scope)


def page(found: list[Any], query: dict[str, list[str]]) -> list[Any]:
    """Return one page of a list."""
    size, number = int(query["per_page"][0]), int(query["page"][0])
    return found[size * (number - 1) : size * number]


def read(state: dict[str, Any], path: str, query: dict[str, list[str]]) -> Any:
    """Answer a GET."""
    if match := re.fullmatch(r"repos/[^/]+/[^/]+/pulls(?:/(\d+))?", path):
        allowed("pull-requests", "read", "write")
        if match[1]:
            return next(p for p in state["pulls"] if p["number"] == int(match[1]))
        wanted = (query["state"][0], query["base"][0])
        found = [p for p in state["pulls"] if (p["state"], p["base"]["ref"]) == wanted]
        return page(found, query)
    if match := re.fullmatch(r"repos/[^/]+/[^/]+/issues/(\d+)/comments", path):
        allowed("pull-requests", "read", "write")
        return page(state["comments"].get(match[1], []), query)
    if match := re.fullmatch(r"repos/[^/]+/[^/]+/deployments(?:/(\d+)/statuses)?", path):
        allowed("deployments", "read")
        if match[1]:
            one = next(d for d in state["deployments"] if d["id"] == int(match[1]))
            return page([{"state": word} for word in one["statuses"]], query)
        name = query["environment"][0]
        return page([d for d in state["deployments"] if d["environment"] == name], query)
    if re.fullmatch(r"repos/[^/]+/[^/]+/actions/workflows/ci\.yml/runs", path):
        allowed("actions", "read")
        wanted = (query["event"][0], query["actor"][0])
        found = [r for r in state.get("runs", []) if (r["event"], r["actor"]["login"]) == wanted]
        newest = sorted(found, key=lambda one: one["created_at"], reverse=True)
        return {"total_count": len(newest), "workflow_runs": page(newest, query)}
    raise RefusedError(path)


def write(state: dict[str, Any], method: str, path: str, body: dict[str, Any]) -> Any:
    """Answer a POST or a PATCH."""
    allowed("pull-requests", "write")
    if method == "POST" and (match := re.fullmatch(r"repos/.+/issues/(\d+)/comments", path)):
        comments = state["comments"].setdefault(match[1], [])
        every = [c for found in state["comments"].values() for c in found]
        number = 1 + max((int(c["id"]) for c in every), default=0)
        comments.append({"id": number, "user": BOT, "body": body["body"]})
        return comments[-1]
    if method == "PATCH" and (match := re.fullmatch(r"repos/.+/issues/comments/(\d+)", path)):
        every = [c for found in state["comments"].values() for c in found]
        comment = next(c for c in every if c["id"] == int(match[1]))
        if comment["user"]["id"] != BOT["id"]:
            raise RefusedError(path)
        comment["body"] = body["body"]
        return comment
    raise RefusedError(path)


def main(arguments: list[str]) -> int:
    """Answer one request."""
    file = Path(os.environ["FAKE_FORGE"])
    state = json.loads(file.read_text("utf-8"))
    assert arguments[:2] == ["api", "--method"], arguments
    method, address, *rest = arguments[2:]
    url = urlsplit(address)
    state["log"].append(f"{method} {url.path}")
    try:
        if method == "GET" and not rest:
            answer = read(state, url.path, parse_qs(url.query))
        else:
            assert rest == ["--input", "-"], rest
            answer = write(state, method, url.path, json.load(sys.stdin))
    except (RefusedError, StopIteration) as error:
        sys.stderr.write(f"gh: {error} (HTTP 403)\n")
        return 1
    file.write_text(json.dumps(state), "utf-8")
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
