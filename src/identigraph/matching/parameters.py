"""The parameters of a fitted Fellegi-Sunter model, as plain data."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing.layout import Layout, Packed
from identigraph.matching.expectation import Estimate

Floats = npt.NDArray[np.float64]
Table = tuple[tuple[float, ...], ...]

GROUP_BITS = 12
"""Bits of a pattern that one look-up covers."""


@attrs.frozen(repr=False)
class Interaction:
    """What two comparators say together beyond what each says alone.

    Args:
        one, other: the comparators.
        bits: by level of the one, missing first, and level of the other: bits that are added to the match weight.
    """

    one: str
    other: str
    bits: Table

    def __repr__(self) -> str:
        """Return the comparators."""
        return f"<Interaction: {self.one} and {self.other}>"


@attrs.frozen(repr=False)
class Parameters:
    """Probabilities of each level of each comparator, by class, and the priors.

    Args:
        names: the comparators.
        labels: what their levels say, from 0.
        m: probability of each level among pairs of one entity.
        h: probability of each level among pairs of one household.
        u: probability of each level among all other pairs.
        prior_same, prior_household, prior_others: shares of the classes among all pairs; with that of editions they add
            up to 1.
        iterations: how many rounds training took.
        converged: whether it came to rest.
        interactions: what twos of comparators say together.
        e: probability of each level among pairs of two editions of one thing.
        prior_editions: the share of these.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    m: Table
    h: Table
    u: Table
    prior_same: float
    prior_household: float
    prior_others: float
    iterations: int
    converged: bool
    interactions: tuple[Interaction, ...] = ()
    e: Table = ()
    prior_editions: float = 0.0

    @classmethod
    def of(cls, layout: Layout, found: Estimate, interactions: tuple[Interaction, ...] = ()) -> Parameters:
        """Return what training found as plain data."""
        tables = (found.m, found.h, found.u, found.e)
        m, h, u, e = (tuple(tuple(map(float, levels)) for levels in table) for table in tables)
        same, household, editions, others = map(float, found.priors)
        told = (found.iterations, found.converged, interactions)
        shares = (same, household, others)
        return cls(layout.names, layout.labels, m, h, u, *shares, *told, e=e, prior_editions=editions)

    @cached_property
    def layout(self) -> Layout:
        """What the bits of a pattern mean."""
        return Layout(self.names, self.labels)

    @property
    def not_same(self) -> list[tuple[Table, float]]:
        """Probabilities and share of each class of no matches: households and editions, if there are any, others."""
        siblings = [(self.h, self.prior_household), (self.e, self.prior_editions)]
        return [*(each for each in siblings if each[1] > 0), (self.u, self.prior_others)]

    def log_likelihoods(self, packed: Packed) -> list[Floats]:
        """Return the log likelihood of each pattern in each class: of matches, then of those of `not_same`."""
        logs = [np.zeros(len(packed)) for _ in range(len(self.not_same) + 1)]
        for low, width, tables in self._likelihoods:
            code = (packed >> low) & ((1 << width) - 1)
            for log, table in zip(logs, tables, strict=True):
                np.add(log, table[code], out=log)
        return logs

    @cached_property
    def _likelihoods(self) -> list[tuple[int, int, list[Floats]]]:
        """Look-ups of log likelihoods, each of a few comparators: first bit, bits, and a table for each class."""
        found = []
        for low, width, members in _groups(self.layout):
            levels = self.layout.levels(np.arange(1 << width, dtype=np.int64) << low)
            tables = []
            for probabilities in (self.m, *(table for table, _ in self.not_same)):
                table = np.zeros(1 << width)
                for i in members:
                    known = np.log(np.append(np.asarray(probabilities[i]), 1.0))
                    table += known[np.minimum(levels[:, i], len(known) - 1)]
                tables.append(table)
            found.append((low, width, tables))
        return found

    @property
    def prior_bits(self) -> float:
        """The prior odds of a match, as log2."""
        return float(np.log2(self.prior_same / (1 - self.prior_same)))

    def table(self) -> pl.DataFrame:
        """Return one row per comparator and level: m, u, household and editions, if there are any, weight in bits."""
        classes = {"m": self.m, "u": self.u, "household": self.h}
        if self.prior_editions > 0:
            classes["editions"] = self.e
        flat = {name: [p for levels in table for p in levels] for name, table in classes.items()}
        rows = [
            (name, level, label)
            for name, labels in zip(self.names, self.labels, strict=True)
            for level, label in enumerate(labels)
        ]
        frame = pl.DataFrame(rows, schema=["comparator", "level", "label"], orient="row").hstack(pl.DataFrame(flat))
        return frame.with_columns(match_weight=(pl.col("m") / pl.col("u")).log(2))

    def __repr__(self) -> str:
        """Return the counts and the prior."""
        return f"<Parameters: {len(self.names)} comparators, prior {self.prior_same:.3g}>"


def _groups(layout: Layout) -> list[tuple[int, int, list[int]]]:
    """Return (first bit, bits, comparators) of groups of neighbors that one look-up covers."""
    ends = [*layout.shifts[1:], layout.bits]
    groups: list[tuple[int, int, list[int]]] = []
    for i, (low, high) in enumerate(zip(layout.shifts, ends, strict=True)):
        if groups and high - groups[-1][0] <= GROUP_BITS:
            groups[-1] = (groups[-1][0], high - groups[-1][0], [*groups[-1][2], i])
        else:
            groups.append((low, high - low, [i]))
    return groups
