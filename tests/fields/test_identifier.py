"""Identifiers: one form for all ways to write one, and values that identify nobody."""

from __future__ import annotations

import string

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from identigraph.errors import ConfigurationError
from identigraph.fields.identifier import Identifier
from identigraph.fields.kind import FieldKind
from identigraph.fields.schemes import Scheme, known_schemes

EXAMPLES = {
    "RUK-109 337": "ruk109337",
    "ruk/109.337": "ruk109337",
    "ＲＵＫ１０９３３７": "ruk109337",
    "Ünïd-5": "unid5",
    "0042": "0042",
    "42": "42",
    "42.0": "42",
    "0042.0": "0042",
    "1.10": "110",
    "42.00": "4200",
    "v42.0": "v420",
    "9": "9",
    "90": "90",
    "111": "111",
    "1112": "1112",
    "testing": "testing",
    "idaho": "idaho",
    "1e5": "1e5",
    "-12": "12",
}
NOBODY = [
    "", " ", "--", "0", "00", "000-000", "0.0", "99", "999-99-9999", "1111", "22222", "3333.0", "8888", "-1", "-1.0",
    "null", "NULL", "None", "nil", "NaN", "n/a", "NA", "N.A.", "Unknown", "undefined", "anonymous", "Guest", "test",
    "TBD", "declined", "refused", "true", "False", "[object Object]", "id", "distinct_id", "e-mail",
    "1.23457E+11", "1e+15",
]  # fmt: skip

anything = st.lists(
    st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("0019.-e+nA"))), max_size=20, unique=True
)


def main(values: list[str]) -> list[str | None]:
    """Return the main part of `values`."""
    return Identifier().normalize("column", pl.Series(values, dtype=pl.String))[""].to_list()


def test_it_is_a_field_kind() -> None:
    assert isinstance(Identifier(), FieldKind)
    assert not Identifier.per_source
    assert Identifier().parts == ("",)
    assert Identifier("card").roles("loyalty") == {"column": "card"}
    assert Identifier().roles("loyalty") == {"column": "loyalty"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Identifier().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), EXAMPLES.items())
def test_an_identifier_reads(value: str, expected: str) -> None:
    assert main([value]) == [expected]


@pytest.mark.parametrize("value", NOBODY)
def test_a_value_that_identifies_nobody_is_null(value: str) -> None:
    assert main([value]) == [None]


@example("a", 9_999_999, "-")
@example("abc", 9_999_999, "-")
@example("id", 12_345_678, " ")
@given(
    st.text(string.ascii_lowercase, min_size=1),
    st.integers(1, 10**15),
    st.sampled_from(["-", " ", "/", ".", "_", ": "]),
)
def test_separators_and_case_make_no_difference(letters: str, digits: int, mark: str) -> None:
    """Few letters before seven equal digits or more, or before 12345678, identify nobody, however they are written."""
    plain = f"{letters}{digits}"
    run = len(str(digits)) >= 7 and len(set(str(digits))) == 1
    nobody = len(letters) <= 2 and (run or digits in (12_345_678, 123_456_789, 1_234_567_890))
    expected = [None if nobody else plain] * 3
    assert main([plain, f"{letters}{mark}{digits}", f" {letters.upper()}{mark}{digits}#"]) == expected


@given(st.integers(0, 10**15))
def test_a_number_and_its_float_are_equal(number: int) -> None:
    whole, floating = main([str(number), f"{number}.0"])
    assert whole == floating


@given(anything)
def test_any_text_gives_lower_case_letters_and_digits_or_null(values: list[str]) -> None:
    found = main(values)
    assert len(found) == len(values)
    assert all(value is None or set(value) <= set(string.ascii_lowercase + string.digits) for value in found)
    assert "" not in found


@given(anything)
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = [value for value in main(values) if value is not None]
    assert main(once) == once


@given(anything)
def test_each_value_is_normalized_for_itself(values: list[str]) -> None:
    assert main(values) == [main([value])[0] for value in values]


def test_an_identifier_without_a_scheme_is_written_as_it_stands() -> None:
    values = pl.Series([" RUK-109  337", "ruk/1", "42.0", "n/a", ""])
    assert Identifier().format(values).to_list() == ["RUK-109 337", "ruk/1", "42", None, None]
    assert Identifier().valid(values).to_list() == [True, True, True, False, False]


SCHEMES = [
    ("iban", "gb82 west 1234-5698 7654 32", "GB82WEST12345698765432", "GB82 WEST 1234 5698 7654 32"),
    ("iban", "ＧＢ82WEST12345698765432", "GB82WEST12345698765432", "GB82 WEST 1234 5698 7654 32"),
    ("iban", "GB82WEST12345698765433", None, None),
    ("iban", "GB82 WEST", None, None),
    ("lei", "213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15", "213800KUD8LAJWSQ9D15"),
    ("lei", "213800KUD8LAJWSQ9D16", None, None),
    ("isbn", "0-471-11709-9", "9780471117094", "978-0-471-11709-4"),
    ("isbn", "978-0-471-11709-4", "9780471117094", "978-0-471-11709-4"),
    ("isbn", "0-471-11709-8", None, None),
    ("vat", "NL 4495445B01", "NL004495445B01", "NL004495445B01"),
    ("vat", "4495445B01", None, None),
    ("eu.vat", "DE 136,695 976", "DE136695976", "DE136695976"),
    ("nl.vat", "4495445B01", "004495445B01", "004495445B01"),
    ("ean", "4 006381 333931", "4006381333931", "4006381333931"),
    ("ean", "4006381333932", None, None),
    ("luhn", "4111-1111 1111 1111", "4111111111111111", "4111 1111 1111 1111"),
    ("card", "4111111111111111.0", "4111111111111111", "4111 1111 1111 1111"),
    ("luhn", "4111111111111112", None, None),
    ("luhn", "0000 0000 0000 0000", None, None),
    ("luhn", "n/a", None, None),
    ("bic", "agrifrpp", "AGRIFRPP", "AGRIFRPP"),
    ("isin", "us0378331005", "US0378331005", "US0378331005"),
    ("imei", "35-209900-176148-1", "352099001761481", "35-209900-176148-1"),
    ("us.ssn", "536904399", "536904399", "536-90-4399"),
    ("us.ssn", "078-05-1120", None, None),
    ("de.idnr", "36574261809", "36574261809", "36 574 261 809"),
    ("gb.nhs", "943-476-5870", "9434765870", "943 476 5870"),
    ("nl.bsn", "1112.22.333", "111222333", "1112.22.333"),
    ("br.cpf", "390.533.447-05", "39053344705", "390.533.447-05"),
    ("pt.cc", "00000000 0 ZZ4", "000000000ZZ4", "00000000 0 ZZ4"),
]


@pytest.mark.parametrize(("scheme", "value", "normalized", "written"), SCHEMES)
def test_an_identifier_of_a_scheme_is_checked_and_written_as_the_scheme_wants(
    scheme: str, value: str, normalized: str | None, written: str | None
) -> None:
    kind, values = Identifier(scheme=scheme), pl.Series([value])
    assert kind.normalize("column", values)[""].to_list() == [normalized]
    assert kind.format(values).to_list() == [written]
    assert kind.valid(values).to_list() == [written is not None]


@pytest.mark.parametrize(
    ("scheme", "hint"),
    [("ibam", "'iban'"), ("us.snn", "'us.ssn'"), ("us", "'us.ssn'"), ("", "'iban', 'vat'"), ("util", "no scheme")],
)
def test_an_unknown_scheme_is_refused_and_close_ones_are_named(scheme: str, hint: str) -> None:
    with pytest.raises(ConfigurationError, match=f"no scheme '{scheme}'.*{hint}" if hint[0] == "'" else hint):
        Identifier(scheme=scheme)


def test_every_known_scheme_can_be_named() -> None:
    names = known_schemes()
    assert len(names) > 200
    assert all(Identifier(scheme=name).scheme == name for name in names)


@given(st.lists(st.text("0123456789ABXZabc-./ _é²中", max_size=25), max_size=8, unique=True), st.data())
def test_no_text_upsets_a_scheme(values: list[str], data: st.DataObject) -> None:
    """What is normalized is well-formed, and stays so: normalizing again changes nothing."""
    kind = Identifier(scheme=data.draw(st.sampled_from(known_schemes())))
    once = kind.normalize("column", pl.Series(values, dtype=pl.String))[""].drop_nulls()
    assert kind.normalize("column", once)[""].to_list() == once.to_list()


class Odd:
    """What the functions of a scheme may do."""

    @staticmethod
    def validate(value: str) -> str:
        """Take anything but *wrong*."""
        return {"fine": "fine", "short": "short"}[value]

    @staticmethod
    def write(value: str) -> str:
        """Write anything but *short*."""
        return {"fine": "FINE"}[value]


def test_what_cannot_be_written_is_shown_as_normalized() -> None:
    odd = Scheme(Odd.validate, Odd.write)
    assert [odd.written(value) for value in ("fine", "short", "wrong")] == ["FINE", "short", None]


@pytest.mark.parametrize(
    "value",
    [
        "SIN DNI",
        "não informado",
        "keine Angabe",
        "brak",
        "99999999R",
        "X0000000T",
        "12345678Z",
        "***.123.456-**",
        "•••• 4242",
    ],
)
def test_what_stands_for_no_identifier_is_null(value: str) -> None:
    assert Identifier().normalize("column", pl.Series([value]))[""].to_list() == [None]


@pytest.mark.parametrize("value", ["1234567", "1111112", "AB999999", "12345679Z", "A*7"])
def test_what_only_looks_like_it_stays(value: str) -> None:
    assert Identifier().normalize("column", pl.Series([value]))[""].to_list() != [None]
