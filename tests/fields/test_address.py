"""Postal addresses: number and street however they are written, and codes for places."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from iso3166 import countries

from identigraph.fields.address import NOWHERE, PARTS, Address
from identigraph.fields.address_words import CITY_WORDS, STATES, STREET_WORDS, country_codes
from identigraph.fields.kind import FieldKind

DATA = Path(__file__).parents[2].parent / "shared" / "data"

STREETS = {
    "12 High Street": ("high st", "12", None),
    "12a High St.": ("high st", "12a", None),
    "12-14 High St": ("high st", "12-14", None),
    "12 - 14 High St": ("high st", "12-14", None),
    "No. 12 High St": ("high st", "12", None),
    "0012 High St": ("high st", "12", None),
    "High Street": ("high st", None, None),
    "12": (None, "12", None),
    "Flat 3, 12 High St": ("high st", "12", "3"),
    "12 High St Apt. 03B": ("high st", "12", "3b"),
    "12 High St, Suite 900": ("high st", "12", "900"),
    "12 High St #4": ("high st", "12", "4"),
    "Unit B 12 High St": ("high st", "12", "b"),
    "3/12 High St": ("high st", "12", "3"),
    "Flat Rock Road": ("flat rock rd", None, None),
    "Hauptstraße 7": ("haupt st", "7", None),
    "Hauptstr. 7 a": ("haupt st", "7a", None),
    "7a, Haupt-Str.": ("haupt st", "7a", None),
    "Hauptstr. 7/3": ("haupt st", "7", "3"),
    "ul. Długa 12": ("ul dluga", "12", None),
    "Ulica Długa 12": ("ul dluga", "12", None),
    "Via Roma, 12": ("via roma", "12", None),
    "rue de la Paix 5": ("rue de la paix", "5", None),
    "C/ Mayor 5": ("calle mayor", "5", None),
    "Chrysler Building, 405 Lexington Avenue": ("chrysler bldg lexington ave", "405", None),
    "Route 66": ("rte 66", None, None),
    "State Highway 9": ("state hwy 9", None, None),
    "12 Highway 9": ("hwy 9", "12", None),
    "Avenue 5": ("ave 5", None, None),
    "13th Street": ("13th st", None, None),
    "200 W. Third St.": ("w 3rd st", "200", None),
    "200 North East Third Str": ("ne 3rd st", "200", None),
    "P.O. Box 12": ("pobox 12", None, None),
    "PO BOX 12": ("pobox 12", None, None),
    "Postfach 12": ("pobox 12", None, None),
    "Saint John's Road": ("st johns rd", None, None),
    "N/A": (None, None, None),
    "": (None, None, None),
    "?": (None, None, None),
}
LINES = {
    "18 Danver Place, Loughborough, LE11 1UU, United Kingdom": ("18 danver pl loughborough", "le111uu", "gb"),
    "221b Baker St London NW1 6XE": ("221b baker st london", "nw16xe", None),
    "100 King St W, Toronto, ON M5X 1A9, Canada": ("100 king st w toronto on", "m5x1a9", "ca"),
    "12 Main St, Salem, OR": ("12 main st salem or", None, None),
    "12 Main St, Salem, OR 97301-1234": ("12 main st salem or", "97301", None),
    "12 Main St, Salem, OR 97301, USA": ("12 main st salem or", "97301", "us"),
    "10000 Wilshire Blvd": ("10000 wilshire blvd", None, None),
    "12 High St, Melbourne VIC 3000": ("12 high st melbourne vic", "3000", None),
    "Main St 1234": ("1234 main st", None, None),
    "Hauptstr. 12, 8001 Zürich, Schweiz": ("12 haupt st zurich", "8001", "ch"),
    "Feldstrasse 10, FL-9495 Triesen": ("10 feld st triesen", "9495", None),
    "SW1A 1AA": (None, "sw1a1aa", None),
    "Box B1 5th Ave": ("box b1 5th ave", None, None),
}
VALUES = [
    ("postcode", "12345-6789", "12345"),
    ("postcode", "123456789", "12345"),
    ("postcode", "12345.0", "12345"),
    ("postcode", "sw1a 1aa", "sw1a1aa"),
    ("postcode", "D-66879", "66879"),
    ("postcode", "CH 8001", "8001"),
    ("postcode", "0000", None),
    ("postcode", "99999", None),
    ("postcode", "none", None),
    ("state", "Ohio", "oh"),
    ("state", "OH", "oh"),
    ("state", "New South Wales", "nsw"),
    ("state", "Québec", "qc"),
    ("state", "Bavaria", "bavaria"),
    ("state", "n/a", None),
    ("country", "GBR", "gb"),
    ("country", "U.S.A.", "us"),
    ("country", "England", "gb"),
    ("country", "Côte d’Ivoire", "ci"),
    ("country", "Deutschland", "de"),
    ("country", "Bolivia", "bo"),
    ("country", "Narnia", "narnia"),
    ("country", "NA", "na"),
    ("country", "N/A", None),
    ("city", "Saint Louis", "st louis"),
    ("city", "The Hague", "hague"),
    ("city", "São Paulo", "sao paulo"),
    ("city", "123", None),
    ("city", "unknown", None),
    ("district", "Mount Eden", "mt eden"),
    ("unit", "Apt 04", "4"),
    ("unit", "Flat B", "b"),
    ("unit", "Rose Cottage", "rose cottage"),
    ("unit", "n/a", None),
]

roles = st.sampled_from(["street", "number", "street2", "city", "district", "postcode", "state", "country", "full"])
word = st.sampled_from(
    [
        "12",
        "7a",
        "3/4",
        "high",
        "street",
        "str.",
        "hauptstr.",
        "n",
        "north",
        "apt",
        "flat",
        "3",
        "#",
        ",",
        "po",
        "box",
        "st",
        "saint",
        "sw1a",
        "1aa",
        "12345",
        "uk",
        "-",
        "third",
        "no",
    ]
)
written = st.lists(word, min_size=1, max_size=7).map(" ".join)
anything = st.lists(st.one_of(st.text(max_size=12), written, st.text("aA1 .,/#-", max_size=12)), max_size=10)
number = st.from_regex(r"\A[1-9][0-9]{0,3}[a-d]?\Z")
name = st.sampled_from(["High Street", "Elm Ave", "Hauptstraße", "W 3rd St", "Via Roma", "St Johns Rd"])


def normalized(role: str, values: list[str]) -> pl.DataFrame:
    """Return the parts of `values`."""
    return Address().normalize(role, pl.Series(values, dtype=pl.String))


def test_it_is_a_field_kind() -> None:
    assert isinstance(Address(), FieldKind)
    assert not Address.per_source
    assert Address().parts == PARTS
    assert Address().roles("home") == {"street": "home"}
    assert Address(postcode="zip", street="line").roles("home") == {"street": "line", "postcode": "zip"}


@pytest.mark.parametrize(("value", "expected"), STREETS.items())
def test_a_street_is_taken_apart(value: str, expected: tuple[str | None, ...]) -> None:
    parts = normalized("street", [value])
    assert parts.select("street", "number", "unit").row(0) == expected
    assert (parts[""].item() or "") == " ".join(filter(None, (expected[1], expected[0])))


@pytest.mark.parametrize(("value", "expected"), LINES.items())
def test_postcode_and_country_are_taken_out_of_one_line(value: str, expected: tuple[str | None, ...]) -> None:
    assert normalized("full", [value]).select("", "postcode", "country").row(0) == expected


@pytest.mark.parametrize(("part", "value", "expected"), VALUES)
def test_every_other_role_gives_its_own_part_alone(part: str, value: str, expected: str | None) -> None:
    row = normalized("street2" if part == "unit" else part, [value]).row(0, named=True)
    assert row == dict.fromkeys(PARTS) | {part: expected}


@pytest.mark.parametrize("role", ["street", "street2", "city", "state", "country", "postcode"])
def test_what_names_no_place_is_null(role: str) -> None:
    parts = normalized(role, NOWHERE)
    assert all(parts[part].null_count() == len(NOWHERE) for part in PARTS)


@pytest.mark.parametrize("table", [STREET_WORDS, CITY_WORDS, STATES])
def test_the_form_that_is_kept_is_replaced_by_no_other(table: dict[str, str]) -> None:
    assert not set(table) & set(table.values())


def test_every_country_has_its_code_by_name_and_by_either_code() -> None:
    names = [name for c in countries for name in (c.name, c.apolitical_name, c.alpha2, c.alpha3)]
    codes = [c.alpha2.lower() for c in countries for _ in range(4)]
    assert normalized("country", names)["country"].to_list() == codes
    assert set(country_codes().values()) == set(codes)


def test_number_and_street_columns_are_joined() -> None:
    columns = {
        "street": pl.Series(["High St", "High St", None, None, "12 High St", "12b High St"]),
        "city": pl.Series(["A"] * 6),
        "number": pl.Series(["12", None, "12", None, "12", "12"]),
    }
    joined = Address().assemble(columns)
    assert list(joined) == ["street", "city"]
    assert joined["street"].to_list() == ["12 High St", "High St", "12", None, "12 High St", "12 12b High St"]


def test_a_number_column_alone_is_the_street() -> None:
    assert Address().assemble({"number": pl.Series(["12", None])})["street"].to_list() == ["12", None]


def test_without_a_number_column_the_columns_stay() -> None:
    columns = {"street": pl.Series(["1"])}
    assert Address().assemble(columns) is columns


@given(number, name, st.sampled_from(["", "3", "B", "12c"]))
def test_number_and_unit_may_stand_anywhere(number: str, name: str, unit: str) -> None:
    ways = [f"{number} {name}", f"{name} {number}", f"{name}, {number}", f"No. {number}, {name}"]
    if unit:
        ways = [w for way in ways for w in (f"Flat {unit}, {way}", f"{way}, Apt. {unit}", f"{way} #{unit}")]
    found = set(normalized("street", [w for way in ways for w in (way, way.upper())]).rows())
    assert len(found) == 1
    assert next(iter(found))[2:4] == (number, unit.lower() or None)


@given(roles, anything)
def test_any_text_gives_words_or_null(role: str, values: list[str]) -> None:
    parts = normalized(role, values)
    assert tuple(parts.columns) == PARTS
    assert len(parts) == len(values)
    assert set(parts.dtypes) == {pl.String}
    for row in parts.iter_rows():
        assert all(part is None or (part.isascii() and part == " ".join(part.lower().split()) != "") for part in row)
        assert (row[0] or "") == " ".join(filter(None, (row[2], row[1])))


@given(number, name)
def test_normalizing_the_main_part_again_changes_nothing(number: str, name: str) -> None:
    once = normalized("street", [f"{name} {number}"])
    assert normalized("street", once[""].to_list()).equals(once)


@pytest.mark.parametrize("role", ["city", "district", "postcode", "state", "country"])
@given(values=anything)
def test_normalizing_a_place_again_changes_nothing(role: str, values: list[str]) -> None:
    once = normalized(role, values)[role].drop_nulls().to_list()
    assert normalized(role, once)[role].to_list() == once


@given(roles, anything)
def test_each_value_is_normalized_for_itself(role: str, values: list[str]) -> None:
    assert normalized(role, values).rows() == [normalized(role, [value]).row(0) for value in values]


@given(roles, st.one_of(st.text(max_size=12), written))
def test_composed_and_decomposed_text_are_one(role: str, value: str) -> None:
    forms = {normalized(role, [unicodedata.normalize(form, value)]).row(0) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(forms) == 1


@given(roles, written)
def test_case_width_and_zero_width_characters_make_no_difference(role: str, value: str) -> None:
    wide = "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) for c in value)
    ways = (value, value.upper(), value.title(), wide, "\u200b".join(value))
    assert len({normalized(role, [way]).row(0) for way in ways}) == 1


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize(
    ("folder", "column", "numbered"),
    [("synth_100k", "street", 0.99), ("contoso_customers", "StreetAddress", 0.99), ("fodors_zagats", "addr", 0.9)],
)
def test_house_numbers_of_real_streets_are_found(folder: str, column: str, numbered: float) -> None:
    values = pl.read_parquet(DATA / folder / "records.parquet")[column].drop_nulls().unique()
    parts = normalized("street", values.to_list())
    assert parts["number"].count() >= numbered * len(values)
    assert parts["street"].count() >= 0.99 * len(values)


WRITTEN = {
    "FLAT 3, 12A HIGH STREET, LONDON, SW1A1AA": "Flat 3, 12a High Street, London, SW1A 1AA",
    "10 downing st, london, sw1a 2aa, uk": "10 Downing St, London, SW1A 2AA, UK",
    "Flat B1 2nd Floor, High St": "Flat B1 2nd Floor, High St",
    "123 NW 5TH AVE, PORTLAND OR 97209-1234": "123 NW 5th Ave, Portland OR 97209-1234",
    "1 main street, springfield, il": "1 Main Street, Springfield, IL",
    "in der au 5, 80331 münchen": "In der Au 5, 80331 München",
    "5 o'connell st": "5 O'Connell St",
    "111 wellington st, ottawa on k1a0b1": "111 Wellington St, Ottawa ON K1A 0B1",
    "po box 7": "PO Box 7",
    "12 McDonald Rd,  london": "12 McDonald Rd, london",
    "n/a": None,
    "": None,
}


@pytest.mark.parametrize(("value", "expected"), WRITTEN.items())
def test_an_address_on_one_line_is_written_with_capitals_where_its_case_says_nothing(
    value: str, expected: str | None
) -> None:
    values = pl.Series([value])
    assert Address().format(values).to_list() == [expected]
    assert Address().valid(values).to_list() == [expected is not None]
