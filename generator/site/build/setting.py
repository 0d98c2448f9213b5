"""What a site is built from and in which language, told to the plugin by the environment."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from pathlib import Path

# Any: the configuration of MkDocs: YAML of any form, options by name.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.results.audience import Audience
from generator.site.form.scripts import SCRIPTS, scripts_folder
from generator.text.days import read_day
from generator.text.language import LANGUAGES, gettext, heading, mark, tr

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from generator.text.findings import Finding

PROGRAM = Path(__file__).resolve().parents[3]

LANG = "APPRAISAL_LANG"
ROOT = "APPRAISAL_ROOT"
NO_CACHE = "APPRAISAL_NO_CACHE"
JOBS = "APPRAISAL_JOBS"
AS_OF = "APPRAISAL_AS_OF"
AT = "APPRAISAL_AT"
AUDIENCE = "APPRAISAL_AUDIENCE"

#: Text in quotes, or a comment; text in quotes, a mark between blanks, or blanks.
QUOTED = rb"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
COMMENT = re.compile(QUOTED + rb"|/\*.*?\*/", re.DOTALL)
BLANKS = re.compile(QUOTED + rb"|\s*([{};])\s*|\s+", re.DOTALL)
#: Words of mkdocs.yml that readers see.
WORDS = (
    mark("党支部年度考核"),
    mark("从报送材料到公布结果，每一分都有出处"),
    mark("切换到深色"),
    mark("切换到浅色"),
    mark("考核结果"),
    mark("失分情况"),
    mark("小项"),
    mark("联合体"),
    mark("考核办法"),
    mark("待定事项"),
    mark("报送须知"),
    mark("填报"),
    mark("报送步骤"),
    mark("报送指南"),
    mark("应报事项"),
    mark("还缺什么"),
    mark("填写用的编号"),
    mark("考核步骤与日期"),
    mark("本站说明"),
    mark("文件格式"),
    mark("校验规则"),
    mark("数据"),
    mark("数据与复算"),
    mark("历年"),
    mark("核定进度"),
    mark("考核汇总"),
    mark("名单"),
    mark("关于"),
    mark("安全"),
)


class Data(NamedTuple):
    """What a site shows: a revision, or else the working tree, the date of the data, and to whom.

    Without an audience it is whom the environment says; ``both`` are two sites, one for each.
    """

    revision: str | None = None
    as_of: datetime.date | None = None
    audience: Audience | None = Audience.PUBLIC
    both: bool = False


#: The working tree, on the day that it tells itself.
PRESENT = Data()


class SiteBuildError(Exception):
    """The site generator gave up: configuration, templates or hand-written pages are at fault."""


class PublishRefused(Exception):  # noqa: N818 - says what happened, and is no fault
    """There are errors, so nothing is published; ``findings`` holds them."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep the errors for the message."""
        super().__init__(tr("有 {count} 处错误，网站未生成，原有网站保持不变", count=len(findings)))
        self.findings = tuple(findings)


def config_file(root: Path) -> Path:
    """Return mkdocs.yml of the root, or else the one beside the program."""
    own = root / "mkdocs.yml"
    return own if own.is_file() else PROGRAM / "mkdocs.yml"


def templates_folder(root: Path) -> Path:
    """Return site_templates/ of the root, or else the one beside the program."""
    own = root / "site_templates"
    return own if own.is_dir() else PROGRAM / "site_templates"


def site_language() -> str:
    """Return the language of the site; raises ValueError for one that the program lacks."""
    lang = os.environ.get(LANG) or "zh"
    if lang not in LANGUAGES:
        raise ValueError(lang)
    return lang


def data_root(config_path: str | None) -> Path:
    """Return the repository that is shown: by default the folder of mkdocs.yml."""
    given = os.environ.get(ROOT)
    return Path(given) if given else Path(config_path or "mkdocs.yml").resolve().parent


def keeps_cache() -> bool:
    """Whether the build may use what earlier runs kept."""
    return not os.environ.get(NO_CACHE)


def jobs() -> int | None:
    """Return the number of processes; None: as many as serve."""
    given = os.environ.get(JOBS, "")
    return int(given) if given.isdigit() else None


def data() -> Data:
    """Return what the site shows, as it was told."""
    return Data(os.environ.get(AT), read_day(os.environ.get(AS_OF)))


def audience() -> Audience:
    """Return whom the site is made for, as it was told; raises ValueError for nobody known."""
    return Audience(os.environ.get(AUDIENCE) or Audience.PUBLIC)


@contextmanager
def told(
    root: Path,
    lang: str,
    *,
    keep: bool = True,
    jobs: int | None = None,
    data: Data = PRESENT,
) -> Iterator[None]:
    """Tell the plugin root, language and means while a site is built."""
    names = (ROOT, LANG, NO_CACHE, JOBS, AS_OF, AT, AUDIENCE, "SOURCE_DATE_EPOCH")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({ROOT: str(root), LANG: lang})
    if data.audience is not None:
        os.environ[AUDIENCE] = data.audience.value
    if not keep:
        os.environ[NO_CACHE] = "1"
    if jobs is not None:
        os.environ[JOBS] = str(jobs)
    if data.as_of is not None:
        os.environ[AS_OF] = f"{data.as_of}"
    if data.revision is not None:
        os.environ[AT] = data.revision
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def lightened(css: bytes) -> bytes:
    """Return a style sheet without comments, and without blanks that mean nothing.

    What stands in quotes stays as it is.
    """

    def kept(found: re.Match[bytes]) -> bytes:
        return found[1] or found[2] or b" "

    return BLANKS.sub(kept, COMMENT.sub(lambda found: found[1] or b" ", css)).strip()


def translate(config: Any, lang: str) -> None:
    """Put the words of mkdocs.yml that readers see into the language of the site."""
    config.theme["language"] = lang
    for key in ("site_name", "site_description"):
        config[key] = gettext(config[key] or "")
    config["nav"] = translated(config["nav"])
    for scheme in config.theme["palette"] or ():
        scheme["toggle"]["name"] = gettext(scheme["toggle"]["name"])


def translated(nav: Any) -> Any:
    """Return a navigation with its titles translated."""
    if isinstance(nav, list):
        return [translated(item) for item in nav]
    if isinstance(nav, dict):
        return {heading(title): translated(item) for title, item in nav.items()}
    return nav


def settle(files: Any, lang: str, docs: str) -> None:
    """Keep one file of each hand-written page, make style sheets light, leave out types.

    Scripts of the form go where their content says. ``guide.en.md`` is ``guide.md`` in English.
    """
    folder = scripts_folder(Path(docs).parent)
    for script in [file for file in files if file.src_uri.startswith(SCRIPTS)]:
        script.dest_uri = folder + script.src_uri.removeprefix(SCRIPTS)
    for types in [file for file in files if file.src_uri.endswith(".d.ts")]:
        files.remove(types)
    for sheet in [file for file in files if file.src_uri.endswith(".css")]:
        if not sheet.src_uri.endswith(".min.css"):
            sheet.content_bytes = lightened(sheet.content_bytes)
    for other in [file for file in files if file.src_uri.endswith(".en.md")]:
        files.remove(other)
        page = files.get_file_from_path(other.src_uri.removesuffix(".en.md") + ".md")
        if lang == "en" and page is not None:
            page.content_string = other.content_string
