"""Where a command works, and in which language: what its options, or else the surroundings say."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from generator.files.paths import COMMITTEE, RUBRIC_PATH, YEAR
from generator.text.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The environment variable of the language, also of the site's.
LANG = "APPRAISAL_LANG"


def find_root(start: Path) -> Path | None:
    """Return the nearest folder with a rubric.yml, a folder or one above it; None without any.

    A year's own rubric.yml, in its folder below committee/, makes no root.
    """
    for folder in (start, *start.parents):
        of_year = folder.parent.name == COMMITTEE and YEAR.fullmatch(folder.name)
        if (folder / RUBRIC_PATH).is_file() and not of_year:
            return folder
    return None


def root_here() -> Path:
    """Return the root to work in where none is named: the working directory or one above it."""
    here = Path.cwd()
    found = find_root(here)
    return Path() if found in {None, here} else found or Path()


def asked_language(arguments: Sequence[str]) -> str | None:
    """Return the language that a command line asks for, None where it does not.

    It is read before everything else, so that help and mistakes are told in it; ``--lang`` may
    stand behind what is wrong. What is no language is left to whoever reads the options.
    """
    words = list(arguments)
    if "--" in words:
        del words[words.index("--") :]
    asked = [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    asked += [word for name, word in pairwise(words) if name == "--lang"]
    return next((word for word in reversed(asked) if word in LANGUAGES), None)


def surrounding_language() -> str:
    """Return the language that the environment asks for, or else Chinese."""
    given = os.environ.get(LANG)
    return given if given in LANGUAGES else LANGUAGES[0]
