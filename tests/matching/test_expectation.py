"""Expectation and maximization: truth comes back from patterns made of it, and the guards hold where data mislead."""

from __future__ import annotations

from itertools import product

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.matching import Population
from identigraph.matching.expectation import (
    BAND_EXCESS,
    MOST_MATCHES,
    RARE,
    REMAINING,
    TWINS,
    Estimate,
    Settings,
    _expect,
    estimate,
    expected_classes,
)

PAIRS = 1_000_000.0
RECORDS = 1_414.0

# levels: differs, similar, equal and common, equal and rare; given name and birth date are identity comparators
M = np.array([[0.10, 0.15, 0.35, 0.40], [0.05, 0.15, 0.30, 0.50], [0.25, 0.05, 0.30, 0.40], [0.30, 0.10, 0.25, 0.35]])
U = np.array(
    [[0.93, 0.05, 0.015, 0.005], [0.97, 0.02, 0.006, 0.004], [0.96, 0.02, 0.015, 0.005], [0.97, 0.02, 5e-3, 5e-3]]
)
H = np.array([U[0], U[1], [0.08, 0.07, 0.40, 0.45], [0.05, 0.05, 0.40, 0.50]])
E = np.array([[0.05, 0.10, 0.40, 0.45], U[1], [0.10, 0.10, 0.40, 0.40], U[3]])
OWN = np.array([0.0, 0.0, 0.45, 0.55])
IDENTITY = (True, True, False, False)
HOUSEHOLD = (False, False, True, True)
EDITIONS = (True, False, True, False)
NOBODY = (False,) * 4
ALL_LEVELS = np.array(list(product(range(4), repeat=4)), dtype=np.int8)


def likelihood(table: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the probability of patterns in one class; missing levels count for nothing."""
    padded = np.hstack([table, np.ones((len(table), 1))])
    return np.prod([padded[i][levels[:, i]] for i in range(levels.shape[1])], axis=0)


def population_of(levels: np.ndarray, counts: np.ndarray, records: float = RECORDS) -> Population:
    """Return the levels that so many pairs show."""
    seen = [np.bincount(column + 1, weights=counts, minlength=5)[1:] for column in levels.astype(int).T]
    return Population(PAIRS, tuple(seen), (records * OWN,) * levels.shape[1])


def expected_pairs(same: float, family: float, levels: np.ndarray = ALL_LEVELS) -> np.ndarray:
    """Return how many pairs are expected to show each pattern, of so many of one entity and of one household."""
    shares = [likelihood(table, levels) for table in (M, H, U)]
    return same * shares[0] + family * shares[1] + (PAIRS - same - family) * shares[2]


def fitted(
    levels,
    counts,
    population,
    *,
    household=NOBODY,
    editions=None,
    identity=IDENTITY,
    rounds=500,
    tolerance=1e-6,
    sure=None,
    **given,
) -> Estimate:
    """Return the estimate."""
    editions = (False,) * len(household) if editions is None else editions
    settings = Settings(household, editions, identity, rounds, tolerance, **given)
    return estimate(levels, counts, population, settings, sure=sure)


def test_two_classes_come_back() -> None:
    counts = expected_pairs(1_000, 0)
    found = fitted(ALL_LEVELS, counts, population_of(ALL_LEVELS, counts))
    assert found.converged
    assert found.priors[0] * PAIRS == pytest.approx(1_000, rel=0.03)
    assert found.priors[1] == 0
    assert np.array(found.m) == pytest.approx(M, abs=0.01)
    assert np.array(found.u) == pytest.approx(U, abs=1e-4)


def test_three_classes_come_back_and_two_take_households_for_entities() -> None:
    counts = expected_pairs(1_000, 2_000)
    population = population_of(ALL_LEVELS, counts)
    found = fitted(ALL_LEVELS, counts, population, household=HOUSEHOLD)
    assert found.priors[0] * PAIRS == pytest.approx(1_000, rel=0.03)
    assert found.priors[1] * PAIRS == pytest.approx(2_000, rel=0.06)
    assert np.array(found.m) == pytest.approx(M, abs=0.02)
    assert np.array(found.h[2:]) == pytest.approx(H[2:], abs=0.05)
    assert np.array(found.h[:2]) == pytest.approx(U[:2], abs=0.005)
    assert np.array(found.u) == pytest.approx(U, abs=5e-4)
    assert fitted(ALL_LEVELS, counts, population).priors[0] * PAIRS > 2_000


def test_the_household_class_dies_out_where_there_are_no_households() -> None:
    counts = expected_pairs(1_000, 0)
    population = population_of(ALL_LEVELS, counts)
    with_class = fitted(ALL_LEVELS, counts, population, household=HOUSEHOLD)
    without = fitted(ALL_LEVELS, counts, population)
    assert with_class.priors[1] * PAIRS < 10
    assert with_class.priors[0] == pytest.approx(without.priors[0], rel=0.01)
    assert np.array(with_class.m) == pytest.approx(np.array(without.m), abs=0.005)


def test_missing_levels_say_nothing() -> None:
    """Where half of all values are missing at random, the same truth comes back."""
    levels = np.array(list(product(range(-1, 4), repeat=4)), dtype=np.int8)
    counts = expected_pairs(1_000, 0, levels) / 2**4
    found = fitted(levels, counts, population_of(levels, counts))
    assert found.priors[0] * PAIRS == pytest.approx(1_000, rel=0.06)
    assert np.array(found.m) == pytest.approx(M, abs=0.02)


def test_a_key_that_fixes_a_comparator_does_not_drive_the_prior_up() -> None:
    """All candidates agree on the first comparator; base rates come from the population all the same."""
    whole = expected_pairs(1_000, 0)
    population = population_of(ALL_LEVELS, whole)
    blocked = ALL_LEVELS[:, 0] >= 2
    found = fitted(ALL_LEVELS[blocked], whole[blocked], population)
    candidates = whole[blocked].sum()
    assert candidates > 20_000
    assert found.priors[0] * PAIRS == pytest.approx(750, rel=0.1)
    assert found.u[0] == pytest.approx(U[0], abs=1e-3)
    assert np.array(found.m[1:]) == pytest.approx(M[1:], abs=0.03)
    assert found.m[0][2:].sum() > 0.99


@given(st.integers(0, 1_000))
def test_the_order_of_patterns_changes_nothing(seed) -> None:
    order = np.random.default_rng(seed).permutation(len(ALL_LEVELS))
    counts = expected_pairs(1_000, 500)
    population = population_of(ALL_LEVELS, counts)
    found, again = (
        fitted(ALL_LEVELS[some], counts[some], population, household=HOUSEHOLD, rounds=5)
        for some in (np.arange(len(order)), order)
    )
    assert np.array(again.m) == pytest.approx(np.array(found.m), rel=1e-9)
    assert again.priors == pytest.approx(found.priors, rel=1e-9)


@given(st.data(), st.sampled_from([HOUSEHOLD, NOBODY]), st.floats(0, 1e4), st.integers(1, 4))
def test_whatever_the_patterns_the_guards_hold(data, household, records, rounds) -> None:
    """Probabilities are positive and add up, priors and bands are bounded, identity is rarely contradicted."""
    levels = np.array(data.draw(st.lists(st.tuples(*[st.integers(-1, 3)] * 4), max_size=8)), dtype=np.int8)
    levels = levels.reshape(-1, 4)
    counts = np.array(data.draw(st.lists(st.floats(0, PAIRS), min_size=len(levels), max_size=len(levels))))
    population = population_of(ALL_LEVELS, expected_pairs(0, 0), records + 2)
    found = fitted(levels, counts, population, household=household, rounds=rounds)
    for table in (found.m, found.h, found.u):
        assert np.array(table).min() > 0
        assert np.array(table).sum(axis=1) == pytest.approx(np.ones(4))
    assert sum(found.priors) == pytest.approx(1)
    assert 0 < found.priors[0] <= MOST_MATCHES
    assert found.priors[1] <= (MOST_MATCHES if any(household) else 0)
    for i, m in enumerate(found.m):
        assert not IDENTITY[i] or m[0] <= 0.35 + 1e-9
        assert (m[2:] / m[2:].sum() <= BAND_EXCESS * OWN[2:] + 1e-9).all()
        seen = population.levels[i] + RARE
        assert (found.u[i] * seen.sum() >= REMAINING * seen - 1e-9).all()


def test_differing_is_bounded_for_identity_comparators_only() -> None:
    levels = np.array([[0, 3, 3, 3], [3, 3, 0, 3]], dtype=np.int8)
    found = fitted(levels, np.array([900.0, 900.0]), population_of(ALL_LEVELS, expected_pairs(0, 0)))
    assert found.m[0][0] == pytest.approx(0.35)
    assert found.m[2][0] > 0.45


def test_bands_are_bounded_by_how_common_their_values_are() -> None:
    """All matching pairs agree on rare values, which few records have: three times their share is the most."""
    levels = np.full((1, 4), 3, dtype=np.int8)
    own = np.array([0.0, 0.0, 0.9, 0.1])
    whole = population_of(ALL_LEVELS, expected_pairs(0, 0))
    population = attrs.evolve(whole, carriers=(RECORDS * own,) * 4)
    found = fitted(levels, np.array([900.0]), population)
    for m in found.m:
        assert m[3] / m[2:].sum() == pytest.approx(0.3)
        assert m[2:].sum() > 0.99


def test_a_value_that_few_records_have_leaves_the_strangers_no_more_than_a_part() -> None:
    """Pairs at a level go to matches, but for a twentieth, and never more than thirty records to an entity allow."""
    levels = np.full((1, 4), 3, dtype=np.int8)
    counts = np.array([4_000.0])
    whole = population_of(ALL_LEVELS, expected_pairs(0, 0))
    many = fitted(levels, counts, attrs.evolve(whole, carriers=(np.array([0, 0, 900.0, 900.0]),) * 4))
    few = fitted(levels, counts, attrs.evolve(whole, carriers=(np.array([0, 0, 900.0, 10.0]),) * 4))
    assert many.u[1][3] == pytest.approx(REMAINING * U[1][3], rel=0.02)
    assert few.u[1][3] == pytest.approx((U[1][3] * PAIRS - 150) / (PAIRS - 150), rel=0.01)


def test_with_one_comparator_agreement_is_taken_at_its_word() -> None:
    levels = np.array([[0], [1], [2], [3]], dtype=np.int8)
    counts = PAIRS * np.array([0.99, 0.005, 0.003, 0.002])
    population = Population(PAIRS, (counts,), (RECORDS * OWN,))
    found = fitted(levels, counts, population, household=(False,), identity=(False,))
    assert found.u[0][1:] == pytest.approx(REMAINING * counts[1:] / PAIRS, rel=0.02)
    assert found.priors[0] * PAIRS == pytest.approx(counts[1:].sum(), rel=0.2)


def test_with_one_comparator_of_two_levels_differing_is_no_agreement() -> None:
    counts = PAIRS * np.array([0.999, 0.001])
    population = Population(PAIRS, (counts,), (RECORDS * np.array([0.0, 1.0]),))
    levels = np.array([[0], [1]], dtype=np.int8)
    found = fitted(levels, counts, population, household=(False,), identity=(False,))
    assert found.u[0][1] == pytest.approx(REMAINING * 0.001, rel=0.02)


def test_a_level_that_no_pair_shows_weighs_as_the_closest_below_or_else_for_nothing() -> None:
    """No pair differs in the first comparator, and none agrees on a rare value in the second."""
    shown = (ALL_LEVELS[:, 0] > 0) & (ALL_LEVELS[:, 1] < 3)
    levels, counts = ALL_LEVELS[shown], expected_pairs(1_000, 500)[shown]
    found = fitted(levels, counts, population_of(levels, counts), household=HOUSEHOLD)
    weights = np.log2(np.array(found.m) / np.array(found.u))
    assert weights[1][3] == pytest.approx(weights[1][2])
    assert weights[0][0] <= 0
    shares = np.array(found.h) / np.array(found.u)
    assert shares[1][3] == pytest.approx(shares[1][2])


def test_a_level_that_only_the_population_or_only_candidates_show_keeps_its_weight() -> None:
    counts = expected_pairs(1_000, 0)
    whole = population_of(ALL_LEVELS, counts)
    few = ALL_LEVELS[:, 1] < 3
    weights = [
        np.log2(found.m[1] / found.u[1])
        for found in (
            fitted(ALL_LEVELS[few], counts[few], whole),
            fitted(ALL_LEVELS, counts, population_of(ALL_LEVELS[few], counts[few])),
        )
    ]
    assert all(abs(w[3] - w[2]) > 0.1 for w in weights)


def test_training_ends_when_it_rests_or_at_the_most_after_so_many_rounds() -> None:
    counts = expected_pairs(1_000, 0)
    population = population_of(ALL_LEVELS, counts)
    short = fitted(ALL_LEVELS, counts, population, rounds=2)
    assert (short.iterations, short.converged) == (2, False)
    rested = fitted(ALL_LEVELS, counts, population, tolerance=1e-3)
    assert rested.converged
    assert 2 < rested.iterations < fitted(ALL_LEVELS, counts, population).iterations
    none = fitted(ALL_LEVELS, counts, population, rounds=0)
    assert (none.iterations, none.converged) == (0, False)


def test_there_may_be_no_comparator_and_no_pattern() -> None:
    nothing = Population(PAIRS, (), ())
    found = fitted(np.zeros((1, 0), dtype=np.int8), np.array([10.0]), nothing, household=(), identity=())
    assert found.converged
    assert fitted(ALL_LEVELS[:0], np.zeros(0), population_of(ALL_LEVELS, expected_pairs(0, 0))).priors[0] < 1e-4


def test_what_is_known_takes_the_place_of_the_expectation() -> None:
    """All that differ on the third comparator are known to be others, a tenth of those similar there to match."""
    counts = expected_pairs(1_000, 500)
    population = population_of(ALL_LEVELS, counts)
    third = ALL_LEVELS[:, 2]
    sure = np.where(third == 0, 0.0, np.where(third == 1, 0.1, np.nan))
    found = fitted(ALL_LEVELS, counts, population, household=HOUSEHOLD, sure=sure)
    free = fitted(ALL_LEVELS, counts, population, household=HOUSEHOLD)
    similar = 0.1 * counts[third == 1].sum()
    others = expected_classes(ALL_LEVELS, counts, found)[0][third > 1].sum()
    assert found.m[2][0] < 1e-3 < free.m[2][0]
    assert found.m[2][1] == pytest.approx(similar / (similar + others), rel=0.01)
    assert found.priors[0] * PAIRS == pytest.approx(similar + others + 1, rel=0.01)


def test_pairs_known_not_to_match_are_shared_out_among_the_other_classes() -> None:
    """Where no pair matches, households and strangers are as many as if there were no matches."""
    counts = expected_pairs(0, 2_000)
    population = population_of(ALL_LEVELS, counts)
    found = fitted(ALL_LEVELS, counts, population, household=HOUSEHOLD, sure=np.zeros(len(counts)))
    assert found.priors[0] * PAIRS == pytest.approx(1)
    assert found.priors[1] * PAIRS == pytest.approx(2_000, rel=0.1)


def test_classes_are_shared_out_by_bayes() -> None:
    levels = np.array([[0, 3, -1, 1]], dtype=np.int8)
    state = Estimate(list(M), list(H), list(E), list(U), (0.2, 0.0, 0.0, 0.8), 0, converged=True)
    same, household, _, others = expected_classes(levels, np.array([7.0]), state)[:, 0]
    shares = [0.2 * 0.10 * 0.50 * 0.10, 0.8 * 0.93 * 0.004 * 0.02]
    assert [same, household, others] == pytest.approx([7 * shares[0] / sum(shares), 0, 7 * shares[1] / sum(shares)])


def test_editions_are_told_from_matches_by_what_they_differ_in() -> None:
    """2,000 pairs share the first and the third comparator, and are as strangers on the others: no matches."""
    counts = expected_pairs(1_000, 0) + 2_000 * (likelihood(E, ALL_LEVELS) - likelihood(U, ALL_LEVELS))
    population = population_of(ALL_LEVELS, counts)
    found = fitted(ALL_LEVELS, counts, population, editions=EDITIONS)
    assert found.priors[0] * PAIRS == pytest.approx(1_000, rel=0.1)
    assert (found.priors[1], found.priors[2] * PAIRS) == (0, pytest.approx(2_000, rel=0.1))
    assert found.e[0] == pytest.approx(E[0], abs=0.05)
    for place in (1, 3):
        twins = found.u[place] + TWINS * found.m[place]
        assert found.e[place] == pytest.approx(twins / twins.sum(), rel=0.01)
    taken = fitted(ALL_LEVELS, counts, population)
    assert taken.priors[0] * PAIRS > 1_500


def test_households_and_editions_are_two_classes() -> None:
    counts = expected_pairs(1_000, 2_000) + 2_000 * (likelihood(E, ALL_LEVELS) - likelihood(U, ALL_LEVELS))
    found = fitted(ALL_LEVELS, counts, population_of(ALL_LEVELS, counts), household=HOUSEHOLD, editions=EDITIONS)
    assert np.array(found.priors[:3]) * PAIRS == pytest.approx([1_000, 2_000, 2_000], rel=0.15)
    assert sum(found.priors) == pytest.approx(1)


def test_pairs_of_a_class_that_there_is_not_are_none() -> None:
    levels = np.array([[3, 3, 3, 3]], dtype=np.int8)
    state = Estimate(list(M), list(H), list(E), list(U), (0.2, 0.3, 0.0, 0.5), 0, converged=True)
    assert expected_classes(levels, np.array([5.0]), state)[2].tolist() == [0]


@pytest.mark.parametrize("household", [(True, False, True, True), (True, False, False, True)])
def test_siblings_that_one_comparator_alone_tells_apart_are_at_times_as_alike_as_matches(household) -> None:
    """Others, as twins, have at times equal values."""
    counts = expected_pairs(1_000, 500)
    found = fitted(ALL_LEVELS, counts, population_of(ALL_LEVELS, counts), household=household)
    alike = found.m[1] if household.count(False) == 1 else OWN
    assert found.h[1] == pytest.approx((found.u[1] + TWINS * alike) / (1 + TWINS), rel=1e-3)


def test_what_is_given_is_held_to_the_end_also_at_levels_that_no_pair_shows() -> None:
    shown = ALL_LEVELS[:, 1] < 3
    levels, counts = ALL_LEVELS[shown], expected_pairs(1_000, 500)[shown]
    m, u = np.array([0.3, 0.3, 0.2, 0.2]), np.array([0.5, 0.25, 0.125, 0.125])
    given = {"m": (m, None, None, None), "u": (None, u, u, None), "prior": 0.25}
    for rounds in (0, 3):
        found = fitted(levels, counts, population_of(levels, counts), household=HOUSEHOLD, rounds=rounds, **given)
        assert (found.m[0].tolist(), found.u[1].tolist(), found.u[2].tolist()) == (m.tolist(), u.tolist(), u.tolist())
        assert found.priors[0] == 0.25
        assert sum(found.priors) == pytest.approx(1)
        twins = u + TWINS * found.m[1]
        assert found.h[1] == pytest.approx(twins / twins.sum())
        assert found.h[2] != pytest.approx(u, abs=0.1)


def test_what_is_known_leaves_household_pairs_their_share_of_the_rest() -> None:
    """Of the pairs that are not known to match, as many are of a household for each stranger as by Bayes."""
    levels = np.array([[0, 3, 3, 3], [3, 3, 3, 3], [3, 3, 3, 3]], dtype=np.int8)
    counts = np.array([50.0, 40.0, 30.0])
    state = Estimate(list(M), list(H), list(E), list(U), (0.1, 0.3, 0.0, 0.6), 0, converged=True)
    same, household, _, others = expected_classes(levels, counts, state)
    known, family, _ = _expect(levels, counts, state, np.array([0.5, np.nan, 0.0]))
    assert known.tolist() == pytest.approx([25, same[1], 0])
    rest = counts - known
    assert family.tolist() == pytest.approx((rest * household / (household + others)).tolist())
    assert family[2] > 1.5 * household[2]
