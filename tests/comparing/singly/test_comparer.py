"""Policies on two rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from identigraph import Pairs, Records
from identigraph.comparing import Comparison, exact, number, similar, typos
from identigraph.comparing.defaults import default_comparators
from identigraph.comparing.singly import PairComparer
from identigraph.datasets import customers
from identigraph.records import Reading, RowReader
from identigraph.records.infer import infer_fields


@pytest.fixture(scope="module")
def records() -> Records:
    found = Records.of(customers(80, seed=2).records, id="record_id", source="source")
    return found.with_fields(infer_fields(found.table).fields)


def test_a_record_that_is_read_alone_has_the_row_of_one_in_a_table(records: Records) -> None:
    comparer = PairComparer.of(Comparison(default_comparators(records)), records)
    reader = RowReader.of(Reading.of(records), comparer.features)
    sources = records.sources.decoded()
    rows = [
        comparer.row(reader.read(sources[place], row), row)
        for place, row in enumerate(records.table.iter_rows(named=True))
    ]
    assert rows == list(comparer.rows(records))


def test_records_without_rows_tell_what_facts_they_were_given(records: Records) -> None:
    """As the records do that a live index is opened with."""
    comparison = Comparison(default_comparators(records))
    pairs = Pairs.of(*np.triu_indices(len(records), k=1))
    expected = comparison.patterns(records, pairs).tolist()
    none = records.some(np.zeros(len(records), dtype=bool)).with_facts(records.facts)
    comparer = PairComparer.of(comparison, none)
    rows = list(comparer.rows(records))
    assert [comparer.pattern(rows[i], rows[j]) for i, j in zip(pairs.left, pairs.right, strict=True)] == expected


def test_many_threads_may_compare_at_once(records: Records) -> None:
    comparer = PairComparer.of(Comparison(default_comparators(records)), records)
    rows = list(comparer.rows(records))

    def patterns(_: int) -> list[int]:
        return [comparer.pattern(left, right) for left in rows[:30] for right in rows[:30]]

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(patterns, range(8))
    assert all(other == first for other in others)


def test_a_comparer_shows_counts_and_no_value() -> None:
    comparer = PairComparer.of(
        Comparison([similar("name"), exact("city")]), Records.of({"name": ["Ann"], "city": [""]})
    )
    assert repr(comparer) == "<PairComparer: 2 comparators of rows of 2 texts>"


def test_a_feature_stands_in_a_row_once_however_many_ask_for_it() -> None:
    comparison = Comparison([similar("name"), typos("city"), number("name")])
    comparer = PairComparer.of(comparison, Records.of({"name": ["7"], "city": ["Bern"]}))
    assert (comparer.features, comparer.columns) == (("name", "city"), ("name",))


@pytest.mark.parametrize("blank", [None, "", " \t\u2003"])
def test_a_blank_column_has_no_value(blank: str | None) -> None:
    comparer = PairComparer.of(Comparison([number("price")]), Records.of({"price": ["7"]}))
    assert comparer.row({"price": None}, {"price": blank}) == (None, None)
    assert comparer.row({"price": None}) == (None, None)
