"""What all kinds have in common when they check values and write them for people."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts_of_kinds import KINDS, texts

from identigraph.fields import (
    CheckedKind,
    FieldKind,
    PersonName,
    Phone,
)

SHARED = Path(__file__).parents[2].parent / "shared"

FEW = settings.default.max_examples // 5

columns = st.lists(texts, max_size=12, unique=True).map(lambda values: pl.Series("v", values, dtype=pl.String))


def main(kind: FieldKind, values: pl.Series) -> pl.Series:
    """Return the main part of whole values."""
    return kind.normalize("full" if hasattr(kind, "full") else "column", values)[""]


@pytest.mark.parametrize("kind", KINDS, ids=repr)
def test_all_kinds_of_ours_check_and_write(kind: CheckedKind) -> None:
    assert isinstance(kind, CheckedKind)


@pytest.mark.parametrize("kind", KINDS, ids=repr)
@settings(max_examples=FEW)
@given(values=columns)
def test_any_text_is_valid_and_written_or_neither(kind: CheckedKind, values: pl.Series) -> None:
    """What is valid has a main part, too; nothing raises, and no value is left out."""
    valid, written, normalized = kind.valid(values), kind.format(values), main(kind, values)
    assert (valid.dtype, written.dtype) == (pl.Boolean, pl.String)
    assert len(valid) == len(written) == len(values)
    assert valid.null_count() == 0
    assert valid.to_list() == written.is_not_null().to_list()
    assert normalized.filter(valid).null_count() == 0
    assert "" not in written.to_list()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not isinstance(kind, PersonName | Phone)], ids=repr)
@settings(max_examples=FEW)
@given(values=columns)
def test_what_is_written_means_the_same(kind: CheckedKind, values: pl.Series) -> None:
    """Where a column is read as a whole, each value is written alone."""
    for column in [values[i : i + 1] for i in range(min(len(values), 3))] if kind.per_source else [values]:
        written = kind.format(column).drop_nulls()
        assert main(kind, written).to_list() == main(kind, column).filter(kind.valid(column)).to_list()


NAMES = ["ann", "Ann", "LEE", "o'neil", "O'Neil-Smith", "van", "der", "DE", "la", "mcdonald", "José", "J.", "lee-smith"]


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4).map(" ".join))
def test_a_written_name_is_the_same_name(value: str) -> None:
    values = pl.Series([value])
    assert main(PersonName(), PersonName().format(values)).to_list() == main(PersonName(), values).to_list()


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_example_numbers_of_all_regions_are_valid_and_written_as_the_same_number() -> None:
    """Of the library phonenumbers' own examples, but for those that are no numbers to us, such as 12345678."""
    numbers = pl.read_csv(SHARED / "acceptance" / "phonenumbers" / "example_numbers.csv", infer_schema=False)
    values = numbers["e164"].unique()
    known = values.filter(main(Phone(), values).is_not_null())
    written = Phone().format(known)
    assert written.null_count() / len(known) < 0.01
    assert set(written.drop_nulls()) <= set(numbers["international"])
    assert main(Phone(), written.drop_nulls()).to_list() == main(Phone(), known.filter(written.is_not_null())).to_list()
