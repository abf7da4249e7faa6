"""Correlation clustering: the partition that agrees the most with what pairs say, for and against."""

from __future__ import annotations

from warnings import warn

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.components import connected_components
from identigraph.encoding import run_starts
from identigraph.errors import FitWarning, RangeError
from identigraph.graph.clusters import Clusters, check_probability
from identigraph.graph.constraints import Rule
from identigraph.graph.contracting import linking, odds_of
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.limits import Limit
from identigraph.graph.linkage import Averaged, linked
from identigraph.graph.repairing import held_together, keeping_apart
from identigraph.graph.roots import Values
from identigraph.odds import CERTAIN, log2_odds
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST_GAIN = 1e-9
"""Bits that a move must gain, so that rounding moves nothing."""


@attrs.frozen
class CorrelationClustering:
    """Clusters of the highest agreement that joins of clusters and moves of single records find.

    The *agreement* of a partition is the sum of the weights of all pairs of records in one cluster, where the weight
    of a scored pair is its log2 odds minus those of the threshold, and that of any other pair is `unseen` (see
    `agreement`). To find the highest is NP-hard (Bansal, Blum and Chawla 2004). Here clusters are joined first, those
    of the highest mean weight before others, as long as that adds to the agreement; then records move one after the
    other, by number, to the cluster where they add the most, or out of theirs, until no move gains. Each step adds to
    the agreement, so it is never less than that of single records or of the joins. Records that must be linked move
    as one.

    No number of clusters, and no linkage, has to be chosen. Its weakness: one pair that is certain outweighs many
    others, and there may be better partitions that single moves do not lead to. A round is some passes over the pairs,
    and a walk through the components where some record gains by a move.

    Args:
        threshold: the match probability of weight 0, 0 to 1.
        unseen: the weight of pairs that were not scored, in bits; at most 0.
        rounds: how often each record may move, 0 or more.

    Raises:
        RangeError: an argument lies outside its range.

    References:
        Bansal, Blum and Chawla (2004), Correlation clustering, Machine Learning 56. Elsner and Schudy (2009), Bounding
        and comparing methods for correlation clustering beyond ILP, NAACL Workshop.

    Examples:
        Pairs weigh 3, 2 and -1 bits: all in one cluster agree by 4, one pair alone by 3 or 2.

        >>> edges = {"left": ["a", "b", "a"], "right": ["b", "c", "c"], "match_weight": [3.0, 2.0, -1.0]}
        >>> CorrelationClustering().build(IdentityGraph.of(edges=edges)).labels.tolist()
        [0, 0, 0]
    """

    threshold: float = 0.5
    unseen: float = attrs.field(default=-1.0, kw_only=True)
    rounds: int = attrs.field(default=100, kw_only=True)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        check_probability("threshold", self.threshold)
        if not float("-inf") < self.unseen <= 0:
            raise RangeError("unseen", self.unseen, float("-inf"), 0)
        if not self.rounds >= 0:
            raise RangeError("rounds", self.rounds, 0, float("inf"))

    @property
    def cut(self) -> float:
        """The threshold."""
        return self.threshold

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of the records of `graph`.

        Warns:
            FitWarning: records may still gain by moves after all rounds, with the numbers.
        """
        cut, links = odds_of(self.threshold, graph.scored), linking(graph.scored, self.threshold)
        labels = linked(graph, Averaged(cut + self.unseen), limit=CERTAIN, cut=cut)
        ties = _ties(graph, cut, self.unseen)
        restless = ties.restless(labels)
        for _ in range(self.rounds):
            moving = _Moving(graph, ties, labels, restless)
            if not moving.sweep():
                break
            labels = held_together(graph, moving.labels(labels), links).labels
            restless = ties.restless(labels)
        else:
            _warn_of(restless, self.rounds)
        return Clusters.of(labels)


def _warn_of(restless: Mask, rounds: int) -> None:
    if restless.any():
        told = f"{int(restless.sum()):,} of {len(restless):,} records are in components where some may gain by a move"
        warn(f"{told} after {rounds} rounds; more rounds may find clusters that agree better", FitWarning, stacklevel=3)


def agreement(graph: IdentityGraph, clusters: Clusters, *, threshold: float = 0.5, unseen: float = -1.0) -> float:
    """Return the sum of the weights of all pairs of records in one cluster, in bits.

    Args:
        graph: records and scored pairs.
        clusters: a partition of the records.
        threshold: the match probability of weight 0; the weight of a scored pair is its log2 odds minus those of it.
        unseen: the weight of any other pair.

    Examples:
        Two pairs of 3 and 1 bits, and one that was not scored.

        >>> edges = {"left": ["a", "b"], "right": ["b", "c"], "match_weight": [3.0, 1.0]}
        >>> graph = IdentityGraph.of(edges=edges)
        >>> round(agreement(graph, Clusters.of(np.array([0, 0, 0]))), 3)
        3.0
    """
    scored, labels = graph.scored, clusters.labels
    inside = labels[scored.left] == labels[scored.right]
    weights = log2_odds(scored.match_probability[inside]) - odds_of(threshold, scored)
    sizes = clusters.sizes.astype(np.float64)
    unscored = float((sizes * (sizes - 1) / 2).sum()) - len(weights)
    return float(weights.sum()) + (unseen * unscored if unscored else 0.0)


@attrs.frozen(eq=False)
class _Ties:
    """Scored pairs between groups of must-linked records of one component, both ways, in the order of their ends.

    Args:
        component: shape (records,): the lowest record that pairs at or above the threshold lead to.
        size: shape (records,): the records of each group, by its lowest record.
        node, beside: the ends of each tie.
        weight: the sum of the weights of the pairs, each less `unseen`.
        unseen: what every pair of records weighs beside.
    """

    component: Ints
    size: Floats
    node: Ints
    beside: Ints
    weight: Floats
    unseen: float

    def restless(self, labels: Ints) -> Mask:
        """Return which groups are of a component where some group gains by a move."""
        n = len(labels)
        members = np.bincount(labels, minlength=n).astype(np.float64)
        code = (self.node << 32) | labels[self.beside]
        order = np.argsort(code, kind="stable")
        starts = run_starts(code[order])
        node, cluster = code[order][starts] >> 32, code[order][starts] & 0xFFFFFFFF
        within = np.add.reduceat(self.weight[order], starts) if len(starts) else np.zeros(0)
        own, at_home = np.zeros(n), cluster == labels[node]
        own[node[at_home]] = within[at_home]
        own += self.unseen * self.size * (members[labels] - self.size)
        there = within + self.unseen * self.size[node] * members[cluster]
        gains = own < -LEAST_GAIN
        gains[node[~at_home & (there > own[node] + LEAST_GAIN)]] = True
        concerned = np.zeros(n, dtype=bool)
        concerned[self.component[gains & (self.size > 0)]] = True
        restless: Mask = concerned[self.component] & (self.size > 0)
        return restless


def _ties(graph: IdentityGraph, cut: float, unseen: float) -> _Ties:
    """Return the ties between groups."""
    scored, label, n = graph.scored, graph.groups, len(graph)
    odds = log2_odds(scored.match_probability)
    good = odds >= cut
    component = connected_components(n, label[scored.left[good]], label[scored.right[good]])[label]
    one, other = label[scored.left], label[scored.right]
    inside = (component[one] == component[other]) & (one != other)
    one, other, weight = one[inside], other[inside], odds[inside] - cut - unseen
    code = (np.append(one, other) << 32) | np.append(other, one)
    order = np.argsort(code, kind="stable")
    starts = run_starts(code[order])
    total = np.add.reduceat(np.append(weight, weight)[order], starts) if len(starts) else np.zeros(0)
    ends = code[order][starts]
    size = np.bincount(label, minlength=n).astype(np.float64)
    return _Ties(component, size, ends >> 32, ends & 0xFFFFFFFF, total, unseen)


class _Moving:
    """Clusters between which groups move one by one."""

    def __init__(self, graph: IdentityGraph, ties: _Ties, labels: Ints, restless: Mask) -> None:
        nodes = np.flatnonzero(restless)
        self.groups, self.unseen, self.fresh = graph.groups, ties.unseen, len(labels)
        self.size = dict(zip(nodes.tolist(), ties.size[nodes].tolist(), strict=True))
        self.cluster = dict(zip(nodes.tolist(), labels[nodes].tolist(), strict=True))
        self.ties: dict[int, list[tuple[int, float]]] = {node: [] for node in self.size}
        some = restless[ties.node]
        columns = (each[some].tolist() for each in (ties.node, ties.beside, ties.weight))
        for node, beside, weight in zip(*columns, strict=True):
            self.ties[node].append((beside, weight))
        self.members: dict[int, float] = dict.fromkeys(self.cluster.values(), 0.0)
        for node, label in self.cluster.items():
            self.members[label] += self.size[node]
        self.kept = [_Kept.of(limit, restless, self.cluster) for limit in keeping_apart(graph)]

    def sweep(self) -> int:
        """Let each group move once, by number; return how many did."""
        return sum(self._move(node) for node in self.size)

    def labels(self, start: Ints) -> Ints:
        """Return the cluster of each record; `start` where nothing moved."""
        labels = start.copy()
        labels[list(self.cluster)] = list(self.cluster.values())
        moved: Ints = labels[self.groups]
        return moved

    def _move(self, node: int) -> bool:
        """Move a group to the cluster where it adds the most, if that is more than where it is."""
        own, size = self.cluster[node], self.size[node]
        gains = {own: 0.0}
        for beside, weight in self.ties[node]:
            label = self.cluster[beside]
            gains[label] = gains.get(label, 0.0) + weight
        for label in gains:
            gains[label] += self.unseen * size * (self.members[label] - size * (label == own))
        least = gains.pop(own) + LEAST_GAIN
        better = sorted((-gain, label) for label, gain in gains.items() if gain > max(least, 0.0))
        for _, label in better:
            if all(kept.allows(node, label) for kept in self.kept):
                return self._to(node, label)
        if least < 0:
            self.fresh += 1
            return self._to(node, self.fresh)
        return False

    def _to(self, node: int, label: int) -> bool:
        own, size = self.cluster[node], self.size[node]
        self.members[own] -= size
        self.members[label] = self.members.get(label, 0.0) + size
        self.cluster[node] = label
        for kept in self.kept:
            kept.move(node, own, label)
        return True


@attrs.frozen(eq=False)
class _Kept:
    """What one limit keeps apart: the values of groups and of clusters, where no value is in a cluster twice."""

    rule: Rule
    values: dict[int, Values]
    held: dict[int, Values]

    @classmethod
    def of(cls, limit: Limit, some: Mask, cluster: dict[int, int]) -> _Kept:
        """Return the values of some groups and their clusters."""
        kept = cls(limit.rule, {}, {})
        inside = some[limit.rows]
        for node, value in zip(limit.rows[inside].tolist(), limit.codes[inside].tolist(), strict=True):
            kept.values.setdefault(node, set()).add(value)
            kept.held.setdefault(cluster[node], set()).add(value)
        return kept

    def allows(self, node: int, label: int) -> bool:
        """Return whether a group may move to a cluster."""
        own, held = self.values.get(node), self.held.get(label)
        return not own or not held or self.rule.allows(own, held)

    def move(self, node: int, before: int, after: int) -> None:
        """Take the values of a group from one cluster to another."""
        if own := self.values.get(node):
            self.held[before] -= own
            self.held.setdefault(after, set()).update(own)
