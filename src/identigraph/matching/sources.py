"""Do the sources hold duplicates? Told from the data, without a model.

Where exactly two records agree on two telling features at once, or on a model number that no other record has, they are
mostly of one entity. If such couples are met across sources but hardly ever within one, each source lists every entity
once, and only pairs across sources need be linked.
"""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import TypeGuard

import numpy as np
import numpy.typing as npt

from identigraph.comparing import Comparator, Graded, SameModel
from identigraph.encoding import Codes, Encoded, combine
from identigraph.matching.population import Link, linkable_pairs
from identigraph.records import Records
from identigraph.text.cutting import words

Ints = npt.NDArray[np.int64]
Couples = tuple[tuple[str, str], Ints, Ints]

FEWEST_COUPLES = 20
"""Couples across sources that it takes to tell by two features."""
MOST_WITHIN = 0.1
"""The most that the rate of couples within a source may be of the rate across, for sources without duplicates: the
median over all twos of features."""
MOST_FEATURES = 8
TELLING = 0.05
"""Distinct values per record from which on a feature is telling."""


def infer_link(records: Records, comparators: tuple[Comparator, ...]) -> Link:
    """Return ``"across"`` where no source seems to hold duplicates, else ``"both"``.

    Examples:
        >>> from identigraph.comparing.building import exact
        >>> rows = [{"s": s, "a": f"a{i}", "b": f"b{i}"} for s in ("crm", "web") for i in range(60)]
        >>> compared = (exact("a"), exact("b"))
        >>> infer_link(Records.of(rows, source="s"), compared)
        'across'
        >>> infer_link(Records.of(rows + rows, source="s"), compared)
        'both'
    """
    possible = linkable_pairs(records, None, "across"), linkable_pairs(records, None, "within")
    if not all(possible):
        return "both"
    rates, sources = [], records.sources.codes
    agreeing = [(left, right) for _, left, right in couples_of_two(records, comparators)]
    for left, right in (*agreeing, *couples_of_models(records, comparators)):
        across = int((sources[left] != sources[right]).sum())
        if across >= FEWEST_COUPLES:
            rates.append(((len(left) - across) / possible[1]) / (across / possible[0]))
    return "across" if rates and median(rates) <= MOST_WITHIN else "both"


def couples_of_two(records: Records, comparators: tuple[Comparator, ...]) -> list[Couples]:
    """Return the couples on every two telling features: the names of both, and the row numbers; computed once."""

    def compute() -> list[Couples]:
        twos = combinations(telling(records, comparators), 2)
        return [((one, other), *couples(combine([a, b])[0])) for (one, a), (other, b) in twos]

    return records.remember(("couples of two", comparators), compute)


def couples_of_models(records: Records, comparators: tuple[Comparator, ...]) -> list[tuple[Ints, Ints]]:
    """Return the couples on one model number, a list for each feature of model numbers that is compared."""
    return [_couples_on_words(records.column(c.feature)) for c in comparators if _of_models(c)]


def _of_models(comparator: Comparator) -> TypeGuard[Graded]:
    return isinstance(comparator, Graded) and any(isinstance(grader, SameModel) for grader in comparator.graders)


def _couples_on_words(column: Encoded) -> tuple[Ints, Ints]:
    """Return the row numbers of each two records that share a word that no other record has, each two once."""
    rows = np.flatnonzero(column.codes >= 0)
    once = words(column.values).distinct().taken(column.codes[rows].astype(np.int64))
    of_two = np.flatnonzero((np.bincount(once.item) == 2)[once.item])
    of_two = of_two[np.argsort(once.item[of_two], kind="stable")]
    both = np.unique(rows[once.text[of_two]].reshape(-1, 2), axis=0)
    return both[:, 0], both[:, 1]


def couples(codes: Codes) -> tuple[Ints, Ints]:
    """Return both row numbers of each code that exactly two records carry.

    Examples:
        >>> [side.tolist() for side in couples(np.array([4, 7, 4, 4, 7, -1], dtype=np.int32))]
        [[1], [4]]
    """
    counts = np.bincount(codes[codes >= 0])
    rows = np.flatnonzero(np.append(counts == 2, False)[codes])
    rows = rows[np.argsort(codes[rows], kind="stable")]
    return rows[::2], rows[1::2]


def telling(records: Records, comparators: tuple[Comparator, ...]) -> list[tuple[str, Codes]]:
    """Return the features compared that have many values, the first eight, each with the codes of the records."""
    compared = [c for c in comparators if isinstance(c, Graded) and not _of_models(c)]
    features = [c.feature for c in compared if isinstance(c.feature, str)]
    columns = {feature: records.column(feature) for feature in features}
    many = [(name, c.codes) for name, c in columns.items() if len(c.values) >= TELLING * c.present]
    return many[:MOST_FEATURES]
