"""Who visits a made-up shop, how often, and with what: accounts, browsers, apps, family tablets, e-mail addresses."""

from __future__ import annotations

from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from identigraph.datasets.members import RECORD_SHARES, Flags, Ints, members

Floats: TypeAlias = NDArray[np.float64]

VISITS = (5.0, 1.2)
"""Median, and standard deviation of the logarithm, of how many visits a person makes."""
MOST_EACH = 500
"""The most that one draw of `heavy_tailed` can be."""
ACCOUNTS = 0.5
SUBSCRIBERS = 0.35
"""Share of people who get the newsletter."""
BROWSER_SHARES = (0.45, 0.35, 0.20)
"""Share of people with 1, 2, 3 browsers of their own."""
INSTALL_SHARES = (0.55, 0.36, 0.09)
"""Share of people with the app on 0, 1, 2 devices."""
SHARES_EMAIL = 0.06
"""Share of couples with one e-mail address."""
TABLETS = 0.15
"""Share of households of two and more that have a family tablet."""
TABLET_USERS = 4
DAYS = 1070.0
"""How long the shop is watched, from the first intent to the last."""
LATEST_ARRIVAL = 1000.0
STAYS = 400.0
"""Mean number of days between arrival and departure of a person, before the end of `DAYS` cuts it."""


@attrs.frozen(eq=False)
class Visitors:
    """The people who visit, one value per person in each array; members of a household stand together.

    Args:
        household: number of the household, from 0, without gaps.
        visits: how many visits the person makes, 1 or more.
        account: whether the person has an account.
        email: position of the person whose e-mail address the person uses: the own, or that of the head of the couple.
        subscribed: whether the person gets the newsletter.
        browsers: how many browsers of the own the person uses, 1 to 3.
        installs: on how many devices the person has the app, 0 to 2.
        tablet: whether the person uses the tablet of the household.
        arrives: the day from which on the person may visit.
        stays: for how many days.
    """

    household: Ints
    visits: Ints
    account: Flags
    email: Ints
    subscribed: Flags
    browsers: Ints
    installs: Ints
    tablet: Flags
    arrives: Floats
    stays: Floats

    @property
    def other_account(self) -> Ints:
        """For people with an account, the next member of the household with one; the person where there is none."""
        holders = np.flatnonzero(self.account)
        homes = self.household[holders]
        behind = np.roll(holders, -1)
        first = holders[np.searchsorted(homes, homes)]
        other = np.arange(len(self.account))
        other[holders] = np.where(self.household[behind] == homes, behind, first)
        return other


def heavy_tailed(total: int, median: float, spread: float, rng: np.random.Generator) -> Ints:
    """Return log-normal whole numbers, each from 1 to `MOST_EACH`, that are `total` together.

    Args:
        total: what they sum up to; 0 gives none.
        median: the median, before numbers are rounded up.
        spread: standard deviation of its logarithm.
        rng: where random numbers come from.

    Examples:
        >>> heavy_tailed(10, 2.5, 0, np.random.default_rng(0)).tolist()
        [3, 3, 3, 1]
    """
    drawn = np.minimum(np.ceil(rng.lognormal(np.log(median), spread, total)), MOST_EACH).astype(np.int64)
    parts = np.diff(np.minimum(np.cumsum(drawn), total), prepend=0)
    return parts[parts > 0]


def visitors(visits: int, rng: np.random.Generator) -> Visitors:
    """Return as many people as it takes for so many `visits`."""
    each = heavy_tailed(visits, *VISITS, rng)
    count = len(each)
    who = members(count * len(RECORD_SHARES), rng)
    household, head = who.household[:count], who.head[:count]
    arrives = LATEST_ARRIVAL * rng.random(count)
    return Visitors(
        household=household,
        visits=each,
        account=rng.random(count) < ACCOUNTS,
        email=np.where((who.role[:count] == "partner") & (rng.random(count) < SHARES_EMAIL), head, np.arange(count)),
        subscribed=rng.random(count) < SUBSCRIBERS,
        browsers=rng.choice(1 + np.arange(len(BROWSER_SHARES)), count, p=BROWSER_SHARES),
        installs=rng.choice(len(INSTALL_SHARES), count, p=INSTALL_SHARES),
        tablet=_tablet_users(household, head, rng),
        arrives=arrives,
        stays=np.minimum(rng.exponential(STAYS, count), DAYS - arrives),
    )


def _tablet_users(household: Ints, head: Ints, rng: np.random.Generator) -> Flags:
    """Return who uses a family tablet: the first members of households that have one."""
    sizes = np.bincount(household)
    owned = (sizes > 1) & (rng.random(len(sizes)) < TABLETS)
    return np.asarray(owned[household] & (np.arange(len(head)) - head < TABLET_USERS))
