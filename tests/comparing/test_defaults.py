"""Which comparators are chosen for fields of each kind, and what the matcher is told about them."""

from __future__ import annotations

import attrs
import pytest

from identigraph import Records
from identigraph.comparing import (
    Graded,
    JaroWinkler,
    Measured,
    NameInMail,
    Same,
    TokenCosine,
    date,
    email,
    exact,
    money,
    number,
    phone,
    postcode,
    similar,
    text,
    typos,
)
from identigraph.comparing.comparator import PATTERN_BITS, level_bits
from identigraph.comparing.defaults import (
    default_comparators,
    field_comparators,
    household_comparators,
    identity_comparators,
)
from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FreeText,
    Identifier,
    Money,
    Number,
    Organisation,
    PersonName,
    Phone,
    Postcode,
    Url,
)

PEOPLE = {
    "name": ["Dr Ann Mary Lee", "Bob J. Ray Jr", "Cy Fox"],
    "born": ["1990-03-15", "1991", None],
    "mail": ["ann@x.com", "bob@y.org", None],
    "tel": ["020 7946 0958", None, "0161 496 0000"],
    "street": ["1 High St", "2 Low Rd", "3 Mid Ln"],
    "postcode": ["AB1 2CD", "EF3 4GH", None],
    "town": ["Bath", "York", None],
    "gender": ["f", "m", None],
}
KINDS = {
    "name": PersonName(),
    "born": Date(),
    "mail": Email(),
    "tel": Phone(),
    "address": Address(street="street", postcode="postcode", city="town"),
    "gender": Category(),
}


def chosen(values, kind) -> tuple[Graded, ...]:
    """Return the comparators of a table of one field."""
    return default_comparators(Records.of({"f": values}, fields={"f": kind}))


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (Date(), ["1990-03-15", "1991-01-02"], date("f")),
        (Email(), ["ann@x.com", "bob@y.org"], email("f")),
        (Phone(), ["020 7946 0958", "0161 496 0000"], attrs.evolve(phone("f"), conflict=None)),
        (Postcode(), ["AB1 2CD", "EF3 4GH"], postcode("f")),
        (Money(), ["EUR 5", "USD 7"], money("f")),
        (Identifier(), ["RUK-109", "RUK-110"], typos("f", 1)),
        (Category(), ["red", "blue"], exact("f")),
        (Number(), ["1.5", "2"], number("f")),
        (FreeText(), ["sony tv", "lg tv"], similar("f")),
        (FreeText(), ["sony bravia tv", "lg tv with black stand"], text("f")),
        (FreeText(), ["a b c", "d e"], text("f")),
        (
            Organisation(),
            ["Acme", "Bolt Tools"],
            Graded(
                "f", "f", (JaroWinkler("f", (0.92,)), TokenCosine("f", (0.3, 0.5, 0.7, 0.85)), JaroWinkler("f", (0.8,)))
            ),
        ),
        (Organisation(), ["School of Art of Leeds North", "School of Music of York East"], text("f")),
        (
            Url(),
            ["https://x.com/a", "https://y.org/b"],
            Graded("f", "f", (Same("f.domain", "same domain"), JaroWinkler("f", (0.9,)))),
        ),
    ],
)
def test_a_field_is_compared_as_suits_its_kind(kind, values, expected) -> None:
    assert chosen(values, kind) == (expected,)


def test_a_kind_of_ones_own_is_compared_by_its_letters() -> None:
    class Colour(FreeText):
        """A kind that the library does not know."""

    assert chosen(["red wine and more", "dark blue and more"], Colour()) == (similar("f"),)


@pytest.mark.parametrize("values", [["red", "red", "red"], ["red", None, None], [None, None, None]])
def test_what_tells_nothing_is_left_out(values) -> None:
    assert chosen(values, Category()) == ()


def test_what_tells_most_comes_first() -> None:
    names = [comparator.name for comparator in default_comparators(Records.of(PEOPLE, fields=KINDS))]
    assert names[:3] == ["born", "name.family", "name.given"]
    assert names[3:6] == ["address", "mail", "tel"]
    assert set(names[6:8]) == {"address.city", "address.postcode"}
    assert names[-1] == "gender"


def test_a_field_has_its_comparators_also_where_they_tell_nothing() -> None:
    records = Records.of(PEOPLE, fields=KINDS)
    by_field = {name: field_comparators(records, name) for name in KINDS}
    assert {name: [c.name for c in comparators] for name, comparators in by_field.items()} == {
        "name": ["name.family", "name.given", "name.middle"],
        "born": ["born"],
        "mail": ["mail"],
        "tel": ["tel"],
        "address": ["address", "address.city", "address.postcode", "address.country", "address.state"],
        "gender": ["gender"],
    }
    assert set(default_comparators(records)) < {c for comparators in by_field.values() for c in comparators}


def test_addresses_are_compared_with_the_names_of_the_people() -> None:
    table = {"mail": ["ann@x.com", "bob@y.org"], "name": ["Ann Lee", "Bob"], "other": ["Cy Fox", "Di Ray"]}
    records = Records.of(table)
    names = ("name.given", "name.family")
    one = records.with_fields({"mail": Email(), "name": PersonName()})
    told = Measured("mail.name", NameInMail("mail.local", names))
    assert field_comparators(one, "mail") == (email("mail", names=names), told)
    assert "mail.name" in [comparator.name for comparator in default_comparators(one)]
    full = records.with_fields({"mail": Email(), "other": PersonName()})
    assert field_comparators(full, "mail") == (email("mail", names=("other.given", "other.family")),)
    two = records.with_fields({"mail": Email(), "name": PersonName(), "other": PersonName()})
    assert field_comparators(two, "mail") == (email("mail"),)


def test_no_more_are_chosen_than_fit_into_a_pattern() -> None:
    names = [f"f{i:02}" for i in range(40)]
    table = {name: ["RUK-109", "RUK-110"] for name in [*names, "a"]}
    chosen = default_comparators(Records.of(table, fields={n: Identifier() for n in names} | {"a": Category()}))
    bits = sum(level_bits(comparator) for comparator in chosen)
    assert PATTERN_BITS - 3 < bits <= PATTERN_BITS
    assert [comparator.name for comparator in chosen[:-1]] == names[: len(chosen) - 1]
    assert chosen[-1].name in {"a", names[len(chosen) - 1]}


def test_members_of_a_household_share_family_name_address_and_contacts() -> None:
    records = Records.of(PEOPLE, fields=KINDS)
    shared = household_comparators(records, default_comparators(records))
    assert {"name.family", "address", "address.postcode", "address.city", "mail", "tel"} == set(shared)


@pytest.mark.parametrize("kinds", [{"name": Organisation(), "mail": Email()}, {"mail": Email(), "tel": Phone()}])
def test_only_people_have_households(kinds) -> None:
    records = Records.of(PEOPLE, fields=kinds)
    assert household_comparators(records, default_comparators(records)) == ()


@pytest.mark.parametrize("left", ["name.given", "name.family"])
def test_people_without_given_or_family_names_have_no_households(left) -> None:
    records = Records.of(PEOPLE, fields=KINDS)
    assert household_comparators(records, [exact("mail"), exact(left)]) == ()


def test_names_and_birth_dates_are_identity_and_contacts_are_not() -> None:
    records = Records.of(PEOPLE, fields=KINDS)
    identity = identity_comparators(records, default_comparators(records))
    assert set(identity) == {"born", "name.given", "name.family"}


def test_organisation_names_are_identity() -> None:
    records = Records.of(PEOPLE, fields={"name": Organisation(), "town": Category()})
    assert identity_comparators(records, default_comparators(records)) == ("name",)


def test_things_without_a_name_are_known_by_the_texts_that_nearly_all_have() -> None:
    table = {"title": ["lg tv", "sony tv", "jvc"], "note": ["new", None, "used"], "kind": ["a", "b", "a"]}
    records = Records.of(table, fields={"title": FreeText(), "note": FreeText(), "kind": Category()})
    assert identity_comparators(records, default_comparators(records)) == ("title",)
