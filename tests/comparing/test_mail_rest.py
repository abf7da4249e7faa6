"""Addresses that are masked, or of which digits are left, against whole ones and each other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from identigraph import Pairs, Records
from identigraph.comparing import Measured, RestOfMail
from identigraph.comparing.defaults import default_comparators, household_comparators
from identigraph.comparing.mail_rest import mails_in_pieces
from identigraph.fields import Email, PersonName

REST = Measured("rest", RestOfMail("mail"))


def label(one: str | None, other: str | None) -> str:
    """Return what is said of two values, either way."""
    records = Records.of({"mail": pl.Series([one, other], dtype=pl.String)}, fields={"mail": Email()})
    here, back = (int(REST.levels(records, Pairs.of([a], [1 - a]))[0]) for a in (0, 1))
    assert here == back
    return "missing" if here < 0 else REST.labels[here]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ann***@x.com", "anna.lee@y.com", "fits the mask"),
        ("ann***@x.com", "ann***@y.com", "fits the mask"),
        ("ann***@x.com", "an@y.com", "fits the mask"),
        ("ann***@x.com", "abe@x.com", "differs"),
        ("a***@x.com", "abe@x.com", "fits the mask"),
        ("anna.le***@x.com", "annabel@x.com", "fits the mask"),
        ("0170 555-1234", "ann01705551234@x.com", "same digits"),
        ("0170 555-1234", "01705551234", "same digits"),
        ("+49 170 5551234", "1705551234@x.com", "same digits"),
        ("170 555 1243", "1705551234@x.com", "digits, 1 typo"),
        ("170 555 9934", "1705551234@x.com", "digits, 2 typos"),
        ("170 555 9994", "1705551234@x.com", "differs"),
        ("ann@x.com", "ann@x.com", "missing"),
        ("ann12345@x.com", "ann12345@x.com", "missing"),
        ("170 555 1234", "ann@x.com", "missing"),
        ("170 555 1234", "ann***@x.com", "missing"),
        ("1234", "ann1234@x.com", "missing"),
        ("ann***@x.com", None, "missing"),
        ("none", "none", "missing"),
    ],
)
def test_what_is_left_is_looked_for_in_the_other(one, other, expected) -> None:
    assert label(one, other) == expected


def test_similarity_rises_with_the_level() -> None:
    values = ["170 555 1234", "1705551234@x.com", "170 555 1243", "ann***@x.com", "ann@x.com"]
    records = Records.of({"mail": values}, fields={"mail": Email()})
    row = np.argsort(records.position)
    pairs = Pairs(row[[0, 1, 3, 2]].astype(np.int32), row[[1, 2, 4, 3]].astype(np.int32))
    assert REST.levels(records, pairs).tolist() == [4, 3, 1, -1]
    assert REST.similarities(records, pairs)[:3].tolist() == [1.0, 0.75, 0.25]
    assert np.isnan(REST.similarities(records, pairs)[3])


@pytest.mark.parametrize(("masked", "compared"), [(0, False), (1, True), (5, True)])
def test_it_is_compared_where_some_addresses_are_not_whole(masked: int, *, compared: bool) -> None:
    mails = [f"ann{i}@x.com" for i in range(100 - masked)] + ["ann***@x.com"] * masked
    table = {"mail": mails, "given": ["Ann", "Bob"] * 50, "family": ["Lee", "Ray", "Kay", "Poe"] * 25}
    records = Records.of(table, fields={"mail": Email(), "name": PersonName(given="given", family="family")})
    assert mails_in_pieces(records, "mail") == masked
    chosen = default_comparators(records)
    assert ("mail.rest" in [each.name for each in chosen]) == compared
    assert ("mail.rest" in household_comparators(records, chosen)) == compared
