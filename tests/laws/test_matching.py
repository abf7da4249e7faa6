"""Laws of matchers: a weight follows from the pattern alone, a probability from the weight, and nothing else counts."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_pairs import LAYOUT, made_pairs, population_of

from identigraph import Combined, FellegiSunter, Linear, Points, Rules, Supervised, rule, when
from identigraph.comparing import Comparisons
from identigraph.errors import NotFittedError
from identigraph.matching import Labeled, matcher_from

COMPARED, TRUTH = made_pairs(1_500, 0.25, seed=11)
PEOPLE = population_of(COMPARED)
FEW, ANSWERS = made_pairs(80, 0.4, seed=12)
RULES = Rules(
    [rule(when(mail="equal"), "match"), rule(when(born="differs"), "non-match"), rule({"name": "equal"}, "possible")]
)
POINTS = [
    Points("name", 3, differ=-2, group="who"),
    Points("born", 3, levels={"near": 1}, group="who"),
    Points("mail", 5),
]
MATCHERS: dict[str, Any] = {
    "Fellegi-Sunter": FellegiSunter(),
    "households": FellegiSunter(("town",), ("name", "born"), interactions=[("name", "mail")]),
    "conditions": FellegiSunter(definite=[when(mail="equal")], veto=[when(born="differs")], prior=0.05),
    "rules": RULES,
    "points": Linear(POINTS, 4, 0.8, caps={"who": 4}),
    "rules and model": Combined(RULES, FellegiSunter()),
    "rules and points": Combined(RULES, Linear(POINTS, 4)),
    "supervised": Supervised(),
    "classifier": Supervised(None),
    "rules and supervised": Combined(RULES, Supervised()),
}
NAMES = st.sampled_from(list(MATCHERS))
LEVELS = st.lists(st.tuples(*[st.integers(-1, len(labels) - 1) for labels in LAYOUT.labels]), max_size=12)


@cache
def fitted(name: str) -> Any:
    """Return a matcher fitted to the made pairs and labels."""
    pytest.importorskip("sklearn")
    return MATCHERS[name].fit(COMPARED, labels=Labeled(FEW, ANSWERS), population=PEOPLE)


def compared(rows: list[tuple[int, ...]]) -> Comparisons:
    """Return comparisons of the levels."""
    return Comparisons(LAYOUT, LAYOUT.pack(np.array(rows, dtype=np.int64).reshape(-1, len(LAYOUT.names))))


@given(NAMES, LEVELS, st.randoms(use_true_random=False), st.integers(0, 12))
def test_a_weight_follows_from_the_pattern_alone(name, rows, random, cut) -> None:
    """Neither the order of pairs nor batches nor repeats change it."""
    matcher = fitted(name)
    whole = matcher.score(compared(rows))
    assert (whole.shape, whole.dtype) == ((len(rows),), np.float64)
    order = list(range(len(rows)))
    random.shuffle(order)
    assert matcher.score(compared([rows[i] for i in order])) == pytest.approx(whole[order])
    parts = [matcher.score(compared(part)) for part in (rows[:cut], rows[cut:], rows)]
    assert np.concatenate(parts[:2]) == pytest.approx(whole)
    assert parts[2].tolist() == whole.tolist()
    assert matcher.score(compared(rows * 2)) == pytest.approx(np.tile(whole, 2))


@given(NAMES, LEVELS)
def test_scoring_leaves_the_patterns_as_they_are(name, rows) -> None:
    given_pairs = compared(rows)
    given_pairs.packed.setflags(write=False)
    before = given_pairs.packed.tolist()
    fitted(name).score(given_pairs)
    assert given_pairs.packed.tolist() == before


@given(NAMES, LEVELS, st.booleans())
def test_plain_data_brings_the_matcher_back(name, rows, trained) -> None:
    matcher = fitted(name) if trained else MATCHERS[name]
    again = matcher_from(json.loads(json.dumps(matcher.to_dict())))
    assert type(again) is type(matcher)
    assert (again.is_fitted, again.layout) == (matcher.is_fitted, matcher.layout)
    assert again.to_dict() == matcher.to_dict()
    if matcher.is_fitted:
        assert again.score(compared(rows)).tolist() == matcher.score(compared(rows)).tolist()
        assert again.weight_at(0.3) == matcher.weight_at(0.3)


@given(NAMES, st.lists(st.floats(-60, 60), min_size=2, max_size=9))
def test_probabilities_rise_with_weights(name, weights) -> None:
    probabilities = fitted(name).probabilities(np.sort(np.array(weights)))
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert (np.diff(probabilities) >= 0).all()
    low, high = fitted(name).probabilities(np.array([-10.0, 10.0]))
    assert low < high


@given(NAMES, st.floats(1e-6, 1 - 1e-6))
def test_a_weight_and_its_probability_lead_to_each_other(name, probability) -> None:
    matcher = fitted(name)
    assert matcher.probabilities(np.array([matcher.weight_at(probability)]))[0] == pytest.approx(probability)
    assert matcher.weight_at(0) == -np.inf == -matcher.weight_at(1)


@given(NAMES, LEVELS.filter(bool))
def test_explanations_say_what_scores_say(name, rows) -> None:
    matcher, pairs = fitted(name), compared(rows[:1])
    told = matcher.explain(pairs[0])
    assert told.match_weight == pytest.approx(matcher.score(pairs)[0])
    assert told.match_probability == pytest.approx(matcher.probabilities(matcher.score(pairs))[0])
    assert told.reason
    assert str(told).startswith(told.reason)
    labels = pairs[0].labels
    assert all(labels[e.comparator] == e.label for e in told.evidence if e.comparator in labels)


@pytest.mark.parametrize("name", MATCHERS)
def test_fitting_returns_a_new_value_and_leaves_the_old_one_alone(name) -> None:
    matcher = MATCHERS[name]
    before = matcher.to_dict()
    assert fitted(name).is_fitted
    assert fitted(name) != matcher
    assert matcher.to_dict() == before
    if not matcher.is_fitted:
        with pytest.raises(NotFittedError, match="is not fitted"):
            matcher.score(FEW)


@pytest.mark.parametrize("name", MATCHERS)
def test_fitting_twice_gives_the_same(name) -> None:
    again = MATCHERS[name].fit(COMPARED, labels=Labeled(FEW, ANSWERS), population=PEOPLE)
    assert again == fitted(name)
    assert again.to_dict() == fitted(name).to_dict()


@pytest.mark.parametrize("name", MATCHERS)
def test_every_matcher_finds_what_it_can(name) -> None:
    """On pairs whose truth is known, most are told right."""
    matcher = fitted(name)
    probability = matcher.probabilities(matcher.score(COMPARED))
    assert ((probability > 0.5) == TRUTH).mean() > 0.85
