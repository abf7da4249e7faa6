"""What systems record of visits: the events that were planned, at the identifiers that were planned."""

from __future__ import annotations

import attrs
import numpy as np
import polars as pl
import pytest

from identigraph.datasets.channels import APP, CHANNELS, KIOSK, NEWSLETTER, TILL
from identigraph.datasets.identifiers import hashes
from identigraph.datasets.knowable import DEFAULT_DEVICE, DEFAULT_LOGINS
from identigraph.datasets.tracking import CRAWL_PACE, LONGEST_PAUSE, MISTYPED, NOISES, TYPOS, tracked
from identigraph.datasets.visitors import Visitors
from identigraph.datasets.visits import visits

SIZE = 100_000


@pytest.fixture(scope="module")
def world() -> tuple[Visitors, pl.DataFrame, pl.DataFrame]:
    """People, visits, and events beside their visit (columns ``visit_...``) and their position in it."""
    rng = np.random.default_rng(0)
    who, made = visits(SIZE, rng)
    events = tracked(who, made, rng)
    visit = np.repeat(np.arange(len(made)), made["size"])
    beside = made.select(pl.all().name.prefix("visit_"))[visit]
    position = np.arange(SIZE) - (np.cumsum(made["size"]) - made["size"].to_numpy())[visit]
    return (
        who,
        made,
        pl.concat([events, beside], how="horizontal").with_columns(
            position=position, visit=visit, last=pl.Series(position) == beside["visit_size"] - 1
        ),
    )


@pytest.fixture(scope="module")
def who(world: tuple[Visitors, pl.DataFrame, pl.DataFrame]) -> Visitors:
    return world[0]


@pytest.fixture(scope="module")
def events(world: tuple[Visitors, pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    return world[2]


def test_each_visit_is_a_session_of_its_entity_in_the_source_of_its_channel(events: pl.DataFrame) -> None:
    assert events["session"].n_unique() == events["visit"].n_unique()
    assert events.group_by("session").agg(pl.n_unique("visit"))["visit"].max() == 1
    assert (events["entity"] == events["visit_entity"]).all()
    sources = pl.Series([c.source for c in CHANNELS])
    assert (events["source"] == sources.gather(events["visit_channel"])).all()


def test_sessions_begin_when_the_visit_does_and_go_on_by_seconds_to_minutes(events: pl.DataFrame) -> None:
    first = events.filter(position=0)
    begins = pl.datetime(2022, 1, 1) + pl.duration(microseconds=(pl.col("visit_day") * 86_400_000_000).cast(pl.Int64))
    assert first.select((pl.col("observed_at") - begins).dt.total_microseconds().abs().max()).item() < 2
    pauses = events.with_columns(pl.col("observed_at").diff().over("visit").dt.total_microseconds() / 1e6)
    pauses = pauses.drop_nulls("observed_at")
    people = pauses.filter(~pl.col("visit_bot"))["observed_at"]
    crawlers = pauses.filter("visit_bot")["observed_at"]
    assert 1 <= people.min() < 3
    assert people.max() <= LONGEST_PAUSE + 1
    assert 20 < people.median() < 32
    assert crawlers.median() / people.median() == pytest.approx(CRAWL_PACE, rel=0.2)


def test_events_are_named_by_what_happens(events: pl.DataFrame) -> None:
    order = events["visit_orders"] & events["last"]
    enters = (events["position"] == events["visit_login_at"]) & (events["position"] > 0) & ~order
    opens = (events["visit_channel"] == APP) & (events["position"] == 0) & ~order
    for mask, name in ((order, "order"), (enters, "login"), (opens, "app_open")):
        assert mask.any()
        assert ((events["event"] == name) == mask).all()
    rest = events.filter(~(order | enters | opens))
    for number, channel in enumerate(CHANNELS):
        assert set(rest.filter(visit_channel=number)["event"]) == set(channel.events)


def test_cookies_and_devices_are_those_of_browser_and_device(events: pl.DataFrame) -> None:
    assert (events["cookie"].is_null() == (events["visit_browser"] == -1)).all()
    assert (events["device"].is_null() == (events["visit_device"] == -1)).all()
    assert events.drop_nulls("cookie").group_by("cookie").agg(pl.n_unique("visit_browser"))["visit_browser"].max() == 1
    kept = events.filter(~pl.col("visit_refused"), ~pl.col("sold_device")).drop_nulls("device")
    assert kept.group_by("device").agg(pl.n_unique("visit_device"))["visit_device"].max() == 1
    assert kept["device"].n_unique() == kept["visit_device"].n_unique()
    assert set(events.filter("visit_refused")["device"]) == {DEFAULT_DEVICE}


def test_logins_show_from_the_event_on_that_was_planned(events: pl.DataFrame) -> None:
    logged = events["position"] >= events["visit_login_at"]
    real = events["login"].str.contains("^u[1-9][0-9]{5}$").fill_null(value=False)
    assert (real == logged).all()
    shown = events.filter(logged).group_by("login").agg(pl.n_unique("visit_holder"))
    assert shown["visit_holder"].max() == 1
    assert len(shown) == events.filter(logged)["visit_holder"].n_unique()
    broken = events.filter(~logged, "visit_broken")
    assert set(broken["login"]) == set(DEFAULT_LOGINS)
    assert broken.group_by("visit").agg(pl.n_unique("login"))["login"].max() == 1
    assert events.filter(~logged, ~pl.col("visit_broken"))["login"].is_null().all()


def test_email_addresses_come_with_newsletter_log_ins_and_orders(events: pl.DataFrame) -> None:
    given = events["email_hash"].is_not_null()
    always = events["event"].is_in(["login", "newsletter_click"])
    assert given.filter(always).all()
    assert not given.filter(~always & (events["event"] != "order")).any()
    enters_and_orders = (events["position"] == events["visit_login_at"]) & (events["position"] > 0)
    orders = events.filter(pl.col("event") == "order", ~enters_and_orders)
    for number, channel in enumerate(CHANNELS):
        share = orders.filter(visit_channel=number)["email_hash"].is_not_null().mean()
        assert number == NEWSLETTER or share == pytest.approx(channel.email, abs=0.04)


def test_email_addresses_are_the_person_s_but_for_marked_typos(who: Visitors, events: pl.DataFrame) -> None:
    given = events.drop_nulls("email_hash")
    local = "customer" + pl.Series(who.email).gather(given["entity"]).cast(pl.String) + "@"
    right = given["email_hash"] == hashes(local + "example.com")
    assert (right != given["email_typo"]).all()
    wrong = pl.DataFrame([hashes(local + domain).alias(domain) for domain in MISTYPED]).filter(given["email_typo"])
    typos = given.filter("email_typo")
    assert wrong.select(pl.any_horizontal(pl.all() == typos["email_hash"])).to_series().all()
    assert set(typos["event"]) == {"order"}
    assert typos["login"].is_in(DEFAULT_LOGINS).fill_null(value=True).all()
    asked = given.filter(pl.col("login").is_null(), event="order")
    assert len(typos) / len(asked) == pytest.approx(TYPOS, abs=0.01)


def test_phone_numbers_come_with_some_orders_and_are_the_person_s_unless_recycled(
    who: Visitors, events: pl.DataFrame
) -> None:
    given = events.drop_nulls("phone_hash")
    assert set(given["event"]) == {"order"}
    for number, channel in enumerate(CHANNELS):
        share = events.filter(visit_channel=number, event="order")["phone_hash"].is_not_null().mean()
        assert number == NEWSLETTER or share == pytest.approx(channel.phone, abs=0.05)
    own = hashes("+999" + given["entity"].cast(pl.String).str.zfill(9))
    assert (own == given["phone_hash"]).filter(~given["recycled_phone"]).all()
    recycled = given.filter("recycled_phone")
    assert 0 < (own == given["phone_hash"]).filter(given["recycled_phone"]).sum() < len(recycled)
    assert recycled["entity"].max() < len(who.household)


def test_nothing_is_passed_on_within_a_household(world: tuple[Visitors, pl.DataFrame, pl.DataFrame]) -> None:
    """One household of all makes every number and device stay with its person."""
    together = attrs.evolve(world[0], household=np.zeros_like(world[0].household))
    events = tracked(together, world[1], np.random.default_rng(0))
    assert not events["sold_device"].any()
    assert not events["recycled_phone"].any()


def test_marks_stand_where_the_visit_says(events: pl.DataFrame) -> None:
    assert (events["default_device"] == events["visit_refused"]).all()
    assert (events["bot"] == events["visit_bot"]).all()
    assert (events["partner_login"] == events["visit_partner_login"]).all()
    assert events.filter("shared_tablet")["visit_tablet"].all()
    assert set(events.filter("kiosk")["visit_channel"]) == {KIOSK}
    assert set(events.filter("sold_device")["visit_channel"]) == {APP}
    assert events.select(pl.col(NOISES).null_count()).sum_horizontal().item() == 0
    assert TILL not in events.filter("kiosk")["visit_channel"]
