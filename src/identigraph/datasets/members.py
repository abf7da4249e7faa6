"""Who lives with whom: households, the part each member plays in them, and how many records each member has."""

from __future__ import annotations

from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from identigraph.datasets.countries import COUNTRIES

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.str_]

RECORD_SHARES = (0.50, 0.24, 0.12, 0.07, 0.035, 0.02, 0.01, 0.005)
"""Share of persons with 1, 2, ... 8 records."""
KIND_SHARES = (0.36, 0.26, 0.24, 0.08, 0.06)
"""Share of households of one person, of a couple, of parents and children, of one parent and children, of flatmates."""
ADULTS = np.array([1, 2, 2, 1, 2])
WITH_CHILDREN = np.array([False, False, True, True, False])
FLATMATES = 4
CHILD_SHARES = (0.45, 0.40, 0.15)
"""Share of families with 1, 2, 3 children."""
SAME_SEX = 0.04
TWINS = 0.018
"""Share of families of two children or more whose first two are twins."""
JUNIORS = 0.024
"""Share of fathers whose first child is a son of the same name."""
OTHER_NAMES = 0.06
"""Share of households whose names come from another country than the one they live in."""


@attrs.frozen(eq=False)
class Members:
    """The members of all households, one value per person in each array; a household stands together, its head first.

    Args:
        household: number of the household, from 0, without gaps.
        head: position of the head of the household.
        role: head, partner, flatmate, child, twin or junior.
        female: whether female.
        country: position in `COUNTRIES` of the country the household lives in.
        names: position in `COUNTRIES` of the country its names come from.
        records: how many records the person has, 1 to 8.
    """

    household: Ints
    head: Ints
    role: Texts
    female: Flags
    country: Ints
    names: Ints
    records: Ints

    @property
    def children(self) -> Flags:
        """Whether the person is a child of the head of the household."""
        return np.isin(self.role, ("child", "twin", "junior"))

    @property
    def partners(self) -> Flags:
        """Whether the person is the partner of the head of the household."""
        return np.asarray(self.role == "partner")

    @property
    def heads(self) -> Ints:
        """Position of the head of each household."""
        return np.unique(self.head)

    def heads_of(self, some: Flags) -> Flags:
        """Return whether the person is head of a household that has one of `some` persons."""
        return np.isin(np.arange(len(self.head)), self.head[some])


def members(n: int, rng: np.random.Generator) -> Members:
    """Return as many households as it takes for `n` records."""
    kinds = rng.choice(len(KIND_SHARES), n, p=KIND_SHARES)
    children = WITH_CHILDREN[kinds] * rng.choice([1, 2, 3], n, p=CHILD_SHARES)
    persons = ADULTS[kinds] + children
    records = _records(n, int(persons.sum()), rng)
    household = np.repeat(np.arange(n), persons)[: len(records)]
    head = (np.cumsum(persons) - persons)[household]
    child = np.arange(len(head)) - head - ADULTS[kinds][household]
    adult = np.where(kinds[household] == FLATMATES, "flatmate", "partner")
    role = np.where(child >= 0, "child", np.where(np.arange(len(head)) == head, "head", adult))
    female = rng.random(len(head)) < 0.5
    opposite = np.where(rng.random(len(head)) < SAME_SEX, female[head], ~female[head])
    female = np.where(role == "partner", opposite, female)
    role = _twins_and_juniors(role, child, household, ~female[head], rng)
    country, names = _countries(household, rng)
    return Members(household, head, role, female & (role != "junior"), country, names, records)


def _records(n: int, most: int, rng: np.random.Generator) -> Ints:
    """Return how many records each person has, for the first of `most` persons who have `n` together."""
    records = rng.choice(1 + np.arange(len(RECORD_SHARES)), most, p=RECORD_SHARES)
    so_far = np.cumsum(records)
    last = int(np.searchsorted(so_far, n))
    records[last] -= so_far[last] - n
    return records[: last + 1]


def _twins_and_juniors(role: Texts, child: Ints, household: Ints, has_father: Flags, rng: np.random.Generator) -> Texts:
    """Return roles where some children are twins and some are juniors, never both in one household."""
    draw = rng.random(household[-1] + 1)[household]
    siblings = np.bincount(household, child >= 0)[household]
    twin = (child >= 0) & (child <= 1) & (siblings > 1) & (draw < TWINS)
    junior = (child == 0) & has_father & (draw > 1 - JUNIORS)
    return np.where(twin, "twin", np.where(junior, "junior", role))


def _countries(household: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return for each person the country of the household and the country of its names."""
    shares = np.array([c.share for c in COUNTRIES])
    country = rng.choice(len(COUNTRIES), household[-1] + 1, p=shares / shares.sum())
    elsewhere = rng.random(len(country)) < OTHER_NAMES
    names = np.where(elsewhere, rng.permutation(country), country)
    return country[household], names[household]
