"""Comparators left out: the shares of matches they find, on pairs of known truth and on generated customers."""

from __future__ import annotations

from itertools import product
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_pairs import LAYOUT, M, U, made_pairs

import identigraph as ig
from identigraph import FellegiSunter
from identigraph.comparing import Comparison, Comparisons, Layout
from identigraph.datasets import customers
from identigraph.graph import AverageLinkage, IdentityGraph, ScoredPairs
from identigraph.graph.keys import Keys
from identigraph.judging import HeldOut, Judged, dendrogram_of, judged
from identigraph.judging.held_out import HIGHEST, LOWEST, TRUST, bands, rising, shares_of
from identigraph.matching import SelfTrained
from identigraph.matching.parameters import Parameters
from identigraph.odds import probability_of
from identigraph.pairs import Pairs

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SHARE = 0.2
FLAT = Layout(("told", "other"), (("differs", "equal"), ("differs", "equal")))


def model_of(layout: Layout, m: Any, u: Any, *, h: Any = None, prior: float = SHARE, **arguments: Any) -> FellegiSunter:
    """Return a model with given parameters; those of households are those of others unless given."""
    parameters = Parameters(layout.names, layout.labels, m, h or u, u, prior, 0.0, 1 - prior, 1, converged=True)
    return FellegiSunter(parameters=parameters, **arguments)


def apart(n: int) -> IdentityGraph:
    """Return `n` pairs of records that share none: each comes together at its own odds."""
    left = np.arange(0, 2 * n, 2, dtype=np.int32)
    scored = ScoredPairs(left, left + 1, np.zeros(n, dtype=np.float32), np.full(n, 0.5, dtype=np.float32))
    return IdentityGraph(Keys(pl.DataFrame({"source": [""] * (2 * n), "record_id": range(2 * n)})), scored)


def every(n: int) -> Any:
    """Return what says that all pairs are proposed, whatever is left out."""
    return lambda _: np.ones(n, dtype=bool)


def model_without(model: FellegiSunter, packed: Any, name: str) -> Floats:
    """Return the log2 odds of patterns by a model that does not see one comparator."""
    layout = model.fitted.layout
    return model.score(Comparisons(layout, layout.without(packed, name))) + model.fitted.prior_bits


def judged_by(model: FellegiSunter, packed: Any) -> Judged | None:
    """Return what comparators left out say of pairs that share no record, scored by a model."""
    n = len(packed)
    return judged(
        apart(n), packed, model, every(n), lambda name: model_without(model, packed, name), linkage=AverageLinkage()
    )


def truth_of(height: Floats, heights: tuple[float, ...], match: Mask) -> tuple[Floats, Floats]:
    """Return the pairs of each height, those above the highest with it, and the share of matches of them."""
    place = np.minimum(np.floor(height), np.floor(heights[-1])).astype(int) - int(np.floor(heights[0]))
    there = np.bincount(place, minlength=len(heights)).astype(float)
    return there, np.bincount(place, weights=match, minlength=len(heights)) / np.maximum(there, 1)


# Shares of counted levels


MIXED = st.lists(st.integers(1, 20), min_size=2, max_size=4)


@given(st.lists(st.floats(0.02, 0.98), min_size=1, max_size=6), st.sampled_from([0, 2, 3]))
def test_shares_that_were_mixed_are_found(shares: list[float], column: int) -> None:
    m, u = np.array(M[column]), np.array(U[column])
    share = np.array(shares)[:, None]
    found = shares_of(1e6 * (share * m + (1 - share) * u), m, u, np.full(len(shares), 0.5))
    assert found == pytest.approx(np.array(shares), abs=2e-3)


@given(MIXED, st.lists(st.integers(0, 60), min_size=4, max_size=4), st.floats(0.05, 0.95))
def test_shares_are_the_likeliest_of_all_with_what_is_trusted(
    drawn: list[int], seen: list[int], trusted: float
) -> None:
    """Against all shares in steps of a thousandth, where levels differ enough for a hundred rounds to come to rest."""
    m = np.array(drawn) / sum(drawn)
    u = m[::-1] / m.sum()
    counts = np.array(seen[: len(m)], dtype=float)
    grid = np.arange(0.001, 1, 0.001)
    likelihood = (counts * np.log(grid[:, None] * m + (1 - grid[:, None]) * u)).sum(axis=1)
    likelihood += TRUST * (trusted * np.log(grid) + (1 - trusted) * np.log(1 - grid))
    found = shares_of(counts[None, :], m, u, np.array([trusted]))
    assert found[0] == pytest.approx(grid[np.argmax(likelihood)], abs=2e-3)


def test_where_nothing_was_seen_heights_are_taken_at_their_word() -> None:
    found = shares_of(np.zeros((2, 2)), np.array([0.1, 0.9]), np.array([0.9, 0.1]), np.array([0.2, 0.7]))
    assert found == pytest.approx([0.2, 0.7])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 50)), min_size=1, max_size=20))
def test_rising_values_are_those_of_isotonic_regression(drawn: list[tuple[float, float]]) -> None:
    isotonic = pytest.importorskip("sklearn.isotonic").IsotonicRegression()
    values, weights = np.array(drawn).T
    found = rising(values, weights)
    assert found == pytest.approx(isotonic.fit_transform(np.arange(len(values)), values, sample_weight=weights))
    assert (np.diff(found) >= 0).all()


def test_bands_are_whole_odds_within_bounds() -> None:
    height = np.array([-np.inf, -5.0, -4.01, -0.5, 0.0, 0.99, 7.99, 8.0, 30.0, np.inf, -7.0])
    assert bands(height).tolist() == [-6, -5, -5, -1, 0, 0, 7, 8, 8, 8, -5]


# What is left out


@given(st.lists(st.tuples(*(st.integers(-1, len(u) - 1) for u in U)), min_size=1, max_size=9), st.sampled_from("0123"))
def test_a_comparator_left_out_is_missing_and_all_others_stay(levels: list[tuple[int, ...]], column: str) -> None:
    place = int(column)
    packed = LAYOUT.without(LAYOUT.pack(levels), LAYOUT.names[place])
    wanted = [[-1 if i == place else level for i, level in enumerate(row)] for row in levels]
    assert LAYOUT.levels(packed).tolist() == wanted


def test_odds_without_a_comparator_are_those_of_the_others_and_of_the_prior() -> None:
    model, compared = model_of(LAYOUT, M, U, prior=0.1), made_pairs(200)[0]
    found = model_without(model, compared.packed, "mail")
    levels, prior = compared.levels, np.log2(0.1 / 0.9)
    for odds, row in zip(found, levels, strict=True):
        told = [np.log2(M[i][row[i]] / U[i][row[i]]) for i in (0, 1, 3) if row[i] >= 0]
        assert odds == pytest.approx(prior + sum(told))


def test_joins_by_other_odds_are_those_of_the_builder_on_pairs_of_these_odds() -> None:
    graph = IdentityGraph.of(edges=[("a", "b", 0.5), ("b", "c", 0.5), ("c", "d", 0.5)])
    odds = np.array([3.0, -1.0, 2.0])
    assert dendrogram_of(graph, odds, AverageLinkage()).height == pytest.approx([3.0, 2.0, (-1 - 5 * 3) / 4], abs=1e-5)
    clipped = dendrogram_of(graph, odds, AverageLinkage(limit=6.0, unseen=-0.5))
    assert clipped.height == pytest.approx([3.0, 2.0, (-1 - 5 * 3) / 4], abs=1e-5)
    assert dendrogram_of(graph, 9 * odds, AverageLinkage(limit=6.0)).height[:2] == pytest.approx([6.0, 6.0])


@pytest.mark.parametrize(
    ("arguments", "left_out"),
    [
        ({"identity": ("name", "born")}, ["name", "born"]),
        ({"identity": ("name", "born"), "household": ("name",)}, ["born"]),
        ({}, ["name", "mail"]),
        ({"household": ("mail",)}, ["name"]),
        ({"identity": ("born",), "household": ("born", "mail")}, ["name"]),
    ],
)
def test_identities_are_left_out_or_else_what_is_telling_and_no_household_shares(
    arguments: dict[str, Any], left_out: list[str]
) -> None:
    """The town and the birth date tell less than three bits of a match here, name and mail more."""
    m = (M[0], M[1], (0.05, 0.95), (0.3, 0.3, 0.4))
    u = (U[0], U[1], (0.99, 0.01), (0.6, 0.2, 0.2))
    compared = made_pairs(4_000)[0]
    told = judged_by(model_of(LAYOUT, m, u, **arguments), compared.packed)
    assert told is not None
    assert [each.comparator for each in told.held_out] == left_out


# Shares at heights


@pytest.mark.parametrize("prior", [0.01, SHARE, 0.8])
@pytest.mark.parametrize("name", ["name", "born"])
def test_shares_are_near_the_truth_however_wrong_the_model_is_about_how_rare_matches_are(
    name: str, prior: float
) -> None:
    compared, match = made_pairs(20_000, SHARE, seed=5)
    model = model_of(LAYOUT, M, U, prior=prior, identity=(name,))
    told = judged_by(model, compared.packed)
    assert told is not None
    height = np.clip(model_without(model, compared.packed, name), -5, None)
    joined = model_without(model, compared.packed, name) >= LOWEST
    there, truth = truth_of(height[joined], told.held_out[0].heights, match[joined])
    found = np.array(told.held_out[0].shares)
    assert (np.abs(found - truth)[there > 300] < 0.09).all()
    assert there[there > 300].sum() > 2_500
    assert told.chance[joined].sum() == pytest.approx(match[joined].sum(), rel=0.06)
    assert (told.chance[~joined] == 0).all()


def flat(heights: list[float], level: list[int], *, proposed: Mask | None = None, **arguments: Any) -> HeldOut | None:
    """Return what a comparator of two levels says of pairs that come together at given heights."""
    n = len(heights)
    packed = FLAT.pack(np.column_stack([level, np.zeros(n, dtype=int)]))
    model = model_of(FLAT, ((0.1, 0.9), (0.5, 0.5)), ((0.9, 0.1), (0.5, 0.5)), identity=("told",), **arguments)
    keep = np.ones(n, dtype=bool) if proposed is None else proposed
    told = judged(
        apart(n), packed, model, lambda _: keep, lambda _: np.array(heights, dtype=float), linkage=AverageLinkage()
    )
    return None if told is None else told.held_out[0]


@pytest.mark.parametrize(
    ("counts", "last"),
    [
        ({9.0: 200}, 8.5),
        ({9.0: 199, 7.5: 1}, 7.5),
        ({9.0: 150, 6.2: 40, 5.9: 10}, 5.5),
        ({9.0: 150, 1.0: 500}, 2.5),
        ({2.0: 50}, 2.5),
        ({2.0: 49, 1.9: 900}, None),
    ],
)
def test_the_surest_heights_have_two_hundred_pairs_or_at_least_fifty_from_two_bits_on(
    counts: dict[float, int], last: float | None
) -> None:
    heights = [height for height, count in counts.items() for _ in range(count)]
    found = flat(heights, [1] * len(heights))
    assert (None if found is None else found.heights) == (
        None if last is None else tuple(np.arange(-4.5, last + 0.5).tolist())
    )


def test_pairs_that_blocking_proposed_by_the_comparator_tell_nothing() -> None:
    """Whatever these agree like, shares are the same."""
    random = np.random.default_rng(1)
    heights = np.repeat([-2.5, 0.5, 2.5, 8.5], 500)
    level = (random.random(2_000) < np.repeat([0.1, 0.4, 0.7, 0.9], 500)).astype(int)
    proposed = random.random(2_000) < 0.6
    shares = []
    for there in (level, np.where(proposed, level, 1), np.where(proposed, level, 0)):
        found = flat(heights.tolist(), there.tolist(), proposed=proposed)
        assert found is not None
        shares.append(found.shares)
    assert shares[0] == shares[1] == shares[2]
    other = flat(heights.tolist(), np.where(proposed, level, 1).tolist())
    assert other is not None
    assert other.shares != shares[0]
    assert flat(heights.tolist(), level.tolist(), proposed=np.zeros(2_000, dtype=bool)) is None


@pytest.mark.parametrize(("counted", "chance"), [(1_000, 0.05), (50, 0.83), (0, 0.85)])
def test_where_few_pairs_tell_heights_are_taken_at_their_word(counted: int, chance: float) -> None:
    """All pairs at 2.5 bits differ; a hundred more there miss the comparator, and are judged by height alone."""
    heights, level = [2.5] * 1_000 + [8.5] * 500 + [2.5] * 100, [0] * 1_000 + [1] * 500 + [-1] * 100
    proposed = np.append(np.arange(1_000) < counted, np.ones(600, dtype=bool))
    found = flat(heights, level, proposed=proposed)
    assert found is not None
    assert found.chance[-100:] == pytest.approx(chance, abs=0.02)


def test_others_agree_like_members_of_one_household() -> None:
    """Half of the pairs at half a bit agree: among strangers few do, so half of these match; of a household many do."""
    heights, level = [0.5] * 2_000 + [9.0] * 2_000, [0, 1] * 1_000 + [0] * 200 + [1] * 1_800
    strangers, household = flat(heights, level), flat(heights, level, h=((0.6, 0.4), (0.5, 0.5)))
    assert strangers is not None
    assert household is not None
    assert strangers.shares[5] == pytest.approx(0.5, abs=0.02)
    assert household.shares[5] == pytest.approx(0.2, abs=0.04)


def test_the_own_agreement_of_a_pair_counts_on_top() -> None:
    """The odds of pairs of one height that agree and that differ are apart by what both say."""
    random = np.random.default_rng(2)
    heights, chances = np.repeat([0.5, 8.5], 1_000), np.repeat([0.5, 0.9], 1_000)
    level = (random.random(2_000) < chances).astype(int)
    level[:10] = -1
    found = flat(heights.tolist(), level.tolist())
    assert found is not None
    odds = np.log2(found.chance / (1 - found.chance))[:1_000]
    missing, equal, differs = odds[0], odds[level[:1_000] == 1][0], odds[level[:1_000] == 0][0]
    m = (np.bincount(level[1_000:], minlength=2) + 4 * np.array([0.1, 0.9])) / 1_004
    assert equal - missing == pytest.approx(np.log2(m[1] / 0.1))
    assert differs - missing == pytest.approx(np.log2(m[0] / 0.9))
    assert 2**missing / (1 + 2**missing) == pytest.approx(0.5, abs=0.05)


def test_pairs_that_one_join_brings_together_are_judged_as_one() -> None:
    """Two records are one at eight bits; a third comes at half a bit, agreeing with one of them or both."""
    n = 500
    row = np.arange(n)
    left, right = (
        np.concatenate([3 * row, 3 * row, 3 * row + 1]),
        np.concatenate([3 * row + 1, 3 * row + 2, 3 * row + 2]),
    )
    level = np.concatenate([np.ones(n), row % 2 == 0, row % 3 - 1]).astype(np.int8)
    none = np.zeros(3 * n, dtype=np.float32)
    scored = ScoredPairs(left.astype(np.int32), right.astype(np.int32), none, none + 0.5)
    graph = IdentityGraph(Keys(pl.DataFrame({"source": [""] * (3 * n), "record_id": range(3 * n)})), scored)
    model = model_of(FLAT, ((0.1, 0.9), (0.5, 0.5)), ((0.9, 0.1), (0.5, 0.5)), identity=("told",))
    packed = FLAT.pack(np.column_stack([level, np.zeros(3 * n, dtype=int)]))
    heights = np.repeat([9.0, 0.5], [n, 2 * n])
    told = judged(graph, packed, model, every(3 * n), lambda _: heights, linkage=AverageLinkage())
    assert told is not None
    one, other = told.chance[n : 2 * n], told.chance[2 * n :]
    assert one.tolist() == other.tolist()
    odds = np.log2(one / (1 - one))
    agrees, differs = np.log2((n + 3.6) / (n + 4) / 0.1), np.log2(0.4 / (n + 4) / 0.9)
    weight = np.array([differs, agrees])
    for a, b in product((0, 1), (-1, 0, 1)):
        mean = weight[a] if b < 0 else (weight[a] + weight[b]) / 2
        here = (level[n : 2 * n] == a) & (level[2 * n :] == b)
        assert odds[here] - odds[(level[n : 2 * n] == 1) & (level[2 * n :] == 1)][0] == pytest.approx(mean - agrees)


def test_pairs_that_never_come_together_are_no_matches() -> None:
    found = flat([9.0] * 300 + [-5.5] * 10, [1] * 310)
    assert found is not None
    assert (found.chance[-10:] == 0).all()
    assert (found.chance[:300] > 0.99).all()


def test_shares_rise_and_are_neither_none_nor_all() -> None:
    found = flat([9.0] * 900 + [1.5] * 400 + [3.5] * 400, [1] * 900 + [1] * 400 + [0] * 400)
    assert found is not None
    assert (np.diff(found.shares) >= 0).all()
    assert min(found.shares) >= 0.001
    assert max(found.shares) <= 0.999


def test_the_chance_of_a_pair_is_the_mean_of_all_that_were_left_out() -> None:
    both = [HeldOut(name, (0.5,), (0.5,), np.array(chance)) for name, chance in (("a", [0.2, 1.0]), ("b", [0.6, 0.0]))]
    assert Judged(tuple(both)).chance == pytest.approx([0.4, 0.5])
    assert repr(Judged(tuple(both))) == "<Judged by a, b>"
    assert repr(both[0]) == "<HeldOut: a, 1 heights>"


# Generated customers


@attrs.frozen
class Known:
    """Scored pairs of generated customers, whether they match, and what comparators left out say of them."""

    graph: IdentityGraph
    packed: npt.NDArray[np.int64]
    model: FellegiSunter
    match: Mask
    told: Judged
    resolution: ig.Resolution
    entity: npt.NDArray[np.int64]


@pytest.fixture(scope="module")
def known() -> Known:
    """Return 1,200 customers, resolved."""
    made = customers(1_200, seed=4)
    resolution = ig.resolve(made.records, id="record_id", source="source")
    matcher, graph, records = resolution.resolver.matcher, resolution.graph, resolution.records
    model = matcher.model if isinstance(matcher, SelfTrained) else matcher
    assert isinstance(model, FellegiSunter)
    pairs = Pairs(graph.scored.left, graph.scored.right)
    packed = Comparison(resolution.resolver.comparators).patterns(records, pairs)
    numbers = {key: int(entity[1:]) for *key_parts, entity in made.truth.rows() for key in [tuple(key_parts)]}
    entity = np.array([numbers[key] for key in graph.keys.frame.select("source", "record_id").rows()])
    told = judged(
        graph,
        packed,
        model,
        every(len(pairs)),
        lambda name: model_without(model, packed, name),
        linkage=AverageLinkage(),
    )
    assert told is not None
    return Known(graph, packed, model, entity[pairs.left] == entity[pairs.right], told, resolution, entity)


def test_shares_of_generated_customers_are_near_the_truth(known: Known) -> None:
    assert [each.comparator for each in known.told.held_out] == ["birth_date", "name.given"]
    pairs = Pairs(known.graph.scored.left, known.graph.scored.right)
    for each in known.told.held_out:
        height = dendrogram_of(
            known.graph, model_without(known.model, known.packed, each.comparator), AverageLinkage()
        ).heights(pairs)
        joined = np.isfinite(height)
        there, truth = truth_of(np.maximum(height[joined], LOWEST), each.heights, known.match[joined])
        found = np.array(each.shares)
        assert np.abs(found - truth)[there > 80].max() < 0.12
        assert np.average(np.abs(found - truth), weights=there) < 0.05
        assert each.heights[-1] == HIGHEST + 0.5
        assert each.chance.sum() == pytest.approx(known.match.sum(), rel=0.05)


def test_what_comparators_left_out_say_is_nearer_the_truth_than_what_the_model_says(known: Known) -> None:
    def error(chance: Floats) -> float:
        return float(np.mean((chance - known.match) ** 2))

    model = probability_of(
        known.model.score(Comparisons(known.model.fitted.layout, known.packed)) + known.model.fitted.prior_bits
    )
    assert error(known.told.chance) < error(model)
    assert error(known.told.chance) < 0.02


def test_expected_figures_of_generated_customers_are_near_the_real_ones(known: Known) -> None:
    made, found = known.resolution.clusters.labels, known.resolution.estimated
    same, together = (pairs_within(codes) for codes in (known.entity, made))
    right = pairs_within(made * (known.entity.max() + 1) + known.entity)
    assert found is not None
    assert found.precision == pytest.approx(right / together, abs=0.03)
    assert found.recall == pytest.approx(right / same, abs=0.03)


def pairs_within(codes: npt.NDArray[np.int64]) -> int:
    """Return how many pairs of records carry one code."""
    counts = np.unique(codes, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())
