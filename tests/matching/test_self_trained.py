"""A classifier taught by clusters: what it learns from, what it says, and how it is kept."""

from __future__ import annotations

import json

import attrs
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pairs import LAYOUT, made_pairs, population_of

from identigraph import FellegiSunter, estimators
from identigraph.comparing import Comparisons, Layout
from identigraph.errors import ConfigurationError, MissingExtraError, NotFittedError
from identigraph.matching import SelfTrained, matcher_from
from identigraph.matching.self_trained import SUREST, Learned
from identigraph.matching.trees import Trees
from identigraph.odds import probability_of

pytest.importorskip("sklearn")

COMPARED, TRUTH = made_pairs(3_000, 0.2, seed=2)
PEOPLE = population_of(COMPARED)
EVERY = Comparisons(LAYOUT, np.unique(COMPARED.packed))
MODEL = FellegiSunter().fit(COMPARED, population=PEOPLE)
TAUGHT = SelfTrained(MODEL).taught(COMPARED, TRUTH)


def scores(matcher: SelfTrained) -> list[float]:
    """Return the odds of all patterns."""
    return matcher.score(EVERY).tolist()


def test_until_it_is_taught_it_says_what_its_model_says() -> None:
    fitted = SelfTrained().fit(COMPARED, population=PEOPLE)
    assert (SelfTrained().is_fitted, fitted.is_fitted, fitted.learned) == (False, True, None)
    assert (SelfTrained().layout, fitted.layout) == (None, LAYOUT)
    assert fitted == SelfTrained(MODEL)
    odds = fitted.score(EVERY)
    assert odds == pytest.approx(MODEL.score(EVERY) + MODEL.fitted.prior_bits)
    assert fitted.probabilities(odds) == pytest.approx(MODEL.probabilities(MODEL.score(EVERY)))
    assert fitted.weight_at(0.5) == 0
    assert fitted.explain(EVERY[3]) == MODEL.explain(EVERY[3])


def test_labels_are_for_the_model() -> None:
    labeled = SelfTrained().fit(COMPARED, labels=TRUTH, population=PEOPLE)
    assert labeled.model == FellegiSunter().fit(COMPARED, labels=TRUTH, population=PEOPLE)
    assert labeled.model != MODEL


def test_fitting_anew_forgets_what_clusters_taught() -> None:
    assert TAUGHT.fit(COMPARED, population=PEOPLE).learned is None


def test_it_learns_what_clusters_say_and_not_what_the_model_does() -> None:
    """Taught by clusters that are as the model has them, and by the opposite."""
    right, wrong = TAUGHT, SelfTrained(MODEL).taught(COMPARED, ~TRUTH)
    assert ((right.score(COMPARED) > 0) == TRUTH).mean() > 0.96
    assert ((wrong.score(COMPARED) > 0) == TRUTH).mean() < 0.04
    assert (right.model, wrong.model) == (MODEL, MODEL)
    assert abs(right.probabilities(right.score(COMPARED)).mean() - TRUTH.mean()) < 0.01


def test_it_learns_how_comparators_hang_together() -> None:
    """Clusters hold the pairs that agree on exactly one of two: no sum of weights tells these from the others."""
    one = (COMPARED.levels[:, 0] >= 2) != (COMPARED.levels[:, 2] == 1)
    odds = SelfTrained(MODEL).taught(COMPARED, one).score(COMPARED)
    assert ((odds > 0) == one).mean() > 0.99


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_pairs_changes_nothing(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(TRUTH))
    moved = Comparisons(LAYOUT, COMPARED.packed[order])
    assert scores(SelfTrained(MODEL).taught(moved, TRUTH[order])) == scores(TAUGHT)


def test_counts_are_repeats() -> None:
    counts = np.random.default_rng(1).integers(1, 5, len(TRUTH))
    counted = Comparisons(LAYOUT, COMPARED.packed, counts.astype(float))
    repeated = Comparisons(LAYOUT, np.repeat(COMPARED.packed, counts))
    once = SelfTrained(MODEL).taught(counted, TRUTH)
    assert scores(once) == scores(SelfTrained(MODEL).taught(repeated, np.repeat(TRUTH, counts)))
    assert scores(once) != scores(TAUGHT)
    assert once.learned is not None
    assert once.learned.match.sum() == counts[TRUTH].sum()
    assert once.learned.other.sum() == counts[~TRUTH].sum()


@given(st.data())
@settings(max_examples=8)
def test_patterns_are_counted_inside_clusters_and_between(data: st.DataObject) -> None:
    size = data.draw(st.integers(4, 60))
    packed = COMPARED.packed[:size]
    match = np.array([True, False, *data.draw(st.lists(st.booleans(), min_size=size - 2, max_size=size - 2))])
    learned = SelfTrained(MODEL).taught(Comparisons(LAYOUT, packed), match).learned
    assert learned is not None
    assert learned.packed.tolist() == sorted(set(packed.tolist()))
    for code, inside, other in zip(learned.packed, learned.match, learned.other, strict=True):
        assert (inside, other) == ((packed == code)[match].sum(), (packed == code)[~match].sum())
    assert repr(learned) == f"<Learned: {match.sum()} of {size} pairs of clusters>"


@pytest.mark.parametrize("name", LAYOUT.names)
def test_without_a_comparator_it_is_as_if_taught_by_the_same_clusters_without_it(name: str) -> None:
    blind = SelfTrained(MODEL).taught(Comparisons(LAYOUT, LAYOUT.without(COMPARED.packed, name)), TRUTH)
    found = TAUGHT.without(name)
    unseen = Comparisons(LAYOUT, LAYOUT.without(EVERY.packed, name))
    assert found.score(unseen).tolist() == blind.score(unseen).tolist() != TAUGHT.score(unseen).tolist()
    assert found.learned is not None
    assert blind.learned is not None
    assert found.learned.match.tolist() == blind.learned.match.tolist()
    assert SelfTrained(MODEL).without(name) == SelfTrained(MODEL)


def test_a_batch_scores_as_its_parts() -> None:
    whole, odd = TAUGHT.score(COMPARED), np.arange(3_000) % 2 == 1
    assert TAUGHT.score(COMPARED.where(odd)).tolist() == whole[odd].tolist()
    assert TAUGHT.score(COMPARED.where(odd & ~odd)).tolist() == []
    place = np.searchsorted(EVERY.packed, COMPARED.packed)
    assert whole.tolist() == TAUGHT.score(EVERY)[place].tolist()


def test_no_pair_is_surer_than_one_in_a_million() -> None:
    """One tree that has no doubt: it says yes to what agrees best on the first comparator, no to all else."""
    nodes = {"feature": [0, 0, 0], "threshold": [2.0, 0.0, 0.0], "missing_left": [True, False, False]}
    leads = {"right": [2, 1, 2], "left": [1, 1, 2], "value": [0.0, -99.0, 99.0]}
    trees = Trees(0.0, np.array([0]), **{name: np.array(column) for name, column in (nodes | leads).items()})
    sure = attrs.evolve(TAUGHT.learned, trees=trees)
    limit = np.log2((1 - SUREST) / SUREST)
    odds = attrs.evolve(TAUGHT, learned=sure).score(EVERY)
    assert odds == pytest.approx(np.where(EVERY.levels[:, 0] == 3, limit, -limit))


@pytest.mark.parametrize("matcher", [SelfTrained(), SelfTrained(MODEL), TAUGHT], ids=["unfitted", "fitted", "taught"])
def test_it_survives_json(matcher: SelfTrained) -> None:
    plain = json.loads(json.dumps(matcher.to_dict()))
    for again in (SelfTrained.from_dict(matcher.to_dict()), SelfTrained.from_dict(plain), matcher_from(plain)):
        assert isinstance(again, SelfTrained)
        assert again.model == matcher.model
        assert again.to_dict() == matcher.to_dict()
        assert (again.learned is None) == (matcher.learned is None)
        if matcher.is_fitted:
            assert scores(again) == scores(matcher)


@pytest.mark.parametrize("place", range(0, len(EVERY), 11))
def test_an_explanation_adds_up(place: int) -> None:
    told = TAUGHT.explain(EVERY[place])
    odds = TAUGHT.score(EVERY)[place]
    assert told.match_weight == pytest.approx(odds)
    assert sum(each.weight for each in told.evidence) == pytest.approx(odds)
    assert told.match_probability == pytest.approx(probability_of(odds))
    assert [each.comparator for each in told.evidence] == [*LAYOUT.names, "prior", "self-training"]
    assert told.evidence[:4] == MODEL.explain(EVERY[place]).evidence
    assert told.reason == "self-trained"


def kinds(match: bool) -> npt.NDArray[np.bool_]:
    """Return one answer for all pairs."""
    return np.full(len(TRUTH), match)


@pytest.mark.parametrize("match", [True, False])
def test_clusters_of_one_kind_of_pairs_teach_nothing(match: bool) -> None:
    with pytest.raises(ConfigurationError, match="nothing to learn from clusters in which all pairs are, or none is"):
        SelfTrained(MODEL).taught(COMPARED, kinds(match))


@pytest.mark.parametrize("levels", [[1, 1, 0, 2], [-1, -1, -1, -1], [3, -1, -1, -1]])
def test_pairs_that_agree_alike_teach_nothing(levels: list[int]) -> None:
    alike = Comparisons(LAYOUT, LAYOUT.pack([levels] * 4))
    with pytest.raises(ConfigurationError, match="all pairs agree alike"):
        SelfTrained(MODEL).taught(alike, np.array([True, False, True, False]))


def test_comparators_of_one_level_are_not_used() -> None:
    levels = COMPARED.levels.copy()
    levels[:, 1] = np.where(levels[:, 1] < 0, -1, 1)
    learned = SelfTrained(MODEL).taught(Comparisons(LAYOUT, LAYOUT.pack(levels)), TRUTH).learned
    assert learned is not None
    assert set(learned.trees.feature.tolist()) == {0, 2, 3}


def test_comparators_must_be_those_of_the_model() -> None:
    other = Layout(("name", "town"), (("differs", "equal"), ("differs", "equal")))
    compared = Comparisons(other, other.pack([[0, 0], [1, 1]]))
    for matcher in (TAUGHT, SelfTrained(MODEL)):
        for ask in (lambda m=matcher: m.score(compared), lambda m=matcher: m.taught(compared, np.array([True, False]))):
            with pytest.raises(ConfigurationError, match="the matcher's comparators must be the same"):
                ask()


def test_an_unfitted_matcher_says_so() -> None:
    for ask in (
        lambda: SelfTrained().score(EVERY),
        lambda: SelfTrained().explain(EVERY[0]),
        lambda: SelfTrained().taught(COMPARED, TRUTH),
    ):
        with pytest.raises(NotFittedError, match="FellegiSunter is not fitted"):
            ask()


def test_without_scikit_learn_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only to be taught; what was taught before, and what was not, needs nothing."""

    def missing(module: str) -> None:
        raise ModuleNotFoundError(module)

    monkeypatch.setattr(estimators, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"scikit-learn.*identigraph\[learn\]"):
        SelfTrained(MODEL).taught(COMPARED, TRUTH)
    assert scores(SelfTrained.from_dict(TAUGHT.to_dict())) == scores(TAUGHT)
    assert scores(SelfTrained(MODEL)) == scores(SelfTrained().fit(COMPARED, population=PEOPLE))


def test_reprs_hold_counts_only() -> None:
    assert repr(SelfTrained()) == "SelfTrained()"
    assert "learned=<Learned: " in repr(TAUGHT)


def test_a_classifier_of_no_patterns_is_asked_nothing() -> None:
    assert isinstance(TAUGHT.learned, Learned)
    assert TAUGHT.learned.log2_odds(np.zeros(0, dtype=np.int64)).tolist() == []
