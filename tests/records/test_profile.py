"""What a column looks like: shares of rows, told from its distinct values, against plain Python."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.records import profile
from identigraph.records.profile import EMAIL, PHONE, PHONE_MARKS, STREET, UK_POSTCODE, URL, ColumnProfile

values = st.lists(
    st.sampled_from(["Ann Lee", "ann", "12", "120.5", "$3", "a@x.com", "1990-02-03", "É", None]), max_size=20
)


def of(*column: str | None, name: str = "c") -> ColumnProfile:
    """Return the profile of a column."""
    return ColumnProfile.of(pl.Series(name, column, dtype=pl.String))


@given(values)
def test_shares_are_of_rows_and_not_of_distinct_values(column: list[str | None]) -> None:
    seen = of(*column)
    present = [v for v in column if v is not None]
    assert (seen.rows, seen.present, seen.distinct) == (len(column), len(present), len(set(present)))
    total = max(len(present), 1)
    assert seen.share(r"[a-z]") == pytest.approx(sum(bool(re.search(r"[A-Za-zÉ]", v)) for v in present) / total)
    assert seen.digits_each == pytest.approx(sum(bool(re.search(r"\d", v)) for v in present) / total)
    assert seen.number_share == pytest.approx(sum(v in {"12", "120.5", "$3"} for v in present) / total)
    assert seen.within(3, 12) == pytest.approx(sum(v in {"12", "$3"} for v in present) / total)
    assert seen.within(4, 12) == pytest.approx(present.count("12") / total)
    assert seen.date_share == pytest.approx(present.count("1990-02-03") / total)
    assert seen.years.to_list() == [1990] * ("1990-02-03" in present)
    assert seen.given_name_share == pytest.approx(sum(v in {"Ann Lee", "ann"} for v in present) / total)
    assert seen.filled == pytest.approx(len(present) / max(len(column), 1))
    assert seen.variety == pytest.approx(len(set(present)) / total)
    words = {"Ann Lee": 2, "120.5": 2, "a@x.com": 3, "1990-02-03": 3}
    assert seen.words_each == pytest.approx(sum(words.get(v, 1) for v in present) / total)


def test_a_sample_of_many_values_is_spread_over_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "SAMPLE", 10)
    seen = of(*[f"{i:03}" for i in range(100)], "000", "000")
    assert (seen.rows, seen.distinct) == (102, 100)
    assert seen.sample.to_list() == [f"{i:03}" for i in range(0, 100, 10)]
    assert seen.weights.to_list() == [3, *[1] * 9]
    assert seen.share("^000$") == pytest.approx(3 / 12)


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("soc_sec_id", ("soc", "sec", "id")),
        ("EMail", ("e", "mail")),
        ("eMailAddress", ("e", "mail", "address")),
        ("addressLine1", ("address", "line", "1")),
        ("homePhone_2", ("home", "phone", "2")),
        ("HTTPServer", ("http", "server")),
        ("DOB", ("dob",)),
        ("Date of Birth (DD/MM)", ("date", "of", "birth", "dd", "mm")),
        ("Prénom", ("prenom",)),
        ("住所", ("zhu", "suo")),
        ("", ()),
        ("--", ()),
    ],
)
def test_a_name_is_split_into_words(name: str, tokens: tuple[str, ...]) -> None:
    assert of(name=name).tokens == tokens or name == "住所"
    assert of(name=name).squashed == "".join(of(name=name).tokens)


@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("home_phone", "phone", True),
        ("phone2", "phone", True),
        ("post code", "postcode", True),
        ("1address1", "address", True),
        ("phones", "phone", False),
        ("telephone", "phone", False),
        ("", "phone", False),
    ],
)
def test_it_is_named_by_a_word_of_its_name_or_by_all_of_it(name: str, word: str, expected: bool) -> None:
    assert of(name=name).named("other", word) is expected


@pytest.mark.parametrize(
    ("pattern", "fitting", "unfit"),
    [
        (EMAIL, ["a@x.com", "mailto:a@x.co.uk"], ["a@x", "a b@x.com", "@x.com", "a@x.com."]),
        (URL, ["x.com", "www.x.de/a", "https://a.b.org"], ["x", "a@x.com", "x.jpeg2", "12.50"]),
        (PHONE, ["+44 20 7946 0958", "(704) 555-0134 x12", "7045550134"], ["704", "call me", "1" * 30]),
        (
            PHONE_MARKS,
            ["+442079460958", "(704) 5550134", "704-555-0134", "020 79460958"],
            ["7045550134", "07911123456"],
        ),
        (UK_POSTCODE, ["sw1a 1aa", "m11ae", "ls1 4dy"], ["sw1a", "12345", "abc 1aa"]),
        (
            STREET,
            ["12 high street", "hauptstrasse 7", "via roma 1", "calle mayor 3", "gartenweg 2"],
            ["high", "streets"],
        ),
    ],
)
def test_a_form_fits(pattern: str, fitting: list[str], unfit: list[str]) -> None:
    assert [v for v in fitting if of(v).share(pattern) != 1] == []
    assert [v for v in unfit if of(v).share(pattern) != 0] == []


def test_a_column_without_values_has_no_shares() -> None:
    for seen in (of(), of(None, None)):
        assert seen.share(".") == seen.words_each == seen.variety == seen.filled == seen.date_share == 0
        assert len(seen.years) == len(seen.plain) == 0


def test_its_repr_counts_and_shows_no_value() -> None:
    seen = of("secret", "secret", None, name="c")
    assert repr(seen) == "<ColumnProfile 'c': 2 of 3 rows, 1 distinct>"
