"""Who shares a contact: classes of values, and agreement weighed by them."""

from __future__ import annotations

from collections import Counter, defaultdict

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph import Pairs, Records
from identigraph.comparing import Carriers, profile_contacts
from identigraph.comparing.comparator import BAND_LABELS, Graded
from identigraph.comparing.contacts import CLASSES, carriers_of, contact_features, ring
from identigraph.comparing.defaults import default_comparators
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.fields import Address, Email, PersonName, Phone
from identigraph.matching import Population

FIELDS = {"name": PersonName(given="given", family="family"), "phone": Phone(), "home": Address()}
NAMES = ["Ann", "Bob", "Cleo", "Dan", "Edith", "Fay", "Gus", "Hal", "Ivor", "Jo"]
FAMILIES = ["Lee", "Ray", "Kay", "Poe", "Orr", "Ash", "Fox", "Day", "Hume", "Voss"]
NUMBER = "0170 555 1234"


def records_of(given: list[str | None], family: list[str | None], home: list[str | None] | None = None) -> Records:
    """Return records that share one telephone number."""
    columns = {"given": given, "family": family, "home": home or [None] * len(given), "phone": [NUMBER] * len(given)}
    table = pl.DataFrame({name: pl.Series(values, dtype=pl.String) for name, values in columns.items()})
    return Records.of(table, fields=FIELDS)


def said(records: Records) -> str:
    """Return the class of the one number."""
    return str(profile_contacts(records).values("phone")["class"].item())


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        (["Ann"], ["Lee"], "personal"),
        (["Ann", "Ann"], ["Lee", "Lee"], "personal"),
        (["Ann", "A", "Anne"], ["Lee", "Lea", "Ray"], "personal"),
        (["Ann", "Bob"], ["Lee", "Lee"], "household"),
        (["Ann", "Bob", "Cleo"], ["Lee", "Ray", "Kay"], "household"),
        (["Ann", "Ann", "Ann", "Bob"], ["Lee"] * 4, "personal"),
        (NAMES, ["Lee"] * 10, "household"),
        (NAMES, FAMILIES, "junk"),
        (["Lee", "Ann", "Lee"], ["Ann", "Lee", "Ann"], "personal"),
        ([None, "Ann", None], ["Lee", "Lee", "Lee"], "personal"),
        ([None] * 10, FAMILIES, "personal"),
    ],
)
def test_class_of_a_number(given, family, expected) -> None:
    assert said(records_of(given, family)) == expected


def test_a_shared_home_makes_a_household_of_a_number_and_not_of_itself() -> None:
    records = records_of(NAMES, FAMILIES, ["12 Main Street"] * 10)
    assert said(records) == "household"
    alone = attrs.evolve(records, fields={name: FIELDS[name] for name in ("name", "home")})
    assert profile_contacts(alone).values("home")["class"].to_list() == ["junk"]


def test_clusters_tell_what_names_do_not() -> None:
    records = records_of(NAMES, FAMILIES)
    one = profile_contacts(records, clusters=np.zeros(10))
    assert one.values("phone").rows() == [("1705551234", "personal", 10, 1)]
    many = profile_contacts(records, clusters=np.arange(10))
    assert many.values("phone").rows() == [("1705551234", "junk", 10, 10)]
    two = profile_contacts(records, clusters=np.arange(10) // 5)
    assert two.values("phone").select("class", "people").rows() == [("personal", 2)]
    plain = Records.of({"tel": [NUMBER] * 3}, fields={"tel": Phone()})
    assert profile_contacts(plain, clusters=[0, 1, 2]).values("tel").rows() == [("1705551234", "household", 3, 3)]


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(NAMES[:4]), st.sampled_from(FAMILIES[:3])), max_size=20)
)
def test_order_of_rows_changes_no_class(rows: list[tuple[str, str, str]]) -> None:
    def told(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
        numbers = {"A": "5550101", "B": "5550202", "C": "5550303"}
        columns = {
            "phone": [numbers[r[0]] for r in rows],
            "given": [r[1] for r in rows],
            "family": [r[2] for r in rows],
        }
        table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        fields = {"name": FIELDS["name"], "phone": Phone()}
        return profile_contacts(Records.of(table, fields=fields)).by_value.sort("value")

    assert told(rows).equals(told(rows[::-1]))


@given(st.lists(st.integers(-1, 3), max_size=30))
def test_ring_holds_each_carrier_with_its_next_two(codes: list[int]) -> None:
    pairs, value = ring(np.array(codes, dtype=np.int32))
    carriers = defaultdict(list)
    for row, code in enumerate(codes):
        if code >= 0:
            carriers[code].append(row)
    wanted: Counter[tuple[int, int, int]] = Counter()
    for code, rows in carriers.items():
        for step in (1, 2):
            if len(rows) > step:
                others = rows[step:] + rows[:step]
                wanted.update((code, min(a, b), max(a, b)) for a, b in zip(rows, others, strict=True))
    assert Counter(zip(value.tolist(), pairs.left.tolist(), pairs.right.tolist(), strict=True)) == wanted


def test_a_class_counts_for_agreement_from_the_third_carrier_on() -> None:
    carriers = Carriers("name.given", "name.family", ("home",))
    for given_names, expected in ((["Ann", "Bob"], "personal"), (["Ann", "Bob", "Cleo"], "household")):
        records = records_of(given_names, ["Lee"] * len(given_names))
        assert [CLASSES[each] for each in carriers.classes(records, "phone")] == [expected]


def test_equality_on_a_shared_value_is_a_level_of_its_own() -> None:
    given_names = [*NAMES, "Ann", "Ann", "Kim", "Lou", "Max"]
    families = [*FAMILIES, "Lee", "Lee", "Webb", "Webb", "Webb"]
    table = {"given": given_names, "family": families, "phone": ["5550101"] * 10 + ["5550202"] * 2 + ["7778899"] * 3}
    records = Records.of(table, fields={"name": FIELDS["name"], "phone": Phone()})
    comparator = {each.name: each for each in default_comparators(records)}["phone"]
    row = np.argsort(records.position).astype(np.int32)
    levels = comparator.levels(records, Pairs(row[[0, 12, 10, 0]], row[[1, 13, 11, 12]]))
    assert [comparator.labels[level] for level in levels] == [
        "equal, junk",
        "equal, household",
        "equal, very common",
        "differs",
    ]
    assert comparator.labels[comparator.equal_from :] == ("equal, junk", "equal, household", *BAND_LABELS)
    assert "equal, junk" not in comparator.plain().labels
    population = Population.of(records, ig.Comparison((comparator,)))
    assert population.levels[0][comparator.equal_from :].tolist() == [45, 3, 1, 0, 0, 0, 0, 0]


def test_without_frequencies_a_personal_value_is_just_equal() -> None:
    shared = Graded("phone", "phone", frequency=False, shared_by=Carriers("name.given", "name.family"))
    assert shared.labels == ("differs", "equal, junk", "equal, household", "equal")
    records = records_of(["Ann", "Ann"], ["Lee", "Lee"])
    assert shared.levels(records, Pairs.of([0], [1])).tolist() == [3]


def test_one_field_of_names_tells_the_carriers() -> None:
    records = records_of(["Ann"], ["Lee"])
    assert carriers_of(records) == Carriers("name.given", "name.family", ("home",))
    assert contact_features(records) == ("phone", "home")
    two = {**FIELDS, "contact": PersonName(full="home")}
    assert carriers_of(attrs.evolve(records, fields=two)) is None
    assert carriers_of(attrs.evolve(records, fields={"phone": Phone()})) is None


def test_columns_of_lists_are_left_out() -> None:
    table = {"given": ["Ann", "Bob"], "family": ["Lee", "Ray"], "mail": [["a@x.com", "b@x.com"], ["a@x.com"]]}
    records = Records.of(table, fields={"name": FIELDS["name"], "mail": Email()})
    assert contact_features(records) == ()
    assert profile_contacts(records).by_value.height == 0


def test_profile_counts_and_hides_values() -> None:
    profile = profile_contacts(records_of(NAMES, FAMILIES, ["1 Elm Rd"] * 2 + [None] * 8))
    assert repr(profile) == "<ContactProfile: 2 values: 0 personal, 1 household, 1 junk>"
    assert profile.table.rows() == [("home", "household", 1, 2, 2), ("phone", "junk", 1, 10, 10)]
    with pytest.raises(ColumnNotFoundError):
        profile.values("email")


def test_faults_are_told() -> None:
    with pytest.raises(ConfigurationError, match="one field of names"):
        profile_contacts(Records.of({"tel": [NUMBER]}, fields={"tel": Phone()}))
    with pytest.raises(ConfigurationError, match="10 records, and clusters of 3"):
        profile_contacts(records_of(NAMES, FAMILIES), clusters=[1, 2, 3])


def test_a_resolution_profiles_by_its_entities() -> None:
    rows = [("Ann", "Lee", "ann.lee@x.com")] * 3 + [("Bob", "Ray", "shop@y.com"), ("Cleo", "Kay", "shop@y.com")]
    table = dict(zip(("given_name", "family_name", "email"), map(list, zip(*rows, strict=True)), strict=True))
    result = ig.resolve(table, judgements={"left_id": [3], "right_id": [4], "judgement": ["cannot_link"]})
    told = result.contacts.values("email").select("value", "class", "people").rows()
    assert told == [("ann.lee@x.com", "personal", 1), ("shop@y.com", "household", 2)]


def test_a_value_that_all_carry_costs_two_comparisons_a_record() -> None:
    pairs, _ = ring(np.zeros(1000, dtype=np.int32))
    assert len(pairs) == 2000
