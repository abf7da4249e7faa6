"""Postcodes: the code, the larger places that its beginning names, and the form of each country."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError
from identigraph.fields import Address, FieldKind, Postcode

ANYWHERE = {
    "SW1A 1AA": ("sw1a1aa", "sw1a", "sw", "SW1A 1AA"),
    "m11ae": ("m11ae", "m1", "m", "M1 1AE"),
    "B33 8TH": ("b338th", "b33", "b", "B33 8TH"),
    "CR2-6XH": ("cr26xh", "cr2", "cr", "CR2 6XH"),
    "EC1A1BB": ("ec1a1bb", "ec1a", "ec", "EC1A 1BB"),
    "GIR 0AA": ("gir0aa", "gir", "gir", "GIR 0AA"),
    "K1A 0B1": ("k1a0b1", "k1a", "k", "K1A 0B1"),
    "d02 x285": ("d02x285", "d02", "d", "D02 X285"),
    "D6W XY12": ("d6wxy12", "d6w", "d", "D6W XY12"),
    "1012 AB": ("1012ab", "1012", "10", "1012 AB"),
    "NL-1012": ("1012", "10", "10", "1012"),
    "D-10115": ("10115", "101", "10", "10115"),
    "02139": ("02139", "021", "02", "02139"),
    "02139-4307": ("02139", "021", "02", "02139"),
    "110001": ("110001", "110", "11", "110001"),
    "100-0001": ("1000001", "100", "10", "1000001"),
    "2000": ("2000", "20", "20", "2000"),
    "101": ("101", None, None, "101"),
    "AD500": ("ad500", None, None, "AD500"),
    "C1425DKF": ("c1425dkf", None, None, "C1425DKF"),
    "12": ("12", None, None, None),
    "sw1a 1a": ("sw1a1a", None, None, None),
    "1 high st": ("1highst", None, None, None),
    "0000": (None, None, None, None),
    "n/a": (None, None, None, None),
    "": (None, None, None, None),
}
INLAND = [
    ("US", "02139-4307", "02139", "021", "02139"),
    ("us", "02139", "02139", "021", "02139"),
    ("US", "SW1A 1AA", None, None, None),
    ("US", "2139", None, None, None),
    ("GB", "10115", None, None, None),
    ("GB", "sw1a1aa", "sw1a", "sw", "SW1A 1AA"),
    ("NL", "1012ab", "1012", "10", "1012 AB"),
    ("DE", "10115", "101", "10", "10115"),
    ("DE", "1011", None, None, None),
    ("SE", "11455", "114", "11", "114 55"),
    ("PL", "00-950", "009", "00", "00-950"),
    ("PT", "1000-001", "100", "10", "1000-001"),
    ("JP", "1000001", "100", "10", "100-0001"),
    ("BR", "01310100", "013", "01", "01310-100"),
    ("AD", "ad500", None, None, "AD500"),
]

anything = st.lists(
    st.one_of(st.text(max_size=8), st.text("0123456789abKkXZ -.", max_size=10)), max_size=10, unique=True
)


@pytest.mark.parametrize(("value", "expected"), ANYWHERE.items())
def test_a_code_tells_its_form_itself(value: str, expected: tuple[str | None, ...]) -> None:
    values = pl.Series([value])
    assert Postcode().normalize("column", values).row(0) == expected[:3]
    assert Postcode().format(values).to_list() == [expected[3]]
    assert Postcode().valid(values).to_list() == [expected[3] is not None]


@pytest.mark.parametrize(("country", "value", "district", "area", "written"), INLAND)
def test_a_code_of_a_country_has_its_form_or_no_district(
    country: str, value: str, district: str | None, area: str | None, written: str | None
) -> None:
    kind, values = Postcode(country=country), pl.Series([value])
    assert kind.normalize("column", values).select("district", "area").row(0) == (district, area)
    assert kind.format(values).to_list() == [written]
    assert kind.valid(values).to_list() == [written is not None]


@given(anything)
def test_the_code_is_that_of_an_address(values: list[str]) -> None:
    column = pl.Series(values, dtype=pl.String)
    assert Postcode().normalize("column", column)[""].equals(Address().normalize("postcode", column)["postcode"])


@given(anything)
def test_district_and_area_begin_the_code(values: list[str]) -> None:
    for code, district, area in Postcode().normalize("column", pl.Series(values, dtype=pl.String)).iter_rows():
        assert (district is None) == (area is None)
        assert district is None or (code.startswith(district) and district.startswith(area) and area)


def test_it_is_a_field_kind() -> None:
    assert isinstance(Postcode(), FieldKind)
    assert not Postcode.per_source
    assert Postcode("zip").roles("code") == {"column": "zip"}
    assert Postcode().roles("code") == {"column": "code"}
    columns = {"column": pl.Series(["1"])}
    assert Postcode().assemble(columns) is columns


@pytest.mark.parametrize("country", ["uk", "Germany", ""])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(f"'GB' or 'US', got {country.lower()!r}")):
        Postcode(country=country)
