"""Records and evidence outside of the folders of branches: in the root, and below committee/.

Paths alone tell. The root of a project holds much else: only what looks like a record or like
evidence is named (docs/format.md §2).
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

from generator.files.misplaced import (
    ENDINGS,
    LONGEST,
    Fault,
    Misplaced,
    folded,
    folded_stem,
    is_yaml,
    is_year,
    meant,
)
from generator.files.paths import (
    ACTIVITY_FOLDER,
    APPEALS_FOLDER,
    BRANCH_FILE,
    COMMITTEE,
    RECEIVED_FOLDER,
    REVIEWS_FOLDER,
    RUBRIC_PATH,
    TEAMS_FOLDER,
    VETOES_FOLDER,
    YAML,
)
from generator.formats.kept import COMMON_NAMES, YEAR_NAMES
from generator.text.names import RESERVED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: Names of the committee's files without their ending → the files.
COMMITTEE_FILES = {name.partition(".")[0]: name for name in (*COMMON_NAMES, *YEAR_NAMES)}
#: Folders of a year for single branches or teams → names that stand for them, folded.
GROUPS = {
    REVIEWS_FOLDER: frozenset({"reviews", "review", "reviewed", "评审", "核定", "审核"}),
    VETOES_FOLDER: frozenset({"vetoes", "vetos", "veto", "否决", "一票否决"}),
    APPEALS_FOLDER: frozenset({"appeals", "appeal", "申诉", "异议"}),
    RECEIVED_FOLDER: frozenset({"received", "receipts", "receipt", "收到", "收到日期", "签收"}),
    TEAMS_FOLDER: frozenset({"supervision", "supervisions", "teams", "team", "督导", "督查"}),
}
MEANT_GROUP = {word: group for group, words in GROUPS.items() for word in words}
#: Least likeness of a name to that of a committee's file.
LIKENESS = 0.8

#: Endings of files in the root, by what they mostly are there.
PHOTOS = frozenset({"jpg", "jpeg", "heic", "heif", "webp"})
PICTURES = frozenset({"png", "gif", "bmp"})
PAPERS = frozenset(
    {"pdf", "docx", "doc", "wps", "xlsx", "xls", "et", "csv", "pptx", "ppt", "zip", "rar"}
)
TEXTS = frozenset({"md", "txt"})
#: Words in the names of a project's own files: no evidence, whatever their ending.
PROJECT = re.compile(
    "logo|icon|banner|cover|screenshot|preview|social|avatar|qr|header|hero|background"
    "|diagram|architecture|badge|brand|readme|license|办法|细则|规则|规范|考核|说明|指南"
    "|手册|教程|帮助|常见问题|通知|公告|模板|样例|示例|标志|图标|徽标|封面|二维码|截图"
    "|架构|许可|更新日志|贡献|自述|仓库|文档|部署"
)
#: Words in the names of evidence that has no Chinese name and no day.
EVIDENCE = re.compile(
    "photo|attendance|signin|sign-in|plan|minutes|summary|report|record|meeting|activity"
    "|lecture|study"
)
#: How names of files begin that people do not see, and of those that an office has open.
HIDDEN = (".", "~$")
CHINESE = re.compile("[\u3400-\u9fff]")
DAY = re.compile(r"20[0-9]{2}[-_.]?(?:0[1-9]|1[0-2])")
CAMERA = re.compile(r"(?:img|dsc[nf]?|mmexport|wechatimg|p[xm]l|wx)[-_ ]?[0-9]{3,}")
COPY = re.compile(r"\s*(?:[(（]\s*[0-9]+\s*[)）]|[-_ ]+(?:副本|copy))$")


def find_in_root(paths: Iterable[str], ids: Collection[str]) -> tuple[Misplaced, ...]:
    """Return what looks like a record or evidence among the files of the repository's root.

    ``paths`` are those of files right in it, and of all below its folders that ``may_hold``
    records. The root is one case, and each such folder with a record in it; ``target`` is where a
    file of the committee belongs.
    """
    folders: dict[str, list[str]] = {}
    here: list[str] = []
    for path in sorted(paths):
        top, _, inner = path.partition("/")
        if inner:
            folders.setdefault(top, []).append(path)
        else:
            here.append(path)
    records = [(path, wanted) for path in here if (wanted := wanted_in_root(path, ids))]
    loose = [path for path in here if is_evidence(path)]
    cases = []
    if records or loose:
        path, wanted = records[0] if records else (loose[0], "")
        covers = frozenset([*(path for path, _ in records), *loose])
        cases.append(Misplaced(Fault.ROOT, path, wanted, "", covers))
    for inside in folders.values():
        found = [path for path in inside if meant(path.rpartition("/")[2])]
        if found:
            wanted = meant(found[0].rpartition("/")[2])
            cases.append(Misplaced(Fault.ROOT, found[0], wanted, "", frozenset(inside)))
    return tuple(cases)


def wanted_in_root(name: str, ids: Collection[str]) -> str:
    """Return the data's file that one in the root stands for, ``""`` of a project's own file."""
    if name.startswith(HIDDEN) or name.casefold() in RESERVED:
        return ""
    wanted = meant(name) if "." in name else ""
    stem = folded_stem(name)
    if wanted or not is_yaml(name) or stem == RUBRIC_PATH.removesuffix(YAML):
        return wanted
    if stem == BRANCH_FILE.removesuffix(YAML) or stem in ids or ACTIVITY_FOLDER.fullmatch(stem):
        return f"{stem}{YAML}"
    return COMMITTEE_FILES.get(stem, "")


def is_evidence(name: str) -> bool:
    """Whether a file in the root looks like evidence rather than a project's own."""
    stem, _, ending = name.casefold().rpartition(".")
    if not stem or name.startswith(HIDDEN) or name.casefold() in RESERVED:
        return False
    if PROJECT.search(stem):
        return False
    if ending in TEXTS:
        return CHINESE.search(stem) is not None
    if ending not in PHOTOS | PICTURES | PAPERS:
        return False
    if ending in PHOTOS or CHINESE.search(stem) or DAY.search(stem) or CAMERA.match(stem):
        return True
    return EVIDENCE.search(stem) is not None


class Kept(NamedTuple):
    """What a file below committee/ stands for: its folder of a year, ``""`` of none, and name."""

    group: str
    name: str


def find_in_committee(
    paths: Iterable[str], ids: Collection[str], there: Collection[str] = ()
) -> tuple[Misplaced, ...]:
    """Return what was meant as a file of the committee, or of a branch, among unknown paths.

    ``there`` are all paths below committee/.
    """
    found = []
    by_fold = {name.casefold(): name for name in ids}
    for path in paths:
        *above, name = path.split("/")
        folders = above[1:]
        record = meant(name) or (BRANCH_FILE if name.casefold() == BRANCH_FILE else "")
        if record and "." in name:
            found.append(Misplaced(Fault.PLACE, path, record, "", frozenset([path])))
            continue
        kept = kept_for(folders, name, by_fold)
        if kept is not None:
            target = target_of(folders, kept)
            fault = Fault.SECOND if target in there else fault_of(folders, path, target)
            found.append(Misplaced(fault, path, kept.name, target, frozenset([path])))
    return tuple(found)


def kept_for(folders: list[str], name: str, ids: dict[str, str]) -> Kept | None:
    """Return what a file below committee/ stands for; None where nobody can tell."""
    stem = COPY.sub("", folded_stem(name))
    groups = [MEANT_GROUP[word] for word in map(folded, folders) if word in MEANT_GROUP]
    group = groups[-1] if groups else ""
    if stem in ids:
        return Kept(group, f"{ids[stem]}{YAML}")
    if stem in COMMITTEE_FILES and name.casefold().endswith(ENDINGS):
        return Kept("", COMMITTEE_FILES[stem])
    if not is_yaml(name):
        return None
    if group:
        return Kept(group, f"{stem}{YAML}")
    if len(stem) <= LONGEST:
        near = difflib.get_close_matches(stem, COMMITTEE_FILES, n=1, cutoff=LIKENESS)
        if near:
            return Kept("", COMMITTEE_FILES[near[0]])
    return None


def target_of(folders: list[str], kept: Kept) -> str:
    """Return where a file of the committee belongs, ``""`` where its folders do not say."""
    if kept.name in COMMON_NAMES and not kept.group:
        return f"{COMMITTEE}/{kept.name}"
    year = next(filter(is_year, folders), "")
    if not year:
        return ""
    if kept.name in COMMITTEE_FILES.values() and not kept.group:
        return f"{COMMITTEE}/{year}/{kept.name}"
    return f"{COMMITTEE}/{year}/{kept.group}/{kept.name}" if kept.group else ""


def fault_of(folders: list[str], path: str, target: str) -> Fault:
    """Return what is wrong with the place of a file of the committee."""
    if not target:
        return Fault.PLACE
    if path.rpartition("/")[0] == target.rpartition("/")[0]:
        return Fault.NAME
    due = target.count("/") - 1
    return Fault.DEEP if len(folders) > due else Fault.HIGH if len(folders) < due else Fault.PLACE
