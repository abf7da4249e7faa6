"""Comparators as one writes them by hand."""

from __future__ import annotations

import pytest

from identigraph import Pairs, Records
from identigraph.comparing import Graded, JaroWinkler, NearDate, NearNumber, Same, TokenCosine, Typos
from identigraph.comparing.building import date, email, exact, number, phone, similar, text, typos
from identigraph.errors import RangeError
from identigraph.fields import Email, Phone
from identigraph.fields.derived import soundex


@pytest.mark.parametrize(
    ("built", "written"),
    [
        (exact("a"), Graded("a", "a")),
        (exact(soundex("a")), Graded("soundex('a')", soundex("a"))),
        (similar("a"), Graded("a", "a", (JaroWinkler("a", (0.8, 0.92)),))),
        (similar("a", 0.9, 0.7), Graded("a", "a", (JaroWinkler("a", (0.7, 0.9)),))),
        (typos("a"), Graded("a", "a", (Typos("a", 2),))),
        (typos("a", 1), Graded("a", "a", (Typos("a", 1),))),
        (text("a"), Graded("a", "a", (TokenCosine("a", (0.3, 0.5, 0.7, 0.85)),))),
        (text("a", 0.5), Graded("a", "a", (TokenCosine("a", (0.5,)),))),
        (date("a"), Graded("a", "a", (NearDate("a"),))),
        (number("a"), Graded("a", "a", (NearNumber("a", (0.1, 0.01)),))),
        (number("a", relative=(), absolute=(5,)), Graded("a", "a", (NearNumber("a", (), (5,)),))),
        (
            email("a"),
            Graded("a", "a", (Typos("a", 2), Same("a.local", "same local part"), JaroWinkler("a.local", (0.85,)))),
        ),
        (phone("a"), Graded("a", "a", (Typos("a", 1), Same("a.tail", "last digits equal")))),
    ],
)
def test_a_verb_builds_a_graded_comparator(built, written) -> None:
    assert built == written
    assert hash(built) == hash(written)


@pytest.mark.parametrize("build", [exact, similar, typos, text, date, email, phone])
def test_equality_is_split_by_frequency_unless_told_otherwise(build) -> None:
    assert build("a").frequency
    assert not build("a", frequency=False).frequency


def test_numbers_out_of_range_are_refused() -> None:
    for refused in (
        lambda: similar("a", 1.2),
        lambda: text("a", -0.1),
        lambda: number("a", relative=(2,)),
        lambda: typos("a", 0),
    ):
        with pytest.raises(RangeError):
            refused()


@pytest.mark.parametrize(
    ("comparator", "kind", "one", "other", "label"),
    [
        (email("v"), Email(), "ann.lee@x.com", "ann.lee@x.con", "1 typo"),
        (email("v"), Email(), "ann.lee@x.com", "ann.lee@mail.org", "same local part"),
        (email("v"), Email(), "ann.lee@x.com", "ann.lea@mail.org", "similar, 0.85"),
        (email("v"), Email(), "ann.lee@x.com", "bob@mail.org", "differs"),
        (phone("v"), Phone(), "020 7946 0958", "020 7946 0959", "1 typo"),
        (phone("v"), Phone(), "020 7946 0958", "0161 794 60958", "last digits equal"),
        (phone("v"), Phone(), "020 7946 0958", "0161 794 1234", "differs"),
    ],
)
def test_emails_and_phones_are_compared_by_their_parts(comparator, kind, one, other, label) -> None:
    records = Records.of({"v": [one, other]}, fields={"v": kind})
    assert comparator.labels[comparator.levels(records, Pairs.of([0], [1]))[0]] == label
