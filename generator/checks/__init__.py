"""Checks: each is one named function that reports findings of the codes it carries."""

from generator.checks import answers, claims, cross, files, former, rubric, titles, unsent
from generator.checks.committee import (
    accepted,
    after,
    appeals,
    audit,
    due,
    inactivity,
    received,
    reviews,
    teams,
    vetoes,
    year,
)
from generator.checks.committee.withdrawn import lost
from generator.checks.registry import (
    BRANCH_CHECKS,
    COMMITTEE_CHECKS,
    CROSS_CHECKS,
    RUBRIC_CHECKS,
    BranchContext,
    YearContext,
    run_branch,
    run_cross,
    run_rubric,
    run_year,
)
from generator.checks.summary import BranchSummary

__all__ = [
    "BRANCH_CHECKS",
    "COMMITTEE_CHECKS",
    "CROSS_CHECKS",
    "RUBRIC_CHECKS",
    "BranchContext",
    "BranchSummary",
    "YearContext",
    "run_branch",
    "run_cross",
    "run_rubric",
    "run_year",
]

#: Importing the modules registers their checks.
MODULES = (
    files, claims, answers, received, reviews, vetoes, year, teams, due, inactivity, appeals,
    accepted, after, audit, lost, cross, former, rubric, titles, unsent,
)  # fmt: skip
