"""A year shared out over several machines: each reduces some branches, one joins the parts.

A part is a text of JSON lines: a head that says what it rests on, a reduced branch a line, an end.
A file holds one part, or one for each of several years.
Parts go together only where their heads agree in all but the shard, and with the repository that
they are joined in.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

# Any: JSON of another machine, compared key by key before anything of it is used.
from typing import TYPE_CHECKING, Any

from generator.engine.cache import base_digest
from generator.engine.encoding import EncodingError, decode, encode
from generator.engine.repository import UnknownYearError, default_year, open_repository
from generator.engine.year import Evaluation, Means, Run
from generator.text.days import read_day
from generator.text.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.engine.branch import Reduced
    from generator.files.tree import Tree

SCHEMA = "appraisal-part/1"
#: The last line of a part.
END = re.compile(r'\{"end": [0-9]+\}')


class PartError(Exception):
    """Parts that do not go together, or a file that is no part: says which and why."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th (from 1) of ``count`` equal shares of all branches."""

    number: int
    count: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """Return the shard that ``I/N`` names; raises ValueError."""
        number, _, count = text.partition("/")
        shard = cls(int(number), int(count))
        if not 1 <= shard.number <= shard.count:
            raise ValueError(text)
        return shard

    def take(self, branch_ids: Sequence[str]) -> list[str]:
        """Return the branches of this share: every ``count``-th."""
        return list(branch_ids[self.number - 1 :: self.count])


def write_part(
    tree: Tree,
    year: int | None,
    means: Means,
    shard: Shard,
    made_by: Mapping[str, str],
    *,
    details: bool,
) -> Iterator[str]:
    """Yield the lines of a part; ``made_by`` says which command the joined parts answer.

    Raises MissingRubricError, UnknownYearError and PartError (for a final year).
    """
    run = open_run(tree, year, means, details=details)
    yield head_of(run, shard, made_by)
    reducer = run.reducer()
    mine = shard.take(run.repository.branch_ids)
    done = 0
    for reduced in means.work(reducer, mine) if reducer else ():
        done += 1
        if means.progress:
            means.progress(done, len(mine))
        yield encode(reduced)
    yield json.dumps({"end": done})


def open_run(tree: Tree, year: int | None, means: Means, *, details: bool) -> Run:
    """Return the run of a year that is not final."""
    repository = open_repository(tree)
    chosen = default_year(repository) if year is None else year
    if chosen is None or not repository.knows(chosen):
        raise UnknownYearError(chosen)
    if chosen in repository.frozen_years:
        raise PartError(say("{year} 年已定稿，不需要分片计算", year=chosen))
    return Run(repository, chosen, means, details)


def head_of(run: Run, shard: Shard | None, made_by: Mapping[str, str]) -> str:
    """Return the head of a part: what it rests on, and which share it is."""
    source = run.means.source
    head = {
        "schema": SCHEMA,
        "year": run.year,
        "details": run.details,
        "commit": source.commit,
        "dirty": source.dirty,
        "as_of": f"{run.means.as_of or ''}",
        "base": base_digest(run.repository, run.committee, anywhere=True).hexdigest(),
        "made_by": dict(made_by),
        "shard": [shard.number, shard.count] if shard else None,
    }
    return json.dumps(head, ensure_ascii=False)


def read_head(name: str, line: str) -> dict[str, Any]:
    """Return the head of a part; raises PartError."""
    try:
        head = json.loads(line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("schema") != SCHEMA:
        raise PartError(say("{name} 不是分片结果", name=name))
    return head


def parts_by_year(parts: Mapping[str, Sequence[str]]) -> list[dict[str, Sequence[str]]]:
    """Return the parts of each year in the order of the files; one file may hold several years.

    Raises PartError.
    """
    found: dict[Any, dict[str, Sequence[str]]] = {}
    for name, lines in parts.items():
        for section in sections_of(lines):
            year = read_head(name, section[0] if section else "").get("year")
            if name in found.setdefault(year, {}):
                raise PartError(say("分片不全，或有重复"))
            found[year][name] = section
    return list(found.values())


def sections_of(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the parts that a file holds one after the other; the last may be cut off."""
    start = 0
    for number, line in enumerate(lines, start=1):
        if END.fullmatch(line):
            yield lines[start:number]
            start = number
    if start < len(lines) or not lines:
        yield lines[start:]


def join_parts(tree: Tree, means: Means, parts: Mapping[str, Sequence[str]]) -> Evaluation:
    """Return what one run over all branches gives; ``parts`` are lines by the name of the file.

    Raises PartError, MissingRubricError and UnknownYearError.
    """
    heads = {name: read_head(name, lines[0] if lines else "") for name, lines in parts.items()}
    first = next(iter(heads.values()))
    means = replace(means, as_of=read_day(first.get("as_of")))
    run = open_run(tree, first["year"], means, details=first["details"])
    check_heads(run, heads)
    found: dict[str, Reduced] = {}
    for name, lines in parts.items():
        for reduced in read_lines(name, lines):
            found[reduced.result.id] = reduced
    wanted = run.repository.branch_ids
    if sorted(found) != sorted(wanted):
        raise PartError(say("各分片合起来与仓库里的支部不一致"))
    run.take({branch_id: found[branch_id] for branch_id in wanted})
    return run.conclude()


def check_heads(run: Run, heads: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise PartError where parts differ in what they rest on, or a share is missing."""
    made_by = next(iter(heads.values()))["made_by"]
    ours = json.loads(head_of(run, None, made_by))
    for name, head in heads.items():
        if {**head, "shard": None} != ours:
            raise PartError(say("{name} 不是从这里的数据和程序算出的", name=name))
    shards = sorted(Shard(*head["shard"]).number for head in heads.values())
    counts = {head["shard"][1] for head in heads.values()}
    if len(counts) != 1 or shards != list(range(1, counts.pop() + 1)):
        raise PartError(say("分片不全，或有重复"))


def read_lines(name: str, lines: Sequence[str]) -> Iterator[Reduced]:
    """Yield the reduced branches of a part; raises PartError where it is cut off or damaged."""
    body = lines[1:-1]
    if len(lines) < len(("head", "end")) or lines[-1] != json.dumps({"end": len(body)}):
        raise PartError(say("{name} 不完整", name=name))
    for line in body:
        try:
            yield decode(line)
        except EncodingError:
            raise PartError(say("{name} 不完整", name=name)) from None
