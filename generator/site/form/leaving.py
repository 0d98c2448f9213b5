"""What the form is told of files and of the ways out: how large they may be, the forge, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.attachments.clean import MAX_CLEANED
from generator.site.addresses import LACKING, scorecard_address

if TYPE_CHECKING:
    from generator.site.data.forge import Forge
    from generator.site.data.year import YearPages

#: Stands for the id of a branch in an address.
BRANCH = "{branch}"


def leaving_settings(made: YearPages, up: str) -> dict[str, object]:
    """Return settings of the page; sizes in bytes, ``up`` leads to the root of the site."""
    year = made.shown.year
    return {
        "files": {"most": made.site.evaluation.allowed.file, "photo": MAX_CLEANED},
        "forge": forge_settings(made.whole.forge),
        "card": f"{up}{scorecard_address(year, BRANCH)}",
        "lacking": f"{up}{made.site.prefix}{LACKING}" if made.site.tells_lacking else "",
    }


def forge_settings(forge: Forge | None) -> dict[str, str] | None:
    """Return where the repository lies, None where mkdocs.yml does not say."""
    if forge is None:
        return None
    return {
        "kind": forge.kind,
        "name": forge.name,
        "address": forge.address,
        "upload": forge.upload,
        "file": forge.file,
    }
