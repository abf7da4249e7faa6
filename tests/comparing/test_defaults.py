"""Which comparators are chosen for fields of each kind, and what the matcher is told about them."""

from __future__ import annotations

import attrs
import pytest

from identigraph import Records
from identigraph.comparing import (
    Acronym,
    Carriers,
    Graded,
    JaroWinkler,
    Measured,
    NameInMail,
    Same,
    TokenCosine,
    date,
    email,
    exact,
    model_numbers,
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
    edition_comparators,
    field_comparators,
    household_comparators,
    identity_comparators,
)
from identigraph.comparing.quantities import NearNumber
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
from identigraph.fields.derived import Feature, initials, year

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


def by_letters_and_words(name: str, acronyms: Feature) -> Graded:
    """Return the comparator of short names of organisations."""
    words = TokenCosine(name, (0.3, 0.5, 0.7, 0.85, 0.99), spelling=True)
    graders = (JaroWinkler(name, (0.92,)), words, Acronym(name, acronyms), JaroWinkler(name, (0.8,)))
    return Graded(name, name, graders)


def by_words(name: str) -> Graded:
    """Return the comparator of texts."""
    return text(name, 0.3, 0.5, 0.7, 0.85, 0.99, spelling=True)


def by_years(name: str) -> Graded:
    """Return the comparator of years."""
    return Graded(name, year(name), (NearNumber(year(name), absolute=(1, 3)),))


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
        (FreeText(), ["sony bravia tv", "lg tv with black stand"], by_words("f")),
        (FreeText(), ["a b c", "d e"], by_words("f")),
        (Organisation(), ["Acme", "Bolt Tools"], by_letters_and_words("f", "f.initials")),
        (Organisation(), ["School of Art of Leeds North", "School of Music of York East"], by_words("f")),
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


@pytest.mark.parametrize(("strangers", "weighed"), [(8, True), (7, False)])
def test_contacts_are_weighed_by_who_shares_them_where_many_are_of_strangers(strangers: int, weighed: bool) -> None:
    """Of 160 records 8 or 7 carry one telephone number, of people who share nothing else."""
    given = ["Ann", "Bob", "Cleo", "Dirk", "Ewa", "Fritz", "Gus", "Hilde"] * 20
    family = ["Ost", "Ray", "Kimura", "Vogel", "Lund", "Prado", "Zidan", "Moor"] * 20
    phone = ["+442079460000"] * strangers + [f"+44207946{i:04}" for i in range(strangers, 160)]
    records = Records.of({"given": given, "family": family, "phone": phone})
    records = records.with_fields({"name": PersonName(given="given", family="family"), "phone": Phone()})
    (found,) = field_comparators(records, "phone")
    assert isinstance(found, Graded)
    assert found.shared_by == (Carriers("name.given", "name.family") if weighed else None)


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


def test_members_of_a_household_share_what_other_texts_say() -> None:
    """A town may stand in a column of any name; numbers and categories are not of homes."""
    kinds = {"name": PersonName(given="given", family="family"), "c1": FreeText(), "c2": Postcode(), "c3": Number()}
    columns = {"given": ["Ann", "Bob"], "family": ["Lee", "Ray"], "c1": ["Ulm", "Köln"], "c2": ["1234", "5678"]}
    records = Records.of({**columns, "c3": ["1", "2"]}, fields=kinds)
    assert set(household_comparators(records, default_comparators(records))) == {"name.family", "c1", "c2"}


def test_records_without_names_have_no_siblings() -> None:
    records = Records.of(PEOPLE, fields={"mail": Email(), "tel": Phone()})
    assert household_comparators(records, default_comparators(records)) == ()


def test_sister_firms_share_all_but_their_names() -> None:
    records = Records.of(PEOPLE, fields={"name": Organisation(), "mail": Email(), "tel": Phone()})
    assert set(household_comparators(records, default_comparators(records))) == {"mail", "tel"}


def test_a_name_that_few_have_makes_no_siblings() -> None:
    table = {"firm": ["Acme", "Bolt", None], "title": ["a", "b", "c"]}
    records = Records.of(table, fields={"firm": Organisation(), "title": FreeText()})
    assert household_comparators(records, default_comparators(records)) == ()


MODELS = {"title": ["Zeon radio RX-100", "Zeon radio RX-200", "Zeon lamp, white"], "maker": ["Zeon", "Zeon", "Lum"]}


def test_models_of_a_series_share_all_but_their_numbers() -> None:
    records = Records.of(MODELS, fields={"title": FreeText(), "maker": FreeText()})
    comparators = default_comparators(records)
    assert set(comparators) == {by_words("title"), similar("maker"), model_numbers("title")}
    assert set(household_comparators(records, comparators)) == {"title", "maker"}
    assert set(identity_comparators(records, comparators)) == {"title", "title.model_numbers", "maker"}


@pytest.mark.parametrize(
    ("titles", "compared"),
    [
        (["a radio RX-100", "a radio RX-200", *["a lamp, white"] * 4], True),
        (["a radio RX-100", "a radio RX-200", *["a lamp, white"] * 5], False),
        (["a radio RX-100", "a radio RX-200", *["a lamp, white"] * 4, None], False),
        (["RX-100", "RX-200"], False),
    ],
)
def test_model_numbers_are_compared_where_a_third_of_texts_has_one_and_nearly_all_records_a_text(
    titles, compared
) -> None:
    records = Records.of({"t": titles}, fields={"t": FreeText()})
    assert (model_numbers("t") in default_comparators(records)) == compared


def test_organisations_with_department_and_place_are_compared_by_the_name_alone_as_well() -> None:
    values = ["Dept. of Tides, Ruritania University, Strelsau", "Institute of Winds, University of Zenda, Zenda"]
    by_name = by_letters_and_words("f.core", initials("f.core"))
    records = Records.of({"f": values}, fields={"f": Organisation()})
    assert default_comparators(records) == (by_words("f"), by_name)
    assert identity_comparators(records, default_comparators(records)) == ("f", "f.core")
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


SONGS = {
    "song": [
        f"the {word} song of {word}" for word in ("sun", "sea", "rain", "road", "moon", "wind") for _ in range(12)
    ],
    "band": [f"{name} and the {name} owls" for name in ("red", "blue", "grey") for _ in range(24)],
    "length": [str(length) for length in (180, 200, 230, 260, 300, 340) for _ in range(12)],
    "price": [str(0.5 + i) for i in range(72)],
}
TEXTS = {"song": FreeText(), "band": FreeText()}


def test_songs_of_one_band_share_all_but_the_song() -> None:
    records = Records.of(SONGS, fields=TEXTS | {"length": Number()})
    comparators = default_comparators(records)
    assert set(household_comparators(records, comparators)) == {"band", "length"}
    assert set(identity_comparators(records, comparators)) == {"band", "song", "length"}


def test_editions_share_all_but_numbers_that_hardly_differ_where_texts_are_equal() -> None:
    records = Records.of(SONGS, fields=TEXTS | {"length": Number(), "price": Number()})
    assert set(edition_comparators(records, default_comparators(records))) == {"band", "song", "price"}


@pytest.mark.parametrize("more", [{"price": Number()}, {"length": Money()}, {"length": Category()}])
def test_without_such_numbers_there_are_no_editions(more) -> None:
    records = Records.of(SONGS, fields=TEXTS | more)
    assert edition_comparators(records, default_comparators(records)) == ()


def test_years_written_as_text_tell_editions_apart() -> None:
    table = SONGS | {"year": [f"({1980 + i // 12})." for i in range(72)]}
    records = Records.of(table, fields=TEXTS | {"year": FreeText()})
    comparators = default_comparators(records)
    assert set(edition_comparators(records, comparators)) == {"band", "song"}
    assert set(identity_comparators(records, comparators)) == {"band", "song", "year"}
    assert set(household_comparators(records, comparators)) == {"band", "year"}


@pytest.mark.parametrize("kind", [Organisation(), PersonName(), Date()])
def test_what_has_a_name_or_a_date_has_no_editions(kind) -> None:
    table = SONGS | {"by": ["1990-03-15" if isinstance(kind, Date) else "Ann Lee"] * 72}
    records = Records.of(table, fields=TEXTS | {"by": kind, "length": Number()})
    assert edition_comparators(records, default_comparators(records)) == ()


def test_products_with_model_numbers_have_no_editions() -> None:
    table = SONGS | {"song": [f"{song} RX-{i}00" for i, song in enumerate(SONGS["song"])]}
    records = Records.of(table, fields=TEXTS | {"length": Number()})
    assert edition_comparators(records, default_comparators(records)) == ()


@pytest.mark.parametrize(("firms", "known"), [(2, ("firm",)), (1, ("title",))])
def test_an_organisation_that_few_records_have_is_no_identity(firms, known) -> None:
    table = {"firm": ["Acme", "Bolt"][:firms] + [None] * (4 - firms), "title": ["a", "b", "c", "d"]}
    records = Records.of(table, fields={"firm": Organisation(), "title": FreeText()})
    comparators = [similar("firm"), similar("title")]
    assert identity_comparators(records, comparators) == known
