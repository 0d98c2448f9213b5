"""The bundles of a year in which branches file: made of its files, or kept from an earlier build.

What is in them ``public_view`` alone decides. The same data gives the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.engine.store import SIZE
from generator.proposals.bundles.common import common_view
from generator.proposals.bundles.keys import SCHEMA
from generator.proposals.bundles.view import public_view
from generator.results.audience import PUBLIC
from generator.site.addresses import BUNDLE, own_bundle_address
from generator.site.form.before import cards, forms_of
from generator.site.form.kept import BundleStore, Made, Place, Row
from generator.site.html.page import GeneratedFile
from generator.text.language import language
from generator.text.privacy import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.results.audience import Publish
    from generator.results.model import BranchResult, Results
    from generator.site.data.filed import Filed
    from generator.site.data.years import SiteData

#: Halves of characters that names of files may hold, which no text in UTF-8 can.
HALVES = re.compile("[\ud800-\udfff]")


@dataclass
class Bundles:
    """Makes the bundles of one year; ``results`` are those that are published."""

    filed: Filed
    results: Results
    store: BundleStore | None = None
    shows: Publish = PUBLIC

    @property
    def year(self) -> int:
        """The year."""
        return self.results.year

    def own(self, branch: BranchResult) -> tuple[GeneratedFile, bytes, Row | None]:
        """Return the file of a branch, what all share of it, and the row to keep where it is new.

        A branch whose folder is not as a commit has it is never kept.
        """
        key = self.key(branch) if self.store is not None else b""
        place = Place(branch.id, self.year, f"{language()} {self.shows.audience}")
        made = self.store.read(place, key) if self.store and key else None
        row = None
        if made is None:
            view = public_view(self.filed.opened(), branch.id, self.shows)
            document = {**view.document, "overview": {"adding": cards()}}
            made = Made(as_json(document), as_json(view.shared))
            row = self.store.row(place, key, made) if self.store and key else None
        address = own_bundle_address(self.year, branch.id)
        return GeneratedFile(address, lambda: [made.own]), made.shared, row

    def key(self, branch: BranchResult) -> bytes:
        """Return a digest of all that a bundle rests on; empty where nobody can tell."""
        rests = self.filed.keys.get(branch.id)
        if rests is None:
            return b""
        # Its rank moves with other branches, and is in no bundle but what all share.
        alone = replace(
            branch, rank=None, rank_range=None, grade=None, grade_title=NO_TEXT,
            computed_grade=None, grade_reason=NO_TEXT, appeals=(),
        )  # fmt: skip
        digest = hashlib.blake2b(digest_size=SIZE)
        facts = (SCHEMA, language(), self.shows, rests, alone)
        digest.update(repr(facts).encode("utf-8", "surrogatepass"))
        digest.update(branch.packed)
        return digest.digest()

    def shared(self, compared: Mapping[str, bytes]) -> GeneratedFile:
        """Return the file of what all branches share; ``compared`` is what ``own`` gave of each."""
        documents = {name: json.loads(text) for name, text in compared.items()}
        run = self.filed.opened()
        document = common_view(run, self.results, documents, self.shows)
        day = run.date.day or datetime.date(self.year, 12, 31)
        document["forms"] = forms_of(document, self.year, day)
        return GeneratedFile(f"{self.year}/{BUNDLE}", lambda: [as_json(document)])


def bundles_of(site: SiteData, store: BundleStore | None) -> Bundles | None:
    """Return what makes the bundles of a year; None where branches no longer file."""
    if site.filed is None:
        return None
    return Bundles(site.filed, site.published, store, site.publish)


def as_json(document: object) -> bytes:
    """Return a document on one line, as UTF-8; half a character is written as an escape."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return HALVES.sub(lambda half: f"\\u{ord(half.group()):04x}", text).encode("utf-8")
