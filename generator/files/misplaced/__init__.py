"""Records in the wrong place: which files these are, and where they belong. Paths alone tell.

A record is known by its name, also where this is nearly right (``Activity.yml``,
``activity.yml.txt``, ``activity (1).yml``, ``自评.yml``), and any YAML file in a place without a
record is taken for one. All that lies in one folder is one case.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from generator.files.paths import (
    ACTIVITIES,
    ACTIVITY_FOLDER,
    BRANCHES,
    DOCUMENT_FOLDER,
    DOCUMENTS,
    RECORD_FILES,
    RECORD_NAMES,
    SELF_ASSESSMENT_FILE,
    YEAR,
    is_branch_id,
    year_folder,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ACTIVITY_FILE, DOCUMENT_FILE = RECORD_FILES[ACTIVITIES], RECORD_FILES[DOCUMENTS]
#: Names below ``branches/<id>/``: of a file right in a record's folder, of its group, of the year.
RECORD_LEVEL, GROUP_LEVEL, YEAR_LEVEL = 3, 2, 1
YAML_ENDINGS = (".yml", ".yaml")
#: What systems and editors hang behind the name of a file.
ENDINGS = (*YAML_ENDINGS, ".txt", ".json", ".bak", ".old", ".orig")
#: What stands at the end or the beginning of the name of a copy, folded and without marks.
LAST = frozenset(
    {*"0123456789", "副本", "的副本", "拷贝", "复件", "copy", "new", "final", "新", "最终", "改"}
)
FIRST = frozenset({"copyof", "副本", "拷贝", "复件", "新"})
#: Characters of the longest name that may be a record's, and of the longest word in ``LAST``.
LONGEST, LONGEST_LAST = 40, 5
_MARKS = re.compile(r"[\W_]+")
#: The file that is meant → names without their ending, folded and without marks.
NAMES = {
    ACTIVITY_FILE: frozenset({"activity", "activities", "活动", "活动登记"}),
    DOCUMENT_FILE: frozenset({"document", "documents", "材料"}),
    SELF_ASSESSMENT_FILE: frozenset(
        {"selfassessment", "selfassesment", "assessment", "selfevaluation"}
        | {"自评", "自评表", "自我评价", "自我评估"}
    ),
}
MEANT = {word: file for file, words in NAMES.items() for word in words}


class Fault(Enum):
    """What is wrong with a place: ``MISSING`` is a folder of files without a record."""

    MISSING = "missing"
    NAME = "name"
    DEEP = "deep"
    HIGH = "high"
    PLACE = "place"
    SECOND = "second"
    LOOSE = "loose"
    STRANGE = "strange"
    ROOT = "root"


class Misplaced(NamedTuple):
    """A folder whose record does not count, shown at the file ``path``.

    ``wanted`` is the name of the record's file, ``""`` where nobody can tell; ``target`` the path
    where it belongs, ``""`` where its folder needs a name first. ``covers`` are the files that
    lie there with it.
    """

    fault: Fault
    path: str
    wanted: str
    target: str
    covers: frozenset[str]


def meant(name: str) -> str:
    """Return the name of the record's file that a file name stands for, or ``""``."""
    if name in RECORD_NAMES or name == SELF_ASSESSMENT_FILE:
        return name
    stem = folded_stem(name)
    if "." in stem and not folded(name).endswith(ENDINGS):
        return ""
    return MEANT.get(without_copy(_MARKS.sub("", stem)), "")


def folded(name: str) -> str:
    """Return a name as it is compared."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def folded_stem(name: str) -> str:
    """Return a name as it is compared, without what systems and editors hang behind it."""
    stem = folded(name)
    while stem.endswith(ENDINGS):
        stem = stem.rpartition(".")[0].rstrip()
    return stem


def without_copy(word: str) -> str:
    """Return a word without what tells a copy from its original."""
    if len(word) > LONGEST:
        return word
    for first in sorted(FIRST):
        word = word.removeprefix(first)
    while last := next((n for n in range(1, LONGEST_LAST + 1) if word[-n:] in LAST), 0):
        word = word[:-last]
    return word


def is_yaml(path: str) -> bool:
    """Whether a name has the ending of YAML files, in any case."""
    return path.casefold().endswith(YAML_ENDINGS)


def is_meant(path: str) -> bool:
    """Whether a file was meant as a record: nobody need look at it as at an attachment."""
    return is_yaml(path) or meant(path.rpartition("/")[2]) != ""


def find_misplaced(paths: Iterable[str]) -> tuple[Misplaced, ...]:
    """Return what lies in the wrong place among all files of one branch, by path."""
    all_paths = frozenset(paths)
    return _Search(all_paths).found() if all_paths else ()


class _Search:
    """Looks through the paths of one branch, each a few times."""

    def __init__(self, paths: frozenset[str]) -> None:
        self.paths = paths
        self.below = {path: below(path) for path in paths}
        self.homes = {
            home_of(path)
            for path, own in self.below.items()
            if len(own) == RECORD_LEVEL + 1
            and is_year(own[0])
            and RECORD_FILES.get(own[1]) == own[-1]
        }
        self.loose = sorted(path for path in paths if not self.settled(path))

    def found(self) -> tuple[Misplaced, ...]:
        if not self.loose:
            return ()
        cases = self.records()
        covered = {path for case in cases for path in case.covers}
        cases += self.folders(covered)
        return tuple(sorted(cases, key=lambda case: case.path))

    def settled(self, path: str) -> bool:
        """Whether a file lies where it may: a record, or beside one and not taken for one."""
        home, _, name = path.rpartition("/")
        own = self.below[path]
        if home in self.homes:
            return not is_yaml(name) or name == RECORD_FILES[own[1]] or not meant(name)
        return len(own) == YEAR_LEVEL + 1 and own[-1] == SELF_ASSESSMENT_FILE and is_year(own[0])

    def records(self) -> list[Misplaced]:
        """Return a case for each folder in which a record was meant."""
        by_home: dict[str, list[tuple[bool, str, str]]] = defaultdict(list)
        for path in self.loose:
            home, _, name = path.rpartition("/")
            wanted = meant(name)
            if wanted or (is_yaml(name) and self.may_be(path)):
                by_home[home].append((not wanted, path, wanted or wanted_at(path)))
        tops: dict[str, str] = {}
        for home in sorted(by_home):
            tops.setdefault(record_level(f"{home}/"), home)
        covers = {home: {path for _, path, _ in records} for home, records in by_home.items()}
        for path in self.loose:
            home = self.owner(path, covers) or tops.get(record_level(path) or "-", "")
            if home and record_level(path) not in self.homes:
                covers[home].add(path)
        cases = []
        for home, records in by_home.items():
            _, path, wanted = min(records)
            target = target_of(path, wanted)
            fault = self.fault(path, wanted, target)
            cases.append(Misplaced(fault, path, wanted, target, frozenset(covers[home])))
        return cases

    def may_be(self, path: str) -> bool:
        """Whether a YAML file of an unknown name may be a record: below a year, beside none."""
        own = self.below[path]
        return len(own) > YEAR_LEVEL and is_year(own[0]) and home_of(path) not in self.homes

    def owner(self, path: str, homes: Collection[str]) -> str:
        """Return the nearest folder of a record above a file; a shared one holds no folders."""
        home = home_of(path)
        if home in homes:
            return home
        while home := home_of(home):
            if home in homes and not is_shared(home):
                return home
        return ""

    def fault(self, path: str, wanted: str, target: str) -> Fault:
        """Return what is wrong with the place of a record."""
        depth = len(self.below[path]) - 1
        if not wanted:
            return Fault.STRANGE
        if target in self.paths or (home_of(path) in self.homes and wanted == wanted_at(path)):
            return Fault.SECOND
        if target and home_of(path) == home_of(target):
            return Fault.NAME
        due = YEAR_LEVEL if wanted == SELF_ASSESSMENT_FILE else RECORD_LEVEL
        if not path.startswith(f"{BRANCHES}/") or depth == due:
            return Fault.PLACE
        return Fault.DEEP if depth > due else Fault.HIGH

    def folders(self, covered: Collection[str]) -> list[Misplaced]:
        """Return a case for each folder of files in which nobody wrote a record."""
        inside: dict[tuple[Fault, str, str], set[str]] = defaultdict(set)
        for path in self.loose:
            own, top = self.below[path], record_level(path)
            if path in covered or top in self.homes or own[-1].startswith("."):
                continue
            names = path.split("/")
            if not is_year(own[0]):
                if len(own) > YEAR_LEVEL and kept_apart(own[0]):
                    inside[Fault.STRANGE, "/".join(names[:3]), ""].add(path)
            elif len(own) > GROUP_LEVEL and own[1] not in RECORD_FILES:
                inside[Fault.STRANGE, "/".join(names[:4]), ""].add(path)
            elif len(own) > GROUP_LEVEL:
                fault = Fault.MISSING if top else Fault.LOOSE
                inside[fault, top or home_of(path), RECORD_FILES[own[1]]].add(path)
        return [
            Misplaced(fault, min(files), wanted, "", frozenset(files))
            for (fault, _, wanted), files in inside.items()
        ]


def home_of(path: str) -> str:
    """Return the folder of a path, ``""`` at the top."""
    return path.rpartition("/")[0]


def is_shared(home: str) -> bool:
    """Whether a folder is one for many records: a branch's own, a year's, a group's."""
    own = below(f"{home}/x")
    return len(own) == 1 or own[-2] in RECORD_FILES or is_year(own[-2])


def below(path: str) -> list[str]:
    """Return the names of a path below the folder of its branch; all of them elsewhere."""
    names = path.split("/")
    return names[2:] if names[0] == BRANCHES and len(names) > 2 else names


def is_year(name: str) -> bool:
    """Whether a folder is that of a year."""
    return YEAR.fullmatch(name) is not None


def kept_apart(name: str) -> bool:
    """Whether a folder right below a branch's own looks like one for records or for a year."""
    return name in RECORD_FILES or ACTIVITY_FOLDER.fullmatch(name) is not None or name[:2] == "20"


def record_level(path: str) -> str:
    """Return the folder in which the record of a file would lie, ``""`` where it lies higher."""
    names = path.split("/")
    return "/".join(names[:5]) if len(names) > 5 else ""


def wanted_at(path: str) -> str:
    """Return the name that a record has in this place, ``""`` where records have none."""
    own = below(path)
    return RECORD_FILES.get(own[1], "") if len(own) > GROUP_LEVEL else ""


def target_of(path: str, wanted: str) -> str:
    """Return where a record belongs, by the names of the folders it lies in; ``""`` if none says.

    Of several folders the innermost that may hold such a record gives its name.
    """
    names = path.split("/")[:-1]
    branch = names[1] if names[0] == BRANCHES and len(names) > 1 else ""
    inner = names[2:]
    group = next((group for group, name in RECORD_FILES.items() if name == wanted), "")
    folder = folder_of(inner, group)
    stated = folder[:4] if group == ACTIVITIES else ""
    year = next(filter(is_year, inner), stated)
    if not is_branch_id(branch) or not is_year(year):
        return ""
    if wanted == SELF_ASSESSMENT_FILE:
        return f"{year_folder(branch, year)}/{wanted}"
    return f"{year_folder(branch, year)}/{group}/{folder}/{wanted}" if folder and group else ""


def folder_of(inner: list[str], group: str) -> str:
    """Return the name that the record's folder has, from the names above it, or ``""``."""
    legal = ACTIVITY_FOLDER if group == ACTIVITIES else DOCUMENT_FOLDER
    for name in reversed(inner):
        if legal.fullmatch(name) and name not in RECORD_FILES and not is_year(name):
            return name
    own = len(inner) >= RECORD_LEVEL and inner[1] == group
    return inner[2] if own else ""
