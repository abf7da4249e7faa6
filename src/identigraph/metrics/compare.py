"""The usual scores of a clustering at one stroke, from labels or from crosswalk tables."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import polars as pl

from identigraph.errors import ColumnNotFoundError, ConfigurationError, UnsupportedInputError
from identigraph.metrics.clusters import score_clusters, score_records
from identigraph.metrics.contingency import Labels, contingency
from identigraph.metrics.pairs import PairwiseScore, score_pairs
from identigraph.metrics.score import Score

ENTITY_ID = "entity_id"
"""The column of a crosswalk that holds the label of the cluster."""


@attrs.frozen
class ClusterScores:
    """How good a clustering is: by pairs, by records, by clusters.

    Attributes:
        pairwise: see `pairwise`.
        b_cubed: see `b_cubed`.
        cluster: see `cluster_score`.
        records: records compared.
        ignored: records left out because they have no true label.
    """

    pairwise: PairwiseScore
    b_cubed: Score
    cluster: Score
    records: int
    ignored: int

    def to_frame(self) -> pl.DataFrame:
        """Return one row per measure, with the columns ``measure``, ``precision``, ``recall`` and ``f1``.

        Examples:
            >>> compare_clusterings([1, 1, 2], [1, 1, 1]).to_frame().filter(measure="cluster").rows()
            [('cluster', 0.0, 0.0, 0.0)]
        """
        scores = {"pairwise": self.pairwise, "b_cubed": self.b_cubed, "cluster": self.cluster}
        rows = [(name, score.precision, score.recall, score.f1) for name, score in scores.items()]
        return pl.DataFrame(rows, schema=["measure", "precision", "recall", "f1"], orient="row")


def compare_clusterings(predicted: Labels, true: Labels) -> ClusterScores:
    """Return the pairwise, B-cubed and exact-cluster scores of a clustering.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        The scores, for the definitions and edge cases of which see `pairwise`, `b_cubed` and `cluster_score`.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        >>> scores = compare_clusterings([1, 1, 1, 2, 3], ["a", "a", "b", "b", None])
        >>> scores.pairwise.f1, scores.b_cubed.recall, scores.cluster.f1, scores.records, scores.ignored
        (0.4, 0.75, 0.0, 4, 1)
    """
    table = contingency(predicted, true)
    return ClusterScores(score_pairs(table), score_records(table), score_clusters(table), table.records, table.ignored)


def compare_crosswalks(
    predicted: pl.DataFrame, truth: pl.DataFrame, *, on: str | Sequence[str] = ("source", "record_id")
) -> ClusterScores:
    """Return the scores of a crosswalk against a table of true entities, aligned by key.

    Args:
        predicted: one row per record: the key columns and ``entity_id``.
        truth: the same columns for the records whose entity is known, in any order. A null ``entity_id`` says that it
            is not known.
        on: the key columns that both tables share.

    Returns:
        The scores over the records with a known entity; predicted records that `truth` does not know are ignored.

    Raises:
        ColumnNotFoundError: a table has no such column.
        ConfigurationError: a key occurs twice in a table, a key has different types in the two tables, or a record with
            a known entity is not among the predicted ones.
        UnsupportedInputError: a table is not a polars data frame.

    Examples:
        >>> import polars as pl
        >>> predicted = pl.DataFrame({"id": [1, 2, 3, 4], "entity_id": ["x", "x", "x", "y"]})
        >>> truth = pl.DataFrame({"id": [3, 2, 1], "entity_id": ["b", "a", "a"]})
        >>> scores = compare_crosswalks(predicted, truth, on="id")
        >>> scores.pairwise.precision, scores.pairwise.recall, scores.ignored
        (0.3333333333333333, 1.0, 1)
    """
    key = [on] if isinstance(on, str) else list(on)
    found, known = _crosswalk(predicted, key, "predicted"), _crosswalk(truth, key, "truth").drop_nulls(ENTITY_ID)
    for column in key:
        if found.schema[column] != known.schema[column]:
            types = f"{found.schema[column]} in predicted and {known.schema[column]} in truth"
            raise ConfigurationError(f"key column {column!r} has type {types}; cast one to the other's")
    if unmatched := known.join(found, on=key, how="anti").height:
        raise ConfigurationError(
            f"{unmatched:,} of {known.height:,} records with a known entity have no match by {_listed(key)} in "
            "predicted; resolve them too, or drop them from truth"
        )
    aligned = found.join(known.rename({ENTITY_ID: "true"}), on=key, how="left")
    return compare_clusterings(aligned[ENTITY_ID], aligned["true"])


def _crosswalk(table: pl.DataFrame, key: list[str], name: str) -> pl.DataFrame:
    """Return the key columns and the entity of `table`, which is called `name`, with keys found to be unique."""
    if not isinstance(table, pl.DataFrame):
        raise UnsupportedInputError(table, f"a polars DataFrame for {name}")
    for column in (*key, ENTITY_ID):
        if column not in table.columns:
            raise ColumnNotFoundError(column, table.columns, what=f"column of {name}")
    if repeated := int(table.select(key).is_duplicated().sum()):
        raise ConfigurationError(
            f"{repeated:,} of {table.height:,} rows of {name} share their key ({_listed(key)}) with another row; "
            "drop the repeated rows, or name more key columns with on=..."
        )
    return table.select(*key, ENTITY_ID)


def _listed(key: list[str]) -> str:
    """Return the key columns as a message names them."""
    return ", ".join(repr(column) for column in key)
