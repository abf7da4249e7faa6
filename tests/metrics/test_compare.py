"""All scores at one stroke, and the alignment of crosswalks."""

from __future__ import annotations

from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ColumnNotFoundError, ConfigurationError, IdentigraphError, UnsupportedInputError
from identigraph.metrics import b_cubed, cluster_score, compare_clusterings, compare_crosswalks, pairwise

LABELS = st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 3))), max_size=9)
PREDICTED = pl.DataFrame({"source": ["crm", "crm", "web"], "record_id": [1, 2, 1], "entity_id": ["x", "x", "y"]})
TRUTH = pl.DataFrame({"source": ["web", "crm", "crm"], "record_id": [1, 1, 2], "entity_id": ["a", "a", "b"]})


@given(LABELS)
def test_all_scores_are_those_of_the_single_measures(records: list[tuple[int, int | None]]) -> None:
    predicted, true = [p for p, _ in records], [t for _, t in records]
    scores = compare_clusterings(predicted, true)
    assert scores.pairwise == pairwise(predicted, true)
    assert scores.b_cubed == b_cubed(predicted, true)
    assert scores.cluster == cluster_score(predicted, true)
    assert scores.ignored == true.count(None)
    assert scores.records == len(true) - scores.ignored


def test_the_frame_has_one_row_per_measure() -> None:
    scores = compare_clusterings([1, 1, 1, 2], ["a", "a", "b", "b"])
    frame = scores.to_frame()
    assert frame.columns == ["measure", "precision", "recall", "f1"]
    assert frame["measure"].to_list() == ["pairwise", "b_cubed", "cluster"]
    for name, *values in frame.rows():
        score = getattr(scores, name)
        assert values == [score.precision, score.recall, score.f1]


def test_the_repr_of_a_score_can_be_pasted() -> None:
    score = pairwise([1, 1, 2], [1, 1, 1])
    assert repr(score).startswith("PairwiseScore(precision=1.0, recall=0.3333333333333333, f1=0.5, ignored=0, ")
    assert attrs.evolve(score) == score


@given(LABELS, st.randoms())
def test_crosswalks_are_aligned_by_key_whatever_their_order(records: list[tuple[int, int | None]], random: Any) -> None:
    rows = [("crm" if i % 2 else "web", i // 2, p, t) for i, (p, t) in enumerate(records)]
    shuffled = random.sample(rows, len(rows))
    schema = {"source": pl.String, "record_id": pl.Int64, "entity_id": pl.Int64}
    predicted = pl.DataFrame([(s, i, p) for s, i, p, _ in rows], schema=schema, orient="row")
    truth = pl.DataFrame([(s, i, t) for s, i, _, t in shuffled], schema=schema, orient="row")
    scores = compare_crosswalks(predicted, truth)
    wanted = compare_clusterings([p for p, _ in records], [t for _, t in records])
    assert scores.pairwise == wanted.pairwise
    assert scores.cluster == wanted.cluster
    assert scores.b_cubed.f1 == pytest.approx(wanted.b_cubed.f1)
    assert (scores.records, scores.ignored) == (wanted.records, wanted.ignored)


def test_predicted_records_that_truth_does_not_know_are_ignored() -> None:
    scores = compare_crosswalks(PREDICTED, TRUTH.head(2))
    assert (scores.records, scores.ignored) == (2, 1)
    assert (scores.pairwise.precision, scores.pairwise.recall) == (1, 0)


def test_true_records_that_were_not_predicted_are_an_error_with_their_count() -> None:
    with pytest.raises(
        ConfigurationError, match=r"2 of 3 records with a known entity have no match by 'source', 'record_id'"
    ):
        compare_crosswalks(PREDICTED.head(1), TRUTH)


def test_true_records_of_unknown_entity_need_not_be_predicted() -> None:
    truth = TRUTH.with_columns(entity_id=pl.Series(["a", "a", None]))
    scores = compare_crosswalks(
        PREDICTED.filter(pl.struct("source", "record_id") != {"source": "crm", "record_id": 2}), truth
    )
    assert (scores.records, scores.ignored, scores.pairwise.recall) == (2, 0, 0)


def test_other_columns_are_not_looked_at() -> None:
    noisy = TRUTH.with_columns(true=pl.lit("z"), name=pl.lit("n"))
    assert compare_crosswalks(PREDICTED.with_columns(true=pl.lit(1)), noisy) == compare_crosswalks(PREDICTED, TRUTH)


def test_the_key_may_be_one_column_given_as_a_string_or_list() -> None:
    predicted, truth = PREDICTED.head(2), TRUTH.tail(2)
    wanted = compare_crosswalks(predicted, truth)
    assert (
        compare_crosswalks(predicted, truth, on="record_id")
        == compare_crosswalks(predicted, truth, on=["record_id"])
        == wanted
    )


def test_repeated_keys_are_an_error_with_their_count_and_table() -> None:
    with pytest.raises(ConfigurationError, match=r"2 of 3 rows of predicted share their key \('record_id'\)"):
        compare_crosswalks(PREDICTED, TRUTH.unique("record_id"), on="record_id")
    with pytest.raises(ConfigurationError, match=r"2 of 3 rows of truth share their key \('record_id'\)"):
        compare_crosswalks(PREDICTED.unique("record_id"), TRUTH, on="record_id")


@pytest.mark.parametrize("column", ["source", "record_id", "entity_id"])
@pytest.mark.parametrize("name", ["predicted", "truth"])
def test_a_missing_column_is_named_with_its_table(name: str, column: str) -> None:
    tables = {"predicted": PREDICTED, "truth": TRUTH}
    tables[name] = tables[name].drop(column)
    with pytest.raises(ColumnNotFoundError, match=f"no column of {name} '{column}'"):
        compare_crosswalks(tables["predicted"], tables["truth"])


def test_keys_of_different_types_are_an_error_that_names_both() -> None:
    with pytest.raises(ConfigurationError, match="'record_id' has type Int64 in predicted and String in truth"):
        compare_crosswalks(PREDICTED, TRUTH.cast({"record_id": pl.String}))


@pytest.mark.parametrize("name", ["predicted", "truth"])
def test_what_is_not_a_polars_frame_is_refused(name: str) -> None:
    tables: dict[str, Any] = {"predicted": PREDICTED, "truth": TRUTH, name: TRUTH.to_dicts()}
    with pytest.raises(UnsupportedInputError, match=f"a polars DataFrame for {name}"):
        compare_crosswalks(**tables)


def test_a_predicted_record_without_entity_is_an_error() -> None:
    with pytest.raises(IdentigraphError, match="1 of 3 records with a true label have no predicted one"):
        compare_crosswalks(PREDICTED.with_columns(entity_id=pl.Series(["x", None, "y"])), TRUTH)


def test_empty_crosswalks_score_one() -> None:
    scores = compare_crosswalks(PREDICTED.clear(), TRUTH.clear())
    assert (scores.pairwise.f1, scores.b_cubed.f1, scores.cluster.f1, scores.records) == (1, 1, 1, 0)
