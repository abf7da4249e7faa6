"""The road of tables for two rows: slow and exact, for comparators that have no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import polars as pl

from identigraph.comparing.comparator import Comparator, Grader
from identigraph.comparing.patterns import Comparison
from identigraph.comparing.singly.plan import Given, Grade, Plan, Row
from identigraph.encoding import Encoded, encode
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.pairs import Pairs
from identigraph.records import Records

LEFT, RIGHT = np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.int32)


@attrs.frozen(eq=False, repr=False)
class TwoRows:
    """Makes Records of two rows.

    Args:
        population: how fields are read, and what is known of all records.
        features: what fields make, and where it stands in a row.
        columns: the columns as given, and where they stand.
    """

    population: Records
    features: tuple[tuple[Feature, int], ...]
    columns: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, plan: Plan) -> TwoRows:
        """Return what makes Records of two rows, which must hold all columns and what all fields make of them."""
        records = plan.records
        parts = [feature for feature in records.features() if not records.lists & set(columns_read(records, feature))]
        return cls(
            records,
            tuple((feature, plan.place(feature)) for feature in parts),
            tuple((column, plan.place(Given(column))) for column in records.table.columns),
        )

    def records(self, left: Row, right: Row) -> Records:
        """Return the Records of two rows, as if of one source, in this order."""
        found = table_of(self.population, {column: [left[at], right[at]] for column, at in self.columns})
        for feature, at in self.features:
            found.encoded[feature] = encode(pl.Series([left[at], right[at]], dtype=pl.String))
        return found


def table_of(population: Records, columns: Mapping[str, Sequence[str | None]]) -> Records:
    """Return a few rows as Records, as if of one source, in this order; read as the population, which tells all facts.

    Examples:
        >>> found = table_of(Records.of({"city": ["Bern"]}), {"city": ["Basel", None]})
        >>> found, found.column("city").values.to_list()
        (<Records: 2 records from 1 source, 1 column>, ['basel'])
    """
    table = pl.DataFrame(dict(columns), schema=dict.fromkeys(columns, pl.String))
    return attrs.evolve(
        population,
        table=table,
        ids=pl.Series([str(row) for row in range(table.height)]),
        sources=Encoded(np.zeros(table.height, dtype=np.int32), pl.Series([""])),
        position=np.arange(table.height),
        given_facts=population.facts,
    )


def by_table(each: Comparator | Grader, plan: Plan) -> Grade:
    """Return the function of two rows that puts both into a table.

    Raises:
        ConfigurationError: a comparator reads no column.
    """
    rows = TwoRows.of(plan)
    if not isinstance(each, Comparator):
        grader = each
        grader.grades(plan.records, LEFT[:0], RIGHT[:0])
        return lambda left, right: int(grader.grades(rows.records(left, right), LEFT, RIGHT)[0])
    if getattr(each, "columns", True) == ():
        raise ConfigurationError(f"{each.name!r} reads no column: its values belong to the rows of a table")
    comparison, pair = Comparison((each,)), Pairs.of(LEFT, RIGHT)
    comparison.patterns(plan.records, Pairs.of(LEFT[:0], RIGHT[:0]))
    return lambda left, right: int(comparison.patterns(rows.records(left, right), pair)[0]) - 1


def columns_read(records: Records, feature: str) -> tuple[str, ...]:
    """Return the columns that the field of a feature reads, or the plain column that it is."""
    name = feature if feature in records.fields else feature.rpartition(".")[0]
    return tuple(records.fields[name].roles(name).values()) if name in records.fields else (feature,)
