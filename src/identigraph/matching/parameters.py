"""The parameters of a fitted Fellegi-Sunter model, as plain data."""

from __future__ import annotations

import attrs
import numpy as np
import polars as pl

from identigraph.comparing.layout import Layout
from identigraph.matching.expectation import Estimate

Table = tuple[tuple[float, ...], ...]


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

    @property
    def layout(self) -> Layout:
        """What the bits of a pattern mean."""
        return Layout(self.names, self.labels)

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
