"""Average linkage of a few records in plain Python: what arrays do for many, without their cost for each call.

The outcome is that of `asked_pairs` and `AverageLinkage.build` on the same pairs. Where two means are so close that the
order of additions could decide between them, nothing is returned and arrays must tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import TypeAlias

import attrs

from identigraph.graph.linkage import AverageLinkage
from identigraph.odds import CERTAIN

Pair: TypeAlias = tuple[int, int]
"""Two records, the lower first."""
Weigh: TypeAlias = Callable[[list[Pair]], list[float]]
"""Gives the log2 odds of pairs."""

MOST = 11
"""Records up to which no two clusters have so many pairs between them that some stand for all."""
CLOSE = 1e-6
"""Log2 odds within which two means are taken for equal."""


class CloseError(Exception):
    """Two means are so close that arrays must tell which is higher."""


@attrs.define
class _Edge:
    """Two clusters: the sum of the log2 odds of some pairs between them, and how many these are."""

    odds: float
    pairs: int


Edges: TypeAlias = dict[Pair, _Edge]


def asked_of_few(
    records: int,
    odds: Mapping[Pair, float],
    weigh: Weigh,
    linkage: AverageLinkage,
    cut: float,
    *,
    ordered: bool = True,
) -> set[Pair]:
    """Return the pairs that clusters ask for before they are joined, those that were scored among them.

    Args:
        records: how many there are, at most `MOST`.
        odds: the log2 odds of the scored pairs.
        weigh: gives those of any pairs.
        linkage: what joins them.
        cut: the least log2 odds of a join.
        ordered: whether the records are numbered as all are, so that the lowest of equals may go first.

    Raises:
        CloseError: see above.

    Examples:
        >>> asked = asked_of_few(3, {(0, 1): 6.6, (1, 2): 3.2}, lambda pairs: [3.0] * len(pairs), AverageLinkage(), 0.0)
        >>> sorted(asked)
        [(0, 2), (1, 2)]
    """
    asked: set[Pair] = set()
    limit = linkage.limit

    def known(members: Mapping[int, list[int]], edge: Pair) -> _Edge:
        pairs = [(min(a, b), max(a, b)) for a, b in product(members[edge[0]], members[edge[1]])]
        asked.update(pairs)
        return _Edge(sum(_within(weight, limit) for weight in weigh(pairs)), len(pairs))

    def agreed(edge: _Edge, _: int) -> float:
        return edge.odds / max(edge.pairs, 1)

    _joined(records, _edges(odds, limit), agreed, cut, known, ordered=ordered)
    return asked


def clusters_of_few(
    records: int, odds: Mapping[Pair, float], linkage: AverageLinkage, cut: float, *, ordered: bool = True
) -> list[int]:
    """Return the lowest record of the cluster of each record.

    Args:
        records: how many there are.
        odds: the log2 odds of the scored pairs, those that clusters asked for among them.
        linkage: what joins them.
        cut: the least log2 odds of a join.
        ordered: whether the records are numbered as all are, so that the lowest of equals may go first.

    Raises:
        CloseError: see above.

    Examples:
        >>> clusters_of_few(3, {(0, 1): 6.6, (1, 2): 3.2}, AverageLinkage(), 0.0)
        [0, 0, 2]
        >>> clusters_of_few(3, {(0, 1): 6.6, (1, 2): 3.2, (0, 2): -3.0}, AverageLinkage(), 0.0)
        [0, 0, 0]
    """
    limit = max(min(linkage.limit, CERTAIN), abs(cut))
    unseen = min(max(linkage.unseen, -limit), cut)

    def agreed(edge: _Edge, between: int) -> float:
        return (edge.odds + unseen * (between - edge.pairs)) / between

    return _joined(records, _edges(odds, limit), agreed, cut, None, ordered=ordered)


def _within(odds: float, limit: float) -> float:
    return max(-limit, min(odds, limit))


def _edges(odds: Mapping[Pair, float], limit: float) -> Edges:
    return {pair: _Edge(_within(weight, limit), 1) for pair, weight in odds.items()}


def _joined(
    records: int,
    edges: Edges,
    agreed: Callable[[_Edge, int], float],
    cut: float,
    known: Callable[[Mapping[int, list[int]], Pair], _Edge] | None,
    *,
    ordered: bool,
) -> list[int]:
    """Return the lowest record of each cluster after all joins: in each round of all that are best for both sides."""
    members = {record: [record] for record in range(records)}
    while edges:
        means = {edge: agreed(held, len(members[edge[0]]) * len(members[edge[1]])) for edge, held in edges.items()}
        mutual = _mutual_best(means, cut, ordered=ordered)
        if not mutual:
            break
        for edge in mutual:
            between = len(members[edge[0]]) * len(members[edge[1]])
            if known is not None and edges[edge].pairs < between:
                edges[edge] = known(members, edge)
            else:
                members[edge[0]] += members.pop(edge[1])
        edges = _relabeled(edges, members)
    label = [0] * records
    for low, held in members.items():
        for record in held:
            label[record] = low
    return label


def _mutual_best(means: Mapping[Pair, float], cut: float, *, ordered: bool) -> list[Pair]:
    """Return the edges at or above the cut that are the best of both their ends; ties go to the lowest labels.

    Raises:
        CloseError: a mean is almost that of another edge of the same end, or the cut; or quite, and records have no
            order.
    """
    best: dict[int, tuple[float, Pair]] = {}
    for edge in sorted(means):
        mean = means[edge]
        if 0 < abs(mean - cut) < CLOSE:
            raise CloseError
        if mean < cut:
            continue
        for end in edge:
            before = best.get(end)
            if before is not None and abs(mean - before[0]) < CLOSE and not (ordered and mean == before[0]):
                raise CloseError
            if before is None or mean > before[0]:
                best[end] = mean, edge
    return [edge for edge, mean in means.items() if mean >= cut and all(best[end][1] == edge for end in edge)]


def _relabeled(edges: Edges, members: Mapping[int, Iterable[int]]) -> Edges:
    """Return the edges between clusters, those that fall together as one."""
    label = {record: low for low, held in members.items() for record in held}
    found: Edges = {}
    for (one, other), held in edges.items():
        a, b = label[one], label[other]
        if a == b:
            continue
        pair = (a, b) if a < b else (b, a)
        there = found.get(pair)
        found[pair] = held if there is None else _Edge(there.odds + held.odds, there.pairs + held.pairs)
    return found
