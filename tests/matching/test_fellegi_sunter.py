"""The model: weights by the plain formula, probabilities by the prior, plain data in and out."""

from __future__ import annotations

import json
import math
from itertools import product

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import FellegiSunter, IdentigraphError, Pairs, Records
from identigraph.comparing import Comparison, Patterns
from identigraph.comparing.building import exact, similar
from identigraph.errors import ConfigurationError, NotFittedError
from identigraph.matching import Parameters, Population


@attrs.frozen
class Levels:
    """A comparator of so many levels, which is never asked for them."""

    name: str
    size: int

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the numbers of the levels."""
        return tuple(map(str, range(self.size)))

    def levels(self, records: Records, pairs: Pairs) -> np.ndarray:
        """Raise, as no test compares anything with it."""
        raise NotImplementedError


def model_of(sizes: tuple[int, ...], household_prior: float, seed: int) -> tuple[FellegiSunter, Comparison]:
    """Return a model with random parameters, and its comparators."""
    comparison = Comparison([Levels(f"c{i}", size) for i, size in enumerate(sizes)])
    random = np.random.default_rng(seed)
    m, h, u = (tuple(tuple(random.dirichlet(np.ones(size)).tolist()) for size in sizes) for _ in range(3))
    rest = (1e-3, household_prior, 1 - 1e-3 - household_prior)
    parameters = Parameters(comparison.names, comparison.labels, m, h, u, *rest, iterations=3, converged=True)
    return FellegiSunter(parameters=parameters), comparison


def slow_weight(p: Parameters, levels: list[int]) -> float:
    """Return the match weight of one pattern by the formula."""
    same, household, others = (
        math.prod(table[i][level] for i, level in enumerate(levels) if level >= 0) for table in (p.m, p.h, p.u)
    )
    rest = p.prior_household + p.prior_others
    return math.log2(same / ((household * p.prior_household + others * p.prior_others) / rest))


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=8).map(tuple),
    st.sampled_from([0.0, 1e-4, 0.1]),
    st.integers(0, 100),
    st.data(),
)
def test_weights_are_those_of_the_formula(sizes, household_prior, seed, data) -> None:
    model, comparison = model_of(sizes, household_prior, seed)
    rows = data.draw(st.lists(st.tuples(*[st.integers(-1, size - 1) for size in sizes]), max_size=6))
    shifted = [sum((level + 1) << shift for level, shift in zip(row, comparison.shifts, strict=True)) for row in rows]
    weights = model.weights(comparison, np.array(shifted, dtype=np.int64))
    assert weights.tolist() == pytest.approx([slow_weight(model.parameters, row) for row in rows], abs=1e-9)


def test_comparators_may_have_up_to_127_levels() -> None:
    model, comparison = model_of((3, 127, 100, 3), 0.0, 1)
    assert comparison.bits == 2 + 7 + 7 + 2
    rows = list(product([-1, 2], [-1, 126], [-1, 99], [0, 1]))
    packed = [sum((level + 1) << shift for level, shift in zip(row, comparison.shifts, strict=True)) for row in rows]
    expected = [slow_weight(model.parameters, row) for row in rows]
    weights = model.weights(comparison, np.array(packed, dtype=np.int64))
    assert weights.tolist() == pytest.approx(expected)


@given(st.floats(1e-9, 1 - 1e-9))
def test_a_weight_and_its_probability_lead_to_each_other(probability) -> None:
    model, _ = model_of((2,), 0.0, 1)
    weight = model.weight_at(probability)
    assert model.probabilities(np.array([weight]))[0] == pytest.approx(probability)
    odds = 1e-3 / 0.999 * 2**weight
    assert odds / (1 + odds) == pytest.approx(probability)


def test_probabilities_keep_their_order_and_bounds_at_any_weight() -> None:
    model, _ = model_of((2,), 0.0, 1)
    got = model.probabilities(np.array([-np.inf, -1e6, -1e3, 0, 9.96, 50, 1e6, np.inf]))
    assert (np.diff(got) >= 0).all()
    assert (got[0] < 1e-300, got[-1]) == (True, 1.0)
    assert got[4] == pytest.approx(0.5, abs=0.01)


def test_certainty_lies_at_infinite_weights() -> None:
    model, _ = model_of((2,), 0.0, 1)
    assert [model.weight_at(p) for p in (-1, 0, 1, 2)] == [-math.inf, -math.inf, math.inf, math.inf]


RECORDS = Records.of(
    {
        "name": ["ann lee", "ann lee", "anne lee", "bob ray", "bob ray", "cy fox", "di roe", "ed poe"],
        "town": ["bath", "bath", "bath", "york", "york", "york", "leeds", None],
    }
)
COMPARISON = Comparison([similar("name"), exact("town")])
PATTERNS = COMPARISON.patterns(RECORDS, Pairs.of(*np.triu_indices(8, k=1)))
POPULATION = Population.of(RECORDS, COMPARISON)


def test_fit_returns_a_new_model_and_leaves_the_old_one_alone() -> None:
    unfitted = FellegiSunter(identity=["name"], max_iterations=3)
    fitted = unfitted.fit(COMPARISON, Patterns.counted([PATTERNS]), POPULATION)
    assert fitted.is_fitted
    assert not unfitted.is_fitted
    assert attrs.evolve(fitted, parameters=None) == unfitted
    assert fitted.parameters.names == ("name", "town")
    assert fitted.parameters.iterations <= 3
    weights = fitted.weights(COMPARISON, PATTERNS)
    equal = COMPARISON.levels(PATTERNS)[:, 0] >= 3
    assert weights[equal].min() > weights[~equal].max()


def test_fitting_twice_gives_equal_models_which_survive_json() -> None:
    one, other = (
        FellegiSunter(household=("town",), identity=("name",), tolerance=0.01).fit(
            COMPARISON, Patterns.counted([PATTERNS]), POPULATION
        )
        for _ in range(2)
    )
    assert one == other
    assert hash(one) == hash(other)
    again = FellegiSunter.from_dict(json.loads(json.dumps(one.to_dict())))
    assert again == one
    assert again.weights(COMPARISON, PATTERNS).tolist() == one.weights(COMPARISON, PATTERNS).tolist()


def test_an_unfitted_model_survives_json() -> None:
    model = FellegiSunter(household=("town",), max_iterations=5)
    assert FellegiSunter.from_dict(json.loads(json.dumps(model.to_dict()))) == model


@pytest.mark.parametrize(
    "ask",
    [
        lambda model: model.weights(COMPARISON, PATTERNS),
        lambda model: model.probabilities(np.zeros(1)),
        lambda model: model.weight_at(0.5),
    ],
)
def test_an_unfitted_model_says_how_to_fit_it(ask) -> None:
    message = r"FellegiSunter is not fitted; write matcher = matcher.fit\(...\)"
    with pytest.raises(NotFittedError, match=message) as caught:
        ask(FellegiSunter())
    assert isinstance(caught.value, IdentigraphError)


@pytest.mark.parametrize("argument", ["household", "identity"])
def test_a_name_that_no_comparator_has_is_refused(argument) -> None:
    model = FellegiSunter(**{argument: ("name", "surname")})
    with pytest.raises(ConfigurationError, match="no comparator 'surname'; there are name, town"):
        model.fit(COMPARISON, Patterns.counted([PATTERNS]), POPULATION)


def test_a_population_without_pairs_trains_nothing() -> None:
    across = Population.of(RECORDS, COMPARISON, link="across")
    with pytest.raises(ConfigurationError, match="no two records may be linked"):
        FellegiSunter().fit(COMPARISON, Patterns.counted([PATTERNS]), across)


@pytest.mark.parametrize(
    "other", [[exact("town"), similar("name")], [similar("name", 0.9), exact("town")], [similar("name")]]
)
def test_a_model_weighs_the_comparators_that_it_was_fitted_to_and_no_others(other) -> None:
    fitted = FellegiSunter().fit(COMPARISON, Patterns.counted([PATTERNS]), POPULATION)
    with pytest.raises(ConfigurationError, match="it was fitted to name, town, and got"):
        fitted.weights(Comparison(other), PATTERNS)


def test_two_records_are_enough_to_train_on() -> None:
    records = Records.of({"name": ["ann lee", "ann lee"], "town": ["bath", None]})
    patterns = Patterns.counted([COMPARISON.patterns(records, Pairs.of([0], [1]))])
    fitted = FellegiSunter().fit(COMPARISON, patterns, Population.of(records, COMPARISON))
    assert np.isfinite(fitted.weights(COMPARISON, patterns.packed)).all()
    assert fitted.weights(COMPARISON, patterns.packed)[0] > 0
