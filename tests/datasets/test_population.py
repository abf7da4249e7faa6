"""What is true of made-up households and persons."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from identigraph.datasets.countries import COUNTRIES
from identigraph.datasets.members import RECORD_SHARES, members
from identigraph.datasets.population import population
from identigraph.datasets.vocabulary import vocabulary

ADDRESS = ["street", "city", "postcode", "old_street", "old_city", "old_postcode"]
SPAIN = [c.locale for c in COUNTRIES].index("es_ES")


@pytest.fixture(scope="module")
def persons() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    return population(60_000, rng, vocabulary(rng))


@pytest.fixture(scope="module")
def with_head(persons: pl.DataFrame) -> pl.DataFrame:
    """All but the heads of households, each beside its head (columns ``..._head``)."""
    heads = persons.filter(pl.col("role") == "head")
    return persons.filter(pl.col("role") != "head").join(heads, on="household", suffix="_head", validate="m:1")


def role(persons: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return the persons in one of the roles `names`."""
    return persons.filter(pl.col("role").is_in(names))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 100, 1001])
def test_persons_have_exactly_n_records(n: int) -> None:
    for seed in range(20):
        records = members(n, np.random.default_rng(seed)).records
        assert records.sum() == n
        assert records.min() >= 1
        assert records.max() <= 8


def test_shares_of_persons_by_number_of_records(persons: pl.DataFrame) -> None:
    counts = np.bincount(persons["records"].to_numpy(), minlength=9)[1:]
    assert counts / counts.sum() == pytest.approx(RECORD_SHARES, abs=0.01)


def test_households_have_one_head_who_stands_first_and_stand_together(persons: pl.DataFrame) -> None:
    first = persons["household"].is_first_distinct()
    assert first.to_list() == (persons["role"] == "head").to_list()
    assert persons["household"].is_sorted()
    assert persons["household"].unique().to_list() == list(range(first.sum()))


def test_households_have_one_address(persons: pl.DataFrame) -> None:
    distinct = persons.group_by("household").agg(pl.struct(ADDRESS).n_unique()).select(pl.last().max())
    assert distinct.item() == 1


def test_some_households_moved_and_their_old_address_is_another(persons: pl.DataFrame) -> None:
    moved = persons.filter(pl.col("old_street").is_not_null())
    assert 0.2 < len(moved) / len(persons) < 0.3
    assert (moved["old_street"] != moved["street"]).mean() > 0.99
    assert moved["old_city"].null_count() == moved["old_postcode"].null_count() == 0


def test_twins_share_birth_date_family_name_and_address_but_not_the_first_name(persons: pl.DataFrame) -> None:
    twins = role(persons, "twin")
    assert 0.0015 < len(twins) / len(persons) < 0.005
    pairs = twins.group_by("household").agg(pl.len(), pl.col("birth_date", "last_name", "first_name").n_unique())
    assert pairs.drop("household").unique().rows() == [(2, 1, 1, 2)]


def test_juniors_share_the_name_of_their_father_but_not_the_birth_date(with_head: pl.DataFrame) -> None:
    juniors = role(with_head, "junior")
    assert 0.001 < len(juniors) / len(with_head) < 0.01
    assert (juniors["first_name"] == juniors["first_name_head"]).all()
    assert (
        juniors["last_name"] == juniors["last_name_head"]
    ).mean() > 0.8  # two family names: the second is the mother's
    assert ((juniors["birth_date"] - juniors["birth_date_head"]).dt.total_days() > 17 * 365).all()


def test_juniors_write_jr_and_their_fathers_sr_where_english_is_spoken(with_head: pl.DataFrame) -> None:
    english = pl.col("country").is_in([0, 1])
    juniors = role(with_head, "junior")
    assert set(juniors.filter(english).select("generation", "generation_head").rows()) == {("Jr", "Sr")}
    assert set(juniors.filter(~english)["generation"]) == {None}
    assert set(role(with_head, "child", "twin", "partner")["generation"]) == {None}


def test_nobody_but_a_junior_has_the_first_name_of_another_in_the_household(persons: pl.DataFrame) -> None:
    others = persons.filter(pl.col("role") != "junior")
    assert not others.select("household", "first_name").is_duplicated().any()


def test_children_are_17_years_younger_than_the_head_and_bear_the_name(with_head: pl.DataFrame) -> None:
    children = role(with_head, "child", "twin", "junior")
    assert ((children["birth_date"] - children["birth_date_head"]).dt.total_days() > 17 * 365).all()
    assert (children["one_family_name"] == children["one_family_name_head"]).all()


def test_siblings_are_a_year_apart_unless_twins(persons: pl.DataFrame) -> None:
    children = role(persons, "child").sort("household", "birth_date")
    gaps = children.select(pl.col("birth_date").diff().over("household").dt.total_days()).to_series().drop_nulls()
    assert gaps.min() >= 364


def test_partners_who_took_the_name_have_a_maiden_name(with_head: pl.DataFrame) -> None:
    partners = role(with_head, "partner")
    took = partners["maiden_name"].is_not_null()
    assert 0.6 < took.mean() < 0.8
    assert (partners.filter(took)["last_name"] == partners.filter(took)["last_name_head"]).all()
    assert (partners.filter(~took)["last_name"] != partners.filter(~took)["last_name_head"]).mean() > 0.95
    assert set(role(with_head, "child", "twin", "flatmate")["maiden_name"]) == {None}


def test_spanish_names_are_two_and_children_have_one_of_each_parent(persons: pl.DataFrame) -> None:
    """Names of two words aside, which some families have, a child is called after father and mother."""
    spanish = persons.filter(pl.col("country") == SPAIN)
    couples = role(spanish, "partner").select("household", mother="one_family_name")
    children = role(spanish, "child", "twin").join(couples, on="household")
    expected = children["one_family_name"] + " " + children["mother"]
    assert (children["last_name"] == expected).mean() > 0.85
    assert set(role(spanish.filter(pl.col("last_name") == expected.gather([0])), "partner")["maiden_name"]) <= {None}


def test_partners_mostly_have_the_same_age(with_head: pl.DataFrame) -> None:
    partners = role(with_head, "partner")
    years = (partners["birth_date"] - partners["birth_date_head"]).dt.total_days().abs() / 365
    assert years.median() < 4


def test_a_shared_email_is_the_head_s(with_head: pl.DataFrame) -> None:
    shared = with_head.filter(pl.col("email_partner").is_not_null())
    assert set(shared["role"]) == {"partner"}
    assert (shared["email_partner"] == shared["email_head"]).all()
    of_parent = with_head.filter(pl.col("email_parent").is_not_null())
    assert set(of_parent["role"]) <= {"child", "twin", "junior"}
    assert (of_parent["email_parent"] == of_parent["email_head"]).all()


def test_dependents_use_the_telephone_of_the_head(with_head: pl.DataFrame) -> None:
    of_parent = with_head.filter(pl.col("phone_parent").is_not_null())
    assert (of_parent["phone_parent"] == of_parent["phone_head"]).all()
    assert of_parent["birth_date"].min().year >= 2005


def test_a_land_line_belongs_to_one_household_and_is_shared_there(persons: pl.DataFrame) -> None:
    lines = persons.filter(pl.col("landline").is_not_null())
    assert lines.group_by("household").agg(pl.col("landline").n_unique())["landline"].max() == 1
    assert lines["landline"].is_duplicated().mean() > 0.3


def test_no_two_persons_own_an_email(persons: pl.DataFrame) -> None:
    assert pl.concat([persons["email"], persons["email_other"]]).is_unique().all()
    assert persons["email"].str.contains(r"^[a-z0-9._]+@[a-z0-9.-]+\.[a-z]+$").all()


def test_common_names_collide(persons: pl.DataFrame) -> None:
    names = persons.select("first_name", "last_name", "country")
    assert 0.05 < names.is_duplicated().mean() < 0.6


def test_all_countries_and_both_addresses_styles_occur(persons: pl.DataFrame) -> None:
    assert persons["country"].n_unique() == len(COUNTRIES)
    streets = persons["street"].str.contains(r"^\d")
    number_first = persons["country"].is_in([i for i, c in enumerate(COUNTRIES) if c.number_first])
    assert (streets == number_first).mean() > 0.98
