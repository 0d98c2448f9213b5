"""Every form by what it asks for, and what each starts from where it is to be like another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.proposals.filing import likeness
from generator.proposals.filing.claiming import CRITERION, BonusForm, ClaimForm
from generator.proposals.filing.evidence import ActivityForm, DocumentForm
from generator.proposals.filing.plain import plain_of
from generator.proposals.filing.registering import BranchForm

if TYPE_CHECKING:
    from generator.proposals.filing.forms import Form, Values

#: What is asked for → its form.
FORMS: dict[str, type[Form]] = {
    form.what: form for form in (BranchForm, ActivityForm, DocumentForm, ClaimForm, BonusForm)
}


def start_of(form: Form, like: str | None, values: Values) -> Values:
    """Return what a form starts from: the record that ``like`` names, or the claim to be renewed.

    ``values`` are the answers so far: they tell which of several is meant. Raises LikeError.
    """
    if like is None:
        return renewed(form, values) if isinstance(form, ClaimForm) else {}
    if isinstance(form, BranchForm):
        return likeness.like_branch(form.desk, like)
    if isinstance(form, ActivityForm):
        return likeness.like_activity(form.desk, like, values)
    if isinstance(form, DocumentForm):
        return likeness.like_document(form.desk, like, values)
    if isinstance(form, ClaimForm):
        return likeness.like_claim(form.desk, like, values)
    return likeness.like_bonus(form.desk, like, values)


def renewed(form: ClaimForm, values: Values) -> Values:
    """Return the claim that is there already for the same criterion."""
    claims = form.assessment.claims if form.assessment else {}
    claim = claims.get(f"{values.get(CRITERION)}")
    return {**plain_of(claim)} if claim is not None else {}
