"""Visits of people and of crawlers to a made-up shop: when, through which channel, with which browser or device."""

from __future__ import annotations

import numpy as np
import polars as pl

from identigraph.datasets.channels import APP, CHANNELS, KIOSK, NEWSLETTER, TILL, WEB
from identigraph.datasets.members import Flags, Ints
from identigraph.datasets.visitors import BROWSER_SHARES, DAYS, INSTALL_SHARES, Floats, Visitors, heavy_tailed, visitors

EVENTS = (2.25, 1.0)
"""Median, and standard deviation of the logarithm, of how many events a visit has."""
SHORT = 2
"""The most events of a visit to a till or from the newsletter."""
CLICKS, TILLS, APPS, KIOSKS, ON_TABLET = 0.45, 0.22, 0.55, 0.015, 0.35
"""Share of visits that go through a channel, among those that can."""
CLICKS_WITH_COOKIE = 0.6
VISITS_PER_KIOSK = 150
INTENTS = 0.45
"""Share of visits with an intent of their own; the others come back for the one before, within days."""
BACK_AFTER, BACK_WITHIN = 4.0, 20.0
BUSIEST_HOUR, HOURS = 16.0, 4.5
FORGETFUL_BROWSERS = 0.25
LIVES = (240.0, 7.0)
"""How many days a cookie lives on average: in most browsers, and in forgetful ones."""
FOREVER, AT_ONCE = 1e9, 1e-9
REFUSED = 0.12
"""Share of devices whose owner refuses to be tracked by the app."""
PARTNER_LOGINS = 0.007
"""Share of logged in visits under another account of the household, where there is one."""
BROKEN = 0.012
"""Share of web visits whose tracker writes a default value where there is no login."""
CRAWLED, CRAWLS, CRAWL_EVENTS = 0.03, (20.0, 1.0), (8.0, 0.6)
"""Share of all events that crawlers make; median and spread of crawls per crawler and of events per crawl."""
FORGETFUL_CRAWLERS = 0.4
"""Share of crawlers that have a new cookie on every crawl."""

BROWSERS, INSTALLS = len(BROWSER_SHARES), len(INSTALL_SHARES) - 1


def visits(n: int, rng: np.random.Generator) -> tuple[Visitors, pl.DataFrame]:
    """Return the people, and all visits of people and crawlers, which have `n` events together.

    Returns:
        The people, and one row per visit: ``entity`` (a person's position, or that of a crawler behind all people),
        ``channel`` (position in `CHANNELS`), ``size`` (number of events), ``day`` (when it begins), ``browser`` and
        ``device`` (numbers; -1 for none), ``life`` (how many days a cookie lives in the browser), ``holder`` (whose
        login it has), ``login_at`` (the first event with the login, `size` where there is none), ``orders``
        (whether its last event is an order), and ``tablet``, ``refused``, ``partner_login``, ``broken``, ``bot``.
    """
    crawled = int(CRAWLED * n)
    size = heavy_tailed(n - crawled, *EVENTS, rng)
    who = visitors(len(size), rng)
    own = _of_people(who, size, rng)
    first = int(own["browser"].to_numpy().max()) + 1
    return who, pl.concat([own, _of_crawlers(crawled, len(who.visits), first, rng)])


def _of_people(who: Visitors, size: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """Return the visits of people."""
    person = np.repeat(np.arange(len(who.visits)), who.visits)
    channel = _channels(who, person, size, rng)
    day = _days(who, person, rng)
    kiosk = rng.integers(1 + (channel == KIOSK).sum() // VISITS_PER_KIOSK, size=len(person))
    tablet = (channel == WEB) & who.tablet[person] & (rng.random(len(person)) < ON_TABLET)
    browser, life = _browsers(who, person, channel, kiosk, tablet, rng)
    device, refused = _devices(who, person, channel, kiosk, rng)
    holder, login_at = _logins(who, person, channel, size, rng)
    orders = rng.random(len(person)) < np.array([c.orders for c in CHANNELS])[channel]
    broken = (channel == WEB) & (rng.random(len(person)) < BROKEN)
    return pl.DataFrame(
        {
            "entity": person, "channel": channel, "size": size, "day": day, "browser": browser, "life": life,
            "device": device, "holder": holder, "login_at": login_at, "orders": orders, "tablet": tablet,
            "refused": refused, "partner_login": holder != person, "broken": broken, "bot": np.zeros_like(broken),
        }
    )  # fmt: skip


def _channels(who: Visitors, person: Ints, size: Ints, rng: np.random.Generator) -> Ints:
    """Return the channel of each visit: short ones may go to a till or come from the newsletter."""
    clicks, tills, apps, kiosks = rng.random((4, len(person)))
    ways = {
        KIOSK: kiosks < KIOSKS,
        NEWSLETTER: (size <= SHORT) & who.subscribed[person] & (clicks < CLICKS),
        TILL: (size <= SHORT) & (tills < TILLS),
        APP: (who.installs[person] > 0) & (apps < APPS),
    }
    return np.select(list(ways.values()), list(ways), WEB)


def _days(who: Visitors, person: Ints, rng: np.random.Generator) -> Floats:
    """Return when each visit begins: some days bear an intent, and further visits follow up on it."""
    intent = (np.diff(person, prepend=-1) > 0) | (rng.random(len(person)) < INTENTS)
    day = who.arrives[person] + who.stays[person] * rng.random(len(person))
    back = np.minimum(rng.exponential(BACK_AFTER, len(person)), BACK_WITHIN)
    of_intent = day[intent][np.cumsum(intent) - 1]
    hour = rng.normal(BUSIEST_HOUR, HOURS, len(person)) % 24
    return np.asarray(np.floor(of_intent + np.where(intent, 0, back)) + hour / 24)


def _browsers(
    who: Visitors, person: Ints, channel: Ints, kiosk: Ints, tablet: Flags, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Return the browser of each visit, and how many days a cookie lives in it.

    Browsers are numbered: those of people, then the tablets of households, then the kiosks of even number.
    """
    people, households = len(who.visits), int(who.household[-1]) + 1
    clicked = (channel == NEWSLETTER) & (rng.random(len(person)) < CLICKS_WITH_COOKIE)
    ways = {
        "tablet": (tablet, BROWSERS * people + who.household[person]),
        "kiosk": ((channel == KIOSK) & (kiosk % 2 == 0), BROWSERS * people + households + kiosk),
        "own": ((channel == WEB) | clicked, BROWSERS * person + _skewed(who.browsers[person], rng)),
    }
    browser = np.select([where for where, _ in ways.values()], [number for _, number in ways.values()], -1)
    forgetful = rng.random(BROWSERS * people + households) < FORGETFUL_BROWSERS
    life = np.append(np.where(forgetful, LIVES[1], LIVES[0]), np.full(int(kiosk.max()) + 1, FOREVER))
    return browser, life[browser]


def _skewed(counts: Ints, rng: np.random.Generator) -> Ints:
    """Return for each of `counts` a random number from 0 to below it, the lower ones more often.

    Examples:
        >>> _skewed(np.array([1, 1, 1]), np.random.default_rng(0)).tolist()
        [0, 0, 0]
    """
    return (counts * rng.random(len(counts)) ** 2).astype(np.int64)


def _devices(who: Visitors, person: Ints, channel: Ints, kiosk: Ints, rng: np.random.Generator) -> tuple[Ints, Flags]:
    """Return the device of each visit by app, or at a kiosk of odd number, and whether its owner refuses tracking."""
    people = len(who.visits)
    app = INSTALLS * person + _skewed(who.installs[person], rng)
    at_kiosk = (channel == KIOSK) & (kiosk % 2 == 1)
    device = np.select([channel == APP, at_kiosk], [app, INSTALLS * people + kiosk], -1)
    refused = rng.random(INSTALLS * people) < REFUSED
    return device, np.asarray((channel == APP) & refused[app])


def _logins(who: Visitors, person: Ints, channel: Ints, size: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return whose login each visit has, and at which event it first does; at none where that is its size."""
    drawn, place, partner = rng.random((3, len(person)))
    remembered = np.array([c.remembered for c in CHANNELS])[channel]
    enters = np.array([c.logs_in for c in CHANNELS])[channel]
    login_at = np.select([drawn < remembered, drawn < remembered + enters], [0, (place * size).astype(np.int64)], size)
    login_at = np.where(who.account[person], login_at, size)
    of_other = (login_at < size) & np.isin(channel, (WEB, APP)) & (partner < PARTNER_LOGINS)
    holder = np.where(of_other, who.other_account[person], person)
    return holder, np.where(holder == person, login_at, 0)


def _of_crawlers(events: int, first: int, first_browser: int, rng: np.random.Generator) -> pl.DataFrame:
    """Return the visits of crawlers, which have so many `events`; entities are numbered from `first` on."""
    size = heavy_tailed(events, *CRAWL_EVENTS, rng)
    crawls = heavy_tailed(len(size), *CRAWLS, rng)
    crawler = np.repeat(np.arange(len(crawls)), crawls)
    forgetful = rng.random(len(crawls)) < FORGETFUL_CRAWLERS
    no = np.zeros(len(size), dtype=np.bool_)
    return pl.DataFrame(
        {
            "entity": first + crawler, "channel": np.full(len(size), WEB), "size": size,
            "day": DAYS * rng.random(len(size)), "browser": first_browser + crawler,
            "life": np.where(forgetful, AT_ONCE, FOREVER)[crawler], "device": np.full(len(size), -1),
            "holder": first + crawler, "login_at": size, "orders": no, "tablet": no, "refused": no,
            "partner_login": no, "broken": no, "bot": ~no,
        }
    )  # fmt: skip
