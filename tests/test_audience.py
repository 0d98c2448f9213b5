"""Who sees what: the list names every field that is shown, none that is gone; what may be moved."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.formats.branch_files import RawShape
from generator.reports.schemas import FORMATS
from generator.results.audience import (
    CLASSES,
    FIELDS,
    FIXED,
    INTERNAL,
    OPEN,
    PUBLIC,
    TITLES,
    Audience,
    FieldClass,
    Publish,
    PublishError,
    class_of,
    read_publish,
)
from generator.results.document import to_json
from generator.results.frozen import SEAL
from tests.audiences import whole_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.formats.shape import Shape

#: Fields that are not in the list on purpose: who reads this knows that somebody thought of them.
UNLISTED = {"review.criteria.*.reviewed"}
#: What a projection alone has, and what a sealed file alone has.
PROJECTED, SEALED = {"results.full_digest", "results.withheld"}, {f"results.source.{SEAL}"}


def keys_of(shape: Shape[object], path: str) -> Iterator[str]:
    """Yield the field of every value that a shape may hold."""
    below = {} if isinstance(shape, RawShape) else shape.below()
    if not below:
        yield path
    for name, own in below.items():
        yield from keys_of(own, f"{path}.{name}" if name else path)


def fields_of(value: Any, path: str) -> Iterator[str]:
    """Yield the field of every value of a JSON document."""
    if isinstance(value, dict) and value:
        for name, own in value.items():
            step = "*" if path.endswith(".sections") else name
            yield from fields_of(own, f"{path}.{step}")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for own in value:
            yield from fields_of(own, path)
    else:
        yield path


def record_fields() -> set[str]:
    return {name for form in FORMATS for name in keys_of(form.shape, form.name)}


def result_fields() -> set[str]:
    return set(fields_of(json.loads(json.dumps(to_json(whole_results()))), "results"))


def test_no_entry_names_a_field_that_is_gone() -> None:
    known = record_fields() | result_fields() | PROJECTED | SEALED | {"rubric"}
    assert sorted(CLASSES.keys() - known) == []
    assert sum(len(names.split()) for names in FIELDS.values()) == len(CLASSES), "a field twice"


def test_every_field_is_in_the_list_or_internal() -> None:
    unlisted = {n for n in record_fields() | result_fields() if class_of(n) is None}
    assert unlisted == UNLISTED
    for name in (*UNLISTED, "results.branches.new", "activity.new"):
        assert not PUBLIC.shows_field(name)
        assert INTERNAL.shows_field(name)


def test_every_class_has_a_title_and_a_side() -> None:
    assert set(TITLES) == set(FieldClass)
    assert OPEN | {k for k in FieldClass if not PUBLIC.shows(k)} == set(FieldClass)
    for kind in FieldClass:
        assert PUBLIC.shows(kind) is (kind in OPEN)
        assert INTERNAL.shows(kind) is (kind is not FieldClass.PRIVATE)


def test_a_class_is_moved_in_either_direction() -> None:
    moved = read_publish({"statements": "internal", "findings": "public"})
    publish = Publish(moved=moved)
    assert not publish.shows_field("self-assessment.claims.*.statement")
    assert not publish.shows_field("results.branches.lines.statement")
    assert publish.shows_field("accepted.reason")
    assert publish.shows_field("activity.title")
    assert "statements" in publish.withheld
    assert "findings" not in publish.withheld
    assert dataclasses.replace(publish, audience=Audience.INTERNAL).withheld == ()
    assert read_publish(None) == {}


@pytest.mark.parametrize("kind", sorted(FIXED))
def test_what_the_site_is_about_and_what_none_shows_stays(kind: FieldClass) -> None:
    for side in Audience:
        with pytest.raises(PublishError, match=f"“{kind}”.*不能改"):
            read_publish({kind.value: side.value})


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"statement": "internal"}, "没有“statement”这一类；您是否要写“statements”？"),
        ({"statements": "intern"}, "“statements”后面写 public 或 internal，不能写“intern”；您是否"),
        ({"statements": None}, "不能写“None”"),
        ({"statements": ["internal"]}, "不能写"),
        (["statements"], "publish 不合要求"),
        ("internal", "publish 不合要求"),
        ({7: "public"}, "没有“7”这一类"),
    ],
)
def test_what_is_unfit_is_refused_with_the_nearest(said: object, words: str) -> None:
    with pytest.raises(PublishError) as caught:
        read_publish(said)
    assert words in str(caught.value.words)


def test_digests_are_shown_from_a_size_on_and_counts_from_five() -> None:
    assert [PUBLIC.shows_digest(size) for size in (0, 4095, 4096)] == [False, False, True]
    assert INTERNAL.shows_digest(0)
    assert Publish(moved=read_publish({"small-digests": "public"})).shows_digest(1)
    assert not Publish(moved=read_publish({"digests": "internal"})).shows_digest(1 << 20)
    assert PUBLIC.shows_counts((23, 12, 6, 5))
    assert not PUBLIC.shows_counts((23, 12, 7, 4))
    assert not PUBLIC.shows_counts((23, 12, 11, 0))
    assert Publish(moved=read_publish({"few": "public"})).shows_counts((23, 19, 3, 1))
    assert not Publish(moved=read_publish({"attendance": "internal"})).shows_counts((20, 9, 6, 5))
