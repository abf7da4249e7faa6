"""Addresses made of names: alike among people of one name, and telling where a name is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from identigraph import Pairs, Records
from identigraph.comparing import MadeOfNames, Measured, NameInMail, email
from identigraph.fields import Email, PersonName

NAMES = ("name.given", "name.family")
Row = tuple[str | None, str | None, str | None]


def people(*rows: Row) -> tuple[Records, np.ndarray]:
    """Return records of given name, family name and address, and the row number of each."""
    table = {name: [row[i] for row in rows] for i, name in enumerate(("given", "family", "mail"))}
    fields = {"mail": Email(), "name": PersonName(given="given", family="family")}
    records = Records.of(table, fields=fields)
    return records, np.argsort(records.position)


def label(comparator: Any, one: Row, other: Row) -> str:
    """Return what a comparator says of two records, either way."""
    records, row = people(one, other)
    plain = comparator.plain()
    here, back = (int(plain.levels(records, Pairs(row[[i]], row[[1 - i]]))[0]) for i in (0, 1))
    assert here == back
    return "missing" if here < 0 else plain.labels[here]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("Ann", "Lee", "ann.lee@x.com"), ("Ann", "Lee", "ann.lees@post.org"), "made of names"),
        (("Ann", "Lee", "annlee@x.com"), ("Ann", "Lee", "annlee@post.org"), "made of names"),
        (("Ann", "Lee", "ann77@x.com"), ("Ann", "Lee", "ann77@post.org"), "same local part"),
        (("Ann", "Lee", "al@x.com"), ("Abe", "Lom", "a.l@post.org"), "made of names"),
        (("Ann", "Lee", "ann.b@x.com"), ("Bea", "Lee", "ann.b@post.org"), "same local part"),
        (("Ann", "Lee", "sunny@x.com"), ("Ann", "Lee", "sunnyy@post.org"), "similar, 0.92"),
        (("Ann", "Lee", "ann.lee@x.com"), ("Ann", "Lee", "ann.lea@x.com"), "1 typo"),
        (("Ann", "Lee", "12@x.com"), (None, None, "34@post.org"), "differs"),
        (("Ed", "Wu", "edward@x.com"), ("Ed", "Wu", "edwards@post.org"), "similar, 0.92"),
    ],
)
def test_similar_addresses_that_are_made_of_names_say_little(one, other, expected) -> None:
    assert label(email("mail", names=NAMES), one, other) == expected


def test_typos_count_only_in_domains_of_few() -> None:
    for many, expected in ((20, "1 typo"), (40, "made of names")):
        rows = [("Ann", "Lee", "ann.lee@x.com"), ("Anne", "Lee", "anne.lee@x.com")]
        records, row = people(*rows, *[("Bob", "Ray", f"b{i}@x.com") for i in range(many)])
        comparator = email("mail", names=NAMES, frequency=False)
        assert comparator.labels[comparator.levels(records, Pairs(row[[0]], row[[1]]))[0]] == expected


def test_without_same_only_local_parts_that_differ_are_made_of_names() -> None:
    records, row = people(("Ann", "Lee", "ann@x.com"), ("Ann", "Lee", "ann@y.org"), ("Ann", "Lee", "lee@x.com"))
    for same, expected in ((True, [1, 1]), (False, [0, 1])):
        grader = MadeOfNames("mail.local", NAMES, same=same)
        assert grader.grades(records, row[[0, 0]], row[[1, 2]]).tolist() == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((None, "Lee", "ann.lee@x.com"), ("Ann", "Lee", None), "name in address"),
        ((None, "Lee", "a.lee@x.com"), ("Ann", "Lee", None), "initial"),
        ((None, "Lee", "bob.lee@x.com"), ("Ann", "Lee", None), "differs"),
        (("Ann", None, "ann.lee@x.com"), ("Ann", "Lee", "other@x.com"), "name in address"),
        ((None, None, "ann.ray@x.com"), ("Ann", "Lee", None), "name in address"),
        ((None, None, "bo@x.com"), ("Bo", "Lee", None), "initial"),
        (("Ann", "Lee", "ann.lee@x.com"), ("Ann", "Lee", None), "missing"),
        ((None, "Lee", None), ("Ann", "Lee", "ann@x.com"), "missing"),
        ((None, "Lee", "ann@x.com"), (None, "Lee", None), "missing"),
    ],
)
def test_a_missing_name_is_looked_for_in_the_address(one, other, expected) -> None:
    assert label(Measured("mail.name", NameInMail("mail.local", NAMES)), one, other) == expected


def test_the_similarity_of_a_name_in_an_address_is_half_its_grade() -> None:
    rows = [(None, "Lee", "ann@x.com"), ("Ann", "Lee", None), ("Al", "Lee", None), ("Ann", "Lee", "ann@x.com")]
    records, row = people(*rows)
    comparator = Measured("mail.name", NameInMail("mail.local", NAMES))
    found = comparator.similarities(records, Pairs(row[[0, 0, 1]], row[[1, 2, 3]]))
    assert found.tolist() == pytest.approx([1, 0.5, np.nan], nan_ok=True)
    assert comparator.columns == ("mail.local", *NAMES)
