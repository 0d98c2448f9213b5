"""The grammar of the repository's paths, and what a path stands for.

    branches/<id>/branch.yml
    branches/<id>/<year>/self-assessment.yml
    branches/<id>/<year>/<group>/<folder>/<file>
    committee/<file>
    committee/<year>/<file>
    committee/<year>/<group>/<file>

Paths are split by position alone; whether a year or an id is legal is another question.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from generator.formats.kept import BRANCH_GROUPS, Kept, kind_at
from generator.formats.shapes import IDENTIFIER, MAX_ID

BRANCHES = "branches"
COMMITTEE = "committee"
DATA_ROOTS = (BRANCHES, COMMITTEE)
RUBRIC_PATH = "rubric.yml"
DATA_PATHS = (*DATA_ROOTS, RUBRIC_PATH)

BRANCH_FILE = "branch.yml"
SELF_ASSESSMENT_FILE = "self-assessment.yml"
ACTIVITIES, DOCUMENTS = "activities", "documents"
#: The file that is the record, by the group that its folder lies in.
RECORD_FILES = {ACTIVITIES: "activity.yml", DOCUMENTS: "document.yml"}
RECORD_NAMES = frozenset(RECORD_FILES.values())

CONSORTIA_PATH, ROSTER_PATH = f"{COMMITTEE}/consortia.yml", f"{COMMITTEE}/roster.yml"
APPRAISAL_FILE, DEBRIEF_FILE, DECISION_FILE = "appraisal.yml", "debrief.yml", "decision.yml"
DUE_FILE = "due.yml"
ACCEPTED_FILE, AUDIT_FILE, AFTER_FILE = "accepted.yml", "audit.yml", "after.yml"
RESULTS_FILE, FROZEN_RUBRIC = "results.json", "rubric.yml"
REVIEWS_FOLDER, VETOES_FOLDER, TEAMS_FOLDER = "reviews", "vetoes", "supervision"
APPEALS_FOLDER = "appeals"
#: What the office may bring with the files of a branch: their days of receipt.
RECEIVED_FOLDER = "received"
YAML = ".yml"

#: Name of a year's folder.
YEAR = re.compile(r"[0-9]{4}")
#: Name of a record's folder; that of an activity begins with its day.
ACTIVITY_FOLDER = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-[a-z0-9-]+")
DOCUMENT_FOLDER = re.compile(r"[a-z0-9-]+")


class BranchPath(NamedTuple):
    """A path below branches/: the name there, and the names below it.

    A file directly in branches/ has no names below; ``branches`` itself has an empty name.
    """

    branch: str
    below: tuple[str, ...]

    @classmethod
    def of(cls, path: str) -> Self | None:
        """Return what a path stands for; None outside of branches/."""
        root, *names = path.split("/")
        return cls(names[0] if names else "", tuple(names[1:])) if root == BRANCHES else None

    @property
    def group(self) -> str:
        """Folder below the branch's own, ``""`` of a file right in it."""
        return self.below[0] if len(self.below) > 1 else ""

    @property
    def year(self) -> int | None:
        """Year whose folder it lies in, None outside of any."""
        return int(self.group) if YEAR.fullmatch(self.group) else None


class RecordPath(NamedTuple):
    """A path at or below the folder of a record: ``file`` is the rest of it, ``""`` of the folder.

    ``group`` is any name in its place, also one that holds no records.
    """

    branch: str
    year: str
    group: str
    folder: str
    file: str

    @classmethod
    def of(cls, path: str) -> Self | None:
        """Return what a path stands for; None where it is too short, or outside of branches/."""
        names = path.split("/", 5)
        if len(names) < 5 or names[0] != BRANCHES:
            return None
        return cls(names[1], names[2], names[3], names[4], names[5] if len(names) > 5 else "")

    @property
    def record(self) -> str:
        """Path of the record's folder."""
        return f"{BRANCHES}/{self.branch}/{self.year}/{self.group}/{self.folder}"

    @property
    def reference(self) -> str:
        """The record as evidence names it: ``<group>/<folder>``."""
        return f"{self.group}/{self.folder}"

    @property
    def is_direct(self) -> bool:
        """Whether it is a file right in the record's folder."""
        return self.file != "" and "/" not in self.file

    @property
    def is_record(self) -> bool:
        """Whether it is the record's own YAML file."""
        return RECORD_FILES.get(self.group) == self.file

    @property
    def is_attachment(self) -> bool:
        """Whether it is a file beside a record."""
        return self.is_direct and self.group in RECORD_FILES and self.file not in RECORD_NAMES


class CommitteePath(NamedTuple):
    """A path at or below committee/: the names below it."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, path: str) -> Self | None:
        """Return what a path stands for; None outside of committee/."""
        root, *names = path.split("/")
        return cls(tuple(names)) if root == COMMITTEE else None

    @property
    def year(self) -> int | None:
        """Year whose folder it is or lies in, None outside of any."""
        return int(self.names[0]) if self.names and YEAR.fullmatch(self.names[0]) else None

    @property
    def group(self) -> str:
        """Folder of a year that a file lies right in; ``""`` of everything else."""
        return self.names[1] if len(self.names) == 3 else ""

    @property
    def stem(self) -> str:
        """Name without the ending of YAML files: in a group the id of whom the file concerns."""
        return self.names[-1].removesuffix(YAML) if self.names else ""

    @property
    def branch(self) -> str:
        """Name of the branch that it is about alone, ``""`` of everything else."""
        there = self.group in BRANCH_GROUPS and self.names[-1].endswith(YAML)
        return self.stem if there else ""

    @property
    def team(self) -> str:
        """Name of the supervision team whose opinion it is, ``""`` of everything else."""
        there = self.kind is not None and self.group == TEAMS_FOLDER
        return self.stem if there else ""

    @property
    def kind(self) -> Kept | None:
        """Row of the table of the committee's files, None where it has no known name."""
        yearly = self.year is not None
        if self.group:
            there = self.names[-1].endswith(YAML)
            return kind_at(yearly=yearly, folder=self.group, name="") if there else None
        if len(self.names) != 1 + yearly:
            return None
        return kind_at(yearly=yearly, folder="", name=self.names[-1])


def root_of(path: str) -> str:
    """Return the first name of a path."""
    return path.split("/", 1)[0]


def branch_of(path: str) -> str:
    """Return the folder of branches/ in which a path lies, ``""`` elsewhere."""
    names = path.split("/", 2)
    return names[1] if len(names) == 3 and names[0] == BRANCHES else ""


def is_attachment(path: str) -> bool:
    """Whether a path is that of a file beside a record."""
    found = RecordPath.of(path)
    return found is not None and found.is_attachment


def is_branch_id(name: str) -> bool:
    """Whether a folder below branches/ has a legal name."""
    return IDENTIFIER.fullmatch(name) is not None and len(name) <= MAX_ID


def may_hold(name: str) -> bool:
    """Whether a folder in the root has the name of one for records, so that one looks into it."""
    known = name in RECORD_FILES or YEAR.fullmatch(name) is not None
    return known or ACTIVITY_FOLDER.fullmatch(name) is not None


def branch_folder(branch: str) -> str:
    """Return the folder of a branch."""
    return f"{BRANCHES}/{branch}"


def branch_path(branch: str) -> str:
    """Return where branch.yml of a branch lies."""
    return f"{BRANCHES}/{branch}/{BRANCH_FILE}"


def year_folder(branch: str, year: int | str) -> str:
    """Return the folder of a branch for a year."""
    return f"{BRANCHES}/{branch}/{year}"


def committee_folder(year: int | str) -> str:
    """Return the committee's folder for a year."""
    return f"{COMMITTEE}/{year}"


def appraisal_path(year: int | str) -> str:
    """Return where appraisal.yml of a year lies."""
    return f"{COMMITTEE}/{year}/{APPRAISAL_FILE}"


def accepted_path(year: int | str) -> str:
    """Return where the findings that the committee accepts for a year lie."""
    return f"{committee_folder(year)}/{ACCEPTED_FILE}"


def audit_path(year: int | str) -> str:
    """Return where the audit by lot of a year lies."""
    return f"{committee_folder(year)}/{AUDIT_FILE}"


def after_path(year: int) -> str:
    """Path of what came after the results of a year."""
    return f"{committee_folder(year)}/{AFTER_FILE}"


def due_path(year: int | str) -> str:
    """Return where the due list of a year lies."""
    return f"{COMMITTEE}/{year}/{DUE_FILE}"


def debrief_path(year: int | str) -> str:
    """Return where the ballots on the secretaries' reports of a year lie."""
    return f"{COMMITTEE}/{year}/{DEBRIEF_FILE}"


def results_path(year: int) -> str:
    """Return where the frozen results of a year lie."""
    return f"{COMMITTEE}/{year}/{RESULTS_FILE}"


def rubric_path(year: int) -> str:
    """Return where the rubric lies that a frozen year was computed with."""
    return f"{COMMITTEE}/{year}/{FROZEN_RUBRIC}"


def team_path(year: int, team: str) -> str:
    """Return where a supervision team's opinion lies."""
    return f"{committee_folder(year)}/{TEAMS_FOLDER}/{team}{YAML}"


def received_path(branch: str, year: int | str) -> str:
    """Return where the days of receipt of a branch lie that history cannot know."""
    return f"{committee_folder(year)}/{RECEIVED_FOLDER}/{branch}{YAML}"


def veto_path(branch: str, year: int | str) -> str:
    """Return the path of the veto facts about a branch."""
    return f"{committee_folder(year)}/{VETOES_FOLDER}/{branch}{YAML}"


def review_path(branch: str, year: int) -> str:
    """Return the path of the committee's review of a branch."""
    return f"{committee_folder(year)}/{REVIEWS_FOLDER}/{branch}{YAML}"
