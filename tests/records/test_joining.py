"""Records put together: as if the table had been read at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph import Records
from identigraph.fields import Date, PersonName
from identigraph.records.joining import joined_records
from identigraph.records.reading import Reading

FIELDS = {"name": PersonName(full="a"), "born": Date("b")}
LEARNED = Records.of({"a": ["Lee, Ann", "Ray, Bob"], "b": ["25/12/1990", "03/04/1990"]}, fields=FIELDS)
READING = Reading.of(LEARNED)
FACTS = {"known": 3}

cells = st.sampled_from(["Lee, Ann", "LEE, Ann", "Bob Ray", "03/04/1990", "13/04/1990", None, ""])
rows = st.fixed_dictionaries({"a": cells, "b": cells, "s": st.sampled_from(["crm", "web"])})
tables = st.lists(rows, max_size=8)


def read(told: dict[int, dict[str, Any]]) -> Records:
    """Return records by their ids, read as those learned from are."""
    columns = {"id": pl.Int64, "a": pl.String, "b": pl.String, "s": pl.String}
    table = pl.DataFrame([{"id": key, **row} for key, row in told.items()], schema=columns)
    return Records.of(table, id="id", source="s", fields=FIELDS, reading=READING).with_facts(FACTS)


@settings(max_examples=settings().max_examples // 3)
@given(tables, tables, st.lists(st.booleans(), min_size=8, max_size=8), st.booleans())
def test_joined_records_are_those_of_a_table_read_at_once(one, other, kept, renewed: bool) -> None:
    """Those left of one, then the other: the same rows, keys, features, encoded or not before, and positions."""
    before, left = read(dict(enumerate(one))), [i for i in range(len(one)) if kept[i]]
    features = [*before.features(), ig.prefix("name.family", 2), "a"]
    for feature in features[::2]:
        before.column(feature)
    before = before.renewed() if renewed else before
    before.column(features[0])
    came = {100 + i: row for i, row in enumerate(other)}
    found = joined_records(before.some(np.isin(before.ids.to_numpy(), left)), read(came))
    wanted = read({i: one[i] for i in left} | came)
    assert found.ids.to_list() == wanted.ids.to_list()
    assert found.position.tolist() == wanted.position.tolist()
    assert found.table.equals(wanted.table)
    assert found.sources.decoded().to_list() == wanted.sources.decoded().to_list()
    for feature in features:
        mine, theirs = found.column(feature), wanted.column(feature)
        assert (mine.codes.tolist(), mine.values.to_list()) == (theirs.codes.tolist(), theirs.values.to_list())
    assert (found.fields, found.reading, found.facts) == (FIELDS, READING, FACTS)
    assert (found.has_ids, found.has_sources) == (True, True)


def test_what_was_asked_for_is_there_without_being_read_again() -> None:
    """What nobody asked for since is left out."""
    before = read({0: {"a": "Lee, Ann", "b": None, "s": "crm"}})
    before.column("born")
    before = before.renewed()
    before.column("name")
    after = joined_records(before, read({100: {"a": "Bob Ray", "b": None, "s": "crm"}}))
    assert list(after.encoded) == ["name"]
    assert after.column("name").decoded().len() == 2
