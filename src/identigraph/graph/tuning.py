"""The threshold of average linkage at which the expected F1 of whole clusters is highest.

Expected, because it takes probabilities at their word: with p the probability of a pair,

    F1 = 2 sum(p of pairs in one cluster) / (pairs in one cluster + sum(p of all pairs)).

Pairs that blocking never proposed count too, once clusters put them together: they are scored then.

But not those of the matcher, which knows one pair alone. Records that share a cluster are more likely the same than
their own pair tells, for the other pairs of the cluster speak for it; how much, labels tell: logistic regression of the
answers on the pair's log odds and on the **level** of the pair, the highest of the thresholds tried at which both are
in one cluster.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.graph.clusters import Clusters, ScoredPairs
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.linkage import AverageLinkage
from identigraph.matching.logistic import fit_rising
from identigraph.odds import log2_odds, probability_of
from identigraph.pairs import Mask, Pairs

Floats = npt.NDArray[np.float64]

LOG2_ODDS = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0)
"""Thresholds that are tried, as log2 odds."""
APART = -6.0
"""The level of pairs that no threshold puts together."""
MOST_ODDS = 12.0
"""Log2 odds of a pair count up to this."""
LARGEST = 60
"""Clusters of more records than this are not scored inside: their pairs grow with the square."""
TRUSTED = (0.5, 0.5)
"""How much of a pair's log odds, and of its level, is taken for right until labels say otherwise."""
RIDGE = 0.3
"""Penalty on the square of how far each slope is from what is trusted."""


@attrs.frozen(eq=False, repr=False)
class Tuning:
    """What thresholds promise.

    Args:
        builder: the builder with the threshold of the highest expected F1.
        clusters: what it makes.
        table: one row per threshold tried: ``threshold, expected_precision, expected_recall, expected_f1``.
    """

    builder: AverageLinkage
    clusters: Clusters
    table: pl.DataFrame

    def __repr__(self) -> str:
        """Return the threshold chosen."""
        return f"<Tuning: threshold {self.builder.threshold:.3g} of {self.table.height} tried>"


@attrs.frozen(eq=False)
class Known:
    """Pairs whose answer is known.

    Args:
        pairs: the pairs.
        match: shape (pairs,): whether each is of one entity.
    """

    pairs: Pairs
    match: Mask


def tune_threshold(
    builder: AverageLinkage, graph: IdentityGraph, weigh: Callable[[Pairs], Floats], known: Known
) -> Tuning:
    """Return the builder with the threshold at which the expected F1 is highest, of equal ones the highest threshold.

    Args:
        builder: its threshold is replaced.
        graph: the records and their scored pairs.
        weigh: gives the log2 odds of a match of any pairs.
        known: pairs whose answer is known, of both kinds.

    Raises:
        ConfigurationError: all answers are the same.

    Examples:
        Two pairs of records, whose odds and clusters say what the answers say.

        >>> table = {"left": [0, 0, 2], "right": [1, 2, 3], "match_weight": [3.0, -3.0, 3.0]}
        >>> graph, odds = IdentityGraph.of(edges=table), np.array([3.0, -3.0, 3.0])
        >>> pairs = Pairs.of(table["left"], table["right"])
        >>> of = dict(zip(pairs.codes().tolist(), odds.tolist()))
        >>> known = Known(pairs, np.array([True, False, True]))
        >>> told = lambda pairs: np.array([of.get(code, -9.0) for code in pairs.codes().tolist()])
        >>> tune_threshold(AverageLinkage(), graph, told, known).clusters.labels.tolist()
        [0, 0, 1, 1]
    """
    thresholds = probability_of(np.array(LOG2_ODDS)).tolist()
    built = [attrs.evolve(builder, threshold=threshold).build(graph) for threshold in thresholds]
    scored = graph.scored
    inside = pairs_inside(built[0], scored)
    pairs = Pairs(np.concatenate([scored.left, inside.left]), np.concatenate([scored.right, inside.right]))
    bits = log2_odds(scored.match_probability)
    odds = np.clip(np.append(bits, weigh(inside)), -MOST_ODDS, MOST_ODDS)
    seen = np.clip(weigh(known.pairs), -MOST_ODDS, MOST_ODDS)
    told = np.column_stack([seen, _levels(built, known.pairs)])
    slopes, intercept = fit_rising(told, known.match, ridge=RIDGE, center=np.log(2) * np.array(TRUSTED))
    level = _levels(built, pairs)
    chance = 1 / (1 + np.exp(-(slopes[0] * odds + slopes[1] * level + intercept)))
    rows = [
        (threshold, *_expected(clusters, chance, _together(clusters, pairs)))
        for threshold, clusters in zip(thresholds, built, strict=True)
    ]
    best = max(range(len(rows)), key=lambda i: (rows[i][3], i))
    names = ["threshold", "expected_precision", "expected_recall", "expected_f1"]
    tuned = attrs.evolve(builder, threshold=rows[best][0])
    return Tuning(tuned, built[best], pl.DataFrame(rows, schema=names, orient="row"))


def _levels(built: list[Clusters], pairs: Pairs) -> Floats:
    """Return the highest of the log2 odds tried at which the records of each pair are in one cluster."""
    level = np.full(len(pairs), APART)
    for odds, clusters in zip(LOG2_ODDS, built, strict=True):
        level[_together(clusters, pairs)] = odds
    return level


def _together(clusters: Clusters, pairs: Pairs) -> Mask:
    """Return whether both records of each pair are in one cluster."""
    together: Mask = clusters.labels[pairs.left] == clusters.labels[pairs.right]
    return together


def _expected(clusters: Clusters, chance: Floats, together: Mask) -> tuple[float, float, float]:
    """Return the expected precision, recall and F1 of the pairs that clusters make."""
    found, there = float(chance[together].sum()), float(chance.sum())
    sizes = clusters.sizes.astype(np.float64)
    made = float((sizes * (sizes - 1) / 2).sum())
    return found / max(made, 1e-9), found / max(there, 1e-9), 2 * found / max(made + there, 1e-9)


def pairs_inside(clusters: Clusters, scored: ScoredPairs) -> Pairs:
    """Return the pairs inside clusters that were not scored; of clusters with more than 60 records none.

    Examples:
        >>> pairs_inside(Clusters.of(np.array([0, 0, 0, 1])), ScoredPairs.none()).right.tolist()
        [1, 2, 2]
    """
    order = np.argsort(clusters.labels, kind="stable")
    sizes = clusters.sizes
    starts = np.cumsum(sizes) - sizes
    left, right = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= LARGEST)]):
        one, other = np.triu_indices(int(size), k=1)
        first = starts[sizes == size][:, None]
        left.append(order[(first + one).ravel()])
        right.append(order[(first + other).ravel()])
    pairs = Pairs.of(np.concatenate(left), np.concatenate(right))
    known = np.sort(Pairs(scored.left, scored.right).codes())
    wanted = pairs.codes()
    place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    return pairs.where(known[place] != wanted) if len(known) else pairs
