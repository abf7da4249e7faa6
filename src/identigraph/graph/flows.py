"""Flow along weighted pairs, expanded and inflated in turns until it settles: the inner loop of Markov clustering."""

from __future__ import annotations

from itertools import pairwise

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.encoding import run_starts, runs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DENSE = 300
"""Components of more nodes than this are sparse matrices, pruned."""
CELLS = 4_000_000
"""About so many numbers of matrices, or products of sparse ones, are held at a time."""
MOST = 100
"""In a sparse matrix the flow out of one node reaches so many others, those it is strongest to."""
LEAST_FLOW = 1e-4
"""Weaker flow is dropped."""
LEAST_WEIGHT = 1e-6
"""Pairs weigh at least this much, so that every node has some flow."""
SETTLED = 1e-6
"""Flow that changes less than this has settled."""


@attrs.frozen(eq=False)
class Weights:
    """The weighted pairs of some components of one size; nodes are numbered from 0 in each.

    Args:
        which: shape (pairs,): the component.
        one, other: shape (pairs,): two nodes.
        weight: shape (pairs,): 0 or more.
    """

    which: Ints
    one: Ints
    other: Ints
    weight: Floats


@attrs.frozen(eq=False)
class Flow:
    """The pairs of nodes between which something flows in the end.

    Args:
        which: shape (pairs,): the component.
        one, other: shape (pairs,): two nodes.
        unsettled: how many components still changed in the last round.
    """

    which: Ints
    one: Ints
    other: Ints
    unsettled: int


def settled_flow(weights: Weights, components: int, size: int, inflation: float, rounds: int) -> Flow:
    """Return what flows in the end.

    Args:
        weights: the pairs of components of one size, each pair once.
        components: how many components there are.
        size: how many nodes each has.
        inflation: the power that makes strong flow stronger.
        rounds: the most rounds.

    Examples:
        Of a chain of three nodes the middle one takes all.

        >>> chain = Weights(np.array([0, 0]), np.array([0, 1]), np.array([1, 2]), np.array([0.9, 0.9]))
        >>> flow = settled_flow(chain, 1, 3, 2.0, 100)
        >>> flow.one.tolist(), flow.other.tolist()
        ([1, 1, 1], [0, 1, 2])
    """
    weight = np.maximum(weights.weight, LEAST_WEIGHT)
    if size > DENSE:
        return _sparse(weights.one, weights.other, weight, size, inflation, rounds)
    flow = np.zeros((components, size, size))
    flow[weights.which, weights.one, weights.other] = weight
    flow[weights.which, weights.other, weights.one] = weight
    own = np.arange(size)
    flow[:, own, own] = flow.max(axis=1)
    unsettled = _dense(flow, inflation, rounds)
    which, one, other = np.nonzero(flow)
    return Flow(which, one, other, unsettled)


def _dense(flow: Floats, inflation: float, rounds: int) -> int:
    """Let matrices settle, in place, each column the flow out of a node; return how many have not."""
    flow /= flow.sum(axis=1, keepdims=True)
    moving = np.arange(len(flow))
    for _ in range(rounds):
        before = flow[moving]
        after = (before @ before) ** inflation
        after /= after.sum(axis=1, keepdims=True)
        after[after < LEAST_FLOW] = 0
        after /= after.sum(axis=1, keepdims=True)
        flow[moving] = after
        moving = moving[np.abs(after - before).max(axis=(1, 2)) > SETTLED]
        if len(moving) == 0:
            break
    return len(moving)


@attrs.frozen(eq=False)
class _Columns:
    """A sparse matrix, column by column, in each the rows rising; every column has an entry.

    Args:
        code: shape (entries,): column and row in one number.
        value: shape (entries,): above 0.
    """

    code: Ints
    value: Floats

    @property
    def starts(self) -> Ints:
        """Where each column begins, and the number of entries at the end."""
        return np.append(run_starts(self.code >> 32), len(self.code))

    def pruned(self) -> _Columns:
        """Return the flow of each column made 1, without what is weak."""
        column, value = self.code >> 32, self._normalized()
        order = np.lexsort((self.code, -value, column))
        starts = run_starts(column)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
        kept = (rank == 0) | ((rank < MOST) & (value >= LEAST_FLOW))
        few = _Columns(self.code[kept], value[kept])
        return _Columns(few.code, few._normalized())

    def _normalized(self) -> Floats:
        starts = run_starts(self.code >> 32)
        counts = np.diff(np.append(starts, len(self.code)))
        normalized: Floats = self.value / np.repeat(np.add.reduceat(self.value, starts), counts)
        return normalized

    def expanded(self, inflation: float) -> _Columns:
        """Return the square of the matrix, inflated and pruned; some columns at a time."""
        starts = self.starts
        counts = np.diff(starts)
        made = counts[self.code & 0xFFFFFFFF]
        block = (np.cumsum(np.add.reduceat(made, starts[:-1])) - 1) // CELLS
        bounds = np.append(starts[run_starts(block)], len(self.code))
        parts = [self._product(slice(a, b), starts, counts, inflation) for a, b in pairwise(bounds)]
        return _Columns(np.concatenate([p.code for p in parts]), np.concatenate([p.value for p in parts]))

    def _product(self, entries: slice, starts: Ints, counts: Ints, inflation: float) -> _Columns:
        code, value = self.code[entries], self.value[entries]
        through = code & 0xFFFFFFFF
        which, place = runs(starts[through], counts[through])
        made = ((code >> 32)[which] << 32) | (self.code[place] & 0xFFFFFFFF)
        order = np.argsort(made, kind="stable")
        first = run_starts(made[order])
        total = np.add.reduceat((value[which] * self.value[place])[order], first)
        return _Columns(made[order][first], total**inflation).pruned()


def _sparse(one: Ints, other: Ints, weight: Floats, size: int, inflation: float, rounds: int) -> Flow:
    """Return what flows in one large component in the end."""
    own = np.arange(size)
    strongest = np.zeros(size)
    for ends in (one, other):
        np.maximum.at(strongest, ends, weight)
    code = (np.concatenate([one, other, own]) << 32) | np.concatenate([other, one, own])
    value = np.concatenate([weight, weight, strongest])
    order = np.argsort(code)
    flow, unsettled = _Columns(code[order], value[order]).pruned(), 1
    for _ in range(rounds):
        before, flow = flow, flow.expanded(inflation)
        if np.array_equal(before.code, flow.code) and np.abs(flow.value - before.value).max() <= SETTLED:
            unsettled = 0
            break
    return Flow(np.zeros(len(flow.code), dtype=np.int64), flow.code & 0xFFFFFFFF, flow.code >> 32, unsettled)
