"""What is true of visits to the made-up shop."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from identigraph.datasets.channels import APP, CHANNELS, KIOSK, NEWSLETTER, TILL, WEB
from identigraph.datasets.visitors import DAYS, Visitors
from identigraph.datasets.visits import (
    AT_ONCE,
    BACK_WITHIN,
    BROWSERS,
    CLICKS_WITH_COOKIE,
    CRAWLED,
    FOREVER,
    FORGETFUL_BROWSERS,
    INSTALLS,
    LIVES,
    REFUSED,
    SHORT,
    visits,
)

SIZE = 400_000


@pytest.fixture(scope="module")
def world() -> tuple[Visitors, pl.DataFrame]:
    return visits(SIZE, np.random.default_rng(0))


@pytest.fixture(scope="module")
def who(world: tuple[Visitors, pl.DataFrame]) -> Visitors:
    return world[0]


@pytest.fixture(scope="module")
def own(world: tuple[Visitors, pl.DataFrame]) -> pl.DataFrame:
    return world[1].filter(~pl.col("bot"))


@pytest.fixture(scope="module")
def crawls(world: tuple[Visitors, pl.DataFrame]) -> pl.DataFrame:
    return world[1].filter("bot")


@pytest.mark.parametrize("n", [1, 2, 5, 33, 34, 70, 999])
def test_visits_have_exactly_n_events_and_each_person_visits(n: int) -> None:
    for seed in range(10):
        who, made = visits(n, np.random.default_rng(seed))
        assert made["size"].sum() == n
        assert made.filter("bot")["size"].sum() == int(CRAWLED * n)
        people = made.filter(~pl.col("bot"))["entity"].to_numpy()
        assert (np.bincount(people) == who.visits).all()
        assert set(made["entity"]) == set(range(made["entity"].n_unique()))


def test_channels_are_open_to_those_who_can_use_them(who: Visitors, own: pl.DataFrame) -> None:
    entity = own["entity"].to_numpy()
    channel, size = own["channel"].to_numpy(), own["size"].to_numpy()
    assert (who.installs[entity[channel == APP]] > 0).all()
    assert who.subscribed[entity[channel == NEWSLETTER]].all()
    assert size[np.isin(channel, (NEWSLETTER, TILL))].max() == SHORT
    assert set(channel) == {WEB, APP, TILL, KIOSK, NEWSLETTER}
    assert 0.4 < (channel == WEB).mean() < 0.7


def test_browsers_and_devices_go_with_their_channels(own: pl.DataFrame) -> None:
    web, app, till, kiosk, news = (own.filter(channel=c) for c in (WEB, APP, TILL, KIOSK, NEWSLETTER))
    assert (web["browser"] >= 0).all()
    assert (app["device"] >= 0).all()
    assert ((kiosk["device"] >= 0) != (kiosk["browser"] >= 0)).all()
    assert 0.3 < (kiosk["device"] >= 0).mean() < 0.7
    for table in (app, till):
        assert (table["browser"] == -1).all()
    for table in (web, till, news):
        assert (table["device"] == -1).all()
    assert (news["browser"] >= 0).mean() == pytest.approx(CLICKS_WITH_COOKIE, abs=0.03)


def test_only_tablets_and_kiosks_are_shared(who: Visitors, own: pl.DataFrame) -> None:
    for column in ("browser", "device"):
        used = own.filter(pl.col(column) >= 0, pl.col("channel") != KIOSK, ~pl.col("tablet"))
        assert used.group_by(column).agg(pl.n_unique("entity"))["entity"].max() == 1
    tablets = own.filter("tablet").with_columns(
        household=pl.Series(who.household).gather(own.filter("tablet")["entity"])
    )
    per_tablet = tablets.group_by("browser").agg(pl.n_unique("household", "entity"))
    assert per_tablet["household"].max() == 1
    assert per_tablet["entity"].max() > 1
    assert not set(tablets["browser"]) & set(own.filter(~pl.col("tablet"))["browser"])


def test_people_use_as_many_browsers_and_installations_as_they_have(who: Visitors, own: pl.DataFrame) -> None:
    entity = own["entity"].to_numpy()
    browser = own.filter(channel=WEB, tablet=False)
    assert (browser["browser"].to_numpy() % BROWSERS < who.browsers[browser["entity"]]).all()
    assert (browser["browser"].to_numpy() // BROWSERS == browser["entity"].to_numpy()).all()
    app = own.filter(channel=APP)
    assert (app["device"].to_numpy() % INSTALLS < who.installs[app["entity"]]).all()
    assert (app["device"].to_numpy() // INSTALLS == app["entity"].to_numpy()).all()
    assert set(browser["browser"].to_numpy() % BROWSERS) == set(range(BROWSERS))
    assert len(entity) == len(own)


def test_days_lie_in_the_stay_of_the_person_or_follow_up_on_it(who: Visitors, own: pl.DataFrame) -> None:
    entity, day = own["entity"].to_numpy(), own["day"].to_numpy()
    assert (day >= np.floor(who.arrives[entity])).all()
    assert (day <= who.arrives[entity] + who.stays[entity] + BACK_WITHIN + 1).all()
    assert day.max() < DAYS + BACK_WITHIN + 1
    once = who.visits[entity] == 1
    assert (day[once] <= who.arrives[entity[once]] + who.stays[entity[once]] + 1).all()
    assert day.max() - day.min() > 0.95 * DAYS


def test_visits_come_in_bursts_and_by_day(own: pl.DataFrame) -> None:
    gaps = own.sort("entity", "day").select(pl.col("day").diff().over("entity")).to_series().drop_nulls()
    assert (gaps < 7).mean() > 0.4
    assert (gaps > 60).mean() > 0.05
    night = (own["day"] % 1 < 0.2).mean()
    assert night < 0.1


def test_lives_are_one_per_browser_and_some_are_short(own: pl.DataFrame) -> None:
    used = own.filter(pl.col("browser") >= 0)
    lives = used.group_by("browser").agg(pl.first("life"), pl.n_unique("life").alias("lives"), pl.first("channel"))
    assert (lives["lives"] == 1).all()
    kiosk = lives["channel"] == KIOSK
    assert set(lives.filter(kiosk)["life"]) == {FOREVER}
    assert set(lives.filter(~kiosk)["life"]) == set(LIVES)
    assert (lives.filter(~kiosk)["life"] == min(LIVES)).mean() == pytest.approx(FORGETFUL_BROWSERS, abs=0.03)


def test_refusing_is_the_device_s(own: pl.DataFrame) -> None:
    apps = own.filter(channel=APP).group_by("device").agg(pl.n_unique("refused").alias("ways"), pl.first("refused"))
    assert (apps["ways"] == 1).all()
    assert apps["refused"].mean() == pytest.approx(REFUSED, abs=0.02)
    assert not own.filter(pl.col("channel") != APP)["refused"].any()


def test_only_people_with_an_account_log_in_as_often_as_the_channel_says(who: Visitors, own: pl.DataFrame) -> None:
    account = pl.Series(who.account).gather(own["entity"])
    assert (own.filter(~account)["login_at"] == own.filter(~account)["size"]).all()
    for number, channel in enumerate(CHANNELS):
        holders = own.filter(account, channel=number)
        late = channel.logs_in * (holders["size"] > 1).cast(pl.Float64)
        assert (holders["login_at"] < holders["size"]).mean() == pytest.approx(
            channel.remembered + channel.logs_in, abs=0.02
        )
        middle = (holders["login_at"] > 0) & (holders["login_at"] < holders["size"])
        assert middle.mean() <= late.mean() + 0.01


def test_a_few_visits_are_under_another_account_of_the_household(who: Visitors, own: pl.DataFrame) -> None:
    other = own.filter("partner_login")
    entity, holder = other["entity"].to_numpy(), other["holder"].to_numpy()
    assert (entity != holder).all()
    assert (who.household[entity] == who.household[holder]).all()
    assert who.account[holder].all()
    assert (other["login_at"] == 0).all()
    assert set(other["channel"]) <= {WEB, APP}
    assert own.filter(~pl.col("partner_login")).select((pl.col("holder") == pl.col("entity")).all()).item()
    logged = (own["login_at"] < own["size"]).sum()
    assert 0.002 < len(other) / logged < 0.005


def test_trackers_break_on_the_web_only(own: pl.DataFrame) -> None:
    assert set(own.filter("broken")["channel"]) == {WEB}
    assert 0.008 < own.filter(channel=WEB)["broken"].mean() < 0.016


def test_orders_are_as_frequent_as_the_channel_says(own: pl.DataFrame) -> None:
    for number, channel in enumerate(CHANNELS):
        assert own.filter(channel=number)["orders"].mean() == pytest.approx(channel.orders, abs=0.03)


def test_crawlers_stand_apart(who: Visitors, own: pl.DataFrame, crawls: pl.DataFrame) -> None:
    assert crawls["entity"].min() == len(who.visits)
    assert set(crawls["channel"]) == {WEB}
    assert crawls["browser"].min() > own["browser"].max()
    assert (crawls["device"] == -1).all()
    assert (crawls["login_at"] == crawls["size"]).all()
    assert not crawls.select(pl.any_horizontal("orders", "tablet", "refused", "partner_login", "broken").any()).item()
    lives = crawls.group_by("entity").agg(pl.n_unique("life").alias("ways"), pl.first("life"))
    assert set(lives["ways"]) == {1}
    assert set(lives["life"]) == {AT_ONCE, FOREVER}
