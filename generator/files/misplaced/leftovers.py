"""Files that systems and programs leave behind: nobody wrote them, and nobody misses them."""

from __future__ import annotations

import re

#: What macOS, Windows, office programs and editors put beside the files that people make.
NAME = re.compile(
    r"\._.+|\.DS_Store|\.AppleDouble|\.Spotlight-V100|\.Trashes|Icon\r"
    r"|(?:eh)?Thumbs\.db(?:_encryptable)?|desktop\.ini"
    r"|~\$.+|~WR[A-Z][0-9]+\.tmp|\.~.+|\.~lock\..+#|\..+\.sw[a-p]",
    re.IGNORECASE,
)
#: The folder in which archives made on macOS keep what other systems do not know.
MAC_FOLDER = "__MACOSX"


def is_leftover(path: str) -> bool:
    """Whether a path is that of a file left behind."""
    *folders, name = path.split("/")
    return MAC_FOLDER in folders or NAME.fullmatch(name) is not None
