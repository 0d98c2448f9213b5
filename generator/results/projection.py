"""What an audience may see of results: everything else is taken out before anything is made of it.

Fields go by the list (``audience``); counts below five and digests of small files by their values
(``redaction``). A text that is withheld is told as such, and stands in no message of its branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

# Any: values of the model, each of its own type.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.files.paths import APPEALS_FOLDER, VETOES_FOLDER, CommitteePath
from generator.results.audience import CLASSES, WITHHELD, FieldClass, Publish
from generator.results.document import RunningDigest, branch_json, common_json
from generator.results.packed import PARTS, opened, packed_again
from generator.results.redaction import Redaction
from generator.text.messages import Message

if TYPE_CHECKING:
    from generator.results.corrections import Changed
    from generator.results.model import BranchResult, Results
    from generator.text.findings import Finding

VERIFIED = "verified"
SUSPICION = "R004"
KEPT_BACK = frozenset({VETOES_FOLDER, APPEALS_FOLDER})
BRANCH = "results.branches"
#: Fields of the model that files call otherwise; what is summed up of lines goes with the total.
CALLED = {
    "period": "period.from",
    "rubric_id": "rubric.id",
    "rubric_sha256": "rubric.sha256",
    "done": "assessed.done",
    "of": "assessed.of",
    "maxima": "total",
    "portions": "total",
    "pending": "total",
}
#: Steps to values that only their file can judge: a change of one is not told where they are few.
UNTOLD_CHANGES = frozenset({"ballots", "blob", "details"})


#: Texts for programs, and what stands beside another: nothing stands in their place.
UNWORDED = frozenset({f"{BRANCH}.vetoes.date", f"{BRANCH}.vetoes.reference"})


class Hidden(NamedTuple):
    """A text that is withheld, and its field."""

    text: str
    field: str


class Projection:
    """Takes out of results what an audience may not see; ``hidden`` are the texts taken out.

    ``word`` stands in the place of a text that is withheld, in the language of the results.
    """

    def __init__(self, publish: Publish, word: str = WITHHELD) -> None:
        self.publish = publish
        self.word = word
        self.redaction = Redaction(publish, word)
        self.hidden: set[Hidden] = set()
        self._own: dict[str, str] = {}

    def results(self, results: Results, digest: str) -> Results:
        """Return results with nothing in them that is not shown; ``digest`` is that of the whole.

        Where everything is shown they are returned as they are.
        """
        if not self.publish.withheld:
            return results
        values = {
            item.name: self._shown(getattr(results, item.name), self._name("results", item.name))
            for item in fields(results)
            if item.name not in {"branches", "corrections", "full_digest", "withheld"}
        }
        return type(results)(
            **values,
            branches=tuple(map(self.branch, results.branches)),
            corrections=tuple(
                replace(self._record(item, "results.corrections"), changes=changes)
                for item in results.corrections
                for changes in [tuple(map(self._change, item.changes))]
            ),
            full_digest=digest,
            withheld=self.publish.withheld,
        )

    def branch(self, branch: BranchResult) -> BranchResult:
        """Return one branch with nothing in it that is not shown."""
        self._own = {}
        if not self.publish.shows(FieldClass.SUSPICIONS):
            for veto in branch.vetoes:
                if veto.state != VERIFIED:
                    self._blank(veto.reason, f"{BRANCH}.vetoes.reason")
                    self._blank(veto.reference, f"{BRANCH}.vetoes.reference")
            verified = tuple(veto for veto in branch.vetoes if veto.state == VERIFIED)
            branch = replace(branch, vetoes=verified)
        values = {
            item.name: self._shown(getattr(branch, item.name), self._name(BRANCH, item.name))
            for item in fields(branch)
            if item.name != "packed"
        }
        return replace(branch, **values, packed=self._packed(branch.packed))

    def _name(self, prefix: str, name: str) -> str:
        return f"{prefix}.{CALLED.get(name, name)}"

    def _shown(self, value: Any, name: str) -> Any:
        """Return the value of a field, or of those below it, as it is shown."""
        if isinstance(value, tuple) and value and is_record(value[0]):
            found = [self._record(own, name) for own in value if self._whole(own, name)]
            return tuple(found)
        if is_record(value):
            return self._record(value, name)
        if isinstance(value, Mapping) and name not in CLASSES:
            step = "{}.*" if f"{name}.*" in CLASSES else "{}.{}"
            pairs = {key: step.format(name, key) for key in value}
            shown = {key: self._shown(value[key], own) for key, own in pairs.items()}
            return {key: own for key, own in shown.items() if self.publish.shows_field(pairs[key])}
        return value if self.publish.shows_field(name) else self._blank(value, name)

    def _whole(self, record: Any, name: str) -> bool:
        """Whether anything of a record is shown; what is withheld of one that is not, is noted."""
        names = names_of(record)
        if any(self.publish.shows_field(f"{name}.{own}") for own in names):
            return True
        for own in names:
            self._blank(getattr(record, own), f"{name}.{own}")
        return False

    def _record(self, record: Any, name: str) -> Any:
        """Return a record with every field as it is shown."""
        values = {
            own: self._shown(getattr(record, own), f"{name}.{own}") for own in names_of(record)
        }
        return type(record)(**values)

    def _blank(self, value: Any, name: str) -> Any:
        """Return what stands for a value that is not shown; note a text."""
        if isinstance(value, str | Message):
            text = f"{value}"
            if text:
                self.hidden.add(Hidden(text, name))
                self._own[text] = name
            return self.word if text and name not in UNWORDED else ""
        if value is None or isinstance(value, Decimal):
            return None
        return type(value)()

    def _packed(self, data: bytes) -> bytes:
        """Return packed details with nothing in them that is not shown."""
        if not data:
            return data
        document = opened(data)
        for part in PARTS:
            for entry in document[part]:
                self._entry(entry, f"{BRANCH}.{part}")
        self.redaction.details(document, self._own)
        return packed_again(document)

    def _entry(self, entry: dict[str, Any], name: str) -> None:
        for key in [*entry]:
            field = f"{name}.{key}"
            if key in {"files", "ballots"} or self.publish.shows_field(field):
                continue
            if field not in CLASSES:
                del entry[key]
            elif entry[key]:
                entry[key] = self._blank_json(entry[key], field)

    def _blank_json(self, value: Any, name: str) -> Any:
        """Return what stands for packed JSON that is not shown: text and messages are lists."""
        if isinstance(value, str):
            return self._blank(value, name)
        words = isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict)
        return self.word if words else type(value)()

    def _change(self, change: Changed) -> Changed:
        """Return one place that a correction changed, with what may be told of it."""
        first, *rest = change.steps
        prefix = f"{BRANCH}.{first}" if change.branch is not None else f"results.{first}"
        found = [prefix, *(f"{prefix}.{step}" for step in rest)]
        listed = [name for name in found if name in CLASSES]
        told = listed and all(map(self.publish.shows_field, listed))
        few = UNTOLD_CHANGES.isdisjoint(change.steps) or self.publish.shows(FieldClass.FEW)
        if (told and few) or (change.key == "id"):
            old, new = (self.redaction.plain(value) for value in (change.old, change.new))
        else:
            old, new = (None if value is None else self.word for value in (change.old, change.new))
        return replace(change, old=old, new=new)


def is_record(value: object) -> bool:
    """Whether a value has fields of its own."""
    named = isinstance(value, tuple) and hasattr(value, "_fields")
    return named or (is_dataclass(value) and not isinstance(value, Message))


def names_of(record: Any) -> tuple[str, ...]:
    """Return the names of a record's fields."""
    own = getattr(record, "_fields", None)
    return own or tuple(item.name for item in fields(record))


def whole_digest(results: Results) -> str:
    """Return the digest of results as a file has it; one branch is looked at after the other."""
    digest = RunningDigest(common_json(results))
    for branch in results.branches:
        digest.add(branch_json(branch))
    return digest.end()


def projected(results: Results, publish: Publish, word: str = WITHHELD) -> Results:
    """Return what an audience may see of results, with the digest of the whole."""
    if not publish.withheld:
        return results
    return Projection(publish, word).results(results, whole_digest(results))


def verified_alone(results: Results) -> Results:
    """Return results without the vetoes that are not verified, as sites published them before."""
    branches = tuple(
        replace(branch, vetoes=tuple(v for v in branch.vetoes if v.state == VERIFIED))
        for branch in results.branches
    )
    return replace(results, branches=branches)


def holds_verified_alone(document: Mapping[str, Any]) -> bool:
    """Whether a results file has no veto but verified ones, as published files have."""
    branches = document.get("branches")
    return isinstance(branches, list) and all(
        isinstance(veto, dict) and veto.get("state") == VERIFIED
        for branch in branches
        if isinstance(branch, dict)
        for veto in branch.get("vetoes") or ()
    )


def is_told(finding: Finding, publish: Publish) -> bool:
    """Whether a page may show a finding: none of a suspicion, nor that there is such a file.

    What is wrong with answers to appeals is the committee's to mend; pages show them as they are.
    """
    if not publish.shows(FieldClass.FINDINGS):
        return False
    own = CommitteePath.of(finding.path)
    return finding.code != SUSPICION and (own is None or own.group not in KEPT_BACK)
