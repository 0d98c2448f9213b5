"""JSON Schemas of all files, made from the same definitions that read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats import branch_files as model
from generator.formats import committee_files as committee
from generator.formats.after import AFTER
from generator.formats.received import ACCEPTED, APPEALS, AUDIT, RECEIVED, VETOES
from generator.rubric.document import RUBRIC
from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from generator.formats.shapes import Schema, Shape

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file: where it lies, who owns it, what it is called, what it may hold."""

    name: str
    path: str
    title: str
    shape: Shape[object]


FORMATS = (
    FileFormat("branch", "branches/<id>/branch.yml", mark("党支部"), model.BRANCH),
    FileFormat(
        "self-assessment",
        "branches/<id>/<year>/self-assessment.yml",
        mark("自评"),
        model.SELF_ASSESSMENT,
    ),
    FileFormat(
        "activity",
        "branches/<id>/<year>/activities/<yyyy-mm-dd>-<slug>/activity.yml",
        mark("活动"),
        model.ACTIVITY,
    ),
    FileFormat(
        "document",
        "branches/<id>/<year>/documents/<slug>/document.yml",
        mark("材料"),
        model.DOCUMENT,
    ),
    FileFormat("rubric", "rubric.yml", mark("考核办法"), RUBRIC),
    FileFormat("consortia", "committee/consortia.yml", mark("联合体"), committee.CONSORTIA),
    FileFormat("roster", "committee/roster.yml", mark("党委账号"), committee.ROSTER),
    FileFormat(
        "appraisal", "committee/<year>/appraisal.yml", mark("年度考核"), committee.APPRAISAL
    ),
    FileFormat("review", "committee/<year>/reviews/<id>.yml", mark("核定"), committee.REVIEW),
    FileFormat("vetoes", "committee/<year>/vetoes/<id>.yml", mark("一票否决"), VETOES),
    FileFormat("appeals", "committee/<year>/appeals/<id>.yml", mark("申诉"), APPEALS),
    FileFormat(
        "supervision",
        "committee/<year>/supervision/<team>.yml",
        mark("督导团意见"),
        committee.SUPERVISION,
    ),
    FileFormat("debrief", "committee/<year>/debrief.yml", mark("述职测评"), committee.DEBRIEF),
    FileFormat("decision", "committee/<year>/decision.yml", mark("党委评定"), committee.DECISION),
    FileFormat("received", "committee/<year>/received/<id>.yml", mark("收到日期登记"), RECEIVED),
    FileFormat("accepted", "committee/<year>/accepted.yml", mark("接受的问题"), ACCEPTED),
    FileFormat("audit", "committee/<year>/audit.yml", mark("抽查"), AUDIT),
    FileFormat("after", "committee/<year>/after.yml", mark("结果运用"), AFTER),
    FileFormat("due", "committee/<year>/due.yml", mark("应报事项"), committee.DUE),
)


def schema_of(file_format: FileFormat) -> Schema:
    """Return the JSON Schema (2020-12) of one kind of file."""
    return {
        "$schema": DIALECT,
        "$id": f"{file_format.name}.schema.json",
        **file_format.shape.schema(),
        "title": gettext(file_format.title),
        "description": file_format.path,
    }


def all_schemas() -> dict[str, Schema]:
    """Return name → schema of every kind of file."""
    return {item.name: schema_of(item) for item in FORMATS}
