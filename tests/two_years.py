"""Repositories of several years drawn by a seed, in memory, and their sites."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

from generator.engine.year import Means
from generator.results.audience import PUBLIC
from generator.site.data.years import assembled, evaluations
from tests.memory import MemoryTree
from tests.years import YEAR, Branch, claim, document, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.results.audience import Publish
    from generator.site.data.years import SiteData

TEMPLATES = Path(__file__).resolve().parents[1] / "site_templates"
NAMES = ("a", "b", "c")
SLUGS = ("x", "y", "z")
RULES = rubric(
    section("one", judged("first", 6), judged("second", 4)),
    section("two", judged("third", 10)),
)


def files_of(years: Mapping[int, tuple[str, Mapping[str, Branch]]]) -> dict[str, bytes]:
    """Return the files of some years, each with its stage and what its branches filed."""
    files: dict[str, bytes] = {}
    for year, (stage, branches) in years.items():
        own = year_of(RULES, branches)
        own[f"committee/{YEAR}/appraisal.yml"] |= {"stage": stage}
        for path, data in own.items():
            text = encoded(data).decode("utf-8").replace(f"{YEAR}-", f"{year}-")
            files[path.replace(f"/{YEAR}", f"/{year}")] = text.encode("utf-8")
    return files


def drawn_branch(rng: random.Random) -> Branch:
    """Return what a branch filed: some claims, some records, perhaps nothing."""
    slugs = rng.sample(SLUGS, rng.randint(0, 2))
    records = [document(slug) for slug in slugs]
    claims = {
        name: claim(rng.randint(0, most))
        for name, most in (("first", 6), ("second", 4), ("third", 10))
        if rng.random() < 0.6
    }
    return Branch(claims=claims, records=records, silent=rng.random() < 0.2)


def drawn_years(seed: int) -> dict[int, tuple[str, dict[str, Branch]]]:
    """Return two or three years, at least two of them under way, with some of the branches each."""
    rng = random.Random(seed)
    years = sorted(rng.sample(range(2019, 2031), rng.randint(2, 3)))
    stages = [rng.choice(("open", "review")) for _ in years]
    return {
        year: (stage, {name: drawn_branch(rng) for name in rng.sample(NAMES, rng.randint(1, 3))})
        for year, stage in zip(years, stages, strict=True)
    }


def site_of(files: Mapping[str, bytes], publish: Publish = PUBLIC) -> SiteData:
    """Return the site of a tree in memory."""
    found = evaluations(MemoryTree(files), Means())
    return assembled(Path(), TEMPLATES, found, publish=publish)
