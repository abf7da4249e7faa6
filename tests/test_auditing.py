"""Audits: from a labeled sample to precision and recall."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest

import identigraph as ig
from identigraph.auditing import EDGES, audit, audit_sample
from identigraph.datasets import customers
from identigraph.errors import ColumnNotFoundError, ConfigurationError, RangeError

KEYS = {"id": "record_id", "source": "source"}
IDS = ["left_source", "right_source", "left_id", "right_id"]
MADE = customers(500, seed=2)
NEVER = 2 * (len(EDGES) + 1)
"""The stratum of pairs inside clusters that were not scored."""


@pytest.fixture(scope="module")
def result() -> ig.Resolution:
    """Return 500 customers resolved, some clusters put together wrongly, so that there is something to find.

    Two by two of them, no pair between which was scored.
    """
    model = ig.Resolver.infer(MADE.records, **KEYS)
    found = attrs.evolve(model, matcher=model.matcher.model).resolve(MADE.records, **KEYS)  # type: ignore[attr-defined]
    labels = ig.Components(0.3).build(found.graph).labels
    joined = np.where(labels < 40, labels - labels % 2, labels)
    return attrs.evolve(found, clusters=ig.graph.Clusters.of(joined))


def entity_of() -> dict[Any, Any]:
    """Return the true entity of each record."""
    return {
        (source, record): entity
        for source, record, entity in MADE.truth.select("source", "record_id", "entity_id").rows()
    }


def answered(table: ig.Labels | Any) -> pl.DataFrame:
    """Return a sample with the true answers."""
    entity = entity_of()
    frame = table.to_polars()
    match = [entity[a, x] == entity[b, y] for a, b, x, y in frame.select(IDS).rows()]
    return frame.with_columns(pl.Series("match", match))


def looked_at(result: ig.Resolution) -> dict[tuple[int, int], tuple[bool, bool]]:
    """Return the pairs that an audit is about: whether each is together, and whether it should be."""
    labels, entity = result.clusters.labels, entity_of()
    keys = [entity[key] for key in result.records.row_keys(np.arange(len(labels))).rows()]
    pairs = set(zip(result.scored.left.tolist(), result.scored.right.tolist(), strict=True))
    pairs |= {(a, b) for a, b in combinations(range(len(labels)), 2) if labels[a] == labels[b]}
    return {(a, b): (labels[a] == labels[b], keys[a] == keys[b]) for a, b in pairs}


def truth_of(result: ig.Resolution) -> tuple[float, float]:
    """Return precision and recall of the pairs that an audit is about."""
    pairs = looked_at(result).values()
    hits = sum(together and same for together, same in pairs)
    return hits / sum(together for together, _ in pairs), hits / sum(same for _, same in pairs)


def test_a_sample_of_all_pairs_gives_the_exact_figures(result) -> None:
    sample = answered(audit_sample(result, 10**6))
    pairs = looked_at(result)
    assert sample.height == len(pairs)
    assert sample.group_by("stratum").agg(pl.len() == pl.col("stratum_pairs").first())["len"].all()
    assert sample["together"].sum() == sum(together for together, _ in pairs.values())
    found = audit(sample)
    precision, recall = truth_of(result)
    assert (found.precision, found.recall) == (pytest.approx(precision), pytest.approx(recall))
    assert (found.precision_low, found.precision_high) == (pytest.approx(precision), pytest.approx(precision))
    assert 0.5 < precision < 1
    assert found.labeled == found.pairs == len(pairs)


def test_the_truth_lies_in_the_intervals(result) -> None:
    """In nearly all of a few audits of 150 labels."""
    precision, recall = truth_of(result)
    inside = 0
    for seed in range(6):
        found = audit(answered(audit_sample(result, 150, seed=seed)), seed=seed)
        inside += found.precision_low <= precision <= found.precision_high
        inside += found.recall_low <= recall <= found.recall_high
        assert found.precision == pytest.approx(precision, abs=0.15)
    assert inside >= 10


def test_strata_are_by_probability_and_by_being_together(result) -> None:
    sample = audit_sample(result, 10**6).to_polars()
    keys = {key: row for row, key in enumerate(result.records.row_keys(np.arange(len(result.records))).rows())}
    scored = result.scored
    odds = dict(
        zip(
            zip(scored.left.tolist(), scored.right.tolist(), strict=True),
            scored.match_probability.astype(float).tolist(),
            strict=True,
        )
    )
    labels = result.clusters.labels
    strata = set()
    for a, b, x, y, stratum, together in sample.select(*IDS, "stratum", "together").rows():
        one, other = sorted((keys[a, x], keys[b, y]))
        assert together == (labels[one] == labels[other])
        p = odds.get((one, other))
        if p is None:
            expected = 2 * (len(EDGES) + 1)
        else:
            log = 40 if p == 1 else np.log2(p / (1 - p))
            expected = sum(log >= edge for edge in EDGES) + (len(EDGES) + 1) * together
        assert stratum == expected
        strata.add(stratum)
    assert len(strata) > len(EDGES) + 2
    assert NEVER in strata


def test_every_stratum_has_labels_and_none_is_drawn_twice(result) -> None:
    sample = audit_sample(result, 100).to_polars()
    every = audit_sample(result, 10**6).to_polars()
    assert sample.height == 100 == sample.unique(IDS).height
    sizes = dict(every.group_by("stratum").len().rows())
    assert dict(sample.select("stratum", "stratum_pairs").unique().rows()) == sizes
    drawn = dict(sample.group_by("stratum").len().rows())
    assert all(drawn[stratum] >= min(2, size) for stratum, size in sizes.items())
    assert sample.columns == [*IDS, "stratum", "together", "stratum_pairs"]


def test_more_labels_go_where_answers_will_differ(result) -> None:
    sample = audit_sample(result, 150).to_polars()
    share = {s: n / size for s, size, n in sample.group_by("stratum", "stratum_pairs").len().rows()}
    assert share.get(0, 0) < share[NEVER]


def test_every_stratum_needs_a_label(result) -> None:
    """With fewer an audit would tell nothing of some."""
    strata = audit_sample(result, 10**6).to_polars()["stratum"].n_unique()
    assert audit_sample(result, strata).to_polars()["stratum"].n_unique() == strata
    with pytest.raises(RangeError, match=f"n must lie between {strata} and inf, got {strata - 1}"):
        audit_sample(result, strata - 1)


def test_the_seed_draws(result) -> None:
    samples = [audit_sample(result, 30, seed=seed).to_polars() for seed in (1, 1, 2)]
    assert samples[0].equals(samples[1])
    assert not samples[0].equals(samples[2])


def test_nothing_resolved_gives_nothing_to_label() -> None:
    empty = ig.resolve(pl.DataFrame({"name": ["Ann Lee"]}))
    sample = audit_sample(empty, 10).to_polars()
    assert (sample.height, sample.columns) == (0, ["left_id", "right_id", "stratum", "together", "stratum_pairs"])


ROWS = {
    "left_id": [1, 1, 2, 3, 3],
    "right_id": [2, 3, 4, 4, 5],
    "stratum": [7, 7, 2, 2, 9],
    "together": [True, True, False, False, True],
    "stratum_pairs": [10, 10, 40, 40, 2],
}


def test_an_audit_weighs_each_stratum_by_its_pairs() -> None:
    """Of 10 pairs half match, of 40 a half too, of 2 all."""
    found = audit({**ROWS, "match": ["yes", "no", "no", "yes", "yes"]})
    assert found.precision == pytest.approx(7 / 12)
    assert found.recall == pytest.approx(7 / 27)
    assert (found.labeled, found.pairs) == (5, 52)


def test_unsure_answers_are_left_out() -> None:
    found = audit({**ROWS, "match": ["yes", "unsure", "no", None, "yes"]})
    assert (found.precision, found.recall, found.labeled) == (1, 1, 3)


def test_level_and_seed_are_handed_on() -> None:
    answers = {**ROWS, "match": [1, 0, 0, 1, 1]}
    narrow, wide, other = audit(answers, level=0.5), audit(answers, level=0.99), audit(answers, seed=1)
    assert wide.precision_low < narrow.precision_low
    assert (narrow.level, wide.level) == (0.5, 0.99)
    assert other != audit(answers)
    assert audit(answers) == audit(answers)
    with pytest.raises(RangeError, match="level"):
        audit(answers, level=1)


@pytest.mark.parametrize("missing", ["stratum", "together", "stratum_pairs", "match"])
def test_a_missing_column_is_named(missing) -> None:
    rows = {name: values for name, values in {**ROWS, "match": [1, 0, 0, 1, 1]}.items() if name != missing}
    with pytest.raises(ColumnNotFoundError, match=f"no column '{missing}'"):
        audit(rows)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (["yes", "no", "?", None, "yes"], "1 of 3 strata have no answer; label a pair of each"),
        ([None] * 5, "3 of 3 strata have no answer"),
        (["yes", "no", "perhaps", "no", "yes"], "1 of 5 answers"),
    ],
)
def test_answers_that_are_missing_or_none_are_refused(answers, told) -> None:
    with pytest.raises(ConfigurationError, match=told):
        audit({**ROWS, "match": answers})


@pytest.mark.parametrize("n", [0, -3, True])
def test_at_least_one_pair_is_asked_for(result, n) -> None:
    with pytest.raises(RangeError, match="n must lie between 1 and inf"):
        audit_sample(result, n)
