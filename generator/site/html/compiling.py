"""What templates compile to: the plainest Python that pages by the ten thousand can be made of.

Templates are handed dataclasses, never undefined names or anything to be looked up by key or
attribute in turn, so a dot is an attribute; and most of what they write is text without a
character to escape.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2.bccache import BytecodeCache
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from markupsafe import escape

from generator.text.language import gettext, language

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import CodeType

    # Any: an argument that jinja keeps to itself.
    from typing import Any

    from jinja2 import nodes
    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

#: A text of a template that stands alone between braces.
WORDS = re.compile(r"\{\{\s*_\((['\"])([^'\"{}%]*)\1\)\s*\}\}")
special = re.compile("[&<>'\"]").search


def text(value: object) -> str:
    """Return a value as text of a page, escaped unless it is markup."""
    if type(value) is str and special(value) is None:
        return value
    return escape(value)


def call(function: Callable[..., object], /, *values: object, **named: object) -> object:
    """Call a function or macro of a template; none of ours asks for the context."""
    return function(*values, **named)


class Compiled(BytecodeCache):
    """What this process has compiled, so that the next build of it, as of ``serve``, does not.

    Nothing is written to disk: whoever reads code from there runs what somebody put there.
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out the code of the same source, in the language in use."""
        bucket.code = self.kept.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self.kept[self._key(bucket)] = bucket.code

    def _key(self, bucket: Bucket) -> tuple[str, str, str]:
        return bucket.key, bucket.checksum, language()


@lru_cache
def compiled(flavour: Hashable) -> Compiled:
    """Return what is kept of environments whose filters give the same for the same constants."""
    del flavour
    return Compiled()


class Words(Extension):
    """Puts the words of templates in while these are read: no page looks them up again."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Replace each output of a text by the text in the language in use, escaped."""
        del name, filename
        return WORDS.sub(lambda match: f"{escape(gettext(match[2]))}", source)


class PlainCode(CodeGenerator):
    """Writes attributes as attributes, and has text escaped only where it needs it."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """Write a template."""
        self.writeline(f"from {__name__} import call, text")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write an attribute."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(  # noqa: N802 - Jinja's name
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 - Jinja's
    ) -> None:
        """Write a call."""
        del forward_caller
        self.write("call(")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        """Write what stands before a value."""
        del node, frame, finalize
        self.write("text(")
