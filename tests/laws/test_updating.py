"""Laws of updates: whatever comes, changes and goes, in whatever steps, the entities are those of one run."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_people import AT, KEYS, POLICIES, decided, drawn, evidence, partition, policy, stepped, table

import identigraph as ig
from identigraph.blocking import choosing
from identigraph.datasets import customers

WARNINGS = ("HotBlockWarning", "EmptyBlockingWarning", "FitWarning", "ColumnWarning")
pytestmark = [pytest.mark.filterwarnings(f"ignore::identigraph.errors.{name}") for name in WARNINGS]


@pytest.mark.parametrize("name", POLICIES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(0, 25), steps=st.integers(1, 4))
def test_any_steps_end_in_the_entities_and_the_evidence_of_one_run(name: str, seed: int, size: int, steps: int) -> None:
    resolver, random = policy(name), Random(seed)
    records, log = {key: drawn(random, key) for key in range(size)}, ig.JudgementLog()
    found = resolver.resolve(table(list(records.values())), **KEYS)
    for _ in range(steps):
        log = decided(log, records, random)
        found = resolver.update(found, **stepped(records, random), judgements=log.rulings(AT))
    wanted = resolver.resolve(table(list(records.values())), **KEYS, judgements=log.rulings(AT))
    assert partition(found) == partition(wanted)
    assert evidence(found).equals(evidence(wanted))


@cache
def learned(fewest: int) -> ig.Resolver:
    """Return the resolver inferred from 300 customers; up to so many pairs it compares all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "FEW_PAIRS", fewest)
        return ig.resolve(customers(300, seed=3).records, id="record_id", source="source").resolver


@pytest.mark.parametrize("fewest", [choosing.FEW_PAIRS, 0], ids=["all pairs", "keys"])
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_so_it_is_with_an_inferred_resolver_however_little_came_first(fewest: int, seed: int) -> None:
    made, keys = customers(300, seed=3).records, {"id": "record_id", "source": "source"}
    resolver = learned(fewest)
    shuffled = made.sample(fraction=1, shuffle=True, seed=seed)
    cuts = sorted(Random(seed).sample(range(1, made.height), 3))
    found = resolver.resolve(shuffled[: cuts[0]], **keys)
    for low, high in zip(cuts, [*cuts[1:], made.height], strict=True):
        found = resolver.update(found, add=shuffled[low:high])
    wanted = resolver.resolve(made, **keys)
    assert partition(found) == partition(wanted)
    assert evidence(found).equals(evidence(wanted))


@settings(max_examples=10, deadline=None)
@given(
    name=st.sampled_from(["keys", "namespaces", "thinned out"]), seed=st.integers(0, 10**6), budget=st.integers(1, 9)
)
def test_work_in_portions_ends_in_the_same_entities(name: str, seed: int, budget: int) -> None:
    """At least one envelope is resolved in each step."""
    resolver, random = policy(name), Random(seed)
    records = {key: drawn(random, key) for key in range(20)}
    found = resolver.resolve(table(list(records.values())), **KEYS)
    for _ in range(3):
        found = resolver.update(found, **stepped(records, random), budget=budget)
    wanted = resolver.resolve(table(list(records.values())), **KEYS)
    while found.pending.any():
        before = found.pending.sum()
        found = resolver.update(found, budget=budget)
        assert found.pending.sum() < before
    assert partition(found) == partition(wanted)
    assert evidence(found).equals(evidence(wanted))


def test_what_was_resolved_stays_as_it_was() -> None:
    """An update makes another resolution."""
    random, resolver = Random(1), policy("namespaces")
    records = {key: drawn(random, key) for key in range(20)}
    before = resolver.resolve(table(list(records.values())), **KEYS)
    crosswalk, pairs = before.crosswalk.to_polars(), evidence(before)
    resolver.update(before, **stepped(records, random))
    assert before.crosswalk.to_polars().equals(crosswalk)
    assert evidence(before).equals(pairs)
