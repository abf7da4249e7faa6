"""Comparisons: how some pairs agree, which is what a matcher is fitted to and scores."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing.comparator import Comparator, similarities_of
from identigraph.comparing.layout import Layout, Levels, Packed, Pattern
from identigraph.comparing.patterns import Comparison, Patterns
from identigraph.errors import ConfigurationError
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.records.id_pairs import IdPairs

Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False, repr=False)
class Comparisons:
    """The agreement patterns of some pairs; made by `compare`.

    Args:
        layout: what the bits of a pattern mean.
        packed: the pattern of each pair, or of each group of pairs.
        counts: how many pairs each pattern stands for; None: one each.
        comparison: the comparators; None where they are not at hand: then there are no similarities.
        records: whose pairs they are.
        pairs: the pairs.

    Examples:
        >>> from identigraph.comparing.building import exact, similar
        >>> records = Records.of({"surname": ["Smith", "Smyth", "Lee"], "city": ["Bern", "Bern", None]})
        >>> compared = compare(records, Pairs.of([0], [1]), [similar("surname"), exact("city", frequency=False)])
        >>> compared[0]
        <Pattern: surname similar, 0.8, city equal>
        >>> compared.similarities.round(3).tolist()
        [[0.893, 1.0]]
    """

    layout: Layout
    packed: Packed
    counts: Floats | None = None
    comparison: Comparison | None = None
    records: Records | None = None
    pairs: Pairs | None = None

    def __len__(self) -> int:
        """Return the number of patterns."""
        return len(self.packed)

    def __getitem__(self, place: int) -> Pattern:
        """Return the pattern of one pair."""
        return self.layout.pattern(self.packed[place])

    @property
    def levels(self) -> Levels:
        """The levels of all comparators, shape (pairs, comparators); -1 missing."""
        return self.layout.levels(self.packed)

    @property
    def similarities(self) -> Floats:
        """The raw similarities of all comparators, shape (pairs, comparators); NaN missing.

        Raises:
            ConfigurationError: records, pairs or comparators are not at hand.
        """
        if self.comparison is None or self.records is None or self.pairs is None:
            raise ConfigurationError("raw similarities need records and pairs; make the comparisons with compare(...)")
        found = [similarities_of(c, self.records, self.pairs) for c in self.comparison.comparators]
        return np.column_stack(found) if found else np.zeros((len(self), 0))

    def where(self, mask: npt.NDArray[np.bool_]) -> Comparisons:
        """Return the comparisons that `mask` keeps."""
        counts = None if self.counts is None else self.counts[mask]
        pairs = None if self.pairs is None else self.pairs.where(mask)
        return attrs.evolve(self, packed=self.packed[mask], counts=counts, pairs=pairs)

    def counted(self) -> Patterns:
        """Return the distinct patterns, each with how many pairs show it."""
        if self.counts is None:
            return Patterns.counted([self.packed])
        order = np.argsort(self.packed, kind="stable")
        return Patterns.none().plus(Patterns(self.packed[order], self.counts[order]))

    def table(self) -> pl.DataFrame:
        """Return one row per pair: the label of each comparator, by its name."""
        levels = self.levels
        columns = []
        for i, (name, labels) in enumerate(zip(self.layout.names, self.layout.labels, strict=True)):
            said = np.array([*labels, "missing"], dtype=object)[levels[:, i]]
            columns.append(pl.Series(name, said, dtype=pl.String))
        return pl.DataFrame(columns)

    def __repr__(self) -> str:
        """Return the counts."""
        return f"<Comparisons: {len(self):,} pairs by {len(self.layout.names)} comparators>"


def compare(records: Records, pairs: Any, comparators: Iterable[Comparator] | Comparison) -> Comparisons:
    """Return how pairs of records agree.

    Args:
        records: the records.
        pairs: `Pairs` of row numbers, or pairs of ids: a sequence of twos, or a table ``left_id, right_id``, with
            ``left_source`` and ``right_source`` where ids are unique in their source only.
        comparators: how they are compared.

    Raises:
        RangeError: the comparators' levels do not fit into a pattern of 63 bits.
        ColumnNotFoundError: a comparator reads a column that there is not.
        UnknownIdError: ids that no record has.

    Examples:
        >>> from identigraph.comparing.building import exact
        >>> people = Records.of({"id": ["a", "b"], "city": ["Bern", "bern"]}, id="id")
        >>> compare(people, [("a", "b")], [exact("city", frequency=False)])[0]
        <Pattern: city equal>
    """
    asked = pairs if isinstance(pairs, Pairs) else Pairs.of(*IdPairs.of(pairs).rows(records))
    comparison = comparators if isinstance(comparators, Comparison) else Comparison(comparators)
    packed = comparison.patterns(records, asked)
    return Comparisons(comparison.layout, packed, None, comparison, records, asked)
