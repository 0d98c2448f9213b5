"""What hand-written pages leave open: the year, what the program allows, the repository."""

from __future__ import annotations

import re

from generator.files.attachments import TYPES
from generator.files.limits import USUAL, Allowed
from generator.loading.sizes import megabytes
from generator.results.audience import PUBLIC, Publish
from generator.site.data.forge import Forge, where_it_lies
from generator.site.guarding.about import about
from generator.text.language import gettext
from generator.text.numbers import plain

#: A place in the text of a page; braces around anything else are left alone.
PLACE = re.compile(r"\{([a-z_]+)\}")


def filled(
    html: str,
    year: int,
    allowed: Allowed = USUAL,
    forge: Forge | None = None,
    publish: Publish = PUBLIC,
) -> str:
    """Return a hand-written page with what stands for ``{year}`` and the other places."""
    values = {
        "year": f"{year}",
        "types": gettext("、").join(TYPES),
        "file_limit": f"{plain(megabytes(allowed.file))} MB",
        "year_limit": f"{plain(megabytes(allowed.branch))} MB",
        "repository": where_it_lies(forge),
        "audience": about(publish, forge),
    }
    return PLACE.sub(lambda found: values.get(found[1], found[0]), html)
