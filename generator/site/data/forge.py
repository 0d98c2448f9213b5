"""Where the repository lies on the web, as mkdocs.yml says: ``forge`` of the plugin."""

from __future__ import annotations

import re
from typing import NamedTuple

from markupsafe import Markup

from generator.text.language import gettext, mark, tr
from generator.text.links import may_link

#: What ``kind`` may be, and its name.
NAMES = {"github": "GitHub", "gitlab": "GitLab", "gitea": "Gitea", "gitee": "Gitee", "none": ""}
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?")
REPOSITORY = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)+")
#: Names that Git gives to lines of work, as far as addresses hold them plainly.
REF = re.compile(r"(?!.*(?:\.\.|//))[A-Za-z0-9][A-Za-z0-9._/-]*(?<![/.])")
MAIN = "main"
#: What ``public`` may be, as YAML has it.
PUBLIC = {"True": True, "False": False}
#: Where each forge takes files, or shows a branch's folder where no address of such a page is
#: known; and where it shows one file. ``{branch}``, ``{year}``, ``{path}`` are filled in there.
UPLOADS = {
    "github": "/upload/{ref}/branches/{{branch}}/{{year}}",
    "gitea": "/_upload/{ref}/branches/{{branch}}/{{year}}",
    "gitlab": "/-/tree/{ref}/branches/{{branch}}",
    "gitee": "/tree/{ref}/branches/{{branch}}",
}
FILES = {
    "github": "/blob/{ref}/{{path}}",
    "gitea": "/src/branch/{ref}/{{path}}",
    "gitlab": "/-/blob/{ref}/{{path}}",
    "gitee": "/blob/{ref}/{{path}}",
}
LINK = Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>')
UNFIT = mark(
    "mkdocs.yml 里的 forge 不合要求：写作 {{kind: gitee, address: https://gitee.com,"
    " repository: org/name}}，kind 可以是 {kinds}；仓库是否公开，写 public: true 或 public: false"
)


class Forge(NamedTuple):
    """A forge by its name, and the address of the repository there.

    ``kind`` is that of mkdocs.yml, ``branch`` the Git branch that counts; ``public`` says whether
    everybody sees the repository, None where mkdocs.yml does not say.
    """

    name: str
    repository: str
    address: str
    kind: str
    branch: str = MAIN
    public: bool | None = None

    @property
    def linked(self) -> bool:
        """Whether a page may lead there: within an office its name may mean nothing elsewhere."""
        return may_link(self.address)

    @property
    def upload(self) -> str:
        """Where files of a branch's year are put in, with ``{branch}`` and ``{year}``."""
        return self.address + UPLOADS[self.kind].format(ref=self.branch)

    @property
    def file(self) -> str:
        """Where one file is shown, with ``{path}``."""
        return self.address + FILES[self.kind].format(ref=self.branch)


def forge_of(said: object, fault: type[Exception]) -> Forge | None:
    """Return the forge that mkdocs.yml names, None for none; raises ``fault`` where it is unfit."""
    if said is None:
        return None
    entries = {key: f"{value}" for key, value in said.items()} if isinstance(said, dict) else {}
    kind, address = entries.get("kind", ""), entries.get("address", "")
    repository, branch = entries.get("repository", ""), entries.get("branch", MAIN)
    if kind == "none":
        return None
    fitting = ADDRESS.fullmatch(address), REPOSITORY.fullmatch(repository), REF.fullmatch(branch)
    if kind not in NAMES or not all(fitting) or entries.get("public", "True") not in PUBLIC:
        raise fault(tr(UNFIT, kinds=gettext("、").join(NAMES)))
    public = PUBLIC.get(entries.get("public", ""))
    whole = f"{address.rstrip('/')}/{repository}"
    return Forge(NAMES[kind], repository, whole, kind, branch, public)


def where_it_lies(forge: Forge | None) -> str:
    """Return, as HTML, where the repository lies, for a sentence about it."""
    if forge is None:
        return gettext("网址由党委告知")
    link = forge.address
    if forge.linked:
        link = LINK.format(link, forge.repository)
    return tr("放在 {name} 上，网址是 {link}", name=forge.name, link=link)
