"""Records to begin from: the branch's own of the year before, of the same kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import (
    ACTIVITIES,
    RECORD_FILES,
    SELF_ASSESSMENT_FILE,
    RecordPath,
    year_folder,
)
from generator.formats.branch_files import ACTIVITY, DOCUMENT
from generator.loading.reader import Reader
from generator.proposals.filing import likeness
from generator.proposals.filing.assessing import SelfForm, criterion_key
from generator.proposals.filing.claiming import CRITERION, ClaimForm
from generator.proposals.filing.every import start_of
from generator.reports.findings import safe
from generator.site.form.answering.arguments import RefusedError
from generator.text.findings import Report
from generator.text.language import mark, tr

if TYPE_CHECKING:
    from generator.formats.branch_files import Activity, Document
    from generator.proposals.filing.forms import Values
    from generator.site.form.answering.opening import Opening

Shown = dict[str, object]

OF_YEAR = mark("{year} 年的自评")
#: So many years back.
YEARS = 4
#: So many are offered, the newest first.
MOST = 60


def likes_of(opening: Opening) -> list[Shown]:
    """Return records of the last year, and of this one, that a new one may be like."""
    if not opening.group:
        return assessments(opening)
    if not opening.is_new:
        return []
    desk, group = opening.desk, opening.group
    last = year_folder(desk.branch, desk.year - 1)
    found: list[Shown] = []
    for path in sorted(desk.entries, reverse=True):
        place = RecordPath.of(path)
        if place is None or place.group != group or place.file != RECORD_FILES[group]:
            continue
        if not path.startswith((f"{last}/", f"{desk.folder}/")):
            continue
        record = loaded(opening, path)
        if record is not None:
            title = f"{record.title or place.folder}"
            day = f"{record.date or place.year}"
            found.append({"id": place.record, "title": safe(f"{day} {title}")})
    found.sort(key=lambda own: f"{own['id']}".startswith(last), reverse=True)
    return found[:MOST]


def assessments(opening: Opening) -> list[Shown]:
    """Return the years before whose self-assessment may be a start, the last one first."""
    desk = opening.desk
    if not opening.is_new and opening.name != ClaimForm.what:
        return []
    years = (year for year in range(desk.year - 1, desk.year - YEARS, -1))
    paths = {
        year: f"{year_folder(desk.branch, f'{year}')}/{SELF_ASSESSMENT_FILE}" for year in years
    }
    return [
        {"id": f"{year}", "title": tr(OF_YEAR, year=year)}
        for year, path in paths.items()
        if path in desk.entries
    ]


def loaded(opening: Opening, path: str) -> Activity | Document | None:
    """Return a record of the form's kind; None where its file cannot be read."""
    reader = Reader(opening.desk.tree, Report())
    try:
        if opening.group == ACTIVITIES:
            return reader.load(path, ACTIVITY)[0]
        return reader.load(path, DOCUMENT)[0]
    except FileNotFoundError:
        return None


def started(opening: Opening, like: str, given: Values) -> Values:
    """Return what another record gives beside the answers; raises RefusedError."""
    try:
        if isinstance(opening.form, SelfForm):
            start = all_claims(opening.form, like)
        else:
            start = start_of(opening.form, like, {**opening.fixed, **given})
    except likeness.LikeError as error:
        raise RefusedError(error.message) from None
    return opening.form.fitting(start, given)


def all_claims(form: SelfForm, like: str) -> Values:
    """Return the claims of another self-assessment; raises LikeError."""
    found: Values = {}
    for _, criterion in form.criteria:
        claim = likeness.like_claim(form.desk, like, {CRITERION: criterion.id})
        found |= {criterion_key(criterion.id, key): value for key, value in claim.items()}
    return found
