"""The theme's own files: which of them are listed when a site is built, what is kept of them."""

from __future__ import annotations

import os

# Any: a theme as MkDocs holds it.
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader

from generator.site.html.compiling import compiled

if TYPE_CHECKING:
    from jinja2 import Environment


class Visible(FileSystemLoader):
    """Lists no files of hidden folders: Material has 14,000 icons there, and MkDocs shows none."""

    def list_templates(self) -> list[str]:
        """Return the names of all other files, in order."""
        found: set[str] = set()
        for root in self.searchpath:
            for folder, folders, files in os.walk(root, followlinks=self.followlinks):
                folders[:] = [name for name in folders if not name.startswith(".")]
                within = os.path.relpath(folder, root).replace(os.sep, "/")
                found.update(name if within == "." else f"{within}/{name}" for name in files)
        return sorted(found)


def hasten(theme: Any) -> None:
    """Have a theme list no files of hidden folders, and keep what its templates compile to."""
    make = theme.get_env

    def get_env() -> Environment:
        env: Environment = make()
        env.loader = Visible(theme.dirs)
        env.bytecode_cache = compiled("theme")
        return env

    theme.get_env = get_env
