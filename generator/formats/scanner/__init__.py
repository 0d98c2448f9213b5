"""The parser below ``nodes``: libyaml's, or PyYAML's own where there is none, as in a browser.

PyYAML's is eight times slower and differs from libyaml in a few places: tabs, question marks in
flow collections, escapes, tags and directives, the place of what is missing, and the words for what
is wrong. ``PythonParser`` evens these out, so that a file has the same nodes and findings wherever
it is read.
"""

from __future__ import annotations

import re

# Any: PyYAML's parsers have no types, and no common class.
from typing import TYPE_CHECKING, Any

from generator.formats.scanner.python import PythonParser

if TYPE_CHECKING:
    import yaml

__all__ = ["HAVE_LIBYAML", "Parser", "PythonParser", "problem_of"]

#: How PyYAML's parser begins to say what is wrong → how libyaml says it.
_SAME = tuple(
    (re.compile(ours), theirs)
    for ours, theirs in (
        (r"expected (',' or '.'), but got", r"did not find expected \1"),
        (r"expected the node content, but found", "did not find expected node content"),
        (r"expected '<document start>', but found", "did not find expected <document start>"),
        (r"(?s)found character .* that cannot", "found character that cannot start any token"),
        (r"mapping keys are not allowed here", "mapping keys are not allowed in this context"),
        (r"mapping values are not allowed here", "mapping values are not allowed in this context"),
        (r"(sequence entries are not allowed)", r"block \1 in this context"),
        (r"expected a comment or a line", "did not find expected comment or line break"),
        (r"expected alphabetic or num", "did not find expected alphabetic or numeric character"),
        (r"expected a digit or ' ', but", "did not find expected comment or line break"),
        (r"expected a digit or '.', but", "did not find expected digit or '.' character"),
        (r"expected a digit, but", "did not find expected version number"),
        (r"expected (URI|' '), but", "did not find expected whitespace or line break"),
        (r"found duplicate YAML dir", "found duplicate %YAML directive"),
        (r"duplicate tag handle", "found duplicate %TAG directive"),
        (r"found unexpected document sep", "found unexpected document indicator"),
    )
)  # fmt: skip


def problem_of(error: yaml.YAMLError) -> str:
    """Return what a parser refuses in libyaml's words; empty where it does not say."""
    problem = f"{getattr(error, 'problem', '') or ''}"
    if problem.startswith("expected <block end>, but found"):
        mapping = f"{getattr(error, 'context', '')}".endswith("mapping")
        return "did not find expected key" if mapping else "did not find expected '-' indicator"
    for pattern, words in _SAME:
        match = pattern.match(problem)
        if match:
            return match.expand(words)
    return problem


Parser: Any
try:
    from yaml import cyaml

    Parser = vars(cyaml)["CParser"]
    HAVE_LIBYAML = True
except ImportError:  # pragma: no cover - wheels carry libyaml; the command line says it loudly
    Parser = PythonParser
    HAVE_LIBYAML = False
