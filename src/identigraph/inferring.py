"""What a resolver is made of where nobody says it: the matcher and the blocking that suit the records at hand."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from identigraph.blocking import BlockingStrategy, no_pairs
from identigraph.blocking.choosing import choose_blocking
from identigraph.comparing import Comparator
from identigraph.comparing.defaults import edition_comparators, household_comparators, identity_comparators
from identigraph.errors import ColumnWarning, ConfigurationError, EmptyBlockingWarning, NoBlockingError
from identigraph.matching import FellegiSunter, SelfTrained
from identigraph.notes import warn
from identigraph.records import Records
from identigraph.records.infer import align_columns
from identigraph.records.rows import Columns, Ids
from identigraph.records.tables import is_mapping_of_tables, read


def inferred_matcher(records: Records, comparators: tuple[Comparator, ...]) -> FellegiSunter | SelfTrained:
    """Return the matcher, unfitted, that suits comparators of `records`: self-trained where the extra is installed."""
    household, identity = household_comparators(records, comparators), identity_comparators(records, comparators)
    editions = edition_comparators(records, comparators)
    model = FellegiSunter(household=household, identity=identity, editions=editions)
    return SelfTrained(model) if find_spec("sklearn") else model


def read_records(data: Any, *, id: Ids, source: str | None, columns: Columns) -> Records:  # noqa: A002
    """Return the records of `data`; tables of several sources are aligned."""
    if isinstance(data, Records):
        if any(given is not None for given in (id, source, columns)):
            raise ConfigurationError("Records know their ids, sources and columns; leave id, source and columns out")
        return data
    if columns is None and is_mapping_of_tables(data):
        data = {str(name): read(table) for name, table in data.items()}
        columns = align_columns(data, id=id)
    return Records.of(data, id=id, source=source, columns=columns)


def chosen_blocking(records: Records, comparators: tuple[Comparator, ...]) -> BlockingStrategy:
    """Return the blocking chosen from the data, and warn where no pair can be told."""
    if len(records) < 2:
        return no_pairs()
    if not comparators:
        told = "every record stays an entity of its own: no column has values that some records share and others do not"
        warn(told, ColumnWarning)
        return no_pairs()
    try:
        return choose_blocking(records)
    except NoBlockingError as error:
        warn(f"every record stays an entity of its own: {error}", EmptyBlockingWarning)
        return no_pairs()
