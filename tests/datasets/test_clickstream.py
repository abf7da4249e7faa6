"""Events of made-up visitors: reproducible, complete, true where no noise is marked, noisy where it is."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import attrs
import numpy as np
import polars as pl
import pytest

from identigraph.components import connected_components
from identigraph.datasets import Clickstream, clickstream
from identigraph.datasets.knowable import DEFAULT_DEVICE, DEFAULT_LOGINS, IDENTIFIERS
from identigraph.datasets.tracking import NOISES
from identigraph.errors import ConfigurationError, RangeError

SIZE = 300_000
PARTS = ("events", "truth", "people", "noise")
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "datasets.md"
SHARED = {
    "cookie": ("shared_tablet", "kiosk"),
    "device": ("kiosk", "default_device", "sold_device"),
    "login": ("default_login", "partner_login"),
    "email_hash": ("shared_email",),
    "phone_hash": ("recycled_phone",),
}
"""Which kinds of noise let several entities carry one value."""


@pytest.fixture(scope="module")
def made() -> Clickstream:
    return clickstream(SIZE)


@pytest.fixture(scope="module")
def beside(made: Clickstream) -> pl.DataFrame:
    """Each event beside its truth, its noise and what is known of its entity."""
    tables = [made.events, made.truth.drop("event_id"), made.noise.drop("event_id")]
    return pl.concat(tables, how="horizontal").join(made.people, on="entity_id", maintain_order="left", validate="m:1")


def carriers(events: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return how many entities, households and events carry each value of `column`, and the periods they do it in."""
    uses = (
        events.drop_nulls(column)
        .group_by(column, "entity_id")
        .agg(pl.first("household_id"), pl.len(), first=pl.min("observed_at"), last=pl.max("observed_at"))
    )
    return uses.group_by(column).agg(
        pl.n_unique("entity_id").alias("entities"),
        pl.n_unique("household_id").alias("households"),
        (pl.max("first") - pl.min("last")).dt.total_days().alias("silence"),
        pl.sum("len").alias("events"),
    )


def digest(made: Clickstream) -> str:
    """Return a hash of all that is in the tables."""
    frames = attrs.astuple(made, recurse=False)
    return hashlib.sha256("".join(frame.write_csv() for frame in frames).encode()).hexdigest()


def same_pairs(ids: pl.Series) -> int:
    """Return how many pairs of positions have equal ids."""
    counts = ids.value_counts()["count"].cast(pl.Int64)
    return int((counts * (counts - 1) // 2).sum())


def naive(made: Clickstream, columns: list[str], *, keep_defaults: bool) -> pl.Series:
    """Return the components of events that share any value of `columns`."""
    defaults = [] if keep_defaults else [DEFAULT_DEVICE, *DEFAULT_LOGINS]
    edges = [
        made.events.select(row=pl.int_range(pl.len(), dtype=pl.Int32), value=column)
        .filter(pl.col("value").is_not_null(), ~pl.col("value").is_in(defaults))
        .select("row", hub=pl.min("row").over("value"))
        for column in columns
    ]
    rows, hubs = (np.concatenate([edge[end] for edge in edges]) for end in ("row", "hub"))
    return pl.Series("joined", connected_components(len(made.events), rows, hubs))


# --- reproducible


def test_the_same_number_and_seed_give_the_same_events() -> None:
    assert clickstream(3000, seed=5).equals(clickstream(3000, seed=5))


def test_another_seed_gives_other_events() -> None:
    one, other = clickstream(3000, seed=5), clickstream(3000, seed=6)
    assert not one.equals(other)
    assert not set(one.events["observed_at"]) & set(other.events["observed_at"])


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_hash_seed_and_number_of_threads_change_nothing(hash_seed: str) -> None:
    code = "import runpy, sys; own = runpy.run_path(sys.argv[1]); print(own['digest'](own['clickstream'](3000)))"
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "POLARS_MAX_THREADS": hash_seed,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code, __file__], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == digest(clickstream(3000))


# --- complete


@pytest.mark.parametrize("n", [1, 2, 3, 33, 34, 50, 999, np.int64(11)])
def test_there_are_exactly_n_events(n: int) -> None:
    made = clickstream(n, seed=int(n))
    assert len(made.events) == len(made.truth) == len(made.noise) == n
    assert set(made.people["entity_id"]) == set(made.truth["entity_id"])


def test_the_tables_have_the_documented_columns(made: Clickstream) -> None:
    assert made.events.columns == ["event_id", "observed_at", "source", "event", *IDENTIFIERS]
    assert made.events.schema.pop("observed_at") == pl.Datetime("us")
    assert set(made.events.drop("observed_at").dtypes) == {pl.String}
    assert made.truth.columns == ["event_id", "entity_id", "knowable_id"]
    assert made.people.columns == ["entity_id", "household_id", "kind"]
    assert made.noise.columns == ["event_id", *NOISES]
    assert set(made.noise.drop("event_id").dtypes) == {pl.Boolean}


def test_ids_are_unique_and_in_one_order(made: Clickstream) -> None:
    assert made.events["event_id"].is_unique().all()
    assert made.truth["event_id"].equals(made.events["event_id"])
    assert made.noise["event_id"].equals(made.events["event_id"])
    assert made.people["entity_id"].is_unique().all()


def test_only_identifiers_of_events_and_households_of_bots_are_missing(made: Clickstream) -> None:
    missing = made.events.null_count().row(0, named=True)
    assert {column for column, count in missing.items() if count} == {*IDENTIFIERS} - {"session"}
    assert made.truth.null_count().row(0) == (0, 0, 0)
    assert (made.people["household_id"].is_null() == (made.people["kind"] == "bot")).all()
    assert set(made.people["kind"]) == {"person", "bot"}


def test_neither_the_order_of_events_nor_an_identifier_tells_the_entity(made: Clickstream) -> None:
    entity = made.truth["entity_id"].str.slice(1).cast(pl.Int64)
    assert abs(np.corrcoef(entity, np.arange(SIZE))[0, 1]) < 0.01
    assert abs(np.corrcoef(entity[1:], entity[:-1])[0, 1]) < 0.01
    for column in ("event_id", "session", "cookie", "login"):
        number = made.events[column].str.extract("([0-9]+)").cast(pl.Int64)
        known = number.is_not_null()
        assert abs(np.corrcoef(entity.filter(known), number.filter(known))[0, 1]) < 0.05


def test_sources_and_spans_are_those_of_the_page(made: Clickstream) -> None:
    assert set(made.events["source"]) == {"web", "app", "shop", "newsletter"}
    assert made.events["observed_at"].min().isoformat() < "2022-02"
    assert "2024-11" < made.events["observed_at"].max().isoformat() < "2025-01-15"


# --- sessions and people


def test_a_session_is_of_one_entity_one_source_one_cookie_one_device(beside: pl.DataFrame) -> None:
    per_session = beside.group_by("session").agg(pl.n_unique("entity_id", "source", "cookie", "device"))
    assert per_session.select(pl.max("entity_id", "source", "cookie", "device")).row(0) == (1, 1, 1, 1)


def test_who_logs_in_stays_logged_in_until_the_session_ends(beside: pl.DataFrame) -> None:
    real = beside.sort("session", "observed_at").with_columns(
        logged=pl.col("login").is_not_null() & ~pl.col("login").is_in(DEFAULT_LOGINS)
    )
    sessions = real.group_by("session", maintain_order=True).agg(
        pl.col("logged").cast(pl.Int8).diff().min().alias("step"),
        pl.col("login").filter("logged").n_unique().alias("logins"),
        (pl.col("logged").any() & ~pl.col("logged").all()).alias("midway"),
    )
    assert sessions["step"].min() == 0
    assert sessions["logins"].max() == 1
    assert 0.01 < sessions["midway"].mean() < 0.2


def test_sources_see_what_they_can_see(beside: pl.DataFrame) -> None:
    seen = {key[0]: table for key, table in beside.partition_by("source", as_dict=True).items()}
    assert seen["web"]["cookie"].is_not_null().all()
    assert seen["web"]["device"].is_null().all()
    assert seen["app"]["device"].is_not_null().all()
    assert seen["app"]["cookie"].is_null().all()
    assert seen["newsletter"]["email_hash"].is_not_null().all()
    assert seen["newsletter"].select(pl.col("device", "login", "phone_hash").is_null().all()).row(0) == (True,) * 3
    anonymous = seen["shop"].select(pl.all_horizontal(pl.col(IDENTIFIERS[1:]).is_null())).to_series()
    assert 0.2 < anonymous.mean() < 0.8


def test_visits_and_events_are_heavy_tailed(beside: pl.DataFrame) -> None:
    people = beside.filter(kind="person")
    sessions = people.group_by("entity_id").agg(pl.n_unique("session"))["session"]
    assert 4 <= sessions.median() <= 7
    assert sessions.mean() > 1.5 * sessions.median()
    assert sessions.max() > 20 * sessions.mean()
    events = people.group_by("session").len()["len"]
    assert 2 <= events.median() <= 4
    assert events.max() > 15 * events.mean()


def test_people_have_several_cookies_and_half_of_them_a_login(beside: pl.DataFrame) -> None:
    people = beside.filter(kind="person")
    cookies = people.drop_nulls("cookie").group_by("entity_id").agg(pl.n_unique("cookie"))["cookie"]
    assert 2 < cookies.mean() < 4
    assert cookies.max() > 20
    logged = people.filter(pl.col("login").str.contains("^u[0-9]"))
    assert 0.35 < logged["entity_id"].n_unique() / people["entity_id"].n_unique() < 0.5


# --- noise


@pytest.mark.parametrize(("column", "kinds"), SHARED.items())
def test_a_value_without_marked_noise_is_of_one_entity(
    beside: pl.DataFrame, column: str, kinds: tuple[str, ...]
) -> None:
    clean = carriers(beside.filter(~pl.any_horizontal(kinds)), column)
    assert len(clean) > 500
    assert clean["entities"].max() == 1


def test_a_shared_tablet_is_used_by_two_to_four_of_one_household(beside: pl.DataFrame) -> None:
    marked = beside.filter("shared_tablet")
    shared = carriers(marked, "cookie")
    assert 2 == shared["entities"].min() <= shared["entities"].max() <= 4
    assert shared["households"].max() == 1
    assert set(marked["source"]) == {"web"}
    assert 0.05 < marked["login"].is_not_null().mean() < 0.9


def test_a_kiosk_in_a_shop_is_used_by_dozens_to_hundreds(beside: pl.DataFrame) -> None:
    marked = beside.filter("kiosk")
    assert set(marked["source"]) == {"shop"}
    for column in ("cookie", "device"):
        shared = carriers(marked, column)
        assert 24 <= shared["entities"].min() <= shared["entities"].max() <= 500
        assert (shared["households"] > 0.9 * shared["entities"]).all()
    assert marked.select(pl.any_horizontal(pl.col("cookie", "device").is_not_null())).to_series().all()


def test_default_values_are_marked_and_shared_by_unrelated_people(beside: pl.DataFrame) -> None:
    for column, values, kind, source in (
        ("device", [DEFAULT_DEVICE], "default_device", "app"),
        ("login", DEFAULT_LOGINS, "default_login", "web"),
    ):
        held = beside[column].is_in(values).fill_null(value=False)
        assert (held == beside[kind]).all()
        assert set(beside.filter(held)["source"]) == {source}
        shared = carriers(beside.filter(held), column)
        assert set(shared[column]) == set(values)
        assert shared["households"].min() > 50


def test_a_login_is_its_owner_s_but_for_marked_visits_of_the_household(beside: pl.DataFrame) -> None:
    real = beside.filter(pl.col("login").is_not_null(), ~pl.col("default_login"))
    owners = real.filter(~pl.col("partner_login")).group_by("login").agg(pl.first("entity_id", "household_id"))
    marked = real.filter("partner_login").join(owners, on="login", suffix="_owner")
    assert marked["session"].n_unique() > 20
    assert (marked["entity_id"] != marked["entity_id_owner"]).all()
    assert (marked["household_id"] == marked["household_id_owner"]).all()
    assert beside.filter("partner_login")["login"].is_not_null().all()
    share = real.filter("partner_login")["session"].n_unique() / real["session"].n_unique()
    assert 0.0015 < share < 0.006


def test_a_shared_email_address_is_a_couple_s(beside: pl.DataFrame) -> None:
    shared = carriers(beside.filter("shared_email"), "email_hash")
    assert len(shared) > 10
    assert set(shared["entities"]) == {2}
    assert set(shared["households"]) == {1}


def test_an_email_address_with_a_typo_is_rare_and_another_one(beside: pl.DataFrame) -> None:
    typed, right = (beside.filter(pl.col("email_typo") == typo).drop_nulls("email_hash") for typo in (True, False))
    assert len(typed) > 50
    assert len(typed) == beside["email_typo"].sum()
    assert not set(typed["email_hash"]) & set(right["email_hash"])


@pytest.mark.parametrize(
    ("kind", "column", "days"), [("recycled_phone", "phone_hash", 365), ("sold_device", "device", 20)]
)
def test_what_is_passed_on_goes_to_one_stranger_after_silence(
    beside: pl.DataFrame, kind: str, column: str, days: int
) -> None:
    shared = carriers(beside.filter(kind), column)
    assert len(shared) > 15
    assert set(shared["entities"]) == set(shared["households"]) == {2}
    assert days <= shared["silence"].min() < 1.5 * days


def test_bots_are_marked_and_share_nothing_with_people(beside: pl.DataFrame) -> None:
    assert (beside["bot"] == (beside["kind"] == "bot")).all()
    bots, people = beside.filter("bot"), beside.filter(~pl.col("bot"))
    assert len(bots) == int(0.03 * SIZE)
    for column in IDENTIFIERS:
        assert not set(bots[column].drop_nulls()) & set(people[column].drop_nulls())
    assert bots.select(pl.col("device", "login", "email_hash", "phone_hash").is_null().all()).row(0) == (True,) * 4
    assert set(bots["source"]) == {"web"}
    assert set(bots["event"]) == {"page_view", "product_view", "search"}


def test_some_bots_keep_one_cookie_and_others_have_a_new_one_every_few_events(beside: pl.DataFrame) -> None:
    bots = beside.filter("bot").group_by("entity_id").agg(pl.len(), pl.n_unique("cookie", "session"))
    keeps, changes = bots["cookie"] == 1, bots["cookie"] == bots["session"]
    assert (keeps | changes).all()
    assert (keeps & ~changes).sum() > 2
    assert (changes & ~keeps).sum() > 2
    assert 3 < bots.filter(changes)["len"].sum() / bots.filter(changes)["cookie"].sum() < 20


# --- what can be known


def test_events_of_one_knowable_id_are_of_one_entity(beside: pl.DataFrame) -> None:
    assert beside.group_by("knowable_id").agg(pl.n_unique("entity_id"))["entity_id"].max() == 1


def test_events_of_one_session_have_one_knowable_id(beside: pl.DataFrame) -> None:
    assert beside.group_by("session").agg(pl.n_unique("knowable_id"))["knowable_id"].max() == 1


def test_most_but_not_all_pairs_of_a_person_are_knowable(beside: pl.DataFrame) -> None:
    people = beside.filter(~pl.col("bot"))
    assert 0.7 < same_pairs(people["knowable_id"]) / same_pairs(people["entity_id"]) < 0.85


# --- written to files, shown, compared


def test_written_files_read_back_the_same(tmp_path: Path) -> None:
    made = clickstream(2000)
    paths = made.write(tmp_path / "new" / "folder")
    assert tuple(paths) == PARTS
    assert made.write(str(tmp_path / "new" / "folder")) == paths
    for name in PARTS:
        table = getattr(made, name)
        assert pl.read_csv(paths[name], schema=table.schema).equals(table)


def test_the_representation_shows_counts_and_no_values(made: Clickstream) -> None:
    bots = made.people["household_id"].null_count()
    assert repr(made) == (
        f"<Clickstream: 300,000 events in {made.events['session'].n_unique():,} sessions, "
        f"{len(made.people) - bots:,} persons, {bots} bots>"
    )


@pytest.mark.parametrize("part", PARTS)
def test_tables_that_differ_in_one_part_are_not_equal(part: str) -> None:
    made = clickstream(30)
    assert not made.equals(attrs.evolve(made, **{part: getattr(made, part).head(1)}))


# --- errors


def test_bad_numbers_are_refused() -> None:
    with pytest.raises(RangeError, match="n must lie between 1 and"):
        clickstream(0)
    with pytest.raises(ConfigurationError, match="n must be a whole number, got float"):
        clickstream(1.0)
    with pytest.raises(RangeError, match="seed must lie between 0"):
        clickstream(5, seed=-1)


# --- documentation


def test_the_page_lists_every_kind_of_noise_at_its_rate(made: Clickstream) -> None:
    """The page gives means of a million events; 300,000 come close."""
    listed = dict(re.findall(r"^\| `(\w+)` \| .* \| ([\d.]+) % \|$", DOCUMENTATION.read_text("utf-8"), re.MULTILINE))
    rates = made.noise.select(pl.col(NOISES).mean() * 100).row(0, named=True)
    assert list(listed) == list(NOISES)
    assert {kind: float(rate) for kind, rate in listed.items()} == pytest.approx(rates, abs=0.01, rel=0.35)


def test_joining_all_equal_values_does_what_the_page_says(made: Clickstream) -> None:
    """Precision of pairs against entities, recall against what can be known."""
    page = DOCUMENTATION.read_text("utf-8")
    row = r"^\| (`session`[`\w, ]+?)(, without defaults)? \| ([\d.]+) % \| ([\d.]+) % \|$"
    listed = re.findall(row, page, re.MULTILINE)
    assert len(listed) == 5
    for names, without, precision, recall in listed:
        joined = naive(made, re.findall(r"\w+", names), keep_defaults=not without)
        truth = made.truth.with_columns(joined)
        hits = same_pairs(truth.select(pl.struct("joined", "entity_id")).to_series())
        assert hits / same_pairs(joined) == pytest.approx(float(precision) / 100, abs=0.05)
        known = same_pairs(truth.select(pl.struct("joined", "knowable_id")).to_series())
        assert known / same_pairs(truth["knowable_id"]) == pytest.approx(float(recall) / 100, abs=0.05)
