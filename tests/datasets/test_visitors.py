"""What is true of made-up visitors."""

from __future__ import annotations

import numpy as np
import pytest

from identigraph.datasets.visitors import (
    ACCOUNTS,
    BROWSER_SHARES,
    DAYS,
    INSTALL_SHARES,
    MOST_EACH,
    SUBSCRIBERS,
    TABLET_USERS,
    Visitors,
    heavy_tailed,
    visitors,
)


@pytest.fixture(scope="module")
def who() -> Visitors:
    return visitors(200_000, np.random.default_rng(0))


@pytest.mark.parametrize("total", [0, 1, 2, 10, 1000])
def test_heavy_tailed_numbers_sum_up_and_are_one_or_more(total: int) -> None:
    for seed in range(10):
        drawn = heavy_tailed(total, 5.0, 1.2, np.random.default_rng(seed))
        assert drawn.sum() == total
        assert (drawn >= 1).all()


def test_heavy_tailed_numbers_have_the_median_the_tail_and_the_cap() -> None:
    drawn = heavy_tailed(1_000_000, 4.5, 1.5, np.random.default_rng(0))
    assert np.median(drawn) == 5
    assert drawn.max() == MOST_EACH
    assert drawn.mean() > 2 * np.median(drawn)


@pytest.mark.parametrize("visits", [1, 2, 17, 500])
def test_people_make_all_visits(visits: int) -> None:
    for seed in range(10):
        assert visitors(visits, np.random.default_rng(seed)).visits.sum() == visits


def test_households_stand_together_without_gaps_and_have_one_to_five_members(who: Visitors) -> None:
    assert set(np.diff(who.household)) == {0, 1}
    assert who.household[0] == 0
    assert set(np.bincount(who.household)) == {1, 2, 3, 4, 5}


def test_shares_are_as_said(who: Visitors) -> None:
    assert who.account.mean() == pytest.approx(ACCOUNTS, abs=0.02)
    assert who.subscribed.mean() == pytest.approx(SUBSCRIBERS, abs=0.02)
    assert np.bincount(who.browsers)[1:] / len(who.browsers) == pytest.approx(BROWSER_SHARES, abs=0.02)
    assert np.bincount(who.installs) / len(who.installs) == pytest.approx(INSTALL_SHARES, abs=0.02)


def test_everybody_arrives_and_leaves_within_the_days(who: Visitors) -> None:
    assert who.arrives.min() >= 0
    assert who.stays.min() >= 0
    leaves = who.arrives + who.stays
    assert leaves.max() == pytest.approx(DAYS)
    assert 0.05 < (leaves > DAYS - 1e-6).mean() < 0.5


def test_some_couples_and_nobody_else_share_an_email_address(who: Visitors) -> None:
    sharing = np.flatnonzero(who.email != np.arange(len(who.email)))
    assert 0.01 < len(sharing) / len(who.email) < 0.05
    assert (who.household[who.email[sharing]] == who.household[sharing]).all()
    assert (who.email[who.email] == who.email).all()
    assert np.bincount(who.email).max() == 2


def test_two_to_four_members_of_a_household_share_its_tablet(who: Visitors) -> None:
    users = np.bincount(who.household[who.tablet], minlength=who.household[-1] + 1)
    sizes = np.bincount(who.household)
    assert (users[users > 0] == np.minimum(sizes, TABLET_USERS)[users > 0]).all()
    assert set(users[:-1]) == {0, 2, 3, 4}


def test_the_other_account_is_that_of_another_member_if_there_is_one(who: Visitors) -> None:
    """And going on from member to member leads through all accounts of the household."""
    other, position = who.other_account, np.arange(len(who.account))
    assert (other[~who.account] == position[~who.account]).all()
    assert who.account[other[who.account]].all()
    assert (who.household[other] == who.household).all()
    accounts = np.bincount(who.household, who.account)[who.household]
    assert ((other == position) == (~who.account | (accounts == 1))).all()
    assert len(np.unique(other)) == len(other)
