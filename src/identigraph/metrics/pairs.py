"""Measures that count pairs of records: two clusterings in, a score out.

A clustering says of every pair of records whether they belong together. These measures ask how often it is right.
"""

from __future__ import annotations

import attrs

from identigraph.metrics.contingency import Contingency, Labels, contingency, pair_count
from identigraph.metrics.score import Score, share


@attrs.frozen(kw_only=True)
class PairwiseScore(Score):
    """A `Score` over pairs of records, with the counts it is made of.

    Attributes:
        true_positives: pairs together in both clusterings.
        false_positives: pairs together in the predicted clustering only.
        false_negatives: pairs together in the true clustering only.
    """

    true_positives: int
    false_positives: int
    false_negatives: int


def pairwise(predicted: Labels, true: Labels) -> PairwiseScore:
    """Return pairwise precision, recall and F1.

    Precision is the share of the pairs put together that belong together, recall the share of the pairs that belong
    together that were put together. With P and T the sets of unordered pairs that share a predicted and a true
    cluster::

        precision = |P ∩ T| / |P|        recall = |P ∩ T| / |T|

    Where it is weak: a cluster of k records counts k(k - 1)/2 times, so a few big clusters decide the score; look at
    `b_cubed` beside it.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        The score. Where no pair was predicted, precision is 1 (nothing wrong was said); where no pair is true, recall
        is 1 (nothing was missed). So a clustering scores 1 against itself even if it is all singletons or empty.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        Predicted together: 0-1, 0-2, 1-2. Truly together: 0-1, 2-3. One pair is right.

        >>> score = pairwise([1, 1, 1, 2], ["a", "a", "b", "b"])
        >>> round(score.precision, 3), score.recall, score.f1
        (0.333, 0.5, 0.4)
        >>> score.true_positives, score.false_positives, score.false_negatives
        (1, 2, 1)

    References:
        Menestrina, Whang, Garcia-Molina (2010): Evaluating entity resolution results. PVLDB 3(1), "pairwise F1".
    """
    return score_pairs(contingency(predicted, true))


def score_pairs(table: Contingency) -> PairwiseScore:
    """Return the pairwise score of a contingency table.

    Examples:
        >>> score_pairs(contingency([1, 1, 2], [1, 1, 1])).recall
        0.3333333333333333
    """
    both = pair_count(table.cell_sizes)
    predicted, true = pair_count(table.predicted_sizes), pair_count(table.true_sizes)
    return PairwiseScore.of(
        share(both, predicted),
        share(both, true),
        ignored=table.ignored,
        true_positives=both,
        false_positives=predicted - both,
        false_negatives=true - both,
    )


def adjusted_rand(predicted: Labels, true: Labels) -> float:
    """Return the adjusted Rand index: agreement over all pairs, corrected for chance.

    The Rand index is the share of pairs on which two clusterings agree, together or apart. Adjusted, it is 0 on average
    for random clusterings with the same cluster sizes, 1 for equal ones, and may fall below 0. With p, t and b pairs
    together in the predicted, the true and both clusterings, of N pairs in all::

        (b - pt/N) / ((p + t)/2 - pt/N)

    Where it is weak: records to be resolved form many small clusters, so pt/N all but vanishes, and what remains,
    2b/(p + t), is pairwise F1. It tells more where clusters are few and large.

    Args:
        predicted: the label of each record's predicted cluster.
        true: the label of each record's true cluster; null where it is not known.

    Returns:
        The index, at most 1. Where nothing could differ by chance (both all singletons, both one cluster) it is 1.

    Raises:
        ConfigurationError: the lengths differ, or a record with a true label has no predicted one.
        UnsupportedInputError: the labels are not a one-dimensional sequence of plain values.

    Examples:
        p = 1, t = 2, b = 1 of N = 6 pairs: (1 - 1/3) / (3/2 - 1/3) = 4/7.

        >>> round(adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]), 4)
        0.5714

    References:
        Hubert and Arabie (1985): Comparing partitions. Journal of Classification 2.
    """
    table = contingency(predicted, true)
    both, total = pair_count(table.cell_sizes), table.records * (table.records - 1) // 2
    p, t = pair_count(table.predicted_sizes), pair_count(table.true_sizes)
    return share(2 * (total * both - p * t), total * (p + t) - 2 * p * t)
