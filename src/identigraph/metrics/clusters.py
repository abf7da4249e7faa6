"""Measures that look at clusters rather than pairs: two clusterings in, a score out."""

from __future__ import annotations

import attrs
import numpy as np
import polars as pl

from identigraph.metrics.contingency import Contingency, Integers, Labels, codes, contingency, label_series
from identigraph.metrics.score import Score, harmonic_mean, share


def b_cubed(predicted: Labels, true: Labels) -> Score:
    """Return B-cubed precision, recall and F1: the view of the average record.

    The precision of a record is the share of its predicted cluster that truly belongs with it (itself included), its
    recall the share of its true cluster that was put with it. B-cubed averages both over the records. With P(r) and
    T(r) the predicted and true cluster of record r, of n records::

        precision = 1/n Σ |P(r) ∩ T(r)| / |P(r)|        recall = 1/n Σ |P(r) ∩ T(r)| / |T(r)|

    Every record counts once, so big clusters do not drown small ones as they do in `pairwise`. Where it is weak: a
    record alone is right about itself, so data with few duplicates score high before anything is done; compare with
    the score of all singletons.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        The score; all 1 where there is no record.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        Precision of the four records: 2/3, 2/3, 1/3, 1. Recall: 1, 1, 1/2, 1/2.

        >>> score = b_cubed([1, 1, 1, 2], ["a", "a", "b", "b"])
        >>> round(score.precision, 4), score.recall
        (0.6667, 0.75)

    References:
        Bagga and Baldwin (1998): Entity-based cross-document coreferencing using the vector space model. COLING-ACL.
    """
    return score_records(contingency(predicted, true))


def score_records(table: Contingency) -> Score:
    """Return the B-cubed score of a contingency table.

    Examples:
        >>> score_records(contingency([1, 2], [1, 1])).recall
        0.5
    """
    squares = table.cell_sizes**2
    precision = float((squares / table.predicted_sizes[table.cell_predicted]).sum())
    recall = float((squares / table.true_sizes[table.cell_true]).sum())
    return Score.of(share(precision, table.records), share(recall, table.records), ignored=table.ignored)


def cluster_score(predicted: Labels, true: Labels) -> Score:
    """Return precision, recall and F1 of exact clusters.

    A predicted cluster is right if it has the very records of a true one: none too many, none missing. With P and T the
    sets of predicted and true clusters::

        precision = |P ∩ T| / |P|        recall = |P ∩ T| / |T|

    It answers how many customers come out wholly right. Where it is weak: one wrong record in a cluster of a hundred
    fails it, and singletons count like any cluster.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        The score; all 1 where there is no record. Records without a true label are taken out of the predicted clusters
        before these are compared.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        Of the clusters {0, 1}, {2}, {3} only the first is true, of the true {0, 1}, {2, 3} likewise.

        >>> score = cluster_score([1, 1, 2, 3], ["a", "a", "b", "b"])
        >>> round(score.precision, 4), score.recall
        (0.3333, 0.5)

    References:
        Menestrina, Whang, Garcia-Molina (2010): Evaluating entity resolution results. PVLDB 3(1), "cluster F1".
    """
    return score_clusters(contingency(predicted, true))


def score_clusters(table: Contingency) -> Score:
    """Return the score of exact clusters of a contingency table.

    Examples:
        >>> score_clusters(contingency([1, 2, 3], [1, 1, 2])).recall
        0.5
    """
    whole_predicted = table.cell_sizes == table.predicted_sizes[table.cell_predicted]
    whole_true = table.cell_sizes == table.true_sizes[table.cell_true]
    exact = int(np.count_nonzero(whole_predicted & whole_true))
    precision, recall = share(exact, len(table.predicted_sizes)), share(exact, len(table.true_sizes))
    return Score.of(precision, recall, ignored=table.ignored)


def closest_cluster(predicted: Labels, true: Labels) -> Score:
    """Return closest-cluster precision, recall and F1: `cluster_score` with marks for being near.

    The likeness of two clusters is their Jaccard coefficient J, the records they share over the records in either.
    Precision is the likeness of a predicted cluster to the true cluster most like it, on average over the predicted
    clusters; recall the same the other way round. With P and T the sets of predicted and true clusters::

        precision = 1/|P| Σ_p max_t J(p, t)        recall = 1/|T| Σ_t max_p J(p, t)

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        The score; all 1 where there is no record.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        {0, 1, 2} is most like {0, 1}, 2 of 3; {3} like {2, 3}, 1 of 2. The other way round it is the same pairs.

        >>> score = closest_cluster([1, 1, 1, 2], ["a", "a", "b", "b"])
        >>> round(score.precision, 4), round(score.recall, 4)
        (0.5833, 0.5833)

    References:
        Benjelloun et al. (2009): Swoosh: a generic approach to entity resolution. VLDB Journal 18.
    """
    table = contingency(predicted, true)
    sizes = table.predicted_sizes[table.cell_predicted] + table.true_sizes[table.cell_true] - table.cell_sizes
    jaccard = table.cell_sizes / sizes
    best_predicted, best_true = np.zeros(len(table.predicted_sizes)), np.zeros(len(table.true_sizes))
    np.maximum.at(best_predicted, table.cell_predicted, jaccard)
    np.maximum.at(best_true, table.cell_true, jaccard)
    precision = share(float(best_predicted.sum()), len(best_predicted))
    recall = share(float(best_true.sum()), len(best_true))
    return Score.of(precision, recall, ignored=table.ignored)


@attrs.frozen
class MergeDistance:
    """The steps that turn a predicted clustering into the true one.

    Attributes:
        splits: cuts of one cluster into two.
        merges: unions of two clusters into one.
        ignored: records left out because they have no true label.
    """

    splits: int
    merges: int
    ignored: int = 0

    @property
    def total(self) -> int:
        """Splits and merges together."""
        return self.splits + self.merges


def merge_distance(predicted: Labels, true: Labels) -> MergeDistance:
    """Return how many splits and then merges turn the predicted clustering into the true one: the work of a reviewer.

    Each predicted cluster is cut into what it shares with each true cluster, then the pieces are united. With P, T and
    P ∧ T the predicted clusters, the true ones and the pieces (the pairs of clusters that share a record)::

        splits = |P ∧ T| - |P|        merges = |P ∧ T| - |T|

    It is the generalized merge distance with every split and merge at a cost of 1.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        The number of splits and of merges, both 0 exactly where the clusterings are equal.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        Split {0, 1, 2} into {0, 1} and {2}, then merge {2} and {3}.

        >>> merge_distance([1, 1, 1, 2], ["a", "a", "b", "b"])
        MergeDistance(splits=1, merges=1, ignored=0)

    References:
        Menestrina, Whang, Garcia-Molina (2010): Evaluating entity resolution results. PVLDB 3(1).
    """
    table = contingency(predicted, true)
    pieces = len(table.cell_sizes)
    return MergeDistance(pieces - len(table.predicted_sizes), pieces - len(table.true_sizes), table.ignored)


def v_measure(predicted: Labels, true: Labels) -> float:
    """Return the V-measure: how much the two clusterings tell about each other.

    Homogeneity is the share of the uncertainty about a record's true cluster that vanishes once its predicted cluster
    is known, completeness the same the other way round; the V-measure is their harmonic mean. With entropies H::

        homogeneity = 1 - H(T|P) / H(T)        completeness = 1 - H(P|T) / H(P)

    It equals mutual information normalized by the mean of the two entropies. Where it is weak: it is not corrected for
    chance, and with many small clusters almost any clustering scores high, all singletons included. Use it to compare
    with figures published elsewhere.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        A number in 0..1. Homogeneity is 1 where there is a single true cluster, completeness where there is a single
        predicted one.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        H(T) = 1 bit, H(P) = 1.5 bits; P tells T wholly, T leaves half a bit of P open: 1 and 2/3.

        >>> round(v_measure([0, 0, 1, 2], [0, 0, 1, 1]), 4)
        0.8

    References:
        Rosenberg and Hirschberg (2007): V-measure: a conditional entropy-based external cluster evaluation measure.
    """
    table = contingency(predicted, true)
    joint, of_predicted, of_true = map(_entropy, (table.cell_sizes, table.predicted_sizes, table.true_sizes))
    shared = of_predicted + of_true - joint
    return min(1.0, max(0.0, harmonic_mean(share(shared, of_true), share(shared, of_predicted))))


def cluster_sizes(labels: Labels) -> pl.DataFrame:
    """Return how many clusters there are of each size, smallest first.

    Args:
        labels: the label of each record's cluster; records with null are left out.

    Returns:
        One row per size that occurs, with the columns ``size``, ``clusters`` (of that size) and ``records`` (in them).

    Raises:
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        >>> cluster_sizes(["a", "a", "b", "c", "c"]).rows()
        [(1, 1, 1), (2, 2, 4)]
    """
    sizes = pl.Series("size", np.bincount(codes(label_series(labels).drop_nulls())), dtype=pl.Int64)
    counted = sizes.to_frame().group_by("size").agg(pl.len().cast(pl.Int64).alias("clusters")).sort("size")
    return counted.with_columns(records=pl.col("size") * pl.col("clusters"))


def _entropy(sizes: Integers) -> float:
    """Return the entropy, in nats, of the cluster of a record drawn at random; 0 for a single cluster."""
    shares = sizes / sizes.sum()
    return -float(shares @ np.log(shares))
