"""The sample's records, each taken away alone: the page of their effects is what they do."""

from __future__ import annotations

import pytest

from generator.rubric.methods.complete import Share
from tools.removals import PAGE, Sample, page

ANEW = "the sample or its rubric gives other effects: run python -m tools.removals"


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Return the sample, which tries each removal once."""
    return Sample()


@pytest.mark.slow
def test_the_page_has_what_taking_each_record_away_does(sample: Sample) -> None:
    assert PAGE.read_text("utf-8") == page(sample), ANEW


@pytest.mark.parametrize("branch", ["demo-e", "demo-m", "demo-n"])
def test_no_criterion_that_goes_by_the_list_rises(branch: str, sample: Sample) -> None:
    criteria = sample.reducer.setting.rubric.criteria
    listed = {
        name
        for name, (_, own) in criteria.items()
        if isinstance(own.method, Share) and own.method.due
    }
    assert listed == {"org-reporting", "org-training", "ideology-filing"}
    moved = [effect for effects in sample.effects(branch) for effect in effects]
    gains = [effect.gain for effect in moved if effect.criterion in listed]
    assert gains
    assert max(gains) < 0
