"""Evaluating a matcher: truth by entity and by labels, curves, errors with their evidence."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest

import identigraph as ig
from identigraph.datasets import customers
from identigraph.errors import ColumnNotFoundError, ConfigurationError, UnknownIdError

MADE = customers(250, seed=4)


@pytest.fixture(scope="module")
def result() -> ig.Resolution:
    """Return the resolution of a few customers."""
    return ig.resolve(MADE.records, id="record_id", source="source")


def true_pairs() -> set[frozenset[tuple[str, str]]]:
    """Return all pairs of records of one entity, found by plain Python."""
    members: dict[object, list[tuple[str, str]]] = {}
    for source, record, entity in MADE.truth.select("source", "record_id", "entity_id").iter_rows():
        members.setdefault(entity, []).append((source, record))
    return {frozenset(pair) for keys in members.values() for pair in combinations(keys, 2)}


def scored_pairs(result) -> dict[frozenset[tuple[str, str]], float]:
    """Return the probability of each pair that was kept."""
    rows = result.scored_pairs.to_polars().iter_rows(named=True)
    return {
        frozenset([(r["left_source"], r["left_id"]), (r["right_source"], r["right_id"])]): r["match_probability"]
        for r in rows
    }


def test_kept_pairs_are_judged_and_true_ones_that_were_not_kept_are_missed(result) -> None:
    judged, truth, kept = ig.evaluate(result, MADE.truth), true_pairs(), scored_pairs(result)
    assert len(judged.truth) == len(kept)
    assert int(judged.truth.sum()) == len(truth & kept.keys())
    assert judged.missed == len(truth - kept.keys())


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.95])
def test_precision_and_recall_at_a_threshold_are_those_of_the_definition(result, threshold) -> None:
    truth, taken = true_pairs(), {pair for pair, p in scored_pairs(result).items() if p >= threshold}
    found = ig.evaluate(result, MADE.truth).scores.at(threshold)
    assert found.precision == pytest.approx(len(truth & taken) / len(taken))
    assert found.recall == pytest.approx(len(truth & taken) / len(truth))


def test_errors_are_the_surest_ones_with_what_the_matcher_says(result) -> None:
    truth, kept = true_pairs(), scored_pairs(result)
    wrong = {pair: p for pair, p in kept.items() if (p >= 0.5) != (pair in truth)}
    table = ig.evaluate(result, MADE.truth).errors(5).to_polars()
    surest = sorted((abs(p - 0.5) for p in wrong.values()), reverse=True)[:5]
    assert np.abs(table["match_probability"].to_numpy() - 0.5).tolist() == pytest.approx(surest)
    for row in table.iter_rows(named=True):
        pair = frozenset([(row["left_source"], row["left_id"]), (row["right_source"], row["right_id"])])
        assert pair in wrong
        assert row["error"] == ("missed match" if pair in truth else "false match")
        assert all(name in row["evidence"] for name in ("birth_date", "name.given"))


def test_errors_hold_no_value_of_a_record(result) -> None:
    evidence = " ".join(ig.evaluate(result, MADE.truth).errors(50).to_polars()["evidence"])
    emails = MADE.records["email"].drop_nulls().to_list()
    assert not any(email in evidence for email in emails)


def test_labels_are_scored_whether_kept_or_not_and_nothing_is_missed(result) -> None:
    records = MADE.truth.head(30)
    rows = [
        {"left_source": a[0], "left_id": a[1], "right_source": b[0], "right_id": b[1], "match": a[2] == b[2]}
        for a, b in combinations(records.select("source", "record_id", "entity_id").rows(), 2)
    ]
    judged = ig.evaluate(result, rows)
    assert (len(judged.truth), judged.missed) == (len(rows), 0)
    again = ig.evaluate(result, ig.Labels.of(rows))
    assert again.match_probability.tolist() == judged.match_probability.tolist()
    kept = scored_pairs(result)
    for row, probability in zip(rows, judged.match_probability, strict=True):
        pair = frozenset([(row["left_source"], row["left_id"]), (row["right_source"], row["right_id"])])
        assert probability == pytest.approx(kept.get(pair, probability), rel=1e-4)


def test_records_whose_entity_is_not_known_are_left_out(result) -> None:
    some = MADE.truth.head(100)
    judged = ig.evaluate(result, some)
    known = set(some.select("source", "record_id").rows())
    assert len(judged.truth) == sum(pair <= known for pair in scored_pairs(result))
    nulls = MADE.truth.with_columns(entity_id=pl.when(pl.int_range(pl.len()) < 100).then("entity_id"))
    assert len(ig.evaluate(result, nulls).truth) == len(judged.truth)


def test_what_a_notebook_shows(result) -> None:
    judged = ig.evaluate(result, MADE.truth)
    assert "best F1" in repr(judged)
    assert judged._repr_html_().count("<svg") == 3
    alone = ig.resolve(pl.DataFrame({"name": ["Ann Lee"]}))
    none = ig.evaluate(alone, pl.DataFrame({"record_id": [0], "entity_id": [1]}))
    assert repr(none) == "<MatcherEvaluation: no pairs>"


@pytest.mark.parametrize(
    ("truth", "error", "told"),
    [
        (MADE.truth.drop("entity_id"), ColumnNotFoundError, "no column 'entity_id' of the truth"),
        (MADE.truth.drop("record_id"), ColumnNotFoundError, "no column 'record_id' of the truth"),
        (
            pl.concat([MADE.truth, MADE.truth.head(1).with_columns(entity_id=pl.lit("other"))]),
            ConfigurationError,
            "give a record two entities",
        ),
        (MADE.truth.with_columns(record_id=pl.lit("nobody") + pl.col("record_id")), ConfigurationError, "none of the"),
    ],
)
def test_truth_that_makes_no_sense_is_refused(result, truth, error, told) -> None:
    with pytest.raises(error, match=told):
        ig.evaluate(result, truth)


def test_labels_of_records_that_there_are_not_are_refused(result) -> None:
    row = {"left_source": ["crm"], "left_id": ["x"], "right_source": ["web"], "right_id": ["y"], "match": [True]}
    with pytest.raises(UnknownIdError):
        ig.evaluate(result, row)
