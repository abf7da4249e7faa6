"""Any table that says which records are one entity is read as a crosswalk."""

from __future__ import annotations

import math
from types import SimpleNamespace

import polars as pl
import pytest

from identigraph.errors import ColumnNotFoundError, ConfigurationError, DuplicateIdError, NullIdError
from identigraph.identity.reading import as_key, keys_of, read_chains, read_crosswalk, read_weights

ROWS = {"source": ["crm", "web"], "record_id": [7, 7], "entity_id": ["A", "A"]}


@pytest.mark.parametrize("label", ["entity_id", "cluster_id", "cluster", "entity"])
def test_the_entity_may_be_called_otherwise(label) -> None:
    found = read_crosswalk({"record_id": ["a"], label: [3], "x": [1]})
    assert found.columns == ["source", "record_id", "key_id", "entity_id", "x"]
    assert found.rows() == [("records", "a", "a", "3", 1)]


def test_the_first_name_of_an_entity_counts() -> None:
    found = read_crosswalk({"record_id": ["a"], "cluster": ["x"], "entity_id": ["y"]})
    assert found.select("entity_id", "cluster").rows() == [("y", "x")]


def test_ids_keep_their_type_and_are_compared_as_text() -> None:
    found = read_crosswalk(ROWS)
    assert found.schema["record_id"] == pl.Int64
    assert keys_of(found) == [("crm", "7"), ("web", "7")]


def test_what_has_a_crosswalk_is_read_by_it() -> None:
    assert read_crosswalk(SimpleNamespace(crosswalk=ROWS)).equals(read_crosswalk(ROWS))
    assert read_chains(SimpleNamespace(crosswalk=ROWS)) == [(("crm", "7"), ("A",), True), (("web", "7"), ("A",), True)]


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"record_id": None}, ColumnNotFoundError, "no column 'record_id' in the crosswalk"),
        ({"entity_id": None}, ColumnNotFoundError, "no column 'entity_id' in the crosswalk"),
        ({"record_id": [7, None]}, NullIdError, "1 of 2 rows have no id in column 'record_id'"),
        ({"source": ["crm", " "]}, NullIdError, "1 of 2 rows have no source in column 'source'"),
        (
            {"entity_id": [None, ""]},
            ConfigurationError,
            "2 of 2 rows of the crosswalk have no entity in",
        ),
        ({"source": ["crm", "crm"]}, DuplicateIdError, "1 id in column 'record_id' occurs more than once within"),
        ({"source": ["crm", "crm"], "entity_id": ["A", "B"]}, DuplicateIdError, "'7'"),
    ],
)
def test_what_is_no_crosswalk_is_refused(changed, error, message) -> None:
    table = {name: column for name, column in {**ROWS, **changed}.items() if column is not None}
    with pytest.raises(error, match=message):
        read_crosswalk(table)


def test_a_number_and_the_same_as_text_are_one_record() -> None:
    with pytest.raises(DuplicateIdError):
        read_crosswalk({"record_id": pl.Series([7.0, 7]), "entity_id": ["A", "B"]})


def test_the_records_of_a_register_are_read_with_their_chains() -> None:
    table = {
        "record_id": ["a", "b"],
        "entity_id": ["B", None],
        "chain": [["A", "B"], ["A"]],
        "is_present": [True, False],
    }
    assert read_chains(table) == [(("records", "a"), ("A", "B"), True), (("records", "b"), ("A",), False)]


def test_records_with_broken_chains_are_refused() -> None:
    table = pl.DataFrame({"record_id": ["a", "b"], "chain": [["A"], []], "is_present": [True, False]})
    with pytest.raises(ConfigurationError, match="1 of 2 records have no id in column 'chain'"):
        read_chains(table)
    with pytest.raises(ColumnNotFoundError, match="no column 'is_present' in the records"):
        read_chains(table.drop("is_present"))


def test_a_record_is_named_by_source_and_id_or_by_its_id() -> None:
    assert as_key(("crm", "7")) == as_key(("crm", 7)) == ("crm", "7")
    assert as_key(7) == ("records", "7")


def test_weights_are_by_source_by_record_or_in_a_column() -> None:
    frame = read_crosswalk({**ROWS, "clicks": ["3", "0.5"]})
    one, other = keys_of(frame)
    assert [read_weights(None, frame)(key) for key in (one, other)] == [1, 1]
    assert [read_weights({"web": 0}, frame)(key) for key in (one, other)] == [1, 0]
    assert [read_weights("clicks", frame)(key) for key in (one, other)] == [3, 0.5]
    assert read_weights(lambda source, record_id: len(source) * int(record_id), frame)(one) == 21


@pytest.mark.parametrize("weight", [-1, math.nan, math.inf, None, "heavy"])
def test_weights_are_numbers_from_zero_on(weight) -> None:
    frame = read_crosswalk({**ROWS, "weight": pl.Series([1, 2])})
    message = "weights of records are numbers from 0 on, got "
    with pytest.raises(ConfigurationError, match=message):
        read_weights({"web": weight}, frame)
    with pytest.raises(ConfigurationError, match=message):
        read_weights(lambda *_: weight, frame)(("crm", "7"))
    with pytest.raises(ConfigurationError, match=message):
        read_weights("weight", frame.with_columns(pl.Series("weight", [1, weight], strict=False)))


def test_weights_in_a_column_that_is_not_there_are_refused() -> None:
    with pytest.raises(ColumnNotFoundError, match="no column 'clicks' of weights"):
        read_weights("clicks", read_crosswalk(ROWS))
