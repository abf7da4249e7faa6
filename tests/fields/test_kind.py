"""What a field kind is: which columns it reads, what its parts are called; any object with its members is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl
import pytest

import identigraph as ig
from identigraph.fields.kind import MAIN, CheckedKind, FieldKind, feature_name, named_columns


class Shout:
    """A caller's own kind, of no base class."""

    per_source: ClassVar[bool] = False
    parts = (MAIN, "length")

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the one column."""
        return {"column": name}

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the values in capitals, and their lengths."""
        assert role == "column"
        return pl.DataFrame({MAIN: values.str.to_uppercase(), "length": values.str.len_chars().cast(pl.String)})


@attrs.frozen
class Two:
    """Names two columns, or none."""

    one: str | None = None
    two: str | None = None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Two(), {"two": "field"}),
        (Two(one="a"), {"one": "a"}),
        (Two(two="b"), {"two": "b"}),
        (Two("a", "b"), {"one": "a", "two": "b"}),
    ],
)
def test_a_kind_reads_the_columns_it_names_or_the_one_called_like_the_field(
    kind: Two, expected: dict[str, str]
) -> None:
    assert named_columns(kind, ("one", "two"), "field", "two") == expected


def test_a_part_goes_by_the_name_of_the_field_and_its_own() -> None:
    assert feature_name("name", "family") == "name.family"
    assert feature_name("name", MAIN) == "name"


@pytest.mark.parametrize("name", ig.fields.__all__)
def test_every_kind_of_ours_is_one_with_a_main_part_and_a_column_by_default(name: str) -> None:
    if name in {"CheckedKind", "FieldKind", "Orders", "SettlingKind"}:
        return
    kind = getattr(ig.fields, name)()
    assert isinstance(kind, FieldKind)
    assert MAIN in kind.parts
    assert list(kind.roles("a field").values()) == ["a field"]
    assert not isinstance(object(), FieldKind)


def test_any_object_with_its_members_is_a_kind() -> None:
    assert isinstance(Shout(), FieldKind)
    assert not isinstance(Shout(), CheckedKind)
    records = ig.Records.of({"word": ["yes", "no"]}, fields={"word": Shout()})
    assert sorted(records.column("word").decoded()) == ["NO", "YES"]
    assert sorted(records.column("word.length").decoded()) == ["2", "3"]
    assert list(records.features()) == ["word", "word.length"]
