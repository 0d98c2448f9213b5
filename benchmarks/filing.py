"""The records of one made-up branch: activities and documents with their attachments."""

from __future__ import annotations

import datetime
from hashlib import sha1
from typing import TYPE_CHECKING

from benchmarks import attachments, words
from benchmarks.made import YEAR, Branch, Dice, File, Record, branch_id, encode

if TYPE_CHECKING:
    from benchmarks.rules import Kind, Rules

#: Kinds that nearly every branch files, in January and in December.
REGULAR = ("plan", "summary")
#: Every so many branches, one files a photo and a PDF as large as people have them.
LARGE_EVERY = 50


class Filing:
    """Files records of one branch; each is dated by the day on which it is filed."""

    def __init__(self, branch: Branch, members: int, rng: Dice, rules: Rules) -> None:
        self.branch = branch
        self.home = f"branches/{branch.id}"
        self.members = members
        self.rng = rng
        self.rules = rules
        self.records: list[Record] = []
        #: Whether the next photo is one of 2 MB.
        self.large = branch.number % LARGE_EVERY == 0

    def put(self, path: str, data: bytes, day: datetime.date) -> str:
        """Add a file below the branch's folder; return its git blob id."""
        self.branch.files.append(File(f"{self.home}/{path}", data, day))
        return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()

    def activity(self, year: int, day: datetime.date) -> None:
        """File one activity of the branch alone."""
        kind = self.rng.choice(tuple(self.rules.activity_types))
        self._activity(year, day, kind, [], self._photo(day))

    def joint_activity(self, partner: int) -> None:
        """File an activity together with another branch: both have the same photo."""
        first = min(partner, self.branch.number)
        day = datetime.date(YEAR, 12, 1 + first % 28)
        kind = tuple(self.rules.activity_types)[-1]
        photo = ("联合活动.jpg", attachments.jpeg(f"joint {branch_id(first)} {day}"))
        self._activity(YEAR, day, kind, [f"joint_with: [{branch_id(partner)}]"], photo)

    def _photo(self, day: datetime.date) -> tuple[str, bytes] | None:
        if self.large and day.year == YEAR:
            self.large = False
            return "现场.jpg", attachments.photo(f"{self.branch.id} {day}")
        if self.rng.likely(15):
            return "现场.jpg", attachments.jpeg(f"{self.branch.id} {day}")
        return ("现场.png", attachments.png(self.rng)) if self.rng.likely(20) else None

    def _activity(
        self,
        year: int,
        day: datetime.date,
        kind: str,
        more: list[str],
        photo: tuple[str, bytes] | None,
    ) -> None:
        rng = self.rng
        title = self.rules.activity_types[kind]
        files = {"记录.md": self._article(f"{title}记录 {day}", 3)}
        lines = [f"title: {title}", f"type: {kind}", f"date: {day}"]
        lines += [f"place: {rng.choice(words.PLACES)}", "record: 记录.md", *more]
        if rng.likely(85):
            lines.append("collective: true")
        if rng.likely(80):
            name = "plan.pdf" if rng.likely(20) else "方案.md"
            lines.append(f"plan: {name}")
            plan = attachments.pdf(f"{self.branch.id} {day} {rng.randrange(10**9)}")
            article = self._article(f"{title}方案 {day}", 2)
            files[name] = plan if name == "plan.pdf" else article
        lines += self._attendance(day, files)
        if photo is not None:
            files[photo[0]] = photo[1]
            lines.append(f"photos: [{photo[0]}]")
        self._record(year, f"activities/{day}-{kind}", ("activity", day), lines, files)

    def _attendance(self, day: datetime.date, files: dict[str, bytes]) -> list[str]:
        members = self.members
        if self.rng.likely(10):
            return []
        if self.rng.likely(30):
            prefix = f"{chr(ord('A') + day.month)}{self.branch.number:05d}"
            files["attendance.csv"] = attachments.roll(self.rng, prefix, members)
            return ["attendance: {file: attendance.csv}"]
        present = self.rng.randint(members // 2, members)
        leave = self.rng.randint(0, members - present)
        counts = f"members: {members}, present: {present}, leave: {leave}"
        return [f"attendance: {{{counts}, absent: {members - present - leave}}}"]

    def document(self, kind: Kind, slug: str, year: int) -> None:
        """File one document."""
        rng = self.rng
        day = datetime.date(year, rng.randint(1, 12), rng.randint(1, 28))
        if kind.id in REGULAR:
            day = datetime.date(year, 1 if kind.id == REGULAR[0] else 12, rng.randint(2, 15))
        name = f"{kind.title[:8]}.md"
        lines = [f"kind: {kind.id}", f"title: {year}年{kind.title}", f"date: {day}"]
        files = {name: self._article(f"{kind.title} {slug} {year}", rng.randint(2, 5))}
        if rng.likely(15):
            name = f"{slug}.pdf"
            files = {name: attachments.pdf(f"{self.branch.id} {slug} {year}")}
        if kind.id == REGULAR[0] and year == YEAR and self.branch.number % LARGE_EVERY == 0:
            name = f"{slug}.pdf"
            files = {name: attachments.scan(f"{self.branch.id} {slug} {year}", rng)}
        lines.append(f"files: [{name}]")
        if rng.likely(10):
            lines.append(f"url: https://example.org/{self.branch.id}/{slug}")
        if kind.fields:
            lines.append("fields:")
            lines += [f"  {key}: {self._value(kind_, day)}" for key, kind_ in kind.fields.items()]
        self._record(year, f"documents/{slug}", (kind.id, day), lines, files)

    def _value(self, kind: str | list[str], day: datetime.date) -> str:
        """Return a value of a field's type."""
        rng = self.rng
        if isinstance(kind, list):
            return rng.choice(kind)
        values = {
            "date": str(day + datetime.timedelta(days=rng.randint(-20, 40))),
            "count": str(rng.randint(0, 12)),
            "number": f"{rng.randint(0, 40) / 4:g}",
            "boolean": "true" if rng.likely(80) else "false",
            "url": f"https://example.org/{self.branch.id}",
        }
        return values.get(kind, rng.choice(words.STATEMENTS))

    def _article(self, heading: str, paragraphs: int) -> bytes:
        title = f"{heading} {self.branch.id}"
        return words.article(self.rng, title, paragraphs).encode("utf-8")

    def _record(
        self,
        year: int,
        reference: str,
        kind: tuple[str, datetime.date],
        lines: list[str],
        files: dict[str, bytes],
    ) -> None:
        """Write a record and its attachments, filed on the record's own day."""
        folder = f"{year}/{reference}"
        own = "activity.yml" if reference.startswith("activities/") else "document.yml"
        blobs = {
            f"{self.home}/{folder}/{name}": self.put(f"{folder}/{name}", data, kind[1])
            for name, data in [(own, encode(lines)), *files.items()]
        }
        self.records.append(Record(reference, kind[0], blobs))
