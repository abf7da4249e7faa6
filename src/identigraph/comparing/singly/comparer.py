"""All comparators of a policy together, on two rows: the packed pattern of a pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from identigraph.comparing.patterns import Comparison
from identigraph.comparing.singly.comparators import COMPARATORS
from identigraph.comparing.singly.contacts import CONTACTS
from identigraph.comparing.singly.graders import GRADERS
from identigraph.comparing.singly.people import PEOPLE
from identigraph.comparing.singly.plan import Given, Grade, Plan, Row, Way
from identigraph.comparing.singly.quantities import QUANTITIES
from identigraph.comparing.singly.two_rows import by_table
from identigraph.comparing.singly.words import WORDS
from identigraph.encoding import encode
from identigraph.fields.derived import Feature
from identigraph.records import Records
from identigraph.text.cutting import BLANKS

WAYS: Mapping[type, Way] = {**COMPARATORS, **GRADERS, **PEOPLE, **CONTACTS, **WORDS, **QUANTITIES}
"""The types of comparators and graders that work on two rows."""


@attrs.frozen(eq=False, repr=False)
class PairComparer:
    """Compares two rows of texts as a `Comparison` compares two records; made by `PairComparer.of`.

    It never changes but for what it keeps of values it has seen, so that many threads may compare at once.

    Args:
        holds: what a row holds, in this order.
        levels: the level of each comparator, and where its bits begin in a pattern.

    Examples:
        >>> from identigraph.comparing.building import exact, similar
        >>> people = Records.of({"surname": ["Smith", "Smyth"], "city": ["Bern", None]})
        >>> comparison = Comparison([similar("surname"), exact("city")])
        >>> comparer = PairComparer.of(comparison, people)
        >>> comparer.features
        ('surname', 'city')
        >>> comparison.layout.pattern(comparer.pattern(("smith", "bern"), ("smyth", None)))
        <Pattern: surname similar, 0.8, city missing>
    """

    holds: tuple[Feature | Given, ...]
    levels: tuple[tuple[Grade, int], ...]

    @classmethod
    def of(cls, comparison: Comparison, records: Records) -> PairComparer:
        """Return what compares rows as `comparison` compares records.

        Comparators and graders that are not of the library put both rows into a table: then a pair takes milliseconds,
        rows hold all columns, and are as if of one source.

        Args:
            comparison: the comparators.
            records: tell what is known of the population, or have the facts that another told; there may be none.

        Raises:
            ConfigurationError: the values of a comparator belong to the rows of a table, as vectors do.
        """
        plan = Plan(records, WAYS, by_table)
        levels = tuple(plan.grade(comparator) for comparator in comparison.comparators)
        return cls(tuple(plan.places), tuple(zip(levels, comparison.layout.shifts, strict=True)))

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features that a row holds."""
        return tuple(held for held in self.holds if not isinstance(held, Given))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a row holds as they are given, beside the features."""
        return tuple(held.column for held in self.holds if isinstance(held, Given))

    def row(self, features: Mapping[Feature, str | None], columns: Mapping[str, str | None] | None = None) -> Row:
        """Return the row of one record.

        Args:
            features: its features, as `RowReader` reads them.
            columns: its columns as they are given, where there are `columns`; blank ones have no value.

        Examples:
            >>> from identigraph.comparing.building import number
            >>> comparer = PairComparer.of(Comparison([number("price")]), Records.of({"price": ["9.5"]}))
            >>> comparer.columns, comparer.row({"price": "9 5"}, {"price": "9.5"})
            (('price',), ('9 5', '9.5'))
        """
        given = columns or {}
        return tuple(
            _filled(given.get(held.column)) if isinstance(held, Given) else features[held] for held in self.holds
        )

    def rows(self, records: Records) -> Iterator[Row]:
        """Yield the row of each record.

        Examples:
            >>> from identigraph.comparing.building import exact
            >>> people = Records.of({"city": ["Bern", None]})
            >>> sorted(PairComparer.of(Comparison([exact("city")]), people).rows(people), key=str)
            [('bern',), (None,)]
        """
        yield from zip(*(_column(records, held) for held in self.holds), strict=True)

    def pattern(self, left: Row, right: Row) -> int:
        """Return the packed pattern of two rows."""
        packed = 0
        for level, shift in self.levels:
            packed |= level(left, right) + 1 << shift
        return packed

    def __repr__(self) -> str:
        """Return the counts; never a value."""
        return f"<PairComparer: {len(self.levels):,} comparators of rows of {len(self.holds):,} texts>"


def _filled(value: str | None) -> str | None:
    return None if value is None or not value.strip(BLANKS) else value


def _column(records: Records, held: Feature | Given) -> Iterator[str | None]:
    """Return the text of each record; records of one value share it, which takes less memory and time."""
    column = encode(records.table.get_column(held.column)) if isinstance(held, Given) else records.column(held)
    values = [*column.values.to_list(), None]
    return map(values.__getitem__, column.codes.tolist())
