"""Readings: what is settled by which values, where the settled is used, and what a reading refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl
import pytest

from identigraph.encoding import encode
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.fields import Category, Date, Email, FieldKind, Identifier, Number, PersonName
from identigraph.records import Reading, Records
from identigraph.records.fields import FieldReading, encode_field, settle_field

US, UK = ["12/25/1990", "03/04/1990"], ["25/12/1990", "13/04/1990", "03/04/1990"]
PLACEHOLDER = {
    "doc": [*(f"doc{i // 2}" for i in range(100)), *["ask again"] * 20],
    "name": [f"name{i // 2}" for i in range(120)],
    "street": [f"street{i // 3}" for i in range(120)],
}
"""Documents of which one is carried by many strangers."""


def dates(by_source: Mapping[str, list[str | None]], reading: Reading | None = None) -> Records:
    """Return records with dates of several sources."""
    rows = [{"source": source, "born": value} for source, values in by_source.items() for value in values]
    return Records.of(rows, source="source", fields={"born": Date()}, reading=reading)


def read(records: Records, feature: str = "born") -> list[str | None]:
    """Return a feature in the order of the caller's rows."""
    found = zip(records.position, records.column(feature).decoded(), strict=True)
    return [value for _, value in sorted(found, key=lambda pair: int(pair[0]))]


def test_a_source_is_read_as_its_own_values_tell_and_others_as_all_values_tell() -> None:
    reading = Reading.of(dates({"us": US, "uk": UK}))
    later = dates({"us": ["03/04/1990"], "uk": ["03/04/1990"], "new": ["03/04/1990"]}, reading)
    assert (read(later)) == ["1990-03-04", "1990-04-03", "1990-04-03"]
    assert list(reading.fields["born"].by_source) == ["us"]


def test_a_source_without_any_value_is_read_as_all_values_tell() -> None:
    reading = Reading.of(dates({"us": US, "web": [None]}))
    assert not reading.fields["born"].by_source
    assert (read(dates({"web": ["03/04/1990"]}, reading))) == ["1990-03-04"]


def test_kinds_of_all_sources_are_settled_once() -> None:
    rows = [{"source": "a", "sex": "m"}, {"source": "b", "sex": "f"}]
    records = Records.of(rows, source="source", fields={"sex": Category()})
    reading = Reading.of(records)
    assert not reading.fields["sex"].by_source
    assert (read(Records.of([{"sex": "f"}], fields={"sex": Category()}, reading=reading), "sex")) == ["female"]


def test_what_is_meaningless_stays_so_for_a_record_alone() -> None:
    records = Records.of(PLACEHOLDER, fields={"doc": Identifier()})
    reading = Reading.of(records)
    assert reading.fields["doc"] == FieldReading(Identifier(), Identifier(), {}, ("askagain",))
    alone = Records.of({"doc": ["Ask again!", "doc7"]}, fields={"doc": Identifier()}, reading=reading)
    assert (read(alone, "doc")) == [None, "doc7"]
    assert alone.field_report("doc").defaults == 1


def test_a_value_that_is_frequent_in_later_records_stays() -> None:
    reading = Reading.of(Records.of({"doc": ["a1", "b2"], "name": ["x", "y"]}, fields={"doc": Identifier()}))
    later = Records.of(PLACEHOLDER, fields={"doc": Identifier()}, reading=reading)
    assert later.field_report("doc").defaults == 0


def test_sources_that_are_read_alike_are_read_together() -> None:
    """A value of two sources is normalized once."""
    seen = list[list[str]]()

    @attrs.frozen
    class Counting(Number):
        def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
            seen.append(values.to_list())
            return super().normalize(role, values)

    table, sources = pl.DataFrame({"n": ["1", "2", "1", "0,5"]}), encode(pl.Series(["a", "a", "b", "c"]))
    settled = FieldReading(Counting("n"), Counting("n", decimal_mark="."), {"c": Counting("n", decimal_mark=",")})
    parts, _ = encode_field("n", Counting("n"), table, sources, settled)
    assert parts[""].decoded().to_list() == ["1", "2", "1", "0.5"]
    assert seen == [["1", "2"], ["0,5"]]


def test_a_kind_that_cannot_be_settled_is_taken_as_it_is() -> None:
    """Its values are still normalized source by source where it asks for that."""

    @attrs.frozen
    class Most:
        per_source: ClassVar[bool] = True
        parts: ClassVar[tuple[str, ...]] = ("",)

        def roles(self, name: str) -> Mapping[str, str]:
            return {"column": name}

        def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
            return columns

        def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
            del role
            return pl.DataFrame({"": values + "/" + values.max()})  # type: ignore[operator]

    table, sources = pl.DataFrame({"v": ["a", "b", "c"]}), encode(pl.Series(["x", "x", "y"]))
    reading = settle_field("v", Most(), table, sources)
    assert reading == FieldReading(Most(), Most())
    parts, _ = encode_field("v", Most(), table, sources, reading)
    assert parts[""].decoded().to_list() == ["a/b", "b/b", "c/c"]


def test_columns_of_lists_are_settled_on_their_elements() -> None:
    table = {"born": [["12/25/1990", "03/04/1990"], ["03/04/1990"]]}
    reading = Reading.of(Records.of(table, fields={"born": Date()}))
    for values in (["03/04/1990"], [["03/04/1990", "1999"]]):
        later = Records.of({"born": values}, fields={"born": Date()}, reading=reading)
        assert "1990-03-04" in later.elements("born").values
        assert later.field_report("born").unparsed == 0


def test_split_texts_are_settled_on_their_pieces() -> None:
    fields: dict[str, FieldKind] = {"born": Date(), "mail": Email()}
    records = Records.of({"born": ["12/25/1990; 03/04/1990"], "mail": ["a@x.com"]}, fields=fields)
    reading = Reading.of(records, separators={"born": [";"]})
    later = Records.of({"born": ["03/04/1990;1980"], "mail": ["a@x.com"]}, fields=fields, reading=reading)
    assert later.elements("born", separator=";").values.to_list() == ["1980", "1990-03-04"]
    assert records.elements("born", separator=";").values.to_list() == ["1990-03-04", "1990-12-25"]
    with pytest.raises(ConfigurationError, match=r"'mail' whole, not split by ','.*separators=\{'mail': \[','\]\}"):
        later.elements("mail", separator=",")


def test_separators_of_no_field_or_of_several_columns_are_refused() -> None:
    fields: dict[str, FieldKind] = {"name": PersonName(given="g", family="f")}
    records = Records.of({"g": ["ann"], "f": ["lee"]}, fields=fields)
    with pytest.raises(ColumnNotFoundError, match="no field 'nam'; did you mean 'name'"):
        Reading.of(records, separators={"nam": [";"]})
    with pytest.raises(ConfigurationError, match="reads several columns"):
        Reading.of(records, separators={"name": [";"]})


def test_a_reading_of_other_fields_is_refused() -> None:
    records = Records.of({"born": US, "died": US}, fields={"born": Date()})
    reading = Reading.of(records)
    with pytest.raises(ConfigurationError, match=r"no field 'died'; it has 'born'"):
        records.with_fields({"born": Date(), "died": Date()}, reading=reading)
    with pytest.raises(ConfigurationError, match=r"has field 'born' as Date\(\), got Date\(pivot=50\)"):
        records.with_fields({"born": Date(pivot=50)}, reading=reading)
    with pytest.raises(ConfigurationError, match=r"it has none"):
        Reading.of(Records.of({"a": ["x"]})).check({"a": Email()})


def test_records_keep_their_reading_until_they_get_other_fields() -> None:
    records = Records.of({"born": US}, fields={"born": Date()})
    reading = Reading.of(records)
    settled = records.with_fields({"born": Date()}, reading=reading)
    assert settled.reading == reading
    assert settled.with_fields({"born": Date()}, reading=reading) is settled
    assert settled.with_fields({"born": Date()}).reading is None
