"""From visits to events: what happens at each, when, and which identifiers the systems record with it."""

from __future__ import annotations

import numpy as np
import polars as pl

from identigraph.datasets.channels import APP, CHANNELS, KIOSK, NEWSLETTER
from identigraph.datasets.identifiers import cookies, device_ids, hashes, numbered, passed_on
from identigraph.datasets.knowable import DAY, DEFAULT_DEVICE, DEFAULT_LOGINS
from identigraph.datasets.members import Ints
from identigraph.datasets.visitors import Floats, Visitors
from identigraph.datasets.visits import INSTALLS

START = pl.datetime(2022, 1, 1)
PAUSE = (25.0, 1.2)
"""Median seconds from one event of a visit to the next, and standard deviation of the logarithm."""
LONGEST_PAUSE = 25 * 60.0
CRAWL_PACE = 0.05
"""How long a crawler pauses, as a share of how long people do."""
TYPOS = 0.03
"""Share of orders without a login whose e-mail address has a typo."""
MISTYPED = ("exmaple.com", "example.con", "exampel.com", "example.co", "eample.com")
SOLD, SOLD_AFTER = 0.02, 21.0
"""Share of devices that their owners give away, and after how many days of silence at least."""
RECYCLED, RECYCLED_AFTER = 0.08, 365.0
"""Share of telephone numbers that are given to others, and after how many days of silence at least."""
FIRST_LOGIN = 100_000

NOISES = (
    "shared_tablet", "kiosk", "default_device", "default_login", "partner_login", "shared_email", "email_typo",
    "recycled_phone", "sold_device", "bot",
)  # fmt: skip


def tracked(who: Visitors, visits: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return the events of all `visits`, visit by visit.

    Returns:
        The columns ``entity``, ``observed_at``, ``source``, ``event``, ``session``, ``cookie``, ``device``, ``login``,
        ``email_hash``, ``phone_hash``, and one column of booleans per kind of noise.
    """
    events = _happened(_with_identifiers(who, visits, rng), rng)
    events = events.with_columns(
        _email(who, events, rng), _phone(who, events, rng), _login(events, rng), _event(events, rng)
    )
    return _shown(events.with_columns(_noises()), rng)


def _shown(events: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return `events` as the systems write them: ids for numbers, hashes for addresses."""
    source = pl.Series([c.source for c in CHANNELS], dtype=pl.String).gather(events["channel"])
    device = device_ids(events["device"], rng)
    return events.select(
        "entity",
        (START + pl.duration(microseconds="at")).alias("observed_at"),
        source.alias("source"),
        "event",
        numbered("s", events["visit"], rng).alias("session"),
        numbered("c", events["cookie"], rng).alias("cookie"),
        pl.when("refused").then(pl.lit(DEFAULT_DEVICE)).otherwise(device).alias("device"),
        "login",
        hashes(events["email"]).alias("email_hash"),
        hashes(events["phone"]).alias("phone_hash"),
        *NOISES,
    )


def _with_identifiers(who: Visitors, visits: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return `visits` with the number of the cookie and of the device, null for none; some devices were sold."""
    day, device = visits["day"].to_numpy(), visits["device"].to_numpy()
    app = ((visits["channel"] == APP) & ~visits["refused"]).to_numpy()
    household = np.repeat(who.household, INSTALLS)
    first, last = _spans(device[app], day[app], len(household))
    carries = passed_on(first, last, household, rest=SOLD_AFTER, share=SOLD, rng=rng)
    device = np.where(app, carries[np.where(app, device, 0)], device)
    cookie = cookies(visits["browser"].to_numpy(), day, visits["life"].to_numpy(), rng)
    return visits.drop("browser", "life").with_columns(
        pl.Series("visit", np.arange(len(visits))),
        pl.Series("cookie", cookie).replace(-1, None),
        pl.Series("device", device).replace(-1, None),
        pl.Series("default", np.array(DEFAULT_LOGINS)[rng.integers(len(DEFAULT_LOGINS), size=len(visits))]),
    )


def _spans(numbers: Ints, day: Floats, count: int) -> tuple[Floats, Floats]:
    """Return the first and the last day of each of `count` things that are used as `numbers` say; NaN where unused.

    Examples:
        >>> [span.tolist() for span in _spans(np.array([1, 1]), np.array([5.0, 3.0]), 2)]
        [[nan, 3.0], [nan, 5.0]]
    """
    first, last = np.full((2, count), np.nan)
    np.fmin.at(first, numbers, day)
    np.fmax.at(last, numbers, day)
    return first, last


def _happened(visits: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return one row per event, with what is known of its visit, its `position`, and when it is: ``at``."""
    size = visits["size"].to_numpy()
    visit = np.repeat(np.arange(len(size)), size)
    begins = np.cumsum(size) - size
    pause = 1 + np.minimum(rng.lognormal(np.log(PAUSE[0]), PAUSE[1], len(visit)), LONGEST_PAUSE)
    pause *= np.where(visits["bot"], CRAWL_PACE, 1.0)[visit]
    passed = np.cumsum((1e6 * pause).astype(np.int64))
    at = (DAY * visits["day"].to_numpy()).astype(np.int64)[visit] + passed - passed[begins][visit]
    position = pl.Series("position", np.arange(len(visit)) - begins[visit])
    events = visits.drop("day")[visit].with_columns(position, pl.Series("at", at))
    return events.with_columns(
        order=pl.col("orders") & (pl.col("position") == pl.col("size") - 1),
        logged_in=pl.col("position") >= pl.col("login_at"),
        enters=(pl.col("position") == pl.col("login_at")) & (pl.col("position") > 0),
    ).drop("orders", "login_at", "size")


def _event(events: pl.DataFrame, rng: np.random.Generator) -> pl.Expr:
    """Return the names of the events."""
    names = pl.Series([name for c in CHANNELS for name in c.events], dtype=pl.String)
    each = len(names) // len(CHANNELS)
    plain = names.gather(each * events["channel"].to_numpy() + rng.integers(each, size=len(events)))
    opens = (pl.col("channel") == APP) & (pl.col("position") == 0)
    named = pl.when("order").then(pl.lit("order")).when("enters").then(pl.lit("login"))
    return named.when(opens).then(pl.lit("app_open")).otherwise(plain).alias("event")


def _login(events: pl.DataFrame, rng: np.random.Generator) -> pl.Expr:
    """Return the login of events that are logged in, and a default value where a broken tracker writes one."""
    shown = numbered("u", events["holder"], rng, start=FIRST_LOGIN)
    broken = pl.when("broken").then("default")
    return pl.when("logged_in").then(shown).otherwise(broken).alias("login")


def _email(who: Visitors, events: pl.DataFrame, rng: np.random.Generator) -> pl.Expr:
    """Return the e-mail address that is given with newsletters, log-ins and orders; that of bots is never asked for."""
    entity = events["entity"].to_numpy()
    address = "customer" + pl.Series(who.email[np.minimum(entity, len(who.email) - 1)]).cast(pl.String) + "@"
    given = _drawn(events, [c.email for c in CHANNELS], rng)
    typo = pl.col("order") & ~pl.col("logged_in") & pl.Series(rng.random(len(events)) < TYPOS)
    mistyped = pl.Series(MISTYPED).gather(rng.integers(len(MISTYPED), size=len(events)))
    domain = pl.when(typo).then(mistyped).otherwise(pl.lit("example.com"))
    shown = (pl.col("order") & given) | pl.col("enters") | (pl.col("channel") == NEWSLETTER)
    return pl.when(shown).then(address + domain).alias("email")


def _phone(who: Visitors, events: pl.DataFrame, rng: np.random.Generator) -> pl.Expr:
    """Return the telephone number that is given with some orders; some numbers were another's before."""
    entity = events["entity"].to_numpy()
    given = (events["order"] & _drawn(events, [c.phone for c in CHANNELS], rng)).to_numpy()
    first, last = _spans(entity[given], events["at"].to_numpy()[given] / DAY, len(who.household))
    carries = passed_on(first, last, who.household, rest=RECYCLED_AFTER, share=RECYCLED, rng=rng)
    number = "+999" + pl.Series(carries[np.minimum(entity, len(carries) - 1)]).cast(pl.String).str.zfill(9)
    return pl.when(pl.Series(given)).then(number).alias("phone")


def _drawn(events: pl.DataFrame, shares: list[float], rng: np.random.Generator) -> pl.Series:
    """Return for each event whether a random number is below the share of its channel."""
    return pl.Series(rng.random(len(events)) < np.array(shares)[events["channel"].to_numpy()])


def _noises() -> list[pl.Expr]:
    """Return whether each kind of noise changed something about an event."""
    at_kiosk, refused = pl.col("channel") == KIOSK, pl.col("refused")
    marks = {
        "shared_tablet": pl.col("tablet") & _shared("cookie"),
        "kiosk": at_kiosk & (_shared("cookie") | _shared("device")),
        "default_device": refused,
        "default_login": pl.col("broken") & ~pl.col("logged_in"),
        "partner_login": pl.col("partner_login"),
        "shared_email": _shared("email"),
        "email_typo": pl.col("email").is_not_null() & ~pl.col("email").str.ends_with("@example.com"),
        "recycled_phone": _shared("phone"),
        "sold_device": ~at_kiosk & ~refused & _shared("device"),
        "bot": pl.col("bot"),
    }
    return [mark.fill_null(value=False).alias(kind) for kind, mark in marks.items()]


def _shared(value: str) -> pl.Expr:
    """Return whether several entities carry the value that an event has, false where it has none."""
    several = pl.min("entity").over(value) != pl.max("entity").over(value)
    return pl.col(value).is_not_null() & several
