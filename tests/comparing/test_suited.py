"""Comparators of kinds of fields: what each is made of, and tables of pairs with their levels."""

from __future__ import annotations

from typing import Any

import pytest

from identigraph import Pairs, Records
from identigraph.comparing import (
    Abbreviated,
    AmongWords,
    Contained,
    Crossed,
    Different,
    Frequencies,
    Graded,
    JaroWinkler,
    MadeOfNames,
    Misplaced,
    NearNumber,
    Nickname,
    Rarer,
    Same,
    SharedWord,
    TextMeasure,
    TokenCosine,
    Typos,
    Unless,
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
SIMILAR_GIVEN, SIMILAR_FAMILY = Rarer(JaroWinkler("a", (0.9,))), Rarer(JaroWinkler("a", (0.92,)))
LOW_GIVEN = Nickname("a"), JaroWinkler("a", (0.8,)), Abbreviated("a")
LOW_FAMILY = JaroWinkler("a", (0.82,)), Abbreviated("a"), JaroWinkler("a", (0.7,))
DISTANT = JaroWinkler("a", (0.7,))
LOCAL = Same("a.local", "same local part"), JaroWinkler("a.local", (0.85, 0.92))
MADE = MadeOfNames("a.local", ("b", "c"))


@pytest.mark.parametrize(
    ("built", "written", "fields"),
    [
        (given_name("a"), Graded("a", "a", (SIMILAR_GIVEN, *LOW_GIVEN, DISTANT), measure=GIVEN), {}),
        (
            given_name("a", family="b", middle="c"),
            Graded(
                "a",
                "a",
                (
                    SIMILAR_GIVEN,
                    Crossed("a", "b", cutoff=0.85, frequency=True),
                    Misplaced("a", "b", "family name", cutoff=0.9, frequency=True),
                    *LOW_GIVEN,
                    AmongWords("a", "c", "middle name"),
                    DISTANT,
                ),
                measure=GIVEN,
            ),
            {},
        ),
        (family_name("a"), Graded("a", "a", (SIMILAR_FAMILY, SharedWord("a"), *LOW_FAMILY)), {}),
        (
            family_name("a", given="b", middle="c"),
            Graded(
                "a",
                "a",
                (
                    SIMILAR_FAMILY,
                    SharedWord("a"),
                    Misplaced("a", "b", "given name", cutoff=0.9, frequency=True),
                    AmongWords("a", "c", "middle name"),
                    *LOW_FAMILY,
                ),
                silent=Crossed("a", "b", cutoff=0.85),
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
        (email("a"), Graded("a", "a", (Typos("a", 4), *LOCAL), measure=Typos("a", 4)), {"a": Email()}),
        (
            email("a", names=("b", "c")),
            Graded(
                "a",
                "a",
                (
                    Unless(Typos("a", 4), MadeOfNames("a.local", ("b", "c"), same=False, domain="a.domain")),
                    *(Unless(grader, MADE) for grader in LOCAL),
                    MADE,
                ),
                measure=Typos("a", 4),
            ),
            {"a": Email()},
        ),
        (
            phone("a", region="GB"),
            Graded(
                "a",
                "a",
                (Same("a.tail", "last digits equal"), Contained("a"), Typos("a", 3)),
                Different("a.country", "other country"),
            ),
            {"a": Phone(region="GB")},
        ),
        (
            address("a"),
            Graded(
                "a",
                "a",
                (
                    Typos("a", 2),
                    Same("a.street", "same street"),
                    TokenCosine("a", (0.6,)),
                    JaroWinkler("a", (0.85,)),
                    TokenCosine("a", (0.3,)),
                    JaroWinkler("a", (0.75,)),
                ),
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
    (email("v"), "ann.lee@x.com", "ann.lea@mail.org", "similar, 0.92", None),
    (email("v"), "ann.lee@x.com", "anna.dee@mail.org", "similar, 0.85", None),
    (email("v"), "ann.lee@x.com", "bob@mail.org", "differs", None),
    (email("v"), "ann.lee@x.com", "no address", "missing", None),
    (phone("v"), "020 7946 0958", "020 7946 0959", "1 typo", 0.9),
    (phone("v"), "020 7946 0958", "0161 794 60958", "last digits equal", None),
    (phone("v"), "020 7946 0958", "0161 794 1234", "differs", None),
    (phone("v"), "020 7946 0958", "020 7946 9580", "2 typos", None),
    (phone("v"), "020 7946 0958", "020 7946 0958 1234", "contained", None),
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
    (address("v"), "12 Long Mill Lane", "Long Lane Mill 12 North", "words, 0.6", None),
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


def test_the_given_name_tells_of_swapped_names_and_the_family_name_says_nothing() -> None:
    one, other = {"given": "Ann", "family": "Lee"}, {"given": "Lee", "family": "Ann"}
    given, family = given_name("given", family="family"), family_name("family", given="given")
    assert (given.compare(one, other).label, family.compare(one, other).label) == ("swapped", "missing")
    near = {**other, "family": "Anne"}
    assert (given.compare(one, near).label, family.compare(one, near).label) == ("swapped, similar", "missing")
    far = {**other, "family": "Bob"}
    assert (given.compare(one, far).label, family.compare(one, far).label) == ("differs", "differs")


def test_a_name_alone_is_looked_for_in_the_place_of_the_other() -> None:
    given, family = given_name("given", family="family"), family_name("family", given="given")
    full = {"given": "Ann", "family": "Lee"}
    assert given.compare({"given": "Lee", "family": None}, full).label == "family name"
    assert family.compare({"given": None, "family": "Ann"}, full).label == "given name"


def test_further_given_names_are_looked_at() -> None:
    given, family = given_name("given", middle="middle"), family_name("family", middle="middle")
    assert given.compare({"given": "Ann", "middle": "Mary"}, {"given": "Mary", "middle": None}).label == "middle name"
    one, other = {"family": "Lee", "middle": "Kay"}, {"family": "Ray", "middle": "Kay Lee"}
    assert family.compare(one, other).label == "middle name"


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
