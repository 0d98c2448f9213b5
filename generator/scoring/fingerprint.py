"""Fingerprints of what a reviewer saw: claim and files (docs/format.md §5, rule 10)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.formats.branch_files import BonusClaim
    from generator.loading.evidence import BranchYear
    from generator.scoring.scorecard import Line


def fingerprint(data: BranchYear, line: Line) -> str:
    """Return the fingerprint of one line: sha-256, 64 hex digits."""
    claims = data.assessment.claims if data.assessment else {}
    claim = claims.get(line.criterion or "")
    return hashed(data, claim.node if claim is not None else None, line.evidence)


def bonus_fingerprint(data: BranchYear, claim: BonusClaim, evidence: Iterable[str]) -> str:
    """Return the fingerprint of a bonus claim and of the files of its records, made likewise."""
    return hashed(data, claim.node, evidence)


def hashed(data: BranchYear, claim: Node | None, evidence: Iterable[str]) -> str:
    """Return sha-256 of the canonical JSON of a claim as text and of the files of its evidence."""
    seen = {
        "claim": node_text(claim) if claim is not None else "",
        "evidence": files_of(data, evidence),
    }
    text = json.dumps(seen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def files_of(data: BranchYear, paths: Iterable[str]) -> dict[str, str]:
    """Return path → git blob id of every file of these records."""
    wanted = set(paths)
    files = {}
    for evidence in [*data.evidence.values(), *data.standing.values()]:
        if evidence.path in wanted:
            files[evidence.file] = evidence.blob
            files |= {
                attachment.path: attachment.blob for attachment in evidence.attachments.values()
            }
    return files


def node_text(node: Node) -> str:
    """Return the text of a node: its scalars as written, whatever the layout of the file."""
    return json.dumps(plain(node), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(node: Node) -> object:
    """Return a node as text, lists and dicts."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else ""
