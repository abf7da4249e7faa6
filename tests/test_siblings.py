"""Pairs that the third class of the model takes for siblings, and the relations between entities they make."""

from __future__ import annotations

from itertools import product
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest

import identigraph as ig
from identigraph import FellegiSunter, Pairs
from identigraph.comparing import Comparisons, Layout
from identigraph.datasets import customers
from identigraph.fields import PersonName
from identigraph.graph import Clusters
from identigraph.matching import Rules, SelfTrained, rule, when
from identigraph.matching.parameters import Parameters
from identigraph.siblings import Siblings

LAYOUT = Layout(
    ("given", "street", "town.prefix", "family"),
    (("differs", "equal"), ("differs", "1 typo", "equal"), ("differs", "equal"), ("differs", "similar")),
)
FITTED = Parameters(
    LAYOUT.names,
    LAYOUT.labels,
    m=((0.1, 0.9), (0.2, 0.1, 0.7), (0.1, 0.9), (0.1, 0.9)),
    h=((0.95, 0.05), (0.1, 0.1, 0.8), (0.02, 0.98), (0.2, 0.8)),
    u=((0.99, 0.01), (0.998, 0.001, 0.001), (0.999, 0.001), (0.99, 0.01)),
    prior_same=0.01,
    prior_household=0.02,
    prior_others=0.97,
    iterations=1,
    converged=True,
)
MODEL = FellegiSunter(household=("street", "town.prefix", "family"), parameters=FITTED)
EVERY = Comparisons(LAYOUT, LAYOUT.pack(list(product((-1, 0, 1), (-1, 0, 1, 2), (-1, 0, 1), (-1, 0, 1)))))
N = len(EVERY)


def by_hand(pattern: list[int]) -> float:
    """Return the probability of a pair to be of one household and not the same."""
    joint = []
    for levels, prior in ((FITTED.m, 0.01), (FITTED.h, 0.02), (FITTED.u, 0.97)):
        told = [chances[level] for level, chances in zip(pattern, levels, strict=True) if level >= 0]
        joint.append(prior * np.prod(told))
    return float(joint[1] / sum(joint))


def test_the_probability_of_a_household_is_that_of_bayes() -> None:
    wanted = [by_hand(row) for row in EVERY.levels.tolist()]
    assert MODEL.sibling_probability(EVERY) == pytest.approx(wanted)
    assert max(wanted) > 0.9
    assert min(wanted) < 0.5


def test_without_the_class_nobody_is_of_one_household() -> None:
    none = attrs.evolve(FITTED, prior_household=0.0, prior_others=0.99)
    assert FellegiSunter(household=("street",), parameters=none).sibling_probability(EVERY).tolist() == [0.0] * N


def telling(pattern: list[int]) -> bool:
    """Return whether two of street, town and family agree, or the street, which is a whole field, is equal."""
    _, street, town, family = pattern
    return (street > 0) + (town > 0) + (family > 0) >= 2 or street == 2 or family == 1


def test_a_town_alone_is_no_household() -> None:
    assert by_hand([0, -1, 1, 0]) > 0.5
    assert not telling([0, -1, 1, 0])


@pytest.mark.parametrize("matcher", [MODEL, SelfTrained(MODEL)])
def test_pairs_with_more_than_one_half_are_kept_if_two_fields_agree_or_one_is_equal_as_a_whole(matcher: Any) -> None:
    pairs = Pairs.of(np.arange(N), np.arange(N) + N)
    found = Siblings.among(pairs, EVERY.packed, matcher, LAYOUT)
    likely = [place for place, row in enumerate(EVERY.levels.tolist()) if by_hand(row) > 0.5 and telling(row)]
    assert likely
    assert found.pairs.left.tolist() == likely
    assert found.probability == pytest.approx([by_hand(EVERY.levels[place].tolist()) for place in likely])
    assert repr(found) == f"<Siblings: {len(likely)} pairs>"


def test_editions_of_one_thing_are_siblings_too() -> None:
    """Those of `h`, called editions, and as rare as households were."""
    fitted = attrs.evolve(FITTED, prior_household=0.0, e=FITTED.h, prior_editions=0.02)
    model = FellegiSunter(editions=MODEL.household, parameters=fitted)
    assert model.sibling_probability(EVERY) == pytest.approx(MODEL.sibling_probability(EVERY))
    pairs = Pairs.of(np.arange(N), np.arange(N) + N)
    found, wanted = (Siblings.among(pairs, EVERY.packed, each, LAYOUT) for each in (model, MODEL))
    assert found.pairs.left.tolist() == wanted.pairs.left.tolist()
    both = attrs.evolve(fitted, prior_household=0.02, prior_others=0.95)
    more = FellegiSunter(household=MODEL.household, editions=MODEL.household, parameters=both)
    assert (more.sibling_probability(EVERY) > MODEL.sibling_probability(EVERY)).all()


@pytest.mark.parametrize("matcher", [attrs.evolve(MODEL, household=()), Rules((rule(when(given="equal"), "match"),))])
def test_other_matchers_know_no_siblings(matcher: Any) -> None:
    assert len(Siblings.among(Pairs.of(np.arange(N), np.arange(N) + N), EVERY.packed, matcher, LAYOUT)) == 0


@pytest.mark.parametrize(
    ("columns", "relation"), [({"name": ["Ann Lee"] * 6}, "same household"), ({"x": ["1"] * 6}, "siblings")]
)
def test_pairs_of_clusters_are_told_once_with_the_surest(columns: dict[str, Any], relation: str) -> None:
    records = ig.Records.of(columns).with_fields({"name": PersonName()} if "name" in columns else {})
    clusters = Clusters.of(np.array([0, 0, 1, 1, 2, 2]))
    pairs = Pairs.of([0, 1, 2, 4, 2], [2, 3, 3, 5, 4])
    found = Siblings(pairs, np.array([0.6, 0.9, 0.99, 0.7, 0.8])).between(clusters, records)
    assert sorted(found.rows()) == [(0, 1, relation, "scored", 2, 0.9), (1, 2, relation, "scored", 1, 0.8)]


def test_people_of_one_household_are_related_and_not_merged() -> None:
    made = customers(400, seed=1)
    result = ig.resolve(made.records, id="record_id", source="source")
    told = result.relations.to_polars()
    related = told.filter(pl.col("relation") == "same household")
    assert related.height > 20
    assert (related["left_entity"] < related["right_entity"]).all()
    assert told.sort("left_entity", "right_entity", "relation").equals(told)
    found = result.crosswalk.to_polars().select("source", "record_id", pl.col("entity_id").alias("found"))
    persons = made.truth.join(found, on=["source", "record_id"]).join(made.households, on="entity_id")
    homes = {entity: set(each["household_id"]) for (entity,), each in persons.group_by("found")}
    right = [bool(homes[a] & homes[b]) for a, b in related.select("left_entity", "right_entity").rows()]
    assert np.mean(right) > 0.9


def test_some_siblings_keep_their_probabilities() -> None:
    found = Siblings(Pairs.of([0, 1, 2], [5, 4, 3]), np.array([0.6, 0.7, 0.8])).where(np.array([True, False, True]))
    assert (found.pairs.left.tolist(), found.pairs.right.tolist()) == ([0, 2], [5, 3])
    assert found.probability.tolist() == [0.6, 0.8]
