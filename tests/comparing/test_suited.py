"""Comparators of kinds of fields: what each is made of, and tables of pairs with their levels."""

from __future__ import annotations

from typing import Any

import pytest

from identigraph import Pairs, Records
from identigraph.comparing import (
    Abbreviated,
    Crossed,
    Different,
    Frequencies,
    Graded,
    JaroWinkler,
    NearNumber,
    Nickname,
    Same,
    SharedWord,
    TextMeasure,
    Typos,
    address,
    email,
    family_name,
    given_name,
    identifier,
    measures,
    money,
    organisation_name,
    person_name,
    phone,
    postcode,
    url,
)
from identigraph.errors import ConfigurationError, RangeError
from identigraph.fields import (
    Address,
    Email,
    Identifier,
    Money,
    Organisation,
    PersonName,
    Phone,
    Postcode,
    Url,
)

GIVEN = TextMeasure("a", measures.given_name, ())
BY_LETTERS = JaroWinkler("a", (0.9,)), Nickname("a")


@pytest.mark.parametrize(
    ("built", "written", "fields"),
    [
        (
            given_name("a"),
            Graded("a", "a", (*BY_LETTERS, JaroWinkler("a", (0.8,)), Abbreviated("a")), measure=GIVEN),
            {},
        ),
        (
            given_name("a", family="b"),
            Graded(
                "a", "a", (*BY_LETTERS, Crossed("a", "b"), JaroWinkler("a", (0.8,)), Abbreviated("a")), measure=GIVEN
            ),
            {},
        ),
        (
            family_name("a"),
            Graded("a", "a", (JaroWinkler("a", (0.92,)), SharedWord("a"), JaroWinkler("a", (0.82,)))),
            {},
        ),
        (
            family_name("a", given="b"),
            Graded(
                "a", "a", (JaroWinkler("a", (0.92,)), Crossed("a", "b"), SharedWord("a"), JaroWinkler("a", (0.82,)))
            ),
            {},
        ),
        (
            person_name("a"),
            Graded(
                "a",
                "a",
                (
                    Same("a.sorted", "same words"),
                    TextMeasure("a", measures.person_name, (0.8, 0.88, 0.94), label="aligned"),
                ),
                Different("a.suffix", "suffix differs"),
            ),
            {"a": PersonName()},
        ),
        (
            organisation_name("a", 0.6),
            Graded(
                "a",
                "a",
                (
                    Same("a.sorted", "same words"),
                    TextMeasure("a", measures.organisation_name, (0.6,), label="close name"),
                ),
            ),
            {"a": Organisation()},
        ),
        (
            email("a"),
            Graded(
                "a",
                "a",
                (Typos("a", 2), Same("a.local", "same local part"), JaroWinkler("a.local", (0.85,))),
                measure=Typos("a", 2),
            ),
            {"a": Email()},
        ),
        (
            phone("a", region="GB"),
            Graded(
                "a",
                "a",
                (Typos("a", 1), Same("a.tail", "last digits equal")),
                Different("a.country", "other country"),
            ),
            {"a": Phone(region="GB")},
        ),
        (
            address("a"),
            Graded(
                "a",
                "a",
                (Typos("a", 2), Same("a.street", "same street"), JaroWinkler("a", (0.85,))),
                measure=TextMeasure("a", measures.address, ()),
            ),
            {"a": Address()},
        ),
        (
            postcode("a", country="GB"),
            Graded("a", "a", (Typos("a", 1), Same("a.district", "same district"), Same("a.area", "same area"))),
            {"a": Postcode(country="GB")},
        ),
        (
            money("a", relative=(0.2,)),
            Graded("a", "a", (NearNumber("a.amount", (0.2,)),), Different("a.currency", "other currency")),
            {"a": Money()},
        ),
        (url("a"), Graded("a", "a", (Same("a.domain", "same domain"), JaroWinkler("a", (0.9,)))), {"a": Url()}),
        (identifier("a"), Graded("a", "a", (Typos("a", 1),)), {"a": Identifier()}),
        (identifier("a", scheme="iban"), Graded("a", "a"), {"a": Identifier(scheme="iban")}),
    ],
    ids=lambda value: getattr(value, "name", None) and "built",
)
def test_a_comparator_of_a_kind_is_made_of_graders(built: Graded, written: Graded, fields: dict[str, Any]) -> None:
    assert built == written
    assert hash(built) == hash(written)
    assert dict(built.fields) == fields


@pytest.mark.parametrize(
    "build",
    [
        given_name, family_name, person_name, organisation_name, email, phone, address, postcode, money, url, identifier
    ],
)  # fmt: skip
def test_equality_is_split_by_frequency_unless_told_otherwise(build: Any) -> None:
    census = Frequencies.of({"smith": 1})
    assert build("a").frequency is True
    assert build("a", frequency=False) == build("a").plain()
    assert build("a", frequency=census).frequency is census


EXAMPLES = [
    (email("v"), "ann.lee@x.com", "ann.lea@x.com", "1 typo", None),
    (email("v"), "ann.lee@x.com", "ann.lee@mail.org", "same local part", 9 / 16),
    (email("v"), "ann.lee@x.com", "ann.lea@mail.org", "similar, 0.85", None),
    (email("v"), "ann.lee@x.com", "bob@mail.org", "differs", None),
    (email("v"), "ann.lee@x.com", "no address", "missing", None),
    (phone("v"), "020 7946 0958", "020 7946 0959", "1 typo", 0.9),
    (phone("v"), "020 7946 0958", "0161 794 60958", "last digits equal", None),
    (phone("v"), "020 7946 0958", "0161 794 1234", "differs", None),
    (phone("v"), "+44 20 7946 0958", "+1 207 946 0958", "differs", 0),
    (phone("v"), "+44 20 7946 0958", "020 7946 0958", "equal", 1),
    (person_name("v"), "Lee, Ann", "Dr. Ann Lee", "equal", 1),
    (person_name("v"), "Smith, Robert", "Bob Smith", "aligned, 0.94", None),
    (person_name("v"), "Smith, Robert Jr", "Smith, Robert Sr", "differs", 0),
    (person_name("v"), "Smith, Robert Jr", "Smith, Robert", "equal", 1),
    (organisation_name("v"), "Acme Tools Ltd", "ACME Tools GmbH", "equal", 1),
    (organisation_name("v"), "Acme Tools Ltd", "Tools Acme", "same words", None),
    (address("v"), "12 Main Street", "12, Main St", "equal", 1),
    (address("v"), "12 Main Street", "145 Main St", "2 typos", None),
    (address("v"), "12 Main Street", "1457 Main St", "same street", None),
    (postcode("v", country="GB"), "SW1A 1AA", "SW1A 1AB", "1 typo", 6 / 7),
    (money("v"), "EUR 100", "95.00 EUR", "within 0.1 of it", 0.95),
    (money("v"), "EUR 100", "USD 100", "differs", 0),
    (money("v"), "EUR 100", "100", "within 0.01 of it", 1),
    (url("v"), "https://www.acme.com/", "acme.com/about", "same domain", None),
    (identifier("v"), "RUK-109 337", "ruk109338", "1 typo", 8 / 9),
    (identifier("v", scheme="iban"), "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765433", "missing", None),
    (identifier("v", scheme="iban"), "GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00", "differs", 0),
]  # fmt: skip


@pytest.mark.parametrize(("comparator", "one", "other", "label", "similarity"), EXAMPLES)
def test_a_pair_has_its_level_either_way_and_alone_as_in_records(
    comparator: Graded, one: str, other: str, label: str, similarity: float | None
) -> None:
    found = comparator.compare(one, other)
    assert found == comparator.compare(other, one)
    assert found.label == label
    assert similarity is None or found.similarity == pytest.approx(similarity)
    records = Records.of({"v": [one, other]}, fields=dict(comparator.fields))
    assert comparator.plain().levels(records, Pairs.of([0], [1])).tolist() == [found.level]


def test_swapped_names_are_a_level_of_either() -> None:
    one, other = {"given": "Ann", "family": "Lee"}, {"given": "Lee", "family": "Ann"}
    for comparator in (given_name("given", family="family"), family_name("family", given="given")):
        assert comparator.compare(one, other).label == "swapped"
        assert comparator.compare(one, {**other, "family": "Anne"}).label == "differs"


def test_wrong_options_are_refused() -> None:
    with pytest.raises(RangeError, match="cutoffs must lie between 0 and 1, got 2"):
        person_name("a", 2)
    with pytest.raises(RangeError, match="cutoffs must lie between 0 and 1, got -1"):
        organisation_name("a", -1)
    with pytest.raises(RangeError, match="relative must lie between 0 and 1, got 2"):
        money("a", relative=(2,))
    with pytest.raises(ConfigurationError, match="region"):
        phone("a", region="XX")
    with pytest.raises(ConfigurationError, match="scheme"):
        identifier("a", scheme="klingon")
