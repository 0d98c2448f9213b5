"""The form of a branch itself: who it is, for the committee to write down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import branch_path
from generator.formats.branch_files import BRANCH, Branch
from generator.formats.writing import written
from generator.proposals.filing.forms import NO_FILES, Draft, Form, nested, questions_of
from generator.proposals.filing.questions import choices_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.proposals.filing.forms import Values
    from generator.proposals.filing.questions import Question


class BranchForm(Form):
    """Asks for what a branch is; its id is that of the desk."""

    what = "branch"

    def questions(self, values: Values) -> tuple[Question, ...]:
        """Return the questions, in their order."""
        del values
        own = questions_of(self.what, Branch)
        own["kind"] = own["kind"].among(choices_of(self.desk.rubric.branch_kinds))
        own["consortium"] = own["consortium"].among(choices_of(self.desk.consortia))
        return tuple(own.values())

    def draft(self, values: Values, attached: Mapping[str, bytes] = NO_FILES) -> Draft:
        """Return branch.yml."""
        del attached
        record = nested(values, self.questions(values))
        return Draft(branch_path(self.desk.branch), written(BRANCH, record))
