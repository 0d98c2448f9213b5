"""What a site says of itself: whom it is for, what it does not show, and what that is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.results.audience import OPEN, TITLES, Audience, FieldClass, Publish
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.site.data.forge import Forge

PARAGRAPH = Markup("<p>{}</p>\n")
#: What is said of the repository: it is open to everybody, it is not, nobody has said.
REPOSITORY = {
    True: mark("材料所在的仓库是公开的：任何人都能看到里面的全部文件，网页上不公布的也在其中。"),
    False: mark("材料所在的仓库不公开，只有有权限的人能看到。"),
    None: mark(
        "材料所在的仓库是否公开，这里没有写明；仓库公开的，任何人都能看到里面的全部文件，"
        "网页上不公布的也在其中。"
    ),
}


def about(publish: Publish, forge: Forge | None) -> Markup:
    """Return what the page about the site says, as paragraphs."""
    public = publish.audience is Audience.PUBLIC
    shown = Publish(moved=publish.moved)
    kept = [FieldClass(name) for name in shown.withheld]
    words = (
        mark("这是公开的网站，任何人都可以看。不公布的有：{kinds}。")
        if public
        else mark("这是内部的网站，供党委和各支部使用，请勿转发。公开的网站上没有的有：{kinds}。")
    )
    found = [tr(words, kinds=titled(kept)), *moved(publish)]
    found.append(gettext(REPOSITORY[None if forge is None else forge.public]))
    return Markup("").join(PARAGRAPH.format(own) for own in found)


def moved(publish: Publish) -> list[str]:
    """Return which classes the site shows to others than usual."""
    less = [k for k, side in publish.moved.items() if side is Audience.INTERNAL and k in OPEN]
    more = [k for k, side in publish.moved.items() if side is Audience.PUBLIC and k not in OPEN]
    found = []
    if less:
        found.append(tr("党委另行决定不公布：{kinds}。", kinds=titled(less)))
    if more:
        found.append(tr("党委另行决定公布：{kinds}。", kinds=titled(more)))
    return found


def titled(kinds: Iterable[FieldClass]) -> str:
    """Return classes in words."""
    return gettext("、").join(gettext(TITLES[kind]) for kind in kinds)
