"""Telephone numbers: one number in all its formats, and what is no number."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import phonenumbers
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError
from identigraph.fields.kind import FieldKind
from identigraph.fields.phone import CALLING_CODE, Phone

SHARED = Path(__file__).parents[2].parent / "shared"

ANYWHERE = {
    "+44 20 7946 0958": ("2079460958", "44"),
    "+44 (0)20 7946 0958": ("2079460958", "44"),
    "+44 (0) 20 7946 0958": ("2079460958", "44"),
    "(+44) 20 7946 0958": ("2079460958", "44"),
    "＋44 20 7946 0958": ("2079460958", "44"),
    "+0044 20 7946 0958": ("2079460958", "44"),
    "0044 20 7946 0958": ("2079460958", "44"),
    "011 44 20 7946 0958": ("2079460958", "44"),
    "tel:+44-20-7946-0958;ext=12": ("2079460958", "44"),
    "020 7946 0958": ("2079460958", None),
    "Tel. (020) 7946-0958": ("2079460958", None),
    "0113 496 0000": ("1134960000", None),
    "+39 0352 6553537": ("3526553537", "39"),
    "0352 6553537": ("3526553537", None),
    "(704) 555-0134": ("7045550134", None),
    "704/555-0134": ("7045550134", None),
    "704.555.0134": ("7045550134", None),
    "7045550134.0": ("7045550134", None),
    "1 704 555 0134": ("7045550134", None),
    "+1 704 555 0134": ("7045550134", "1"),
    "001-704-555-0134x5492": ("7045550134", "1"),
    "704-555-0134x706": ("7045550134", None),
    "704-555-0134 ext. 12": ("7045550134", None),
    "704-555-0134 extension 12": ("7045550134", None),
    "704-555-0134 #12": ("7045550134", None),
    "704-555-0134,,12": ("7045550134", None),
    "704-555-0134 or 704-555-0135": ("7045550134", None),
    "+86 138 1234 5678": ("3812345678", "86"),
    "138 1234 5678": ("3812345678", None),
    "001-070-555-0134": ("705550134", "1"),
    "070-555-0134": ("705550134", None),
    "1-070-555-0134": ("705550134", None),
    "+210 1234 5679": ("21012345679", None),
    "00 376 712 345": ("712345", "376"),
    "000-123-4568": ("1234568", None),
    "55512": ("55512", None),
    "123456": (None, None),
    "12346": ("12346", None),
    "+49 2234 56789 0123": ("2234567890123", "49"),
    "+49 2234 56789 01234": (None, None),
    "5551": (None, None),
    "+44 5551": (None, None),
    "1234567890123456": (None, None),
    "555-555-5555": (None, None),
    "+1-555-555-5555": (None, None),
    "1-555-555-5555": (None, None),
    "000-000-0000": (None, None),
    "1234567890": (None, None),
    "0123456789": (None, None),
    "+1-123-456-7890": (None, None),
    "12345": (None, None),
    "1-800-FLOWERS": (None, None),
    "212-555-xxxx": (None, None),
    "212-555-1xxx": (None, None),
    "212-555-12**": (None, None),
    "212-555-12??": (None, None),
    "ann.555123@x.com": (None, None),
    "none": (None, None),
    "": (None, None),
}
INLAND = [
    ("US", "1 (108) 956-1389", "1089561389", "1"),
    ("US", "108-956-1389", "1089561389", None),
    ("US", "011 44 20 7946 0958", "2079460958", "44"),
    ("US", "+86 138 1234 5678", "3812345678", "86"),
    ("GB", "44 20 7946 0958", "2079460958", "44"),
    ("GB", "44 1347 174605", "1347174605", "44"),
    ("GB", "44 4347 174605", "4347174605", "44"),
    ("gb", "442079460958", "2079460958", "44"),
    ("GB", "138 1234 5678", "13812345678", None),
    ("GB", "+86 138 1234 5678", "13812345678", "86"),
    ("IN", "91 98765 43210", "9876543210", "91"),
    ("IN", "91765 43210", "9176543210", None),
    ("RU", "8 (912) 345-67-89", "9123456789", None),
    ("RU", "+7 (912) 345-67-89", "9123456789", "7"),
    ("RU", "810 44 20 7946 0958", "2079460958", "44"),
    ("RU", "800 234-56-78", "8002345678", None),
    ("BY", "8 029 491-19-11", "294911911", None),
    ("HU", "06 20 123 4567", "201234567", None),
    ("HU", "(06 1) 234 5679", "12345679", None),
    ("IT", "0352 6553537", "3526553537", None),
    ("IT", "39 0352 6553537", "3526553537", "39"),
    ("IT", "039 012345678", "39012345678", None),
    ("AU", "0011 44 20 7946 0958", "2079460958", "44"),
    ("BR", "0055 11 5197 2110", "1151972110", "55"),
    ("BR", "0021 44 20 7946 0958", "2079460958", "44"),
    ("AU", "0044 20 7946 0958", "2079460958", "44"),
]
PLACES = ["US", "GB", "DE", "FR", "IT", "ES", "NL", "SE", "AU", "IN", "BR", "JP", "ZA", "RU", "HU"]

noise = st.text("0123456789+-() .x#ext", max_size=20)
anything = st.lists(st.one_of(noise, st.text(max_size=12)), max_size=20, unique=True)


def normalized(values: list[str], region: str | None = None) -> pl.DataFrame:
    """Return number, tail and country of `values`."""
    parts = Phone(region=region).normalize("column", pl.Series(values, dtype=pl.String))
    assert tuple(parts.columns) == Phone().parts
    return parts.select("", "tail", "country")


def main(values: list[str], region: str | None = None) -> list[str | None]:
    """Return the main part of `values`."""
    return normalized(values, region)[""].to_list()


def test_it_is_a_field_kind() -> None:
    assert isinstance(Phone(), FieldKind)
    assert not Phone.per_source
    assert Phone("mobile").roles("phone") == {"column": "mobile"}
    assert Phone().roles("phone") == {"column": "phone"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Phone().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), ANYWHERE.items())
def test_a_number_of_any_region_reads(value: str, expected: tuple[str | None, str | None]) -> None:
    number, _, country = normalized([value]).row(0)
    assert (number, country) == expected


@pytest.mark.parametrize(("region", "value", "number", "country"), INLAND)
def test_a_number_dialled_in_a_region_reads(region: str, value: str, number: str, country: str | None) -> None:
    row = normalized([value], region).row(0)
    assert (row[0], row[2]) == (number, country)


def test_the_tail_is_the_last_seven_digits_of_numbers_that_long() -> None:
    parts = normalized(["+44 20 7946 0958", "7946 0958", "946 0958", "46 0958", "x"])
    assert parts["tail"].to_list() == ["9460958", "9460958", "9460958", None, None]


def test_every_region_has_a_numbering_plan_that_reads() -> None:
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    assert [r for r in regions if main(["+1 704 555 0134", "020 7946 0958"], r)[0] != "7045550134"] == []


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'UK'"):
        Phone(region="uk")


def test_no_calling_code_begins_another() -> None:
    codes = CALLING_CODE.split("|")
    assert {"1", "7", "44", "49", "355", "998"} <= set(codes)
    assert not [pair for pair in combinations(sorted(codes), 2) if pair[1].startswith(pair[0])]


@given(st.sampled_from(PLACES), st.integers(10_000, 10**13 - 1), st.data())
def test_all_formats_of_a_valid_number_are_equal(place: str, digits: int, data: st.DataObject) -> None:
    number = phonenumbers.PhoneNumber(phonenumbers.country_code_for_region(place), digits)
    if not phonenumbers.is_valid_number_for_region(number, place):
        national = phonenumbers.example_number_for_type(place, phonenumbers.PhoneNumberType.FIXED_LINE)
        assert national is not None
        last = data.draw(st.integers(1000, 9999))
        beginning = int(str(national.national_number)[:-4])
        number = phonenumbers.PhoneNumber(national.country_code, beginning * 10_000 + last)
        number.italian_leading_zero = national.italian_leading_zero
    assume(phonenumbers.is_valid_number_for_region(number, place))
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    forms = [
        e164,
        *([e164[1:]] if place in {"US", "GB"} else []),
        "00" + e164[1:],
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) + " ext. 7",
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL),
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966),
    ]
    values = main(forms, place)
    assert len(set(values)) == 1
    assert values[0] in {None, str(number.national_number)}


@given(anything)
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = [value for value in main(values) if value is not None]
    assert main(once) == once


@given(anything, st.sampled_from([None, *PLACES]))
def test_any_text_gives_5_to_15_digits_or_null(values: list[str], region: str | None) -> None:
    parts = normalized(values, region)
    assert len(parts) == len(values)
    for number, tail, country in parts.drop_nulls("").iter_rows():
        assert number.isdigit()
        assert number.isascii()
        assert number[0] != "0"
        assert 5 <= len(number) <= 15
        assert len(set(number)) > 1
        assert tail == (number[-7:] if len(number) >= 7 else None)
        assert country is None or country in CALLING_CODE.split("|")
    unknown = parts.filter(pl.col("").is_null())
    assert unknown["tail"].null_count() == unknown["country"].null_count() == len(unknown)


@given(anything, st.sampled_from([None, "US"]))
def test_each_value_is_normalized_for_itself(values: list[str], region: str | None) -> None:
    assert main(values, region) == [main([value], region)[0] for value in values]


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
@pytest.mark.parametrize(("with_region", "least"), [(False, 0.98), (True, 0.998)])
def test_the_four_formats_of_example_numbers_are_equal(with_region: bool, least: float) -> None:
    """Of the library phonenumbers' own examples; those that are runs such as 12345678 or have 4 digits are null."""
    numbers = pl.read_csv(SHARED / "acceptance" / "phonenumbers" / "example_numbers.csv", infer_schema=False)
    formats = ["e164", "international", "national", "rfc3966"]
    equal, null = 0, 0
    for group in numbers.partition_by("region"):
        region = group["region"][0] if with_region and group["region"][0] in phonenumbers.SUPPORTED_REGIONS else None
        parts = pl.DataFrame({f: main(group[f].to_list(), region) for f in formats})
        null += parts["e164"].null_count()
        equal += parts.drop_nulls("e164").select(pl.all_horizontal(pl.all().eq_missing(pl.col("e164"))).sum()).item()
    assert null <= 22
    assert equal / (len(numbers) - null) >= least


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
@pytest.mark.parametrize(
    ("name", "column", "nulls", "more"),
    [
        ("contoso_customers", "Telephone", 172, 1500),
        ("synth_100k", "phone", 569, 15_000),
        ("febrl_c10k", "phone_number", 0, 0),
        ("uganda_patients", "phone_number", 4, 40),
        ("orgs_hard", "phone", 0, 0),
        ("fodors_zagats", "phone", 0, 108),
        ("senzing_truthset", "PHONE_NUMBER", 0, 10),
    ],
)
def test_normalizing_finds_pairs_of_one_entity(name: str, column: str, nulls: int, more: int) -> None:
    """Few numbers are lost, and at least so many more pairs of records of one entity agree than did before."""
    records = pl.read_parquet(SHARED / "data" / name / "records.parquet").drop_nulls(column)
    truth = pl.read_parquet(SHARED / "data" / name / "truth.parquet")
    values = records[column].unique()
    known = pl.DataFrame({column: values, "number": main(values.to_list())})
    numbered = records.select("record_id", column).join(known, on=column).join(truth, on="record_id")

    def pairs(part: str) -> int:
        same = numbered.drop_nulls(part).group_by("entity_id", part).len()["len"].cast(pl.Int64)
        return int((same * (same - 1) // 2).sum())

    assert numbered["number"].null_count() <= nulls
    assert pairs("number") - pairs(column) >= more


EXTENSIONS = {
    "704-555-0134x5492": "5492",
    "704-555-0134 ext. 12": "12",
    "704-555-0134, extension: 12": "12",
    "704-555-0134 (ext 12)": "12",
    "704-555-0134 #12": "12",
    "tel:+44-20-7946-0958;ext=12": "12",
    "01 43 45 67 89 poste 7": "7",
    "704-555-0134 x1234567": "1234567",
    "704-555-0134 x12345678": None,
    "704-555-0134": None,
    "704-555-0134,,12": None,
    "704-555-0134, 704-555-0135": None,
    "704-555-0134 or 704-555-0135 x5": None,
    "5551 x12": None,
    "x12": None,
}


@pytest.mark.parametrize(("value", "expected"), EXTENSIONS.items())
def test_the_extension_is_the_digits_behind_its_mark(value: str, expected: str | None) -> None:
    assert Phone().normalize("column", pl.Series([value]))["extension"].to_list() == [expected]


WRITTEN = [
    (None, "+44 (0)20 7946 0958", "+44 20 7946 0958"),
    (None, "0044 20 79460958", "+44 20 7946 0958"),
    (None, "+1 (704) 555-0134 ext. 12", "+1 704-555-0134 ext. 12"),
    (None, "+39 06 1234 5678", "+39 06 1234 5678"),
    (None, "+800 1234 5679", "+800 1234 5679"),
    (None, "020 7946 0958", None),
    (None, "+44 20 7946 095", None),
    (None, "+210 1234 5679", None),
    (None, "none", None),
    ("GB", "020 7946 0958", "+44 20 7946 0958"),
    ("GB", "Tel. (020) 7946-0958 x12", "+44 20 7946 0958 x12"),
    ("GB", "44 20 7946 0958", "+44 20 7946 0958"),
    ("GB", "+1 704 555 0134", "+1 704-555-0134"),
    ("GB", "020 7946 0958 or 020 7946 0959", "+44 20 7946 0958"),
    ("GB", "7946 0958", None),
    ("GB", "00 999 1234 5678", None),
    ("GB", "555-555-5555", None),
    ("US", "1-704-555-0134", "+1 704-555-0134"),
    ("US", "011 44 20 7946 0958", "+44 20 7946 0958"),
    ("US", "108-956-1389", None),
    ("IT", "035 265 5353", "+39 035 265 5353"),
    ("RU", "8 (912) 345-67-89", "+7 912 345-67-89"),
]


@pytest.mark.parametrize(("region", "value", "expected"), WRITTEN)
def test_a_number_that_its_country_assigns_is_written_as_there(
    region: str | None, value: str, expected: str | None
) -> None:
    values = pl.Series([value])
    assert Phone(region=region).format(values).to_list() == [expected]
    assert Phone(region=region).valid(values).to_list() == [expected is not None]
