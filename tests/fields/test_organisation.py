"""Names of organisations: the name without its legal form, however it is abbreviated."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.fields.kind import FieldKind
from identigraph.fields.organisation import ABBREVIATIONS, NOBODY, NOT_LEGAL_FORMS, Organisation, initials, legal_forms

DATA = Path(__file__).parents[2].parent / "shared" / "data"

EXAMPLES = {
    "Acme": ("acme", None, None, "acme"),
    "Acme Foods Ltd.": ("acme foods", "ltd", "af", "acme foods"),
    "The Acme Company": ("acme", "co", None, "acme"),
    "Smith & Sons Co., Ltd.": ("smith and sons", "ltd", "ss", "and smith sons"),
    "Smith and Sons": ("smith and sons", None, "ss", "and smith sons"),
    "Smith + Sons & Co": ("smith and sons", "co", "ss", "and smith sons"),
    "Foods, Pinnacle Limited": ("foods pinnacle", "ltd", "fp", "foods pinnacle"),
    "HM LLP": ("hm", "llp", None, "hm"),
    "Müller GmbH & Co. KG": ("muller", "gmbhcokg", None, "muller"),
    "Müller GmbH und Co KG": ("muller", "gmbhcokg", None, "muller"),
    "Siemens AG": ("siemens", "ag", None, "siemens"),
    "Grupo Uno S.A. de C.V.": ("grupo uno", "sadecv", "gu", "grupo uno"),
    "Mærsk A/S": ("maersk", "as", None, "maersk"),
    "Ursus Sp. z o.o.": ("ursus", "spzoo", None, "ursus"),
    "ООО Ромашка": ("romashka", "ooo", None, "romashka"),
    "Acme Pty Ltd": ("acme", "ltd", None, "acme"),
    "Acme Private Limited": ("acme", "ltd", None, "acme"),
    "Acme Public Limited Company": ("acme", "plc", None, "acme"),
    "Acme p.l.c.": ("acme", "plc", None, "acme"),
    "Acme Incorporated": ("acme", "inc", None, "acme"),
    "Acme Corporation": ("acme", "corp", None, "acme"),
    "Acme K.K.": ("acme", "kk", None, "acme"),
    "Acme Pte. Ltd.": ("acme", "ltd", None, "acme"),
    "The SIA Acme": ("acme", "sia", None, "acme"),
    "Over the Moon Ltd": ("over the moon", "ltd", "om", "moon over the"),
    "Acme SIA Works": ("acme sia works", None, "asw", "acme sia works"),
    "Acme.com Inc": ("acme com", "inc", "ac", "acme com"),
    "Acme UK": ("acme uk", None, "au", "acme uk"),
    "J.P. Morgan": ("jp morgan", None, "jm", "jp morgan"),
    "AT&T": ("at and t", None, None, "and at t"),
    "Int'l Business Machines": ("international business machines", None, "ibm", "business international machines"),
    "Univ. of Oxford": ("university of oxford", None, "uo", "of oxford university"),
    "Bank of New York": ("bank of new york", None, "bny", "bank new of york"),
    "Ford Motor Company of Canada": ("ford motor co of canada", None, "fmcc", "canada co ford motor of"),
    "3M": ("3m", None, None, "3m"),
    "The Limited": ("ltd", None, None, "ltd"),
    "Inc": ("inc", None, None, "inc"),
    "The": ("the", None, None, "the"),
}
NO_NAMES = ["", " ", "&", "No Company", "Test Company", "--", "N/A", "n.a.", "Self-Employed", "UNKNOWN"]
SAME = [
    ("Acme Mfg Inc", "ACME Manufacturing, Incorporated"),
    ("Smith Bros", "Smith Brothers"),
    ("Natl. Assn. of Dentists", "National Association of Dentists"),
    ("Dept of Tech", "Department of Technology"),
    ("Acme Svcs Intl", "Acme Services International"),
]

word = st.sampled_from(
    [
        "acme",
        "the",
        "of",
        "and",
        "co",
        "ltd",
        "inc",
        "gmbh",
        "&",
        "kg",
        "sa",
        "de",
        "cv",
        "univ",
        "university",
        "int'l",
        "a.b.",
        "s.a.",
        "3m",
        "ooo",
        "und",
        "sons",
        "z",
        "o.o.",
        "sp",
    ]
)
written = st.lists(word, min_size=1, max_size=6).map(" ".join)
anything = st.lists(st.one_of(st.text(max_size=12), written, st.text("aA.& ,'1", max_size=12)), max_size=10)


def normalized(values: list[str]) -> pl.DataFrame:
    """Return the parts of `values`."""
    return Organisation().normalize("column", pl.Series(values, dtype=pl.String))


def test_it_is_a_field_kind() -> None:
    assert isinstance(Organisation(), FieldKind)
    assert not Organisation.per_source
    assert Organisation("org").roles("employer") == {"column": "org"}
    assert Organisation().roles("employer") == {"column": "employer"}


def test_columns_are_normalized_as_they_are() -> None:
    columns = {"column": pl.Series(["1"])}
    assert Organisation().assemble(columns) is columns


@pytest.mark.parametrize(("value", "expected"), EXAMPLES.items())
def test_a_name_reads(value: str, expected: tuple[str | None, ...]) -> None:
    assert normalized([value]).drop("core").row(0) == expected


@pytest.mark.parametrize("value", [*NO_NAMES, *NOBODY])
def test_what_is_no_organisation_is_null(value: str) -> None:
    assert normalized([value]).row(0) == (None,) * 5


@pytest.mark.parametrize(("one", "other"), SAME)
def test_abbreviations_make_no_difference(one: str, other: str) -> None:
    assert normalized([one]).equals(normalized([other]))


@pytest.mark.parametrize("form", legal_forms())
def test_every_legal_form_is_dropped_behind_a_name(form: str) -> None:
    name, legal_form = normalized([f"Acme Foods {form}"]).select("", "legal_form").row(0)
    assert name == "acme foods"
    assert legal_form is not None


def test_words_are_no_legal_forms() -> None:
    assert not NOT_LEGAL_FORMS & set(legal_forms())
    assert normalized([f"Acme {word}" for word in NOT_LEGAL_FORMS])["legal_form"].null_count() == len(NOT_LEGAL_FORMS)


def test_what_an_abbreviation_stands_for_is_none_itself() -> None:
    assert not set(ABBREVIATIONS) & set(ABBREVIATIONS.values())


@given(anything)
def test_any_text_gives_words_or_null(values: list[str]) -> None:
    parts = normalized(values)
    assert tuple(parts.columns) == Organisation().parts == ("", "legal_form", "initials", "sorted", "core")
    assert len(parts) == len(values)
    for name, form, letters, ordered, core in parts.iter_rows():
        read = [part for part in (name, form, letters, core) if part is not None]
        assert all(part.isascii() and part == " ".join(part.lower().split()) != "" for part in read)
        assert (core is None) == (name is None)
        assert (ordered or "") == " ".join(sorted((name or "").split()))
        assert letters is None or " " in name


@given(anything)
def test_normalizing_the_name_again_changes_nothing(values: list[str]) -> None:
    once = normalized(values)[""].drop_nulls().to_list()
    assert normalized(once)[""].to_list() == once


@given(anything)
def test_each_value_is_normalized_for_itself(values: list[str]) -> None:
    assert normalized(values).rows() == [normalized([value]).row(0) for value in values]


@given(st.one_of(st.text(max_size=12), written))
def test_composed_and_decomposed_names_are_one(value: str) -> None:
    assert normalized([unicodedata.normalize("NFC", value)]).equals(normalized([unicodedata.normalize("NFD", value)]))


@given(written)
def test_case_width_and_zero_width_characters_make_no_difference(value: str) -> None:
    wide = "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) for c in value)
    assert (
        len({normalized([way]).row(0) for way in (value, value.upper(), value.title(), wide, "\u200b".join(value))})
        == 1
    )


@given(st.lists(st.text("abc", min_size=1, max_size=4), min_size=2, max_size=5))
def test_initials_are_first_letters(words: list[str]) -> None:
    telling = [word for word in words if word != "a"]
    expected = "".join(word[0] for word in telling) if len(telling) > 1 else None
    assert initials(pl.Series([" ".join(words)])).item() == expected


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
def test_one_organisation_seldom_has_names_without_a_word_in_common() -> None:
    folder = DATA / "orgs_hard"
    table = pl.read_parquet(folder / "records.parquet").join(pl.read_parquet(folder / "truth.parquet"), on="record_id")
    before = table.select("entity_id", "org_name").n_unique()
    name = normalized(table["org_name"].to_list())["sorted"]
    assert table.select("entity_id", name).n_unique() < 0.6 * before


WRITTEN = {
    "THE SMITH & SONS CO., LTD.": "The Smith & Sons Co., Ltd.",
    "bank of new york": "Bank of New York",
    "BMW DEUTSCHLAND GMBH & CO. KG": "BMW Deutschland GmbH & Co. KG",
    "acme s.a. de c.v.": "Acme S.A. de C.V.",
    "acme spa": "Acme SpA",
    "AT&T INC.": "AT&T Inc.",
    "JOHNSON&JOHNSON": "Johnson&Johnson",
    "3m company": "3M Company",
    "SE ASIA TRADING PTE LTD": "Se Asia Trading Pte Ltd",
    "ST. MARY'S INTL DEPT": "St. Mary's Intl Dept",
    "o'reilly media, inc": "O'Reilly Media, Inc",
    "MÜLLER UND SÖHNE AG": "Müller und Söhne AG",
    "ag": "Ag",
    "eBay  inc.": "eBay inc.",
    "self employed": None,
    "": None,
}


@pytest.mark.parametrize(("value", "expected"), WRITTEN.items())
def test_a_name_is_written_as_a_title_where_its_case_says_nothing(value: str, expected: str | None) -> None:
    values = pl.Series([value])
    assert Organisation().format(values).to_list() == [expected]
    assert Organisation().valid(values).to_list() == [expected is not None]
