"""Updating, learning anew, other settings: what stays and what changes."""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs
import polars as pl
import pytest

import identigraph as ig
from identigraph.datasets import customers
from identigraph.errors import RangeError
from identigraph.updating import resolved_by

KEYS = {"id": "record_id", "source": "source"}
MADE = customers(300, seed=3).records


@cache
def found() -> ig.Resolution:
    """Return what one call makes of most of the records."""
    return ig.resolve(MADE[:500], **KEYS)


def partition(resolution: ig.Resolution) -> set[frozenset[Any]]:
    """Return the entities as sets of (source, id)."""
    members: dict[int, set[Any]] = {}
    for source, record, entity in resolution.crosswalk.to_polars().rows():
        members.setdefault(entity, set()).add((source, record))
    return {frozenset(group) for group in members.values()}


def test_what_was_learned_stays_with_a_resolution() -> None:
    """The settled resolver finds the same entities and the same evidence in the same records again."""
    again = found().resolver.resolve(MADE[:500], **KEYS)
    assert partition(again) == partition(found())
    assert again.scored_pairs.to_polars().equals(found().scored_pairs.to_polars())
    assert again.resolver.settled is found().resolver.settled


def test_an_update_without_changes_changes_nothing() -> None:
    again = found().resolver.update(found())
    assert again.crosswalk.to_polars().equals(found().crosswalk.to_polars())
    assert [(stage.name, stage.count) for stage in again.stages] == [("read", 0), ("compare", 0), ("cluster", 0)]


def test_records_that_came_stand_behind_those_that_were_there() -> None:
    more = found().resolver.update(found(), add=MADE[500:])
    assert more.crosswalk.to_polars().select("source", "record_id").equals(MADE.select("source", "record_id"))


def test_nothing_is_learned_from_records_that_come() -> None:
    more = found().resolver.update(found(), add=MADE[500:])
    assert more.resolver is found().resolver


def test_refit_learns_from_all_records() -> None:
    """As if the unsettled resolver had seen them at once."""
    more = found().resolver.update(found(), add=MADE[500:])
    again = more.resolver.refit(more)
    origin = found().resolver.settled.origin
    assert partition(again) == partition(origin.resolve(MADE, **KEYS))
    assert again.resolver.settled is not more.resolver.settled
    assert again.crosswalk.to_polars().select("source", "record_id").equals(MADE.select("source", "record_id"))
    again.resolver.update(again, delete=[MADE.select("source", "record_id").row(0)])


def test_profiles_reports_and_reasons_follow_an_update(tmp_path) -> None:
    more = found().resolver.update(found(), add=MADE[500:])
    assert len(more.profiles) == len(more)
    assert more.report(tmp_path / "page.html").stat().st_size > 0
    source, key = MADE.select("source", "record_id").row(-1)
    assert len(more.how((source, key))) >= 0
    assert more.contacts.by_value.height > 0


@pytest.mark.parametrize("threshold", [0.01, 0.9999])
def test_another_threshold_gives_the_entities_that_a_run_with_it_gives(threshold: float) -> None:
    builder = ig.ConstrainedComponents(linkage=ig.AverageLinkage(threshold))
    other = attrs.evolve(found().resolver, builder=builder)
    quick, whole = resolved_by(found(), other), other.resolve(MADE[:500], **KEYS)
    assert partition(quick) == partition(whole)
    assert quick.scored_pairs.to_polars().equals(whole.scored_pairs.to_polars())
    assert partition(quick) != partition(found())


def test_another_matcher_scores_again() -> None:
    other = attrs.evolve(found().resolver, keep=0.5)
    quick, whole = resolved_by(found(), other), other.resolve(MADE[:500], **KEYS)
    assert quick.scored_pairs.to_polars().equals(whole.scored_pairs.to_polars())
    assert quick.named == found().named


def test_judgements_are_kept_until_others_are_told() -> None:
    frame = found().crosswalk.to_polars()
    shared = frame.filter(pl.col("entity_id").is_duplicated()).sort("entity_id").head(2)
    (left_source, left_id, _), (right_source, right_id, _) = shared.rows()
    told = {"left_source": left_source, "left_id": left_id, "right_source": right_source, "right_id": right_id}
    apart = found().resolver.update(found(), judgements=[{**told, "judgement": "cannot_link"}])
    more = apart.resolver.update(apart, add=MADE[500:])
    for resolution, together in ((found(), True), (apart, False), (more, False)):
        groups = partition(resolution)
        assert any({(left_source, left_id), (right_source, right_id)} <= group for group in groups) == together
    none = pl.DataFrame(schema={**dict.fromkeys(told, pl.String), "judgement": pl.String})
    assert partition(apart.resolver.update(apart, judgements=none)) == partition(found())


def test_a_budget_is_a_whole_number_from_1_on() -> None:
    with pytest.raises(RangeError, match="budget"):
        found().resolver.update(found(), budget=0)
