"""Days of receipt, read a second time: plain, slow, and without a line of the program.

A history is a list of commits on main, each with its day and all files by path. No path is used
twice, so that a file is told by where it lay. Comments name what docs/format.md §9 says.
"""

from __future__ import annotations

import random
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import yaml

from tests.plain_yaml import said

Data = dict[str, Any]
YEAR = 2025
RECORDS = {"documents": "document.yml", "activities": "activity.yml"}


class Commit(NamedTuple):
    """A commit on main: its day as text, and every file below branches/ by path."""

    day: str
    files: dict[str, str]


def likeness(files: dict[str, str], path: str) -> Any:
    """Return kind, date, entry and contents of the attachments that a record names."""
    place = PurePosixPath(path)
    if place.name == "self-assessment.yml":
        return (place.parent.name, place.name)
    data = said(files[path])
    kind = data.get("kind") or data.get("type")
    beside = sorted(files.get(f"{place.parent}/{name}", "") for name in data.get("files") or [])
    return (str(kind), data["date"], data.get("due"), tuple(beside))


class Main:
    """The history of one branch; ``names`` are its id and its former ones."""

    def __init__(self, commits: list[Commit], names: list[str]) -> None:
        self.commits = [
            Commit(day, {p: text for p, text in files.items() if p.split("/")[1] in names})
            for day, files in commits
        ]
        self.names = names

    def yaml_at(self, number: int) -> set[str]:
        """Return the paths of YAML files after a commit."""
        return {path for path in self.commits[number].files if path.endswith(".yml")}

    def came(self, path: str) -> int:
        """Return the number of the commit that brought a path."""
        return next(n for n in range(len(self.commits)) if path in self.commits[n].files)

    def sources(self, path: str) -> list[str]:
        """Return what was removed in the commit that brought a file, if the file is that."""
        number = self.came(path)
        if number == 0:
            return []
        before, after = self.commits[number - 1].files, self.commits[number].files
        gone = self.yaml_at(number - 1) - self.yaml_at(number)
        new = self.yaml_at(number) - self.yaml_at(number - 1)
        # The same content.
        same = [old for old in gone if before[old] == after[path]]
        if same:
            return same
        # The one file that is like it; what came back with the same content is not asked.
        rest = [old for old in gone if before[old] not in {after[own] for own in new}]
        like = [old for old in rest if likeness(before, old) == likeness(after, path)]
        return like if len(like) == 1 else []

    def day(self, path: str, number: int) -> str:
        """Return the day of receipt of a file as of a commit."""
        first = self.came(path)
        days = [self.commits[first].day]
        days += [self.day(old, first - 1) for old in self.sources(path)]
        # The same content under any name, of each content that it had.
        for n in range(first, number + 1):
            text = self.commits[n].files[path]
            k, holders = self.first_with(text)
            days += [self.day(own, k) for own in holders if own != path and k < n]
        return min(days)

    def first_with(self, text: str) -> tuple[int, list[str]]:
        """Return the first commit that has a content, and at which paths."""
        for number, commit in enumerate(self.commits):
            found = [p for p in self.yaml_at(number) if commit.files[p] == text]
            if found:
                return number, found
        raise AssertionError(text)

    def went(self, path: str) -> set[str]:
        """Return where a file lies in the end; itself where no commit has it."""
        last = self.commits[-1].files
        known = any(path in commit.files for commit in self.commits)
        if not known or path in last:
            return {path}
        every = {p for n in range(len(self.commits)) for p in self.yaml_at(n)}
        later = [own for own in every if path in self.sources(own)]
        later += self.returned(path)
        return {end for own in later for end in self.went(own)}

    def returned(self, path: str) -> list[str]:
        """Return what came later with the content that a file had first, once that was gone."""
        found = []
        for n in range(len(self.commits)):
            for own in self.yaml_at(n):
                if own == path or self.came(own) != n or self.sources(own):
                    continue
                k, holders = self.first_with(self.commits[n].files[own])
                gone = path not in self.commits[n].files and path in self.commits[k].files
                found += [own] if k < n and path in holders and gone else []
        return found

    def received(self, entries: list[Data]) -> dict[str, str]:
        """Return each YAML file of the end → its day of receipt, with what is written down."""
        last = len(self.commits) - 1
        days = {path: self.day(path, last) for path in self.yaml_at(last)}
        for entry in entries:
            group, _, folder = entry["path"].partition("/")
            name = f"{entry['path']}/{RECORDS[group]}" if folder else entry["path"]
            for branch in self.names:
                ends = self.went(f"branches/{branch}/{YEAR}/{name}") & days.keys()
                for end in ends:
                    days[end] = min(days[end], entry["on"])
                if ends:
                    break
        return days


class Writer:
    """Writes a random history of a branch that is renamed, moves, copies and edits its records."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.unique = 0
        self.name = "own"
        self.former: list[str] = []
        self.files: dict[str, str] = {}
        self.commits: list[Commit] = []

    def fresh(self, word: str) -> str:
        """Return a word that was not used yet."""
        self.unique += 1
        return f"{word}-{self.unique}"

    def records(self) -> list[str]:
        """Return the paths of records."""
        return sorted(p for p in self.files if p.endswith("document.yml"))

    def add(self) -> None:
        """File a record, now and then with an attachment."""
        rng = self.rng
        folder = f"branches/{self.name}/{YEAR}/documents/{self.fresh('r')}"
        data: Data = {
            "kind": rng.choice(["plan", "form"]),
            "title": self.fresh("标题"),
            "date": f"{YEAR}-0{rng.randint(1, 3)}-01",
        }
        if rng.random() < 0.5:
            data["files"] = ["a.md"]
            self.files[f"{folder}/a.md"] = rng.choice(["一\n", "二\n"])
        self.files[f"{folder}/document.yml"] = yaml.dump(
            data, Dumper=yaml.CSafeDumper, allow_unicode=True
        )

    def edit(self, path: str) -> None:
        """Change the title of a record, or something that makes it another one."""
        data = yaml.load(self.files[path], yaml.CSafeLoader)
        data["title"] = self.fresh("标题")
        if self.rng.random() < 0.3:
            data["date"] = f"{YEAR}-0{self.rng.randint(1, 3)}-02"
        self.files[path] = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True)

    def move(self, path: str, *, keep: bool = False) -> None:
        """Move the folder of a record to a new name, or copy it."""
        old = path.rpartition("/")[0]
        new = f"branches/{self.name}/{YEAR}/documents/{self.fresh('m')}"
        for own in [p for p in self.files if p.startswith(f"{old}/")]:
            text = self.files[own] if keep else self.files.pop(own)
            self.files[new + own.removeprefix(old)] = text
        if self.rng.random() < 0.5:
            self.edit(f"{new}/document.yml")

    def rename(self) -> None:
        """Give the branch another id, with all that it filed."""
        new = self.fresh("own")
        head = f"branches/{self.name}/"
        self.files = {
            (f"branches/{new}/{p.removeprefix(head)}" if p.startswith(head) else p): text
            for p, text in self.files.items()
        }
        self.former.append(self.name)
        self.name = new

    def step(self) -> None:
        """Make one change."""
        rng, roll = self.rng, self.rng.random()
        path = rng.choice(self.records()) if self.records() else ""
        if not path or roll < 0.35:
            self.add()
        elif roll < 0.5:
            self.edit(path)
        elif roll < 0.85:
            self.move(path, keep=roll > 0.8)
        elif roll < 0.93:
            del self.files[path]
        else:
            self.rename()

    def write(self) -> list[Commit]:
        """Return the commits, from February on."""
        for number in range(self.rng.randint(3, 9)):
            for _ in range(self.rng.randint(1, 3)):
                self.step()
            day = f"{YEAR}-{2 + number:02d}-{self.rng.randint(1, 28):02d}"
            self.commits.append(Commit(day, dict(self.files)))
        return self.commits

    def entries(self) -> list[Data]:
        """Return what the committee writes down: of present, former and unknown paths."""
        rng = self.rng
        paths = sorted({p for commit in self.commits for p in commit.files if ".yml" in p})
        names = ["/".join(path.split("/")[3:5]) for path in paths] or ["documents/none"]
        return [
            {
                "path": rng.choice([*names, "documents/none"]),
                "on": f"{YEAR}-{rng.randint(1, 11):02d}-15",
                "reason": "示例",
            }
            for _ in range(rng.randint(0, 3))
        ]
