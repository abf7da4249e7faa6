"""From columns to the encoded parts of a field: against a slow plain version, record by record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.encoding import encode
from identigraph.errors import InvalidIntermediateError
from identigraph.fields import Address, Date, Email, PersonName
from identigraph.records.fields import FieldReport, columns_of, encode_field

cells = st.sampled_from(["ab", "a", "b", "-", None])
tables = st.lists(st.tuples(cells, cells, st.sampled_from(["crm", "web", "app"])), min_size=1, max_size=12)


@attrs.frozen
class Letters:
    """A kind of two roles: ``one`` gives both parts, ``two`` the main one only; values of a source know each other."""

    per_source: ClassVar[bool] = True
    parts = ("", "letters")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the two columns."""
        del name
        return {"one": "x", "two": "y"}

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return each value with all values of its source, and its letters; a dash gives nothing."""
        assert values.null_count() == 0
        assert values.n_unique() == len(values)
        company = "".join(sorted(values))
        main = [None if v == "-" else f"{v} of {company}" for v in values]
        letters = [None if v in {"-", "b"} else v[0] for v in values]
        parts = {"": main, "letters": letters} if role == "one" else {"": main}
        return pl.DataFrame(parts, schema=dict.fromkeys(parts, pl.String))


class LettersOfAll(Letters):
    """The same over all sources."""

    per_source: ClassVar[bool] = False


def slow(kind: Letters, rows: list[tuple[str | None, str | None, str]]) -> list[tuple[str | None, str | None]]:
    """Return both parts of each row, by plain Python."""

    def company(column: int, source: str) -> list[str]:
        return sorted({r[column] for r in rows if r[column] is not None and (r[2] == source or not kind.per_source)})  # type: ignore[misc]

    parts = []
    for row in rows:
        main = letters = None
        for column in (0, 1):
            value = row[column]
            if value is None or value == "-":
                continue
            main = main or f"{value} of {''.join(company(column, row[2]))}"
            if column == 0 and value != "b":
                letters = value[0]
        parts.append((main, letters))
    return parts


@pytest.mark.parametrize("kind", [Letters(), LettersOfAll()])
@given(rows=tables)
def test_parts_are_those_of_plain_python(kind: Letters, rows: list[tuple[Any, Any, str]]) -> None:
    table = pl.DataFrame(rows, schema={"x": pl.String, "y": pl.String, "s": pl.String}, orient="row")
    parts, report = encode_field("f", kind, table.drop("s"), encode(table["s"]))
    expected = slow(kind, rows)
    found = list(zip(parts[""].decoded(), parts["letters"].decoded(), strict=True))
    assert found == expected
    present = [one is not None or two is not None for one, two, _ in rows]
    unparsed = sum(p and parts == (None, None) for p, parts in zip(present, expected, strict=True))
    assert report == FieldReport(sum(present), unparsed, 0, len({main for main, _ in expected} - {None}))
    for column in parts.values():
        assert column.counts.tolist() == [c for c in column.counts if c > 0]
        assert column.values.is_sorted()


def test_a_role_named_first_wins_record_by_record() -> None:
    table = {"id": [1, 2], "full": ["Bob Ray", "Cy Orr"], "given": ["Ann", None]}
    records = Records.of(table, id="id", fields={"n": PersonName(given="given", full="full")})
    found = dict(zip(records.ids, records.column("n.given").decoded(), strict=True))
    assert found == {1: "ann", 2: "cy"}


def test_a_kind_may_join_what_its_roles_gave() -> None:
    class Joining(Letters):
        def combine(self, parts: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
            return {**parts, "": parts[""] + "!"}

    table = pl.DataFrame({"x": ["a", None], "y": [None, "b"]}, schema={"x": pl.String, "y": pl.String})
    parts, _ = encode_field("f", Joining(), table, encode(pl.Series(["s", "s"])))
    assert parts[""].decoded().to_list() == ["a of a!", "b of b!"]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ({"": ["x"], "other": ["y"]}, r"normalize should return parts \('', 'letters'\), got \['', 'other'\]$"),
        ({"": ["x", "y"]}, r"normalize should return 1 rows, got 2 rows$"),
    ],
)
def test_a_kind_that_returns_something_else_is_named(made: dict[str, list[str]], message: str) -> None:
    class Wrong(Letters):
        def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
            del role, values
            return pl.DataFrame(made)

    table = pl.DataFrame({"x": ["a"], "y": ["a"]})
    with pytest.raises(InvalidIntermediateError, match=rf"^Wrong\.{message}"):
        encode_field("f", Wrong(), table, encode(pl.Series(["s"])))


def test_dates_are_read_source_by_source() -> None:
    rows = [{"s": s, "d": d} for s, dates in {
        "uk": ["25/12/1980", "03/04/1990"], "us": ["12/25/1980", "03/04/1990"],
    }.items() for d in dates]  # fmt: skip
    records = Records.of(rows, source="s", fields={"born": Date("d")})
    found = set(zip(records.sources.decoded(), records.column("born").decoded(), strict=True))
    assert found >= {("uk", "1990-04-03"), ("us", "1990-03-04")}


def test_default_dates_are_left_out_where_they_are_a_spike() -> None:
    usual = [f"19{50 + i}-02-03" for i in range(20)]
    spike = Records.of({"d": usual + ["1900-01-01"] * 10}, fields={"born": Date("d", first_of_january="keep")})
    assert spike.field_report("born") == FieldReport(present=30, unparsed=0, defaults=10, distinct=20)
    assert "1900-01-01" not in spike.column("born").values
    assert spike.column("born.year").present == 20
    few = Records.of({"d": [*usual, "1900-01-01"]}, fields={"born": Date("d", first_of_january="keep")})
    assert few.field_report("born") == FieldReport(present=21, unparsed=0, defaults=0, distinct=21)


@pytest.mark.parametrize(
    "kind", [Date("c"), Email("c"), PersonName(full="c"), Address(street="c")], ids=lambda k: type(k).__name__
)
@pytest.mark.parametrize("values", [[None, None], []], ids=str)
def test_a_column_without_values_gives_parts_without_values(kind: Any, values: list[None]) -> None:
    records = Records.of({"c": values}, fields={"f": kind})
    for feature in records.features():
        assert records.column(feature).codes.tolist() == [-1] * len(values)
    assert records.field_report("f") == FieldReport(0, 0, 0, 0)


def test_columns_of_fields_are_all_that_they_read() -> None:
    fields = {"name": PersonName(given="g", family="f"), "email": Email(), "mail": Email("email")}
    assert columns_of(fields) == ["g", "f", "email"]
