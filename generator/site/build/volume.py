"""All generated pages of a year: the families of them, and the pages of branches."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Status
from generator.site.addresses import branch_address, record_address
from generator.site.branches.card import Card, card_of
from generator.site.branches.peers import lacking_of, peers_of
from generator.site.build.families import FAMILIES
from generator.site.data.rulebook import rubric_view
from generator.site.data.scant import SCANT, place_of
from generator.site.data.year import YearPages
from generator.site.exports import downloads_page
from generator.site.html.page import (
    GeneratedPage,
    SearchEntry,
)
from generator.site.html.templating import joined
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord
    from generator.scoring.scorecard import BonusLine, Line
    from generator.site.branches.peers import Peers
    from generator.site.data.rulebook import RubricView

    Lines = dict[str, list[Line]]
    BonusLines = dict[str, list[BonusLine]]


#: Stages in which a branch can still file.
FILING = frozenset({"open", "review"})


class Pages(YearPages):
    """Makes all pages of one year of a site: those of families, and those of its branches."""

    def peers(self, branch: BranchResult) -> Peers:
        """Return what a branch's pages show of all others."""
        return peers_of(self, branch, self.lacking.get(branch.id, ""))

    def card(self, branch: BranchResult) -> Card:
        """Return the view of a branch's scorecard."""
        return card_of(self, branch, self.peers(branch))

    def prepare(self) -> None:
        """Work out what all pages look at, before they are shared out to processes."""
        for branch in self.site.results.branches[:1]:
            self.peers(branch)

    @cached_property
    def lacking(self) -> dict[str, str]:
        """Where each branch stands in the list of what all lack."""
        return lacking_of(self)

    @cached_property
    def rules(self) -> RubricView:
        """The rubric in words."""
        return rubric_view(self.site.rubric)

    @cached_property
    def standing(self) -> dict[str, Callable[[], GeneratedPage]]:
        """What makes the pages that do not belong to a branch, by address; not the downloads."""
        return {address: make for family in FAMILIES for address, make in family(self)}

    def downloads(self, digest: str) -> GeneratedPage:
        """Return the page of downloads; ``digest`` is that of the results, known at the end."""
        return downloads_page.downloads(self, digest)

    def branch(self, branch: BranchResult) -> Iterator[GeneratedPage]:
        """Yield the pages of a branch: its scorecard, and a page for each record of evidence.

        They show nothing but the branch, what the rubric says, and ``shown``.
        """
        yield self.scorecard(branch)
        lines: Lines = {}
        for line in branch.criteria:
            for path in dict.fromkeys(line.evidence):
                lines.setdefault(path, []).append(line)
        bonus: BonusLines = {}
        for claim in branch.bonus_lines:
            for path in dict.fromkeys(claim.evidence):
                bonus.setdefault(path, []).append(claim)
        elsewhere = {record.path for past in self.earlier(branch) for record in past.records}
        for record in branch.records:
            if record.path not in elsewhere:
                yield self.evidence(
                    branch, record, lines.get(record.path, []), bonus.get(record.path, [])
                )

    def earlier(self, branch: BranchResult) -> list[BranchResult]:
        """Return a branch's results of earlier years, which have the pages of their own records."""
        return [p.result for p in self.site.trend(branch.id) if p.year < self.shown.year]

    def scorecard(self, branch: BranchResult) -> GeneratedPage:
        """Return the scorecard of a branch."""
        year = self.shown.year
        status = Status(branch.status)
        return self.page(
            branch_address(year, branch),
            "scorecard.html.jinja" if branch.lines else "unfiled.html.jinja",
            branch.name,
            description=tr("{name} {year} 年度考核评分卡", name=branch.name, year=year),
            search=self.entry(branch) if self.current else None,
            card=self.card(branch),
            vetoed=status is Status.VETOED,
            scant=place_of(branch) == SCANT,
            unreadable=status is Status.UNREADABLE,
            rules=self.rules if not branch.lines and self.shown.stage in FILING else None,
        )

    def entry(self, branch: BranchResult) -> SearchEntry:
        """Return what search finds a branch by: name, societies, id and rank, and no more."""
        rank = tr("第 {rank} 名", rank=branch.rank) if branch.rank else ""
        rank = gettext("未评足") if place_of(branch) == SCANT else rank
        words = joined((*branch.societies, branch.id, rank))
        return SearchEntry(self.titled(branch.name), words)

    def evidence(
        self,
        branch: BranchResult,
        record: EvidenceRecord,
        lines: list[Line],
        bonus: list[BonusLine],
    ) -> GeneratedPage:
        """Return the page of one record of evidence and the lines that rest on it."""
        return self.page(
            record_address(record),
            "evidence.html.jinja",
            record.title,
            description=tr("{name}的佐证：{title}", name=branch.name, title=record.title),
            branch=branch,
            record=record,
            lines=lines,
            bonus=bonus,
            home=branch_address(self.shown.year, branch),
        )
