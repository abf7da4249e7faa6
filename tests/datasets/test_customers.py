"""Records of made-up customers: reproducible, complete, true where no noise is marked, and written source by source."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from identigraph.datasets import Customers, customers
from identigraph.datasets.kinds import DEFAULT_EMAILS, DEFAULT_PHONES, FACTS, KINDS, SLIPS, TYPING
from identigraph.datasets.population import population
from identigraph.datasets.sources import FIELDS, SOURCES
from identigraph.datasets.vocabulary import vocabulary
from identigraph.errors import ConfigurationError, IdentigraphError, MissingExtraError, RangeError

SIZE = 20_000
NOISES = (*FACTS, *SLIPS, *TYPING)
NAMES = [source.name for source in SOURCES]
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "datasets.md"


@pytest.fixture(scope="module")
def made() -> Customers:
    return customers(SIZE)


@pytest.fixture(scope="module")
def beside(made: Customers) -> pl.DataFrame:
    """Each record beside its noise and what is true of its person (columns ``true_...``)."""
    rng = np.random.default_rng(0)
    persons = population(SIZE, rng, vocabulary(rng.spawn(1)[0]))
    true = persons.rename(lambda column: f"true_{column}")
    rows = made.truth["entity_id"].str.slice(1).cast(pl.Int64) - 1
    noise = made.noise.drop("record_id", "source")
    return pl.concat([made.records, noise, true[rows.to_numpy()], made.truth.select("entity_id")], how="horizontal")


def untouched(beside: pl.DataFrame, field: str) -> pl.DataFrame:
    """Return the records where no noise is marked that could have changed `field`."""
    kinds = [noise.kind for noise in NOISES if field in noise.values]
    return beside.filter(~pl.any_horizontal(kinds), pl.col(field).is_not_null())


def dates(records: pl.DataFrame) -> pl.Series:
    """Return birth dates, read in the format of each source."""
    read = [
        pl.when(source=source.name).then(pl.col("birth_date").str.to_date(source.date_format, strict=False))
        for source in SOURCES
    ]
    return records.select(pl.coalesce(read)).to_series()


def digest(tables: Customers) -> str:
    """Return a hash of all that is in the tables."""
    frames = (tables.records, tables.truth, tables.households, tables.noise)
    return hashlib.sha256("".join(frame.write_csv() for frame in frames).encode()).hexdigest()


# --- reproducible


def test_the_same_number_and_seed_give_the_same_records() -> None:
    assert customers(300, seed=5).equals(customers(300, seed=5))


def test_another_seed_gives_other_records() -> None:
    one, other = customers(300, seed=5), customers(300, seed=6)
    assert not one.equals(other)
    assert len(set(one.records["email"].drop_nulls()) & set(other.records["email"].drop_nulls())) < 20


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_hash_seed_and_number_of_threads_change_nothing(hash_seed: str) -> None:
    code = (
        "import runpy, sys; own = runpy.run_path(sys.argv[1]); sys.stdout.write(own['digest'](own['customers'](300)))"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "POLARS_MAX_THREADS": hash_seed,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code, __file__], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == digest(customers(300))


# --- complete


@pytest.mark.parametrize("n", [1, 2, 3, 7, 50, 999, np.int64(11)])
def test_there_are_exactly_n_records(n: int) -> None:
    made = customers(n, seed=int(n))
    assert len(made.records) == len(made.truth) == len(made.noise) == n
    assert sum(len(table) for table in made.tables().values()) == n


def test_records_are_strings_under_the_documented_names(made: Customers) -> None:
    assert made.records.columns == ["record_id", "source", *FIELDS]
    assert set(made.records.dtypes) == {pl.String}


def test_ids_are_unique_per_source_and_without_nulls(made: Customers) -> None:
    keys = made.records.select("source", "record_id")
    assert keys.is_unique().all()
    assert keys.null_count().row(0) == (0, 0)
    assert set(keys["source"]) == set(NAMES)


def test_truth_and_noise_are_in_the_order_of_the_records(made: Customers) -> None:
    keys = made.records.select("source", "record_id")
    assert made.truth.select("source", "record_id").equals(keys)
    assert made.noise.select("source", "record_id").equals(keys)
    assert made.truth.columns == ["source", "record_id", "entity_id"]


def test_every_entity_has_records_and_one_household(made: Customers) -> None:
    assert made.households["entity_id"].is_unique().all()
    assert set(made.households["entity_id"]) == set(made.truth["entity_id"])
    assert made.households.null_count().row(0) == (0, 0, 0)


def test_entities_have_one_to_eight_records(made: Customers) -> None:
    sizes = made.truth["entity_id"].value_counts()["count"]
    assert sizes.max() == 8
    assert 0.45 < (sizes == 1).mean() < 0.55
    assert 1.9 < sizes.mean() < 2.2


def test_rows_are_shuffled(made: Customers) -> None:
    numbers = made.truth["entity_id"].str.slice(1).cast(pl.Int64)
    assert abs(np.corrcoef(numbers, np.arange(SIZE))[0, 1]) < 0.03
    assert abs(np.corrcoef(numbers[1:], numbers[:-1])[0, 1]) < 0.03


def test_missing_values_are_null_never_blank_at_the_rate_of_the_source(made: Customers) -> None:
    for source in SOURCES:
        own = made.records.filter(source=source.name)
        for field in FIELDS:
            assert own[field].is_null().mean() == pytest.approx(source.missing[field], abs=0.03)
            assert (own[field].drop_nulls().str.strip_chars().str.len_chars() > 0).all()


def test_no_record_lacks_name_email_and_phone_at_once(made: Customers) -> None:
    assert not made.records.select(pl.all_horizontal(pl.col("last_name", "email", "phone").is_null())).to_series().any()


# --- true where no noise is marked


@pytest.mark.parametrize("field", ["first_name", "last_name", "city", "postcode", "email"])
def test_a_value_without_marked_noise_is_the_true_one(beside: pl.DataFrame, field: str) -> None:
    clean = untouched(beside, field)
    upper = pl.col("source") == "store" if field != "email" else False
    true = pl.when(upper).then(pl.col(f"true_{field}").str.to_uppercase()).otherwise(f"true_{field}")
    assert len(clean) > SIZE / 4
    assert clean.select(pl.col(field) == true).to_series().all()


def test_a_street_without_marked_noise_is_the_true_one_in_full_or_abbreviated(beside: pl.DataFrame) -> None:
    clean = untouched(beside, "street").with_columns(
        pl.col("street", "true_street", "true_street_short").str.to_uppercase()
    )
    full, short = clean["street"] == clean["true_street"], clean["street"] == clean["true_street_short"]
    assert (full | short).all()
    assert 0.2 < full.mean() < 0.8


def test_a_birth_date_without_marked_noise_is_the_true_one(beside: pl.DataFrame) -> None:
    clean = untouched(beside, "birth_date")
    assert (dates(clean) == clean["true_birth_date"]).all()


def test_a_phone_without_marked_noise_is_the_true_one(beside: pl.DataFrame) -> None:
    clean = untouched(beside, "phone").with_columns(pl.col("phone", "true_phone").str.replace_all("[^0-9]", ""))
    assert clean.select(pl.col("phone").str.ends_with(pl.col("true_phone"))).to_series().all()


def test_twins_share_birth_date_and_family_name_in_their_records(beside: pl.DataFrame) -> None:
    twins = beside.filter(true_role="twin")
    born = untouched(twins, "birth_date").with_columns(dates(untouched(twins, "birth_date")))
    named = untouched(twins, "last_name").with_columns(pl.col("last_name").str.to_uppercase())
    for table, field in ((born, "birth_date"), (named, "last_name")):
        per_home = table.group_by("true_household").agg(pl.col(field).n_unique(), pl.col("entity_id").n_unique())
        assert (per_home[field] == 1).all()
        assert (per_home["entity_id"] == 2).any()


def test_members_of_a_household_give_one_postcode(beside: pl.DataFrame) -> None:
    homes = untouched(beside, "postcode").group_by("true_household").agg(pl.col("postcode", "entity_id").n_unique())
    assert (homes["postcode"] == 1).all()
    assert homes["entity_id"].max() >= 4


def test_partners_who_share_an_email_write_the_one_of_the_head(beside: pl.DataFrame) -> None:
    shared = beside.filter(pl.col("email_of_partner"), ~pl.any_horizontal("email_typo", "email_domain_typo"))
    shared = shared.filter(~pl.any_horizontal("email_of_parent", "email_default", "email_capitals", "zero_width"))
    assert set(shared["true_role"]) == {"partner"}
    assert (shared["email"] == shared["true_email_partner"]).all()
    assert (shared["email"] != shared["true_email"]).all()


@pytest.mark.parametrize(
    ("kind", "field", "other"),
    [
        ("first_name_nickname", "first_name", "nickname"),
        ("last_name_maiden", "last_name", "maiden_name"),
        ("last_name_shortened", "last_name", "one_family_name"),
        ("address_old", "city", "old_city"),
        ("address_old", "postcode", "old_postcode"),
        ("email_alternate", "email", "email_other"),
        ("email_of_parent", "email", "email_parent"),
    ],
)
def test_other_values_are_the_ones_the_person_has(beside: pl.DataFrame, kind: str, field: str, other: str) -> None:
    """Where one kind of noise alone is marked, the record holds what the kind stands for."""
    others = [noise.kind for noise in NOISES if field in noise.values and noise.kind != kind]
    marked = beside.filter(pl.col(kind), ~pl.any_horizontal(others), pl.col(field).is_not_null())
    expected = marked[f"true_{other}"].str.to_uppercase()
    assert len(marked) > 20
    assert (marked[field].str.to_uppercase() == expected).all()


# --- noise


def test_no_kind_is_called_like_a_column_that_noise_reads(beside: pl.DataFrame) -> None:
    true = {column.removeprefix("true_") for column in beside.columns if column.startswith("true_")}
    assert not true & set(KINDS)
    assert len(set(KINDS)) == len(KINDS)


def test_every_kind_of_noise_occurs_at_a_sane_rate(made: Customers) -> None:
    rates = made.noise.select(pl.col(KINDS).mean()).row(0, named=True)
    assert made.noise.columns == ["record_id", "source", *KINDS]
    assert min(rates.values()) > 0.0002
    assert max(rates.values()) < 0.12
    assert 0.3 < made.noise.select(pl.any_horizontal(KINDS)).to_series().mean() < 0.8


@pytest.mark.parametrize("noise", NOISES, ids=lambda n: n.kind)
def test_no_kind_hits_more_often_than_its_rate(made: Customers, noise: object) -> None:
    for source in NAMES:
        own = made.noise.filter(source=source)
        rate = noise.rates(pl.Series([source]))[0]
        assert own[noise.kind].mean() <= rate + 3 * (rate * (1 - rate) / len(own)) ** 0.5


def test_defaults_are_marked_and_shared_by_unrelated_people(made: Customers) -> None:
    emails = made.records["email"].str.to_lowercase().str.replace_all("\u200b", "").is_in(DEFAULT_EMAILS)
    assert emails.fill_null(value=False).to_list() == made.noise["email_default"].to_list()
    phones = made.records["phone"].is_in(DEFAULT_PHONES).fill_null(value=False)
    assert phones.to_list() == made.noise["phone_default"].to_list()
    noreply = made.records.with_columns(made.truth["entity_id"]).filter(email="noreply@example.com")
    assert noreply["entity_id"].n_unique() > 20


def test_default_birth_dates_come_in_the_format_of_the_source(made: Customers) -> None:
    marked = made.records.filter(made.noise["birth_date_default"])
    assert set(dates(marked).dt.to_string()) == {"1900-01-01", "1970-01-01", "1980-01-01"}


def test_swapped_birth_dates_have_day_and_month_swapped(beside: pl.DataFrame) -> None:
    marked = beside.filter(pl.col("birth_date_swapped"), ~pl.any_horizontal("birth_date_typo", "birth_date_default"))
    held, true = dates(marked), marked["true_birth_date"]
    assert (held.dt.day() == true.dt.month()).all()
    assert (held.dt.month() == true.dt.day()).all()
    assert len(marked) > 10


def test_swapped_names_stand_in_each_other_s_place(beside: pl.DataFrame) -> None:
    others = [n.kind for n in NOISES if {"first_name", "last_name"} & set(n.values) and n.kind != "names_swapped"]
    marked = beside.filter(pl.col("names_swapped"), ~pl.any_horizontal(others))
    assert (marked["first_name"].str.to_uppercase() == marked["true_last_name"].str.to_uppercase()).all()
    assert (marked["last_name"].str.to_uppercase() == marked["true_first_name"].str.to_uppercase()).all()
    assert len(marked) > 10


def test_zero_width_characters_are_marked(made: Customers) -> None:
    found = made.records.select(pl.any_horizontal(pl.all().str.contains("\u200b"))).to_series().fill_null(value=False)
    assert found.to_list() == made.noise["zero_width"].to_list()


def test_suffixes_are_written_by_juniors_and_their_fathers_only(beside: pl.DataFrame) -> None:
    marked = beside.filter("last_name_generation")
    assert set(marked["true_role"]) == {"head", "junior"}
    assert (marked["last_name"] + " " + marked["first_name"]).str.contains("(?i)(jr|sr)").drop_nulls().all()


# --- written to files, shown, compared


def test_written_files_read_back_the_same(made: Customers, tmp_path: Path) -> None:
    paths = made.write(tmp_path / "new" / "folder")
    assert set(paths) == {*NAMES, "truth"}
    for name, table in {**made.tables(), "truth": made.truth}.items():
        assert pl.read_csv(paths[name], infer_schema=False).equals(table)


def test_writing_accepts_a_string_and_an_existing_folder(tmp_path: Path) -> None:
    made = customers(20)
    assert made.write(str(tmp_path)) == made.write(tmp_path)


def test_the_representation_shows_counts_and_no_values(made: Customers) -> None:
    shown = repr(made)
    assert re.fullmatch(r"<Customers: 20,000 records from 4 sources, [\d,]+ entities, [\d,]+ households>", shown)
    assert f"{len(made.households):,} entities" in shown


def test_tables_that_differ_in_one_part_are_not_equal() -> None:
    made = customers(30)
    for part in ("records", "truth", "households", "noise"):
        parts = {name: getattr(made, name) for name in ("records", "truth", "households", "noise")}
        assert not made.equals(Customers(**{**parts, part: parts[part].head(5)}))


# --- errors


@pytest.mark.parametrize("n", [0, -1, 10**12])
def test_a_number_out_of_range_is_refused(n: int) -> None:
    with pytest.raises(RangeError, match="n must lie between 1 and"):
        customers(n)


@pytest.mark.parametrize("n", [True, 1.0, "10", None])
def test_a_number_that_is_not_whole_is_refused(n: object) -> None:
    with pytest.raises(ConfigurationError, match=f"n must be a whole number, got {type(n).__name__}"):
        customers(n)


def test_a_bad_seed_is_refused() -> None:
    with pytest.raises(RangeError, match="seed must lie between 0"):
        customers(5, seed=-1)
    with pytest.raises(ConfigurationError, match="seed must be a whole number, got float"):
        customers(5, seed=0.5)


def test_without_faker_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faker", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'identigraph\[datasets\]'") as caught:
        customers(5)
    assert isinstance(caught.value, IdentigraphError | ImportError)


# --- documentation


def test_the_page_lists_every_kind_of_noise_at_its_rate() -> None:
    """The page gives per cent of 100,000 records; 20,000 come close."""
    listed = dict(
        re.findall(r"^\| `(\w+)` \| .* \| ([\d.]+) \|$", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE)
    )
    rates = customers(SIZE, seed=1).noise.select(pl.col(KINDS).mean() * 100).row(0, named=True)
    assert list(listed) == list(KINDS)
    assert {k: float(v) for k, v in listed.items()} == pytest.approx(rates, abs=0.25, rel=0.1)
